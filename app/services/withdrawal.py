"""Withdrawal: one click stops everything at a controller, or one purpose (GDPR art. 7(3), RFC 8058)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..domain.consent import Status
from ..domain.evidence import DecidedBy
from ..storage import consents, requests
from ..storage.consents import Consent
from ..storage.notices import StoredNotice
from ..storage.subjects import Subject
from . import endings, faces, links
from .kit import Kit


@dataclass(frozen=True)
class Line:
    """A consent on a page: its title as the person saw it, and since when it is as it is."""

    purpose: str
    title: str
    since: datetime


@dataclass(frozen=True)
class View:
    """What runs at a controller, and what has stopped. `stored` is a notice of the controller, for who and how.

    `waiting` is whether a request of this person still waits for an answer, which a stop takes back too; `by_child`
    is whether the link is a child's own.
    """

    stored: StoredNotice
    running: tuple[Line, ...]
    stopped: tuple[Line, ...]
    waiting: bool
    by_child: bool


def view(kit: Kit, token: str) -> View:
    """What the link leads to.

    Raises:
        UnknownLink: when nothing is kept under it.
    """
    with kit.database.read() as connection:
        subject = links.subject_of(connection, "withdraw", token)
        return _view(kit, connection, subject, token == subject.child_withdraw_token)


def withdraw(kit: Kit, token: str, purpose: str | None = None) -> tuple[View, tuple[Line, ...]]:
    """Stop everything, or the purposes with this id. Returns what is so afterwards, and what this call stopped.

    A second call stops nothing and is no error. Raises like `view`.
    """
    with kit.database.write() as connection:
        subject = links.locked_subject_of(connection, "withdraw", token)
        by_child = token == subject.child_withdraw_token
        decided_by = DecidedBy.SELF if by_child else subject.decided_by
        ended = end_for(kit, connection, subject, purpose, decided_by)
        lines = tuple(_line(kit, connection, consent, by_child) for consent in ended)
        return _view(kit, connection, subject, by_child), lines


def end_for(
    kit: Kit, connection: Connection, subject: Subject, purpose: str | None, decided_by: DecidedBy
) -> list[Consent]:
    """Stop what a data subject agreed to, all of it or one purpose, and mail the proof. The chain must be locked."""
    now = kit.clock()
    chosen = [consent for consent in consents.granted(connection, subject.id) if purpose in (None, consent.purpose)]
    endings.cancel_pending(connection, subject, decided_by, now, purpose)
    ended = endings.withdraw(kit, connection, subject, chosen, decided_by, now)
    endings.forget_if_unneeded(connection, subject, now)
    return ended


def _line(kit: Kit, connection: Connection, consent: Consent, by_child: bool) -> Line:
    return Line(consent.purpose, endings.purpose_of(kit, connection, consent, by_child).title, consent.since)


def _view(kit: Kit, connection: Connection, subject: Subject, by_child: bool) -> View:
    known = consents.of_subject(connection, subject.id)
    running = [consent for consent in known if consent.status == Status.GRANTED]
    stopped = [consent for consent in known if consent.status != Status.GRANTED]
    return View(
        faces.of_subject(kit, connection, subject, by_child),
        tuple(_line(kit, connection, consent, by_child) for consent in running),
        tuple(_line(kit, connection, consent, by_child) for consent in stopped),
        bool(requests.waiting(connection, subject.id)),
        by_child,
    )
