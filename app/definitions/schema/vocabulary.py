"""What a definition may name: countries, authorities, kinds of data, and ids of fields."""

from functools import cache

from babel import Locale

from ...domain import authorities
from ...domain.countries import EEA, TIME_ZONES

AUTHORITIES = tuple(sorted(authorities.AUTHORITIES))
"""The codes of the supervisory authorities."""

CONTROLLER_COUNTRIES = tuple(sorted(TIME_ZONES))
"""Where a controller may be: the EEA, the United Kingdom and Switzerland."""

SPECIAL_KINDS = (
    "racial_or_ethnic_origin",
    "political_opinions",
    "religious_or_philosophical_beliefs",
    "trade_union_membership",
    "genetic",
    "biometric",
    "health",
    "sex_life_or_sexual_orientation",
)
"""The special categories of data, in the order of GDPR art. 9(1)."""

RESERVED_FIELD_IDS = frozenset(
    """
    email purposes explicit decision website form_token lang site birth_day birth_month birth_year
    asked guardian_email child_name child_email is_guardian child_birth_month child_birth_year use_child_name
    List-Unsubscribe
    """.split()  # noqa: SIM905 - as below
)
"""Names that the kit's own pages post; a field of a definition with such a name would collide."""

_NO_COUNTRY = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split())  # noqa: SIM905
"""Codes of CLDR's list that ISO 3166-1 does not assign to a country. Kosovo (XK) stays: people live there."""


@cache
def countries() -> frozenset[str]:
    """The two-letter codes of all countries."""
    codes = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NO_COUNTRY


def is_outside_eea(country: str) -> bool:
    """Whether data that goes to this country is a transfer (GDPR chapter V)."""
    return country in countries() and country not in EEA
