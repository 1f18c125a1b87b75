"""A start with the definitions that are served already checks nothing again, and still names everything wrong."""

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app import paths, publisher
from app.config import Settings
from app.services import last_published, publishing
from app.services.context import Context
from app.services.last_published import fingerprint
from tests.conftest import BASE_URL, KEY

TODAY = date(2026, 11, 21)
FORM, CONTROLLER = "talentwerk/careers.yaml", "talentwerk/controller.yaml"


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """Forms of which one is in order and one has an error."""
    folder = tmp_path / "forms"
    shutil.copytree(paths.SAMPLES / "talentwerk", folder / "talentwerk")
    (folder / "talentwerk" / "broken.yaml").write_text("title: 7\n", encoding="utf-8")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(DATA_DIR=tmp_path / "data", BASE_URL=BASE_URL, SECRET_KEY=KEY)


@pytest.fixture
def started(
    settings: Settings, forms: Path, may_fork: None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[[], tuple[bool, str]]:
    """Starts; whether the definitions were read, and what was said of them."""
    read, were_read = publishing.read, []

    def noted(folder: Path, today: date) -> publishing.CompiledFolder:
        were_read.append(folder)
        return read(folder, today)

    monkeypatch.setattr(publishing, "read", noted)

    def start() -> tuple[bool, str]:
        were_read.clear()
        publisher._publish(settings, forms)
        return bool(were_read), capfd.readouterr().err

    return start


def test_the_second_start_reads_no_definition_and_names_the_same_faults(
    started: Callable[[], tuple[bool, str]],
) -> None:
    was_read, said = started()

    assert was_read
    assert "broken.yaml:1:1 " in said
    assert started() == (False, said)


@pytest.mark.parametrize("changed", [FORM, CONTROLLER, "talentwerk/broken.yaml"])
def test_after_an_edit_a_start_reads_them_all(
    started: Callable[[], tuple[bool, str]], forms: Path, changed: str
) -> None:
    started()
    with (forms / changed).open("a", encoding="utf-8") as file:
        file.write("# edited\n")

    assert started()[0]
    assert not started()[0]


def test_what_was_published_by_another_way_is_read_at_the_next_start(
    started: Callable[[], tuple[bool, str]], settings: Settings, forms: Path
) -> None:
    started()
    publishing.publish(Context.open(settings), forms)

    assert started()[0]


def test_an_edit_that_was_read_and_taken_back_at_once_is_not_what_goes_on_being_served(
    started: Callable[[], tuple[bool, str]], forms: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, broken = publishing.read, forms / "talentwerk" / "broken.yaml"
    before, times = broken.read_bytes(), (broken.stat().st_atime_ns, broken.stat().st_mtime_ns)

    def edited_meanwhile(folder: Path, today: date) -> publishing.CompiledFolder:
        broken.write_bytes(b"title: 8\n")
        return read(folder, today)

    monkeypatch.setattr(publishing, "read", edited_meanwhile)
    assert started()[0]
    broken.write_bytes(before)
    os.utime(broken, ns=times)

    assert started()[0]


def test_a_form_that_is_served_only_as_before_is_told_at_every_start(
    started: Callable[[], tuple[bool, str]],
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publishing, "_unanswered", lambda known, loaded: ("club/news goes on",))

    for was_read in (True, False):
        caplog.clear()
        assert started()[0] == was_read
        assert "club/news goes on" in caplog.text


def test_a_lost_database_is_filled_again(started: Callable[[], tuple[bool, str]], settings: Settings) -> None:
    started()
    for path in settings.DATA_DIR.glob("akkoord.db*"):
        path.unlink()

    assert started()[0]


CHANGES: dict[str, Callable[[Path], object]] = {
    "a byte": lambda folder: (folder / FORM).write_bytes((folder / FORM).read_bytes() + b"\n"),
    "a new form": lambda folder: (folder / "talentwerk" / "new.yaml").touch(),
    "a form that is gone": lambda folder: (folder / FORM).unlink(),
    "another name": lambda folder: (folder / FORM).rename(folder / "talentwerk" / "other.yaml"),
    "a new folder": lambda folder: (folder / "empty").mkdir(),
    "a file that nobody may read": lambda folder: (folder / FORM).chmod(0),
    "a link": lambda folder: (folder / "talentwerk" / "linked.yaml").symlink_to("careers.yaml"),
    "a pipe": lambda folder: os.mkfifo(folder / "talentwerk" / "pipe.yaml"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_in_the_folder_changes_its_fingerprint(forms: Path, change: str) -> None:
    before = fingerprint(forms, TODAY)
    assert before == fingerprint(forms, TODAY) != ""

    CHANGES[change](forms)

    assert fingerprint(forms, TODAY) != before


def test_another_day_version_or_word_of_the_kit_changes_the_fingerprint(
    forms: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {fingerprint(forms, TODAY), fingerprint(forms, date(2026, 11, 22))}
    monkeypatch.setattr(last_published, "__version__", "9.9")
    found.add(fingerprint(forms, TODAY))
    shutil.copytree(paths.TRANSLATIONS, tmp_path / "translations")
    monkeypatch.setattr(paths, "TRANSLATIONS", tmp_path / "translations")
    found.add(fingerprint(forms, TODAY))
    (tmp_path / "translations" / "nl" / "messages.po").write_text("", encoding="utf-8")

    assert fingerprint(forms, TODAY) not in found
    assert len(found) == 4


def test_a_folder_that_cannot_be_read_has_no_fingerprint(tmp_path: Path) -> None:
    assert fingerprint(tmp_path / "missing", TODAY) == ""
