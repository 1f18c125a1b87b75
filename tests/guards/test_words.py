"""The words that people read: the typography of each language, and the spellings that the house has chosen."""

import re
from collections.abc import Iterator

import pytest

from app import i18n, paths
from app.definitions.loading import load

NO_BREAK = "\u00a0\u202f"

HOUSE: dict[str, dict[str, str]] = {
    "nl": {
        r"\be-?mails?\b": "mail; only the address is an e-mailadres",
        r"\bemail": "mail, or e-mailadres",
        r"\b(?:je|jij|jou|jouw)\b": "an adult is u",
        r"\bvolstaa[nt]\b": "genoeg",
        r"\bop uw vraag\b": "op uw verzoek",
        r"\bbesliste\b": "hebt beslist",
        r"\bdag en uur\b": "datum en tijd",
        r"\bhoe lang\b": "hoelang",
        r"\b(?:gelieve|alstublieft)\b": "say what to do, without padding",
        r"\b(?:newsletter|mailing|opt-in|opt-out)\b": "Dutch, where it exists",
        r"\btik(?:ken)?\b": "klik",
    },
    "fr": {
        r"\be-?mail\b(?<!e-mail)": "e-mail",
        r"(?<!-)\bmails?\b(?<!boîte mail)": "e-mail; only the box is a boîte mail",
        r"\b(?:tu|toi|ton|tes)\b": "an adult is vous",
        r"[·•]|\(e\)|\(s\)": "turn the sentence",
        r"(?:\b(?:de|que|or|se)|\b(?:d|qu)’) ?\{controller\}": "the name may begin with a vowel",
        r"\b(?:newsletter|mailing)": "lettre d’information",
        r"\b(?:merci de|veuillez|svp)\b": "say what to do, without padding",
        r"\bgeste\b": "clic",
        r"(?-i:\b(?:A\b|Etes|Etre|Etat|Ecri|Etant))": "an accent stands on a capital too",
    },
    "en": {
        r"\be-mail": "email",
        r"’(?:t|ll|re|ve|d|m)\b": "no contractions",
        r"\b(?:please|kindly)\b": "say what to do, without padding",
        r"\b(?:color|favor|center|license[ds]|fulfill)\b|\b\w+(?:iz(?:e|ed|es|ing|ation))\b": "British spelling",
        r"\btap\b": "click",
    },
}
"""What is not written, and what is written instead; the names of values do not count."""


def texts() -> Iterator[tuple[str, str, str]]:
    """Language, place and text: the kit's own, and those of the samples."""
    for language in i18n.LANGUAGES:
        for key, text in i18n.catalogue(language).items():
            yield language, key, text
    for good in load(paths.SAMPLES).forms:
        for language, text in _by_language(good.form.model_dump(warnings=False)):
            yield language, f"{good.controller_id}/{good.form_id}", text


def _by_language(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if value and set(value) <= set(i18n.LANGUAGES):
            yield from value.items()
        else:
            for part in value.values():
                yield from _by_language(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _by_language(part)


def found(language: str, pattern: str) -> list[tuple[str, str]]:
    return [
        (place, text)
        for spoken, place, text in texts()
        if spoken == language and re.search(pattern, text, re.IGNORECASE)
    ]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_quotes_and_apostrophes_are_typographic(language: str) -> None:
    assert found(language, r"['\"`]") == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_text_has_no_stray_space_and_dots_that_are_one_sign(language: str) -> None:
    assert found(language, r"^\s|\s$|\s\s|\.\.\.| ,| \.") == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_nothing_is_exclaimed(language: str) -> None:
    assert found(language, "!") == []


def test_french_keeps_its_signs_on_the_line_of_their_word() -> None:
    assert found("fr", rf"(?<![{NO_BREAK}])[;:!?»](?![/\w])") == []
    assert found("fr", rf"«(?![{NO_BREAK}])") == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_dutch_and_english_put_no_space_before_a_sign(language: str) -> None:
    assert found(language, rf"[\s{NO_BREAK}][;:!?]|[«»]") == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_spelling_is_that_of_the_house(language: str) -> None:
    wrong = [
        (place, text, instead)
        for spoken, place, text in texts()
        if spoken == language
        for pattern, instead in HOUSE[language].items()
        if re.search(pattern, re.sub(r"\{(?!controller)\w+\}", "", text), re.IGNORECASE)
    ]
    assert wrong == []
