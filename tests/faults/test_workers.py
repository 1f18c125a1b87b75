"""Several workers on one outbox: each mail goes once, and of one that is killed one for each connection goes twice."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.services.context import Context
from app.storage.outbox import LEASE
from app.worker import _CONNECTIONS
from tests import audit
from tests.delivery.sink import until
from tests.factories import send_form
from tests.faults.mail_server import MailServer
from tests.faults.product import COUNTS, FULL
from tests.server.running import SAID_AT_START, Program, forked
from tests.test_worker import settings_of

_MAILS = 400 if FULL else 24


@pytest.fixture
def present(any_ctx: Context) -> Iterator[Context]:
    """A kit whose clock tells the real time, as the workers' do."""
    opened = Context.open(any_ctx.settings)
    yield opened
    opened.database.engine.dispose()


def started(stack: ExitStack, folder: Path, ctx: Context, sink: MailServer, count: int) -> list[Program]:
    settings = settings_of(ctx, sink.port)
    return [stack.enter_context(forked(folder, "worker", log=f"worker{number}", **settings)) for number in range(count)]


def queued(ctx: Context) -> int:
    return len(audit.rows(ctx, "outbox", "status = 'queued'"))


@pytest.mark.parametrize("count", [2, 4] if FULL else [3])
def test_each_mail_goes_once_and_one_for_each_connection_of_a_killed_worker_may_go_twice(
    present: Context, tmp_path: Path, count: int
) -> None:
    # Many domains: after a hundred mails to one of them in ten minutes the rest would wait.
    people = [f"person@domain{number}.test" for number in range(_MAILS)]
    for person in people:
        send_form(present, person, ("keep_cv",))
    with MailServer() as sink, ExitStack() as stack:
        sink.holds = True
        workers = started(stack, tmp_path, present, sink, count)
        held = count * _CONNECTIONS
        until(lambda: len(sink.mails) == held, "every worker waits for an answer on each of its connections")
        workers[0].signal(signal.SIGKILL)
        workers[0].ended()
        COUNTS["kills"] += 1
        sink.holds = False
        until(lambda: queued(present) == _CONNECTIONS, "all mails but those of the killed worker")
        assert len(sink.mails) == _MAILS
        assert set(sink.ids().values()) == {1}
        if not (FULL and count == 4):
            audit.end_leases(present, datetime.now(UTC) + LEASE)
        until(lambda: queued(present) == 0, "those mails too")
        for worker in workers[1:]:
            worker.signal(signal.SIGTERM)
            assert worker.ended() == 0
            assert worker.said == SAID_AT_START
    assert sorted(sink.ids().values()) == [1] * (_MAILS - _CONNECTIONS) + [2] * _CONNECTIONS
    assert {received.recipients[0] for received in sink.mails} == set(people)
    assert len(audit.rows(present, "ledger", "kind = 'mailed'")) == _MAILS
    assert audit.verify(present) == 2 * _MAILS
    COUNTS["doubled mails"] += _CONNECTIONS
