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
from ..storage.database import rolled_back_unless
from ..storage.ledger import Chain, Link
from .context import Context, UnknownLink


@dataclass(frozen=True)
class Act:
    """One change at one controller, as long as it lasts. Whoever is handed one may read, write and record events.

    `now` (UTC) is the one moment at which all of it happens. `chain` takes the events, which are stored at the end.
    """

    ctx: Context
    connection: Connection
    now: datetime
    chain: Chain

    @property
    def controller(self) -> str:
        """The id of the controller."""
        return self.chain.controller

    @contextmanager
    def rolled_back(self) -> Iterator[None]:
        """Do the work of a block in a savepoint and roll it back: no answer is faster because there was less to store.

        Else the time of an answer would tell which addresses are known (a timing attack).
        """
        with rolled_back_unless(self.connection, is_kept=False), self.chain.rolled_back():
            yield


@contextmanager
def open_act(ctx: Context, controller: str | Link) -> Iterator[Act]:
    """Begin an act at a controller; all that it did is on disk when the block ends, or nothing where it raises.

    Args:
        controller: its id, or a link that leads to it.

    Raises:
        UnknownLink: when that leads to nothing.
    """
    with ctx.database.write() as connection:
        if isinstance(controller, str):
            chain: Chain | None = ledger.lock(connection, controller)
        else:
            chain = ledger.lock_behind(connection, controller)
        if chain is None:
            raise UnknownLink
        yield Act(ctx, connection, ctx.clock(), chain)
        chain.store()
