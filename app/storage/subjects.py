"""Data subjects: the one table whose rows can be erased, with the address, the salt and the lasting links in it.

A child is a data subject of its own beside the parent who decides for it: two children of one parent have two rows
with that parent's address, and a parent who agrees to something herself has a third.
"""

import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)

from ..domain.address import Address, mailbox
from ..domain.consent import Status
from ..domain.evidence import DecidedBy, commitment
from ..domain.typed_text import same_name
from ..domain.values import made
from .database import suppression_key
from .prepared import Prepared, ReadAhead
from .schema import consents, objections, subjects

TOKEN_BYTES = 24
"""192 random bits make 32 characters of URL-safe base64, with no spare bits and no padding."""
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
"""What such a token looks like. Anything else is not asked of the database: PostgreSQL takes no NUL in a text."""


@dataclass(frozen=True)
class Subject:
    """A data subject at one controller.

    `email` is the address of who decides: the person, or a child's parent. A child's row has the key by which it is
    known again (see `child_key_of`), its own address where the parent gave one (used once `child_confirmed`) with the
    mailbox it leads to, the start of the month in which it reaches the age of digital consent, as long as that is to
    be told, and the first name that was given for it, as long as something waits or runs.
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
    child_mailbox: str = ""
    child_stop_token: str | None = None

    @property
    def is_child(self) -> bool:
        """Whether somebody else decides for this person."""
        return bool(self.child_key)

    @property
    def decided_by(self) -> DecidedBy:
        """Who decides by the links that `email` gets."""
        return DecidedBy.GUARDIAN if self.is_child else DecidedBy.SELF

    def is_childs_link(self, token: str) -> bool:
        """Whether this is a link of the child itself, and not of its parent."""
        return token in (self.child_withdraw_token, self.child_stop_token)

    def decides_by(self, token: str) -> DecidedBy:
        """Who decides by this link."""
        return DecidedBy.SELF if self.is_childs_link(token) else self.decided_by

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
    def suppression_key(self) -> str:
        """What an objection is remembered under: a parent who objects for a child does not object for herself."""
        return f"{self.email_key}\n{self.child_key}" if self.is_child else self.email_key

    @property
    def personal(self) -> dict[str, str]:
        """What the ledger commits to: what can be read about the person then."""
        return {"email": self.email} | ({"child_name": self.child_name} if self.child_name else {})

    @cached_property
    def commitment(self) -> str:
        """The commitment to what is personal, which stands in each event of an act."""
        return commitment(self.salt, self.personal)


@dataclass(frozen=True)
class NewSubject:
    """A data subject to be stored. A child has the name that it gave, a key made of it, and its parent's address."""

    controller: str
    address: Address
    language: str
    child_name: str = ""
    child_key: str = ""


_NAMES = [field.name for field in fields(Subject)]
COLUMNS = [subjects.c[name] for name in _NAMES]
_SELECT = select(*COLUMNS)
_HAS_ADDRESS = text("child_email_key != ''")  # in the very words of the index, or else it is not used
_HAS_MAILBOX = text("child_mailbox != ''")
_INSERT = Prepared(insert(subjects))
_WITH_ID = Prepared(_SELECT.where(subjects.c.id == bindparam("id")))
read_ahead = ReadAhead(_WITH_ID, _SELECT, "id", subjects.c.id).read
"""Reads several data subjects at once, for `with_id`."""
_WITH_EMAIL = Prepared(
    _SELECT.where(
        subjects.c.controller == bindparam("controller"),
        subjects.c.email_key == bindparam("email_key"),
        subjects.c.child_key == bindparam("child_key"),
    )
)
_NAMESAKES = Prepared(
    _SELECT.where(
        subjects.c.controller == bindparam("controller"),
        subjects.c.email_key == bindparam("email_key"),
        or_(
            subjects.c.child_key == bindparam("child_key"),
            func.substr(subjects.c.child_key, 1, bindparam("length", type_=Integer)) == bindparam("numbered"),
        ),
    ).order_by(subjects.c.created_at, subjects.c.id)
)
_EVERYWHERE = Prepared(
    _SELECT.where(
        or_(
            subjects.c.email_key == bindparam("email_key"),
            and_(_HAS_ADDRESS, subjects.c.child_email_key == bindparam("email_key"), subjects.c.child_confirmed),
        )
    ).order_by(subjects.c.controller, subjects.c.created_at, subjects.c.id)
)
_RUNS = exists().where(consents.c.subject_id == subjects.c.id, consents.c.status == literal(Status.GRANTED.value))
_CHILDREN_OF = Prepared(
    _SELECT.where(
        subjects.c.controller == bindparam("controller"),
        subjects.c.email_key == bindparam("email_key"),
        subjects.c.child_key != "",
    )
    .order_by(case((_RUNS, 0), else_=1), subjects.c.created_at, subjects.c.id)
    .limit(bindparam("most", type_=Integer))
)
_CHILDREN_AT = Prepared(
    _SELECT.where(
        _HAS_ADDRESS,
        subjects.c.controller == bindparam("controller"),
        subjects.c.child_email_key == bindparam("email_key"),
        subjects.c.child_confirmed,
    )
    .order_by(subjects.c.created_at, subjects.c.id)
    .limit(bindparam("most", type_=Integer))
)
_AT = subjects.c.controller == bindparam("controller")
_BELOW_AGE_AT = Prepared(
    _SELECT.where(
        or_(  # the controller in each, or else SQLite reads all that it has
            and_(_HAS_MAILBOX, subjects.c.child_mailbox == bindparam("mailbox"), _AT),
            and_(_HAS_ADDRESS, subjects.c.child_email_key == bindparam("email_key"), _AT),
        ),
        subjects.c.child_confirmed,
        subjects.c.decides_from > bindparam("now"),
    )
    .order_by(subjects.c.created_at, subjects.c.id)
    .limit(1)
)
_IS_LINK = {
    "withdraw": or_(
        subjects.c.withdraw_token == bindparam("token"), subjects.c.child_withdraw_token == bindparam("token")
    ),
    "object": or_(subjects.c.object_token == bindparam("token"), subjects.c.child_withdraw_token == bindparam("token")),
    "stop": or_(
        subjects.c.stop_token == bindparam("token"),
        and_(subjects.c.child_stop_token == bindparam("token"), _HAS_ADDRESS),
    ),
}
_WITH_TOKEN = {kind: Prepared(_SELECT.where(is_link)) for kind, is_link in _IS_LINK.items()}
whose_link = {kind: select(subjects.c.controller).where(is_link) for kind, is_link in _IS_LINK.items()}
"""The controller of the data subject whose lasting link a `token` is, by the kind of link."""
_UPDATE = Prepared(update(subjects).where(subjects.c.id == bindparam("the_subject_id")))
_ERASE = Prepared(delete(subjects).where(subjects.c.id == bindparam("id")))


