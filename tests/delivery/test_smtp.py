"""What becomes of a mail when the server misbehaves: it waits, comes again, or is given up, and nothing is lost."""

import smtplib
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import trustme
from aiosmtpd.smtp import AuthResult, LoginPassword
from sqlalchemy import select, update

from app import worker
from app.delivery import smtp
from app.period import Period
from app.services import objection, reports
from app.services.context import Context
from app.storage import pauses
from app.storage.outbox import LEASE
from app.storage.schema import outbox
from tests.delivery import post
from tests.delivery.post import deliver, fill_in, ledger_kinds
from tests.delivery.sink import OK, Sink, free_port
from tests.factories import Clock, text_of, token_in


def answering(verb: str, reply: str, times: int = 1_000_000) -> "Answers":
    """Answers one command with a reply, so many times, and all others with OK."""
    return Answers(verb, reply, times)


class Answers:
    """An answer for `Sink.answer`."""

    def __init__(self, verb: str, reply: str, times: int) -> None:
        self.verb, self.reply, self.times = verb, reply, times

    def __call__(self, verb: str, argument: str) -> str:
        if verb == self.verb and self.times:
            self.times -= 1
            return self.reply
        return OK


def due(ctx: Context) -> datetime:
    """When the one mail that waits is tried again: when its own time comes and the outbox does not pause."""
    with ctx.database.read() as connection:
        found = connection.execute(select(outbox.c.due_at).where(outbox.c.status == "queued")).scalar_one()
        until = pauses.read(connection).until
    assert isinstance(found, datetime)
    return max(found, until or found)


def at_port(ctx: Context, port: int, **settings: object) -> Context:
    """The same kit, with other settings for its mail."""
    return replace(ctx, settings=replace(ctx.settings, MAIL_PORT=port, **settings))  # type: ignore[arg-type]


@pytest.fixture
def down(cafe: Context) -> Context:
    """A kit whose mail server is switched off."""
    return at_port(cafe, free_port())


def test_a_stopped_server_loses_nothing(cafe: Context, sink: Sink, clock: Clock) -> None:
    people = [f"{name}@voorbeeld.test" for name in ("ann", "bob", "cas", "dia", "eva")]
    sink.stop()
    for person in people:
        fill_in(cafe, person)
    deliver(cafe)
    sink.start()
    clock.forward(minutes=1)
    deliver(cafe)
    clock.forward(days=1)
    deliver(cafe)
    assert sorted(received.recipients for received in sink.mails) == [(person,) for person in people]
    assert Counter(ledger_kinds(cafe)) == {"requested": 10, "mailed": 5}


def test_what_is_greylisted_is_tried_after_a_minute_then_ever_more_slowly_and_given_up_after_five_days(
    cafe: Context, sink: Sink, clock: Clock
) -> None:
    sink.answer = answering("RCPT", "451 4.7.1 Greylisted")
    fill_in(cafe)
    began = clock()
    waits: list[float] = []
    while "mail_failed" not in ledger_kinds(cafe):
        assert len(waits) < 50
        assert deliver(cafe) == 1
        if "mail_failed" not in ledger_kinds(cafe):
            waits.append((due(cafe) - clock()).total_seconds() / 60)
            clock.now = due(cafe) - timedelta(seconds=1)
            assert deliver(cafe) == 0
            clock.forward(seconds=1)
    assert waits[:10] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
    assert set(waits[10:]) == {720}
    assert timedelta(days=5) <= clock() - began < timedelta(days=5.5)
    assert deliver(cafe) == 0


def test_the_first_pause_is_a_setting(down: Context, clock: Clock) -> None:
    ctx = at_port(down, down.settings.MAIL_PORT, MAIL_RETRY=Period(5, "second"))
    fill_in(ctx)
    deliver(ctx)
    assert due(ctx) - clock() == timedelta(seconds=5)


def test_a_server_that_does_not_answer_in_time_is_tried_again(cafe: Context, sink: Sink, clock: Clock) -> None:
    ctx = at_port(cafe, sink.port, MAIL_TIMEOUT=Period(1, "second"))
    fill_in(ctx)
    sink.silent_at = "RCPT"
    deliver(ctx)
    assert ledger_kinds(ctx) == ["requested", "requested"]
    sink.speak()
    clock.forward(minutes=1)
    deliver(ctx)
    assert len(sink.mails) == 1
    assert ledger_kinds(ctx)[-1] == "mailed"


