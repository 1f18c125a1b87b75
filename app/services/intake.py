"""Taking what was sent: the request of a form, and the links that somebody asked for, are made of rows that wait.

The answer to what is sent never depends on who is known, because nothing of the address is read for it. Everything that
the person does or is told about goes by the moment of sending, the order in the ledger by that of taking.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection
from sqlalchemy.exc import InternalError, OperationalError

from ..domain.intake import NewerRow
from ..domain.values import changed
from ..logs import without_values
from ..storage import intake
from ..storage.database import savepoint
from ..storage.intake import IntakeRow
from ..storage.ledger import Link
from ..storage.schema import written
from ..storage.subjects import Subject
from . import link_request, submission
from .act import Act, act_within, open_act
from .context import Context
from .tokens import subject_of

log = logging.getLogger(__name__)

_TRIES = 2
"""A row that fails so often is set aside: what is at fault is the row, or the release."""

_AT_A_TIME = 200

_TAKERS: Mapping[str, Callable[[Act, str], None]] = {
    submission.FORM: submission.take,
    link_request.LINK_REQUEST: link_request.take,
}


def take(ctx: Context) -> int:
    """Take a batch of what waits longest, in one transaction, and return how many rows that were.

    Raises:
        OperationalError, InternalError: when the database is away; then all of it waits on.
    """
    with ctx.database.read() as connection:
        if intake.waiting_since(connection) is None:
            return 0
    with ctx.database.write() as connection:
        batch = intake.next_batch(connection)
        for controller, own in groupby(batch, key=itemgetter(0)):
            last = max(row_id for _, row_id in own)
            with act_within(ctx, connection, controller) as act:
                _take(act, intake.of_controller(connection, controller, last))
    return len(batch)


def take_all(ctx: Context) -> None:
    """Take all that waits. Raises like `take`."""
    while take(ctx):
        pass


def take_first(act: Act, subject: Subject) -> bool:
    """Take what waits of this person's mailbox, and of a child's own, before the act. Whether there was any."""
    rows = intake.of_person(act.connection, act.controller, subject.email_key, subject.child_email_key)
    _take(act, rows)
    return bool(rows)


@contextmanager
def open_act_on_subject(ctx: Context, kind: str, token: str) -> Iterator[tuple[Act, Subject]]:
    """Begin an act about the data subject whose link this is. What waits of that mailbox is taken first.

    Else it would come after what the person does about it now.

    Raises like `tokens.subject_of`.
    """
    with open_act(ctx, Link(kind, token)) as act:
        subject = subject_of(act.connection, kind, token)
        if take_first(act, subject):
            subject = subject_of(act.connection, kind, token)
        yield act, subject


def take_of(ctx: Context, email_key: str) -> None:
    """Take what waits of a mailbox, at every controller. Raises like `take`."""
    with ctx.database.read() as connection:
        controllers = intake.controllers_with(connection, email_key)
    for controller in controllers:
        with open_act(ctx, controller) as act:
            _take(act, intake.of_person(act.connection, controller, email_key))


def retry(ctx: Context) -> int:
    """Let all that is set aside be tried once more, and return how many rows that are."""
    with ctx.database.write() as connection:
        return intake.retry(connection)


def forget_lapsed(ctx: Context, connection: Connection, now: datetime) -> None:
    """Delete what was set aside and could be confirmed no more, like a request that lapses."""
    found = intake.set_aside(connection, _AT_A_TIME)
    intake.delete_rows(connection, [row for row in found if _is_lapsed(ctx, row.at, now)])


def set_aside(ctx: Context) -> int:
    """How many rows could not be taken."""
    with ctx.database.read() as connection:
        return len(intake.set_aside(connection))


def _take(act: Act, rows: Sequence[IntakeRow]) -> None:
    """Take rows in one savepoint; where one of them fails, each in its own, so that it stops no other."""
    lapsed = [row for row in rows if _is_lapsed(act.ctx, row.at, act.stored_at)]
    for row in lapsed:
        log.warning("What was sent at %s to %s was not taken in time, and lapsed", written(row.at), act.controller)
    intake.delete_rows(act.connection, lapsed)
    waiting = [row for row in rows if row not in lapsed]
    if not waiting:
        return
    try:
        with savepoint(act.connection), act.chain.attempt():
            for row in waiting:
                _TAKERS[row.kind](changed(act, now=min(row.at, act.stored_at)), row.payload)
            intake.delete_rows(act.connection, waiting)
    except (OperationalError, InternalError):
        raise  # no row is to blame
    except Exception as error:
        if len(waiting) > 1:
            for row in waiting:
                _take(act, [row])
            return
        (row,) = waiting
        is_over, problem = _fate(row, error)
        what = "is set aside" if is_over else "is tried again"
        told = (act.controller, what, problem)
        log.error("What was sent to %s could not be taken and %s: %s", *told, exc_info=without_values(error))
        intake.failed(act.connection, row, problem, act.stored_at if is_over else None)


def _is_lapsed(ctx: Context, sent_at: datetime, now: datetime) -> bool:
    return ctx.settings.CONFIRM_WITHIN.after(sent_at) <= now


def _fate(row: IntakeRow, error: Exception) -> tuple[bool, str]:
    """Whether a row is set aside now, and a word for why: nothing of what was sent."""
    if isinstance(error, NewerRow):
        return True, f"newer release: {error}"
    return row.tries + 1 >= _TRIES, type(error).__name__
