"""Checks of who is behind a form: the authority, and those who work for the controller or speak for it."""

from ...domain.authorities import AUTHORITIES, of_country
from ..schema.vocabulary import CONTROLLER_COUNTRIES
from ..source.report import Report
from .check import CheckedFile


def check_parties(file: CheckedFile, report: Report) -> None:
    """What controller.yaml says of others than the controller."""
    _check_authority(file, report)


def _check_authority(file: CheckedFile, report: Report) -> None:
    country, authority = file.top.at("country"), file.top.at("authority")
    known = AUTHORITIES.get(authority.text)
    if known and country.text in CONTROLLER_COUNTRIES and known.country != country.text:
        report.add(
            "AK365",
            authority.position,
            f"`{authority.text}` is not the authority of {country.text}: write `authority: {of_country(country.text)}`",
        )
