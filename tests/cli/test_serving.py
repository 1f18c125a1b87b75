"""`akkoord serve`, `worker` and `demo`: what they need, and that without it they end before anything starts."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import demo, publisher, server
from app.cli import cli, serving
from app.config import FORMS_DIR_MEANS
from tests.delivery.sink import free_port
from tests.server.running import enough

Refused = Callable[..., str]


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Refused:
    """Calls a command that is to end before it starts anything, and returns the one line that it prints."""

    def start(*given: object) -> None:
        raise AssertionError("it starts")

    monkeypatch.setattr(publisher, "begin", start)
    monkeypatch.setattr(serving, "open_context", start)
    monkeypatch.setattr(server, "run_worker", start)
    monkeypatch.setattr(demo, "run", start)

    def calling(*arguments: str, **settings: str) -> str:
        given = {f"AKKOORD_{name}": value for name, value in settings.items()}
        done = CliRunner().invoke(cli, arguments, env=given, prog_name="akkoord")
        assert isinstance(done.exception, SystemExit), done.output
        assert done.exit_code == 1
        (line,) = done.output.splitlines()
        assert not (tmp_path / "data").exists()
        return line

    return calling


@pytest.mark.parametrize(
    ("missing", "line"),
    [
        ("BASE_URL", "AKKOORD_BASE_URL is needed"),
        ("MAIL_SERVER", "AKKOORD_MAIL_SERVER is needed"),
        ("MAIL_DEFAULT_SENDER", "AKKOORD_MAIL_DEFAULT_SENDER is needed"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_it_does_not_start_without_what_it_needs(
    refused: Refused, tmp_path: Path, command: str, missing: str, line: str
) -> None:
    settings = enough(tmp_path, free_port(), 1)
    del settings[missing]
    assert refused(command, **settings).startswith(f"Error: {line}: ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_PORT", "smtp"),
        ("MALE_PORT", "25"),
        ("BASE_URL", "forms.example"),
        ("MAIL_DEFAULT_SENDER", "Forms <forms@forms.example>"),
        ("FORMS_DIR", "/nowhere/at/all"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line_that_names_it(
    refused: Refused, tmp_path: Path, name: str, value: str
) -> None:
    settings = enough(tmp_path, free_port(), 1) | {name: value}
    assert refused("serve", **settings).startswith(f"Error: AKKOORD_{name}: ")


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken_stops_the_start_with_one_line(refused: Refused, tmp_path: Path, command: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        settings = enough(tmp_path, port, 1)
        line = refused(command, "--port", str(port), **settings)
    assert line == (
        f"Error: cannot listen on 127.0.0.1, port {port}: address already in use; choose another with --port"
    )


def test_all_that_is_missing_is_named_at_once(refused: Refused, tmp_path: Path) -> None:
    settings = enough(tmp_path, free_port(), 1)
    missing = ["BASE_URL", "MAIL_SERVER", "MAIL_DEFAULT_SENDER", "FORMS_DIR"]
    for name in missing:
        del settings[name]
    named = [part.split(" is needed: ")[0] for part in refused("serve", **settings).split("; ")]
    assert named == ["Error: AKKOORD_BASE_URL", *(f"AKKOORD_{name}" for name in missing[1:])]


def test_it_does_not_serve_the_samples_for_want_of_a_forms_folder(refused: Refused, tmp_path: Path) -> None:
    settings = enough(tmp_path, free_port(), 1)
    del settings["FORMS_DIR"]
    assert refused("serve", **settings) == f"Error: AKKOORD_FORMS_DIR is needed: {FORMS_DIR_MEANS}"
