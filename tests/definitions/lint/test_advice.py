"""What a message says to write instead: it fits the text that it stands at."""

import dataclasses
import re
from pathlib import Path
from typing import get_args

import pytest

from app.definitions.codes import CODES, TO_ANSWER
from app.definitions.lint import phrases
from app.definitions.schema.models import Purpose
from app.definitions.words.language import ByChannel, Sentences, load
from app.domain.readability import measure
from app.languages import LANGUAGES
from tests.definitions.examples import faults_of_example
from tests.definitions.folder import FORM, FormsFolder, changed
from tests.definitions.lint import test_children

NOBODY = "Niemand anders gebruikt uw gegevens voor zichzelf."
TEXT = "nl: Eén keer per maand mailen we wat er nieuw is."
PHONE = """\
  - id: phone
    type: tel
    label:
      nl: Telefoon
      en: Telephone
    required: true
purposes:
"""
RECIPIENTS = """\
    recipients:
      - {name: Post BV, role: processor, country: BE, use: {nl: mailt, en: emails}}
      - {name: Abel NV, role: processor, country: BE, use: {nl: drukt, en: prints}}
"""


def message(forms: FormsFolder, form: str, code: str) -> str:
    (fault,) = [fault for fault in forms.write(form=form).faults() if fault.code == code]
    return fault.message


def with_text(text: str, form: str = FORM) -> str:
    return changed(form, TEXT, f"nl: {text}")


BY_PHONE = changed(FORM, "purposes:\n", PHONE).replace("[email, first_name]", "[email, first_name, phone]")
BY_PHONE = BY_PHONE.replace("channel: email", "channel: phone\n    proof: call_back")


@pytest.mark.parametrize(
    ("form", "says"), [(FORM, "“Zegt u ja? Dan mailen we u.”"), (BY_PHONE, "“Zegt u ja? Dan bellen we u.”")]
)
def test_a_proposal_speaks_of_the_channel_of_the_purpose(form: str, says: str, forms: FormsFolder) -> None:
    assert message(forms, with_text("We doen dit, tenzij u bezwaar maakt.", form), "AK332").endswith(says)


def test_a_child_is_spoken_to_as_a_child_in_the_proposal_for_its_text(forms: FormsFolder) -> None:
    told = "Post BV stuurt de mail. Na 2 jaar stopt het. Tenzij je bezwaar maakt, mailen we je."
    form = test_children.with_child_text(told).replace("§", "")
    assert message(forms, form, "AK332").endswith("“Zeg je ja? Dan mailen we je.”")


def test_a_hollow_promise_is_answered_with_the_facts_of_the_file(forms: FormsFolder) -> None:
    alone = with_text("Uw privacy is belangrijk.")
    assert message(forms, alone, "AK347").endswith(
        "“Niemand anders gebruikt uw gegevens voor zichzelf. Na hoogstens 2 jaar wissen we alles behalve het bewijs.”"
    )

    named = changed(alone, "    recipients: none\n", RECIPIENTS)
    says = "“We geven uw gegevens aan Post BV en Abel NV. Na hoogstens 2 jaar wissen we alles behalve het bewijs.”"
    assert message(forms, named, "AK347").endswith(says)

    stops = changed(
        alone, "keep: 2 years", "keep: until_withdrawn\n    because: {nl: Zolang u wilt., en: As you wish.}"
    )
    assert message(forms, stops, "AK347").endswith(
        "“Niemand anders gebruikt uw gegevens voor zichzelf. Zegt u stop? Dan wissen we alles behalve het bewijs.”"
    )


def test_nobody_is_to_be_named_where_nobody_receives_the_data(forms: FormsFolder) -> None:
    partners = with_text("We delen dit met onze partners.")
    alone = message(forms, partners, "AK338")
    assert "`recipients` names nobody: leave this out, or name each there and here" in alone
    assert alone.endswith(f"“{NOBODY}”")

    named = message(forms, changed(partners, "    recipients: none\n", RECIPIENTS), "AK338")
    assert "write the names that stand under `recipients`" in named
    assert named.endswith("“We geven uw gegevens aan Post BV en Abel NV.”")


def test_what_the_text_says_already_is_not_proposed(forms: FormsFolder) -> None:
    said = message(forms, with_text("U moet akkoord gaan. Zegt u nee? Dan verandert er niets."), "AK339")
    assert said.startswith("`U moet akkoord gaan`: a yes is not free that one must give")
    assert said.endswith("leave that out, and where a no is fine, say so")


