"""The parts of the manual that are made from the product.

Each stands between `<!-- generated: NAME -->` and `<!-- /generated -->`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests import lint_score
from tests.docs import codes, commands, countries, definition, settings
from tests.docs.pages import pages, read

COMMAND = "make docs"
PARTS: dict[str, Callable[[], str]] = {
    "controller": definition.controller,
    "form": definition.form,
    "field types": definition.field_types,
    "codes": codes.listed,
    "every code": codes.explained,
    "lint score": lint_score.table,
    "ages": countries.ages,
    "offline ages": countries.offline_ages,
    "authorities": countries.authorities,
    "calls": countries.calls,
    "settings": settings.table,
    "commands": commands.listed,
}
"""What makes each part."""

_PART = re.compile(r"<!-- generated: (?P<name>[^>]+) -->\n.*?<!-- /generated -->", re.DOTALL)


def renewed(text: str) -> str:
    """The text of a page with its parts made anew.

    Raises:
        KeyError: for a part that nothing makes.
    """
    return _PART.sub(
        lambda part: f"<!-- generated: {part['name']} -->\n\n{PARTS[part['name']]().strip()}\n\n<!-- /generated -->",
        text,
    )


def parts_in(texts: Iterable[str]) -> list[str]:
    """The names of the parts that stand in these texts."""
    return [part["name"] for text in texts for part in _PART.finditer(text)]


def stale() -> Sequence[Path]:
    """The pages of which a part is not as it would be made now."""
    return [page for page in pages() if renewed(read(page)) != read(page)]
