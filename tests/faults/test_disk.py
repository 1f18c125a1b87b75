"""A disk that fails or is full: nobody is told that something is stored which is not, and it ends by itself.

The system calls of the running product are made to fail by strace, on the files of the database alone.
"""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.delivery.sink import until
from tests.faults.auditor import check, halves
from tests.faults.conftest import Quiet
from tests.faults.product import COUNTS, FULL, Product
from tests.faults.strace import failing, strace
from tests.faults.visitor import ACTS, SUBMIT, Crowd, Visitors
from tests.server.running import Answer

_FAULTS = {
    "sync": (("fsync", "fdatasync"), "EIO"),
    "write": (("write", "writev", "pwrite64", "pwritev", "ftruncate", "fallocate"), "EIO"),
    "full": (("write", "writev", "pwrite64", "pwritev", "ftruncate", "fallocate"), "ENOSPC"),
}


def options(quiet: Quiet, fault: str) -> list[str]:
    names, error = _FAULTS[fault]
    data = (quiet.product.folder / "data").resolve()
    return failing(*names, error=error, files=(data / "akkoord.db", data / "akkoord.db-wal"))


def people(fault: str) -> list[tuple[str, str]]:
    return [(act, f"{act}.{fault}@voorbeeld.test") for act in ACTS]


@pytest.fixture(scope="module")
def pages(quiet: Quiet) -> dict[tuple[str, str], Answer]:
    return quiet.ready([who for fault in _FAULTS for who in people(fault)])


@pytest.mark.parametrize("fault", _FAULTS)
def test_nothing_is_acknowledged_while_the_disk_fails_and_all_goes_on_afterwards(
    quiet: Quiet, pages: dict[tuple[str, str], Answer], tmp_path: Path, fault: str
) -> None:
    before = quiet.visitors.answers["503"]
    with strace(tmp_path / "trace", quiet.product.webs, *options(quiet, fault)):
        answered = [quiet.visitors.press(act, email, pages[act, email]) for act, email in people(fault)]
    assert not any(answered)
    assert quiet.visitors.answers["503"] - before == len(ACTS)
    assert (tmp_path / "trace").read_text().count("(INJECTED)") >= len(ACTS)
    COUNTS["failed calls"] += len(ACTS)
    with quiet.product.ctx() as ctx:
        assert halves(ctx) == []
        with ctx.database.read() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
    for act, email in people(fault):
        assert quiet.visitors.press(act, email, pages[act, email]), f"{act} after the disk worked again"


@pytest.mark.parametrize("fault", _FAULTS if FULL else ["full"])
def test_mails_wait_while_the_disk_fails_and_go_by_themselves_afterwards(
    quiet: Quiet, tmp_path: Path, fault: str
) -> None:
    worker = quiet.product.start_worker()
    with strace(tmp_path / "trace", [worker.process.pid], *options(quiet, fault)):
        email = f"mail.{fault}@voorbeeld.test"
        quiet.visitors.does(SUBMIT, email)
        until(lambda: "The worker goes on" in worker.said, "the worker has met the fault")
        assert quiet.product.sink.link(email, "confirm") is None
    until(lambda: quiet.product.sink.link(email, "confirm") is not None, "the mail")
    worker.process.terminate()
    assert worker.ended() == 0


if FULL:

    @pytest.fixture
    def small_disk(tmp_path: Path) -> Iterator[Path]:
        """A disk of its own with little room, which needs the rights of root."""
        disk = tmp_path / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)], check=True)  # noqa: S607
        yield disk
        subprocess.run(["umount", "--lazy", str(disk)], check=True)  # noqa: S607

    def test_a_disk_that_is_full_loses_nothing_and_serves_again_once_there_is_room(
        small_disk: Path, tmp_path: Path
    ) -> None:
        filler = small_disk / "filler"
        with Product(tmp_path, "--workers", "2", DATA_DIR=str(small_disk / "data")) as product:
            visitors = Visitors(product)
            with Crowd(visitors, 3):
                until(lambda: len(product.sink.mails) > 3, "everything has started")
                with filler.open("wb", buffering=0) as file, suppress(OSError):
                    while True:
                        file.write(bytes(4096))
                until(lambda: visitors.answers["503"] > 3, "visitors are told to come back", 60)
                filler.unlink()
            product.crashes += 1  # a mail may have gone that could not be noted
            check(product, visitors)
