"""The README says all that an operator has to know, and nothing that is not so."""

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from app.cli import cli
from app.config import PREFIX, Rate, Settings

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(rf"^\| `{PREFIX}(\w+)` \| *(.*?) *\|", README, re.MULTILINE))
SETTINGS = {field.name: field.default for field in fields(Settings)}


@pytest.mark.parametrize("name", SETTINGS)
def test_each_setting_stands_in_the_table_with_its_default(name: str) -> None:
    default = SETTINGS[name]
    if isinstance(default, Rate):
        written = f"{default.count} per {default.per}"
    elif isinstance(default, bool):
        written = str(default).lower()
    elif default == ():
        written = "[]"
    else:
        written = "" if default in (None, "") else str(default)
    assert ROWS[name] == (f"`{written}`" if written else "")


def test_each_setting_that_is_named_exists() -> None:
    named = set(re.findall(rf"\b{PREFIX}([A-Z_]+[A-Z])\b", README))
    assert named <= set(SETTINGS)
    assert set(ROWS) <= set(SETTINGS)


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_each_command_stands_in_the_table_with_each_of_its_options(name: str) -> None:
    line = re.search(rf"^\| `akkoord {name}([^`]*)` \|", README, re.MULTILINE)
    assert line is not None
    options = {
        parameter.opts[0]
        for parameter in cli.commands[name].params
        if isinstance(parameter, click.Option) and not parameter.hidden
    }
    if name == "consents":
        options.add("--json")
    assert set(re.findall(r"--[a-z-]+", line[1])) == options


def test_each_command_that_is_named_exists() -> None:
    calls = re.findall(r"(?:^\$? ?|`|bin/|[A-Z_]+=\S+ |exec )akkoord ([a-z]+)\b([^`\n|>']*)", README, re.MULTILINE)
    assert len(calls) > 15
    for name, rest in calls:
        assert name in cli.commands, name
        known = {
            option for parameter in cli.commands[name].params for option in (*parameter.opts, *parameter.secondary_opts)
        }
        assert set(re.findall(r"--[a-z-]+", rest)) <= known, (name, rest)
