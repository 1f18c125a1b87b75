"""Between the last dot of a mail and its answer: ten minutes, in which other mails go and nobody sends this one too."""

import asyncio
import smtplib
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from app import worker
from app.delivery import smtp
from app.delivery.smtp import SmtpTransport
from app.delivery.transport import Message
from app.period import Period
from app.services.context import Context
from app.services.outbox import unfinished
from app.worker import Worker
from tests import audit
from tests.delivery.post import deliver, fill_in, ledger_kinds
from tests.delivery.sink import Sink, until
from tests.delivery.test_smtp import at_port
from tests.factories import Clock, Mailbox, read


class Scanner(Sink):
    """Looks long into some mails before it answers. `open_now` and `open_at_most` count the connections at once."""

    def __init__(self, seconds: float, who: str = "slow") -> None:
        super().__init__()
        self.seconds, self.who = seconds, who
        self.replies: list[tuple[float, str]] = []
        self.waiting = self.most_waiting = 0

    async def handle_DATA(  # noqa: N802 (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if envelope.rcpt_tos[0].startswith(self.who):
            self.waiting += 1
            self.most_waiting = max(self.waiting, self.most_waiting)
            await asyncio.sleep(self.seconds)
            self.waiting -= 1
        reply = await super().handle_DATA(server, session, envelope)
        self.replies.append((time.monotonic(), envelope.rcpt_tos[0]))
        return reply


def rows(ctx: Context) -> list[tuple[str, int, str | None]]:
    return [(row["status"], row["perhaps"], row["problem"]) for row in audit.rows(ctx, "outbox")]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is waited for is scaled down."""
    monkeypatch.setattr(smtp, "PATIENCE", 0.1)
    monkeypatch.setattr(worker, "_LOOK_EVERY", 0.05)
    monkeypatch.setattr(worker, "_IDLE", 0.05)
    monkeypatch.setattr(worker, "_LAST_WAIT", 0.3)


@contextmanager
def running(ctx: Context, *others: SmtpTransport) -> Iterator[tuple[Worker, threading.Thread]]:
    """A worker in a thread. It ends with the block at the latest, also where that fails."""
    working = Worker(ctx, SmtpTransport(ctx.settings), *others)
    thread = threading.Thread(target=working.run)
    thread.start()
    try:
        yield working, thread
    finally:
        working.stop()
        thread.join(30)


def test_an_answer_that_comes_later_than_any_other_step_may_take_is_waited_for(cafe: Context) -> None:
    with Scanner(2.5) as scanner:
        ctx = at_port(cafe, scanner.port, MAIL_TIMEOUT=Period(1, "second"))
        fill_in(ctx, "slow@voorbeeld.test")
        assert deliver(ctx) == 1
        assert deliver(ctx) == 0
        assert len(scanner.mails) == 1
    assert ledger_kinds(ctx)[-1] == "mailed"
    assert rows(ctx) == [("sent", 0, None)]


def test_other_mails_go_meanwhile_over_another_connection(cafe: Context) -> None:
    with Scanner(2.5) as scanner:
        ctx = at_port(cafe, scanner.port)
        fill_in(ctx, "slow@voorbeeld.test", "news")
        for number in range(5):
            fill_in(ctx, f"quick{number}@voorbeeld.test", "news")
        deliver(ctx)
        order = [who for _, who in scanner.replies]
        assert order[-1] == "slow@voorbeeld.test"
        assert Counter(order) == dict.fromkeys(order, 1)
        assert len(order) == 6
        assert scanner.replies[4][0] < scanner.replies[5][0] - 1, "the others waited for the slow one"
        assert len(scanner.callers) == 2


def test_no_more_than_three_connections_are_open_at_once(cafe: Context) -> None:
    with Scanner(0.6) as scanner:
        ctx = at_port(cafe, scanner.port)
        for number in range(8):
            fill_in(ctx, f"slow{number}@voorbeeld.test", "news")
        assert deliver(ctx) == 8
        assert scanner.most_waiting == worker._CONNECTIONS == 3
        assert len(scanner.mails) == 8


def test_no_more_are_open_where_one_connection_is_at_work_while_mails_of_another_wait(cafe: Context) -> None:
    class Late(SmtpTransport):
        def deliver(self, *mail: Any) -> Any:
            until(lambda: scanner.most_waiting >= 2, "two mails of the other connection")
            return super().deliver(*mail)

    with Scanner(1.5) as scanner:
        ctx = at_port(cafe, scanner.port)
        for number in range(8):
            fill_in(ctx, f"slow@voorbeeld{number}.test", "news")  # of one domain only one would go at a time
        with running(ctx, Late(ctx.settings)):
            until(lambda: len(scanner.mails) == 8, "all mails")
        assert scanner.most_waiting == worker._CONNECTIONS


def test_the_lease_is_renewed_so_that_nobody_else_sends_the_mail_too(
    cafe: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_KEEP_EVERY", 0.05)
    with Scanner(3) as scanner:
        ctx = at_port(cafe, scanner.port)
        fill_in(ctx, "slow@voorbeeld.test")
        with running(ctx) as (working, thread):
            until(lambda: scanner.waiting == 1, "the mail")
            time.sleep(0.3)
            for _ in range(10):
                clock.forward(seconds=50)
                time.sleep(0.15)
                assert Worker(ctx, Mailbox()).work_off() == 0
            until(lambda: rows(ctx) == [("sent", 0, None)], "the answer")
            working.stop()
            thread.join()
            assert len(scanner.mails) == 1


@pytest.mark.parametrize("fault", ["dropped", "never answered"])
def test_what_is_lost_after_the_dot_is_perhaps_sent_and_tried_few_times_and_never_within_minutes(
    cafe: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    monkeypatch.setattr(smtp, "AFTER_THE_DOT", 0.4)
    with Scanner(0 if fault == "dropped" else 2) as scanner:
        scanner.drops = 100 if fault == "dropped" else 0
        ctx = at_port(cafe, scanner.port)
        fill_in(ctx, "slow@voorbeeld.test")
        began, tries = clock(), []
        for _ in range(90):
            if deliver(ctx):
                tries.append((clock() - began) / timedelta(hours=1))
                caught = [mail["status"] for mail in unfinished(ctx)["mails"]]
                assert caught == (["perhaps_sent"] if len(tries) < 4 else ["failed"])
            clock.forward(minutes=30)
        assert tries == [0, 1, 7, 43]
    assert ledger_kinds(ctx)[-1] == "mail_failed"
    assert "was perhaps sent" in caplog.text


def test_a_refusal_that_comes_late_counts_as_any_other(cafe: Context, clock: Clock) -> None:
    with Scanner(0.6) as scanner:
        ctx = at_port(cafe, scanner.port)
        scanner.answer = lambda verb, argument: "550 5.1.1 no such user" if verb == "DATA" else "250 OK"
        fill_in(ctx, "slow@voorbeeld.test", "news")
        deliver(ctx)
    assert rows(ctx) == [("failed", 0, "end of data 550 5.1.1")]


def test_a_worker_that_is_told_to_stop_ends_the_wait_and_says_perhaps(
    cafe: Context, caplog: pytest.LogCaptureFixture
) -> None:
    with Scanner(20) as scanner:
        ctx = at_port(cafe, scanner.port)
        fill_in(ctx, "slow@voorbeeld.test", "news")
        with running(ctx) as (working, thread):
            until(lambda: scanner.waiting == 1, "the mail")
            time.sleep(0.3)
            began = time.monotonic()
            working.stop()
            thread.join(10)
            assert not thread.is_alive()
            assert time.monotonic() - began < 5
    assert rows(ctx) == [("queued", 1, "end of data, and told to stop")]
    assert "perhaps sent" in caplog.text


def test_an_answer_that_comes_while_the_worker_stops_still_counts(
    cafe: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_LAST_WAIT", 5)
    with Scanner(1.2) as scanner:
        ctx = at_port(cafe, scanner.port)
        fill_in(ctx, "slow@voorbeeld.test", "news")
        with running(ctx) as (working, thread):
            until(lambda: scanner.waiting == 1, "the mail")
            time.sleep(0.3)
            working.stop()
            thread.join(10)
    assert rows(ctx) == [("sent", 0, None)]


def test_who_was_erased_while_the_answer_was_awaited_is_not_mailed_again(cafe: Context, clock: Clock) -> None:
    with Scanner(0.8) as scanner:
        ctx = at_port(cafe, scanner.port)
        fill_in(ctx, "slow@voorbeeld.test", "news")
        with running(ctx) as (working, thread):
            until(lambda: scanner.waiting == 1, "the mail")
            audit.run(ctx, "DELETE FROM subjects")
            until(lambda: rows(ctx)[0][0] == "sent", "the answer")
            working.stop()
            thread.join(10)
    assert deliver(ctx) == 0


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([b"250-2.0.0 so far", b"\r\n25", b"0 2.0.0 taken\r\n"], True),
        ([b"250\r\n"], True),
        ([b"250 "], False),
        ([b"250-2.0.0 more to come\r\n"], False),
    ],
)
def test_an_answer_may_come_in_pieces(pieces: list[bytes], expected: bool) -> None:
    ours, theirs = socket.socketpair()
    host = smtplib.SMTP()
    host.sock = ours
    with theirs:
        answer = smtp._Answer(host, 1.0)
        for piece in pieces[:-1]:
            theirs.sendall(piece)
            assert not answer.is_taken(0.05)
        theirs.sendall(pieces[-1])
        assert answer.is_taken(0.05) is expected
        host.close()


class Broken:
    """An answer that cannot be read, for a reason that nobody has thought of."""

    is_closed = False
    text = "slow@voorbeeld.test"

    def is_taken(self, seconds: float) -> bool:
        raise ValueError(self.text)

    def close(self) -> None:
        self.is_closed = True


class Never(Broken):
    """An answer that does not come."""

    def is_taken(self, seconds: float) -> bool:
        time.sleep(seconds)
        return False


class Handing(Mailbox):
    """Takes each mail to its last dot, with one answer for all."""

    def __init__(self, answer: Broken) -> None:
        super().__init__()
        self.answer = answer

    def deliver(self, message: Message, sender: str, recipient: str) -> Broken:  # type: ignore[override]
        self.mails.append(read(message))
        return self.answer


def test_whatever_goes_wrong_while_an_answer_is_awaited_the_mail_is_perhaps_sent(
    cafe: Context, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    fill_in(cafe, "slow@voorbeeld.test", "news")
    transport = Handing(Broken())
    assert Worker(cafe, transport).work_off() == 1
    clock.forward(minutes=5)
    assert Worker(cafe, Mailbox()).work_off() == 0, "it would go twice"

    assert rows(cafe) == [("queued", 1, "end of data, and a fault of ours")]
    assert transport.answer.is_closed
    assert "ValueError" in caplog.text
    assert "voorbeeld" not in caplog.text


@pytest.mark.parametrize("lost_by", ["lease = 'another'", "status = 'dropped'"])
def test_a_wait_ends_with_its_lease(cafe: Context, monkeypatch: pytest.MonkeyPatch, lost_by: str) -> None:
    monkeypatch.setattr(worker, "_KEEP_EVERY", 0.05)
    fill_in(cafe, "slow@voorbeeld.test", "news")
    transport = Handing(Never())
    waiting = Worker(cafe, transport)
    assert waiting.send_some()
    audit.run(cafe, f"UPDATE outbox SET {lost_by}")
    before = audit.everything(cafe)

    until(lambda: transport.answer.is_closed, "the end of the wait")

    assert audit.everything(cafe) == before
