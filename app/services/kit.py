"""What every service works with: settings, database, keys, clock, and the notices that were read before."""

import os
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from ..config import BadSetting, Settings
from ..signing import Clock, Signing, utc_now
from ..storage import notices
from ..storage.database import Database, WrongKey, read_meta, write_meta
from ..storage.notices import StoredNotice


class UnknownLink(Exception):
    """Nothing is kept under a link: it is forged, of another kind, or what it led to was erased."""


@dataclass
class Kit:
    """The running kit. `limited` is False in the demo alone, where nobody else's mailbox is at risk."""

    settings: Settings
    database: Database
    keys: tuple[str, ...]
    clock: Clock = utc_now
    limited: bool = True
    _notices: dict[str, StoredNotice] = field(default_factory=dict)
    _siblings: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def open(cls, settings: Settings, clock: Clock = utc_now, limited: bool = True, prepare: bool = True) -> "Kit":
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

    def forget_notices(self) -> None:
        """Read every notice anew: what stands beside one, such as the looks, may have changed."""
        self._notices.clear()
        self._siblings.clear()

    def fresh_notice(self, connection: Connection, notice_hash: str) -> StoredNotice:
        """A stored notice with what stands beside it now. Raises like `notice`."""
        self._notices.pop(notice_hash, None)
        return self.notice(connection, notice_hash)


def claim_for_server(kit: Kit) -> None:
    """Note that a production server works with this database, so that no demo takes its mails."""
    with kit.database.write() as connection:
        write_meta(connection, "served", "yes")


def belongs_to_a_server(kit: Kit) -> bool:
    """Whether a production server has worked with this database."""
    with kit.database.read() as connection:
        return read_meta(connection, "served") is not None


def _keys(settings: Settings, prepare: bool) -> tuple[str, ...]:
    """All keys, oldest to newest: the order in which itsdangerous signs with the last one (CVE-2025-47278)."""
    return (*settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY or _generated_key(settings.DATA_DIR, prepare))


def _database(settings: Settings) -> Database:
    try:
        return Database(settings.database_url)
    except ModuleNotFoundError:
        raise BadSetting("DATABASE_URL", "PostgreSQL needs one more package: pip install 'akkoord[postgres]'") from None
    except (ArgumentError, ValueError):
        raise BadSetting("DATABASE_URL", "is not the address of a database") from None


def _prepare_database(settings: Settings, database: Database, keys: tuple[str, ...]) -> None:
    try:
        database.migrate()
        database.accept_key(keys)
    except DatabaseError as error:
        if type(error) not in (DatabaseError, OperationalError):
            raise  # a fault of ours, and not of what the setting leads to
        name = "DATABASE_URL" if settings.DATABASE_URL else "DATA_DIR"
        raise BadSetting(name, "the database there cannot be opened") from None
    except WrongKey:
        raise BadSetting(
            "SECRET_KEY",
            "is not the key that this database was made under; put that key here, or in "
            "AKKOORD_SECRET_KEY_FALLBACKS if this one is to follow it",
        ) from None


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
