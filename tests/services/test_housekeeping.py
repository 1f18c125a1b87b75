"""What happens by itself as time passes."""

from typing import Any

import pytest

from app.services import housekeeping
from app.services.kit import Kit
from tests import audit
from tests.factories import Clock, send_form, work_off
from tests.services.person import Person

CANARY = "kanarie7f3a"


def test_what_nobody_confirmed_is_gone_from_the_disk_and_the_chain_still_holds(kit: Kit, clock: Clock) -> None:
    """Every byte of the file and the log beside it is looked at, after other people's rows were written around it."""
    sofie = Person(kit, f"{CANARY}@voorbeeld.test", controller="zorgzeker", form="quote")
    sofie.sends("medical", "follow_up", medical_history=f"{CANARY} " * 150)
    subject = sofie.rows()[0]
    secrets = [bytes(subject["salt"]), subject["withdraw_token"].encode(), subject["stop_token"].encode()]
    for number in range(30):
        send_form(kit, f"p{number}@voorbeeld.test", controller="zorgzeker", form="quote", purposes=("follow_up",))
    work_off(kit)
    folder = kit.settings.DATA_DIR
    assert CANARY.encode() in audit.bytes_of(folder)

    clock.forward(days=7)
    housekeeping.tidy(kit)

    everything = audit.bytes_of(folder)
    assert CANARY.encode() not in everything
    assert [secret for secret in secrets if secret in everything] == []
    assert b"medical" in everything
    assert audit.rows(kit, "subjects") == []
    assert audit.verify(kit) > 60


def test_what_was_erased_after_its_proof_is_gone_from_the_disk_too(kit: Kit, clock: Clock) -> None:
    sofie = Person(kit, f"{CANARY}@voorbeeld.test")
    sofie.grants("offers_mail", first_name=CANARY)
    pieter = Person(kit, "pieter@voorbeeld.test")
    pieter.grants("offers_mail", first_name="Pieter")
    sofie.withdraws()
    work_off(kit)
    clock.forward(days=700)
    housekeeping.tidy(kit)
    assert f"{CANARY}@".encode() in audit.bytes_of(kit.settings.DATA_DIR)
    clock.forward(days=5 * 366 - 700)
    housekeeping.tidy(kit)

    assert CANARY.encode() not in audit.bytes_of(kit.settings.DATA_DIR)
    assert len(audit.rows(kit, "subjects")) == 1


def test_a_request_lapses_when_its_time_is_over_and_not_before(any_kit: Kit, clock: Clock) -> None:
    sofie = Person(any_kit)
    sofie.asks("offers_mail", "keep_cv", first_name="Sofie")
    clock.forward(days=7, seconds=-1)
    housekeeping.tidy(any_kit)
    assert sofie.statuses() == {"offers_mail": "requested", "keep_cv": "requested"}

    clock.forward(seconds=1)
    assert sofie.statuses() == {"offers_mail": "lapsed", "keep_cv": "lapsed"}
    housekeeping.tidy(any_kit)

    assert (sofie.rows(), sofie.fields(), sofie.statuses()) == ([], {}, {})
    assert sofie.history()[2:] == [("lapsed", "keep_cv"), ("lapsed", "offers_mail")]
    assert {row["status"] for row in audit.rows(any_kit, "requests")} == {"lapsed"}
    assert not audit.readable(any_kit, "sofie")


def test_what_lapses_beside_a_consent_leaves_the_consent_alone(any_kit: Kit, clock: Clock) -> None:
    any_kit.limited = False
    sofie = Person(any_kit)
    sofie.grants("offers_mail", first_name="Sofie")
    sofie.asks("offers_phone", phone="06 12 34 56 78")
    clock.forward(days=7)
    housekeeping.tidy(any_kit)

    assert sofie.statuses() == {"offers_mail": "granted", "offers_phone": "lapsed"}
    assert sofie.fields() == {"first_name": "Sofie"}


def test_a_request_lapses_although_its_mail_never_went(any_kit: Kit, clock: Clock) -> None:
    """No worker ran for a week: the mail is dropped, and then nothing needs the address any more."""
    sofie = Person(any_kit)
    sofie.sends("offers_mail", first_name="Sofie")
    clock.forward(days=7)

    housekeeping.tidy(any_kit)
    assert sofie.fields() == {}
    assert sofie.mails() == []
    housekeeping.tidy(any_kit)

    assert sofie.rows() == []
    assert audit.history(any_kit)[1:] == [("lapsed", "offers_mail"), ("erased", "")]


