"""What every service works with: settings, database, keys, clock, and the notices that were read before."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError

from .. import __version__
from ..config import BadSetting, Settings
from ..signing import Clock, Signing, utc_now
from ..storage import notices
from ..storage.database import Database, NewerTables, WrongKey, read_meta, versions, write_meta
from ..storage.limits import stored_salts
from ..storage.notices import StoredNotice

_FORBIDDEN = "42501"
"""PostgreSQL's code for what this user may not do."""
_SET_IT = "set AKKOORD_DATA_DIR or AKKOORD_DATABASE_URL to what the server has"


class UnknownLink(Exception):
    """Nothing is kept under a link: it is forged, of another kind, or what it led to was erased."""


@dataclass
class Context:
    """What the services of one process share.

    `limited` is False in the demo alone, where nobody else's mailbox is at risk.
    `next_duty` is the place of the duty with which the next turn of housekeeping begins.
    """

    settings: Settings
    database: Database
    keys: tuple[str, ...]
    clock: Clock = utc_now
    limited: bool = True
    next_duty: int = 0
    _notices: dict[str, StoredNotice] = field(default_factory=dict)
    _siblings: dict[str, dict[str, str]] = field(default_factory=dict)
    _salts: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def open(cls, settings: Settings, clock: Clock = utc_now, limited: bool = True, prepare: bool = True) -> "Context":
        """Open the database, making it on the first run. `prepare` is off where another process has seen to that.

        Raises:
            BadSetting: when the folder or the database cannot be used, or the key is not the one it was made under.
        """
        if prepare:
            _prepare_folder(settings)
        keys = _keys(settings, prepare)
        database = _database(settings)
        if prepare:
            _prepare_database(settings, database, keys)
        return cls(settings, database, keys, clock, limited)

    @classmethod
    def open_existing(cls, settings: Settings, clock: Clock = utc_now) -> "Context":
        """Open the database that a server works with, and make nothing: no folder, no file, no key and no table.

        Raises:
            BadSetting: when there is none, when it is of another version, or as in `open`.
        """
        database = _existing_database(settings)
        with _told(settings, database):
            _require_prepared(settings, database)
            keys = _keys(settings, prepare=False)
            database.require_key(keys)
        return cls(settings, database, keys, clock)

    @cached_property
    def signing(self) -> Signing:
        """The signed tokens under the keys of this installation."""
        return Signing(self.keys, self.clock)

    def notice(self, connection: Connection, notice_hash: str) -> StoredNotice:
        """A stored notice. It never changes, so it is read once (what stands beside it may; see `storage.notices`).

        Raises:
            KeyError: when there is none.
        """
        stored = self._notices.get(notice_hash)
        if stored is None:
            stored = notices.find(connection, notice_hash)
            if stored is None:
                raise KeyError(notice_hash)
            self._notices[notice_hash] = stored
        return stored

    def stored_notice(self, notice_hash: str) -> StoredNotice:
        """Like `notice`, opening a transaction only where the notice was not read before."""
        known = self._notices.get(notice_hash)
        if known is not None:
            return known
        with self.database.read() as connection:
            return self.notice(connection, notice_hash)

    def siblings(self, stored: StoredNotice) -> dict[str, str]:
        """The hashes of the notices that say the same in each language."""
        known = self._siblings.get(stored.notice.hash)
        if known is None:
            with self.database.read() as connection:
                known = self._siblings[stored.notice.hash] = notices.siblings(connection, stored)
        return known

    def salts(self, now: datetime) -> dict[str, bytes]:
        """The salts of the counters, read once a day: those that are committed, for another act may yet break off."""
        if now.date().isoformat() not in self._salts:
            with self.database.read() as connection:
                self._salts = stored_salts(connection, now)
        return self._salts

    def forget_notices(self) -> None:
        """Read every notice anew: what stands beside one, such as the looks, may have changed."""
        self._notices.clear()
        self._siblings.clear()

    def fresh_notice(self, connection: Connection, notice_hash: str) -> StoredNotice:
        """A stored notice with what stands beside it now. Raises like `notice`."""
        self._notices.pop(notice_hash, None)
        return self.notice(connection, notice_hash)


def claim_for_server(ctx: Context) -> None:
    """Note that a production server works with this database, so that no demo takes its mails."""
    with ctx.database.write() as connection:
        write_meta(connection, "served", "yes")


def belongs_to_a_server(ctx: Context) -> bool:
    """Whether a production server has worked with this database."""
    with ctx.database.read() as connection:
        return read_meta(connection, "served") is not None


