"""Withdrawal: one click stops everything at a controller, or one purpose (GDPR art. 7(3), RFC 8058)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..domain.consent import OPEN, WAITING, Status
from ..domain.evidence import DecidedBy
from ..domain.values import changed
from ..storage import consents, requests, subjects
from ..storage.consents import Consent
from ..storage.notices import StoredNotice
from ..storage.requests import Request
from ..storage.subjects import Subject
from . import intake, lifecycle, notice_choice, siblings, tokens
from .act import Act, open_act
from .context import Context


@dataclass(frozen=True)
class Line:
    """A purpose on a page: its title in a notice, and since when it is as it is.

    `stays` says who keeps, also after a stop, what was passed on (see `NoticePurpose`).
    """

    purpose: str
    title: str
    since: datetime
    notice_hash: str
    stays: tuple[str, ...] = ()


@dataclass(frozen=True)
class WithdrawalView:
    """What runs at a controller, and what has stopped. `stored` is a notice of the controller, for who and how.

    `waiting` is what this person was asked and has not answered yet, which a stop takes back too; `cancelled` is what
    this call took back like that. `by_child` is whether the link is a child's own. `purpose` is the one that the link
    is about, and None where it is about all, or names something that this person was never asked for: then
    `is_unclear` is set. `child` is whom a parent reads about.
    """

    stored: StoredNotice
    running: tuple[Line, ...]
    stopped: tuple[Line, ...]
    waiting: tuple[Line, ...]
    by_child: bool
    purpose: str | None = None
    is_unclear: bool = False
    cancelled: tuple[Line, ...] = ()
    child: Subject | None = None


def view(ctx: Context, token: str, purpose: str | None = None) -> WithdrawalView:
    """What the link leads to; `purpose` is what stands behind its token.

    Raises:
        UnknownLink: when nothing is kept under it.
    """
    with ctx.database.read() as connection:
        subject = tokens.subject_of(connection, "withdraw", token)
        known = _known(connection, subject, purpose)
        kept, asked = consents.of_subject(connection, subject.id), requests.standing(connection, subject.id)
        return changed(_view(ctx, connection, subject, token, kept, asked), purpose=known, is_unclear=known != purpose)


def translated(ctx: Context, lines: Iterable[Line], language: str) -> tuple[Line, ...]:
    """The same lines in the language of a page: what somebody agreed to in another is stopped in this one too."""
    spoken = [(line, notice_choice.purpose_in(ctx, (line.notice_hash, line.purpose), language)) for line in lines]
    return tuple(changed(line, title=purpose.title, stays=purpose.stays) for line, purpose in spoken)


def withdraw(
    ctx: Context, token: str, purpose: str | None = None, or_all: bool = False
) -> tuple[WithdrawalView, tuple[Line, ...]]:
    """Stop everything, or the purposes with this id. Returns what is so afterwards, and what this call stopped.

    An id that this person was never asked for stops nothing, or everything with `or_all`: for a mail program that
    clicks a link which was cut on its way, and cannot be asked what is meant. It is idempotent: a second call
    stops nothing and is no error. Raises like `view`.
    """
    with intake.open_act_on_subject(ctx, "withdraw", token) as (act, subject):
        by_child, decided_by = subject.is_childs_link(token), subject.decides_by(token)
        known = _known(act.connection, subject, purpose)
        asked = requests.standing(act.connection, subject.id)
        ended, cancelled, kept = _stop(act, subject, known if or_all else purpose, decided_by)
        if cancelled:
            asked = requests.standing(act.connection, subject.id)
        after = changed(
            _view(act.ctx, act.connection, subject, token, kept, asked),
            purpose=known,
            is_unclear=known != purpose,
            cancelled=_asked(act.ctx, act.connection, cancelled, by_child),
        )
        return after, tuple(_line(act.ctx, act.connection, consent, by_child) for consent in ended)


def withdraw_for(ctx: Context, email_key: str, controller: str | None, purpose: str | None) -> list[dict[str, str]]:
    """Withdraw on someone's word, by the company's staff. Returns what was stopped: controller, form and purpose."""
    intake.take_of(ctx, email_key)
    with ctx.database.read() as connection:
        found = [
            known for known in subjects.everywhere(connection, email_key) if controller in (None, known.controller)
        ]
    stopped = []
    for subject in found:
        with open_act(ctx, subject.controller) as act:
            still = subjects.with_id(act.connection, subject.id)  # it may have been erased before the chain was locked
            ended = _stop(act, still, purpose, DecidedBy.STAFF)[0] if still else []
            stopped += [
                {"controller": consent.controller, "form": consent.form, "purpose": consent.purpose}
                for consent in ended
            ]
    return stopped


def _stop(
    act: Act, subject: Subject, purpose: str | None, decided_by: DecidedBy
) -> tuple[list[Consent], list[tuple[Request, str]], list[Consent]]:
    """What has ended, what was taken back while it waited, and the consents that are kept, as they are then."""
    chosen = [consent for consent in consents.granted(act.connection, subject.id) if purpose in (None, consent.purpose)]
    cancelled = lifecycle.cancel_pending(act, subject, decided_by, purpose)
    ended, kept = lifecycle.withdraw(act, subject, chosen, decided_by)
    lifecycle.forget_if_unneeded(act, subject, kept)
    return ended, cancelled, kept


def _known(connection: Connection, subject: Subject, purpose: str | None) -> str | None:
    """The purpose, if this person was ever asked for one with this id, as far as that is still kept."""
    if purpose is None or any(purpose == known.purpose for known in consents.of_subject(connection, subject.id)):
        return purpose
    asked = requests.of_subject(connection, subject.id)
    return purpose if any(purpose in request.purposes for request in asked) else None


def _line(ctx: Context, connection: Connection, consent: Consent, by_child: bool) -> Line:
    seen = notice_choice.of_consent(ctx, connection, consent, by_child)
    purpose = ctx.notice(connection, seen).notice.purpose(consent.purpose)
    return Line(consent.purpose, purpose.title, consent.since, seen, purpose.stays)


def _asked(
    ctx: Context, connection: Connection, asked: Iterable[tuple[Request, str]], by_child: bool
) -> tuple[Line, ...]:
    """Lines for purposes of requests, each once."""
    lines = {}
    for request, purpose in asked:
        notice = ctx.notice(connection, request.notice_hash).notice
        if notice.beside and not by_child:
            notice = ctx.notice(connection, notice.beside).notice
        title = notice.purpose(purpose).title
        lines[request.form, purpose] = Line(purpose, title, request.requested_at, notice.hash)
    return tuple(lines.values())


def _view(
    ctx: Context,
    connection: Connection,
    subject: Subject,
    token: str,
    known: Sequence[Consent],
    asked: Sequence[Request],
) -> WithdrawalView:
    by_child = subject.is_childs_link(token)
    running = [consent for consent in known if consent.status == Status.GRANTED]
    stopped = [consent for consent in known if consent.status != Status.GRANTED]
    runs = {(consent.form, consent.purpose) for consent in running}
    waiting = [
        (request, purpose)
        for request in asked
        for purpose, status in request.purposes.items()
        if request.status in OPEN and status in WAITING and (request.form, purpose) not in runs
    ]
    return WithdrawalView(
        notice_choice.of_subject(ctx, connection, subject, by_child, asked),
        tuple(_line(ctx, connection, consent, by_child) for consent in running),
        tuple(_line(ctx, connection, consent, by_child) for consent in stopped),
        _asked(ctx, connection, waiting, by_child),
        by_child,
        child=siblings.told_apart(connection, subject) if subject.is_child and not by_child else None,
    )
