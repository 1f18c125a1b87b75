"""What the linter knows of a language: read from the YAML in its folder of `translations/`, typed, checked for gaps."""

import re
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from ... import paths
from ...domain.readability import COUNTERS, ReadingRules
from ...languages import LANGUAGES, IncompleteLanguage, catalogue

_Kind = TypeVar("_Kind")

_LIST = re.compile(r"([a-z_]+): \|")
_WORDS_FROM_ONE = 20
_LATER_NUMBERS = (24, 30, 36, 60, 90)
"""Numbers that are told in words."""


@dataclass(frozen=True)
class Numbers:
    """Numbers in words, from one on without a gap, and some later ones. `|` stands between spellings."""

    from_one: tuple[str, ...]
    later: dict[int, str]


@dataclass(frozen=True)
class Examples:
    """Sentences and labels that the linter shows to an author. `{name}` is filled in."""

    recipient: str
    recipient_controller: str
    phone_label: str
    address_label: str


@dataclass(frozen=True)
class ByChannel:
    """What is said otherwise for each channel of a purpose."""

    email: str
    phone: str
    sms: str
    post: str
    none: str


@dataclass(frozen=True)
class Sentences:
    """What the linter proposes to one reader in the place of what it found. `{names}` and `{keep}` are filled in."""

    after_yes: ByChannel
    label: ByChannel
    news: ByChannel
    tick: str
    nobody: str
    given: str
    free: str
    stop: str
    refuse: str
    choose: str
    same: str
    ends: str
    until_stop: str


@dataclass(frozen=True)
class Proposals:
    """The same for each reader: teenagers read what children read."""

    adult: Sentences
    child: Sentences


@dataclass(frozen=True)
class ReadingFormula:
    """What measures how hard a text is to read; see `ReadingRules`, which is made of it."""

    formula: str
    base: float
    per_word: float
    per_syllable: float
    before_a_name: frozenset[str]
    abbreviations: frozenset[str]
    by_heart: tuple[str, ...]


@dataclass(frozen=True)
class FieldNames:
    """Words, or beginnings of words before `*`, that the name of a field has which asks for a number or an address."""

    phone: tuple[str, ...]
    address: tuple[str, ...]


@dataclass(frozen=True)
class LinterWords:
    """`language.yaml`."""

    english_name: str
    reading: ReadingFormula
    numbers: Numbers
    field_names: FieldNames
    examples: Examples
    proposals: Proposals


@dataclass(frozen=True)
class Drawings:
    """Phrases of the title of a wish, one a line, by the drawing that stands beside it where a child reads."""

    photo: str
    recipe: str
    birthday: str
    clock: str
    calendar: str
    reading: str
    game: str


@dataclass(frozen=True)
class Lexicon:
    """`lexicon.yaml`: phrases by what they are a sign of, one a line as `definitions` reads them, and single words."""

    child_jargon: str
    adult_jargon: str
    write: dict[str, str]
    gifts: str
    prizes: str
    urging: str
    stopping: str
    public: str
    pictures: str
    lasting: str
    drawings: Drawings
    vague: frozenset[str]
    stop_words: frozenset[str]

    @property
    def topics(self) -> dict[str, str]:
        """Phrases by what they are a sign of."""
        texts = {name: text for name, text in vars(self).items() if isinstance(text, str)}
        drawings = {f"drawing {name}": text for name, text in vars(self.drawings).items()}
        return texts | drawings


@dataclass(frozen=True)
class Language:
    """All that the linter knows of a language."""

    words: LinterWords
    lexicon: Lexicon
    concepts: dict[str, str]
    rules: ReadingRules


def read(folder: Path, code: str) -> Language:
    """What the linter knows of a language, from its three YAML files.

    Raises:
        IncompleteLanguage: for the first thing that is missing, empty, or of another kind.
    """
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(catalogue(folder, code, "messages.po").get("language.region", ""))
    except (UnknownLocaleError, ValueError):
        problem = "`language.region` is no locale of CLDR, such as nl_BE, and has no names of countries"
        raise IncompleteLanguage(code, "messages.po", problem) from None
    words = _Reader(folder, code, "language.yaml").read(LinterWords)
    lexicon = _Reader(folder, code, "lexicon.yaml").read(Lexicon)
    concepts = _Reader(folder, code, "concepts.yaml").read_lists()
    _check_numbers(code, words)
    if code not in COUNTERS:
        raise IncompleteLanguage(code, "language.yaml", "no syllable counter in app/domain/readability.py goes with it")
    reading = words.reading
    rules = ReadingRules(
        language=code,
        formula=(reading.base, reading.per_word, reading.per_syllable),
        before_a_name=reading.before_a_name,
        abbreviations=reading.before_a_name | reading.abbreviations,
        by_heart={word.replace("·", ""): word.count("·") + 1 for word in reading.by_heart},
    )
    return Language(words, lexicon, concepts, rules)


