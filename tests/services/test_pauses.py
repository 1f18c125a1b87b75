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
from app.services.kit import Kit
from app.storage import outbox as storage
from app.storage import pauses
from app.storage.limits import Counters
from app.worker import Worker
from tests import audit
from tests.factories import START, Clock, Mailbox, send_form, token_in, work_off
from tests.services.person import Person

AWAY = ServerFailure("connect ConnectionRefusedError")
DOUBT = InDoubt("RCPT 550", is_final=True)
RELAY = InDoubt("RCPT 554 5.7.1", is_final=False)


def queue(kit: Kit, count: int, who: str = "p") -> None:
    for number in range(count):
        send_form(kit, f"{who}{number}@voorbeeld.test", ("keep_cv",))


def refusing(problem: DeliveryFailure, whom: Callable[[str], bool] = lambda recipient: True) -> Mailbox:
    """A server that refuses some, or all."""

    def trouble(recipient: str) -> None:
        if whom(recipient):
            raise problem

    return Mailbox(trouble=trouble)


def until(kit: Kit) -> timedelta | None:
    with kit.database.read() as connection:
        end = pauses.read(connection).until
    return end - kit.clock() if end else None


def states(kit: Kit) -> Counter[str]:
    return Counter(row["status"] for row in audit.rows(kit, "outbox"))


def test_a_fault_of_the_server_pauses_all_mails_and_is_counted_for_none(any_kit: Kit, clock: Clock) -> None:
    queue(any_kit, 4)
    assert Worker(any_kit, refusing(AWAY)).work_off() == 1
    assert until(any_kit) == timedelta(minutes=1)
    assert {(row["attempts"], row["status"]) for row in audit.rows(any_kit, "outbox")} == {(0, "queued")}
    clock.forward(seconds=59)
    assert work_off(any_kit) == []
    clock.forward(seconds=1)
    assert len(work_off(any_kit)) == 4
    assert until(any_kit) is None


def test_of_two_workers_that_are_told_at_once_only_one_counts(any_kit: Kit, clock: Clock) -> None:
    queue(any_kit, 2)
    first, second = sending.next_mail(any_kit), sending.next_mail(any_kit)
    assert first is not None
    assert second is not None
    sending.server_failed(any_kit, first.row, AWAY)
    sending.server_failed(any_kit, second.row, AWAY)
    assert until(any_kit) == timedelta(minutes=1)
    assert audit.rows(any_kit, "outbox_pause")[0]["failures"] == 1


def test_of_several_workers_only_one_gets_the_mail_that_tries(any_kit: Kit, clock: Clock) -> None:
    queue(any_kit, 8)
    Worker(any_kit, refusing(AWAY)).work_off()
    clock.forward(minutes=1)
    start = threading.Barrier(4)

    def claim(_: int) -> object:
        start.wait()
        with any_kit.database.write() as connection:
            return storage.claim(connection, any_kit.clock())

    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(claim, range(4)))
    assert [row is None for row in claimed].count(False) == 1


def test_an_idle_worker_writes_nothing_in_a_pause_that_is_over(any_kit: Kit, clock: Clock) -> None:
    queue(any_kit, 1)
    Worker(any_kit, refusing(AWAY)).work_off()
    audit.run(any_kit, "UPDATE outbox SET status = 'dropped'")
    clock.forward(hours=1)
    before = audit.everything(any_kit)
    assert work_off(any_kit) == []
    assert audit.everything(any_kit) == before


@pytest.mark.parametrize("problem", [DOUBT, RELAY])
def test_several_peoples_mails_in_doubt_are_tried_every_few_minutes_and_none_is_given_up(
    any_kit: Kit, clock: Clock, problem: InDoubt
) -> None:
    queue(any_kit, 5)
    assert Worker(any_kit, refusing(problem)).work_off() == 5
    for minutes in (1, 2, 4, 4, 4):
        assert Worker(any_kit, refusing(problem)).work_off() == 0
        clock.forward(minutes=minutes)
        assert Worker(any_kit, refusing(problem)).work_off() == 5
    assert until(any_kit) is None, "no other mail waits for these"
    clock.forward(minutes=4)
    assert len(work_off(any_kit)) == 5
    assert states(any_kit) == {"sent": 5}
    assert audit.verify(any_kit) == 10


