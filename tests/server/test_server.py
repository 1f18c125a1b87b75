"""`akkoord serve` as an operator runs it: real processes, a real port, a real mail server."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app import paths, publisher
from tests.delivery.sink import Sink, free_port, until
from tests.server.running import (
    KEY,
    Program,
    command_of,
    environment,
    get,
    listeners,
    once_it_answers,
    own_forms,
    post,
    run,
    running,
    session,
    the_mail,
    whole_link,
)

FORM = "/f/talentwerk/careers?lang=nl"


def enough(folder: Path, port: int, mail_port: int, **more: str) -> dict[str, str]:
    """The settings that a server needs."""
    return {
        "DATA_DIR": str(folder / "data"),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": KEY,
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(mail_port),
        "MAIL_DEFAULT_SENDER": "forms@forms.example",
        "MAIL_RETRY": "1 second",
    } | more


@contextmanager
def serving(folder: Path, mail_port: int, *options: str, **more: str) -> Iterator[tuple[Program, str]]:
    """A server that answers, and its address."""
    port = free_port()
    settings = enough(folder, port, mail_port, **more)
    with running(folder, "serve", "--port", str(port), "--workers", "1", *options, **settings) as program:
        address = f"http://127.0.0.1:{port}"
        assert once_it_answers(f"{address}/healthz", program).status == 200
        yield program, address


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, str]]:
    """A server with a key of its own making, for tests that change nothing that another one looks at."""
    with serving(tmp_path_factory.mktemp("server"), 1, SECRET_KEY="") as started:
        yield started


def mailer_of(program: Program) -> list[int]:
    """The process that works the outbox of a server."""
    return [pid for pid in session(program.process.pid) if " worker " in command_of(pid)]


def libraries_of(pid: int) -> str:
    """The files that a process has loaded; none when it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/maps").read_text()
    return ""


def ask(address: str, email: str = "sofie@voorbeeld.test") -> None:
    """Fill in and send the form."""
    sent = get(address + FORM).press(email=email, purposes=["keep_cv"])
    assert sent.status == 200
    assert email in sent.html


def test_a_person_goes_the_whole_way_over_http(tmp_path: Path) -> None:
    with Sink() as sink, serving(tmp_path, sink.port) as (program, address):
        ask(address)
        link = whole_link(the_mail(sink, 1), "confirm")
        assert link.startswith(f"{address}/confirm/")
        done = get(link).press()
        assert done.status == 200
        receipt = the_mail(sink, 2)
        assert receipt["List-Unsubscribe"] == f"<{whole_link(receipt, 'withdraw')}>"
        granted = run(tmp_path, "consents", "--json", **enough(tmp_path, 1, 1))
        (consent,) = json.loads("\n".join(granted[1]))
        assert (consent["email"], consent["purpose"], consent["status"]) == (
            "sofie@voorbeeld.test",
            "keep_cv",
            "granted",
        )
        one_click = post(whole_link(receipt, "withdraw"), "List-Unsubscribe=One-Click")
        assert one_click.status == 200
        assert the_mail(sink, 3)["To"] == "sofie@voorbeeld.test"
        until(lambda: len(session(program.process.pid)) == 3, "one master, one web process, one worker")
        assert "sofie" not in program.said
        assert link.rpartition("/")[2] not in program.said


def test_a_demo_does_not_take_the_mails_of_a_server(tmp_path: Path) -> None:
    with Sink() as sink, serving(tmp_path, sink.port, "--no-worker") as (_, address):
        ask(address)
        status, lines = run(tmp_path, "demo", "--port", str(free_port()), **enough(tmp_path, 1, 1))
    assert status != 0
    assert lines == [
        "Error: AKKOORD_DATA_DIR: `akkoord serve` keeps its data there; the demo needs a folder of its own"
    ]


def test_connections_that_a_browser_opens_and_never_uses_hold_up_nobody(server: tuple[Program, str]) -> None:
    _, address = server
    there = urlsplit(address)
    with ExitStack() as opened:
        for _ in range(3):
            opened.enter_context(socket.create_connection((str(there.hostname), there.port or 0)))
        begun = time.monotonic()
        assert get(address + FORM).status == 200
        assert time.monotonic() - begun < 10, "gunicorn gives up a process after 30 seconds"


def test_web_processes_hold_neither_pydantic_nor_yaml(server: tuple[Program, str]) -> None:
    program, address = server
    ask(address)
    loaded = {pid: libraries_of(pid) for pid in session(program.process.pid)}
    assert sum("sqlite" in libraries for libraries in loaded.values()) >= 1
    assert [command_of(pid) for pid, libraries in loaded.items() if "pydantic" in libraries] == []


