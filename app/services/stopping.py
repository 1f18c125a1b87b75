"""Never mail me again: after this click nothing that a form can set off is mailed to the address by this controller."""

from sqlalchemy import Connection

from ..domain.evidence import Kind
from ..storage import outbox, suppressions
from ..storage.notices import StoredNotice
from ..storage.subjects import Subject
from . import events, faces, links, mailing
from .kit import Kit


def view(kit: Kit, token: str) -> tuple[StoredNotice, bool]:
    """Who speaks on the page behind the link, and whether the mails were stopped already.

    Raises:
        UnknownLink: when nothing is kept under the link.
    """
    with kit.database.read() as connection:
        subject = links.subject_of(connection, "stop", token)
        return faces.of_subject(kit, connection, subject), _is_stopped(connection, subject)


def stop(kit: Kit, token: str) -> StoredNotice:
    """Stop the mails of forms; what waits in the outbox does not go. Raises like `view`."""
    with kit.database.write() as connection:
        subject = links.locked_subject_of(connection, "stop", token)
        now = kit.clock()
        if not _is_stopped(connection, subject):
            suppressions.add(connection, subject.controller, suppressions.NO_MAIL, subject.email_key, now)
            outbox.drop(connection, subject.id, mailing.FROM_A_FORM, now)
            events.record(connection, subject, Kind.STOPPED, now, decided_by=subject.decided_by)
        return faces.of_subject(kit, connection, subject)


def _is_stopped(connection: Connection, subject: Subject) -> bool:
    return suppressions.has(connection, subject.controller, suppressions.NO_MAIL, subject.email_key)
