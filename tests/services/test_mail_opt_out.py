"""Never mail me again."""

import pytest

from app.domain.address import Address
from app.services import housekeeping, mail_opt_out, sending, withdrawal
from app.services.context import Context, UnknownLink
from app.services.link_request import LinkRequest
from app.storage import outbox, suppressions
from tests import audit
from tests.factories import Clock, send_form, send_link, text_of, token_in, work_off
from tests.services.person import Person


def ask_for_link(person: Person, to_object: bool = False) -> None:
    send_link(
        person.ctx,
        LinkRequest(person.controller, "nl", Address(person.email, person.email), "192.0.2.0/24", to_object=to_object),
    )


def test_after_the_click_no_form_brings_a_mail_or_stores_anything(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.asks("offers_mail")
    sofie.stops()
    before = audit.everything(any_ctx)

    for purposes in (("offers_mail",), ("keep_cv",), ("offers_mail", "offers_phone")):
        clock.forward(hours=9)
        sofie.sends(*purposes, first_name="Sofie")

    after = audit.everything(any_ctx)
    assert {table for table in after if after[table] != before[table]} <= {"salts", "submit_counts"}
    assert sofie.mails() == []


def test_what_is_queued_does_not_go(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.sends("offers_mail")

    sofie.stops()

    assert {row["kind"]: row["status"] for row in audit.rows(any_ctx, "outbox")} == {
        "confirm": "dropped",
        "opted_out": "sent",
    }
    assert sofie.mails() == []


def test_a_mail_that_a_worker_reads_just_then_does_not_go_either(any_ctx: Context) -> None:
    """The worker claimed the row before the click, and reads what it says after it."""
    sofie = Person(any_ctx)
    sofie.sends("offers_mail")
    sofie.stops()
    audit.run(any_ctx, "UPDATE outbox SET status = 'queued', done_at = NULL WHERE status = 'dropped'")

    assert sofie.mails() == []


def test_who_reads_at_the_address_is_told_once_what_was_stopped_and_how_to_undo_it(any_ctx: Context) -> None:
    """Whoever was forwarded a mail can press the button in it."""
    sofie = Person(any_ctx)
    sofie.asks("offers_mail")
    token = sofie.token("stop")

    mail_opt_out.stop(any_ctx, token)
    (told,) = sofie.mails()
    mail_opt_out.stop(any_ctx, token)

    assert sofie.mails() == []
    assert told["To"] == sofie.email
    assert "Nooit meer mail van een formulier" in text_of(told)
    assert "https://forms.example/link/talentwerk?lang=nl" in text_of(told)
    assert ("stopped", "") in sofie.history()


def test_proofs_of_ones_own_acts_still_come(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    token = sofie.asks("keep_cv", "offers_mail")
    sofie.stops()

    sofie.says_yes(token)
    assert len(sofie.mails()) == 1
    sofie.withdraws("keep_cv")
    assert len(sofie.mails()) == 1
    sofie.objects()
    assert len(sofie.mails()) == 1
    withdrawal.withdraw_for(any_ctx, sofie.email, None, None)
    assert sofie.mails() == []


def test_consents_stay_as_they_are(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")

    sofie.stops()

    assert sofie.statuses() == {"keep_cv": "granted"}
    assert sofie.history()[-1] == ("stopped", "")


def test_a_second_click_changes_nothing(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.asks("keep_cv")
    sofie.stops()
    before = audit.everything(any_ctx)

    sofie.stops()
    assert mail_opt_out.view(any_ctx, sofie.token("stop"))[1] is True
    assert audit.everything(any_ctx) == before


def test_the_page_says_who_mails_and_that_nothing_was_stopped_yet(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.asks("keep_cv")
    before = audit.everything(any_ctx)

    stored, is_stopped = mail_opt_out.view(any_ctx, sofie.token("stop"))

    assert (stored.notice.controller_name, is_stopped) == ("TalentWerk BV", False)
    assert audit.everything(any_ctx) == before


def test_it_counts_for_one_controller_and_one_address(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.asks("keep_cv")
    sofie.stops()

    assert Person(any_ctx, "pieter@voorbeeld.test").asks("keep_cv")
    assert Person(any_ctx, controller="metaalnet", form="events").asks("research")


def test_another_spelling_of_the_address_is_the_same_person(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.asks("keep_cv")
    sofie.stops()

    send_form(any_ctx, "SOFIE@Voorbeeld.TEST", ("offers_mail",))

    assert sofie.mails() == []
    assert len(audit.rows(any_ctx, "requests")) == 1


def test_it_is_remembered_after_everything_else_is_gone(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.asks("keep_cv")
    sofie.stops()
    clock.forward(days=8)
    housekeeping.tidy(any_ctx)
    assert sofie.rows() == []

    sofie.sends("keep_cv")

    assert (sofie.rows(), sofie.mails()) == ([], [])
    assert not audit.readable(any_ctx, sofie.email)


@pytest.mark.parametrize("to_object", [True, False])
def test_whoever_asks_for_a_link_is_mailed_all_links_and_takes_nothing_back(
    any_ctx: Context, clock: Clock, to_object: bool
) -> None:
    """Rights do not wait; but anybody may have asked."""
    sofie = Person(any_ctx)
    sofie.asks("keep_cv")
    sofie.stops()

    ask_for_link(sofie, to_object)
    link, _offer = sorted(sofie.mails(), key=lambda mail: "/lift/" in text_of(mail))
    assert token_in(link, "object" if to_object else "withdraw")
    clock.forward(minutes=11)
    sofie.sends("offers_mail")
    assert sofie.mails() == []
    assert mail_opt_out.view(any_ctx, sofie.token("stop"))[1] is True


def test_a_request_whose_only_mail_was_dropped_is_gone(any_ctx: Context, clock: Clock) -> None:
    """Those that were mailed stay: their links are out."""
    sofie = Person(any_ctx)
    mailed = sofie.asks("keep_cv")
    sofie.sends("keep_cv")
    sofie.sends("offers_mail", first_name="Sofie")

    sofie.stops()

    assert sofie.statuses() == {"keep_cv": "requested"}
    assert (sofie.fields(), len(audit.rows(any_ctx, "requests"))) == ({}, 1)
    assert sofie.history()[-2:] == [("stopped", ""), ("lapsed", "offers_mail")]
    sofie.says_yes(mailed)
    assert sofie.statuses() == {"keep_cv": "granted"}


def test_a_request_whose_mail_is_not_written_after_a_stop_is_gone_too(any_ctx: Context) -> None:
    """The worker had claimed the row before the click."""
    sofie = Person(any_ctx)
    sofie.asks("keep_cv")
    sofie.sends("offers_mail")
    with any_ctx.database.write() as connection:
        (row,) = outbox.claim(connection, any_ctx.clock())
    sofie.stops()
    assert len(audit.rows(any_ctx, "requests")) == 2
    audit.run(any_ctx, "UPDATE outbox SET status = 'queued', done_at = NULL WHERE status = 'dropped'")

    assert sending.written(any_ctx, [row]) == []

    assert sofie.statuses() == {"keep_cv": "requested"}


@pytest.mark.parametrize("kind", ["withdraw", "object"])
def test_no_other_link_stops_the_mails(any_ctx: Context, kind: str) -> None:
    sofie = Person(any_ctx)
    sofie.asks("keep_cv")
    before = audit.everything(any_ctx)

    for act in (mail_opt_out.view, mail_opt_out.stop):
        with pytest.raises(UnknownLink):
            act(any_ctx, sofie.token(kind))
    assert audit.everything(any_ctx) == before


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("sofie@gmail.com", "s.ofie+x@gmail.com"),
        ("so.fie+winkel@googlemail.com", "sofie@gmail.com"),
        ("sofie@voorbeeld.test", "Sofie+later@voorbeeld.test"),
        ("sofie@me.com", "sofie@icloud.com"),
    ],
)
def test_it_is_said_of_a_mailbox_in_each_spelling_of_its_address(
    any_ctx: Context, clock: Clock, said: str, typed: str
) -> None:
    sofie, same = Person(any_ctx, said), Person(any_ctx, typed)
    sofie.asks("keep_cv")
    same.sends("keep_cv", first_name="Waiting")
    sofie.stops()

    clock.forward(minutes=11)
    same.sends("offers_mail")

    assert work_off(any_ctx) == []
    assert Person(any_ctx, "x" + typed).asks("keep_cv")


def test_an_older_mark_of_a_spelling_still_counts_for_it(any_ctx: Context) -> None:
    sofie = Person(any_ctx, "so.fie@gmail.com")
    sofie.asks("keep_cv")
    with any_ctx.database.write() as connection:
        suppressions.add(connection, sofie.controller, suppressions.NO_MAIL, sofie.email, any_ctx.clock())

    sofie.sends("offers_mail")

    assert sofie.mails() == []
    assert mail_opt_out.view(any_ctx, sofie.token("stop"))[1] is True


def test_a_press_that_drops_all_that_is_kept_of_somebody_can_be_looked_at_for_a_week(
    any_ctx: Context, clock: Clock
) -> None:
    """The first request has lapsed, and the mail of the second waits when the link is pressed."""
    sofie = Person(any_ctx)
    sofie.asks("keep_cv")
    clock.forward(days=6, hours=23, minutes=55)
    sofie.sends("offers_mail")
    clock.forward(minutes=5)
    token = sofie.token("stop")
    housekeeping.tidy(any_ctx)

    mail_opt_out.stop(any_ctx, token)
    sofie.mails()
    housekeeping.tidy(any_ctx)

    assert "requested" not in sofie.statuses().values()
    for _ in range(2):
        assert mail_opt_out.stop(any_ctx, token).notice.controller == sofie.controller
        assert mail_opt_out.view(any_ctx, token)[1] is True
    clock.forward(days=7)
    housekeeping.tidy(any_ctx)
    assert sofie.rows() == []
    with pytest.raises(UnknownLink):
        mail_opt_out.view(any_ctx, token)
