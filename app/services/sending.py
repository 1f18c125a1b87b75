"""Sending what is in the outbox: a worker takes a mail out here, and says how it went."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from ..delivery.transport import DeliveryFailure, InDoubt, Message, PerhapsSent, PermanentFailure, ServerFailure
from ..domain.evidence import Kind
from ..domain.mail import NewerPayload, UnreadablePayload
from ..logs import without_values
from ..storage import consents, outbox, requests, subjects
from ..storage.outbox import OutboxRow
from . import events, lifecycle, mail_kinds, pauses, telling
from .act import Act, open_act
from .context import Context
from .mail_kinds import CHILD_STOPPED, OBJECTIONS

log = logging.getLogger(__name__)

_LONGEST_PAUSE = timedelta(hours=12)
_GIVE_UP_AFTER = timedelta(days=5)

_FOR_A_NEWER = timedelta(minutes=10)
_NO_NEWER_COMES = timedelta(days=30)

_PERHAPS_SENT = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=36))
"""When a mail is tried again that was lost after its last dot. Most of these were taken, so each may be a double."""


@dataclass(frozen=True)
class Outgoing:
    """A mail that this worker has claimed."""

    row: OutboxRow
    recipient: str
    message: Message


def next_mail(ctx: Context, claimed: OutboxRow | None = None) -> Outgoing | None:
    """Write the mail that was claimed, or else claim the next one that is due. None when there is nothing to send."""
    # What writes mails takes memory, and is of no use to the processes that only put them in the outbox.
    from ..delivery import mails

    while True:
        row, claimed = claimed or _claim(ctx), None
        if row is None:
            return None
        now = ctx.clock()
        try:
            with ctx.database.read() as connection:
                context = mail_kinds.build(ctx, connection, row)
            if context is not None:
                message = mails.compose(context, ctx.settings.MAIL_DEFAULT_SENDER, _host(ctx), now)
                return Outgoing(row, context.recipient, message)
        except SQLAlchemyError:
            raise  # the mail is not to blame: its lease runs out, and then it is written again
        except NewerPayload as newer:
            _leave_to_newer(ctx, row, newer)
            continue
        except Exception as error:
            is_ours = isinstance(error, UnreadablePayload)
            why = str(error) if is_ours else type(error).__name__
            trace = None if is_ours else without_values(error)
            log.error("A mail of the kind %s could not be written: %s", row.kind, why, exc_info=trace)
            with ctx.database.write() as connection:
                pauses.was_not_tried(connection, row, now)
            failed(ctx, row, PermanentFailure(f"not written: {why}"))
            continue
        _drop(ctx, row)


def _leave_to_newer(ctx: Context, row: OutboxRow, newer: NewerPayload) -> None:
    """Put back a mail that only a newer release can read: it is no dead letter, and waits until one runs here.

    After 30 days it is one: as long as it waits, the address that it goes to is kept.
    """
    if ctx.clock() >= row.created_at + _NO_NEWER_COMES:
        failed(ctx, row, PermanentFailure(f"newer release: {newer}"[:80]))
        return
    log.warning("A mail of the kind %s is of a newer release (%s) and waits %s", row.kind, newer, _FOR_A_NEWER)
    with ctx.database.write() as connection:
        now = ctx.clock()
        pauses.was_not_tried(connection, row, now)
        outbox.later(connection, row, now + _FOR_A_NEWER, f"newer release: {newer}"[:80], attempts=row.attempts)


def _drop(ctx: Context, row: OutboxRow) -> None:
    """Send nothing, because there is nothing to say any more. A request that still waits has no link then, and goes."""
    with open_act(ctx, row.controller) as act:
        pauses.was_not_tried(act.connection, row, act.now)
        if outbox.done(act.connection, row, "dropped", act.now) and row.request_id and not row.perhaps:
            lifecycle.forget_unmailed(act, row.request_id)


def _claim(ctx: Context) -> OutboxRow | None:
    with ctx.database.write() as connection:  # on SQLite it may have waited, and a lease is counted from its claim
        return outbox.claim(connection, ctx.clock())


def _claim_next(connection: Connection, now: datetime) -> OutboxRow | None:
    """Claim in the transaction that records how another mail went, unless the outbox pauses (see `outbox.claim`)."""
    return outbox.claim(connection, now, holds_a_mail=True)


def sent(ctx: Context, row: OutboxRow, claim_next: bool = False) -> OutboxRow | None:
    """Record that a mail was handed over, and with `claim_next` claim the next in the same transaction."""
    return _finish(ctx, row, "sent", Kind.MAILED, None, claim_next)


def failed(ctx: Context, row: OutboxRow, problem: DeliveryFailure, claim_next: bool = False) -> OutboxRow | None:
    """Record that a mail was refused for good: a dead letter. `claim_next` is as in `sent`."""
    log.warning("A mail of the kind %s was refused for good: %s", row.kind, problem)
    return _finish(ctx, row, "failed", Kind.MAIL_FAILED, str(problem), claim_next)


def deferred(ctx: Context, row: OutboxRow, problem: DeliveryFailure, claim_next: bool = False) -> OutboxRow | None:
    """Record that a mail could not be handed over now; it is tried again, ever more slowly, for five days.

    Those are five days of its own waiting: the time in which the server took no mail at all does not count.
    `claim_next` is as in `sent`.
    """
    if _waited(ctx, row) >= _GIVE_UP_AFTER:
        return failed(ctx, row, problem, claim_next)
    pause = _pause(ctx, row.attempts)
    log.warning("A mail of the kind %s could not be sent and waits %s: %s", row.kind, pause, problem)
    with ctx.database.write() as connection:
        now = ctx.clock()
        pauses.recipient_was_named(connection, row, now)
        outbox.later(connection, row, now + pause, str(problem)[:80])
        return _claim_next(connection, now) if claim_next else None


def perhaps_sent(ctx: Context, row: OutboxRow, problem: PerhapsSent, claim_next: bool = False) -> OutboxRow | None:
    """Record that it is not known whether a mail was taken; it is tried again much later, and few times.

    `claim_next` is as in `sent`.
    """
    if row.perhaps >= len(_PERHAPS_SENT):
        return failed(ctx, row, problem, claim_next)
    pause = _PERHAPS_SENT[row.perhaps]
    log.warning("A mail of the kind %s was perhaps sent, and is sent again in %s: %s", row.kind, pause, problem)
    with ctx.database.write() as connection:
        now = ctx.clock()
        pauses.recipient_was_named(connection, row, now)
        outbox.later(connection, row, now + pause, str(problem)[:80], perhaps=row.perhaps + 1)
        return _claim_next(connection, now) if claim_next else None


def server_failed(ctx: Context, row: OutboxRow, problem: ServerFailure, claim_next: bool = False) -> OutboxRow | None:
    """Record that no mail can be handed over now: all wait, none is given up. `claim_next` is as in `sent`."""
    with ctx.database.write() as connection:
        now = ctx.clock()
        pauses.server_failed(ctx, connection, row, str(problem)[:80], now)
        return _claim_next(connection, now) if claim_next else None


def in_doubt(ctx: Context, row: OutboxRow, problem: InDoubt, claim_next: bool = False) -> OutboxRow | None:
    """Record a refusal that may be the recipient's or the server's. `claim_next` is as in `sent`.

    The mail waits until the server has taken another one; if it is refused again then, that is its own fault. Where no
    other mail comes it ends after five days of its own waiting: what was the server's fault is counted for none.
    """
    if row.doubt == outbox.SETTLED:
        with ctx.database.read() as connection:
            is_final = problem.is_final and not pauses.is_tried_by(connection, row)
        return (failed if is_final else deferred)(ctx, row, problem, claim_next)
    if _waited(ctx, row) >= _GIVE_UP_AFTER:
        return failed(ctx, row, problem, claim_next)
    pause = _pause(ctx, row.attempts)
    log.warning("A mail of the kind %s was refused, perhaps for now, and waits %s: %s", row.kind, pause, problem)
    with ctx.database.write() as connection:
        now = ctx.clock()
        pauses.in_doubt(connection, row, now + pause, str(problem)[:80], now)
        return _claim_next(connection, now) if claim_next else None


def keep(ctx: Context, row: OutboxRow) -> bool:
    """Keep a claimed mail for one lease more. False when the lease was lost: then nothing is to be recorded of it."""
    with ctx.database.write() as connection:
        return outbox.renew(connection, row, ctx.clock())


def _pause(ctx: Context, attempts: int) -> timedelta:
    """How long a mail waits after so many tries, and one more, that were its own."""
    pause: timedelta = min(ctx.settings.MAIL_RETRY.delta * 2 ** min(attempts, 20), _LONGEST_PAUSE)
    return pause


def _waited(ctx: Context, row: OutboxRow) -> timedelta:
    waited = timedelta()
    for number in range(row.attempts):
        waited += _pause(ctx, number)
    return waited


def _finish(
    ctx: Context, row: OutboxRow, status: str, kind: Kind, problem: str | None, claim_next: bool
) -> OutboxRow | None:
    with open_act(ctx, row.controller) as act:
        if kind is Kind.MAILED:
            pauses.taken(act.connection, act.now)
        else:
            pauses.recipient_was_named(act.connection, row, act.now)
        if row.kind == OBJECTIONS.name and problem is not None:
            telling.put_off(act, row, problem[:80])
        elif outbox.done(act.connection, row, status, act.now, problem and problem[:80]):
            _record(act, row, kind)
        return _claim_next(act.connection, act.now) if claim_next else None


def _record(act: Act, row: OutboxRow, kind: Kind) -> None:
    if row.kind == OBJECTIONS.name:
        telling.told(act, row)
        return
    subject = subjects.with_id(act.connection, row.subject_id)
    if subject is None:
        return  # erased while the mail was under way
    request = requests.with_id(act.connection, row.request_id) if row.request_id else None
    events.record(act, subject, kind, request=request, form=row.form, notice_hash=row.notice_hash)
    if row.kind == CHILD_STOPPED.name and not consents.granted(act.connection, subject.id):
        subjects.forget_child_email(act.connection, subject.id)


def _host(ctx: Context) -> str:
    return urlsplit(ctx.settings.BASE_URL).hostname or ""
