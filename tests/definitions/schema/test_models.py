"""What a good file becomes: plain values in the names of the file, with `none` as None."""

import pytest
from pydantic import ValidationError

from app.definitions.lint.texts import CONTROLLER_TEXTS, FORM_TEXTS
from app.definitions.loading import GoodForm
from app.definitions.schema import models
from app.definitions.schema.explain_errors import PARTS
from app.domain.form import Theme
from app.period import Period
from tests.definitions.folder import CONTROLLER, FORM, FormsFolder, changed, load


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
    theme = good.controller.theme
    assert Theme(theme.accent, theme.radius, theme.font, theme.scheme) == Theme(accent="#8a4b08")


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


@pytest.mark.parametrize("model", [models.Controller, models.Form])
def test_every_part_of_a_model_is_known_to_the_linter(model: type[models.Definition]) -> None:
    """A model without its place in `PARTS` would get no advice on unknown keys, one without `TEXTS` no languages."""
    parts = {part for part in PARTS[model].values() if part is not model}
    texts = FORM_TEXTS if model is models.Form else CONTROLLER_TEXTS

    definitions = model.model_json_schema()
    assert {part.__name__ for part in parts} == set(definitions["$defs"])
    by_language = {
        (*path, key)
        for path, part in PARTS[model].items()
        for key, field in part.model_fields.items()
        if "dict[str" in str(field.annotation)
    }
    assert by_language == set(texts)
