"""What the product knows of the law of each country: ages of digital consent, authorities, advertising calls."""

from datetime import date

from babel import Locale
from babel.dates import format_date

from app.domain.age import OFFLINE_THRESHOLDS, THRESHOLDS, Threshold
from app.domain.authorities import AUTHORITIES
from app.domain.marketing import CALL_RULES, REFUSAL_LISTS

_GDPR = date(2018, 5, 25)
"""Since when most of these ages count."""


def ages() -> str:
    """The age of digital consent in each country. Nothing depends on the day on which the page is made."""
    return _table(THRESHOLDS)


def offline_ages() -> str:
    """The countries that give an age for what is no information-society service."""
    return _table(OFFLINE_THRESHOLDS)


def _table(thresholds: tuple[Threshold, ...]) -> str:
    lines = [
        f"| {_name(line.country)} | {line.age} | {_day(line.since) if line.since != _GDPR else ''} | {line.source} |"
        for line in thresholds
    ]
    return "\n".join(["| country | age | since | source |", "|---|---:|---|---|", *lines])


def authorities() -> str:
    """The supervisory authority of each country, with the code that a definition writes."""
    lines = [
        f"| {_name(one.country)} | `{code}` | {one.name('en')} | {one.address('en')} |"
        for code, one in sorted(AUTHORITIES.items())
    ]
    return "\n".join(["| country | `authority` | name | where |", "|---|---|---|---|", *lines])


def calls() -> str:
    """Where an advertising call needs a yes, and where there is a list of those who refuse."""
    lines = [
        f"| {_name(rule.country)} | a yes{', except about a running contract' if rule.spares == 'contract' else ''} "
        f"| {_day(rule.since)} | {rule.source} |"
        for rule in CALL_RULES
    ]
    lines += [f"| {_name(country)} | look into a list first | | {told} |" for country, told in REFUSAL_LISTS.items()]
    return "\n".join(["| country | asks for | since | source |", "|---|---|---|---|", *lines])


def _name(country: str) -> str:
    return f"{Locale('en').territories[country]} (`{country}`)"


def _day(day: date) -> str:
    return format_date(day, "d MMMM y", locale="en")
