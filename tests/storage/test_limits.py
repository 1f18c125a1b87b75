"""Counters against misuse, kept so that they cannot be read back."""

from datetime import UTC, datetime, timedelta

from app.services.context import Context
from app.storage import limits
from tests import audit
from tests.factories import Clock

WINDOW = timedelta(minutes=10)
MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)


def count_mail(ctx: Context, what: str, ahead: timedelta = timedelta()) -> None:
    with ctx.database.write() as connection:
        now = ctx.clock()
        limits.Counters(connection, now).count_mail(now + ahead, what)


def counted(ctx: Context, what: str) -> int:
    with ctx.database.read() as connection:
        return len(limits.Counters(connection, ctx.clock()).mail_times({what: 10})[what])


def submit(ctx: Context, network: str = "192.0.2.0/24") -> None:
    with ctx.database.write() as connection:
        limits.Counters(connection, ctx.clock()).count_in_window(network, WINDOW)


def submits(ctx: Context, network: str = "192.0.2.0/24") -> tuple[int, datetime | None]:
    with ctx.database.read() as connection:
        return limits.Counters(connection, ctx.clock()).in_window(network)


def test_a_mail_counts_for_24_hours(any_ctx: Context, clock: Clock) -> None:
    count_mail(any_ctx, "sofie")
    clock.forward(hours=23, minutes=59)
    count_mail(any_ctx, "sofie")
    count_mail(any_ctx, "pieter")

    assert counted(any_ctx, "sofie") == 2
    clock.forward(minutes=1)
    assert counted(any_ctx, "sofie") == 1
    assert counted(any_ctx, "nobody") == 0


def test_a_mail_that_was_promised_for_tomorrow_counts_for_a_day_from_then(any_ctx: Context, clock: Clock) -> None:
    """It is found for two midnights: the salt of the day on which it was promised has to stay as long."""
    clock.now = MIDNIGHT - timedelta(minutes=5)
    count_mail(any_ctx, "sofie", timedelta(hours=23, minutes=59))

    for hours in (0.1, 12, 24, 35, 47):
        clock.now = MIDNIGHT + timedelta(hours=hours)
        with any_ctx.database.write() as connection:
            limits.forget(connection, clock.now, 100)
        assert counted(any_ctx, "sofie") == 1, hours
    clock.now = MIDNIGHT + timedelta(hours=48)
    assert counted(any_ctx, "sofie") == 0


def test_a_network_is_counted_in_windows_that_begin_with_the_first(any_ctx: Context, clock: Clock) -> None:
    assert submits(any_ctx) == (0, None)
    begun = clock.now
    for _ in range(3):
        submit(any_ctx)
        clock.forward(minutes=3)
    assert submits(any_ctx) == (3, begun + WINDOW)
    assert submits(any_ctx, "198.51.100.0/24") == (0, None)

    clock.forward(minutes=1)
    assert submits(any_ctx) == (0, None)
    submit(any_ctx)
    assert submits(any_ctx) == (1, clock.now + WINDOW)


def test_midnight_gives_a_network_no_second_helping(any_ctx: Context, clock: Clock) -> None:
    clock.now = MIDNIGHT - timedelta(minutes=1)
    submit(any_ctx)
    submit(any_ctx)
    clock.forward(minutes=2)
    submit(any_ctx)

    assert submits(any_ctx) == (3, clock.now + WINDOW)


def test_neither_an_address_nor_a_network_can_be_read_in_the_counters(any_ctx: Context) -> None:
    count_mail(any_ctx, "sofie@voorbeeld.test\ntalentwerk/careers")
    submit(any_ctx, "192.0.2.0/24")

    assert len(audit.rows(any_ctx, "mail_counts")) == len(audit.rows(any_ctx, "submit_counts")) == 1
    assert not audit.readable(any_ctx, "sofie", "voorbeeld", "talentwerk/careers", "192.0.2")


def test_the_same_address_has_another_hash_every_day_and_in_every_installation(any_ctx: Context, clock: Clock) -> None:
    for _ in range(3):
        count_mail(any_ctx, "sofie")
        clock.forward(days=1)

    assert len({row["digest"] for row in audit.rows(any_ctx, "mail_counts")}) == 3
    salts = audit.rows(any_ctx, "salts")
    assert len({bytes(row["salt"]) for row in salts}) == 3
    assert {len(row["salt"]) for row in salts} == {32}


def test_a_salt_is_made_once_a_day(any_ctx: Context) -> None:
    for _ in range(3):
        with any_ctx.database.write() as connection:
            limits.Counters(connection, any_ctx.clock()).count_mail(any_ctx.clock(), "sofie")

    assert len(audit.rows(any_ctx, "salts")) == 1


def test_old_salts_and_counters_are_deleted(any_ctx: Context, clock: Clock) -> None:
    for _ in range(6):
        count_mail(any_ctx, "sofie")
        submit(any_ctx)
        clock.forward(days=1)
    with any_ctx.database.write() as connection:
        limits.forget(connection, clock.now, 100)

    assert [row["day"] for row in audit.rows(any_ctx, "salts")] == ["2026-11-25", "2026-11-26"]
    assert audit.rows(any_ctx, "mail_counts") == []
    assert audit.rows(any_ctx, "submit_counts") == []


def test_a_salt_that_an_act_has_made_counts_for_the_rest_of_it(any_ctx: Context, clock: Clock) -> None:
    count_mail(any_ctx, "sofie")
    clock.forward(days=1)
    with any_ctx.database.write() as connection:
        now = any_ctx.clock()
        limits.Counters(connection, now, any_ctx.salts(now)).count_mail(now, "sofie")
        again = limits.Counters(connection, now, any_ctx.salts(now)).mail_times({"sofie": 10})

    assert again["sofie"][-1] == now


def test_old_counters_are_deleted_so_many_at_a_time(any_ctx: Context, clock: Clock) -> None:
    for _ in range(5):
        count_mail(any_ctx, "sofie")
    clock.forward(days=2)
    found = []
    for _ in range(4):
        with any_ctx.database.write() as connection:
            found.append(limits.forget(connection, clock.now, 2))

    assert found == [2, 2, 1, 0]
