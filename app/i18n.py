"""The kit's own words in each of its languages, and dates and periods as people here write them.

The catalogues are gettext files that are read as they are: a message is named by a key, and each language, English
too, has its own text for it. `languages` says which languages there are, and where all that belongs to one stands.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from datetime import time as time_of_day
from functools import cache, lru_cache
from typing import Any

from . import languages, paths
from .domain.countries import time_zone
from .domain.dates import DateWords
from .languages import LANGUAGES as LANGUAGES
from .period import Period


def say(language: str, key: str, young: bool = False, /, **values: object) -> str:
    """The text with this key, with `{names}` filled in; `young` where a child or teenager reads (je, tu).

    Raises:
        KeyError: when the key, or a value that the text needs, is missing. That is a fault of ours, never of a person.
    """
    text = catalogue(language, young)[key]
    return text.format(**values) if values or "{" in text else text


def speaker(language: str, young: bool = False) -> Callable[..., str]:
    """What says the text with a key in one language, to the young or to adults."""
    return lambda key, /, **values: say(language, key, young, **values)


def catalogue(language: str, young: bool = False) -> dict[str, str]:
    """All texts of a language, by key; for the young their own words stand over those for adults."""
    return _catalogue(language, young)  # the cache would take one way of calling for another text than the other


@cache
def _catalogue(language: str, young: bool) -> dict[str, str]:
    return _domain(language, "messages") | (_domain(language, "child") if young else {})


@cache
def _domain(language: str, name: str) -> dict[str, str]:
    texts = dict(languages.read_catalogue(paths.TRANSLATIONS / language / f"{name}.po"))
    texts.pop("")  # the head of the file
    return texts


def local(moment: datetime, country: str) -> datetime:
    """A moment on the clock of a country (ISO 3166)."""
    return moment.astimezone(time_zone(country))


def day(moment: datetime | date, country: str, language: str) -> str:
    """A date as in `21 november 2026`."""
    return _day(local(moment, country).date() if isinstance(moment, datetime) else moment, language)


@lru_cache(maxsize=1000)
def _day(when: date, language: str) -> str:
    number = say(language, "date.first") if when.day == 1 else str(when.day)
    return say(language, "date.day", day=number, month=say(language, f"date.month.{when.month}"), year=when.year)


def month(moment: datetime, country: str, language: str) -> str:
    """A month as in `november 2026`."""
    when = local(moment, country)
    return f"{say(language, f'date.month.{when.month}')} {when.year}"


def time(moment: datetime, country: str, language: str) -> str:
    """A time of day as in `14:32`."""
    return _time(local(moment, country).time().replace(second=0, microsecond=0), language)


@lru_cache(maxsize=5000)
def _time(when: time_of_day, language: str) -> str:
    return say(language, "date.time", hour=f"{when:%H}", minute=f"{when:%M}")


def day_and_time(moment: datetime, country: str, language: str) -> str:
    """A date with its time as in `21 november 2026 om 14:32`."""
    return say(language, "date.with_time", date=day(moment, country, language), time=time(moment, country, language))


def speaking(language: str, country: str, young: bool = False) -> dict[str, Any]:
    """What a template needs to speak a language on the clock of a country (ISO 3166), to the young or to adults."""
    return {
        "t": speaker(language, young),
        "day": lambda moment: day(moment, country, language),
        "month": lambda moment: month(moment, country, language),
        "time": lambda moment: time(moment, country, language),
        "day_and_time": lambda moment: day_and_time(moment, country, language),
    }


@cache
def period(length: Period, language: str) -> str:
    """A period as in `2 jaar`."""
    form = languages.plural_rule(paths.TRANSLATIONS, language)[1](length.count)
    count = f"{length.count:,}".replace(",", say(language, "language.thousands"))
    return say(language, f"period.{length.unit}.{form}", count=count)


def minutes(seconds: int, language: str) -> str:
    """A waiting time as in `3 minutes`, rounded up."""
    return period(Period(max(1, -(-seconds // 60)), "minute"), language)


@cache
def _territories(language: str) -> dict[str, str]:
    from babel import Locale  # notices name countries, and are made where definitions are read

    return dict(Locale.parse(say(language, "language.region")).territories)


def country(code: str, language: str) -> str:
    """The name of a country (ISO 3166), or the code where there is no name."""
    return str(_territories(language).get(code, code))


def language_name(code: str) -> str:
    """What a language calls itself."""
    return say(code, "language.name")


@cache
def date_words(language: str) -> DateWords:
    """How people may write a date: in the words of every language, and where two differ in those of the page's own."""
    months: dict[str, int] = {}
    for each in (language, *LANGUAGES):
        for number in range(1, 13):
            typed = say(each, f"date.month.{number}.typed").split()
            for name in (say(each, f"date.month.{number}"), *typed):
                months.setdefault(name.lower(), number)
    plain = {unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode(): months[name] for name in months}
    return DateWords(plain | months, _typed_words("date.ordinals.typed"), _typed_words("date.beside.typed"))


def _typed_words(key: str) -> frozenset[str]:
    return frozenset(word for language in LANGUAGES for word in say(language, key).split())


def primary(tag: str) -> str:
    """The language of a tag as `nl-BE` (BCP 47), however it is written: `NL_be` too."""
    return re.split("[-_]", tag, maxsplit=1)[0].lower()


def best(header: str, offered: tuple[str, ...]) -> str:
    """Of the languages on offer, the one that an `Accept-Language` header likes most; the first where it likes none."""
    wishes = []
    for order, part in enumerate(header[:500].split(",")):
        tag, _, quality = part.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=")) if quality else 1.0
        except ValueError:
            weight = 0.0
        wishes.append((-weight, order, primary(tag.strip())))
    return next((tag for weight, _, tag in sorted(wishes) if tag in offered and weight < 0), offered[0])
