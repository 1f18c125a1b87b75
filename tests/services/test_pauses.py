"""The pause of the outbox, on both databases: one for all workers, one mail that tries, and nothing is given up."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.delivery.transport import (
    DeliveryFailure,
    InDoubt,
    PerhapsSent,
    PermanentFailure,
    ServerFailure,
    TemporaryFailure,
)
from app.services import mail_opt_out, sending
from app.services import outbox as operation
from app.services.context import Context
from app.storage import outbox as storage
from app.storage import pauses
from app.storage.limits import Counters
from app.storage.outbox import OutboxRow
from app.worker import Worker
from tests import audit
from tests.factories import ON_SQLITE, START, Clock, Mailbox, claim_one, send_form, token_in, work_off
from tests.services.person import Person

AWAY = ServerFailure("connect ConnectionRefusedError")
DOUBT = InDoubt("RCPT 550", is_final=True)
RELAY = InDoubt("RCPT 554 5.7.1", is_final=False)


def queue(ctx: Context, count: int, who: str = "p") -> None:
    for number in range(count):
        send_form(ctx, f"{who}{number}@voorbeeld.test", ("keep_cv",))


def refusing(problem: DeliveryFailure, whom: Callable[[str], bool] = lambda recipient: True) -> Mailbox:
    """A server that refuses some, or all."""

    def trouble(recipient: str) -> None:
        if whom(recipient):
            raise problem

    return Mailbox(trouble=trouble)


def until(ctx: Context) -> timedelta | None:
    with ctx.database.read() as connection:
        end = pauses.read(connection).until
    return end - ctx.clock() if end else None


def states(ctx: Context) -> Counter[str]:
    return Counter(row["status"] for row in audit.rows(ctx, "outbox"))


def test_a_fault_of_the_server_pauses_all_mails_and_is_counted_for_none(any_ctx: Context, clock: Clock) -> None:
    queue(any_ctx, 4)
    assert Worker(any_ctx, refusing(AWAY)).work_off() == 1
    assert until(any_ctx) == timedelta(minutes=1)
    assert {(row["attempts"], row["status"]) for row in audit.rows(any_ctx, "outbox")} == {(0, "queued")}
    clock.forward(seconds=59)
    assert work_off(any_ctx) == []
    clock.forward(seconds=1)
    assert len(work_off(any_ctx)) == 4
    assert until(any_ctx) is None


def test_of_two_workers_that_are_told_at_once_only_one_counts(any_ctx: Context, clock: Clock) -> None:
    queue(any_ctx, 2)
    first, second = claim_one(any_ctx), claim_one(any_ctx)
    assert first is not None
    assert second is not None
    sending.server_failed(any_ctx, first.row, AWAY)
    sending.server_failed(any_ctx, second.row, AWAY)
    assert until(any_ctx) == timedelta(minutes=1)
    assert audit.rows(any_ctx, "outbox_pause")[0]["failures"] == 1


def test_of_several_workers_only_one_gets_the_mail_that_tries(any_ctx: Context, clock: Clock) -> None:
    queue(any_ctx, 8)
    Worker(any_ctx, refusing(AWAY)).work_off()
    clock.forward(minutes=1)
    start = threading.Barrier(4)

    def claim(_: int) -> list[OutboxRow]:
        start.wait()
        with any_ctx.database.write() as connection:
            return storage.claim(connection, any_ctx.clock())

    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(claim, range(4)))
    assert sum(map(len, claimed)) == 1


def test_an_idle_worker_writes_nothing_in_a_pause_that_is_over(any_ctx: Context, clock: Clock) -> None:
    queue(any_ctx, 1)
    Worker(any_ctx, refusing(AWAY)).work_off()
    audit.run(any_ctx, "UPDATE outbox SET status = 'dropped'")
    clock.forward(hours=1)
    before = audit.everything(any_ctx)
    assert work_off(any_ctx) == []
    assert audit.everything(any_ctx) == before


@pytest.mark.parametrize("problem", [DOUBT, RELAY])
def test_several_peoples_mails_in_doubt_are_tried_every_few_minutes_and_none_is_given_up(
    any_ctx: Context, clock: Clock, problem: InDoubt
) -> None:
    queue(any_ctx, 5)
    assert Worker(any_ctx, refusing(problem)).work_off() == 5
    for minutes in (1, 2, 4, 4, 4):
        assert Worker(any_ctx, refusing(problem)).work_off() == 0
        clock.forward(minutes=minutes)
        assert Worker(any_ctx, refusing(problem)).work_off() == 5
    assert until(any_ctx) is None, "no other mail waits for these"
    clock.forward(minutes=4)
    assert len(work_off(any_ctx)) == 5
    assert states(any_ctx) == {"sent": 5}
    assert audit.verify(any_ctx) == 10


def test_what_is_in_doubt_is_settled_when_another_mail_is_taken(any_ctx: Context, clock: Clock) -> None:
    send_form(any_ctx, "bad@voorbeeld.test")
    send_form(any_ctx, "relay@voorbeeld.test")
    Worker(any_ctx, refusing(DOUBT)).work_off()
    send_form(any_ctx, "good@voorbeeld.test")
    settled = {"bad": DOUBT, "relay": RELAY}

    def trouble(recipient: str) -> None:
        if problem := settled.get(recipient.partition("@")[0]):
            raise problem

    Worker(any_ctx, Mailbox(trouble=trouble)).work_off()
    assert states(any_ctx) == {"sent": 1, "failed": 1, "queued": 1}
    assert audit.history(any_ctx)[-1] == ("mail_failed", "")


def test_the_last_dot_reached_ends_a_pause_that_came_before_any_recipient(any_ctx: Context, clock: Clock) -> None:
    queue(any_ctx, 2)
    Worker(any_ctx, refusing(AWAY)).work_off()
    clock.forward(minutes=1)
    assert Worker(any_ctx, refusing(PerhapsSent("end of data"))).work_off() == 2


def test_a_greylisted_mail_that_tries_lets_another_try_at_once(any_ctx: Context, clock: Clock) -> None:
    queue(any_ctx, 5)
    Worker(any_ctx, refusing(RELAY)).work_off()
    clock.forward(minutes=1)
    greylisted = Worker(any_ctx, refusing(TemporaryFailure("RCPT 451"), lambda who: who.startswith("p3")))
    assert greylisted.work_off() in (5, 6), "where it is the first that tries, it tries again once another was taken"
    assert states(any_ctx) == {"sent": 4, "queued": 1}


@ON_SQLITE
def test_days_in_which_the_server_was_at_fault_do_not_count_for_a_mail_that_is_put_off(
    any_ctx: Context, clock: Clock
) -> None:
    queue(any_ctx, 1)
    Worker(any_ctx, refusing(TemporaryFailure("RCPT 451 4.7.1"))).work_off()
    for _ in range(6 * 24):
        clock.forward(hours=1)
        Worker(any_ctx, refusing(AWAY)).work_off()
    clock.forward(minutes=10)
    Worker(any_ctx, refusing(TemporaryFailure("RCPT 451 4.7.1"))).work_off()
    assert [(row["status"], row["attempts"]) for row in audit.rows(any_ctx, "outbox")] == [("queued", 2)]


# The turn under the limits


def is_free(ctx: Context, email_key: str = "sofie@voorbeeld.test") -> bool:
    """Whether no mail of this form counts for this address."""
    what = f"{email_key}\ntalentwerk/careers"
    with ctx.database.write() as connection:
        return Counters(connection, ctx.clock()).mail_times({what: 1}) == {what: []}


def test_a_dead_letter_gives_its_turn_back(any_ctx: Context) -> None:
    send_form(any_ctx)
    assert not is_free(any_ctx)
    Worker(any_ctx, refusing(PermanentFailure("RCPT 550 5.1.1"))).work_off()
    assert is_free(any_ctx)
    assert len(audit.rows(any_ctx, "mail_counts")) == 2, "what counts for its domain stays"


def test_a_mail_that_is_dropped_before_it_went_gives_its_turn_back(any_ctx: Context) -> None:
    send_form(any_ctx)
    audit.run(any_ctx, "DELETE FROM subjects")
    assert work_off(any_ctx) == []
    assert is_free(any_ctx)


def test_a_mail_that_never_mail_me_again_drops_gives_its_turn_back(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.sends("keep_cv")
    stop = token_in(sofie.mail(), "stop")
    counted = len(audit.rows(any_ctx, "mail_counts"))
    clock.forward(minutes=11)
    sofie.sends("offers_mail")
    mail_opt_out.stop(any_ctx, stop)
    assert states(any_ctx) == {"sent": 1, "dropped": 1, "queued": 1}, "and one that says so"
    assert len(audit.rows(any_ctx, "mail_counts")) == counted + 2, "what counts for its domain stays"


def test_a_mail_that_went_keeps_its_turn_and_so_does_one_that_perhaps_did(any_ctx: Context, clock: Clock) -> None:
    send_form(any_ctx, "ann@voorbeeld.test")
    work_off(any_ctx)
    send_form(any_ctx, "bob@voorbeeld.test")
    Worker(any_ctx, refusing(PerhapsSent("end of data"))).work_off()
    clock.forward(hours=1)
    Worker(any_ctx, refusing(PermanentFailure("RCPT 550 5.1.1"))).work_off()
    assert states(any_ctx) == {"sent": 1, "failed": 1}
    assert not is_free(any_ctx, "ann@voorbeeld.test")
    assert not is_free(any_ctx, "bob@voorbeeld.test")


def test_the_turn_of_one_mail_is_given_back_and_no_other(any_ctx: Context) -> None:
    send_form(any_ctx, "ann@voorbeeld.test")
    send_form(any_ctx, "bob@voorbeeld.test")
    Worker(any_ctx, refusing(PermanentFailure("RCPT 550 5.1.1"), lambda who: who.startswith("ann"))).work_off()
    assert is_free(any_ctx, "ann@voorbeeld.test")
    assert not is_free(any_ctx, "bob@voorbeeld.test")


@ON_SQLITE
def test_what_is_refused_at_one_domain_still_counts_for_its_brake(any_ctx: Context) -> None:
    """Guessing addresses is what it is for: nearly all of them are refused."""
    for number in range(110):
        send_form(any_ctx, f"p{number}@bedrijf.test", ("keep_cv",))
        Worker(any_ctx, refusing(PermanentFailure("RCPT 550 5.1.1"))).work_off()

    assert states(any_ctx) == {"failed": 100, "queued": 10}
    assert is_free(any_ctx, "p0@bedrijf.test")


@ON_SQLITE
def test_what_is_dropped_before_it_went_still_counts_for_the_brake(any_ctx: Context) -> None:
    for number in range(110):
        send_form(any_ctx, f"p{number}@bedrijf.test", ("keep_cv",))
        audit.run(any_ctx, "DELETE FROM subjects")
        work_off(any_ctx)

    assert states(any_ctx) == {"dropped": 100, "queued": 10}


def test_who_resumes_leaves_the_other_mails_in_doubt_until_one_is_taken(any_ctx: Context, clock: Clock) -> None:
    queue(any_ctx, 2)
    Worker(any_ctx, refusing(DOUBT)).work_off()
    retried = audit.rows(any_ctx, "outbox")[0]["id"]
    operation.retry(any_ctx, (retried,))
    audit.run(any_ctx, "UPDATE outbox SET status = 'dropped' WHERE id = :id", id=retried)
    queue(any_ctx, 1, "good")
    Worker(any_ctx, refusing(DOUBT, lambda who: not who.startswith("good"))).work_off()

    with any_ctx.database.read() as connection:
        assert storage.recipients_in_doubt(connection) == 0, "they would count towards the next pause"


@ON_SQLITE
@pytest.mark.parametrize("problem", [DOUBT, RELAY])
def test_a_mail_in_doubt_ends_after_five_days_where_no_other_mail_comes(
    any_ctx: Context, clock: Clock, problem: InDoubt
) -> None:
    queue(any_ctx, 1)
    tries = 0
    for _ in range(24 * 2 * 12):
        tries += Worker(any_ctx, refusing(problem)).work_off()
        if states(any_ctx) == {"failed": 1}:
            break
        clock.forward(minutes=30)

    assert states(any_ctx) == {"failed": 1}
    assert timedelta(days=5) <= clock() - START <= timedelta(days=6)
    assert tries < 30
    assert audit.history(any_ctx)[-1] == ("mail_failed", "")


@ON_SQLITE
def test_the_days_of_a_servers_fault_end_no_mail_in_doubt(any_ctx: Context, clock: Clock) -> None:
    queue(any_ctx, 3)
    for _ in range(24 * 6):
        Worker(any_ctx, refusing(DOUBT)).work_off()
        clock.forward(hours=1)

    assert states(any_ctx) == {"queued": 3}


def test_none_is_claimed_after_another_mail_while_the_outbox_pauses(any_ctx: Context, clock: Clock) -> None:
    """The pause is locked before mails: who holds a mail waits with the next until that transaction is over."""
    queue(any_ctx, 3)
    first = claim_one(any_ctx)
    assert first is not None
    Worker(any_ctx, refusing(AWAY)).work_off()
    clock.forward(minutes=1)
    sending.deferred(any_ctx, first.row, TemporaryFailure("RCPT 451"))

    with any_ctx.database.write() as connection:
        assert storage.claim(connection, clock(), holds_a_mail=True) == []
    assert len(work_off(any_ctx)) == 2
