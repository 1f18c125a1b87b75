"""Which forms are served: a form with an error is not, whatever else stands beside it."""

from hashlib import sha256

from tests.definitions.folder import CONTROLLER, FORM, FormsFolder, changed, load

BROKEN = changed(FORM, "    keep: 2 years\n", "")


def test_a_form_with_an_error_leaves_the_others_alone(forms: FormsFolder) -> None:
    forms.form.with_name("broken.yaml").write_text(BROKEN)

    loaded = load(forms.path)

    assert [(good.controller_id, good.form_id) for good in loaded.forms] == [("acme", "news")]
    assert list(loaded.faulty) == [("acme", "broken")]
    assert [fault.code for fault in loaded.faulty["acme", "broken"]] == ["AK304"]
    assert loaded.faults == loaded.faulty["acme", "broken"]
    assert loaded.is_complete


def test_an_error_in_controller_yaml_keeps_all_its_forms_from_being_served(forms: FormsFolder) -> None:
    forms.write(controller=changed(CONTROLLER, "dpo: none\n", ""))

    loaded = load(forms.path)

    assert (loaded.forms, loaded.controllers) == ((), {})
    assert [fault.code for fault in loaded.faulty["acme", "news"]] == ["AK303"]


def test_a_missing_controller_yaml_keeps_the_forms_from_being_served(forms: FormsFolder) -> None:
    forms.controller.unlink()

    assert [fault.code for fault in load(forms.path).faulty["acme", "news"]] == ["AK117"]


def test_a_form_with_only_warnings_is_served(forms: FormsFolder) -> None:
    forms.write(form=changed(FORM, "channel: email", "channel: none\n    direct_marketing: true"))

    loaded = load(forms.path)

    assert [good.form_id for good in loaded.forms] == ["news"]
    assert [fault.code for fault in loaded.faults] == ["AK317"]
    assert loaded.faulty == {}


def test_the_hash_is_that_of_both_files_one_after_the_other(forms: FormsFolder) -> None:
    (good,) = load(forms.path).forms

    assert good.definition_hash == sha256(forms.form.read_bytes() + forms.controller.read_bytes()).hexdigest()


def test_a_changed_comment_is_another_definition(forms: FormsFolder) -> None:
    (before,) = load(forms.path).forms
    (after,) = load(forms.write(controller="# Reviewed.\n" + CONTROLLER).path).forms

    assert before.definition_hash != after.definition_hash
    assert before.form == after.form


def test_a_forms_folder_that_is_gone_is_not_taken_for_an_empty_one(forms: FormsFolder) -> None:
    loaded = load(forms.path / "gone")

    assert (loaded.forms, loaded.is_complete) == ((), False)
    assert [fault.code for fault in loaded.faults] == ["AK101"]


def test_an_empty_forms_folder_is_known_to_be_empty(forms: FormsFolder) -> None:
    empty = forms.path.parent / "empty"
    empty.mkdir()

    assert load(empty).is_complete
