"""Finds phrases in a text: those of `lexicon.yaml` and `concepts.yaml`, each with the words it covers.

A concept is all the ways in which a language says one thing; its phrases are written as those of the lexicon. Whether
what is found is denied is told too: “our partners get nothing”, “nos partenaires ne reçoivent rien”.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import accumulate, pairwise

from . import normal
from .language import load
from .normal import Plain
from .phrase import STEM, Phrase, phrases_of

NEGATION, NEAR_NEGATION = "negation", "near_negation"
"""Concepts that the finder itself knows: not, nothing; without."""

LINK, OR_LINK, CLAUSE_START, SUBJECT = "link", "or_link", "clause_start", "subject"
"""Those that divide sentences: and, or, but, who; or alone; if, when, unless; we, you, they."""

OWN = frozenset({NEGATION, NEAR_NEGATION, LINK, OR_LINK, CLAUSE_START, SUBJECT})
"""They are needed in each language, whatever the rules name."""

_NEAR = 4
"""Words within which `without` denies what follows."""

_LIST_ITEM = 4
"""Words of the longest piece after a comma that may go on with a list: “bakers, grocers or inns”."""


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in a text: its topic, its first word, the word past its last, and whether the text denies it."""

    topic: str
    first: int
    end: int
    phrase: Phrase
    denied: bool = False


@dataclass(frozen=True)
class Analysis:
    """A text with all that is found in it, in the order of the text. `clauses` numbers the clause of each word."""

    plain: Plain
    found: list[Found]
    clauses: list[int]

    @cached_property
    def topics(self) -> frozenset[str]:
        """What is met in the text at all."""
        return frozenset(one.topic for one in self.found)

    @cached_property
    def stretches(self) -> dict[str, list[list[Found]]]:
        """What is found in each clause, sentence, pair of sentences that follow each other, and in the whole text."""
        clauses: dict[int, list[Found]] = {}
        sentences: dict[int, list[Found]] = {}
        for one in self.found:
            clauses.setdefault(self.clauses[one.first], []).append(one)
            sentences.setdefault(self.plain.sentences[one.first], []).append(one)
        return {
            "clause": list(clauses.values()),
            "sentence": list(sentences.values()),
            "neighbours": [found + sentences.get(number + 1, []) for number, found in sorted(sentences.items())],
            "text": [self.found],
        }


@lru_cache(maxsize=1024)
def analyse(text: str, language: str) -> Analysis:
    """Take in a text in a language of the kit. It takes time in proportion to the length of the text."""
    plain = normal.read(text)
    found = list(_found(plain, language))
    clauses = _clauses(plain, found)
    return Analysis(plain, _judged(found, clauses), clauses)


def _found(plain: Plain, language: str) -> Iterator[Found]:
    index = _index(language)
    words = plain.folded
    present = set(words)
    for at, word in enumerate(words):
        phrases = index.whole.get(word, [])
        phrases = phrases + [one for part, one in index.begins.get(word[:STEM], ()) if word.startswith(part)]
        phrases += [one for part, one in index.ends.get(word[-STEM:], ()) if word.endswith(part)]
        for phrase in phrases:
            if phrase.is_word:
                end = at + 1
            elif phrase.last_words and phrase.last_words.isdisjoint(present):
                continue  # most phrases of a word such as `you` end here: a third of the time
            else:
                end = phrase.end_in(words, at)
            if end and (not (phrase.begins or phrase.is_apart) or _is_there(phrase, plain, at, end)):
                yield Found(phrase.topic, at, end, phrase)


def _is_there(phrase: Phrase, plain: Plain, at: int, end: int) -> bool:
    """Whether a phrase that must begin a clause, or stand apart, does."""
    begins = at == 0 or at in plain.pauses or plain.folded[at - 1] == normal.STOP
    ends = end == len(plain.folded) or end in plain.pauses or plain.folded[end] == normal.STOP
    return begins and (ends or not phrase.is_apart)


