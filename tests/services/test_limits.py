"""Limits against misuse: how many mails anybody can make somebody get, and how often a network may send."""

from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import pairwise

import pytest

from app.config import Rate
from app.domain.address import Address
from app.period import Period
from app.services import limits
from app.services.context import Context
from app.services.limits import TooMany
from app.services.link_request import LinkRequest
from app.storage import outbox
from tests import audit
from tests.factories import ON_SQLITE, Clock, send_form, send_link, text_of, token_in, work_off
from tests.services.person import Person

FORMS = (
    ("talentwerk", "careers", "keep_cv"),
    ("metaalnet", "events", "research"),
    ("hogeschool", "graduates", "employer_verhoeven"),
    ("zorgzeker", "quote", "follow_up"),
)


def mails_for(ctx: Context, email: str) -> int:
    return sum(mail["To"].addresses[0].addr_spec == email for mail in work_off(ctx))


def test_after_two_mails_at_once_the_same_again_within_ten_minutes_is_dropped(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.asks("keep_cv")
    sofie.asks("keep_cv")

    for _ in range(5):
        clock.forward(minutes=1, seconds=59)
        sofie.sends("keep_cv")
        assert sofie.mails() == []
    clock.forward(seconds=5)
    assert audit.rows(any_ctx, "outbox", "status = 'queued'") == []
    sofie.sends("keep_cv")
    assert len(sofie.mails()) == 1


def test_the_first_mail_of_a_new_request_waits_its_ten_minutes(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.asks("keep_cv")
    sofie.asks("keep_cv")
    clock.forward(minutes=1)

    sofie.sends("offers_mail")

    assert sofie.mails() == []
    clock.forward(minutes=8, seconds=59)
    assert sofie.mails() == []
    clock.forward(seconds=1)
    assert "Vacatures per mail" in text_of(sofie.mail())


def test_of_the_mails_that_wait_only_the_newest_is_sent_and_the_others_requests_are_gone(
    any_ctx: Context, clock: Clock
) -> None:
    sofie = Person(any_ctx)
    sofie.asks("keep_cv")
    sofie.asks("keep_cv")
    for purpose in ("offers_mail", "offers_phone"):
        clock.forward(minutes=1)
        sofie.sends(purpose)

    clock.forward(minutes=10)

    mail = sofie.mail()
    assert ("Vacatures per telefoon" in text_of(mail), "Vacatures per mail" in text_of(mail)) == (True, False)
    sofie.says_yes(token_in(mail, "confirm"))
    assert sofie.statuses() == {"keep_cv": "requested", "offers_phone": "granted"}
    assert ("lapsed", "offers_mail") in sofie.history()
    clock.forward(days=2)
    assert all("/confirm/" not in text_of(later) for later in sofie.mails())


def test_a_request_that_comes_while_a_worker_has_the_mail_that_waited_gets_one_of_its_own(
    any_ctx: Context, clock: Clock
) -> None:
    sofie = Person(any_ctx)
    sofie.asks("keep_cv")
    sofie.asks("keep_cv")
    clock.forward(minutes=1)
    sofie.sends("offers_mail")
    with any_ctx.database.write() as connection:  # the clock of that worker is ahead of ours
        assert outbox.claim(connection, clock() + timedelta(minutes=10)) is not None

    sofie.sends("offers_phone")
    clock.forward(minutes=30)

    assert sorted(request for mail in sofie.mails() for request in [asked_for(mail)]) == ["mail", "phone"]


def asked_for(mail: EmailMessage) -> str:
    """Which of the two wishes a mail is about."""
    return "phone" if "Vacatures per telefoon" in text_of(mail) else "mail"


def test_four_mails_in_24_hours_for_each_mailbox_and_form(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    for _ in range(4):
        sofie.asks("keep_cv")
        clock.forward(minutes=11)

    for _ in range(20):
        clock.forward(hours=1)
        sofie.sends("keep_cv")
        assert sofie.mails() == []
    clock.forward(hours=3, minutes=16)
    sofie.sends("keep_cv")
    assert len(sofie.mails()) == 1
    clock.forward(minutes=5)
    sofie.sends("keep_cv")
    assert sofie.mails() == []


def test_a_fifth_request_waits_until_the_first_mail_is_a_day_old(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    begun = clock.now
    for purposes in (("keep_cv",), ("offers_mail",), ("offers_phone",), ("keep_cv", "offers_phone")):
        sofie.asks(*purposes)
        clock.forward(minutes=11)
    sofie.sends("keep_cv", "offers_mail")

    clock.now = begun
    clock.forward(hours=24, seconds=-1)
    assert sofie.mails() == []
    clock.forward(seconds=1)
    assert len(sofie.mails()) == 1


@ON_SQLITE
def test_every_hour_of_three_days_no_24_hours_see_more_than_four_mails(any_ctx: Context, clock: Clock) -> None:
    """Somebody sends something else every hour, through every midnight."""
    sofie = Person(any_ctx)
    times = []
    for hour in range(72):
        sofie.sends("offers_mail", first_name=f"Naam {chr(65 + hour % 26)}{chr(65 + hour // 26)}")
        times += [clock.now] * len(sofie.mails())
        clock.forward(hours=1)

    assert len(times) >= 10
    assert all((later - earlier).total_seconds() >= 86400 for earlier, later in zip(times, times[4:], strict=False))
    assert all((later - earlier).total_seconds() >= 600 for earlier, later in pairwise(times[1:]))


def test_ten_mails_in_24_hours_over_all_forms_and_controllers(any_ctx: Context, clock: Clock) -> None:
    received = 0
    for _ in range(3):
        for controller, form, purpose in FORMS:
            send_form(any_ctx, purposes=(purpose,), controller=controller, form=form)
        received += mails_for(any_ctx, "sofie@voorbeeld.test")
        clock.forward(minutes=11)

    assert received == 10
    assert len(Person(any_ctx, "pieter@voorbeeld.test").asks("keep_cv")) > 0


def test_another_form_and_another_address_have_limits_of_their_own(any_ctx: Context) -> None:
    Person(any_ctx).asks("keep_cv")

    assert Person(any_ctx, controller="metaalnet", form="events").asks("research")
    assert Person(any_ctx, "pieter@voorbeeld.test").asks("keep_cv")


@pytest.mark.parametrize(
    "spellings",
    [
        ["SOFIE@Voorbeeld.Test", "sofie@VOORBEELD.test"],
        [f"sofie+{number}@voorbeeld.test" for number in range(20)],
        ["so.fie@gmail.com", "s.o.f.i.e@gmail.com", "sofie+x@googlemail.com", "SOFIE@gmail.com"],
        ["so.fie@proton.me", "so_fie@protonmail.com", "so-fie+x@pm.me"],
        ["sofie-een@yahoo.fr", "sofie-twee@yahoo.fr", "sofie@yahoo.fr"],
        ["een@sofie.fastmail.com", "twee@sofie.fastmail.com", "sofie+x@fastmail.com"],
    ],
    ids=lambda spellings: spellings[0],
)
def test_every_spelling_of_one_mailbox_counts_for_one(any_ctx: Context, clock: Clock, spellings: list[str]) -> None:
    received = 0
    for _ in range(4):
        for spelling in spellings:
            send_form(any_ctx, spelling, ("keep_cv",))
            received += len(work_off(any_ctx))
    assert received == 2

    for _ in range(24 * 2 - 1):
        clock.forward(minutes=30)
        received += len(work_off(any_ctx))
    assert received <= 4
    assert len(audit.rows(any_ctx, "requests")) <= 2 + 3


def test_mails_that_say_it_is_granted_already_are_limited_too(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")
    received = 0
    for _ in range(20):
        clock.forward(minutes=11)
        sofie.sends("keep_cv")
        received += len(sofie.mails())

    assert received == 3


@pytest.mark.parametrize("to_object", [False, True])
def test_links_on_request_are_limited_and_never_wait(any_ctx: Context, clock: Clock, to_object: bool) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")
    received = 0
    for _ in range(30):
        send_link(any_ctx, LinkRequest("talentwerk", "nl", Address(sofie.email, sofie.email), "n", to_object=to_object))
        received += len(sofie.mails())
        clock.forward(minutes=6)

    assert received == 4
    clock.forward(days=2)
    assert sofie.mails() == []


@ON_SQLITE
@pytest.mark.parametrize("to_object", [False, True])
def test_requests_at_other_companies_keep_nobody_from_a_link(any_ctx: Context, clock: Clock, to_object: bool) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")
    for _ in range(10):
        for controller, form, purpose in FORMS[1:]:
            send_form(any_ctx, purposes=(purpose,), controller=controller, form=form)
            send_link(
                any_ctx,
                LinkRequest(controller, "nl", Address(sofie.email, sofie.email), "a stranger's", to_object=to_object),
            )
        work_off(any_ctx)
        clock.forward(minutes=11)

    send_link(any_ctx, LinkRequest("talentwerk", "nl", Address(sofie.email, sofie.email), "n", to_object=to_object))

    assert token_in(sofie.mail(), "object" if to_object else "withdraw")


def test_links_use_up_nothing_of_what_forms_may_bring(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")
    for kind in (False, True):
        for _ in range(4):
            send_link(any_ctx, LinkRequest("talentwerk", "nl", Address(sofie.email, sofie.email), "n", to_object=kind))
            clock.forward(minutes=11)
    assert len(sofie.mails()) == 8

    assert sofie.asks("offers_mail")


def ask_from_one_network(ctx: Context, domain: str, mails: int = 110) -> None:
    """One network has that many mailboxes of a domain mailed."""
    for number in range(mails):
        send_form(ctx, f"p{number}@{domain}", ("keep_cv",), network="6:20010db8000000")


def fill_the_brake(ctx: Context, domain: str, mails: int = 110) -> int:
    """The same; returns how many of the mails go at once."""
    ask_from_one_network(ctx, domain, mails)
    return len(work_off(ctx))


def test_a_flood_to_one_domain_delays_the_network_that_it_comes_from_and_nobody_else(
    any_ctx: Context, clock: Clock
) -> None:
    assert fill_the_brake(any_ctx, "bedrijf.test") == 100

    people = {f"nieuw{place}@bedrijf.test": network for place, network in enumerate(("4:c0a801", "6:20010db8000001"))}
    for email, network in people.items():
        send_form(any_ctx, email, ("keep_cv",), network=network)
        send_link(any_ctx, LinkRequest("metaalnet", "nl", Address(email, email), network, to_object=True))
    clock.forward(seconds=59)

    sent = [mail["To"].addresses[0].addr_spec for mail in work_off(any_ctx)]
    assert sorted(sent) == sorted([*people, *people])


@ON_SQLITE
def test_what_the_brake_delays_is_dropped_for_nobody(any_ctx: Context, clock: Clock) -> None:
    fill_the_brake(any_ctx, "bedrijf.test", 160)
    received = []
    for _ in range(4):
        clock.forward(minutes=10)
        received.append(len(work_off(any_ctx)))

    assert received == [20, 20, 20, 0]


@ON_SQLITE
def test_a_network_that_floods_one_domain_still_mails_another(any_ctx: Context) -> None:
    fill_the_brake(any_ctx, "bedrijf.test")

    send_form(any_ctx, "sofie@voorbeeld.test", ("keep_cv",), network="6:20010db8000000")

    assert len(work_off(any_ctx)) == 1


@pytest.mark.parametrize("domain", ["gmail.com", "telenet.be", "ziggo.nl", "orange.fr", "me.com"])
def test_a_public_mailbox_provider_has_no_brake(ctx: Context, domain: str) -> None:
    ask_from_one_network(ctx, domain)

    assert len(audit.rows(ctx, "outbox", "due_at <= created_at")) == 110


def test_very_many_mails_of_one_controller_are_one_line_in_the_log_an_hour(
    any_ctx: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(limits, "_BUSY", 5)
    for hour in "ab":
        for number in range(12):
            send_form(any_ctx, f"p{hour}{number}@gmail.com", ("keep_cv",))
            send_form(any_ctx, f"p{hour}{number}@gmail.com", ("research",), controller="metaalnet", form="events")
        clock.forward(minutes=61)

    lines = [record.getMessage() for record in caplog.records if record.name == "app.services.limits"]
    assert sorted(lines) == [
        f"Forms and links of {name} set off over 5 mails within an hour"
        for name in ("metaalnet", "metaalnet", "talentwerk", "talentwerk")
    ]


def test_proofs_of_what_was_done_behind_a_link_are_never_limited(any_ctx: Context) -> None:
    """Sixteen acts in one minute: each of them gets its mail."""
    sofie = Person(any_ctx)
    for _ in range(8):
        any_ctx.limited = False
        token = sofie.asks("keep_cv")
        any_ctx.limited = True
        sofie.says_yes(token)
        sofie.withdraws()
        assert [mail["Subject"] is not None for mail in sofie.mails()] == [True, True]


def test_proofs_use_up_nothing_of_what_forms_may_bring(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.says_yes(sofie.asks("keep_cv"))
    sofie.withdraws()
    assert len(sofie.mails()) == 2
    clock.forward(minutes=11)

    assert sofie.asks("keep_cv")
    clock.forward(minutes=11)
    assert sofie.asks("offers_mail")


def test_neither_an_address_nor_a_network_stands_in_any_table_of_the_limits(any_ctx: Context) -> None:
    send_form(any_ctx, "sofie@voorbeeld.test", network="203.0.113.0/24")
    limits.count_refused(any_ctx, "203.0.113.0/24")

    found = {table for table, _ in audit.readable(any_ctx, "sofie", "voorbeeld.test")}
    assert found == {"subjects"}
    assert not audit.readable(any_ctx, "203.0.113")


def test_a_network_may_send_six_hundred_times_in_ten_minutes(any_ctx: Context, clock: Clock) -> None:
    """A school is one address. What a network may not send is not even counted."""
    school, other = "192.0.2.0/24", "198.51.100.0/24"
    limits.count_refused(any_ctx, school)
    audit.run(any_ctx, "UPDATE submit_counts SET count = 599")
    limits.check(any_ctx, school)
    limits.count_refused(any_ctx, school)
    clock.forward(minutes=9, seconds=30)

    with pytest.raises(TooMany) as caught:
        limits.check(any_ctx, school)
    assert caught.value.seconds == 30
    limits.check(any_ctx, other)
    clock.forward(seconds=30)
    limits.check(any_ctx, school)


def test_every_kind_of_submission_counts_for_its_network(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    network = "192.0.2.0/24"
    sofie.sends("keep_cv")
    sofie.sends("keep_cv")
    limits.count_refused(any_ctx, network)
    send_link(
        any_ctx,
        LinkRequest("talentwerk", "nl", Address("x@voorbeeld.test", "x@voorbeeld.test"), network, to_object=False),
    )
    sofie.stops()
    sofie.sends("keep_cv")

    counted = sorted(row["count"] for row in audit.rows(any_ctx, "submit_counts"))
    assert counted == [1, 5], "the mail of the controller, and all of the network"


def test_the_limit_of_a_network_is_a_setting_and_can_be_off(any_ctx: Context) -> None:
    any_ctx.settings = replace(any_ctx.settings, SUBMITS_PER_NETWORK=Rate(2, Period(1, "hour")))
    for _ in range(2):
        limits.check(any_ctx, "n")
        limits.count_refused(any_ctx, "n")
    for refused in (limits.check, limits.count_refused):  # two that came at once have both looked before
        with pytest.raises(TooMany) as caught:
            refused(any_ctx, "n")
        assert caught.value.seconds == 3600

    any_ctx.settings = replace(any_ctx.settings, SUBMITS_PER_NETWORK=None)
    limits.check(any_ctx, "n")
    limits.count_refused(any_ctx, "n")
    assert [row["count"] for row in audit.rows(any_ctx, "submit_counts")] == [2]


def test_the_demo_limits_nothing(any_ctx: Context) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)

    for _ in range(15):
        assert sofie.asks("keep_cv")

    assert audit.rows(any_ctx, "mail_counts") == audit.rows(any_ctx, "submit_counts") == []


def test_the_brake_promises_no_mail_for_later_than_three_hours(ctx: Context, clock: Clock) -> None:
    ctx.settings = replace(ctx.settings, SUBMITS_PER_NETWORK=None)
    ahead = timedelta()
    for number in range(500):
        send_form(ctx, f"p{number}@bedrijf.test", ("keep_cv",), network="6:20010db8000000")
        clock.forward(seconds=1)
    for row in audit.rows(ctx, "outbox"):
        ahead = max(ahead, datetime.fromisoformat(row["due_at"]) - datetime.fromisoformat(row["created_at"]))
    assert timedelta(hours=2) < ahead <= timedelta(hours=3)

    send_form(ctx, "nieuw@bedrijf.test", ("keep_cv",), network="4:c0a801")
    clock.forward(seconds=59)
    assert "nieuw@bedrijf.test" in [mail["To"].addresses[0].addr_spec for mail in work_off(ctx)]
    clock.forward(hours=3)
    work_off(ctx)
    assert {row["status"] for row in audit.rows(ctx, "outbox")} == {"sent"}


@ON_SQLITE
@pytest.mark.parametrize("to_object", [False, True])
def test_a_link_that_a_person_asks_for_is_slowed_down_by_no_brake(any_ctx: Context, to_object: bool) -> None:
    sofie = Person(any_ctx, "sofie@bedrijf.test")
    sofie.grants("keep_cv")
    fill_the_brake(any_ctx, "bedrijf.test")

    send_link(
        any_ctx,
        LinkRequest("talentwerk", "nl", Address(sofie.email, sofie.email), "6:20010db8000000", to_object=to_object),
    )

    assert token_in(sofie.mail(), "object" if to_object else "withdraw")
