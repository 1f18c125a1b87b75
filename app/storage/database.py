"""The way to the database: one engine per process, transactions for reading and for writing, and migrations."""

import errno
import hmac
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    ExceptionContext,
    Table,
    bindparam,
    create_engine,
    event,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.engine import make_url

from .. import paths
from ..signing import fingerprint
from . import schema
from .group_commit import GroupCommit
from .prepared import Prepared, forget_reads, is_a_standby, run_on_driver

_MIGRATION_LOCK = 0x616B6B6F
_WAIT = 10
"""Seconds to wait for somebody else who writes."""
_LOOK_EVERY = 0.0003
"""Seconds; an act holds the database for one or two thousandths."""

_LEFT_IN_LOG = 100
"""Pages that may be written while a log is emptied."""
_WAIT_FOR_READERS = 100
"""Milliseconds for which a log that is emptied keeps writers waiting at most."""

_PRAGMAS = ("synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", f"busy_timeout={_WAIT * 1000}")

_META = Prepared(select(schema.meta.c.value).where(schema.meta.c.name == bindparam("name")))

# A lock or a server that never answers must become a 503, and not a process that hangs; and a machine that vanishes
# must not keep the chain it holds for the two hours that TCP would give it. What the address itself says comes first.
_LIMITS: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
    "options": "-c lock_timeout=10000 -c statement_timeout=20000"
    " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=2 -c tcp_user_timeout=20000",
}


class WrongKey(Exception):
    """The database was made under a secret key that this process does not have."""


class NewerTables(Exception):
    """A newer version of the program has changed the tables: this one does not know what they mean now."""


