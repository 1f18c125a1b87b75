"""The append-only chain of consent events, one per controller, written in the transaction of the act it records."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from ..domain.evidence import START, ConsentEvent, chained
from .database import insert_unless_there
from .prepared import Prepared
from .schema import ledger, ledger_heads, requests, written
from .subjects import TOKEN, whose_link

_HEAD = select(ledger_heads.c.controller, ledger_heads.c.seq, ledger_heads.c.hash).with_for_update()
_LOCK = Prepared(_HEAD.where(ledger_heads.c.controller == bindparam("controller")))
REQUEST = "request"
_OF_REQUEST = select(requests.c.controller).where(requests.c.id == bindparam("token"))
# On PostgreSQL this locks the head alone, and what is read next, by another statement, is as it is behind the lock.
_LOCK_BEHIND = {
    kind: Prepared(_HEAD.where(ledger_heads.c.controller == whose.scalar_subquery()))
    for kind, whose in {**whose_link, REQUEST: _OF_REQUEST}.items()
}


class Link(NamedTuple):
    """What leads to a chain: a lasting link of this kind (withdraw, object or stop), or REQUEST and the id of one."""

    kind: str
    token: str


_INSERT = Prepared(insert(ledger))
_MOVE_HEAD = Prepared(update(ledger_heads).where(ledger_heads.c.controller == bindparam("the_controller")))


def lock(connection: Connection, controller: str) -> "Chain":
    """Take the chain of a controller for this transaction, so that its acts follow one another.

    `services.act` calls this before an act reads what it decides on: else two acts at one controller could both decide
    on what neither has written yet (a race). On SQLite BEGIN IMMEDIATE has locked the whole database already.
    """
    head = _LOCK.first(connection, controller=controller)
    if head is None:
        insert_unless_there(connection, ledger_heads, controller=controller, seq=0, hash=START)
        (head,) = _LOCK.rows(connection, controller=controller)
    return Chain(connection, *head)


def lock_behind(connection: Connection, link: Link) -> "Chain | None":
    """Take the chain of the controller that a link leads to, as `lock` does. None: it leads to nothing."""
    is_one = link.kind == REQUEST or TOKEN.fullmatch(link.token)
    head = _LOCK_BEHIND[link.kind].first(connection, token=link.token) if is_one else None
    return Chain(connection, *head) if head else None


class Chain:
    """The chain of a controller, locked by this transaction. What is appended is stored by `store`, all at once."""

    def __init__(self, connection: Connection, controller: str, seq: int, head: str) -> None:
        self._connection = connection
        self.controller = controller
        self._seq, self._head = seq, head
        self._entries: list[dict[str, Any]] = []
        self._moved = False

    def append(self, event: ConsentEvent, now: datetime) -> None:
        """Add an event."""
        seq, at, previous = self._seq + 1, written(now), self._head
        entry_hash = chained(event, self.controller, seq, at, previous)
        self._entries.append(
            vars(event)
            | {"controller": self.controller, "seq": seq, "at": at, "previous": previous, "hash": entry_hash}
        )
        self._seq, self._head = seq, entry_hash

    def store(self) -> None:
        """Store what was appended, and move the head."""
        self._write()
        if self._moved:
            _MOVE_HEAD.run(self._connection, the_controller=self.controller, seq=self._seq, hash=self._head)
            self._moved = False

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Store what a block appends, and forget it where the block raises: the savepoint around it is rolled back."""
        before = self._seq, self._head, self._moved
        try:
            yield
            self._write()
        except BaseException:
            self._seq, self._head, self._moved = before
            self._entries = []
            raise

    def _write(self) -> None:
        if self._entries:
            _INSERT.run_each(self._connection, self._entries)
            self._entries, self._moved = [], True
