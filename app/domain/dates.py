"""The words of a language that people write a date with, as the catalogues give them to whatever reads one."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class DateWords:
    """Names of months in small letters, with their numbers, and words for the first day of a month, as `1er`."""

    months: Mapping[str, int]
    firsts: frozenset[str]

    def day(self, written: str) -> str:
        """A day in figures, where it is a word for the first."""
        return "1" if written in self.firsts else written

    def month(self, written: str) -> str:
        """A month in figures, where it is the name of one."""
        return str(self.months.get(written, written))
