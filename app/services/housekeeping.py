"""What happens by itself as time passes: requests lapse, consents expire, data that nothing needs is erased."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import InternalError, OperationalError

from ..domain.consent import OPEN, RequestStatus, Status, may
from ..domain.evidence import DecidedBy, Kind
from ..logs import without_values
from ..storage import consents, limits, outbox, requests, subjects
from ..storage.requests import RequestKind
from . import coming_of_age, events, intake, lifecycle, renewal
from .act import open_act
from .context import Context

log = logging.getLogger(__name__)

_AT_A_TIME = 200
_ROWS_AT_A_TIME = 2_000
"""That are deleted by one statement: nobody else writes meanwhile, for some 20 ms."""
_KEEP_OUTBOX = timedelta(days=30)


def tidy(ctx: Context, goes_on: Callable[[], bool] = lambda: True) -> bool:
    """Do what is due now, so much as goes in one turn. Several workers may do so at once.

    The next turn begins behind the duty in which this one was ended: however much that is, it keeps none of the others
    from being done. What cannot be done is logged and passed by.

    Args:
        goes_on: asked before each single thing. False ends the turn: the time is up, or the worker has to stop.

    Returns:
        Whether that was all; if not, more is to be done soon.

    Raises:
        OperationalError, InternalError: when the database is away.
    """
    now, begin, is_all = ctx.clock(), ctx.next_duty, True
    for place in (*range(begin, len(_DUTIES)), *range(begin)):
        read, act = _DUTIES[place]
        ctx.next_duty = (place + 1) % len(_DUTIES)  # set first: one that raises is not begun with again either
        due: list[Any] = []
        with _passed_by(act), ctx.database.read() as connection:
            due = read(connection, now, _AT_A_TIME)
        done, is_more = 0, False
        for number, one in enumerate(due):
            if not goes_on():
                ctx.next_duty = ctx.next_duty if number else place
                return False
            with _passed_by(act):
                is_more = act(ctx, one) or is_more
                done += 1
        if act is not _erase:  # some of these stay due while a mail to them waits
            is_all = is_all and done < _AT_A_TIME and not is_more
    ctx.next_duty = 0
    return is_all


@contextmanager
def _passed_by(act: Callable[[Context, Any], object]) -> Iterator[None]:
    """Log what fails, and go on: it must not keep all the rest from being done, turn after turn."""
    try:
        yield
    except (OperationalError, InternalError):
        raise  # nothing else would be done either
    except Exception as error:
        log.error("A duty of the housekeeping failed: %s", act.__name__.strip("_"), exc_info=without_values(error))


def _lapse(ctx: Context, found: tuple[str, str]) -> None:
    controller, request_id = found
    with open_act(ctx, controller) as act:
        request = requests.with_id(act.connection, request_id)
        if request is None or request.status not in OPEN:
            return
        subject = subjects.with_id(act.connection, request.subject_id)
        states = {}
        for purpose, status in request.purposes.items():
            if may(status, Status.LAPSED) and subject is not None:
                states[purpose] = Status.LAPSED
                events.record(act, subject, Kind.LAPSED, request=request, purpose=purpose)
        requests.close(act.connection, request.id, RequestStatus.LAPSED, act.now, states)
        requests.forget_fields(act.connection, request.id)
        if subject is not None and request.kind == RequestKind.ADDRESS:
            subjects.forget_child_email(act.connection, subject.id)
        if subject is not None:
            lifecycle.forget_if_unneeded(act, subject)


def _expire(ctx: Context, found: consents.Consent) -> None:
    with open_act(ctx, found.controller) as act:
        subject = subjects.with_id(act.connection, found.subject_id)
        consent = consents.find(act.connection, found.subject_id, found.form, found.purpose)
        if subject is None or consent is None:
            return
        if consent.ends_at is not None and consent.ends_at <= act.now:  # it may have been given anew meanwhile
            _, known = lifecycle.end(act, subject, [consent], Status.EXPIRED, DecidedBy.NOBODY)
            lifecycle.forget_if_unneeded(act, subject, known)


def _erase(ctx: Context, found: subjects.Subject) -> None:
    _forget(ctx, (found.controller, found.id))


def _forget(ctx: Context, found: tuple[str, str]) -> None:
    controller, subject_id = found
    with open_act(ctx, controller) as act:
        subject = subjects.with_id(act.connection, subject_id)
        consents.forget(act.connection, subject_id, act.now)
        if subject is not None and lifecycle.forget_if_unneeded(act, subject):
            events.record(act, subject, Kind.ERASED)


def _always(_connection: Connection, now: datetime, _most: int) -> list[datetime]:
    return [now]


def _clean(ctx: Context, now: datetime) -> bool:
    """Forget what nothing needs, some of each at a time. Whether there is more."""
    with ctx.database.read() as connection:  # nobody who writes waits while they are looked for
        mails = outbox.ended_before(connection, now - _KEEP_OUTBOX, _ROWS_AT_A_TIME)
    with ctx.database.write() as connection:
        intake.forget_lapsed(ctx, connection, now)
        outbox.repair_due_times(connection, now)
        counts = limits.forget(connection, now, _ROWS_AT_A_TIME)
    if mails:
        with ctx.database.write() as connection:
            outbox.forget(connection, mails)
    is_empty = ctx.database.checkpoint_wal()
    return _ROWS_AT_A_TIME in (len(mails), counts) or not is_empty


_DUTIES: tuple[tuple[Callable[..., list[Any]], Callable[[Context, Any], bool | None]], ...] = (
    (requests.overdue, _lapse),
    (consents.to_expire, _expire),
    (consents.past_proof, _forget),
    (subjects.to_tell, coming_of_age.tell),
    (consents.to_ask_again, renewal.ask),
    (subjects.past_keeping, _erase),
    (_always, _clean),
)
"""What is looked for, in this order, and what is done with each that is found, in a transaction of its own.

Where that answers True there is more of it to do.
"""
