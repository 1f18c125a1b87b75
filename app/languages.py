"""All that belongs to one language stands in its folder `translations/<language>/`: the catalogues are read here.

    messages.po    all that the kit says to adults; names of months and units; the place and name of the language
    child.po       what it says to children and teenagers, or says otherwise to them
    language.yaml  what the linter knows of the language: abbreviations, numbers, units, examples
    lexicon.yaml   the words that the linter looks for
    concepts.yaml  the ways to say each thing that its rules put together

The languages of the kit are those that have a folder. To add one, such as German:

1. Copy `translations/en` to `translations/de` and translate its five files; no key and no list may be left out.
   `language.order` is the place in lists of languages, and `Plural-Forms` says which form of a unit follows a number.
2. Write what counts the syllables of a word, and add it to `COUNTERS` in `domain/readability.py`.
3. Run `akkoord check`: it says in one line what is missing or empty, and in which file. So does every other command:
   an incomplete language stops the start, because a linter without words, or a page without a sentence, is silent.
4. Run the tests. `tests/guards/test_words.py` asks for the spelling and the forms of address of the language.

Web processes read the catalogues alone, at their start. YAML is read where definitions are:
`definitions/words/language.py`.
"""

import gettext
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import cache
from pathlib import Path

from . import paths
from .domain.basis import Basis
from .period import UNITS

_ALWAYS = (
    *(f"notice.basis.{basis}" for basis in Basis if not basis.is_asked),
    *("language.order", "language.name", "language.region", "date.day", "date.first", "date.time"),
    *("date.ordinals.typed", "date.beside.typed"),
    *(f"date.month.{number}{typed}" for number in range(1, 13) for typed in ("", ".typed")),
)
"""What must be there even where all languages lack it: dates and the reasons of notices are put together from it."""

_ENTRY = re.compile(r'(msgid|msgstr) "(.*)"')
_ESCAPED = re.compile(r"\\(.)")
_SIGNS = {"n": "\n", "t": "\t"}
_PLURAL = re.compile(r"Plural-Forms: nplurals=([1-6]); plural=(.+);")
_LAST = 1000
"""The place in lists of a language that does not say it."""


class IncompleteLanguage(Exception):
    """A language lacks something; the text is one line that names the file and what is missing there."""

    def __init__(self, language: str, file: str, problem: str) -> None:
        super().__init__(f"translations/{language}/{file}: {problem}")


def found(folder: Path) -> tuple[str, ...]:
    """The languages that have a folder, by the place that each gives itself."""
    codes = [path.name for path in folder.iterdir() if path.is_dir() and re.fullmatch("[a-z]{2,3}", path.name)]
    return tuple(sorted(codes, key=lambda code: (_place(folder / code), code)))


def _place(folder: Path) -> int:
    try:
        return int(read_catalogue(folder / "messages.po")["language.order"])
    except (OSError, LookupError, ValueError):
        return _LAST  # `check_catalogues` says so


@cache
def read_catalogue(path: Path) -> dict[str, str]:
    """The texts of a .po file by their keys; its head has the key ``.

    Babel reads the same, with the date of each message and where it stands, in a hundred times as long: too long for
    the start of a web process. Messages marked fuzzy or obsolete are the business of a test.
    """
    texts: dict[str, str] = {}
    key = part = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = _ENTRY.fullmatch(line)
        if entry:
            part = entry[1]
            if part == "msgid":
                key = _unescaped(entry[2])
            else:
                texts[key] = _unescaped(entry[2])
        elif line.startswith('"') and part == "msgstr":
            texts[key] += _unescaped(line[1:-1])
        elif line.startswith('"'):
            key += _unescaped(line[1:-1])
    return texts


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: _SIGNS.get(match[1], match[1]), text) if "\\" in text else text


def catalogue(folder: Path, language: str, name: str) -> dict[str, str]:
    """The texts of a .po file of a language by their keys, without its head.

    Raises:
        IncompleteLanguage: where it cannot be read.
    """
    try:
        texts = dict(read_catalogue(folder / language / name))
    except FileNotFoundError:
        raise IncompleteLanguage(language, name, "there is no such file") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise IncompleteLanguage(language, name, f"cannot be read: {problem}") from None
    texts.pop("", None)
    return texts


def plural_rule(folder: Path, language: str) -> tuple[int, Callable[[int], int]]:
    """How many forms a unit has in a language, and which one follows a number.

    Raises:
        IncompleteLanguage: where the head of `messages.po` does not say it in gettext's way.
    """
    head = read_catalogue(folder / language / "messages.po").get("", "")
    match = _PLURAL.search(head)
    if match is None:
        raise IncompleteLanguage(language, "messages.po", "its head has no Plural-Forms, such as that of English")
    try:
        return int(match[1]), gettext.c2py(match[2])
    except ValueError:
        raise IncompleteLanguage(language, "messages.po", "the Plural-Forms of its head is no such rule") from None


def check_catalogues(folder: Path, languages: tuple[str, ...]) -> None:
    """Compare the keys of the catalogues of all languages, each with a text. It takes a few milliseconds.

    Raises:
        IncompleteLanguage: for the first thing that a language lacks.
    """
    adult = {language: catalogue(folder, language, "messages.po") for language in languages}
    young = {language: catalogue(folder, language, "child.po") for language in languages}
    _compare("messages.po", adult)
    # Texts for adults have a second form for the young only where the language speaks to them otherwise.
    _compare("child.po", {code: texts.keys() - adult[code].keys() for code, texts in young.items()})
    for language in languages:
        forms, _ = plural_rule(folder, language)
        units = [f"period.{unit}.{form}" for unit in UNITS for form in range(forms)]
        missing = next((key for key in (*_ALWAYS, *units) if key not in adult[language]), None)
        if missing is not None:
            raise IncompleteLanguage(language, "messages.po", f"`{missing}` is missing")
        for file, texts in (("messages.po", adult[language]), ("child.po", young[language])):
            empty = next((key for key, text in texts.items() if not text), None)
            if empty is not None:
                raise IncompleteLanguage(language, file, f"`{empty}` is empty")
        if not adult[language]["language.order"].isdecimal():
            raise IncompleteLanguage(language, "messages.po", "`language.order` is no number")


def _compare(file: str, catalogues: Mapping[str, Collection[str]]) -> None:
    """Every key stands in all languages. One that stands in a single language is a slip there, and no gap elsewhere."""
    times = Counter(key for keys in catalogues.values() for key in keys if not key.startswith("period."))
    for language, keys in catalogues.items():
        for key, count in times.items():
            if count == 1 < len(catalogues) and key in keys:
                raise IncompleteLanguage(language, file, f"`{key}` stands in no other language")
            if count > 1 and key not in keys:
                raise IncompleteLanguage(language, file, f"`{key}` is missing")


LANGUAGES = found(paths.TRANSLATIONS)
"""The languages of the kit, in the order in which people may choose among them; the first is the default."""
