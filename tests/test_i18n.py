"""The kit's own words, and dates and periods as people here write them."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.units import format_unit
from hypothesis import given
from hypothesis import strategies as st

from app import i18n, languages, paths
from app.domain.countries import EEA, TIME_ZONES
from app.i18n import LANGUAGES
from app.period import UNITS, Period

AFTERNOON = datetime(2026, 11, 21, 13, 32, 5, tzinfo=UTC)


def plain(text: str) -> str:
    """A text with ordinary spaces, because which space a language takes is not what is tested."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "text"), [("nl", "Mijn keuze versturen"), ("fr", "Envoyer mon choix"), ("en", "Send my choice")]
)
def test_a_key_has_its_own_text_in_each_language(language: str, text: str) -> None:
    assert i18n.say(language, "form.submit") == text


@pytest.mark.parametrize(
    ("language", "adult", "young"), [("nl", "U krijgt", "Je krijgt"), ("fr", "vous demandera", "te demandera")]
)
def test_the_young_are_spoken_to_in_words_of_their_own_where_there_are_any(
    language: str, adult: str, young: str
) -> None:
    assert adult in i18n.say(language, "form.email.hint")
    assert young in i18n.say(language, "form.email.hint", True)
    assert i18n.say(language, "form.submit", True) == i18n.say(language, "form.submit")


def test_a_text_takes_its_values() -> None:
    assert "3 uur" in i18n.say("nl", "date.with_time", date="21 november", time="3 uur")


@pytest.mark.parametrize("value", ["{time}", "{0}", "{date.__class__}", "%s", "{"])
def test_a_value_is_text_and_never_a_pattern(value: str) -> None:
    assert value in i18n.say("nl", "date.with_time", date=value, time="")


def test_a_missing_key_or_value_is_a_fault_and_never_a_gap_in_a_page() -> None:
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        i18n.say("nl", "no.such.key")
    with pytest.raises(KeyError, match="time"):
        i18n.say("nl", "date.with_time", date="today")
    with pytest.raises(KeyError, match="date"):
        i18n.say("nl", "date.with_time")


@pytest.mark.parametrize(
    ("language", "day", "time", "day_and_time"),
    [
        ("nl", "21 november 2026", "14.32 uur", "21 november 2026 om 14.32 uur"),
        ("fr", "21 novembre 2026", "14h32", "21 novembre 2026 à 14h32"),
        ("en", "21 November 2026", "14:32", "21 November 2026 at 14:32"),
    ],
)
def test_a_moment_is_told_as_the_language_does(language: str, day: str, time: str, day_and_time: str) -> None:
    assert plain(i18n.day(AFTERNOON, "BE", language)) == day
    assert plain(i18n.time(AFTERNOON, "BE", language)) == time
    assert plain(i18n.day_and_time(AFTERNOON, "BE", language)) == day_and_time


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 3, 1), "1er mars 2026"),
        (date(2026, 3, 2), "2 mars 2026"),
        (date(2026, 3, 11), "11 mars 2026"),
        (date(2021, 1, 21), "21 janvier 2021"),
    ],
)
def test_french_counts_only_the_first_of_a_month_as_first(day: date, text: str) -> None:
    assert plain(i18n.day(day, "BE", "fr")) == text


@pytest.mark.parametrize(
    ("country", "summer", "winter"), [("BE", "14:30", "13:30"), ("PT", "13:30", "12:30"), ("FI", "15:30", "14:30")]
)
def test_the_clock_is_that_of_the_controllers_country(country: str, summer: str, winter: str) -> None:
    assert i18n.time(datetime(2026, 7, 1, 12, 30, tzinfo=UTC), country, "en") == summer
    assert i18n.time(datetime(2026, 12, 1, 12, 30, tzinfo=UTC), country, "en") == winter


def test_a_day_begins_at_midnight_of_the_country_and_not_of_greenwich() -> None:
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)

    assert i18n.day(late, "BE", "en") == "1 July 2026"
    assert i18n.day(late, "PT", "en") == "30 June 2026"


@pytest.mark.parametrize("country", sorted(EEA | {"GB", "CH"}))
def test_every_country_of_a_controller_has_its_clock_and_its_name(country: str) -> None:
    assert country in TIME_ZONES
    assert i18n.local(AFTERNOON, country).utcoffset() in {timedelta(hours=hours) for hours in range(3)}
    for language in LANGUAGES:
        assert i18n.country(country, language) not in ("", country)