def test_an_application_over_a_published_database_imports_neither_them_nor_what_another_database_needs(
    server: tuple[Program, str],
) -> None:
    program, address = server
    script = (
        "import sys\n"
        "from app.config import Settings\n"
        "from app.factory import create_app\n"
        "from app.services.context import Context\n"
        "settings = Settings.from_environment()\n"
        "app = create_app(settings, ctx=Context.open(settings, prepare=False))\n"
        f"page = app.test_client().get({FORM!r}, base_url={address!r})\n"
        "assert page.status_code == 200, page.text\n"
        "names = set(sys.modules) | {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(names & {'pydantic', 'pydantic_core', 'ruamel', 'sqlalchemy.dialects.postgresql'}))\n"
    )
    settings = {"DATA_DIR": str(program.log.parent / "data"), "BASE_URL": address}
    found = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(program.log.parent, **settings),
        check=True,
        capture_output=True,
        text=True,
    )
    assert found.stdout == "[]\n"


def test_sigterm_ends_every_process(tmp_path: Path) -> None:
    with serving(tmp_path, 1, "--workers", "2") as (program, _):
        until(lambda: len(session(program.process.pid)) == 4, "one master, two web processes, one worker")
        program.signal(signal.SIGTERM)
        assert program.ended() == 0
        assert session(program.process.pid) == []


def test_ctrl_c_ends_every_process(tmp_path: Path) -> None:
    with serving(tmp_path, 1) as (program, _):
        for pid in session(program.process.pid):  # as a terminal does
            os.kill(pid, signal.SIGINT)
        assert program.ended() == 0
        until(lambda: session(program.process.pid) == [], "no process is left")
        assert "Traceback" not in program.said


def test_ctrl_c_while_it_starts_ends_it_without_a_traceback(tmp_path: Path) -> None:
    with running(tmp_path, "serve", "--port", str(free_port()), **enough(tmp_path, 1, 1)) as program:
        until(lambda: any("pydantic" in libraries_of(pid) for pid in session(program.process.pid)), "it reads")
        for pid in session(program.process.pid):
            os.kill(pid, signal.SIGINT)
        program.ended()
        until(lambda: session(program.process.pid) == [], "nobody is left")
        assert "Traceback" not in program.said


def test_a_master_that_is_killed_leaves_nobody_behind(tmp_path: Path) -> None:
    with serving(tmp_path, 1) as (program, address):
        program.signal(signal.SIGKILL)
        program.ended()

        def are_gone() -> bool:
            with suppress(OSError):
                get(address)  # a web process that is asked looks at once for its master; else every 15 seconds
            return session(program.process.pid) == []

        until(are_gone, "no process is left")


def test_a_worker_that_is_killed_is_started_again(tmp_path: Path) -> None:
    with Sink() as sink, serving(tmp_path, sink.port) as (program, address):
        until(lambda: len(mailer_of(program)) == 1, "a worker")
        (before,) = mailer_of(program)
        os.kill(before, signal.SIGKILL)
        ask(address)
        assert the_mail(sink, 1)["To"] == "sofie@voorbeeld.test"
        (after,) = mailer_of(program)
        assert after != before


def test_without_a_worker_nothing_is_sent_until_one_runs(tmp_path: Path) -> None:
    with Sink() as sink, serving(tmp_path, sink.port, "--no-worker") as (program, address):
        ask(address)
        assert len(session(program.process.pid)) == 2
        assert sink.mails == []
        with running(tmp_path, "worker", log="worker", **enough(tmp_path, 1, sink.port)):
            assert the_mail(sink, 1)["To"] == "sofie@voorbeeld.test"


def test_mails_wait_while_the_mail_server_is_down(tmp_path: Path) -> None:
    sink = Sink()
    with serving(tmp_path, sink.port) as (program, address):
        ask(address)
        until(lambda: "Mails could not be sent, and all wait" in program.said, "a first try")
        with sink:
            assert the_mail(sink, 1)["To"] == "sofie@voorbeeld.test"


