"""The transactional outbox: a mail is a row in the transaction of its act, and goes at least once.

A worker that claims it has it for a minute, its lease; where it does not say how the mail went by then, another worker
may claim it.
"""

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Update,
    bindparam,
    delete,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    update,
)

from ..domain.values import made
from . import limits, pauses
from .prepared import Prepared
from .schema import outbox, subjects

LEASE = timedelta(seconds=60)

MOST = 20
"""Mails that one worker has claimed at once: so many wait for its lease where it is killed."""

_LONGEST_WAIT = timedelta(days=2)
"""No mail that was tried once is made to wait for longer."""

_TURNS = [f"turn_{number}" for number in range(3)]
"""A turn has as many hashes as the limits have salts."""

_FIRST_TRIES = 2
"""After them the next one comes four times the first pause later."""

CLEAR, IN_DOUBT, SETTLED = 0, 1, 2
"""Whether a mail was refused in a way that may be the server's fault: never; yes, and no other mail was taken since;
yes, and another one was."""

_CLOSED = {"doubt": CLEAR, "lease_until": None}
"""What a mail that has ended is no more: so the indexes of those in doubt and of those claimed hold no others."""

# Written out, with no status beside it: else SQLite would walk through all that is queued to find the few in doubt.
_IS_IN_DOUBT = outbox.c.doubt == literal_column("1")


@dataclass(frozen=True)
class About:
    """Whom and what a mail is about, by ids: a person, the notice that it speaks from, its form, and a request."""

    controller: str
    subject_id: str
    notice_hash: str
    form: str = ""
    request_id: str = ""


@dataclass(frozen=True)
class OutboxRow:
    """A mail to be sent. It names the person by id, and holds neither an address nor a link.

    `data` is what else the kind of mail needs, as `domain.mail` writes and reads it. `turn` are the counts of its
    mailbox under the limits that it took, `perhaps` is how often it was lost after its last dot.
    """

    id: str
    kind: str
    controller: str
    form: str
    subject_id: str
    request_id: str
    notice_hash: str
    data: str
    turn: list[int]
    doubt: int
    perhaps: int
    attempts: int
    created_at: datetime
    lease: str


@dataclass(frozen=True)
class Unfinished:
    """What an operator is told of a mail that has not gone: nothing of the person."""

    id: str
    kind: str
    controller: str
    form: str
    status: str
    created_at: datetime
    due_at: datetime
    attempts: int
    perhaps: int
    lease_until: datetime | None
    problem: str | None


@dataclass(frozen=True)
class Waiting:
    """A mail that waits for its turn under the limits: whom it is to, and the request that it speaks of, if any."""

    id: str
    subject_id: str
    request_id: str


_NAMES = [field.name for field in fields(OutboxRow)]
_COLUMNS = [outbox.c[name] for name in _NAMES]
_INSERT = Prepared(insert(outbox))
_WAITS = outbox.c.status == literal_column("'queued'")  # in the very words of the index, or it is not used
_NEXT = (
    select(*_COLUMNS)
    .where(
        _WAITS,
        outbox.c.due_at <= bindparam("now"),
        or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= bindparam("now")),
    )
    .order_by(outbox.c.due_at)
    .limit(bindparam("most", type_=Integer))
)
_LOOK = Prepared(_NEXT)
_DUE, _TO_TRY = (
    Prepared(query.with_for_update(skip_locked=True))
    for query in (_NEXT, _NEXT.order_by(None).order_by(outbox.c.doubt == IN_DOUBT, outbox.c.due_at))
)
_SAME = update(outbox).where(outbox.c.id == bindparam("the_id"))
_lease = attrgetter("lease")
_IDS = [f"id_{number}" for number in range(MOST)]
_AMONG = update(outbox).where(outbox.c.id.in_([bindparam(name) for name in _IDS]))
_LEASE_ALL = Prepared(_AMONG)
_GIVE_BACK = Prepared(_AMONG.where(outbox.c.lease == bindparam("the_lease"), outbox.c.status == literal("queued")))
_ALL_SENT = Prepared(
    _AMONG.where(outbox.c.lease == bindparam("the_lease"), outbox.c.status == literal("queued"))
    .values(attempts=outbox.c.attempts + 1)
    .returning(outbox.c.id)
)
_LEASED = Prepared(_SAME.where(outbox.c.lease == bindparam("the_lease"), outbox.c.status == "queued"))
_UNCLAIMED = Prepared(_SAME.where(outbox.c.lease.is_(None), outbox.c.status == "queued"))
_UNTRIED = Prepared(_SAME.where(outbox.c.lease.is_(None), outbox.c.status == "queued", outbox.c.problem.is_(None)))
# By the turn alone: with a status beside it SQLite would walk through all that is queued, for everybody.
_WAITING = Prepared(
    select(
        outbox.c.id,
        outbox.c.subject_id,
        outbox.c.request_id,
        outbox.c.status,
        outbox.c.attempts,
        outbox.c.lease,
        outbox.c.due_at,
    )
    .where(outbox.c.waits_for.in_([bindparam(name) for name in _TURNS]))
    .order_by(outbox.c.due_at, outbox.c.id)
)


