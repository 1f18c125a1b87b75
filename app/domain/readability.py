"""How hard a text is to read, by a formula of Flesch's kind for each language.

Syllables are counted by rules of our own, a few words by heart; sentences end where a reader takes breath.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ReadingRules:
    """What to know of a language to measure a text in it; it stands in the folder of the language.

    `formula` is a base, what is subtracted for each word of the mean sentence, and for each syllable of the mean word.
    After an abbreviation a full stop ends no sentence: after one of `before_a_name` a capital goes on too, and one that
    ends with `#` is an abbreviation only before a figure. `by_heart` has the syllables of words that the rules miss.
    """

    language: str
    formula: tuple[float, float, float]
    before_a_name: frozenset[str]
    abbreviations: frozenset[str]
    by_heart: Mapping[str, int]


@dataclass(frozen=True)
class Reading:
    """How a text reads."""

    rules: ReadingRules
    words: int
    sentences: int
    syllables: int

    @property
    def mean(self) -> float:
        """Words per sentence; 0 for a text without words."""
        return self.words / self.sentences if self.sentences else 0.0

    @property
    def ease(self) -> float:
        """From about 0, a contract, to over 100, a picture book."""
        base, per_word, per_syllable = self.rules.formula
        if not self.words:
            return base
        return base - per_word * self.mean - per_syllable * self.syllables / self.words


def measure(text: str, rules: ReadingRules) -> Reading:
    """Read a text. What stands on another line, such as a title, is a sentence of its own."""
    counted = [words(sentence) for sentence in sentences(text, rules)]
    read = [sentence for sentence in counted if sentence]
    return Reading(
        rules,
        sum(map(len, read)),
        len(read),
        sum(syllables(word, rules) for sentence in read for word in sentence),
    )


def hardest_words(text: str, rules: ReadingRules, count: int) -> list[str]:
    """The words that make a text hard, once each: those of the most syllables first, and of these the longest."""
    found = {word.casefold(): word for sentence in sentences(text, rules) for word in words(sentence)}
    return sorted(found.values(), key=lambda word: (-syllables(word, rules), -len(word), word))[:count]


# Without the look back, each sign of a long row of dots would be tried as the first one.
_END = re.compile(r"\s?(?<![.!?…])[.!?…]+[»”’\"')\]]*(?=\s|$)|\n")
_WORD = re.compile(r"[^\W_]+(?:[-’'.@/][^\W_]+)*")


def sentences(text: str, rules: ReadingRules) -> list[str]:
    """The sentences of a text. A full stop after `bv.`, `M.`, an initial or the number of a list ends none."""
    found, start = [], 0
    for match in _END.finditer(text):
        if match[0] == "." and _goes_on(text[start : match.start()], text[match.end() :], rules):
            continue
        found.append(text[start : match.end()].strip())
        start = match.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def _goes_on(before: str, after: str, rules: ReadingRules) -> bool:
    last = before[-40:].rsplit(maxsplit=1)[-1:] or [""]
    word = last[0].lstrip("(«“\"'").lower()
    follows = after[:20].lstrip()[:1]
    if not follows:
        return False
    if before.strip().isdigit() or (len(word) == 1 and last[0].isupper()):
        return True
    if f"{word}#" in rules.abbreviations:
        return follows.isdigit()
    return word in (rules.before_a_name if follows.isupper() else rules.abbreviations)


def words(sentence: str) -> list[str]:
    """The words of a sentence; a number, an address and `l’enfant` are one word each."""
    return _WORD.findall(sentence)


def syllables(word: str, rules: ReadingRules) -> int:
    """The syllables of a word, at least 1; a number has one for each digit."""
    counter = COUNTERS[rules.language]
    total = 0
    plain = unicodedata.normalize("NFC", word).replace("’", "'").lower()
    for part in re.split(r"[-.@/]", counter.prepare(plain)):
        if part.isdigit():
            total += len(part)
        elif part:
            total += rules.by_heart.get(part) or max(1, counter.count(part))
    return max(1, total)


def _groups(pattern: re.Pattern[str], word: str) -> int:
    return len(pattern.findall(word))


# The longest sound first: `mooie` is ooi-e, `groeien` oei-en, `knieën` ie-ë. A diaeresis begins a syllable.
_DUTCH = re.compile(
    r"aai|ooi|oei|eeu|ieu|eau|ïe|ëe|aa|ee|oo|uu|ie|oe|eu|ui|ei|ij|au|ou|ai|[aeiouáéíóúàèìòùâêîôûäëïöü]|y(?![aeiou])"
)


def _dutch(word: str) -> int:
    plain = word.replace("qu", "kw").split("'")[0]
    # `ge-automatiseerd` has no `eau`, and `ge-installeerd` would be written with a diaeresis.
    return _groups(_DUTCH, re.sub(r"^(ge|be)(?=au)", r"\1·", plain))


_FRENCH = re.compile(r"[aeiouyàâäèêîïôöùûüæœ]+|é[eiuoa]?|[ëïü][aeiou]?")
_FRENCH_BREAKS = (
    (re.compile(r"qu|gu(?=[eéèêiy])"), "k"),
    (re.compile(r"ge(?=[aoâô])"), "g"),
    (re.compile(r"(?<=[aeou])y(?=[aeiouéè])|^y(?=[aeiou])"), "j"),  # payer, voyage, yeux
    (re.compile(r"é(?=[aeioué])"), "é·"),  # réagir, vidéo, européen
    (re.compile(r"(?<=[aeoué])(?=[ëïü])|(?<=[ao])(?=[éè])|(?<=a)(?=o)"), "·"),  # Noël, poésie, aéroport, chaos
    (re.compile(r"(?<=[bcdfgptv][lr]i)(?=[aeoéèê])"), "·"),  # client, oublier, prière
    (re.compile(r"(?<=[bcdfgptv][lr]u)(?=[aeéè])|(?<=[bcdfgptv][lr]ou)(?=[aeiéè])"), "·"),  # cruel, éblouir
)
_MUTE = re.compile(r"(?<=\w)es?$")
# `ent` is mute at the end of a verb (ils parlent, ils aiment) and spoken elsewhere (souvent, moment, client).
_SPOKEN_ENT = re.compile(
    r"(?:[^aeiouylr]i|cli|ori|m|^(?:v|d|l|c|ag|par|arg|souv|prés|abs|réc|urg|tal|cont|acc|intellig|évid|prud|incid"
    r"|accid|présid|résid|perman|excell|équival|différ|appar|transpar|fréqu|innoc|viol|serp|rég|étud|compét|néglig))ent$"
)
_MENT_VERBS = frozenset(
    """
    aiment forment informent ferment confirment affirment dorment nomment consomment estiment expriment impriment
    suppriment filment animent réclament consument résument
    """.split()  # noqa: SIM905 - a list of words reads better than a list of strings
)


def _french(word: str) -> int:
    if word.endswith("ent") and (not _SPOKEN_ENT.search(word) or word in _MENT_VERBS):
        word = word[:-3] + ("" if word[-4:-3] in "aeiouy" else "e")
    word = _MUTE.sub("", re.sub("[gq]u(?=es?$)", "k", word))
    for pattern, into in _FRENCH_BREAKS:
        word = pattern.sub(into, word)
    return _groups(_FRENCH, word)


_ELISION = re.compile(r"\b(?:qu|[cdjlmnst])'(?=\w)")


def _without_elision(word: str) -> str:
    return _ELISION.sub("", word).replace("'", "-")  # l'enfant, aujourd'hui


_ENGLISH = re.compile(r"[aeiouyéèêïëü]+")
_COMPOUND = re.compile(
    r"^(some|home|there|where|here|life|time|care|use|hope|name|note|place|safe|online|base|house|store|fire|space|like)"
    r"(?=[bcdfghjklmnpqstvwyz]\w\w)"
)
_ENGLISH_BREAKS = (
    (re.compile(r"qu|gu(?=[aeiy])"), "k"),
    (re.compile(r"^y(?=[aeiou])|(?<=[aeiou])y(?=[aeiou])"), "j"),  # you, beyond, player
    (re.compile(r"(?<=[aeiouy])(?=ing(?:s|ly)?$)"), "·"),  # going, playing
    (re.compile(r"(?<=[^ctsg]i)(?=[ao])|(?<=ti)(?=at)"), "·"),  # radio, initiative
    (re.compile(r"(?<=[^aeioctsg]i)(?=ent|et$|ets$)|(?<=[^aeiou]i)(?=er$|est$|ety$)"), "·"),  # client, easier
    (re.compile(r"(?<=e)(?=o(?!u))(?<!pe)(?<!ge)"), "·"),  # video, not people or courageous
    (re.compile(r"(?<=[^gqk]u)(?=[ao]|en|el|ity|ing|et)"), "·"),  # actual, influence, fuel
    (re.compile(r"(?<=s)m(?=s?$)"), "·am"),  # racism
    (re.compile(r"(?<=[bcdfghjkmpstvwxz])n't$"), "ent"),  # isn't
)
_SILENT = re.compile(
    r"(?<![dt])(?<![bcdfgkptz]l)ed$"  # asked, not wanted, not handled
    r"|(?<!c)(?<!g)(?<!s)(?<!x)(?<!z)(?<!ch)(?<!sh)(?<![bcdfgkptz]l)(?<![bcgt]r)es$"  # names, not boxes
    r"|(?<![bcdfgkpstz]l)(?<![bct]r)e$"  # name, not table, not centre
    r"|(?<=[^l])e(?=ly$|ful$|fully$|less$|ment$|ments$|ness$)"  # safely, careful
)


def _english(word: str) -> int:
    word = re.sub(r"'(?:s|d|ll|m|re|ve)?$", "", word)
    word = _COMPOUND.sub(lambda match: match[0][:-1], word)
    if not re.search(r"[aeiouy]", _SILENT.sub("", word)):
        return 1  # the, she, me
    word = _SILENT.sub("", word)
    for pattern, into in _ENGLISH_BREAKS:
        word = pattern.sub(into, word)
    return _groups(_ENGLISH, word)


@dataclass(frozen=True)
class SyllableCounter:
    """What counts the syllables of a word in small letters; `prepare` is given the whole word before it is split."""

    count: Callable[[str], int]
    prepare: Callable[[str], str] = str


COUNTERS = {
    "nl": SyllableCounter(_dutch),
    "fr": SyllableCounter(_french, _without_elision),
    "en": SyllableCounter(_english),
}
"""By language: the one thing that a language needs beside its folder in `translations/`."""
