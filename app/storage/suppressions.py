"""Who said no: hashes of addresses under a key of their own, so that a no is remembered after everything is erased."""

import hmac
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, delete, select

from .database import insert_unless_there, suppression_key
from .schema import suppressions

OBJECTED = "objected"
NO_MAIL = "no_mail"
INTEREST = "interest"


def has(connection: Connection, controller: str, kind: str, email_key: str) -> bool:
    """Whether this address said this no to this controller."""
    found = select(suppressions.c.since).where(*_same(connection, controller, kind, email_key))
    return connection.execute(found).scalar() is not None


def add(connection: Connection, controller: str, kind: str, email_key: str, now: datetime) -> None:
    """Remember a no."""
    mark = _mark(connection, controller, kind, email_key)
    insert_unless_there(connection, suppressions, controller=controller, kind=kind, digest=mark, since=now)


def lift(connection: Connection, controller: str, kind: str, email_key: str) -> None:
    """Forget a no, because the person said otherwise."""
    connection.execute(delete(suppressions).where(*_same(connection, controller, kind, email_key)))


def _same(connection: Connection, controller: str, kind: str, email_key: str) -> tuple[ColumnElement[bool], ...]:
    return (
        suppressions.c.controller == controller,
        suppressions.c.kind == kind,
        suppressions.c.digest == _mark(connection, controller, kind, email_key),
    )


def _mark(connection: Connection, controller: str, kind: str, email_key: str) -> str:
    text = f"{kind}\n{controller}\n{email_key}".encode()
    return hmac.new(suppression_key(connection), text, sha256).hexdigest()
