"""A child who asks, and the parent who decides, for tests of what the kit does between them."""

from dataclasses import dataclass, replace
from datetime import date
from email.message import EmailMessage

from app.domain.address import Address, read_address
from app.domain.basis import Basis
from app.domain.consent import Audience
from app.domain.form import Theme
from app.domain.notice import Notice, NoticePurpose
from app.services import coming_of_age, confirmation, guardian, reports, withdrawal
from app.services.context import Context
from app.services.guardian import GuardianDecision
from app.services.link_request import LinkRequest
from app.storage import notices
from tests import audit
from tests.factories import notice_hash, send_form, send_link, token_in, work_off

FATHER, MOTHER, NOOR = "papa@voorbeeld.test", "mama@voorbeeld.test", "noor@kind.test"
WISHES = ("recipes", "bake_day", "reminder")
"""The purposes of the baking club, which a child is in front of unless another form is named."""

MARCH = coming_of_age.day_begins(date(2027, 3, 1), "BE")
"""When the children of these tests reach the age to decide, three months after the tests begin."""


@dataclass(frozen=True)
class Sent:
    """A mail that went, of which kind, and to whom."""

    kind: str
    to: str
    mail: EmailMessage


def post(ctx: Context) -> list[Sent]:
    """Send all mails that are due now."""
    mails = work_off(ctx)
    kinds = {row["id"]: row["kind"] for row in audit.rows(ctx, "outbox")}
    return [
        Sent(kinds[mail["Message-ID"].strip("<>").partition("@")[0]], mail["To"].addresses[0].addr_spec, mail)
        for mail in mails
    ]


def names(sent: list[Sent]) -> list[tuple[str, str]]:
    """The mails as (kind, recipient)."""
    return [(one.kind, one.to) for one in sent]


@dataclass
class Child:
    """A child who gives its first name and a parent's address, at one form."""

    ctx: Context
    name: str = "Noor"
    parent: str = FATHER
    form: str = "bakeclub"
    controller: str = "demolen"
    decides_from: date | None = date(2027, 3, 1)

    def sends(self, *purposes: str, language: str = "nl") -> None:
        """Fill in the form."""
        send_form(
            self.ctx,
            self.parent,
            purposes,
            controller=self.controller,
            form=self.form,
            language=language,
            child_name=self.name,
            decides_from=self.decides_from,
        )

    def asks(self, *purposes: str, language: str = "nl") -> str:
        """Fill in the form, and return the token of the link that the parent gets."""
        self.sends(*purposes, language=language)
        (sent,) = [one for one in post(self.ctx) if one.kind in ("guardian_asks", "guardian_again")]
        return token_in(sent.mail, "guardian")

    def decided(
        self,
        token: str,
        *purposes: str,
        explicit: tuple[str, ...] = (),
        child_email: str = "",
        fields: dict[str, str] | None = None,
    ) -> guardian.GuardianView:
        """The parent allows these purposes and presses the button."""
        decision = GuardianDecision(
            notice_hash(self.ctx, self.controller, self.form, "nl", Audience.GUARDIAN),
            purposes,
            explicit,
            fields or {},
            read_address(child_email) if child_email else None,
        )
        return guardian.decide(self.ctx, token, decision)

    def allowed(self, *purposes: str, child_email: str = "", fields: dict[str, str] | None = None) -> str:
        """Ask, and be allowed all of it; returns the token of the parent's link. An address is confirmed at once."""
        token = self.asks(*purposes)
        self.decided(token, *purposes, explicit=purposes, child_email=child_email, fields=fields)
        if child_email:
            confirmation.confirm(self.ctx, self.address_token(), ())
            post(self.ctx)
        return token

    def address_token(self) -> str:
        """The token of the link that asks the child whether an address is its own."""
        (sent,) = [one for one in post(self.ctx) if one.kind == "child_address"]
        return token_in(sent.mail, "confirm")

    def stopped(self, kind: str = "withdraw", purpose: str | None = None) -> list[str]:
        """The parent, or the child (`child_withdraw`), presses stop; returns the purposes that this stopped."""
        return [line.purpose for line in withdrawal.withdraw(self.ctx, self.token(kind), purpose)[1]]

    def rows(self) -> list[audit.Entry]:
        """What stands in the table of data subjects about this child."""
        key = audit.child_key(self.ctx, self.controller, self.parent.lower(), self.name)
        where = "controller = :controller AND (child_key = :key OR child_key LIKE :numbered)"
        return audit.rows(self.ctx, "subjects", where, controller=self.controller, key=key, numbered=f"{key}\n%")

    def row(self, column: str) -> object:
        """One value of that row."""
        (row,) = self.rows()
        return row[column]

    def token(self, kind: str) -> str:
        """A lasting link of this child."""
        return str(self.row(f"{kind}_token"))

    def statuses(self) -> dict[str, str]:
        """The state of each purpose of this form for this child, as the company is told."""
        mine = [row["id"] for row in self.rows()]
        found = reports.status(self.ctx, self.parent, self.controller)
        return {line["purpose"]: line["status"] for line in found if line["subject"] in mine}

    def history(self) -> list[tuple[str, str, str]]:
        """What the ledger says of this child without the mails, as (kind, purpose, decided by)."""
        mine = [row["id"] for row in self.rows()]
        return [
            (entry["kind"], entry["purpose"], entry["decided_by"])
            for entry in audit.chain(self.ctx, self.controller)
            if entry["subject"] in mine and not entry["kind"].startswith("mail")
        ]

    def fields(self) -> dict[str, str]:
        """What is kept of what the parents filled in, for whomever."""
        return {row["field"]: row["value"] for row in audit.rows(self.ctx, "request_fields")}


