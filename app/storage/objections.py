"""Objections: to what, when, and whether the controller's contact has been told of each.

A row names the person by id as long as the person is kept. After that it holds a keyed hash, as a mark in
`suppressions` does, which keeps a repeated objection from being told twice, and on which days that was made and told.
"""

import secrets
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    String,
    and_,
    bindparam,
    func,
    insert,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from .prepared import Prepared
from .schema import Moment, objections


@dataclass(frozen=True)
class Objection:
    """What the contact is told of one objection. `purpose` is empty for one to all direct marketing, and so is `form`.

    `notice_hash` names what tells of it. `reasons` and `phone` are what the person gave with one to an interest.
    """

    subject_id: str
    form: str
    purpose: str
    notice_hash: str
    at: datetime
    reasons: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Telling:
    """A mail to a contact: when it goes, or went, and of how many objections it tells."""

    mail_id: str
    tell_at: datetime
    count: int


def _day_of(moment: Column[datetime]) -> ColumnElement[datetime]:
    """The day of a moment, as the moment at which it began."""
    day = func.substr(type_coerce(moment, String), 1, 10)
    return type_coerce(day.concat("T00:00:00.000000Z"), Moment)


_SELECT = select(*(objections.c[field.name] for field in fields(Objection)))
_INSERT = Prepared(insert(objections))
_LAST = Prepared(
    select(objections.c.at)
    .where(
        objections.c.digest == bindparam("digest"),
        or_(
            objections.c.at >= bindparam("since"),
            and_(objections.c.subject_id == literal(""), objections.c.at >= bindparam("day")),
        ),
    )
    .order_by(objections.c.at.desc())
    .limit(1)
)
_TELLINGS = Prepared(
    select(objections.c.mail_id, func.max(objections.c.tell_at).label("last"), func.count())
    .where(objections.c.controller == bindparam("controller"), objections.c.tell_at > bindparam("since"))
    .group_by(objections.c.mail_id)
    .order_by("last", objections.c.mail_id)
)
_OF_MAIL = Prepared(
    _SELECT.where(objections.c.mail_id == bindparam("mail_id")).order_by(objections.c.at, objections.c.id)
)
_CHANGE_OF_MAIL = Prepared(update(objections).where(objections.c.mail_id == bindparam("the_mail_id")))
_UNTOLD = Prepared(
    select(objections.c.id)
    .where(objections.c.subject_id == bindparam("subject_id"), objections.c.told_at.is_(None))
    .limit(1)
)
_FORGET = Prepared(
    update(objections)
    .where(objections.c.subject_id == bindparam("the_subject_id"))
    .values(
        subject_id="",
        mail_id="",
        reasons="",
        phone="",
        **{name: _day_of(objections.c[name]) for name in ("at", "tell_at", "told_at")},
    )
)


def add(connection: Connection, objection: Objection, *, controller: str, digest: str, telling: Telling) -> None:
    """Keep an objection, with the mail that tells of it. `digest` is its mark (see `suppressions`)."""
    _INSERT.run(
        connection,
        id=secrets.token_hex(16),
        controller=controller,
        digest=digest,
        **vars(objection),
        mail_id=telling.mail_id,
        tell_at=telling.tell_at,
    )


def last(connection: Connection, digest: str, since: datetime) -> datetime | None:
    """When the last objection under this mark was made, if it was then or later; of who was erased, on which day."""
    day = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    found: datetime | None = _LAST.value(connection, digest=digest, since=since, day=day)
    return found


def tellings(connection: Connection, controller: str, since: datetime) -> list[Telling]:
    """The mails to a controller's contact that went after that moment or are to go, in that order."""
    found = _TELLINGS.rows(connection, controller=controller, since=since)
    return [Telling(str(mail_id), last, int(count)) for mail_id, last, count in found]


def of_mail(connection: Connection, mail_id: str) -> list[Objection]:
    """The objections that a mail tells of, the oldest first."""
    return [Objection(*row) for row in _OF_MAIL.rows(connection, mail_id=mail_id)]


def to_interests(connection: Connection, controller: str | None = None) -> list[Objection]:
    """The objections to legitimate interests, at one controller or at all, of who is kept; the oldest first."""
    query = _SELECT.where(objections.c.purpose != "", objections.c.subject_id != "")
    if controller is not None:
        query = query.where(objections.c.controller == controller)
    return [Objection(*row) for row in connection.execute(query.order_by(objections.c.at, objections.c.id))]


def told(connection: Connection, mail_id: str, now: datetime) -> None:
    """Note that the contact was told by this mail."""
    _CHANGE_OF_MAIL.run(connection, the_mail_id=mail_id, told_at=now)


def has_untold(connection: Connection, subject_id: str) -> bool:
    """Whether the contact is still to be told of an objection of this person, and so has to be told the address."""
    return _UNTOLD.first(connection, subject_id=subject_id) is not None


def forget_subject(connection: Connection, subject_id: str) -> None:
    """Take the name of a person who is erased out of the objections, and what leads to an entry of the ledger.

    An entry is of the same microsecond, and the rows of one mail have entries that follow each other; a day has many.
    """
    _FORGET.run(connection, the_subject_id=subject_id)
