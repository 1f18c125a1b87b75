"""Consent requests: what was submitted, until it is confirmed, refused or lapsed."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, literal, select, update

from ..domain.consent import WAITING, Status
from .prepared import Prepared, Row
from .schema import request_fields, request_purposes, requests


@dataclass(frozen=True)
class Request:
    """A consent request. `status` is what it waits for, or how it ended; `purposes` maps each one to its own state.

    `kind` is FORM where somebody filled in a form, RENEWAL where we ask because a consent is about to end, and ADDRESS
    where we ask a child whether the address that a parent gave is its own; that one has no purposes.
    """

    id: str
    controller: str
    form: str
    subject: str
    notice: str
    language: str
    audience: str
    site: str
    status: str
    fingerprint: str | None
    requested_at: datetime
    expires_at: datetime
    decided_at: datetime | None
    kind: str
    purposes: dict[str, Status]

    def waits_for(self, status: Status, now: datetime) -> bool:
        """Whether it can still be answered by whom this status waits for."""
        return self.status == status and self.expires_at > now


FORM = "form"
RENEWAL = "renewal"
ADDRESS = "address"

# Each state is a parameter of its own: SQLAlchemy would write a list anew for each run, and for an `or` SQLite walks
# through everything that waits.
_WAITS = requests.c.status.in_([literal(status) for status in sorted(WAITING)])
"""Requests that wait for an answer."""

_COLUMNS = [requests.c[field.name] for field in fields_of(Request) if field.name != "purposes"]
_IN_ORDER = select(*_COLUMNS).order_by(requests.c.requested_at, requests.c.id)
_WITH_ID = Prepared(select(*_COLUMNS).where(requests.c.id == bindparam("id")))
_OF_SUBJECT = Prepared(_IN_ORDER.where(requests.c.subject == bindparam("subject")))
_WAITING = Prepared(_IN_ORDER.where(requests.c.subject == bindparam("subject"), _WAITS))
_LAST_NOTICE = Prepared(
    select(requests.c.notice)
    .where(requests.c.subject == bindparam("subject"))
    .order_by(requests.c.requested_at.desc(), requests.c.id.desc())
    .limit(1)
)
_PURPOSES = Prepared(
    select(request_purposes.c.purpose, request_purposes.c.status)
    .where(request_purposes.c.request == bindparam("request"))
    .order_by(request_purposes.c.purpose)
)
_INSERT = Prepared(insert(requests))
_INSERT_PURPOSES = Prepared(insert(request_purposes))
_INSERT_FIELDS = Prepared(insert(request_fields))
_SAME = update(requests).where(requests.c.id == bindparam("the_request"))
_UPDATE = Prepared(_SAME)
_CLOSE = Prepared(_SAME.where(_WAITS))
_DECIDE = Prepared(
    update(request_purposes).where(
        request_purposes.c.request == bindparam("the_request"), request_purposes.c.purpose == bindparam("the_purpose")
    )
)
_FIELDS = Prepared(
    select(request_fields.c.field, request_fields.c.value).where(request_fields.c.request == bindparam("request"))
)
_FORGET_FIELD = Prepared(
    delete(request_fields).where(
        request_fields.c.request == bindparam("request"), request_fields.c.field == bindparam("field")
    )
)


def add(
    connection: Connection,
    *,
    controller: str,
    form: str,
    subject: str,
    notice: str,
    language: str,
    audience: str,
    site: str,
    fingerprint: str | None,
    purposes: Iterable[str],
    fields: Mapping[str, str],
    now: datetime,
    expires_at: datetime,
    status: Status = Status.REQUESTED,
    kind: str = FORM,
) -> Request:
    """Add a request that waits for an answer: `status` says whose."""
    request_id = secrets.token_hex(16)
    row: dict[str, Any] = {
        "id": request_id,
        "controller": controller,
        "form": form,
        "subject": subject,
        "notice": notice,
        "language": language,
        "audience": audience,
        "site": site,
        "status": status.value,
        "fingerprint": fingerprint,
        "requested_at": now,
        "expires_at": expires_at,
        "decided_at": None,
        "kind": kind,
    }
    _INSERT.run(connection, **row)
    states = dict.fromkeys(purposes, status)
    for purpose, state in states.items():
        _INSERT_PURPOSES.run(connection, request=request_id, purpose=purpose, status=state.value)
    keep_fields(connection, request_id, fields)
    return Request(**row, purposes=states)


def with_id(connection: Connection, request_id: str) -> Request | None:
    """The request with this id."""
    row = _WITH_ID.first(connection, id=request_id)
    return None if row is None else _request(connection, row)


def of_subject(connection: Connection, subject_id: str) -> list[Request]:
    """The requests of a data subject, oldest first."""
    return _all(connection, _OF_SUBJECT, subject_id)


def waiting(connection: Connection, subject_id: str) -> list[Request]:
    """The requests of a data subject that wait for an answer, oldest first."""
    return _all(connection, _WAITING, subject_id)


def last_notice(connection: Connection, subject_id: str) -> str | None:
    """The hash of the notice that a data subject saw last."""
    notice: str | None = _LAST_NOTICE.value(connection, subject=subject_id)
    return notice


def overdue(connection: Connection, now: datetime, most: int) -> list[tuple[str, str]]:
    """Requests that nobody answered in time, as (controller, request id)."""
    rows = connection.execute(
        select(requests.c.controller, requests.c.id).where(_WAITS, requests.c.expires_at <= now).limit(most)
    )
    return [(row.controller, row.id) for row in rows]


def wait_until(connection: Connection, request_id: str, moment: datetime) -> None:
    """Let a request wait for an answer until then."""
    _UPDATE.run(connection, the_request=request_id, expires_at=moment)


def close(connection: Connection, request_id: str, status: str, now: datetime) -> None:
    """End a request that waits. Its fingerprint goes, so that the same answers make a new request."""
    _CLOSE.run(connection, the_request=request_id, status=status, decided_at=now, fingerprint=None)


def decide(connection: Connection, request_id: str, purpose: str, status: Status) -> None:
    """Set the state of one purpose of a request; a request that is not whole any more is no longer the same one."""
    _DECIDE.run(connection, the_request=request_id, the_purpose=purpose, status=status)
    _UPDATE.run(connection, the_request=request_id, fingerprint=None)


def fields(connection: Connection, request_id: str) -> dict[str, str]:
    """What was filled in, by field, as far as it is still kept."""
    return dict(_FIELDS.rows(connection, request=request_id))


def keep_fields(connection: Connection, request_id: str, filled: Mapping[str, str]) -> None:
    """Keep what was filled in for a request."""
    for field, value in filled.items():
        _INSERT_FIELDS.run(connection, request=request_id, field=field, value=value)


def forget_fields(connection: Connection, request_id: str, but: Iterable[str] = ()) -> None:
    """Delete what was filled in, except these fields."""
    for field in fields(connection, request_id).keys() - set(but):
        _FORGET_FIELD.run(connection, request=request_id, field=field)


def _all(connection: Connection, query: Prepared, subject_id: str) -> list[Request]:
    rows = query.rows(connection, subject=subject_id)
    return [_request(connection, row) for row in rows]


def _purposes(connection: Connection, request_id: str) -> dict[str, Status]:
    return {purpose: Status(status) for purpose, status in _PURPOSES.rows(connection, request=request_id)}


def _request(connection: Connection, row: Row) -> Request:
    return Request(*(*row, _purposes(connection, row[0])))
