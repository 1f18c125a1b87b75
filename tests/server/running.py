"""Commands of the kit as processes of their own, and somebody who visits what they serve."""

import atexit
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element

from app import paths
from tests.delivery.sink import Sink, until
from tests.factories import text_of
from tests.markup import parsed
from tests.server.forked import Fork

ROOT = Path(__file__).resolve().parents[2]
KEY = "a key of the tests and nobody else"
ROOT_IS_TOLD = "WARNING app.server: The worker runs as root; let it run as a user of its own\n"
SAID_AT_START = ROOT_IS_TOLD if os.geteuid() == 0 else ""
"""All that a worker in order prints."""


@dataclass
class Program:
    """A running command. `log` holds all that it has printed."""

    command: str
    process: "subprocess.Popen[bytes] | Fork"
    log: Path

    @property
    def said(self) -> str:
        """What the command has printed so far."""
        return self.log.read_text(encoding="utf-8")

    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def ended(self, seconds: float = 60) -> int:
        """Wait for its end, and return its exit status."""
        return self.process.wait(seconds)


def environment(home: Path, **settings: str) -> dict[str, str]:
    """What a shell hands to a command: a home folder of its own, and these settings without their prefix."""
    clean = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    return clean | {f"AKKOORD_{name}": value for name, value in settings.items()}


@cache
def asked_for() -> Path:
    """A forms folder with the samples that people of these tests fill in: to read all takes 0.3 s more."""
    folder = Path(mkdtemp(prefix="akkoord-forms-"))
    atexit.register(shutil.rmtree, folder)
    for controller in ("talentwerk", "demolen"):
        shutil.copytree(paths.SAMPLES / controller, folder / controller)
    (folder / "demolen" / "newsletter.yaml").unlink()
    (folder / "demolen" / "photo.yaml").unlink()
    return folder


def enough(folder: Path, port: int, mail_port: int, **more: str) -> dict[str, str]:
    """The settings that a server needs."""
    return {
        "DATA_DIR": str(folder / "data"),
        "FORMS_DIR": str(asked_for()),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": KEY,
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(mail_port),
        "MAIL_DEFAULT_SENDER": "forms@forms.example",
        "MAIL_RETRY": "1 second",
    } | more


@contextmanager
def running(folder: Path, *arguments: str, log: str = "log", **settings: str) -> Iterator[Program]:
    """Start a command of the kit in a folder. At the end, it and all that it started are gone."""
    output = folder / log
    with output.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "app", *arguments],
            cwd=folder,
            env=environment(_home(folder), **settings),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with _looked_after(Program(arguments[0], process, output)) as program:
        yield program


@contextmanager
def forked(folder: Path, *arguments: str, log: str = "log", **settings: str) -> Iterator[Program]:
    """The same for half the time, where it makes no difference how the command starts."""
    output = folder / log
    output.write_bytes(b"")
    process = Fork(arguments, folder, environment(_home(folder), **settings), output)
    with _looked_after(Program(arguments[0], process, output)) as program:
        yield program


def _home(folder: Path) -> Path:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return home


@contextmanager
def _looked_after(program: Program) -> Iterator[Program]:
    try:
        yield program
    finally:
        for member in session(program.process.pid):
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        program.process.wait(10)


def run(folder: Path, *arguments: str, **settings: str) -> tuple[int, list[str]]:
    """Run a command of the kit to its end: its exit status, and the lines that it printed."""
    with running(folder, *arguments, log="run-log", **settings) as program:
        return program.ended(60), program.said.splitlines()


def session(leader: int) -> list[int]:
    """The processes of a session that have not ended, from /proc."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            state, number = _state_and_session(int(entry.name))
            if number == leader and state != "Z":
                found.append(int(entry.name))
    return found


def is_alive(pid: int) -> bool:
    """Whether a process has not ended, from /proc."""
    return _state_and_session(pid)[0] != "Z"


def _state_and_session(pid: int) -> tuple[str, int]:
    try:
        state, _, _, number = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:4]
    except OSError:
        return "Z", 0  # it ended meanwhile
    return state, int(number)


def command_of(pid: int) -> str:
    """The command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


