"""`akkoord serve` as an operator runs it: real processes, a real port, a real mail server."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app import i18n, publisher
from app import server as server_module
from app.config import Settings
from tests.delivery.sink import Sink, free_port, until
from tests.server.running import (
    Program,
    command_of,
    enough,
    environment,
    get,
    listeners,
    mail_to,
    once_it_answers,
    own_forms,
    post,
    run,
    running,
    session,
    whole_link,
)

FORM = "/f/talentwerk/careers?lang=nl"


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
def sink() -> Iterator[Sink]:
    """The mail server of `server`."""
    with Sink() as started:
        yield started


@pytest.fixture(scope="module")
def server(sink: Sink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, str]]:
    """A server with a key of its own making, for tests whose people have an address that no other test uses."""
    with serving(tmp_path_factory.mktemp("server"), sink.port, SECRET_KEY="") as started:
        yield started


def beside(server: tuple[Program, str], **more: str) -> dict[str, str]:
    """The settings of another command over the data of a server."""
    return enough(server[0].log.parent, free_port(), 1, SECRET_KEY="", **more)


def mailer_of(program: Program) -> list[int]:
    """The process that works the outbox of a server."""
    return [pid for pid in session(program.process.pid) if " worker " in command_of(pid)]


def libraries_of(pid: int) -> str:
    """The files that a process has loaded; none when it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/maps").read_text()
    return ""


def ask(address: str, email: str) -> None:
    """Fill in and send the form."""
    sent = get(address + FORM).press(email=email, purposes=["keep_cv"])
    assert sent.status == 200
    assert email in sent.html


def test_a_person_goes_the_whole_way_over_http(server: tuple[Program, str], sink: Sink, tmp_path: Path) -> None:
    program, address = server
    ask(address, "sofie@voorbeeld.test")
    link = whole_link(mail_to(sink, "sofie@voorbeeld.test"), "confirm")
    assert link.startswith(f"{address}/confirm/")
    done = get(link).press()
    assert done.status == 200
    receipt = mail_to(sink, "sofie@voorbeeld.test", 2)
    assert receipt["List-Unsubscribe"] == f"<{whole_link(receipt, 'withdraw')}>"
    granted = run(tmp_path, "consents", "--json", **beside(server))
    (consent,) = json.loads("\n".join(granted[1]))
    assert (consent["email"], consent["purpose"], consent["status"]) == ("sofie@voorbeeld.test", "keep_cv", "granted")
    one_click = post(whole_link(receipt, "withdraw"), "List-Unsubscribe=One-Click")
    assert one_click.status == 200
    assert mail_to(sink, "sofie@voorbeeld.test", 3)["To"] == "sofie@voorbeeld.test"
    until(lambda: len(session(program.process.pid)) == 3, "one master, one web process, one worker")
    assert "sofie" not in program.said
    assert link.rpartition("/")[2] not in program.said


def test_a_demo_does_not_take_the_mails_of_a_server(server: tuple[Program, str], tmp_path: Path) -> None:
    status, lines = run(tmp_path, "demo", "--port", str(free_port()), **beside(server))
    assert status != 0
    assert lines == [
        "Error: AKKOORD_DATA_DIR: `akkoord serve` keeps its data there; the demo needs a folder of its own"
    ]


def raw(address: str, request: str) -> str:
    """What the server says to these very bytes."""
    there = urlsplit(address)
    with socket.create_connection((str(there.hostname), there.port or 0), timeout=20) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode())
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b"")).decode()


ODD_HEADERS = {
    "9 kB of cookies": "Cookie: of_the_site=" + "x" * 9_000,
    "a root": "SCRIPT_NAME: /x",
    "a root that begins the path": "SCRIPT_NAME: /f",
    "two schemes": "X-Forwarded-Proto: https\nX-Forwarded-Ssl: off",
}


@pytest.mark.parametrize("odd", ODD_HEADERS.values(), ids=ODD_HEADERS)
def test_an_odd_header_changes_nothing(server: tuple[Program, str], odd: str) -> None:
    _, address = server
    host = urlsplit(address).netloc
    answer = raw(address, f"GET {FORM} HTTP/1.1\nHost: {host}\n{odd}\nConnection: close\n\n")
    assert answer.startswith("HTTP/1.1 200 OK\r\n")
    assert "Contact over werk" in answer


