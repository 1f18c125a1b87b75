"""Finds words that point to data of a special category (GDPR art. 9) where the file declares none."""

import re
from collections.abc import Iterable

from ..codes import Report, quote
from ..source.positions import Node

# `*` stands for any ending. They only make the linter ask, so they are few; a file answers with `accept`.
WORDS = {
    "nl": """
        gezondheid gezondheidsgegevens gezondheidstoestand gezondheidsklachten ziekte ziekten
        ziektes medisch medische medicatie medicijnen allergie* zwangerschap zwanger diagnose
        bloedgroep handicap godsdienst geloofsovertuiging religie religieuze etnische etniciteit
        vakbond vakbondslid* biometrische vingerafdruk* genetische""",
    "fr": """
        santé maladie maladies médical médicale médicales médicaux médicament* allergie* grossesse
        diagnostic* handicap religion religieuse religieuses religieux ethnique ethniques syndicat
        syndicale syndicales biométrique biométriques génétique génétiques""",
    "en": """
        health illness* disease* medical medication* allerg* pregnan* diagnos* disability
        disabilities religion religious ethnic* biometric* fingerprint* genetic*""",
}


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    either = "|".join(word.replace("*", r"\w*") for word in words)
    return re.compile(rf"\b(?:{either})\b", re.IGNORECASE)


_IN = {language: _pattern(words.split()) for language, words in WORDS.items()}
_IN_ANY = _pattern(word for words in WORDS.values() for word in words.split())


def check_special_words(top: Node, report: Report) -> None:
    """Warn of art. 9 words in purposes without `special_category`, and in the fields that they use."""
    ordinary = [purpose for purpose in top.at("purposes").items if _is_ordinary(purpose)]
    for purpose in ordinary:
        _warn(purpose, ("title", "text"), report)
    used = {entry.text for purpose in ordinary for entry in purpose.at("data").items}
    for field in top.at("fields").items:
        if field.at("id").text in used:
            _warn(field, ("label",), report)


def _is_ordinary(purpose: Node) -> bool:
    special = purpose.at("special_category")
    return not special.exists or special.text == "none"


def _warn(entry: Node, keys: tuple[str, ...], report: Report) -> None:
    """One warning for an entry, at the first text that gives it away."""
    name = entry.at("id")
    found = [(name, _IN_ANY.search(name.text.replace("_", " ")))]
    for key in keys:
        found += [(text, _in(language, text.text)) for language, text in entry.at(key).entries.items()]
    for text, match in found:
        if match:
            report.add(
                "AK305",
                text.position,
                f"`{quote(match[0])}` points to data of a special category: write `special_category:`"
                " with a kind and a statement, or accept this warning with the reason",
            )
            return


def _in(language: str, text: str) -> re.Match[str] | None:
    return _IN[language].search(text) if language in _IN else None
