"""The words that people read: the typography of each language, and the spellings that the house has chosen.

What the young read is spoken to them, and what children read is easy to read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from app import i18n, paths
from app.definitions.lint.phrases import find
from app.definitions.words.language import load as load_language
from app.domain.readability import measure, sentences, words
from tests.definitions.folder import load

NO_BREAK = "\u00a0\u202f"

HOUSE: dict[str, dict[str, str]] = {
    "nl": {
        r"\be-?mails?\b": "mail; only the address is an e-mailadres",
        r"\bemail": "mail, or e-mailadres",
        r"\bvolstaa[nt]\b": "genoeg",
        r"\bop uw vraag\b": "op uw verzoek",
        r"\bbesliste\b": "hebt beslist",
        r"\bdag en uur\b": "datum en tijd",
        r"\bhoe lang\b": "hoelang",
        r"\b(?:gelieve|alstublieft)\b": "say what to do, without padding",
        r"\b(?:newsletter|mailing|opt-in|opt-out)\b": "Dutch, where it exists",
        r"\btik(?:ken)?\b": "klik",
        r"\b(?:mama|papa)\b": "ouder of voogd",
    },
    "fr": {
        r"\be-?mail\b(?<!e-mail)": "e-mail",
        r"(?<!-)\bmails?\b(?<!boîte mail)(?! BV)": "e-mail; only the box is a boîte mail",
        r"[·•]|\(e\)|\(s\)": "turn the sentence",
        r"(?:\b(?:de|que|or|se)|\b(?:d|qu)’) ?\{controller\}": "the name may begin with a vowel",
        r"\b(?:newsletter|mailing)": "lettre d’information",
        r"\b(?:merci de|veuillez|svp)\b": "say what to do, without padding",
        r"\bgeste\b": "clic",
        r"\b(?:maman|papa)\b": "parent, tuteur ou tutrice",
        r"(?-i:\b(?:A\b|Etes|Etre|Etat|Ecri|Etant))": "an accent stands on a capital too",
    },
    "en": {
        r"\be-mail": "email",
        r"’(?:t|ll|re|ve|d|m)\b": "no contractions",
        r"\b(?:please|kindly)\b": "say what to do, without padding",
        r"\b(?:color|favor|center|license[ds]|fulfill)\b|\b\w+(?:iz(?:e|ed|es|ing|ation))\b": "British spelling",
        r"\btap\b": "click",
        r"\b(?:mum|mummy|dad|daddy)\b": "parent or guardian",
    },
}
"""What is not written, and what is written instead; the names of values do not count."""

ADDRESS: dict[bool, dict[str, dict[str, str]]] = {
    False: {
        "nl": {r"\b(?:je|jij|jou|jouw)\b": "an adult is u"},
        "fr": {r"\b(?:tu|toi|ton|tes)\b": "an adult is vous"},
        "en": {},
    },
    True: {
        "nl": {r"\b(?:u|uw|uwe)\b": "the young are je"},
        "fr": {r"\b(?:vous|votre|vos)\b": "the young are tu"},
        "en": {},
    },
}
"""The same for how adults (False) and the young (True) are spoken to."""


@dataclass(frozen=True)
class Text:
    """A text, where it stands, and whether the young read it."""

    language: str
    place: str
    text: str
    young: bool = False


SIGNS = ("language.thousands", "date.time")
"""What stands between digits: no sentence, and no rule of spacing is about it."""


@cache
def texts() -> tuple[Text, ...]:
    """The kit's own texts, and those of the samples."""
    own = [
        Text(language, key, text, young)
        for language in i18n.LANGUAGES
        for young in (False, True)
        for key, text in i18n.catalogue(language, young).items()
        if key not in SIGNS and (not young or i18n.catalogue(language).get(key) != text)
    ]
    return (
        *own,
        *(
            Text(language, f"{good.controller_id}/{good.form_id}", text, young)
            for good in load(paths.SAMPLES).forms
            for language, text, young in _by_language(good.form.model_dump(warnings=False), young=False)
        ),
    )


