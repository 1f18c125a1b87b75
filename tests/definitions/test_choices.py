"""A lawful basis or a type of field is added everywhere or nowhere: half a one fails here, not at a POST."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from app import definitions, i18n
from app.definitions.compile_notices import compile_form
from app.definitions.schema import models
from app.domain.basis import Basis
from app.domain.field_values import FILLS, read_answer
from app.web.forms import autocomplete
from tests.definitions.folder import FORM, SECOND_PURPOSE, TODAY, FormsFolder, changed, load

BASES = get_args(models.Purpose.model_fields["basis"].annotation)
TYPES = get_args(models.Field.model_fields["type"].annotation)
ANSWERS = {
    "name": "Sofie",
    "text": "Gent",
    "long_text": "Een\ntwee",
    "tel": "0470 12 34 56",
    "date": "2026-11-30",
    "choice": "a",
    "postal_address": "Korenmarkt 7\n9000 Gent",
}
"""An answer to each type of field, as it is stored."""
BLANK = (Path(definitions.__file__).parent / "blank" / "form.yaml").read_text(encoding="utf-8")


def test_every_type_of_field_has_an_answer_here() -> None:
    assert tuple(ANSWERS) == TYPES


def test_a_form_can_stand_on_every_basis_there_is() -> None:
    assert tuple(Basis) == BASES


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_of_field_is_served_and_its_answer_read_and_the_blank_form_names_it(
    kind: str, forms: FormsFolder
) -> None:
    options = (
        "\n    options: [{id: a, label: {nl: A, en: A}}, {id: b, label: {nl: B, en: B}}]" if kind == "choice" else ""
    )
    forms.write(form=changed(FORM, "type: name", f"type: {kind}{options}"))
    assert forms.faults() == []
    for notice in compile_form(load(forms.path).forms[0], TODAY).notices:
        field = notice.fields[0]
        assert read_answer(field, ANSWERS[kind], i18n.date_words(notice.language), "") == ANSWERS[kind]
    assert f" {kind}" in BLANK


@pytest.mark.parametrize("basis", BASES)
def test_a_basis_is_served_in_every_language_and_the_blank_form_names_it(basis: str, forms: FormsFolder) -> None:
    weighing = "\n    weighing: It takes little of people." if basis == Basis.LEGITIMATE_INTEREST else ""
    forms.write(form=changed(FORM + SECOND_PURPOSE, "basis: consent", f"basis: {basis}{weighing}"))
    assert forms.faults() == []
    for notice in compile_form(load(forms.path).forms[0], TODAY).notices:
        assert notice.purposes[0].basis == basis
        assert notice.purposes[0].asked is Basis(basis).is_asked
    assert f" {basis}" in BLANK


@pytest.mark.parametrize("kind", TYPES)
def test_a_field_declares_whose_data_it_asks_and_nothing_is_guessed_from_its_id(kind: str, forms: FormsFolder) -> None:
    options = "\n    options: [{id: a, label: {nl: A, en: A}}, {id: b, label: {nl: B, en: B}}]"
    typed = f"type: {kind}{options if kind == 'choice' else ''}"
    for fill in (*FILLS.get(kind, ()), "none"):
        forms.write(form=changed(FORM, "type: name", f"{typed}\n    fill: {fill}"))
        assert forms.faults() == []
        field = compile_form(load(forms.path).forms[0], TODAY).notices[0].fields[0]
        assert (field.fill, autocomplete(field)) == (fill, "off" if fill == "none" else fill)
    forms.write(form=changed(FORM, "type: name", typed))
    silent = compile_form(load(forms.path).forms[0], TODAY).notices[0].fields[0]
    of_type = {"tel": "tel", "postal_address": "street-address"}.get(kind, "off")
    assert autocomplete(silent) == autocomplete(replace(silent, fill="")) == of_type
    assert autocomplete(replace(silent, id="first_name")) == of_type
