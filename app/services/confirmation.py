"""The second opt-in: the page behind the mailed link, and the yes or no that its buttons give."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from sqlalchemy import Connection

from ..domain.consent import Status, may
from ..domain.evidence import DecidedBy, Kind
from ..domain.notice import NoticePurpose
from ..signing import BadToken
from ..storage import consents, ledger, requests, subjects, suppressions
from ..storage.consents import Consent
from ..storage.notices import StoredNotice
from ..storage.requests import Request
from ..storage.subjects import Subject
from . import endings, events, mailing, renewal
from .kit import Kit, UnknownLink


class State(Enum):
    """What the page behind a confirmation link has to say."""

    OPEN = auto()
    CONFIRMED = auto()
    DELETED = auto()
    STOPPED = auto()


class LinkExpired(Exception):
    """A link is genuine, but nobody answered in time. `stored` is the notice of its form."""

    def __init__(self, stored: StoredNotice) -> None:
        super().__init__()
        self.stored = stored


@dataclass(frozen=True)
class View:
    """A request as its page shows it. `purposes` maps each purpose to its state; `stopped_at` is set when it ended."""

    state: State
    stored: StoredNotice
    request: Request
    purposes: dict[str, Status]
    stopped_at: datetime | None = None
    withdraw_token: str = ""


def view(kit: Kit, token: str) -> View:
    """What the link leads to. Changes nothing, however often it is called.

    Raises:
        UnknownLink: when the token is not one of ours.
        LinkExpired: when it is, but too late.
    """
    with kit.database.read() as connection:
        return _view(kit, connection, _find(kit, connection, token))


def confirm(kit: Kit, token: str, explicit: Collection[str]) -> View:
    """Grant what the page lists; a special category only where its statement is ticked again in `explicit`.

    A second yes, or a yes after a no, a stop or the deadline, changes nothing. Raises like `view`.
    """
    with kit.database.write() as connection:
        request = _locked(kit, connection, token)
        if _is_open(kit, request):
            _grant(kit, connection, request, explicit)
            request = _find(kit, connection, token)
        return _view(kit, connection, request)


def refuse(kit: Kit, token: str) -> View:
    """Delete a request that waits, and all that was filled in for it. Raises like `view`."""
    with kit.database.write() as connection:
        request = _locked(kit, connection, token)
        if _is_open(kit, request):
            now = kit.clock()
            subject = subjects.with_id(connection, request.subject)
            for purpose, status in request.purposes.items():
                if may(status, Status.REFUSED) and subject is not None:
                    _refuse_one(connection, subject, request, purpose, now)
            requests.close(connection, request.id, Status.REFUSED, now)
            requests.forget_fields(connection, request.id)
            if subject is not None and request.renews:
                renewal.stop(kit, connection, subject, request)
            if subject is not None:
                endings.forget_if_unneeded(connection, subject, now)
            request = _find(kit, connection, token)
        return _view(kit, connection, request)


def _find(kit: Kit, connection: Connection, token: str) -> Request:
    try:
        request_id, _ = kit.signing.confirm.read(token)
    except BadToken:
        raise UnknownLink from None
    request = requests.with_id(connection, request_id)
    if request is None:
        raise UnknownLink
    return request


def _locked(kit: Kit, connection: Connection, token: str) -> Request:
    """The request with the chain of its controller locked; it may have been answered before the lock was ours."""
    ledger.lock(connection, _find(kit, connection, token).controller)
    return _find(kit, connection, token)


def _is_open(kit: Kit, request: Request) -> bool:
    return request.status == Status.REQUESTED and request.expires_at > kit.clock()


def _view(kit: Kit, connection: Connection, request: Request) -> View:
    stored = kit.notice(connection, request.notice)
    if request.status == Status.LAPSED or (request.status == Status.REQUESTED and not _is_open(kit, request)):
        raise LinkExpired(stored)
    if request.status == Status.REQUESTED:
        return View(State.OPEN, stored, request, request.purposes)
    if request.status == Status.REFUSED and not request.renews:
        return View(State.DELETED, stored, request, request.purposes)
    if request.status in (Status.WITHDRAWN, Status.REFUSED):
        return View(State.STOPPED, stored, request, request.purposes, request.decided_at)
    subject = subjects.with_id(connection, request.subject)
    states, stopped = dict(request.purposes), []
    for purpose, state in request.purposes.items():
        if state != Status.GRANTED:
            continue
        consent = consents.find(connection, request.subject, request.form, purpose)
        if consent is None:
            raise UnknownLink  # it was erased since, so there is no choice left that could stand
        if consent.status != Status.GRANTED:
            states[purpose] = consent.status
            stopped.append(consent.since)
    token = subject.withdraw_token if subject else ""
    if stopped and Status.GRANTED not in states.values():
        return View(State.STOPPED, stored, request, states, max(stopped), token)
    return View(State.CONFIRMED, stored, request, states, max(stopped, default=None), token)


def _grant(kit: Kit, connection: Connection, request: Request, explicit: Collection[str]) -> None:
    now = kit.clock()
    subject = subjects.with_id(connection, request.subject)
    if subject is None:
        raise UnknownLink
    notice = kit.notice(connection, request.notice).notice
    events.record(connection, subject, Kind.CONFIRMED, now, decided_by=DecidedBy.SELF, request=request)
    requests.close(connection, request.id, "confirmed", now)
    granted = []
    for purpose_id, status in request.purposes.items():
        if not may(status, Status.GRANTED):
            continue
        purpose = notice.purpose(purpose_id)
        if purpose.statement and purpose_id not in explicit:
            _refuse_one(connection, subject, request, purpose_id, now)
        elif consent := _grant_one(kit, connection, subject, request, purpose, now):
            granted.append(consent)
    endings.keep_only_needed(kit, connection, subject.id, request.id)
    if granted:
        mailing.receipt(connection, request, granted, now)
    endings.forget_if_unneeded(connection, subject, now)


def _grant_one(
    kit: Kit, connection: Connection, subject: Subject, request: Request, purpose: NoticePurpose, now: datetime
) -> Consent | None:
    """A yes to one purpose; None where another link was confirmed for it meanwhile: that yes stands as it was given."""
    requests.decide(connection, request.id, purpose.id, Status.GRANTED)
    before = consents.find(connection, subject.id, request.form, purpose.id)
    if before is not None and before.status == Status.GRANTED and not request.renews:
        return None
    events.record(
        connection, subject, Kind.GRANTED, now, decided_by=DecidedBy.SELF, request=request, purpose=purpose.id
    )
    ends_at = purpose.ends(now)
    consent = Consent(
        subject=subject.id,
        form=request.form,
        purpose=purpose.id,
        controller=request.controller,
        status=Status.GRANTED,
        since=now,
        notice=request.notice,
        request=request.id,
        ends_at=ends_at,
        proof_until=None,
        ask_again_at=renewal.time_to_ask(kit, purpose, ends_at),
    )
    consents.grant(connection, consent)
    if before is not None:
        endings.keep_only_needed(kit, connection, subject.id, before.request)
    if purpose.direct_marketing:
        suppressions.lift(connection, subject.controller, suppressions.OBJECTED, subject.email_key)
    return consent


def _refuse_one(connection: Connection, subject: Subject, request: Request, purpose: str, now: datetime) -> None:
    requests.decide(connection, request.id, purpose, Status.REFUSED)
    events.record(connection, subject, Kind.REFUSED, now, decided_by=DecidedBy.SELF, request=request, purpose=purpose)
