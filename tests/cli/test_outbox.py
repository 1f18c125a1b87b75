"""`akkoord outbox list` and `akkoord outbox retry`: what an operator is told, and what happens then."""

import json
import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection

from app.cli import cli
from app.delivery.transport import (
    DeliveryFailure,
    InDoubt,
    PerhapsSent,
    PermanentFailure,
    ServerFailure,
    TemporaryFailure,
)
from app.services import confirmation, outbox
from app.services.context import Context
from app.storage import outbox as storage
from app.worker import Worker
from tests import audit
from tests.factories import Clock, Mailbox, claim_one, read, send_form, token_in, work_off
from tests.server.running import KEY
from tests.services.person import Person

Call = Callable[..., Result]

PROBLEMS: dict[str, DeliveryFailure] = {
    "failed": PermanentFailure("RCPT 550 5.1.1"),
    "waiting": TemporaryFailure("RCPT 451 4.7.1"),
    "perhaps": PerhapsSent("end of data TimeoutError"),
}


@pytest.fixture
def present(ctx: Context) -> Iterator[Context]:
    """A kit whose clock tells the real time, as the command does."""
    opened = Context.open(ctx.settings)
    yield opened
    opened.database.engine.dispose()


@pytest.fixture
def over(ctx: Context) -> Call:
    """Calls the command over the database of `ctx`."""

    def calling(*arguments: str) -> Result:
        environment = {"AKKOORD_DATA_DIR": str(ctx.settings.DATA_DIR), "AKKOORD_SECRET_KEY": KEY}
        return CliRunner().invoke(cli, ["outbox", *arguments], env=environment, prog_name="akkoord")

    return calling


def trouble(recipient: str) -> None:
    if problem := PROBLEMS.get(recipient.partition("@")[0]):
        raise problem


def tried(ctx: Context) -> dict[str, str]:
    """Let four mails be tried: one fails, one waits, one was perhaps sent, one goes. Returns their ids by state."""
    for name in (*PROBLEMS, "fine"):
        send_form(ctx, f"{name}@voorbeeld.test")
    Worker(ctx, Mailbox(trouble=trouble)).work_off()
    return {mail["status"]: mail["id"] for mail in outbox.unfinished(ctx)["mails"]}


def test_the_list_tells_of_each_mail_that_has_not_gone_and_nothing_of_anybody(present: Context, over: Call) -> None:
    tried(present)
    before = audit.everything(present)
    shown = over("list")
    told = json.loads(over("list", "--json").stdout)
    assert shown.exit_code == 0
    assert told["pause"] is None
    assert [(mail["status"], mail["code"], mail["attempts"]) for mail in told["mails"]] == [
        ("failed", "RCPT 550 5.1.1", 1),
        ("waiting", "RCPT 451 4.7.1", 1),
        ("perhaps_sent", "end of data TimeoutError", 1),
    ]
    for line, mail in zip(shown.stdout.splitlines(), told["mails"], strict=True):
        assert line.startswith(f"{mail['id']}  confirm  talentwerk/careers  {mail['status']}  made 2026-")
        assert line.endswith(f"tried 1  {mail['code']}")
    assert "voorbeeld" not in shown.output + str(told)
    assert audit.everything(present) == before


def test_the_list_tells_of_the_pause(present: Context, over: Call) -> None:
    send_form(present)

    def refuse(recipient: str) -> None:
        raise ServerFailure("AUTH 535 5.7.8")

    Worker(present, Mailbox(trouble=refuse)).work_off()
    assert re.match(r"All mails wait until 2026-\S+Z \(pause 1 in a row\): AUTH 535 5.7.8\n", over("list").stdout)
    assert json.loads(over("list", "--json").stdout)["pause"]["pauses"] == 1


def test_what_could_not_be_taken_is_named_without_who_sent_it_and_taken_by_retry(present: Context, over: Call) -> None:
    send_form(present, is_taken=False)
    audit.run(present, "UPDATE intake SET set_aside_at = at, problem = 'KeyError', tries = 2")

    shown, told = over("list"), json.loads(over("list", "--json").stdout)

    assert re.fullmatch(r"form to talentwerk  sent 2026-\S+Z  not taken: KeyError\n", shown.stdout)
    assert "1 of the forms and requests sent could not be taken: akkoord outbox list\n" in shown.stderr
    assert [row["code"] for row in told["not_taken"]] == ["KeyError"]
    assert "voorbeeld" not in shown.output + str(told)
    assert over("retry").exit_code == 0
    assert over("list").stdout.count("confirm  talentwerk/careers  waiting") == 1


def test_an_empty_outbox_says_so(present: Context, over: Call) -> None:
    done = over("list")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "No mail waits, and none has failed.\n"


