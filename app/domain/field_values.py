"""What people type into the fields of a form: cleaned, checked, and stored in one way only."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from .dates import DateWords, NoDate, read_date
from .notice import NoticeField
from .postal import NoPostalAddress, read_postal_address
from .typed_text import figures, name, one_line, without_blank_ends, without_unseen

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

FILLS = {
    "name": ("name", "given-name", "additional-name", "family-name", "nickname"),
    "text": ("organization", "organization-title", "address-level2", "country-name", "postal-code"),
    "tel": ("tel",),
    "date": ("bday",),
    "postal_address": ("street-address",),
}
"""By type the autofill tokens that a field can declare (HTML, 4.10.18.7): which data of the person itself it asks."""
FILLED_BY_TYPE = {"tel": "tel", "postal_address": "street-address"}
"""What a field of this type asks where its definition does not say it: a name may be anybody's, and stays empty."""

_SIGNS_A_LETTER = 4
"""How many signs may become one when they are read: what is far too long is not read at all."""
_SEVERAL_LINES = ("long_text", "postal_address")
_TURNS_TEXT_AROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_STAND_INS = frozenset("\ufffc\ufffd")
_NOT_IN_A_NAME = re.compile(r"[@<>{}\[\]\\/|_=+*#%$€!?\"^~`;:]|\d|www\.")
_DOTTED = re.compile(r"(?=([^\W_][\w-]*)\.([^\W\d_]{2,}))")
_WEB_ENDINGS = frozenset(
    """
    com net org info biz app dev xyz top site online shop store club vip link click live page web blog cloud space
    website world today news email pro mobi gov edu gent brussels vlaanderen amsterdam frl paris bzh alsace example
    """.split()  # noqa: SIM905 - a list of words reads better than a list of strings
)
_LONGEST_TITLE = 3
"""Letters before a dot that shorten a word, as in `St.John`; what is longer before a small letter is a web address."""
_FILLERS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0") | frozenset(map(chr, range(0xFE00, 0xFE10)))
_JOINERS = frozenset("\u200c\u200d")
"""Needed inside names of several scripts, though they cannot be seen."""
_FEWEST_DIGITS, _MOST_DIGITS = 6, 15
"""Of a telephone number: the shortest of Luxembourg, and the longest of all (ITU-T E.164)."""
_TEL = re.compile(r"\+?[0-9 ()./-]{6,29}")
_TEL_LABEL = re.compile(
    r"(?:tel|t[eé]l[eé]foon|t[eé]l[eé]phone|phone|gsm|mobiel|mobile|fax)?\s*[.:]*\s*", re.IGNORECASE
)
_ABROAD = re.compile(r"\(?(?:00|\+)[ ./-]*([1-9][0-9]{0,2})\)|(?:00|\+)[ ./-]*(?=[1-9])")
_TRUNK = re.compile(r"(\+[0-9 ]{1,5}?) ?\(0\) ?")


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
    if field.type == "tel":
        return _telephone(text, example)
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
    return bool(letters) and not hidden and not _NOT_IN_A_NAME.search(plain) and not _leads_elsewhere(plain)


def _leads_elsewhere(text: str) -> bool:
    """Whether a web address stands in a text that should be a name."""
    for before, after in _DOTTED.findall(text.replace("\u3002", ".")):
        if after.lower() in _WEB_ENDINGS or (len(before) > _LONGEST_TITLE and after[0].islower()):
            return True
    return False


def _clean(field: NoticeField, typed: str) -> str:
    """What was typed, in the one spelling in which it is stored.

    Raises:
        AnswerProblem: where there is something in it that nobody types.
    """
    text = without_blank_ends(typed.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > _SIGNS_A_LETTER * LONGEST[field.type]:
        raise AnswerProblem("error.field.too_long", label=field.label, max=LONGEST[field.type])
    text = _READ.get(field.type, _as_it_is)(unicodedata.normalize("NFC", text))
    for character in text:
        if character == "\n" and field.type in _SEVERAL_LINES:
            continue
        if (
            unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
            or character in _TURNS_TEXT_AROUND
            or character in _STAND_INS
        ):
            raise AnswerProblem("error.field.characters", label=field.label)
    return without_blank_ends(text)


def _as_it_is(text: str) -> str:
    return text.replace("\t", " ")


def _address_lines(text: str) -> str:
    return "\n".join(one_line(without_unseen(line)) for line in text.split("\n"))


_READ: Mapping[str, Callable[[str], str]] = {
    "name": name,
    "tel": figures,
    "date": figures,
    "postal_address": _address_lines,
}


def _telephone(text: str, example: str) -> str:
    """A number as it was written, but for what is not dialled: `tel:`, and `00` and `(0)` around a country.

    Raises:
        AnswerProblem: when it is no number, or has letters in it.
    """
    number = _TEL_LABEL.sub("", text, count=1).strip(" .,;:-/")
    if any(character.isalpha() for character in number):
        raise AnswerProblem("error.phone.letters", example=example)
    if abroad := _ABROAD.match(number):
        number = _TRUNK.sub(r"\1 ", f"+{abroad[1] or ''}{number[abroad.end() :]}")
    if not (_TEL.fullmatch(number) and _FEWEST_DIGITS <= sum(map(str.isdigit, number)) <= _MOST_DIGITS):
        raise AnswerProblem("error.phone.format", example=example)
    return number


def _postal_address(field: NoticeField, text: str) -> str:
    try:
        return read_postal_address(text)
    except NoPostalAddress:
        raise AnswerProblem("error.postal_address.incomplete", label=field.label) from None


def _date(field: NoticeField, text: str, words: DateWords) -> str:
    try:
        return read_date(text, words).isoformat()
    except NoDate as wrong:
        problems = {
            "shape": AnswerProblem("error.date.format", label=field.label),
            "day": AnswerProblem("error.date.day", label=field.label),
            "month": AnswerProblem("error.date.month", label=field.label),
            "year": AnswerProblem("error.date.year", label=field.label),
            "no_such_day": AnswerProblem("error.date.no_such_day", label=field.label),
        }
        raise problems[wrong.fault] from None
