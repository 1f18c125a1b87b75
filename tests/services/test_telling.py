"""Telling the company: each objection reaches the contact, within a budget, whatever happens in between."""

import re
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.delivery.transport import PermanentFailure, TemporaryFailure
from app.domain.address import Address
from app.services import housekeeping, objection, publishing
from app.services import outbox as operation
from app.services.context import Context, UnknownLink
from app.services.link_request import LinkRequest
from app.storage import ledger, outbox, subjects
from app.storage.subjects import NewSubject
from app.worker import Worker
from tests import audit
from tests.definitions.folder import CONTROLLER, FORM, FormsFolder
from tests.factories import ON_SQLITE, Clock, Mailbox, send_form, send_link, text_of, work_off
from tests.services.family import Child, open_club
from tests.services.person import Person
from tests.services.test_objection import INTEREST

CONTACT = "privacy@talentwerk.example"


def stranger(ctx: Context, email: str, controller: str = "talentwerk") -> str:
    """The objection link of somebody whose address was never heard of."""
    with ctx.database.write() as connection:
        ledger.lock(connection, controller)
        known = subjects.add(connection, NewSubject(controller, Address(email, email), "nl"), ctx.clock())
        subjects.keep_until(connection, known.id, ctx.settings.CONFIRM_WITHIN.after(ctx.clock()))
    return known.object_token


def objects(ctx: Context, email: str, controller: str = "talentwerk") -> None:
    """Somebody whose address was never heard of objects to advertising."""
    objection.object_to_marketing(ctx, stranger(ctx, email, controller))


def told(mails: list[EmailMessage], contact: str = CONTACT) -> list[EmailMessage]:
    """What came for the contact of the company."""
    return [mail for mail in mails if mail["To"] == contact]


def listed(mails: list[EmailMessage]) -> list[str]:
    """The addresses that these mails name as those of people who object."""
    return [found for mail in mails for found in re.findall(r"^- (\S+@\S+?)[:,] ", text_of(mail), re.MULTILINE)]


def open_objections(ctx: Context) -> int:
    return sum(row["told_at"] is None for row in audit.rows(ctx, "objections"))


