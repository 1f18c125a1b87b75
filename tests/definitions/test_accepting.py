"""Warnings that a form file answers with `accept`."""

import pytest

from app.definitions.faults import ACCEPTABLE, CODES, WARNINGS
from tests.definitions.folder import FORM, FormsFolder, changed


def test_only_warnings_of_the_law_can_be_accepted() -> None:
    assert set(CODES) >= WARNINGS >= ACCEPTABLE
    assert min(ACCEPTABLE) > "AK300"


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("AK305", "nl: Voornaam", "nl: Ziekten"),
        ("AK317", "channel: email", "channel: none\n    direct_marketing: true"),
        ("AK318", "basis: consent", "basis: contract"),
        ("AK346", "nl: Eén keer per maand mailen we", "nl: In ruil voor een koek mailen we"),
        ("AK351", "nl: Dit vragen we.", "nl: Dit vragen we onze werknemers."),
    ],
)
def test_a_warning_that_the_file_answers_is_not_reported(code: str, old: str, new: str, forms: FormsFolder) -> None:
    form = changed(FORM, old, new)
    assert [fault.code for fault in forms.write(form=form).faults()] == [code]

    forms.write(form=form + f"accept:\n  - code: {code}\n    because: It is in order here.\n")

    assert forms.faults() == []
