"""Which mails the server has taken while the database does not know it yet: a file for each connection of a worker.

A mail is marked before the next one is handed over. So of the mails of a killed worker at most the one under way on
each connection goes twice. The file is not forced to the disk: the system keeps what a killed process wrote, and only
after a power cut a batch may go twice.
"""

import fcntl
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

log = logging.getLogger(__name__)

_LOCK_FILE = "outbox.lock"
_PATTERN = "outbox-*.sent"

Mark = tuple[str, str]
"""The id of a mail, and the lease under which it was sent."""


class Marks:
    """The marks of one connection, in a file of its own that is locked while it is in use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / f"outbox-{secrets.token_hex(8)}.sent"
        self._file: int | None = None

    def add(self, mark: Mark) -> None:
        """Note that a mail was taken. A disk that takes no note keeps no mail from being sent."""
        try:
            if self._file is None:
                self._file = self._opened()
            os.write(self._file, "{} {}\n".format(*mark).encode())
        except OSError as error:
            log.warning("That a mail was sent could not be marked: %s", error.strerror)

    def clear(self) -> None:
        """Forget all marks: the database knows what they say."""
        if self._file is not None:
            os.ftruncate(self._file, 0)

    def close(self) -> None:
        """Remove the file, unless the database was never told what it says."""
        if self._file is not None:
            if os.fstat(self._file).st_size == 0:
                self._path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = None

    def _opened(self) -> int:
        with _alone(self._folder):  # else it would be taken for one that was left before it is locked
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            fcntl.flock(file, fcntl.LOCK_EX)
            return file


@contextmanager
def left(folder: Path) -> Iterator[list[Mark]]:
    """What killed workers of this machine have left marked. It is forgotten when the block ends without an exception.

    Others who ask wait meanwhile: they are not to send again what is just being recorded.
    """
    if not folder.is_dir():
        yield []
        return
    with _alone(folder), ExitStack() as files:
        abandoned = []
        for path in folder.glob(_PATTERN):
            file = files.enter_context(path.open("rb"))
            with suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                abandoned.append((path, file.read().decode("ascii", "replace").splitlines()))
        yield [(line[:32], line[33:]) for _, lines in abandoned for line in lines]
        for path, _ in abandoned:
            path.unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    file = os.open(folder / _LOCK_FILE, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)
