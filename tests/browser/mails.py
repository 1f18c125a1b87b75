"""Every mail that people get, in a language, as what they do sets it off."""

from email.message import EmailMessage

from app.domain.address import read_address
from app.services import confirmation, housekeeping, linking, objection, withdrawal
from tests.browser.running import Stage
from tests.factories import send_form, token_in, work_off

FORM = "waterland/everything"


def every_mail(stage: Stage, language: str) -> dict[str, EmailMessage]:
    """Let somebody new go all ways that there are, and return the mail of each kind by its name."""
    kit, email = stage.kit, stage.somebody()
    controller, form = FORM.split("/")
    key = read_address(email).key
    mails: dict[str, EmailMessage] = {}

    def send() -> None:
        site = "www.waterland.example"
        send_form(kit, email, ("outages", "advice"), controller=controller, form=form, language=language, site=site)

    def arrived(*kinds: str) -> None:
        ours = [mail for mail in work_off(kit) if mail["To"] in (email, "gegevensbescherming@waterland.example")]
        mails.update(zip(kinds, ours, strict=True))
        stage.clock.forward(minutes=11)

    send()
    arrived("confirm")
    confirmation.confirm(kit, token_in(mails["confirm"], "confirm"), ())
    arrived("receipt")
    send()
    arrived("already_granted")
    stage.clock.forward(days=178)
    housekeeping.tidy(kit)
    arrived("renewal")
    withdrawal.withdraw(kit, token_in(mails["receipt"], "withdraw"), "outages")
    arrived("withdrawn")
    for kind in ("link", "object_link"):
        linking.send_link(kit, controller, language, email, key, "192.0.2.0/24", kind == "object_link")
        arrived(kind)
    objected = token_in(mails["object_link"], "object")
    objection.object_to_marketing(kit, objected)
    arrived("objected")
    objection.object_to_interest(kit, objected, f"{form}/leaks")
    arrived("interest_objected", "interest_to_weigh")
    return mails
