"""Fields that ask what no purpose speaks of (GDPR art. 5(1)(c))."""

from ..source.positions import Node
from ..source.report import Report
from ..words import finder
from . import advice
from .all_texts import title_and_text
from .check import CheckedFile
from .phrases import listed
from .texts import readable_texts


def check_questions(file: CheckedFile, report: Report) -> None:
    """Report a question about income, family, schooling or faith where no purpose that uses it says what it is for."""
    purposes = file.top.at("purposes").items
    for field in file.top.at("fields").items:
        using = [one for one in purposes if field.at("id").text in {entry.text for entry in one.at("data").items}]
        for language, label in readable_texts(field.at("label")):
            analysis = finder.analyse(label.text, language)
            asked = [one for one in analysis.found if one.topic == "private_fact" and not one.denied]
            if using and asked and not any(_says_why(purpose, language) for purpose in using):
                quoted = {analysis.plain.quoted(one.first, one.end): "" for one in asked}
                message = advice.message("AK395", listed(quoted), label, language)
                report.add("AK395", label.position, message)


def _says_why(purpose: Node, language: str) -> bool:
    said = finder.analyse(title_and_text(purpose, language), language).topics
    return not said.isdisjoint({"private_fact", "needed_for"})