def _by_language(value: object, young: bool) -> Iterator[tuple[str, str, bool]]:
    if isinstance(value, dict):
        if value and set(value) <= set(i18n.LANGUAGES):
            yield from ((language, text, young) for language, text in value.items())
        else:
            for name, part in value.items():
                yield from _by_language(part, young or name == "child")
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _by_language(part, young)


def found(language: str, pattern: str) -> list[Text]:
    return [text for text in texts() if text.language == language and re.search(pattern, text.text, re.IGNORECASE)]


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
        (text.place, text.text, instead)
        for text in texts()
        if text.language == language
        for pattern, instead in (HOUSE[language] | ADDRESS[text.young][language]).items()
        if re.search(pattern, re.sub(r"\{(?!controller)\w+\}", "", text.text), re.IGNORECASE)
    ]
    assert wrong == []


CLAIMED = {"nl": "Opgegeven website: ", "fr": "Site indiqué\u00a0: ", "en": "Website given: "}


@pytest.mark.parametrize("language", CLAIMED)
def test_the_site_that_a_sender_named_is_called_a_claim_in_every_text(language: str) -> None:
    assert found(language, r"\{site\}")
    assert found(language, rf"(?<!{CLAIMED[language]})\{{site\}}") == []


ALL_GOES = {
    "nl": r"(?:wissen|gooien) (?:we|wij) (?:meteen )?alles\b(?! behalve)",
    "fr": r"(?:effaçons|jetons) (?:alors )?tout\b(?! de suite|, sauf)",
    "en": r"(?:delete|throw away) (?:at once )?(?:everything|all)\b(?! but| except)",
}


@pytest.mark.parametrize("language", ALL_GOES)
def test_no_text_of_the_kit_says_that_everything_is_deleted_since_the_ledger_stays(language: str) -> None:
    assert [text for text in found(language, ALL_GOES[language]) if "/" not in text.place] == []


CHILD_READS = {
    "its pages": r"child\.|(?:chrome\.closed|chrome\.details|confirmed\.stop_now|expired\.title|form\.told\.heading)$",
    "what to put right": r"error\.(?:child_name|guardian_email|purpose|page_old|text_changed|not_from_here|summary)",
    "where it stops": r"withdraw\.",
    "where forms may mail it again": r"(?:mail\.)?lift\.",
    **{f"mail {name}": rf"mail\.child_{name}\." for name in ("address", "receipt", "stopped", "of_age")},
}
"""What children read together, by the keys of its texts."""

_FILLED_IN = {"age": "13", "period": "2 jaar", "deadline": "3 mei", "date": "3 mei", "until": "3 mei"}


def read_by_children(language: str, keys: str) -> str:
    """The texts with these keys, a line each, with something short where names and addresses go."""
    lines = [text for key, text in i18n.catalogue(language, young=True).items() if re.match(keys, key)]
    return re.sub(r"\{(\w+)\}", lambda place: _FILLED_IN.get(place[1], "Bo"), "\n".join(lines))


@pytest.mark.parametrize("keys", CHILD_READS.values(), ids=CHILD_READS.keys())
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_what_a_child_reads_is_easy(language: str, keys: str) -> None:
    text = read_by_children(language, keys)
    read = measure(text, load_language(language).rules)

    assert read.words >= 30
    assert read.ease >= 80
    assert read.mean <= 10
    assert max(len(words(sentence)) for sentence in sentences(text, load_language(language).rules)) <= 14


@pytest.mark.parametrize("keys", CHILD_READS.values(), ids=CHILD_READS.keys())
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_what_a_child_reads_has_no_words_of_lawyers(language: str, keys: str) -> None:
    hard = {line: find(line, language) for line in read_by_children(language, keys).splitlines()}

    assert {line: topics["child_jargon"] for line, topics in hard.items() if "child_jargon" in topics} == {}
