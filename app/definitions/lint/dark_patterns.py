"""How a consent is worded: constructions that no consent may be asked with, words of lawyers, mixed languages."""

from functools import partial

from ..source.report import Report, quote
from ..words import finder
from ..words.language import load
from . import advice, phrases, special_category
from .all_texts import ReadableText, all_texts
from .check import CheckedFile
from .constructions import Span, concepts_of, violations
from .phrases import listed

_ASKS = frozenset({"form", "label", "option", "purpose", "statement"})
"""Kinds of texts with which a form asks something."""
_UNKNOWN_TO_CHILDREN = "children do not know {} (GDPR art. 12(1), recital 58)"
_NOT_PLAIN = "{}: plain language is a duty (GDPR art. 7(2), 12(1))"


def check_wording(file: CheckedFile, report: Report) -> None:
    """Every text of a form against `rules.RULES`; also for words and language where it asks something.

    Advertising that is told needs no word of how it comes where the channel says it.
    """
    undeclared = special_category.undeclared(file.top)
    gated = file.top.at("age_gate").exists  # with a gate, AK330 reports what is made public
    purposes = file.top.at("purposes").items
    advertised = {one.path for one in purposes if one.at("direct_marketing").value is True}  # AK357 and AK358 judge it
    messages = {one.path for one in purposes if one.at("channel").text in ("email", "phone", "sms")}
    for text in all_texts(file.top):
        entry = text.nodes[0].path[:2]
        broken = violations(text)
        if entry in messages and text.kind == "told" and (named := concepts_of(text, "advertising")):
            broken.setdefault("AK360", named)
        for code, found in broken.items():
            left_alone = (
                (code == "AK305" and entry not in undeclared)
                or (code == "AK354" and gated)
                or (code == "AK360" and entry in advertised)
            )
            if not left_alone:
                _advise(code, found, text, report)
        if text.kind in _ASKS:
            _check_words(text, report)


def _advise(code: str, found: list[Span], text: ReadableText, report: Report) -> None:
    """What breaks a rule, at the text that its last words stand in. The same words are named once."""
    plain = finder.analyse(text.text, text.language).plain
    node = text.node_at(plain.places[found[-1][1] - 1][0])
    quoted: dict[str, str] = {}
    for span in found:
        words = plain.quoted(*span)
        quoted.setdefault(words.casefold(), words)
    named = listed(dict.fromkeys(quoted.values(), ""))
    report.add(code, node.position, advice.message(code, named, node, text.language))


def _check_words(text: ReadableText, report: Report) -> None:
    if text.young:
        _check_jargon(text, "child_jargon", "AK326", _UNKNOWN_TO_CHILDREN, report)
    elif text.kind in ("form", "purpose"):
        _check_jargon(text, "adult_jargon", "AK350", _NOT_PLAIN, report)
    _check_language(text, report)


def _check_jargon(text: ReadableText, topic: str, code: str, why: str, report: Report) -> None:
    """Jargon is a fault in each text that has some. `why` has a place for the words."""
    analysis = finder.analyse(text.text, text.language)
    for node in text.nodes if topic in analysis.topics else ():
        found = phrases.of_topic(analysis, topic, within=partial(text.is_in, node))
        if found:
            report.add(code, node.position, f"{why.format(listed(found))}: {_instead(found)}")


def _instead(found: dict[str, str]) -> str:
    plain = [f"“{better}” for `{quote(phrase)}`" for phrase, better in found.items() if better][: phrases.MOST_NAMED]
    return f"say it in plain words, such as {', '.join(plain)}" if plain else "say it in plain words, or leave it out"


def _check_language(text: ReadableText, report: Report) -> None:
    if not phrases.may_be_foreign(text.text, text.language):
        return
    for node in text.nodes:
        foreign = phrases.foreign(node.text, text.language)
        if foreign:
            other, found, sentence = foreign
            meant = load(text.language).words.english_name
            report.add(
                "AK353",
                node.position,
                f"“{quote(sentence)}” looks like {load(other).words.english_name} ({listed(dict.fromkeys(found, ''))}):"
                f" people must be able to read it (GDPR art. 12(1)); write it in {meant}",
            )