def _about(*statuses: str, but: tuple[ColumnElement[bool], ...] = ()) -> Prepared:
    """Whether there is a mail in one of these states about a request."""
    is_one = outbox.c.status.in_([literal(status) for status in statuses])
    about = (outbox.c.subject_id == bindparam("subject_id"), outbox.c.request_id == bindparam("request_id"))
    return Prepared(select(outbox.c.id).where(*about, is_one, *but).limit(1))


_IS_QUEUED = _about("queued", but=(outbox.c.perhaps == literal(0),))
_WAS_MAILED = _about("queued", "sent", "failed")
_QUEUED = Prepared(
    select(outbox.c.id).where(outbox.c.subject_id == bindparam("subject_id"), outbox.c.status == "queued").limit(1)
)


def add(
    connection: Connection,
    *,
    kind: str,
    about: About,
    data: str,
    now: datetime,
    due_at: datetime | None = None,
    turn: list[int] | None = None,
    waits_for: str | None = None,
) -> str:
    """Put a mail in the outbox, and return its id.

    `turn` is given back when it ends before it went. `waits_for` is the hash of whose turn it waits for, so that a
    newer one finds it.
    """
    row = {
        "id": secrets.token_hex(16),
        "kind": kind,
        **vars(about),
        "data": data,
        "status": "queued",
        "created_at": now,
        "due_at": due_at or now,
        "attempts": 0,
        "turn": json.dumps(turn or []),
        "doubt": CLEAR,
        "perhaps": 0,
        "waits_for": waits_for,
    }
    _INSERT.run(connection, **row)
    return str(row["id"])


def claim(connection: Connection, now: datetime, most: int = 1, holds_a_mail: bool = False) -> list[OutboxRow]:
    """Take the mails that are due longest, for one lease. Nobody else gets them before the lease is over.

    While the outbox pauses there is none, and after the pause only one, until it is known how that one went: one that
    is not in doubt itself, where there is one. A transaction that `holds_a_mail` already gets none then: it would lock
    the pause after a mail, and whoever locks them the right way round would wait for it for ever.
    """
    pause = pauses.read(connection)
    lease = secrets.token_hex(16)
    if pause.until is not None:
        most = 1
        if holds_a_mail or pause.until > now or _LOOK.first(connection, now=now, most=most) is None:
            return []
        if not pauses.take_probe(connection, pause, lease, now + LEASE):
            return []
    found = (_DUE if pause.until is None else _TO_TRY).rows(connection, now=now, most=min(most, MOST))
    if not found:
        if pause.until is not None:  # somebody else has just locked the mail that was to try
            pauses.write(connection, pause)
        return []
    rows = [_row(row, lease) for row in found]
    _LEASE_ALL.run(connection, **_ids(rows), lease=lease, lease_until=now + LEASE)
    return rows


def with_leases(connection: Connection, leases: Sequence[tuple[str, str]]) -> list[OutboxRow]:
    """The mails with these ids that are still queued, and under the very lease that stands beside the id."""
    wanted = set(leases)
    query = select(*_COLUMNS).where(outbox.c.id.in_([row_id for row_id, _ in wanted]), outbox.c.status == "queued")
    rows = [_row(row, row.lease) for row in connection.execute(query)]
    return [row for row in rows if (row.id, row.lease) in wanted]


def _row(row: Sequence[Any], lease: str) -> OutboxRow:
    values = dict(zip(_NAMES, row, strict=True))
    return made(OutboxRow, values | {"turn": json.loads(values["turn"]), "lease": lease})


def give_back(connection: Connection, rows: Sequence[OutboxRow]) -> None:
    """Let others have mails of one claim that were not tried. One whose lease was lost is left alone."""
    if rows:
        _GIVE_BACK.run(connection, **_ids(rows), the_lease=rows[0].lease, lease=None, lease_until=None)


