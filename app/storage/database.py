"""The way to the database: one engine per process, transactions for reading and for writing, and migrations."""

import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, bindparam, create_engine, event, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url

from .. import paths
from ..signing import fingerprint
from . import schema
from .prepared import Prepared, run_on_driver

_MIGRATION_LOCK = 0x616B6B6F

_META = Prepared(select(schema.meta.c.value).where(schema.meta.c.name == bindparam("name")))


class WrongKey(Exception):
    """The database was made under a secret key that this process does not have."""


class Database:
    """The database at an address. SQLite waits up to ten seconds for another writer, then raises OperationalError."""

    def __init__(self, url: str) -> None:
        self._sqlite = make_url(url).get_backend_name() == "sqlite"
        # Parameters hold personal data: they must not reach a log through an error's text.
        common: dict[str, Any] = {"hide_parameters": True}
        if self._sqlite:
            _make_private(make_url(url).database)
            self.engine = create_engine(url, connect_args={"timeout": 10}, **common)
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            # A lock or a server that never answers must become a 503, and not a process that hangs.
            limits = {"connect_timeout": 5, "options": "-c lock_timeout=10000 -c statement_timeout=20000"}
            self.engine = create_engine(url, pool_pre_ping=True, connect_args=limits, **common)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes; it is on disk when the block has ended without an exception."""
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    def migrate(self) -> None:
        """Bring the tables up to date. Several processes may call it at once: one does the work."""
        from alembic import command  # slow and large, and of no use to the processes that answer
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(paths.MIGRATIONS).replace("%", "%%"))
        with self.write() as connection:
            if not self._sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def accept_key(self, keys: tuple[str, ...]) -> None:
        """Check that this database was made under one of the keys (oldest to newest), and remember the newest.

        The first time it also makes the key of the suppressions, so that whoever only reads never has to.

        Raises:
            WrongKey: when it was made under another: going on would break every link that is on its way.
        """
        with self.write() as connection:
            remembered = read_meta(connection, "key")
            if remembered is not None and not any(hmac.compare_digest(remembered, fingerprint(key)) for key in keys):
                raise WrongKey
            write_meta(connection, "key", fingerprint(keys[-1]))
            insert_unless_there(connection, schema.meta, name="suppression_key", value=secrets.token_hex(32))

    def scrub(self) -> None:
        """Empty SQLite's write-ahead log, which still holds the bytes of deleted rows. Does nothing elsewhere."""
        if self._sqlite:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def answers(self) -> bool:
        """Whether the database answers a question about what it holds: SQLite makes an empty file of a missing one.

        Raises:
            SQLAlchemyError: when it does not.
        """
        with self.read() as connection:
            return read_meta(connection, "key") is not None


def read_meta(connection: Connection, name: str) -> str | None:
    """A value that the database remembers about itself."""
    value: str | None = _META.value(connection, name=name)
    return value


def write_meta(connection: Connection, name: str, value: str) -> None:
    """Remember a value, or another one."""
    insert_unless_there(connection, schema.meta, name=name, value=value)
    connection.execute(update(schema.meta).where(schema.meta.c.name == name).values(value=value))


def suppression_key(connection: Connection) -> bytes:
    """The key of the hashes that remember who said no. It never rotates, because then every no would be forgotten.

    Raises:
        LookupError: when `Database.accept_key` was never called.
    """
    key: bytes | None = connection.info.get("suppression key")
    if key is None:
        found = read_meta(connection, "suppression_key")
        if found is None:
            raise LookupError("the database has no suppression key")
        key = connection.info["suppression key"] = bytes.fromhex(found)
    return key


@contextmanager
def undone(connection: Connection) -> Iterator[None]:
    """Do the work of a block and then undo it, so that no answer is faster because less was to be stored."""
    attempt = connection.begin_nested()
    try:
        yield
    finally:
        attempt.rollback()


def insert_unless_there(connection: Connection, table: Table, **values: Any) -> None:
    """Insert a row, unless one with its key stands there already (another process may have been first)."""
    _insert_unless_there(table, connection.dialect.name).run(connection, **values)


@cache
def _insert_unless_there(table: Table, dialect: str) -> Prepared:
    insert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return Prepared(insert.on_conflict_do_nothing())


def _make_private(name: str | None) -> None:
    """Make the file of a new database for its owner alone; SQLite gives the files beside it the same mode."""
    if name and name != ":memory:" and Path(name).parent.is_dir() and not Path(name).exists():
        Path(name).touch(mode=0o600)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions on its own account
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that starts by reading and then writes can fail at once with "locked", without any waiting.
    writes = connection.get_execution_options().get("writes", False)
    run_on_driver(connection, "BEGIN IMMEDIATE" if writes else "BEGIN")
