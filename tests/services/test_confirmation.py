"""The second opt-in."""

from app.services import confirmation, reports
from app.services.kit import Kit
from tests.factories import send_form, token_in, work_off


def test_a_yes_behind_the_mailed_link_grants_what_was_asked(any_kit: Kit) -> None:
    send_form(any_kit, purposes=("offers_mail", "keep_cv"))
    (mail,) = work_off(any_kit)

    confirmation.confirm(any_kit, token_in(mail, "confirm"), ())

    lines = reports.status(any_kit, "sofie@voorbeeld.test", None)
    assert [(line["purpose"], line["status"]) for line in lines] == [("keep_cv", "granted"), ("offers_mail", "granted")]
