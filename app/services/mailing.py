"""Which mails go out: acts put them in the outbox here, and `sending` takes them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..domain.notice import Notice
from ..storage import outbox, requests, suppressions
from ..storage.consents import Consent
from ..storage.database import rolled_back_unless
from ..storage.requests import Request
from ..storage.subjects import Subject
from ..storage.suppressions import Digests
from . import limits, notice_choice
from .act import Act

FROM_A_FORM = ("confirm", "already_granted", "guardian_asks", "guardian_again")
"""The mails that anybody can set off by filling in a form."""

TO_A_CHILD = ("child_not_asked",)
"""The mail that anybody can set off by giving a child's own address as that of its parent."""

CHILD_STOPPED = "child_stopped"
"""The last mail to a child's own address, where nothing runs any more."""

_WAITING = 3
"""Questions that wait for their turn for one mailbox and form, each about another child; the next replaces the last."""


@dataclass(frozen=True)
class Asked:
    """What became of a question: whether its mail goes, and the request whose mail it took the place of, if any.

    `is_flood` is what `limits.count_of_controller` returned.
    """

    goes: bool
    replaced: str = ""
    is_flood: bool = False


@dataclass(frozen=True)
class Question:
    """What a person is asked by mail: a request, by its id, or nothing but to see what was granted before.

    `already` are the purposes that were granted before, `site` is where the form stood, `network` whose visitor sent
    it. `is_new` is False where the same request waits already.
    """

    request_id: str
    is_new: bool
    already: list[str]
    site: str
    network: str


def ask(act: Act, subject: Subject, notice: Notice, question: Question) -> Asked:
    """Mail a person what there is to answer, within the limits. A repeat over the limit is dropped.

    The first mail of a new request waits for its turn instead; of those that wait, only the newest is sent.
    """
    again, first = ("guardian_again", "guardian_asks") if subject.is_child else ("already_granted", "confirm")
    kind = again if question.already else first
    data = {"already": question.already, "site": question.site, "at": act.now.isoformat()}
    form = f"{notice.controller}/{notice.form}"
    if (
        act.kit.limited
        and question.request_id
        and not question.is_new
        and outbox.is_queued(act.connection, subject.id, question.request_id)
    ):
        return Asked(False)  # somebody has clicked twice, and the mail has not gone yet
    turn = limits.MailQuota(act, subject.email_key, form, question.network)
    if turn.is_over:
        if not question.is_new:
            return Asked(False)
        waiting = outbox.waiting(act.connection, turn.digests, act.now)
        own = [mail for mail in waiting if mail.subject == subject.id]
        if own or len(waiting) >= _WAITING:
            other = own[0] if own else waiting[-1]
            if outbox.replace(act.connection, other.id, kind, subject.id, question.request_id, notice.hash, data):
                return Asked(True, other.request)
    outbox.add(
        act.connection,
        turn=turn.take(),
        kind=kind,
        controller=notice.controller,
        form=notice.form,
        subject=subject.id,
        request=question.request_id,
        notice=notice.hash,
        data=data,
        now=act.now,
        due_at=turn.due,
        waits_for=turn.digests[0] if turn.due > act.now else None,
    )
    return Asked(True, is_flood=limits.count_of_controller(act))


@dataclass(frozen=True)
class LinkMail:
    """A mail with links that somebody asked for: of kind `link` or `object_link`. There is none without a `subject`.

    `to_child` is whether it goes to a child's own address, and not to that of who decides. `purpose` is the id of what
    they want to object to.
    """

    kind: str
    subject: Subject | None
    notice: Notice
    to_child: bool = False
    purpose: str = ""


def links(act: Act, email_key: str, network: str, mails: Sequence[LinkMail]) -> bool:
    """Mail what somebody asked for to this address; together it is one turn, that of the last. Over the limit none go.

    Where there is none to mail it is counted all the same, and takes as much work. Returns whether the controller's
    forms and links set off too many mails in this hour (see `limits.count_of_controller`).
    """
    controller = mails[-1].notice.controller
    what = f"{controller}/{mails[-1].kind}"
    turn = limits.MailQuota(act, email_key, what, network=network, own_budget=True)
    if turn.is_over:
        return False
    taken = turn.take()
    for mail in mails:
        with rolled_back_unless(act.connection, mail.subject is not None):
            outbox.add(
                act.connection,
                turn=taken,
                kind=mail.kind,
                controller=controller,
                subject=mail.subject.id if mail.subject else "",
                notice=mail.notice.hash,
                data={"at": act.now.isoformat(), "to_child": mail.to_child, "purpose": mail.purpose},
                now=act.now,
                due_at=turn.due,
            )
    return limits.count_of_controller(act)


def lift(act: Act, subject_id: str, to_child: bool, notice: Notice, digests: Digests, since: str) -> None:
    """Offer to lift the mark with these hashes, made at that moment: forms would mail the address again."""
    outbox.add(
        act.connection,
        kind="lift",
        controller=notice.controller,
        subject=subject_id,
        notice=notice.hash,
        data={"digests": digests, "since": since, "to_child": to_child, "at": act.now.isoformat()},
        now=act.now,
    )


def receipt(act: Act, request: Request, granted: list[Consent], refused: list[str]) -> None:
    """Mail the proof of a yes, with the link that stops it, and to which purposes it was a no."""
    outbox.add(
        act.connection,
        kind="receipt",
        controller=request.controller,
        form=request.form,
        subject=request.subject,
        request=request.id,
        notice=request.notice,
        data={"granted": [consent.purpose for consent in granted], "refused": refused, "at": act.now.isoformat()},
        now=act.now,
    )


