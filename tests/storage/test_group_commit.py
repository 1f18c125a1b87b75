"""Group commit on SQLite: what the threads of a process write at once, and what each of them is told of it."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from app.services.context import Context
from app.storage import group_commit
from app.storage.database import Database, write_meta
from tests import audit

Work = Callable[[Connection], None]


class Threads:
    """Threads that write one after another, in the order in which they were told to."""

    def __init__(self, database: Database) -> None:
        self._write = database.write
        self._grouped = database._grouped
        self._pool = ThreadPoolExecutor(8)
        self.hold = threading.Event()
        self.commits = 0

    def _count(self, statement: str) -> None:
        self.commits += statement == "COMMIT"

    def first(self, work: Work) -> "Future[None]":
        """Have a thread take its turn, and write once `hold` is set."""

        def works(connection: Connection) -> None:
            assert self.hold.wait(20)
            work(connection)

        done = self._pool.submit(self._run, works)
        self._wait_until(self._grouped._turn.locked)
        return done

    def then(self, work: Work) -> "Future[None]":
        """Have a thread wait for its turn behind those before it."""
        waiting = self._grouped._waiting
        done = self._pool.submit(self._run, work)
        self._wait_until(lambda: self._grouped._waiting > waiting)
        return done

    def _run(self, work: Work) -> None:
        with self._write() as connection:
            driver: Any = connection.connection.driver_connection
            driver.set_trace_callback(self._count)
            work(connection)

    def _wait_until(self, has_come: Callable[[], bool]) -> None:
        until = time.monotonic() + 20
        while not has_come():
            assert time.monotonic() < until
            time.sleep(0.001)

    def close(self) -> None:
        self.hold.set()
        self._pool.shutdown()


@pytest.fixture
def threads(ctx: Context) -> Iterator[Threads]:
    with closing(Threads(ctx.database)) as threads:
        yield threads


def notes(name: str) -> Work:
    return lambda connection: write_meta(connection, name, "1")


def breaks_off(connection: Connection) -> None:
    write_meta(connection, "broken", "1")
    raise RuntimeError("a fault in the middle")


def stored(ctx: Context) -> set[str]:
    return {row["name"] for row in audit.rows(ctx, "meta")} - {"key", "suppression_key", "last_published"}


def test_what_threads_write_while_another_has_its_turn_is_committed_once(ctx: Context, threads: Threads) -> None:
    written = [threads.first(notes("a")), *(threads.then(notes(name)) for name in "bcd")]
    threads.hold.set()
    for done in written:
        done.result()

    assert (threads.commits, stored(ctx)) == (1, {"a", "b", "c", "d"})


def test_nobody_is_told_that_it_is_stored_before_the_group_is_committed(ctx: Context, threads: Threads) -> None:
    goes_on = threading.Event()

    def waits(_connection: Connection) -> None:
        assert goes_on.wait(20)

    first = threads.first(notes("a"))
    threads.then(waits)
    threads.hold.set()
    try:
        time.sleep(0.05)
        assert (first.done(), stored(ctx)) == (False, set())
    finally:
        goes_on.set()
    first.result()

    assert stored(ctx) == {"a"}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_block_that_breaks_off_takes_nothing_of_the_others_with_it(
    ctx: Context, threads: Threads, place: int
) -> None:
    works = [notes("a"), notes("b")]
    works.insert(place, breaks_off)
    written = [threads.first(works[0]), *(threads.then(work) for work in works[1:])]
    threads.hold.set()
    with pytest.raises(RuntimeError, match="a fault in the middle"):
        written.pop(place).result()
    for done in written:
        done.result()

    assert stored(ctx) == {"a", "b"}


def test_a_group_that_cannot_be_committed_is_told_to_each_of_its_members(ctx: Context, threads: Threads) -> None:
    def loses_the_transaction(connection: Connection) -> None:
        write_meta(connection, "c", "1")
        connection.exec_driver_sql("ROLLBACK")  # as SQLite does at some faults of a disk

    written = [threads.first(notes("a")), threads.then(notes("b")), threads.then(loses_the_transaction)]
    threads.hold.set()
    for done in written:
        with pytest.raises(SQLAlchemyError):
            done.result()
    assert stored(ctx) == set()

    with ctx.database.write() as connection:
        write_meta(connection, "later", "1")
    assert stored(ctx) == {"later"}


def test_whoever_passes_over_the_loss_of_the_transaction_is_not_told_that_it_is_stored(ctx: Context) -> None:
    def passes_over() -> None:
        with ctx.database.write() as connection:
            write_meta(connection, "a", "1")
            connection.exec_driver_sql("ROLLBACK")  # as SQLite does at some faults of a disk

    with pytest.raises(OperationalError, match="rolled back before"):
        passes_over()

    assert stored(ctx) == set()


def test_whoever_gets_no_turn_in_time_is_told_so_and_leaves_no_group_open(
    ctx: Context, threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads._grouped, "_patience", 0.05)
    monkeypatch.setattr(group_commit, "_LEFT", 0.05)
    first = threads.first(notes("a"))
    second = threads.then(notes("b"))
    with pytest.raises(OperationalError, match="another thread writes"):
        second.result()
    threads.hold.set()
    first.result()

    assert stored(ctx) == {"a"}


def test_a_group_that_was_handed_on_to_a_thread_that_gave_up_is_committed_all_the_same(
    ctx: Context, threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "_LEFT", 0.05)
    first = threads.first(notes("a"))
    threads._grouped._waiting += 1  # somebody who waits when the turn is handed on, and never takes it
    threads.hold.set()
    first.result(20)

    assert (threads.commits, stored(ctx)) == (1, {"a"})