def test_a_consent_expires_when_its_data_may_no_longer_be_kept(any_kit: Kit, clock: Clock) -> None:
    sofie = Person(any_kit)
    sofie.grants("offers_mail", "offers_phone", first_name="Sofie", phone="06 12 34 56 78")
    clock.forward(days=364)
    housekeeping.tidy(any_kit)
    assert sofie.statuses() == {"offers_mail": "granted", "offers_phone": "granted"}
    clock.forward(days=1)
    housekeeping.tidy(any_kit)

    assert sofie.statuses() == {"offers_mail": "granted", "offers_phone": "expired"}
    assert sofie.fields() == {"first_name": "Sofie"}
    assert audit.chain(any_kit)[-1]["kind"] == "expired"
    assert audit.chain(any_kit)[-1]["decided_by"] == ""
    clock.forward(days=366)
    housekeeping.tidy(any_kit)
    assert sofie.statuses() == {"offers_mail": "expired", "offers_phone": "expired"}
    assert sofie.fields() == {}
    assert sofie.mails() == []


def test_a_consent_expires_when_it_is_valid_no_longer_though_data_might_be_kept(any_kit: Kit, clock: Clock) -> None:
    sofie = Person(any_kit, controller="metaalnet", form="events")
    sofie.grants("newsletter", "workshops")
    clock.forward(days=365)
    housekeeping.tidy(any_kit)

    assert sofie.statuses() == {"newsletter": "expired", "workshops": "granted"}


def test_expiry_is_no_objection(any_kit: Kit, clock: Clock) -> None:
    Person(any_kit).grants("offers_mail")
    clock.forward(days=3 * 365)
    housekeeping.tidy(any_kit)

    assert audit.rows(any_kit, "suppressions") == []


@pytest.mark.parametrize("ended_by", ["withdrawal", "expiry"])
def test_the_proof_of_a_consent_stays_five_years_after_its_end_and_is_then_erased(
    any_kit: Kit, clock: Clock, ended_by: str
) -> None:
    sofie = Person(any_kit)
    sofie.grants("keep_cv")
    if ended_by == "withdrawal":
        sofie.withdraws()
        sofie.mails()
    else:
        clock.forward(days=2 * 365 + 1)
        housekeeping.tidy(any_kit)
    clock.forward(days=5 * 365)
    housekeeping.tidy(any_kit)
    subject = sofie.rows()[0]
    entries = audit.chain(any_kit)
    assert all(audit.commits_to(entry, bytes(subject["salt"]), sofie.email) for entry in entries)

    clock.forward(days=2)
    housekeeping.tidy(any_kit)

    assert (sofie.rows(), sofie.statuses(), audit.rows(any_kit, "consents")) == ([], {}, [])
    assert sofie.history()[-1] == ("erased", "")
    assert audit.chain(any_kit)[: len(entries)] == entries
    assert audit.verify(any_kit) == len(entries) + 1
    assert not audit.readable(any_kit, sofie.email, bytes(subject["salt"]))


def test_nobody_can_link_a_commitment_once_its_salt_is_erased(any_kit: Kit, clock: Clock) -> None:
    """The same person comes back: another salt, another subject, and no entry of the two lives is alike."""
    sofie = Person(any_kit)
    sofie.says_no(sofie.asks("keep_cv"))
    first = audit.chain(any_kit)
    clock.forward(days=2)
    sofie.grants("keep_cv")
    second = audit.chain(any_kit)[len(first) :]
    salt = bytes(sofie.rows()[0]["salt"])

    for part in ("subject", "commitment"):
        assert {entry[part] for entry in first}.isdisjoint(entry[part] for entry in second)
    assert all(audit.commits_to(entry, salt, sofie.email) for entry in second)
    assert not any(audit.commits_to(entry, salt, sofie.email) for entry in first)


def test_one_proof_that_is_over_takes_no_other_with_it(any_kit: Kit, clock: Clock) -> None:
    any_kit.limited = False
    sofie = Person(any_kit)
    sofie.grants("offers_mail")
    sofie.withdraws()
    sofie.mails()
    clock.forward(days=4 * 366)
    sofie.grants("keep_cv")
    clock.forward(days=366)
    housekeeping.tidy(any_kit)

    assert sofie.statuses()["keep_cv"] == "granted"
    assert [row["purpose"] for row in audit.rows(any_kit, "consents")] == ["keep_cv"]
    assert ("erased", "") not in sofie.history()


def test_more_than_fits_in_one_turn_is_said_and_done_in_the_next(
    any_kit: Kit, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "_AT_A_TIME", 4)
    for number in range(10):
        send_form(any_kit, f"p{number}@voorbeeld.test", ("keep_cv",))
    work_off(any_kit)
    clock.forward(days=7)

    assert [housekeeping.tidy(any_kit) for _ in range(3)] == [False, False, True]
    assert audit.rows(any_kit, "subjects") == []


def test_a_turn_ends_between_two_things_when_its_time_is_over(any_kit: Kit, clock: Clock) -> None:
    for number in range(6):
        send_form(any_kit, f"p{number}@voorbeeld.test", ("keep_cv",))
    work_off(any_kit)
    clock.forward(days=7)
    asked: list[None] = []

    def twice_more() -> bool:
        asked.append(None)
        return len(asked) <= 2

    assert not housekeeping.tidy(any_kit, twice_more)
    assert len(audit.rows(any_kit, "subjects")) == 4
    assert not housekeeping.tidy(any_kit, lambda: False)
    assert len(audit.rows(any_kit, "subjects")) == 4
    assert housekeeping.tidy(any_kit)
    assert audit.rows(any_kit, "subjects") == []