def plus(act: Act, request: Request, notice: str, granted: list[str], refused: list[str]) -> None:
    """Mail a parent what was decided and how to undo it, a day later: whoever has lost a mailbox by then notices."""
    outbox.add(
        act.connection,
        kind="mail_plus",
        controller=request.controller,
        form=request.form,
        subject=request.subject,
        request=request.id,
        notice=notice,
        data={"granted": granted, "refused": refused, "at": act.now.isoformat()},
        now=act.now,
        due_at=act.kit.settings.MAIL_PLUS_AFTER.after(act.now),
    )


def child_address(act: Act, request: Request, email_key: str) -> None:
    """Ask a child whether an address is its own, within the limits: anybody may have typed it.

    Over the limit the mail waits, unless the time to answer is over by then.
    """
    turn = limits.MailQuota(act, email_key, f"{request.controller}/{request.form}")
    if turn.due < request.expires_at:
        _to_child(act, "child_address", request, turn.due, turn.take())


def child_receipt(act: Act, request: Request) -> None:
    """Tell a child that mails come to its address from now on, and how to stop them."""
    _to_child(act, "child_receipt", request)


def child_not_asked(act: Act, child: Subject | None, email_key: str, notice: Notice) -> None:
    """Tell a child, once in 24 hours, that no parent is asked at its address. Where there is no such child none goes.

    What the time of an answer could tell is evened out: for any other address the same is written, and undone.
    """
    key = child.child_email_key if child else email_key
    wants_none = suppressions.wants_no_mail(act.connection, notice.controller, key)
    turn = limits.MailQuota(act, key, f"{notice.controller}/child_not_asked", per_day=1)
    with rolled_back_unless(act.connection, child is not None and turn.due <= act.now and not wants_none):
        outbox.add(
            act.connection,
            turn=turn.take(),
            kind="child_not_asked",
            controller=notice.controller,
            form=notice.form,
            subject=child.id if child else "",
            notice=notice.hash,
            data={"at": act.now.isoformat()},
            now=act.now,
        )


def _to_child(
    act: Act, kind: str, request: Request, due_at: datetime | None = None, turn: list[int] | None = None
) -> None:
    outbox.add(
        act.connection,
        turn=turn,
        kind=kind,
        controller=request.controller,
        form=request.form,
        subject=request.subject,
        request=request.id,
        notice=request.notice,
        data={"at": act.now.isoformat()},
        now=act.now,
        due_at=due_at,
    )


def of_age(act: Act, subject: Subject, running: list[Consent]) -> None:
    """Tell a child that from this month on it decides itself, by its own address or else through its parent."""
    to_child = subject.child_confirmed
    seen = _seen(act.connection, running, to_child)
    request = requests.with_id(act.connection, running[-1].request)
    outbox.add(
        act.connection,
        kind="child_of_age" if to_child else "guardian_of_age",
        controller=subject.controller,
        subject=subject.id,
        notice=seen[-1][0],
        data={"running": seen, "site": request.site if request else "", "at": act.now.isoformat()},
        now=act.now,
    )


def _seen(connection: Connection, chosen: list[Consent], by_child: bool = False) -> list[list[str]]:
    """The purposes of consents, each with the notice that was read."""
    return [[notice_choice.of_consent(connection, consent, by_child), consent.purpose] for consent in chosen]


def renewal(act: Act, subject: Subject, request: Request, consent: Consent) -> None:
    """Mail the question whether a consent still holds."""
    outbox.add(
        act.connection,
        kind="guardian_renewal" if subject.is_child else "renewal",
        controller=request.controller,
        form=request.form,
        subject=request.subject,
        request=request.id,
        notice=request.notice,
        data={"at": consent.since.isoformat()},
        now=act.now,
    )


def consents_ended(
    act: Act, kind: str, subject: Subject, notice: str, ended: list[Consent], running: list[Consent]
) -> None:
    """Mail the proof of a stop: `withdrawn`, or `objected` after an objection to direct marketing.

    A child with an address of its own is told too, whoever said stop.
    """
    _consents_ended(act, kind, subject, notice, _seen(act.connection, ended), _seen(act.connection, running))
    if subject.child_confirmed and ended:
        seen = _seen(act.connection, ended, by_child=True)
        still = _seen(act.connection, running, by_child=True)
        _consents_ended(act, CHILD_STOPPED, subject, seen[0][0], seen, still)


def _consents_ended(
    act: Act, kind: str, subject: Subject, notice: str, ended: list[list[str]], running: list[list[str]]
) -> None:
    outbox.add(
        act.connection,
        kind=kind,
        controller=subject.controller,
        subject=subject.id,
        notice=notice,
        data={"ended": ended, "running": running, "at": act.now.isoformat()},
        now=act.now,
    )


def interest_objected(act: Act, subject: Subject, notice: str, purpose: str) -> None:
    """Mail the person the proof of an objection that the controller has to weigh (GDPR art. 21(1))."""
    outbox.add(
        act.connection,
        kind="interest_objected",
        controller=subject.controller,
        subject=subject.id,
        notice=notice,
        data={"purpose": purpose, "at": act.now.isoformat()},
        now=act.now,
    )
