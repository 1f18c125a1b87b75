"""The worker as a process of its own, and what it does when something goes wrong around it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError

from app import worker
from app.delivery import smtp
from app.delivery.smtp import SmtpTransport
from app.domain.form import Theme
from app.services import housekeeping, intake, mail_kinds, mail_opt_out, reports, sending
from app.services import outbox as operation
from app.services.context import Context
from app.storage.outbox import LEASE
from app.storage.schema import ledger, notices, outbox, subjects
from app.worker import Worker
from tests import audit
from tests.delivery.sink import Sink, until
from tests.factories import Clock, Mailbox, claim_one, html_of, read, send_form, text_of
from tests.server.running import KEY, SAID_AT_START, environment, running, session


@pytest.fixture
def present(ctx: Context) -> Iterator[Context]:
    """A kit whose clock tells the real time, as the worker processes beside it do."""
    yield from at_present(ctx)


@pytest.fixture
def any_present(any_ctx: Context) -> Iterator[Context]:
    """The same, once on SQLite and once on PostgreSQL."""
    yield from at_present(any_ctx)


def at_present(ctx: Context) -> Iterator[Context]:
    """Another kit over the same database, with the real clock."""
    opened = Context.open(ctx.settings)
    yield opened
    opened.database.engine.dispose()


def settings_of(ctx: Context, mail_port: int) -> dict[str, str]:
    """The settings of a kit, for a process beside this one."""
    return {
        "DATA_DIR": str(ctx.settings.DATA_DIR),
        "DATABASE_URL": ctx.settings.DATABASE_URL,
        "BASE_URL": ctx.settings.BASE_URL,
        "SECRET_KEY": KEY,
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(mail_port),
        "MAIL_DEFAULT_SENDER": "forms@forms.example",
        "MAIL_RETRY": "1 second",
    }


def mailed(ctx: Context) -> int:
    """How many mails the ledger says were handed over."""
    with ctx.database.read() as connection:
        return len(connection.execute(select(ledger.c.seq).where(ledger.c.kind == "mailed")).all())


def test_at_sigterm_the_mail_under_way_is_finished_and_no_other_is_begun(present: Context, tmp_path: Path) -> None:
    send_form(present, "ann@voorbeeld.test")
    send_form(present, "bob@voorbeeld.test")
    with Sink() as sink:
        sink.silent_at = "DATA"
        with running(tmp_path, "worker", **settings_of(present, sink.port), MAIL_CONNECTIONS="1") as program:
            until(lambda: "DATA" in sink.asked, "a mail under way")
            program.signal(signal.SIGTERM)
            with pytest.raises(subprocess.TimeoutExpired):
                program.ended(0.3)
            sink.speak()
            assert program.ended() == 0
            assert program.said == SAID_AT_START
        assert len(sink.mails) == mailed(present) == 1
        with running(tmp_path, "worker", **settings_of(present, sink.port), MAIL_CONNECTIONS="1") as program:
            until(lambda: mailed(present) == 2, "the other mail")
            program.signal(signal.SIGINT)
            assert program.ended() == 0
        recipients = sorted(received.recipients for received in sink.mails)
        assert recipients == [("ann@voorbeeld.test",), ("bob@voorbeeld.test",)]


def test_a_worker_that_is_stopped_ends_the_wait_after_the_last_dot_and_sends_the_mail_not_again_soon(
    present: Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert worker._LAST_WAIT + worker._LOOK_EVERY < 10, "Docker kills after ten seconds"
    monkeypatch.setattr(worker, "_LAST_WAIT", 0.1)
    monkeypatch.setattr(worker, "_LOOK_EVERY", 0.05)
    monkeypatch.setattr(smtp, "PATIENCE", 0.1)
    send_form(present, "ann@voorbeeld.test")
    with Sink() as sink:
        transport = SmtpTransport(replace(present.settings, MAIL_PORT=sink.port))
        sink.silent_at = "DATA"
        run_until(Worker(present, transport), lambda: "DATA" in sink.asked)
        assert "perhaps sent" in caplog.text
        assert "ann" not in caplog.text
        sink.speak()
        send_form(present, "bob@voorbeeld.test")
        run_until(Worker(present, transport), lambda: mailed(present) == 1)
        assert [received.recipients[0] for received in sink.mails].count("ann@voorbeeld.test") <= 1
    (waiting,) = [mail for mail in reports_of(present) if mail["status"] == "perhaps_sent"]
    assert waiting["attempts"] == 1


def reports_of(ctx: Context) -> list[dict[str, Any]]:
    """The mails that have not gone."""
    mails: list[dict[str, Any]] = operation.unfinished(ctx)["mails"]
    return mails


def test_two_workers_share_the_work_and_send_nothing_twice(
    any_present: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As processes of their own they do so in tests/faults/test_workers.py."""
    monkeypatch.setattr(smtp, "PATIENCE", 40.0)  # so one worker alone has one mail under way
    people = [f"person{number}@voorbeeld.test" for number in range(20)]
    for person in people:
        send_form(any_present, person)
    with Sink() as sink, ExitStack() as stack:
        sink.silent_at = "DATA"
        for _ in range(2):
            own = Context.open(replace(any_present.settings, MAIL_PORT=sink.port))
            stack.callback(own.database.engine.dispose)
            stack.enter_context(at_work(Worker(own, SmtpTransport(own.settings))))
        until(lambda: sink.asked.count("DATA") == 2, "two mails under way at once")
        sink.speak()
        until(lambda: mailed(any_present) == 20, "all mails")
        assert sorted(received.recipients for received in sink.mails) == sorted((person,) for person in people)


