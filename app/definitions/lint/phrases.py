"""The words that the linter knows, and how they are found in a text. `lexicon.yaml` is read at the first text."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from ..codes import Report, quote
from ..schema.vocabulary import LANGUAGES
from ..source.positions import Node
from ..source.yaml_reader import read_document

LONGEST = 2000
"""Characters; a longer text is a fault already, and is not searched."""

MOST_NAMED = 4
"""Phrases that one message names."""

_FEWEST_FOREIGN = 3
"""Small words of another language that a sentence has, for each one of its own: names bring one or two."""

_FILE = Path(__file__).parent.with_name("lexicon.yaml")
_STEM = 3
"""Letters that a word with any ending has at least, so that it can be looked up by them."""

_APOSTROPHES = re.compile("[’‘`\u00b4\u02bc]")
_HYPHENS = re.compile(r"[\u2010\u2011]")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200d]")
_MARKS = re.compile(r"[,\"“”„«»()\[\]*_]")
# Without the look back, each sign of a long row of dots would be tried as the first one.
_STOP = re.compile(r"(?<![.!?;:])[.!?;:]+(?=\s|$)|\n\s*\n")


@dataclass(frozen=True)
class Phrase:
    """One phrase: what it is a sign of, the plain words for it, and whether it counts only where a sentence begins."""

    topic: str
    steps: tuple[str, ...]
    plain: str
    begins: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What it looks like in a text. Of the thousand phrases hardly any is ever met, and to compile takes long."""
        return re.compile("".join(map(_step, self.steps)).removesuffix(" ") + "(?![^ ])")


@dataclass(frozen=True)
class Advice:
    """What the linter says of a phrase: why it is wrong and what to write, with an example per language."""

    says: str
    write: dict[str, str]


def find(text: str, language: str) -> dict[str, dict[str, str]]:
    """What stands in a text, by topic: each phrase as it was found, with the plain words for it."""
    return _find(text, language) if language in LANGUAGES and len(text) <= LONGEST else {}


def listed(found: dict[str, str]) -> str:
    """Phrases as a message names them."""
    named = [f"`{quote(phrase, 60)}`" for phrase in list(found)[:MOST_NAMED]]
    return ", ".join(named) + (", …" if len(found) > MOST_NAMED else "")


@cache
def advice() -> dict[str, Advice]:
    """By code, what to say of the phrases that no consent may be asked with."""
    return {
        entry.at("code").text: Advice(
            entry.at("says").text,
            {language: text.text for language, text in entry.at("write").entries.items()},
        )
        for entry in _file().at("phrases").items
    }


def foreign(sentence: str, language: str) -> tuple[str, list[str]] | None:
    """The other language that a sentence seems to be in, with the words that say so."""
    stop_words = _stop_words()
    words = normal(sentence).split()
    own = sum(word in stop_words[language] for word in words)
    for other in LANGUAGES:
        found = list(dict.fromkeys(word for word in words if word in stop_words[other]))
        if other != language and len(found) >= max(_FEWEST_FOREIGN, _FEWEST_FOREIGN * own):
            return other, found
    return None


def normal(text: str) -> str:
    """A text as phrases are looked for in it: words in small letters, one space apart, a dot where a sentence ends."""
    plain = _spaced_apostrophes(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))
    return " ".join(_STOP.sub(" . ", _MARKS.sub(" ", _HYPHENS.sub("-", plain))).split())


@lru_cache(maxsize=1024)
def _find(text: str, language: str) -> dict[str, dict[str, str]]:
    whole, stems = _index(language)
    plain = normal(text)
    found: dict[str, dict[str, str]] = {}
    for word in re.finditer(r"[^ ]+", plain):
        for phrase in (*whole.get(word[0], ()), *stems.get(word[0][:_STEM], ())):
            match = phrase.pattern.match(plain, word.start())
            if match and (not phrase.begins or plain[max(0, word.start() - 2) : word.start()] in ("", ". ")):
                found.setdefault(phrase.topic, {})[match[0].replace("' ", "’")] = phrase.plain
    return {topic: _longest(phrases) for topic, phrases in found.items()}


def _longest(found: dict[str, str]) -> dict[str, str]:
    """Without what stands inside a longer find."""
    return {
        phrase: plain
        for phrase, plain in found.items()
        if not any(phrase != other and f" {phrase} " in f" {other} " for other in found)
    }


@cache
def _file() -> Node:
    document = read_document(_FILE.read_bytes(), Report(_FILE.name))
    if document is None:
        raise RuntimeError("the lexicon of the kit cannot be read")
    return Node.top(document)


@cache
def _stop_words() -> dict[str, frozenset[str]]:
    return {language: frozenset(_file().at("stop_words", language).text.split()) for language in LANGUAGES}


@cache
def _index(language: str) -> tuple[dict[str, list[Phrase]], dict[str, list[Phrase]]]:
    """The phrases of a language by their first word, and by the first letters of a first word with any ending."""
    whole: dict[str, list[Phrase]] = {}
    stems: dict[str, list[Phrase]] = {}
    for phrase, firsts in _phrases(language):
        for first in firsts:
            if first.endswith("*"):
                stems.setdefault(first[:_STEM], []).append(phrase)
            else:
                whole.setdefault(first, []).append(phrase)
    return whole, stems


def _phrases(language: str) -> Iterator[tuple[Phrase, list[str]]]:
    top = _file()
    lists = {key: node.at(language) for key, node in top.entries.items() if key not in ("phrases", "stop_words")}
    lists |= {entry.at("code").text: entry.at(language) for entry in top.at("phrases").items}
    for topic, lines in lists.items():
        for line in filter(None, lines.text.splitlines()):
            pattern, _, plain = (part.strip() for part in line.partition("="))
            steps = tuple(_spaced_apostrophes(pattern.removeprefix("^")).split())
            yield Phrase(topic, steps, plain, pattern.startswith("^")), steps[0].split("|")


def _spaced_apostrophes(phrase: str) -> str:
    return _APOSTROPHES.sub("'", phrase.casefold()).replace("'", "' ")


def _step(step: str) -> str:
    if step == "~":
        return "(?:[^ .][^ ]* ){0,6}?"
    word = "|".join(
        re.escape(one.removesuffix("*")) + "[^ ]*" * one.endswith("*") for one in step.rstrip("?").split("|")
    )
    return f"(?:(?:{word}) )?" if step.endswith("?") else f"(?:{word}) "
