"""What people and the worker do, counted within one process that callgrind runs: `acts.py TIMES`.

The application is called without a server, so that nothing is counted but what the kit and its libraries do. Each act
is done a few times before, which fills caches and compiles statements.
"""

import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

import app.worker
from app.config import Settings
from app.delivery.smtp import SmtpTransport
from app.factory import create_app
from app.services import intake
from app.services.context import Context
from app.worker import Worker
from tests.benchmarks.akkoord import KINDS, Akkoord
from tests.benchmarks.callgrind import Counter

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Do = Callable[[str, int, Callable[[], object]], object]
"""Does something that is so many times what it is named."""


class TickingClock:
    """Goes on a little at each look, from the beginning of a minute: a page that is kept for a minute stays."""

    def __init__(self) -> None:
        self._now = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)

    def __call__(self) -> datetime:
        self._now += timedelta(microseconds=100)
        return self._now


class InProcess:
    """The application, asked without a server."""

    def __init__(self, app: Flask) -> None:
        self.host = app.config["BASE_URL"].partition("//")[2]
        self._app = app

    def html(self, address: str) -> str:
        """The page at an address."""
        return self._app.test_client().get(address, headers={"Host": self.host}).text

    def prepared(self, requests: Sequence[bytes]) -> Callable[[], None]:
        """What sends these requests when it is called."""
        environs = [self._environ(request) for request in requests]

        def send() -> None:
            for environ in environs:
                _, status, _ = run_wsgi_app(self._app, environ, buffered=True)
                assert status == "200 OK", status

        return send

    def send(self, requests: Sequence[bytes]) -> None:
        """Send these requests, uncounted."""
        self.prepared(requests)()

    def _environ(self, request: bytes) -> "WSGIEnvironment":
        head, _, body = request.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        method, path, _ = first.split(" ")
        headers = Headers([(name, value) for name, _, value in (line.partition(": ") for line in lines)])
        from_here = {"REMOTE_ADDR": "127.0.0.1"}
        return EnvironBuilder(path, method=method, headers=headers, data=body, environ_base=from_here).get_environ()


def main(times: int) -> None:
    """Do every act so many times, and a few times before that."""
    settings = Settings.from_environment()
    ctx = Context.open(settings, TickingClock(), prepare=False)
    site = InProcess(create_app(settings, ctx.clock, ctx))
    kit = Akkoord(site, ctx.database, ctx.signing)
    worker = Worker(ctx, SmtpTransport(settings))
    counter = Counter()

    def counted(name: str, number: int, act: Callable[[], object]) -> None:
        gc.collect()
        with counter.counting(name, number):
            act()

    app.worker._QUICK = app.worker._BATCH_LASTS = 3600.0  # callgrind is slow, and batches are to grow as in service
    gc.freeze()
    gc.set_threshold(2_000, 10, 10)  # as a web process has it

    def send(requests: Sequence[bytes]) -> None:
        site.send(requests)
        intake.take_all(ctx)

    kinds = kit.prepare_kinds(send, times)
    worker.work_off()
    _all_acts(kit, site, worker, kit.prepare_kinds(send, 5), lambda _name, _number, act: act())
    counter.begin()
    _all_acts(kit, site, worker, kinds, counted)


def _all_acts(kit: Akkoord, site: InProcess, worker: Worker, kinds: Mapping[str, list[str]], do: Do) -> None:
    number = len(kinds["new"])
    worker.work_off()
    do("form page", 20 * number, site.prepared(kit.form(20 * number)))
    take = partial(intake.take_all, worker.ctx)
    do("submit", number, site.prepared(kit.submit(number)))
    do("taking", number, take)
    do("mail", number, worker.work_off)
    do("confirm", number, site.prepared(kit.confirm(number)))
    do("mail, receipt", number, worker.work_off)
    do("withdraw", number, site.prepared(kit.withdraw(number)))
    for kind in KINDS:
        do(f"submit, {kind}", number, site.prepared(kit.submit_by(kinds[kind])))
        do(f"taking, {kind}", number, take)


if __name__ == "__main__":
    main(int(sys.argv[1]))
