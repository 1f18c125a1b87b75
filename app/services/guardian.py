"""A parent decides for a child: the page behind the mailed link, and what each of its buttons does (GDPR art. 8)."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto

from sqlalchemy import Connection

from ..domain.address import Address, mailbox
from ..domain.consent import RequestStatus, Status, may
from ..storage import consents, outbox, requests, subjects, suppressions
from ..storage.notices import StoredNotice
from ..storage.requests import NewRequest, Request, RequestKind
from ..storage.subjects import Subject
from . import childs_address, intake, lifecycle, mail_kinds, mailing, notice_choice, siblings, tokens
from .act import Act
from .context import Context
from .decisions import DecisionRecorder, states_now, unsigned
from .tokens import LinkExpired


class GuardianState(Enum):
    """What the page behind a parent's link has to say."""

    OPEN = auto()
    DECIDED = auto()
    DELETED = auto()
    ENDED = auto()
    OF_A_CHILD = auto()
    """It waits at an address that a child below the age has said to be its own: that child can decide nothing."""


@dataclass(frozen=True)
class GuardianView:
    """A child's request as the page behind the link shows it.

    `stored` is what the parent reads, `child` what the child read; where `state` is OF_A_CHILD both are the child's.
    `child_name` is set while there is something to decide, `about` is for whom it is or was decided. `withdraw_token`
    undoes what was allowed. `child_asked` is whether the child was asked if an address is its own and has not answered.
    """

    state: GuardianState
    stored: StoredNotice
    child: StoredNotice
    request: Request
    purposes: dict[str, Status]
    email_key: str = ""
    child_name: str = ""
    about: Subject | None = None
    withdraw_token: str = ""
    child_asked: bool = False


@dataclass(frozen=True)
class GuardianDecision:
    """What a parent sent: the notice that the page showed, what is allowed, and what was filled in.

    `explicit` holds the purposes of a special category whose statement was ticked again.
    """

    notice_hash: str
    purposes: Collection[str]
    explicit: Collection[str] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    child_email: Address | None = None


def view(ctx: Context, token: str) -> GuardianView:
    """What the link leads to. Changes nothing, however often it is called.

    Raises:
        UnknownLink: when the token is not one of ours.
        LinkExpired: when it is, but too late.
    """
    with ctx.database.read() as connection:
        return _view(ctx, connection, *tokens.request_of(ctx, connection, ctx.signing.guardian, token))


def decide(ctx: Context, token: str, decision: GuardianDecision) -> GuardianView:
    """Allow these purposes, no more than the child wished, and refuse the others. Raises like `view`.

    Beside a yes a no ends what was allowed before, too; a no to everything is one to what was asked now. No second mail
    repeats that: nothing is left to undo, and the address would be kept for it (GDPR art. 5(1)(c)).

    Where the statement of one of them is not ticked, nothing is recorded and the view is still open. A second answer,
    one after a no, a stop or the deadline, or one by a child itself changes nothing.
    """
    with _open_act(ctx, token) as (act, request, subject):
        if subject and _can_decide(act, request, subject):
            notice = act.ctx.notice(act.connection, decision.notice_hash).notice
            allowed = [purpose for purpose in request.purposes if purpose in decision.purposes]
            if not unsigned(notice, allowed, decision.explicit):
                _decide(act, subject, request, decision)
                request, subject = tokens.reload(act, request)
        return _view(act.ctx, act.connection, request, subject)


def refuse(ctx: Context, token: str, notice_hash: str) -> GuardianView:
    """No to everything. Raises like `view`."""
    return decide(ctx, token, GuardianDecision(notice_hash, ()))


def not_mine(ctx: Context, token: str) -> GuardianView:
    """This is not my child: delete all that waits for an answer about it, and mail nothing more. Raises like `view`.

    What was allowed before stays, and so do the mails about it.
    """
    with _open_act(ctx, token) as (act, request, subject):
        if subject and _can_decide(act, request, subject):
            for waiting in requests.waiting(act.connection, subject.id):
                if waiting.kind == RequestKind.FORM:
                    DecisionRecorder(act, subject, waiting, "").refuse_all()
            known = consents.of_subject(act.connection, subject.id)
            outbox.drop(act.connection, subject.id, mail_kinds.opting_out(by_child=False) if known else None, act.now)
            lifecycle.forget_if_unneeded(act, subject)
            request, subject = tokens.reload(act, request)
        return _view(act.ctx, act.connection, request, subject)


@contextmanager
def _open_act(ctx: Context, token: str) -> Iterator[tuple[Act, Request, Subject | None]]:
    """Begin an act on the request that the link names. What waits of that mailbox is taken first."""
    with tokens.open_act_on_request(ctx, ctx.signing.guardian, token) as (act, request, subject):
        if subject and intake.take_first(act, subject):
            request, subject = tokens.reload(act, request)
        yield act, request, subject