class Database:
    """The database at an address. SQLite waits up to ten seconds for another writer, then raises OperationalError.

    With `must_exist` opening it makes and changes nothing. `place` says where it is, without who may enter.

    Raises:
        OSError: with `must_exist`, when there is no file, or not one that this user may read.
    """

    def __init__(self, url: str, must_exist: bool = False) -> None:
        address = make_url(url)
        self._sqlite = address.get_backend_name() == "sqlite"
        self.place = _place(address)
        # Parameters hold personal data: they must not reach a log through an error's text.
        # Each thread has one or two connections at most; the one that was used last is the warmest.
        common: dict[str, Any] = {"hide_parameters": True, "pool_size": 0, "pool_use_lifo": True}
        if self._sqlite:
            if must_exist:
                address = _of_existing(address)
            else:
                _make_private(address.database)
            self.engine = create_engine(address, **common)
            event.listen(self.engine, "connect", _prepare_existing if must_exist else _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
            self._grouped = GroupCommit(self.engine, _begin_to_write, _WAIT)
            event.listen(self.engine, "engine_disposed", lambda _: self._grouped.close_unused())
        else:
            limits = {name: value for name, value in _LIMITS.items() if name not in address.query}
            if address.query.get("prepare_threshold") == "none":  # psycopg's own word for it is no text
                limits["prepare_threshold"] = None
            self.engine = create_engine(url, pool_pre_ping=True, connect_args=limits, **common)
            event.listen(self.engine, "handle_error", _leave_a_standby)
        event.listen(self.engine, "begin", forget_reads)
        event.listen(self.engine, "before_cursor_execute", _forget_reads)

    def read(self) -> AbstractContextManager[Connection]:
        """A transaction that only reads."""
        return self.engine.begin()

    def write(self) -> AbstractContextManager[Connection]:
        """A transaction that writes; it is on disk when the block has ended without an exception."""
        return self._grouped.write() if self._sqlite else self.engine.begin()

    def migrate(self) -> None:
        """Bring the tables up to date. Several processes may call it at once: one does the work.

        Raises:
            NewerTables: when they are ahead.
        """
        version, known = self.version(), versions()
        if version == known[-1]:  # then no lock is needed, and a copy that can only be read will do
            return
        if version not in (None, *known):
            raise NewerTables
        from alembic import command  # slow and large, and of no use to the processes that answer
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(paths.MIGRATIONS).replace("%", "%%"))
        with self.write() as connection:
            if not self._sqlite:
                # A large table takes its time, and whoever waits for another that migrates waits as long.
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def version(self) -> str | None:
        """The version of the tables, or None where there are none."""
        with self.read() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            version: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            return version

    def require_key(self, keys: tuple[str, ...]) -> None:
        """Check that this database was made under one of the keys, as far as it knows. Raises like `accept_key`."""
        with self.read() as connection:
            _require_key(connection, keys)

    def accept_key(self, keys: tuple[str, ...]) -> None:
        """Check that this database was made under one of the keys (oldest to newest), and remember the newest.

        The first time it also makes the key of the suppressions, so that whoever only reads never has to.

        Raises:
            WrongKey: when it was made under another: going on would break every link that is on its way.
        """
        newest = fingerprint(keys[-1])
        with self.read() as connection:
            if read_meta(connection, "key") == newest and read_meta(connection, "suppression_key") is not None:
                return
        with self.write() as connection:
            _require_key(connection, keys)
            write_meta(connection, "key", newest)
            insert_unless_there(connection, schema.meta, name="suppression_key", value=secrets.token_hex(32))

    def checkpoint_wal(self) -> bool:
        """Empty SQLite's write-ahead log, which still holds the bytes of deleted rows. Does nothing elsewhere.

        It also lets SQLite look how its tables have grown, where that may change its plans.

        Returns:
            Whether it is empty: somebody who reads an older state keeps it from being emptied, and then nobody waits
            for that.
        """
        if not self._sqlite:
            return True
        with self.write() as connection:
            connection.exec_driver_sql("PRAGMA analysis_limit=400")
            connection.exec_driver_sql("PRAGMA optimize")
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # What it can it copies while others write. To empty the log it keeps them waiting, as long as for the last
            # who reads from it: so it begins only where little is left to do.
            _, in_log, copied = connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").one()
            if in_log - copied > _LEFT_IN_LOG:
                return False
            connection.exec_driver_sql(f"PRAGMA busy_timeout={_WAIT_FOR_READERS}")
            try:
                is_busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={_WAIT * 1000}")
            return not is_busy

    def ping(self) -> bool:
        """Whether the database answers a question about what it holds: SQLite makes an empty file of a missing one.

        Raises:
            SQLAlchemyError: when it does not, or is a copy that can only be read.
        """
        with self.read() as connection:
            # Only to take a lock tells a primary from its standby. The row is one that nobody waits for.
            found = select(schema.meta.c.value).where(schema.meta.c.name == "key")
            return connection.execute(found.with_for_update(read=True, key_share=True)).scalar() is not None


def versions() -> list[str]:
    """The versions of the tables that this program knows, oldest first."""
    return sorted(path.name.partition("_")[0] for path in (paths.MIGRATIONS / "versions").glob("[0-9]*.py"))


def _require_key(connection: Connection, keys: tuple[str, ...]) -> None:
    remembered = read_meta(connection, "key")
    if remembered is not None and not any(hmac.compare_digest(remembered, fingerprint(key)) for key in keys):
        raise WrongKey


def lock_publishing(connection: Connection) -> None:
    """Wait until nobody else is putting definitions into service (on SQLite BEGIN IMMEDIATE has seen to that)."""
    connection.execute(select(schema.meta.c.value).where(schema.meta.c.name == "suppression_key").with_for_update())


def read_meta(connection: Connection, name: str) -> str | None:
    """A value that the database remembers about itself."""
    value: str | None = _META.value(connection, name=name)
    return value


def write_meta(connection: Connection, name: str, value: str) -> None:
    """Remember a value, or another one."""
    insert_unless_there(connection, schema.meta, name=name, value=value)
    connection.execute(update(schema.meta).where(schema.meta.c.name == name).values(value=value))