def _clauses(plain: Plain, found: list[Found]) -> list[int]:
    """The number of the clause of each word. One begins at a comma, and at a word such as `if`.

    It goes on over a list, over all that `or` adds (“we do not sell it, rent it out or give it to others”), and after
    a few words between commas.
    """
    at: dict[str, set[int]] = {topic: set() for topic in (LINK, OR_LINK, CLAUSE_START, SUBJECT)}
    for one in found:
        if one.topic in at:
            at[one.topic].add(one.first)
    starts = at[CLAUSE_START]
    stops = {number for number, word in enumerate(plain.words) if word == normal.STOP}
    aside = False
    for begin, end in pairwise(sorted(plain.pauses | stops | {len(plain.words)})):
        piece, is_short = range(begin, end), end - begin <= _LIST_ITEM
        is_item = is_short and (end in plain.pauses or not at[LINK].isdisjoint(piece))
        goes_on = is_item or aside or not at[OR_LINK].isdisjoint(piece)
        # Who acts begins a clause: “we call”, “or if we call”; in Dutch “bellen we”, “of bellen we”.
        if begin in plain.pauses and not (goes_on and at[SUBJECT].isdisjoint(piece[:3])):
            starts.add(begin)
        aside = begin in plain.pauses and is_short and end in plain.pauses
    starts.update(stop + 1 for stop in stops)
    return list(accumulate(int(number in starts) for number in range(len(plain.words))))


def _judged(found: list[Found], clauses: list[int]) -> list[Found]:
    """The same, each with whether it is denied.

    What denies a concept stands in its clause: before it, or after it with no `and`, `or`, `but` or `who` between.
    A negation that is part of a phrase, such as `no answer`, does not deny the phrase. Where the phrase leaves no gap
    for other words, it denies nothing but what stands within the phrase.
    """
    negating = [one for one in found if one.topic in (NEGATION, NEAR_NEGATION)]
    if not negating:
        return found
    closed = _closed(found)
    links = [one.first for one in found if one.topic == LINK]
    by_clause: dict[int, list[Found]] = {}
    for one in negating:
        by_clause.setdefault(clauses[one.first], []).append(one)

    def denies(negation: Found, one: Found) -> bool:
        at, word = negation.first, negation.phrase.written
        if word in one.phrase.negations and one.first <= at < one.end:
            return False
        within = closed.get((at, word), ())
        if within and not any(one.first < other.end and other.first < one.end for other in within):
            return False
        if negation.topic == NEAR_NEGATION:
            return negation.end <= one.first < negation.end + _NEAR
        return at < one.end or not any(one.end <= link < at for link in links)

    return [
        Found(one.topic, one.first, one.end, one.phrase, True)
        if any(denies(negation, one) for negation in by_clause.get(clauses[one.first], ()))
        else one
        for one in found
    ]


def _closed(found: list[Found]) -> dict[tuple[int, str], list[Found]]:
    """The phrases without a gap that a negation at a word is part of; a phrase that is nothing else is none of them."""
    closed: dict[tuple[int, str], list[Found]] = {}
    for one in found:
        if not one.phrase.has_gap and one.phrase.written not in one.phrase.negations:
            for word in one.phrase.negations:
                for at in range(one.first, one.end):
                    closed.setdefault((at, word), []).append(one)
    return closed


@dataclass(frozen=True, slots=True)
class _Index:
    """Phrases by their first word: whole, by the first letters of any ending, by the last of any beginning."""

    whole: dict[str, list[Phrase]] = field(default_factory=dict)
    begins: dict[str, list[tuple[str, Phrase]]] = field(default_factory=dict)
    ends: dict[str, list[tuple[str, Phrase]]] = field(default_factory=dict)

    def add(self, phrase: Phrase) -> None:
        """Take in a phrase under each word that it may begin with."""
        for first in phrase.firsts:
            if first.startswith("*"):
                self.ends.setdefault(first[-STEM:], []).append((first[1:], phrase))
            elif first.endswith("*"):
                self.begins.setdefault(first[:STEM], []).append((first[:-1], phrase))
            else:
                self.whole.setdefault(first, []).append(phrase)


@cache
def _index(language: str) -> _Index:
    known = load(language)
    index = _Index()
    topics = [(topic, lines, False) for topic, lines in known.lexicon.topics.items()]
    topics += [(concept, lines, True) for concept, lines in known.concepts.items()]
    denying = f"{known.concepts[NEGATION]}\n{known.concepts[NEAR_NEGATION]}"
    negations = frozenset(normal.fold_list(denying).split())
    for topic, lines, is_concept in topics:
        for phrase in phrases_of(topic, lines, negations if is_concept else frozenset()):
            index.add(phrase)
    return index
