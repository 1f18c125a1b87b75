"""The second half of double opt-in: the page behind the mailed link, and the yes or no that its buttons give."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from sqlalchemy import Connection

from ..domain.address import mailbox
from ..domain.consent import RequestStatus, Status, may
from ..domain.evidence import DecidedBy, Kind
from ..domain.notice import Notice
from ..storage import consents, requests, subjects, suppressions
from ..storage.notices import StoredNotice
from ..storage.requests import Request, RequestKind
from ..storage.subjects import Subject
from . import childs_address, events, lifecycle, mailing, notice_choice, siblings, tokens
from .act import Act
from .context import Context, UnknownLink
from .decisions import DecisionRecorder, states_now, unsigned
from .tokens import LinkExpired


class ConfirmationState(Enum):
    """What the page behind a confirmation link has to say."""

    OPEN = auto()
    CONFIRMED = auto()
    DELETED = auto()
    ENDED = auto()
    OF_A_CHILD = auto()
    """A parent's request that waits at an address which a child below the age has said to be its own since."""


@dataclass(frozen=True)
class ConfirmationView:
    """A request as its page shows it. `purposes` maps each purpose to its state; `stopped_at` is set when it ended.

    `child` is for whom a parent has filled in the form, and None where the person answers for herself. `filled` is what
    was filled in, by field, while the answer is awaited.
    """

    state: ConfirmationState
    stored: StoredNotice
    request: Request
    purposes: dict[str, Status]
    stopped_at: datetime | None = None
    withdraw_token: str = ""
    child: Subject | None = None
    filled: Mapping[str, str] = field(default_factory=dict)


def view(ctx: Context, token: str) -> ConfirmationView:
    """What the link leads to. Changes nothing, however often it is called.

    Raises:
        UnknownLink: when the token is not one of ours.
        LinkExpired: when it is, but too late.
    """
    with ctx.database.read() as connection:
        return _view(ctx, connection, *tokens.request_of(ctx, connection, ctx.signing.confirm, token))


def confirm(ctx: Context, token: str, explicit: Collection[str], without: Collection[str] = ()) -> ConfirmationView:
    """Grant what the page lists, but for the purposes in `without`, to which it is a no: they run no longer either.

    The statement of each special category that is granted has to be ticked again in `explicit`, and only such a
    purpose, beside others, can be in `without`: else nothing is recorded and the view is still open. A second yes, or
    a yes after a no, a stop or the deadline, changes nothing. Raises like `view`.
    """
    with tokens.open_act_on_request(ctx, ctx.signing.confirm, token) as (act, request, subject):
        is_of_a_child = _is_of_a_child(act.ctx, act.connection, request, subject)
        if request.waits_for(RequestStatus.REQUESTED, act.now) and not is_of_a_child:
            notice = act.ctx.notice(act.connection, request.notice_hash).notice
            agreed = [purpose for purpose in asked(request) if purpose not in without]
            may_go = set(without) <= set(can_be_left_out(notice, request)) and (agreed or not without)
            if may_go and not unsigned(notice, agreed, explicit):
                return _grant(act, request, subject, agreed)
        return _view(act.ctx, act.connection, request, subject)


def asked(request: Request) -> list[str]:
    """The purposes of a request that still wait for the answer."""
    return [purpose for purpose, status in request.purposes.items() if may(status, Status.GRANTED)]


def can_be_left_out(notice: Notice, request: Request) -> list[str]:
    """The purposes that can get a no while the others of the request get a yes: special categories beside others."""
    waiting = asked(request)
    return [purpose for purpose in waiting if notice.purpose(purpose).statement] if len(waiting) > 1 else []


def refuse(ctx: Context, token: str) -> ConfirmationView:
    """Delete a request that waits, and all that was filled in for it. Raises like `view`."""
    with tokens.open_act_on_request(ctx, ctx.signing.confirm, token) as (act, request, subject):
        if request.waits_for(RequestStatus.REQUESTED, act.now):
            if subject is None:
                raise UnknownLink
            answer = DecisionRecorder(act, subject, request, request.notice_hash)
            if request.kind == RequestKind.ADDRESS:
                lifecycle.close_address(act, request, RequestStatus.REFUSED)
            else:
                answer.refuse_all()
            if request.kind == RequestKind.RENEWAL:
                answer.end_running(request.purposes)
            lifecycle.forget_if_unneeded(act, subject)
            request, subject = tokens.reload(act, request)
        return _view(act.ctx, act.connection, request, subject)


def _is_of_a_child(ctx: Context, connection: Connection, request: Request, subject: Subject | None) -> bool:
    """Whether a parent is asked at an address that a child below the age has said to be its own since."""
    if subject is None or not request.is_by_guardian:
        return False
    return childs_address.is_childs(connection, request.controller, subject.email_key, ctx.clock())


