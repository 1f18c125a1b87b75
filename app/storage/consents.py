"""Consents: what each data subject has said yes to, and how each of them ended."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, literal_column, or_, select, update

from ..domain.consent import NotAllowed, RequestStatus, Status, transition
from ..domain.values import changed, made
from . import requests as stored_requests
from .database import insert_of
from .prepared import Prepared, ReadAhead
from .schema import consents, requests, subjects


@dataclass(frozen=True)
class Consent:
    """The last decision of a data subject about one purpose of a form."""

    subject_id: str
    form: str
    purpose: str
    controller: str
    status: Status
    since: datetime
    notice_hash: str
    request_id: str
    ends_at: datetime | None
    proof_until: datetime | None
    ask_again_at: datetime | None = None


_NAMES = [field.name for field in fields(Consent)]
_SELECT = select(*(consents.c[name] for name in _NAMES))
_IN_ORDER = _SELECT.order_by(consents.c.since, consents.c.purpose)
_OF_SUBJECT = Prepared(_IN_ORDER.where(consents.c.subject_id == bindparam("subject_id")))
read_ahead = ReadAhead(_OF_SUBJECT, _IN_ORDER, "subject_id", consents.c.subject_id).read
"""Reads the consents of several data subjects at once, for `of_subject`."""
_NAMED = (
    consents.c.subject_id == bindparam("the_subject_id"),
    consents.c.form == bindparam("the_form"),
    consents.c.purpose == bindparam("the_purpose"),
)
_UPDATE = Prepared(update(consents).where(*_NAMED))
_END = Prepared(update(consents).where(*_NAMED, consents.c.status == Status.GRANTED))
_FORGET = Prepared(
    delete(consents).where(consents.c.subject_id == bindparam("subject_id"), consents.c.proof_until <= bindparam("now"))
)


def of_subject(connection: Connection, subject_id: str) -> list[Consent]:
    """All consents of a data subject."""
    return [_consent(row) for row in _OF_SUBJECT.rows(connection, subject_id=subject_id)]


def granted(connection: Connection, subject_id: str) -> list[Consent]:
    """The consents of a data subject that hold now."""
    return [consent for consent in of_subject(connection, subject_id) if consent.status == Status.GRANTED]


def find(connection: Connection, subject_id: str, form: str, purpose: str) -> Consent | None:
    """One consent."""
    known = of_subject(connection, subject_id)
    return next((consent for consent in known if (consent.form, consent.purpose) == (form, purpose)), None)


def answer(
    connection: Connection,
    request_id: str,
    status: RequestStatus,
    now: datetime,
    states: Mapping[str, Status],
    granted: Sequence[Consent] = (),
) -> None:
    """End a request with the answer to its purposes. Each yes that is new takes the place of what was decided before.

    Raises:
        NotAllowed: when the request or one of these purposes does not wait for an answer any more, or `granted` is not
            what was said yes to: nothing that has ended revives without a new request.
    """
    for consent in granted:
        if consent.request_id != request_id or not consent.status == states.get(consent.purpose) == Status.GRANTED:
            raise NotAllowed(f"this is no yes to the request: {consent.status}")
    stored_requests.close(connection, request_id, status, now, states)
    _put(connection.dialect.name).run_each(connection, [vars(consent) for consent in granted])


def end(
    connection: Connection, consent: Consent, status: Status, now: datetime, proof_until: datetime
) -> Consent | None:
    """End a granted consent, and return it as it is then. None: it was not granted any more (a race).

    Raises:
        NotAllowed: when this is no end of a granted consent.
    """
    values = {
        "status": transition(Status.GRANTED, status),
        "since": now,
        "ends_at": None,
        "proof_until": proof_until,
        "ask_again_at": None,
    }
    return changed(consent, **values) if _END.run(connection, **_same(consent), **values) else None


def to_expire(connection: Connection, now: datetime, most: int) -> list[Consent]:
    """Granted consents whose time has come, the longest ago first."""
    is_over = (consents.c.status == Status.GRANTED, consents.c.ends_at <= now)
    rows = connection.execute(_SELECT.where(*is_over).order_by(consents.c.ends_at).limit(most))
    return [_consent(row) for row in rows]


def to_ask_again(connection: Connection, now: datetime, most: int) -> list[Consent]:
    """Granted consents for which it is time to ask whether they still hold."""
    # With both bounds, or else SQLite takes the index for no better than the table where it has no statistics.
    is_time = consents.c.ask_again_at.between(literal_column("''"), now)
    rows = connection.execute(_SELECT.where(is_time).order_by(consents.c.ask_again_at).limit(most))
    return [_consent(row) for row in rows]


def asked_again(connection: Connection, consent: Consent) -> None:
    """Note that it was asked whether a consent still holds."""
    _UPDATE.run(connection, **_same(consent), ask_again_at=None)


def past_proof(connection: Connection, now: datetime, most: int) -> list[tuple[str, str]]:
    """Data subjects, as (controller, id), with a consent whose proof is no longer needed."""
    rows = connection.execute(
        select(consents.c.controller, consents.c.subject_id).where(consents.c.proof_until <= now).distinct().limit(most)
    )
    return [(row.controller, row.subject_id) for row in rows]


def forget(connection: Connection, subject_id: str, now: datetime) -> None:
    """Delete the consents of a data subject whose proof is no longer needed; the ledger keeps that they were."""
    _FORGET.run(connection, subject_id=subject_id, now=now)


def export(connection: Connection, chosen: dict[str, str], now: datetime) -> Iterator[Any]:
    """The consents that match `chosen` (column to value), with the address of each, in a stable order, as a stream.

    One whose time is over is no yes any more, even where housekeeping has not come to it yet.
    """
    query = (
        select(
            consents,
            subjects.c.email,
            subjects.c.withdraw_token,
            subjects.c.object_token,
            subjects.c.child_key,
            subjects.c.child_name,
            subjects.c.child_email,
            subjects.c.child_confirmed,
            subjects.c.child_withdraw_token,
            requests.c.language,
            requests.c.site,
        )
        .join(subjects, subjects.c.id == consents.c.subject_id)
        .join(requests, requests.c.id == consents.c.request_id)
        .where(or_(consents.c.status != Status.GRANTED, consents.c.ends_at.is_(None), consents.c.ends_at > now))
        .order_by(consents.c.controller, consents.c.form, consents.c.purpose, consents.c.subject_id)
    )
    for column, value in chosen.items():
        query = query.where(consents.c[column] == value)
    with connection.execution_options(yield_per=500).execute(query) as rows:
        yield from rows


@cache
def _put(dialect: str) -> Prepared:
    put = insert_of(dialect, consents)
    key = consents.primary_key.columns
    others = {column: put.excluded[column.key] for column in consents.c if column.key not in key}
    return Prepared(put.on_conflict_do_update(index_elements=list(key), set_=others))


def _consent(row: Sequence[Any]) -> Consent:
    values = dict(zip(_NAMES, row, strict=True))
    return made(Consent, values | {"status": stored_requests.STATUS[values["status"]]})


def _same(consent: Consent) -> dict[str, Any]:
    return {"the_subject_id": consent.subject_id, "the_form": consent.form, "the_purpose": consent.purpose}
