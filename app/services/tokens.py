"""What a link leads to: a request that waits for an answer, or a person, as long as anything is kept of them."""

from sqlalchemy import Connection

from ..signing import BadToken, Tokens
from ..storage import ledger, requests, subjects
from ..storage.notices import StoredNotice
from ..storage.requests import Request
from ..storage.subjects import Subject
from .kit import UnknownLink


class LinkExpired(Exception):
    """A link is genuine, but nobody answered in time. `stored` is a notice of its form, `kind` that of the request."""

    def __init__(self, stored: StoredNotice, kind: str) -> None:
        super().__init__()
        self.stored = stored
        self.kind = kind


def request_of(connection: Connection, tokens: Tokens, token: str) -> Request:
    """The request that a signed link names.

    Raises:
        UnknownLink: when the token is not one of ours, or the request is not there any more.
    """
    try:
        request_id, _ = tokens.read(token)
    except BadToken:
        raise UnknownLink from None
    return _request(connection, request_id)


def locked_request_of(connection: Connection, tokens: Tokens, token: str) -> Request:
    """Like `request_of`, with the chain of the controller locked; before that it may have been answered."""
    found = request_of(connection, tokens, token)
    ledger.lock(connection, found.controller)
    return again(connection, found)


def again(connection: Connection, request: Request) -> Request:
    """The same request as it is now. Raises UnknownLink when it is not there any more."""
    return _request(connection, request.id)


def _request(connection: Connection, request_id: str) -> Request:
    request = requests.with_id(connection, request_id)
    if request is None:
        raise UnknownLink
    return request


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
