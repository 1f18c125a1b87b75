"""The pause of the outbox while the mail server, or the way to it, is at fault: one row that all workers share."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from .database import insert_unless_there
from .prepared import Prepared
from .schema import outbox_pause


@dataclass(frozen=True)
class Pause:
    """What is known of the mail server's faults.

    Until `until` no mail is claimed; None where nothing is paused. `failures` is how many pauses have followed each
    other, `set_at` when the last one began, `probe` the lease of the one mail that tries meanwhile, and
    `before_recipient` whether the fault came before any recipient was named. `in_doubt` is whether mails wait whose
    refusal may be the server's fault.
    """

    set_at: datetime | None = None
    until: datetime | None = None
    failures: int = 0
    probe: str = ""
    before_recipient: bool = False
    in_doubt: bool = False
    problem: str = ""

    @property
    def is_open(self) -> bool:
        """Whether there is a fault that a mail which is taken would end."""
        return self.until is not None or self.in_doubt

    def is_tried_by(self, lease: str) -> bool:
        """Whether the mail with this lease is the one that tries the server, now that the pause is over."""
        return self.until is not None and self.probe == lease


_ID = 1
_NONE = Pause()
_COLUMNS = [outbox_pause.c[field.name] for field in fields(Pause)]
_READ = Prepared(select(*_COLUMNS).where(outbox_pause.c.id == bindparam("the_id")))
_LOCK = Prepared(select(*_COLUMNS).where(outbox_pause.c.id == bindparam("the_id")).with_for_update())
_WRITE = Prepared(update(outbox_pause).where(outbox_pause.c.id == bindparam("the_id")))
_PROBE = Prepared(
    update(outbox_pause).where(
        outbox_pause.c.id == bindparam("the_id"),
        outbox_pause.c.until == bindparam("the_end"),
    )
)


def read(connection: Connection) -> Pause:
    """The pause as it is now."""
    found = _READ.first(connection, the_id=_ID)
    return Pause(*found) if found else _NONE


def lock(connection: Connection) -> Pause:
    """The pause, which nobody else changes before this transaction ends.

    Locked after a ledger, and before any mail: where two transactions lock them in another order each waits for the
    other.
    """
    insert_unless_there(connection, outbox_pause, id=_ID, **asdict(_NONE))
    (found,) = _LOCK.rows(connection, the_id=_ID)
    return Pause(*found)


def write(connection: Connection, pause: Pause) -> None:
    """Change the pause that was locked."""
    _WRITE.run(connection, the_id=_ID, **asdict(pause))


def take_probe(connection: Connection, pause: Pause, lease: str, until: datetime) -> bool:
    """Let one mail try the server now that the pause is over, and all others wait. False when another was quicker."""
    return bool(_PROBE.run(connection, the_id=_ID, the_end=pause.until, until=until, probe=lease))


def repair_due_times(connection: Connection, now: datetime) -> None:
    """End a pause that was set under a clock that has been put back since. Where there is none, nothing is locked."""
    ahead = outbox_pause.c.set_at > now + timedelta(hours=1)
    connection.execute(update(outbox_pause).where(ahead).values(set_at=now, until=now))
