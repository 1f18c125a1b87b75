"""Tokens of mailed links: the request or the person that each leads to, and the address of a link."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum, auto
from typing import TypeVar

from sqlalchemy import Connection

from ..addresses import path
from ..domain.consent import OPEN, RequestStatus
from ..domain.notice import Notice
from ..signing import BadToken, Tokens
from ..storage import requests, subjects
from ..storage.ledger import REQUEST, Link
from ..storage.notices import StoredNotice
from ..storage.requests import Request
from ..storage.subjects import Subject
from ..storage.suppressions import Digests
from .act import Act, open_act
from .context import Context, UnknownLink

T = TypeVar("T")


class Expiry(Enum):
    """What became of what a link that is too old led to."""

    UNANSWERED = auto()
    ANSWERED = auto()
    MAILED_ANEW = auto()
    """It was asked for again since, and waits behind a newer link."""


class LinkExpired(Exception):
    """A link is genuine, but too old. `stored` is a notice of its form, `kind` that of the request."""

    def __init__(self, stored: StoredNotice, kind: str, expiry: Expiry = Expiry.UNANSWERED) -> None:
        super().__init__()
        self.stored = stored
        self.kind = kind
        self.expiry = expiry


def request_of(ctx: Context, connection: Connection, tokens: Tokens, token: str) -> tuple[Request, Subject | None]:
    """The request that a signed link names, and whose it is; None where that was erased.

    Raises:
        UnknownLink: when the token is not one of ours, or the request is not there any more.
        LinkExpired: when it was mailed longer ago than a person has to answer, whatever became of the request.
    """
    return _in_time(ctx, connection, tokens, _read(tokens, token))


def _read(tokens: Tokens, token: str) -> tuple[str, datetime]:
    try:
        return tokens.read(token)
    except BadToken:
        raise UnknownLink from None


def _in_time(
    ctx: Context, connection: Connection, tokens: Tokens, signed: tuple[str, datetime]
) -> tuple[Request, Subject | None]:
    request_id, mailed_at = signed
    found = _known(requests.with_subject(connection, request_id))
    request, _ = found
    now = ctx.clock()
    if now >= ctx.settings.CONFIRM_WITHIN.after(mailed_at):
        stored = ctx.notice(connection, request.notice_hash)
        if tokens is ctx.signing.guardian:
            stored = ctx.notice(connection, stored.notice.beside)
        raise LinkExpired(stored, request.kind, _expiry(request, now))
    return found


def _expiry(request: Request, now: datetime) -> Expiry:
    if request.status in OPEN and request.expires_at > now:
        return Expiry.MAILED_ANEW
    return Expiry.UNANSWERED if request.status in (*OPEN, RequestStatus.LAPSED) else Expiry.ANSWERED


@contextmanager
def open_act_on_request(ctx: Context, tokens: Tokens, token: str) -> Iterator[tuple[Act, Request, Subject | None]]:
    """Begin an act on the request that a signed link names, and on whose it is.

    Raises like `request_of`.
    """
    signed = _read(tokens, token)
    with open_act(ctx, Link(REQUEST, signed[0])) as act:
        yield act, *_in_time(ctx, act.connection, tokens, signed)


def reload(act: Act, request: Request) -> tuple[Request, Subject | None]:
    """The same request as it is now, and whose it is. Raises UnknownLink when it is not there any more."""
    return _known(requests.with_subject(act.connection, request.id))


def _known(found: T | None) -> T:
    if found is None:
        raise UnknownLink
    return found


def subject_of(connection: Connection, kind: str, token: str) -> Subject:
    """The data subject whose link this is; `kind` is withdraw, object or stop.

    Raises:
        UnknownLink: when nothing is kept under it.
    """
    return _known(subjects.with_token(connection, kind, token))


def lift_token(ctx: Context, digests: Digests, since: str, notice: Notice) -> str:
    """The token of a link that lifts the suppression with these hashes, made then; the notice speaks on its page."""
    of_mailbox, of_key = digests
    other = of_key if of_key != of_mailbox else ""  # the link is long enough without a hash that it has already
    return ctx.signing.lift.make([of_mailbox, other, since, notice.hash])


def address(ctx: Context, kind: str, token: str, language: str = "") -> str:
    """The whole address of a link; `language` where the page would open in another one than the mail is in."""
    return ctx.settings.BASE_URL + path(kind, token, lang=language)