def _ids(rows: Sequence[OutboxRow]) -> dict[str, str]:
    return dict(zip(_IDS, (*(row.id for row in rows), *[""] * (MOST - len(rows))), strict=True))


def renew(connection: Connection, row: OutboxRow, now: datetime) -> bool:
    """Keep a claimed mail for one lease more. False when the lease was lost."""
    return _LEASED.run(connection, the_id=row.id, the_lease=row.lease, lease_until=now + LEASE) == 1


def done(connection: Connection, row: OutboxRow, status: str, now: datetime, problem: str | None = None) -> bool:
    """Close a mail as sent, failed or dropped. False when the lease was lost meanwhile."""
    values = {"status": status, "done_at": now, "problem": problem, "attempts": row.attempts + 1, **_CLOSED}
    is_ours = _LEASED.run(connection, the_id=row.id, the_lease=row.lease, **values) == 1
    if is_ours and status != "sent" and not row.perhaps:
        limits.give_back(connection, row.turn)
    return is_ours


def all_sent(connection: Connection, rows: Sequence[OutboxRow], now: datetime) -> list[OutboxRow]:
    """Close mails as sent, those of one claim in one statement, and return those whose lease was not lost meanwhile."""
    ours: set[tuple[str, str]] = set()
    for lease, claimed in groupby(sorted(rows, key=_lease), key=_lease):
        of_claim = list(claimed)
        for start in range(0, len(of_claim), MOST):
            ids = _ids(of_claim[start : start + MOST])
            values = {"status": "sent", "done_at": now, "problem": None, **_CLOSED}
            ours |= {(row[0], lease) for row in _ALL_SENT.rows(connection, **ids, the_lease=lease, **values)}
    return [row for row in rows if (row.id, row.lease) in ours]


def later(connection: Connection, row: OutboxRow, due_at: datetime, problem: str, **more: int | str) -> bool:
    """Give a mail back, to be tried again then. `more` is what else becomes known of it: `doubt`, `perhaps`, `data`,
    `attempts` where this one does not count. False when the lease was lost meanwhile."""
    values = {"due_at": due_at, "lease": None, "lease_until": None, "problem": problem}
    return (
        _LEASED.run(connection, the_id=row.id, the_lease=row.lease, **values | {"attempts": row.attempts + 1} | more)
        == 1
    )


def postpone(connection: Connection, row: OutboxRow, due_at: datetime) -> None:
    """Give a mail back that was not tried, to be claimed then. One whose lease was lost is left alone."""
    _LEASED.run(connection, the_id=row.id, the_lease=row.lease, due_at=due_at, lease=None, lease_until=None)


def recipients_in_doubt(connection: Connection) -> int:
    """How many different people's mails wait since a refusal that may be the server's fault."""
    query = select(func.count(subjects.c.email_key.distinct())).join(outbox, outbox.c.subject_id == subjects.c.id)
    return connection.execute(query.where(_IS_IN_DOUBT)).scalar_one()


def blame_the_server(connection: Connection) -> None:
    """What was refused was not the fault of the mails in doubt: no more than their first tries count, nor lengthen."""
    connection.execute(_doubtful().where(outbox.c.attempts > _FIRST_TRIES).values(attempts=_FIRST_TRIES))


def settle(connection: Connection, now: datetime) -> None:
    """The server has taken another mail: those in doubt are tried again at once, and the next refusal is their own."""
    connection.execute(_doubtful().values(doubt=SETTLED, due_at=now))


def _doubtful() -> Update:
    return update(outbox).where(_IS_IN_DOUBT)


def unfinished(connection: Connection) -> Iterator[Unfinished]:
    """The mails that wait, are being sent or have failed, the oldest first."""
    columns = [outbox.c[field.name] for field in fields(Unfinished)]
    query = select(*columns).where(outbox.c.status.in_(("queued", "failed"))).order_by(outbox.c.created_at, outbox.c.id)
    return (Unfinished(*row) for row in connection.execute(query))


def retry(connection: Connection, row_id: str, now: datetime) -> bool:
    """Let a mail that nobody is sending go now, with all its tries before it. False when somebody is, or it has ended.

    That it was perhaps sent stays known: a request whose link may have arrived is never forgotten as unmailed.
    """
    again = {"status": "queued", "due_at": now, "done_at": None, "lease": None, "lease_until": None}
    unheld = _SAME.where(
        outbox.c.status.in_(("queued", "failed")), or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= now)
    )
    return connection.execute(unheld.values(attempts=0, doubt=CLEAR, **again), {"the_id": row_id}).rowcount == 1


