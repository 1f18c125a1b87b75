"""`akkoord check` as a person, an editor and a pipeline read it."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner, Result

from app import __version__
from app.cli import cli
from app.definitions import formats
from app.definitions.codes import CODES
from app.definitions.source.report import Fault
from tests.definitions.folder import FORM, FormsFolder, changed

Check = Callable[..., Result]

PLEADS = changed(
    FORM, "nl: Eén keer per maand", "nl: Uw privacy is belangrijk. U moet akkoord gaan. Eén keer per maand"
)
"""A form with a finding to be answered (AK339) and a warning (AK347), in one text."""

ALL_LEVELS = changed(PLEADS, "keep: 2 years", "keep: soon")
WARNS = changed(FORM, "channel: email", "channel: none\n    direct_marketing: true")
FORMATS = ("text", "json", "sarif", "github")


@pytest.fixture
def forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FormsFolder:
    """A forms folder `forms` in the current one, with a finding of each level."""
    monkeypatch.chdir(tmp_path)
    return FormsFolder(tmp_path / "forms").write(form=ALL_LEVELS)


@pytest.fixture
def check(forms: FormsFolder) -> Check:
    return lambda *options: CliRunner().invoke(cli, ["check", "forms", *options], prog_name="akkoord")


def fault(message: str, code: str = "AK332", path: str = "forms/acme/news.yaml", place: str = "") -> Fault:
    return Fault(path, 7, 9, code, message, place)


# What a person reads


def test_the_three_levels_are_told_apart_and_counted_at_the_end(check: Check) -> None:
    done = check()

    assert re.findall(r"^forms/acme/news\.yaml:\d+:\d+ (AK\d+) ((?:[a-z ]+: )?)", done.stdout, re.MULTILINE) == [
        ("AK339", "to be answered: "),
        ("AK347", "warning: "),
        ("AK217", ""),
    ]
    assert done.stderr.splitlines()[-1] == "1 error, 1 to be answered, 1 warning"


@pytest.mark.parametrize("wanted", FORMATS)
@pytest.mark.parametrize(
    ("form", "status"), [(FORM, 0), (WARNS, 0), (PLEADS, 1), (changed(FORM, "keep: 2 years", "keep: soon"), 1)]
)
def test_what_has_to_be_answered_fails_the_check_in_every_format_and_warnings_do_not(
    form: str, status: int, wanted: str, forms: FormsFolder, check: Check
) -> None:
    forms.write(form=form)
    assert check("--format", wanted).exit_code == status


def test_what_is_accepted_is_neither_told_nor_counted(forms: FormsFolder, check: Check) -> None:
    forms.write(form=PLEADS + "accept:\n  - {code: AK339, at: purposes.news.text.nl, because: It is a quotation.}\n")

    done = check()

    assert done.exit_code == 0
    assert "AK339" not in done.output
    assert done.stderr.endswith("\n0 errors, 0 to be answered, 1 warning\n")


# What programs read


def test_the_command_takes_the_formats_that_there_are() -> None:
    (option,) = [one for one in cli.commands["check"].params if one.name == "wanted"]
    assert tuple(option.type.choices) == tuple(formats.FORMATS) == FORMATS  # type: ignore[attr-defined]


def test_json_names_each_finding_and_the_counts(check: Check) -> None:
    done = check("--format", "json")
    found = json.loads(done.stdout)

    assert (found["tool"], found["version"], done.stderr) == ("akkoord", __version__, "")
    assert found["counts"] == {"error": 1, "answer": 1, "warning": 1}
    assert [finding["level"] for finding in found["findings"]] == ["answer", "warning", "error"]
    first = found["findings"][0]
    assert first.pop("message").startswith("`U moet akkoord gaan`: ")
    assert first == {
        "file": "forms/acme/news.yaml",
        "line": 24,
        "column": 11,
        "code": "AK339",
        "level": "answer",
        "place": "purposes.news.text.nl",
        "title": CODES["AK339"].title,
        "law": CODES["AK339"].law,
    }


def test_json_of_a_folder_in_order_is_an_object_too(forms: FormsFolder, check: Check) -> None:
    forms.write()
    assert json.loads(check("--format", "json").stdout)["findings"] == []


def sarif(done: Result) -> Any:
    log = json.loads(done.stdout)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


def test_sarif_holds_a_rule_with_help_for_each_code_and_a_region_for_each_finding(check: Check) -> None:
    run = sarif(check("--format", "sarif"))

    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"], run["columnKind"]) == ("akkoord", __version__, "unicodeCodePoints")
    for rule in driver["rules"]:
        record = CODES[rule["id"]]
        assert (rule["shortDescription"]["text"], rule["fullDescription"]["text"]) == (record.title, record.why)
        assert f"Right:\n\n    {record.right.splitlines()[0]}" in rule["help"]["text"]
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "forms/acme/news.yaml"
        assert set(physical["region"]) == {"startLine", "startColumn"}
        assert min(physical["region"].values()) >= 1
    assert [(one["ruleId"], one["level"], one["properties"]["level"]) for one in run["results"]] == [
        ("AK339", "error", "answer"),
        ("AK347", "warning", "warning"),
        ("AK217", "error", "error"),
    ]
    logical = run["results"][0]["locations"][0]["logicalLocations"]
    assert [one["fullyQualifiedName"] for one in logical] == ["purposes.news.text.nl"]


@pytest.mark.parametrize(
    ("path", "uri"),
    [("forms/a b/nieuws#1.yaml", "forms/a%20b/nieuws%231.yaml"), ("/srv/é.yaml", "file:///srv/%C3%A9.yaml")],
)
def test_sarif_names_a_file_by_a_sound_uri(path: str, uri: str) -> None:
    (result,) = json.loads(formats.as_sarif([fault("It is so.", path=path)]))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri
    assert unquote(uri).endswith(path)


def test_github_shows_each_finding_at_its_line(check: Check) -> None:
    first, second, third = check("--format", "github").stdout.splitlines()

    assert first.startswith("::error file=forms/acme/news.yaml,line=24,col=11,title=AK339::to be answered: `U moet")
    assert second.startswith("::warning file=forms/acme/news.yaml,line=24,col=11,title=AK347::warning: `privacy is")
    assert re.match("::error file=forms/acme/news.yaml,line=[0-9]+,col=11,title=AK217::`keep`: write", third)


def test_github_is_given_no_command_and_no_property_by_a_name_or_a_text() -> None:
    line = formats.as_github([fault("100 %: it says\r\n::stop-commands::x", path="a,line=1:b%0A.yaml")])

    assert line == (
        "::error file=a%2Cline=1%3Ab%250A.yaml,line=7,col=9,title=AK332"
        "::to be answered: 100 %25: it says%0D%0A::stop-commands::x\n"
    )


# While a large folder is checked


def checked_at_a_terminal(folder: Path, *options: str) -> tuple[str, str]:
    """What the command writes where its errors go to a terminal: (standard output, what the terminal shows)."""
    outer, inner = pty.openpty()
    try:
        command = [sys.executable, "-m", "app", "check", str(folder), *options]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=inner, text=True, env=environment, timeout=60)
        os.close(inner)
        shown = b""
        while True:
            try:
                shown += os.read(outer, 65536)
            except OSError:  # Linux tells the end in this way
                return done.stdout, shown.decode()
    finally:
        os.close(outer)


def test_a_terminal_sees_how_far_the_check_of_many_files_is(forms: FormsFolder) -> None:
    assert "Checking" not in checked_at_a_terminal(forms.path)[1]
    for number in range(60):
        forms.form.with_name(f"n{number}.yaml").write_text("languages: [nl]\n")

    printed, shown = checked_at_a_terminal(forms.path, "--format", "json")

    assert "Checking" in shown
    assert "100%" in shown
    assert len({finding["file"] for finding in json.loads(printed)["findings"]}) == 61


def test_a_pipeline_sees_no_progress(forms: FormsFolder, check: Check) -> None:
    for number in range(60):
        forms.form.with_name(f"n{number}.yaml").write_text("languages: [nl]\n")
    assert "Checking" not in check().output
