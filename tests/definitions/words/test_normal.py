"""One spelling: however a word is hidden, it is read as people read it, and quoted as it is written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.definitions.words import finder, normal


def folded(text: str) -> str:
    return " ".join(normal.read(text).folded)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("TENZIJ U Bezwaar maakt", "tenzij u bezwaar maakt"),
        ("à défaut d’opposition", "a defaut d' opposition"),
        ("A DEFAUT D'OPPOSITION", "a defaut d' opposition"),
        ("de\u0301ja\u0300 coche\u0301e", "deja cochee"),
        ("œuvre", "oeuvre"),
        ("pre-ticked pre\u2011ticked pre/ticked", "pre ticked pre ticked pre ticked"),
        ("toe\u00adstem\u00adming", "toestemming"),
        ("un\u200bless", "unless"),
        ("toestem-\nming", "toestemming"),
        ("u n l e s s you object", "unless you object"),
        ("u.n.l.e.s.s you", "unless you"),
        ("yоu unlеss", "you unless"),  # noqa: RUF001 (Cyrillic letters)
        ("La case\u00a0est\u202fcochée", "la case est cochee"),
        ("maand–tenzij", "maand tenzij"),
        ("**unless** «\u00a0you\u00a0»", "unless you"),
        ("Ja. Nee! Wat? Af… Dus: zo; daar", "ja . nee . wat . af . dus zo daar"),
        ("per tel. of mail", "per tel of mail"),
        ("Post S.A. vzw", "post s.a vzw"),
        ("10 %, € 5", "10 % € 5"),
        ("vóór het gesprek, voor u", "vóór het gesprek voor u"),
        ("Россия", "россия"),
    ],
)
def test_what_is_read_does_not_depend_on_how_it_is_written(written: str, read: str) -> None:
    assert folded(written) == read


def test_a_line_break_of_a_paragraph_ends_a_sentence_and_that_of_a_line_does_not() -> None:
    assert folded("een mail\nper maand\n\nen meer") == "een mail per maand . en meer"


def test_words_are_quoted_as_they_are_written() -> None:
    plain = normal.read("We mailen u – TENZIJ\nu  «Bezwaar» maakt.")

    assert plain.quoted(3, 6) == "TENZIJ u «Bezwaar"


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("We mailen, en u leest het graag zelf.", [0, 0, 1, 1, 1, 1, 1, 1, 1]),
        ("We mailen als u dat wilt.", [0, 0, 1, 1, 1, 1, 1]),
        ("aan winkels, sponsors, banken en hotels", [0, 0, 0, 0, 0, 0]),
        ("we delen het niet, verhuren het niet of geven het aan anderen", [0] * 12),
        ("we mailen u: elke maand iets nieuws", [0, 0, 0, 1, 1, 1, 1]),
        ("als u niets kiest, bellen we of mailen we u", [0, 0, 0, 0, 1, 1, 1, 1, 1, 1]),
    ],
)
def test_a_clause_begins_at_a_comma_or_a_condition_and_a_list_goes_on(text: str, clauses: list[int]) -> None:
    numbers = finder.analyse(text, "nl").clauses

    assert [number - numbers[0] for number in numbers] == clauses


@pytest.mark.parametrize("address", ["https://www.molen.example/vie-privee", "www.molen.example/vie-privee?a=(b"])
def test_an_address_is_one_word_and_what_follows_it_another(address: str) -> None:
    assert normal.read(f"Zie {address}, of bel.").words == ["zie", address, "of", "bel", "."]


@pytest.mark.parametrize(
    "sign", [".", " ", '"', "'", "\n", "\n ", ". ", "?!'", "a ", "a.", ",", "a,", "-", "\u00ad", "www.", "https://"]
)
def test_an_endless_text_is_taken_apart_at_once(sign: str) -> None:
    begun = time.process_time()

    normal.read(sign * (100_000 // len(sign)) + "x")

    assert time.process_time() - begun < 1


@given(st.text())
def test_any_text_can_be_taken_apart(text: str) -> None:
    plain = normal.read(text)

    assert len(plain.words) == len(plain.folded) == len(plain.places) == len(plain.sentences)
    assert all(first < end <= len(plain.text) for first, end in plain.places)
    assert all(word and " " not in word for word in plain.folded)