def _keys(settings: Settings, prepare: bool) -> tuple[str, ...]:
    """All keys, oldest to newest: the order in which itsdangerous signs with the last one (CVE-2025-47278)."""
    return (*settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY or _generated_key(settings.DATA_DIR, prepare))


def _database(settings: Settings, must_exist: bool = False) -> Database:
    try:
        return Database(settings.database_url, must_exist)
    except ModuleNotFoundError:
        raise BadSetting("DATABASE_URL", "PostgreSQL needs one more package: pip install 'akkoord[postgres]'") from None
    except (ArgumentError, ValueError):
        raise BadSetting("DATABASE_URL", "is not the address of a database") from None


def _prepare_database(settings: Settings, database: Database, keys: tuple[str, ...]) -> None:
    with _told(settings, database):
        database.migrate()
        database.accept_key(keys)


def _existing_database(settings: Settings) -> Database:
    try:
        return _database(settings, must_exist=True)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _of_database(settings, f"there is no database at {error.filename}; {_SET_IT}") from None
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        raise _of_database(settings, f"{error.filename} cannot be read: {why}") from None


def _require_prepared(settings: Settings, database: Database) -> None:
    version, known = database.version(), versions()
    if version is None:
        raise _of_database(settings, f"{database.place} holds no table of Akkoord; {_SET_IT}")
    if version not in known:
        raise NewerTables
    if version != known[-1]:
        raise _of_database(
            settings,
            f"{database.place} is of an older version of Akkoord; start `akkoord serve` or `akkoord worker` once,"
            " which brings it up to date",
        )


@contextmanager
def _told(settings: Settings, database: Database) -> Iterator[None]:
    """Turn what is wrong with the database, and is no fault of ours, into one line; then nobody needs it any more."""
    try:
        yield
    except Exception as error:
        database.engine.dispose()
        problem = _problem(settings, database, error)
        if problem is None:
            raise
        raise problem from None


def _problem(settings: Settings, database: Database, error: Exception) -> BadSetting | None:
    if isinstance(error, NewerTables):
        return _of_database(
            settings, f"{database.place} is of a newer version of Akkoord than this one ({__version__}): use that one"
        )
    if isinstance(error, WrongKey):
        return BadSetting(
            "SECRET_KEY",
            "is not the key that this database was made under; put that key here, or in "
            "AKKOORD_SECRET_KEY_FALLBACKS if this one is to follow it",
        )
    forbidden = isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == _FORBIDDEN
    if not isinstance(error, DBAPIError) or not (forbidden or type(error) in (DatabaseError, OperationalError)):
        return None  # a fault of ours, and not of what the setting leads to
    why, _, _ = str(error.orig).strip().partition("\n")
    if getattr(error.orig, "sqlite_errorname", "").startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
        # Also to read it needs the files beside its own, and makes them where no server does.
        why += "; run this as the user that runs the server"
    return _of_database(settings, f"{database.place} cannot be opened: {why}")


def _of_database(settings: Settings, problem: str) -> BadSetting:
    return BadSetting("DATABASE_URL" if settings.DATABASE_URL else "DATA_DIR", problem)


def _prepare_folder(settings: Settings) -> None:
    try:
        settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting("DATA_DIR", f"{settings.DATA_DIR} cannot be made: {error.strerror}") from None


def _generated_key(folder: Path, prepare: bool) -> str:
    """The key in the data folder, made on the first run. Of two processes that make it at once, both use one key."""
    path = folder / "secret_key"
    try:
        if prepare and not path.exists():
            _write_once(path, secrets.token_urlsafe(32))
        if path.stat().st_mode & 0o077:
            raise BadSetting("DATA_DIR", f"others can read {path}: chmod 600 it")
        key = path.read_bytes().decode("ascii", "replace").strip()
    except FileNotFoundError:
        raise BadSetting(
            "DATA_DIR", f"{path} is missing; set this, or AKKOORD_SECRET_KEY, to what the server has"
        ) from None
    except OSError as error:
        raise BadSetting("DATA_DIR", f"{folder} cannot be used: {error.strerror}") from None
    if len(key) < 16 or not (key.isascii() and key.isprintable()):
        raise BadSetting("DATA_DIR", f"{path} holds no key: put the right one back")
    return key


def _write_once(path: Path, text: str) -> None:
    # Written whole beside the name and then linked to it: nobody ever reads half a key.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
