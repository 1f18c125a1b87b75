"""Faults of the mail server's set-up, or of the way to it: they cost no mail, and are asked about once for all."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from app.period import Period
from app.services import housekeeping
from app.services.context import Context
from app.storage import pauses
from tests import audit
from tests.delivery.post import deliver, fill_in, ledger_kinds
from tests.delivery.sink import OK, Sink, free_port
from tests.delivery.test_smtp import answering, at_port
from tests.factories import Clock, claim_one


def queue(ctx: Context, count: int, who: str = "person") -> list[str]:
    """Let so many people fill in the form, and return their addresses."""
    people = [f"{who}{number}@voorbeeld.test" for number in range(count)]
    for person in people:
        fill_in(ctx, person, "news")
    return people


def came(sink: Sink) -> Counter[str]:
    """How often each person was mailed."""
    return Counter(received.recipients[0] for received in sink.mails)


def rows(ctx: Context, status: str = "queued") -> list[audit.Entry]:
    return audit.rows(ctx, "outbox", "status = :status", status=status)


def until(ctx: Context) -> timedelta:
    """How long the outbox pauses from now on."""
    with ctx.database.read() as connection:
        end = pauses.read(connection).until
    return end - ctx.clock() if end else timedelta()


class Guarded(Sink):
    """Takes mails from whoever knows the password, and counts who asks."""

    def __init__(self, password: bytes) -> None:
        self.password = password
        self.logins: list[object] = []
        super().__init__(authenticator=self._check, auth_require_tls=False)

    def _check(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: LoginPassword
    ) -> AuthResult:
        self.logins.append(session.peer)
        return AuthResult(success=login.password == self.password, handled=False)


class Tired(Sink):
    """Ends each connection after so many mails: with a reply, or without a word."""

    def __init__(self, after: int, reply: str = "", at: str = "MAIL") -> None:
        super().__init__()
        self.after, self.reply, self.at = after, reply, at
        self.taken: Counter[object] = Counter()

    async def _end(self, server: SMTP, session: Session, verb: str) -> str:
        if verb != self.at or self.taken[session.peer] < self.after:
            return ""
        if not self.reply:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self.reply or "421 never heard"

    async def handle_MAIL(  # noqa: N802 (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        return await self._end(server, session, "MAIL") or await super().handle_MAIL(
            server, session, envelope, address, options
        )

    async def handle_RCPT(  # noqa: N802 (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        return await self._end(server, session, "RCPT") or await super().handle_RCPT(
            server, session, envelope, address, options
        )

    async def handle_DATA(  # noqa: N802 (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if ended := await self._end(server, session, "DATA"):
            return ended
        self.taken[session.peer] += 1
        return await super().handle_DATA(server, session, envelope)


# The enhanced status code decides


@pytest.mark.parametrize("count", [1, 3])  # with three people the server is blamed
@pytest.mark.parametrize(
    ("verb", "reply"),
    [
        ("RCPT", "554 5.7.1 <x@voorbeeld.test>: Relay access denied"),
        ("RCPT", "454 4.7.1 <x@voorbeeld.test>: Relay access denied"),
        ("RCPT", "550 relay not permitted"),
        ("RCPT", "553 sorry, that domain isn't in my list of allowed rcpthosts"),
        ("RCPT", "552 5.2.2 Quota exceeded"),
        ("RCPT", "552 Quota exceeded"),
        ("RCPT", "550 5.1.0 <forms@forms.example>: Sender address rejected"),
        ("RCPT", "550 5.1.8 Sender's domain not found"),
        ("RCPT", "530 5.7.1 Authentication required"),
        ("RCPT", "421 4.7.0 Try again later"),
        ("RCPT", "450 4.1.8 <forms@forms.example>: Sender address rejected: Domain not found"),
        ("RCPT", "451 4.3.0 Temporary lookup failure"),
        ("DATA", "452 4.3.1 Insufficient system storage"),
        ("DATA", "550 5.7.26 This mail is unauthenticated"),
        ("DATA", "554 Refused by our filter"),
        ("DATA", "535 5.7.8 Log in first"),
        ("MAIL", "530 5.7.0 Must issue a STARTTLS command first"),
        ("MAIL", "550 5.1.7 Bad sender"),
        ("MAIL", "552 5.3.4 Message too big"),
        ("MAIL", "454 4.7.0 TLS not available"),
    ],
)
def test_a_fault_of_the_set_up_loses_no_mail_in_six_days_and_all_go_soon_after_it(
    cafe: Context, sink: Sink, clock: Clock, verb: str, reply: str, count: int
) -> None:
    people = queue(cafe, count)
    sink.answer = answering(verb, reply)
    for _ in range(6 * 4):
        deliver(cafe)
        clock.forward(hours=6)
    tries = sink.asked.count("MAIL")
    assert "mail_failed" not in ledger_kinds(cafe)
    sink.answer = lambda verb, argument: OK
    clock.now += timedelta(minutes=10) if count > 2 else timedelta(hours=12)
    deliver(cafe)
    assert came(sink) == dict.fromkeys(people, 1)
    assert tries <= (6 * 4 + 2) * count


@pytest.mark.parametrize(
    "reply", ["550 5.1.1 no such user", "550 5.1.10 recipient not found", "550 5.2.1 mailbox disabled"]
)
def test_bad_addresses_are_given_up_at_once_however_many_come_in_a_row(cafe: Context, sink: Sink, reply: str) -> None:
    queue(cafe, 7)
    sink.answer = answering("RCPT", reply)
    deliver(cafe)
    assert len(rows(cafe, "failed")) == 7
    assert until(cafe) == timedelta()


def test_a_refusal_without_a_code_is_the_recipients_once_another_mail_was_taken(
    cafe: Context, sink: Sink, clock: Clock
) -> None:
    fill_in(cafe, "nobody@voorbeeld.test")
    sink.answer = lambda verb, argument: "550 no such user" if argument.startswith("nobody") else OK
    deliver(cafe)
    clock.forward(hours=1)
    deliver(cafe)
    assert [row["status"] for row in rows(cafe)] == ["queued"]
    fill_in(cafe, "sofie@voorbeeld.test")
    deliver(cafe)
    assert [row["problem"] for row in rows(cafe, "failed")] == ["RCPT 550"]
    assert came(sink) == {"sofie@voorbeeld.test": 1}


# Who types bad addresses holds up nobody


def bad_for(start: str) -> Callable[[str, str], str]:
    """Answers as a server does that has no enhanced codes, and does not know whose address begins so."""
    return lambda verb, argument: "550 unknown user" if argument.startswith(start) else OK


def test_a_stranger_with_bad_addresses_stalls_nobody(cafe: Context, sink: Sink, clock: Clock) -> None:
    sink.answer = bad_for("bad")
    queue(cafe, 12, "bad")
    deliver(cafe)
    assert until(cafe) == timedelta()
    clock.forward(seconds=1)
    people = queue(cafe, 4, "good")
    deliver(cafe)
    assert came(sink) == dict.fromkeys(people, 1)
    assert len(rows(cafe, "failed")) == 12


@pytest.mark.parametrize(
    ("reply", "minutes"),
    [
        ("550 Unrouteable address", 9),  # with more the brake of the domain would begin
        ("550 5.4.310 DNS domain does not exist", 4),
        ("554 5.7.1 no", 4),
        ("421 4.3.0 no", 4),
    ],
)
def test_a_stranger_with_ten_bad_addresses_a_minute_stalls_nobody(
    cafe: Context, sink: Sink, clock: Clock, reply: str, minutes: int
) -> None:
    sink.answer = lambda verb, argument: reply if verb == "RCPT" and "bad" in argument else OK
    for minute in range(minutes):
        queue(cafe, 10, f"bad{minute}-")
        queue(cafe, 1, f"good{minute}-")
        deliver(cafe)
        assert len(came(sink)) == minute + 1
        clock.forward(minutes=1)


def test_one_recipient_with_three_mails_is_no_row(cafe: Context, sink: Sink, clock: Clock) -> None:
    fill_in(cafe, "nobody@voorbeeld.test", "news")
    clock.forward(minutes=11)
    fill_in(cafe, "nobody@voorbeeld.test", "survey")
    clock.forward(minutes=11)
    fill_in(cafe, "nobody@voorbeeld.test", "news", "survey")
    sink.answer = bad_for("nobody")
    deliver(cafe)
    assert len(rows(cafe)) == 3
    assert until(cafe) == timedelta()


def test_an_address_that_makes_the_server_hang_up_holds_up_nobody(cafe: Context, sink: Sink, clock: Clock) -> None:
    sink.answer = lambda verb, argument: "421 4.7.0 not you" if argument.startswith("bad") else OK
    queue(cafe, 2, "bad")
    people = queue(cafe, 3, "good")
    deliver(cafe)
    assert came(sink) == dict.fromkeys(people, 1)


# The server's fault is asked about once for all


def test_forty_mails_with_a_wrong_password_cost_one_login_in_each_pause(cafe: Context, clock: Clock) -> None:
    people = queue(cafe, 40)
    with Guarded(b"right") as guarded:
        ctx = at_port(cafe, guarded.port, MAIL_USERNAME="forms", MAIL_PASSWORD="wrong")
        waits = []
        for _ in range(6):
            assert deliver(ctx) == 1
            assert deliver(ctx) == 0
            waits.append(until(ctx) / timedelta(minutes=1))
            clock.now += until(ctx)
        assert len(set(guarded.logins)) == 6
        assert waits == [1, 2, 4, 8, 10, 10]
        assert {(row["attempts"], row["problem"]) for row in rows(ctx)} == {(0, None), (0, "AUTH 535 5.7.8")}
        guarded.password = b"wrong"
        assert deliver(ctx) == 40
        assert came(guarded) == dict.fromkeys(people, 1)
        assert len(set(guarded.logins)) == 7


def test_a_server_that_is_down_for_a_week_loses_nothing_and_is_not_hammered(
    cafe: Context, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    people = queue(cafe, 20)
    ctx = at_port(cafe, free_port())
    tries = 0
    for _ in range(7 * 24):
        tries += deliver(ctx)
        clock.forward(hours=1)
    assert tries == 7 * 24
    with Sink(port=ctx.settings.MAIL_PORT) as sink:
        fill_in(ctx, "late@voorbeeld.test", "news")
        deliver(ctx)
        assert came(sink) == dict.fromkeys([*people, "late@voorbeeld.test"], 1)
    assert "connect ConnectionRefusedError" in caplog.text


def test_the_pause_outlives_the_worker(cafe: Context, sink: Sink, clock: Clock) -> None:
    queue(cafe, 3)
    sink.answer = answering("MAIL", "421 4.3.2 Shutting down")
    assert deliver(cafe) == 1
    assert [deliver(cafe), deliver(cafe)] == [0, 0]
    assert until(cafe) == timedelta(minutes=1)


def test_the_first_pause_may_be_longer_than_the_longest(cafe: Context) -> None:
    ctx = at_port(cafe, free_port(), MAIL_RETRY=Period(2, "hour"))
    fill_in(ctx)
    deliver(ctx)
    assert until(ctx) == timedelta(hours=2)


def test_only_one_mail_tries_after_a_pause_and_another_one_when_that_took_too_long(
    cafe: Context, sink: Sink, clock: Clock
) -> None:
    queue(cafe, 3)
    sink.answer = answering("MAIL", "451 4.3.0 Not now", times=1)
    deliver(cafe)
    clock.forward(minutes=1)
    assert claim_one(cafe) is not None  # and its worker is killed
    assert deliver(cafe) == 0
    clock.forward(minutes=1)
    assert deliver(cafe) == 3


def test_a_mail_that_is_no_longer_to_be_sent_ends_no_pause_and_holds_up_no_other(
    cafe: Context, sink: Sink, clock: Clock
) -> None:
    first, second = queue(cafe, 2)
    sink.answer = answering("MAIL", "451 4.3.0 Not now", times=1)
    deliver(cafe)
    audit.run(cafe, "DELETE FROM subjects WHERE email = :email", email=second)
    clock.forward(minutes=1)
    deliver(cafe)
    assert came(sink) == {first: 1}
    assert until(cafe) == timedelta()


def test_a_bad_address_that_tries_after_a_pause_shows_that_the_server_is_back(
    cafe: Context, sink: Sink, clock: Clock
) -> None:
    sink.stop()
    queue(cafe, 2)
    deliver(cafe)
    sink.start()
    clock.forward(minutes=1)
    sink.answer = answering("RCPT", "550 5.1.1 no such user", times=1)
    deliver(cafe)
    assert len(sink.mails) == 1
    assert len(rows(cafe, "failed")) == 1


def test_a_clock_that_is_put_back_leaves_no_pause_behind(cafe: Context, sink: Sink, clock: Clock) -> None:
    queue(cafe, 1)
    clock.forward(days=300)
    sink.answer = answering("MAIL", "451 4.3.0 Not now", times=1)
    deliver(cafe)
    clock.forward(days=-300)
    housekeeping.tidy(cafe)
    deliver(cafe)
    assert len(sink.mails) == 1


# A connection may end whenever the server likes


@pytest.mark.parametrize("at", ["MAIL", "RCPT"])
@pytest.mark.parametrize("reply", ["421 4.7.0 Too many mails", ""])
def test_a_used_connection_that_ends_costs_nothing(cafe: Context, at: str, reply: str) -> None:
    people = queue(cafe, 7)
    with Tired(3, reply, at) as tired:
        ctx = at_port(cafe, tired.port)
        deliver(ctx)
        assert came(tired) == dict.fromkeys(people, 1)
        assert len(tired.callers) == 3
    assert {row["attempts"] for row in rows(ctx, "sent")} == {1}
    assert until(ctx) == timedelta()


def test_a_reply_of_421_to_the_last_dot_says_that_the_mail_was_not_taken(cafe: Context) -> None:
    people = queue(cafe, 7)
    with Tired(3, "421 4.7.0 Too many mails", "DATA") as tired:
        deliver(at_port(cafe, tired.port))
        assert came(tired) == dict.fromkeys(people, 1)


def test_a_connection_that_is_lost_after_the_dot_is_not_tried_at_once(cafe: Context) -> None:
    queue(cafe, 5)
    with Tired(3, "", "DATA") as tired:
        deliver(at_port(cafe, tired.port))
        assert len(tired.mails) == 4
    assert [(row["perhaps"], row["problem"]) for row in rows(cafe)] == [(1, "end of data ConnectionResetError")]


def test_a_new_connection_that_ends_is_tried_only_once(cafe: Context) -> None:
    queue(cafe, 3)
    with Tired(0, "421 4.3.2 Shutting down") as tired:
        deliver(at_port(cafe, tired.port))
        assert tired.mails == []
    assert until(cafe) == timedelta(minutes=1)


# What stands in the log


@pytest.mark.parametrize(
    ("verb", "reply", "told"),
    [
        ("MAIL", "451 4.3.0 <forms@forms.example> not now", "MAIL 451 4.3.0"),
        ("RCPT", "451 4.7.1 <person0@voorbeeld.test> greylisted", "RCPT 451 4.7.1"),
        ("RCPT", "550 5.1.1 <person0@voorbeeld.test> unknown", "RCPT 550 5.1.1"),
        ("RCPT", "550 <person0@voorbeeld.test> unknown", "RCPT 550"),
        ("DATA", "554 5.7.1 person0@voorbeeld.test", "end of data 554 5.7.1"),
    ],
)
def test_the_log_tells_step_and_codes_and_never_the_servers_words(
    cafe: Context, sink: Sink, caplog: pytest.LogCaptureFixture, verb: str, reply: str, told: str
) -> None:
    queue(cafe, 1)
    sink.answer = answering(verb, reply)
    deliver(cafe)
    assert f": {told}\n" in caplog.text
    assert "@" not in caplog.text
    assert {row["problem"] for row in audit.rows(cafe, "outbox")} == {told}