def waiting(connection: Connection, turns: Sequence[str], now: datetime) -> list[Waiting]:
    """The mails that wait for a turn with one of these hashes and that no worker has, the next one first."""
    padded = dict(zip(_TURNS, (*turns, *[""] * (len(_TURNS) - len(turns))), strict=True))
    return [
        Waiting(*row)
        for *row, status, attempts, lease, due_at in _WAITING.rows(connection, **padded)
        if status == "queued" and not attempts and lease is None and due_at > now
    ]


def replace(connection: Connection, row_id: str, kind: str, about: About, data: str) -> bool:
    """Let a mail that waits speak of a newer request. False when a worker was quicker: then it speaks of the older."""
    return _UNCLAIMED.run(connection, the_id=row_id, kind=kind, **vars(about), data=data) == 1


def hold(connection: Connection, row_id: str) -> bool:
    """Keep a mail from being claimed until this transaction ends, so that it can still get something to tell.

    False when a worker has it, or had it: then it says what it said.
    """
    return _UNTRIED.run(connection, the_id=row_id, attempts=0) == 1


def drop(connection: Connection, subject_id: str, kinds: tuple[str, ...] | None, now: datetime) -> list[str]:
    """Send none of the mails of a data subject that are still queued; only these kinds where they are given.

    Returns the requests that they spoke of, as far as the mail has surely not gone.
    """
    chosen = [outbox.c.subject_id == subject_id, outbox.c.status == "queued"]
    if kinds is not None:
        chosen.append(outbox.c.kind.in_(kinds))
    columns = (outbox.c.request_id, outbox.c.turn, outbox.c.lease, outbox.c.perhaps)
    found = connection.execute(select(*columns).where(*chosen).with_for_update()).all()
    connection.execute(update(outbox).where(*chosen).values(status="dropped", done_at=now, **_CLOSED))
    # One that was lost after its last dot has perhaps gone, and one that is claimed is perhaps just going.
    never_went = [row for row in found if row.lease is None and not row.perhaps]
    for row in never_went:
        limits.give_back(connection, json.loads(row.turn))
    return [row.request_id for row in never_went if row.request_id]


def was_mailed(connection: Connection, subject_id: str, request_id: str) -> bool:
    """Whether a mail about this request went, or still may."""
    return _WAS_MAILED.first(connection, subject_id=subject_id, request_id=request_id) is not None


def is_queued(connection: Connection, subject_id: str, request_id: str) -> bool:
    """Whether a mail about this request is still to be sent, and none was perhaps sent that nobody has seen."""
    return _IS_QUEUED.first(connection, subject_id=subject_id, request_id=request_id) is not None


def has_queued(connection: Connection, subject_id: str) -> bool:
    """Whether a mail to this data subject is still to be sent."""
    return _QUEUED.first(connection, subject_id=subject_id) is not None


def repair_due_times(connection: Connection, now: datetime) -> None:
    """Make due what was promised for far too late under a clock that has been put back since, and shorten its leases.

    Clocks of machines differ a little: what is ahead by less than an hour, or two leases, is left alone. Who holds a
    lease keeps it for one more, so that a mail under way is not sent by another. No statement looks at what is due or
    under way rightly, however much that is.
    """
    pauses.repair_due_times(connection, now)  # before the mails: where it finds a pause to end, it locks that
    soon = now + timedelta(hours=1)
    queued = update(outbox).where(_WAITS)
    # What is due already needs no waking, whenever it was made; by the moment it is due there is an index.
    made_ahead = queued.where(outbox.c.due_at > soon, outbox.c.created_at > soon)
    connection.execute(made_ahead.values(created_at=now, due_at=now))
    tried = queued.where(outbox.c.due_at > now + _LONGEST_WAIT, outbox.c.problem.is_not(None))
    connection.execute(tried.values(due_at=now))
    # Without the status: only what is claimed has the end of a lease.
    claimed = update(outbox).where(outbox.c.lease_until > now + 2 * LEASE)
    connection.execute(claimed.values(lease_until=now + LEASE))


def ended_before(connection: Connection, before: datetime, most: int) -> list[str]:
    """The ids of so many mails that were sent, failed or dropped before then."""
    query = select(outbox.c.id).where(outbox.c.status != "queued", outbox.c.done_at < before).limit(most)
    return list(connection.execute(query).scalars())


def forget(connection: Connection, ids: Sequence[str]) -> None:
    """Delete the rows of these mails, as far as they have ended: an operator may have one sent again."""
    connection.execute(delete(outbox).where(outbox.c.id.in_(ids), outbox.c.status != "queued"))