def test_many_who_must_stay_do_not_keep_anybody_else_from_being_forgotten(
    any_kit: Kit, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that asked for an objection link and have a consent as well are looked at, and set aside."""
    from app.services import link_request

    monkeypatch.setattr(housekeeping, "_AT_A_TIME", 3)
    for number in range(6):
        Person(any_kit, f"p{number}@voorbeeld.test").grants("keep_cv")
    for number in range(8):
        email = f"p{number}@voorbeeld.test"
        link_request.send_link(any_kit, "talentwerk", "nl", email, email, "n", to_object=True)
        clock.forward(seconds=1)
    work_off(any_kit)
    clock.forward(days=8)

    for _ in range(4):
        housekeeping.tidy(any_kit)

    assert sorted(row["email"] for row in audit.rows(any_kit, "subjects")) == [
        f"p{number}@voorbeeld.test" for number in range(6)
    ]


def test_a_quiet_day_changes_nothing(any_kit: Kit, clock: Clock) -> None:
    Person(any_kit).grants("keep_cv")
    clock.forward(hours=1)
    housekeeping.tidy(any_kit)
    before = audit.everything(any_kit)

    assert housekeeping.tidy(any_kit)
    assert audit.everything(any_kit) == before


def test_rows_of_mails_are_forgotten_a_month_after_they_went(any_kit: Kit, clock: Clock) -> None:
    Person(any_kit).grants("keep_cv")
    clock.forward(days=30)
    housekeeping.tidy(any_kit)
    assert len(audit.rows(any_kit, "outbox")) == 2
    clock.forward(seconds=1)
    housekeeping.tidy(any_kit)

    assert audit.rows(any_kit, "outbox") == []


def test_salts_and_counters_of_the_limits_are_gone_after_three_days(any_kit: Kit, clock: Clock) -> None:
    Person(any_kit).grants("keep_cv")
    clock.forward(days=3)
    housekeeping.tidy(any_kit)

    assert audit.rows(any_kit, "salts") == audit.rows(any_kit, "mail_counts") == []
    assert audit.rows(any_kit, "submit_counts") == []


def test_however_much_lapses_everything_else_has_its_turn(
    any_kit: Kit, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn that ends after two things, while there are hundreds: mails from a clock that was ahead are woken."""
    any_kit.limited = False
    Person(any_kit, "expires@voorbeeld.test", controller="zorgzeker", form="quote").grants("follow_up")
    clock.forward(days=90)
    for number in range(60):
        send_form(any_kit, f"p{number}@voorbeeld.test", ("keep_cv",))
    work_off(any_kit)
    clock.forward(days=8)
    send_form(any_kit, "ahead@voorbeeld.test", ("keep_cv",))
    audit.run(
        any_kit, "UPDATE outbox SET created_at = :at, due_at = :at WHERE status = 'queued'", at="2099" + "-01" * 2
    )

    for _ in range(5):
        asked = iter([True, True, False])
        assert not housekeeping.tidy(any_kit, lambda asked=asked: next(asked))  # type: ignore[misc]

    assert [row["status"] for row in audit.rows(any_kit, "consents")] == ["expired"]
    assert [str(mail["To"]) for mail in work_off(any_kit)] == ["ahead@voorbeeld.test"]
    assert 0 < len(audit.rows(any_kit, "requests", "status = 'lapsed'")) < 60


@pytest.mark.parametrize("fails_at", ["one of many", "the look"])
def test_a_duty_that_fails_is_logged_and_all_others_are_done(
    any_kit: Kit, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fails_at: str
) -> None:
    Person(any_kit, "expires@voorbeeld.test", controller="zorgzeker", form="quote").grants("follow_up")
    for number in range(3):
        send_form(any_kit, f"p{number}@voorbeeld.test", ("keep_cv",))
    work_off(any_kit)
    clock.forward(days=90)
    (read, act), *others = housekeeping._DUTIES
    email = "p0@voorbeeld.test"
    bad = audit.rows(any_kit, "requests", "status = 'requested'")[0]["id"]

    def fails(*all_that: object) -> list[Any]:
        if fails_at == "the look" or bad in str(all_that):
            raise ValueError(email)
        return act(*all_that)  # type: ignore[arg-type, return-value]

    first = (fails, act) if fails_at == "the look" else (read, fails)
    monkeypatch.setattr(housekeeping, "_DUTIES", (first, *others))

    for _ in range(3):
        assert housekeeping.tidy(any_kit)

    assert [row["status"] for row in audit.rows(any_kit, "consents")] == ["expired"]
    assert len(audit.rows(any_kit, "requests", "status = 'lapsed'")) == (0 if fails_at == "the look" else 2)
    assert "A duty of the housekeeping failed" in caplog.text
    assert "voorbeeld" not in caplog.text