def _check_numbers(code: str, words: LinterWords) -> None:
    count = len(words.numbers.from_one)
    if count < _WORDS_FROM_ONE:
        problem = f"`numbers: from_one` ends at {count}, and goes to {_WORDS_FROM_ONE} at least"
        raise IncompleteLanguage(code, "language.yaml", problem)
    missing = next((number for number in _LATER_NUMBERS if number not in words.numbers.later), None)
    if missing is not None:
        raise IncompleteLanguage(code, "language.yaml", f"`numbers: later: {missing}` is missing")


@cache
def load(code: str) -> Language:
    """The same, read once, of a language of the kit."""
    return read(paths.TRANSLATIONS, code)


def load_all() -> dict[str, Language]:
    """Read every language, by its code. It is called where definitions are read, which need them anyway.

    Raises:
        IncompleteLanguage: where one lacks something.
    """
    return {code: load(code) for code in LANGUAGES}


class _Reader:
    """Reads one YAML file into the dataclass that says what stands there."""

    def __init__(self, folder: Path, language: str, file: str) -> None:
        self._path = folder / language / file
        self._language = language

    def read(self, kind: type[_Kind]) -> _Kind:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        try:
            content = YAML(typ="safe", pure=True).load(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise self._incomplete("there is no such file") from None
        except (OSError, UnicodeDecodeError, YAMLError) as problem:
            raise self._incomplete(f"cannot be read: {' '.join(str(problem).split())}") from None
        return cast(_Kind, self._value(kind, content, ()))

    def read_lists(self) -> dict[str, str]:
        """Read a file of nothing but lists: `name: |`, and the phrases below it, one a line.

        A YAML reader takes thirty times as long for it: 10 ms for a language.
        """
        lists: dict[str, list[str]] = {}
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            raise self._incomplete("there is no such file") from None
        except (OSError, UnicodeDecodeError) as problem:
            raise self._incomplete(f"cannot be read: {problem}") from None
        last = ""
        for number, line in enumerate(lines, 1):
            if line.startswith("  ") and last:
                lists[last].append(line.strip())
            elif head := _LIST.fullmatch(line):
                last = head[1]
                if last in lists:
                    raise self._incomplete(f"`{last}` stands there twice")
                lists[last] = []
            elif line.strip() and not line.startswith("#"):
                raise self._incomplete(f"line {number} is no `name: |`, and no phrase below one")
        empty = next((name for name, phrases in lists.items() if not any(phrases)), None)
        if empty is not None:
            raise self._incomplete(f"`{empty}` is empty")
        return {name: "\n".join(filter(None, phrases)) for name, phrases in lists.items()}

    def _incomplete(self, problem: str) -> IncompleteLanguage:
        return IncompleteLanguage(self._language, self._path.name, problem)

    def _value(self, kind: Any, content: Any, keys: tuple[str, ...]) -> Any:
        name = f"`{': '.join(keys)}`" if keys else "the file"
        if content is None or content in ("", {}):
            raise self._incomplete(f"{name} is empty")
        if is_dataclass(kind):
            return self._block(kind, content, keys)
        if get_origin(kind) is dict:
            of_key, of_value = get_args(kind)
            if not isinstance(content, dict) or not all(isinstance(key, of_key) for key in content):
                raise self._incomplete(f"{name} is a block of keys and values")
            return {key: self._value(of_value, value, (*keys, str(key))) for key, value in content.items()}
        if kind is float:
            if not isinstance(content, int | float):
                raise self._incomplete(f"{name} is a number")
            return float(content)
        if not isinstance(content, str) or not content.strip():
            raise self._incomplete(f"{name} is a text")
        return content.strip() if kind is str else get_origin(kind)(content.split())

    def _block(self, kind: Any, content: Any, keys: tuple[str, ...]) -> Any:
        known = get_type_hints(kind)
        given = content if isinstance(content, dict) else {}
        may_lack = {field.name for field in fields(kind) if field.default is not MISSING}
        for key in (*known, *given):
            if (key not in given and key not in may_lack) or key not in known:
                where = ": ".join((*keys, str(key)))
                raise self._incomplete(f"`{where}` is missing" if key in known else f"`{where}` is no key of this file")
        return kind(**{key: self._value(hint, given[key], (*keys, key)) for key, hint in known.items() if key in given})
