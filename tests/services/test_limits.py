"""Limits against misuse: how many mails anybody can make somebody get, and how often a network may send."""

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from itertools import pairwise

import pytest

from app.config import Rate
from app.period import Period
from app.services import limits, linking
from app.services.kit import Kit
from app.services.limits import TooMany
from app.storage import outbox
from tests import audit
from tests.factories import Clock, send_form, text_of, token_in, work_off
from tests.services.person import Person

FORMS = (
    ("talentwerk", "careers", "keep_cv"),
    ("metaalnet", "events", "research"),
    ("hogeschool", "graduates", "employer_verhoeven"),
    ("zorgzeker", "quote", "follow_up"),
)


def mails_for(kit: Kit, email: str) -> int:
    return sum(mail["To"].addresses[0].addr_spec == email for mail in work_off(kit))


def test_the_same_again_within_ten_minutes_is_dropped(any_kit: Kit, clock: Clock) -> None:
    sofie = Person(any_kit)
    sofie.asks("keep_cv")

    for _ in range(5):
        clock.forward(minutes=1, seconds=59)
        sofie.sends("keep_cv")
        assert sofie.mails() == []
    clock.forward(seconds=5)
    assert audit.rows(any_kit, "outbox", "status = 'queued'") == []
    sofie.sends("keep_cv")
    assert len(sofie.mails()) == 1


def test_the_first_mail_of_a_new_request_waits_its_ten_minutes(any_kit: Kit, clock: Clock) -> None:
    sofie = Person(any_kit)
    sofie.asks("keep_cv")
    clock.forward(minutes=1)

    sofie.sends("offers_mail")

    assert sofie.mails() == []
    clock.forward(minutes=8, seconds=59)
    assert sofie.mails() == []
    clock.forward(seconds=1)
    assert "Vacatures per mail" in text_of(sofie.mail())


def test_of_the_mails_that_wait_only_the_newest_is_sent(any_kit: Kit, clock: Clock) -> None:
    sofie = Person(any_kit)
    sofie.asks("keep_cv")
    for purpose in ("offers_mail", "offers_phone"):
        clock.forward(minutes=1)
        sofie.sends(purpose)

    clock.forward(minutes=10)

    mail = sofie.mail()
    assert ("Vacatures per telefoon" in text_of(mail), "Vacatures per mail" in text_of(mail)) == (True, False)
    sofie.says_yes(token_in(mail, "confirm"))
    assert sofie.statuses() == {"keep_cv": "requested", "offers_mail": "requested", "offers_phone": "granted"}
    clock.forward(days=2)
    assert all("/confirm/" not in text_of(later) for later in sofie.mails())


def test_a_request_that_comes_while_a_worker_has_the_mail_that_waited_gets_one_of_its_own(
    any_kit: Kit, clock: Clock
) -> None:
    sofie = Person(any_kit)
    sofie.asks("keep_cv")
    clock.forward(minutes=1)
    sofie.sends("offers_mail")
    with any_kit.database.write() as connection:  # the clock of that worker is ahead of ours
        assert outbox.claim(connection, clock() + timedelta(minutes=10)) is not None

    sofie.sends("offers_phone")
    clock.forward(minutes=30)

    assert sorted(request for mail in sofie.mails() for request in [asked_for(mail)]) == ["mail", "phone"]


def asked_for(mail: EmailMessage) -> str:
    """Which of the two wishes a mail is about."""
    return "phone" if "Vacatures per telefoon" in text_of(mail) else "mail"


def test_three_mails_in_24_hours_for_each_address_and_form(any_kit: Kit, clock: Clock) -> None:
    sofie = Person(any_kit)
    for _ in range(3):
        sofie.asks("keep_cv")
        clock.forward(minutes=11)

    for _ in range(20):
        clock.forward(hours=1)
        sofie.sends("keep_cv")
        assert sofie.mails() == []
    clock.forward(hours=3, minutes=27)
    sofie.sends("keep_cv")
    assert len(sofie.mails()) == 1
    clock.forward(minutes=5)
    sofie.sends("keep_cv")
    assert sofie.mails() == []


def test_a_fourth_request_waits_until_the_first_mail_is_a_day_old(any_kit: Kit, clock: Clock) -> None:
    sofie = Person(any_kit)
    begun = clock.now
    for purpose in ("keep_cv", "offers_mail", "offers_phone"):
        sofie.asks(purpose)
        clock.forward(minutes=11)
    sofie.sends("keep_cv", "offers_mail")

    clock.now = begun
    clock.forward(hours=24, seconds=-1)
    assert sofie.mails() == []
    clock.forward(seconds=1)
    assert len(sofie.mails()) == 1


def test_every_hour_of_three_days_no_24_hours_see_more_than_three_mails(any_kit: Kit, clock: Clock) -> None:
    """Somebody sends something else every hour, through every midnight."""
    sofie = Person(any_kit)
    times = []
    for hour in range(72):
        sofie.sends("offers_mail", first_name=f"Naam {chr(65 + hour % 26)}{chr(65 + hour // 26)}")
        times += [clock.now] * len(sofie.mails())
        clock.forward(hours=1)

    assert len(times) >= 8
    assert all((later - earlier).total_seconds() >= 86400 for earlier, later in zip(times, times[3:], strict=False))
    assert all((later - earlier).total_seconds() >= 600 for earlier, later in pairwise(times))


