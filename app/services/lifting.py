"""To be mailed by forms again: "never mail me again" is lifted by a press behind a link that only its owner is mailed.

The suppression is a keyed hash that outlives the data subject, so the link names that hash, and works when nothing else
is kept. It also names the moment of the suppression, since an old link lifts no newer one, and the notice that speaks
there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..domain.notice import Notice
from ..signing import BadToken
from ..storage import suppressions
from ..storage.notices import StoredNotice
from ..storage.schema import written
from ..storage.subjects import Subject
from ..storage.suppressions import Digests, Suppression
from . import mailing
from .act import Act, open_act
from .context import Context, UnknownLink
from .tokens import LinkExpired

LIVES = timedelta(minutes=30)

_DAILY = timedelta(hours=24)
_RARELY = timedelta(days=30)
_DAILY_OFFERS = 3
"""Offers that nobody pressed before they come rarely: whoever asks for them is somebody else."""


@dataclass(frozen=True)
class Offer:
    """An offer to lift the suppression with these hashes. `since` is when that was made."""

    digests: Digests
    since: datetime


def offer_for(act: Act, email_key: str) -> Offer | None:
    """The offer for an address whose reader said "never", and was not offered lately to lift it."""
    digests = suppressions.no_mail_digests(act.connection, act.controller, email_key)
    suppression = suppressions.no_mail(act.connection, act.controller, digests)
    if suppression is None or (act.ctx.limited and not _is_time(suppression, act.stored_at)):
        return None
    return Offer(digests, suppression.since)


def offer(act: Act, offered: Offer, subject: Subject, notice: Notice, to_child: bool) -> None:
    """Mail an offer to the owner of the address, or to a child whose own it is."""
    mailing.lift(act, subject.id, to_child, notice, offered.digests, written(offered.since))
    suppressions.offered(act.connection, act.controller, offered.digests, act.stored_at)


def view(ctx: Context, token: str) -> tuple[StoredNotice, bool]:
    """Who speaks on the page behind the link, and whether forms mail the address already.

    Raises:
        UnknownLink: when the token is not one of ours.
        LinkExpired: when it is, but too late, or made for a suppression before the one that stands.
    """
    with ctx.database.read() as connection:
        stored, suppression, _ = _read(ctx, connection, token)
        return stored, suppression is None


def lift(ctx: Context, token: str) -> StoredNotice:
    """Let forms mail the address again. Raises like `view`.

    The ledger gets no entry: none of its kinds says this, and of somebody erased it knows no data subject.
    """
    try:
        notice = ctx.stored_notice(ctx.signing.lift.read(token)[0][3]).notice
    except (BadToken, KeyError):
        raise UnknownLink from None
    with open_act(ctx, notice.controller) as act:
        stored, suppression, digests = _read(ctx, act.connection, token)
        if suppression is not None:
            suppressions.lift_no_mail(act.connection, act.controller, digests)
        return stored


def _read(ctx: Context, connection: Connection, token: str) -> tuple[StoredNotice, Suppression | None, Digests]:
    try:
        (of_mailbox, of_key, since, notice_hash), signed = ctx.signing.lift.read(token)
        stored = ctx.notice(connection, notice_hash)
    except (BadToken, KeyError):
        raise UnknownLink from None
    digests = (of_mailbox, of_key or of_mailbox)
    suppression = suppressions.no_mail(connection, stored.notice.controller, digests)
    if ctx.clock() >= signed + LIVES or (suppression is not None and written(suppression.since) != since):
        raise LinkExpired(stored, "lift")
    return stored, suppression, digests


def _is_time(suppression: Suppression, now: datetime) -> bool:
    pause = _DAILY if suppression.offers < _DAILY_OFFERS else _RARELY
    return suppression.offered_at is None or now >= suppression.offered_at + pause
