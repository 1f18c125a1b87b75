"""The only way to write the ledger of a controller: a writing transaction, its chain locked, and then the time.

The order is the point. What is read before the chain is locked may have changed by then (a race), and a clock that is
read before it can give a later entry of the ledger an earlier time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..storage import ledger
from ..storage.ledger import Chain, Link
from .context import Context, UnknownLink


@dataclass(frozen=True)
class Act:
    """One change at one controller, as long as it lasts. Whoever is handed one may read, write and record events.

    `now` (UTC) is the one moment at which all of it happens: when the person pressed the button. `stored_at` is when it
    is stored, which is later for what waited in the intake; when mails go is reckoned from that. `chain` takes the
    events, which are stored at the end.
    """

    ctx: Context
    connection: Connection
    now: datetime
    stored_at: datetime
    chain: Chain

    @property
    def controller(self) -> str:
        """The id of the controller."""
        return self.chain.controller


@contextmanager
def open_act(ctx: Context, controller: str | Link) -> Iterator[Act]:
    """Begin an act at a controller; all that it did is on disk when the block ends, or nothing where it raises.

    Args:
        controller: its id, or a link that leads to it.

    Raises:
        UnknownLink: when that leads to nothing.
    """
    with ctx.database.write() as connection, act_within(ctx, connection, controller) as act:
        yield act


@contextmanager
def act_within(ctx: Context, connection: Connection, controller: str | Link) -> Iterator[Act]:
    """An act in a transaction that writes and may hold others: those of several controllers in the order of their ids.

    Else two that hold the chain of one controller each could wait for each other's (a deadlock).

    Raises like `open_act`.
    """
    if isinstance(controller, str):
        chain: Chain | None = ledger.lock(connection, controller)
    else:
        chain = ledger.lock_behind(connection, controller)
    if chain is None:
        raise UnknownLink
    now = ctx.clock()
    yield Act(ctx, connection, now, now, chain)
    chain.store()
