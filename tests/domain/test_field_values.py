"""What people type into fields: stored in one way only, or sent back with a sentence that helps."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import i18n
from app.domain.field_values import LONGEST, AnswerProblem, read_answer
from app.domain.notice import NoticeField
from tests.domain.hostile import HOSTILE

TYPES = tuple(LONGEST)
ANY_TEXT = st.one_of(st.text(), st.text(st.characters(exclude_categories=["L"]), max_size=50))


def read(kind: str, typed: str, language: str = "nl") -> str:
    options = (("office", "Kantoor"), ("care", "Zorg")) if kind == "choice" else ()
    field = NoticeField("x", kind, "De vraag", "", False, options)
    return read_answer(field, typed, i18n.date_words(language), "06 12 34 56 78")


def problem(kind: str, typed: str) -> tuple[str, dict[str, object]]:
    with pytest.raises(AnswerProblem) as caught:
        read(kind, typed)
    return caught.value.key, caught.value.values


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("typed", ["", " ", "\t", "\u00a0\u2003"])
def test_nothing_typed_is_an_empty_answer(kind: str, typed: str) -> None:
    assert read(kind, typed) == ""


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("name", "  Sofie\t", "Sofie"),
        ("name", "Jose\u0301 d’Hondt-Peeters", "José d’Hondt-Peeters"),
        ("name", "Dr. J. Smith Jr.", "Dr. J. Smith Jr."),
        ("name", "李小龍", "李小龍"),
        ("text", "a\tb", "a b"),
        ("text", "<b>{{ 7 }}</b> & =1+1", "<b>{{ 7 }}</b> & =1+1"),
        ("long_text", "een\r\ntwee\rdrie\n", "een\ntwee\ndrie"),
        ("tel", " +32 470 12 34 56 ", "+32 470 12 34 56"),
        ("tel", "(02) 123.45-67/8", "(02) 123.45-67/8"),
        ("choice", "office", "office"),
        ("postal_address", "Kerkstraat 1, 9000 Gent", "Kerkstraat 1\n9000 Gent"),
        ("postal_address", " Kerkstraat 1 \r\n\r\n 9000 Gent ,", "Kerkstraat 1\n9000 Gent"),
    ],
)
def test_an_answer_is_stored_in_one_way(kind: str, typed: str, stored: str) -> None:
    assert read(kind, typed) == stored


@pytest.mark.parametrize(
    ("kind", "typed", "key"),
    [
        ("name", "Sofie1", "error.name.characters"),
        ("name", "sofie@voorbeeld.be", "error.name.characters"),
        ("name", "Win nu op www.evil", "error.name.characters"),
        ("name", "Kijk op evil.com", "error.name.characters"),
        ("name", "http://evil", "error.name.characters"),
        ("name", "<b>Sofie</b>", "error.name.characters"),
        ("name", "{{Sofie}}", "error.name.characters"),
        ("name", "=Sofie", "error.name.characters"),
        ("tel", "12345", "error.phone.format"),
        ("tel", "1" * 16, "error.phone.format"),
        ("tel", "bel me", "error.phone.format"),
        ("tel", "+32 470 12 34 56 ext. 3", "error.phone.format"),
        ("tel", "=0612345678", "error.phone.format"),
        ("choice", "Kantoor", "error.choice.unknown"),
        ("choice", "OFFICE", "error.choice.unknown"),
        ("postal_address", "Kerkstraat 1", "error.postal_address.incomplete"),
        ("postal_address", "Kerkstraat, Gent", "error.postal_address.incomplete"),
        ("date", "gisteren", "error.date.format"),
    ],
)
def test_an_answer_that_does_not_fit_is_sent_back_with_its_reason(kind: str, typed: str, key: str) -> None:
    found, values = problem(kind, typed)

    assert found == key
    i18n.say("nl", found, **values)


def test_a_telephone_problem_shows_how_one_is_written() -> None:
    assert problem("tel", "x" * 8) == ("error.phone.format", {"example": "06 12 34 56 78"})


@pytest.mark.parametrize("kind", TYPES)
def test_an_answer_may_be_as_long_as_it_says_and_no_longer(kind: str) -> None:
    assert problem(kind, "1" * (LONGEST[kind] + 1)) == (
        "error.field.too_long",
        {"label": "De vraag", "max": LONGEST[kind]},
    )
    if kind in ("text", "long_text"):
        assert read(kind, "1" * LONGEST[kind]) == "1" * LONGEST[kind]


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("nl", "3/9/2026"), ("nl", "03-09-2026"), ("nl", "3.9.2026"), ("nl", "3 9 2026"), ("nl", "2026-09-03"),
        ("nl", "3 september 2026"), ("nl", "3 SEPT 2026"), ("fr", "3 septembre 2026"), ("fr", "3 sept. 2026"),
        ("en", "3 September 2026"), ("en", "3 Sep 2026"), ("nl", "3\u00a0september\u00a02026"), ("nl", "2026/9/3"),
    ],
)  # fmt: skip
def test_a_date_may_be_written_in_many_ways_and_is_stored_in_one(language: str, typed: str) -> None:
    assert read("date", typed, language) == "2026-09-03"


def test_the_first_of_a_month_is_written_as_french_does() -> None:
    assert read("date", "1er août 2026", "fr") == "2026-08-01"


@pytest.mark.parametrize(
    "typed",
    [
        "29/2/2026", "31/4/2026", "0/1/2026", "1/0/2026", "1/13/2026", "32/1/2026", "1/2/26", "1/2", "1/2/2026/3",
        "1/2/0000", "1_1/2/2026", "+1/2/2026", "1/+2/2026", "1/1_0/2026", "\u0663/1/2026", "1/\u0663/2026", "²/1/2026",
        "1/²/2026", "1/2/²026", "1/2/+202", "a/b/c", "/", "1 brumaire 2026", "1/2/" + "9" * 30,
    ],
)  # fmt: skip
def test_what_is_no_day_of_the_calendar_is_no_date(typed: str) -> None:
    assert problem("date", typed) == ("error.date.format", {"label": "De vraag"})


@given(st.dates(), st.sampled_from(["nl", "fr", "en"]))
def test_every_date_is_read_as_the_kit_itself_writes_it(day: date, language: str) -> None:
    if day.year >= 1000:  # nobody writes three digits of a year
        assert read("date", i18n.day(day, "BE", language), language) == day.isoformat()
    assert read("date", day.isoformat(), language) == day.isoformat()


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_refused_or_stored_as_it_is_shown(kind: str, text: str) -> None:
    _refused_or_clean(kind, text)


@given(st.sampled_from(TYPES), ANY_TEXT)
def test_every_text_is_refused_or_stored_as_it_is_shown(kind: str, text: str) -> None:
    _refused_or_clean(kind, text)


@given(st.sampled_from(TYPES), ANY_TEXT)
def test_what_was_stored_can_be_sent_again_unchanged(kind: str, text: str) -> None:
    stored = _read(kind, text)

    if isinstance(stored, str):
        assert read(kind, stored) == stored


def _refused_or_clean(kind: str, text: str) -> None:
    stored = _read(kind, text)
    if isinstance(stored, AnswerProblem):
        assert all(i18n.say(language, stored.key, **stored.values) for language in i18n.LANGUAGES)
        return
    assert len(stored) <= LONGEST[kind]
    assert stored == stored.strip() == unicodedata.normalize("NFC", stored)
    allowed = "\n\t" if kind in ("long_text", "postal_address") else ""
    for character in stored:
        assert character in allowed or unicodedata.category(character) not in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
        assert unicodedata.bidirectional(character) not in (
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        )
    stored.encode()


def _read(kind: str, text: str) -> str | AnswerProblem:
    try:
        return read(kind, text)
    except AnswerProblem as problem:
        return problem


@pytest.mark.parametrize(
    "name",
    [
        *("\u200b", "\u3164", "\u00ad", "\u2800", "\u115f", "\ufe0f", "\u2060", "\U000e0041", "\u0301"),
        *(".", "-", "\U0001f600", "Zo\u200bë", "Zo\u00adë", "Zoë\ufe0f", "evil\u2024example"),
    ],
)
def test_nobody_is_called_what_cannot_be_seen_or_leads_elsewhere(name: str) -> None:
    assert problem("name", name)[0] == "error.name.characters"


@pytest.mark.parametrize(
    "name",
    [
        *("Zoë", "Noor", "d’Artagnan", "Jean-Luc", "J.", "Ñandú", "陳大文"),
        *("\u0645\u062d\u0645\u062f", "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"),
    ],
)
def test_people_are_called_what_they_are_called(name: str) -> None:
    assert read("name", name) == name
