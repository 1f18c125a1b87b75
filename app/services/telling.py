"""Telling the controller's contact who objects, so that it stops outside the kit too (GDPR art. 21(1) to (3)).

Each objection is told at once, within a budget: anybody can make up addresses and object with each of them. Over the
budget objections are gathered, at most for an hour, into one mail that lists them all.
"""

from dataclasses import replace
from datetime import timedelta

from ..domain.evidence import Kind
from ..domain.mail import ObjectionsPayload, UnreadablePayload
from ..storage import objections, outbox, subjects
from ..storage.objections import Objection, Telling
from ..storage.outbox import About, OutboxRow
from ..storage.subjects import Subject
from . import events, mailing
from .act import Act
from .mail_kinds import OBJECTIONS

_AT_ONCE = 5
_WITHIN = timedelta(hours=1)
_MOST = 200
"""Objections in one mail: what records them holds the lock of the ledger for four statements each."""
_AGAIN_AFTER = timedelta(days=1)


def tell(act: Act, subject: Subject, digest: str, objection: Objection) -> None:
    """Keep an objection, and tell the contact of it. `digest` is the hash by which it is remembered."""
    objections.add(
        act.connection,
        objection,
        controller=subject.controller,
        digest=digest,
        telling=_telling(act, objection.notice_hash),
    )


def _telling(act: Act, notice_hash: str) -> Telling:
    """The mail that tells of the next objection: one of its own, or the one that gathers."""
    recent = objections.tellings(act.connection, act.controller, act.now - _WITHIN) if act.ctx.limited else []
    due = act.now
    if len(recent) >= _AT_ONCE:
        # Never later than an hour from now: the clock may have been ahead, and put back since.
        due = min(recent[-_AT_ONCE].tell_at, act.now) + _WITHIN
    if due > act.now:
        last = recent[-1]
        # What a worker has tried may have arrived: told once more under its Message-ID, an addition would be lost.
        if last.tell_at > act.now and last.count < _MOST and outbox.hold(act.connection, last.mail_id):
            return last
    about = About(act.controller, "", notice_hash)  # no person: what it tells of stands in the table of objections
    mail_id = mailing.enqueue(act, OBJECTIONS, ObjectionsPayload(act.now), about, due_at=due)
    return Telling(mail_id, due, 0)


def told(act: Act, row: OutboxRow) -> None:
    """Record that the contact was told."""
    _record(act, row, Kind.MAILED)
    objections.told(act.connection, row.id, act.now)


def put_off(act: Act, row: OutboxRow, problem: str) -> None:
    """Try again a day later what could not be told: the same mail, as often as it takes.

    The ledger says so once for each objection, however often the contact's address fails: after its first try nothing
    is added to a mail.
    """
    try:
        payload = ObjectionsPayload.from_json(row.data)
    except UnreadablePayload:
        payload = ObjectionsPayload(row.created_at)
    data = replace(payload, failed=True).to_json()
    if outbox.later(act.connection, row, act.now + _AGAIN_AFTER, problem, data=data) and not payload.failed:
        _record(act, row, Kind.MAIL_FAILED)


def _record(act: Act, row: OutboxRow, kind: Kind) -> None:
    for objection in objections.of_mail(act.connection, row.id):
        subject = subjects.with_id(act.connection, objection.subject_id)
        if subject is not None:
            events.record(
                act, subject, kind, form=objection.form, purpose=objection.purpose, notice_hash=objection.notice_hash
            )
