"""From which age children decide for themselves, by country, kind of service and day, and what a date of birth means.

Online, that is for an information-society service, it is the age of digital consent (GDPR art. 8). Offline that article
does not apply, and what counts is the law of each country: as a rule its age of majority.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from .consent import Audience
from .dates import DateWords, NoDate, is_year, of_parts, typed_part

Service: TypeAlias = Literal["online", "offline"]
"""What a form is for: an information-society service offered to a child (GDPR art. 8), or anything else."""

ADULT_AT = 18
OLDEST = 120
"""Years; who gives an older date has probably mistyped the year."""

_GDPR = date(2018, 5, 25)
_DEFAULT: dict[Service, int] = {"online": 16, "offline": ADULT_AT}
"""What counts for a country that is not in the table: what the regulation says itself (GDPR art. 8(1)), or majority."""


@dataclass(frozen=True)
class Threshold:
    """From that day on children decide for themselves from this age (whole years). `source` is the national rule."""

    country: str
    age: int
    source: str
    since: date = _GDPR


THRESHOLDS = (
    Threshold("AT", 14, "Datenschutzgesetz § 4(4)"),
    Threshold("BE", 13, "Act of 30 July 2018, art. 7"),
    Threshold("BG", 14, "Personal Data Protection Act, art. 25c"),
    Threshold("CY", 14, "Law 125(I)/2018, s. 8"),
    Threshold("CZ", 15, "Act 110/2019, § 7"),
    Threshold("DE", 16, "no national rule"),
    Threshold("DK", 13, "databeskyttelsesloven § 6, until 2023"),
    Threshold("DK", 15, "databeskyttelsesloven § 6", date(2024, 1, 1)),
    Threshold("EE", 13, "Personal Data Protection Act § 8"),
    Threshold("ES", 14, "Ley Orgánica 3/2018, art. 7"),
    Threshold("FI", 13, "Act 1050/2018 § 5"),
    Threshold("FR", 15, "loi Informatique et Libertés, art. 45"),
    Threshold("GB", 13, "UK GDPR art. 8, Data Protection Act 2018 s. 9"),
    Threshold("GR", 15, "Law 4624/2019, art. 21"),
    Threshold("HR", 16, "no national rule"),
    Threshold("HU", 16, "no national rule"),
    Threshold("IE", 16, "Data Protection Act 2018, s. 31"),
    Threshold("IS", 13, "Act 90/2018, art. 10"),
    Threshold("IT", 14, "Codice privacy, art. 2-quinquies"),
    Threshold("LI", 16, "no national rule"),
    Threshold("LT", 14, "Law on Legal Protection of Personal Data, art. 6"),
    Threshold("LU", 16, "no national rule"),
    Threshold("LV", 13, "Personal Data Processing Law, s. 33"),
    Threshold("MT", 13, "Subsidiary Legislation 586.11"),
    Threshold("NL", 16, "no lower age: UAVG art. 5"),
    Threshold("NO", 13, "personopplysningsloven § 5"),
    Threshold("PL", 16, "no national rule"),
    Threshold("PT", 13, "Lei 58/2019, art. 16"),
    Threshold("RO", 16, "no national rule"),
    Threshold("SE", 13, "Act 2018:218, 2:4"),
    Threshold("SI", 16, "no national rule, until 2023"),
    Threshold("SI", 15, "ZVOP-2, art. 8", date(2023, 1, 26)),
    Threshold("SK", 16, "Act 18/2018, § 15"),
)
"""Online. Of two lines for one country the later one counts from its day. Switzerland has no fixed age and no line."""

OFFLINE_THRESHOLDS = (
    Threshold("ES", 14, "Ley Orgánica 3/2018, art. 7, which is not limited to online services", date(2018, 12, 7)),
    Threshold("NL", 16, "UAVG art. 5, for every consent where GDPR art. 8 does not apply"),
)
"""Offline: the countries whose law gives an age for any consent. Elsewhere discernment decides, or nothing is settled:
18 is the age at which nobody else has to agree any more."""

_TABLES: dict[Service, tuple[Threshold, ...]] = {"online": THRESHOLDS, "offline": OFFLINE_THRESHOLDS}


def threshold(country: str, service: Service, on: date) -> int:
    """The age in a country (ISO 3166) on a day; 16 online and 18 offline where the table does not know the country."""
    known = [line for line in _TABLES[service] if line.country == country and line.since <= on]
    return max(known, key=lambda line: line.since).age if known else _DEFAULT[service]


def strictest(countries: Iterable[str], service: Service, on: date) -> int:
    """The highest age of these countries: a form that is met in several keeps to all of them (EDPB 05/2020 §131)."""
    return max((threshold(country, service, on) for country in countries), default=_DEFAULT[service])


def that_counts(countries: Iterable[str], explicit: int | None, service: Service, on: date) -> int:
    """The age that counts for a form: what its countries ask, or a higher one that the form asks for itself."""
    return max(strictest(countries, service, on), explicit or 0)


JOINT = frozenset({"FR"})
"""Countries where below the age a child says yes beside its parent, online (loi Informatique et Libertés, art. 45)."""


class BirthProblem(Exception):
    """A date of birth cannot be used: `part` is the field to put right, `key` names the sentence that says how."""

    def __init__(self, part: str, key: str) -> None:
        super().__init__(key)
        self.part = part
        self.key = key


def read_birth_date(typed: Mapping[str, str], words: DateWords, today: date) -> date:
    """The date in three fields, as people write it: the month as a figure or as a word.

    A whole date in one of the fields is read too, where the others are empty.

    Args:
        typed: by field: `birth_day`, `birth_month`, `birth_year`.
        words: how dates are written.

    Raises:
        BirthProblem: when it is no date of birth.
    """
    parts = {name: typed_part(typed.get(name, "")) for name in _PARTS}
    missing = [name for name in _PARTS if not parts[name]]
    if missing:
        whole = words.parts(" ".join(parts.values()))
        if len(whole) != len(_PARTS):
            raise BirthProblem(missing[0], f"error.birth.{_PARTS[missing[0]]}" if len(missing) == 1 else _ALL_MISSING)
        parts = dict(zip(_PARTS, whole, strict=True))
    if not is_year(parts["birth_year"]):
        raise BirthProblem("birth_year", "error.birth.year_digits")
    try:
        born = of_parts(words, *parts.values())
    except NoDate as problem:
        raise BirthProblem(*_NO_DATE.get(problem.fault, ("birth_day", "error.birth.not_a_date"))) from None
    _check_year(born, today, "birth_year")
    return born


def read_childs_month(typed: Mapping[str, str], words: DateWords, today: date, age: int) -> date:
    """The first day of the month in which a child reaches the age to decide (years), from its month of birth.

    Args:
        typed: by field: `child_birth_month`, `child_birth_year`.
        words: how dates are written.

    Raises:
        BirthProblem: when it is no month of birth, or when this month or an earlier one is the one in which it
            reaches the age: without the day nobody can tell, and whoever may decide is asked, and not a parent.
    """
    parts = {part: typed_part(typed.get(part, "")) for part in _OF_CHILD}
    missing = [name for name in _OF_CHILD if not parts[name]]
    if missing:
        key = _OF_CHILD[missing[0]] if len(missing) == 1 else "error.child_birth.missing"
        raise BirthProblem(missing[0], key)
    month, year = words.month(parts["child_birth_month"]), parts["child_birth_year"]
    if month is None:
        raise BirthProblem("child_birth_month", "error.child_birth.month")
    if not is_year(year):
        raise BirthProblem("child_birth_year", "error.birth.year_digits")
    born = date(int(year), month, 1)
    _check_year(born, today, "child_birth_year")
    decides = _birthday(born, age)
    if decides <= today:
        raise BirthProblem("child_birth_year", "error.child_birth.decides")
    return decides


def _check_year(born: date, today: date, part: str) -> None:
    if born > today:
        raise BirthProblem(part, "error.birth.future")
    if today.year - born.year > OLDEST:
        raise BirthProblem(part, "error.birth.too_old")


_OF_CHILD = {"child_birth_month": "error.birth.month_missing", "child_birth_year": "error.birth.year_missing"}
_PARTS = {"birth_day": "day_missing", "birth_month": "month_missing", "birth_year": "year_missing"}
_ALL_MISSING = "error.birth.missing"
_NO_DATE = {"month": ("birth_month", "error.birth.no_month"), "day": ("birth_day", "error.birth.no_day")}


@dataclass(frozen=True)
class Verdict:
    """Who reads on, and for a child the first day of the month in which it reaches the age: nothing else is kept."""

    audience: Audience
    decides_from: date | None = None


def verdict(born: date, today: date, age: int) -> Verdict:
    """What follows from a date of birth where children decide for themselves from this age (years)."""
    decides = _birthday(born, age)
    if today < decides:
        return Verdict(Audience.CHILD, decides.replace(day=1))
    return Verdict(Audience.TEEN if today < _birthday(born, ADULT_AT) else Audience.ADULT)


def _birthday(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # 29 February: in other years the birthday is the day after the 28th
        return date(born.year + years, 3, 1)
