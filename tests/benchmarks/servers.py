"""Starts what is measured as processes of their own, and reads from /proc what they cost."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from app import paths
from app.config import Settings
from app.server import Server
from tests.delivery.sink import free_port
from tests.server.running import ROOT, command_of, environment, session

from .load import Broken

PROGRAMS = Path(__file__).parent / "programs"
PEER_PYTHON = ROOT / ".venv-bench" / "bin" / "python"


@dataclass
class Site:
    """A server that is measured. `worked` counts the processes that it has beside its web processes."""

    process: "subprocess.Popen[bytes]"
    port: int
    first_answer: float = 0.0

    @property
    def host(self) -> str:
        """What a request names as its host."""
        return f"127.0.0.1:{self.port}"

    def html(self, address: str) -> str:
        """The page at an address."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request("GET", address)
            return connection.getresponse().read().decode()

    def web(self) -> list[int]:
        """The processes that answer."""
        return [pid for pid in session(self.process.pid) if pid != self.process.pid and not _mails(pid)]

    def cpu(self) -> tuple[float, float]:
        """Seconds of processor time so far: of the web processes with their master, and of the one that mails."""
        web = mails = 0.0
        for pid in session(self.process.pid):
            if _mails(pid):
                mails += cpu_of(pid)
            else:
                web += cpu_of(pid)
        return web, mails

    def memory(self) -> dict[str, float]:
        """MiB of all web processes: what they have in memory (RSS), and their share of it (PSS)."""
        kinds = {"rss": "Rss:", "pss": "Pss:"}
        sums = dict.fromkeys(kinds, 0.0)
        for pid in self.web():
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            for kind, label in kinds.items():
                sums[kind] += next(int(line.split()[1]) for line in lines if line.startswith(label)) / 1024
        return sums


def cpu_of(pid: int) -> float:
    """Seconds of processor time of a process, from its clock (clock_getcpuclockid(3)): /proc tells hundredths only."""
    return time.clock_gettime(~pid << 3 | 2)


def _mails(pid: int) -> bool:
    return " app worker " in command_of(pid)


def gunicorn_options(workers: int) -> dict[str, Any]:
    """What `akkoord serve` sets gunicorn to, for the others too: a new setting there is one here.

    The class of the web processes is the one of gunicorn that the kit's is made of: the others have no kit.
    """
    forms = paths.SAMPLES
    cfg = Server(Settings(), forms, 0, "127.0.0.1:1", workers, 1, with_worker=False).cfg
    fresh = type(cfg)()
    changed = {name: known.get() for name, known in cfg.settings.items() if known.get() != fresh.settings[name].get()}
    return {name: value for name, value in changed.items() if isinstance(value, str | int | float | bool)} | {
        "worker_class": "gthread",
        "workers": workers,
    }


@contextmanager
def hello(folder: Path, workers: int) -> Iterator[Site]:
    """Bare Flask."""
    with _served([sys.executable, "-P"], "hello:app", folder, workers, "/", {}) as site:
        yield site


@contextmanager
def peer(folder: Path, workers: int, mail: str, mail_port: int) -> Iterator[Site]:
    """A site with django-newsletter; `mail` names the backend of Django that it mails with."""
    settings = {
        "PEER_DATABASE": str(folder / "peer.db"),
        "PEER_MAIL": mail,
        "PEER_MAIL_PORT": str(mail_port),
    }
    environ = environment(folder) | {"PYTHONPATH": str(PROGRAMS)} | settings
    subprocess.run([PEER_PYTHON, "-P", PROGRAMS / "peer_site.py"], env=environ, check=True)
    command = [str(PEER_PYTHON), "-P"]
    with _served(command, "peer_site:app", folder, workers, "/newsletter/news/subscribe/", settings) as site:
        yield site


@contextmanager
def _served(
    python: list[str], application: str, folder: Path, workers: int, first: str, more: dict[str, str]
) -> Iterator[Site]:
    port = free_port()
    options = gunicorn_options(workers) | {"bind": f"127.0.0.1:{port}"}
    command = [*python, str(PROGRAMS / "serving.py"), application, json.dumps(options)]
    environ = environment(folder) | {"PYTHONPATH": str(PROGRAMS)} | more
    with started(command, folder, environ, port, first) as site:
        yield site


@contextmanager
def product(
    folder: Path, mail_port: int, workers: int | None = None, database_url: str = "", port: int | None = None
) -> Iterator[Site]:
    """The kit as `akkoord serve` runs it, with everything on; its limit counts, and is too high to refuse.

    Without `workers` it has as many web processes as it starts by itself.
    """
    port = port or free_port()
    environ = environment(folder, **kit_settings(folder, port, mail_port, database_url))
    command = [sys.executable, "-P", "-m", "app", "serve", "--port", str(port)]
    command += [] if workers is None else ["--workers", str(workers)]
    first = "/f/talentwerk/careers?lang=nl"
    with started(command, folder, environ, port, first) as site:
        yield site


def kit_settings(folder: Path, port: int, mail_port: int, database_url: str = "") -> dict[str, str]:
    """The settings of a kit with its data below a folder."""
    return {
        "DATA_DIR": str(folder / "data"),
        "FORMS_DIR": str(paths.SAMPLES),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": database_url,
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(mail_port),
        "MAIL_DEFAULT_SENDER": "forms@forms.example",
        "SUBMITS_PER_NETWORK": "1000000 per 1 minute",
    }


@contextmanager
def mail_server(folder: Path, pause: float) -> Iterator[int]:
    """A mail server that takes every mail after a pause; yields its port."""
    port = free_port()
    command = [sys.executable, "-P", str(PROGRAMS / "mail_server.py"), str(port), str(pause)]
    with started(command, folder, environment(folder), port, None):
        yield port


@contextmanager
def started(command: list[str], folder: Path, environ: dict[str, str], port: int, first: str | None) -> Iterator[Site]:
    """A process that listens, until it answers this address. At the end it and all that it started are gone."""
    with (folder / "log").open("ab") as log:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        site = Site(process, port)
        while not _answers(port, first):
            if process.poll() is not None or time.perf_counter() - begun > 60:
                raise Broken((folder / "log").read_text(encoding="utf-8")[-2000:])
            time.sleep(0.005)
        site.first_answer = time.perf_counter() - begun
        yield site
    finally:
        for member in session(process.pid):
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        process.wait(10)


def _answers(port: int, path: str | None) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.connect()
        if path is None:
            return True
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
    except OSError:
        return False
    finally:
        connection.close()
    if answer.status != 200:
        raise Broken(f"{path} answered {answer.status}")
    return True
