"""Looks for constructions in what a form says: concepts that meet in a clause or a sentence, as the rules say."""

from collections import defaultdict
from functools import cache
from typing import TypeAlias

from ...languages import IncompleteLanguage
from ..words import finder
from ..words.finder import Analysis, Found
from ..words.language import load_all
from . import advice
from .all_texts import ReadableText
from .rules import RULES
from .rules.record import Rule, Slot

Span: TypeAlias = tuple[int, int]
"""Words of a text: the first, and the one past the last."""


_QUOTED_WHOLE = 8
"""Words of the longest stretch that a message quotes from first concept to last; of a longer one it takes each."""


def violations(text: ReadableText) -> dict[str, list[Span]]:
    """What breaks a rule in a text, by code: words as a message quotes them, in the order of the text."""
    analysis = finder.analyse(text.text, text.language)
    found: dict[str, set[Span]] = defaultdict(set)
    for rule in _rules(text.kind):
        if rule.who != "all" and (rule.who == "children") != text.young:
            continue
        if any(slot.concepts.isdisjoint(analysis.topics) for slot in rule.slots):
            continue
        if not (_is_titled(rule, text) or _said_before(rule, text)):
            found[rule.code].update(span for met in broken(rule, analysis) for span in _quoted(met))
    return {code: _apart(spans) for code, spans in found.items() if spans}


def concepts_of(text: ReadableText, concept: str) -> list[Span]:
    """Where a text names a concept and does not deny it."""
    found = finder.analyse(text.text, text.language).found
    return sorted({(one.first, one.end) for one in found if one.topic == concept and not one.denied})


def _is_titled(rule: Rule, text: ReadableText) -> bool:
    """Whether a title says that this is what is offered."""
    titles = text.titles if rule.titles else ()
    return any(not finder.analyse(title, text.language).topics.isdisjoint(rule.titles) for title in titles)


def _said_before(rule: Rule, text: ReadableText) -> bool:
    """Whether the introduction says what excuses a whole text."""
    if rule.within != "text" or not text.before:
        return False
    before = finder.analyse(text.before, text.language).found
    return any(_fits(slot, one) for slot in rule.excuses for one in before)


def _quoted(met: list[Found]) -> list[Span]:
    first, end = min(one.first for one in met), max(one.end for one in met)
    return [(first, end)] if end - first <= _QUOTED_WHOLE else [(one.first, one.end) for one in met]


def _apart(spans: set[Span]) -> list[Span]:
    """The same without those that stand inside another."""
    return sorted(
        one for one in spans if not any(one != other and other[0] <= one[0] and one[1] <= other[1] for other in spans)
    )


def broken(rule: Rule, analysis: Analysis) -> list[list[Found]]:
    """What in a text breaks a rule: the concepts that meet, each time that they do."""
    found: list[list[Found]] = []
    for stretch in analysis.stretches[rule.within]:
        met = _met(rule, stretch)
        if met and not any(_fits(slot, one) for slot in rule.excuses for one in stretch):
            alone = len(rule.slots) == 1
            found += [[one] for one in stretch if _fits(rule.slots[0], one)] if alone else [met]
    return found


def _met(rule: Rule, stretch: list[Found]) -> list[Found]:
    """The concepts that a rule names, where all of them stand in a stretch, each at a word of its own."""
    met = _from(rule, stretch)
    if not met and rule.distinct:  # the first of them may be one that a later place needs: begin with another
        begun = sorted({one.topic for one in stretch if _fits(rule.slots[0], one)})
        met = next(filter(None, (_from(rule, stretch, topic) for topic in begun)), [])
    return _nearest(rule, stretch, met) if met and rule.in_order else met


def _from(rule: Rule, stretch: list[Found], not_first: str = "") -> list[Found]:
    met: list[Found] = []
    for slot in rule.slots:
        fitting = (one for one in stretch if _fits(slot, one) and _is_next(one, met, rule))
        one = next((one for one in fitting if met or one.topic != not_first), None)
        if one is None:
            return []
        met.append(one)
    return met


def _nearest(rule: Rule, stretch: list[Found], met: list[Found]) -> list[Found]:
    """The same, with the last of each concept before the next: a message names the words that belong together."""
    nearest = met[-1:]
    for slot in reversed(rule.slots[:-1]):
        fitting = (one for one in reversed(stretch) if _fits(slot, one) and one.first < nearest[0].first)
        one = next((one for one in fitting if not (rule.distinct and any(one.topic == x.topic for x in nearest))), None)
        if one is None:
            return met
        nearest.insert(0, one)
    return nearest


def _is_next(one: Found, met: list[Found], rule: Rule) -> bool:
    if rule.distinct and any(one.topic == other.topic for other in met):
        return False
    if rule.in_order:
        return not met or one.first > met[-1].first
    return all(one.first != other.first for other in met)


def _fits(slot: Slot, one: Found) -> bool:
    return one.topic in slot.concepts and (slot.denied is None or one.denied == slot.denied)


@cache
def _rules(kind: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if kind in rule.reads)


def require_complete() -> None:
    """See that every language of the kit has phrases for all that the rules speak of, and an example of what is right.

    Raises:
        IncompleteLanguage: for the first thing that a language lacks.
    """
    for language, known in load_all().items():
        for rule in RULES:
            for concept in sorted(rule.concepts | finder.OWN):
                if concept not in known.concepts and concept not in known.lexicon.topics:
                    raise IncompleteLanguage(language, "concepts.yaml", f"`{concept}` is missing")
            if rule.code not in advice.MADE | known.lexicon.write.keys():
                raise IncompleteLanguage(language, "lexicon.yaml", f"`write: {rule.code}` is missing")
