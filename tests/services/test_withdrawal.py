"""Withdrawal: everything, or one purpose, at once and for good."""

import pytest

from app.services import housekeeping, withdrawal
from app.services.context import Context, UnknownLink
from tests import audit
from tests.factories import Clock, text_of
from tests.services.person import GRANTS, Person


def test_one_click_stops_everything_at_this_controller(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    elsewhere = Person(any_ctx, controller="metaalnet", form="events")
    sofie.grants(*GRANTS, first_name="Sofie", phone="06 12 34 56 78")
    elsewhere.grants("research")
    clock.forward(hours=1)

    assert sorted(sofie.withdraws()) == sorted(GRANTS)

    assert sofie.statuses() == dict.fromkeys(GRANTS, "withdrawn")
    assert elsewhere.statuses() == {"research": "granted"}
    assert {row["since"] for row in audit.rows(any_ctx, "consents", "status = 'withdrawn'")} == {
        "2026-11-21T14:32:05.000000Z"
    }
    assert sorted(sofie.history()[-3:]) == sorted(("withdrawn", purpose) for purpose in GRANTS)
    assert sofie.fields() == {}
    mail = text_of(sofie.mail())
    assert all(title in mail for title in ("Vacatures per mail", "Vacatures per telefoon", "Uw cv twee jaar bewaren"))


def test_one_purpose_stops_and_the_others_go_on(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.grants("offers_mail", "offers_phone", first_name="Sofie", phone="06 12 34 56 78", field_of_work="care")

    assert sofie.withdraws("offers_phone") == ["offers_phone"]

    assert sofie.statuses() == {"offers_mail": "granted", "offers_phone": "withdrawn"}
    assert sofie.fields() == {"first_name": "Sofie", "field_of_work": "care"}


def test_a_field_that_is_told_goes_with_the_last_consent(any_ctx: Context) -> None:
    sofie = Person(any_ctx, controller="hogeschool", form="graduates")
    sofie.grants("employer_verhoeven_call", "employer_noordzee", full_name="Sofie Peeters", phone="06 12 34 56 78")

    sofie.withdraws("employer_noordzee")
    assert sofie.fields() == {"full_name": "Sofie Peeters", "phone": "06 12 34 56 78"}
    sofie.withdraws("employer_verhoeven_call")
    assert sofie.fields() == {}


def test_an_unknown_purpose_stops_nothing(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")
    before = audit.everything(any_ctx)

    for purpose in ("recipes", "", "KEEP_CV", "%", "offers_mail"):
        assert sofie.withdraws(purpose) == []

    assert audit.everything(any_ctx) == before


@pytest.mark.parametrize("purpose", ["recipes", "", "KEEP_CV", "keep_c", "offers_mail", "%", "keep_cv/x", "\x00"])
def test_one_click_on_what_was_never_asked_stops_everything_and_the_receipt_lists_it(
    any_ctx: Context, purpose: str
) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv", "offers_phone")

    view, stopped = withdrawal.withdraw(any_ctx, sofie.token("withdraw"), purpose, or_all=True)

    assert {line.purpose for line in stopped} == {"keep_cv", "offers_phone"}
    assert (view.running, view.purpose, view.is_unclear) == ((), None, True)
    receipt = text_of(sofie.mail())
    assert "Uw cv twee jaar bewaren" in receipt
    assert "Vacatures per telefoon" in receipt


def test_one_click_on_what_was_asked_stops_that_and_nothing_else_whatever_became_of_it(any_ctx: Context) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")
    sofie.grants("offers_mail")
    sofie.withdraws("offers_mail")
    sofie.asks("offers_phone")
    token = sofie.token("withdraw")

    ended, stopped = withdrawal.withdraw(any_ctx, token, "offers_mail", or_all=True)
    assert (stopped, ended.cancelled, ended.is_unclear) == ((), (), False)
    waited, stopped = withdrawal.withdraw(any_ctx, token, "offers_phone", or_all=True)
    assert (stopped, [line.purpose for line in waited.cancelled]) == ((), ["offers_phone"])
    again, stopped = withdrawal.withdraw(any_ctx, token, "offers_phone", or_all=True)
    assert (stopped, again.cancelled, again.is_unclear) == ((), (), False)

    assert [line.purpose for line in again.running] == ["keep_cv"]
    assert sofie.statuses() == {"keep_cv": "granted", "offers_mail": "withdrawn", "offers_phone": "withdrawn"}


def test_a_second_click_stops_nothing_and_mails_nothing(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")
    sofie.withdraws()
    sofie.mails()
    before = audit.everything(any_ctx)
    clock.forward(days=1)

    assert sofie.withdraws() == []
    assert sofie.withdraws("keep_cv") == []
    assert audit.everything(any_ctx) == before


def test_looking_changes_nothing(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv", "offers_mail")
    sofie.withdraws("keep_cv")
    before = audit.everything(any_ctx)

    view = withdrawal.view(any_ctx, sofie.token("withdraw"))

    assert ([line.purpose for line in view.running], [line.purpose for line in view.stopped]) == (
        ["offers_mail"],
        ["keep_cv"],
    )
    assert audit.everything(any_ctx) == before


def test_what_was_asked_but_not_confirmed_stops_too(any_ctx: Context) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")
    sofie.asks("offers_mail", "offers_phone", phone="06 12 34 56 78")

    sofie.withdraws()

    assert sofie.statuses() == dict.fromkeys(GRANTS, "withdrawn")
    assert {row["status"] for row in audit.rows(any_ctx, "requests")} == {"confirmed", "withdrawn"}
    assert sofie.fields() == {}
    assert sorted(sofie.history()[-3:]) == sorted(("withdrawn", purpose) for purpose in GRANTS)


def test_the_withdrawal_of_one_purpose_takes_it_out_of_what_waits(any_ctx: Context) -> None:
    """Asked in two requests and granted through one: the other still waits, but no longer for this purpose."""
    any_ctx.limited = False
    sofie = Person(any_ctx)
    pending = sofie.asks("offers_mail", "offers_phone", phone="06 12 34 56 78")
    sofie.grants("offers_mail")

    sofie.withdraws("offers_mail")
    assert sofie.statuses() == {"offers_mail": "withdrawn", "offers_phone": "requested"}
    assert sofie.history().count(("withdrawn", "offers_mail")) == 1
    view = sofie.says_yes(pending)

    assert view.purposes == {"offers_mail": "withdrawn", "offers_phone": "granted"}
    assert sofie.statuses() == {"offers_mail": "withdrawn", "offers_phone": "granted"}


def test_who_had_only_asked_is_forgotten_when_all_is_stopped(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.asks("offers_mail", first_name="Sofie")

    assert sofie.withdraws() == []

    assert (sofie.rows(), sofie.fields(), sofie.mails()) == ([], {}, [])
    assert sofie.history() == [("requested", "offers_mail"), ("withdrawn", "offers_mail")]


def test_a_new_yes_after_a_withdrawal_counts(any_ctx: Context, clock: Clock) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")
    sofie.withdraws()
    sofie.mails()
    clock.forward(days=1)

    sofie.grants("keep_cv")

    assert sofie.statuses() == {"keep_cv": "granted"}
    (consent,) = audit.rows(any_ctx, "consents")
    assert (consent["since"], consent["proof_until"]) == ("2026-11-22T13:32:05.000000Z", None)


def test_the_link_works_as_long_as_anything_is_kept_and_then_no_more(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")
    token = sofie.token("withdraw")
    sofie.withdraws()
    sofie.mails()
    clock.forward(days=5 * 365)
    housekeeping.tidy(any_ctx)
    withdrawal.view(any_ctx, token)
    clock.forward(days=2)
    housekeeping.tidy(any_ctx)

    for act in (withdrawal.view, withdrawal.withdraw):
        with pytest.raises(UnknownLink):
            act(any_ctx, token)


@pytest.mark.parametrize("token", ["", "x", "0" * 32, "%", "\0" * 32, "é" * 32])
def test_a_link_that_is_none_of_ours_is_unknown(any_ctx: Context, token: str) -> None:
    Person(any_ctx).grants("keep_cv")

    for act in (withdrawal.view, withdrawal.withdraw):
        with pytest.raises(UnknownLink):
            act(any_ctx, token)


@pytest.mark.parametrize("kind", ["object", "stop"])
def test_no_other_link_withdraws(any_ctx: Context, kind: str) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")

    with pytest.raises(UnknownLink):
        withdrawal.withdraw(any_ctx, sofie.token(kind))


def test_staff_withdraw_on_someones_word_at_every_controller(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    elsewhere = Person(any_ctx, controller="metaalnet", form="events")
    sofie.grants("keep_cv", "offers_mail")
    elsewhere.grants("research")

    stopped = withdrawal.withdraw_for(any_ctx, "sofie@voorbeeld.test", None, None)

    assert sorted((line["controller"], line["form"], line["purpose"]) for line in stopped) == [
        ("metaalnet", "events", "research"),
        ("talentwerk", "careers", "keep_cv"),
        ("talentwerk", "careers", "offers_mail"),
    ]
    assert {entry["decided_by"] for entry in audit.chain(any_ctx) if entry["kind"] == "withdrawn"} == {"staff"}
    assert len(sofie.mails()) == 2
    assert audit.verify(any_ctx) > 0


def test_staff_can_withdraw_one_purpose_at_one_controller(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    elsewhere = Person(any_ctx, controller="metaalnet", form="events")
    sofie.grants("keep_cv", "offers_mail")
    elsewhere.grants("research")

    assert len(withdrawal.withdraw_for(any_ctx, "sofie@voorbeeld.test", "talentwerk", "keep_cv")) == 1

    assert sofie.statuses() == {"keep_cv": "withdrawn", "offers_mail": "granted"}
    assert elsewhere.statuses() == {"research": "granted"}
    assert withdrawal.withdraw_for(any_ctx, "nobody@voorbeeld.test", None, None) == []
    assert withdrawal.withdraw_for(any_ctx, "sofie@voorbeeld.test", "nowhere", None) == []


def test_staff_also_stop_what_waits_for_its_confirmation(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    token = sofie.asks("offers_mail")

    assert withdrawal.withdraw_for(any_ctx, "sofie@voorbeeld.test", None, None) == []

    assert sofie.says_yes(token).state.name == "ENDED"
    assert audit.chain(any_ctx)[-1]["decided_by"] == "staff"
    assert sofie.rows() == []
