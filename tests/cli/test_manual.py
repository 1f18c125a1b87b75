"""What the manual shows of the commands and of the database, run: the output is as it says."""

import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.cli import cli
from app.config import BadSetting, Settings
from app.services import confirmation, publishing
from app.services.context import Context
from tests import audit
from tests.conftest import KEY
from tests.docs import pages
from tests.docs.pages import MANUAL, Snippet
from tests.factories import Clock, send_form, token_in, work_off

CONSOLE, SQL = "console", "sql"
"""The languages whose snippets are run here."""

VARIES = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{8}…|(?<=/)[\w-]{6}…|[0-9a-f]{32,}|(?<=/)[\w-]{32}")
"""Moments, hashes and tokens, in full or cut, which no two runs have in common."""


def snippets(language: str) -> list[Snippet]:
    found = [one for page in pages.pages() for one in pages.snippets(page) if one.language == language]
    assert found
    return found


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A forms folder with the company and the form that the page on definitions shows."""
    yaml = [one.code for one in pages.snippets(MANUAL / "definitions.md") if one.language == "yaml"]
    folder = tmp_path / "forms" / "demolen"
    folder.mkdir(parents=True)
    (company,) = [code for code in yaml if code.startswith("name:")]
    (form,) = [code for code in yaml if code.startswith("languages:")]
    (folder / "controller.yaml").write_text(company, encoding="utf-8")
    (folder / "newsletter.yaml").write_text(form, encoding="utf-8")
    return folder.parent


def agree(ctx: Context, name: str) -> None:
    """Send the form and confirm it."""
    send_form(
        ctx,
        f"{name.lower()}@voorbeeld.example",
        ("newsletter",),
        controller="demolen",
        form="newsletter",
        fields={"first_name": name},
        site="www.demolen.example",
    )
    confirmation.confirm(ctx, token_in(work_off(ctx)[-1], "confirm"), ())
    work_off(ctx)


@contextmanager
def opened(settings: Settings, forms: Path) -> Iterator[Context]:
    """A kit that serves that form, and at which two people have agreed."""
    ctx = Context.open(settings, Clock())
    try:
        assert not publishing.publish(ctx, forms).faults
        agree(ctx, "Sofie")
        agree(ctx, "Bert")
        yield ctx
    finally:
        ctx.database.engine.dispose()


@pytest.fixture
def manual_kit(example: Path, settings: Settings) -> Iterator[Context]:
    with opened(replace(settings, BASE_URL="https://forms.demolen.example"), example) as ctx:
        yield ctx


def parts(code: str) -> Iterator[tuple[list[str], list[str]]]:
    """Each command of a console snippet, and the lines that it answers."""
    lines = code.splitlines()
    for number, line in enumerate(lines):
        if line.startswith("$ "):
            yield shlex.split(line[2:]), list(takewhile(lambda told: not told.startswith("$ "), lines[number + 1 :]))


def run(words: list[str], **settings: str) -> list[str]:
    """What a command says, on both ways out."""
    assert words[0] == "akkoord"
    arguments = list(takewhile(lambda word: word != ">", words[1:]))
    environment = {f"AKKOORD_{name}": value for name, value in settings.items()}
    done = CliRunner().invoke(cli, arguments, env=environment, prog_name="akkoord")
    said = done.stderr if ">" in words else done.output
    return said.splitlines()


def assert_same(said: list[str], told: list[str]) -> None:
    for number, line in enumerate(told):
        if rest := re.fullmatch(r"… (\d+) more", line):
            said = [*said[:number], line, *said[number + int(rest[1]) :]]
    assert [VARIES.sub("~", line) for line in said] == [VARIES.sub("~", line) for line in told]


def of_page(name: str, beginning: str) -> Snippet:
    (found,) = [one for one in snippets(CONSOLE) if one.page.name == name and one.code.startswith(beginning)]
    return found


def test_every_console_is_run() -> None:
    assert [(one.page.name, one.code.split()[2]) for one in snippets(CONSOLE)] == [
        ("consents.md", "consents"),
        ("consents.md", "objected"),
        ("consents.md", "status"),
        ("definitions.md", "new"),
        ("definitions.md", "check"),
    ]


def test_a_new_form_and_what_is_left_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for words, told in parts(of_page("definitions.md", "$ akkoord new").code):
        assert_same(run(words), told)


def test_the_faults_of_the_form_with_two_mistakes(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(example.parent)
    form = example / "demolen" / "newsletter.yaml"
    assert run(["akkoord", "check", "forms"]) == ["No faults in forms"]
    written = form.read_text(encoding="utf-8").replace("keep: 2 years", "keep: two years")
    form.write_text(f"{written}    checked: true\n", encoding="utf-8")
    for words, told in parts(of_page("definitions.md", "$ akkoord check").code):
        assert_same(run(words), told)


def test_the_export_and_a_withdrawal_by_telephone(manual_kit: Context) -> None:
    settings = manual_kit.settings
    environment = {"DATA_DIR": str(settings.DATA_DIR), "SECRET_KEY": KEY, "BASE_URL": settings.BASE_URL}
    ((words, told),) = parts(of_page("consents.md", "$ akkoord consents").code)
    said = run(words, **environment)
    assert_same([said[0], *(line for line in said if "sofie@" in line)], told)
    header, row = (line.split(",") for line in told)
    assert len(header) == len(row)
    for words, told in parts(of_page("consents.md", "$ akkoord status").code):
        assert_same(run(words, **environment), told)


def test_a_list_without_those_who_object(manual_kit: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {"DATA_DIR": str(tmp_path), "SECRET_KEY": KEY}
    agree(manual_kit, "An")
    objectors = [f"{name}@voorbeeld.example" for name in ("sofie", "bert", "an")]
    for email in objectors:
        run(["akkoord", "withdraw", email], **environment)
    people = [*(f"s{number}@voorbeeld.example" for number in range(1201)), *objectors]
    Path("list.csv").write_text("\n".join(["email", *people]) + "\n", encoding="utf-8")
    ((words, told),) = parts(of_page("consents.md", "$ akkoord objected").code)
    assert_same(run(words, **environment), told)


def test_the_row_of_a_lost_key_is_the_only_one_in_the_way(manual_kit: Context) -> None:
    (statement,) = re.findall(r'"(DELETE FROM meta [^"]+)"', pages.read(MANUAL / "operating.md"))
    other = replace(manual_kit.settings, SECRET_KEY="another key of the tests, and a later one")
    with pytest.raises(BadSetting, match="is not the key"):
        Context.open(other)
    audit.run(manual_kit, statement)
    Context.open(other).database.engine.dispose()


def test_a_ledger_in_partitions_takes_entries_and_no_changes(
    empty_postgresql: str, example: Path, settings: Settings
) -> None:
    (snippet,) = snippets(SQL)
    statements = re.sub("^--.*$", "", snippet.code, flags=re.MULTILINE).split(";")
    with opened(replace(settings, DATABASE_URL=empty_postgresql), example) as ctx:
        before = audit.verify(ctx)
        with ctx.database.write() as connection:
            for statement in statements:
                if statement.strip() not in ("", "BEGIN", "COMMIT"):
                    connection.execute(text(statement))
        agree(ctx, "An")
        assert audit.verify(ctx) > before > 0
        for table in ("ledger", "ledger_0", "ledger_1"):
            with pytest.raises(DBAPIError, match="append-only"):
                audit.run(ctx, f"DELETE FROM {table}")
