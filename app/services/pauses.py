"""When the outbox pauses: faults of the mail server are counted once for all mails, and one mail tries after each."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..storage import outbox, pauses
from ..storage.outbox import Row
from ..storage.pauses import Pause
from .kit import Kit

log = logging.getLogger(__name__)

_LONGEST = timedelta(minutes=10)
"""So all mails go soon after the set-up was put right."""
_LONGEST_IN_DOUBT = timedelta(minutes=5)
_SEVERAL = 3
"""So many people's mails, refused one after the other with none taken in between, are the server's fault."""
_MOST_ALARMS = 4
_ALARMS_COUNT_FOR = timedelta(days=1)


def out_of_order(kit: Kit, connection: Connection, row: Row, problem: str, now: datetime) -> None:
    """The server was at fault while it had this mail: all mails wait, and this one behind those that are due."""
    pause = pauses.lock(connection)
    outbox.later(connection, row, now, problem, attempts=row.attempts)
    if pause.until is not None and pause.until > now and not pause.is_tried_by(row.lease):
        return  # another worker was told the same a moment ago
    _begin(kit, connection, replace(pause, before_recipient=True), problem, now, _LONGEST)


def in_doubt(kit: Kit, connection: Connection, row: Row, due_at: datetime, problem: str, now: datetime) -> None:
    """A mail was refused, perhaps by the server's fault: it waits, and all do once several people's mails do.

    Whoever types one bad address after another must not hold up all others' mails: each mail comes here once, then it
    is settled. And each pause that the first try ended was a false alarm, after which it takes twice as many.
    """
    pause = pauses.lock(connection)
    if not outbox.later(connection, row, due_at, problem, doubt=outbox.IN_DOUBT):
        return
    goes_on = pause.is_tried_by(row.lease) and not pause.before_recipient
    if not goes_on:
        pause = _named(pause, row, now)
    alarms = pause.alarms if pause.alarmed_at is not None and now - pause.alarmed_at < _ALARMS_COUNT_FOR else 0
    pause = replace(pause, in_doubt=True, alarms=alarms)
    if goes_on or outbox.recipients_in_doubt(connection) >= _SEVERAL * 2**alarms:
        outbox.blame_the_server(connection, now)
        if goes_on or pause.until is None or pause.until <= now:
            _begin(kit, connection, pause, problem, now, _LONGEST_IN_DOUBT)
            return
    pauses.write(connection, pause)


def recipient_was_named(connection: Connection, row: Row, now: datetime) -> None:
    """The server has answered about a recipient: what kept every mail from coming so far is over."""
    if is_tried_by(connection, row):
        pauses.write(connection, _named(pauses.lock(connection), row, now))


def was_not_tried(connection: Connection, row: Row, now: datetime) -> None:
    """A claimed mail never came as far as the server: where it was to try the server, another one does."""
    if is_tried_by(connection, row):
        pauses.write(connection, replace(pauses.lock(connection), until=now, probe=""))


def is_tried_by(connection: Connection, row: Row) -> bool:
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
    if pause.until is not None and not pause.before_recipient and pause.failures == 1:
        pause = replace(pause, alarms=min(pause.alarms + 1, _MOST_ALARMS), alarmed_at=now)
    pauses.write(connection, replace(_ended(pause), in_doubt=False))


def resume(connection: Connection) -> None:
    """Let mails go at once. Those in doubt stay so until the server takes another one."""
    pauses.write(connection, _ended(pauses.lock(connection)))


def _begin(kit: Kit, connection: Connection, pause: Pause, problem: str, now: datetime, longest: timedelta) -> None:
    first = kit.settings.MAIL_RETRY.delta
    length = min(first * 2 ** min(pause.failures, 20), max(first, longest))
    log.warning("Mails could not be sent, and all wait %s: %s", length, problem)
    begun = replace(pause, set_at=now, until=now + length, failures=pause.failures + 1, probe="", problem=problem)
    pauses.write(connection, begun)


def _named(pause: Pause, row: Row, now: datetime) -> Pause:
    """The pause, after the mail that was to try the server has come as far as its recipient."""
    if not pause.is_tried_by(row.lease):
        return pause
    if pause.before_recipient:
        return _ended(pause)
    return replace(pause, until=now, probe="")  # not that it works, but that another mail may try at once


def _ended(pause: Pause) -> Pause:
    return replace(pause, until=None, failures=0, probe="", before_recipient=False)
