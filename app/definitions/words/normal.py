"""A text as words in one spelling, with its sentences, each word with the place where it stands.

Whoever hides a word from the linter is read as people read: case, accents, soft hyphens, letters of another script that
look alike, letters set apart, hyphens, slashes and the kind of apostrophe or space do not count.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import accumulate

STOP = "."
"""The word that stands where a sentence ends."""

# Without the look back, each sign of a long row of dots would be tried as the first one.
_TOKEN = re.compile(
    r"(?P<address>(?:https?://|www\.)[^\s<>\"”’»)]*[^\s<>\"”’»).,;:!?])"
    r"|(?P<word>[^\W_](?:[\w\u00ad\u200b-\u200d\u0300-\u036f]|[.:@](?=[^\W_])|,(?=\d{3}))*['’‘`\u00b4\u02bc]?)"
    r"|(?P<stop>(?<![.!?…])[.!?…][.!?…\"”’»)\]]*(?=\s|$)|\n\s*\n)"
    r"|(?P<pause>[,;()\[\]–—|]|:(?=\s)|(?<=\s)[-*](?=\s))|(?P<sign>[%€$£&+])"
)
_BROKEN_LINE = re.compile(r"(?<=[^\W\d_])[-\u00ad]\n[^\S\n]*(?=[^\W\d_])")
_SET_APART = re.compile(r"(?<![^\W_])(?:[^\W_][ .·_*\u00a0-]){3,}[^\W_](?![^\W_])")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200d]")
_APOSTROPHE = re.compile(r"['’‘`\u00b4\u02bc]$")
_COMBINING = re.compile(r"[\u0300-\u036f]")

_LOOK_ALIKE = str.maketrans("авеѕіјкмнорԛстухһԁԝαεικνορτυχ", "abesijkmhopqctyxhdwaeiknoptux")
"""Letters of Greek and Cyrillic for those of Latin that they are taken for."""

_TOLD_BY_ACCENTS = frozenset({"vóór"})
"""Words that an accent alone tells from a frequent other one: Dutch `vóór` is before, `voor` is for."""


@dataclass(frozen=True)
class Plain:
    """The words of a text in one spelling. The lists have an entry for each word; `STOP` stands where a sentence ends.

    `words` keep their accents, `folded` have none. `places` are where each stands in `text`, first sign and past the
    last. `sentences` numbers the sentence of each word; `pauses` are the words before which a comma or the like stands.
    """

    text: str
    words: list[str]
    folded: list[str]
    places: list[tuple[int, int]]
    sentences: list[int]
    pauses: frozenset[int]

    def quoted(self, first: int, end: int) -> str:
        """The words from `first` up to `end` as they are written."""
        return " ".join(self.text[self.places[first][0] : self.places[end - 1][1]].split())


def read(text: str) -> Plain:
    """Take a text apart."""
    text = unicodedata.normalize("NFC", _SET_APART.sub(_closed_up, _BROKEN_LINE.sub("", text)))
    words: list[str] = []
    folded: list[str] = []
    places: list[tuple[int, int]] = []
    pauses: set[int] = set()
    for match in _TOKEN.finditer(text):
        kind, found = match.lastgroup, match[0]
        if kind == "address":
            word = found.lower()  # one word: nobody reads what its path is called
        elif kind == "word":
            word = found.lower() if found.isascii() and found[-1] != "`" else _spelt(found)
        elif kind == "pause":
            pauses.add(len(words))
            continue
        elif kind == "stop":
            if found == "." and _goes_on(text, match.end()):
                continue
            word = STOP
        else:
            word = found
        words.append(word)
        folded.append(word if word.isascii() else fold(word))
        places.append(match.span())
    sentences = list(accumulate((int(word == STOP) for word in words), initial=0))[: len(words)]
    return Plain(text, words, folded, places, sentences, frozenset(pauses))


def _goes_on(text: str, end: int) -> bool:
    """Whether a sentence goes on after a full stop, which is that of an abbreviation: `bv. recepten`."""
    return text[end : end + 1] == " " and text[end + 1 : end + 2].islower()


def fold(word: str) -> str:
    """A word in small letters without accents."""
    return word if word in _TOLD_BY_ACCENTS else _without_accents(word)


def fold_list(phrases: str) -> str:
    """Phrases of a word list in small letters without accents, with one kind of apostrophe."""
    spelt = phrases.lower().replace("’", "'")
    for word in _TOLD_BY_ACCENTS:
        if word in spelt:
            return word.join(map(_without_accents, spelt.split(word)))
    return spelt if spelt.isascii() else _without_accents(spelt)


def _without_accents(word: str) -> str:
    return _COMBINING.sub("", unicodedata.normalize("NFD", word)).replace("œ", "oe").replace("æ", "ae")


def _closed_up(match: re.Match[str]) -> str:
    return "".join(sign for sign in match[0] if sign.isalnum())


def _spelt(word: str) -> str:
    plain = _APOSTROPHE.sub("'", _INVISIBLE.sub("", word))
    plain = unicodedata.normalize("NFKC", plain).casefold().replace(" ", "")  # a few signs become a word and a space
    if not plain.isascii() and any("a" <= sign <= "z" for sign in plain):
        plain = plain.translate(_LOOK_ALIKE)
    return unicodedata.normalize("NFC", plain)