@dataclass(frozen=True)
class Answer:
    """What a server said to one request."""

    address: str
    status: int
    headers: HTTPMessage
    html: str

    @property
    def page(self) -> Element:
        """The page, parsed; not to be changed."""
        return parsed(self.html)[0]

    @property
    def heading(self) -> str:
        """The first heading of the page."""
        heading = self.page.find(".//h1")
        assert heading is not None, self.html
        return "".join(heading.itertext()).strip()

    def press(self, button: int = 0, **typed: str | list[str]) -> "Answer":
        """Fill in the first form of the page and press one of its buttons."""
        form = self.page.find(".//form")
        assert form is not None, self.html
        data: list[tuple[str, str]] = []
        for field in form.iter("input"):
            name, value = field.get("name", ""), field.get("value", "")
            if field.get("type") == "checkbox":
                data += [(name, value)] if value in typed.get(name, []) else []
            elif name:
                data.append((name, str(typed.get(name, value))))
        chosen = list(form.iter("button"))[button]
        if chosen.get("name"):
            data.append((chosen.attrib["name"], chosen.get("value", "")))
        return post(urljoin(self.address, form.get("action") or self.address), urlencode(data))


def get(address: str, host: str | None = None, machine: str = "127.0.0.1") -> Answer:
    """GET an address of this machine. Raises OSError while nothing listens there."""
    return _ask("GET", address, None, host, machine)


def post(address: str, body: str) -> Answer:
    """POST what a form would send."""
    return _ask("POST", address, body, None, "127.0.0.1")


def _ask(method: str, address: str, body: str | None, host: str | None, machine: str) -> Answer:
    parts = urlsplit(address)
    headers = {"Accept-Language": "nl"}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    if host is not None:
        headers["Host"] = host
    with closing(HTTPConnection(machine, parts.port, timeout=20)) as connection:
        headers.setdefault("Host", parts.netloc)
        connection.request(method, f"{parts.path or '/'}?{parts.query}", body, headers)
        response = connection.getresponse()
        return Answer(address, response.status, response.headers, response.read().decode())


def once_it_answers(address: str, program: Program) -> Answer:
    """GET an address of a program that is still starting."""
    answers: list[Answer] = []

    def answered() -> bool:
        assert program.is_running(), program.said
        try:
            answers.append(get(address))
        except OSError:
            return False
        return True

    until(answered, f"an answer from {address}")
    return answers[0]


def listeners(port: int) -> set[str]:
    """The addresses (hexadecimal) on which something listens at this port, from /proc."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            host, _, number = fields[1].rpartition(":")
            if int(number, 16) == port and fields[3] == "0A":
                found.add(host)
    return found


def own_forms(folder: Path, controller: str) -> Path:
    """Make a forms folder `forms` with one controller, which has the form `careers`; returns the controller's."""
    below = folder / "forms" / controller
    below.mkdir(parents=True)
    for path in (paths.SAMPLES / "talentwerk").glob("*.yaml"):
        (below / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return below


def mail_to(sink: Sink, email: str, number: int = 1) -> EmailMessage:
    """The number-th mail to this address, counted from 1, once it is there."""

    def came() -> list[EmailMessage]:
        return [received.mail for received in list(sink.mails) if received.recipients == (email,)]

    until(lambda: len(came()) >= number, f"mail {number} to {email}")
    return came()[number - 1]


def whole_link(mail: EmailMessage, kind: str) -> str:
    """The whole address of the link of this kind in a mail."""
    found = re.search(rf"^https?://\S+/{kind}/\S+$", text_of(mail), re.MULTILINE)
    assert found is not None, text_of(mail)
    return found[0]