@pytest.mark.parametrize("chunks", ["zz\n", "5\nabc", "3\nabcd\n0\n\n"])
def test_a_body_in_bad_chunks_gets_a_page_of_ours_and_no_traceback(server: tuple[Program, str], chunks: str) -> None:
    program, address = server
    head = f"POST {FORM} HTTP/1.1\nHost: {urlsplit(address).netloc}\nConnection: close\nTransfer-Encoding: chunked"
    answer = raw(address, f"{head}\nContent-Type: application/x-www-form-urlencoded\n\n{chunks}")
    assert answer.startswith("HTTP/1.1 400 BAD REQUEST\r\n")
    assert i18n.say("nl", "page.wrong_type.title") in answer
    assert "Traceback" not in program.said


@pytest.mark.parametrize(("mode", "is_said"), [(0o777, True), (0o755, False)])
def test_a_data_folder_that_everybody_can_write_is_told_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int, is_said: bool
) -> None:
    tmp_path.chmod(mode)
    server_module.warn_of_the_place(Settings(DATA_DIR=tmp_path), "server")
    assert [f"chmod o-w {tmp_path}" in line for line in caplog.messages if "folder" in line] == [True] * is_said


@pytest.mark.parametrize(("user", "process"), [(0, "server"), (0, "worker"), (1000, "server")])
def test_a_start_as_root_is_told_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, user: int, process: str
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    server_module.warn_of_the_place(Settings(DATA_DIR=Path("/nowhere")), process)
    told = f"The {process} runs as root; let it run as a user of its own"
    assert caplog.messages == [told] * (user == 0)


def test_web_processes_hold_neither_pydantic_nor_yaml(server: tuple[Program, str]) -> None:
    program, address = server
    ask(address, "libraries@voorbeeld.test")
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


def test_it_listens_on_ipv6_and_sigterm_ends_every_process(tmp_path: Path) -> None:
    port = free_port()
    options = ("--host", "::1", "--port", str(port), "--workers", "2")
    with running(tmp_path, "serve", *options, **enough(tmp_path, port, 1)) as program:

        def answers() -> bool:
            assert program.is_running(), program.said
            try:
                return get(f"http://127.0.0.1:{port}/healthz", machine="::1").status == 200
            except OSError:
                return False

        until(answers, "an answer from ::1")
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


def test_a_worker_that_is_killed_is_started_again(server: tuple[Program, str], sink: Sink) -> None:
    program, address = server
    until(lambda: len(mailer_of(program)) == 1, "a worker")
    (before,) = mailer_of(program)
    os.kill(before, signal.SIGKILL)
    ask(address, "killed@voorbeeld.test")
    assert mail_to(sink, "killed@voorbeeld.test")["To"] == "killed@voorbeeld.test"
    (after,) = mailer_of(program)
    assert after != before


def test_without_a_worker_nothing_is_sent_until_one_runs(tmp_path: Path) -> None:
    with Sink() as sink, serving(tmp_path, sink.port, "--no-worker") as (program, address):
        ask(address, "sofie@voorbeeld.test")
        assert len(session(program.process.pid)) == 2
        assert sink.mails == []
        with running(tmp_path, "worker", log="worker", **enough(tmp_path, 1, sink.port)):
            assert mail_to(sink, "sofie@voorbeeld.test")["To"] == "sofie@voorbeeld.test"


def test_mails_wait_while_the_mail_server_is_down(server: tuple[Program, str], sink: Sink) -> None:
    program, address = server
    sink.stop()
    try:
        ask(address, "down@voorbeeld.test")
        until(lambda: "Mails could not be sent, and all wait" in program.said, "a first try")
    finally:
        sink.start()
    assert mail_to(sink, "down@voorbeeld.test")["To"] == "down@voorbeeld.test"


