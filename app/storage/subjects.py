"""Data subjects: the one table whose rows can be erased, with the address, the salt and the lasting links in it."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from .database import undone
from .schema import subjects

TOKEN_BYTES = 24
"""192 random bits make 32 characters of URL-safe base64, with no spare bits and no padding."""
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
"""What such a token looks like. Anything else is not asked of the database: PostgreSQL takes no NUL in a text."""


@dataclass(frozen=True)
class Subject:
    """A data subject at one controller."""

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


def add(connection: Connection, controller: str, email: str, email_key: str, language: str, now: datetime) -> Subject:
    """Add a data subject with links of its own."""
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
    )
    connection.execute(insert(subjects).values(**vars(subject)))
    return subject


def nobody(connection: Connection, controller: str, language: str, now: datetime) -> Subject:
    """A data subject that nobody is and that is not stored: it takes the work that a new one would."""
    with undone(connection):
        return add(connection, controller, "", secrets.token_hex(16), language, now)


def with_id(connection: Connection, subject_id: str) -> Subject | None:
    """The data subject with this id, unless it was erased."""
    row = connection.execute(select(subjects).where(subjects.c.id == subject_id)).one_or_none()
    return None if row is None else Subject(**row._mapping)


def with_email(connection: Connection, controller: str, email_key: str) -> Subject | None:
    """The data subject with this address at a controller."""
    row = connection.execute(
        select(subjects).where(subjects.c.controller == controller, subjects.c.email_key == email_key)
    ).one_or_none()
    return None if row is None else Subject(**row._mapping)


def everywhere(connection: Connection, email_key: str) -> list[Subject]:
    """The data subjects with this address, at every controller."""
    rows = connection.execute(select(subjects).where(subjects.c.email_key == email_key).order_by(subjects.c.controller))
    return [Subject(**row._mapping) for row in rows]


def with_token(connection: Connection, kind: str, token: str) -> Subject | None:
    """The data subject whose lasting link this is. `kind` is withdraw, object or stop."""
    if TOKEN.fullmatch(token) is None:
        return None
    column = subjects.c[f"{kind}_token"]
    row = connection.execute(select(subjects).where(column == token)).one_or_none()
    return None if row is None else Subject(**row._mapping)


def keep_until(connection: Connection, subject_id: str, moment: datetime | None) -> None:
    """Keep a data subject until then, even where no request or consent needs it; None: as long as one does."""
    connection.execute(update(subjects).where(subjects.c.id == subject_id).values(kept_until=moment))


def past_keeping(connection: Connection, now: datetime, most: int) -> list[Subject]:
    """Data subjects whose `kept_until` is past, the longest past first."""
    rows = connection.execute(
        select(subjects).where(subjects.c.kept_until <= now).order_by(subjects.c.kept_until).limit(most)
    )
    return [Subject(**row._mapping) for row in rows]


def erase(connection: Connection, subject_id: str) -> None:
    """Delete the address, the salt and the links of a data subject."""
    connection.execute(delete(subjects).where(subjects.c.id == subject_id))


def _token() -> str:
    """A token for a link that is printed in a mail: some mail programs take a mark at its end for punctuation."""
    while not (token := secrets.token_urlsafe(TOKEN_BYTES))[-1].isalnum():
        pass
    return token
