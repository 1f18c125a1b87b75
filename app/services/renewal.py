"""Asking anew: where a definition says `valid_for`, people are asked in time whether their yes still holds."""

from datetime import datetime

from sqlalchemy import Connection

from ..domain.evidence import Kind
from ..domain.notice import NoticePurpose
from ..storage import consents, notices, requests, subjects
from ..storage.consents import Consent
from ..storage.notices import StoredNotice
from ..storage.requests import NewRequest, RequestKind
from . import childs_address, events, mailing
from .act import open_act
from .context import Context


def time_to_ask(ctx: Context, purpose: NoticePurpose, ends_at: datetime | None) -> datetime | None:
    """When to ask anew about a purpose that ends then: as long before as people have to answer. None: never."""
    if not purpose.valid_for or ends_at is None:
        return None
    return ends_at - ctx.settings.CONFIRM_WITHIN.delta


def ask(ctx: Context, found: Consent) -> None:
    """Ask whether a consent still holds, about the text that is shown now. Without an answer it ends when it ends."""
    with open_act(ctx, found.controller) as act:
        subject = subjects.with_id(act.connection, found.subject_id)
        consent = consents.find(act.connection, found.subject_id, found.form, found.purpose)
        if subject is None or consent is None or consent.ask_again_at is None or consent.ask_again_at > act.now:
            return  # it was asked or has ended meanwhile, or was given anew
        consents.asked_again(act.connection, consent)
        if consent.ends_at is None or consent.ends_at <= act.now:
            return
        if subject.is_child and childs_address.is_childs(
            act.connection, subject.controller, subject.email_key, act.now
        ):
            return  # the address that is to decide is a child's own by now
        before = requests.with_id(act.connection, consent.request_id)
        stored = _text_now(act.ctx, act.connection, consent, before.notice_hash if before else consent.notice_hash)
        new = NewRequest(
            subject=subject,
            notice=stored.notice,
            expires_at=consent.ends_at,
            site=before.site if before else "",
            kind=RequestKind.RENEWAL,
            purposes=[consent.purpose],
            fields=_fields_of(act.ctx, act.connection, consent),
        )
        request = requests.add(act.connection, new, act.now)
        events.record(act, subject, Kind.REQUESTED, request=request, purpose=consent.purpose)
        mailing.renewal(act, subject, request, consent)


def _fields_of(ctx: Context, connection: Connection, consent: Consent) -> dict[str, str]:
    """What was filled in for this very consent; what was for another one ends with that one."""
    used = ctx.notice(connection, consent.notice_hash).notice.fields_for([consent.purpose])
    filled = requests.fields(connection, consent.request_id)
    return {field: value for field, value in filled.items() if field in used}


def _text_now(ctx: Context, connection: Connection, consent: Consent, seen: str) -> StoredNotice:
    """What the form shows such a reader now in the language of the notice that was seen, if it has the purpose still.

    Otherwise that notice itself. A child's notice stands for what its parent reads beside it.
    """
    own = ctx.notice(connection, seen)
    for language, notice_hash in notices.current(connection, consent.controller, own.notice.audience):
        stored = ctx.notice(connection, notice_hash)
        if (
            stored.notice.form == consent.form
            and language == own.notice.language
            and any(purpose.id == consent.purpose for purpose in stored.notice.asked)
        ):
            return stored
    return own
