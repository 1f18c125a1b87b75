"""What a good file becomes: plain values in the names of the file, with `none` as None."""

import re

import pytest
from pydantic import ValidationError

from app.definitions.compile_notices import theme_of
from app.definitions.lint.phrases import LONGEST
from app.definitions.loading import GoodForm
from app.definitions.schema import models
from app.definitions.schema.bounds import MOST_ENTRIES
from app.definitions.schema.controller import Controller, Dpo
from app.definitions.schema.json_schema import json_schema
from app.definitions.schema.parts import parts, texts
from app.domain.form import Theme
from app.period import Period
from tests.definitions.folder import CONTROLLER, FORM, FormsFolder, changed, load

GATE = "age_gate: {countries: [BE], age: 19}"


def only_form(forms: FormsFolder) -> GoodForm:
    loaded = load(forms.path)
    assert loaded.faults == ()
    (good,) = loaded.forms
    return good


def test_what_is_not_said_takes_the_value_of_the_contract(forms: FormsFolder) -> None:
    good = only_form(forms.write(form=changed(FORM, "    basis: consent\n", "").replace("    required: false\n", "")))

    (purpose,) = good.form.purposes
    assert (purpose.basis, purpose.proof, purpose.direct_marketing) == ("consent", "mail", False)
    assert (purpose.special_category, purpose.valid_for, purpose.because, purpose.child) == (None,) * 4
    assert good.form.fields[0].required is False
    assert theme_of(good) == Theme(accent="#8a4b08")


def test_the_word_none_becomes_none(forms: FormsFolder) -> None:
    good = only_form(forms)

    (purpose,) = good.form.purposes
    assert (purpose.recipients, purpose.transfers, purpose.automated_decisions) == ((), None, None)
    assert good.controller.dpo is None


def test_periods_are_periods_and_keep_may_have_no_end(forms: FormsFolder) -> None:
    good = only_form(forms)
    assert good.form.purposes[0].keep == Period(2, "year")
    assert good.controller.evidence_for == Period(5, "year")

    endless = changed(FORM, "keep: 2 years", "keep: until_withdrawn\n    because: {nl: Daarom., en: Therefore.}")
    assert only_form(forms.write(form=endless)).form.purposes[0].keep == "until_withdrawn"


def test_white_space_around_a_text_is_no_part_of_it(forms: FormsFolder) -> None:
    good = only_form(
        forms.write(form=changed(FORM, "nl: Dit vragen we.", "nl: >\n    Dit vragen we.\n\n    Meer niet.\n"))
    )

    assert good.form.intro["nl"] == "Dit vragen we.\nMeer niet."


def test_markup_and_templates_are_just_text(forms: FormsFolder) -> None:
    hostile = "<script>alert(1)</script> {{ 7*7 }} {% x %} %(y)s ${z} {0}"

    good = only_form(forms.write(form=changed(FORM, "en: This is what we ask.", f"en: '{hostile}'")))

    assert good.form.intro["en"] == hostile


def test_a_mail_address_is_kept_in_its_normal_form(forms: FormsFolder) -> None:
    good = only_form(forms.write(controller=changed(CONTROLLER, "@demolen.example", "@DeMolen.Example")))

    assert good.controller.contact == "privacy@demolen.example"


def test_a_loopback_site_needs_no_https(forms: FormsFolder) -> None:
    origins = ("http://localhost:8000", "http://127.0.0.1", "http://[::1]:8000", "https://a.example:8443")
    written = ", ".join(f"'{origin}'" for origin in origins)

    good = only_form(forms.write(controller=changed(CONTROLLER, "https://www.demolen.example]", f"{written}]")))

    assert good.controller.origins == origins


def test_a_definition_cannot_be_changed_after_reading(forms: FormsFolder) -> None:
    good = only_form(forms)

    with pytest.raises(ValidationError):
        good.form.purposes[0].direct_marketing = True  # type: ignore[misc]


@pytest.mark.parametrize("model", [Controller, models.Form])
def test_every_part_of_a_model_and_every_text_in_it_is_known_to_the_linter(model: type[models.Definition]) -> None:
    """A part that is not found gets no advice on unknown keys, a text that is not found no check of its languages."""
    schema = model.model_json_schema()
    assert {part.__name__ for part in parts(model).values()} == {*schema["$defs"], schema["title"]}
    by_language = {
        (*path, key)
        for path, part in parts(model).items()
        for key, field in part.model_fields.items()
        if "dict[str" in str(field.annotation)
    }
    assert by_language == set(texts(model))


def test_parts_and_texts_stand_where_a_file_has_them() -> None:
    assert parts(models.Form)[("purposes", "*", "recipients", "*")] is models.Recipient
    assert parts(Controller)[("dpo",)] is Dpo
    assert ("purposes", "*", "special_category", "statement") in texts(models.Form)
    assert texts(Controller) == (
        ("name",),
        ("address",),
        ("joint_controllers", "*", "arrangement"),
        ("processors", "*", "task"),
        ("privacy_statement",),
    )


def test_every_list_that_has_a_bound_in_the_schema_has_it_in_the_linter(forms: FormsFolder) -> None:
    told = {
        key: field["maxItems"]
        for part in json_schema()["$defs"].values()
        for key, field in part["properties"].items()
        if "maxItems" in field
    }
    assert told == {key: most for key, most in MOST_ENTRIES.items() if key != "languages"}
    options = [f"{{id: o{number}, label: {{nl: A, en: A}}}}" for number in range(told["options"] + 1)]
    choice = changed(FORM, "type: name", f"type: choice\n    options: [{', '.join(options)}]")
    assert [fault.message for fault in forms.write(form=choice).faults()] == ["more than 30 options"]


def test_every_number_with_bounds_says_them_where_it_is_out_of_them(forms: FormsFolder) -> None:
    radius = changed(CONTROLLER, "theme:\n", "theme:\n  radius: 17\n")
    assert [fault.message for fault in forms.write(controller=radius).faults()] == [
        "`radius`: write a whole number from 0 to 16"
    ]
    gate = changed(FORM, "audience: adults\nbecause: The shop sells to adults.", "audience: everyone\n" + GATE)
    ages = [fault.message for fault in forms.write(form=gate).faults() if fault.code == "AK221"]
    assert ages == ["`age`: write a whole number from 13 to 18"]


def test_no_text_that_may_be_written_is_too_long_to_be_searched_for_phrases() -> None:
    longest = [
        found
        for part in json_schema()["$defs"].values()
        for found in map(int, re.findall(r"'maxLength': (\d+)", str(part)))
    ]
    assert max(longest) <= LONGEST