def _can_decide(act: Act, request: Request, subject: Subject) -> bool:
    """Whether anything still waits about this child, and no child reads the link."""
    waits = request.waits_for(RequestStatus.AWAITING_GUARDIAN, act.now)
    return waits and not _is_of_a_child(act.ctx, act.connection, subject)


def _is_of_a_child(ctx: Context, connection: Connection, subject: Subject) -> bool:
    """Whether a child below the age has said since that the address which is to decide is its own."""
    return childs_address.is_childs(connection, subject.controller, subject.email_key, ctx.clock())


def _decide(act: Act, subject: Subject, request: Request, decision: GuardianDecision) -> None:
    notice = act.ctx.notice(act.connection, decision.notice_hash).notice
    child = act.ctx.notice(act.connection, request.notice_hash).notice
    answer = DecisionRecorder(act, subject, request, decision.notice_hash)
    asked = [purpose for purpose, status in request.purposes.items() if may(status, Status.GRANTED)]
    granted = [purpose for purpose in asked if purpose in decision.purposes]
    refused = [purpose for purpose in asked if purpose not in decision.purposes]
    answer.answer(granted, is_joint=child.joint and request.kind == RequestKind.FORM)
    if granted or request.kind == RequestKind.RENEWAL:
        answer.end_running(refused)
    if granted and request.kind == RequestKind.FORM:
        used = notice.fields_for(granted)
        filled = {name: value for name, value in decision.fields.items() if name in used and value}
        requests.keep_fields(act.connection, request.id, filled)
        if decision.child_email is not None:
            _ask_child(act, subject, request, decision.child_email)
    lifecycle.keep_only_needed(act, request.id, consents.granted(act.connection, subject.id))
    if granted:
        mailing.plus(act, request, decision.notice_hash, granted, refused)
    lifecycle.forget_if_unneeded(act, subject)


def _ask_child(act: Act, subject: Subject, request: Request, address: Address) -> None:
    """Ask the child whether the address is its own; until it says so, the mails go to the parent."""
    if subject.child_confirmed and subject.child_email_key == address.key:
        return
    for waiting in requests.waiting(act.connection, subject.id):
        if waiting.kind == RequestKind.ADDRESS:
            lifecycle.close_address(act, waiting, RequestStatus.WITHDRAWN)
    if subject.child_confirmed:  # the address before was not the child's after all, the parent says
        box = mailbox(subject.child_email_key)
        suppressions.lift(act.connection, subject.controller, suppressions.CHILD, box)
    subjects.set_child_email(act.connection, subject.id, address.email, address.key)
    new = NewRequest(
        subject=subject,
        notice=act.ctx.notice(act.connection, request.notice_hash).notice,
        expires_at=act.ctx.settings.CONFIRM_WITHIN.after(act.now),
        site=request.site,
        kind=RequestKind.ADDRESS,
    )
    asked = requests.add(act.connection, new, act.now)
    mailing.child_address(act, asked, address.key)


def _view(ctx: Context, connection: Connection, request: Request, subject: Subject | None) -> GuardianView:
    child = notice_choice.of_child(ctx, connection, request.notice_hash)
    stored = ctx.notice(connection, child.notice.beside or request.notice_hash)
    waits = request.status == RequestStatus.AWAITING_GUARDIAN
    is_late = waits and not request.waits_for(RequestStatus.AWAITING_GUARDIAN, ctx.clock())
    if is_late or request.status == RequestStatus.LAPSED:
        raise LinkExpired(stored, request.kind)
    if waits and subject is not None and _is_of_a_child(ctx, connection, subject):
        return GuardianView(GuardianState.OF_A_CHILD, child, child, request, {})
    if waits and subject is not None:
        wished: dict[str, Status] = {
            purpose: state for purpose, state in request.purposes.items() if state == Status.AWAITING_GUARDIAN
        }
        name, about = subject.child_name, siblings.told_apart(connection, subject)
        return GuardianView(GuardianState.OPEN, stored, child, request, wished, subject.email_key, name, about)
    if request.status == RequestStatus.WITHDRAWN:
        return GuardianView(GuardianState.ENDED, stored, child, request, request.purposes)
    if subject is None:
        return GuardianView(GuardianState.DELETED, stored, child, request, request.purposes)
    states, stopped_at = states_now(connection, request)
    state = GuardianState.ENDED if stopped_at and Status.GRANTED not in states.values() else GuardianState.DECIDED
    return GuardianView(
        state,
        stored,
        child,
        request,
        states,
        about=siblings.told_apart(connection, subject),
        withdraw_token=subject.withdraw_token,
        child_asked=bool(subject.child_email) and not subject.child_confirmed,
    )