def test_a_code_without_a_name_is_shown_as_it_is() -> None:
    assert i18n.country("QX", "nl") == "QX"


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("nl", "seconde minuut uur dag week maand jaar", "seconden minuten uur dagen weken maanden jaar"),
        ("fr", "seconde minute heure jour semaine mois an", "secondes minutes heures jours semaines mois ans"),
        ("en", "second minute hour day week month year", "seconds minutes hours days weeks months years"),
    ],
)
def test_periods_are_counted_in_words(language: str, one: str, many: str) -> None:
    for unit, singular, plural in zip(UNITS, one.split(), many.split(), strict=True):
        assert plain(i18n.period(Period(1, unit), language)) == f"1 {singular}"
        assert plain(i18n.period(Period(2, unit), language)) == f"2 {plural}"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "1 minuut"), (60, "1 minuut"), (61, "2 minuten"), (600, "10 minuten")]
)
def test_a_waiting_time_is_rounded_up_so_that_nobody_comes_back_too_early(seconds: int, text: str) -> None:
    assert i18n.minutes(seconds, "nl") == text


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "nl"),
        ("fr", "fr"),
        ("FR-be", "fr"),
        ("fr-BE,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.5, fr;q=0.9", "fr"),
        ("de, en;q=0.3", "en"),
        ("de, tlh", "nl"),
        ("en;q=0", "nl"),
        ("*", "nl"),
        ("en, fr", "en"),
        ("en;q=broken, fr", "fr"),
        ("x" * 600 + ",fr", "nl"),
    ],
)
def test_the_best_language_is_the_one_that_a_browser_likes_most(header: str, language: str) -> None:
    assert i18n.best(header, ("nl", "fr", "en")) == language


@given(
    st.one_of(st.text(), st.from_regex(r"([a-z*]{0,3}(-[A-Z]{2})?(;q=[0-9.naife-]{0,8})?,?){0,9}", fullmatch=True)),
    st.permutations(LANGUAGES),
)
def test_no_header_asks_for_a_language_that_is_not_there(header: str, offered: list[str]) -> None:
    assert i18n.best(header, tuple(offered)) in offered


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_is_written_as_cldr_writes_it_but_for_the_first_in_french(language: str) -> None:
    locale = i18n.say(language, "language.region")
    for number in range(366):
        day = date(2024, 1, 1) + timedelta(days=number)
        as_cldr = format_date(day, "long", locale=locale)
        is_first = language == "fr" and day.day == 1
        assert i18n.day(day, "BE", language) == (as_cldr.replace("1 ", "1er ") if is_first else as_cldr)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_period_is_written_as_cldr_writes_it_where_it_knows_the_unit(language: str) -> None:
    locale = i18n.say(language, "language.region")
    for unit, count in product(UNITS, (1, 2, 11, 999, 1000, 99999)):
        as_cldr = format_unit(count, f"duration-{unit}", "long", locale=locale)
        if (language, unit) in (("nl", "day"), ("nl", "hour")):  # Babel 2.18 has no Dutch names for these two
            assert "duration-" in as_cldr
        else:
            assert i18n.period(Period(count, unit), language) == as_cldr


@pytest.mark.parametrize("name", ["messages.po", "child.po"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_read_as_babel_reads_it(language: str, name: str) -> None:
    path = paths.TRANSLATIONS / language / name
    with path.open("rb") as file:
        read = {str(message.id): str(message.string) for message in read_po(file) if message.id}

    assert {key: text for key, text in languages.read_catalogue(path).items() if key} == read


def test_a_catalogue_may_be_written_as_other_tools_write_it(tmp_path: Path) -> None:
    path = tmp_path / "messages.po"
    lines = [
        *("# a note", 'msgid ""', 'msgstr ""', r'"Language: en\n"', ""),
        *("#: a.py:1", 'msgid ""', '"a."', '"key"', 'msgstr ""', '"one “two” "', r'"\"three\"\n\\ four"', ""),
        *('#~ msgid "old"', '#~ msgstr "gone"', ""),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")

    assert languages.read_catalogue(path) == {"": "Language: en\n", "a.key": 'one “two” "three"\n\\ four'}


def test_languages_and_months_have_names() -> None:
    assert [i18n.language_name(code) for code in LANGUAGES] == ["Nederlands", "Français", "English"]
    for language in LANGUAGES:
        names = i18n.date_words(language).months
        assert set(names.values()) == set(range(1, 13))
        assert all(name == name.lower().strip(".") for name in names)
    for language, march in (("nl", "maart"), ("fr", "mars"), ("en", "march")):
        assert i18n.date_words(language).months[march] == 3
