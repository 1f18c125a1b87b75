"""The manual: what is made from the product is fresh, all settings and commands are told, all links lead somewhere.

What the snippets hold is checked in test_snippets.py.
"""

import ast
import re
from collections import Counter
from dataclasses import Field, fields
from pathlib import Path

import click
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import __version__
from app.config import PREFIX, Settings
from app.definitions import codes
from app.services.context import Context
from tests.docs import generated, pages
from tests.docs.commands import COMMANDS
from tests.docs.pages import MANUAL, README, ROOT
from tests.factories import send_form, token_in, work_off
from tests.guards.source import modules, walked

CODE = re.compile(r"AK[0-9]{3}")
CALL = re.compile(rf"(?:^|[/ ])akkoord ({'|'.join(sorted(COMMANDS, key=len, reverse=True))}|[a-z]+)\b([^\n>;|']*)")
MOST_LINES = 200
"""Of the README: what it is, how to try it, and where the rest stands."""


def ids(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


# What is made from the product


def test_every_generated_part_is_as_the_product_is_now() -> None:
    stale = [ids(page) for page in generated.stale()]
    assert stale == [], f"run `{generated.COMMAND}`: it renews {', '.join(stale)}"


def test_each_part_that_can_be_made_stands_in_one_page() -> None:
    assert Counter(generated.parts_in(map(pages.read, pages.pages()))) == Counter(generated.PARTS.keys())


def test_a_part_that_was_changed_by_hand_is_stale(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = tmp_path / "operating.md"
    page.write_text(
        pages.read(MANUAL / "operating.md").replace("`AKKOORD_MAIL_PORT` | `25`", "`AKKOORD_MAIL_PORT` | `26`")
    )
    monkeypatch.setattr(generated, "pages", lambda: [page, README])
    assert generated.stale() == [page]


# Settings and commands


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
def test_every_setting_has_a_meaning_and_a_row(field: Field[object]) -> None:
    assert field.metadata["meaning"]
    (row,) = [row for row in pages.rows(MANUAL / "operating.md") if row[0] == f"`{PREFIX}{field.name}`"]
    assert row[2] == field.metadata["meaning"]


def test_no_setting_is_told_that_does_not_exist() -> None:
    named = set(re.findall(rf"\b{PREFIX}([A-Z][A-Z_]+)\b", pages.whole()))
    assert named == {field.name for field in fields(Settings)}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_told_with_its_arguments_and_options(name: str) -> None:
    _, _, after = pages.read(MANUAL / "commands.md").partition(f"### akkoord {name}\n")
    section = after.partition("\n### ")[0]
    options = [option for option in COMMANDS[name].params if isinstance(option, click.Option) and not option.hidden]
    told = {
        spelling for spelled in re.findall(r"^\| `(-[^`]*)`", section, re.MULTILINE) for spelling in spelled.split()
    }
    assert {word for word in told if word.startswith("-")} == {one for option in options for one in option.opts}
    for argument in COMMANDS[name].params:
        if isinstance(argument, click.Argument):
            assert argument.make_metavar(click.Context(COMMANDS[name])) in section
    assert str(COMMANDS[name].help).partition("\n")[0] in section


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_explains_itself(name: str) -> None:
    assert COMMANDS[name].help
    assert [
        option.opts for option in COMMANDS[name].params if isinstance(option, click.Option) and not option.help
    ] == []


@pytest.mark.parametrize("page", pages.pages(), ids=ids)
def test_every_command_that_a_page_names_exists_with_its_options(page: Path) -> None:
    written = [snippet.code for snippet in pages.snippets(page)] + pages.spans(page)
    for name, rest in [found for code in written for found in CALL.findall(code)]:
        assert name in COMMANDS, name
        known = {spelling for option in COMMANDS[name].params for spelling in option.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known, (name, rest)


def test_every_target_of_make_that_is_told_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = set(re.findall(r"(?:^|`)make ([a-z-]+)", pages.whole(), re.MULTILINE))
    assert {"demo", "docs"} <= told <= targets


# The pages


def test_the_readme_is_short_and_can_be_found() -> None:
    text = pages.read(README)
    assert len(text.splitlines()) <= MOST_LINES
    for word in ("double opt-in", "GDPR", "consent", "dark patterns", "make demo"):
        assert word in text


@pytest.mark.parametrize("page", pages.pages(), ids=ids)
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    for target in pages.links(page):
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.is_file(), target
        assert there.is_relative_to(ROOT), target
        if anchor:
            assert anchor in pages.anchors(there), target


@pytest.mark.parametrize("page", pages.pages(), ids=ids)
def test_a_page_has_one_title_and_no_two_headings_alike(page: Path) -> None:
    assert len(re.findall(r"^# ", pages.prose(page), re.MULTILINE)) == 1
    assert max(Counter(pages.anchors(page)).values()) == 1


def test_the_index_leads_to_every_page_and_the_readme_to_the_index() -> None:
    assert {f"{path.name}" for path in MANUAL.glob("*.md")} - {"README.md"} <= set(pages.links(MANUAL / "README.md"))
    assert "docs/README.md" in pages.links(README)


def test_the_wheel_that_is_named_is_of_this_version() -> None:
    assert set(re.findall(r"akkoord-([\w.]+)-py3", pages.whole())) == {__version__}


def test_every_picture_is_told_in_words() -> None:
    assert "![](" not in pages.whole()


def test_the_addresses_that_people_meet_are_those_of_the_application(app: Flask) -> None:
    told = {
        span.partition("?")[0]
        for row in pages.rows(MANUAL / "visitors.md")
        for span in re.findall(r"`(/[^`]+)`", " ".join(row))
    }
    files = ("/static/", "/theme/", "/logo/")
    rules = {re.sub(r"<(?:\w+:)?(\w+)>", lambda name: name[1].upper(), rule.rule) for rule in app.url_map.iter_rules()}
    assert told == {rule for rule in rules if not rule.startswith(files) and rule.count("/") <= 3} - {"/withdraw/REST"}


def test_the_headers_that_are_told_are_those_of_the_answers(client: FlaskClient, ctx: Context) -> None:
    send_form(ctx)
    link = token_in(work_off(ctx)[0], "confirm")
    answers = {
        "forms": client.get("/f/talentwerk/careers?lang=nl"),
        "behind a mailed link": client.get(f"/confirm/{link}"),
    }
    rows = {row[0]: row[1] for row in pages.rows(MANUAL / "security.md") if len(row) == 2}
    for which, answer in answers.items():
        assert answer.status_code == 200
        for told in re.findall(r"`([^`]+)`", f"{rows['all']} {rows[which]}"):
            name, _, value = told.partition(": ")
            if value:
                assert value in answer.headers[name], told
            elif name.startswith("frame-ancestors"):
                assert name in answer.headers["Content-Security-Policy"], told
            elif re.fullmatch(r"[A-Z][a-z]+(-[A-Z][a-z]+)+", name):
                assert name in answer.headers, told


def test_every_fault_that_is_reported_has_a_meaning_and_every_meaning_is_reported() -> None:
    reported = set()
    for name, tree in modules("app/definitions"):
        if not name.startswith("app/definitions/codes/"):
            texts = [node.value for node in walked(tree) if isinstance(node, ast.Constant)]
            reported |= {code for text in texts if isinstance(text, str) for code in CODE.findall(text)}
    assert reported == set(codes.CODES)
    assert set(CODE.findall(pages.whole())) <= reported
