"""Text as keyboards, telephones and clipboards send it, with each sign read for the one that was meant."""

import re
import unicodedata
from collections.abc import Callable

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"), "-")
_LIGATURES = frozenset(map(chr, range(0xFB00, 0xFB07)))
_APOSTROPHES = dict.fromkeys(map(ord, "`\u00b4\u2018\u201b\u2032\u02b9\uff07"), "\u2019")
"""Signs that keyboards offer beside the apostrophe. Letters that look like one (U+02BB, U+02BC) are none of them."""
_TAGS = range(0xE0000, 0xE0080)
"""Invisible, and yet the end of a flag: taken off, it would leave another picture."""
_TURNS_AROUND = "\u202e"
"""Taken off, it would leave another text than the one that was seen: `321` was read as `123`."""
_FIGURE_SIGNS = {
    **_DASHES,
    **dict.fromkeys(map(ord, "\u30fc\u02d7"), "-"),
    **dict.fromkeys(map(ord, "\u3002\u00b7\u2022\u2219\u30fb\u06d4"), "."),
    **dict.fromkeys(map(ord, "\u2044\u2215"), "/"),
    **dict.fromkeys(map(ord, "\u060c\u3001"), ","),
}


def without_blank_ends(text: str) -> str:
    """The text without what nobody sees at its ends: spaces of all kinds, and the marks that a clipboard leaves."""
    start, end = 0, len(text)
    while start < end and _is_blank(text[start]):
        start += 1
    while end > start and _is_blank(text[end - 1]):
        end -= 1
    return text[start:end]


def without_unseen(text: str) -> str:
    """The text without characters of no width, such as the marks around a number that a telephone copies."""
    return "".join(
        character for character in text if character == _TURNS_AROUND or unicodedata.category(character) != "Cf"
    )


def figures(text: str) -> str:
    """A number, a date or another line of figures in the signs of ASCII; what has none there stays as it is.

    Digits of every script, spaces, dashes and dots of every kind and full-width signs are the same sign. A raised
    figure is none of them: it is no digit of a number.
    """
    spelled = unicodedata.normalize("NFC", _each(without_unseen(text), _figure)).translate(_FIGURE_SIGNS)
    return re.sub(" {2,}", " ", spelled)


def one_line(text: str) -> str:
    """A line with single plain spaces, hyphens for all dashes, and every letter and sign in its ordinary width."""
    spelled = unicodedata.normalize("NFC", _each(text, ordinary)).translate(_DASHES)
    return re.sub(" {2,}", " ", spelled)


def name(text: str) -> str:
    """A name in its own letters. What was typed for an apostrophe or a hyphen is one; an apostrophe keeps its shape."""
    return one_line(text.translate(_APOSTROPHES))


def same_name(text: str) -> str:
    """The text by which two spellings of one name are the same: in any case, width, space and apostrophe."""
    spelling = unicodedata.normalize("NFKC", name(text)).casefold().replace("\u2019", "'")
    return " ".join(spelling.split())


def ordinary(character: str) -> str:
    """A character in its ordinary width; a space of any kind is a plain one."""
    if character == "\t" or unicodedata.category(character) == "Zs":
        return " "
    if character in _LIGATURES or unicodedata.decomposition(character).startswith(("<wide>", "<narrow>")):
        return unicodedata.normalize("NFKC", character)
    return character


def _is_blank(character: str) -> bool:
    if character in "\t\n\r":
        return True
    category = unicodedata.category(character)
    return category == "Zs" or (category == "Cf" and ord(character) not in _TAGS and character != _TURNS_AROUND)


def _each(text: str, read: Callable[[str], str]) -> str:
    return text if text.isascii() and "\t" not in text and "\n" not in text else "".join(map(read, text))


def _figure(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Zs" or character in "\t\n\r":
        return " "
    return character if category == "No" else unicodedata.normalize("NFKC", character)
