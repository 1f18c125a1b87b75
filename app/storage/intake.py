"""What was sent and waits: one row each, deleted in the transaction that stores what comes of it, so exactly once."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, delete, insert, select, update

from ..domain.address import mailbox
from .database import suppression_key
from .prepared import Prepared
from .schema import intake

MOST = 20
"""Rows that are taken in one transaction: nobody else writes to SQLite meanwhile."""

_IDS = [f"id_{number}" for number in range(MOST)]


@dataclass(frozen=True)
class IntakeRow:
    """What somebody sent at that moment. `kind` says what it is, `payload` is how that reads and writes it."""

    id: int
    controller: str
    kind: str
    at: datetime
    payload: str
    tries: int


@dataclass(frozen=True)
class SetAside:
    """What an operator is told of a row that could not be taken: nothing of the person."""

    id: int
    controller: str
    kind: str
    at: datetime
    set_aside_at: datetime
    problem: str


_INSERT = Prepared(insert(intake))
_SELECT = select(*(intake.c[field.name] for field in fields(IntakeRow))).order_by(intake.c.id)
_WAITS = intake.c.set_aside_at.is_(None)
_LONGEST_WAITING = Prepared(
    select(intake.c.controller, intake.c.id).where(_WAITS).order_by(intake.c.id).limit(bindparam("most", type_=Integer))
)
_OF_CONTROLLER = Prepared(
    _SELECT.where(
        _WAITS, intake.c.controller == bindparam("controller"), intake.c.id <= bindparam("last", type_=Integer)
    ).limit(MOST)
)
_SAID_BY = intake.c.digest.in_([bindparam("digest"), bindparam("of_child")])
_OF_PERSON = Prepared(_SELECT.where(_SAID_BY, _WAITS, intake.c.controller == bindparam("controller")))
_WHERE_FROM = Prepared(select(intake.c.controller).distinct().where(intake.c.digest == bindparam("digest"), _WAITS))
_DELETE = Prepared(delete(intake).where(intake.c.id.in_([bindparam(name, type_=Integer) for name in _IDS])))
_FAILED = Prepared(update(intake).where(intake.c.id == bindparam("the_id")))
_ERASE_SET_ASIDE = Prepared(
    delete(intake).where(
        intake.c.digest == bindparam("digest"),
        intake.c.controller == bindparam("controller"),
        intake.c.set_aside_at.is_not(None),
    )
)
_OLDEST = Prepared(select(intake.c.at).where(_WAITS).order_by(intake.c.id).limit(1))


def add(connection: Connection, *, controller: str, kind: str, email_key: str, at: datetime, payload: str) -> None:
    """Accept what was sent at that moment. Nothing is read of the address."""
    digest = _digest(connection, email_key)
    _INSERT.run(connection, controller=controller, kind=kind, digest=digest, at=at, payload=payload)


def next_batch(connection: Connection) -> list[tuple[str, int]]:
    """Controller and id of the rows that wait longest, in the order of controllers and then of coming in."""
    return sorted(_LONGEST_WAITING.rows(connection, most=MOST))


def of_controller(connection: Connection, controller: str, last: int) -> list[IntakeRow]:
    """The rows of a controller up to this id, oldest first. Whoever takes them has locked its chain, as all do."""
    return [IntakeRow(*row) for row in _OF_CONTROLLER.rows(connection, controller=controller, last=last)]


def of_person(connection: Connection, controller: str, email_key: str, childs_key: str = "") -> list[IntakeRow]:
    """The rows of a mailbox, or of that and a child's own, oldest first. The chain is locked as above."""
    values = {"digest": _digest(connection, email_key), "of_child": _digest(connection, childs_key)}
    return [IntakeRow(*row) for row in _OF_PERSON.rows(connection, controller=controller, **values)]


def controllers_with(connection: Connection, email_key: str) -> list[str]:
    """The controllers at which something waits of a mailbox."""
    return [controller for (controller,) in _WHERE_FROM.rows(connection, digest=_digest(connection, email_key))]


def delete_rows(connection: Connection, rows: Sequence[IntakeRow | SetAside]) -> None:
    """Delete rows: what came of them stands in this same transaction."""
    for start in range(0, len(rows), MOST):
        ids = [row.id for row in rows[start : start + MOST]]
        _DELETE.run(connection, **dict(zip(_IDS, (*ids, *[0] * (MOST - len(ids))), strict=True)))


def failed(connection: Connection, row: IntakeRow, problem: str, set_aside_at: datetime | None) -> None:
    """Note that a row could not be taken; from then on it is set aside, where that is given."""
    _FAILED.run(connection, the_id=row.id, tries=row.tries + 1, set_aside_at=set_aside_at, problem=problem[:80])


def retry(connection: Connection) -> int:
    """Let what is set aside be tried once more, and return how many rows that are."""
    return connection.execute(update(intake).where(~_WAITS).values(set_aside_at=None)).rowcount


def set_aside(connection: Connection, most: int | None = None) -> list[SetAside]:
    """The rows that are set aside, oldest first, at most so many."""
    query = select(*(intake.c[field.name] for field in fields(SetAside))).where(~_WAITS).order_by(intake.c.id)
    return [SetAside(*row) for row in connection.execute(query.limit(most))]


def any_set_aside(connection: Connection) -> bool:
    """Whether a row is set aside."""
    return bool(set_aside(connection, 1))


def waiting_since(connection: Connection) -> datetime | None:
    """When the row was sent that waits longest to be taken."""
    oldest: datetime | None = _OLDEST.value(connection)
    return oldest


def erase_set_aside(connection: Connection, controller: str, email_key: str) -> None:
    """Delete what is set aside of somebody who is erased."""
    _ERASE_SET_ASIDE.run(connection, controller=controller, digest=_digest(connection, email_key))


def _digest(connection: Connection, email_key: str) -> str:
    """The keyed hash by which the rows of a mailbox are found: no address stands in an index."""
    return hmac.digest(suppression_key(connection), f"intake\n{mailbox(email_key)}".encode(), "sha256").hex()
