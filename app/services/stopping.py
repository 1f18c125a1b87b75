"""Never mail me again: after this click nothing that a form can set off is mailed to the address by this controller."""

from sqlalchemy import Connection

from ..domain.evidence import DecidedBy, Kind
from ..storage import ledger, outbox, subjects, suppressions
from ..storage.notices import StoredNotice
from ..storage.subjects import Subject
from . import events, faces, mailing
from .kit import Kit, UnknownLink


def view(kit: Kit, token: str) -> tuple[StoredNotice, bool]:
    """Who speaks on the page behind the link, and whether the mails were stopped already.

    Raises:
        UnknownLink: when nothing is kept under the link.
    """
    with kit.database.read() as connection:
        subject = _subject(connection, token)
        return faces.of_subject(kit, connection, subject), _is_stopped(connection, subject)


def stop(kit: Kit, token: str) -> StoredNotice:
    """Stop the mails of forms; what waits in the outbox does not go. Raises like `view`."""
    now = kit.clock()
    with kit.database.write() as connection:
        subject = _subject(connection, token)
        ledger.lock(connection, subject.controller)
        if not _is_stopped(connection, subject):
            suppressions.add(connection, subject.controller, suppressions.NO_MAIL, subject.email_key, now)
            outbox.drop(connection, subject.id, mailing.FROM_A_FORM, now)
            events.record(connection, subject, Kind.STOPPED, now, decided_by=DecidedBy.SELF)
        return faces.of_subject(kit, connection, subject)


def _subject(connection: Connection, token: str) -> Subject:
    subject = subjects.with_token(connection, "stop", token)
    if subject is None:
        raise UnknownLink
    return subject


def _is_stopped(connection: Connection, subject: Subject) -> bool:
    return suppressions.has(connection, subject.controller, suppressions.NO_MAIL, subject.email_key)
