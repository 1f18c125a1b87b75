"""The snippets of the manual: each is run, or read by what would read it in earnest.

What needs a database stands in tests/cli/test_manual.py, what needs a browser in tests/browser/test_manual.py.
"""

import configparser
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import html5lib
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from ruamel.yaml import YAML

from app import i18n, paths
from app.cli import cli
from app.config import PREFIX, Settings
from tests.docs import pages
from tests.docs.commands import COMMANDS
from tests.docs.pages import MANUAL, Snippet

SNIPPETS = [snippet for page in pages.pages() for snippet in pages.snippets(page)]
ELSEWHERE = {
    "console": "tests/cli/test_manual.py",
    "sql": "tests/cli/test_manual.py",
    "js": "tests/browser/test_manual.py",
    "python": "tests/definitions/lint/test_rules.py",
}
"""Languages whose snippets another module runs: all of them, by their language."""

OURS = "https://forms.demolen.example"
PROGRAMS = {"export", "umask", "cp", "mv", "cd", "set", ".", "make", "pip", "python", "python3", "sqlite3", "pg_dump"}
PYTHON = re.compile(r"python3 -c '([^']+)'")
NGINX = {
    *("server", "listen", "server_name", "ssl_certificate", "ssl_certificate_key", "access_log", "error_log"),
    *("location", "proxy_pass", "proxy_set_header"),
}
SYSTEMD = {
    "Unit": {"Description", "After"},
    "Service": {
        *("User", "EnvironmentFile", "ExecStart", "ExecReload", "Restart", "StateDirectory", "StateDirectoryMode"),
        *("UMask", "PrivateTmp", "ProtectHome", "ProtectSystem"),
    },
    "Install": {"WantedBy"},
}


def of(*languages: str) -> pytest.MarkDecorator:
    found = [snippet for snippet in SNIPPETS if snippet.language in languages]
    assert found
    return pytest.mark.parametrize("snippet", found, ids=str)


def test_every_snippet_is_of_a_kind_that_is_checked() -> None:
    here = {"sh", "yaml", "html", "nginx", "ini", "text"}
    assert {snippet.language for snippet in SNIPPETS} == here | set(ELSEWHERE)
    for language, module in ELSEWHERE.items():
        assert f'"{language}"' in (pages.ROOT / module).read_text(encoding="utf-8")


# Commands for a shell


def commands_in(code: str) -> Iterator[list[str]]:
    """The words of each simple command of a script, without the settings in front of it and where its output goes."""
    for line in code.splitlines():
        words = shlex.split(line, comments=True)
        if words and line.rstrip().endswith(";"):
            words.append(";")
        command: list[str] = []
        for word in [*words, "&&"]:
            if word in ("&&", "|", ";", ">") or word.endswith(";"):
                command += [word[:-1]] if word[:-1] and word != "&&" else []
                if command:
                    yield command
                command = [] if word != ">" else ["> "]
            elif command or not re.fullmatch(rf"{PREFIX}\w+=.*", word, re.DOTALL):
                command.append(word)


def understood(words: list[str]) -> None:
    """Let the command line read a call of ours, without doing what it asks for."""
    command: click.Command = cli
    arguments = words[1:]
    while isinstance(command, click.Group) and arguments:
        name = arguments.pop(0)
        assert name in command.commands, name
        command = command.commands[name]
    # A command keeps the help option of the first context it is given: without the group's own it would know no -h.
    command.make_context("akkoord", arguments, parent=click.Context(cli, **cli.context_settings))


@of("sh", "text")
def test_commands_exist_and_take_their_arguments(snippet: Snippet) -> None:
    if snippet.language == "text" and not snippet.code.startswith("*/15"):
        return
    code = snippet.code.removeprefix("*/15 * * * * ")
    assert subprocess.run(["/bin/sh", "-n"], input=code.encode()).returncode == 0
    for words in commands_in(code):
        if words[0] == "> ":
            continue
        program = words[0].rpartition("/")[2]
        if program == "akkoord":
            understood(words)
        else:
            assert program in PROGRAMS, words


