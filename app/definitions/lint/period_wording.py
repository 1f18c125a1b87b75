"""How people write a period in a text: `2 jaar`, `deux ans`, `six months`, and whether a text tells a given one."""

import re

from ... import i18n
from ...languages import load
from ...period import Period
from ..schema.validators import UNTIL_WITHDRAWN


def tells_period(text: str, keep: str, language: str) -> bool:
    """Whether a text (as `phrases.normal` writes it) tells this `keep`, in figures or words and in any equal unit."""
    if keep == UNTIL_WITHDRAWN:
        return _has(text, load(language).words.until)
    try:
        period = Period.parse(keep)
    except ValueError:
        return True  # not a period: AK217 reports it
    equal = _equal(period)
    known = load(language).words
    units = vars(known.units)
    told = [f"(?:{_number(count, language)}) (?:{units[unit]})" for count, unit in equal]
    told += [known.idioms[count] for count, unit in equal if unit == "month" and count in known.idioms]
    return _has(text, "|".join(told))


def tells_number(text: str, number: int, language: str) -> bool:
    """Whether a text (as `phrases.normal` writes it) tells this number."""
    return _has(text, _number(number, language))


def example(keep: str, language: str) -> str:
    """A sentence for children that tells this `keep`."""
    examples = load(language).words.examples
    if keep == UNTIL_WITHDRAWN:
        return examples.keep_open
    return examples.keep_period.format(period=i18n.period(Period.parse(keep), language))


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
    numbers = load(language).words.numbers
    word = numbers.from_one[count - 1] if count <= len(numbers.from_one) else numbers.later.get(count)
    return f"{count}|{word}" if word else str(count)


def _has(text: str, pattern: str) -> bool:
    return re.search(f"(?<![^ ])(?:{pattern})(?![^ ])", text) is not None
