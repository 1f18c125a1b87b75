"""How a consent is worded: phrases that no consent may be asked with, words of lawyers, rewards, mixed languages."""

from collections.abc import Iterator
from dataclasses import dataclass

from ...languages import load
from ..source.positions import Node
from ..source.report import Report, quote
from ..words import finder
from . import advice, phrases, special_category
from .all_texts import all_texts
from .check import CheckedFile
from .constructions import violations
from .law import asked_purposes
from .phrases import listed
from .texts import readable_texts

_UNKNOWN_TO_CHILDREN = "children do not know {} (GDPR art. 12(1), recital 58)"
_NOT_PLAIN = "{}: plain language is a duty (GDPR art. 7(2), 12(1))"


@dataclass(frozen=True)
class Passage:
    """One text of a form, who reads it and under which key. `young` is True where a child or teenager reads, `markets`
    where it belongs to direct marketing."""

    node: Node
    language: str
    young: bool
    key: str
    markets: bool = False

    @property
    def text(self) -> str:
        """The text as it is written."""
        return self.node.text

    @property
    def topics(self) -> dict[str, dict[str, str]]:
        """What the lexicon finds in it, by topic."""
        return phrases.find(self.text, self.language)


def check_dark_patterns(file: CheckedFile, report: Report) -> None:
    """Every text with which a form asks something: its title, intro and labels, and its asked purposes."""
    for passage in asked_passages(file.top):
        if passage.young:
            _check_jargon(passage, "child_jargon", "AK326", _UNKNOWN_TO_CHILDREN, report)
        elif passage.key in ("title", "intro", "text"):
            _check_jargon(passage, "adult_jargon", "AK350", _NOT_PLAIN, report)
        _check_language(passage, report)


def check_constructions(file: CheckedFile, report: Report) -> None:
    """Every text of a form, against the rules of `rules.RULES`."""
    undeclared = special_category.undeclared(file.top)
    gated = file.top.at("age_gate").exists  # with a gate, AK330 reports what is made public
    purposes = file.top.at("purposes").items
    advertised = {one.path for one in purposes if one.at("direct_marketing").value is True}  # AK357 and AK358 judge it
    for text in all_texts(file.top):
        plain = finder.analyse(text.text, text.language).plain
        for code, found in violations(text).items():
            entry = text.nodes[0].path[:2]
            if (code == "AK305" and entry not in undeclared) or (code == "AK354" and gated):
                continue
            if code == "AK360" and entry in advertised:
                continue
            node = text.node_at(plain.places[found[-1][1] - 1][0])
            quoted: dict[str, str] = {}
            for span in found:
                words = plain.quoted(*span)
                quoted.setdefault(words.casefold(), words)
            _advise(code, dict.fromkeys(quoted.values(), ""), node, text.language, report)


def asked_passages(top: Node) -> Iterator[Passage]:
    """The texts of what a form asks, in the order of the file; what it only tells is not among them."""
    yield from _of(top, "title", "intro")
    for field in top.at("fields").items:
        yield from _of(field, "label")
        for option in field.at("options").items:
            yield from _of(option, "label")
    for purpose in asked_purposes(top):
        yield from _of(purpose, "title", "text")
        yield from _each(purpose.at("special_category", "statement"), young=False)


def _of(entry: Node, *keys: str) -> Iterator[Passage]:
    for key in keys:
        yield from _each(entry.at(key), young=False)
    markets = entry.at("direct_marketing").value is True
    for key in keys:
        yield from _each(entry.at("child", key), young=True, markets=markets)


def _each(texts: Node, *, young: bool, markets: bool = False) -> Iterator[Passage]:
    for language, node in readable_texts(texts):
        yield Passage(node, language, young, str(texts.path[-1]), markets)


def _advise(code: str, found: dict[str, str], node: Node, language: str, report: Report) -> None:
    report.add(code, node.position, advice.message(code, listed(found), node, language))


def _check_jargon(passage: Passage, topic: str, code: str, why: str, report: Report) -> None:
    """Jargon is a fault, except the words of a phrase that is reported already. `why` has a place for the others."""
    topics = passage.topics
    reported = [f" {phrase} " for known in phrases.ADVICE for phrase in topics.get(known, ())]
    found = {
        word: plain
        for word, plain in topics.get(topic, {}).items()
        if not any(f" {word} " in phrase for phrase in reported)
    }
    if found:
        report.add(code, passage.node.position, f"{why.format(listed(found))}: {_instead(found)}")


def _instead(found: dict[str, str]) -> str:
    plain = [f"“{better}” for `{quote(phrase)}`" for phrase, better in found.items() if better][: phrases.MOST_NAMED]
    return f"say it in plain words, such as {', '.join(plain)}" if plain else "say it in plain words, or leave it out"


def _check_language(passage: Passage, report: Report) -> None:
    foreign = phrases.foreign(passage.text, passage.language)
    if foreign:
        other, found, sentence = foreign
        meant = load(passage.language).words.english_name
        report.add(
            "AK353",
            passage.node.position,
            f"“{quote(sentence)}” looks like {load(other).words.english_name} ({listed(dict.fromkeys(found, ''))}):"
            f" people must be able to read it (GDPR art. 12(1)); write it in {meant}",
        )
