"""When the outbox pauses: faults of the mail server are counted once for all mails, and one mail tries after each."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..storage import outbox, pauses
from ..storage.outbox import OutboxRow
from ..storage.pauses import Pause
from .context import Context

log = logging.getLogger(__name__)

_LONGEST = timedelta(minutes=10)
"""So all mails go soon after the set-up was put right."""
_SEVERAL = 3
"""So many people's mails, refused one after the other with none taken in between, are the server's fault."""


def server_failed(ctx: Context, connection: Connection, row: OutboxRow, problem: str, now: datetime) -> None:
    """The server was at fault while it had this mail: all mails wait, and this one behind those that are due."""
    pause = pauses.lock(connection)
    outbox.later(connection, row, now, problem, attempts=row.attempts)
    if pause.until is not None and pause.until > now and not pause.is_tried_by(row.lease):
        return  # another worker was told the same a moment ago
    _begin(ctx, connection, replace(pause, before_recipient=True), problem, now)


def in_doubt(connection: Connection, row: OutboxRow, due_at: datetime, problem: str, now: datetime) -> None:
    """A mail was refused, perhaps by the server's fault: it waits, and is not given up before another one was taken.

    Only such mails wait, and no others: anybody can type one bad address after another, and would hold up the mails of
    everybody. Where several people's wait with none taken in between, the server is to blame: their tries do not
    count, and each is tried every few minutes until one is taken.
    """
    pause = pauses.lock(connection)
    if not outbox.later(connection, row, due_at, problem, doubt=outbox.IN_DOUBT):
        return
    if outbox.recipients_in_doubt(connection) >= _SEVERAL:
        outbox.blame_the_server(connection)
    pauses.write(connection, replace(_named(pause, row, now), in_doubt=True))


def recipient_was_named(connection: Connection, row: OutboxRow, now: datetime) -> None:
    """The server has answered about a recipient: what kept every mail from coming so far is over."""
    if is_tried_by(connection, row):
        pauses.write(connection, _named(pauses.lock(connection), row, now))


def was_not_tried(connection: Connection, row: OutboxRow, now: datetime) -> None:
    """A claimed mail never came as far as the server: where it was to try the server, another one does."""
    if is_tried_by(connection, row):
        pauses.write(connection, replace(pauses.lock(connection), until=now, probe=""))


def is_tried_by(connection: Connection, row: OutboxRow) -> bool:
    """Whether this mail is the one that tries the server, now that a pause is over."""
    return pauses.read(connection).is_tried_by(row.lease)


def taken(connection: Connection, now: datetime) -> None:
    """The server has taken a mail: it works."""
    if not pauses.read(connection).is_open:
        return
    pause = pauses.lock(connection)
    if pause.in_doubt:
        outbox.settle(connection, now)
    if pause.until is not None:
        log.warning("The mail server takes mails again")
    pauses.write(connection, replace(_ended(pause), in_doubt=False))


def resume(connection: Connection) -> None:
    """Let mails go at once. Those in doubt stay so until the server takes another one."""
    pauses.write(connection, _ended(pauses.lock(connection)))


def _begin(ctx: Context, connection: Connection, pause: Pause, problem: str, now: datetime) -> None:
    first = ctx.settings.MAIL_RETRY.delta
    length = min(first * 2 ** min(pause.failures, 20), max(first, _LONGEST))
    log.warning("Mails could not be sent, and all wait %s: %s", length, problem)
    begun = replace(pause, set_at=now, until=now + length, failures=pause.failures + 1, probe="", problem=problem)
    pauses.write(connection, begun)


def _named(pause: Pause, row: OutboxRow, now: datetime) -> Pause:
    """The pause, after the mail that was to try the server has come as far as its recipient."""
    if not pause.is_tried_by(row.lease):
        return pause
    if pause.before_recipient:
        return _ended(pause)
    return replace(pause, until=now, probe="")  # not that it works, but that another mail may try at once


def _ended(pause: Pause) -> Pause:
    return replace(pause, until=None, failures=0, probe="", before_recipient=False)
