"""One rule of wording: which concepts must meet, how near to each other, and what excuses them."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

Within: TypeAlias = Literal["clause", "sentence", "neighbours", "text"]
"""How near concepts must be: in one clause, in one sentence, in two sentences that follow each other, in one text."""

Kind: TypeAlias = Literal[
    "form", "label", "option", "purpose", "told", "also", "use", "risk", "logic", "consequences", "because", "statement"
]
"""What a text is. `form` is title and introduction, `purpose` title and text of what is asked, `told` of the rest."""

ASKED: tuple[Kind, ...] = ("form", "label", "option", "purpose", "statement", "use", "because", "risk", "also")
"""What a rule reads where it does not say: all but what is told, and how a computer decides."""

PROSE: tuple[Kind, ...] = ("form", "purpose", "statement", "use", "because", "risk", "also")
"""All sentences of what is asked: no labels and no answers, in which a no may be said."""

TOLD_TOO: tuple[Kind, ...] = (*PROSE, "told")
"""The same, and what is told: what nobody may say of any basis."""


@dataclass(frozen=True)
class Slot:
    """One place of a rule: any of these concepts; denied, not denied, or either where `denied` is None."""

    concepts: frozenset[str]
    denied: bool | None


@dataclass(frozen=True)
class Rule:
    """A construction that no consent may be asked with.

    `meets` names concepts, one after the other: `a|b` is one of two, `!a` is denied, `?a` is denied or not, and any
    other is not denied. All of them must stand `within` the same stretch, in any order unless `in_order` says so, and
    with `distinct` no concept counts twice.
    `unless` names, likewise, what excuses the whole stretch: one of them is enough. `unless_titled` names what excuses
    it in the title of what is offered, which then is just that. `who` is who reads.
    `wrong` and `right` are sentences by language, each of which is tried by a test.
    """

    code: str
    name: str
    meets: str
    wrong: dict[str, tuple[str, ...]]
    right: dict[str, tuple[str, ...]]
    within: Within = "sentence"
    in_order: bool = False
    distinct: bool = False
    unless: str = ""
    unless_titled: str = ""
    reads: tuple[Kind, ...] = ASKED
    who: Literal["all", "adults", "children"] = "all"
    slots: tuple[Slot, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Read `meets` once."""
        object.__setattr__(self, "slots", _slots(self.meets))

    @cached_property
    def excuses(self) -> tuple[Slot, ...]:
        """What excuses it."""
        return _slots(self.unless)

    @cached_property
    def titles(self) -> frozenset[str]:
        """What in a title excuses it."""
        return frozenset(self.unless_titled.split())

    @property
    def concepts(self) -> frozenset[str]:
        """Every concept that it names."""
        return self.titles.union(*(slot.concepts for slot in (*self.slots, *self.excuses)))


def _slots(written: str) -> tuple[Slot, ...]:
    return tuple(
        Slot(frozenset(word.lstrip("!?").split("|")), None if word[0] == "?" else word[0] == "!")
        for word in written.split()
    )
