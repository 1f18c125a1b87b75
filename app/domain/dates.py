"""Dates as people write them: in figures or with the month as a word, in any of the kit's languages."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from .typed_text import figures, without_blank_ends

_BETWEEN = re.compile(r"[\s./,'\u2019-]+")
_DAY = re.compile(r"([0-9]{1,2})°?([^\W\d_]*)")
_SHORTEST = 3
"""Letters that are needed of the name of a month: `jui` is two months in French, and no month at all here."""

Fault: TypeAlias = Literal["shape", "day", "month", "year", "no_such_day"]


class NoDate(Exception):
    """What was typed is no date. `fault` is the part to put right; `shape`: it has not three parts."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault: Fault = fault


@dataclass(frozen=True)
class DateWords:
    """The words that people write a date with, all in small letters and without dots.

    `months` are the names of months, whole and cut short, with their numbers. `ordinals` follow the figure of a day,
    as in `1er` or `27th`. `beside` are words that say nothing more: articles, and the days of the week.
    """

    months: Mapping[str, int]
    ordinals: frozenset[str]
    beside: frozenset[str]

    def day(self, written: str) -> int | None:
        """The day of a month, or None where it is none."""
        found = _DAY.fullmatch(written)
        if found is None or (found[2] and found[2] not in self.ordinals):
            return None
        return number if 1 <= (number := int(found[1])) <= 31 else None

    def month(self, written: str) -> int | None:
        """The number of a month that is written as a figure or as a word, or None where it is none."""
        if re.fullmatch("[0-9]{1,2}", written):
            return number if 1 <= (number := int(written)) <= 12 else None
        return self._named(written)

    def _named(self, written: str) -> int | None:
        for name in (written, _plain(written)):
            if name in self.months:
                return self.months[name]
            meant = {number for month, number in self.months.items() if month.startswith(name)}
            if len(name) >= _SHORTEST and len(meant) == 1:
                return meant.pop()
        return None

    def parts(self, typed: str) -> list[str]:
        """What a date is made of, in the order day, month, year where there are three parts of it."""
        found = [part for part in _BETWEEN.split(typed_part(typed)) if part and part not in self.beside]
        if len(found) == 3:
            if re.fullmatch("[0-9]{4}", found[0]):
                found.reverse()
            if self._named(found[0]) and not self._named(found[1]):
                found[:2] = found[1::-1]
        return found


def typed_part(typed: str) -> str:
    """A part of a date, in figures of ASCII and small letters, without what stands around it."""
    return without_blank_ends(figures(typed).lower()).strip(" .,")


def read_date(typed: str, words: DateWords) -> date:
    """The date that somebody typed into one field.

    Raises:
        NoDate: when it is none. A year of two figures is none either: nobody can tell its century.
    """
    parts = words.parts(typed)
    if len(parts) != 3:
        raise NoDate("shape")
    return of_parts(words, *parts)


def of_parts(words: DateWords, day: str, month: str, year: str) -> date:
    """The date of three parts, each as `typed_part` leaves it. Raises like `read_date`."""
    in_month, in_year = words.day(day), words.month(month)
    if in_year is None:
        raise NoDate("month")
    if in_month is None:
        raise NoDate("day")
    if not is_year(year):
        raise NoDate("year")
    try:
        return date(int(year), in_year, in_month)
    except ValueError:
        raise NoDate("no_such_day") from None


def is_year(written: str) -> bool:
    """Whether this is a year in four figures."""
    return re.fullmatch("[0-9]{4}", written) is not None and written != "0000"


def _plain(word: str) -> str:
    """The word without its accents, as many people type it."""
    return unicodedata.normalize("NFD", word).encode("ascii", "ignore").decode()
