"""What surrounds a yes: who depends on whom."""

from ...languages import LANGUAGES, load
from ..source.positions import Node
from ..source.report import Report
from . import phrases
from .check import CheckedFile
from .phrases import listed
from .texts import readable_texts


def check_context(file: CheckedFile, report: Report) -> None:
    """Where a yes may not be free."""
    top, controller = file.top, file.controller
    _check_power(top, controller, report)


def _check_power(top: Node, controller: Node | None, report: Report) -> None:
    """One finding for a form: at the first of its own words that says so, else for the name of its controller."""
    name = controller.at("name").text if controller is not None else ""
    positions = [
        (text, text.text, language) for key in ("title", "intro") for language, text in readable_texts(top.at(key))
    ]
    positions += [(top.at("title"), name, language) for language in LANGUAGES]
    for node, text, language in positions:
        topics = phrases.find(text, language)
        found = topics.get("employer") or topics.get("school")
        if found:
            no_harm = load(language).words.examples.no_harm
            report.add(
                "AK351",
                node.position if node.text else node.key_position,
                f"{listed(found)}: who works or learns with you may not dare to say no (GDPR recital 43): choose"
                f" another basis, or say that a no costs nothing, such as “{no_harm}”, and accept this",
            )
            return
