"""The faults of one file while it is being checked, each with its position."""

from dataclasses import dataclass, field

from ..codes import CODES
from ..codes.record import Severity

LEVEL_WORDS: dict[Severity, str] = {"error": "", "answer": "to be answered: ", "warning": "warning: "}
"""What stands before the message of a finding of each level."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Where something stands in a file: line and column, both counted from 1."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong, at a position that is counted from 1. Faults sort by file, line and column.

    `place` is where it stands among the keys of the file, as `at` under `accept` names it; nothing where it concerns
    the file as a whole.
    """

    path: str
    line: int
    column: int
    code: str
    message: str
    place: str = ""

    @property
    def level(self) -> Severity:
        """What it does to the form."""
        return CODES[self.code].severity

    @property
    def is_warning(self) -> bool:
        """Whether the form is served all the same."""
        return self.level == "warning"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column} {self.code} {LEVEL_WORDS[self.level]}{self.message}"


@dataclass(frozen=True)
class Accepted:
    """A finding that its file answers, with the reason."""

    fault: Fault
    because: str


@dataclass
class Report:
    """The faults of one file while it is being checked, and those that the file answers."""

    path: str
    faults: list[Fault] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)
    reported: set[Position] = field(default_factory=set)
    """Values that have their fault already, so that a second one would only repeat it."""

    def add(self, code: str, position: Position, message: str, *, is_final: bool = False) -> None:
        """Note a fault. With `is_final`, `add_unless_reported` adds nothing more about this value."""
        self.faults.append(Fault(self.path, position.line, position.column, code, message))
        if is_final:
            self.reported.add(position)

    def add_unless_reported(self, code: str, position: Position, message: str) -> None:
        """Note a fault of a value, unless an earlier fault has said all there is to say about it."""
        if position not in self.reported:
            self.add(code, position, message)

    @property
    def has_errors(self) -> bool:
        """Whether one of the faults is more than a warning."""
        return any(not fault.is_warning for fault in self.faults)


def quote(value: object, longest: int = 40) -> str:
    """A value as a message may repeat it: short, and without characters that a terminal would act upon."""
    text = value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    clean = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[: longest + 1])
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"
