"""Sending what is in the outbox: a worker takes a mail out here, and says how it went."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from urllib.parse import urlsplit

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from ..delivery import marks
from ..delivery.mail_context import MailContext
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

    @property
    def domain(self) -> str:
        """The domain that it goes to."""
        return self.recipient.rpartition("@")[2].lower()


def claim(ctx: Context, most: int = 1) -> list[OutboxRow]:
    """Claim the mails that are due longest, at most so many (see `outbox.claim`)."""
    with ctx.database.write() as connection:  # on SQLite it may have waited, and a lease is counted from its claim
        return outbox.claim(connection, ctx.clock(), most)


def written(ctx: Context, rows: Sequence[OutboxRow]) -> list[Outgoing]:
    """Write mails that were claimed together. Where there is nothing to send there is none; then that is recorded.

    What they say is read at once. Who stops or is erased before the last of them goes may get one that was read before,
    as from a mail under way; whoever sends them begins none later than a few seconds after this.
    """
    with ctx.database.read() as connection:
        mail_kinds.read_ahead(connection, rows)
        built = [_built(ctx, connection, row) for row in rows]
    return [mail for row, context in zip(rows, built, strict=True) if (mail := _written(ctx, row, context))]


def _built(ctx: Context, connection: Connection, row: OutboxRow) -> MailContext | Exception | None:
    """What a mail says, or why it cannot be written."""
    try:
        return mail_kinds.build(ctx, connection, row)
    except SQLAlchemyError:
        raise  # no mail is to blame: their leases run out, and then they are written again
    except Exception as error:  # noqa: BLE001 (told and recorded once nothing is read any more)
        return error


def _written(ctx: Context, row: OutboxRow, context: MailContext | Exception | None) -> Outgoing | None:
    # What writes mails takes memory, and is of no use to the processes that only put them in the outbox.
    from ..delivery import mails

    try:
        match context:
            case MailContext():
                message = mails.compose(context, ctx.settings.MAIL_DEFAULT_SENDER, _host(ctx), ctx.clock())
                return Outgoing(row, context.recipient, message)
            case Exception():
                raise context
        _drop(ctx, row)
    except SQLAlchemyError:
        raise
    except NewerPayload as newer:
        _leave_to_newer(ctx, row, newer)
    except Exception as error:
        is_ours = isinstance(error, UnreadablePayload)
        why = str(error) if is_ours else type(error).__name__
        trace = None if is_ours else without_values(error)
        log.error("A mail of the kind %s could not be written: %s", row.kind, why, exc_info=trace)
        with ctx.database.write() as connection:
            pauses.was_not_tried(connection, row, ctx.clock())
        failed(ctx, row, PermanentFailure(f"not written: {why}"))
    return None


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


def sent(ctx: Context, rows: Sequence[OutboxRow], untried: Sequence[OutboxRow] = (), most: int = 0) -> list[OutboxRow]:
    """Record that mails were handed over, give back those of the claim that were not tried, and claim others.

    The mails of one controller are one act. The last of the acts also gives back, and claims at most so many.
    """
    claimed: list[OutboxRow] = []
    of = sorted(rows, key=lambda row: row.controller)
    groups = [(controller, list(own)) for controller, own in groupby(of, key=lambda row: row.controller)]
    for number, (controller, own) in enumerate(groups, 1):
        with open_act(ctx, controller) as act:
            pauses.taken(act.connection, act.now)
            _record_sent(act, outbox.all_sent(act.connection, own, act.now))
            if number == len(groups):
                outbox.give_back(act.connection, untried)
                claimed = outbox.claim(act.connection, act.now, most, holds_a_mail=True) if most else []
    if untried and not groups:
        give_back(ctx, untried)
    return claimed


def record_marked(ctx: Context) -> None:
    """Record what a worker of this machine that was killed had sent (see `delivery.marks`)."""
    try:
        with marks.left(ctx.settings.DATA_DIR) as left:
            if left:
                with ctx.database.read() as connection:
                    rows = outbox.with_leases(connection, left)
                sent(ctx, rows)
                log.warning("It was recorded of %s mails that a killed worker had sent them", len(rows))
    except OSError as error:
        log.warning("What killed workers had sent could not be read: %s", error.strerror)


def give_back(ctx: Context, rows: Sequence[OutboxRow]) -> None:
    """Let others have mails that were claimed together and not tried."""
    with ctx.database.write() as connection:
        pauses.was_not_tried(connection, rows[0], ctx.clock())
        outbox.give_back(connection, rows)


def postpone(ctx: Context, row: OutboxRow, seconds: float) -> None:
    """Give back a mail that was not tried, to be claimed then: the domain that it goes to is slow."""
    with ctx.database.write() as connection:
        now = ctx.clock()
        pauses.was_not_tried(connection, row, now)
        outbox.postpone(connection, row, now + timedelta(seconds=seconds))


def failed(ctx: Context, row: OutboxRow, problem: DeliveryFailure) -> None:
    """Record that a mail was refused for good: a dead letter."""
    log.warning("A mail of the kind %s was refused for good: %s", row.kind, problem)
    with open_act(ctx, row.controller) as act:
        pauses.recipient_was_named(act.connection, row, act.now)
        if row.kind == OBJECTIONS.name:
            telling.put_off(act, row, str(problem)[:80])
        elif outbox.done(act.connection, row, "failed", act.now, str(problem)[:80]):
            _record(act, row, Kind.MAIL_FAILED)


def deferred(ctx: Context, row: OutboxRow, problem: DeliveryFailure) -> None:
    """Record that a mail could not be handed over now; it is tried again, ever more slowly, for five days.

    Those are five days of its own waiting: the time in which the server took no mail at all does not count.
    """
    if _waited(ctx, row) >= _GIVE_UP_AFTER:
        failed(ctx, row, problem)
        return
    pause = _pause(ctx, row.attempts)
    log.warning("A mail of the kind %s could not be sent and waits %s: %s", row.kind, pause, problem)
    with ctx.database.write() as connection:
        now = ctx.clock()
        pauses.recipient_was_named(connection, row, now)
        outbox.later(connection, row, now + pause, str(problem)[:80])


def perhaps_sent(ctx: Context, row: OutboxRow, problem: PerhapsSent) -> None:
    """Record that it is not known whether a mail was taken; it is tried again much later, and few times."""
    if row.perhaps >= len(_PERHAPS_SENT):
        failed(ctx, row, problem)
        return
    pause = _PERHAPS_SENT[row.perhaps]
    log.warning("A mail of the kind %s was perhaps sent, and is sent again in %s: %s", row.kind, pause, problem)
    with ctx.database.write() as connection:
        now = ctx.clock()
        pauses.recipient_was_named(connection, row, now)
        outbox.later(connection, row, now + pause, str(problem)[:80], perhaps=row.perhaps + 1)


def server_failed(ctx: Context, row: OutboxRow, problem: ServerFailure) -> None:
    """Record that no mail can be handed over now: all wait, none is given up."""
    with ctx.database.write() as connection:
        now = ctx.clock()
        pauses.server_failed(ctx, connection, row, str(problem)[:80], now)


def in_doubt(ctx: Context, row: OutboxRow, problem: InDoubt) -> None:
    """Record a refusal that may be the recipient's or the server's.

    The mail waits until the server has taken another one; if it is refused again then, that is its own fault. Where no
    other mail comes it ends after five days of its own waiting: what was the server's fault is counted for none.
    """
    if row.doubt == outbox.SETTLED:
        with ctx.database.read() as connection:
            is_final = problem.is_final and not pauses.is_tried_by(connection, row)
        (failed if is_final else deferred)(ctx, row, problem)
        return
    if _waited(ctx, row) >= _GIVE_UP_AFTER:
        failed(ctx, row, problem)
        return
    pause = _pause(ctx, row.attempts)
    log.warning("A mail of the kind %s was refused, perhaps for now, and waits %s: %s", row.kind, pause, problem)
    with ctx.database.write() as connection:
        now = ctx.clock()
        pauses.in_doubt(connection, row, now + pause, str(problem)[:80], now)


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


def _record_sent(act: Act, rows: Sequence[OutboxRow]) -> None:
    """Record several mails at one controller, with one look-up of all people and one of all requests."""
    subjects.read_ahead(act.connection, (row.subject_id for row in rows))
    requests.read_ahead(act.connection, (row.request_id for row in rows))
    for row in rows:
        _record(act, row, Kind.MAILED)
        if row.kind == OBJECTIONS.name:
            telling.told(act, row)


def _record(act: Act, row: OutboxRow, kind: Kind) -> None:
    """Record how a mail went."""
    subject = subjects.with_id(act.connection, row.subject_id)
    if subject is None:
        return  # erased while the mail was under way
    request = requests.with_id(act.connection, row.request_id) if row.request_id else None
    events.record(act, subject, kind, request=request, form=row.form, notice_hash=row.notice_hash)
    if row.kind == CHILD_STOPPED.name:
        _forget_child(act, row.subject_id)


def _forget_child(act: Act, subject_id: str) -> None:
    """Forget a child's own address, after the last mail that goes there."""
    if not consents.granted(act.connection, subject_id):
        subjects.forget_child_email(act.connection, subject_id)


def _host(ctx: Context) -> str:
    return urlsplit(ctx.settings.BASE_URL).hostname or ""