def test_python_on_the_command_line_runs_without_a_word_of_complaint() -> None:
    programs = [found for page in pages.pages() for span in pages.spans(page) for found in PYTHON.findall(span)]
    assert programs
    for program in programs:
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert len(done.stdout.strip()) >= 16  # what the setting of the key asks for


@of("sh")
def test_settings_are_ones_that_the_product_takes(snippet: Snippet) -> None:
    given = dict(re.findall(rf"(?:^|\s)({PREFIX}\w+)=('[^']*'|\S+)", snippet.code))
    read = Settings.from_environment({name: value.strip("'").replace("…", "x" * 16) for name, value in given.items()})
    for name in given:
        assert getattr(read, name.removeprefix(PREFIX)) is not None


# Definitions


def languages_in(value: Any) -> set[str]:
    if isinstance(value, list):
        return {language for item in value for language in languages_in(item)}
    if not isinstance(value, dict):
        return set()
    if value and set(value) <= set(i18n.LANGUAGES):
        return set(value)
    return {language for item in value.values() for language in languages_in(item)}


def only_in(value: Any, languages: set[str]) -> Any:
    """A definition with its texts in these languages alone."""
    if isinstance(value, list):
        return [only_in(item, languages) for item in value]
    if not isinstance(value, dict):
        return value
    keys = languages if value and set(value) <= set(i18n.LANGUAGES) else set(value)
    return {key: only_in(item, languages) for key, item in value.items() if key in keys}


def without_children(form: dict[str, Any]) -> dict[str, Any]:
    kept = {key: item for key, item in form.items() if key not in ("child", "age_gate", "accept")}
    for part in ("fields", "purposes"):
        kept[part] = [{key: item for key, item in one.items() if key != "child"} for one in kept[part]]
    kept["purposes"] = [one for one in kept["purposes"] if one["id"] != "photo_contest"]  # its findings are answered
    return kept | {"audience": "adults", "because": "Only adults meet this page of the shop."}


def completed(part: dict[str, Any]) -> dict[str, Any]:
    """The form of which a snippet shows a part: the rest is that of a sample."""
    sample = YAML(typ="safe").load((paths.SAMPLES / "demolen" / "newsletter.yaml").read_text(encoding="utf-8"))
    if not {"audience", "accept"} & set(part):
        sample = without_children(sample)
    languages = languages_in(part) or set(sample["languages"])
    form: dict[str, Any] = only_in(sample, languages) | part
    used = {name for purpose in form["purposes"] for name in purpose["data"]}
    form["fields"] = [field for field in form["fields"] if field["id"] in used]
    return form | {"languages": sorted(languages)}


