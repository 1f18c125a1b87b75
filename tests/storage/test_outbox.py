"""The outbox: a mail is claimed by one worker at a time, and nobody's death loses it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, event

from app.services.context import Context
from app.storage import outbox, pauses, schema
from app.storage.database import Database
from app.storage.outbox import About, OutboxRow
from tests import audit
from tests.factories import START, Clock


def add(
    connection: Connection,
    subject_id: str = "s",
    form: str = "f",
    due: float = 0,
    kind: str = "confirm",
    turn: str | None = None,
    request_id: str = "",
) -> None:
    outbox.add(
        connection,
        kind=kind,
        about=About("c", subject_id, "n", form, request_id),
        data='{"é": [1]}',
        now=START,
        due_at=START + timedelta(seconds=due),
        waits_for=turn,
    )


def claim(ctx: Context) -> OutboxRow | None:
    with ctx.database.write() as connection:
        return next(iter(outbox.claim(connection, ctx.clock())), None)


def test_the_mail_that_is_due_longest_goes_first_and_none_before_it_is_due(any_ctx: Context, clock: Clock) -> None:
    with any_ctx.database.write() as connection:
        add(connection, "third", due=10)
        add(connection, "second", due=-5)
        add(connection, "first", due=-10)

    claimed = [claim(any_ctx), claim(any_ctx), claim(any_ctx)]
    clock.forward(seconds=10)
    claimed.append(claim(any_ctx))

    assert [row and row.subject_id for row in claimed] == ["first", "second", None, "third"]
    assert claimed[0] is not None
    assert claimed[0].data == '{"é": [1]}'


def test_a_claimed_mail_is_nobody_elses_until_the_lease_ends(any_ctx: Context, clock: Clock) -> None:
    with any_ctx.database.write() as connection:
        add(connection)

    first = claim(any_ctx)
    clock.forward(seconds=59)
    assert claim(any_ctx) is None
    clock.forward(seconds=1)
    second = claim(any_ctx)

    assert first is not None
    assert second is not None
    assert (first.id, first.lease != second.lease) == (second.id, True)


def test_a_worker_that_is_just_claiming_keeps_no_other_waiting_on_postgresql(
    postgresql_samples: Database, clock: Clock
) -> None:
    with postgresql_samples.write() as connection:
        add(connection, "first", due=-10)
        add(connection, "second", due=-5)

    with postgresql_samples.write() as one, postgresql_samples.write() as other:
        other.exec_driver_sql("SET LOCAL lock_timeout = 1000")  # milliseconds: to wait at all is the fault
        claimed = [outbox.claim(one, clock()), outbox.claim(other, clock()), outbox.claim(other, clock())]

        assert [[row.subject_id for row in rows] for rows in claimed] == [["first"], ["second"], []]
        one.rollback()
        other.rollback()

    with postgresql_samples.write() as connection:
        connection.execute(delete(schema.outbox))


def test_a_batch_is_closed_but_for_what_lost_its_lease(any_ctx: Context, clock: Clock) -> None:
    with any_ctx.database.write() as connection:
        add(connection)
        add(connection)
    with any_ctx.database.write() as connection:
        late = outbox.claim(connection, any_ctx.clock(), 1)
    clock.forward(minutes=2)
    with any_ctx.database.write() as connection:
        mine = outbox.claim(connection, any_ctx.clock(), 2)
        assert outbox.all_sent(connection, late, any_ctx.clock()) == []
        assert outbox.all_sent(connection, [*late, *mine], any_ctx.clock()) == mine
        assert outbox.all_sent(connection, mine, any_ctx.clock()) == []

    assert [(row["status"], row["attempts"]) for row in audit.rows(any_ctx, "outbox")] == [("sent", 1), ("sent", 1)]


def test_who_lost_the_lease_can_record_nothing(any_ctx: Context, clock: Clock) -> None:
    with any_ctx.database.write() as connection:
        add(connection)
    late = claim(any_ctx)
    clock.forward(minutes=2)
    now_mine = claim(any_ctx)
    assert late is not None
    assert now_mine is not None

    with any_ctx.database.write() as connection:
        outbox.later(connection, late, START + timedelta(days=1), "late")
        assert not outbox.done(connection, late, "failed", any_ctx.clock())
        assert outbox.done(connection, now_mine, "sent", any_ctx.clock())
        assert not outbox.done(connection, now_mine, "sent", any_ctx.clock())

    (row,) = audit.rows(any_ctx, "outbox")
    assert (row["status"], row["attempts"], row["problem"]) == ("sent", 1, None)


def test_a_mail_that_is_given_back_waits_for_its_next_turn(any_ctx: Context, clock: Clock) -> None:
    with any_ctx.database.write() as connection:
        add(connection)
    row = claim(any_ctx)
    assert row is not None

    with any_ctx.database.write() as connection:
        outbox.later(connection, row, START + timedelta(minutes=5), "421")
    assert claim(any_ctx) is None
    clock.forward(minutes=5)
    again = claim(any_ctx)

    assert again is not None
    assert (again.id, again.attempts) == (row.id, 1)


@pytest.mark.parametrize("status", ["sent", "failed", "dropped"])
def test_a_closed_mail_is_never_claimed_again(any_ctx: Context, clock: Clock, status: str) -> None:
    with any_ctx.database.write() as connection:
        add(connection)
    row = claim(any_ctx)
    assert row is not None
    with any_ctx.database.write() as connection:
        outbox.done(connection, row, status, any_ctx.clock())
    clock.forward(days=1)

    assert claim(any_ctx) is None


def test_what_waits_for_a_turn_is_found_and_speaks_of_a_newer_request(any_ctx: Context, clock: Clock) -> None:
    with any_ctx.database.write() as connection:
        now = any_ctx.clock()
        add(connection, "noor", due=90, turn="today", request_id="r1")
        add(connection, "own", due=60, turn="yesterday")
        add(connection, "own", due=0, turn="today")
        add(connection, "own", due=60, kind="mail_plus")
        add(connection, "elsewhere", due=60, turn="of another")
        waiting = outbox.waiting(connection, ("today", "yesterday"), now)

        found = [(mail.subject_id, mail.request_id) for mail in waiting]
        assert found == [("own", ""), ("noor", "r1")], "the next one first, and a mail plus has its own time"
        assert outbox.waiting(connection, ("", "nobody's"), now) == []
        assert outbox.replace(connection, waiting[0].id, "guardian_asks", About("c", "noor", "n2", "f", "r2"), "2")
    clock.forward(minutes=1)

    rows = [claim(any_ctx) for _ in range(4)]
    assert [
        (row.kind, row.subject_id, row.notice_hash, row.data) for row in rows if row and row.request_id == "r2"
    ] == [("guardian_asks", "noor", "n2", "2")]
    with any_ctx.database.write() as connection:
        assert outbox.waiting(connection, ("today", "yesterday"), any_ctx.clock()) != [], "noor's"
        assert outbox.claim(connection, clock.now + timedelta(seconds=30)) is not None, "by a clock that is ahead"
        assert outbox.waiting(connection, ("today", "yesterday"), any_ctx.clock()) == [], "a worker has it"


def test_a_mail_that_a_worker_has_speaks_of_nothing_newer(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        add(connection)
    row = claim(any_ctx)
    assert row is not None

    with any_ctx.database.write() as connection:
        assert not outbox.replace(connection, row.id, "confirm", About("c", "s", "n2", "f", "r2"), "")

    (left,) = audit.rows(any_ctx, "outbox")
    assert left["request"] == ""


def test_the_queued_mails_of_one_person_and_these_kinds_are_dropped(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        for subject in ("a", "b"):
            for kind in ("confirm", "receipt"):
                add(connection, subject, kind=kind, request_id=f"{kind} of {subject}")
        assert outbox.drop(connection, "a", ("confirm",), any_ctx.clock()) == ["confirm of a"]

        assert outbox.has_queued(connection, "a")
        outbox.drop(connection, "a", None, any_ctx.clock())
        assert not outbox.has_queued(connection, "a")
        assert outbox.has_queued(connection, "b")


def test_only_rows_that_were_closed_long_ago_are_forgotten(any_ctx: Context, clock: Clock) -> None:
    with any_ctx.database.write() as connection:
        for subject in ("old", "young", "queued"):
            add(connection, subject)
    old = claim(any_ctx)
    assert old is not None
    with any_ctx.database.write() as connection:
        outbox.done(connection, old, "sent", any_ctx.clock())
    clock.forward(days=1)
    young = claim(any_ctx)
    assert young is not None
    with any_ctx.database.write() as connection:
        outbox.done(connection, young, "sent", any_ctx.clock())
        assert outbox.ended_before(connection, START + timedelta(hours=1), 10) == [old.id]
    (queued,) = audit.rows(any_ctx, "outbox", "status = 'queued'")
    with any_ctx.database.write() as connection:
        outbox.forget(connection, [old.id, queued["id"]])

    assert old.id not in {row["id"] for row in audit.rows(any_ctx, "outbox")}
    assert len(audit.rows(any_ctx, "outbox")) == 2


def test_while_the_outbox_pauses_nothing_is_claimed_and_then_one_mail(any_ctx: Context, clock: Clock) -> None:
    with any_ctx.database.write() as connection:
        add(connection, "in doubt", due=-2)
        add(connection, "first", due=-1)
        add(connection, "second")
    taken = claim(any_ctx)
    assert taken is not None
    with any_ctx.database.write() as connection:
        begun = replace(pauses.lock(connection), until=START + timedelta(seconds=30), failures=1)
        outbox.later(connection, taken, START, "RCPT 554", doubt=outbox.IN_DOUBT)
        pauses.write(connection, begun)

    clock.forward(seconds=29)
    assert claim(any_ctx) is None
    clock.forward(seconds=1)
    tries = claim(any_ctx)

    assert tries is not None
    assert tries.subject_id == "first", "not one that is in doubt itself"
    assert claim(any_ctx) is None
    clock.forward(seconds=60)
    assert claim(any_ctx) is not None, "the worker of the first one was killed"


ACTS: dict[str, tuple[Callable[[Connection], object], set[str]]] = {
    "in doubt": (outbox.recipients_in_doubt, {"outbox_in_doubt"}),
    "blame": (outbox.blame_the_server, {"outbox_in_doubt"}),
    "settle": (lambda connection: outbox.settle(connection, START), {"outbox_in_doubt"}),
    "repair": (lambda connection: outbox.repair_due_times(connection, START), {"outbox_due", "outbox_claimed"}),
}


@pytest.mark.parametrize(("act", "indexes"), ACTS.values(), ids=ACTS)
def test_no_act_for_all_mails_walks_through_what_is_queued(
    ctx: Context, act: Callable[[Connection], object], indexes: set[str]
) -> None:
    ran: list[tuple[str, Any]] = []

    def executed(*all_that: Any) -> None:
        if " outbox" in all_that[2].replace("\n", " ") and "outbox_pause" not in all_that[2]:
            ran.append((all_that[2], all_that[3]))

    event.listen(ctx.database.engine, "before_cursor_execute", executed)
    with ctx.database.write() as connection:
        act(connection)
    event.remove(ctx.database.engine, "before_cursor_execute", executed)

    used: set[str] = set()
    with ctx.database.read() as connection:
        for sql, parameters in ran:
            plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).all())
            used |= {index for index in indexes if f"USING INDEX {index}" in plan or f"INDEX {index} " in plan}
            assert "SCAN outbox" not in plan, plan
            assert "outbox_due (status=?)" not in plan, plan
    assert used == indexes


def test_a_mail_that_has_ended_stands_in_no_index_of_those_in_doubt_or_claimed(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        for number in range(4):
            add(connection, f"s{number}")
    for status in ("sent", "failed", "dropped", None):
        row = claim(any_ctx)
        assert row is not None
        with any_ctx.database.write() as connection:
            outbox.later(connection, row, START, "RCPT 550", doubt=outbox.IN_DOUBT)
        row = claim(any_ctx)
        assert row is not None
        with any_ctx.database.write() as connection:
            if status:
                outbox.done(connection, row, status, START)
            else:
                outbox.drop(connection, row.subject_id, None, START)

    assert {(row["doubt"], row["lease_until"]) for row in audit.rows(any_ctx, "outbox")} == {(outbox.CLEAR, None)}