def ask_for_a_link(ctx: Context, email: str, to_object: bool = False) -> None:
    """Ask for a link on the page of the bakery."""
    send_link(ctx, LinkRequest("demolen", "nl", Address(email, email), "192.0.2.0/24", to_object=to_object))


def open_club(ctx: Context) -> str:
    """Serve the baking club a second time as `club`, with what no sample asks of children; returns its name.

    Recipes are the one direct marketing, with the first name and asked anew each year, the reminder needs a statement,
    and baking itself is told.
    """
    with ctx.database.write() as connection:
        sample = next(form for form in notices.served(connection) if form.form == "bakeclub")
        made = {}
        for language in sample.languages:
            hashes = (sample.notices[f"{language}/{audience}"] for audience in ("guardian", "child"))
            for notice in _club_notices(*(ctx.notice(connection, known).notice for known in hashes)):
                notices.store(connection, notice, Theme(), "club", "test", ctx.clock())
                made[f"{language}/{notice.audience}"] = notice.hash
        notices.serve(connection, replace(sample, form="club", notices=sample.notices | made))
    return "club"


_clubs: dict[str, tuple[Notice, Notice]] = {}
"""By the hash of the child's notice, which holds that of the parent's. To make them costs each of many tests 50 ms."""


def _club_notices(of_parent: Notice, of_child: Notice) -> tuple[Notice, Notice]:
    if of_child.hash not in _clubs:
        parent = _club(of_parent)
        _clubs[of_child.hash] = parent, replace(_club(of_child), beside=parent.hash)
    return _clubs[of_child.hash]


def _club(notice: Notice) -> Notice:
    purposes = (*map(_purpose, notice.purposes), _baking(notice))
    return replace(notice, form="club", purposes=purposes)


def _purpose(known: NoticePurpose) -> NoticePurpose:
    changes = {
        "recipes": replace(known, direct_marketing=True, valid_for="1 year", data=("email", "first_name")),
        "bake_day": replace(known, direct_marketing=False),
        "reminder": replace(known, statement="Ik vind de mail goed."),
    }
    return changes.get(known.id, known)


def _baking(notice: Notice) -> NoticePurpose:
    known = notice.purposes[0]
    return replace(
        known,
        id="counting",
        asked=False,
        direct_marketing=False,
        basis=Basis.LEGITIMATE_INTEREST,
        title="Tellen",
        data=("email",),
    )
