"""Commands of the kit as forks of a process that has imported it: for tests of what runs, and not of how it starts."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

# A start of `serve` takes 1.9 s of the processor, and of a fork 1.0: each process of pytest has one to fork from.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "app.cli",
        "app.demo",
        "app.server",
        "app.services.publishing",
        "app.delivery.mails",
        "app.delivery.smtp",
        "alembic.command",
        "sqlalchemy.dialects.postgresql.psycopg",
        "sqlalchemy.dialects.sqlite.pysqlite",
        __name__,
    ]
)


class Fork:
    """A command that runs, to be used like a Popen."""

    def __init__(self, arguments: tuple[str, ...], folder: Path, environment: dict[str, str], output: Path) -> None:
        self._process = _FORKS.Process(target=_run, args=(arguments, folder, environment, output))
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid
        with suppress(ProcessLookupError):  # it has ended already
            while os.getsid(self.pid) != self.pid:  # by its session, tests find all that it starts
                time.sleep(0.001)

    def poll(self) -> int | None:
        """The exit status, or None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired("a fork", timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


def _run(arguments: tuple[str, ...], folder: Path, environment: dict[str, str], output: Path) -> None:
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for source, to in ((os.open(os.devnull, os.O_RDONLY), 0), (os.open(output, os.O_WRONLY | os.O_APPEND), 1)):
        os.dup2(source, to)
    os.dup2(1, 2)
    sys.argv[1:] = arguments
    from app.cli import main

    main()
