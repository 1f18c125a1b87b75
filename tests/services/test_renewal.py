"""A yes that runs out is asked for anew."""

from app.services import confirmation, housekeeping, reports
from app.services.kit import Kit
from tests.factories import Clock, send_form, text_of, token_in, work_off


def _granted(kit: Kit) -> None:
    send_form(kit, purposes=("newsletter",), controller="metaalnet", form="events", site="x")
    (mail,) = work_off(kit)
    confirmation.confirm(kit, token_in(mail, "confirm"), ())
    work_off(kit)


def _status(kit: Kit) -> list[str]:
    return [line["status"] for line in reports.status(kit, "sofie@voorbeeld.test", None)]


def test_a_week_before_a_consent_runs_out_the_person_is_asked_once_whether_it_still_holds(
    any_kit: Kit, clock: Clock
) -> None:
    _granted(any_kit)
    clock.forward(days=357)
    housekeeping.tidy(any_kit)
    assert work_off(any_kit) == []
    clock.forward(days=2)
    housekeeping.tidy(any_kit)
    housekeeping.tidy(any_kit)
    (mail,) = work_off(any_kit)
    print(text_of(mail))
    confirmation.confirm(any_kit, token_in(mail, "confirm"), ())
    assert len(work_off(any_kit)) == 1
    clock.forward(days=30)
    housekeeping.tidy(any_kit)
    assert _status(any_kit) == ["granted"]


def test_without_an_answer_a_consent_ends_when_it_was_said_to(any_kit: Kit, clock: Clock) -> None:
    _granted(any_kit)
    clock.forward(days=366)
    housekeeping.tidy(any_kit)
    assert _status(any_kit) == ["expired"]


def test_a_no_to_the_question_stops_at_once(any_kit: Kit, clock: Clock) -> None:
    _granted(any_kit)
    clock.forward(days=359)
    housekeeping.tidy(any_kit)
    (mail,) = work_off(any_kit)
    v = confirmation.refuse(any_kit, token_in(mail, "confirm"))
    assert v.state == confirmation.State.STOPPED
    assert _status(any_kit) == ["withdrawn"]
    (m,) = work_off(any_kit)
    print(text_of(m))
