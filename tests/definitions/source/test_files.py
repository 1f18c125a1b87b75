"""Which files are read: nothing outside the forms folder, nothing under a name that is no address."""

from pathlib import Path

import pytest

from tests.definitions.folder import CONTROLLER, FORM, FormsFolder, check, load


def codes(path: Path) -> list[str]:
    return [fault.code for fault in check(path)]


def test_a_link_to_another_place_in_the_forms_folder_is_followed(forms: FormsFolder) -> None:
    # This is how a cluster mounts configuration: names that lead into a hidden folder beside them.
    hidden = forms.path / "acme" / "..data"
    hidden.mkdir()
    forms.form.rename(hidden / "news.yaml")
    forms.form.symlink_to(Path("..data") / "news.yaml")

    assert forms.faults() == []
    assert [form.form_id for form in load(forms.path).forms] == ["news"]


def test_a_folder_that_leads_outside_is_not_entered(forms: FormsFolder) -> None:
    outside = forms.path.parent / "outside"
    (forms.path / "acme").rename(outside)
    (forms.path / "acme").symlink_to(outside)

    assert "AK114" in codes(forms.path)
    assert load(forms.path).forms == ()
    assert not load(forms.path).is_complete


def test_a_link_that_leads_nowhere_or_to_itself_is_a_fault(forms: FormsFolder) -> None:
    forms.form.unlink()
    forms.form.symlink_to("news.yaml")
    forms.form.with_name("gone.yaml").symlink_to("nowhere.yaml")

    assert sorted((fault.code, fault.message) for fault in check(forms.path)) == [
        ("AK101", "there is nothing here"),
        ("AK101", "this cannot be read: too many levels of symbolic links"),
    ]


@pytest.mark.parametrize("name", ["Acme", "a" * 41, "1st", "a b", "a.b", "é", "-x", "a\nb", "%2e%2e"])
def test_a_folder_name_that_cannot_be_part_of_an_address_is_a_fault(name: str, forms: FormsFolder) -> None:
    (forms.path / "acme").rename(forms.path / name)

    assert codes(forms.path) == ["AK116"]
    loaded = load(forms.path)
    assert (loaded.forms, loaded.faulty) == ((), {})


def test_a_folder_called_like_a_form_is_a_fault(forms: FormsFolder) -> None:
    forms.form.with_name("other.yaml").mkdir()

    assert codes(forms.path) == ["AK115"]


def test_form_files_in_the_wrong_place_are_named(forms: FormsFolder) -> None:
    (forms.path / "loose.yaml").write_text(FORM)
    (forms.path / "acme" / "drafts").mkdir()
    (forms.path / "acme" / "drafts" / "news.yaml").write_text(FORM)
    (forms.path / "acme" / "README.md").write_text("About these forms.")
    (forms.path / ".git").mkdir()

    assert codes(forms.path) == ["AK120", "AK120"]


def test_a_path_that_no_disk_could_hold_is_a_fault_and_no_traceback() -> None:
    assert "AK101" in codes(Path("x" * 5000))


def test_a_folder_without_controller_yaml_is_told_so_when_it_is_checked_alone(tmp_path: Path) -> None:
    (tmp_path / "news.yaml").write_text(FORM)

    assert "AK117" in codes(tmp_path)


def test_two_controllers_are_checked_apart(forms: FormsFolder) -> None:
    FormsFolder(forms.path).write()
    other = forms.path / "other"
    other.mkdir()
    (other / "controller.yaml").write_text(CONTROLLER)
    (other / "news.yaml").write_text("nothing")

    assert {fault.path for fault in check(forms.path)} == {str(other / "news.yaml")}
