"""How a consent is worded: phrases that no consent may be asked with, words of lawyers, rewards, mixed languages."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..domain.readability import sentences
from . import lexicon
from .faults import Report, shown
from .law import TOLD
from .nodes import Node
from .tables import LANGUAGES
from .texts import PLACEHOLDERS

_DENIABLE = frozenset({"AK335", "AK338", "AK340"})
_MOST_NAMED = 4
_LANGUAGE_NAMES = {"nl": "Dutch", "fr": "French", "en": "English"}


@dataclass(frozen=True)
class Words:
    """One text of a form, who reads it and under which key. `young` is True where a child or teenager reads."""

    node: Node
    language: str
    young: bool
    key: str

    @property
    def text(self) -> str:
        """The text as it is written."""
        return self.node.text


def check_wording(top: Node, report: Report) -> None:
    """Every text with which a form asks something: its title, intro and labels, and its asked purposes."""
    titles = [words for words in asked_words(top) if words.key == "title" and words.node.trail[0] == "purposes"]
    for words in asked_words(top):
        _check_phrases(words, report)
        if words.young:
            _check_child_jargon(words, report)
        elif words.key in ("title", "intro", "text"):
            _check_adult_jargon(words, report)
        if words.key in ("intro", "text"):
            _check_gifts(words, titles, report)
        _check_language(words, report)


def asked_words(top: Node) -> Iterator[Words]:
    """The texts of what a form asks, in the order of the file; what it only tells is not among them."""
    yield from _of(top, "title", "intro")
    for field in top.at("fields").items:
        yield from _of(field, "label")
        for option in field.at("options").items:
            yield from _of(option, "label")
    for purpose in asked_purposes(top):
        yield from _of(purpose, "title", "text")
        yield from _texts(purpose.at("special_category", "statement"), young=False)


def asked_purposes(top: Node) -> list[Node]:
    """The purposes that have a box."""
    return [purpose for purpose in top.at("purposes").items if purpose.at("basis").text not in TOLD]


def listed(found: dict[str, str]) -> str:
    """Phrases as a message names them."""
    named = [f"`{shown(phrase, 60)}`" for phrase in list(found)[:_MOST_NAMED]]
    return ", ".join(named) + (", …" if len(found) > _MOST_NAMED else "")


def _of(entry: Node, *keys: str) -> Iterator[Words]:
    for key in keys:
        yield from _texts(entry.at(key), young=False)
    for key in keys:
        yield from _texts(entry.at("child", key), young=True)


def _texts(texts: Node, *, young: bool) -> Iterator[Words]:
    for language, node in texts.entries.items():
        if language in LANGUAGES and node.text and node.text not in PLACEHOLDERS:
            yield Words(node, language, young, str(texts.trail[-1]))


def _check_phrases(words: Words, report: Report) -> None:
    for code, found in lexicon.find(words.text, words.language).items():
        advice = lexicon.advice().get(code)
        found = {phrase: plain for phrase, plain in found.items() if not _is_meant_well(code, phrase, words)}
        if advice and found:
            report.add(
                code,
                words.node.place,
                f"{listed(found)}: {advice.says}, such as “{advice.write[words.language]}”",
            )


def _is_meant_well(code: str, phrase: str, words: Words) -> bool:
    """Whether a phrase is fine wherever it stands here: denied, or said of ways to stop, or of ways to reach us."""
    if code == "AK337" and words.node.trail[0] != "purposes":
        return True
    if code not in (*_DENIABLE, "AK337"):
        return False
    meant_well = []
    for sentence in sentences(words.text, words.language):
        before, found, _ = lexicon.normal(sentence).replace("' ", "’").partition(phrase)
        if found and code == "AK337":
            meant_well.append("stopping" in lexicon.find(sentence, words.language))
        elif found:
            meant_well.append("denial" in lexicon.find(before, words.language))
    return bool(meant_well) and all(meant_well)


def _check_child_jargon(words: Words, report: Report) -> None:
    found = _jargon(words, "child_jargon")
    if found:
        report.add(
            "AK326",
            words.node.place,
            f"children do not know {listed(found)} (GDPR art. 12(1), recital 58): {_instead(found)}",
        )


def _check_adult_jargon(words: Words, report: Report) -> None:
    found = _jargon(words, "adult_jargon")
    if found:
        report.add(
            "AK350",
            words.node.place,
            f"{listed(found)}: plain language is a duty (GDPR art. 7(2), 12(1)): {_instead(found)}",
        )


def _jargon(words: Words, topic: str) -> dict[str, str]:
    """The jargon of a text, without the words of a phrase that is reported already."""
    said = lexicon.find(words.text, words.language)
    reported = [f" {phrase} " for code in lexicon.advice() for phrase in said.get(code, ())]
    return {
        word: plain
        for word, plain in said.get(topic, {}).items()
        if not any(f" {word} " in phrase for phrase in reported)
    }


def _instead(found: dict[str, str]) -> str:
    plain = [f"“{better}” for `{shown(phrase)}`" for phrase, better in found.items() if better][:_MOST_NAMED]
    return f"write {', '.join(plain)}" if plain else "say it in words of every day, or leave it out"


def _check_gifts(words: Words, titles: list[Words], report: Report) -> None:
    """A gift is fine as a purpose of its own, which its title says; beside another purpose it is a reward."""
    found = lexicon.find(words.text, words.language)
    if "gifts" not in found or "AK346" in found:
        return
    of_a_purpose = words.node.trail[0] == "purposes"
    own = words.node.trail[:2]
    for title in titles:
        if (title.node.trail[:2] == own or not of_a_purpose) and "gifts" in lexicon.find(title.text, title.language):
            return
    for sentence in sentences(words.text, words.language):
        said = lexicon.find(sentence, words.language)
        if "gifts" in said and "stopping" not in said:
            advice = lexicon.advice()["AK346"]
            report.add(
                "AK346",
                words.node.place,
                f"{listed(said['gifts'])}: {advice.says}, such as “{advice.write[words.language]}”",
            )
            return


def _check_language(words: Words, report: Report) -> None:
    for sentence in sentences(words.text[: lexicon.LONGEST], words.language):
        foreign = lexicon.foreign(sentence, words.language)
        if foreign:
            other, found = foreign
            report.add(
                "AK353",
                words.node.place,
                f"“{shown(sentence)}” looks like {_LANGUAGE_NAMES[other]} ({listed(dict.fromkeys(found, ''))}): people"
                f" must be able to read it (GDPR art. 12(1)); write it in {_LANGUAGE_NAMES[words.language]}",
            )
            return
