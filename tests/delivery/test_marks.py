"""What was sent and not yet recorded is known after a worker was killed."""

import os
from pathlib import Path

import pytest

from app import worker
from app.delivery.marks import Marks, left
from app.services import sending
from app.services.context import Context
from app.storage.outbox import LEASE
from app.worker import Worker
from tests import audit
from tests.factories import Clock, Mailbox, send_form

MARKS = [("a" * 32, "b" * 32), ("c" * 32, "b" * 32)]


class Killed(BaseException):
    """Ends a worker where it stands."""


def found(folder: Path) -> list[tuple[str, str]]:
    """What is left in a folder, which is forgotten by this."""
    with left(folder) as marks:
        return marks


def abandoned(folder: Path) -> None:
    """Marks whose worker was killed: the system closes its files."""
    marks = Marks(folder)
    for mark in MARKS:
        marks.add(mark)
    assert marks._file is not None
    os.close(marks._file)


def test_what_a_killed_worker_has_marked_is_found_once(tmp_path: Path) -> None:
    abandoned(tmp_path)
    assert found(tmp_path) == MARKS
    assert found(tmp_path) == []


def test_what_could_not_be_recorded_stays_marked(tmp_path: Path) -> None:
    abandoned(tmp_path)
    with pytest.raises(RuntimeError), left(tmp_path):
        raise RuntimeError
    assert found(tmp_path) == MARKS


def test_the_marks_of_a_worker_that_lives_are_its_own(tmp_path: Path) -> None:
    marks = Marks(tmp_path)
    marks.add(MARKS[0])
    assert found(tmp_path) == []
    marks.close()
    assert found(tmp_path) == MARKS[:1], "it ended before it could record that"


def test_nothing_stays_of_marks_that_were_recorded(tmp_path: Path) -> None:
    marks = Marks(tmp_path)
    marks.add(MARKS[0])
    (file,) = tmp_path.glob("outbox-*.sent")
    assert file.stat().st_mode & 0o777 == 0o600
    marks.clear()
    assert file.read_bytes() == b""
    marks.close()
    assert not file.exists()


def test_a_folder_that_takes_no_mark_keeps_no_mail_from_going(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Marks(tmp_path / "missing").add(MARKS[0])
    assert "could not be marked" in caplog.text
    assert found(tmp_path / "missing") == []


def test_of_a_killed_worker_only_the_mail_under_way_goes_twice(
    any_ctx: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_QUICK", 60.0)
    for number in range(7):
        send_form(any_ctx, f"p{number}@voorbeeld.test")
        clock.forward(seconds=1)
    first, second = Mailbox(), Mailbox()

    def kill(_: str) -> None:
        if len(first.mails) == 6:
            raise Killed

    first.trouble = kill
    killed = Worker(any_ctx, first)
    with pytest.raises(Killed):
        killed.work_off()
    assert len(audit.rows(any_ctx, "outbox", "status = 'sent'")) == 3, "batches of 1 and 2; of the third 3 had gone"
    file = killed._lines[0]._marks._file
    assert file is not None
    os.close(file)

    sending.record_marked(any_ctx)
    assert len(audit.rows(any_ctx, "outbox", "status = 'sent'")) == 6
    clock.now += LEASE
    Worker(any_ctx, second).work_off()

    assert [mail["To"] for mail in second.mails] == ["p6@voorbeeld.test"]
    assert [kind for kind, _ in audit.history(any_ctx)].count("mailed") == 7


def test_a_mark_of_another_lease_counts_for_nothing(ctx: Context, clock: Clock) -> None:
    """The worker hung, another has sent the mail since, and it waits for its next try."""
    send_form(ctx)
    marks = Marks(ctx.settings.DATA_DIR)
    (row,) = sending.claim(ctx)
    marks.add((row.id, "f" * 32))
    marks.close()

    sending.record_marked(ctx)

    assert [row["status"] for row in audit.rows(ctx, "outbox")] == ["queued"]
