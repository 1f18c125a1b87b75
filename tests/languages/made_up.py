"""A made-up language, generated from English: every text with accents, and on pages and in mails between marks.

What is seen without marks stands in no catalogue. Its words are those of English with accents, so that the linter
finds in them what it finds in English, and only by the lists of the language.
"""

import re
import shutil
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from app.domain import readability
from app.domain.readability import SyllableCounter

CODE = "zz"
_ACCENTS = str.maketrans("aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ")
_AS_IT_IS = r"\{[^{}]*\}|https?://[^\s\"]+"
_MARKED = re.compile("⟦[^⟦⟧]*⟧")
_DATA = ("name", "address", "registration", "phone")
"""What a controller's file says once for all languages: it is shown as it stands."""
_NO_TEXT = re.compile(
    r"language\.(?:order|region|thousands)|date\.(?:first|ordinals\.typed|beside\.typed|month\.\d+\.typed)"
)


def accented(text: str, names: Iterable[str] = ()) -> str:
    """English in the made-up language, but for places, addresses of pages, and names."""
    kept = "|".join([_AS_IT_IS, *map(re.escape, sorted(names, key=len, reverse=True))])
    pieces = re.split(f"({kept})", text)
    return "".join(piece if at % 2 else piece.translate(_ACCENTS) for at, piece in enumerate(pieces))


def plain(text: str) -> str:
    """The same back in English."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).replace("\u0301", ""))


def marked(text: str, names: Iterable[str] = ()) -> str:
    """A text in the made-up language, between marks: each paragraph of it, so that none can hide what stands between.

    The marks stand alone, because no word of the linter's lists has one.
    """
    return "\n\n".join(f"⟦ {accented(paragraph, names)} ⟧" for paragraph in text.split("\n\n"))


def unmarked(text: str) -> str:
    """What stands outside all marks."""
    while (rest := _MARKED.sub("", text)) != text:
        text = rest
    return text


def write_language(translations: Path) -> None:
    """Add the language to a copy of the translations."""
    folder = translations / CODE
    folder.mkdir()
    for path in (translations / "en").glob("*.po"):
        lines = path.read_text(encoding="utf-8").split("\n")
        (folder / path.name).write_text("\n".join(_message(lines, at) for at in range(len(lines))), encoding="utf-8")
    for path in (translations / "en").glob("*.yaml"):
        write_yaml(folder / path.name, _with_accents(YAML(typ="safe").load(path)))


def _message(lines: list[str], at: int) -> str:
    text = re.fullmatch(r'msgstr "(.+)"', lines[at])
    if text is None:
        return lines[at]
    key = lines[at - 1].removeprefix('msgid "').removesuffix('"')
    if key == "language.order":
        return 'msgstr "9"'
    if _NO_TEXT.fullmatch(key):
        return f'msgstr "{accented(text[1])}"' if key.endswith(".typed") else lines[at]
    return f'msgstr "{marked(text[1].replace(chr(92) + "n", chr(10))).replace(chr(10), chr(92) + "n")}"'


def _with_accents(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_accents(part) for key, part in value.items()}
    return accented(value) if isinstance(value, str) else value


def count_syllables() -> None:
    """Register what counts the syllables of the language: what is code, and not in its folder."""
    english = readability.COUNTERS["en"]
    readability.COUNTERS[CODE] = SyllableCounter(lambda word: english.count(plain(word)))


def write_forms(source: Path, folder: Path) -> set[str]:
    """Copy a folder of forms that speak the language too. Returns what is written once for all languages, as names."""
    shutil.copytree(source, folder, dirs_exist_ok=True)
    data: set[str] = set()
    for controller in (path for path in folder.iterdir() if path.is_dir()):
        files = {path: YAML(typ="safe").load(path) for path in controller.glob("*.yaml")}
        names = {name for content in files.values() for name in _names(content)}
        data |= names
        for path, content in files.items():
            write_yaml(path, _translated(content, names))
    return data


def _names(value: Any, key: str = "") -> set[str]:
    if isinstance(value, dict):
        return {name for at, part in value.items() for name in _names(part, str(at))}
    if isinstance(value, list):
        return {name for part in value for name in _names(part)}
    return {value} if key in _DATA and isinstance(value, str) else set()


def _translated(value: Any, names: set[str]) -> Any:
    if isinstance(value, list):
        return [_translated(part, names) for part in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("en"), str):
        english = value["en"]
        return value | {CODE: english if english.startswith("https:") else marked(english, names)}
    languages = {"languages": [*value["languages"], CODE]} if "en" in value.get("languages", ()) else {}
    return {key: _translated(part, names) for key, part in value.items()} | languages


def write_yaml(path: Path, content: Any) -> None:
    """Write a YAML file."""
    writer = YAML()
    writer.width = 100_000
    with path.open("w", encoding="utf-8") as file:
        writer.dump(_in_lines(content), file)


def _in_lines(value: Any) -> Any:
    """The same with each text of several lines written line by line."""
    if isinstance(value, dict):
        return {key: _in_lines(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_in_lines(part) for part in value]
    return LiteralScalarString(value) if isinstance(value, str) and "\n" in value else value