def test_sighup_shows_changed_and_new_forms_and_keeps_the_last_good_one(tmp_path: Path) -> None:
    folder = own_forms(tmp_path, "talentwerk")
    careers = folder / "careers.yaml"
    good = careers.read_text(encoding="utf-8")
    (folder / "broken.yaml").write_text("languages: [nl]\n", encoding="utf-8")
    with serving(tmp_path, 1, "--no-worker", FORMS_DIR=str(folder.parent)) as (program, address):
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
        until(lambda: len(session(program.process.pid)) == 2, "the old web process is gone")
        assert get(address + FORM).heading == "Werk bij ons"
        assert get(f"{address}/f/talentwerk/broken?lang=nl").status == 503


def test_a_setting_that_nobody_knows_ends_the_process_with_one_line_that_names_it(tmp_path: Path) -> None:
    """The other refusals, which are as early, are in tests/cli/test_serving.py: they start no process."""
    status, lines = run(tmp_path, "serve", **enough(tmp_path, free_port(), 1, MALE_PORT="25"))
    assert status == 1
    assert len(lines) == 1, lines
    assert lines[0].startswith("Error: AKKOORD_MALE_PORT: ")


def test_a_database_that_cannot_be_had_ends_the_process_with_one_line_that_names_it(tmp_path: Path) -> None:
    settings = enough(tmp_path, free_port(), 1, FORMS_DIR=str(tmp_path), DATABASE_URL="sqlite:////nowhere/at/all.db")
    status, lines = run(tmp_path, "serve", **settings)
    assert status == 1
    assert len(lines) == 1, lines
    assert lines[0].startswith("Error: AKKOORD_DATABASE_URL: ")


@pytest.mark.usefixtures("may_fork")
@pytest.mark.parametrize(
    ("name", "value"), [("DATABASE_URL", "postgresql://127.0.0.1:1/akkoord"), ("DATA_DIR", "/proc/akkoord")]
)
def test_what_prepares_the_start_says_in_one_line_which_setting_is_wrong(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    wrong = {f"AKKOORD_{key}": given for key, given in enough(tmp_path, free_port(), 1, **{name: value}).items()}
    assert not publisher.ended_well(publisher.begin(Settings.from_environment(wrong), tmp_path))
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith(f"Error: AKKOORD_{name}: ")


def test_another_key_than_that_of_the_database_stops_the_start(server: tuple[Program, str], tmp_path: Path) -> None:
    another = beside(server, FORMS_DIR=str(tmp_path)) | {"SECRET_KEY": "quite another key than before"}
    status, lines = run(tmp_path, "serve", "--port", str(free_port()), **another)
    assert status == 1
    assert len(lines) == 1, lines
    assert lines[0].startswith("Error: AKKOORD_SECRET_KEY: ")


def test_a_key_is_made_on_the_first_start_and_nothing_outside_the_data_folder(server: tuple[Program, str]) -> None:
    folder = server[0].log.parent
    assert (folder / "data" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["data", "home", "log"]
    assert list((folder / "home").iterdir()) == []


def test_it_listens_on_loopback_unless_told_otherwise(server: tuple[Program, str]) -> None:
    assert listeners(int(server[1].rpartition(":")[2])) == {"0100007F"}


@pytest.mark.usefixtures("may_fork")
def test_a_start_whose_helper_is_killed_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    child = publisher._begin(lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert not publisher.ended_well(child)
    assert "ended by signal 9" in capfd.readouterr().err


def test_the_process_that_forks_has_one_thread_also_after_it_read_the_definitions_again(
    server: tuple[Program, str],
) -> None:
    program, address = server
    tasks = Path(f"/proc/{program.process.pid}/task")
    before = session(program.process.pid)
    assert len(list(tasks.iterdir())) == 1
    program.signal(signal.SIGHUP)
    until(lambda: len(set(session(program.process.pid)) - set(before)) == 1, "another web process")
    until(lambda: len(session(program.process.pid)) == len(before), "the old one is gone")
    assert len(list(tasks.iterdir())) == 1
    assert get(address + FORM).status == 200


def test_nothing_forks_in_a_process_that_has_threads() -> None:
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    try:
        with pytest.raises(RuntimeError, match="must not fork"):
            publisher._begin(lambda: None)
    finally:
        ended.set()
        thread.join()
