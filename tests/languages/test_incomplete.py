"""A language that lacks something stops the start with one line, which names the file and what is missing there."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from app import languages, paths, publisher
from app.cli import cli
from app.config import Settings
from app.definitions.lint.phrases import ADVICE
from app.definitions.words import language
from app.definitions.words.language import Lexicon, LinterWords
from app.domain import readability
from app.factory import create_app
from app.languages import IncompleteLanguage
from tests.languages import made_up

CODE = made_up.CODE
ROOT = Path(__file__).parents[2]
ALL = (*languages.LANGUAGES, CODE)


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The translations with the made-up language."""
    folder = tmp_path_factory.mktemp("complete") / "translations"
    shutil.copytree(paths.TRANSLATIONS, folder)
    made_up.write_language(folder)
    return folder


@pytest.fixture
def folder(complete: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the made-up language in a copy of its own, for a program that speaks it."""
    translations = tmp_path / "translations"
    shutil.copytree(complete, translations)
    monkeypatch.setattr(paths, "TRANSLATIONS", translations)
    monkeypatch.setattr(languages, "LANGUAGES", ALL)
    monkeypatch.setattr(language, "LANGUAGES", ALL)
    monkeypatch.setitem(readability.COUNTERS, CODE, readability.COUNTERS["en"])
    yield translations / CODE
    language.load.cache_clear()


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def without_message(path: Path, key: str) -> None:
    """Take a message out of a catalogue."""
    messages = path.read_text(encoding="utf-8").split("\n\n")
    left = [message for message in messages if f'msgid "{key}"\n' not in message]
    assert len(left) == len(messages) - 1
    path.write_text("\n\n".join(left), encoding="utf-8")


def what_is_missing(folder: Path) -> str:
    """The line that the catalogues of a folder give rise to."""
    with pytest.raises(IncompleteLanguage) as caught:
        languages.check_catalogues(folder.parent, ALL)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_languages_are_those_that_have_a_folder_in_the_order_that_they_say(complete: Path, folder: Path) -> None:
    assert languages.found(complete) == ("nl", "fr", "en", CODE)
    rewrite(folder / "messages.po", 'msgid "language.order"\nmsgstr "9"', 'msgid "language.order"\nmsgstr "0"')
    (folder.parent / "README").write_text("no language")
    (folder.parent / "__pycache__").mkdir()
    assert languages.found(folder.parent) == (CODE, "nl", "fr", "en")


def test_a_complete_language_is_complete(folder: Path) -> None:
    languages.check_catalogues(folder.parent, ALL)
    assert language.read(folder.parent, CODE).words.examples.phone_label == "Phóné númbér"


@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("messages.po", "form.submit"),
        ("messages.po", "language.order"),
        ("messages.po", "language.name"),
        ("messages.po", "language.region"),
        ("messages.po", "language.thousands"),
        ("messages.po", "date.month.3"),
        ("messages.po", "date.month.9.typed"),
        ("messages.po", "date.first"),
        ("messages.po", "period.week.1"),
        ("messages.po", "embed.frame"),
        ("messages.po", "demo.menu"),
        ("child.po", "child.ask"),
    ],
)
def test_a_message_that_is_missing_is_named(folder: Path, file: str, key: str) -> None:
    without_message(folder / file, key)

    assert what_is_missing(folder) == f"translations/{CODE}/{file}: `{key}` is missing"


@pytest.mark.parametrize(("file", "key"), [("messages.po", "form.submit"), ("child.po", "withdraw.body")])
def test_a_message_without_a_text_is_named(folder: Path, file: str, key: str) -> None:
    text = languages.read_catalogue(folder / file)[key]
    rewrite(folder / file, f'msgid "{key}"\nmsgstr "{text}"', f'msgid "{key}"\nmsgstr ""')
    languages.read_catalogue.cache_clear()

    assert what_is_missing(folder) == f"translations/{CODE}/{file}: `{key}` is empty"


def test_a_slip_in_a_key_is_named_where_it_is_made_and_is_no_gap_of_the_others(folder: Path) -> None:
    rewrite(folder / "messages.po", 'msgid "form.submit"', 'msgid "form.sumbit"')

    assert what_is_missing(folder).startswith(f"translations/{CODE}/messages.po: `form.su")


@pytest.mark.parametrize("file", ["messages.po", "child.po"])
def test_a_catalogue_that_is_missing_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()

    assert what_is_missing(folder) == f"translations/{CODE}/{file}: there is no such file"


@pytest.mark.parametrize("head", ["", '"Plural-Forms: nplurals=2; plural=(n what 1);\\n"\n'])
def test_a_head_without_a_rule_for_plurals_is_named(folder: Path, head: str) -> None:
    rewrite(folder / "messages.po", '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n', head)

    assert f"translations/{CODE}/messages.po: " in what_is_missing(folder)
    assert "Plural-Forms" in what_is_missing(folder)


def test_a_language_with_three_forms_of_a_unit_needs_each_of_them(folder: Path) -> None:
    rewrite(folder / "messages.po", "nplurals=2; plural=(n != 1)", "nplurals=3; plural=(n==1 ? 0 : n<5 ? 1 : 2)")

    assert what_is_missing(folder) == f"translations/{CODE}/messages.po: `period.second.2` is missing"


def parts(content: dict[str | int, Any], *keys: str | int) -> Iterator[tuple[str | int, ...]]:
    """The keys that lead to each part of a file, large and small."""
    for key, value in content.items():
        yield (*keys, key)
        if isinstance(value, dict):
            yield from parts(value, *keys, key)


@pytest.mark.parametrize(("file", "kind"), [("language.yaml", LinterWords), ("lexicon.yaml", Lexicon)])
def test_each_part_of_what_the_linter_knows_is_named_where_it_is_missing_or_empty(
    complete: Path, file: str, kind: type[Any]
) -> None:
    content = YAML(typ="safe").load(complete / CODE / file)
    reader = language._Reader(complete, CODE, file)
    may_go = {("write", code) for code in ADVICE}  # these are tried below
    nothing: tuple[Any, ...] = (None, "", {}, "  ")
    for keys in parts(content):
        for empty in nothing:
            changed = deepcopy(content)
            block = changed
            for key in keys[:-1]:
                block = block[key]
            if empty is None and keys not in may_go and not isinstance(keys[-1], int):
                del block[keys[-1]]
            else:
                block[keys[-1]] = empty
            with pytest.raises(IncompleteLanguage) as caught:
                reader._value(kind, changed, ())
            line = str(caught.value)
            assert line.startswith(f"translations/{CODE}/{file}: `{': '.join(map(str, keys))}"), line


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("language.yaml", "numbers: from_one"),
        ("language.yaml", "numbers: later: 36"),
        ("language.yaml", "examples: recipient"),
        ("language.yaml", "reading: abbreviations"),
        ("lexicon.yaml", "gifts"),
        ("lexicon.yaml", "urging"),
        ("lexicon.yaml", "drawings: clock"),
        ("lexicon.yaml", "lasting"),
        ("lexicon.yaml", "vague"),
        ("lexicon.yaml", "stop_words"),
        ("lexicon.yaml", "write: AK305"),
        ("lexicon.yaml", "write: AK360"),
        ("concepts.yaml", "exception"),
    ],
)
def test_akkoord_check_stops_with_one_line_where_the_linter_would_be_silent(folder: Path, file: str, line: str) -> None:
    content = YAML(typ="safe").load(folder / file)
    *above, last = (int(key) if key.isdigit() else key for key in line.split(": "))
    block = content
    for key in above:
        block = block[key]
    if line == "numbers: from_one":
        block[last] = "óné twó"
    else:
        del block[last]
    made_up.write_yaml(folder / file, content)

    done = CliRunner().invoke(cli, ["check", str(paths.SAMPLES)])

    assert done.exit_code == 1
    assert done.stdout == ""
    (said,) = done.stderr.splitlines()
    assert said.startswith(f"Error: translations/{CODE}/{file}: `{line}` "), said


@pytest.mark.parametrize("code", languages.LANGUAGES)
def test_a_file_of_lists_is_read_as_yaml_reads_it(code: str) -> None:
    content = YAML(typ="safe").load(paths.TRANSLATIONS / code / "concepts.yaml")

    assert language.load(code).concepts == {name: phrases.rstrip("\n") for name, phrases in content.items()}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("exception: unless\n", "line 1 is no `name: |`, and no phrase below one"),
        ("link: |\n  and\nunless\n", "line 3 is no `name: |`, and no phrase below one"),
        ("  unless\n", "line 1 is no `name: |`, and no phrase below one"),
        ("link: |\nor_link: |\n  or\n", "`link` is empty"),
        ("link: |\n  and\nlink: |\n  or\n", "`link` stands there twice"),
    ],
)
def test_a_file_of_lists_that_is_written_otherwise_is_refused(folder: Path, text: str, problem: str) -> None:
    (folder / "concepts.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(IncompleteLanguage) as caught:
        language.read(folder.parent, CODE)
    assert str(caught.value) == f"translations/{CODE}/concepts.yaml: {problem}"


def test_akkoord_check_stops_where_nothing_counts_the_syllables(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(readability.COUNTERS, CODE)

    done = CliRunner().invoke(cli, ["check", str(paths.SAMPLES)])

    assert done.exit_code == 1
    assert "no syllable counter in app/domain/readability.py" in done.stderr


@pytest.mark.parametrize("command", [["check"], ["forms"], ["serve"], ["worker"], ["demo"], ["schema"]])
def test_every_command_stops_with_one_line_where_a_message_is_missing(folder: Path, command: list[str]) -> None:
    without_message(folder / "messages.po", "form.submit")

    done = CliRunner().invoke(cli, command)

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"Error: translations/{CODE}/messages.po: `form.submit` is missing\n"


def test_an_application_is_not_made_where_a_message_is_missing(folder: Path, settings: Settings) -> None:
    without_message(folder / "child.po", "child.ask")

    with pytest.raises(IncompleteLanguage, match=rf"{CODE}/child\.po: `child\.ask` is missing"):
        create_app(settings)


def test_a_server_does_not_start_where_a_list_is_missing(folder: Path, tmp_path: Path) -> None:
    content = YAML(typ="safe").load(folder / "lexicon.yaml")
    del content["pictures"]
    made_up.write_yaml(folder / "lexicon.yaml", content)
    program = (
        "from pathlib import Path\n"
        "from app import paths\n"
        f"paths.TRANSLATIONS = Path({str(folder.parent)!r})\n"
        "from app.domain.readability import COUNTERS\n"
        f"COUNTERS[{CODE!r}] = COUNTERS['en']\n"
        "from app.cli import main\n"
        "main()\n"
    )
    needed = {
        "AKKOORD_DATA_DIR": str(tmp_path),
        "AKKOORD_FORMS_DIR": str(paths.SAMPLES),
        "AKKOORD_BASE_URL": "https://forms.example",
        "AKKOORD_MAIL_SERVER": "127.0.0.1",
        "AKKOORD_MAIL_DEFAULT_SENDER": "forms@forms.example",
    }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    done = subprocess.run(
        [sys.executable, "-c", program, "serve", "--port", port],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **needed},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 1
    assert f"Error: translations/{CODE}/lexicon.yaml: `pictures` is missing\n" in done.stderr
    assert "Traceback" not in done.stderr


def test_reading_the_definitions_anew_says_so_in_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    def incomplete() -> None:
        raise IncompleteLanguage(CODE, "lexicon.yaml", "`gifts` is missing")

    assert publisher._status_of(incomplete) == 1
    assert capfd.readouterr().err == f"Error: translations/{CODE}/lexicon.yaml: `gifts` is missing\n"
