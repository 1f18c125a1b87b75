"""How people write a period in a text: `2 jaar`, `deux ans`, `six months`, and whether a text tells a given one."""

import re

from ... import i18n
from ...period import Period
from ..schema.validators import UNTIL_WITHDRAWN

_NUMBERS = {
    "nl": "een|één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien"
    " achttien negentien twintig",
    "fr": "un|une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept"
    " dix-huit dix-neuf vingt",
    "en": "one|a two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty",
}
_TENS = {
    "nl": {24: "vierentwintig", 30: "dertig", 36: "zesendertig", 60: "zestig", 90: "negentig"},
    "fr": {24: "vingt-quatre", 30: "trente", 36: "trente-six", 60: "soixante", 90: "quatre-vingt-dix"},
    "en": {24: "twenty-four", 30: "thirty", 36: "thirty-six", 60: "sixty", 90: "ninety"},
}
_UNITS = {
    "nl": {"day": "dag|dagen", "week": "week|weken", "month": "maand|maanden", "year": "jaar|jaren"},
    "fr": {"day": "jour|jours", "week": "semaine|semaines", "month": "mois", "year": "an|ans|année|années"},
    "en": {"day": "day|days", "week": "week|weeks", "month": "month|months", "year": "year|years"},
}
_IDIOMS = {
    "nl": {6: "half jaar|halfjaar", 18: "anderhalf jaar"},
    "fr": {6: "une demi-année|un semestre", 18: "un an et demi"},
    "en": {6: "half a year", 18: "a year and a half"},
}
"""Words for a number of months."""

_UNTIL = {"nl": "tot", "fr": "jusqu'", "en": "until|till"}
_EXAMPLES = {
    "nl": ("Na {period} gooien we bijna alles weg.", "We bewaren het tot je stop zegt."),
    "fr": ("Après {period}, nous jetons presque tout.", "Nous le gardons jusqu’à ce que tu dises stop."),
    "en": ("After {period} we throw away almost all of it.", "We keep it until you say stop."),
}


def tells_period(text: str, keep: str, language: str) -> bool:
    """Whether a text (as `phrases.normal` writes it) tells this `keep`, in figures or words and in any equal unit."""
    if keep == UNTIL_WITHDRAWN:
        return _has(text, _UNTIL[language])
    try:
        period = Period.parse(keep)
    except ValueError:
        return True  # no period; the fault is where it stands
    equal = _equal(period)
    told = [f"(?:{_number(count, language)}) (?:{_UNITS[language][unit]})" for count, unit in equal]
    told += [_IDIOMS[language][count] for count, unit in equal if unit == "month" and count in _IDIOMS[language]]
    return _has(text, "|".join(told))


def tells_number(text: str, number: int, language: str) -> bool:
    """Whether a text (as `phrases.normal` writes it) tells this number."""
    return _has(text, _number(number, language))


def example(keep: str, language: str) -> str:
    """A sentence for children that tells this `keep`."""
    limited, open_end = _EXAMPLES[language]
    if keep == UNTIL_WITHDRAWN:
        return open_end
    return limited.format(period=i18n.period(Period.parse(keep), language))


def _equal(period: Period) -> list[tuple[int, str]]:
    """The period in each unit that comes to exactly the same."""
    count, unit = period.count, period.unit
    found = [(count, unit)]
    for small, factor, large in (("month", 12, "year"), ("day", 7, "week")):
        if unit == large:
            found.append((count * factor, small))
        elif unit == small and count % factor == 0:
            found.append((count // factor, large))
    return [(count, unit) for count, unit in found if unit in ("day", "week", "month", "year")]


def _number(count: int, language: str) -> str:
    listed = _NUMBERS[language].split()
    word = listed[count - 1] if count <= len(listed) else _TENS[language].get(count)
    return f"{count}|{word}" if word else str(count)


def _has(text: str, pattern: str) -> bool:
    return re.search(f"(?<![^ ])(?:{pattern})(?![^ ])", text) is not None
