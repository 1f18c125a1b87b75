"""What can be wrong with a definition: one record for each code of the linter.

A code keeps its meaning for ever, because files answer to it in `accept`. AK230 is used up: it refused children before
there was a gate for them. So is AK328, which asked the words for children for a period that the page tells them.
"""

from . import children, context, file, law, parties, shape, wording
from .record import Code

_GROUPS = (file.CODES, shape.CODES, law.CODES, children.CODES, wording.CODES, context.CODES, parties.CODES)

CODES: dict[str, Code] = dict(sorted(entry for group in _GROUPS for entry in group.items()))
"""Every code with its record, in the order of the codes."""

WARNINGS = frozenset(code for code, record in CODES.items() if record.severity == "warning")
"""Codes that do not keep a form from being served."""

TO_ANSWER = frozenset(code for code, record in CODES.items() if record.severity == "answer")
"""Codes that keep a form from being served until they are mended, or answered with `accept`: they rest on words."""

ACCEPTABLE = frozenset(code for code in WARNINGS if code > "AK300") | TO_ANSWER
"""What a file may answer with `accept`."""
