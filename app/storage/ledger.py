"""The append-only chain of consent events, one per controller, written in the transaction of the act it records."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from ..domain.evidence import START, ConsentEvent, chained
from .database import insert_unless_there
from .prepared import Prepared
from .schema import ledger, ledger_heads, written

_LOCK = Prepared(
    select(ledger_heads.c.seq).where(ledger_heads.c.controller == bindparam("controller")).with_for_update()
)
_HEAD = Prepared(
    select(ledger_heads.c.seq, ledger_heads.c.hash).where(ledger_heads.c.controller == bindparam("controller"))
)
_INSERT = Prepared(insert(ledger))
_MOVE_HEAD = Prepared(update(ledger_heads).where(ledger_heads.c.controller == bindparam("the_controller")))


def lock(connection: Connection, controller: str) -> None:
    """Take the chain of a controller for this transaction, so that its acts follow one another.

    `services.act` calls this before an act reads what it decides on: else two acts at one controller could both decide
    on what neither has written yet (a race). On SQLite BEGIN IMMEDIATE has locked the whole database already.
    """
    if _LOCK.first(connection, controller=controller) is None:
        insert_unless_there(connection, ledger_heads, controller=controller, seq=0, hash=START)
        _LOCK.first(connection, controller=controller)


def append(connection: Connection, controller: str, event: ConsentEvent, now: datetime) -> None:
    """Add an event to the chain of a controller. The chain must be locked by this transaction."""
    ((last, previous),) = _HEAD.rows(connection, controller=controller)
    seq, at = last + 1, written(now)
    entry_hash = chained(event, controller, seq, at, previous)
    _INSERT.run(connection, **vars(event), controller=controller, seq=seq, at=at, previous=previous, hash=entry_hash)
    _MOVE_HEAD.run(connection, the_controller=controller, seq=seq, hash=entry_hash)
