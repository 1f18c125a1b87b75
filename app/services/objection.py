"""Objection: to direct marketing, which always counts (GDPR art. 21(2)), and to a legitimate interest (art. 21(1))."""

from dataclasses import dataclass

from sqlalchemy import Connection

from ..domain.consent import WAITING, Status
from ..domain.evidence import Kind
from ..storage import consents, notices, requests, suppressions
from ..storage.notices import StoredNotice
from ..storage.subjects import Subject
from . import endings, events, faces, links, mailing
from .kit import Kit


@dataclass(frozen=True)
class Interest:
    """What a controller does on the ground of its legitimate interest. `key` names it on the page: form/purpose."""

    key: str
    notice: str
    title: str


@dataclass(frozen=True)
class View:
    """The page behind an objection link."""

    stored: StoredNotice
    objected: bool
    interests: tuple[Interest, ...]


def view(kit: Kit, token: str) -> View:
    """What the link leads to.

    Raises:
        UnknownLink: when nothing is kept under it.
    """
    with kit.database.read() as connection:
        return _view(kit, connection, links.subject_of(connection, "object", token))


def object_to_marketing(kit: Kit, token: str) -> View:
    """Stop all direct marketing of the controller to this person, and remember it. Raises like `view`."""
    with kit.database.write() as connection:
        subject = links.locked_subject_of(connection, "object", token)
        now = kit.clock()
        granted = endings.granted_marketing(kit, connection, subject)
        pending = _pending_marketing(kit, connection, subject)
        known = suppressions.has(connection, subject.controller, suppressions.OBJECTED, subject.mark)
        if granted or pending or not known:
            stored = faces.of_subject(kit, connection, subject)
            events.record(
                connection,
                subject,
                Kind.OBJECTED,
                now,
                decided_by=subject.decided_by,
                notice=stored.notice.hash,
            )
            for form, purpose in pending:
                endings.cancel_pending(connection, subject, subject.decided_by, now, purpose, form)
            for consent in granted:
                endings.end(kit, connection, subject, consent, Status.WITHDRAWN, subject.decided_by, now)
            suppressions.add(connection, subject.controller, suppressions.OBJECTED, subject.mark, now)
            if granted or not known:  # what merely waited was sent by anybody, as often as they like
                running = consents.granted(connection, subject.id)
                mailing.stopped(connection, "objected", subject, stored.notice.hash, granted, running, now)
            endings.forget_if_unneeded(connection, subject, now)
        return _view(kit, connection, subject)


def object_to_interest(kit: Kit, token: str, key: str) -> Interest | None:
    """Record an objection to one legitimate interest and tell both sides; None when the page lists no such interest.

    A second objection to the same is not recorded again. Raises like `view`.
    """
    with kit.database.write() as connection:
        subject = links.locked_subject_of(connection, "object", token)
        now = kit.clock()
        interest = next((known for known in _view(kit, connection, subject).interests if known.key == key), None)
        mark = f"i:{key}"
        if interest is None or suppressions.has(
            connection, subject.controller, suppressions.INTEREST, subject.mark + mark
        ):
            return interest
        suppressions.add(connection, subject.controller, suppressions.INTEREST, subject.mark + mark, now)
        form, _, purpose = key.partition("/")
        events.record(
            connection,
            subject,
            Kind.OBJECTED,
            now,
            decided_by=subject.decided_by,
            form=form,
            purpose=purpose,
            notice=interest.notice,
        )
        mailing.interest_objected(connection, subject, interest.notice, purpose, now)
        return interest


def _pending_marketing(kit: Kit, connection: Connection, subject: Subject) -> list[tuple[str, str]]:
    """What waits for a yes to direct marketing, as (form, purpose)."""
    return [
        (request.form, purpose)
        for request in requests.waiting(connection, subject.id)
        for purpose, state in request.purposes.items()
        if state in WAITING and kit.notice(connection, request.notice).notice.purpose(purpose).direct_marketing
    ]


def _view(kit: Kit, connection: Connection, subject: Subject) -> View:
    stored = faces.of_subject(kit, connection, subject)
    seen = requests.notices_of(connection, subject.id)
    current = [
        known
        for language, known in notices.current(connection, subject.controller)
        if language == stored.notice.language
    ]
    interests = {}
    for notice_hash in seen + current:  # of two texts about one interest the newer stands
        notice = kit.notice(connection, notice_hash).notice
        for purpose in notice.told:
            if purpose.basis == "legitimate_interest":
                key = f"{notice.form}/{purpose.id}"
                interests[key] = Interest(key, notice_hash, purpose.title)
    objected = suppressions.has(
        connection, subject.controller, suppressions.OBJECTED, subject.mark
    ) and not endings.granted_marketing(kit, connection, subject)
    return View(stored, objected, tuple(interests[key] for key in sorted(interests)))