def _view(ctx: Context, connection: Connection, request: Request, subject: Subject | None) -> ConfirmationView:
    view = _view_of_request(ctx, connection, request, subject)
    return replace(view, child=_child(connection, request, subject))


def _child(connection: Connection, request: Request, subject: Subject | None) -> Subject | None:
    return siblings.told_apart(connection, subject) if subject is not None and request.is_by_guardian else None


def _view_of_request(
    ctx: Context, connection: Connection, request: Request, subject: Subject | None
) -> ConfirmationView:
    stored = ctx.notice(connection, request.notice_hash)
    is_late = request.status == RequestStatus.REQUESTED and not request.waits_for(RequestStatus.REQUESTED, ctx.clock())
    if is_late or request.status == RequestStatus.LAPSED:
        raise LinkExpired(stored, request.kind)
    if request.kind == RequestKind.ADDRESS:
        return _view_of_address(connection, request, stored, subject)
    if request.status == RequestStatus.REQUESTED and _is_of_a_child(ctx, connection, request, subject):
        child = notice_choice.of_child(ctx, connection, request.notice_hash)
        return ConfirmationView(ConfirmationState.OF_A_CHILD, child, request, {})
    if request.status == RequestStatus.REQUESTED:
        filled = requests.fields(connection, request.id) if request.kind == RequestKind.FORM else {}
        return ConfirmationView(ConfirmationState.OPEN, stored, request, request.purposes, filled=filled)
    if request.status == RequestStatus.REFUSED and request.kind != RequestKind.RENEWAL:
        return ConfirmationView(ConfirmationState.DELETED, stored, request, request.purposes)
    if request.status in (RequestStatus.WITHDRAWN, RequestStatus.REFUSED):
        return ConfirmationView(ConfirmationState.ENDED, stored, request, request.purposes, request.decided_at)
    states, stopped_at = states_now(connection, request)
    token = subject.withdraw_token if subject else ""
    if stopped_at and Status.GRANTED not in states.values():
        return ConfirmationView(ConfirmationState.ENDED, stored, request, states, stopped_at, token)
    return ConfirmationView(ConfirmationState.CONFIRMED, stored, request, states, stopped_at, token)


def _view_of_address(
    connection: Connection, request: Request, stored: StoredNotice, subject: Subject | None
) -> ConfirmationView:
    """The page of a child's own address: it is about what the parent allowed, as far as that still runs."""
    running = [known for known in consents.granted(connection, request.subject_id) if known.form == request.form]
    states = dict.fromkeys((consent.purpose for consent in running), Status.GRANTED)
    if subject is None or not running or request.status == RequestStatus.WITHDRAWN:
        return ConfirmationView(ConfirmationState.ENDED, stored, request, {}, request.decided_at)
    if request.status == RequestStatus.REFUSED:
        return ConfirmationView(ConfirmationState.DELETED, stored, request, states)
    state = ConfirmationState.OPEN if request.status == RequestStatus.REQUESTED else ConfirmationState.CONFIRMED
    return ConfirmationView(state, stored, request, states, withdraw_token=subject.child_token)


def _grant(act: Act, request: Request, subject: Subject | None, agreed: Collection[str]) -> ConfirmationView:
    if subject is None:
        raise UnknownLink
    who = DecidedBy.SELF if request.kind == RequestKind.ADDRESS else subject.decided_by
    events.record(act, subject, Kind.CONFIRMED, decided_by=who, request=request)
    if request.kind == RequestKind.ADDRESS:
        _use_childs_address(act, request, subject)
        return _view(act.ctx, act.connection, *tokens.reload(act, request))
    answer = DecisionRecorder(act, subject, request, request.notice_hash)
    refused = [purpose for purpose in asked(request) if purpose not in agreed]
    request, granted = answer.answer(agreed)
    if refused:
        answer.end_running(refused)
    if len(granted) < len(request.purposes):
        lifecycle.keep_only_needed(act, request.id, consents.granted(act.connection, subject.id))
    if granted and request.is_by_guardian:
        mailing.plus(act, request, request.notice_hash, [consent.purpose for consent in granted], refused)
    elif granted:
        mailing.receipt(act, request, granted, refused)
    return ConfirmationView(
        ConfirmationState.CONFIRMED,
        act.ctx.notice(act.connection, request.notice_hash),
        request,
        request.purposes,
        withdraw_token=subject.withdraw_token,
        child=_child(act.connection, request, subject),
    )


def _use_childs_address(act: Act, request: Request, subject: Subject) -> None:
    requests.close(act.connection, request.id, RequestStatus.CONFIRMED, act.now)
    subjects.confirm_child_email(act.connection, subject.id)
    if subject.decides_from is not None:
        box = mailbox(subject.child_email_key)
        suppressions.add(act.connection, subject.controller, suppressions.CHILD, box, subject.decides_from)
    mailing.child_receipt(act, request)
