"""The append-only chain of consent events, one per controller, written in the transaction of the act it records."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from ..domain.evidence import START, ConsentEvent, chained
from .database import insert_unless_there
from .schema import ledger, ledger_heads, written


def lock(connection: Connection, controller: str) -> None:
    """Take the chain of a controller for this transaction, so that its acts follow one another.

    Every service calls this before it reads what it will decide on: on PostgreSQL two acts for one controller then
    cannot pass each other (on SQLite BEGIN IMMEDIATE has seen to that already).
    """
    head = select(ledger_heads.c.seq).where(ledger_heads.c.controller == controller).with_for_update()
    if connection.execute(head).scalar() is None:
        insert_unless_there(connection, ledger_heads, controller=controller, seq=0, hash=START)
        connection.execute(head)


def append(connection: Connection, controller: str, event: ConsentEvent, now: datetime) -> None:
    """Add an event to the chain of a controller. The chain must be locked by this transaction."""
    head = connection.execute(
        select(ledger_heads.c.seq, ledger_heads.c.hash).where(ledger_heads.c.controller == controller)
    ).one()
    seq, at = head.seq + 1, written(now)
    entry_hash = chained(event, controller, seq, at, head.hash)
    connection.execute(
        insert(ledger).values(
            **asdict(event), controller=controller, seq=seq, at=at, previous=head.hash, hash=entry_hash
        )
    )
    connection.execute(
        update(ledger_heads).where(ledger_heads.c.controller == controller).values(seq=seq, hash=entry_hash)
    )
