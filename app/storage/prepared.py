"""Core statements that are compiled once and then handed straight to the driver.

To run a statement, SQLAlchemy does ten times the work that SQLite does. That is of no account where a page runs three
of them, but an act runs twenty: a submission took 2.8 ms of the processor without this, and 1.9 with it. So acts use
this, and what runs rarely uses Core itself. Types, transactions and the pool stay SQLAlchemy's.

Why some parameters are named `the_subject_id` or `the_id`: in an update SQLAlchemy keeps the names of the columns for
what is set (SET form = :form), and refuses the same name in the condition. A parameter of the condition that
would be named like a column of the table has `the_` before it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Delete,
    Dialect,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import visitors

Statement = Select[Any] | CompoundSelect[Any] | Insert | Update | Delete
Row = tuple[Any, ...]

_READ_ONLY = "25006"
_MOST_KNOWN = 300
"""Reads that a transaction remembers: a batch of mails takes up to seven for each, and a report walks through everybody
in one."""
_TOGETHER = 20
"""Values that are read together in one statement."""


class Prepared:
    """A statement whose parameters are named with `bindparam`. An insert or update writes the columns it is given.

    Every method raises SQLAlchemyError as a Core statement does.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._compiled: dict[tuple[str, ...], _Compiled] = {}
        self._changes = str(statement.table) if isinstance(statement, Insert | Update | Delete) else ""
        self._reads = _tables_of(statement) if isinstance(statement, Select) and not _locks(statement) else None
        self._waits = isinstance(statement, Select) and _locks(statement)

    def rows(self, connection: Connection, **values: Any) -> list[Row]:
        """All rows that it finds. What this transaction has read and not changed since is not asked for again."""
        if self._reads is None:
            return self._rows(connection, values)
        known = _known(connection)
        key = (self, *values.items())
        read = known.get(key)
        if read is None:
            if len(known) >= _MOST_KNOWN:
                known.clear()
            read = known[key] = _Read(self._rows(connection, values), self._reads)
        return read.rows.copy()

    def _rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Row]:
        compiled = self._of(connection, values)
        found: list[Row] = compiled.run(connection, values).fetchall()
        if self._reads is None:
            self._forget_reads(connection)
        return [compiled.read(row) for row in found] if compiled.converts else found

    def first(self, connection: Connection, **values: Any) -> Row | None:
        """The first row that it finds."""
        return next(iter(self.rows(connection, **values)), None)

    def value(self, connection: Connection, **values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.first(connection, **values)
        return row[0] if row else None

    def run(self, connection: Connection, **values: Any) -> int:
        """Run it, and return how many rows it has changed."""
        changed = int(self._of(connection, values).run(connection, values).rowcount)
        self._forget_reads(connection)
        return changed

    def run_each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run it for each of these rows of values, all of one shape, and return how many rows it has changed."""
        if not rows:
            return 0
        changed = self._of(connection, rows[0]).run_each(connection, rows)
        self._forget_reads(connection)
        return changed

    def remember(self, connection: Connection, rows: list[Row], **values: Any) -> None:
        """Find these rows from now on, because somebody has read them with others."""
        _known(connection)[self, *values.items()] = _Read(rows, self._reads or frozenset())

    def _forget_reads(self, connection: Connection) -> None:
        """Forget what this may have changed, or everything after a lock: others may have written while it waited."""
        known = _known(connection)
        if self._waits and connection.dialect.name == "sqlite":
            return  # which has no lock of a row, and lets nobody else write in between
        if not self._changes:
            known.clear()
        for key in [key for key, read in known.items() if self._changes in read.tables]:
            del known[key]

    def _of(self, connection: Connection, values: Mapping[str, Any]) -> "_Compiled":
        key = (connection.dialect.name, *values)
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = _Compiled(self._statement, connection.dialect, list(values))
        return compiled


class ReadAhead:
    """Reads in one statement what `one` would read for each of several values of its only parameter.

    Args:
        one: the query, which afterwards does not ask for these.
        every: the same query for everybody.
        by: the column that the parameter `name` is compared with.
    """

    def __init__(self, one: Prepared, every: Select[Any], name: str, by: ColumnElement[Any]) -> None:
        self._one = one
        self._name = name
        self._names = [f"value_{number}" for number in range(_TOGETHER)]
        among = by.in_([bindparam(name) for name in self._names])
        self._together = Prepared(every.add_columns(by.label("read_by")).where(among))

    def read(self, connection: Connection, values: Iterable[str]) -> None:
        """Read for these values. An empty one is nobody's."""
        wanted = [*dict.fromkeys(filter(None, values))]
        for start in range(0, len(wanted), _TOGETHER):
            some = wanted[start : start + _TOGETHER]
            padded = [*some, *[""] * (_TOGETHER - len(some))]
            found: dict[str, list[Row]] = {value: [] for value in some}
            for *row, value in self._together.rows(connection, **dict(zip(self._names, padded, strict=True))):
                found[value].append(tuple(row))
            for value, rows in found.items():
                self._one.remember(connection, rows, **{self._name: value})


class _Read(NamedTuple):
    rows: list[Row]
    tables: frozenset[str]


def _known(connection: Connection) -> dict[Any, _Read]:
    """What the transaction has read so far, by statement and values."""
    known: dict[Any, _Read] | None = connection.info.get("reads")
    if known is None:
        known = connection.info["reads"] = {}
    return known


def forget_reads(connection: Connection) -> None:
    """Forget what was read: a transaction begins, or what it wrote was rolled back or went past this module."""
    connection.info.pop("reads", None)


def _tables_of(statement: Select[Any]) -> frozenset[str]:
    return frozenset(table.name for table in visitors.iterate(statement) if isinstance(table, Table))


def _locks(statement: Select[Any]) -> bool:
    return statement._for_update_arg is not None


class _Compiled:
    """A statement in the words of one driver."""

    def __init__(self, statement: Statement, dialect: Dialect, names: list[str]) -> None:
        is_query = isinstance(statement, Select | CompoundSelect)
        compiled: Any = statement.compile(dialect=dialect, column_keys=None if is_query else names)
        columns = list(getattr(statement, "exported_columns", ()))
        compiled.construct_params(dict.fromkeys(names))  # raises for a parameter that was left out
        self._sql = str(compiled)
        self._by_place = compiled.positiontup is not None
        writers = {name: bind.type.bind_processor(dialect) for name, bind in compiled.binds.items()}
        fixed = {name: bind.value for name, bind in compiled.binds.items() if name not in names}
        self._fixed = {name: write(value) if (write := writers[name]) else value for name, value in fixed.items()}
        self._writers = [(name, None if name in fixed else writers[name]) for name in compiled.positiontup or writers]
        self._readers = [column.type.result_processor(dialect, None) for column in columns]
        self.converts = any(self._readers)

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """The driver's cursor after the statement."""
        return run_on_driver(connection, self._sql, self._parameters(values))

    def run_each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run it once for each row of values, in one call of the driver; how many rows that has changed."""
        done = run_on_driver(connection, self._sql, [self._parameters(values) for values in rows], many=True)
        return int(done.rowcount)

    def read(self, row: Row) -> Row:
        """A row of the driver's as the types of its columns read it."""
        return tuple([read(value) if read else value for read, value in zip(self._readers, row, strict=True)])

    def _parameters(self, values: Mapping[str, Any]) -> Any:
        given = {**self._fixed, **values} if self._fixed else values
        if self._by_place:
            return [write(given[name]) if write else given[name] for name, write in self._writers]
        return {name: write(given[name]) if write else given[name] for name, write in self._writers}


def run_on_driver(connection: Connection, sql: str, parameters: Any = (), many: bool = False) -> Any:
    """The driver's cursor after this SQL, which with `many` is run for each set of parameters.

    A connection that is lost is given up, so that the pool makes another.

    Raises:
        SQLAlchemyError: as SQLAlchemy would.
    """
    driver: Any = connection.connection.dbapi_connection  # the driver's own; `driver_connection` takes three calls
    try:
        if not many:
            return driver.execute(sql, parameters)
        cursor = driver.cursor()
        cursor.executemany(sql, parameters)
        return cursor
    except Exception as error:
        dialect = connection.dialect
        base = dialect.loaded_dbapi.Error
        if not isinstance(error, base):
            raise
        lost = dialect.is_disconnect(error, driver, None) or is_a_standby(error)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            sql, None, error, base, hide_parameters=True, connection_invalidated=lost, dialect=dialect
        ) from error


def is_a_standby(error: BaseException) -> bool:
    """Whether this says that the server only reads: behind one name the primary may have become a standby.

    A connection to it would fail for ever, so it is as good as lost.
    """
    return getattr(error, "sqlstate", None) == _READ_ONLY
