"""Where an advertising call needs a yes, and since which day."""

from datetime import date, timedelta

import pytest

from app.domain.countries import TIME_ZONES
from app.domain.marketing import CALL_RULES, MAIL_LAWS, REFUSAL_LISTS, CallRule, call_rule

TODAY = date(2026, 11, 30)
DAY = timedelta(days=1)


@pytest.mark.parametrize("rule", CALL_RULES, ids=lambda rule: rule.country)
def test_a_rule_holds_from_its_day_on_and_not_the_day_before(rule: CallRule) -> None:
    assert call_rule([rule.country], rule.since) == rule
    assert call_rule([rule.country], rule.since - DAY) is None


def test_each_line_names_its_law_and_a_country_that_a_controller_can_be_in() -> None:
    assert all(rule.source for rule in CALL_RULES)
    assert {rule.country for rule in CALL_RULES} | MAIL_LAWS.keys() | REFUSAL_LISTS.keys() <= TIME_ZONES.keys()
    assert len({rule.country for rule in CALL_RULES}) == len(CALL_RULES)


@pytest.mark.parametrize(
    ("countries", "on", "expected"),
    [
        (["NL"], date(2026, 6, 30), None),
        (["NL"], date(2026, 7, 1), "NL"),
        (["FR"], date(2026, 8, 10), None),
        (["FR"], date(2026, 8, 11), "FR"),
        (["BE"], TODAY, None),
        (["XX", "", "be"], TODAY, None),
        ([], TODAY, None),
        (["BE", "NL"], TODAY, "NL"),
        (["FR", "NL"], TODAY, "NL"),
        (["NL", "FR"], date(2026, 6, 30), None),
    ],
)
def test_of_several_countries_the_strictest_counts(countries: list[str], on: date, expected: str | None) -> None:
    rule = call_rule(countries, on)

    assert (rule and rule.country) == expected


def test_france_alone_spares_who_has_a_contract() -> None:
    assert {rule.country: rule.spares for rule in CALL_RULES if rule.spares} == {"FR": "contract"}
