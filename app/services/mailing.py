"""Which mails go out: acts put them in the outbox here, and `sending` takes them out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..domain.consent import Audience
from ..domain.mail import (
    DecisionPayload,
    EndedPayload,
    InterestPayload,
    LiftPayload,
    LinkPayload,
    OfAgePayload,
    OptedOutPayload,
    Payload,
    QuestionPayload,
    Seen,
)
from ..domain.notice import Notice
from ..storage import outbox, requests, suppressions
from ..storage.consents import Consent
from ..storage.outbox import About
from ..storage.requests import Request
from ..storage.subjects import Subject
from ..storage.suppressions import Digests
from . import limits, notice_choice
from .act import Act
from .mail_kinds import (
    ALREADY_GRANTED,
    CHILD_ADDRESS,
    CHILD_NOT_ASKED,
    CHILD_OF_AGE,
    CHILD_RECEIPT,
    CHILD_STOPPED,
    CONFIRM,
    GUARDIAN_AGAIN,
    GUARDIAN_ASKS,
    GUARDIAN_OF_AGE,
    GUARDIAN_RENEWAL,
    INTEREST_OBJECTED,
    KINDS,
    LIFT,
    MAIL_PLUS,
    OPTED_OUT,
    RECEIPT,
    RENEWAL,
    Budget,
    MailKind,
    P,
)

_WAITING = 3
"""At most so many questions wait for one mailbox and form, each about another child; the next replaces the last."""


@dataclass(frozen=True)
class Asked:
    """What became of a question: whether its mail goes, and the request whose mail it took the place of, if any."""

    goes: bool
    replaced: str = ""


@dataclass(frozen=True)
class Question:
    """What a person is asked by mail: a request, by its id, or nothing but to see what was granted before.

    `already` are the purposes that were granted before, `site` is where the form is said to stand, `network` whose
    visitor sent it. `is_new` is False where the same request waits already.
    """

    request_id: str
    is_new: bool
    already: list[str]
    site: str
    network: str


def enqueue(
    act: Act,
    kind: MailKind[P],
    payload: P,
    about: About,
    *,
    due_at: datetime | None = None,
    turn: list[int] | None = None,
    waits_for: str | None = None,
) -> str:
    """Put a mail in the outbox, within the act that it tells of, and return its id. For the rest see `outbox.add`.

    Raises:
        ValueError: when the table of kinds does not hold this one: no worker could send it.
    """
    if KINDS.get(kind.name) is not kind:
        raise ValueError(f"no kind of mail: {kind.name}")
    data = payload.to_json()
    return outbox.add(
        act.connection,
        kind=kind.name,
        about=about,
        data=data,
        now=act.stored_at,
        due_at=due_at,
        turn=turn,
        waits_for=waits_for,
    )


def _about(request: Request) -> About:
    return About(request.controller, request.subject_id, request.notice_hash, request.form, request.id)


def _turn(act: Act, kind: MailKind[Any], email_key: str, form: str = "", network: str = "") -> limits.MailQuota:
    """The turn of a mailbox under the budget of a kind of mail."""
    budget = kind.budget or Budget()
    what = f"{act.controller}/{form if budget.per_form else kind.name}"
    per_day = {} if budget.per_day is None else {"per_day": budget.per_day}
    return limits.MailQuota(act, email_key, what, network=network, own_budget=budget.is_own, **per_day)


def ask(act: Act, subject: Subject, notice: Notice, question: Question) -> Asked:
    """Mail a person what there is to answer, within the limits. A repeat over the limit is dropped.

    The first mail of a new request waits for its turn instead; of those that wait, only the newest is sent.
    """
    is_childs = subject.is_child and notice.audience != Audience.GUARDIAN
    again, first = (GUARDIAN_AGAIN, GUARDIAN_ASKS) if is_childs else (ALREADY_GRANTED, CONFIRM)
    kind = again if question.already else first
    payload = QuestionPayload(act.now, tuple(question.already), question.site)
    about = About(act.controller, subject.id, notice.hash, notice.form, question.request_id)
    if (
        act.ctx.limited
        and question.request_id
        and not question.is_new
        and outbox.is_queued(act.connection, subject.id, question.request_id)
    ):
        return Asked(False)  # somebody has clicked twice, and the mail has not gone yet
    turn = _turn(act, kind, subject.email_key, notice.form, question.network)
    if turn.is_over:
        if not question.is_new:
            return Asked(False)
        waiting = outbox.waiting(act.connection, turn.digests, act.stored_at)
        own = [mail for mail in waiting if mail.subject_id == subject.id]
        if own or len(waiting) >= _WAITING:
            other = own[0] if own else waiting[-1]
            if outbox.replace(act.connection, other.id, kind.name, about, payload.to_json()):
                return Asked(True, other.request_id)
    waits_for = turn.digests[0] if turn.due > act.stored_at else None
    enqueue(act, kind, payload, about, due_at=turn.due, turn=turn.take(), waits_for=waits_for)
    limits.count_of_controller(act)
    return Asked(True)


@dataclass(frozen=True)
class LinkMail:
    """A mail with links that somebody asked for.

    `to_child` is whether it goes to a child's own address, and not to that of who decides. `purpose` is the id of what
    they want to object to.
    """

    kind: MailKind[LinkPayload]
    subject: Subject
    notice: Notice
    to_child: bool = False
    purpose: str = ""


def links(act: Act, email_key: str, network: str, mails: Sequence[LinkMail]) -> None:
    """Mail what somebody asked for to this address, in one turn together: that of the last. Over the limit none go."""
    turn = _turn(act, mails[-1].kind, email_key, network=network)
    if turn.is_over:
        return
    taken = turn.take()
    for mail in mails:
        payload = LinkPayload(act.now, mail.to_child, mail.purpose)
        about = About(act.controller, mail.subject.id, mail.notice.hash)
        enqueue(act, mail.kind, payload, about, due_at=turn.due, turn=taken)
    limits.count_of_controller(act)


def opted_out(act: Act, subject: Subject, notice: Notice, to_child: bool) -> None:
    """Tell who reads at an address that forms mail it no more: somebody else may have had the link."""
    enqueue(act, OPTED_OUT, OptedOutPayload(act.now, to_child), About(act.controller, subject.id, notice.hash))


def lift(act: Act, subject_id: str, to_child: bool, notice: Notice, digests: Digests, since: str) -> None:
    """Offer to lift the suppression with these hashes, made at that moment: forms would mail the address again."""
    enqueue(act, LIFT, LiftPayload(act.now, digests, since, to_child), About(act.controller, subject_id, notice.hash))


def receipt(act: Act, request: Request, granted: list[Consent], refused: list[str]) -> None:
    """Mail the proof of a yes, with the link that stops it, and to which purposes it was a no."""
    payload = DecisionPayload(act.now, tuple(consent.purpose for consent in granted), tuple(refused))
    enqueue(act, RECEIPT, payload, _about(request))


def plus(act: Act, request: Request, notice_hash: str, granted: list[str], refused: list[str]) -> None:
    """Mail a parent what was decided and how to undo it, a day later: whoever has lost a mailbox by then notices."""
    payload = DecisionPayload(act.now, tuple(granted), tuple(refused))
    about = replace(_about(request), notice_hash=notice_hash)
    enqueue(act, MAIL_PLUS, payload, about, due_at=act.ctx.settings.MAIL_PLUS_AFTER.after(act.now))


def child_address(act: Act, request: Request, email_key: str) -> None:
    """Ask a child whether an address is its own, within the limits: anybody may have typed it.

    Over the limit the mail waits, unless the time to answer is over by then.
    """
    turn = _turn(act, CHILD_ADDRESS, email_key, request.form)
    if turn.due < request.expires_at:
        enqueue(act, CHILD_ADDRESS, Payload(act.now), _about(request), due_at=turn.due, turn=turn.take())


def child_receipt(act: Act, request: Request) -> None:
    """Tell a child that mails come to its address from now on, and how to stop them."""
    enqueue(act, CHILD_RECEIPT, Payload(act.now), _about(request))


def child_not_asked(act: Act, child: Subject, notice: Notice) -> None:
    """Tell a child, once in 24 hours, that no parent is asked at its address."""
    key = child.child_email_key
    turn = _turn(act, CHILD_NOT_ASKED, key)
    if turn.due <= act.stored_at and not suppressions.wants_no_mail(act.connection, act.controller, key):
        about = About(act.controller, child.id, notice.hash, notice.form)
        enqueue(act, CHILD_NOT_ASKED, Payload(act.now), about, turn=turn.take())


def of_age(act: Act, subject: Subject, running: list[Consent]) -> None:
    """Tell a child that from this month on it decides itself, by its own address or else through its parent."""
    to_child = subject.child_confirmed
    seen = _seen(act, running, to_child)
    request = requests.with_id(act.connection, running[-1].request_id)
    payload = OfAgePayload(act.now, seen, request.site if request else "")
    kind = CHILD_OF_AGE if to_child else GUARDIAN_OF_AGE
    enqueue(act, kind, payload, About(act.controller, subject.id, seen[-1][0]))


def _seen(act: Act, chosen: list[Consent], by_child: bool = False) -> tuple[Seen, ...]:
    """The purposes of consents, each with the notice that was read."""
    return tuple(
        (notice_choice.of_consent(act.ctx, act.connection, consent, by_child), consent.purpose) for consent in chosen
    )


def renewal(act: Act, subject: Subject, request: Request, consent: Consent) -> None:
    """Mail the question whether a consent still holds."""
    enqueue(act, GUARDIAN_RENEWAL if subject.is_child else RENEWAL, Payload(consent.since), _about(request))


def consents_ended(
    act: Act,
    kind: MailKind[EndedPayload],
    subject: Subject,
    notice_hash: str,
    ended: list[Consent],
    running: list[Consent],
) -> None:
    """Mail the proof that consents ended: WITHDRAWN, or OBJECTED after an objection to direct marketing.

    A child with an address of its own is told too, whoever said stop.
    """
    payload = EndedPayload(act.now, _seen(act, ended), _seen(act, running))
    enqueue(act, kind, payload, About(act.controller, subject.id, notice_hash))
    if subject.child_confirmed and ended:
        seen, still = (_seen(act, chosen, by_child=True) for chosen in (ended, running))
        enqueue(act, CHILD_STOPPED, EndedPayload(act.now, seen, still), About(act.controller, subject.id, seen[0][0]))


def interest_objected(act: Act, subject: Subject, notice_hash: str, purpose: str) -> None:
    """Mail the person the proof of an objection that the controller has to weigh (GDPR art. 21(1))."""
    enqueue(act, INTEREST_OBJECTED, InterestPayload(act.now, purpose), About(act.controller, subject.id, notice_hash))
