"""A company with difficult names, and every mail that it can send, delivered to a real SMTP server."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select, update

from app.config import Settings
from app.delivery.smtp import SmtpTransport
from app.domain.address import Address
from app.services import confirmation, housekeeping, mail_opt_out, objection, publishing, withdrawal
from app.services.context import Context
from app.services.link_request import LinkRequest
from app.storage import subjects, suppressions
from app.storage.schema import ledger
from app.storage.schema import subjects as people
from app.worker import Worker
from tests.delivery.sink import Received, Sink
from tests.factories import Clock, send_form, send_link, share_statements, token_in

FORMS = Path(__file__).with_name("forms")
NAME = "Café Zoë & Søn, à l’Étoile BV"
CONTACT = "privacy@zoe.example"
SENDER = "forms@forms.example"
TYPED = {"first_name": "Kanarie Vogelaar", "remarks": "Bekijk https://casino.example/ nu"}
"""What the submitter types beside the address: none of it may stand in a mail."""

KINDS = (
    "confirm",
    "receipt",
    "already_granted",
    "already_granted_and_new",
    "withdrawn_in_part",
    "withdrawn",
    "link",
    "object_link",
    "object_link_named",
    "objected",
    "objected_by_a_stranger",
    "interest_objected",
    "objections_to_advertising",
    "objections_to_an_interest",
    "objections_gathered",
    "renewal",
    "opted_out",
    "lift",
)


def publish(folder: Path) -> Path:
    """A database file in which the forms of this room are published, to be copied."""
    ctx = Context.open(Settings(DATA_DIR=folder, SECRET_KEY="a key of the tests and nobody else"), Clock())
    published = publishing.publish(ctx, FORMS)
    assert not published.faults, published.faults
    ctx.database.engine.dispose()
    return folder / "akkoord.db"


@contextmanager
def opened(database: Path, folder: Path, settings: Settings, clock: Clock) -> Iterator[Context]:
    """A kit over a copy of a database."""
    shutil.copy(database, folder / "akkoord.db")
    ctx = Context.open(replace(settings, DATA_DIR=folder), clock)
    share_statements(ctx.database)
    yield ctx
    ctx.database.engine.dispose()


def fill_in(ctx: Context, email: str = "sofie@voorbeeld.test", *purposes: str, language: str = "nl") -> None:
    """Send the form of the company, with the canaries in its fields."""
    send_form(
        ctx,
        email,
        purposes or ("news", "survey"),
        controller="cafe",
        form="kaart",
        language=language,
        fields=TYPED,
        site="www.zoe.example",
    )


def deliver(ctx: Context) -> int:
    """Let a worker send what is due, over SMTP as in production; returns how many mails it tried."""
    with SmtpTransport(ctx.settings) as transport:
        return Worker(ctx, transport).work_off()


def ledger_kinds(ctx: Context) -> list[str]:
    """What the ledger says happened at the company, in order."""
    with ctx.database.read() as connection:
        return list(
            connection.execute(select(ledger.c.kind).where(ledger.c.controller == "cafe").order_by("seq")).scalars()
        )


def every_mail(ctx: Context, sink: Sink, language: str) -> dict[str, Received]:
    """One mail of each kind in a language, in the order of `KINDS`."""
    found: dict[str, Received] = {}

    def fetch(*kinds: str) -> None:
        before = len(sink.mails)
        deliver(ctx)
        arrived = sink.mails[before:]
        assert len(arrived) == len(kinds), [mail.mail["Subject"] for mail in arrived]
        found.update(zip(kinds, arrived, strict=True))

    def agree(*purposes: str, email: str, kind: str = "") -> None:
        fill_in(ctx, email, *purposes, language=language)
        deliver(ctx)
        asked = sink.mails[-1]
        confirmation.confirm(ctx, token_in(asked.mail, "confirm"), ())
        if kind:
            found["confirm"] = asked
            fetch(kind)
        else:
            deliver(ctx)

    agree("news", "survey", email="sofie@voorbeeld.test", kind="receipt")
    agree("survey", email="noor@voorbeeld.test")
    agree("news", email="zita@voorbeeld.test")
    assert isinstance(ctx.clock, Clock)
    ctx.clock.forward(hours=25)
    fill_in(ctx, "sofie@voorbeeld.test", "news", language=language)
    fetch("already_granted")
    fill_in(ctx, "noor@voorbeeld.test", "news", "survey", language=language)
    fetch("already_granted_and_new")
    withdrawal.withdraw(ctx, token_in(found["receipt"].mail, "withdraw"), "survey")
    fetch("withdrawn_in_part")
    withdrawal.withdraw(ctx, token_in(found["receipt"].mail, "withdraw"))
    fetch("withdrawn")
    ask_for_link(ctx, "sofie@voorbeeld.test", language, to_object=False)
    fetch("link")
    ask_for_link(ctx, "stranger@voorbeeld.test", language, to_object=True)
    fetch("object_link")
    objection.object_to_marketing(ctx, token_in(found["object_link"].mail, "object"))
    fetch("objected_by_a_stranger", "objections_to_advertising")
    confirmation.confirm(ctx, token_in(found["already_granted_and_new"].mail, "confirm"), ())
    deliver(ctx)
    token = token_in(sink.mails[-1].mail, "object")
    objection.object_to_marketing(ctx, token)
    deliver(ctx)
    found["objected"] = sink.mails[-2]
    objection.object_to_interest(ctx, token, "kaart/counting", TYPED["remarks"], "0470 12 34 56")
    fetch("interest_objected", "objections_to_an_interest")
    for name in ("one", "two", "three", "four"):
        ask_for_link(ctx, f"{name}@voorbeeld.test", language, to_object=True, purpose="counting")
        deliver(ctx)
        found["object_link_named"] = sink.mails[-1]
        objection.object_to_marketing(ctx, token_in(sink.mails[-1].mail, "object"))
        deliver(ctx)
        ctx.clock.forward(minutes=1)
    objection.object_to_interest(ctx, token_in(found["object_link_named"].mail, "object"), "kaart/counting")
    deliver(ctx)
    ctx.clock.forward(hours=1)
    fetch("objections_gathered")
    ctx.clock.forward(days=360)
    housekeeping.tidy(ctx)
    fetch("renewal")
    fill_in(ctx, "pia@voorbeeld.test", language=language)
    deliver(ctx)
    mail_opt_out.stop(ctx, token_in(sink.mails[-1].mail, "stop"))
    fetch("opted_out")
    with ctx.database.write() as connection:
        suppressions.add(connection, "cafe", suppressions.NO_MAIL, "never@voorbeeld.test", ctx.clock())
    ask_for_link(ctx, "never@voorbeeld.test", language, to_object=False)
    fetch("lift")
    assert set(found) == set(KINDS)
    return {kind: found[kind] for kind in KINDS}


def ask_for_link(ctx: Context, email: str, language: str, *, to_object: bool, purpose: str = "") -> None:
    """Ask for a link, as the page for it does."""
    send_link(
        ctx, LinkRequest("cafe", language, Address(email, email), "192.0.2.0/24", to_object=to_object, purpose=purpose)
    )


def rename(ctx: Context, email: str, to: str) -> None:
    """Give a known person another address, as a later version may."""
    with ctx.database.write() as connection:
        assert subjects.with_email(connection, "cafe", email) is not None
        connection.execute(update(people).where(people.c.email_key == email).values(email=to, email_key=to))
