"""What happens by itself as time passes."""

from typing import Any

import pytest

from app.domain.address import Address
from app.services import housekeeping
from app.services.context import Context
from app.services.link_request import LinkRequest
from tests import audit
from tests.factories import ON_SQLITE, Clock, send_form, send_link, work_off
from tests.services.person import Person

CANARY = "kanarie7f3a"


def test_what_nobody_confirmed_is_gone_from_the_disk_and_the_chain_still_holds(ctx: Context, clock: Clock) -> None:
    """Every byte of the file and the log beside it is looked at, after other people's rows were written around it."""
    sofie = Person(ctx, f"{CANARY}@voorbeeld.test", controller="zorgzeker", form="quote")
    sofie.sends("medical", "follow_up", medical_history=f"{CANARY} " * 150)
    subject = sofie.rows()[0]
    secrets = [bytes(subject["salt"]), subject["withdraw_token"].encode(), subject["stop_token"].encode()]
    for number in range(30):
        send_form(ctx, f"p{number}@voorbeeld.test", controller="zorgzeker", form="quote", purposes=("follow_up",))
    work_off(ctx)
    folder = ctx.settings.DATA_DIR
    assert CANARY.encode() in audit.bytes_of(folder)

    clock.forward(days=7)
    housekeeping.tidy(ctx)

    everything = audit.bytes_of(folder)
    assert CANARY.encode() not in everything
    assert [secret for secret in secrets if secret in everything] == []
    assert b"medical" in everything
    assert audit.rows(ctx, "subjects") == []
    assert audit.verify(ctx) > 60


def test_what_was_erased_after_its_proof_is_gone_from_the_disk_too(ctx: Context, clock: Clock) -> None:
    sofie = Person(ctx, f"{CANARY}@voorbeeld.test")
    sofie.grants("offers_mail", first_name=CANARY)
    pieter = Person(ctx, "pieter@voorbeeld.test")
    pieter.grants("offers_mail", first_name="Pieter")
    sofie.withdraws()
    work_off(ctx)
    clock.forward(days=700)
    housekeeping.tidy(ctx)
    assert f"{CANARY}@".encode() in audit.bytes_of(ctx.settings.DATA_DIR)
    clock.forward(days=5 * 366 - 700)
    housekeeping.tidy(ctx)

    assert CANARY.encode() not in audit.bytes_of(ctx.settings.DATA_DIR)
    assert len(audit.rows(ctx, "subjects")) == 1