def test_a_question_that_is_not_needed_is_answered_with_an_example_in_its_language(forms: FormsFolder) -> None:
    said = message(forms, changed(FORM, "nl: Voornaam", "nl: Loon"), "AK395")
    assert said.endswith("say what it is for. For example: “Om u te mailen hebben we alleen uw adres nodig.”")


def test_an_id_is_answered_with_an_example_in_the_first_language_of_the_form(forms: FormsFolder) -> None:
    said = message(forms, changed(FORM, "- id: news", "- id: medical_news"), "AK305")
    assert said.endswith("For example: “Ik ga er uitdrukkelijk mee akkoord dat u gebruikt wat ik hier invul.”")


def test_a_child_that_reads_the_opposite_is_answered_with_a_sentence_for_children(forms: FormsFolder) -> None:
    told = "Post BV stuurt de mail. Er is geen reclame. Na 2 jaar stopt het."
    form = test_children.with_child_text(told).replace("§", "")
    said = message(forms, changed(form, "mailen we een recept.", "mailen we een recept, met reclame."), "AK393")
    assert said.endswith("write the same. For example: “We mailen je elke maand. Na 2 jaar stopt het.”")


def test_a_plain_word_is_a_hint_and_no_substitute(forms: FormsFolder) -> None:
    told = "Post BV stuurt de mail na jouw toestemming. Na 2 jaar stopt het."
    form = test_children.with_child_text(told).replace("§", "")
    assert message(forms, form, "AK326").endswith("say it in plain words, such as “mogen” for `toestemming`")


def test_a_text_that_is_too_hard_is_told_by_its_longest_words_and_sentences(forms: FormsFolder) -> None:
    easy = "Post BV stuurt het. Na 2 jaar stopt het."
    hard = (
        "Verantwoordelijke medewerkers personaliseren uitgebreide informatie voor geabonneerden."
        " De geadresseerden ontvangen persoonlijke aanbevelingen die onze communicatieafdeling samenstelt."
        " Automatische deelnamebevestigingen volgen."
    )
    form = test_children.with_child_text(f"{easy} {hard}").replace("§", "")

    said = message(forms, form, "AK324")
    assert (
        "The longest words are `deelnamebevestigingen` and `communicatieafdeling`, the longest sentences"
        " “De geadresseerden ontvangen persoonlijke aanbevelingen die onze communicatieafd…” (9 words) and"
        " “Verantwoordelijke medewerkers personaliseren uitgebreide informatie voor geabon…” (7 words)."
    ) in said
    assert said.endswith("Write shorter words. For example: “We mailen je wat er nieuw is. Je mag altijd stoppen.”")


def test_the_name_of_a_company_is_quoted_as_it_stands_in_a_long_sentence(forms: FormsFolder) -> None:
    told = "Post BV stuurt de mail naar je huis als je dat wilt en als het kan en mag. Na 2 jaar stopt het."
    form = test_children.with_child_text(told).replace("§", "")
    assert message(forms, form, "AK325").startswith("a sentence of 17 words, “Post BV stuurt de mail")


@pytest.mark.parametrize("code", sorted(TO_ANSWER | {"AK324", "AK325", "AK347", "AK350"}))
def test_every_finding_on_words_names_its_source(code: str, tmp_path: Path) -> None:
    found = [fault for fault in faults_of_example(tmp_path, code, CODES[code].wrong) if fault.code == code]
    assert found
    for fault in found:
        assert re.search(r"GDPR (art\.|recital)|EDPB 0|Directive 20", fault.message), fault.message


def proposals(words: Sentences) -> list[str]:
    found: list[str] = []
    for value in dataclasses.astuple(words):
        found += value if isinstance(value, tuple) else [value]
    return [one.replace("{keep}", "2").replace("{names}", "Post BV") for one in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_proposal_has_a_finding_itself_and_those_for_children_are_easy(language: str) -> None:
    known = load(language)
    for words in (known.words.proposals.adult, known.words.proposals.child):
        jargon = "child_jargon" if words is known.words.proposals.child else "adult_jargon"
        for sentence in proposals(words):
            topics = phrases.find(sentence, language)
            assert not {topic for topic in topics if topic.startswith("AK") or topic == jargon}, sentence
            assert phrases.foreign(sentence, language) is None
    child = proposals(known.words.proposals.child)
    assert measure("\n".join(child), known.rules).ease > 80
    assert max(len(sentence.split()) for text in child for sentence in re.split(r"(?<=[.?]) ", text)) <= 10


def test_every_channel_has_its_sentence() -> None:
    assert set(ByChannel.__annotations__) == set(get_args(Purpose.model_fields["channel"].annotation))