def add(connection: Connection, new: NewSubject, now: datetime) -> Subject:
    """Add a data subject with links of its own."""
    values = {
        "id": secrets.token_hex(16),
        "controller": new.controller,
        "email": new.address.email,
        "email_key": new.address.key,
        "salt": secrets.token_bytes(32),
        "withdraw_token": _token(),
        "object_token": _token(),
        "stop_token": _token(),
        "language": new.language,
        "created_at": now,
        "kept_until": None,
        "child_name": new.child_name,
        "child_key": new.child_key,
        "child_withdraw_token": _token() if new.child_key else None,
        "child_stop_token": _token() if new.child_key else None,
        "child_email": "",
        "child_email_key": "",
        "child_confirmed": False,
        "child_mailbox": "",
        "decides_from": None,
    }
    subject = made(Subject, values)
    _INSERT.run(connection, **values)
    return subject


def child_key_of(connection: Connection, controller: str, email_key: str, name: str) -> str:
    """The keyed hash by which a child of an address is known again once its name has gone; empty without a name.

    Two spellings of one first name have one key. It is of one controller and one address, so that nobody with the key
    of the hashes can look for one name among all rows.
    """
    return _child_key(connection, controller, email_key, same_name(name)) if name else ""


def child_keys_before(connection: Connection, controller: str, email_key: str, name: str) -> set[str]:
    """The keys that a child of this name may have from a release that told kinds of apostrophes and dashes apart."""
    spelling = same_name(name)
    as_typed = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    before = {spelling.replace("'", "\u2019"), as_typed} - {spelling}
    return {_child_key(connection, controller, email_key, one) for one in before}


def _child_key(connection: Connection, controller: str, email_key: str, spelling: str) -> str:
    text = f"child name\n{controller}\n{email_key}\n{spelling}".encode()
    return hmac.digest(suppression_key(connection), text, "sha256").hex()


def with_id(connection: Connection, subject_id: str) -> Subject | None:
    """The data subject with this id, unless it was erased."""
    return _one(connection, _WITH_ID, id=subject_id)


def with_email(connection: Connection, controller: str, email_key: str, child_key: str = "") -> Subject | None:
    """The data subject with this address at a controller, or the child with this key for whom the address decides."""
    return _one(connection, _WITH_EMAIL, controller=controller, email_key=email_key, child_key=child_key)


def namesakes(connection: Connection, controller: str, email_key: str, child_key: str) -> list[Subject]:
    """The children of one first name for whom an address decides at a controller, who came first before.

    The first one has the hash of `child_key_of` as its key; behind that of another stand a line break and a number.
    """
    numbered = f"{child_key}\n"
    return _all(
        connection,
        _NAMESAKES,
        controller=controller,
        email_key=email_key,
        child_key=child_key,
        numbered=numbered,
        length=len(numbered),
    )


def everywhere(connection: Connection, email_key: str) -> list[Subject]:
    """Who this address speaks for, at every controller: its owner, children, and a child whose own address it is."""
    return _all(connection, _EVERYWHERE, email_key=email_key)