def test_retry_sends_what_failed_or_waits_and_nothing_twice(present: Context, over: Call) -> None:
    ids = tried(present)
    done = over("retry")
    assert done.stdout == "2 mails are tried again now, and no pause holds the others\n"
    assert done.stderr.endswith(f"if they may go twice: akkoord outbox retry {ids['perhaps_sent']}\n")
    assert sorted(str(mail["To"]) for mail in work_off(present)) == ["failed@voorbeeld.test", "waiting@voorbeeld.test"]
    assert [mail["status"] for mail in outbox.unfinished(present)["mails"]] == ["perhaps_sent"]


def test_retry_of_an_id_sends_that_mail_also_where_it_may_go_twice(present: Context, over: Call) -> None:
    ids = tried(present)
    done = over("retry", ids["perhaps_sent"])
    assert (done.stdout, done.stderr) == ("1 mail is tried again now, and no pause holds the others\n", "")
    assert [str(mail["To"]) for mail in work_off(present)] == ["perhaps@voorbeeld.test"]


def test_retry_gives_five_days_again(ctx: Context, clock: Clock) -> None:
    tried(ctx)
    for _ in range(40):
        clock.forward(hours=13)
        Worker(ctx, Mailbox(trouble=trouble)).work_off()
    assert {mail["status"] for mail in outbox.unfinished(ctx)["mails"]} == {"failed"}
    outbox.retry(ctx, tuple(mail["id"] for mail in outbox.unfinished(ctx)["mails"]))
    for days in range(4):
        Worker(ctx, Mailbox(trouble=trouble)).work_off()
        waiting = [mail["status"] for mail in outbox.unfinished(ctx)["mails"]]
        assert "waiting" in waiting, f"given up after {days} days"
        clock.forward(days=1)


def test_retry_ends_the_pause_and_what_was_in_doubt(present: Context, over: Call) -> None:
    for number in range(4):
        send_form(present, f"p{number}@voorbeeld.test")

    def refuse(recipient: str) -> None:
        raise InDoubt("RCPT 554 5.7.1", is_final=False)

    Worker(present, Mailbox(trouble=refuse)).work_off()
    assert work_off(present) == []
    assert over("retry").exit_code == 0
    assert len(work_off(present)) == 4


def test_retry_leaves_what_waits_for_its_own_time(present: Context, over: Call) -> None:
    """The third mail to an address waits for its turn under the limits."""
    send_form(present, "sofie@voorbeeld.test", ("offers_mail",))
    send_form(present, "sofie@voorbeeld.test", ("keep_cv",))
    work_off(present)
    send_form(present, "sofie@voorbeeld.test", ("offers_mail", "keep_cv"))
    assert over("retry").stdout == "0 mails are tried again now, and no pause holds the others\n"
    assert work_off(present) == []


def test_an_id_that_is_not_known_is_an_error_and_changes_nothing(present: Context, over: Call) -> None:
    ids = tried(present)
    sent = next(row["id"] for row in audit.rows(present, "outbox") if row["status"] == "sent")
    before = audit.everything(present)
    for unknown in ("0" * 32, sent):
        done = over("retry", ids["failed"], unknown)
        assert done.exit_code == 1
        assert done.stderr == f"Error: no mail with the id '{unknown}' waits or has failed\n"
    assert audit.everything(present) == before


def test_a_request_whose_link_perhaps_arrived_outlives_a_retry_and_a_stop(ctx: Context, clock: Clock) -> None:
    sofie, taken = Person(ctx), Mailbox()

    def lost(recipient: str) -> None:
        raise PerhapsSent("end of data TimeoutError")

    sofie.sends("keep_cv")
    taken.mails.append(next(iter(written(ctx))))
    Worker(ctx, Mailbox(trouble=lost)).work_off()
    (mail,) = outbox.unfinished(ctx)["mails"]
    outbox.retry(ctx, (mail["id"],))
    audit.run(ctx, "UPDATE outbox SET due_at = '2030-01-01T00:00:00.000000Z'")

    sofie.stops()

    confirmation.view(ctx, token_in(taken.mails[0], "confirm"))


def written(ctx: Context) -> Iterator[EmailMessage]:
    """The mail that is due, as it is written, and given back as if nobody had taken it."""
    found = claim_one(ctx)
    assert found is not None
    audit.run(ctx, "UPDATE outbox SET lease = NULL, lease_until = NULL")
    yield read(found.message)


def test_a_mail_that_was_dropped_between_the_list_and_the_retry_is_not_sent(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried(ctx)
    read = storage.unfinished

    def dropped_meanwhile(connection: Connection) -> Iterator[storage.Unfinished]:
        found = list(read(connection))
        connection.exec_driver_sql("UPDATE outbox SET status = 'dropped' WHERE status = 'queued'")
        return iter(found)

    monkeypatch.setattr(storage, "unfinished", dropped_meanwhile)

    assert outbox.retry(ctx, ()) == 1
    assert [str(mail["To"]) for mail in work_off(ctx)] == ["failed@voorbeeld.test"]
