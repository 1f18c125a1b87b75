"""What is not to be stored, or no more, is in no file of SQLite a minute later, while others read and write."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from app.services.context import Context
from tests.delivery.sink import Sink, until
from tests.factories import send_form
from tests.faults.test_housekeeping_piles import changed_to, present
from tests.server.running import forked
from tests.services.person import Person
from tests.test_worker import settings_of

__all__ = ["present"]

CANARY = "kanarie@voorbeeld.test"
_FREE_TEXT = "Geel van veren"


@contextmanager
def people(ctx: Context) -> Iterator[None]:
    """Others who read, so that there is always somebody who does, and who write, while the block runs."""
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            with ctx.database.read() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM subjects").all()
                time.sleep(0.04)

    def write() -> None:
        for number in count():
            if ended.wait(0.05):
                return
            send_form(ctx, f"mens{number}@voorbeeld.test", network=f"198.51.{number % 256}.0/24")

    threads = [threading.Thread(target=one) for one in (read, read, read, write)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def files_with(ctx: Context, *texts: str) -> list[str]:
    """The files of the data folder in which one of these texts stands."""
    # In a process of its own: whoever closes a file of SQLite drops the locks that its process has on it.
    wanted = [word for text in texts for word in ("-e", text)]
    found = subprocess.run(
        ["grep", "-rlaF", *wanted, ctx.settings.DATA_DIR],  # noqa: S607 (of this system)
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert found.returncode in (0, 1), found.stderr
    return found.stdout.splitlines()


def said_never(ctx: Context) -> tuple[str, ...]:
    """Somebody wants no mail any more, and in their name the form is sent: of what it says nothing is to be stored."""
    canary = Person(ctx, "an@voorbeeld.test")
    canary.asks("keep_cv")
    canary.stops()
    send_form(ctx, "An@voorbeeld.test", ("offers_mail",), fields={"first_name": _FREE_TEXT})
    return (_FREE_TEXT, "An@voorbeeld.test")


def said_no(ctx: Context) -> tuple[str, ...]:
    canary = Person(ctx, CANARY)
    canary.says_no(canary.asks("offers_mail", first_name=_FREE_TEXT))
    return (_FREE_TEXT, CANARY)


def lapsed(ctx: Context) -> tuple[str, ...]:
    Person(ctx, CANARY).asks("offers_mail", first_name=_FREE_TEXT)
    changed_to(ctx, "requests", expires_at="2020-01-01T00:00:00.000000Z")
    return (_FREE_TEXT, CANARY)


@pytest.mark.parametrize("comes", [said_never, said_no, lapsed])
def test_it_is_gone_within_a_minute(
    present: Context, tmp_path: Path, comes: Callable[[Context], tuple[str, ...]]
) -> None:
    with Sink() as sink, forked(tmp_path, "worker", **settings_of(present, sink.port)):
        texts = comes(present)
        with people(present):
            until(lambda: files_with(present, *texts) == [], "it is gone", 60)
