"""Data subjects: the one table whose rows can be erased, with the address, the salt and the lasting links in it.

A child is a data subject of its own beside the parent who decides for it: two children of one parent have two rows
with that parent's address, and a parent who agrees to something herself has a third.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, exists, insert, or_, select, update

from ..domain.consent import Status
from ..domain.evidence import DecidedBy
from .database import undone
from .schema import consents, subjects

TOKEN_BYTES = 24
"""192 random bits make 32 characters of URL-safe base64, with no spare bits and no padding."""
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
"""What such a token looks like. Anything else is not asked of the database: PostgreSQL takes no NUL in a text."""


@dataclass(frozen=True)
class Subject:
    """A data subject at one controller.

    `email` is the address of who decides: the person, or a child's parent. A child's row has the first name that the
    child gave, its own address where the parent gave one (used once `child_confirmed`), and the start of the month in
    which it reaches the age of digital consent, as long as that is to be told.
    """

    id: str
    controller: str
    email: str
    email_key: str
    salt: bytes
    withdraw_token: str
    object_token: str
    stop_token: str
    language: str
    created_at: datetime
    kept_until: datetime | None
    child_name: str = ""
    child_key: str = ""
    child_email: str = ""
    child_email_key: str = ""
    child_confirmed: bool = False
    child_withdraw_token: str | None = None
    decides_from: datetime | None = None

    @property
    def is_child(self) -> bool:
        """Whether somebody else decides for this person."""
        return bool(self.child_key)

    @property
    def decided_by(self) -> DecidedBy:
        """Who decides by the links that `email` gets."""
        return DecidedBy.GUARDIAN if self.is_child else DecidedBy.SELF

    def speaks_with(self, email_key: str) -> bool:
        """Whether this address is the person's own, and not that of a parent."""
        return not self.is_child or (self.child_confirmed and self.child_email_key == email_key)

    @property
    def child_token(self) -> str:
        """The child's own link to withdraw. Raises LookupError for somebody who is no child here."""
        if self.child_withdraw_token is None:
            raise LookupError("only a child has a link beside that of its parent")
        return self.child_withdraw_token

    @property
    def mark(self) -> str:
        """What an objection is remembered under: a parent who objects for a child does not object for herself."""
        return f"{self.email_key}\n{self.child_key}" if self.is_child else self.email_key

    @property
    def personal(self) -> dict[str, str]:
        """What the ledger commits to."""
        return {"email": self.email} | ({"child_name": self.child_name} if self.is_child else {})


def add(
    connection: Connection,
    controller: str,
    email: str,
    email_key: str,
    language: str,
    now: datetime,
    child_name: str = "",
    child_key: str = "",
) -> Subject:
    """Add a data subject with links of its own; the last two are for a child, whose parent the address is of."""
    subject = Subject(
        id=secrets.token_hex(16),
        controller=controller,
        email=email,
        email_key=email_key,
        salt=secrets.token_bytes(32),
        withdraw_token=_token(),
        object_token=_token(),
        stop_token=_token(),
        language=language,
        created_at=now,
        kept_until=None,
        child_name=child_name,
        child_key=child_key,
        child_withdraw_token=_token() if child_key else None,
    )
    connection.execute(insert(subjects).values(**vars(subject)))
    return subject


def nobody(connection: Connection, controller: str, language: str, now: datetime) -> Subject:
    """A data subject that nobody is and that is not stored: it takes the work that a new one would."""
    with undone(connection):
        return add(connection, controller, "", secrets.token_hex(16), language, now)


def with_id(connection: Connection, subject_id: str) -> Subject | None:
    """The data subject with this id, unless it was erased."""
    return _one(connection, select(subjects).where(subjects.c.id == subject_id))


def with_email(connection: Connection, controller: str, email_key: str, child_key: str = "") -> Subject | None:
    """The data subject with this address at a controller, or the child of this name for whom the address decides."""
    return _one(
        connection,
        select(subjects).where(
            subjects.c.controller == controller,
            subjects.c.email_key == email_key,
            subjects.c.child_key == child_key,
        ),
    )


def everywhere(connection: Connection, email_key: str) -> list[Subject]:
    """Who this address speaks for, at every controller: its owner, children, and a child whose own address it is."""
    own = and_(subjects.c.child_email_key == email_key, subjects.c.child_confirmed)
    return _all(
        connection,
        select(subjects)
        .where(or_(subjects.c.email_key == email_key, own))
        .order_by(subjects.c.controller, subjects.c.created_at, subjects.c.id),
    )