def test_the_company_is_told_at_once_who_objects_to_advertising_known_or_not(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.grants("offers_mail", "offers_phone")
    sofie.objects()
    objects(any_ctx, "vreemd@voorbeeld.test")

    mails = told(work_off(any_ctx))

    assert sorted(listed(mails)) == sorted([sofie.email, "vreemd@voorbeeld.test"])  # due at once: in either order
    for mail in mails:
        assert "alle reclame" in text_of(mail)
        assert "ook wat anderen voor u versturen" in text_of(mail)
        assert mail["Reply-To"] == CONTACT
    assert open_objections(any_ctx) == 0


@ON_SQLITE
def test_three_hundred_objections_from_one_mailbox_are_seven_mails_and_none_is_missing(
    any_ctx: Context, clock: Clock
) -> None:
    people = [f"sofie+{number}@voorbeeld.test" for number in range(300)]
    mails: list[EmailMessage] = []
    for number, email in enumerate(people):
        objects(any_ctx, email)
        clock.forward(seconds=2)
        if number % 50 == 0:
            mails += told(work_off(any_ctx))
    assert len(mails) == 5

    clock.forward(hours=1)
    mails += told(work_off(any_ctx))

    assert len(mails) == 7
    assert sorted(listed(mails)) == sorted(people)
    assert [len(listed([mail])) for mail in mails] == [1, 1, 1, 1, 1, 200, 95]
    assert mails[-1]["Reply-To"] == CONTACT
    assert open_objections(any_ctx) == 0


@ON_SQLITE
def test_in_no_hour_are_more_than_five_mails_due_however_long_it_goes_on(any_ctx: Context, clock: Clock) -> None:
    people = [f"p{number}@voorbeeld.test" for number in range(120)]
    for email in people:
        objects(any_ctx, email)
        clock.forward(minutes=2)

    due = sorted({(row["tell_at"], row["mail"]) for row in audit.rows(any_ctx, "objections")})
    moments = [moment for moment, _ in due]
    hours = [sum(begin[:19] <= moment[:19] < _later(begin)[:19] for moment in moments) for begin in moments]
    assert max(hours) <= 5
    clock.forward(hours=1)
    assert sorted(listed(told(work_off(any_ctx)))) == sorted(people)


def _later(moment: str) -> str:
    """One hour later, as it is written."""
    hour = int(moment[11:13]) + 1
    return f"{moment[:11]}{hour:02}{moment[13:]}"


def test_after_a_clock_that_was_ahead_is_put_back_the_company_is_told_within_the_hour(
    any_ctx: Context, clock: Clock
) -> None:
    clock.forward(days=365)
    for number in range(7):
        objects(any_ctx, f"p{number}@voorbeeld.test")
    clock.forward(days=-365)
    housekeeping.tidy(any_ctx)
    work_off(any_ctx)

    objects(any_ctx, "sofie@voorbeeld.test")
    clock.forward(hours=1)

    assert "sofie@voorbeeld.test" in listed(told(work_off(any_ctx)))


def test_one_company_uses_up_the_budget_of_no_other(any_ctx: Context) -> None:
    for number in range(20):
        objects(any_ctx, f"p{number}@voorbeeld.test")

    objects(any_ctx, "sofie@voorbeeld.test", "metaalnet")

    assert listed(told(work_off(any_ctx), "privacy@metaalnet.example")) == ["sofie@voorbeeld.test"]


def test_an_objection_that_comes_while_a_gathered_mail_is_under_way_goes_with_the_next(
    any_ctx: Context, clock: Clock
) -> None:
    for number in range(7):
        objects(any_ctx, f"p{number}@voorbeeld.test")
    work_off(any_ctx)
    clock.forward(hours=1)
    attempts: list[str] = []

    def late(recipient: str) -> None:
        attempts.append(recipient)
        if len(attempts) == 1:
            objects(any_ctx, "late@voorbeeld.test")
            raise TemporaryFailure("the line is down")

    mailbox = Mailbox(trouble=late)
    Worker(any_ctx, mailbox).work_off()
    clock.forward(hours=2)
    Worker(any_ctx, mailbox).work_off()

    assert sorted(listed(told(mailbox.mails))) == ["late@voorbeeld.test", "p5@voorbeeld.test", "p6@voorbeeld.test"]
    by_id = {mail["Message-ID"]: listed([mail]) for mail in told(mailbox.mails)}
    assert sorted(map(len, by_id.values())) == [1, 2]


def test_what_a_worker_whose_clock_is_ahead_has_claimed_is_added_to_no_more(any_ctx: Context, clock: Clock) -> None:
    for number in range(7):
        objects(any_ctx, f"p{number}@voorbeeld.test")
    work_off(any_ctx)
    with any_ctx.database.write() as connection:
        (claimed,) = outbox.claim(connection, clock() + timedelta(hours=1))

    objects(any_ctx, "late@voorbeeld.test")

    assert len(audit.rows(any_ctx, "objections", "mail = :mail", mail=claimed.id)) == 2


@pytest.mark.parametrize(
    "trouble", [PermanentFailure("RCPT 550 5.1.1"), TemporaryFailure("RCPT 451 4.7.1")], ids=["refused", "put off"]
)
def test_no_objection_is_dropped_where_the_mail_server_fails_for_good(
    any_ctx: Context, clock: Clock, trouble: Exception
) -> None:
    def fail(recipient: str) -> None:
        raise trouble

    objects(any_ctx, "sofie@voorbeeld.test")
    for _ in range(20):
        Worker(any_ctx, Mailbox(trouble=fail)).work_off()
        housekeeping.tidy(any_ctx)
        clock.forward(hours=12)
    assert open_objections(any_ctx) == 1

    clock.forward(hours=12)
    assert listed(told(work_off(any_ctx))) == ["sofie@voorbeeld.test"]
    assert open_objections(any_ctx) == 0


def test_the_address_lives_until_the_company_has_been_told_and_then_goes_as_before(
    any_ctx: Context, clock: Clock
) -> None:
    def fail(recipient: str) -> None:
        if recipient == CONTACT:
            raise TemporaryFailure("421 down")

    token = stranger(any_ctx, "sofie@voorbeeld.test")
    objection.object_to_marketing(any_ctx, token)
    clock.forward(days=8)
    Worker(any_ctx, Mailbox(trouble=fail)).work_off()
    for _ in range(3):
        housekeeping.tidy(any_ctx)
        clock.forward(hours=12)
    assert objection.view(any_ctx, token).objected

    assert listed(told(work_off(any_ctx))) == ["sofie@voorbeeld.test"]
    housekeeping.tidy(any_ctx)

    with pytest.raises(UnknownLink):
        objection.view(any_ctx, token)
    assert not audit.readable(any_ctx, "sofie@voorbeeld.test")
    assert [row["subject"] for row in audit.rows(any_ctx, "objections")] == [""]


def test_the_address_lives_until_then_also_where_what_else_kept_it_lapses_meanwhile(
    any_ctx: Context, clock: Clock
) -> None:
    def fail(recipient: str) -> None:
        if recipient == CONTACT:
            raise TemporaryFailure("421 down")

    sofie = Person(any_ctx)
    sofie.asks("offers_mail", "keep_cv")
    sofie.objects()
    Worker(any_ctx, Mailbox(trouble=fail)).work_off()
    clock.forward(days=8)
    housekeeping.tidy(any_ctx)
    assert sofie.statuses() == {"keep_cv": "lapsed", "offers_mail": "withdrawn"}

    assert listed(told(work_off(any_ctx))) == [sofie.email]
    housekeeping.tidy(any_ctx)
    assert sofie.rows() == []


@ON_SQLITE
def test_two_hundred_people_who_wait_to_be_told_of_keep_nobody_else_from_being_forgotten(
    any_ctx: Context, clock: Clock
) -> None:
    for number in range(210):
        objects(any_ctx, f"p{number}@voorbeeld.test")
    stranger(any_ctx, "sofie@voorbeeld.test")
    clock.forward(days=7)

    housekeeping.tidy(any_ctx)

    assert audit.rows(any_ctx, "subjects", "email = 'sofie@voorbeeld.test'") == []


def test_a_repeated_objection_tells_the_company_nothing_anew_also_after_everything_was_erased(
    any_ctx: Context, clock: Clock
) -> None:
    objects(any_ctx, "sofie@voorbeeld.test")
    work_off(any_ctx)
    clock.forward(days=40)
    housekeeping.tidy(any_ctx)
    assert audit.rows(any_ctx, "subjects") == []

    objects(any_ctx, "sofie@voorbeeld.test")

    assert told(work_off(any_ctx)) == []


def test_an_objection_after_the_withdrawal_of_all_advertising_reaches_the_company_too(any_ctx: Context) -> None:
    """The withdrawal has set the mark already, and the company knows only that these purposes have stopped."""
    sofie = Person(any_ctx)
    sofie.grants("offers_mail")
    sofie.withdraws("offers_mail")
    assert told(work_off(any_ctx)) == []
    assert objection.view(any_ctx, sofie.token("object")).objected is None

    sofie.objects()
    sofie.objects()

    mails = work_off(any_ctx)
    assert listed(told(mails)) == [sofie.email]
    assert len(mails) == 2
    assert sofie.history().count(("objected", "")) == 1


def test_an_objection_after_a_new_yes_is_told_anew(any_ctx: Context) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    sofie.grants("offers_mail")
    sofie.objects()
    sofie.mails()
    sofie.grants("offers_mail")

    sofie.objects()

    assert listed(told(work_off(any_ctx))) == [sofie.email]


def test_an_objection_to_an_interest_names_it_and_asks_for_an_answer_in_a_month(
    any_ctx: Context, tmp_path: Path
) -> None:
    assert publishing.publish(any_ctx, FormsFolder(tmp_path / "f").write(FORM + INTEREST, CONTROLLER).path).faults == ()
    send_form(any_ctx, purposes=("news",), controller="acme", form="news")
    work_off(any_ctx)
    acme = Person(any_ctx, controller="acme", form="news")

    for _ in range(2):
        objection.object_to_interest(any_ctx, acme.token("object"), "news/security")

    (mail,) = told(work_off(any_ctx), "privacy@demolen.example")
    assert listed([mail]) == [acme.email]
    assert "Misbruik tegenhouden" in mail["Subject"]
    assert "binnen een maand" in text_of(mail)
    assert "alle reclame" not in text_of(mail)


def test_the_company_reads_for_which_child_a_parent_objects(any_ctx: Context) -> None:
    noor = Child(any_ctx, form=open_club(any_ctx))
    noor.allowed("recipes")
    work_off(any_ctx)

    objection.object_to_marketing(any_ctx, noor.token("object"))

    (mail,) = told(work_off(any_ctx), "privacy@demolen.example")
    assert listed([mail]) == [noor.parent]
    assert "voor een kind" in text_of(mail)
    assert str(noor.row("id")) in text_of(mail)
    assert "Noor" not in text_of(mail)


def test_the_contact_that_the_forms_show_now_is_told(any_ctx: Context, tmp_path: Path) -> None:
    folder = FormsFolder(tmp_path / "forms")
    publishing.publish(any_ctx, folder.write(FORM + INTEREST, CONTROLLER).path)
    objects(any_ctx, "sofie@voorbeeld.test", "acme")
    publishing.publish(any_ctx, folder.write(FORM + INTEREST, CONTROLLER.replace("privacy@", "dpo@")).path)

    assert listed(told(work_off(any_ctx), "dpo@demolen.example")) == ["sofie@voorbeeld.test"]


def test_the_ledger_says_that_the_company_was_told(any_ctx: Context) -> None:
    token = stranger(any_ctx, "sofie@voorbeeld.test")
    objection.object_to_marketing(any_ctx, token)
    work_off(any_ctx)

    assert [kind for kind, _ in audit.history(any_ctx)].count("mailed") == 2
    assert audit.verify(any_ctx) == 3


def test_whoever_asks_for_a_link_to_object_gets_one_for_what_they_named(any_ctx: Context) -> None:
    send_link(
        any_ctx,
        LinkRequest(
            "belcentrum",
            "nl",
            Address("a@voorbeeld.test", "a@voorbeeld.test"),
            "n",
            to_object=True,
            purpose="order_evidence",
        ),
    )

    (mail,) = work_off(any_ctx)

    assert "Opname van uw bestelling, als bewijs" in mail["Subject"]
    assert "?purpose=order_evidence" in text_of(mail)
    assert "reclame" not in text_of(mail)


def bouncing(recipient: str) -> None:
    if recipient == CONTACT:
        raise PermanentFailure("RCPT 550 5.1.1")


def failures(ctx: Context) -> int:
    return sum(kind == "mail_failed" for kind, _ in audit.history(ctx))


def test_what_the_company_could_not_be_told_stays_one_mail_and_is_one_entry_however_long_it_bounces(
    any_ctx: Context, clock: Clock
) -> None:
    objects(any_ctx, "sofie@voorbeeld.test")
    for _ in range(30):
        Worker(any_ctx, Mailbox(trouble=bouncing)).work_off()
        clock.forward(days=1)
        housekeeping.tidy(any_ctx)

    assert failures(any_ctx) == 1
    (mail,) = operation.unfinished(any_ctx)["mails"]
    assert (mail["kind"], mail["status"], mail["code"]) == ("objections", "waiting", "RCPT 550 5.1.1")
    assert len(audit.rows(any_ctx, "outbox", "kind = 'objections'")) == 1


@pytest.mark.parametrize("named", [False, True])
def test_an_operator_tells_the_company_at_once_what_failed(any_ctx: Context, clock: Clock, named: bool) -> None:
    for number in range(8):
        objects(any_ctx, f"p{number}@voorbeeld.test")
    clock.forward(hours=1)
    Worker(any_ctx, Mailbox(trouble=bouncing)).work_off()
    assert failures(any_ctx) == 8
    ids = tuple(mail["id"] for mail in operation.unfinished(any_ctx)["mails"])

    assert operation.retry(any_ctx, ids if named else ()) == len(ids) == 6

    assert len(listed(told(work_off(any_ctx)))) == 8
    assert open_objections(any_ctx) == 0
    assert operation.unfinished(any_ctx)["mails"] == []
    assert failures(any_ctx) == 8


def test_nothing_is_added_to_a_mail_that_failed_and_was_retried(any_ctx: Context, clock: Clock) -> None:
    for number in range(6):
        objects(any_ctx, f"p{number}@voorbeeld.test")
    clock.forward(hours=1)
    Worker(any_ctx, Mailbox(trouble=bouncing)).work_off()
    operation.retry(any_ctx, ())
    clock.forward(hours=-1)

    objects(any_ctx, "late@voorbeeld.test")

    last = audit.rows(any_ctx, "objections", "digest = (SELECT digest FROM objections ORDER BY at DESC LIMIT 1)")
    assert len({row["mail"] for row in audit.rows(any_ctx, "objections")}) == 7, last


def test_after_erasure_no_objection_leads_to_an_entry_of_the_ledger(any_ctx: Context, clock: Clock) -> None:
    for number in range(3):
        objects(any_ctx, f"p{number}@voorbeeld.test")
        clock.forward(seconds=7.123456)
    work_off(any_ctx)
    clock.forward(days=40)
    housekeeping.tidy(any_ctx)
    assert audit.rows(any_ctx, "subjects") == []

    entries = {value for entry in audit.chain(any_ctx) for value in entry.values() if isinstance(value, str) and value}
    for row in audit.rows(any_ctx, "objections"):
        kept = {name: value for name, value in row.items() if name not in ("controller", "notice")}
        assert not entries & set(kept.values())
        assert {row[name][10:] for name in ("at", "tell_at", "told_at")} == {"T00:00:00.000000Z"}
        assert (row["subject"], row["mail"]) == ("", "")


def test_an_objection_that_was_never_told_is_left_whole_until_it_is(any_ctx: Context, clock: Clock) -> None:
    objects(any_ctx, "sofie@voorbeeld.test")
    for _ in range(20):
        Worker(any_ctx, Mailbox(trouble=bouncing)).work_off()
        clock.forward(days=1)
        housekeeping.tidy(any_ctx)

    assert listed(told(work_off(any_ctx))) == ["sofie@voorbeeld.test"]