@of("yaml")
def test_a_definition_has_no_error(snippet: Snippet, tmp_path: Path) -> None:
    part = YAML(typ="safe").load(snippet.code)
    if part is None:
        assert snippet.code == "# yaml-language-server: $schema=../../akkoord.schema.json\n"
        return
    folder = tmp_path / "demolen"
    folder.mkdir()
    controller = (paths.SAMPLES / "demolen" / "controller.yaml").read_text(encoding="utf-8")
    if "evidence_for" in part:
        controller, part = snippet.code, {"title": {"nl": "Nieuws"}}
    (folder / "controller.yaml").write_text(controller, encoding="utf-8")
    whole = "languages" in part
    form = snippet.code if whole else json.dumps(completed({"purposes": part} if isinstance(part, list) else part))
    (folder / "newsletter.yaml").write_text(form, encoding="utf-8")
    done = CliRunner().invoke(cli, ["check", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "AK227" not in done.output  # what a snippet accepts is reported


# What goes into a website


@of("html")
def test_html_is_sound_and_its_addresses_answer(snippet: Snippet, client: FlaskClient) -> None:
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(snippet.code)
    script = (paths.STATIC / "embed.js").read_text(encoding="utf-8")
    (observed,) = re.findall(r"observedAttributes = (\[.*?\])", script)
    for element in tree.iter():
        if element.tag == "akkoord-form":
            assert set(element.attrib) <= set(json.loads(observed))
            assert client.get(f"/f/{element.attrib['form']}?lang={element.attrib['lang']}").status_code == 200
        for address in filter(None, (element.get("src"), element.get("href"))):
            assert client.get(address.removeprefix(OURS), follow_redirects=True).status_code == 200, address


def test_every_address_of_ours_that_is_written_out_answers(client: FlaskClient) -> None:
    told = set(re.findall(rf"{OURS}(/[^\s\"'`<>()*,;]*)", pages.whole()))
    assert len(told) >= 4
    for path in told:
        if "…" not in path:  # a token that was cut
            assert client.get(path, follow_redirects=True).status_code == 200, path


# What goes around the server


@of("nginx")
def test_the_proxy_is_told_what_it_knows_and_tells_what_is_read(snippet: Snippet) -> None:
    lines = [line.strip() for line in snippet.code.splitlines() if line.strip()]
    assert snippet.code.count("{") == snippet.code.count("}")
    for line in lines:
        assert line == "}" or (line[-1] in ";{" and line.split()[0].rstrip(";") in NGINX), line
    sent = set(re.findall(r"proxy_set_header (\S+)", snippet.code))
    assert sent == {"Host", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For"}
    port = next(option.default for option in COMMANDS["serve"].params if option.name == "port")
    assert f"proxy_pass http://127.0.0.1:{port};" in lines


@of("ini")
def test_the_service_is_told_what_systemd_knows(snippet: Snippet) -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(snippet.code)
    assert {name: set(unit[name]) <= SYSTEMD[name] for name in unit.sections()} == dict.fromkeys(SYSTEMD, True)
    understood(shlex.split(unit["Service"]["ExecStart"]))
    page = pages.read(snippet.page)
    assert f"`{unit['Service']['EnvironmentFile']}`" in page
    assert f"DATA_DIR=/var/lib/{unit['Service']['StateDirectory']}\n" in page


@of("text")
def test_a_text_is_of_a_kind_that_is_known(snippet: Snippet) -> None:
    first = snippet.code.partition("\n")[0]
    assert re.match(r"\*/15 |List-Unsubscribe: |.+: <object_link>$|\S+\.yaml:\d+:\d+ AK\d{3} ", first), first


# What the linter says


POSITION = re.compile(r"(?<=\.yaml):\d+:\d+")


def put_into(form: str, old: str, new: str) -> str:
    assert old in form
    return form.replace(old, new, 1)


def test_the_messages_that_are_quoted_are_those_of_the_linter(tmp_path: Path) -> None:
    (quoted,) = [one.code for one in pages.snippets(MANUAL / "linter.md") if " AK332 " in one.code]
    folder = tmp_path / "forms" / "demolen"
    folder.mkdir(parents=True)
    sample = paths.SAMPLES / "demolen"
    (folder / "controller.yaml").write_bytes((sample / "controller.yaml").read_bytes())
    form = (sample / "newsletter.yaml").read_text(encoding="utf-8")
    form = put_into(form, "Chaque mois, nous envoyons", "Chaque mois, sauf avis contraire, nous envoyons")
    form = put_into(form, "Each month we email the news:", "Each month we email, among other things, the news:")
    form = put_into(form, "Postduif Mail BV verstuurt de mail voor ons.", "Geef je toestemming.")
    (folder / "bakeclub.yaml").write_text(form, encoding="utf-8")
    said = {
        POSITION.sub(":", line) for line in CliRunner().invoke(cli, ["check", str(folder.parent)]).output.splitlines()
    }
    said = {line.partition("forms/")[2] for line in said}
    missing = [line for line in quoted.splitlines() if POSITION.sub(":", line).partition("forms/")[2] not in said]
    assert missing == [], "\n".join(sorted(said))
