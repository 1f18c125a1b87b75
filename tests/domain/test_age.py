"""Which age counts where and since when, how a date of birth is read, and what follows from it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import i18n
from app.domain import age
from app.domain.age import BirthProblem, Verdict, read_birth_date, verdict
from app.domain.consent import Audience
from app.domain.countries import EEA, TIME_ZONES

TODAY = date(2026, 11, 21)
BIRTHS = st.dates(date(1930, 1, 1), date(2026, 1, 1))
DAYS = st.dates(date(2026, 1, 1), date(2060, 1, 1))
AGES = st.integers(13, 16)
ORDER = (Audience.CHILD, Audience.TEEN, Audience.ADULT)


@pytest.mark.parametrize("country", sorted(EEA | {"GB"}))
def test_every_country_of_the_table_has_its_age_on_every_day_of_the_regulation(country: str) -> None:
    lines = [line for line in age.THRESHOLDS if line.country == country]

    assert min(line.since for line in lines) == date(2018, 5, 25)
    assert len({line.since for line in lines}) == len(lines)
    assert all(13 <= line.age <= 16 and line.source for line in lines)
    assert age.threshold(country, "online", TODAY) == max(lines, key=lambda line: line.since).age


def test_the_table_has_no_country_that_a_controller_cannot_be_in() -> None:
    assert {line.country for line in age.THRESHOLDS} <= set(TIME_ZONES)


@pytest.mark.parametrize(
    ("country", "day", "expected"),
    [
        ("BE", TODAY, 13),
        ("NL", TODAY, 16),
        ("FR", TODAY, 15),
        ("LU", TODAY, 16),
        ("AT", TODAY, 14),
        ("GB", TODAY, 13),
        ("DK", date(2023, 12, 31), 13),
        ("DK", date(2024, 1, 1), 15),
        ("SI", date(2023, 1, 25), 16),
        ("SI", date(2023, 1, 26), 15),
        ("CH", TODAY, 16),
        ("US", TODAY, 16),
        ("", TODAY, 16),
        ("BE", date(2018, 5, 24), 16),
    ],
)
def test_the_age_of_a_country_on_a_day(country: str, day: date, expected: int) -> None:
    assert age.threshold(country, "online", day) == expected


@pytest.mark.parametrize(
    ("countries", "expected"),
    [(["BE"], 13), (["BE", "FR"], 15), (["FR", "NL", "BE"], 16), (["BE", "XX"], 16), ([], 16)],
)
def test_of_several_countries_the_highest_age_counts(countries: list[str], expected: int) -> None:
    assert age.strictest(countries, "online", TODAY) == expected


def test_the_strictest_is_that_of_the_day() -> None:
    assert age.strictest(["BE", "DK"], "online", date(2023, 12, 31)) == 13
    assert age.strictest(["BE", "DK"], "online", date(2024, 1, 1)) == 15


@pytest.mark.parametrize(("explicit", "expected"), [(None, 15), (16, 16), (18, 18), (15, 15), (13, 15), (0, 15)])
def test_a_form_may_ask_for_a_higher_age_than_the_law_and_never_for_a_lower(
    explicit: int | None, expected: int
) -> None:
    assert age.that_counts(["BE", "FR"], explicit, "online", TODAY) == expected


@pytest.mark.parametrize(
    ("country", "day", "expected"),
    [
        ("NL", TODAY, 16),
        ("ES", date(2018, 12, 6), 18),
        ("ES", date(2018, 12, 7), 14),
        *((country, TODAY, 18) for country in ("BE", "FR", "DE", "GB", "CH", "US", "")),
    ],
)
def test_offline_the_age_is_that_of_majority_but_where_the_law_gives_another(
    country: str, day: date, expected: int
) -> None:
    assert age.threshold(country, "offline", day) == expected


@given(st.sampled_from(sorted(TIME_ZONES)), DAYS)
def test_offline_no_country_has_a_lower_age_than_online(country: str, day: date) -> None:
    assert age.threshold(country, "online", day) <= age.threshold(country, "offline", day) <= age.ADULT_AT


@pytest.mark.parametrize(
    ("countries", "explicit", "expected"),
    [
        (["BE"], None, 18),
        (["NL"], None, 16),
        (["NL"], 17, 17),
        (["NL"], 13, 16),
        (["NL", "BE"], None, 18),
        ([], 13, 18),
    ],
)
def test_offline_too_the_strictest_counts_and_a_form_may_only_ask_for_more(
    countries: list[str], explicit: int | None, expected: int
) -> None:
    assert age.that_counts(countries, explicit, "offline", TODAY) == expected


def read(day: str, month: str, year: str, language: str = "nl") -> date:
    typed = {"birth_day": day, "birth_month": month, "birth_year": year}
    return read_birth_date(typed, i18n.date_words(language), TODAY)


@pytest.mark.parametrize(
    ("language", "month", "number"),
    [
        ("nl", "maart", 3), ("nl", "Maart", 3), ("nl", "mrt", 3), ("nl", "mrt.", 3), ("nl", "OKTOBER", 10),
        ("nl", "sept", 9), ("nl", "mei", 5), ("nl", "augustus", 8),
        ("fr", "février", 2), ("fr", "FÉVRIER", 2), ("fr", "fe\u0301vrier", 2), ("fr", "fevrier", 2),
        ("fr", "févr.", 2), ("fr", "août", 8), ("fr", "aout", 8), ("fr", "déc.", 12), ("fr", "mai", 5),
        ("en", "March", 3), ("en", "Mar", 3), ("en", "september", 9), ("en", "Sept.", 9), ("en", "may", 5),
    ],
)  # fmt: skip
def test_a_month_may_be_written_as_a_word(language: str, month: str, number: int) -> None:
    assert read("3", month, "2014", language) == date(2014, number, 3)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_month_as_the_kit_itself_writes_it_is_read(language: str) -> None:
    for number in range(1, 13):
        _, month, year = i18n.day(date(2014, number, 3), "BE", language).split()
        assert read("3", month, year, language) == date(2014, number, 3)


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        *(("3", "3", "2014"), ("03", "03", "2014"), (" 3. ", "3\u00a0", "\t2014 "), ("3", "03.", "2014.")),
        *(("\u0663", "3", "\u0662\u0660\u0661\u0664"), ("\uff13", "\uff13", "\uff12\uff10\uff11\uff14")),
        *(("\u200e3", "3\u200b", "2014\ufeff"), ("3e", "3", "2014"), ("3rd", "3", "2014")),
    ],
)
def test_figures_are_read_as_people_write_them(day: str, month: str, year: str) -> None:
    assert read(day, month, year) == date(2014, 3, 3)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("month", ["maart", "mrt", "mars", "Mars.", "march", "MAR"])
def test_a_month_may_be_a_word_of_another_language_than_that_of_the_page(language: str, month: str) -> None:
    assert read("3", month, "2014", language) == date(2014, 3, 3)


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("3 maart 2014", "", ""),
        ("3/3/2014", "", ""),
        ("3 maart", "", "2014"),
        ("3", "mars 2014", ""),
        ("", "", "2014-03-03"),
    ],
)
def test_a_date_that_fills_fewer_fields_than_three_is_read(day: str, month: str, year: str) -> None:
    assert read(day, month, year) == date(2014, 3, 3)


def test_the_first_of_a_month_in_french() -> None:
    assert read("1er", "mars", "2014", "fr") == date(2014, 3, 1)


@pytest.mark.parametrize(
    ("day", "month", "year", "part", "key"),
    [
        ("", "", "", "birth_day", "missing"),
        (" ", "3", "", "birth_day", "missing"),
        ("", "3", "2014", "birth_day", "day_missing"),
        ("3", ".", "2014", "birth_month", "month_missing"),
        ("3", "3", "\u2003", "birth_year", "year_missing"),
        ("3", "3", "14", "birth_year", "year_digits"),
        ("3", "3", "'14", "birth_year", "year_digits"),
        ("3", "3", "014", "birth_year", "year_digits"),
        ("3", "3", "20144", "birth_year", "year_digits"),
        ("3", "3", "+201", "birth_year", "year_digits"),
        ("3", "3", "2_14", "birth_year", "year_digits"),
        ("³", "3", "2014", "birth_day", "no_day"),
        ("-3", "3", "2014", "birth_day", "no_day"),
        ("003", "3", "2014", "birth_day", "no_day"),
        ("er", "3", "2014", "birth_day", "no_day"),
        ("drie", "3", "2014", "birth_day", "no_day"),
        ("0", "3", "2014", "birth_day", "no_day"),
        ("32", "3", "2014", "birth_day", "no_day"),
        ("3", "0", "2014", "birth_month", "no_month"),
        ("3", "13", "2014", "birth_month", "no_month"),
        ("3", "123", "2014", "birth_month", "no_month"),
        ("3", "3 maart", "2014", "birth_month", "no_month"),
        ("31", "4", "2014", "birth_day", "not_a_date"),
        ("29", "2", "2014", "birth_day", "not_a_date"),
        ("3", "brumaire", "2014", "birth_month", "no_month"),
        ("3", "jui", "2014", "birth_month", "no_month"),
        ("3", "3", "0000", "birth_year", "year_digits"),
        ("22", "11", "2026", "birth_year", "future"),
        ("1", "1", "2027", "birth_year", "future"),
        ("1", "1", "1905", "birth_year", "too_old"),
        ("1", "1", "0001", "birth_year", "too_old"),
    ],
)
def test_what_is_no_date_of_birth_is_said_at_the_field_to_put_right(
    day: str, month: str, year: str, part: str, key: str
) -> None:
    with pytest.raises(BirthProblem) as caught:
        read(day, month, year)

    assert (caught.value.part, caught.value.key) == (part, f"error.birth.{key}")
    for language in i18n.LANGUAGES:
        assert i18n.say(language, caught.value.key)


def test_who_is_born_today_or_is_a_hundred_and_twenty_is_believed() -> None:
    assert read("21", "11", "2026") == TODAY
    assert read("1", "1", "1906") == date(1906, 1, 1)


def test_fields_that_were_not_sent_are_missing() -> None:
    with pytest.raises(BirthProblem) as caught:
        read_birth_date({}, i18n.date_words("nl"), TODAY)

    assert (caught.value.part, caught.value.key) == ("birth_day", "error.birth.missing")


@given(st.dictionaries(st.sampled_from(["birth_day", "birth_month", "birth_year"]), st.text(max_size=6)))
def test_whatever_is_typed_is_a_date_or_a_problem_with_a_field(typed: dict[str, str]) -> None:
    found: date | str
    try:
        found = read_birth_date(typed, i18n.date_words("nl"), TODAY)
    except BirthProblem as problem:
        found = problem.part
    assert found in ("birth_day", "birth_month", "birth_year") or (isinstance(found, date) and found <= TODAY)


def birthday(born: date, years: int) -> date:
    """The birthday as the law counts it: who is born on 29 February has it on 1 March where there is no 29th."""
    is_leap = (born.year + years) % 4 == 0 and ((born.year + years) % 100 != 0 or (born.year + years) % 400 == 0)
    if (born.month, born.day) == (2, 29) and not is_leap:
        return date(born.year + years, 3, 1)
    return date(born.year + years, born.month, born.day)


@given(BIRTHS, AGES)
def test_the_day_before_the_birthday_a_child_and_on_it_no_more(born: date, years: int) -> None:
    day = birthday(born, years)

    assert verdict(born, day - timedelta(days=1), years) == Verdict(Audience.CHILD, day.replace(day=1))
    assert verdict(born, day, years) == verdict(born, day + timedelta(days=1), years) == Verdict(Audience.TEEN)


@given(BIRTHS, AGES)
def test_a_teenager_until_the_eighteenth_birthday(born: date, years: int) -> None:
    day = birthday(born, 18)

    assert verdict(born, day - timedelta(days=1), years) == Verdict(Audience.TEEN)
    assert verdict(born, day, years) == Verdict(Audience.ADULT)


def test_where_the_age_is_eighteen_nobody_is_a_teenager() -> None:
    born = date(2008, 11, 22)

    assert verdict(born, TODAY, 18) == Verdict(Audience.CHILD, date(2026, 11, 1))
    assert verdict(born, TODAY + timedelta(days=1), 18) == Verdict(Audience.ADULT)


@given(BIRTHS, DAYS, DAYS, AGES)
def test_nobody_grows_younger(born: date, one: date, other: date, years: int) -> None:
    earlier, later = sorted((one, other))

    assert ORDER.index(verdict(born, earlier, years).audience) <= ORDER.index(verdict(born, later, years).audience)


@given(BIRTHS, BIRTHS, DAYS, AGES)
def test_who_is_older_is_never_judged_younger(one: date, other: date, day: date, years: int) -> None:
    older, younger = sorted((one, other))

    assert ORDER.index(verdict(older, day, years).audience) >= ORDER.index(verdict(younger, day, years).audience)


@given(BIRTHS, DAYS, AGES)
def test_a_higher_age_makes_nobody_older(born: date, day: date, years: int) -> None:
    strict, lenient = verdict(born, day, years + 1).audience, verdict(born, day, years).audience

    assert ORDER.index(strict) <= ORDER.index(lenient)


@given(BIRTHS, DAYS, AGES)
def test_of_a_child_only_the_first_of_the_right_month_is_kept(born: date, day: date, years: int) -> None:
    found = verdict(born, day, years)

    if found.audience == Audience.CHILD:
        assert found.decides_from is not None
        assert found.decides_from.day == 1
        reached = birthday(born, years)
        assert (found.decides_from.year, found.decides_from.month) == (reached.year, reached.month)
    else:
        assert found.decides_from is None


@given(BIRTHS, st.integers(1, 28), DAYS, AGES)
def test_two_children_of_one_month_leave_the_same_trace(born: date, other: int, day: date, years: int) -> None:
    one, two = verdict(born.replace(day=min(born.day, 28)), day, years), verdict(born.replace(day=other), day, years)

    if one.audience == two.audience:
        assert vars(one) == vars(two) == {"audience": one.audience, "decides_from": one.decides_from}


@pytest.mark.parametrize(
    ("years", "day", "audience"),
    [
        (13, date(2025, 2, 28), Audience.CHILD),
        (13, date(2025, 3, 1), Audience.TEEN),
        (14, date(2026, 2, 28), Audience.CHILD),
        (14, date(2026, 3, 1), Audience.TEEN),
        (16, date(2028, 2, 28), Audience.CHILD),
        (16, date(2028, 2, 29), Audience.TEEN),
        (13, date(2030, 2, 28), Audience.TEEN),
        (13, date(2030, 3, 1), Audience.ADULT),
    ],
)
def test_who_is_born_on_29_february_is_a_year_older_on_1_march_but_in_leap_years(
    years: int, day: date, audience: Audience
) -> None:
    assert verdict(date(2012, 2, 29), day, years).audience == audience


def test_the_month_of_who_is_born_on_29_february_is_that_of_the_birthday() -> None:
    assert verdict(date(2012, 2, 29), date(2024, 6, 1), 13).decides_from == date(2025, 3, 1)
    assert verdict(date(2012, 2, 29), date(2024, 6, 1), 16).decides_from == date(2028, 2, 1)


def test_no_leap_day_is_looked_for_in_a_year_of_a_full_century() -> None:
    assert verdict(date(2084, 2, 29), date(2099, 3, 1), 16).decides_from == date(2100, 3, 1)
