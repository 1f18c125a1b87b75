"""One phrase of a word list, and where it ends in the words of a text.

How a phrase is written stands at the head of `translations/en/lexicon.yaml`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from . import normal

STEM = 3
"""Letters that a word with any ending or any beginning has at least, so that it can be looked up by them."""

_GAP = "~"
_LONGEST_GAP = 6


@dataclass(eq=False)
class _Step:
    """One word of a phrase: whole words, beginnings, endings, and what is several words of a text, such as `e-mail`."""

    whole: frozenset[str]
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    several: tuple[tuple[str, ...], ...]
    may_lack: bool
    is_gap: bool = False

    def fits(self, word: str) -> bool:
        """Whether a word of a text is this one."""
        return word in self.whole or word.startswith(self.begins) or word.endswith(self.ends)


@dataclass(eq=False)
class Phrase:
    """A phrase: what it is a sign of, how it is written, the plain words for it, whether it begins a clause.

    `is_apart` says that it is all that stands between two pauses: “our newsletter (recommended)”.
    """

    topic: str
    written: str
    plain: str
    begins: bool
    is_apart: bool
    known_negations: frozenset[str]

    @property
    def firsts(self) -> list[str]:
        """The words it may begin with, `*` after a beginning and before an ending."""
        return [_spelt(word).partition(" ")[0] for word in self.written.partition(" ")[0].split("|")]

    @property
    def has_gap(self) -> bool:
        """Whether other words may stand in it."""
        return _GAP in self.written

    @cached_property
    def negations(self) -> frozenset[str]:
        """The negations among its own words."""
        return self.known_negations.intersection(self.written.replace("?", "").replace("|", " ").split())

    @cached_property
    def is_word(self) -> bool:
        """Whether it is a single word of a text, so that its first word is all there is to find."""
        return self.written.replace("|", "").replace("*", "").isalnum()

    @cached_property
    def steps(self) -> tuple[_Step, ...]:
        """Its words. Of the thousand phrases few are ever looked at so closely."""
        return tuple(map(_step, self.written.split()))

    @cached_property
    def last_words(self) -> frozenset[str]:
        """The words it may end with, one of which a text must have; empty where any ending of a word will do."""
        before, _, last = self.written.rpartition(" ")
        return frozenset(last.split("|")) if before and last.replace("|", "").isalnum() else frozenset()

    def end_in(self, words: Sequence[str], at: int) -> int:
        """The number of the word after this phrase where it begins at a word of a text; 0 where it does not."""
        return _end(self.steps, 0, words, at)


def phrases_of(topic: str, lines: str, negations: frozenset[str]) -> Iterator[Phrase]:
    """The phrases of a word list, one a line."""
    for folded, line in zip(normal.fold_list(lines).splitlines(), lines.splitlines(), strict=True):
        written, _, plain = folded.partition("=")
        written = written.strip()
        if written:
            plain = line.partition("=")[2].strip() if plain else ""
            bare = written.strip("^ ()")
            yield Phrase(topic, bare, plain, written[0] == "^", written[0] == "(", negations)


def _end(steps: tuple[_Step, ...], step: int, words: Sequence[str], at: int) -> int:
    while step < len(steps):
        now = steps[step]
        if now.is_gap:
            for end in range(at, min(at + _LONGEST_GAP, len(words) - 1) + 1):
                if found := _end(steps, step + 1, words, end):
                    return found
                if words[end] == normal.STOP:
                    break
            return 0
        several = next((one for one in now.several if tuple(words[at : at + len(one)]) == one), None)
        if several:
            at += len(several)
        elif at < len(words) and now.fits(words[at]):
            at += 1
        elif not now.may_lack:
            return 0
        step += 1
    return at


@cache
def _step(written: str) -> _Step:
    if written == _GAP:
        return _Step(frozenset(), (), (), (), False, True)
    whole: set[str] = set()
    begins, ends, several = [], [], []
    for one in written.removesuffix("?").split("|"):
        word = _spelt(one)
        if word.startswith("*"):
            ends.append(word[1:])
        elif word.endswith("*"):
            begins.append(word[:-1])
        elif " " in word:
            several.append(tuple(word.split(" ")))
        else:
            whole.add(word)
    return _Step(frozenset(whole), tuple(begins), tuple(ends), tuple(several), written.endswith("?"))


def _spelt(word: str) -> str:
    """A word of a phrase as texts have it: `d’autres` and `e-mail` are two words."""
    if word.strip("*").removesuffix("'").isalnum():
        return word
    begins, ends = "*" * word.startswith("*"), "*" * word.endswith("*")
    return begins + " ".join(normal.read(word.strip("*")).folded) + ends
