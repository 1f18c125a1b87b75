"""What a form file answers with `accept`: warnings, and what keeps it from being served until it is answered."""

import pytest

from app.definitions.codes import ACCEPTABLE, CODES, TO_ANSWER, WARNINGS
from tests.definitions.folder import FORM, FormsFolder, changed


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

    forms.write(form=form + f"accept:\n  - code: {code}\n    because: It is in order here.\n")

    assert forms.faults() == []