def test_what_is_in_doubt_is_settled_when_another_mail_is_taken(any_kit: Kit, clock: Clock) -> None:
    send_form(any_kit, "bad@voorbeeld.test")
    send_form(any_kit, "relay@voorbeeld.test")
    Worker(any_kit, refusing(DOUBT)).work_off()
    send_form(any_kit, "good@voorbeeld.test")
    settled = {"bad": DOUBT, "relay": RELAY}

    def trouble(recipient: str) -> None:
        if problem := settled.get(recipient.partition("@")[0]):
            raise problem

    Worker(any_kit, Mailbox(trouble=trouble)).work_off()
    assert states(any_kit) == {"sent": 1, "failed": 1, "queued": 1}
    assert audit.history(any_kit)[-1] == ("mail_failed", "")


def test_the_last_dot_reached_ends_a_pause_that_came_before_any_recipient(any_kit: Kit, clock: Clock) -> None:
    queue(any_kit, 2)
    Worker(any_kit, refusing(AWAY)).work_off()
    clock.forward(minutes=1)
    assert Worker(any_kit, refusing(PerhapsSent("end of data"))).work_off() == 2


def test_a_greylisted_mail_that_tries_lets_another_try_at_once(any_kit: Kit, clock: Clock) -> None:
    queue(any_kit, 5)
    Worker(any_kit, refusing(RELAY)).work_off()
    clock.forward(minutes=1)
    assert Worker(any_kit, refusing(TemporaryFailure("RCPT 451"), lambda who: who.startswith("p3"))).work_off() == 5
    assert states(any_kit) == {"sent": 4, "queued": 1}


def test_days_in_which_the_server_was_at_fault_do_not_count_for_a_mail_that_is_put_off(
    any_kit: Kit, clock: Clock
) -> None:
    queue(any_kit, 1)
    Worker(any_kit, refusing(TemporaryFailure("RCPT 451 4.7.1"))).work_off()
    for _ in range(6 * 24):
        clock.forward(hours=1)
        Worker(any_kit, refusing(AWAY)).work_off()
    clock.forward(minutes=10)
    Worker(any_kit, refusing(TemporaryFailure("RCPT 451 4.7.1"))).work_off()
    assert [(row["status"], row["attempts"]) for row in audit.rows(any_kit, "outbox")] == [("queued", 2)]


# The turn under the limits


def is_free(kit: Kit, email_key: str = "sofie@voorbeeld.test") -> bool:
    """Whether no mail of this form counts for this address."""
    with kit.database.write() as connection:
        return Counters(connection, kit.clock()).mail_times(f"{email_key}\ntalentwerk/careers") == []


def test_a_dead_letter_gives_its_turn_back(any_kit: Kit) -> None:
    send_form(any_kit)
    assert not is_free(any_kit)
    Worker(any_kit, refusing(PermanentFailure("RCPT 550 5.1.1"))).work_off()
    assert is_free(any_kit)
    assert len(audit.rows(any_kit, "mail_counts")) == 2, "what counts for its domain stays"


def test_a_mail_that_is_dropped_before_it_went_gives_its_turn_back(any_kit: Kit) -> None:
    send_form(any_kit)
    audit.run(any_kit, "DELETE FROM subjects")
    assert work_off(any_kit) == []
    assert is_free(any_kit)


def test_a_mail_that_never_mail_me_again_drops_gives_its_turn_back(any_kit: Kit, clock: Clock) -> None:
    sofie = Person(any_kit)
    sofie.sends("keep_cv")
    stop = token_in(sofie.mail(), "stop")
    counted = len(audit.rows(any_kit, "mail_counts"))
    clock.forward(minutes=11)
    sofie.sends("offers_mail")
    mail_opt_out.stop(any_kit, stop)
    assert states(any_kit) == {"sent": 1, "dropped": 1}
    assert len(audit.rows(any_kit, "mail_counts")) == counted + 2, "what counts for its domain stays"


