"""The second opt-in."""

from datetime import timedelta

import pytest

from app.services import confirmation, housekeeping
from app.services.confirmation import ConfirmationState
from app.services.context import Context, UnknownLink
from app.services.tokens import Expiry, LinkExpired
from tests import audit
from tests.factories import START, Clock, text_of, token_in
from tests.services.person import Person


def insured(ctx: Context) -> Person:
    return Person(ctx, controller="zorgzeker", form="quote")


def test_a_yes_behind_the_mailed_link_grants_what_was_asked(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    token = sofie.asks("offers_mail", "keep_cv", first_name="Sofie")

    view = sofie.says_yes(token)

    assert (view.state, view.purposes) == (
        ConfirmationState.CONFIRMED,
        {"offers_mail": "granted", "keep_cv": "granted"},
    )
    assert sofie.statuses() == {"offers_mail": "granted", "keep_cv": "granted"}
    assert sofie.history()[2:] == [("confirmed", ""), ("granted", "keep_cv"), ("granted", "offers_mail")]
    receipt = sofie.mail()
    assert "Vacatures per mail" in text_of(receipt)
    assert token_in(receipt, "withdraw") == sofie.token("withdraw") == view.withdraw_token
    assert sofie.fields() == {"first_name": "Sofie"}


def test_a_consent_points_to_the_notice_that_was_seen_and_ends_when_it_said(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.grants("offers_mail", "offers_phone")

    (request,) = audit.rows(any_ctx, "requests")
    consents = {row["purpose"]: row for row in audit.rows(any_ctx, "consents")}
    assert {row["notice"] for row in consents.values()} == {request["notice"]}
    assert {purpose: row["ends_at"] for purpose, row in consents.items()} == {
        "offers_mail": "2028-11-21T13:32:05.000000Z",
        "offers_phone": "2027-11-21T13:32:05.000000Z",
    }


def test_looking_changes_nothing_however_often(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    token = sofie.asks("offers_mail")
    before = audit.everything(any_ctx)

    for _ in range(20):
        assert confirmation.view(any_ctx, token).state is ConfirmationState.OPEN

    assert audit.everything(any_ctx) == before


def test_yes_twice_is_one_consent_one_entry_and_one_receipt(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    token = sofie.asks("offers_mail")
    first = sofie.says_yes(token)
    before = audit.everything(any_ctx)

    clock.forward(days=1)
    second = sofie.says_yes(token)

    assert audit.everything(any_ctx) == before
    assert second == first
    assert len(sofie.mails()) == 1
    assert sofie.mails() == []


def test_a_no_after_a_yes_changes_nothing(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    token = sofie.grants("offers_mail")
    before = audit.everything(any_ctx)

    assert sofie.says_no(token).state is ConfirmationState.CONFIRMED
    assert audit.everything(any_ctx) == before


def test_a_yes_after_a_no_changes_nothing(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    token = sofie.asks("offers_mail", first_name="Sofie")
    assert sofie.says_no(token).state is ConfirmationState.DELETED
    before = audit.everything(any_ctx)

    assert sofie.says_yes(token).state is ConfirmationState.DELETED
    assert sofie.says_no(token).state is ConfirmationState.DELETED
    assert audit.everything(any_ctx) == before


def test_a_no_deletes_all_that_was_filled_in(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    token = sofie.asks("offers_mail", "keep_cv", first_name="Sofie")

    sofie.says_no(token)

    assert sofie.rows() == []
    assert sofie.fields() == {}
    assert sofie.history()[2:] == [("refused", "keep_cv"), ("refused", "offers_mail")]
    assert sofie.mails() == []
    assert not audit.readable(any_ctx, "sofie@voorbeeld.test")


def test_a_no_to_one_request_leaves_the_others_as_they_are(any_ctx: Context) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")
    other, refused = sofie.asks("offers_phone"), sofie.asks("offers_mail")

    sofie.says_no(refused)

    assert sofie.statuses() == {"keep_cv": "granted", "offers_phone": "requested", "offers_mail": "refused"}
    assert confirmation.view(any_ctx, other).state is ConfirmationState.OPEN


def test_a_no_whose_mail_still_waits_is_forgotten_once_the_mail_is_gone(any_ctx: Context, clock: Clock) -> None:
    """The same form was sent again, and its mail is in the outbox, when the first mail is answered with a no."""
    sofie = Person(any_ctx)
    token = sofie.asks("offers_mail")
    clock.forward(minutes=11)
    sofie.sends("offers_mail")

    sofie.says_no(token)
    housekeeping.tidy(any_ctx)
    assert sofie.mails() == []
    housekeeping.tidy(any_ctx)

    assert sofie.rows() == []


def test_two_links_for_one_purpose_make_one_consent(any_ctx: Context, clock: Clock) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    one = sofie.asks("offers_mail", first_name="Sofie")
    two = sofie.asks("offers_mail", "keep_cv", first_name="Sofia")
    sofie.says_yes(one)
    sofie.mails()
    clock.forward(hours=1)

    sofie.says_yes(two)

    assert sofie.history().count(("granted", "offers_mail")) == 1
    consents = {row["purpose"]: row["since"] for row in audit.rows(any_ctx, "consents")}
    assert consents == {"offers_mail": "2026-11-21T13:32:05.000000Z", "keep_cv": "2026-11-21T14:32:05.000000Z"}
    receipt = text_of(sofie.mail())
    assert ("Uw cv twee jaar bewaren" in receipt, "Vacatures per mail" in receipt) == (True, False)
    assert sofie.fields() == {"first_name": "Sofie"}


def test_a_statement_that_is_ticked_again_grants_a_special_category(any_ctx: Context) -> None:
    sofie = insured(any_ctx)
    token = sofie.asks("medical", medical_history="Een knie in 2024")

    sofie.says_yes(token, "medical")

    assert sofie.statuses() == {"medical": "granted"}
    assert sofie.fields() == {"medical_history": "Een knie in 2024"}


def test_a_yes_with_a_statement_left_empty_records_nothing_and_the_question_stays_open(any_ctx: Context) -> None:
    any_ctx.limited = False
    sofie = insured(any_ctx)
    for purposes in (("medical", "follow_up"), ("medical",)):
        token = sofie.asks(*purposes, medical_history="Een knie in 2024")
        before = audit.everything(any_ctx)

        for explicit in ((), ("follow_up", "something else"), ("",)):
            view = sofie.says_yes(token, *explicit)
            assert (view.state, set(view.purposes.values())) == (ConfirmationState.OPEN, {"requested"})

        assert audit.everything(any_ctx) == before
        assert sofie.says_yes(token, "medical").state == ConfirmationState.CONFIRMED
        sofie.withdraws()


def test_a_yes_but_not_to_one_refuses_that_deletes_its_fields_and_grants_the_rest(any_ctx: Context) -> None:
    sofie = insured(any_ctx)
    token = sofie.asks("medical", "follow_up", medical_history="Een knie in 2024")

    view = sofie.says_yes(token, "medical", without=("medical",))

    assert view.purposes == {"medical": "refused", "follow_up": "granted"}
    assert sofie.statuses() == {"medical": "refused", "follow_up": "granted"}
    assert sofie.fields() == {}
    assert not audit.readable(any_ctx, "knie")
    assert sofie.history()[-3:] == [("confirmed", ""), ("granted", "follow_up"), ("refused", "medical")]
    before = audit.everything(any_ctx)
    for explicit, without in (((), ("medical",)), (("medical",), ()), ((), ())):
        assert sofie.says_yes(token, *explicit, without=without) == view
    assert audit.everything(any_ctx) == before
    granted, refused = text_of(sofie.mail()).split("U zei nee tegen:")
    assert ("ziekten" in granted, "ziekten" in refused) == (False, True)


def test_nothing_but_a_special_category_beside_others_can_be_left_out(any_ctx: Context) -> None:
    any_ctx.limited = False
    sofie = insured(any_ctx)
    both, alone = sofie.asks("medical", "follow_up"), sofie.asks("medical")
    before = audit.everything(any_ctx)

    for token, without in (
        (both, ("follow_up",)),
        (both, ("medical", "follow_up")),
        (both, ("unknown",)),
        (both, ("",)),
        (alone, ("medical",)),
        (alone, ("follow_up",)),
    ):
        assert sofie.says_yes(token, "medical", without=without).state == ConfirmationState.OPEN

    assert audit.everything(any_ctx) == before


def test_a_link_that_nobody_answered_in_time_is_told_so(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    token = sofie.asks("offers_mail")
    clock.forward(days=7, seconds=-1)
    assert confirmation.view(any_ctx, token).state is ConfirmationState.OPEN
    clock.forward(seconds=1)

    before = audit.everything(any_ctx)
    for act in (confirmation.view, confirmation.refuse):
        with pytest.raises(LinkExpired) as caught:
            act(any_ctx, token)
        assert caught.value.stored.notice.form == "careers"
    with pytest.raises(LinkExpired):
        sofie.says_yes(token)
    assert audit.everything(any_ctx) == before

    housekeeping.tidy(any_ctx)
    with pytest.raises(LinkExpired):
        sofie.says_yes(token)
    assert sofie.statuses() == {}


def test_the_deadline_of_a_link_is_counted_from_the_request_and_not_from_the_mail(
    any_ctx: Context, clock: Clock
) -> None:
    sofie = Person(any_ctx)
    sofie.sends("offers_mail")
    clock.forward(days=6)
    mail = sofie.mail()
    clock.forward(days=1)

    with pytest.raises(LinkExpired):
        sofie.says_yes(token_in(mail, "confirm"))
    assert START + timedelta(days=7) == clock.now


def test_a_yes_after_a_withdrawal_revives_nothing(any_ctx: Context, clock: Clock) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    pending = sofie.asks("offers_mail", "keep_cv")
    confirmed = sofie.grants("offers_mail")
    clock.forward(hours=1)
    sofie.withdraws()
    before = audit.everything(any_ctx)

    for token in (pending, confirmed):
        view = sofie.says_yes(token)
        assert (view.state, view.stopped_at) == (ConfirmationState.ENDED, clock.now)
        assert sofie.says_no(token).state is ConfirmationState.ENDED

    assert audit.everything(any_ctx) == before
    assert sofie.statuses() == {"offers_mail": "withdrawn", "keep_cv": "withdrawn"}


def test_after_one_of_two_purposes_was_withdrawn_the_old_link_shows_the_other(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    token = sofie.grants("offers_mail", "keep_cv")

    sofie.withdraws("offers_mail")

    view = sofie.says_yes(token)
    assert (view.state, view.purposes) == (
        ConfirmationState.CONFIRMED,
        {"offers_mail": "withdrawn", "keep_cv": "granted"},
    )
    assert sofie.statuses() == {"offers_mail": "withdrawn", "keep_cv": "granted"}


def test_a_link_whose_proof_is_long_gone_says_nothing_of_it(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    token = sofie.grants("keep_cv")
    sofie.withdraws()
    sofie.mails()
    clock.forward(days=5 * 366)
    housekeeping.tidy(any_ctx)

    for act in (confirmation.view, confirmation.refuse):
        with pytest.raises(LinkExpired):
            act(any_ctx, token)
        with pytest.raises(UnknownLink):
            act(any_ctx, as_if_mailed_now(any_ctx, token))


def as_if_mailed_now(ctx: Context, token: str) -> str:
    return ctx.signing.confirm.make(ctx.signing.confirm.read(token)[0])


def test_a_link_ends_seven_days_after_its_own_mail_also_where_it_was_answered(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    token = sofie.grants("keep_cv")
    clock.forward(days=7, seconds=-1)
    assert confirmation.view(any_ctx, token).state is ConfirmationState.CONFIRMED
    clock.forward(seconds=1)

    for act in (confirmation.view, confirmation.refuse):
        with pytest.raises(LinkExpired) as caught:
            act(any_ctx, token)
        assert caught.value.expiry is Expiry.ANSWERED
    assert sofie.statuses() == {"keep_cv": "granted"}


def test_a_form_that_is_sent_again_does_not_prolong_an_old_link(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    old = sofie.asks("offers_mail")
    clock.forward(days=6)
    new = sofie.asks("offers_mail")
    clock.forward(days=1)

    with pytest.raises(LinkExpired) as caught:
        sofie.says_yes(old)
    assert caught.value.expiry is Expiry.MAILED_ANEW
    assert sofie.says_yes(new).state is ConfirmationState.CONFIRMED


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "0" * 32, "%00", "\0"])
def test_a_link_that_is_none_of_ours_is_unknown(any_ctx: Context, token: str) -> None:
    Person(any_ctx).sends("keep_cv")
    before = audit.everything(any_ctx)

    for act in (confirmation.view, confirmation.refuse):
        with pytest.raises(UnknownLink):
            act(any_ctx, token)
    with pytest.raises(UnknownLink):
        confirmation.confirm(any_ctx, token, ())
    assert audit.everything(any_ctx) == before


@pytest.mark.parametrize("payload", ["", "0" * 32, "x" * 10_000])
def test_a_signed_link_to_what_was_never_there_is_unknown(any_ctx: Context, payload: str) -> None:
    with pytest.raises(UnknownLink):
        confirmation.view(any_ctx, any_ctx.signing.confirm.make(payload))


def test_a_form_token_is_no_confirmation_link(any_ctx: Context) -> None:
    Person(any_ctx).sends("keep_cv")
    (request,) = audit.rows(any_ctx, "requests")

    with pytest.raises(UnknownLink):
        confirmation.confirm(any_ctx, any_ctx.signing.form.make(request["id"]), ())


def test_yes_but_not_to_one_ends_that_one_where_it_runs_by_another_link(any_ctx: Context, clock: Clock) -> None:
    any_ctx.limited = False
    sofie = insured(any_ctx)
    both, alone = sofie.asks("medical", "follow_up"), sofie.asks("medical", medical_history="Een knie in 2024")
    sofie.says_yes(alone, "medical")
    sofie.mails()
    before = len(sofie.history())

    view = sofie.says_yes(both, without=("medical",))

    assert view.purposes == {"medical": "refused", "follow_up": "granted"}
    assert sofie.statuses() == {"medical": "withdrawn", "follow_up": "granted"}
    assert sofie.fields() == {}
    assert sofie.history()[before:] == [
        ("confirmed", ""),
        ("granted", "follow_up"),
        ("refused", "medical"),
        ("withdrawn", "medical"),
    ]
    assert [row["kind"] for row in audit.rows(any_ctx, "outbox", "status = 'queued' AND kind = 'withdrawn'")] == [
        "withdrawn"
    ]
    stopped, receipt = sorted(map(text_of, sofie.mails()), key=lambda text: "U zei nee tegen:" in text)
    assert "ziekten" in stopped
    assert "ziekten" in receipt.split("U zei nee tegen:")[1]
    assert confirmation.view(any_ctx, alone).state is ConfirmationState.ENDED
    assert audit.verify(any_ctx)


def test_yes_but_not_to_one_leaves_the_same_purpose_of_another_form_and_what_is_granted(any_ctx: Context) -> None:
    any_ctx.limited = False
    sofie, other = insured(any_ctx), Person(any_ctx)
    other.grants("keep_cv")
    sofie.grants("follow_up")
    both = sofie.asks("medical")
    sofie.says_yes(both, "medical")
    sofie.mails()

    assert (sofie.statuses(), other.statuses()) == (
        {"medical": "granted", "follow_up": "granted"},
        {"keep_cv": "granted"},
    )


def test_a_plain_no_to_a_new_question_leaves_what_was_agreed_to_before(any_ctx: Context) -> None:
    any_ctx.limited = False
    sofie = insured(any_ctx)
    first, second = sofie.asks("medical"), sofie.asks("medical", "follow_up")
    sofie.says_yes(first, "medical")

    assert sofie.says_no(second).state is ConfirmationState.DELETED
    assert sofie.statuses() == {"medical": "granted", "follow_up": "refused"}