def suppression_key(connection: Connection) -> bytes:
    """The key of the hashes that remember who said no, and which child it was once its first name has gone.

    It never rotates, because then every no would be forgotten.

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
def savepoint(connection: Connection) -> Iterator[None]:
    """Do the work of a block in a savepoint: where it raises, what it did is rolled back, and nothing else.

    Raises:
        OperationalError: when the whole transaction is rolled back already, as SQLite does where the disk is full.
    """
    run_on_driver(connection, "SAVEPOINT attempt")
    try:
        yield
    except BaseException:
        forget_reads(connection)
        run_on_driver(connection, "ROLLBACK TO SAVEPOINT attempt")
        run_on_driver(connection, "RELEASE SAVEPOINT attempt")
        raise
    run_on_driver(connection, "RELEASE SAVEPOINT attempt")


def insert_unless_there(connection: Connection, table: Table, **values: Any) -> None:
    """Insert a row, unless one with its key stands there already (another process may have been first)."""
    _insert_unless_there(table, connection.dialect.name).run(connection, **values)


@cache
def _insert_unless_there(table: Table, dialect: str) -> Prepared:
    return Prepared(insert_of(dialect, table).on_conflict_do_nothing())


def insert_of(dialect: str, table: Table) -> Any:
    """The insert of SQLite or PostgreSQL, which can say what happens where the row stands there already (an upsert)."""
    # Imported only where it is used: the one of PostgreSQL takes two megabytes.
    return import_module("sqlalchemy.dialects." + dialect).insert(table)


def _make_private(name: str | None) -> None:
    """Make the file of a new database for its owner alone; SQLite gives the files beside it the same mode."""
    if name and name != ":memory:" and Path(name).parent.is_dir() and not Path(name).exists():
        Path(name).touch(mode=0o600)


def _of_existing(address: URL) -> URL:
    """The address that opens a file of SQLite and makes none: of a missing one it would make an empty one."""
    file = Path(address.database or "").absolute()
    file.stat()
    if not os.access(file, os.R_OK):  # to open it, even only to see, would drop the locks that this process has on it
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
    return address.set(database=file.as_uri()).update_query_dict({"mode": "rw", "uri": "true"})


def _place(address: URL) -> str:
    if address.get_backend_name() == "sqlite":
        return str(Path(address.database or "").absolute())
    hosts = {name: value for name, value in address.query.items() if name in ("host", "port")}
    return str(URL.create("postgresql", host=address.host, port=address.port, database=address.database, query=hosts))


def _leave_a_standby(context: ExceptionContext) -> None:
    if is_a_standby(context.original_exception):
        context.is_disconnect = True


def _forget_reads(connection: Connection, *_others: Any) -> None:
    """A savepoint that is rolled back comes this way too."""
    forget_reads(connection)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions on its own account
    # Of two that open a new file at once SQLite refuses one, however long it was told to wait.
    connection.execute("PRAGMA busy_timeout=0")
    _wait_while_busy(connection, "PRAGMA journal_mode=WAL")
    for pragma in ("journal_mode=WAL", *_PRAGMAS):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_existing(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # as above; the log is as the server left it, or else this would write one
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("writes", False):
        # SQLite's own waiting sleeps ever longer, up to a tenth of a second, while those who come later pass by.
        run_on_driver(connection, "PRAGMA busy_timeout=0")
    else:
        run_on_driver(connection, "BEGIN")


def _begin_to_write(connection: Connection) -> None:
    # A transaction that starts by reading and then writes can fail at once with "locked", without any waiting.
    forget_reads(connection)
    driver: Any = connection.connection.driver_connection
    _wait_while_busy(driver, "BEGIN IMMEDIATE")
    if not driver.in_transaction:
        run_on_driver(connection, "BEGIN IMMEDIATE")


def _wait_while_busy(driver: sqlite3.Connection, statement: str) -> None:
    """Run a statement, or give up after a while or at any other fault: whoever runs it again learns why."""
    until = time.monotonic() + _WAIT
    while _is_busy(driver, statement) and time.monotonic() < until:
        time.sleep(_LOOK_EVERY)


def _is_busy(driver: sqlite3.Connection, statement: str) -> bool:
    """Try to run a statement: whether somebody else was in the way."""
    try:
        driver.execute(statement)
    except sqlite3.DatabaseError as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False
