"""Direct marketing: in which countries the law asks for consent before an advertising call, and since when.

By mail and text message all countries of the Union ask for it (Directive 2002/58 art. 13(1)); for calls each chooses
between consent and a list of those who refuse (art. 13(3)).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .basis import Basis


@dataclass(frozen=True)
class CallRule:
    """From that day on a person (ISO 3166 `country`) is called for advertising after a yes alone, by this national law.

    `spares` is the basis on which that law still lets a company call its own customers; None where there is none.
    """

    country: str
    since: date
    source: str
    spares: Basis | None = None


CALL_RULES = (
    CallRule("AT", date(2003, 8, 20), "TKG 2003 § 107(1), now TKG 2021 § 174(1)"),
    CallRule("DE", date(2004, 7, 8), "UWG § 7(2) no. 1, until 2022 no. 2"),
    CallRule("DK", date(2004, 10, 1), "forbrugeraftaleloven § 4(1)"),
    CallRule(
        "FR", date(2026, 8, 11), "code de la consommation art. L223-1, loi 2025-594 art. 13", spares=Basis.CONTRACT
    ),
    CallRule("NL", date(2026, 7, 1), "Telecommunicatiewet art. 11.7(2)"),
    CallRule("PL", date(2024, 11, 10), "Prawo komunikacji elektronicznej art. 398(1)"),
)
"""Countries without a line keep a list of those who refuse, or spare customers in general.

Trades that some of these laws let call without a yes (NL: charities and newspapers; FR: newspapers; DK: books,
newspapers, insurance, rescue) are not told apart: nothing in a form says which trade it is, and to ask is never wrong.
NL asked for consent from 1 July 2021, and spared own customers until 30 June 2026.
"""

MAIL_LAWS = {
    "BE": "Code of Economic Law art. XII.13",
    "DE": "UWG § 7(2) no. 2",
    "FR": "CPCE art. L34-5",
    "NL": "Telecommunicatiewet art. 11.7(1)",
}
"""Where Directive 2002/58 art. 13(1) stands in the law of a country, for messages that name it."""

REFUSAL_LISTS = {
    "BE": "the bel-me-niet-meer list (Code of Economic Law art. VI.110 to VI.112)",
    "GB": "the Telephone Preference Service (PECR reg. 21)",
    "IT": "the Registro pubblico delle opposizioni (Codice privacy art. 130(3-bis))",
}
"""Whose numbers nobody may call for advertising, where the kit knows the list of a country."""


def call_rule(countries: Iterable[str], on: date) -> CallRule | None:
    """The rule that asks for consent to advertising calls in one of these countries on a day, or None.

    It protects who is called, not who calls, so each country where a form is met counts, and the strictest decides:
    a rule that spares nobody comes before one that does.
    """
    known = set(countries)
    found = [rule for rule in CALL_RULES if rule.country in known and rule.since <= on]
    return min(found, key=lambda rule: bool(rule.spares), default=None)