def children_of(connection: Connection, controller: str, email_key: str) -> list[Subject]:
    """The children for whom this address decides at a controller, who came first first."""
    return _all(
        connection,
        select(subjects)
        .where(subjects.c.controller == controller, subjects.c.email_key == email_key, subjects.c.child_key != "")
        .order_by(subjects.c.created_at, subjects.c.id),
    )


def child_at(connection: Connection, controller: str, email_key: str) -> Subject | None:
    """The child whose own address this is at a controller, and who said so."""
    return _one(
        connection,
        select(subjects)
        .where(subjects.c.controller == controller, subjects.c.child_email_key == email_key, subjects.c.child_confirmed)
        .order_by(subjects.c.created_at, subjects.c.id)
        .limit(1),
    )


def with_token(connection: Connection, kind: str, token: str) -> Subject | None:
    """The data subject whose lasting link this is; `kind` is withdraw, object or stop.

    To withdraw a child can have a link of its own beside its parent's.
    """
    if TOKEN.fullmatch(token) is None:
        return None
    same = subjects.c[f"{kind}_token"] == token
    if kind == "withdraw":
        same = or_(same, subjects.c.child_withdraw_token == token)
    return _one(connection, select(subjects).where(same))


def keep_until(connection: Connection, subject_id: str, moment: datetime | None) -> None:
    """Keep a data subject until then, even where no request or consent needs it; None: as long as one does."""
    connection.execute(update(subjects).where(subjects.c.id == subject_id).values(kept_until=moment))


def past_keeping(connection: Connection, now: datetime, most: int) -> list[Subject]:
    """Data subjects whose `kept_until` is past, the longest past first."""
    return _all(
        connection, select(subjects).where(subjects.c.kept_until <= now).order_by(subjects.c.kept_until).limit(most)
    )


def forget_child_email(connection: Connection, subject_id: str) -> None:
    """Forget a child's own address. The link that was mailed there still tells that all has stopped."""
    connection.execute(
        update(subjects)
        .where(subjects.c.id == subject_id)
        .values(child_email="", child_email_key="", child_confirmed=False)
    )


def set_child_email(connection: Connection, subject_id: str, email: str, email_key: str) -> None:
    """Note the address that a parent gave for a child, which is not used before the child says so.

    Whoever read at another address before loses the link to withdraw.
    """
    connection.execute(
        update(subjects)
        .where(subjects.c.id == subject_id)
        .values(child_email=email, child_email_key=email_key, child_confirmed=False, child_withdraw_token=_token())
    )


def confirm_child_email(connection: Connection, subject_id: str) -> None:
    """Use a child's own address from now on."""
    connection.execute(update(subjects).where(subjects.c.id == subject_id).values(child_confirmed=True))


def set_decides_from(connection: Connection, subject_id: str, moment: datetime | None) -> None:
    """Remember when a child reaches the age to decide; None forgets it."""
    connection.execute(update(subjects).where(subjects.c.id == subject_id).values(decides_from=moment))


def to_tell(connection: Connection, now: datetime, most: int) -> list[Subject]:
    """Children who reach the age to decide this month and were not told yet, where a parent allowed something."""
    runs = exists().where(consents.c.subject == subjects.c.id, consents.c.status == Status.GRANTED)
    return _all(connection, select(subjects).where(subjects.c.decides_from <= now, runs).limit(most))


def erase(connection: Connection, subject_id: str) -> None:
    """Delete the address, the salt and the links of a data subject."""
    connection.execute(delete(subjects).where(subjects.c.id == subject_id))


def _one(connection: Connection, query: Select[Any]) -> Subject | None:
    row = connection.execute(query).one_or_none()
    return None if row is None else Subject(**row._mapping)


def _all(connection: Connection, query: Select[Any]) -> list[Subject]:
    return [Subject(**row._mapping) for row in connection.execute(query)]


def _token() -> str:
    """A token for a link that is printed in a mail: some mail programs take a mark at its end for punctuation."""
    while not (token := secrets.token_urlsafe(TOKEN_BYTES))[-1].isalnum():
        pass
    return token
