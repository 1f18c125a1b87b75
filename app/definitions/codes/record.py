"""One code of the linter: what it means, why it is a fault, and how to write it instead."""

from dataclasses import dataclass
from textwrap import dedent
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning", "answer"]
"""error: the form is not served. warning: it is. answer: it is not served until it is mended, or `accept` says why."""

Where: TypeAlias = Literal["form", "purpose", "field", "controller", "folder", "command"]
"""What an example is a part of: a file, an entry of a form, the files of a forms folder, or what somebody types."""


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of fault. `law` names article, recital or guideline, empty where the format of the file asks for it.

    An example is a fragment. `# no keep` in one says that the key is absent, `# and 20 more` that its line goes on,
    `<U+202E>` stands for a character that nobody sees, and `# controller.yaml: …` for a line of that file.
    """

    title: str
    why: str
    wrong: str
    right: str
    where: Where = "purpose"
    law: str = ""
    severity: Severity = "error"

    def __post_init__(self) -> None:
        """Take out the indentation of the Python source."""
        object.__setattr__(self, "why", " ".join(self.why.split()))
        object.__setattr__(self, "wrong", dedent(self.wrong).strip("\n"))
        object.__setattr__(self, "right", dedent(self.right).strip("\n"))

    @property
    def meaning(self) -> str:
        """What the code is about, in one line, with the source of the rule."""
        return f"{self.title} ({self.law})" if self.law else self.title
