"""A made-up language works on every page and in every mail, and all that people see of it comes from its folder."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app import paths
from tests.languages import made_up

ROOT = Path(__file__).parents[2]
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "tests.languages.speaking")
INCLUDED = re.compile(r'{% include "(.+?)" %}')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The translations with the made-up language, and forms that speak it."""
    folder = tmp_path_factory.mktemp("made_up")
    shutil.copytree(paths.TRANSLATIONS, folder / "translations")
    made_up.write_language(folder / "translations")
    forms = {"samples": paths.SAMPLES, "web": ROOT / "tests/web/forms", "post": ROOT / "tests/delivery/forms"}
    data = {name for to, source in forms.items() for name in made_up.write_forms(source, folder / to)}
    shutil.copytree(forms["web"] / "streken", folder / "web" / "streken", dirs_exist_ok=True)  # in English, and odd
    (folder / "data.json").write_text(json.dumps(sorted(data), ensure_ascii=False), encoding="utf-8")
    return folder


def run(folder: Path, *tests: str) -> None:
    """Run tests in a process that speaks the made-up language, those of them that are about it."""
    done = subprocess.run(
        [*PYTEST, "-k", f"{made_up.CODE} or made_up", *tests],
        cwd=ROOT,
        env={**os.environ, "MADE_UP_LANGUAGE": str(folder), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


def pages() -> set[str]:
    """The templates of all pages."""
    parts = ("components", "layouts", "demo", "mail")
    files = {path.relative_to(paths.TEMPLATES).as_posix(): path for path in paths.TEMPLATES.rglob("*.html")}
    included = {name for path in files.values() for name in INCLUDED.findall(path.read_text(encoding="utf-8"))}
    return {name for name in files if name.partition("/")[0] not in parts} - included


def test_all_that_is_seen_on_every_page_and_in_every_mail_stands_in_a_catalogue_or_a_definition(folder: Path) -> None:
    run(
        folder,
        "tests/web/test_every_page.py",
        "tests/web/test_every_young_page.py",
        "tests/web/test_child_not_asked.py",
        "tests/web/other_pages.py",
        "tests/languages/every_mail.py",
    )

    read = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    assert read["found"] == {}
    assert pages() - set(read["templates"]) == set()


def test_the_linter_finds_in_the_made_up_language_what_it_finds_in_english(folder: Path) -> None:
    run(folder, "tests/languages/every_finding.py")


def test_text_outside_the_marks_is_seen_and_text_in_english_too() -> None:
    assert made_up.unmarked("⟦ Sénd ⟦ 2 ýéárs ⟧ ⟧ now").strip() == "now"
    assert made_up.unmarked("now ⟦ Sénd") == "now ⟦ Sénd"
    assert made_up.marked("Send {count}") == "⟦ Sénd {count} ⟧"
    assert made_up.plain(made_up.accented("Why, you say? Yes")) == "Why, you say? Yes"
