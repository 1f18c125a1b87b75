"""Mails leave the outbox: each once, none lost, and the ledger says how it went."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from app.delivery.transport import Message, PerhapsSent, PermanentFailure, TemporaryFailure
from app.period import Period
from app.services import confirmation, housekeeping, mail_kinds, sending
from app.services.context import Context
from app.worker import Worker
from tests import audit
from tests.factories import Clock, Mailbox, claim_one, html_of, read, send_form, text_of, token_in, work_off
from tests.services.family import MARCH, NOOR, Child, post
from tests.services.person import Person


class AwayServer(Mailbox):
    """A mail server that takes nothing while it is away."""

    away = True

    def deliver(self, message: Message, sender: str, recipient: str) -> None:
        if self.away:
            raise TemporaryFailure("ConnectionRefusedError")
        super().deliver(message, sender, recipient)


def outbox(ctx: Context) -> list[audit.Entry]:
    return audit.rows(ctx, "outbox")


def test_a_mail_that_was_handed_over_is_noted_in_the_ledger_and_not_sent_again(any_ctx: Context, clock: Clock) -> None:
    send_form(any_ctx)

    assert len(work_off(any_ctx)) == 1
    clock.forward(days=1)
    assert work_off(any_ctx) == []

    assert audit.history(any_ctx) == [("requested", "offers_mail"), ("mailed", "")]
    entry = audit.chain(any_ctx)[-1]
    assert (entry["form"], entry["language"], entry["decided_by"]) == ("careers", "nl", "")
    assert [(row["status"], row["attempts"]) for row in outbox(any_ctx)] == [("sent", 1)]


def test_two_workers_send_sixty_mails_once_each(any_ctx: Context) -> None:
    people = [f"p{number}@voorbeeld.test" for number in range(60)]
    for person in people:
        send_form(any_ctx, person, ("keep_cv",))
    mailboxes = [Mailbox(), Mailbox()]
    start = threading.Barrier(2)

    def work(mailbox: Mailbox) -> int:
        start.wait()
        return Worker(any_ctx, mailbox).work_off()

    with ThreadPoolExecutor(2) as pool:
        tried = [running.result() for running in [pool.submit(work, mailbox) for mailbox in mailboxes]]

    sent = [mail for mailbox in mailboxes for mail in mailbox.mails]
    assert sum(tried) == 60
    assert sorted(mail["To"].addresses[0].addr_spec for mail in sent) == sorted(people)
    assert len({mail["Message-ID"] for mail in sent}) == 60
    assert audit.history(any_ctx).count(("mailed", "")) == 60
    assert audit.verify(any_ctx) == 120


def test_what_a_dead_worker_had_claimed_goes_out_again_after_its_lease_under_the_same_message_id(
    any_ctx: Context, clock: Clock
) -> None:
    send_form(any_ctx)
    lost = claim_one(any_ctx)
    assert lost is not None

    clock.forward(seconds=59)
    assert work_off(any_ctx) == []
    clock.forward(seconds=2)
    (mail,) = work_off(any_ctx)

    assert mail["Message-ID"] == read(lost.message)["Message-ID"]
    assert token_in(mail, "stop") == token_in(read(lost.message), "stop")
    sending.sent(any_ctx, [lost.row])
    assert audit.history(any_ctx).count(("mailed", "")) == 1


def test_a_server_that_is_away_loses_nothing(any_ctx: Context, clock: Clock) -> None:
    server = AwayServer()
    people = {f"p{number}@voorbeeld.test" for number in range(5)}
    for person in people:
        send_form(any_ctx, person)
    for _ in range(30):
        Worker(any_ctx, server).work_off()
        clock.forward(minutes=7)
    assert server.mails == []
    assert [entry for entry in audit.history(any_ctx) if entry[0].startswith("mail")] == []

    server.away = False
    clock.forward(hours=12)
    Worker(any_ctx, server).work_off()

    assert {mail["To"].addresses[0].addr_spec for mail in server.mails} == people
    assert len(server.mails) == 5


def test_retries_come_ever_more_slowly_for_five_days_and_end_as_a_dead_letter(any_ctx: Context, clock: Clock) -> None:
    any_ctx.settings = replace(any_ctx.settings, MAIL_RETRY=Period(10, "minute"))
    send_form(any_ctx)
    begun, tries = clock.now, []
    worker = Worker(any_ctx, AwayServer())
    while any(row["status"] == "queued" for row in outbox(any_ctx)):
        if worker.work_off():
            tries.append(clock.now - begun)
        clock.forward(minutes=10)

    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert pauses[:7] == [timedelta(minutes=10 * 2**power) for power in range(7)]
    assert set(pauses[7:]) == {timedelta(hours=12)}
    assert timedelta(days=5) <= tries[-1] < timedelta(days=5, hours=12)
    (row,) = outbox(any_ctx)
    assert (row["status"], row["problem"]) == ("failed", "ConnectionRefusedError")
    assert audit.history(any_ctx)[-1] == ("mail_failed", "")
    assert work_off(any_ctx) == []


def test_a_refusal_for_good_is_a_dead_letter_at_once_and_holds_up_nobody(any_ctx: Context, clock: Clock) -> None:
    send_form(any_ctx, "nobody@voorbeeld.test")
    send_form(any_ctx, "sofie@voorbeeld.test")

    def trouble(recipient: str) -> None:
        if recipient.startswith("nobody"):
            raise PermanentFailure("SMTPRecipientsRefused 550")

    mailbox = Mailbox(trouble=trouble)
    Worker(any_ctx, mailbox).work_off()
    clock.forward(days=1)
    Worker(any_ctx, mailbox).work_off()

    assert [mail["To"].addresses[0].addr_spec for mail in mailbox.mails] == ["sofie@voorbeeld.test"]
    assert sorted(kind for kind, _ in audit.history(any_ctx)) == ["mail_failed", "mailed", "requested", "requested"]
    assert {row["problem"] for row in outbox(any_ctx)} == {None, "SMTPRecipientsRefused 550"}
    assert audit.verify(any_ctx) == 4


def test_a_mail_that_cannot_be_written_is_a_dead_letter_and_holds_up_nobody(
    any_ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_form(any_ctx, "a@voorbeeld.test")
    send_form(any_ctx, "b@voorbeeld.test")
    write = mail_kinds.build
    broken: list[object] = []

    def write_unless_first(ctx: Context, connection: object, row: object) -> object:
        if not broken:
            broken.append(row)
            raise KeyError("a template lacks something")
        return write(ctx, connection, row)  # type: ignore[arg-type]

    monkeypatch.setattr(mail_kinds, "build", write_unless_first)

    assert len(work_off(any_ctx)) == 1
    assert sorted(row["status"] for row in outbox(any_ctx)) == ["failed", "sent"]
    assert "lacks" not in str(outbox(any_ctx))


def test_the_link_is_signed_when_the_mail_goes_and_not_before(any_ctx: Context, clock: Clock) -> None:
    """A key that was changed while the mail waited does not spoil it; and no row holds a link or an address."""
    send_form(any_ctx)
    (row,) = outbox(any_ctx)
    assert "@" not in str(row)
    assert not audit.readable(any_ctx, "/confirm/", "/withdraw/")
    any_ctx.keys = ("the newest key of this test",)

    (mail,) = work_off(any_ctx)

    assert any_ctx.signing.confirm.read(token_in(mail, "confirm"))[0] == row["request"]


def test_a_question_that_was_answered_meanwhile_is_not_mailed(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    token = sofie.asks("keep_cv")
    clock.forward(minutes=11)
    sofie.sends("keep_cv")
    sofie.says_no(token)

    assert sofie.mails() == []
    assert [row["status"] for row in outbox(any_ctx)].count("dropped") == 1


def test_a_mail_to_somebody_who_was_erased_is_dropped(any_ctx: Context) -> None:
    send_form(any_ctx)
    audit.run(any_ctx, "DELETE FROM subjects")

    assert work_off(any_ctx) == []
    assert [row["status"] for row in outbox(any_ctx)] == ["dropped"]


def test_what_waits_for_its_limit_speaks_of_what_is_so_when_it_goes(any_ctx: Context, clock: Clock) -> None:
    """Of two purposes that were asked one is withdrawn while the mail waits: the mail asks only for the other."""
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")
    sofie.sends("offers_mail", "offers_phone")
    sofie.withdraws("offers_phone")
    clock.forward(minutes=11)

    text = text_of(sofie.mail())

    assert ("Vacatures per mail" in text, "Vacatures per telefoon" in text) == (True, False)


def test_no_mail_about_a_child_holds_the_name_that_it_typed(any_ctx: Context, clock: Clock) -> None:
    """Anybody may have typed it, and any address beside it."""
    child = Child(any_ctx, name="Xanthippe")
    child.sends("recipes", "reminder")
    sent = post(any_ctx)
    child.decided(token_in(sent[-1].mail, "guardian"), "recipes", child_email=NOOR)
    sent += post(any_ctx)
    confirmation.confirm(any_ctx, token_in(sent[-1].mail, "confirm"), ())
    clock.forward(days=1)
    child.sends("recipes")
    sent += post(any_ctx)
    clock.now = MARCH
    housekeeping.tidy(any_ctx)
    sent += post(any_ctx)
    child.stopped()
    sent += post(any_ctx)

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
    any_ctx: Context, clock: Clock, losses: int
) -> None:
    def lost(recipient: str) -> None:
        raise PerhapsSent("end of data TimeoutError")

    sofie = Person(any_ctx)
    sofie.sends("keep_cv")
    for hours in (0, 1, 6)[:losses]:
        clock.forward(hours=hours)
        Worker(any_ctx, Mailbox(trouble=lost)).work_off()

    clock.forward(minutes=11)
    sofie.sends("keep_cv")
    sofie.sends("keep_cv")

    sofie.says_yes(token_in(sofie.mail(), "confirm"))
    assert sofie.statuses() == {"keep_cv": "granted"}
