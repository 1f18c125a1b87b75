"""Checks of who is behind a form: the authority, who speaks or works for the controller, who receives the data."""

from ...domain.authorities import AUTHORITIES, of_country
from ...domain.basis import Basis
from ..schema import validators
from ..schema.controller import Controller
from ..schema.vocabulary import CONTROLLER_COUNTRIES, is_outside_eea
from ..source.positions import Node
from ..source.report import Report, quote
from .check import CheckedFile
from .law import names_nobody


def check_parties(file: CheckedFile, report: Report) -> None:
    """What controller.yaml says of others than the controller."""
    top = file.top
    _check_authority(top, report)
    _check_representative(top, report)
    processors = top.at("processors")
    if file.model is Controller and not processors.exists:
        report.add(
            "AK367",
            top.position,
            "nothing says who works for the controller: name the host and who sends the mail under `processors:`,"
            " each with name, country and task, or write `processors: none`",
        )
    for processor in processors.items:
        _check_processor(processor, report)


def check_recipients(file: CheckedFile, report: Report) -> None:
    """What a form says of who receives the data, and of whose interest it serves."""
    for purpose in file.top.at("purposes").items:
        _check_weighing(purpose, report)
        transfers = purpose.at("transfers")
        _check_safeguard(transfers.at("safeguard"), [one.text for one in transfers.at("countries").items], report)
        for recipient in purpose.at("recipients").items:
            name = recipient.at("name")
            if recipient.at("role").text == "controller" and not recipient.at("contact").exists:
                report.add(
                    "AK370",
                    name.position,
                    f"`{quote(name.text)}` keeps the data until people ask it: write `contact:` with its mail address",
                )


def _check_authority(top: Node, report: Report) -> None:
    country, authority = top.at("country"), top.at("authority")
    known = AUTHORITIES.get(authority.text)
    if known and country.text in CONTROLLER_COUNTRIES and known.country != country.text:
        report.add(
            "AK365",
            authority.position,
            f"`{authority.text}` is not the authority of {country.text}: write `authority: {of_country(country.text)}`",
        )


def _check_representative(top: Node, report: Report) -> None:
    country, representative = top.at("country"), top.at("representative")
    if country.text not in CONTROLLER_COUNTRIES:
        return
    if is_outside_eea(country.text) and not representative.exists:
        report.add(
            "AK366",
            country.position,
            f"{country.text} is outside the EEA: write `representative:` with name, address and contact, or"
            " `representative: none` where GDPR art. 27(2) asks for nobody",
        )
    elif not is_outside_eea(country.text) and representative.exists:
        report.add(
            "AK224",
            representative.key_position,
            f"a controller in {country.text} needs no representative: leave it out",
        )


def _check_processor(processor: Node, report: Report) -> None:
    name, country, safeguard = processor.at("name"), processor.at("country"), processor.at("safeguard")
    if names_nobody(name.text):
        report.add(
            "AK307",
            name.position,
            f"`{quote(name.text)}` names nobody (GDPR art. 13(1)(e)): write who receives the data",
        )
    if is_outside_eea(country.text) and not safeguard.exists:
        report.add(
            "AK368",
            country.position,
            f"{country.text} is outside the EEA: write what protects the data there, such as `safeguard: scc`",
        )
    elif validators.is_country(country.text) and not is_outside_eea(country.text) and safeguard.exists:
        report.add(
            "AK224", safeguard.key_position, f"{country.text} is in the EEA and needs no safeguard: leave it out"
        )
    _check_safeguard(safeguard, [country.text], report)


def _check_safeguard(safeguard: Node, countries: list[str], report: Report) -> None:
    if safeguard.text == "adequacy" and "US" in countries:
        report.add(
            "AK369",
            safeguard.position,
            "the decision on the United States covers only who is on the list of the Data Privacy Framework:"
            " write `dpf` where all recipients are on it, else `scc`",
        )
    elif safeguard.text == "dpf" and set(countries) - {"US", ""}:
        report.add("AK369", safeguard.position, "`dpf` is for the United States alone: write `adequacy` or `scc`")


def _check_weighing(purpose: Node, report: Report) -> None:
    basis, weighing = purpose.at("basis"), purpose.at("weighing")
    if basis.text == Basis.LEGITIMATE_INTEREST and not weighing.exists:
        report.add(
            "AK371",
            basis.position,
            "say what was weighed: write `weighing:` with your interest, what people may expect, and what protects"
            " them; it goes into the register and is not shown",
        )
    elif weighing.exists and basis.text != Basis.LEGITIMATE_INTEREST:
        report.add("AK224", weighing.key_position, "only a legitimate interest is weighed: leave `weighing` out")
