"""Group commit: on SQLite the transactions of several threads share one commit, each in a savepoint of its own.

SQLite has one writer, and a commit waits for the disk. So the threads of a process write one after another within one
transaction, and whoever finds nobody waiting commits it for all: they wait for the disk once, together.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from .prepared import forget_reads, run_on_driver

_LEFT = 1.0
"""Seconds after which somebody looks whether the thread that was to end a group has given up."""


@dataclass
class _Group:
    """A transaction that is shared. Once `ended` is set, either all of it is on disk or nothing (see `is_stored`)."""

    connection: Connection
    members: int = 0
    problem: SQLAlchemyError | None = None
    is_stored: bool = False
    ended: threading.Event = field(default_factory=threading.Event)


class GroupCommit:
    """The writing transactions of one process. Each thread waits for the end of its group, so groups stay small.

    `begin` begins a transaction that writes; `patience` is how many seconds a thread waits for its turn.
    """

    def __init__(self, engine: Engine, begin: Callable[[Connection], None], patience: float) -> None:
        self._engine = engine.execution_options(writes=True)
        self._begin_on = begin
        self._patience = patience
        self._turn = threading.Lock()
        self._count = threading.Lock()
        self._waiting = 0
        self._open: _Group | None = None
        self._connection: Connection | None = None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes; it is on disk when the block has ended without an exception.

        Raises:
            OperationalError: when the turn did not come in time, or the group could not be committed.
        """
        self._wait_for_turn()
        try:
            group = self._open = self._open or self._begin()
            try:
                with _member_of(group):
                    yield group.connection
            finally:
                self._end_unless_handed_on(group)
        finally:
            self._turn.release()
        while not group.ended.wait(_LEFT):
            self._end_if_left(group)
        if not group.is_stored:
            problem = group.problem or InterruptedError()
            raise OperationalError("COMMIT", None, getattr(problem, "orig", problem), hide_parameters=True)

    def _wait_for_turn(self) -> None:
        with self._count:
            self._waiting += 1
        try:
            if not self._turn.acquire(timeout=self._patience):
                raise OperationalError("BEGIN IMMEDIATE", None, TimeoutError("another thread writes"))
        finally:
            with self._count:
                self._waiting -= 1

    def close_unused(self) -> None:
        """Close the connection that writes, unless somebody does: SQLite would crash under a thread that is at it."""
        if self._turn.acquire(timeout=self._patience):
            try:
                if self._open is None:
                    self.close()
            finally:
                self._turn.release()

    def close(self) -> None:
        """Close the connection that writes; the next who writes opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            if not connection.invalidated:
                connection.detach()  # or else it would go back to the pool
            connection.close()

    def _begin(self) -> _Group:
        # Kept open between groups: to take one from the pool and give it back costs what four statements do. To
        # SQLAlchemy all groups are one transaction that never ends: to begin and end each takes a tenth of a million
        # instructions.
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.begin()
        try:
            self._begin_on(self._connection)
        except BaseException:
            self.close()
            raise
        return _Group(self._connection)

    def _end_unless_handed_on(self, group: _Group) -> None:
        """End a group, unless there is something to commit and the next thread that gets the turn will do it."""
        with self._count:
            is_handed_on = bool(self._waiting) and bool(group.members) and group.problem is None
        if not is_handed_on:
            self._end(group)

    def _end_if_left(self, group: _Group) -> None:
        if self._turn.acquire(blocking=False):
            try:
                if self._open is group:
                    self._end(group)
            finally:
                self._turn.release()

    def _end(self, group: _Group) -> None:
        self._open = None
        try:
            if group.members and group.problem is None:
                _require_transaction(group.connection)
                run_on_driver(group.connection, "COMMIT")
                group.is_stored = True
            elif _driver(group.connection).in_transaction:
                run_on_driver(group.connection, "ROLLBACK")
        except SQLAlchemyError as problem:
            group.problem = problem
        finally:
            try:
                if group.problem is not None:
                    self.close()
            finally:
                group.ended.set()


@contextmanager
def _member_of(group: _Group) -> Iterator[None]:
    """Do the work of one member; where it fails, the others lose nothing. The first needs no savepoint."""
    is_first = not group.members
    if not is_first:
        run_on_driver(group.connection, "SAVEPOINT member")
    try:
        yield
        if not is_first:
            run_on_driver(group.connection, "RELEASE member")
    except BaseException:
        if not is_first:
            _roll_back_member(group)
        raise
    group.members += 1


def _roll_back_member(group: _Group) -> None:
    """Undo what one member did. After some faults SQLite has rolled back everything: a full disk is one."""
    forget_reads(group.connection)
    try:
        run_on_driver(group.connection, "ROLLBACK TO member")
        run_on_driver(group.connection, "RELEASE member")
    except SQLAlchemyError as problem:
        group.problem = problem


def _require_transaction(connection: Connection) -> None:
    """Whoever passes over a fault after which SQLite has rolled back everything would be told that it is stored."""
    if not _driver(connection).in_transaction:
        raise OperationalError("COMMIT", None, InterruptedError("rolled back before"), hide_parameters=True)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
