"""The outbox: a mail is claimed by one worker at a time, and nobody's death loses it."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from app.services.kit import Kit
from app.storage import outbox
from app.storage.outbox import Row
from tests import audit
from tests.factories import START, Clock

KINDS = ("confirm", "already_granted")


def add(connection: Connection, subject: str = "s", form: str = "f", due: float = 0, kind: str = "confirm") -> None:
    outbox.add(
        connection,
        kind=kind,
        controller="c",
        form=form,
        subject=subject,
        notice="n",
        data={"é": [1]},
        now=START,
        due_at=START + timedelta(seconds=due),
    )


def claim(kit: Kit) -> Row | None:
    with kit.database.write() as connection:
        return outbox.claim(connection, kit.clock())


def test_the_mail_that_is_due_longest_goes_first_and_none_before_it_is_due(any_kit: Kit, clock: Clock) -> None:
    with any_kit.database.write() as connection:
        add(connection, "third", due=10)
        add(connection, "second", due=-5)
        add(connection, "first", due=-10)

    claimed = [claim(any_kit), claim(any_kit), claim(any_kit)]
    clock.forward(seconds=10)
    claimed.append(claim(any_kit))

    assert [row and row.subject for row in claimed] == ["first", "second", None, "third"]
    assert claimed[0] is not None
    assert claimed[0].data == {"é": [1]}


def test_a_claimed_mail_is_nobody_elses_until_the_lease_ends(any_kit: Kit, clock: Clock) -> None:
    with any_kit.database.write() as connection:
        add(connection)

    first = claim(any_kit)
    clock.forward(seconds=59)
    assert claim(any_kit) is None
    clock.forward(seconds=1)
    second = claim(any_kit)

    assert first is not None
    assert second is not None
    assert (first.id, first.lease != second.lease) == (second.id, True)


def test_who_lost_the_lease_can_record_nothing(any_kit: Kit, clock: Clock) -> None:
    with any_kit.database.write() as connection:
        add(connection)
    late = claim(any_kit)
    clock.forward(minutes=2)
    now_mine = claim(any_kit)
    assert late is not None
    assert now_mine is not None

    with any_kit.database.write() as connection:
        outbox.later(connection, late, START + timedelta(days=1), "late")
        assert not outbox.done(connection, late, "failed", any_kit.clock())
        assert outbox.done(connection, now_mine, "sent", any_kit.clock())
        assert not outbox.done(connection, now_mine, "sent", any_kit.clock())

    (row,) = audit.rows(any_kit, "outbox")
    assert (row["status"], row["attempts"], row["problem"]) == ("sent", 1, None)


def test_a_mail_that_is_given_back_waits_for_its_next_turn(any_kit: Kit, clock: Clock) -> None:
    with any_kit.database.write() as connection:
        add(connection)
    row = claim(any_kit)
    assert row is not None

    with any_kit.database.write() as connection:
        outbox.later(connection, row, START + timedelta(minutes=5), "421")
    assert claim(any_kit) is None
    clock.forward(minutes=5)
    again = claim(any_kit)

    assert again is not None
    assert (again.id, again.attempts) == (row.id, 1)


@pytest.mark.parametrize("status", ["sent", "failed", "dropped"])
def test_a_closed_mail_is_never_claimed_again(any_kit: Kit, clock: Clock, status: str) -> None:
    with any_kit.database.write() as connection:
        add(connection)
    row = claim(any_kit)
    assert row is not None
    with any_kit.database.write() as connection:
        outbox.done(connection, row, status, any_kit.clock())
    clock.forward(days=1)

    assert claim(any_kit) is None


def test_one_mail_waits_for_each_address_and_form(any_kit: Kit, clock: Clock) -> None:
    with any_kit.database.write() as connection:
        add(connection, "a", "f", due=60)
        add(connection, "a", "g", due=0)
        add(connection, "c", "f", due=60, kind="mail_plus")
        now = any_kit.clock()
        waiting = outbox.waiting(connection, "a", "f", KINDS, now)

        assert waiting is not None
        assert outbox.waiting(connection, "a", "g", KINDS, now) is None
        assert outbox.waiting(connection, "b", "f", KINDS, now) is None
        assert outbox.waiting(connection, "c", "f", KINDS, now) is None, "a mail of another kind has its own time"
        outbox.replace(connection, waiting, "already_granted", "r2", "n2", {"x": 2})
    clock.forward(minutes=1)

    rows = [claim(any_kit), claim(any_kit)]
    assert [(row.kind, row.request, row.notice, row.data) for row in rows if row and row.form == "f"] == [
        ("already_granted", "r2", "n2", {"x": 2})
    ]


def test_the_queued_mails_of_one_person_and_these_kinds_are_dropped(any_kit: Kit) -> None:
    with any_kit.database.write() as connection:
        for subject in ("a", "b"):
            for kind in ("confirm", "receipt"):
                add(connection, subject, kind=kind)
        outbox.drop(connection, "a", ("confirm",), any_kit.clock())

        assert outbox.has_queued(connection, "a")
        outbox.drop(connection, "a", None, any_kit.clock())
        assert not outbox.has_queued(connection, "a")
        assert outbox.has_queued(connection, "b")


def test_only_rows_that_were_closed_long_ago_are_forgotten(any_kit: Kit, clock: Clock) -> None:
    with any_kit.database.write() as connection:
        for subject in ("old", "young", "queued"):
            add(connection, subject)
    old = claim(any_kit)
    assert old is not None
    with any_kit.database.write() as connection:
        outbox.done(connection, old, "sent", any_kit.clock())
    clock.forward(days=1)
    young = claim(any_kit)
    assert young is not None
    with any_kit.database.write() as connection:
        outbox.done(connection, young, "sent", any_kit.clock())
        outbox.forget(connection, START + timedelta(hours=1))

    assert old.id not in {row["id"] for row in audit.rows(any_kit, "outbox")}
    assert len(audit.rows(any_kit, "outbox")) == 2