def test_a_delivery_is_broken_off_before_another_worker_may_send_the_mail_too(
    cafe: Context, sink: Sink, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LEASE.total_seconds() > worker._BATCH_LASTS + smtp.AT_MOST
    monkeypatch.setattr(smtp, "AT_MOST", 0.5)
    ctx = at_port(cafe, sink.port, MAIL_TIMEOUT=Period(50, "second"))
    fill_in(ctx)
    sink.silent_at = "RCPT"
    begun = time.monotonic()
    deliver(ctx)
    assert time.monotonic() - begun < 25, "it waited for the answer as long as for any"
    sink.speak()
    assert due(ctx) - clock() == timedelta(minutes=1)


def test_a_connection_that_takes_too_long_is_not_used_any_more(
    cafe: Context, sink: Sink, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = smtp._TimedConnection.configure_host

    def slowly(connection: smtp._TimedConnection) -> smtplib.SMTP | smtplib.SMTP_SSL:
        host = connect(connection)
        time.sleep(0.5)
        return host

    monkeypatch.setattr(smtp, "AT_MOST", 0.1)
    monkeypatch.setattr(smtp._TimedConnection, "configure_host", slowly)
    fill_in(cafe)
    deliver(cafe)
    assert sink.mails == []
    assert due(cafe) - clock() == timedelta(minutes=1)
    monkeypatch.undo()
    clock.forward(minutes=1)
    deliver(cafe)
    assert len(sink.mails) == 1


@pytest.mark.parametrize(
    ("verb", "reply"),
    [
        ("RCPT", "451 4.7.1 Greylisted, come back later"),
        ("RCPT", "450 4.2.1 Mailbox busy"),
        ("RCPT", "421 4.3.2 Shutting down"),
        ("MAIL", "421 4.3.2 Shutting down"),
        ("MAIL", "451 4.3.0 Try again"),
        ("MAIL", "553 5.7.1 Sender refused"),
        ("MAIL", "530 5.7.0 Authentication required"),
        ("DATA", "421 4.3.2 Shutting down"),
        ("DATA", "452 4.3.1 Disk full"),
    ],
)
def test_what_is_refused_for_now_or_for_everybody_comes_later(
    cafe: Context, sink: Sink, clock: Clock, verb: str, reply: str
) -> None:
    fill_in(cafe)
    sink.answer = answering(verb, reply, times=1)
    deliver(cafe)
    assert sink.mails == []
    assert "mail_failed" not in ledger_kinds(cafe)
    clock.forward(minutes=1)
    deliver(cafe)
    assert len(sink.mails) == 1


@pytest.mark.parametrize(
    ("verb", "reply"),
    [
        ("RCPT", "550 5.1.1 <sofie@voorbeeld.test>: no such user"),
        ("RCPT", "553 5.1.3 Bad address"),
        ("RCPT", "550-5.2.1 The account that you tried to reach\r\n550 5.2.1 is disabled"),
        ("DATA", "550 5.1.1 Unknown here"),
        ("RCPT", "550 #5.1.1 bad address"),
    ],
)
def test_what_is_refused_for_good_is_a_dead_letter_and_the_ledger_says_so(
    cafe: Context, sink: Sink, clock: Clock, caplog: pytest.LogCaptureFixture, verb: str, reply: str
) -> None:
    fill_in(cafe)
    sink.answer = answering(verb, reply)
    deliver(cafe)
    assert ledger_kinds(cafe) == ["requested", "requested", "mail_failed"]
    sink.answer = lambda verb, argument: OK
    clock.forward(days=6)
    assert deliver(cafe) == 0
    assert sink.mails == []
    assert "refused for good" in caplog.text
    assert "sofie" not in caplog.text


def test_a_connection_that_breaks_after_the_mail_was_taken_brings_it_once_more_under_the_same_name(
    cafe: Context, sink: Sink, clock: Clock
) -> None:
    fill_in(cafe)
    sink.drops = 1
    deliver(cafe)
    clock.forward(minutes=59)
    assert deliver(cafe) == 0
    clock.forward(minutes=1)
    deliver(cafe)
    clock.forward(days=1)
    assert deliver(cafe) == 0
    first, again = (received.mail for received in sink.mails)
    assert first["Message-ID"] == again["Message-ID"]
    assert ledger_kinds(cafe) == ["requested", "requested", "mailed"]


def test_a_link_is_signed_when_its_mail_is_sent(cafe: Context, sink: Sink, clock: Clock) -> None:
    fill_in(cafe)
    sink.drops = 1
    deliver(cafe)
    clock.forward(hours=1)
    deliver(cafe)
    first, again = (token_in(received.mail, "confirm") for received in sink.mails)
    assert first.split(".")[0] == again.split(".")[0]
    assert first != again


def test_a_mail_that_cannot_go_stops_no_other(cafe: Context, sink: Sink, clock: Clock) -> None:
    for person in ("ann", "bob", "cas"):
        fill_in(cafe, f"{person}@voorbeeld.test")
        clock.forward(seconds=1)
    sink.answer = lambda verb, argument: "451 Later" if argument.startswith("ann") else OK
    deliver(cafe)
    assert [received.recipients for received in sink.mails] == [("bob@voorbeeld.test",), ("cas@voorbeeld.test",)]


def test_a_mail_that_cannot_be_written_stops_no_other(
    cafe: Context, sink: Sink, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    fill_in(cafe, "ann@voorbeeld.test")
    clock.forward(seconds=1)
    fill_in(cafe, "bob@voorbeeld.test")
    with cafe.database.write() as connection:
        first = connection.execute(select(outbox.c.id).order_by(outbox.c.due_at).limit(1)).scalar_one()
        connection.execute(update(outbox).where(outbox.c.id == first).values(data="no json"))
    deliver(cafe)
    assert [received.recipients for received in sink.mails] == [("bob@voorbeeld.test",)]
    assert Counter(ledger_kinds(cafe)) == {"requested": 4, "mail_failed": 1, "mailed": 1}


def test_several_mails_share_a_connection(cafe: Context, sink: Sink) -> None:
    for person in ("ann", "bob", "cas"):
        fill_in(cafe, f"{person}@voorbeeld.test")
    deliver(cafe)
    assert len(sink.mails) == 3
    assert len(sink.callers) == 1


def test_a_server_that_closes_between_two_mails_is_called_again_at_once(cafe: Context, sink: Sink) -> None:
    fill_in(cafe, "ann@voorbeeld.test")
    fill_in(cafe, "bob@voorbeeld.test")
    sink.hangs_up = True
    deliver(cafe)
    assert sorted(received.recipients for received in sink.mails) == [("ann@voorbeeld.test",), ("bob@voorbeeld.test",)]


def test_an_address_with_an_accent_goes_to_a_server_that_knows_them(cafe: Context, sink: Sink) -> None:
    fill_in(cafe, "zoë@voorbeeld.test")
    deliver(cafe)
    (received,) = sink.mails
    assert received.recipients == ("zoë@voorbeeld.test",)
    assert "SMTPUTF8" in received.options
    assert "To: zoë@voorbeeld.test\r\n".encode() in received.data
    assert received.mail["Subject"].startswith("Bevestig of weiger: Nieuws, proeverijen en “kaartenhuis”")


def test_an_address_with_an_accent_waits_while_the_server_knows_none(cafe: Context, clock: Clock) -> None:
    with Sink(enable_SMTPUTF8=False) as plain:
        ctx = at_port(cafe, plain.port)
        fill_in(ctx, "zoë@voorbeeld.test")
        fill_in(ctx, "sofie@voorbeeld.test")
        deliver(ctx)
        assert [received.recipients for received in plain.mails] == [("sofie@voorbeeld.test",)]
    assert Counter(ledger_kinds(ctx)) == {"requested": 4, "mailed": 1}
    clock.forward(minutes=1)
    deliver(cafe)
    assert Counter(ledger_kinds(ctx)) == {"requested": 4, "mailed": 2}


def test_an_international_domain_goes_out_in_ascii(cafe: Context) -> None:
    with Sink(enable_SMTPUTF8=False) as plain:
        ctx = at_port(cafe, plain.port)
        fill_in(ctx, "sofie@münchen.example")
        deliver(ctx)
        (received,) = plain.mails
    assert received.recipients == ("sofie@xn--mnchen-3ya.example",)
    assert received.mail["To"] == "sofie@xn--mnchen-3ya.example"


def test_the_contact_reads_who_objects_also_an_address_with_an_accent_and_answers_no_one_by_accident(
    cafe: Context, sink: Sink
) -> None:
    post.ask_for_link(cafe, "zoë@voorbeeld.test", "nl", to_object=True)
    deliver(cafe)
    objection.object_to_interest(cafe, token_in(sink.mails[0].mail, "object"), "kaart/counting")
    deliver(cafe)
    (received,) = (received for received in sink.mails if received.recipients == (post.CONTACT,))
    assert received.mail["Reply-To"] == post.CONTACT
    assert "zoë@voorbeeld.test" in text_of(received.mail)


# The way to the server


def test_the_kit_logs_in_with_name_and_password(cafe: Context) -> None:
    asked = []

    def check(server: object, session: object, envelope: object, mechanism: str, login: LoginPassword) -> AuthResult:
        asked.append((login.login, login.password))
        return AuthResult(success=login.password == b"open sesame")

    with Sink(authenticator=check, auth_require_tls=False) as guarded:
        fill_in(cafe)
        deliver(at_port(cafe, guarded.port, MAIL_USERNAME="forms", MAIL_PASSWORD="open sesame"))
        assert len(guarded.mails) == 1
    assert asked == [(b"forms", b"open sesame")]


def test_a_refused_login_lets_the_mail_wait(cafe: Context, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    with Sink(authenticator=refuse, auth_require_tls=False) as guarded:
        fill_in(cafe)
        deliver(at_port(cafe, guarded.port, MAIL_USERNAME="forms", MAIL_PASSWORD="open sesame"))
        assert guarded.mails == []
    assert "mail_failed" not in ledger_kinds(cafe)
    assert due(cafe) == clock() + timedelta(minutes=1)
    assert "535" in caplog.text
    assert "sesame" not in caplog.text


@pytest.mark.parametrize("wrong", [{"MAIL_PASSWORD": "sésame"}, {"MAIL_SERVER": "smtp..example"}])
def test_a_setting_that_no_server_can_be_called_with_gives_no_mail_up(
    cafe: Context, clock: Clock, wrong: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with Sink(authenticator=lambda *_: AuthResult(success=True), auth_require_tls=False) as guarded:
        fill_in(cafe)
        deliver(at_port(cafe, guarded.port, **({"MAIL_USERNAME": "forms", "MAIL_PASSWORD": "open"} | wrong)))
        assert guarded.mails == []
    assert "mail_failed" not in ledger_kinds(cafe)
    assert due(cafe) == clock() + timedelta(minutes=1)
    assert "could not be sent" in caplog.text
    assert "sésame" not in caplog.text


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A certificate authority that no computer trusts by itself, made for this run."""
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """A server's side of an encrypted connection, with a certificate for `localhost` from that authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def trusting(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kit's computer trusts that authority."""
    certificate = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(certificate))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.fixture(params=["MAIL_USE_TLS", "MAIL_USE_SSL"])
def encrypted(request: pytest.FixtureRequest, cafe: Context, tls: ssl.SSLContext) -> Iterator[tuple[Context, Sink]]:
    """A kit and a server that both encrypt, from the start or after STARTTLS."""
    with Sink(tls_context=tls) if request.param == "MAIL_USE_TLS" else Sink(secret=tls) as sink:
        yield at_port(cafe, sink.port, MAIL_SERVER="localhost", **{request.param: True}), sink


@pytest.mark.usefixtures("trusting")
def test_a_trusted_certificate_is_enough(encrypted: tuple[Context, Sink]) -> None:
    ctx, sink = encrypted
    fill_in(ctx)
    deliver(ctx)
    assert [received.encrypted for received in sink.mails] == [True]


def test_a_certificate_that_nobody_signed_gets_no_mail(encrypted: tuple[Context, Sink], clock: Clock) -> None:
    ctx, sink = encrypted
    fill_in(ctx)
    deliver(ctx)
    assert sink.mails == []
    assert due(ctx) == clock() + timedelta(minutes=1)


@pytest.mark.usefixtures("trusting")
def test_a_certificate_for_another_name_gets_no_mail(encrypted: tuple[Context, Sink]) -> None:
    ctx, sink = encrypted
    fill_in(ctx)
    deliver(at_port(ctx, sink.port, MAIL_SERVER="127.0.0.1"))
    assert sink.mails == []


def test_without_the_encryption_that_was_asked_for_nothing_is_said(cafe: Context, sink: Sink, clock: Clock) -> None:
    ctx = at_port(cafe, sink.port, MAIL_USE_TLS=True, MAIL_USERNAME="forms", MAIL_PASSWORD="open sesame")
    fill_in(ctx)
    deliver(ctx)
    assert sink.asked == []
    assert due(ctx) == clock() + timedelta(minutes=1)


def test_a_dead_letter_shows_in_no_answer_to_the_person(cafe: Context, sink: Sink) -> None:
    fill_in(cafe)
    sink.answer = answering("RCPT", "550 No such user")
    deliver(cafe)
    assert {line["status"] for line in reports.status(cafe, "sofie@voorbeeld.test", None)} == {"requested"}
