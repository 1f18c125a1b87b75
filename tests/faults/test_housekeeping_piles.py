"""However much the housekeeping has to do at once, mails and people wait no longer for it."""

import signal
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from app.services.context import Context
from app.storage import schema
from tests.delivery.sink import Sink, until
from tests.factories import send_form, work_off
from tests.server.running import SAID_AT_START, forked
from tests.test_worker import settings_of

_MANY = 20_000
_LONG_AGO = "2020-01-01T00:00:00.000000Z"


@pytest.fixture
def present(ctx: Context) -> Iterator[Context]:
    """A kit whose clock tells the real time, as the worker beside it does."""
    opened = Context.open(ctx.settings)
    yield opened
    opened.database.engine.dispose()


def copied(ctx: Context, table: str, copies: int, **changed: str) -> None:
    """Copy the only row of a table, with SQL for what is `changed`; `n` is the number of the copy in it."""
    columns = {column.name: column.name for column in schema.metadata.tables[table].columns}
    columns |= changed
    with ctx.database.write() as connection:
        connection.exec_driver_sql(
            f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {copies}),"
            f" one AS (SELECT * FROM {table} LIMIT 1)"
            f" INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM one, numbers"
        )


def changed_to(ctx: Context, table: str, **values: str) -> None:
    with ctx.database.write() as connection:
        sets = ", ".join(f"{name} = '{value}'" for name, value in values.items())
        connection.exec_driver_sql(f"UPDATE {table} SET {sets}")


def many_lapse(ctx: Context, people: int = _MANY) -> None:
    """So many people whose request lapses now."""
    send_form(ctx, "sofie@voorbeeld.test", ("keep_cv",))
    work_off(ctx)
    new = {name: f"'{name}' || n" for name in ("id", "email_key", "withdraw_token", "object_token", "stop_token")}
    copied(ctx, "subjects", people, **new, email="'mens' || n || '@voorbeeld.test'")
    copied(ctx, "requests", people, id="'request' || n", subject="'id' || n", fingerprint="NULL")
    copied(ctx, "request_purposes", people, request="'request' || n")
    changed_to(ctx, "requests", expires_at=_LONG_AGO)


def waiting(ctx: Context) -> int:
    with ctx.database.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM requests WHERE status = 'requested'").scalar() or 0)


def delays(ctx: Context, sink: Sink, mails: int) -> list[float]:
    """How long each of so many mails took from the form to the mail server."""
    found = []
    for number in range(mails):
        email, begun = f"an{number}@voorbeeld.test", time.monotonic()
        send_form(ctx, email, ("keep_cv",))
        until(lambda email=email: any(one.recipients == (email,) for one in sink.mails), email)  # type: ignore[misc]
        found.append(time.monotonic() - begun)
        time.sleep(0.3)
    return found


def test_twenty_thousand_requests_that_lapse_at_once_delay_no_mail(present: Context, tmp_path: Path) -> None:
    many_lapse(present)
    with Sink() as sink, forked(tmp_path, "worker", **settings_of(present, sink.port)) as program:
        until(lambda: waiting(present) < _MANY, "the first lapse")
        found = delays(present, sink, 20)
        assert max(found) < 2 + 1, "a worker without mails looks once a second"
        assert waiting(present) > 0
        begun = time.monotonic()
        program.signal(signal.SIGTERM)
        assert program.ended() == 0
        assert time.monotonic() - begun < 2
        assert program.said == SAID_AT_START


def left(ctx: Context) -> int:
    """How many rows of old mails and counts there are."""
    old = (("outbox", "done_at"), ("mail_counts", "at"), ("submit_counts", "until"))
    query = " + ".join(f"(SELECT count(*) FROM {table} WHERE {column} = '{_LONG_AGO}')" for table, column in old)
    with ctx.database.read() as connection:
        return int(connection.exec_driver_sql(f"SELECT {query}").scalar() or 0)


def test_what_ended_long_ago_is_forgotten_bit_by_bit(present: Context, tmp_path: Path) -> None:
    send_form(present, "sofie@voorbeeld.test", ("keep_cv",))
    work_off(present)
    changed_to(present, "outbox", due_at=_LONG_AGO)
    copied(present, "outbox", 3 * _MANY, id="'mail' || n", done_at=f"'{_LONG_AGO}'")
    copied(present, "mail_counts", 3 * _MANY, id="n", at=f"'{_LONG_AGO}'")
    copied(present, "submit_counts", 3 * _MANY, digest="'network' || n", until=f"'{_LONG_AGO}'")
    with Sink() as sink, forked(tmp_path, "worker", **settings_of(present, sink.port)):
        slowest, networks = 0.0, count()

        def act() -> bool:
            nonlocal slowest
            at = time.monotonic()
            send_form(present, "an@voorbeeld.test", ("keep_cv",), network=f"network {next(networks)}")
            slowest = max(slowest, time.monotonic() - at)
            return left(present) == 0

        until(act, "all is forgotten")
        assert slowest < 0.5
