"""The rules of wording: each finds its wrong examples and leaves its right ones alone, by the words of its concepts."""

import dataclasses
import time

import pytest

from app import languages
from app.definitions.codes import CODES
from app.definitions.lint import constructions, phrases
from app.definitions.lint.law import names_nobody
from app.definitions.lint.rules import RULES
from app.definitions.lint.rules.record import PROSE, Rule
from app.definitions.words import finder
from app.definitions.words.finder import Analysis
from app.definitions.words.language import load
from tests import lint_score
from tests.definitions.folder import FORM, FormsFolder, changed, unmarked
from tests.docs import pages

LANGUAGES = ("nl", "fr", "en")
BY_LANGUAGE = [pytest.param(rule, language, id=f"{rule.name}-{language}") for rule in RULES for language in LANGUAGES]


@pytest.mark.parametrize(("rule", "language"), BY_LANGUAGE)
def test_a_rule_finds_its_wrong_examples(rule: Rule, language: str) -> None:
    assert [
        text for text in rule.wrong[language] if not constructions.broken(rule, finder.analyse(text, language))
    ] == []


@pytest.mark.parametrize(("rule", "language"), BY_LANGUAGE)
def test_no_rule_for_such_texts_finds_anything_in_a_right_example(rule: Rule, language: str) -> None:
    found = [
        (text, other.name)
        for text in rule.right[language]
        for other in RULES
        if not set(other.reads).isdisjoint(rule.reads)
        if len(other.reads) > 1 or other.reads == rule.reads  # statements have rules of their own
        if constructions.broken(other, finder.analyse(text, language))
    ]
    assert found == []


@pytest.mark.parametrize(("rule", "language"), BY_LANGUAGE)
def test_without_the_words_of_any_of_its_concepts_a_rule_finds_nothing(rule: Rule, language: str) -> None:
    for text in rule.wrong[language]:
        analysis = finder.analyse(text, language)
        for slot in rule.slots:
            left = [one for one in analysis.found if one.topic not in slot.concepts]
            assert constructions.broken(rule, dataclasses.replace(analysis, found=left)) == []


@pytest.mark.parametrize(("rule", "language"), [one for one in BY_LANGUAGE if one.values[0].excuses])  # type: ignore[union-attr]
def test_an_excuse_or_a_denial_is_what_saves_a_right_example(rule: Rule, language: str) -> None:
    """A right example that would pass without any of it shows nothing."""
    bare = dataclasses.replace(rule, unless="", meets=rule.meets.replace("!", "?"))
    either = dataclasses.replace(bare, meets=" ".join(f"?{slot.lstrip('?')}" for slot in bare.meets.split()))

    assert any(constructions.broken(either, finder.analyse(text, language)) for text in rule.right[language])


def test_every_rule_has_examples_in_each_language_a_code_of_the_linter_and_a_family_of_the_score() -> None:
    for rule in RULES:
        assert set(rule.wrong) == set(rule.right) == set(languages.LANGUAGES), rule.name
        assert rule.code in CODES
        assert rule.code in phrases.ADVICE
        assert rule.code in lint_score.WORDING
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_the_rule_that_the_manual_shows_is_one_of_the_linter() -> None:
    (shown,) = [one.code for one in pages.snippets(pages.MANUAL / "linter-rules.md") if one.language == "python"]

    assert eval(shown, {"Rule": Rule, "PROSE": PROSE}) in RULES  # noqa: S307 (our own manual)


def test_every_concept_is_used_and_the_same_in_each_language() -> None:
    used = frozenset().union(*(rule.concepts for rule in RULES)) | finder.OWN | {"not_only", "tracks", "looks_at"}
    for language in languages.LANGUAGES:
        assert set(load(language).concepts) <= used


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_of_a_concept_is_written_so_that_it_can_be_found(language: str) -> None:
    for concept, lines in load(language).concepts.items():
        for line in lines.splitlines():
            steps = line.split()
            text = " ".join(step.split("|")[0].strip("*").rstrip("?") for step in steps if step != "~")
            assert steps[0] != "~", line
            assert not steps[-1].endswith("?"), line
            assert steps[-1] != "~", line
            assert all(len(first) > 3 for first in steps[0].split("|") if "*" in first), line
            assert concept in finder.analyse(text, language).topics, line


