"""Every mail that people get, in a language, as what they do sets it off."""

from datetime import timedelta
from email.message import EmailMessage

from app.domain.address import Address, read_address
from app.services import confirmation, housekeeping, mail_opt_out, objection, withdrawal
from app.services.link_request import LinkRequest
from tests.browser.running import Stage
from tests.browser.young import CAMP, NAME, allowed
from tests.factories import send_form, send_link, token_in, work_off

FORM = "waterland/everything"


def every_mail(stage: Stage, language: str) -> dict[str, EmailMessage]:
    """Let somebody new go all ways that there are, and return the mail of each kind by its name."""
    ctx, email = stage.ctx, stage.somebody()
    controller, form = FORM.split("/")
    key = read_address(email).key
    mails: dict[str, EmailMessage] = {}

    def send() -> None:
        site = "www.waterland.example"
        send_form(ctx, email, ("outages", "advice"), controller=controller, form=form, language=language, site=site)

    def arrived(*kinds: str) -> None:
        ours = [mail for mail in work_off(ctx) if mail["To"] in (email, "gegevensbescherming@waterland.example")]
        mails.update(zip(kinds, ours, strict=True))
        stage.clock.forward(minutes=11)

    send()
    arrived("confirm")
    confirmation.confirm(ctx, token_in(mails["confirm"], "confirm"), ())
    arrived("receipt")
    send()
    arrived("already_granted")
    stage.clock.forward(days=178)
    housekeeping.tidy(ctx)
    arrived("renewal")
    withdrawal.withdraw(ctx, token_in(mails["receipt"], "withdraw"), "outages")
    arrived("withdrawn")
    for kind in ("link", "object_link"):
        send_link(
            ctx, LinkRequest(controller, language, Address(email, key), "192.0.2.0/24", to_object=kind == "object_link")
        )
        arrived(kind)
    objected = token_in(mails["object_link"], "object")
    objection.object_to_marketing(ctx, objected)
    arrived("objected", "objections_to_advertising")
    objection.object_to_interest(ctx, objected, f"{form}/leaks")
    arrived("interest_objected", "objections_to_an_interest")
    mail_opt_out.stop(ctx, token_in(mails["object_link"], "stop"))
    arrived("opted_out")
    stage.clock.forward(days=1)
    send_link(ctx, LinkRequest(controller, language, Address(email, key), "192.0.2.0/24", to_object=False))
    arrived("link", "lift")
    return mails


def every_young_mail(stage: Stage, language: str) -> dict[str, EmailMessage]:
    """The same for a child that asks for something, and for its guardian."""
    ctx, guardian_email, child_email = stage.ctx, stage.somebody(), stage.somebody()
    controller, form = CAMP.split("/")
    decides_from = (stage.clock() + timedelta(days=362)).date()
    mails: dict[str, EmailMessage] = {}

    def send(name: str = NAME, address: str = guardian_email) -> None:
        send_form(
            ctx,
            address,
            ("parcel", "health"),
            controller=controller,
            form=form,
            language=language,
            site="www.jeugdhuis.example",
            child_name=name,
            decides_from=decides_from,
        )

    def arrived(*kinds: str, sent: list[EmailMessage] | None = None) -> None:
        ours = [mail for mail in sent or work_off(ctx) if mail["To"] in (guardian_email, child_email)]
        mails.update(zip(kinds, ours, strict=True))
        stage.clock.forward(minutes=11)

    send()
    arrived("guardian_asks")
    asked = mails["guardian_asks"]
    arrived("child_address", sent=allowed(stage, asked, CAMP, language, "parcel", "health", child_email=child_email))
    confirmation.confirm(ctx, token_in(mails["child_address"], "confirm"), ())
    arrived("child_receipt")
    send(address=child_email)
    arrived("child_not_asked")
    send()
    arrived("guardian_again")
    stage.clock.forward(days=1)
    arrived("mail_plus")
    send("Ada")
    (other,) = [mail for mail in work_off(ctx) if mail["To"] == guardian_email]
    allowed(stage, other, CAMP, language, "parcel")
    stage.clock.forward(days=1, minutes=1)
    work_off(ctx)
    stage.clock.forward(days=357)
    stage.tidy()
    arrived("guardian_renewal")
    stage.clock.forward(days=4)
    stage.tidy()
    arrived("of_age", "of_age_too")
    send_link(
        ctx,
        LinkRequest(
            controller,
            language,
            Address(guardian_email, read_address(guardian_email).key),
            "192.0.2.0/24",
            to_object=False,
        ),
    )
    arrived("link_of_children")
    withdrawal.withdraw(ctx, token_in(mails["child_receipt"], "withdraw"))
    arrived("withdrawn_for_child", "child_stopped")
    return mails
