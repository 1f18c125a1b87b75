"""Mails leave the outbox: each once, none lost, and the ledger says how it went."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from itertools import pairwise

import pytest

from app.delivery.transport import PerhapsSent, PermanentFailure, TemporaryFailure
from app.period import Period
from app.services import confirmation, housekeeping, mail_kinds, sending
from app.services.kit import Kit
from app.worker import Worker
from tests import audit
from tests.factories import Clock, Mailbox, html_of, send_form, text_of, token_in, work_off
from tests.services.family import MARCH, NOOR, Child, post
from tests.services.person import Person


class AwayServer(Mailbox):
    """A mail server that takes nothing while it is away."""

    away = True

    def deliver(self, message: EmailMessage, sender: str, recipient: str) -> None:
        if self.away:
            raise TemporaryFailure("ConnectionRefusedError")
        super().deliver(message, sender, recipient)


def outbox(kit: Kit) -> list[audit.Entry]:
    return audit.rows(kit, "outbox")


def test_a_mail_that_was_handed_over_is_noted_in_the_ledger_and_not_sent_again(any_kit: Kit, clock: Clock) -> None:
    send_form(any_kit)

    assert len(work_off(any_kit)) == 1
    clock.forward(days=1)
    assert work_off(any_kit) == []

    assert audit.history(any_kit) == [("requested", "offers_mail"), ("mailed", "")]
    entry = audit.chain(any_kit)[-1]
    assert (entry["form"], entry["language"], entry["decided_by"]) == ("careers", "nl", "")
    assert [(row["status"], row["attempts"]) for row in outbox(any_kit)] == [("sent", 1)]


def test_two_workers_send_sixty_mails_once_each(any_kit: Kit) -> None:
    people = [f"p{number}@voorbeeld.test" for number in range(60)]
    for person in people:
        send_form(any_kit, person, ("keep_cv",))
    mailboxes = [Mailbox(), Mailbox()]
    start = threading.Barrier(2)

    def work(mailbox: Mailbox) -> int:
        start.wait()
        return Worker(any_kit, mailbox).work_off()

    with ThreadPoolExecutor(2) as pool:
        tried = [running.result() for running in [pool.submit(work, mailbox) for mailbox in mailboxes]]

    sent = [mail for mailbox in mailboxes for mail in mailbox.mails]
    assert sum(tried) == 60
    assert sorted(mail["To"].addresses[0].addr_spec for mail in sent) == sorted(people)
    assert len({mail["Message-ID"] for mail in sent}) == 60
    assert audit.history(any_kit).count(("mailed", "")) == 60
    assert audit.verify(any_kit) == 120


def test_what_a_dead_worker_had_claimed_goes_out_again_after_its_lease_under_the_same_message_id(
    any_kit: Kit, clock: Clock
) -> None:
    send_form(any_kit)
    lost = sending.next_mail(any_kit)
    assert lost is not None

    clock.forward(seconds=59)
    assert work_off(any_kit) == []
    clock.forward(seconds=2)
    (mail,) = work_off(any_kit)

    assert mail["Message-ID"] == lost.message["Message-ID"]
    assert token_in(mail, "stop") == token_in(lost.message, "stop")
    sending.sent(any_kit, lost.row)
    assert audit.history(any_kit).count(("mailed", "")) == 1


def test_a_server_that_is_away_loses_nothing(any_kit: Kit, clock: Clock) -> None:
    server = AwayServer()
    people = {f"p{number}@voorbeeld.test" for number in range(5)}
    for person in people:
        send_form(any_kit, person)
    for _ in range(30):
        Worker(any_kit, server).work_off()
        clock.forward(minutes=7)
    assert server.mails == []
    assert [entry for entry in audit.history(any_kit) if entry[0].startswith("mail")] == []

    server.away = False
    clock.forward(hours=12)
    Worker(any_kit, server).work_off()

    assert {mail["To"].addresses[0].addr_spec for mail in server.mails} == people
    assert len(server.mails) == 5


def test_retries_come_ever_more_slowly_for_five_days_and_end_as_a_dead_letter(any_kit: Kit, clock: Clock) -> None:
    any_kit.settings = replace(any_kit.settings, MAIL_RETRY=Period(10, "minute"))
    send_form(any_kit)
    begun, tries = clock.now, []
    worker = Worker(any_kit, AwayServer())
    while any(row["status"] == "queued" for row in outbox(any_kit)):
        if worker.work_off():
            tries.append(clock.now - begun)
        clock.forward(minutes=10)

    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert pauses[:7] == [timedelta(minutes=10 * 2**power) for power in range(7)]
    assert set(pauses[7:]) == {timedelta(hours=12)}
    assert timedelta(days=5) <= tries[-1] < timedelta(days=5, hours=12)
    (row,) = outbox(any_kit)
    assert (row["status"], row["problem"]) == ("failed", "ConnectionRefusedError")
    assert audit.history(any_kit)[-1] == ("mail_failed", "")
    assert work_off(any_kit) == []


def test_a_refusal_for_good_is_a_dead_letter_at_once_and_holds_up_nobody(any_kit: Kit, clock: Clock) -> None:
    send_form(any_kit, "nobody@voorbeeld.test")
    send_form(any_kit, "sofie@voorbeeld.test")

    def trouble(recipient: str) -> None:
        if recipient.startswith("nobody"):
            raise PermanentFailure("SMTPRecipientsRefused 550")

    mailbox = Mailbox(trouble=trouble)
    Worker(any_kit, mailbox).work_off()
    clock.forward(days=1)
    Worker(any_kit, mailbox).work_off()

    assert [mail["To"].addresses[0].addr_spec for mail in mailbox.mails] == ["sofie@voorbeeld.test"]
    assert sorted(kind for kind, _ in audit.history(any_kit)) == ["mail_failed", "mailed", "requested", "requested"]
    assert {row["problem"] for row in outbox(any_kit)} == {None, "SMTPRecipientsRefused 550"}
    assert audit.verify(any_kit) == 4


def test_a_mail_that_cannot_be_written_is_a_dead_letter_and_holds_up_nobody(
    any_kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_form(any_kit, "a@voorbeeld.test")
    send_form(any_kit, "b@voorbeeld.test")
    write = mail_kinds.build
    broken: list[object] = []

    def write_unless_first(kit: Kit, connection: object, row: object) -> object:
        if not broken:
            broken.append(row)
            raise KeyError("a template lacks something")
        return write(kit, connection, row)  # type: ignore[arg-type]

    monkeypatch.setattr(mail_kinds, "build", write_unless_first)

    assert len(work_off(any_kit)) == 1
    assert sorted(row["status"] for row in outbox(any_kit)) == ["failed", "sent"]
    assert "lacks" not in str(outbox(any_kit))


def test_the_link_is_signed_when_the_mail_goes_and_not_before(any_kit: Kit, clock: Clock) -> None:
    """A key that was changed while the mail waited does not spoil it; and no row holds a link or an address."""
    send_form(any_kit)
    (row,) = outbox(any_kit)
    assert "@" not in str(row)
    assert not audit.readable(any_kit, "/confirm/", "/withdraw/")
    any_kit.keys = ("the newest key of this test",)

    (mail,) = work_off(any_kit)

    assert any_kit.signing.confirm.read(token_in(mail, "confirm"))[0] == row["request"]


def test_a_question_that_was_answered_meanwhile_is_not_mailed(any_kit: Kit, clock: Clock) -> None:
    sofie = Person(any_kit)
    token = sofie.asks("keep_cv")
    clock.forward(minutes=11)
    sofie.sends("keep_cv")
    sofie.says_no(token)

    assert sofie.mails() == []
    assert [row["status"] for row in outbox(any_kit)].count("dropped") == 1


def test_a_mail_to_somebody_who_was_erased_is_dropped(any_kit: Kit) -> None:
    send_form(any_kit)
    audit.run(any_kit, "DELETE FROM subjects")

    assert work_off(any_kit) == []
    assert [row["status"] for row in outbox(any_kit)] == ["dropped"]


def test_what_waits_for_its_limit_speaks_of_what_is_so_when_it_goes(any_kit: Kit, clock: Clock) -> None:
    """Of two purposes that were asked one is withdrawn while the mail waits: the mail asks only for the other."""
    sofie = Person(any_kit)
    sofie.grants("keep_cv")
    sofie.sends("offers_mail", "offers_phone")
    sofie.withdraws("offers_phone")
    clock.forward(minutes=11)

    text = text_of(sofie.mail())

    assert ("Vacatures per mail" in text, "Vacatures per telefoon" in text) == (True, False)


def test_no_mail_about_a_child_holds_the_name_that_it_typed(any_kit: Kit, clock: Clock) -> None:
    """Anybody may have typed it, and any address beside it."""
    child = Child(any_kit, name="Xanthippe")
    child.sends("recipes", "wall_photo")
    sent = post(any_kit)
    child.decided(token_in(sent[-1].mail, "guardian"), "recipes", child_email=NOOR)
    sent += post(any_kit)
    confirmation.confirm(any_kit, token_in(sent[-1].mail, "confirm"), ())
    clock.forward(days=1)
    child.sends("recipes")
    sent += post(any_kit)
    clock.now = MARCH
    housekeeping.tidy(any_kit)
    sent += post(any_kit)
    child.stopped()
    sent += post(any_kit)

    assert {one.kind for one in sent} == {
        "guardian_asks",
        "child_address",
        "child_receipt",
        "mail_plus",
        "guardian_again",
        "child_of_age",
        "withdrawn",
        "child_stopped",
    }
    for one in sent:
        shown = f"{one.mail['Subject']}\n{text_of(one.mail)}\n{html_of(one.mail)}"
        assert child.name.lower() not in shown.lower(), one.kind


@pytest.mark.parametrize("losses", [1, 2, 3])
def test_who_never_got_a_mail_that_was_perhaps_sent_gets_one_by_sending_the_form_again(
    any_kit: Kit, clock: Clock, losses: int
) -> None:
    def lost(recipient: str) -> None:
        raise PerhapsSent("end of data TimeoutError")

    sofie = Person(any_kit)
    sofie.sends("keep_cv")
    for hours in (0, 1, 6)[:losses]:
        clock.forward(hours=hours)
        Worker(any_kit, Mailbox(trouble=lost)).work_off()

    clock.forward(minutes=11)
    sofie.sends("keep_cv")
    sofie.sends("keep_cv")

    sofie.says_yes(token_in(sofie.mail(), "confirm"))
    assert sofie.statuses() == {"keep_cv": "granted"}