def test_a_finding_stands_at_the_text_and_quotes_it(forms: FormsFolder) -> None:
    wrong = "nl: §We mailen u elke maand – TENZIJ u dit niet wil."
    form, places = unmarked(changed(FORM, "nl: Eén keer per maand mailen we wat er nieuw is.", wrong))

    (fault,) = forms.write(form=form).faults()

    assert (fault.code, fault.line, fault.column) == ("AK332", *places[0])
    assert fault.message.startswith("`TENZIJ u dit niet wil`: silence is no consent (GDPR recital 32)")


def test_a_title_and_its_text_are_read_together(forms: FormsFolder) -> None:
    form = changed(FORM, "nl: Nieuwsbrief per mail", "nl: Elke maand een mail, tenzij u")
    text = "nl: zich verzet met een bericht aan ons."

    assert [fault.code for fault in forms.write(form=form).faults()] == []
    joined = changed(form, "nl: Eén keer per maand mailen we wat er nieuw is.", text)
    assert [fault.code for fault in forms.write(form=joined).faults()] == ["AK332"]


@pytest.mark.parametrize(
    "words", ["tenzij u ", "tenzij bezwaar ", "niet ", "vink , ", "a , ", "wil niet. ", "geen en "]
)
def test_a_text_of_nothing_but_beginnings_is_read_in_time_that_grows_with_its_length(words: str) -> None:
    def seconds(times: int) -> float:
        begun = time.process_time()
        analysis = finder.analyse.__wrapped__(words * times, "nl")
        for rule in RULES:
            constructions.broken(rule, analysis)
        return time.process_time() - begun

    short = min(seconds(100) for _ in range(3))
    assert min(seconds(1000) for _ in range(3)) < 40 * short + 0.1


@pytest.mark.parametrize(
    "name",
    ["Autodealers Peeters", "Hotels Van der Valk", "banques alimentaires asbl", "Partners in Health", "Post"],
)
def test_a_name_with_a_capital_or_a_legal_form_names_somebody(name: str) -> None:
    assert not names_nobody(name)


def read(text: str, language: str) -> Analysis:
    return finder.analyse(text, language)


@pytest.mark.parametrize(
    ("text", "language", "is_denied"),
    [
        ("Wij geven niets aan derden of andere bedrijven.", "nl", True),
        ("Andere bedrijven krijgen uw adres niet.", "nl", True),
        ("Andere bedrijven krijgen uw adres, en u merkt er niets van.", "nl", False),
        ("Andere bedrijven krijgen uw adres en u merkt er niets van.", "nl", False),
        ("Als u niets zegt, krijgen andere bedrijven uw adres.", "nl", False),
        ("Geen zorgen, andere bedrijven krijgen uw adres.", "nl", False),
        ("We geven niets aan winkels, sponsors of andere bedrijven.", "nl", True),
        ("D’autres sociétés ne reçoivent rien.", "fr", True),
        ("Nous donnons votre adresse à d’autres sociétés, jamais à vos voisins.", "fr", False),
        ("Nous ne donnons rien à d’autres sociétés.", "fr", True),
        ("Other companies get nothing.", "en", True),
        ("We give it to other companies and never sell it.", "en", False),
        ("Not only we but other companies get it.", "en", False),
    ],
)
def test_a_denial_reaches_as_far_as_its_clause_on_either_side(text: str, language: str, is_denied: bool) -> None:
    found = [one.denied for one in read(text, language).found if one.topic == "class_of_companies"]

    assert set(found) == {is_denied}
