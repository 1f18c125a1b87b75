"""Who said no: hashes of addresses under a key of their own, so that a no is remembered after everything is erased."""

import hmac
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, update

from ..domain.address import mailbox
from .database import insert_unless_there, suppression_key
from .prepared import Prepared
from .schema import Moment, suppressions

OBJECTED = "objected"
NO_MAIL = "no_mail"
INTEREST = "interest"
CHILD = "child"
"""An address that a child said is its own; `since` is when it reaches the age to decide. It outlives a stop: who
forgets the address would take the child for its own parent the next day."""


Digests = tuple[str, str]
"""Of a mailbox, and of the spelling of its address: marks are made under the first, and were under the second."""


@dataclass(frozen=True)
class Suppression:
    """A no that is remembered. `offers` counts how often it was offered to lift it, `offered_at` is the last time."""

    controller: str
    kind: str
    digest: str
    since: datetime
    offers: int
    offered_at: datetime | None


_SAME = (
    suppressions.c.controller == bindparam("controller"),
    suppressions.c.kind == bindparam("kind"),
    suppressions.c.digest == bindparam("digest"),
)
_SELECT = select(*(suppressions.c[field.name] for field in fields(Suppression)))
_FIND = Prepared(_SELECT.where(*_SAME))
_NO_MAILS = (
    suppressions.c.controller == bindparam("controller"),
    suppressions.c.kind == NO_MAIL,
    suppressions.c.digest.in_([bindparam("of_mailbox"), bindparam("of_key")]),
)
_FIND_NO_MAIL = Prepared(_SELECT.where(*_NO_MAILS).order_by(suppressions.c.since.desc()).limit(1))
_LIFT_NO_MAIL = Prepared(delete(suppressions).where(*_NO_MAILS))
_DELETE = Prepared(delete(suppressions).where(*_SAME))
_OFFERED = Prepared(
    update(suppressions)
    .where(
        suppressions.c.controller == bindparam("the_controller"),
        suppressions.c.kind == NO_MAIL,
        suppressions.c.digest.in_([bindparam("of_mailbox"), bindparam("of_key")]),
    )
    .values(offers=suppressions.c.offers + 1, offered_at=bindparam("at", type_=Moment))
)


def has(connection: Connection, controller: str, kind: str, email_key: str) -> bool:
    """Whether this address said this no to this controller."""
    return since(connection, controller, kind, email_key) is not None


def since(connection: Connection, controller: str, kind: str, email_key: str) -> datetime | None:
    """When this address said this no to this controller; None: it did not, or took it back."""
    mark = find(connection, controller, kind, digest_of(connection, controller, kind, email_key))
    return mark.since if mark else None


def find(connection: Connection, controller: str, kind: str, digest: str) -> Suppression | None:
    """The mark with this hash, as `digest_of` makes it."""
    row = _FIND.first(connection, controller=controller, kind=kind, digest=digest)
    return None if row is None else Suppression(*row)


def add(connection: Connection, controller: str, kind: str, email_key: str, now: datetime) -> None:
    """Remember a no."""
    digest = digest_of(connection, controller, kind, email_key)
    mark = Suppression(controller, kind, digest, since=now, offers=0, offered_at=None)
    insert_unless_there(connection, suppressions, **vars(mark))


def is_childs(connection: Connection, controller: str, email_key: str, now: datetime) -> bool:
    """Whether a child still below the age said that the mailbox of this address is its own, even if it has stopped."""
    until = since(connection, controller, CHILD, mailbox(email_key))
    return until is not None and until > now


def lift(connection: Connection, controller: str, kind: str, email_key: str) -> None:
    """Forget a no, because the person said otherwise."""
    _DELETE.run(connection, controller=controller, kind=kind, digest=digest_of(connection, controller, kind, email_key))


def no_mail_digests(connection: Connection, controller: str, email_key: str) -> Digests:
    """The hashes under which "never mail me again" may be remembered of an address: of its mailbox, and of itself."""
    of_key = digest_of(connection, controller, NO_MAIL, email_key)
    box = mailbox(email_key)
    return of_key if box == email_key else digest_of(connection, controller, NO_MAIL, box), of_key


def no_mail(connection: Connection, controller: str, digests: Digests) -> Suppression | None:
    """The newest mark "never mail me again" with one of these hashes."""
    row = _FIND_NO_MAIL.first(connection, controller=controller, of_mailbox=digests[0], of_key=digests[1])
    return None if row is None else Suppression(*row)


def wants_no_mail(connection: Connection, controller: str, email_key: str) -> bool:
    """Whether who reads at this address said "never mail me again" to this controller, in whatever spelling."""
    return no_mail(connection, controller, no_mail_digests(connection, controller, email_key)) is not None


def add_no_mail(connection: Connection, controller: str, email_key: str, now: datetime) -> None:
    """Remember that: it is said of the mailbox, or else a stranger gets round it with another spelling."""
    add(connection, controller, NO_MAIL, mailbox(email_key), now)


def lift_no_mail(connection: Connection, controller: str, digests: Digests) -> None:
    """Forget it, under both hashes."""
    _LIFT_NO_MAIL.run(connection, controller=controller, of_mailbox=digests[0], of_key=digests[1])


def offered(connection: Connection, controller: str, digests: Digests, now: datetime) -> None:
    """Note that it was offered to lift it."""
    _OFFERED.run(connection, the_controller=controller, of_mailbox=digests[0], of_key=digests[1], at=now)


def count(connection: Connection, kind: str) -> dict[str, int]:
    """How many addresses said this no, by controller."""
    rows = connection.execute(
        select(suppressions.c.controller, func.count())
        .where(suppressions.c.kind == kind)
        .group_by(suppressions.c.controller)
        .order_by(suppressions.c.controller)
    )
    return {row[0]: row[1] for row in rows}


def digest_of(connection: Connection, controller: str, kind: str, email_key: str) -> str:
    """The keyed hash under which an address's no is remembered."""
    text = f"{kind}\n{controller}\n{email_key}".encode()
    return hmac.digest(suppression_key(connection), text, "sha256").hex()
