"""One code of the linter: what it means, why it is a fault, and how to write it instead."""

from dataclasses import dataclass
from textwrap import dedent
from typing import Literal, TypeAlias, get_args

Severity: TypeAlias = Literal["error", "answer", "warning"]
"""What a finding does to the form.

error: it follows from the structure of the file or from arithmetic, and keeps the form from being served.
answer: it rests on reading words, which a person has to judge; the form is not served until it is mended, or `accept`
says why it is in order. warning: readability, style, and what the law allows and asks care for; the form is served.
"""

LEVELS: tuple[Severity, ...] = get_args(Severity)
"""All of them, the gravest first."""

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
