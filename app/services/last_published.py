"""What was published last, so that a start with the same definitions does not check and compile them again."""

import json
import os
import stat
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection

from .. import __version__, i18n, paths
from ..storage.database import read_meta, write_meta

_META = "last_published"
_MOST_FILES = 5_000
_LARGEST = 1024 * 1024
"""Bytes of a file that is read; a larger one is known by its size and its time."""


@dataclass(frozen=True)
class LastPublished:
    """What publishing a folder with this fingerprint came to: the faults, and what else was to be said."""

    fingerprint: str
    faults: tuple[str, ...]
    warnings: tuple[str, ...]


def find(connection: Connection, fingerprint: str) -> LastPublished | None:
    """What was published last, if it has this fingerprint: then all of it still stands."""
    plain = json.loads(read_meta(connection, _META) or "{}")
    if not fingerprint or plain.get("fingerprint") != fingerprint:
        return None
    return LastPublished(fingerprint, tuple(plain["faults"]), tuple(plain["warnings"]))


def store(connection: Connection, published: LastPublished | None) -> None:
    """Note what is published now; None where nobody knows its fingerprint, and the next start reads everything."""
    write_meta(connection, _META, json.dumps(asdict(published) if published else {}))


def fingerprint(folder: Path, today: date) -> str:
    """The SHA-256 of all that decides what publishing comes to: files, kit, languages, and the day, whose law counts.

    Empty where something cannot be read, or is too much to read here.
    """
    try:
        # Faults name files as seen from the current directory.
        about = [__version__, today.isoformat(), os.fspath(folder), os.path.realpath(folder), os.getcwd()]  # noqa: PTH109
        kit = [_look(path) for path in _below(paths.TRANSLATIONS) + _below(Path(__file__).parent.parent, ".py")]
        definitions = [[*_look(path), _content(path)] for path in _below(folder)]
    except (OSError, _TooMuch):
        return ""
    return sha256(json.dumps([about, i18n.LANGUAGES, kit, definitions]).encode()).hexdigest()


class _TooMuch(Exception):
    """More files than anybody has definitions."""


def _below(folder: Path, ending: str = "") -> list[str]:
    found = []
    for at, folders, files in os.walk(folder, onerror=_raise):
        found += [os.path.join(at, name) for name in (*folders, *files) if name.endswith(ending)]  # noqa: PTH118
        if len(found) > _MOST_FILES:
            raise _TooMuch
    return sorted(found)


def _raise(problem: OSError) -> None:
    raise problem


def _look(path: str) -> list[str | int]:
    status = os.lstat(path)
    if stat.S_ISLNK(status.st_mode):  # what it leads to is read where it is below the folder, and else refused
        return [path, os.readlink(path), os.path.realpath(path)]  # noqa: PTH115
    is_file = stat.S_ISREG(status.st_mode)
    return [path, status.st_mode, *((status.st_size, status.st_mtime_ns) if is_file else ())]


def _content(path: str) -> str:
    status = os.lstat(path)
    if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
        return ""
    return sha256(Path(path).read_bytes()).hexdigest()
