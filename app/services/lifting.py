"""To be mailed by forms again: "never mail me again" is lifted by a press behind a link that only its owner is mailed.

The mark is a keyed hash that outlives the data subject, so the link names that hash, and works when nothing else is
kept. It also names the moment of the mark: an old link lifts no newer one.
"""

from contextlib import nullcontext
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..signing import BadToken
from ..storage import ledger, subjects, suppressions
from ..storage.database import undone
from ..storage.notices import StoredNotice
from ..storage.schema import written
from ..storage.suppressions import NO_MAIL, Mark
from . import faces, mailing
from .kit import Kit, UnknownLink
from .links import LinkExpired

LIVES = timedelta(minutes=30)

_DAILY = timedelta(hours=24)
_RARELY = timedelta(days=30)
_DAILY_OFFERS = 3
"""Offers that nobody pressed before they come rarely: whoever asks for them is somebody else."""


def offer(
    kit: Kit, connection: Connection, controller: str, language: str, email: str, email_key: str, now: datetime
) -> None:
    """Mail the offer to lift a mark, where there is one and it is time. The chain must be locked.

    It takes the same work for each address, so that no answer tells who said "never".
    """
    digest = suppressions.digest_of(connection, controller, NO_MAIL, email_key)
    mark = suppressions.find(connection, controller, NO_MAIL, digest)
    notice = faces.of_controller(kit, connection, controller, language).notice
    with nullcontext() if mark and (not kit.limited or _is_time(mark, now)) else undone(connection):
        subject = subjects.with_email(connection, controller, email_key)
        if subject is None:
            subject = subjects.add(connection, controller, email, email_key, language, now)
            subjects.keep_until(connection, subject.id, now)  # the outbox needs an address until the mail is gone
        mailing.lift(connection, subject, notice, digest, written(mark.since if mark else now), now)
        suppressions.offered(connection, controller, NO_MAIL, digest, now)


def link_token(kit: Kit, controller: str, digest: str, since: str, language: str) -> str:
    """The token of a link that lifts the mark with this hash, made at that moment; the page speaks the language."""
    return kit.signing.lift.make([controller, digest, since, language])


def view(kit: Kit, token: str) -> tuple[StoredNotice, bool]:
    """Who speaks on the page behind the link, and whether forms mail the address already.

    Raises:
        UnknownLink: when the token is not one of ours, or the controller serves nothing any more.
        LinkExpired: when it is, but too late, or made for a mark before the one that stands.
    """
    with kit.database.read() as connection:
        stored, mark, _ = _read(kit, connection, token)
        return stored, mark is None


def lift(kit: Kit, token: str) -> StoredNotice:
    """Let forms mail the address again. Raises like `view`.

    The ledger gets no entry: none of its kinds says this, and of somebody erased it knows no data subject.
    """
    with kit.database.write() as connection:
        ledger.lock(connection, _read(kit, connection, token)[2])
        stored, mark, controller = _read(kit, connection, token)
        if mark is not None:
            suppressions.lift_with(connection, controller, NO_MAIL, mark.digest)
        return stored


def _read(kit: Kit, connection: Connection, token: str) -> tuple[StoredNotice, Mark | None, str]:
    try:
        (controller, digest, since, language), signed = kit.signing.lift.read(token)
    except BadToken:
        raise UnknownLink from None
    stored = faces.of_controller(kit, connection, controller, language)
    mark = suppressions.find(connection, controller, NO_MAIL, digest)
    if kit.clock() >= signed + LIVES or (mark is not None and written(mark.since) != since):
        raise LinkExpired(stored, "lift")
    return stored, mark, controller


def _is_time(mark: Mark, now: datetime) -> bool:
    pause = _DAILY if mark.offers < _DAILY_OFFERS else _RARELY
    return mark.offered_at is None or now >= mark.offered_at + pause
