"""What a file answers with `accept`: warnings, and what keeps it from being served until it is answered."""

import pytest

from app.definitions.codes import ACCEPTABLE, CODES, TO_ANSWER, WARNINGS
from tests.definitions.folder import CONTROLLER, FORM, SECOND_PURPOSE, FormsFolder, changed, unmarked

ON_WORDS = {
    *("AK305", "AK307", "AK326", "AK327", "AK330", "AK348", "AK349", "AK351", "AK352", "AK353", "AK354", "AK359"),
    *(f"AK{number}" for number in (*range(332, 347), 360, 380, *range(390, 396))),
}
"""Findings that rest on reading words, but for readability and style."""

TWO = changed(FORM + SECOND_PURPOSE, "nl: Eén keer per maand mailen we", "nl: In ruil voor een koek mailen we")
TWO = changed(TWO, "nl: Eén keer per jaar sturen we", "nl: In ruil voor een koek sturen we")
"""A form with a finding, AK346, in the Dutch text of both purposes."""


def accepting(code: str, at: str = "") -> str:
    place = f"    at: {at}\n" if at else ""
    return f"accept:\n  - code: {code}\n{place}    because: It is in order here.\n"


def test_what_rests_on_words_is_answered_and_readability_and_style_are_warnings() -> None:
    assert ON_WORDS | {"AK358"} == TO_ANSWER
    assert {code for code in WARNINGS if CODES[code].where == "purpose"} == {
        *("AK324", "AK325", "AK347", "AK350"),
        *("AK317", "AK329", "AK331", "AK355", "AK370"),  # structure that the law allows, and asks care for
    }


def test_only_warnings_of_the_law_and_what_is_there_to_be_answered_can_be_accepted() -> None:
    assert set(CODES) >= WARNINGS | TO_ANSWER
    assert ACCEPTABLE - TO_ANSWER < WARNINGS
    assert min(ACCEPTABLE) > "AK300"
    assert not WARNINGS & TO_ANSWER


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("AK305", "nl: Voornaam", "nl: Ziekten"),
        ("AK317", "channel: email", "channel: none\n    direct_marketing: true"),
        ("AK318", "basis: consent", "basis: contract"),
        ("AK346", "nl: Eén keer per maand mailen we", "nl: In ruil voor een koek mailen we"),
        ("AK351", "nl: Dit vragen we.", "nl: Dit vragen we onze werknemers."),
        (
            "AK358",
            "  - id: news\n",
            "  - {id: offers, basis: contract, title: {nl: Aanbod, en: Offers}, text: {nl: We bellen., en: We call.},"
            " data: [email], recipients: none, transfers: none, automated_decisions: none, keep: 1 year,"
            " channel: phone, direct_marketing: true}\n  - id: news\n",
        ),
    ],
)
def test_a_finding_that_the_file_answers_is_not_reported(code: str, old: str, new: str, forms: FormsFolder) -> None:
    form = changed(FORM, old, new)
    assert [fault.code for fault in forms.write(form=form).faults()] == [code]

    forms.write(form=form + accepting(code))

    assert forms.faults() == []


@pytest.mark.parametrize("at", ["purposes.news", "purposes.news.text", "purposes.news.text.nl"])
def test_an_answer_for_a_place_covers_what_is_below_it_and_nothing_else(at: str, forms: FormsFolder) -> None:
    forms.write(form=TWO)
    assert [fault.place for fault in forms.faults()] == ["purposes.news.text.nl", "purposes.card.text.nl"]

    forms.write(form=TWO + accepting("AK346", at))

    assert [(fault.code, fault.place) for fault in forms.faults()] == [("AK346", "purposes.card.text.nl")]


def test_an_answer_without_a_place_covers_the_whole_file(forms: FormsFolder) -> None:
    assert forms.write(form=TWO + accepting("AK346")).faults() == []


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("purposes.new", "`purposes.new` is no place of this file: it is reported at `purposes.news.text.nl`, `purpo"),
        ("purposes.news.title", "nothing reports AK346 at `purposes.news.title`: it is reported at `purposes.news.t"),
    ],
)
def test_an_answer_for_a_place_without_the_finding_is_told_and_answers_nothing(
    at: str, says: str, forms: FormsFolder
) -> None:
    text, places = unmarked(TWO + accepting("AK346", f"§{at}"))

    unused, *found = sorted(forms.write(form=text).faults(), key=lambda fault: fault.code)

    assert (unused.code, unused.line, unused.column) == ("AK227", *places[0])
    assert unused.message.startswith(says)
    assert [fault.code for fault in found] == ["AK346", "AK346"]


def test_an_answer_for_a_place_that_is_no_text_answers_nothing(forms: FormsFolder) -> None:
    assert [fault.code for fault in forms.write(form=TWO + accepting("AK346", "[purposes]")).faults()] == [
        *("AK346", "AK346", "AK203"),
    ]


@pytest.mark.parametrize(
    ("form", "place"),
    [
        (changed(FORM, "nl: Voornaam", "nl: Ziekten"), "fields.first_name.label.nl"),
        (changed(FORM, "nl: Dit vragen we.", "nl: Dit vragen we onze werknemers."), "intro.nl"),
        (changed(FORM, "keep: 2 years", "keep: soon"), "purposes.news.keep"),
        (changed(FORM, "    keep: 2 years\n", ""), "purposes.news"),
        (changed(FORM, "[nl, en]", "[nl, xx]"), "languages.2"),
        (changed(FORM, "because: The shop sells to adults.\n", ""), "audience"),
    ],
)
def test_a_finding_knows_its_place_among_the_keys_of_the_file(form: str, place: str, forms: FormsFolder) -> None:
    assert place in [fault.place for fault in forms.write(form=form).faults()]


def test_controller_yaml_answers_its_own_findings(forms: FormsFolder) -> None:
    controller = changed(CONTROLLER, "name: Serverhuis BV", "name: Onze partners")
    assert [fault.place for fault in forms.write(controller=controller).faults()] == ["processors.1.name"]

    answered = controller + accepting("AK307", "processors.1").replace("It is", "A firm is called so. It is")

    assert forms.write(controller=answered).faults() == []
