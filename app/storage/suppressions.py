"""Who said no: hashes of addresses under a key of their own, so that a no is remembered after everything is erased."""

import hmac
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from .database import insert_unless_there, suppression_key
from .prepared import Prepared
from .schema import suppressions

OBJECTED = "objected"
NO_MAIL = "no_mail"
INTEREST = "interest"

_SAME = (
    suppressions.c.controller == bindparam("controller"),
    suppressions.c.kind == bindparam("kind"),
    suppressions.c.digest == bindparam("digest"),
)
_FIND = Prepared(select(suppressions.c.since).where(*_SAME))
_DELETE = Prepared(delete(suppressions).where(*_SAME))


def has(connection: Connection, controller: str, kind: str, email_key: str) -> bool:
    """Whether this address said this no to this controller."""
    return _FIND.first(connection, **_same(connection, controller, kind, email_key)) is not None


def add(connection: Connection, controller: str, kind: str, email_key: str, now: datetime) -> None:
    """Remember a no."""
    insert_unless_there(connection, suppressions, **_same(connection, controller, kind, email_key), since=now)


def lift(connection: Connection, controller: str, kind: str, email_key: str) -> None:
    """Forget a no, because the person said otherwise."""
    _DELETE.run(connection, **_same(connection, controller, kind, email_key))


def _same(connection: Connection, controller: str, kind: str, email_key: str) -> dict[str, str]:
    text = f"{kind}\n{controller}\n{email_key}".encode()
    digest = hmac.digest(suppression_key(connection), text, "sha256").hex()
    return {"controller": controller, "kind": kind, "digest": digest}
