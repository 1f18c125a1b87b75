"""Consent requests: what was submitted, until it is confirmed, refused or lapsed."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as field_of
from dataclasses import fields as fields_of
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, literal, literal_column, or_, select, update

from ..domain.consent import OPEN, WAITING, Audience, NotAllowed, RequestStatus, Status, sources
from ..domain.notice import Notice
from ..domain.values import changed, made
from .prepared import Prepared, ReadAhead
from .schema import consents, request_fields, request_purposes, requests, subjects
from .subjects import COLUMNS as OF_SUBJECT
from .subjects import Subject, of_row


class RequestKind(StrEnum):
    """Why somebody is asked."""

    FORM = "form"
    """Somebody filled in a form."""
    RENEWAL = "renewal"
    """A consent is about to end."""
    ADDRESS = "address"
    """A parent gave an address for a child, who is asked whether it is its own. Such a request has no purposes."""


# To look a member up by its text takes a tenth of what a call of the enumeration does.
STATUS: dict[str, Status] = {status.value: status for status in Status}
_STATUS: dict[str, RequestStatus] = {status.value: status for status in RequestStatus}
_KIND: dict[str, RequestKind] = {kind.value: kind for kind in RequestKind}


@dataclass(frozen=True)
class Request:
    """A consent request. `status` is what it waits for, or how it ended; `purposes` maps each one to its own state."""

    id: str
    controller: str
    form: str
    subject_id: str
    notice_hash: str
    language: str
    audience: str
    site: str
    status: RequestStatus
    fingerprint: str | None
    requested_at: datetime
    expires_at: datetime
    decided_at: datetime | None
    kind: RequestKind
    purposes: dict[str, Status]

    @property
    def is_by_guardian(self) -> bool:
        """Whether a parent has made it for a child, without the child."""
        return self.audience == Audience.GUARDIAN

    def waits_for(self, status: RequestStatus, now: datetime) -> bool:
        """Whether it can still be answered by whom this status waits for."""
        return self.status == status and self.expires_at > now

    def ended(self, status: RequestStatus, now: datetime, states: Mapping[str, Status]) -> "Request":
        """What it is once `close` was told the same."""
        purposes = {**self.purposes, **states}
        return changed(self, status=status, fingerprint=None, decided_at=now, purposes=purposes)


@dataclass(frozen=True)
class NewRequest:
    """A request to be stored: of whom, about which notice, and until when it waits for an answer.

    `site` is where the form stood, as its sender claims; `fields` is what was filled in, by field. `fingerprint` is a
    keyed hash of all of it, by which the same request is known again.
    """

    subject: Subject
    notice: Notice
    expires_at: datetime
    site: str
    kind: RequestKind = RequestKind.FORM
    purposes: Iterable[str] = ()
    fields: Mapping[str, str] = field_of(default_factory=dict)
    fingerprint: str | None = None

    @property
    def waits_for_guardian(self) -> bool:
        """Whether a parent is still to decide.

        Whether an address is a child's own only that child can say; and a parent who has filled in the form only has
        to confirm it.
        """
        is_confirmed_alone = self.kind == RequestKind.FORM and self.notice.audience == Audience.GUARDIAN
        return self.subject.is_child and self.kind != RequestKind.ADDRESS and not is_confirmed_alone


# Each state is a parameter of its own: SQLAlchemy would write a list anew for each run, and for an `or` SQLite walks
# through everything that waits.
_WAITS = requests.c.status.in_([literal(status) for status in sorted(OPEN)])
"""Requests that wait for an answer."""

_NONE: Mapping[str, Status] = {}
_NAMES = [field.name for field in fields_of(Request) if field.name != "purposes"]
_COLUMNS = [requests.c[name] for name in _NAMES]
_OF_SUBJECT_ONLY = requests.c.subject_id == bindparam("subject_id")
# Each with a row for each of its purposes: to read them one request at a time is a statement for each.
_IN_ORDER = (
    select(*_COLUMNS, request_purposes.c.purpose, request_purposes.c.status.label("state"))
    .outerjoin(request_purposes, request_purposes.c.request_id == requests.c.id)
    .order_by(requests.c.requested_at, requests.c.id, request_purposes.c.purpose)
)
# In one statement: on PostgreSQL a second one would see what another transaction has committed since.
_WITH_ID = Prepared(_IN_ORDER.where(requests.c.id == bindparam("id")))
_WITH_SUBJECT = Prepared(
    _IN_ORDER.add_columns(*OF_SUBJECT)
    .outerjoin(subjects, subjects.c.id == requests.c.subject_id)
    .where(requests.c.id == bindparam("id"))
)
read_ahead = ReadAhead(_WITH_ID, _IN_ORDER, "id", requests.c.id).read
"""Reads several requests at once, for `with_id`."""
_OF_SUBJECT = Prepared(_IN_ORDER.where(_OF_SUBJECT_ONLY))
_NEWEST = (
    select(requests.c.id)
    .where(_OF_SUBJECT_ONLY)
    .order_by(requests.c.requested_at.desc(), requests.c.id.desc())
    .limit(literal_column("1"))
)
_STOOD_ON = select(consents.c.request_id).where(consents.c.subject_id == bindparam("subject_id"))
_STANDING = Prepared(
    _IN_ORDER.where(
        _OF_SUBJECT_ONLY, or_(_WAITS, requests.c.id.in_(_STOOD_ON), requests.c.id == _NEWEST.scalar_subquery())
    )
)
_ANY_WAITING = Prepared(select(requests.c.id).where(_OF_SUBJECT_ONLY, _WAITS).limit(1))
_ANY_ASKS = Prepared(
    select(requests.c.id)
    .join(request_purposes, request_purposes.c.request_id == requests.c.id)
    .where(
        _OF_SUBJECT_ONLY,
        _WAITS,
        requests.c.form == bindparam("form"),
        request_purposes.c.purpose == bindparam("purpose"),
        request_purposes.c.status.in_([literal(status) for status in sorted(WAITING)]),
    )
    .limit(1)
)
# By the fingerprint alone: with a status beside it SQLite would walk through all that waits, of everybody.
_THE_SAME = Prepared(
    select(requests.c.id, requests.c.subject_id, requests.c.status, requests.c.expires_at).where(
        requests.c.fingerprint == bindparam("fingerprint")
    )
)
_NOTICES = Prepared(
    select(requests.c.notice_hash)
    .where(_OF_SUBJECT_ONLY)
    .group_by(requests.c.notice_hash)
    .order_by(func.max(requests.c.requested_at), requests.c.notice_hash)
)
_NEWEST_FIRST = select(requests.c.notice_hash).order_by(requests.c.requested_at.desc(), requests.c.id.desc())
_LAST_NOTICE = Prepared(_NEWEST_FIRST.where(_OF_SUBJECT_ONLY).limit(1))
read_notices_ahead = ReadAhead(_LAST_NOTICE, _NEWEST_FIRST, "subject_id", requests.c.subject_id).read
"""Reads what several data subjects saw at once, for `last_notice_hash`."""
_INSERT = Prepared(insert(requests))
_INSERT_PURPOSES = Prepared(insert(request_purposes))
_INSERT_FIELDS = Prepared(insert(request_fields))
_SAME = update(requests).where(requests.c.id == bindparam("the_request_id"))
_UPDATE = Prepared(_SAME)
_CLOSE = Prepared(_SAME.where(_WAITS))
_SAME_PURPOSE = update(request_purposes).where(
    request_purposes.c.request_id == bindparam("the_request_id"), request_purposes.c.purpose == bindparam("the_purpose")
)
_DECIDE = {
    status: Prepared(_SAME_PURPOSE.where(request_purposes.c.status.in_([literal(old) for old in sources(status)])))
    for status in Status
    if sources(status)
}
"""By the new state, so that the table of `domain.consent` stands in the statement itself and no race gets past it."""
_FILLED_IN = select(request_fields.c.field, request_fields.c.value)
_FIELDS = Prepared(_FILLED_IN.where(request_fields.c.request_id == bindparam("request_id")))
read_fields_ahead = ReadAhead(_FIELDS, _FILLED_IN, "request_id", request_fields.c.request_id).read
"""Reads what was filled in for several requests at once, for `fields`."""
_FORGET = [
    Prepared(delete(table).where(column == bindparam("request_id")))
    for table, column in (
        (request_fields, request_fields.c.request_id),
        (request_purposes, request_purposes.c.request_id),
        (requests, requests.c.id),
    )
]
_FORGET_ALL_FIELDS = Prepared(
    delete(request_fields).where(request_fields.c.request_id.in_(select(requests.c.id).where(_OF_SUBJECT_ONLY)))
)
_FORGET_FIELD = Prepared(
    delete(request_fields).where(
        request_fields.c.request_id == bindparam("request_id"), request_fields.c.field == bindparam("field")
    )
)


def add(connection: Connection, new: NewRequest, now: datetime) -> Request:
    """Add a request that waits for an answer."""
    waits = Status.AWAITING_GUARDIAN if new.waits_for_guardian else Status.REQUESTED
    values = {
        "id": secrets.token_hex(16),
        "controller": new.subject.controller,
        "form": new.notice.form,
        "subject_id": new.subject.id,
        "notice_hash": new.notice.hash,
        "language": new.notice.language,
        "audience": new.notice.audience,
        "site": new.site,
        "status": RequestStatus(waits),
        "fingerprint": new.fingerprint,
        "requested_at": now,
        "expires_at": new.expires_at,
        "decided_at": None,
        "kind": new.kind,
        "purposes": dict.fromkeys(new.purposes, waits),
    }
    request = made(Request, values)
    _INSERT.run(connection, **{name: value for name, value in vars(request).items() if name != "purposes"})
    of_request = {"request_id": request.id}
    rows = [of_request | {"purpose": purpose, "status": state} for purpose, state in request.purposes.items()]
    _INSERT_PURPOSES.run_each(connection, rows)
    keep_fields(connection, request.id, new.fields)
    return request


def with_id(connection: Connection, request_id: str) -> Request | None:
    """The request with this id."""
    return next(iter(_all(connection, _WITH_ID, id=request_id)), None)


def with_subject(connection: Connection, request_id: str) -> tuple[Request, Subject | None] | None:
    """The request with this id, and whose it is; None in the place of who was erased."""
    rows = _WITH_SUBJECT.rows(connection, id=request_id)
    if not rows:
        return None
    (request,) = _found(row[: -len(OF_SUBJECT)] for row in rows).values()
    subject = rows[0][-len(OF_SUBJECT) :]
    return request, of_row(subject) if subject[0] is not None else None


def of_subject(connection: Connection, subject_id: str) -> list[Request]:
    """The requests of a data subject, oldest first."""
    return _all(connection, _OF_SUBJECT, subject_id=subject_id)


def standing(connection: Connection, subject_id: str) -> list[Request]:
    """The requests of a data subject that wait for an answer or that a consent stands on, and the newest; that last."""
    return _all(connection, _STANDING, subject_id=subject_id)


def waiting(connection: Connection, subject_id: str) -> list[Request]:
    """The requests of a data subject that wait for an answer, oldest first."""
    return [request for request in standing(connection, subject_id) if request.status in OPEN]


def any_waits(connection: Connection, subject_id: str) -> bool:
    """Whether a request of a data subject waits for an answer."""
    return _ANY_WAITING.first(connection, subject_id=subject_id) is not None


def any_asks(connection: Connection, subject_id: str, form: str, purpose: str) -> bool:
    """Whether a request of a data subject waits for an answer about this purpose of a form."""
    return _ANY_ASKS.first(connection, subject_id=subject_id, form=form, purpose=purpose) is not None


def the_same(connection: Connection, new: NewRequest, now: datetime) -> str | None:
    """The id of the request of the same data subject that waits for an answer and says the same as a new one."""
    for request_id, subject_id, status, expires_at in _THE_SAME.rows(connection, fingerprint=new.fingerprint):
        if subject_id == new.subject.id and status in OPEN and expires_at > now:
            return str(request_id)
    return None


def notice_hashes_of(connection: Connection, subject_id: str) -> list[str]:
    """The hashes of the notices that a data subject saw, the one of the newest request last."""
    return [notice_hash for (notice_hash,) in _NOTICES.rows(connection, subject_id=subject_id)]


def last_notice_hash(connection: Connection, subject_id: str) -> str | None:
    """The hash of the notice that a data subject saw last; in an act that of `standing` is at hand."""
    notice_hash: str | None = _LAST_NOTICE.value(connection, subject_id=subject_id)
    return notice_hash


def overdue(connection: Connection, now: datetime, most: int) -> list[tuple[str, str]]:
    """Requests that nobody answered in time, as (controller, request id)."""
    rows = connection.execute(
        select(requests.c.controller, requests.c.id)
        .where(_WAITS, requests.c.decided_at.is_(None), requests.c.expires_at <= now)
        .limit(most)
    )
    return [(row.controller, row.id) for row in rows]


def wait_until(connection: Connection, request_id: str, moment: datetime) -> None:
    """Let a request wait for an answer until then."""
    _UPDATE.run(connection, the_request_id=request_id, expires_at=moment)


def close(
    connection: Connection, request_id: str, status: RequestStatus, now: datetime, states: Mapping[str, Status] = _NONE
) -> None:
    """End a request that waits, with these states of its purposes. The same answers make a new request from now on.

    Raises:
        NotAllowed: when it does not wait any more, or this is no end; and as `decide` does.
    """
    values = {"status": status, "decided_at": now, "fingerprint": None}
    if status in OPEN or not _CLOSE.run(connection, the_request_id=request_id, **values):
        raise NotAllowed(f"a request cannot become {status} from what it is")
    _set_states(connection, request_id, states)


def decide(connection: Connection, request_id: str, states: Mapping[str, Status]) -> None:
    """Set the states of purposes of a request that waits on; not whole any more, it is no longer the same one.

    Raises:
        NotAllowed: when no transition leads to one of them from the state that it is in.
    """
    _set_states(connection, request_id, states)
    _UPDATE.run(connection, the_request_id=request_id, fingerprint=None)


def _set_states(connection: Connection, request_id: str, states: Mapping[str, Status]) -> None:
    for status in dict.fromkeys(states.values()):
        chosen = [purpose for purpose, state in states.items() if state == status]
        same = [{"the_request_id": request_id, "the_purpose": purpose, "status": status} for purpose in chosen]
        statement = _DECIDE.get(status)
        if statement is None or statement.run_each(connection, same) != len(chosen):
            raise NotAllowed(f"a purpose cannot become {status} from what it is")


def forget(connection: Connection, request_id: str) -> None:
    """Delete a request that no consent stands on, with its purposes and what was filled in."""
    for statement in _FORGET:
        statement.run(connection, request_id=request_id)


def fields(connection: Connection, request_id: str) -> dict[str, str]:
    """What was filled in, by field, as far as it is still kept."""
    return dict(_FIELDS.rows(connection, request_id=request_id))


def keep_fields(connection: Connection, request_id: str, filled: Mapping[str, str]) -> None:
    """Keep what was filled in for a request."""
    rows = [{"request_id": request_id, "field": field, "value": value} for field, value in filled.items()]
    _INSERT_FIELDS.run_each(connection, rows)


def forget_fields(connection: Connection, request_id: str, but: Iterable[str] = ()) -> None:
    """Delete what was filled in, except these fields."""
    if not (kept := set(but)):
        _FORGET[0].run(connection, request_id=request_id)
        return
    for field in fields(connection, request_id).keys() - kept:
        _FORGET_FIELD.run(connection, request_id=request_id, field=field)


def forget_all_fields(connection: Connection, subject_id: str) -> None:
    """Delete what was filled in for all requests of a data subject."""
    _FORGET_ALL_FIELDS.run(connection, subject_id=subject_id)


def _all(connection: Connection, query: Prepared, **values: str) -> list[Request]:
    return list(_found(query.rows(connection, **values)).values())


def _found(rows: Iterable[Sequence[Any]]) -> dict[str, Request]:
    found: dict[str, Request] = {}
    for *row, purpose, state in rows:
        request = found.get(row[0])
        if request is None:
            request = found[row[0]] = _request(row)
        if purpose is not None:  # the question to a child about its address has none
            request.purposes[purpose] = STATUS[state]
    return found


def _request(row: Sequence[Any]) -> Request:
    values = dict(zip(_NAMES, row, strict=True))
    values["status"], values["kind"] = _STATUS[values["status"]], _KIND[values["kind"]]
    return made(Request, values | {"purposes": {}})
