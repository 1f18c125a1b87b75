"""Finds words that point to data of a special category (GDPR art. 9) where the file declares none."""

import re
from collections.abc import Iterable
from functools import cache

from ...languages import LANGUAGES, load
from ..source.positions import Node
from ..source.report import Report, quote
from .check import CheckedFile


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    either = "|".join(word.replace("*", r"\w*") for word in words)
    return re.compile(rf"\b(?:{either})\b", re.IGNORECASE)


@cache
def _in(language: str) -> re.Pattern[str]:
    return _pattern(load(language).lexicon.special)


@cache
def _in_any() -> re.Pattern[str]:
    return _pattern(word for language in LANGUAGES for word in load(language).lexicon.special)


def check_special_words(file: CheckedFile, report: Report) -> None:
    """Report art. 9 words in purposes without `special_category`, and in the fields that they use."""
    top = file.top
    ordinary = [purpose for purpose in top.at("purposes").items if _is_ordinary(purpose)]
    for purpose in ordinary:
        _report_word(purpose, ("title", "text"), report)
    used = {entry.text for purpose in ordinary for entry in purpose.at("data").items}
    for field in top.at("fields").items:
        if field.at("id").text in used:
            _report_word(field, ("label",), report)


def _is_ordinary(purpose: Node) -> bool:
    special = purpose.at("special_category")
    return not special.exists or special.text == "none"


def _report_word(entry: Node, keys: tuple[str, ...], report: Report) -> None:
    """One finding for an entry, at the first text that gives it away."""
    name = entry.at("id")
    found = [(name, _in_any().search(name.text.replace("_", " ")))]
    for key in keys:
        found += [
            (text, _in(language).search(text.text))
            for language, text in entry.at(key).entries.items()
            if language in LANGUAGES
        ]
    for text, match in found:
        if match:
            report.add(
                "AK305",
                text.position,
                f"`{quote(match[0])}` points to data of a special category (GDPR art. 9): write `special_category:`"
                " with a kind and a statement, or accept this with the reason",
            )
            return