def test_a_worker_ends_when_the_process_that_it_belongs_to_has_ended(present: Context, tmp_path: Path) -> None:
    program = f"{sys.executable} -P -m app worker --parent $$"
    parent = subprocess.Popen(
        ["/bin/sh", "-c", f"{program} & echo $!; wait"],
        env=environment(tmp_path, **settings_of(present, 1)),
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        until(lambda: b"worker" in Path(f"/proc/{child}/cmdline").read_bytes(), "a worker")
        parent.kill()
        parent.wait()
        parent.stdout.close()
        until(lambda: session(parent.pid) == [], "no process is left")
    finally:
        for member in session(parent.pid):
            os.kill(member, signal.SIGKILL)


@pytest.mark.parametrize("step", ["claim", "written"])
def test_a_worker_survives_a_fault_of_the_database_and_says_nothing_of_whom_it_was_about(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, step: str
) -> None:
    send_form(ctx, "ann@voorbeeld.test")
    mailbox = Mailbox()
    fault = OperationalError("UPDATE outbox", {"email": "ann@voorbeeld.test"}, Exception())
    monkeypatch.setattr(sending, step, failing_once(getattr(sending, step), fault))
    monkeypatch.setattr(worker, "_AFTER_TROUBLE", 0.01)
    run_until(Worker(ctx, mailbox), lambda: bool(mailbox.mails))
    assert [mail["To"] for mail in mailbox.mails] == ["ann@voorbeeld.test"]
    assert "The worker goes on" in caplog.text
    assert "ann@" not in caplog.text


def test_a_worker_that_runs_mails_soon_what_was_sent(present: Context) -> None:
    mailbox = Mailbox()
    with at_work(Worker(present, mailbox)):
        time.sleep(0.5)
        for number in range(3):
            begun = time.monotonic()
            send_form(present, f"p{number}@voorbeeld.test", is_taken=False)
            until(lambda: len(mailbox.mails) == number + 1, "the mail")  # noqa: B023 (called at once)
            assert time.monotonic() - begun < 0.9, "a person waits for this mail"


def test_a_worker_goes_on_taking_after_a_fault_of_the_database(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    send_form(ctx, "ann@voorbeeld.test", is_taken=False)
    mailbox = Mailbox()
    fault = OperationalError("DELETE FROM intake", {"email": "ann@voorbeeld.test"}, Exception())
    monkeypatch.setattr(intake, "take", failing_once(intake.take, fault))
    monkeypatch.setattr(worker, "_AFTER_TROUBLE", 0.01)
    run_until(Worker(ctx, mailbox), lambda: bool(mailbox.mails))
    assert "The worker goes on" in caplog.text
    assert "ann@" not in caplog.text


def test_a_worker_that_starts_tries_again_what_could_not_be_taken(ctx: Context) -> None:
    """The release that it is of may have put right what was wrong."""
    send_form(ctx, "ann@voorbeeld.test", is_taken=False)
    audit.run(ctx, "UPDATE intake SET set_aside_at = at, problem = 'KeyError', tries = 2")
    mailbox = Mailbox()
    run_until(Worker(ctx, mailbox), lambda: bool(mailbox.mails))


@pytest.mark.parametrize("error", [OperationalError, InternalError])
def test_that_a_mail_was_sent_is_recorded_once_the_database_takes_it(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, error: type[DBAPIError]
) -> None:
    """A database that is away is one fault, a standby that is asked before it takes over is another."""
    send_form(ctx, "ann@voorbeeld.test")
    monkeypatch.setattr(sending, "sent", failing_once(sending.sent, error("INSERT", {}, Exception())))
    monkeypatch.setattr(worker, "_AFTER_TROUBLE", 0.01)
    mailbox = Mailbox()
    run_until(Worker(ctx, mailbox), lambda: mailed(ctx) == 1)
    assert len(mailbox.mails) == 1


def test_a_worker_that_is_stopped_in_trouble_still_records_what_it_sent(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_form(ctx, "ann@voorbeeld.test")
    monkeypatch.setattr(sending, "sent", failing_once(sending.sent, OperationalError("INSERT", {}, Exception())))
    stopping = Worker(ctx, Mailbox(trouble=lambda recipient: stopping.stop()))
    stopping.run()
    assert mailed(ctx) == 1


def failing_once(act: Callable[..., Any], error: Exception) -> Callable[..., Any]:
    """The same, but for the first time."""
    faults = [error]

    def acted(*given: Any) -> Any:
        if faults:
            raise faults.pop()
        return act(*given)

    return acted


def test_a_worker_with_much_to_do_ends_with_its_server_too(ctx: Context) -> None:
    for number in range(3):
        send_form(ctx, f"p{number}@voorbeeld.test")
    mailbox = Mailbox()
    orphan = Worker(ctx, mailbox, alive=lambda: not mailbox.mails)
    orphan.run()
    assert len(mailbox.mails) == mailed(ctx) == 1


def test_mails_follow_when_the_looks_of_a_form_change(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = Mailbox()
    monkeypatch.setattr(worker, "_TIDY_EVERY", 0.0)
    running = Worker(ctx, mailbox)
    for person in ("ann@voorbeeld.test", "bob@voorbeeld.test"):
        send_form(ctx, person)
        running.tidy_when_due()
        running.work_off()
        with ctx.database.write() as connection:
            connection.execute(update(notices).values(theme=json.dumps(asdict(Theme(accent="#123456")))))
    assert ["#123456" in html_of(mail) for mail in mailbox.mails] == [False, True]


def test_a_worker_survives_the_end_of_its_connections(any_ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = Mailbox()
    monkeypatch.setattr(worker, "_AFTER_TROUBLE", 0.01)
    monkeypatch.setattr(worker, "_IDLE", 0.01)
    monkeypatch.setattr(any_ctx.database.engine.pool, "_pre_ping", True)  # as in service; the fixture leaves it out
    send_form(any_ctx, "ann@voorbeeld.test")

    def second_has_come() -> bool:
        if len(mailbox.mails) == 1 and "bob@voorbeeld.test" not in asked:
            cut_connections(any_ctx)
            asked.add("bob@voorbeeld.test")
            send_form(any_ctx, "bob@voorbeeld.test")
        return len(mailbox.mails) == 2

    asked: set[str] = set()
    run_until(Worker(any_ctx, mailbox), second_has_come)
    assert [mail["To"] for mail in mailbox.mails] == ["ann@voorbeeld.test", "bob@voorbeeld.test"]


def cut_connections(ctx: Context) -> None:
    """End every connection of a kit, as a database that starts anew does. Once this returns, all of them are gone."""
    if ctx.database.engine.dialect.name == "sqlite":
        ctx.database.engine.dispose()
        return
    ours = "datname = current_database() AND pid != pg_backend_pid()"
    with ctx.database.write() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE {ours}"))


def test_a_worker_waits_for_a_locked_database(present: Context, tmp_path: Path) -> None:
    send_form(present, "ann@voorbeeld.test")
    with (
        Sink() as sink,
        closing(sqlite3.connect(present.settings.DATA_DIR / "akkoord.db", isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with running(tmp_path, "worker", **settings_of(present, sink.port)) as program:
            with pytest.raises(subprocess.TimeoutExpired):
                program.ended(1)
            assert sink.mails == []
            other.execute("ROLLBACK")
            until(lambda: mailed(present) == 1, "the mail")
            assert program.is_running()


def test_what_a_killed_worker_had_claimed_is_sent_once_its_lease_is_over(ctx: Context, clock: Clock) -> None:
    send_form(ctx, "ann@voorbeeld.test")
    assert claim_one(ctx) is not None  # and then it is killed
    mailbox = Mailbox()
    Worker(ctx, mailbox).work_off()
    clock.now += LEASE
    assert mailbox.mails == []
    Worker(ctx, mailbox).work_off()
    assert [mail["To"] for mail in mailbox.mails] == ["ann@voorbeeld.test"]


def test_a_worker_that_was_too_slow_records_nothing_over_another(ctx: Context, clock: Clock) -> None:
    send_form(ctx, "ann@voorbeeld.test")
    slow = claim_one(ctx)
    assert slow is not None
    clock.now += LEASE
    other = Mailbox()
    Worker(ctx, other).work_off()
    sending.sent(ctx, [slow.row])
    assert read(slow.message)["Message-ID"] == other.mails[0]["Message-ID"]
    assert mailed(ctx) == 1


def test_a_worker_records_a_batch_and_claims_the_next_in_one_transaction(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        send_form(ctx, f"p{number}@voorbeeld.test")
    mailbox = Mailbox()
    running = Worker(ctx, mailbox)
    begun: list[None] = []
    for name in ("read", "write"):
        monkeypatch.setattr(ctx.database, name, counted_in(begun, getattr(ctx.database, name)))
    monkeypatch.setattr(mail_kinds, "read_ahead", counted_out(begun, mail_kinds.read_ahead))
    assert running.work_off() == 10
    assert len(begun) == 1 + 1 + 4 + 1, "to see that all is taken, to claim the first, for 1, 2, 4 and 3 mails, the end"
    assert len(mailbox.mails) == mailed(ctx) == 10


def test_no_more_than_twenty_mails_are_claimed_by_one_worker(ctx: Context) -> None:
    for number in range(70):
        send_form(ctx, f"p{number}@voorbeeld.test")
    most = 0

    def count(_: str) -> None:
        nonlocal most
        with ctx.database.read() as connection:
            held = select(outbox.c.id).where(outbox.c.status == "queued", outbox.c.lease.is_not(None))
            most = max(most, len(connection.execute(held).all()))

    assert Worker(ctx, Mailbox(trouble=count)).work_off() == 70
    assert most == 20


def test_a_slow_server_holds_up_no_mail_but_the_one_under_way(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others are given back after a moment, and only one is claimed from then on."""
    monkeypatch.setattr(worker, "_BATCH_LASTS", 0.2)
    monkeypatch.setattr(worker, "_QUICK", 0.2)
    for number in range(10):
        send_form(ctx, f"p{number}@voorbeeld.test")
    other = Mailbox()

    def slow(_: str) -> None:
        if len(mailbox.mails) == 4:
            time.sleep(0.3)
        if len(mailbox.mails) == 5:
            Worker(ctx, other).work_off()

    mailbox = Mailbox(trouble=slow)
    Worker(ctx, mailbox).work_off()
    assert (len(mailbox.mails), len(other.mails)) == (6, 4)
    assert len({mail["To"] for mail in (*mailbox.mails, *other.mails)}) == 10


@pytest.mark.parametrize("is_slow", [True, False])
def test_who_stops_while_a_batch_is_sent_gets_what_was_read_a_moment_before_and_nothing_later(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, is_slow: bool
) -> None:
    monkeypatch.setattr(worker, "_BATCH_LASTS", 0.2 if is_slow else 60.0)
    monkeypatch.setattr(worker, "_QUICK", 60.0)
    for name in ("ann", "bob", "cas"):
        send_form(ctx, f"{name}@voorbeeld.test")

    def stop(recipient: str) -> None:
        if recipient.startswith("bob"):  # in one batch with cas
            mail_opt_out.stop(ctx, stop_token(ctx, "cas@voorbeeld.test"))
            time.sleep(0.3 if is_slow else 0)

    mailbox = Mailbox(trouble=stop)
    Worker(ctx, mailbox).work_off()
    asked = [mail["To"].partition("@")[0] for mail in mailbox.mails if "/confirm/" in text_of(mail)]
    assert asked == (["ann", "bob"] if is_slow else ["ann", "bob", "cas"])
    assert len(mailbox.mails) == len(asked) + 1, "the last one says that it has stopped"


def stop_token(ctx: Context, email: str) -> str:
    """The token of the link with which somebody says "never mail me again"."""
    with ctx.database.read() as connection:
        return str(connection.execute(select(subjects.c.stop_token).where(subjects.c.email == email)).scalar_one())


def counted_in(begun: list[None], begin: Callable[[], object]) -> Callable[[], object]:
    """Begins a transaction, and notes it."""

    def begins() -> object:
        begun.append(None)
        return begin()

    return begins


def counted_out(begun: list[None], write: Callable[..., object]) -> Callable[..., object]:
    """What writes a batch reads in a transaction of its own; that one takes nothing from anybody."""

    def written(*all_that: Any) -> object:
        begun.pop()
        return write(*all_that)

    return written


def test_a_worker_that_is_told_to_stop_keeps_no_mail_from_the_others(ctx: Context) -> None:
    send_form(ctx, "ann@voorbeeld.test")
    send_form(ctx, "bob@voorbeeld.test")
    first, other = Mailbox(trouble=lambda recipient: stopping.stop()), Mailbox()
    stopping = Worker(ctx, first)
    stopping.run()
    Worker(ctx, other).work_off()
    assert [[mail["To"] for mail in mailbox.mails] for mailbox in (first, other)] == [
        ["ann@voorbeeld.test"],
        ["bob@voorbeeld.test"],
    ]


def test_two_connections_hand_over_two_mails_at_once_and_each_mail_once(
    any_present: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "PATIENCE", 40.0)
    for number in range(20):
        send_form(any_present, f"p{number}@voorbeeld.test")
    with Sink() as sink:
        settings = replace(any_present.settings, MAIL_PORT=sink.port)
        sink.silent_at = "DATA"
        with at_work(Worker(any_present, SmtpTransport(settings), SmtpTransport(settings))):
            until(lambda: sink.asked.count("DATA") == 2, "two mails under way at once")
            sink.speak()
            until(lambda: mailed(any_present) == 20, "all mails")
        assert sorted(received.recipients for received in sink.mails) == sorted(
            (f"p{number}@voorbeeld.test",) for number in range(20)
        )
        assert len(sink.callers) == 2


def test_mails_go_while_there_is_much_housekeeping(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        send_form(ctx, f"p{number}@voorbeeld.test")
    goes_on = threading.Event()

    def tidy(ctx: Context, _: Callable[[], bool]) -> bool:
        goes_on.wait(30)
        return False

    monkeypatch.setattr(housekeeping, "tidy", tidy)
    with at_work(Worker(ctx, Mailbox())):
        until(lambda: mailed(ctx) == 5, "all mails")
        goes_on.set()


def until_told(ctx: Context, goes_on: Callable[[], bool]) -> bool:
    """Housekeeping that never comes to an end by itself."""
    while goes_on():
        pass
    return False


def test_a_slice_of_housekeeping_ends_when_its_time_is_over(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "tidy", until_told)
    monkeypatch.setattr(worker, "_SLICE", 0.1)
    Worker(ctx, Mailbox()).tidy_when_due()


def test_a_worker_that_is_told_to_stop_ends_its_housekeeping(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "tidy", until_told)
    monkeypatch.setattr(worker, "_SLICE", 600.0)
    run_until(Worker(ctx, Mailbox()), lambda: True)


def test_an_orphan_ends_its_housekeeping(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "tidy", until_told)
    monkeypatch.setattr(worker, "_SLICE", 600.0)
    looks = iter([True, True, True])
    Worker(ctx, Mailbox(), alive=lambda: next(looks, False)).run()


def test_a_running_worker_lets_requests_lapse_and_connects_to_no_mail_server_for_it(
    ctx: Context, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    send_form(ctx, "ann@voorbeeld.test")
    Worker(ctx, Mailbox()).work_off()
    clock.forward(days=7)
    assert [line["status"] for line in reports.status(ctx, "ann@voorbeeld.test", None)] == ["lapsed"]
    run_until(Worker(ctx, SmtpTransport(ctx.settings)), lambda: not reports.status(ctx, "ann@voorbeeld.test", None))
    assert caplog.text == ""


def run_until(running_worker: Worker, is_done: Callable[[], bool]) -> None:
    """Let a worker run in a thread until something is so."""
    with at_work(running_worker):
        until(is_done, "what the worker should do")


@contextmanager
def at_work(running_worker: Worker) -> Iterator[None]:
    """A worker that runs in a thread."""
    thread = threading.Thread(target=running_worker.run)
    thread.start()
    try:
        yield
    finally:
        running_worker.stop()
        thread.join(30)
    assert not thread.is_alive()
