"""How hard a text is to read: Flesch-Douma for Dutch, Kandel-Moles for French, Flesch for English.

Syllables are counted by rules of our own, a few words by heart; sentences end where a reader takes breath.
"""

import re
import unicodedata
from dataclasses import dataclass

# What is subtracted for each word of the mean sentence, and for each syllable of the mean word.
_FORMULAS = {"nl": (206.835, 0.93, 77.0), "fr": (207.0, 1.015, 73.6), "en": (206.835, 1.015, 84.6)}


@dataclass(frozen=True)
class Reading:
    """How a text reads."""

    language: str
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
        base, per_word, per_syllable = _FORMULAS[self.language]
        if not self.words:
            return base
        return base - per_word * self.mean - per_syllable * self.syllables / self.words


def measure(text: str, language: str) -> Reading:
    """Read a text in nl, fr or en. What stands on another line, such as a title, is a sentence of its own.

    Raises:
        KeyError: for another language.
    """
    counted = [words(sentence) for sentence in sentences(text, language)]
    read = [sentence for sentence in counted if sentence]
    return Reading(
        language,
        sum(map(len, read)),
        len(read),
        sum(syllables(word, language) for sentence in read for word in sentence),
    )


# After these a capital goes on: a name follows. After the others a capital begins a sentence.
_BEFORE_A_NAME = {
    "nl": "dhr mevr mr dr ir ing prof st nr art bijv bv tel",
    "fr": "m mm mme mmes mlle dr me st ste art no p.ex tél av bd",
    "en": "mr mrs ms dr prof st art e.g i.e",
}
_SHORT = {
    "nl": "b.v d.w.z o.a t.a.v t.e.m t/m m.b.t i.v.m a.u.b enz etc incl excl max min ca blz jl n.v inc ltd co",
    "fr": "etc env max min cf c.-à-d p inc ltd co s.a",
    "en": "etc approx max min vs a.m p.m inc ltd co dept",
}
_NAMED = {language: frozenset(listed.split()) for language, listed in _BEFORE_A_NAME.items()}
_ALL_SHORT = {language: named | frozenset(_SHORT[language].split()) for language, named in _NAMED.items()}
# Without the look back, each sign of a long row of dots would be tried as the first one.
_END = re.compile(r"\s?(?<![.!?…])[.!?…]+[»”’\"')\]]*(?=\s|$)|\n")
_WORD = re.compile(r"[^\W_]+(?:[-’'.@/][^\W_]+)*")
_ELISION = re.compile(r"\b(?:qu|[cdjlmnst])'(?=\w)")


def sentences(text: str, language: str) -> list[str]:
    """The sentences of a text. A full stop after `bv.`, `M.`, an initial or the number of a list ends none."""
    found, start = [], 0
    for match in _END.finditer(text):
        if match[0] == "." and _goes_on(text[start : match.start()], text[match.end() :], language):
            continue
        found.append(text[start : match.end()].strip())
        start = match.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def _goes_on(before: str, after: str, language: str) -> bool:
    last = before[-40:].rsplit(maxsplit=1)[-1:] or [""]
    word = last[0].lstrip("(«“\"'").lower()
    follows = after[:20].lstrip()[:1]
    if not follows:
        return False
    if before.strip().isdigit() or (len(word) == 1 and last[0].isupper()):
        return True
    if (language, word) == ("en", "no"):  # a number, unless it is an answer
        return follows.isdigit()
    return word in (_NAMED if follows.isupper() else _ALL_SHORT)[language]


def words(sentence: str) -> list[str]:
    """The words of a sentence; a number, an address and `l’enfant` are one word each."""
    return _WORD.findall(sentence)


def syllables(word: str, language: str) -> int:
    """The syllables of a word, at least 1; a number has one for each digit.

    Raises:
        KeyError: for a language other than nl, fr and en.
    """
    known, count = _COUNTS[language]
    total = 0
    plain = unicodedata.normalize("NFC", word).replace("’", "'").lower()
    if language == "fr":
        plain = _ELISION.sub("", plain).replace("'", "-")  # l'enfant, aujourd'hui
    for part in re.split(r"[-.@/]", plain):
        if part.isdigit():
            total += len(part)
        elif part:
            total += known.get(part) or max(1, count(part))
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


def _by_heart(listed: str) -> dict[str, int]:
    """Words with a dot between their syllables, as `mu·se·um`."""
    return {word.replace("·", ""): word.count("·") + 1 for word in listed.split()}


_COUNTS = {
    "nl": (
        _by_heart(
            "mu·se·um mu·se·ums web·site web·sites on·line off·line site sites team teams coach quote game games"
            " like likes share up·date up·dates ser·vice ser·vi·ces wij·zi·ging"
        ),
        _dutch,
    ),
    "fr": (_by_heart("août pa·ys pa·y·san ab·ba·ye pied nerf femme mail site sites web"), _french),
    "en": (
        _by_heart(
            "ev·ery ev·ery·one some·one any·one busi·ness busi·nes·ses peo·ple i·de·a i·de·as a·re·a a·re·as cre·ate"
            " cre·ates cre·a·ted re·al the·a·tre the·a·tres sci·ence hun·dred sa·cred na·ked rec·i·pe rec·i·pes"
        ),
        _english,
    ),
}
