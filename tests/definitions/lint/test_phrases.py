"""The words of the linter: each phrase is found however it is typed, and nothing is found in words that look alike."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import languages
from app.definitions.codes import CODES, WARNINGS
from app.definitions.lint import advice, constructions, phrases
from app.definitions.lint.rules import RULES
from app.definitions.words import finder
from app.definitions.words.language import load
from tests.definitions.mutations import listed_phrases, written

NO_FAULT_WHERE_IT_STANDS = {"AK305": "AK305", "AK380": "AK305", "AK360": "AK360"}
"""What a rule finds in the example of a code alone: a statement may name the data, and what is asked may be offers."""

PHRASES = {language: list(listed_phrases(language)) for language in ("nl", "fr", "en")}


def topics(text: str, language: str) -> set[str]:
    return {topic.replace("adult_jargon", "AK350") for topic in phrases.find(text, language)}


@pytest.mark.parametrize("language", PHRASES)
def test_each_phrase_is_found_in_a_sentence(language: str) -> None:
    missed = [
        (topic, text)
        for topic, line in PHRASES[language]
        for phrase in [written(line)]
        for text in (phrase, f"Zo. « {phrase.upper()} », zo.", f"Zo.\n{phrase}.", phrase.replace(" ", "\u00a0 "))
        if topic not in topics(text, language)
    ]
    assert missed == []


@pytest.mark.parametrize("language", PHRASES)
def test_each_phrase_is_written_so_that_it_can_be_found(language: str) -> None:
    assert len(PHRASES[language]) > 150
    for _, line in PHRASES[language]:
        steps = line.partition("=")[0].strip(" ^()").split()
        for end in (steps[0], steps[-1]):
            assert not end.endswith("?")
            assert end != "~"
        assert all(len(first) > 3 for first in steps[0].split("|") if first.endswith("*"))


@pytest.mark.parametrize(
    ("language", "text", "topic"),
    [
        ("fr", "L’autorité de contrôle", "child_jargon"),
        ("nl", "toe\u00adstem\u00adming", "child_jargon"),
        ("fr", "Tes donne\u0301es", "child_jargon"),
    ],
)
def test_a_phrase_is_found_as_people_type_it(language: str, text: str, topic: str) -> None:
    assert topic in topics(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "We sturen u een brief. Om te stoppen klikt u op de link."),
        ("nl", "De minderheid bakt. We hebben een datum en een database."),
        ("nl", "Een telefoon. Een mail. Of een kaart."),
        ("nl", "Een mail over onze telefoon"),
        ("fr", "Une lettre recommandable, des partenariats, un tierce-mondiste."),
        ("fr", "Nous écrivons par e-mail. Et par téléphone, jamais."),
        ("en", "The newsroom has a database, a terminal and a shareholder in Datatown."),
        ("en", "We never email. Or text."),
        ("en", "Two companies help us."),
    ],
)
def test_words_that_look_alike_are_left_alone(language: str, text: str) -> None:
    assert not {topic for topic in topics(text, language) if topic.startswith("AK") or topic == "child_jargon"}


def test_every_error_or_warning_of_wording_has_advice_and_an_example_in_each_language() -> None:
    assert set(phrases.ADVICE) == {rule.code for rule in RULES}
    for code, says in phrases.ADVICE.items():
        assert re.search(r"GDPR (?:art\.|recital)|EDPB", says), code
        assert code in CODES
    for language in languages.LANGUAGES:
        assert load(language).lexicon.write.keys() == phrases.ADVICE.keys() - advice.MADE
    assert WARNINGS & set(phrases.ADVICE) == {"AK347"}  # a hollow promise is bad style


def test_the_example_of_an_advice_has_no_fault_itself() -> None:
    for language in languages.LANGUAGES:
        for code, one in load(language).lexicon.write.items():
            broken = {rule.code for rule in RULES if constructions.broken(rule, finder.analyse(one, language))}
            assert broken <= {NO_FAULT_WHERE_IT_STANDS.get(code)}
            assert phrases.foreign(one, language) is None


def test_a_plain_word_is_not_in_the_list_that_it_is_offered_for() -> None:
    for language, listed in PHRASES.items():
        for topic, line in listed:
            assert topic not in topics(line.partition("=")[2], language), line


def test_no_stop_word_belongs_to_two_languages() -> None:
    listed = [word for code in languages.LANGUAGES for word in load(code).lexicon.stop_words]

    assert len(listed) == len(set(listed))


@pytest.mark.parametrize(
    ("text", "language", "other"),
    [
        ("Here is what we do with your name and your address.", "nl", "en"),
        ("Voici ce que nous faisons avec votre nom.", "en", "fr"),
        ("Hier leest u wat het bedrijf niet mag.", "fr", "nl"),
    ],
)
def test_a_sentence_in_another_language_is_recognised(text: str, language: str, other: str) -> None:
    found = phrases.foreign(text, language)

    assert found is not None
    assert found[0] == other
    assert phrases.foreign(text, other) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nieuws van The Body Shop & You Ltd", "nl"),
        ("La lettre de Van Der Het NV", "fr"),
        ("Un film : « The wind and the sea »", "fr"),
        ("Workshop over online marketing", "nl"),
        ("", "en"),
    ],
)
def test_a_name_of_another_language_is_no_other_language(text: str, language: str) -> None:
    assert phrases.foreign(text, language) is None


@pytest.mark.parametrize(
    "text",
    [
        "tenzij u " * 222,
        "a" * 2000,
        "d'" * 1000,
        "par " * 500,
        "zonder ja " * 200,
        "u|je* ~ " * 250,
        "e-mail en " * 200,
    ],
)
def test_a_hostile_text_is_searched_at_once(text: str) -> None:
    begun = time.process_time()

    for language in ("nl", "fr", "en"):
        phrases.find(text, language)

    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize("sign", [".", " ", '"', "'", "\n", "\n ", ". ", "?!'"])
def test_an_endless_text_is_made_ready_at_once(sign: str) -> None:
    begun = time.process_time()

    phrases.normal(sign * (100_000 // len(sign)) + "x")

    assert time.process_time() - begun < 0.5


@given(text=st.text(), language=st.sampled_from(["nl", "fr", "en", "de"]))
def test_any_text_can_be_searched(text: str, language: str) -> None:
    for found in phrases.find(text, language).values():
        assert all(phrase.strip() for phrase in found)


@pytest.mark.parametrize(
    ("language", "text", "is_jargon"),
    [
        ("nl", "De data van de markten staan in de mail.", False),
        ("nl", "We houden jouw data bij.", True),
        ("fr", "Le musée parle du travail du mineur.", False),
        ("fr", "Une chanson en la mineur.", False),
        ("fr", "Un enfant mineur, les mineurs aussi.", True),
        ("fr", "L’apiculteur tire sur la cible.", False),
        ("fr", "Des pubs ciblées, par une API.", True),
        ("fr", "Une recette de cookies.", False),
        ("en", "A recipe for cookies, a song in A minor.", False),
        ("en", "We set cookies.", True),
        ("en", "Spring term and both terms of school.", False),
        ("en", "A cloud and an apiary.", False),
        ("en", "Your ID goes to the cloud.", True),
    ],
)
def test_a_word_of_two_meanings_is_judged_by_its_neighbours(language: str, text: str, is_jargon: bool) -> None:
    assert ("child_jargon" in topics(text, language)) == is_jargon