def test_sighup_shows_changed_and_new_forms_and_keeps_the_last_good_one(tmp_path: Path) -> None:
    folder = own_forms(tmp_path, "talentwerk")
    careers = folder / "careers.yaml"
    good = careers.read_text(encoding="utf-8")
    (folder / "broken.yaml").write_text("languages: [nl]\n", encoding="utf-8")
    with serving(tmp_path, 1, FORMS_DIR=str(folder.parent)) as (program, address):
        assert get(f"{address}/f/talentwerk/broken?lang=nl").status == 503
        assert get(address + FORM).heading == "Contact over werk"
        assert "forms/talentwerk/broken.yaml:1:1 AK" in program.said

        careers.write_text(good.replace("Contact over werk", "Werk bij ons"), encoding="utf-8")
        (folder / "second.yaml").write_text(good, encoding="utf-8")
        assert get(address + FORM).heading == "Contact over werk"
        program.signal(signal.SIGHUP)
        until(lambda: get(address + FORM).heading == "Werk bij ons", "the changed title")
        until(lambda: get(f"{address}/f/talentwerk/second?lang=nl").status == 200, "the new form")

        careers.write_text("title: {nl: Kapot", encoding="utf-8")
        (folder / "third.yaml").write_text(good, encoding="utf-8")
        program.signal(signal.SIGHUP)
        until(lambda: get(f"{address}/f/talentwerk/third?lang=nl").status == 200, "the next reload")
        until(lambda: len(session(program.process.pid)) == 3, "the old web process is gone")
        assert get(address + FORM).heading == "Werk bij ons"
        assert get(f"{address}/f/talentwerk/broken?lang=nl").status == 503


@pytest.mark.parametrize(
    ("missing", "line"),
    [
        ("BASE_URL", "AKKOORD_BASE_URL is needed"),
        ("MAIL_SERVER", "AKKOORD_MAIL_SERVER is needed"),
        ("MAIL_DEFAULT_SENDER", "AKKOORD_MAIL_DEFAULT_SENDER is needed"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_it_does_not_start_without_what_it_needs(tmp_path: Path, command: str, missing: str, line: str) -> None:
    settings = enough(tmp_path, free_port(), 1)
    del settings[missing]
    status, lines = run(tmp_path, command, **settings)
    assert status == 1
    assert len(lines) == 1
    assert lines[0].startswith(f"Error: {line}: ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_PORT", "smtp"),
        ("MALE_PORT", "25"),
        ("BASE_URL", "forms.example"),
        ("MAIL_DEFAULT_SENDER", "Forms <forms@forms.example>"),
        ("FORMS_DIR", "/nowhere/at/all"),
        ("DATABASE_URL", "postgresql://127.0.0.1:1/akkoord"),
        ("DATABASE_URL", "sqlite:////nowhere/at/all.db"),
        ("DATA_DIR", "/proc/akkoord"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line_that_names_it(tmp_path: Path, name: str, value: str) -> None:
    status, lines = run(
        tmp_path, "serve", **enough(tmp_path, free_port(), 1) | {"FORMS_DIR": str(paths.SAMPLES), name: value}
    )
    assert status == 1
    assert len(lines) == 1, lines
    assert lines[0].startswith(f"Error: AKKOORD_{name}: ")


def test_another_key_than_that_of_the_database_stops_the_start(tmp_path: Path) -> None:
    with serving(tmp_path, 1):
        pass
    settings = enough(
        tmp_path, free_port(), 1, FORMS_DIR=str(paths.SAMPLES), SECRET_KEY="quite another key than before"
    )
    status, lines = run(tmp_path, "serve", **settings)
    assert status == 1
    assert len(lines) == 1, lines
    assert lines[0].startswith("Error: AKKOORD_SECRET_KEY: ")


def test_a_key_is_made_on_the_first_start_and_nothing_outside_the_data_folder(server: tuple[Program, str]) -> None:
    folder = server[0].log.parent
    assert (folder / "data" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["data", "home", "log"]
    assert list((folder / "home").iterdir()) == []


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken_stops_the_start_with_one_line(tmp_path: Path, command: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        settings = enough(tmp_path, port, 1, FORMS_DIR=str(paths.SAMPLES))
        status, lines = run(tmp_path, command, "--port", str(port), **settings)
    assert status == 1
    assert lines == [
        f"Error: cannot listen on 127.0.0.1, port {port}: address already in use; choose another with --port"
    ]
    assert not (tmp_path / "data").exists()


def test_it_says_that_it_serves_the_samples(server: tuple[Program, str]) -> None:
    assert "AKKOORD_FORMS_DIR is not set: serving the sample forms" in server[0].said


def test_it_listens_on_loopback_unless_told_otherwise(server: tuple[Program, str]) -> None:
    assert listeners(int(server[1].rpartition(":")[2])) == {"0100007F"}


def test_it_can_listen_on_ipv6(tmp_path: Path) -> None:
    port = free_port()
    settings = enough(tmp_path, port, 1)
    with running(tmp_path, "serve", "--host", "::1", "--port", str(port), **settings) as program:

        def answers() -> bool:
            assert program.is_running(), program.said
            try:
                socket.create_connection(("::1", port), timeout=5).close()
            except OSError:
                return False
            return True

        until(answers, "a listener on ::1")


def test_a_start_whose_helper_is_killed_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    child = publisher._begin(lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert not publisher.ended_well(child)
    assert "ended by signal 9" in capfd.readouterr().err
