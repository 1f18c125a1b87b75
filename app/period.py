"""Periods of time as people write them ("2 years", "30 days"), and the calendar arithmetic that follows from them."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta

UNITS = ("second", "minute", "hour", "day", "week", "month", "year")
_WRITTEN = re.compile(rf"([1-9][0-9]{{0,4}}) ({'|'.join(UNITS)})s?")
_CLOCK_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}


@dataclass(frozen=True)
class Period:
    """A number of calendar units, such as 6 months. `unit` is one of `UNITS`, in the singular."""

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read a period such as `2 years` or `1 day`.

        Raises:
            ValueError: when the text is not a whole number from 1 to 99999 and a unit.
        """
        match = _WRITTEN.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"write a number and a unit, such as 2 years, 6 months or 30 days, not {text[:40]!r}")
        return cls(int(match[1]), match[2])

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"

    @property
    def delta(self) -> timedelta:
        """The period as clock time. Raises ValueError for months and years, whose length depends on the calendar."""
        if self.unit not in _CLOCK_SECONDS:
            raise ValueError(f"{self} has no fixed length")
        return timedelta(seconds=self.count * _CLOCK_SECONDS[self.unit])

    def after(self, moment: datetime) -> datetime:
        """The moment this period later. The 31st becomes the last day of a shorter month."""
        if self.unit in _CLOCK_SECONDS:
            return moment + self.delta
        months = moment.year * 12 + moment.month - 1 + self.count * (12 if self.unit == "year" else 1)
        year, month = divmod(months, 12)
        day = min(moment.day, monthrange(year, month + 1)[1])
        return moment.replace(year=year, month=month + 1, day=day)
