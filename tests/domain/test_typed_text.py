"""Whatever keyboard or clipboard a text came from: it is read as the same text, once and for all."""

import sys
import unicodedata
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app import i18n
from app.domain.dates import NoDate, read_date
from app.domain.postal import NoPostalAddress, read_postal_address
from app.domain.typed_text import figures, name, one_line, same_name, without_blank_ends
from tests.domain.test_field_values import read

EVERY_SIGN = [chr(code) for code in range(sys.maxunicode + 1)]
ZEROS = [sign for sign in EVERY_SIGN if unicodedata.decimal(sign, None) == 0]
SPACES = [sign for sign in EVERY_SIGN if unicodedata.category(sign) == "Zs"]
DASHES = list("-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d")
UNSEEN = list("\u200b\u200e\u200f\u202a\u202c\u2066\u2069\u2060\ufeff\u00ad\u061c")
ENDS = st.text([*SPACES, *UNSEEN, "\t", "\n", "\r"], max_size=4)
DATES = st.dates(date(1000, 1, 1))
STREETS = st.sampled_from(["Korenmarkt", "Rue de la Loi", "10, rue du 11 novembre", "Place Saint-Jean", "Oude Baan"])
NUMBERS = st.from_regex(r"[1-9][0-9]{0,2}( ?[a-c]|/[1-9]|,? bus [1-9]| bte [1-9])?", fullmatch=True)
TOWNS = st.sampled_from(["9000 Gent", "B-1000 Bruxelles", "8660 De Panne", "1012 LG Amsterdam", "L-2163 Luxembourg"])
SEPARATORS = st.sampled_from([", ", "\n", " ", ";", " - ", " / ", "\r\n", "\t,", " | "])
PIECES = st.lists(st.one_of(STREETS, NUMBERS, TOWNS, SEPARATORS, st.text(max_size=3)), max_size=8)


def in_other_digits(text: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(sign)) if "0" <= sign <= "9" else sign for sign in text)


@given(DATES, st.sampled_from(ZEROS), ENDS, ENDS, st.sampled_from([*DASHES, *SPACES, "/", "\uff0f", ".", "\uff0e"]))
def test_a_date_is_the_same_in_every_script_and_between_all_signs(
    day: date, zero: str, before: str, after: str, between: str
) -> None:
    written = in_other_digits(between.join((f"{day:%d}", f"{day:%m}", f"{day.year:04}")), zero)

    assert read("date", f"{before}{written}{after}") == day.isoformat()


@given(st.from_regex(r"0[0-9]{8,9}", fullmatch=True), st.sampled_from(ZEROS), ENDS, ENDS, st.sampled_from(UNSEEN))
def test_a_telephone_number_is_the_same_in_every_script(
    number: str, zero: str, before: str, after: str, unseen: str
) -> None:
    if number.startswith("00"):
        number = f"4{number}"
    written = in_other_digits(number, zero)

    assert read("tel", f"{before}{written[:4]}{unseen}{written[4:]}{after}") == number


@given(STREETS, NUMBERS, SEPARATORS, TOWNS)
def test_an_address_has_the_same_last_line_whatever_stands_before_it(
    street: str, number: str, between: str, town: str
) -> None:
    *_, last = read("postal_address", f"{street} {number}{between}{town}").split("\n")

    assert last == town


@given(PIECES)
def test_an_address_that_was_read_is_read_as_itself(pieces: list[str]) -> None:
    try:
        once = read_postal_address(" ".join(pieces))
    except NoPostalAddress:
        return
    assert read_postal_address(once) == once


@given(st.text(), ENDS, ENDS)
def test_what_nobody_sees_at_the_ends_makes_no_difference(text: str, before: str, after: str) -> None:
    plain = without_blank_ends(text)
    assert without_blank_ends(before + plain + after) == plain


@given(st.text())
def test_what_was_read_once_is_read_as_itself(text: str) -> None:
    for reader in (figures, one_line, name, same_name, without_blank_ends):
        assert reader(reader(text)) == reader(text), reader


@given(st.text("0123456789/-. 'eraéûtmsjundcov", max_size=20))
def test_a_date_or_the_part_to_put_right(text: str) -> None:
    words = i18n.date_words("fr")
    found: date | str
    try:
        found = read_date(text, words)
    except NoDate as problem:
        found = problem.fault
    assert found in ("shape", "day", "month", "year", "no_such_day") or found == read_date(str(found), words)


def test_names_that_differ_in_apostrophe_case_width_or_space_are_one_and_others_are_not() -> None:
    spellings = ["D’Arc", "D'Arc", "d`arc", " D\u00b4ARC ", "\uff24'Arc", "D‘Arc", "D\u2032Arc"]
    assert {same_name(one) for one in map(without_blank_ends, spellings)} == {"d'arc"}
    assert same_name("Jean\u2011Luc") == same_name("jean-luc") != same_name("Jean Luc")
    assert len({same_name(one) for one in ("Zoe", "Zoë", "Noor", "Nóór", "D’Arc", "Darc")}) == 6
