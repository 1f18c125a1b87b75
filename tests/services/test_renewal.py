"""Where a definition says how long a yes is valid, people are asked in time whether it still holds."""

from app.services import confirmation, housekeeping, reports
from app.services.confirmation import ConfirmationState
from app.services.context import Context
from tests import audit
from tests.factories import Clock, send_form, text_of, token_in, work_off
from tests.services.person import Person


def _agree_to_the_newsletter(ctx: Context) -> None:
    send_form(ctx, purposes=("newsletter",), controller="metaalnet", form="events")
    (mail,) = work_off(ctx)
    confirmation.confirm(ctx, token_in(mail, "confirm"), ())
    work_off(ctx)


def _states(ctx: Context) -> list[str]:
    return [line["status"] for line in reports.status(ctx, "sofie@voorbeeld.test", None)]


def test_a_week_before_a_consent_runs_out_the_person_is_asked_once(any_ctx: Context, clock: Clock) -> None:
    _agree_to_the_newsletter(any_ctx)
    clock.forward(days=357)
    housekeeping.tidy(any_ctx)
    assert work_off(any_ctx) == []

    clock.forward(days=2)
    housekeeping.tidy(any_ctx)
    housekeeping.tidy(any_ctx)
    (mail,) = work_off(any_ctx)

    assert mail["Subject"] == "Gaat u nog akkoord? Nieuws, workshops en onderzoek"
    assert "Doet u niets, dan stopt dit vanzelf op 21 november 2027." in text_of(mail)
    assert _states(any_ctx) == ["granted"]


def test_a_yes_to_the_question_makes_the_consent_run_from_then_on(any_ctx: Context, clock: Clock) -> None:
    _agree_to_the_newsletter(any_ctx)
    clock.forward(days=359)
    housekeeping.tidy(any_ctx)
    (mail,) = work_off(any_ctx)

    confirmation.confirm(any_ctx, token_in(mail, "confirm"), ())

    (receipt,) = work_off(any_ctx)
    assert "Nieuwsbrief, twee keer per maand (tot 15 november 2028)" in text_of(receipt)
    clock.forward(days=30)
    housekeeping.tidy(any_ctx)
    assert _states(any_ctx) == ["granted"]


def test_without_an_answer_a_consent_ends_when_it_was_said_to(any_ctx: Context, clock: Clock) -> None:
    _agree_to_the_newsletter(any_ctx)
    clock.forward(days=359)
    housekeeping.tidy(any_ctx)

    clock.forward(days=7)
    housekeeping.tidy(any_ctx)

    assert _states(any_ctx) == ["expired"]


def test_a_no_to_the_question_stops_at_once_and_is_proved_by_mail(any_ctx: Context, clock: Clock) -> None:
    _agree_to_the_newsletter(any_ctx)
    clock.forward(days=359)
    housekeeping.tidy(any_ctx)
    (mail,) = work_off(any_ctx)

    view = confirmation.refuse(any_ctx, token_in(mail, "confirm"))

    assert view.state == ConfirmationState.ENDED
    assert _states(any_ctx) == ["withdrawn"]
    (proof,) = work_off(any_ctx)
    assert proof["Subject"] == "U zei stop: Nieuws, workshops en onderzoek"


def test_a_yes_that_was_given_anew_is_asked_for_again_a_year_later(any_ctx: Context, clock: Clock) -> None:
    sofie = _member(any_ctx)
    sofie.says_yes(_asked_again(sofie, clock))
    sofie.mails()
    clock.forward(days=350)
    housekeeping.tidy(any_ctx)
    assert sofie.mails() == []

    clock.forward(days=9)
    housekeeping.tidy(any_ctx)

    assert "Nieuwsbrief, twee keer per maand" in text_of(sofie.mail())
    assert sofie.history().count(("granted", "newsletter")) == 2


def test_only_the_consent_that_runs_out_is_asked_about_and_ends(any_ctx: Context, clock: Clock) -> None:
    sofie = _member(any_ctx)
    token = _asked_again(sofie, clock)
    assert confirmation.view(any_ctx, token).purposes == {"newsletter": "requested"}

    clock.forward(days=6)
    housekeeping.tidy(any_ctx)

    assert sofie.statuses() == {"newsletter": "expired", "workshops": "granted"}
    assert sofie.history()[-2:] == [("lapsed", "newsletter"), ("expired", "newsletter")]


def test_a_withdrawal_answers_the_question_too(any_ctx: Context, clock: Clock) -> None:
    sofie = _member(any_ctx)
    token = _asked_again(sofie, clock)

    sofie.withdraws("newsletter")

    assert sofie.history().count(("withdrawn", "newsletter")) == 1
    assert sofie.says_yes(token).state is ConfirmationState.ENDED
    assert sofie.says_no(token).state is ConfirmationState.ENDED
    assert sofie.statuses() == {"newsletter": "withdrawn", "workshops": "granted"}


def test_nobody_is_asked_about_what_was_stopped(any_ctx: Context, clock: Clock) -> None:
    sofie = _member(any_ctx)
    sofie.withdraws("newsletter")
    sofie.mails()
    clock.forward(days=400)
    housekeeping.tidy(any_ctx)

    assert sofie.mails() == []


def test_a_kit_that_was_away_when_it_was_time_to_ask_lets_the_consent_end(any_ctx: Context, clock: Clock) -> None:
    sofie = _member(any_ctx)
    clock.forward(days=366)
    housekeeping.tidy(any_ctx)

    assert sofie.mails() == []
    assert sofie.statuses() == {"newsletter": "expired", "workshops": "granted"}


def test_the_question_holds_nothing_that_only_another_consent_needed(any_ctx: Context, clock: Clock) -> None:
    """A consent to something else ends between the question and the answer: its data go with it."""
    sofie = Person(any_ctx)
    sofie.grants("offers_mail", "offers_phone", first_name="Sofie", phone="06 12 34 56 78", field_of_work="care")
    audit.run(any_ctx, "UPDATE consents SET ask_again_at = since WHERE purpose = 'offers_mail'")
    clock.forward(days=1)
    housekeeping.tidy(any_ctx)
    token = token_in(sofie.mail(), "confirm")

    sofie.withdraws("offers_phone")
    assert "phone" not in sofie.fields()
    sofie.says_yes(token)

    assert sofie.fields() == {"first_name": "Sofie", "field_of_work": "care"}
    assert len(audit.rows(any_ctx, "request_fields")) == 2


def _member(ctx: Context) -> Person:
    """Somebody whose yes to the newsletter is valid for a year, though the data may be kept for three."""
    sofie = Person(ctx, controller="metaalnet", form="events")
    sofie.grants("newsletter", "workshops")
    return sofie


def _asked_again(sofie: Person, clock: Clock) -> str:
    """The token in the question that comes a week before the year is over."""
    clock.forward(days=359)
    housekeeping.tidy(sofie.ctx)
    return token_in(sofie.mail(), "confirm")
