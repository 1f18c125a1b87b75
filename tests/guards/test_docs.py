"""The README: every setting, command and option stands in it, with its true default, and its links lead somewhere."""

import ast
import re
from dataclasses import Field, fields
from pathlib import Path

import click
import pytest

from app.cli import cli
from app.config import PREFIX, Rate, Settings
from app.definitions import codes

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line[1:-1].split("|")] for line in README.splitlines() if line[:1] == "|"]
CODE = re.compile(r"AK[0-9]{3}")


def commands_of(group: click.Command, start: str = "") -> dict[str, click.Command]:
    """The commands of a group by the words that call them: a group in it is told by its own commands."""
    found: dict[str, click.Command] = {}
    if not isinstance(group, click.Group):
        return {start.strip(): group}
    for name, command in group.commands.items():
        found |= commands_of(command, f"{start}{name} ")
    return found


COMMANDS = commands_of(cli)


def shown(default: object) -> str:
    """A default as the README writes it: empty where there is none."""
    if default in ("", None):
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, Rate):
        return f"`{default.count} per {default.per}`"
    return "`[]`" if default == () else f"`{default}`"


def row_of(first: str) -> list[str]:
    """The one row of a table that begins with this code."""
    (row,) = [row for row in ROWS if re.match(rf"`{re.escape(first)}(?![\w-])", row[0])]
    return row


def anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
def test_every_setting_is_told_with_its_default(field: Field[object]) -> None:
    _, default, meaning = row_of(PREFIX + field.name)
    assert default == shown(field.default)
    assert meaning


def test_no_setting_is_told_that_does_not_exist() -> None:
    named = set(re.findall(rf"\b{PREFIX}([A-Z_]+)\b", README))
    assert named <= {field.name for field in fields(Settings)}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_told_with_its_arguments_and_options(name: str) -> None:
    usage, meaning = row_of(f"akkoord {name}")
    told = set(re.findall(r"--[a-z-]+", usage))
    options = [option for option in COMMANDS[name].params if isinstance(option, click.Option) and not option.hidden]
    assert told == {spelling for option in options for spelling in option.opts}
    for argument in COMMANDS[name].params:
        if isinstance(argument, click.Argument):
            assert argument.make_metavar(click.Context(COMMANDS[name])) in usage
    assert meaning


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_explains_itself(name: str) -> None:
    assert COMMANDS[name].help
    assert [
        option.opts for option in COMMANDS[name].params if isinstance(option, click.Option) and not option.help
    ] == []


def test_every_example_calls_a_command_and_options_that_exist() -> None:
    blocks = re.findall(r"^```\w*\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", README, flags=re.DOTALL | re.MULTILINE))
    names = "|".join(sorted(COMMANDS, key=len, reverse=True))
    call = rf"(?:^|[/ ])akkoord ({names}|[a-z]+)\b([^\n>;|']*)"
    calls = [found for code in blocks + spans for found in re.findall(call, code)]
    assert {name for name, _ in calls} == set(COMMANDS)
    for name, rest in calls:
        known = {spelling for option in COMMANDS[name].params for spelling in option.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known, (name, rest)


def test_every_target_of_make_that_is_told_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))
    assert {"demo", "test"} <= told <= targets


def test_every_link_leads_somewhere() -> None:
    headings = {anchor(heading) for heading in re.findall(r"^#+ (.+)$", README, re.MULTILINE)}
    for target in re.findall(r"\]\(([^)]+)\)", README):
        if target.startswith("#"):
            assert target[1:] in headings, target
        else:
            assert (ROOT / target).is_file(), target


def test_every_fault_that_is_reported_has_a_meaning_and_every_meaning_is_reported() -> None:
    reported = set()
    for path in (ROOT / "app" / "definitions").rglob("*.py"):
        if path.name != "codes.py":
            texts = [
                node.value
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Constant)
            ]
            reported |= {code for text in texts if isinstance(text, str) for code in CODE.findall(text)}
    reported |= set(CODE.findall((ROOT / "app" / "definitions" / "lexicon.yaml").read_text(encoding="utf-8")))
    assert reported == set(codes.CODES)
    assert all(codes.CODES.values())
    assert set(CODE.findall(README)) <= reported
