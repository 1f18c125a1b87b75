"""The production server: gunicorn with the settings of the kit, and the worker beside it as a process of its own."""

import gc
import logging
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from sqlalchemy.exc import SQLAlchemyError

from . import publisher
from .config import Settings
from .connections import WebProcess
from .deaths import end_with_parent
from .factory import create_app
from .logs import without_values
from .services.context import Context
from .storage.outbox import LEASE
from .worker import Worker

log = logging.getLogger(__name__)

_BETWEEN_MAILERS = 3
"""Seconds between the starts of two, however soon the first has ended: it may find no database."""
_LONGEST_HEADER = 65_536
"""Bytes."""


class Server(BaseApplication):
    """Serves the kit until it is told to stop. A setting that cannot be used ends it before it listens.

    `publishing` is the process that puts the definitions into service; what is served waits for its end.
    """

    def __init__(
        self,
        settings: Settings,
        forms: Path,
        publishing: int,
        bind: str,
        workers: int,
        threads: int,
        with_worker: bool,
    ) -> None:
        self._publishing = publishing
        self._settings = settings
        self._forms = forms
        self._options = {
            "bind": bind,
            "worker_class": WebProcess,
            "workers": workers,
            "threads": threads,
            "proc_name": "akkoord",
            "accesslog": None,
            # It would put a socket into the home folder, and a thread into the master, which forks.
            "control_socket_disable": True,
            # A site's cookies come along to the forms beside it; by default gunicorn refuses more than 8 kB of them.
            "limit_request_field_size": _LONGEST_HEADER,
            # The scheme and the root of links are those of the base address. What a request says of them is nothing
            # to refuse it for, and nothing to follow.
            "secure_scheme_headers": {},
            "forwarder_headers": "",
        }
        self.with_worker = with_worker
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)
        logging.getLogger("gunicorn.error").addFilter(_without_addresses)

    def load(self) -> Any:
        try:
            app = create_app(self._settings, ctx=Context.open(self._settings, prepare=False))
        except SQLAlchemyError as error:
            # Gunicorn's own answer to a process that cannot start is to end the whole server. The database may only
            # be away for a while: this process waits a little and ends, and the master starts another.
            log.error("The database did not answer at the start", exc_info=without_values(error))
            time.sleep(1)
            sys.exit(1)
        gc.freeze()
        gc.set_threshold(2_000, 10, 10)
        return app

    def run(self) -> None:
        WebProcess.bounds_networks = not self._settings.TRUSTED_PROXIES
        # What is loaded stays for good. To walk through it for garbage took a fifth of the time of an act.
        gc.collect()
        gc.freeze()
        gc.enable()
        if not publisher.ended_well(self._publishing):
            raise SystemExit(1)
        warn_of_the_place(self._settings, "server")
        _Master(self).run()

    def publish(self) -> bool:
        """Read the definitions again. False when that cannot be done."""
        return publisher.ended_well(publisher.begin(self._settings, self._forms))


def warn_of_the_place(settings: Settings, process: str) -> None:
    """Say where who runs a process, or who else can write into its data folder, puts the data at risk."""
    if os.geteuid() == 0:
        log.warning("The %s runs as root; let it run as a user of its own", process)
    if settings.DATA_DIR.is_dir() and settings.DATA_DIR.stat().st_mode & stat.S_IWOTH:
        log.warning("Everybody can write into the data folder: chmod o-w %s", settings.DATA_DIR)


def _without_addresses(record: logging.LogRecord) -> bool:
    """Keep out of the log who asked, and for which address: links decide things, and are nobody's business."""
    text = str(record.msg)
    if text.startswith("Invalid request"):
        return False
    if text.startswith("Error handling request"):
        record.msg, record.args, record.exc_info = "A request could not be answered", (), None
    return True


class _Master(Arbiter):
    """Gunicorn's master, which also keeps the worker alive and reads the definitions again at SIGHUP."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self._server = server
        self._mailer: subprocess.Popen[bytes] | None = None
        self._mailer_since = float("-inf")

    def manage_workers(self) -> None:
        super().manage_workers()
        ended = self._mailer is None or self._mailer.poll() is not None
        if self._server.with_worker and ended and time.monotonic() - self._mailer_since > _BETWEEN_MAILERS:
            self._mailer_since = time.monotonic()
            command = [sys.executable, "-P", "-m", str(__package__), "worker", "--parent", str(os.getpid())]
            # Ctrl-C reaches every process of a terminal, also one that still imports: it waits until it is heard.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                self._mailer = subprocess.Popen(  # noqa: S603 (our own program)
                    command, env=os.environ | {"PYTHONPATH": _import_path()}
                )
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def stop(self, graceful: bool = True) -> None:
        until = time.monotonic() + LEASE.total_seconds()  # a mail under way takes less
        if self._mailer is not None and self._mailer.poll() is None:
            self._mailer.send_signal(signal.SIGTERM)
        super().stop(graceful)
        if self._mailer is not None:
            try:
                self._mailer.wait(timeout=max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._mailer.kill()

    def reload(self) -> None:
        if self._server.publish():
            super().reload()


def _import_path() -> str:
    """Where the worker finds the package, from whichever folder the server was started."""
    return str(Path(__file__).resolve().parent.parent)


def run_worker(ctx: Context, parent: int | None = None) -> None:
    """Work the outbox until SIGTERM or SIGINT, or until the process `parent` has ended."""
    from .delivery.smtp import SmtpTransport  # of no use to the processes that answer, which this module starts too

    if parent is None:
        warn_of_the_place(ctx.settings, "worker")
    else:
        end_with_parent(parent)
    os.nice(10)  # somebody waits for a page; a mail may come a second later
    if parent is not None and not _is_there(ctx):
        sys.exit(1)  # and the server starts another: this one would go on with a database of its own
    transports = [SmtpTransport(ctx.settings) for _ in range(ctx.settings.MAIL_CONNECTIONS)]
    worker = Worker(ctx, *transports, alive=lambda: parent is None or os.getppid() == parent)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    worker.run()


def _is_there(ctx: Context) -> bool:
    """Whether the database is the one that the server has prepared. SQLite makes an empty one of a missing one."""
    try:
        return ctx.database.ping()
    except SQLAlchemyError as error:
        log.error("The database did not answer at the start", exc_info=without_values(error))
        return False
