"""Postal addresses as people in Belgium, the Netherlands, Luxembourg and France write them, in a line or in parts."""

import re

_SEPARATORS = re.compile(r"\s*(?:[\n,;|\u2022]|\s[-/]\s)\s*")
_COUNTRY_SIGN = re.compile(r"\b(BE?|FR?|LU?|NL|DE?)\s*-\s*(?=[0-9]{4,5}\b)", re.IGNORECASE)
_POSTCODE = r"(?:(?:BE?|FR?|LU?|NL|DE?)[- ])?(?:[0-9]{5}|[1-9][0-9]{3}(?: ?[A-Z]{2}\b)?)"
"""Five figures in France and Germany; four elsewhere, which two letters follow in the Netherlands."""
_POSTCODE_ALONE = re.compile(_POSTCODE, re.IGNORECASE)
_BEFORE_TOWN = re.compile(rf"\b{_POSTCODE}(?= [^\W\d_])", re.IGNORECASE)
_AFTER_TOWN = re.compile(rf".*[0-9].*[^\W\d_] {_POSTCODE}", re.IGNORECASE)
_DUTCH = re.compile(r"\b([1-9][0-9]{3})([A-Z]{2})\b", re.IGNORECASE)
"""Letters that stand apart may be those of a town, as in `8660 De Panne`."""
_NUMBER = re.compile(r"(?:n[o°r]\.? ?)?[0-9]{1,4} ?(?:[A-Z]|bis|ter|quater)?", re.IGNORECASE)
_BOX = re.compile(r"(?:bus|bo[iî]te|bte|box|appt?|apt|appartement|apartment)\.? ?\w+", re.IGNORECASE)


class NoPostalAddress(Exception):
    """No letter would arrive: a street, a postcode or a town is missing."""


def read_postal_address(text: str) -> str:
    """The lines of an address, the street before the postcode and the town, whatever stood between them.

    Addresses of other countries are taken as they are, where they have two lines and a number.

    Raises:
        NoPostalAddress: when a part is missing.
    """
    lines = [line for line in _SEPARATORS.split(_COUNTRY_SIGN.sub(_with_hyphen, text)) if line]
    written = "\n".join(_apart(_joined([_DUTCH.sub(_dutch, line) for line in lines])))
    parts = written.split("\n")
    is_whole = len(parts) > 1 or _AFTER_TOWN.fullmatch(written)
    lacks_town = len(parts) == 2 and any(map(_POSTCODE_ALONE.fullmatch, parts))
    if not is_whole or lacks_town or not re.search("[0-9]", written):
        raise NoPostalAddress
    return written


def _with_hyphen(found: re.Match[str]) -> str:
    return f"{found[1].upper()}-"


def _dutch(found: re.Match[str]) -> str:
    return f"{found[1]} {found[2].upper()}"


def _joined(lines: list[str]) -> list[str]:
    """House numbers and boxes on the line of their street, and a postcode on that of its town."""
    joined: list[str] = []
    for line in lines:
        before = joined[-1] if joined else ""
        is_begun = bool(_NUMBER.fullmatch(before) or (_POSTCODE_ALONE.fullmatch(before) and len(joined) > 1))
        belongs = bool(_NUMBER.fullmatch(line) or _BOX.fullmatch(line)) and not _POSTCODE_ALONE.fullmatch(line)
        if before and (is_begun or belongs):
            joined[-1] = f"{before} {line}"
        else:
            joined.append(line)
    return joined


def _apart(lines: list[str]) -> list[str]:
    """The last postcode and its town on a line of their own, where no postcode begins a line."""
    if any(_BEFORE_TOWN.match(line) for line in lines):
        return lines
    for at, line in reversed(list(enumerate(lines))):
        if towns := [found.start() for found in _BEFORE_TOWN.finditer(line)]:
            return [*lines[:at], line[: towns[-1]].rstrip(), line[towns[-1] :], *lines[at + 1 :]]
    return lines
