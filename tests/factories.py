"""Makes what tests need: a clock that is moved by hand, a mailbox, and what people send."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from functools import cache, lru_cache

import pytest
from sqlalchemy import Engine, create_engine, select

from app.delivery.transport import Message
from app.domain.address import read_address
from app.domain.consent import Audience
from app.domain.form import ServedForm
from app.services import intake, link_request, sending
from app.services.context import Context
from app.services.link_request import LinkRequest
from app.services.sending import Outgoing
from app.services.submission import Submission, submit
from app.storage import schema
from app.storage.database import Database
from app.worker import Worker

ON_SQLITE = pytest.mark.parametrize("any_ctx", ["sqlite"], indirect=True)
"""For simulations that repeat much: what they repeat runs on PostgreSQL too in the shorter tests beside them."""

START = datetime(2026, 11, 21, 13, 32, 5, tzinfo=UTC)

# Python parses a header each time somebody asks for it, and asks for the type of a part seven times: 9 % of the time of
# tests that read mails. What it makes of a header is never changed.
_HEADERS_ONCE = default.clone(header_factory=lru_cache(maxsize=1000)(default.header_factory))


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **length: float) -> None:
        """Move on, as in `forward(days=7)`."""
        self.now += timedelta(**length)


def share_statements(database: Database) -> None:
    """Let an SQLite database of one test use the statements that were compiled in others: a seventh of their time.

    The dialect goes with them, so a listener to its events ("do_connect", "do_execute") would hear every test.
    """
    shared = _compiling()
    database.engine.dialect, database.engine._compiled_cache = shared.dialect, shared._compiled_cache


@cache
def _compiling() -> Engine:
    engine = create_engine("sqlite://")
    engine.connect().close()  # the first connection completes the dialect
    engine.dispose()
    return engine


@dataclass
class Mailbox:
    """Stands where the SMTP server stands, and keeps what it gets. `trouble` may raise a DeliveryFailure."""

    mails: list[EmailMessage] = field(default_factory=list)
    trouble: Callable[[str], None] = lambda recipient: None

    def deliver(self, message: Message, sender: str, recipient: str) -> None:
        self.trouble(recipient)
        self.mails.append(read(message))

    def close(self) -> None:
        pass


def claim_one(ctx: Context) -> Outgoing | None:
    """Claim the mail that is due longest and write it, as a worker does that is killed then."""
    return next(iter(sending.written(ctx, sending.claim(ctx))), None)


def read(message: Message) -> EmailMessage:
    """A mail as a mail program reads it."""
    # As text: of bytes beyond ASCII in a header (RFC 6532) Python's parser makes surrogates.
    return message_from_string(message.data.replace(b"\r\n", b"\n").decode(), EmailMessage, policy=_HEADERS_ONCE)


def work_off(ctx: Context) -> list[EmailMessage]:
    """Send all mails that are due now, and return them."""
    mailbox = Mailbox()
    Worker(ctx, mailbox).work_off()
    return mailbox.mails


def text_of(mail: EmailMessage) -> str:
    """The text part of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(mail: EmailMessage) -> str:
    """The HTML part of a mail."""
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage, kind: str) -> str:
    """The address, without the host, of the link of this kind (confirm, withdraw, object, stop) in a mail."""
    found = re.search(rf"https?://[^/\s]+(/{kind}/\S+)", text_of(mail))
    assert found is not None, f"no {kind} link in:\n{text_of(mail)}"
    return found[1]


def token_in(mail: EmailMessage, kind: str) -> str:
    """The token of the link of this kind in a mail."""
    return link_in(mail, kind).split("/")[2].partition("?")[0]


def notice_hash(
    ctx: Context,
    controller: str = "talentwerk",
    form: str = "careers",
    language: str = "nl",
    audience: Audience = Audience.ADULT,
) -> str:
    """The hash of the notice that a form shows these readers now."""
    forms = schema.forms.c
    served = select(forms.document).where(forms.controller == controller, forms.form == form)
    with ctx.database.read() as connection:
        document = connection.execute(served).scalar_one()
    found = ServedForm.from_plain(json.loads(document)).notice_hash(language, audience)
    assert found is not None
    return found


def send_form(
    ctx: Context,
    email: str = "sofie@voorbeeld.test",
    purposes: tuple[str, ...] = ("offers_mail",),
    *,
    controller: str = "talentwerk",
    form: str = "careers",
    language: str = "nl",
    fields: dict[str, str] | None = None,
    site: str = "www.talentwerk.example",
    network: str = "192.0.2.0/24",
    child_name: str = "",
    decides_from: date | None = None,
    by_guardian: bool = False,
    is_taken: bool = True,
) -> None:
    """Send a form through the service, as a person would through the page, and have it taken unless that is to wait.

    With a first name it is a child who does, or with `by_guardian` its parent for it.
    """
    audience = Audience.GUARDIAN if by_guardian else Audience.CHILD if child_name else Audience.ADULT
    address = read_address(email)
    submit(
        ctx,
        Submission(
            notice_hash=notice_hash(ctx, controller, form, language, audience),
            purposes=purposes,
            email=address.email,
            email_key=address.key,
            fields=fields or {},
            site=site,
            network=network,
            child_name=child_name,
            decides_from=decides_from,
        ),
    )
    if is_taken:
        intake.take_all(ctx)


def send_link(ctx: Context, asked: LinkRequest) -> None:
    """Ask for a link through the service, and have that taken."""
    link_request.ask_for_link(ctx, asked)
    intake.take_all(ctx)
