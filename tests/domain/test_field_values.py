"""What people type into fields: stored in one way only, or sent back with a sentence that helps."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import i18n
from app.domain.countries import TIME_ZONES, example_phone
from app.domain.field_values import LONGEST, AnswerProblem, read_answer
from app.domain.notice import NoticeField
from tests.domain.hostile import HOSTILE

TYPES = tuple(LONGEST)
ANY_TEXT = st.one_of(st.text(), st.text(st.characters(exclude_categories=["L"]), max_size=50))


GHENT = "Korenmarkt 7\n9000 Gent"
ADDRESSES = (
    ("Korenmarkt 7 9000 Gent", GHENT),
    ("Korenmarkt 7; 9000 Gent", GHENT),
    ("Korenmarkt 7 - 9000 Gent", GHENT),
    ("Korenmarkt 7 / 9000 Gent", GHENT),
    ("Korenmarkt 7 \u2013 9000 Gent", GHENT),
    ("Korenmarkt 7\u00a09000\u2003Gent", GHENT),
    ("Korenmarkt \uff17\uff0c 9000 Gent", GHENT),
    ("\u200eKorenmarkt 7\u200b\n9000\nGent", GHENT),
    ("Korenmarkt 7, B-9000 Gent", "Korenmarkt 7\nB-9000 Gent"),
    ("Korenmarkt 7 B - 9000 Gent", "Korenmarkt 7\nB-9000 Gent"),
    ("Korenmarkt 7 bus 3 9000 Gent", "Korenmarkt 7 bus 3\n9000 Gent"),
    ("Korenmarkt 7, bus 3, 9000 Gent", "Korenmarkt 7 bus 3\n9000 Gent"),
    ("Korenmarkt 7/3, 9000 Gent", "Korenmarkt 7/3\n9000 Gent"),
    ("Korenmarkt 7-9, 9000 Gent, België", "Korenmarkt 7-9\n9000 Gent\nBelgië"),
    ("Zeelaan 8 8660 De Panne", "Zeelaan 8\n8660 De Panne"),
    ("Rue de la Loi, 16 bte 3, 1000 Bruxelles", "Rue de la Loi\n16 bte 3\n1000 Bruxelles"),
    ("Rue de la Loi, 16, bte 3, 1000 Bruxelles", "Rue de la Loi 16 bte 3\n1000 Bruxelles"),
    ("10, rue de Rivoli 75001 Paris", "10 rue de Rivoli\n75001 Paris"),
    ("10 bis, rue de Rivoli, 75001 PARIS CEDEX 01", "10 bis rue de Rivoli\n75001 PARIS CEDEX 01"),
    ("10 rue du 11 novembre 1918 F-69003 Lyon", "10 rue du 11 novembre 1918\nF-69003 Lyon"),
    ("Damrak 1 1012 LG Amsterdam", "Damrak 1\n1012 LG Amsterdam"),
    ("Damrak 1, 1012lg Amsterdam", "Damrak 1\n1012 LG Amsterdam"),
    ("Damrak 1 A 1012LG Amsterdam", "Damrak 1 A\n1012 LG Amsterdam"),
    ("2, avenue Monterey L-2163 Luxembourg", "2 avenue Monterey\nL-2163 Luxembourg"),
    ("Korenmarkt 7 Gent 9000", "Korenmarkt 7 Gent 9000"),
    ("Korenmarkt 7\nGent\n9000", "Korenmarkt 7\nGent\n9000"),
    ("9000 Gent, Korenmarkt 7", "9000 Gent\nKorenmarkt 7"),
    ("10 Downing Street, London SW1A 2AA", "10 Downing Street\nLondon SW1A 2AA"),
)
"""As they are typed, and as they are stored."""


def read(kind: str, typed: str, language: str = "nl") -> str:
    options = (("office", "Kantoor"), ("care", "Zorg")) if kind == "choice" else ()
    field = NoticeField("x", kind, "De vraag", "", False, options)
    return read_answer(field, typed, i18n.date_words(language), "06 12 34 56 78")


def problem(kind: str, typed: str) -> tuple[str, dict[str, object]]:
    with pytest.raises(AnswerProblem) as caught:
        read(kind, typed)
    return caught.value.key, caught.value.values


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("typed", ["", " ", "\t", "\u00a0\u2003", "\u200b", "\u2060\ufeff", "\u00ad \u202a\u202c"])
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
        ("tel", "0470\u00a012\u202f34\u200956", "0470 12 34 56"),
        ("tel", "\u202a+32 470 12 34 56\u202c", "+32 470 12 34 56"),
        ("tel", "0470\u201112\u201334\u221256", "0470-12-34-56"),
        ("tel", "\uff0b\uff13\uff12 470 12 34 56", "+32 470 12 34 56"),
        ("tel", "\u0660\u0664\u0667\u0660 \u0661\u0662 34 56", "0470 12 34 56"),
        ("tel", "0470\u00b712\u00b734\u00b756.", "0470.12.34.56"),
        ("tel", "04\u200b70 12 34 56", "0470 12 34 56"),
        ("tel", "tel:+32470123456", "+32470123456"),
        ("tel", "Tel. 09 123 45 67", "09 123 45 67"),
        ("tel", "0032 470 12 34 56", "+32 470 12 34 56"),
        ("tel", "00 32 470 12 34 56", "+32 470 12 34 56"),
        ("tel", "+ 32 470 12 34 56", "+32 470 12 34 56"),
        ("tel", "+32 (0)470 12 34 56", "+32 470 12 34 56"),
        ("tel", "0032(0)470123456", "+32 470123456"),
        ("tel", "(+32) 470 12 34 56", "+32 470 12 34 56"),
        ("tel", "(0031) 6 12345678", "+31 6 12345678"),
        ("tel", "0470/12.34.56", "0470/12.34.56"),
        ("tel", "06 12 34 56 78", "06 12 34 56 78"),
        ("tel", "020-1234567", "020-1234567"),
        ("tel", "621 123 456", "621 123 456"),
        ("tel", "26 12 34", "26 12 34"),
        ("name", "\u200eSofie\u200f", "Sofie"),
        ("name", "\uff33\uff4f\uff46\uff49\uff45", "Sofie"),
        ("name", "So\ufb01e", "Sofie"),
        ("name", "Anne\u00a0 Marie", "Anne Marie"),
        ("name", "Jean\u2011Luc \u2013 Peeters", "Jean-Luc - Peeters"),
        ("name", "D\u00b4Arc", "D’Arc"),
        ("name", "d`Hondt", "d’Hondt"),
        ("name", "‘t Hooft", "’t Hooft"),
        ("name", "M\u00aa Jos\u00e9", "M\u00aa Jos\u00e9"),
        ("name", "\uff76\uff9e\uff9d", "ガン"),
        ("text", "\u200bDit is\u00a0het !\ufeff", "Dit is\u00a0het !"),
        ("choice", "office", "office"),
        ("postal_address", "Kerkstraat 1, 9000 Gent", "Kerkstraat 1\n9000 Gent"),
        ("postal_address", " Kerkstraat 1 \r\n\r\n 9000 Gent ,", "Kerkstraat 1\n9000 Gent"),
        *(("postal_address", *pair) for pair in ADDRESSES),
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
        ("tel", "bel me", "error.phone.letters"),
        ("tel", "+32 470 12 34 56 ext. 3", "error.phone.letters"),
        ("tel", "0470 12 34 56 toestel 3", "error.phone.letters"),
        ("tel", "0470 12 34 56 x3", "error.phone.letters"),
        ("tel", "0470 12 34 56 #3", "error.phone.format"),
        ("tel", "=0612345678", "error.phone.format"),
        ("tel", "\u202e8765432160", "error.field.characters"),
        ("date", "\u202e6202/1/2", "error.field.characters"),
        ("choice", "Kantoor", "error.choice.unknown"),
        ("choice", "OFFICE", "error.choice.unknown"),
        ("postal_address", "Kerkstraat 1", "error.postal_address.incomplete"),
        ("postal_address", "Kerkstraat, Gent", "error.postal_address.incomplete"),
        ("postal_address", "Kerkstraat 12 bus 3", "error.postal_address.incomplete"),
        ("postal_address", "Kerkstraat 1000 12", "error.postal_address.incomplete"),
        ("postal_address", "9000 Gent", "error.postal_address.incomplete"),
        ("postal_address", "1234 AB", "error.postal_address.incomplete"),
        ("postal_address", "12\n9000", "error.postal_address.incomplete"),
        ("postal_address", "Korenmarkt 7\n9000", "error.postal_address.incomplete"),
        ("postal_address", "Korenmarkt 7, L-1234", "error.postal_address.incomplete"),
        ("date", "gisteren", "error.date.format"),
    ],
)
def test_an_answer_that_does_not_fit_is_sent_back_with_its_reason(kind: str, typed: str, key: str) -> None:
    found, values = problem(kind, typed)

    assert found == key
    i18n.say("nl", found, **values)


@pytest.mark.parametrize("country", sorted(TIME_ZONES))
def test_the_number_that_a_page_shows_is_not_refused(country: str) -> None:
    example = example_phone(country)
    assert read("tel", example) == read("tel", example.replace(" ", "\u00a0")) == example


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_date_that_a_page_shows_is_not_refused(language: str) -> None:
    shown = i18n.say(language, "field.date.hint", example="27\u00a03\u00a01984")
    assert read("date", shown[-9:], language) == "1984-03-27"


def test_a_telephone_problem_shows_how_one_is_written() -> None:
    assert problem("tel", "x" * 8) == ("error.phone.letters", {"example": "06 12 34 56 78"})
    assert problem("tel", "1" * 5) == ("error.phone.format", {"example": "06 12 34 56 78"})


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
    ("typed", "key"),
    [
        *((typed, "no_such_day") for typed in ("29/2/2026", "31/4/2026", "31 juni 2026")),
        *(
            (typed, "day")
            for typed in ("0/1/2026", "32/1/2026", "1_1/2/2026", "+1/2/2026", "²/1/2026", "drie mei 2026")
        ),
        *((typed, "month") for typed in ("1/0/2026", "1/13/2026", "1/+2/2026", "1/1_0/2026", "1/²/2026", "a/b/c")),
        *((typed, "month") for typed in ("1 brumaire 2026", "1 jui 2026", "1 ma 2026", "1 maart3 2026", "3/27/2026")),
        *((typed, "year") for typed in ("1/2/26", "1/2/'26", "1/2/0000", "1/2/²026", "1/2/+202", "1/2/" + "9" * 30)),
        *((typed, "format") for typed in ("1/2", "1/2/2026/3", "/", "27 maart", "maart 2026", "27031984")),
    ],
)
def test_of_what_is_no_date_the_part_to_put_right_is_named(typed: str, key: str) -> None:
    assert problem("date", typed) == (f"error.date.{key}", {"label": "De vraag"})


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize(
    "typed",
    [
        "27 maart 1984", "27 MRT. 1984", "27 mars 1984", "27 March 1984", "27 mar 1984", "27e maart 1984",
        "27ste maart 1984", "27th of March 1984", "March 27th, 1984", "le 27 mars 1984", "dinsdag 27 maart 1984",
        "mardi 27 mars 1984", "27. 3. 1984", "27\u20113\u20111984", "27 \u2013 3 \u2013 1984", "27\u20443\u20441984",
        "\u0662\u0667/\u0663/\u0661\u0669\u0668\u0664", "\uff12\uff17\uff0f\uff13\uff0f\uff11\uff19\uff18\uff14",
        "1984\u30fb03\u30fb27", "\u200e27/3/1984\u200f", "27\u200b/3/1984", "27\u202fmars\u202f1984", "27.mrt.1984",
    ],
)  # fmt: skip
def test_a_date_is_read_in_the_words_and_signs_of_all_three_languages_on_every_page(language: str, typed: str) -> None:
    assert read("date", typed, language) == "1984-03-27"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("1er août 2026", "2026-08-01"), ("1er aout 2026", "2026-08-01"), ("1ᵉʳ août 2026", "2026-08-01"),
        ("le 1er d’août 2026", "2026-08-01"), ("1st Aug 2026", "2026-08-01"), ("3rd feb. 2026", "2026-02-03"),
        ("2e févr. 2026", "2026-02-02"), ("23 DÉC. 2026", "2026-12-23"), ("23 decembre 2026", "2026-12-23"),
        ("5 juin 2026", "2026-06-05"), ("5 juill. 2026", "2026-07-05"), ("5 okt 2026", "2026-10-05"),
        ("5 septemb. 2026", "2026-09-05"), ("1° mei 2026", "2026-05-01"),
    ],
)  # fmt: skip
def test_ordinals_and_months_cut_short_are_read(typed: str, stored: str) -> None:
    assert read("date", typed) == stored


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
        *("\u3164", "\u2800", "\u115f", "\ufe0f", "\U000e0041", "\u0301", "\u0663"),
        *("evil.be", "Kijk op evil.com", "EVIL.COM", "evil.com Sofie", "win.gent", "kijk.nu", "evil。com", "a.b.com"),
        *("bit.info", "J.kijk.net", "Pieter.de Wit"),
        *(".", "-", "\U0001f600", "Zo\u200bë", "Zo\u00adë", "Zoë\ufe0f", "evil\u2024example"),
    ],
)
def test_nobody_is_called_what_cannot_be_seen_or_leads_elsewhere(name: str) -> None:
    assert problem("name", name)[0] == "error.name.characters"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "St.John",
            "J.R.R. Tolkien",
            "J.R.R",
            "d.w.z",
            "Ph.D",
            "M.Sc",
            "Dr.Li",
            "Mr.De Smet",
            "Prof.Peeters",
            "St.Jo",
        ),
        *(
            "Zoë",
            "Noor",
            "d’Artagnan",
            "D'Arc",
            "Hawai\u02bbi",
            "\u041d\u0430\u0442\u0430\u043b\u02bc\u044f",
            "L\u00b7l",
            "Jean-Luc",
            "J.",
            "Ñandú",
            "陳大文",
        ),
        *("\u0645\u062d\u0645\u062f", "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"),
    ],
)
def test_people_are_called_what_they_are_called(name: str) -> None:
    assert read("name", name) == name
