"""Looks for constructions in what a form says: concepts that meet in a clause or a sentence, as the rules say."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from ...languages import IncompleteLanguage, load_all
from ..words import finder
from ..words.finder import Found, Reading
from .passages import Passage
from .rules import RULES
from .rules.record import Rule, Slot


def violations(passage: Passage) -> dict[str, list[Found]]:
    """What breaks a rule in a passage, by code, in the order of the text."""
    reading = finder.read(passage.text, passage.language)
    found: dict[str, dict[tuple[int, int], Found]] = defaultdict(dict)
    for rule in _rules(passage.kind):
        if rule.who != "all" and (rule.who == "children") != passage.young:
            continue
        if all(not slot.concepts.isdisjoint(reading.topics) for slot in rule.slots):
            for one in broken(rule, reading):
                found[rule.code].setdefault((one.first, one.end), one)
    return {code: [ones[place] for place in sorted(ones)] for code, ones in found.items()}


def broken(rule: Rule, reading: Reading) -> list[Found]:
    """What in a text breaks a rule; empty where nothing does."""
    for stretch in _stretches(rule, reading):
        met = _met(rule, stretch)
        if met and not any(_first(slot, stretch) for slot in rule.excuses):
            return met
    return []


def _stretches(rule: Rule, reading: Reading) -> Iterable[list[Found]]:
    """What is found in each clause, sentence, pair of neighbouring sentences, or in the whole text."""
    if rule.within == "text":
        return [reading.found]
    numbers = reading.clauses if rule.within == "clause" else reading.plain.sentences
    by_number: dict[int, list[Found]] = defaultdict(list)
    for one in reading.found:
        by_number[numbers[one.first]].append(one)
    if rule.within != "neighbours":
        return by_number.values()
    return [found + by_number.get(number + 1, []) for number, found in sorted(by_number.items())]


def _met(rule: Rule, stretch: list[Found]) -> list[Found]:
    """The concepts that a rule names, where all of them stand in a stretch, each at a word of its own."""
    met: list[Found] = []
    for slot in rule.slots:
        one = next((one for one in stretch if _fits(slot, one) and _is_next(one, met, rule)), None)
        if one is None:
            return []
        met.append(one)
    return _nearest(rule, stretch, met) if rule.in_order else met


def _nearest(rule: Rule, stretch: list[Found], met: list[Found]) -> list[Found]:
    """The same, with the last of each concept before the next: a message names the words that belong together."""
    last = met[-1]
    nearest = [last]
    for slot in reversed(rule.slots[:-1]):
        last = next(one for one in reversed(stretch) if _fits(slot, one) and one.first < last.first)
        nearest.insert(0, last)
    return nearest


def _is_next(one: Found, met: list[Found], rule: Rule) -> bool:
    if rule.in_order:
        return not met or one.first > met[-1].first
    return all(one.first != other.first for other in met)


def _fits(slot: Slot, one: Found) -> bool:
    return one.topic in slot.concepts and (slot.denied is None or one.denied == slot.denied)


def _first(slot: Slot, stretch: list[Found]) -> Found | None:
    return next((one for one in stretch if _fits(slot, one)), None)


@cache
def _rules(kind: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if kind in rule.reads)


def require_complete() -> None:
    """See that every language of the kit has phrases for all that the rules speak of.

    Raises:
        IncompleteLanguage: for the first thing that a language lacks.
    """
    for language, known in load_all().items():
        for rule in RULES:
            for concept in sorted(rule.concepts | finder.OWN):
                if concept not in known.concepts and concept not in known.lexicon.topics:
                    raise IncompleteLanguage(language, "concepts.yaml", f"`{concept}` is missing")
