"""Fields that ask what no purpose speaks of (GDPR art. 5(1)(c))."""

from ...languages import load
from ..source.positions import Node
from ..source.report import Report
from ..words import finder
from . import phrases
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
                write = load(language).lexicon.write["AK395"]
                report.add(
                    "AK395",
                    label.position,
                    f"{listed(quoted)}: {phrases.ADVICE['AK395']}, such as “{write}”",
                )


def _says_why(purpose: Node, language: str) -> bool:
    said = finder.analyse(title_and_text(purpose, language), language).topics
    return not said.isdisjoint({"private_fact", "needed_for"})
