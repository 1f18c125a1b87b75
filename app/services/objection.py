"""Objection: to direct marketing, which always counts (GDPR art. 21(2)), and to a legitimate interest (art. 21(1))."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..domain.consent import WAITING, Status
from ..domain.evidence import DecidedBy, Kind
from ..domain.mail import Seen
from ..storage import consents, objections, requests, subjects, suppressions
from ..storage.notices import StoredNotice
from ..storage.objections import Objection
from ..storage.subjects import Subject
from . import events, intake, lifecycle, mail_kinds, mailing, notice_choice, objectable, siblings, telling, tokens
from .act import Act
from .context import Context
from .objectable import Interest, Objectable

_MOST_PARENTS = 20
"""Who gave one address as that of a child, and the child said so each time."""


@dataclass(frozen=True)
class ObjectionView:
    """The page behind an objection link.

    `objected` is since when the person is out of direct marketing, None where they are not; `noted` since when they
    object to an interest, by its key. `stopped` is what was agreed to and has stopped as advertising, and `running`
    what still goes on. `child` is whom a parent reads about; `by_child` is whether the link is a child's own.
    """

    stored: StoredNotice
    offered: Objectable
    objected: datetime | None
    noted: dict[str, datetime]
    stopped: tuple[Seen, ...]
    running: tuple[Seen, ...]
    child: Subject | None
    by_child: bool = False

    @property
    def interests(self) -> tuple[Interest, ...]:
        """What can be objected to beside direct marketing."""
        return self.offered.interests


def view(ctx: Context, token: str) -> ObjectionView:
    """What the link leads to.

    Raises:
        UnknownLink: when nothing is kept under it.
    """
    with ctx.database.read() as connection:
        subject = tokens.subject_of(connection, "object", token)
        return _view(ctx, connection, subject, subject.is_childs_link(token))


def object_to_marketing(ctx: Context, token: str) -> ObjectionView:
    """Stop all direct marketing of the controller to this person, remember it, and tell the controller's contact.

    Where the address is a child's own, what a parent allowed there stops too. Raises like `view`.
    """
    with intake.open_act_on_subject(ctx, "object", token) as (act, subject):
        by_child, decided_by = subject.is_childs_link(token), subject.decides_by(token)
        granted = lifecycle.granted_marketing(act, subject)
        pending = _pending_marketing(act, subject)
        is_known = _objected_at(act.connection, subject) is not None
        for child in _children_at(act.connection, subject):
            _stop_for_child(act, child)
        if granted or pending or not is_known:
            stored = notice_choice.of_subject(act.ctx, act.connection, subject)
            events.record(act, subject, Kind.OBJECTED, decided_by=decided_by, notice_hash=stored.notice.hash)
            for form, purpose in pending:
                lifecycle.cancel_pending(act, subject, decided_by, purpose, form)
            lifecycle.end(act, subject, granted, Status.WITHDRAWN, decided_by)
            suppressions.add(
                act.connection, subject.controller, suppressions.OBJECTED, subject.suppression_key, act.now
            )
            if granted or not is_known:  # what merely waited was sent by anybody, as often as they like
                running = consents.granted(act.connection, subject.id)
                mailing.consents_ended(act, mail_kinds.OBJECTED, subject, stored.notice.hash, granted, running)
            if not is_known:
                noted = Objection(subject.id, "", "", stored.notice.hash, act.now)
                telling.tell(act, subject, _digest(act.connection, subject), noted)
            lifecycle.forget_if_unneeded(act, subject)
        return _view(act.ctx, act.connection, subject, by_child)


def _stop_for_child(act: Act, child: Subject) -> None:
    """Stop the direct marketing that a parent allowed, or is asked for, on the word of the child itself."""
    for form, purpose in _pending_marketing(act, child):
        lifecycle.cancel_pending(act, child, DecidedBy.SELF, purpose, form)
    lifecycle.withdraw(act, child, lifecycle.granted_marketing(act, child), DecidedBy.SELF)


def object_to_interest(ctx: Context, token: str, key: str, reasons: str = "", phone: str = "") -> Interest | None:
    """Record an objection to one legitimate interest and tell both sides; None when the page lists no such interest.

    `reasons` "relating to his or her particular situation" (GDPR art. 21(1)) stand in no mail. A second objection to
    the same is not recorded again. Raises like `view`.
    """
    with intake.open_act_on_subject(ctx, "object", token) as (act, subject):
        by_child = subject.is_childs_link(token)
        interest = next(
            (known for known in _view(act.ctx, act.connection, subject, by_child).interests if known.key == key), None
        )
        suppression_key = _suppression_key(subject, key)
        if interest is None or suppressions.has(
            act.connection, subject.controller, suppressions.INTEREST, suppression_key
        ):
            return interest
        suppressions.add(act.connection, subject.controller, suppressions.INTEREST, suppression_key, act.now)
        form, _, purpose = key.partition("/")
        events.record(
            act,
            subject,
            Kind.OBJECTED,
            decided_by=subject.decides_by(token),
            form=form,
            purpose=purpose,
            notice_hash=interest.notice_hash,
        )
        mailing.interest_objected(act, subject, interest.notice_hash, purpose)
        digest = suppressions.digest_of(act.connection, subject.controller, suppressions.INTEREST, suppression_key)
        noted = Objection(subject.id, form, purpose, interest.notice_hash, act.now, reasons, phone)
        telling.tell(act, subject, digest, noted)
        # Until it has to be answered the reasons are kept, and whose they are.
        until = objectable.ANSWER_WITHIN.after(act.now)
        subjects.keep_until(act.connection, subject.id, max(until, subject.kept_until or until))
        return interest


def _suppression_key(subject: Subject, key: str) -> str:
    """What an objection to an interest is remembered under."""
    return f"{subject.suppression_key}i:{key}"


def _digest(connection: Connection, subject: Subject) -> str:
    return suppressions.digest_of(connection, subject.controller, suppressions.OBJECTED, subject.suppression_key)


def _objected_at(connection: Connection, subject: Subject) -> datetime | None:
    """When this person objected to direct marketing, if that still stands.

    The suppression alone does not say so: a withdrawal of the last direct marketing sets it too, and nobody is told.
    """
    since = suppressions.since(connection, subject.controller, suppressions.OBJECTED, subject.suppression_key)
    return since and objections.last(connection, _digest(connection, subject), since)


def _children_at(connection: Connection, subject: Subject) -> list[Subject]:
    """Where a person is a child who has an own address here: what each parent has allowed it, in a row of its own."""
    if subject.is_child:
        return []
    return subjects.children_at(connection, subject.controller, subject.email_key, _MOST_PARENTS)


def _pending_marketing(act: Act, subject: Subject) -> list[tuple[str, str]]:
    """What waits for a yes to direct marketing, as (form, purpose)."""
    return [
        (request.form, purpose)
        for request in requests.waiting(act.connection, subject.id)
        for purpose, state in request.purposes.items()
        if state in WAITING and _is_marketing(act.ctx, act.connection, (request.notice_hash, purpose))
    ]


def _is_marketing(ctx: Context, connection: Connection, seen: Seen) -> bool:
    notice_hash, purpose = seen
    return ctx.notice(connection, notice_hash).notice.purpose(purpose).direct_marketing


def _view(ctx: Context, connection: Connection, subject: Subject, by_child: bool) -> ObjectionView:
    stored = notice_choice.of_subject(ctx, connection, subject, by_child)
    offered = objectable.of_subject(ctx, connection, subject, stored.notice.language)
    since = {
        interest.key: suppressions.since(
            connection, subject.controller, suppressions.INTEREST, _suppression_key(subject, interest.key)
        )
        for interest in offered.interests
    }
    decided = [
        (consent.status, (notice_choice.of_consent(ctx, connection, consent, is_childs), consent.purpose))
        for known, is_childs in ((subject, by_child), *((child, True) for child in _children_at(connection, subject)))
        for consent in consents.of_subject(connection, known.id)
    ]
    running = [seen for status, seen in decided if status == Status.GRANTED]
    marketing = [seen for _, seen in decided if _is_marketing(ctx, connection, seen)]
    stopped = [seen for status, seen in decided if status == Status.WITHDRAWN and seen in marketing]
    return ObjectionView(
        stored,
        offered,
        None if any(seen in marketing for seen in running) else _objected_at(connection, subject),
        {key: moment for key, moment in since.items() if moment is not None},
        tuple(stopped),
        tuple(running),
        siblings.told_apart(connection, subject) if subject.is_child and not by_child else None,
        by_child,
    )
