"""The product as `akkoord serve` runs it, beside a mail server, for tests that break something under it."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from app.config import Settings
from app.services.context import Context
from app.storage.outbox import LEASE
from tests import audit
from tests.delivery.sink import free_port, until
from tests.faults.mail_server import MailServer
from tests.server.running import Program, command_of, enough, forked, get, once_it_answers, session

FULL = os.environ.get("FAULTS") == "full"
"""Whether every fault is tried (`make faults`), and not only as many as continuous integration has time for."""

COUNTS: Counter[str] = Counter()
"""What a run has done and seen, for its last lines."""


class Product:
    """A server with its mail worker and a mail server. What is killed of it is started again as an operator would.

    Use it as a context manager. Settings are given without their prefix. `crashes` is how often something ended
    between a mail and the note that it went.
    """

    def __init__(self, folder: Path, *options: str, **settings: str) -> None:
        self.folder = folder
        self.sink = MailServer()
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.settings = (
            enough(folder, self.port, self.sink.port, SUBMITS_PER_NETWORK="off", MAIL_PLUS_AFTER="1 second") | settings
        )
        self._options = options or ("--workers", "1")
        self._stack = ExitStack()
        self.programs: list[Program] = []
        self.crashes = 0

    def __enter__(self) -> "Product":
        self._stack.enter_context(self.sink)
        try:
            self.start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def start(self) -> None:
        """Start the server."""
        self._run("serve", "--port", str(self.port), *self._options)
        once_it_answers(f"{self.address}/healthz", self.programs[-1])

    def start_worker(self) -> Program:
        """Start a worker of its own beside the server."""
        return self._run("worker")

    def _run(self, *arguments: str) -> Program:
        log = f"log{len(self.programs)}"
        program = self._stack.enter_context(forked(self.folder, *arguments, log=log, **self.settings))
        self.programs.append(program)
        return program

    @property
    def said(self) -> str:
        """All that its programs have printed."""
        return "".join(program.said for program in self.programs)

    @property
    def master(self) -> int:
        """The process that was started last as the server."""
        return next(program.process.pid for program in reversed(self.programs) if program.command == "serve")

    @property
    def mailers(self) -> list[int]:
        """The processes that work the outbox."""
        return [pid for program in self.programs for pid in session(program.process.pid) if _is_worker(pid)]

    @property
    def webs(self) -> list[int]:
        """The processes that answer."""
        return [pid for pid in session(self.master) if pid != self.master and not _is_worker(pid)]

    def kill(self, pid: int) -> None:
        """SIGKILL."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            COUNTS["kills"] += 1

    def kill_mailer(self) -> None:
        """SIGKILL a process that works the outbox. Its server starts another."""
        until(lambda: bool(self.mailers), "a worker")
        pid = self.mailers[0]
        self.kill(pid)
        until(lambda: pid not in self.mailers, "the worker is gone")
        self.crashed(datetime.now(UTC))

    def kill_server(self, and_all: bool = False) -> None:
        """SIGKILL the server, or all of its processes at once; when none of them is left, start it again."""
        leader = self.master
        for pid in session(leader) if and_all else [leader]:
            self.kill(pid)

        def is_gone() -> bool:
            with suppress(OSError):
                get(f"{self.address}/healthz")  # a web process that is asked looks at once for its master
            return session(leader) == []

        until(is_gone, "the processes of a server that was killed are gone")
        if and_all:
            self.crashed(datetime.now(UTC))
        self.start()

    def crashed(self, when: datetime) -> None:
        """Note that a mail may have gone without a note of it; its lease is over in a minute, and in short at once."""
        self.crashes += 1
        if not FULL:
            self.end_leases(when + LEASE)

    def end_leases(self, which: datetime) -> None:
        """Bring about what a minute would: the leases that last until this moment at most are over now."""
        with self.ctx() as ctx:
            audit.end_leases(ctx, which)

    def is_healthy(self) -> bool:
        """Whether it answers, and says that its database does; where no worker runs, something may wait for long."""
        try:
            answer = get(f"{self.address}/healthz")
            return answer.status == 200 or "is not taken" in answer.html
        except OSError:
            return False

    @contextmanager
    def ctx(self) -> Iterator[Context]:
        """The same database for who looks at it from outside."""
        with_prefix = {f"AKKOORD_{name}": value for name, value in self.settings.items()}
        ctx = Context.open(Settings.from_environment(with_prefix), prepare=False)
        try:
            yield ctx
        finally:
            ctx.database.engine.dispose()

    def settle(self, seconds: float = 90) -> None:
        """Wait until all that was sent is taken, and every mail has gone or was given up."""
        with self.ctx() as ctx:
            until(lambda: not audit.rows(ctx, "intake"), "all is taken", seconds)
            until(lambda: not audit.rows(ctx, "outbox", "status = 'queued'"), "every mail has gone", seconds)


def _is_worker(pid: int) -> bool:
    try:
        return " worker " in f"{command_of(pid)} "
    except OSError:
        return False  # it ended meanwhile
