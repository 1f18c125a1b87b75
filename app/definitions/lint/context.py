"""What surrounds a yes: who depends on whom, calls that are recorded, pictures that everybody can see."""

from ...languages import LANGUAGES, load
from ..source.positions import Node
from ..source.report import Report
from . import phrases
from .check import CheckedFile
from .law import asked_purposes
from .phrases import listed
from .texts import readable_texts


def check_context(file: CheckedFile, report: Report) -> None:
    """Where a yes may not be free, or where people may not know what they agree to."""
    top, controller = file.top, file.controller
    _check_power(top, controller, report)
    for purpose in top.at("purposes").items:
        _check_recording(top, purpose, report)
    if not top.at("age_gate").exists:  # with a gate, AK330 reports what is made public
        for purpose in asked_purposes(top):
            _check_pictures(purpose, report)


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


def _check_recording(top: Node, purpose: Node, report: Report) -> None:
    for language, text in readable_texts(purpose.at("text")):
        topics = _topics(purpose, language)
        before = phrases.find(top.at("intro", language).text, language)
        if {"recording", "conversation"} <= topics.keys() and "beforehand" not in topics | before:
            report.add(
                "AK352",
                text.position,
                f"{listed(topics['recording'])}: who is recorded is told so before it begins (GDPR art. 13(1)): say"
                f" that you do, such as “{load(language).words.examples.recorded}”",
            )


def _check_pictures(purpose: Node, report: Report) -> None:
    for language, text in readable_texts(purpose.at("text")):
        topics = _topics(purpose, language)
        if {"pictures", "public"} <= topics.keys() and "lasting" not in topics:
            copies = load(language).words.examples.copies
            report.add(
                "AK354",
                text.position,
                f"{listed(topics['pictures'] | topics['public'])}: what everybody can see cannot be called back, and"
                f" people must know that before they agree (GDPR art. 7(3), 13): say so, such as “{copies}”",
            )


def _topics(purpose: Node, language: str) -> dict[str, dict[str, str]]:
    """What the title and the text of a purpose say together."""
    return phrases.find("\n\n".join(purpose.at(key, language).text for key in ("title", "text")), language)
