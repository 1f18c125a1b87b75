"""Telling the controller's contact who objects, so that it stops outside the kit too (GDPR art. 21(1) to (3)).

Each objection is told at once, within a budget: anybody can make up addresses and object with each of them. Over the
budget objections are gathered, at most for an hour, into one mail that lists them all.
"""

import json
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..domain.evidence import Kind
from ..storage import objections, outbox, subjects
from ..storage.objections import Telling
from ..storage.outbox import Row
from ..storage.subjects import Subject
from . import events
from .kit import Kit

KIND = "objections"
"""The kind of such a mail. Its row names no person: what it tells of stands in the table of objections."""

_AT_ONCE = 5
_WITHIN = timedelta(hours=1)
_MOST = 200
"""Objections in one mail: what records them holds the lock of the ledger for four statements each."""
_AGAIN_AFTER = timedelta(days=1)

_FAILED = "failed"
"""Stands in the data of a mail once the ledger says that it failed."""


def tell(
    kit: Kit,
    connection: Connection,
    subject: Subject,
    digest: str,
    notice: str,
    now: datetime,
    form: str = "",
    purpose: str = "",
) -> None:
    """Keep an objection, and tell the contact of it. The chain of the controller must be locked.

    `digest` is the mark by which the objection is remembered; without `purpose` it is to all direct marketing.
    """
    objections.add(
        connection,
        controller=subject.controller,
        subject=subject.id,
        digest=digest,
        form=form,
        purpose=purpose,
        notice=notice,
        at=now,
        telling=_telling(kit, connection, subject.controller, notice, now),
    )


def _telling(kit: Kit, connection: Connection, controller: str, notice: str, now: datetime) -> Telling:
    """The mail that tells of the next objection: one of its own, or the one that gathers."""
    recent = objections.tellings(connection, controller, now - _WITHIN) if kit.limited else []
    due = now
    if len(recent) >= _AT_ONCE:
        # Never later than an hour from now: the clock may have been ahead, and put back since.
        due = min(recent[-_AT_ONCE].tell_at, now) + _WITHIN
    if due > now:
        last = recent[-1]
        # What a worker has tried may have arrived: told once more under its Message-ID, an addition would be lost.
        if last.tell_at > now and last.count < _MOST and outbox.hold(connection, last.mail):
            return last
    mail = outbox.add(
        connection,
        kind=KIND,
        controller=controller,
        subject="",
        notice=notice,
        data={"at": now.isoformat()},
        now=now,
        due_at=due,
    )
    return Telling(mail, due, 0)


def told(connection: Connection, row: Row, now: datetime) -> None:
    """Record that the contact was told."""
    _record(connection, row, Kind.MAILED, now)
    objections.told(connection, row.id, now)


def put_off(connection: Connection, row: Row, problem: str, now: datetime) -> None:
    """Try again a day later what could not be told: the same mail, as often as it takes.

    The ledger says so once for each objection, however often the contact's address fails: after its first try nothing
    is added to a mail.
    """
    data = json.dumps(row.data | {_FAILED: True})
    if outbox.later(connection, row, now + _AGAIN_AFTER, problem, data=data) and _FAILED not in row.data:
        _record(connection, row, Kind.MAIL_FAILED, now)


def _record(connection: Connection, row: Row, kind: Kind, now: datetime) -> None:
    for objection in objections.of_mail(connection, row.id):
        subject = subjects.with_id(connection, objection.subject)
        if subject is not None:
            events.record(
                connection,
                subject,
                kind,
                now,
                form=objection.form,
                purpose=objection.purpose,
                notice=objection.notice,
            )
