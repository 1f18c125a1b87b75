"""Finds definition files and reads their bytes: none outside the forms folder, none large or special."""

import contextlib
import errno
import os
import re
import stat
from pathlib import Path

from .report import Position, Report, quote

LARGEST = 256 * 1024
"""Bytes that a definition file may have."""

NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
CONTROLLER_FILE = "controller.yaml"
START = Position()


class Unreadable(Exception):
    """A file or folder that cannot be read as a definition; a fault says why."""


def display(path: Path) -> str:
    """A path as faults print it: relative to the current directory where it lies below it."""
    full = Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve would follow links and so change the name
    with contextlib.suppress(ValueError, OSError):  # OSError: the current directory is gone
        full = full.relative_to(Path.cwd())
    return quote(os.fsencode(full).decode(errors="replace"), longest=4096)


def read_definition(path: Path, root: Path, report: Report) -> bytes:
    """The bytes of a definition file. It may be a link, but only to a file below `root`.

    Raises:
        Unreadable: when it is missing, elsewhere, special or too large; the report says which.
    """
    require_inside(path, root, report)
    try:
        # Without O_NONBLOCK, opening a named pipe would wait for a writer.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as problem:
        raise _refused(problem, report) from problem
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            report.add("AK115", START, "this is not a file: a definition is an ordinary YAML file")
            raise Unreadable
        data = b"" if status.st_size > LARGEST else _read_up_to(handle, LARGEST + 1)
        if status.st_size > LARGEST or len(data) > LARGEST:
            report.add(
                "AK102",
                START,
                "larger than 256 kB: a definition holds texts, nothing else; split the form in two",
            )
            raise Unreadable
        return data
    except OSError as problem:
        raise _refused(problem, report) from problem
    finally:
        os.close(handle)


def names_in(folder: Path, root: Path, report: Report) -> list[str]:
    """The names in a folder, sorted, without those that begin with a dot.

    Raises:
        Unreadable: when the folder is missing, unreadable or leads outside `root`; the report says which.
    """
    require_inside(folder, root, report)
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))  # noqa: PTH208 - names alone
    except OSError as problem:
        raise _refused(problem, report) from problem


def is_folder(path: Path) -> bool:
    """Whether a folder stands here. Unlike with `Path.is_dir`, a name too long or a locked parent is a no."""
    with contextlib.suppress(OSError, ValueError):
        return path.is_dir()
    return False


def exists(path: Path) -> bool:
    """Whether anything stands here, or a link that leads nowhere."""
    with contextlib.suppress(OSError, ValueError):
        return path.exists() or path.is_symlink()
    return False


def require_inside(path: Path, root: Path, report: Report) -> None:
    """Refuse a path whose links lead outside `root`.

    Raises:
        Unreadable: when they do.
    """
    try:
        inside = path.resolve().is_relative_to(root.resolve())
    except RuntimeError:  # a link to itself, in Python 3.11 and 3.12: who reads it is told so
        return
    except OSError:
        inside = False
    if not inside:
        report.add("AK114", START, "a link that leads outside the forms folder: put the file itself here")
        raise Unreadable


def check_name(name: str, report: Report) -> None:
    """Note a fault when a folder name or file stem cannot be part of a form's address."""
    if NAME.fullmatch(name) is None:
        report.add(
            "AK116",
            START,
            f"the name `{quote(name)}` becomes part of an address: write a small letter, then at most 39"
            " small letters, digits, `-` or `_`, such as `newsletter`",
        )


def _read_up_to(handle: int, most: int) -> bytes:
    parts: list[bytes] = []
    while most > 0 and (part := os.read(handle, most)):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def _refused(problem: OSError, report: Report) -> Unreadable:
    if problem.errno in (errno.ENOENT, errno.ENOTDIR):
        report.add("AK101", START, "there is nothing here")
    else:
        report.add("AK101", START, f"this cannot be read: {(problem.strerror or 'unknown reason').lower()}")
    return Unreadable()
