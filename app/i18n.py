"""The kit's own words in Dutch, French and English, and dates and periods as people here write them.

The catalogues are gettext files that are read as they are: a message is named by a key, and each language, English
too, has its own text for it.
"""

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from datetime import time as time_of_day
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.pofile import read_po
from babel.units import format_unit

from . import paths
from .domain.countries import time_zone
from .period import Period

LANGUAGES = ("nl", "fr", "en")
_REGIONS = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB"}

# Babel 2.18 has no Dutch names for these two units and would print its own key.
_DUTCH_UNITS = {"day": ("dag", "dagen"), "hour": ("uur", "uur")}


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
    path = paths.TRANSLATIONS / language / f"{name}.po"
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale=language) if message.id}


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_REGIONS[language])


def local(moment: datetime, country: str) -> datetime:
    """A moment on the clock of a country (ISO 3166)."""
    return moment.astimezone(time_zone(country))


def day(moment: datetime | date, country: str, language: str) -> str:
    """A date as in `21 november 2026`."""
    return _day(local(moment, country).date() if isinstance(moment, datetime) else moment, language)


@lru_cache(maxsize=1000)
def _day(when: date, language: str) -> str:
    text = format_date(when, "long", locale=_locale(language))
    return text.replace("1 ", "1er ", 1) if language == "fr" and when.day == 1 else text


def time(moment: datetime, country: str, language: str) -> str:
    """A time of day as in `14:32`."""
    return _time(local(moment, country).time().replace(second=0, microsecond=0), language)


@lru_cache(maxsize=5000)
def _time(when: time_of_day, language: str) -> str:
    return format_time(when, "short", locale=_locale(language))


def day_and_time(moment: datetime, country: str, language: str) -> str:
    """A date with its time as in `21 november 2026 om 14:32`."""
    return say(language, "date.with_time", date=day(moment, country, language), time=time(moment, country, language))


def speaking(language: str, country: str, young: bool = False) -> dict[str, Any]:
    """What a template needs to speak a language on the clock of a country (ISO 3166), to the young or to adults."""
    return {
        "t": speaker(language, young),
        "day": lambda moment: day(moment, country, language),
        "time": lambda moment: time(moment, country, language),
        "day_and_time": lambda moment: day_and_time(moment, country, language),
    }


@cache
def period(length: Period, language: str) -> str:
    """A period as in `2 jaar`."""
    if language == "nl" and length.unit in _DUTCH_UNITS:
        return f"{length.count} {_DUTCH_UNITS[length.unit][length.count != 1]}"
    return format_unit(length.count, f"duration-{length.unit}", "long", locale=_locale(language))


def minutes(seconds: int, language: str) -> str:
    """A waiting time as in `3 minutes`, rounded up."""
    return period(Period(max(1, -(-seconds // 60)), "minute"), language)


def country(code: str, language: str) -> str:
    """The name of a country (ISO 3166), or the code where there is no name."""
    return str(_locale(language).territories.get(code, code))


@cache
def language_name(code: str) -> str:
    """What a language calls itself."""
    return str(Locale.parse(code).get_display_name(code)).capitalize()


@cache
def months(language: str) -> dict[str, int]:
    """The names of the months, whole and cut short, with and without accents, in lower case without full stops."""
    names = _locale(language).months["format"]
    known = {
        str(name).lower().rstrip("."): number
        for width in ("wide", "abbreviated")
        for number, name in names[width].items()
    }
    plain = {unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode(): known[name] for name in known}
    return plain | known | {"sep": 9, "sept": 9}  # each language has one of the two, and people write both


def best(header: str, offered: tuple[str, ...]) -> str:
    """Of the languages on offer, the one that an `Accept-Language` header likes most; the first where it likes none."""
    wishes = []
    for order, part in enumerate(header[:500].split(",")):
        tag, _, quality = part.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=")) if quality else 1.0
        except ValueError:
            weight = 0.0
        wishes.append((-weight, order, tag.strip().lower().partition("-")[0]))
    return next((tag for weight, _, tag in sorted(wishes) if tag in offered and weight < 0), offered[0])