def test_a_request_lapses_when_its_time_is_over_and_not_before(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.asks("offers_mail", "keep_cv", first_name="Sofie")
    clock.forward(days=7, seconds=-1)
    housekeeping.tidy(any_ctx)
    assert sofie.statuses() == {"offers_mail": "requested", "keep_cv": "requested"}

    clock.forward(seconds=1)
    assert sofie.statuses() == {"offers_mail": "lapsed", "keep_cv": "lapsed"}
    housekeeping.tidy(any_ctx)

    assert (sofie.rows(), sofie.fields(), sofie.statuses()) == ([], {}, {})
    assert sofie.history()[2:] == [("lapsed", "keep_cv"), ("lapsed", "offers_mail")]
    assert {row["status"] for row in audit.rows(any_ctx, "requests")} == {"lapsed"}
    assert not audit.readable(any_ctx, "sofie")


def test_what_lapses_beside_a_consent_leaves_the_consent_alone(any_ctx: Context, clock: Clock) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    sofie.grants("offers_mail", first_name="Sofie")
    sofie.asks("offers_phone", phone="06 12 34 56 78")
    clock.forward(days=7)
    housekeeping.tidy(any_ctx)

    assert sofie.statuses() == {"offers_mail": "granted", "offers_phone": "lapsed"}
    assert sofie.fields() == {"first_name": "Sofie"}


def test_a_request_lapses_although_its_mail_never_went(any_ctx: Context, clock: Clock) -> None:
    """No worker ran for a week: the mail is dropped, and then nothing needs the address any more."""
    sofie = Person(any_ctx)
    sofie.sends("offers_mail", first_name="Sofie")
    clock.forward(days=7)

    housekeeping.tidy(any_ctx)
    assert sofie.fields() == {}
    assert sofie.mails() == []
    housekeeping.tidy(any_ctx)

    assert sofie.rows() == []
    assert audit.history(any_ctx)[1:] == [("lapsed", "offers_mail"), ("erased", "")]


def test_a_consent_expires_when_its_data_may_no_longer_be_kept(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.grants("offers_mail", "offers_phone", first_name="Sofie", phone="06 12 34 56 78")
    clock.forward(days=364)
    housekeeping.tidy(any_ctx)
    assert sofie.statuses() == {"offers_mail": "granted", "offers_phone": "granted"}
    clock.forward(days=1)
    housekeeping.tidy(any_ctx)

    assert sofie.statuses() == {"offers_mail": "granted", "offers_phone": "expired"}
    assert sofie.fields() == {"first_name": "Sofie"}
    assert audit.chain(any_ctx)[-1]["kind"] == "expired"
    assert audit.chain(any_ctx)[-1]["decided_by"] == ""
    clock.forward(days=366)
    housekeeping.tidy(any_ctx)
    assert sofie.statuses() == {"offers_mail": "expired", "offers_phone": "expired"}
    assert sofie.fields() == {}
    assert sofie.mails() == []


def test_a_consent_expires_when_it_is_valid_no_longer_though_data_might_be_kept(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx, controller="metaalnet", form="events")
    sofie.grants("newsletter", "workshops")
    clock.forward(days=365)
    housekeeping.tidy(any_ctx)

    assert sofie.statuses() == {"newsletter": "expired", "workshops": "granted"}


def test_expiry_is_no_objection(any_ctx: Context, clock: Clock) -> None:
    Person(any_ctx).grants("offers_mail")
    clock.forward(days=3 * 365)
    housekeeping.tidy(any_ctx)

    assert audit.rows(any_ctx, "suppressions") == []


@pytest.mark.parametrize("ended_by", ["withdrawal", "expiry"])
def test_the_proof_of_a_consent_stays_five_years_after_its_end_and_is_then_erased(
    any_ctx: Context, clock: Clock, ended_by: str
) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")
    if ended_by == "withdrawal":
        sofie.withdraws()
        sofie.mails()
    else:
        clock.forward(days=2 * 365 + 1)
        housekeeping.tidy(any_ctx)
    clock.forward(days=5 * 365)
    housekeeping.tidy(any_ctx)
    subject = sofie.rows()[0]
    entries = audit.chain(any_ctx)
    assert all(audit.commits_to(entry, bytes(subject["salt"]), sofie.email) for entry in entries)

    clock.forward(days=2)
    housekeeping.tidy(any_ctx)

    assert (sofie.rows(), sofie.statuses(), audit.rows(any_ctx, "consents")) == ([], {}, [])
    assert sofie.history()[-1] == ("erased", "")
    assert audit.chain(any_ctx)[: len(entries)] == entries
    assert audit.verify(any_ctx) == len(entries) + 1
    assert not audit.readable(any_ctx, sofie.email, bytes(subject["salt"]))


def test_nobody_can_link_a_commitment_once_its_salt_is_erased(any_ctx: Context, clock: Clock) -> None:
    """The same person comes back: another salt, another subject, and no entry of the two lives is alike."""
    sofie = Person(any_ctx)
    sofie.says_no(sofie.asks("keep_cv"))
    first = audit.chain(any_ctx)
    clock.forward(days=2)
    sofie.grants("keep_cv")
    second = audit.chain(any_ctx)[len(first) :]
    salt = bytes(sofie.rows()[0]["salt"])

    for part in ("subject", "commitment"):
        assert {entry[part] for entry in first}.isdisjoint(entry[part] for entry in second)
    assert all(audit.commits_to(entry, salt, sofie.email) for entry in second)
    assert not any(audit.commits_to(entry, salt, sofie.email) for entry in first)


def test_one_proof_that_is_over_takes_no_other_with_it(any_ctx: Context, clock: Clock) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    sofie.grants("offers_mail")
    sofie.withdraws()
    sofie.mails()
    clock.forward(days=4 * 366)
    sofie.grants("keep_cv")
    clock.forward(days=366)
    housekeeping.tidy(any_ctx)

    assert sofie.statuses()["keep_cv"] == "granted"
    assert [row["purpose"] for row in audit.rows(any_ctx, "consents")] == ["keep_cv"]
    assert ("erased", "") not in sofie.history()


def test_more_than_fits_in_one_turn_is_said_and_done_in_the_next(
    any_ctx: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "_AT_A_TIME", 4)
    for number in range(10):
        send_form(any_ctx, f"p{number}@voorbeeld.test", ("keep_cv",))
    work_off(any_ctx)
    clock.forward(days=7)

    assert [housekeeping.tidy(any_ctx) for _ in range(3)] == [False, False, True]
    assert audit.rows(any_ctx, "subjects") == []


def test_a_turn_ends_between_two_things_when_its_time_is_over(any_ctx: Context, clock: Clock) -> None:
    for number in range(6):
        send_form(any_ctx, f"p{number}@voorbeeld.test", ("keep_cv",))
    work_off(any_ctx)
    clock.forward(days=7)
    asked: list[None] = []

    def twice_more() -> bool:
        asked.append(None)
        return len(asked) <= 2

    assert not housekeeping.tidy(any_ctx, twice_more)
    assert len(audit.rows(any_ctx, "subjects")) == 4
    assert not housekeeping.tidy(any_ctx, lambda: False)
    assert len(audit.rows(any_ctx, "subjects")) == 4
    assert housekeeping.tidy(any_ctx)
    assert audit.rows(any_ctx, "subjects") == []


def test_many_who_must_stay_do_not_keep_anybody_else_from_being_forgotten(
    any_ctx: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that asked for an objection link and have a consent as well are looked at, and set aside."""

    monkeypatch.setattr(housekeeping, "_AT_A_TIME", 3)
    for number in range(6):
        Person(any_ctx, f"p{number}@voorbeeld.test").grants("keep_cv")
    for number in range(8):
        email = f"p{number}@voorbeeld.test"
        send_link(any_ctx, LinkRequest("talentwerk", "nl", Address(email, email), "n", to_object=True))
        clock.forward(seconds=1)
    work_off(any_ctx)
    clock.forward(days=8)

    for _ in range(4):
        housekeeping.tidy(any_ctx)

    assert sorted(row["email"] for row in audit.rows(any_ctx, "subjects")) == [
        f"p{number}@voorbeeld.test" for number in range(6)
    ]


def test_a_quiet_day_changes_nothing(any_ctx: Context, clock: Clock) -> None:
    Person(any_ctx).grants("keep_cv")
    clock.forward(hours=1)
    housekeeping.tidy(any_ctx)
    before = audit.everything(any_ctx)

    assert housekeeping.tidy(any_ctx)
    assert audit.everything(any_ctx) == before


def test_rows_of_mails_are_forgotten_a_month_after_they_went(any_ctx: Context, clock: Clock) -> None:
    Person(any_ctx).grants("keep_cv")
    clock.forward(days=30)
    housekeeping.tidy(any_ctx)
    assert len(audit.rows(any_ctx, "outbox")) == 2
    clock.forward(seconds=1)
    housekeeping.tidy(any_ctx)

    assert audit.rows(any_ctx, "outbox") == []


def test_salts_and_counters_of_the_limits_are_gone_after_three_days(any_ctx: Context, clock: Clock) -> None:
    Person(any_ctx).grants("keep_cv")
    clock.forward(days=3)
    housekeeping.tidy(any_ctx)

    assert audit.rows(any_ctx, "salts") == audit.rows(any_ctx, "mail_counts") == []
    assert audit.rows(any_ctx, "submit_counts") == []


@ON_SQLITE
def test_however_much_lapses_everything_else_has_its_turn(
    any_ctx: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn that ends after two things, while there are hundreds: mails from a clock that was ahead are woken."""
    any_ctx.limited = False
    Person(any_ctx, "expires@voorbeeld.test", controller="zorgzeker", form="quote").grants("follow_up")
    clock.forward(days=90)
    for number in range(60):
        send_form(any_ctx, f"p{number}@voorbeeld.test", ("keep_cv",))
    work_off(any_ctx)
    clock.forward(days=8)
    send_form(any_ctx, "ahead@voorbeeld.test", ("keep_cv",))
    audit.run(
        any_ctx, "UPDATE outbox SET created_at = :at, due_at = :at WHERE status = 'queued'", at="2099" + "-01" * 2
    )

    for _ in range(5):
        asked = iter([True, True, False])
        assert not housekeeping.tidy(any_ctx, lambda asked=asked: next(asked))  # type: ignore[misc]

    assert [row["status"] for row in audit.rows(any_ctx, "consents")] == ["expired"]
    assert [str(mail["To"]) for mail in work_off(any_ctx)] == ["ahead@voorbeeld.test"]
    assert 0 < len(audit.rows(any_ctx, "requests", "status = 'lapsed'")) < 60


@pytest.mark.parametrize("fails_at", ["one of many", "the look"])
def test_a_duty_that_fails_is_logged_and_all_others_are_done(
    any_ctx: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fails_at: str
) -> None:
    Person(any_ctx, "expires@voorbeeld.test", controller="zorgzeker", form="quote").grants("follow_up")
    for number in range(3):
        send_form(any_ctx, f"p{number}@voorbeeld.test", ("keep_cv",))
    work_off(any_ctx)
    clock.forward(days=90)
    (read, act), *others = housekeeping._DUTIES
    email = "p0@voorbeeld.test"
    bad = audit.rows(any_ctx, "requests", "status = 'requested'")[0]["id"]

    def fails(*all_that: object) -> list[Any]:
        if fails_at == "the look" or bad in str(all_that):
            raise ValueError(email)
        return act(*all_that)  # type: ignore[arg-type, return-value]

    first = (fails, act) if fails_at == "the look" else (read, fails)
    monkeypatch.setattr(housekeeping, "_DUTIES", (first, *others))

    for _ in range(3):
        assert housekeeping.tidy(any_ctx)

    assert [row["status"] for row in audit.rows(any_ctx, "consents")] == ["expired"]
    assert len(audit.rows(any_ctx, "requests", "status = 'lapsed'")) == (0 if fails_at == "the look" else 2)
    assert "A duty of the housekeeping failed" in caplog.text
    assert "voorbeeld" not in caplog.text
