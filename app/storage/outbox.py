"""The outbox: a mail is a row in the transaction of its act, and a worker that claims it has it for a minute."""

import json
import secrets
from dataclasses import dataclass, fields
from dataclasses import replace as replace_in
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from .prepared import Prepared
from .schema import outbox, subjects

LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Row:
    """A mail to be sent. It names the person by id, and holds neither an address nor a link."""

    id: str
    kind: str
    controller: str
    form: str
    subject: str
    request: str
    notice: str
    data: dict[str, Any]
    attempts: int
    created_at: datetime
    lease: str


_INSERT = Prepared(insert(outbox))
_DUE = Prepared(
    select(*(outbox.c[field.name] for field in fields(Row)))
    .where(
        outbox.c.status == "queued",
        outbox.c.due_at <= bindparam("now"),
        or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= bindparam("now")),
    )
    .order_by(outbox.c.due_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_SAME = update(outbox).where(outbox.c.id == bindparam("the_id"))
_UPDATE = Prepared(_SAME)
_LEASED = Prepared(_SAME.where(outbox.c.lease == bindparam("the_lease"), outbox.c.status == "queued"))
_UNCLAIMED = Prepared(_SAME.where(outbox.c.lease.is_(None), outbox.c.status == "queued"))
_QUEUED = Prepared(
    select(outbox.c.id).where(outbox.c.subject == bindparam("subject"), outbox.c.status == "queued").limit(1)
)


def add(
    connection: Connection,
    *,
    kind: str,
    controller: str,
    subject: str,
    notice: str,
    now: datetime,
    due_at: datetime | None = None,
    form: str = "",
    request: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Put a mail in the outbox."""
    row = {
        "id": secrets.token_hex(16),
        "kind": kind,
        "controller": controller,
        "form": form,
        "subject": subject,
        "request": request,
        "notice": notice,
        "data": json.dumps(data or {}),
        "status": "queued",
        "created_at": now,
        "due_at": due_at or now,
        "attempts": 0,
    }
    _INSERT.run(connection, **row)


def claim(connection: Connection, now: datetime) -> Row | None:
    """Take the mail that is due longest, for one lease. Nobody else gets it before the lease is over."""
    found = _DUE.first(connection, now=now)
    if found is None:
        return None
    row = Row(*found)
    row = replace_in(row, lease=secrets.token_hex(16), data=json.loads(str(row.data)))
    _UPDATE.run(connection, the_id=row.id, lease=row.lease, lease_until=now + LEASE)
    return row


def done(connection: Connection, row: Row, status: str, now: datetime, problem: str | None = None) -> bool:
    """Close a mail as sent, failed or dropped. False when the lease was lost meanwhile."""
    values = {"status": status, "done_at": now, "problem": problem, "attempts": row.attempts + 1}
    return _LEASED.run(connection, the_id=row.id, the_lease=row.lease, **values) == 1


def later(connection: Connection, row: Row, due_at: datetime, problem: str) -> None:
    """Give a mail back, to be tried again then."""
    values = {"due_at": due_at, "lease": None, "lease_until": None, "attempts": row.attempts + 1, "problem": problem}
    _LEASED.run(connection, the_id=row.id, the_lease=row.lease, **values)


def waiting(
    connection: Connection, controller: str, email_key: str, form: str, kinds: tuple[str, ...], now: datetime
) -> list[tuple[str, str]]:
    """The mails of these kinds that wait for their turn under the limits, as (id, data subject), the next one first."""
    rows = connection.execute(
        select(outbox.c.id, outbox.c.subject)
        .join(subjects, subjects.c.id == outbox.c.subject)
        .where(
            subjects.c.controller == controller,
            subjects.c.email_key == email_key,
            outbox.c.form == form,
            outbox.c.kind.in_(kinds),
            outbox.c.status == "queued",
            outbox.c.attempts == 0,
            outbox.c.due_at > now,
        )
        .order_by(outbox.c.due_at, outbox.c.id)
    )
    return [(row.id, row.subject) for row in rows]


def replace(
    connection: Connection, row_id: str, kind: str, subject: str, request: str, notice: str, data: dict[str, Any]
) -> bool:
    """Let a mail that waits speak of a newer request. False when a worker was quicker: then it speaks of the older."""
    values = {"kind": kind, "subject": subject, "request": request, "notice": notice, "data": json.dumps(data)}
    return _UNCLAIMED.run(connection, the_id=row_id, **values) == 1


def drop(connection: Connection, subject_id: str, kinds: tuple[str, ...] | None, now: datetime) -> None:
    """Send none of the mails of a data subject that are still queued; only these kinds where they are given."""
    query = update(outbox).where(outbox.c.subject == subject_id, outbox.c.status == "queued")
    if kinds is not None:
        query = query.where(outbox.c.kind.in_(kinds))
    connection.execute(query.values(status="dropped", done_at=now))


def has_queued(connection: Connection, subject_id: str) -> bool:
    """Whether a mail to this data subject is still to be sent."""
    return _QUEUED.first(connection, subject=subject_id) is not None


def wake(connection: Connection, now: datetime) -> None:
    """Make due what was promised for far too late under a clock that has been put back since, and shorten its leases.

    Clocks of machines differ a little: what is ahead by less than an hour, or two leases, is left alone. Who holds a
    lease keeps it for one more, so that a mail under way is not sent by another.
    """
    queued = update(outbox).where(outbox.c.status == "queued")
    connection.execute(queued.where(outbox.c.created_at > now + timedelta(hours=1)).values(created_at=now, due_at=now))
    connection.execute(queued.where(outbox.c.lease_until > now + 2 * LEASE).values(lease_until=now + LEASE))


def forget(connection: Connection, before: datetime) -> None:
    """Delete the rows of mails that were sent, failed or dropped before then."""
    connection.execute(delete(outbox).where(outbox.c.status != "queued", outbox.c.done_at < before))
