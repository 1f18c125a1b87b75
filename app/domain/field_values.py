"""What people type into the fields of a form: cleaned, checked, and stored in one way only."""

import re
import unicodedata
from datetime import date

from .dates import DateWords
from .notice import NoticeField

LONGEST = {
    "name": 100,
    "text": 200,
    "long_text": 2000,
    "tel": 30,
    "date": 40,
    "choice": 40,
    "postal_address": 300,
}
"""The types of field that a form may have, each with the characters that an answer to it may have."""

_SEVERAL_LINES = ("long_text", "postal_address")
_TURNS_TEXT_AROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_STAND_INS = frozenset("\ufffc\ufffd")
_NOT_IN_A_NAME = re.compile(r"[0-9@<>{}\[\]\\/|_=+*#%$€!?\"^~`;:]|www\.|\w\.\w{2,}$")
_FILLERS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0") | frozenset(map(chr, range(0xFE00, 0xFE10)))
_JOINERS = frozenset("\u200c\u200d")
"""Needed inside names of several scripts, though they cannot be seen."""
_TEL = re.compile(r"\+?[0-9 ()./-]{6,29}")


class AnswerProblem(Exception):
    """An answer cannot be used; `key` names the sentence that says what to do, with `values` to fill in."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def read_answer(field: NoticeField, typed: str, words: DateWords, example: str) -> str:
    """The answer as it is stored; empty when nothing was typed.

    Args:
        words: how dates are written in the language of the page.
        example: a telephone number as it is written in the controller's country.

    Raises:
        AnswerProblem: when the answer does not fit the field.
    """
    text = _clean(field, typed)
    if not text:
        return ""
    if len(text) > LONGEST[field.type]:
        raise AnswerProblem("error.field.too_long", label=field.label, max=LONGEST[field.type])
    if field.type == "name" and not _is_name(text):
        raise AnswerProblem("error.name.characters")
    if field.type == "tel" and not (_TEL.fullmatch(text) and 6 <= sum(map(str.isdigit, text)) <= 15):
        raise AnswerProblem("error.phone.format", example=example)
    if field.type == "choice" and text not in dict(field.options):
        raise AnswerProblem("error.choice.unknown", label=field.label)
    if field.type == "postal_address":
        return _postal_address(field, text)
    return _date(field, text, words) if field.type == "date" else text


def _is_name(text: str) -> bool:
    """Whether somebody can be called so: with a letter that can be seen, and nothing that cannot."""
    plain = unicodedata.normalize("NFKC", text)
    letters = [character for character in plain if unicodedata.category(character).startswith("L")]
    hidden = [
        character
        for character in text + plain
        if character in _FILLERS or (unicodedata.category(character) == "Cf" and character not in _JOINERS)
    ]
    return bool(letters) and not hidden and not _NOT_IN_A_NAME.search(plain)


def _clean(field: NoticeField, typed: str) -> str:
    text = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    if field.type not in _SEVERAL_LINES:
        text = text.replace("\t", " ")
    for character in text:
        allowed = character == "\n" and field.type in _SEVERAL_LINES
        if character == "\t" or allowed:
            continue
        if (
            unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
            or character in _TURNS_TEXT_AROUND
            or character in _STAND_INS
        ):
            raise AnswerProblem("error.field.characters", label=field.label)
    return text.strip()


def _postal_address(field: NoticeField, text: str) -> str:
    parts = [part.strip() for part in re.split(r"[\n,]", text) if part.strip()]
    if len(parts) < 2 or not any(character.isdigit() for character in text):
        raise AnswerProblem("error.postal_address.incomplete", label=field.label)
    return "\n".join(parts)


def _date(field: NoticeField, text: str, words: DateWords) -> str:
    parts = re.split(r"[\s./-]+", text.lower())
    try:
        if len(parts) == 3 and len(parts[0]) == 4:
            parts.reverse()
        day, month, year = parts
        day, month = words.day(day), words.month(month)
        # int() would also read signs, underscores and the digits of other scripts.
        if len(year) == 4 and all(part.isascii() and part.isdigit() for part in (day, month, year)):
            return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        pass
    raise AnswerProblem("error.date.format", label=field.label)