def test_a_mail_that_went_keeps_its_turn_and_so_does_one_that_perhaps_did(any_kit: Kit, clock: Clock) -> None:
    send_form(any_kit, "ann@voorbeeld.test")
    work_off(any_kit)
    send_form(any_kit, "bob@voorbeeld.test")
    Worker(any_kit, refusing(PerhapsSent("end of data"))).work_off()
    clock.forward(hours=1)
    Worker(any_kit, refusing(PermanentFailure("RCPT 550 5.1.1"))).work_off()
    assert states(any_kit) == {"sent": 1, "failed": 1}
    assert not is_free(any_kit, "ann@voorbeeld.test")
    assert not is_free(any_kit, "bob@voorbeeld.test")


def test_the_turn_of_one_mail_is_given_back_and_no_other(any_kit: Kit) -> None:
    send_form(any_kit, "ann@voorbeeld.test")
    send_form(any_kit, "bob@voorbeeld.test")
    Worker(any_kit, refusing(PermanentFailure("RCPT 550 5.1.1"), lambda who: who.startswith("ann"))).work_off()
    assert is_free(any_kit, "ann@voorbeeld.test")
    assert not is_free(any_kit, "bob@voorbeeld.test")


def test_what_is_refused_at_one_domain_still_counts_for_its_brake(any_kit: Kit) -> None:
    """Guessing addresses is what it is for: nearly all of them are refused."""
    for number in range(130):
        send_form(any_kit, f"p{number}@bedrijf.test", ("keep_cv",))
        Worker(any_kit, refusing(PermanentFailure("RCPT 550 5.1.1"))).work_off()

    assert states(any_kit) == {"failed": 100, "queued": 30}
    assert is_free(any_kit, "p0@bedrijf.test")


def test_what_is_dropped_before_it_went_still_counts_for_the_brake(any_kit: Kit) -> None:
    for number in range(130):
        send_form(any_kit, f"p{number}@bedrijf.test", ("keep_cv",))
        audit.run(any_kit, "DELETE FROM subjects")
        work_off(any_kit)

    assert states(any_kit) == {"dropped": 100, "queued": 30}


def test_who_resumes_leaves_the_other_mails_in_doubt_until_one_is_taken(any_kit: Kit, clock: Clock) -> None:
    queue(any_kit, 2)
    Worker(any_kit, refusing(DOUBT)).work_off()
    retried = audit.rows(any_kit, "outbox")[0]["id"]
    operation.retry(any_kit, (retried,))
    audit.run(any_kit, "UPDATE outbox SET status = 'dropped' WHERE id = :id", id=retried)
    queue(any_kit, 1, "good")
    Worker(any_kit, refusing(DOUBT, lambda who: not who.startswith("good"))).work_off()

    with any_kit.database.read() as connection:
        assert storage.recipients_in_doubt(connection) == 0, "they would count towards the next pause"


@pytest.mark.parametrize("problem", [DOUBT, RELAY])
def test_a_mail_in_doubt_ends_after_five_days_where_no_other_mail_comes(
    any_kit: Kit, clock: Clock, problem: InDoubt
) -> None:
    queue(any_kit, 1)
    tries = 0
    for _ in range(24 * 2 * 12):
        tries += Worker(any_kit, refusing(problem)).work_off()
        if states(any_kit) == {"failed": 1}:
            break
        clock.forward(minutes=30)

    assert states(any_kit) == {"failed": 1}
    assert timedelta(days=5) <= clock() - START <= timedelta(days=6)
    assert tries < 30
    assert audit.history(any_kit)[-1] == ("mail_failed", "")


def test_the_days_of_a_servers_fault_end_no_mail_in_doubt(any_kit: Kit, clock: Clock) -> None:
    queue(any_kit, 3)
    for _ in range(24 * 12 * 6):
        Worker(any_kit, refusing(DOUBT)).work_off()
        clock.forward(minutes=5)

    assert states(any_kit) == {"queued": 3}


def test_none_is_claimed_after_another_mail_while_the_outbox_pauses(any_kit: Kit, clock: Clock) -> None:
    """The pause is locked before mails: who holds a mail waits with the next until that transaction is over."""
    queue(any_kit, 3)
    first = sending.next_mail(any_kit)
    Worker(any_kit, refusing(AWAY)).work_off()
    clock.forward(minutes=1)
    assert first is not None

    assert sending.deferred(any_kit, first.row, TemporaryFailure("RCPT 451"), claim_next=True) is None
    assert len(work_off(any_kit)) == 2
