"""What the kit knows of countries: which are in the European Economic Area, and whose clock a controller lives by."""

from zoneinfo import ZoneInfo

EEA = frozenset(
    """
    AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK
    """.split()  # noqa: SIM905 - a list of words reads better than a list of strings
)
"""The 27 member states of the Union, with Iceland, Liechtenstein and Norway."""

TIME_ZONES = {
    "AT": "Europe/Vienna", "BE": "Europe/Brussels", "BG": "Europe/Sofia", "CH": "Europe/Zurich",
    "CY": "Asia/Nicosia", "CZ": "Europe/Prague", "DE": "Europe/Berlin", "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn", "ES": "Europe/Madrid", "FI": "Europe/Helsinki", "FR": "Europe/Paris",
    "GB": "Europe/London", "GR": "Europe/Athens", "HR": "Europe/Zagreb", "HU": "Europe/Budapest",
    "IE": "Europe/Dublin", "IS": "Atlantic/Reykjavik", "IT": "Europe/Rome", "LI": "Europe/Vaduz",
    "LT": "Europe/Vilnius", "LU": "Europe/Luxembourg", "LV": "Europe/Riga", "MT": "Europe/Malta",
    "NL": "Europe/Amsterdam", "NO": "Europe/Oslo", "PL": "Europe/Warsaw", "PT": "Europe/Lisbon",
    "RO": "Europe/Bucharest", "SE": "Europe/Stockholm", "SI": "Europe/Ljubljana", "SK": "Europe/Bratislava",
}  # fmt: skip
"""The zone of each country that a controller may be in: the EEA, the United Kingdom and Switzerland."""


def time_zone(country: str) -> ZoneInfo:
    """The zone whose clock a controller in this country lives by."""
    return ZoneInfo(TIME_ZONES.get(country, TIME_ZONES["BE"]))


_PHONES = {"BE": "0470 12 34 56", "NL": "06 12 34 56 78", "FR": "06 12 34 56 78", "LU": "621 123 456"}


def example_phone(country: str) -> str:
    """A telephone number as it is written in a country."""
    return _PHONES.get(country, "+32 470 12 34 56")