def test_ten_mails_in_24_hours_over_all_forms_and_controllers(any_kit: Kit, clock: Clock) -> None:
    received = 0
    for _ in range(3):
        for controller, form, purpose in FORMS:
            send_form(any_kit, purposes=(purpose,), controller=controller, form=form)
        received += mails_for(any_kit, "sofie@voorbeeld.test")
        clock.forward(minutes=11)

    assert received == 10
    assert len(Person(any_kit, "pieter@voorbeeld.test").asks("keep_cv")) > 0


def test_another_form_and_another_address_have_limits_of_their_own(any_kit: Kit) -> None:
    Person(any_kit).asks("keep_cv")

    assert Person(any_kit, controller="metaalnet", form="events").asks("research")
    assert Person(any_kit, "pieter@voorbeeld.test").asks("keep_cv")
    assert Person(any_kit, "sofie+x@voorbeeld.test").asks("keep_cv")


def test_every_spelling_of_an_address_counts_for_one(any_kit: Kit) -> None:
    Person(any_kit).asks("keep_cv")

    send_form(any_kit, "SOFIE@Voorbeeld.Test", ("keep_cv",))

    assert work_off(any_kit) == []


def test_mails_that_say_it_is_granted_already_are_limited_too(any_kit: Kit, clock: Clock) -> None:
    sofie = Person(any_kit)
    sofie.grants("keep_cv")
    received = 0
    for _ in range(20):
        clock.forward(minutes=11)
        sofie.sends("keep_cv")
        received += len(sofie.mails())

    assert received == 2


@pytest.mark.parametrize("to_object", [False, True])
def test_links_on_request_are_limited_and_never_wait(any_kit: Kit, clock: Clock, to_object: bool) -> None:
    sofie = Person(any_kit)
    sofie.grants("keep_cv")
    received = 0
    for _ in range(30):
        linking.send_link(any_kit, "talentwerk", "nl", sofie.email, sofie.email, "n", to_object=to_object)
        received += len(sofie.mails())
        clock.forward(minutes=6)

    assert received == 3
    clock.forward(days=2)
    assert sofie.mails() == []


def test_proofs_of_what_was_done_behind_a_link_are_never_limited(any_kit: Kit) -> None:
    """Sixteen acts in one minute: each of them gets its mail."""
    sofie = Person(any_kit)
    for _ in range(8):
        any_kit.limited = False
        token = sofie.asks("keep_cv")
        any_kit.limited = True
        sofie.says_yes(token)
        sofie.withdraws()
        assert [mail["Subject"] is not None for mail in sofie.mails()] == [True, True]


def test_proofs_use_up_nothing_of_what_forms_may_bring(any_kit: Kit, clock: Clock) -> None:
    sofie = Person(any_kit)
    sofie.says_yes(sofie.asks("keep_cv"))
    sofie.withdraws()
    assert len(sofie.mails()) == 2
    clock.forward(minutes=11)

    assert sofie.asks("keep_cv")
    clock.forward(minutes=11)
    assert sofie.asks("offers_mail")


def test_neither_an_address_nor_a_network_stands_in_any_table_of_the_limits(any_kit: Kit) -> None:
    send_form(any_kit, "sofie@voorbeeld.test", network="203.0.113.0/24")
    limits.count_refused(any_kit, "203.0.113.0/24")

    found = {table for table, _ in audit.readable(any_kit, "sofie", "voorbeeld.test")}
    assert found == {"subjects"}
    assert not audit.readable(any_kit, "203.0.113")


def test_a_network_may_send_six_hundred_times_in_ten_minutes(any_kit: Kit, clock: Clock) -> None:
    """A school is one address. What a network may not send is not even counted."""
    school, other = "192.0.2.0/24", "198.51.100.0/24"
    limits.count_refused(any_kit, school)
    audit.run(any_kit, "UPDATE submit_counts SET count = 599")
    limits.check(any_kit, school)
    limits.count_refused(any_kit, school)
    clock.forward(minutes=9, seconds=30)

    with pytest.raises(TooMany) as caught:
        limits.check(any_kit, school)
    assert caught.value.seconds == 30
    limits.check(any_kit, other)
    clock.forward(seconds=30)
    limits.check(any_kit, school)


def test_every_kind_of_submission_counts_for_its_network(any_kit: Kit) -> None:
    sofie = Person(any_kit)
    network = "192.0.2.0/24"
    sofie.sends("keep_cv")
    sofie.sends("keep_cv")
    limits.count_refused(any_kit, network)
    linking.send_link(any_kit, "talentwerk", "nl", "x@voorbeeld.test", "x@voorbeeld.test", network, to_object=False)
    sofie.stops()
    sofie.sends("keep_cv")

    assert [row["count"] for row in audit.rows(any_kit, "submit_counts")] == [5]


def test_the_limit_of_a_network_is_a_setting_and_can_be_off(any_kit: Kit) -> None:
    any_kit.settings = replace(any_kit.settings, SUBMITS_PER_NETWORK=Rate(2, Period(1, "hour")))
    for _ in range(2):
        limits.check(any_kit, "n")
        limits.count_refused(any_kit, "n")
    with pytest.raises(TooMany) as caught:
        limits.check(any_kit, "n")
    assert caught.value.seconds == 3600

    any_kit.settings = replace(any_kit.settings, SUBMITS_PER_NETWORK=None)
    limits.check(any_kit, "n")
    limits.count_refused(any_kit, "n")
    assert [row["count"] for row in audit.rows(any_kit, "submit_counts")] == [2]


def test_the_demo_limits_nothing(any_kit: Kit) -> None:
    any_kit.limited = False
    sofie = Person(any_kit)

    for _ in range(15):
        assert sofie.asks("keep_cv")

    assert audit.rows(any_kit, "mail_counts") == audit.rows(any_kit, "submit_counts") == []
