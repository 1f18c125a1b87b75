"""A person in front of a form and a mailbox, for tests of what the kit does with what people do."""

from dataclasses import dataclass
from email.message import EmailMessage

from app.services import confirmation, mail_opt_out, objection, reports, withdrawal
from app.services.context import Context
from tests import audit
from tests.factories import send_form, text_of, token_in, work_off

GRANTS = ("offers_mail", "offers_phone", "keep_cv")
"""The purposes of the form that a person is in front of unless another is named; the first two are direct marketing."""


@dataclass
class Person:
    """Somebody with one address, at one form. What they do is done at once, and their mails are fetched at once."""

    ctx: Context
    email: str = "sofie@voorbeeld.test"
    controller: str = "talentwerk"
    form: str = "careers"

    def sends(self, *purposes: str, language: str = "nl", **fields: str) -> None:
        """Fill in the form."""
        send_form(
            self.ctx,
            self.email,
            purposes,
            controller=self.controller,
            form=self.form,
            language=language,
            fields=fields,
        )

    def mails(self) -> list[EmailMessage]:
        """The mails that come for this person now; those to others are not lost, but sent as well."""
        mails = work_off(self.ctx)
        return [mail for mail in mails if mail["To"].addresses[0].addr_spec.lower() == self.email.lower()]

    def mail(self) -> EmailMessage:
        """The one mail that comes for this person now."""
        (mail,) = self.mails()
        return mail

    def asks(self, *purposes: str, **fields: str) -> str:
        """Fill in the form, and return the token of the confirmation link that comes."""
        self.sends(*purposes, **fields)
        (token,) = [token_in(mail, "confirm") for mail in self.mails() if "/confirm/" in text_of(mail)]
        return token

    def says_yes(self, token: str, *explicit: str, without: tuple[str, ...] = ()) -> confirmation.ConfirmationView:
        """Press yes behind a confirmation link, or yes but not to some, with these statements ticked."""
        return confirmation.confirm(self.ctx, token, explicit, without)

    def says_no(self, token: str) -> confirmation.ConfirmationView:
        """Press no behind a confirmation link."""
        return confirmation.refuse(self.ctx, token)

    def grants(self, *purposes: str, **fields: str) -> str:
        """Fill in the form and say yes, statements included; returns the token of the confirmation link."""
        token = self.asks(*purposes, **fields)
        self.says_yes(token, *purposes)
        self.mails()
        return token

    def withdraws(self, purpose: str | None = None) -> list[str]:
        """Press a button behind the withdrawal link; returns the purposes that this stopped."""
        return [line.purpose for line in withdrawal.withdraw(self.ctx, self.token("withdraw"), purpose)[1]]

    def objects(self) -> objection.ObjectionView:
        """Press the button behind the objection link."""
        return objection.object_to_marketing(self.ctx, self.token("object"))

    def stops(self) -> None:
        """Press "never mail me again", and get the mail that says so."""
        mail_opt_out.stop(self.ctx, self.token("stop"))
        self.mails()

    def statuses(self) -> dict[str, str]:
        """The state of each purpose of this form, as the company is told."""
        found = reports.status(self.ctx, self.email, self.controller)
        return {line["purpose"]: line["status"] for line in found if line["form"] == self.form}

    def rows(self) -> list[audit.Entry]:
        """What stands in the table of data subjects about this person at this controller."""
        where = "controller = :controller AND email_key = :email"
        return audit.rows(self.ctx, "subjects", where, controller=self.controller, email=self.email.lower())

    def token(self, kind: str) -> str:
        """The lasting link of this kind, as every mail has it."""
        (row,) = self.rows()
        return str(row[f"{kind}_token"])

    def fields(self) -> dict[str, str]:
        """What is kept of what this person filled in, at whatever controller."""
        return {row["field"]: row["value"] for row in audit.rows(self.ctx, "request_fields")}

    def history(self) -> list[tuple[str, str]]:
        """What the ledger of this controller says, without the mails, as (kind, purpose)."""
        return [entry for entry in audit.history(self.ctx, self.controller) if not entry[0].startswith("mail")]
