"""What a message proposes: a sentence made of what the file itself says, in the words of whoever reads there."""

from ... import i18n
from ...period import Period
from ..schema import validators
from ..source.positions import Node
from ..words.language import ByChannel, Sentences, load
from . import phrases
from .law import TOLD, asked_purposes

_PROPOSES = {
    "AK332": "after_yes",
    "AK333": "after_yes",
    "AK334": "label",
    "AK335": "tick",
    "AK336": "label",
    "AK337": "label",
    "AK339": "free",
    "AK340": "stop",
    "AK341": "refuse",
    "AK342": "stop",
    "AK343": "news",
    "AK344": "choose",
    "AK345": "choose",
    "AK346": "same",
    "AK349": "refuse",
    "AK359": "news",
}
"""The sentence of `Sentences` that takes the place of what was found, by code."""

MADE = frozenset({*_PROPOSES, "AK338", "AK347", "AK348"})
"""Codes whose example is made of what the file says. Of the others each language has one under `write`."""


def message(code: str, quoted: str, text: Node, language: str) -> str:
    """What is wrong at a text, why, and what to write."""
    return f"{quoted}: {_why(code, text)}{example(code, text, language)}"


def example(code: str, text: Node, language: str) -> str:
    """What to write, as the end of a message; nothing where the text says it already."""
    said = phrases.normal(text.text).strip(" .")
    proposed = [one for one in _proposed(code, text, language) if phrases.normal(one).strip(" .") not in said]
    return f". For example: “{' '.join(proposed)}”" if proposed else ""


def _why(code: str, text: Node) -> str:
    if code != "AK338":
        return phrases.ADVICE[code]
    where = (
        "write the names that stand under `recipients`"
        if _recipients(text)
        else ("`recipients` names nobody: leave this out, or name each there and here")
    )
    return f"{phrases.ADVICE[code]}: {where}"


def _proposed(code: str, text: Node, language: str) -> list[str]:
    readers = load(language).words.proposals
    words = readers.child if "child" in text.path else readers.adult
    if code == "AK338":
        return [_receives(text, words, language)]
    if code == "AK347":
        return [_receives(text, words, language), *_ends(text, words, language)]
    if code in ("AK324", "AK325"):
        return [getattr(words.news, _channel(text)), words.stop]
    if code == "AK348":
        return [getattr(words.news, _channel(text)), *_ends(text, words, language)]
    if code not in MADE:
        return [load(language).lexicon.write[code]]
    found: str | ByChannel = getattr(words, _PROPOSES[code])
    return [found if isinstance(found, str) else getattr(found, _channel(text))]


def _purposes(text: Node) -> list[Node]:
    """The purpose that a text belongs to; all that are asked where it belongs to the form."""
    purposes = Node.top(text.document).at("purposes").items
    if text.path[0] == "purposes" and isinstance(text.path[1], int):
        return [purposes[text.path[1]]]
    return asked_purposes(Node.top(text.document))


def _channel(text: Node) -> str:
    channels = {purpose.at("channel").text for purpose in _purposes(text)} & ByChannel.__annotations__.keys()
    return channels.pop() if len(channels) == 1 else "none"


def _recipients(text: Node) -> list[str]:
    names = (name.text for purpose in _purposes(text) for name in purpose.select("recipients", "*", "name"))
    return list(dict.fromkeys(filter(None, names)))


def _receives(text: Node, words: Sentences, language: str) -> str:
    *first, last = _recipients(text) or [""]
    names = i18n.say(language, "list.last", first=", ".join(first), last=last) if first else last
    return words.given.format(names=names) if names else words.nobody


def _ends(text: Node, words: Sentences, language: str) -> list[str]:
    """When the data goes, where every purpose of the text says the same. What is told and not asked has no proof."""
    periods = {"" if purpose.at("basis").text in TOLD else purpose.at("keep").text for purpose in _purposes(text)}
    keep = periods.pop() if len(periods) == 1 else ""
    if keep == validators.UNTIL_WITHDRAWN:
        return [words.until_stop]
    try:
        return [words.ends.format(keep=i18n.period(Period.parse(keep), language))]
    except ValueError:
        return []
