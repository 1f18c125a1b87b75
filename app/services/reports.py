"""What the company asks: who may be used for what, and what is known of an address."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from ..domain.consent import OPEN, WAITING, Status
from ..domain.evidence import DecidedBy
from ..storage import consents, notices, objections, requests, subjects
from ..storage.consents import Consent
from ..storage.requests import Request
from ..storage.schema import written
from ..storage.subjects import Subject
from . import tokens
from .context import Context

_COLUMNS = (
    "email",
    "controller",
    "form",
    "purpose",
    "status",
    "since",
    "until",
    "language",
    "site",
    "channel",
    "proof",
    "decided_by",
    "child",
    "notice",
    "withdraw_link",
    "object_link",
    "subject",
    "restricted",
)


def status(ctx: Context, email_key: str, controller: str | None) -> list[dict[str, str]]:
    """Each purpose that the data subject with this address was asked for, with its state; [] when unknown."""
    with ctx.database.read() as connection:
        found = []
        for subject in subjects.everywhere(connection, email_key):
            if controller in (None, subject.controller):
                who = "self" if subject.speaks_with(email_key) else "guardian"
                found.extend(_of_subject(ctx, connection, subject, who))
        return found


def _of_subject(ctx: Context, connection: Connection, subject: Subject, who: str) -> list[dict[str, str]]:
    """One line for each purpose: what is granted, or else waits for an answer, or else what came last.

    A child's first name stands in it once a parent has answered under that name: before, anybody may have typed it.
    """
    known = consents.of_subject(connection, subject.id)
    child = subject.child_name if known else ""
    lines: dict[tuple[str, str], dict[str, str]] = {}
    for request in requests.of_subject(connection, subject.id):
        late = request.status in OPEN and request.expires_at <= ctx.clock()
        for purpose, state in request.purposes.items():
            waiting = state in WAITING
            if not waiting and lines.get((request.form, purpose), {}).get("status") in WAITING:
                continue  # an older request still waits for its answer
            since = request.requested_at if waiting or request.decided_at is None else request.decided_at
            state = Status.LAPSED if waiting and late else state
            lines[request.form, purpose] = _line(subject, who, child, request, purpose, state, since)
    for consent in known:
        key = (consent.form, consent.purpose)
        status, since = consent.status, consent.since
        if status == Status.GRANTED and consent.ends_at is not None and consent.ends_at <= ctx.clock():
            status, since = Status.EXPIRED, consent.ends_at
        if status == Status.GRANTED or lines.get(key, {}).get("status") not in WAITING:
            lines[key] = _line(subject, who, child, consent, consent.purpose, status, since)
    return [lines[key] for key in sorted(lines)]


def _line(
    subject: Subject, who: str, child: str, stored: Request | Consent, purpose: str, state: Status, since: datetime
) -> dict[str, str]:
    return {
        "subject": subject.id,
        "as": who,
        "child": child,
        "controller": subject.controller,
        "form": stored.form,
        "purpose": purpose,
        "status": state.value,
        "since": written(since),
        "notice": stored.notice_hash,
    }


def consents_as_csv(ctx: Context, chosen: dict[str, str], for_spreadsheet: bool = False) -> Iterator[str]:
    """The consents that match, as lines of CSV (RFC 4180), safe to open in a spreadsheet (OWASP ASVS 1.2.10).

    `for_spreadsheet`: with semicolons and a mark for UTF-8, without which one that is set to Dutch or French opens
    everything in one column, and `ë` as two signs.

    The columns are those of all fields that the definitions ever asked, whoever has filled in one or not: what reads
    this goes by their names.
    """
    with ctx.database.read() as connection:
        asked = notices.fields_shown(connection, *(chosen.get(name) for name in ("controller", "form", "purpose")))
        fields = sorted(asked)
        line = partial(_csv_line, ";" if for_spreadsheet else ",")
        yield ("\ufeff" if for_spreadsheet else "") + line([*_COLUMNS, *(f"field_{field}" for field in fields)])
        for record in _export(ctx, connection, chosen):
            values = record.pop("fields")
            yield line([*(record[column] for column in _COLUMNS), *(values.get(field, "") for field in fields)])


def consents_as_json(ctx: Context, chosen: dict[str, str]) -> Iterator[str]:
    """The consents that match, as one JSON list, a line each."""
    with ctx.database.read() as connection:
        before = "["
        for record in _export(ctx, connection, chosen):
            yield f"{before}\n  {json.dumps(record, ensure_ascii=False)}"
            before = ","
        yield "[]\n" if before == "[" else "\n]\n"


def _export(ctx: Context, connection: Connection, chosen: dict[str, str]) -> Iterator[dict[str, Any]]:
    restricted: dict[str, list[str]] = {}
    for objection in objections.to_interests(connection, chosen.get("controller")):
        restricted.setdefault(objection.subject_id, []).append(f"{objection.form}/{objection.purpose}")
    for row in consents.export(connection, chosen, ctx.clock()):
        purpose = ctx.notice(connection, row.notice_hash).notice.purpose(row.purpose)
        filled = requests.fields(connection, row.request_id) if row.status == Status.GRANTED else {}
        token = row.child_withdraw_token if row.child_confirmed else row.withdraw_token
        yield {
            "email": row.child_email if row.child_confirmed else row.email,
            "controller": row.controller,
            "form": row.form,
            "purpose": row.purpose,
            "status": row.status,
            "since": written(row.since),
            "until": written(row.ends_at) if row.ends_at else "",
            "language": row.language,
            "site": row.site,
            "channel": purpose.channel,
            "proof": purpose.proof,
            "decided_by": (DecidedBy.GUARDIAN if row.child_key else DecidedBy.SELF).value,
            "child": row.child_name,
            "notice": row.notice_hash,
            "withdraw_link": f"{tokens.address(ctx, 'withdraw', token)}/{row.purpose}",
            # A child's own link opens the page on which it stops, and the one on which it says no to advertising.
            "object_link": tokens.address(ctx, "object", token if row.child_confirmed else row.object_token),
            "subject": row.subject_id,
            "restricted": " ".join(restricted.get(row.subject_id, ())),
            "fields": {field: value for field, value in filled.items() if field in purpose.data},
        }


def _csv_line(between: str, cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=between).writerow(_safe(cell) for cell in cells)
    return line.getvalue()


_FORMULA = re.compile(
    '^(?=[=+\\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20])|(?s:(?<=.[;\t\n"]))(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])'
)


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, also where it splits cells at a semicolon or a tab."""
    return _FORMULA.sub("'", cell)
