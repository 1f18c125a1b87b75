"""Whom a lasting link belongs to: those to withdraw, object and stop work as long as anything is kept."""

from sqlalchemy import Connection

from ..storage import ledger, subjects
from ..storage.subjects import Subject
from .kit import UnknownLink


def subject_of(connection: Connection, kind: str, token: str) -> Subject:
    """The data subject whose link this is; `kind` is withdraw, object or stop.

    Raises:
        UnknownLink: when nothing is kept under it.
    """
    subject = subjects.with_token(connection, kind, token)
    if subject is None:
        raise UnknownLink
    return subject


def locked_subject_of(connection: Connection, kind: str, token: str) -> Subject:
    """Like `subject_of`, with the chain of the controller locked for an act."""
    ledger.lock(connection, subject_of(connection, kind, token).controller)
    return subject_of(connection, kind, token)  # whoever held the lock before may have erased everything
