"""When a consent ends by itself, and how long its proof stays."""

from datetime import UTC, datetime

import pytest

from app.domain.retention import ends, proof_until
from app.period import Period

GRANTED = datetime(2026, 11, 21, 13, 32, tzinfo=UTC)


@pytest.mark.parametrize(
    ("keep", "valid_for", "year"),
    [("3 years", "1 year", 2027), ("1 year", "3 years", 2027), ("2 years", None, 2028), (None, "1 year", 2027)],
)
def test_a_consent_ends_at_whichever_comes_first(keep: str | None, valid_for: str | None, year: int) -> None:
    periods = [Period.parse(text) if text else None for text in (keep, valid_for)]

    assert ends(GRANTED, *periods) == GRANTED.replace(year=year)


def test_what_is_kept_until_withdrawn_has_no_end() -> None:
    assert ends(GRANTED, None, None) is None


def test_the_proof_stays_for_its_time_after_the_end() -> None:
    assert proof_until(GRANTED, Period(5, "year")) == GRANTED.replace(year=2031)