def children_of(connection: Connection, controller: str, email_key: str, most: int) -> list[Subject]:
    """The children for whom this address decides at a controller: who was allowed something, then who came first.

    No more than `most`: anybody can invent children for an address.
    """
    return _all(connection, _CHILDREN_OF, controller=controller, email_key=email_key, most=most)


def children_at(connection: Connection, controller: str, email_key: str, most: int) -> list[Subject]:
    """The child whose own address this is at a controller, and who said so: once for each parent who gave it."""
    return _all(connection, _CHILDREN_AT, controller=controller, email_key=email_key, most=most)


def below_age_at(connection: Connection, controller: str, email_key: str, now: datetime) -> Subject | None:
    """The child, still below the age to decide, who said that the mailbox of this address is its own at a controller.

    Nobody is asked there as a parent. Other spellings of the address lead to the same mailbox; the same spelling does
    so even where `domain.providers` told another mailbox when the child's was stored.
    """
    return _one(
        connection, _BELOW_AGE_AT, controller=controller, mailbox=mailbox(email_key), email_key=email_key, now=now
    )


def with_token(connection: Connection, kind: str, token: str) -> Subject | None:
    """The data subject whose lasting link this is; `kind` is withdraw, object or stop.

    To withdraw and to stop mails a child can have links of its own beside its parent's.
    """
    if TOKEN.fullmatch(token) is None:
        return None
    return _one(connection, _WITH_TOKEN[kind], token=token)


def keep_until(connection: Connection, subject_id: str, moment: datetime | None) -> None:
    """Keep a data subject until then, even where no request or consent needs it; None: as long as one does."""
    _change(connection, subject_id, kept_until=moment)


def past_keeping(connection: Connection, now: datetime, most: int) -> list[Subject]:
    """Data subjects whose `kept_until` is past, the longest past first; none of whom a contact is still to be told."""
    is_untold = exists().where(objections.c.subject_id == subjects.c.id, objections.c.told_at.is_(None))
    query = _SELECT.where(subjects.c.kept_until <= now, ~is_untold).order_by(subjects.c.kept_until).limit(most)
    return [of_row(row) for row in connection.execute(query)]


def forget_child_email(connection: Connection, subject_id: str) -> None:
    """Forget a child's own address. The link that was mailed there still tells that all has stopped."""
    _change(connection, subject_id, child_email="", child_email_key="", child_mailbox="", child_confirmed=False)


def set_child_email(connection: Connection, subject_id: str, email: str, email_key: str) -> None:
    """Note the address that a parent gave for a child, which is not used before the child says so.

    Whoever read at another address before loses the link to withdraw.
    """
    _change(
        connection,
        subject_id,
        child_email=email,
        child_email_key=email_key,
        child_mailbox=mailbox(email_key),
        child_confirmed=False,
        child_withdraw_token=_token(),
        child_stop_token=_token(),
    )


def confirm_child_email(connection: Connection, subject_id: str) -> None:
    """Use a child's own address from now on."""
    _change(connection, subject_id, child_confirmed=True)


def set_decides_from(connection: Connection, subject_id: str, moment: datetime | None) -> None:
    """Remember when a child reaches the age to decide; None forgets it."""
    _change(connection, subject_id, decides_from=moment)


def set_child(connection: Connection, subject_id: str, name: str, decides_from: datetime | None) -> None:
    """Keep what was said of a child: its first name, and when it reaches the age to decide. Nothing forgets both."""
    _change(connection, subject_id, child_name=name, decides_from=decides_from)


def to_tell(connection: Connection, now: datetime, most: int) -> list[Subject]:
    """Children who reach the age to decide this month and were not told yet, where a parent allowed something."""
    query = _SELECT.where(subjects.c.decides_from <= now, _RUNS).limit(most)
    return [of_row(row) for row in connection.execute(query)]


def erase(connection: Connection, subject_id: str) -> None:
    """Delete the address, the salt and the links of a data subject."""
    _ERASE.run(connection, id=subject_id)


def of_row(row: Iterable[Any]) -> Subject:
    """The data subject that a row of these `COLUMNS` holds."""
    return made(Subject, dict(zip(_NAMES, row, strict=True)))


def _one(connection: Connection, query: Prepared, **values: Any) -> Subject | None:
    row = query.first(connection, **values)
    return None if row is None else of_row(row)


def _all(connection: Connection, query: Prepared, **values: str | int) -> list[Subject]:
    return [of_row(row) for row in query.rows(connection, **values)]


def _change(connection: Connection, subject_id: str, **values: Any) -> None:
    _UPDATE.run(connection, the_subject_id=subject_id, **values)


def _token() -> str:
    """A token for a link that is printed in a mail: some mail programs take a mark at its end for punctuation."""
    while not (token := secrets.token_urlsafe(TOKEN_BYTES))[-1].isalnum():
        pass
    return token
