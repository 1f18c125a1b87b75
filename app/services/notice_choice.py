"""Which notice speaks for a controller on a page or in a mail: its name, address, contact, language and looks."""

from collections.abc import Sequence

from sqlalchemy import Connection

from ..domain.consent import Audience
from ..domain.mail import Seen
from ..domain.notice import NoticePurpose
from ..storage import notices, requests
from ..storage.consents import Consent
from ..storage.notices import StoredNotice
from ..storage.requests import Request
from ..storage.subjects import Subject
from .context import Context, UnknownLink


def of_subject(
    ctx: Context,
    connection: Connection,
    subject: Subject,
    by_child: bool = False,
    asked: Sequence[Request] | None = None,
) -> StoredNotice:
    """The notice that a data subject saw last, or else one that the controller shows now in their language.

    For a child it is what its parent reads, unless the child itself reads here.

    Args:
        asked: what `requests.standing` returned, where who asks has read it.

    Raises:
        UnknownLink: when neither exists: the controller serves no form any more, and the person never sent one.
    """
    seen = requests.last_notice_hash(connection, subject.id) if asked is None else asked and asked[-1].notice_hash
    if seen:
        if by_child:
            return of_child(ctx, connection, seen)
        stored = ctx.notice(connection, seen)
        return ctx.notice(connection, stored.notice.beside) if stored.notice.beside else stored
    return of_controller(ctx, connection, subject.controller, subject.language)


def of_consent(ctx: Context, connection: Connection, consent: Consent, by_child: bool) -> str:
    """The hash of the notice that was read before a consent: by who gave it, or by the child whose parent did.

    Where the parent gave it without the child, it is what the child would have read.
    """
    request = requests.with_id(connection, consent.request_id) if by_child else None
    return of_child(ctx, connection, request.notice_hash).notice.hash if request else consent.notice_hash


def of_child(ctx: Context, connection: Connection, notice_hash: str) -> StoredNotice:
    """What a child reads where its parent reads this notice, or the notice itself where it is no parent's."""
    stored = ctx.notice(connection, notice_hash)
    if stored.notice.audience != Audience.GUARDIAN:
        return stored
    return ctx.notice(connection, notices.read_by_child(connection, stored))


def of_controller(ctx: Context, connection: Connection, controller: str, language: str) -> StoredNotice:
    """A notice that a controller shows adults now, in this language where there is one. Raises like `of_subject`."""
    current = notices.current(connection, controller)
    if not current:
        raise UnknownLink
    return ctx.notice(connection, next((known for spoken, known in current if spoken == language), current[0][1]))


def of_asker(
    ctx: Context, connection: Connection, controller: str, language: str, subject: Subject | None
) -> StoredNotice:
    """The notice that speaks to who asks for a link in this language, with the same work whether or not one is known.

    To a child or teenager it speaks in their own words. Raises like `of_subject`.
    """
    stored = of_controller(ctx, connection, controller, language)
    seen_hash = requests.last_notice_hash(connection, subject.id if subject else "")
    if seen_hash and ctx.notice(connection, seen_hash).notice.young:
        stored = ctx.notice(connection, seen_hash)
    spoken = notices.siblings(connection, stored)
    return ctx.notice(connection, spoken.get(language, stored.notice.hash))


def translated(ctx: Context, stored: StoredNotice, language: str | None) -> tuple[StoredNotice, tuple[str, ...]]:
    """The same notice in another language, where there is one, and the languages that there are."""
    known = ctx.siblings(stored)
    return ctx.stored_notice(known.get(language or "", stored.notice.hash)), tuple(sorted(known))


def purpose_in(ctx: Context, seen: Seen, language: str) -> NoticePurpose:
    """A purpose as a person saw it, in another language where there is one."""
    notice_hash, purpose = seen
    return translated(ctx, ctx.stored_notice(notice_hash), language)[0].notice.purpose(purpose)
