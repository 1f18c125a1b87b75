"""Nothing gets into a mail header but what belongs there: one line, one address, as it stands."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from app.delivery import mails
from app.delivery.headers import UnsafeHeader, new_message, safe_address, safe_header
from app.delivery.mail_context import MailContext
from app.delivery.mails import compose
from app.delivery.smtp import SmtpTransport
from app.domain.address import AddressProblem
from app.domain.form import Theme
from app.services.context import Context
from tests.definitions.folder import check
from tests.delivery import post
from tests.delivery.sink import Received, Sink
from tests.factories import notice_hash, text_of

NOW = datetime(2026, 11, 21, 13, 32, tzinfo=UTC)
SEPARATORS = (
    "\r\n",
    "\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x85",
    "\u2028",
    "\u2029",
    "\0",
    "\x1b",
    "\x7f",
)
HOSTILE = (
    *(f"Nieuws{mark}X-Evil: 1" for mark in SEPARATORS),
    *(f"Nieuws{mark}Bcc: evil@evil.example" for mark in ("\r\n", "\x1c", "\u2028")),
    *(f"Nieuws{mark}\r\n\r\n<b>Evil</b>" for mark in ("", " ")),
    "=?utf-8?q?Nieuws=0D=0AX-Evil:_1?=",
    "=?utf-8?b?DQpYLUV2aWw6IDE=?=",
    "=?UTF-8?Q?a=0AX-Evil:_1?= en =?utf-8?q?meer?=",
    "=?utf-8*nl?q?a=0D=0AX-Evil:_1?=",
    "Nieuws=?utf-8?q?a=0D=0AX-Evil:_1?=",
    "=?iso-8859-1?q?=22=2C_evil=40evil=2Eexample?=",
    "sofie@voorbeeld.test, evil@evil.example",
    "sofie@voorbeeld.test; evil@evil.example",
    "sofie@voorbeeld.test evil@evil.example",
    "Sofie <sofie@voorbeeld.test>, Evil <evil@evil.example>",
    '"Sofie, evil@evil.example" <sofie@voorbeeld.test>',
    "sofie@voorbeeld.test@evil.example",
    "<sofie@voorbeeld.test>",
    "friends: sofie@voorbeeld.test, evil@evil.example;",
    "sofie(evil@evil.example)@voorbeeld.test",
    "sofie@voorbeeld.test> SIZE=1",
    "\ud800",
    "Nieuws \u202e gewisseld",
    "é" * 200,
    "a" * 900,
)


@pytest.fixture
def context(cafe: Context) -> MailContext:
    """A receipt, which has every header that a mail can have."""
    found = cafe.stored_notice(notice_hash(cafe, "cafe", "kaart", "nl"))
    return MailContext(
        kind="receipt",
        is_one_click=True,
        id="0123456789abcdef",
        recipient="sofie@voorbeeld.test",
        notice=found.notice,
        theme=Theme(),
        at=NOW,
        links={"withdraw": "https://forms.example/withdraw/token", "notice": "https://forms.example/notice/hash"},
        form_title="Nieuws",
    )


PLACES: dict[str, Callable[[MailContext, str], MailContext]] = {
    "the controller's name": lambda context, text: replace(
        context, notice=replace(context.notice, controller_name=text)
    ),
    "the form's title": lambda context, text: replace(context, form_title=text),
    "the contact": lambda context, text: replace(context, notice=replace(context.notice, contact=text)),
    "the recipient": lambda context, text: replace(context, recipient=text),
    "the link": lambda context, text: replace(
        context, links=context.links | {"withdraw": f"https://forms.example/{text}"}
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_hostile_value_never_makes_a_header_or_a_recipient(
    context: MailContext, cafe: Context, sink: Sink, place: str
) -> None:
    refused = 0
    with SmtpTransport(cafe.settings) as transport:
        for text in HOSTILE:
            hostile = PLACES[place](context, text)
            before = len(sink.mails)
            try:
                message = compose(hostile, post.SENDER, "forms.example", NOW)
                transport.deliver(message, post.SENDER, hostile.recipient)
            except (UnsafeHeader, AddressProblem, UnicodeError):
                refused += 1
                continue
            (received,) = sink.mails[before:]
            assert nothing_was_added(received), (text, received.head)
    assert refused >= 20
    assert len(sink.mails) == len(HOSTILE) - refused


def nothing_was_added(received: Received) -> bool:
    """Whether a receipt has the headers of a receipt, one recipient, and the two parts of its body."""
    names = [line.partition(b":")[0] for line in received.head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    mail = received.mail
    return (
        sorted(names)
        == sorted(
            b"From To Reply-To Subject Date Message-ID Auto-Submitted List-Unsubscribe List-Unsubscribe-Post "
            b"MIME-Version Content-Type".split()
        )
        and received.recipients == ("sofie@voorbeeld.test",)
        and [str(address) for address in mail["To"].addresses] == ["sofie@voorbeeld.test"]
        and len(mail["Reply-To"].addresses) == 1
        and [address.addr_spec for address in mail["From"].addresses] == [post.SENDER]
        and [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    )


@pytest.mark.parametrize(
    "sign", [chr(code) for code in range(0x10000) if unicodedata.category(chr(code)) in ("Cc", "Zl", "Zp")]
)
def test_no_control_character_stands_in_a_header(sign: str) -> None:
    with pytest.raises(UnsafeHeader):
        safe_header(f"Nieuws{sign}")
    with pytest.raises(UnsafeHeader):
        safe_address(f"sofie@voorbeeld.test{sign}")


@pytest.mark.parametrize(
    "text",
    ["Ja? Nee!", "1 = 2?", "a == b", "Vragen? =) ja", "100% ?=", "Café “Zoë” & Søn: nieuws (2026)", "漢字", "🍞"],
)
def test_an_ordinary_text_arrives_as_it_was_written(context: MailContext, cafe: Context, sink: Sink, text: str) -> None:
    named = replace(context, form_title=text, notice=replace(context.notice, controller_name=text))
    with SmtpTransport(cafe.settings) as transport:
        transport.deliver(compose(named, post.SENDER, "forms.example", NOW), post.SENDER, context.recipient)
    mail = sink.mails[0].mail
    assert mail["Subject"] == f"Bewijs van uw keuze: {text}"
    assert mail["From"].addresses[0].display_name == text


@pytest.mark.parametrize("length", range(60, 170, 3))
def test_a_long_subject_begins_on_the_first_line_and_arrives_whole(length: int) -> None:
    text = ("Uw link om bezwaar te maken tegen: Opname van uw bestelling, als bewijs, " * 3)[:length].strip()
    message = new_message()
    message["Subject"] = text

    written = message.as_bytes()

    assert written.startswith(b"Subject: Uw link")
    assert max(map(len, written.split(b"\r\n"))) <= 78
    assert written.replace(b"\r\n ", b" ") == f"Subject: {text}\r\n\r\n".encode()


@pytest.mark.parametrize("place", ["controller.yaml", "kaart.yaml"])
def test_a_name_or_title_that_no_header_takes_is_a_fault_of_the_definition(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "cafe"
    folder.mkdir()
    for path in (post.FORMS / "cafe").iterdir():
        text = path.read_text(encoding="utf-8")
        if path.name == place:
            text = text.replace("Café Zoë", "=?utf-8?q?Zo=0D=0A?=").replace("Nieuws, ", "=?utf-8?q?Nieuws?= ")
        (folder / path.name).write_text(text, encoding="utf-8")
    (fault,) = check(folder)
    assert fault.code == "AK211"
    assert not fault.is_warning


def test_an_address_with_a_name_of_its_own_is_quoted() -> None:
    message = new_message()
    message["From"] = safe_address("forms@forms.example", 'Bakker, "De Molen" <evil@evil.example>')
    (address,) = message["From"].addresses
    assert address.addr_spec == "forms@forms.example"
    assert address.display_name == 'Bakker, "De Molen" <evil@evil.example>'


def test_a_contact_at_an_international_domain_can_be_answered_from_everywhere(
    context: MailContext, cafe: Context
) -> None:
    abroad = replace(context, notice=replace(context.notice, contact="privacy@münchen.example"))
    with Sink(enable_SMTPUTF8=False) as plain:
        settings = replace(cafe.settings, MAIL_PORT=plain.port)
        with SmtpTransport(settings) as transport:
            transport.deliver(compose(abroad, post.SENDER, "forms.example", NOW), post.SENDER, context.recipient)
    assert plain.mails[0].mail["Reply-To"] == "privacy@xn--mnchen-3ya.example"
    assert "privacy@münchen.example" in text_of(plain.mails[0].mail)


def test_a_contact_with_an_accent_keeps_no_mail_from_any_server(context: MailContext, cafe: Context) -> None:
    accented = replace(context, notice=replace(context.notice, contact="zoë@voorbeeld.test"))
    with Sink(enable_SMTPUTF8=False) as plain, SmtpTransport(replace(cafe.settings, MAIL_PORT=plain.port)) as transport:
        transport.deliver(compose(accented, post.SENDER, "forms.example", NOW), post.SENDER, context.recipient)
    (received,) = plain.mails
    assert received.mail["Reply-To"] is None
    assert "zoë@voorbeeld.test" in text_of(received.mail)


def test_nothing_is_kept_of_whom_mails_went_to(context: MailContext) -> None:
    def written(number: int) -> bytes:
        person = f"p{number}@voorbeeld.test"
        about = replace(
            context, recipient=person, links=context.links | {"withdraw": f"https://forms.example/{number}"}
        )
        return compose(about, post.SENDER, "forms.example", NOW).data

    written(0)
    kept = repr(mails._STENCILS)
    assert "Bewijs van uw keuze" in kept
    assert len({written(number) for number in range(1, 20)}) == 19
    assert repr(mails._STENCILS) == kept
    assert "p0@" not in kept


def test_what_stands_between_the_parts_cannot_stand_in_one(context: MailContext) -> None:
    text = f"\n--{mails._BOUNDARY}\n--{mails._BOUNDARY}--\n"
    notice = replace(context.notice, address=text)
    mail = compose(replace(context, notice=notice), post.SENDER, "forms.example", NOW)
    parsed = message_from_bytes(mail.data, policy=SMTP)
    assert isinstance(parsed, EmailMessage)
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]
    assert all(f"--{mails._BOUNDARY}--" in part.get_content() for part in parsed.iter_parts())
