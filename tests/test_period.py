"""Periods: written by people, counted by the calendar."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.period import UNITS, Period

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PERIODS = st.builds(Period, st.integers(1, 1200), st.sampled_from(UNITS))
CLOCK_UNITS = ("second", "minute", "hour", "day", "week")


@given(st.builds(Period, st.integers(1, 99999), st.sampled_from(UNITS)))
def test_a_period_is_read_back_from_what_it_is_written_as(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(st.integers(1, 99999), st.sampled_from(UNITS), st.sampled_from(["", "s"]), st.sampled_from(["", " ", "\n"]))
def test_one_and_many_may_be_written_with_or_without_an_s(count: int, unit: str, s: str, around: str) -> None:
    assert Period.parse(f"{around}{count} {unit}{s}{around}") == Period(count, unit)


@pytest.mark.parametrize(
    "text",
    [
        "", "2", "years", "0 years", "-1 year", "+1 year", "01 years", "1.5 years", "1,5 years", "two years", "2 jaar",
        "2  years", "2years", "2 Years", "2 YEARS", "2 yearss", "2 years ago", "100000 days", "٢ years", "² years",
        "1 year 6 months", "1 year\n2 years", "2\u00a0years", "2 years\0", "P2Y", "until_withdrawn", "9" * 5000,
    ],
)  # fmt: skip
def test_anything_else_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="write a number and a unit") as caught:
        Period.parse(text)

    assert len(str(caught.value)) < 200


@given(st.text())
def test_no_text_makes_the_reader_fail_in_another_way(text: str) -> None:
    try:
        read = Period.parse(text)
    except ValueError:
        return
    assert str(read).rstrip("s") == text.strip().rstrip("s")


@given(PERIODS, MOMENTS)
def test_time_always_moves_on(period: Period, moment: datetime) -> None:
    assert period.after(moment) > moment
    assert period.after(moment).tzinfo is UTC


@given(PERIODS, MOMENTS, MOMENTS)
def test_who_was_earlier_is_not_later_afterwards(period: Period, one: datetime, other: datetime) -> None:
    assert (one <= other) is (period.after(one) <= period.after(other)) or period.after(one) == period.after(other)


@given(st.sampled_from(UNITS), st.integers(1, 1200), MOMENTS)
def test_longer_is_later(unit: str, count: int, moment: datetime) -> None:
    assert Period(count + 1, unit).after(moment) > Period(count, unit).after(moment)


@given(st.sampled_from(CLOCK_UNITS), st.integers(1, 1000), MOMENTS)
def test_clock_units_have_a_fixed_length(unit: str, count: int, moment: datetime) -> None:
    period = Period(count, unit)

    assert period.after(moment) - moment == period.delta == count * Period(1, unit).delta


@given(st.sampled_from(["month", "year"]), st.integers(1, 1200), MOMENTS)
def test_months_and_years_keep_the_day_or_take_the_last_of_the_month(unit: str, count: int, moment: datetime) -> None:
    after = Period(count, unit).after(moment)

    months = (after.year - moment.year) * 12 + after.month - moment.month
    assert months == count * (12 if unit == "year" else 1)
    assert after.time() == moment.time()
    assert after.day == moment.day or (after.day < moment.day and (after + timedelta(days=1)).day == 1)


@given(st.integers(1, 100), MOMENTS)
def test_a_year_is_twelve_months(count: int, moment: datetime) -> None:
    assert Period(count, "year").after(moment) == Period(12 * count, "month").after(moment)


@pytest.mark.parametrize(
    ("start", "text", "end"),
    [
        ("2024-01-31", "1 month", "2024-02-29"),
        ("2023-01-31", "1 month", "2023-02-28"),
        ("2024-02-29", "1 year", "2025-02-28"),
        ("2024-02-29", "4 years", "2028-02-29"),
        ("2026-12-15", "1 month", "2027-01-15"),
        ("2026-11-30", "3 months", "2027-02-28"),
        ("2026-03-29", "1 day", "2026-03-30"),
    ],
)
def test_the_calendar_counts_as_people_do(start: str, text: str, end: str) -> None:
    moment = datetime.fromisoformat(start).replace(tzinfo=UTC)

    assert Period.parse(text).after(moment).date().isoformat() == end


@pytest.mark.parametrize("unit", ["month", "year"])
def test_months_and_years_have_no_fixed_length(unit: str) -> None:
    with pytest.raises(ValueError, match=f"1 {unit} has no fixed length"):
        _ = Period(1, unit).delta


def test_the_units_are_in_order() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)

    assert all(Period(1, short).after(moment) < Period(1, long).after(moment) for short, long in pairwise(UNITS))
