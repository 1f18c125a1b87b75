"""Where a definition says how long a yes is valid, people are asked in time whether it still holds."""

from app.services import confirmation, housekeeping, reports
from app.services.confirmation import State
from app.services.kit import Kit
from tests.factories import Clock, send_form, text_of, token_in, work_off


def _agree_to_the_newsletter(kit: Kit) -> None:
    send_form(kit, purposes=("newsletter",), controller="metaalnet", form="events")
    (mail,) = work_off(kit)
    confirmation.confirm(kit, token_in(mail, "confirm"), ())
    work_off(kit)


def _states(kit: Kit) -> list[str]:
    return [line["status"] for line in reports.status(kit, "sofie@voorbeeld.test", None)]


def test_a_week_before_a_consent_runs_out_the_person_is_asked_once(any_kit: Kit, clock: Clock) -> None:
    _agree_to_the_newsletter(any_kit)
    clock.forward(days=357)
    housekeeping.tidy(any_kit)
    assert work_off(any_kit) == []

    clock.forward(days=2)
    housekeeping.tidy(any_kit)
    housekeeping.tidy(any_kit)
    (mail,) = work_off(any_kit)

    assert mail["Subject"] == "Gaat u nog akkoord? Nieuws, workshops en onderzoek"
    assert "Doet u niets, dan stopt dit vanzelf op 21 november 2027 om 14:32." in text_of(mail)
    assert _states(any_kit) == ["granted"]


def test_a_yes_to_the_question_makes_the_consent_run_from_then_on(any_kit: Kit, clock: Clock) -> None:
    _agree_to_the_newsletter(any_kit)
    clock.forward(days=359)
    housekeeping.tidy(any_kit)
    (mail,) = work_off(any_kit)

    confirmation.confirm(any_kit, token_in(mail, "confirm"), ())

    (receipt,) = work_off(any_kit)
    assert "Nieuwsbrief, twee keer per maand (tot 15 november 2028)" in text_of(receipt)
    clock.forward(days=30)
    housekeeping.tidy(any_kit)
    assert _states(any_kit) == ["granted"]


def test_without_an_answer_a_consent_ends_when_it_was_said_to(any_kit: Kit, clock: Clock) -> None:
    _agree_to_the_newsletter(any_kit)
    clock.forward(days=359)
    housekeeping.tidy(any_kit)

    clock.forward(days=7)
    housekeeping.tidy(any_kit)

    assert _states(any_kit) == ["expired"]


def test_a_no_to_the_question_stops_at_once_and_is_proved_by_mail(any_kit: Kit, clock: Clock) -> None:
    _agree_to_the_newsletter(any_kit)
    clock.forward(days=359)
    housekeeping.tidy(any_kit)
    (mail,) = work_off(any_kit)

    view = confirmation.refuse(any_kit, token_in(mail, "confirm"))

    assert view.state == State.STOPPED
    assert _states(any_kit) == ["withdrawn"]
    (proof,) = work_off(any_kit)
    assert proof["Subject"] == "Het is gestopt: Nieuws, workshops en onderzoek"
