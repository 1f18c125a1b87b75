"""How long it takes to find a person, by address and by link, among ten thousand, a million and ten million."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter

from sqlalchemy import Boolean, Column, Integer, LargeBinary

from app.storage import schema, subjects
from app.storage.database import Database

from .figures import Spread, percentile, ratio

FEW = 10_000
CONTROLLER = "talentwerk"
_AT_ONCE = 1_000_000

# Random, as in life, but one text for all, so that a batch that comes in its order fills every index in order.
_WRITTEN = {
    "id": "token",
    "controller": f"'{CONTROLLER}'",
    "email": "'sofie.' || number || '@voorbeeld.test'",
    "email_key": "token || '@voorbeeld.test'",
    "withdraw_token": "token",
    "object_token": "token",
    "stop_token": "token",
    "language": "'nl'",
    "created_at": "'2026-11-21T13:32:05.000000Z'",
}

Times = dict[str, list[float]]


def measured(folder: Path, sizes: tuple[int, ...], rounds: int, say: Callable[[str], None]) -> list[dict[str, object]]:
    """Look people up in a database that grows, and by turns in one that stays small.

    Returns for each way and size the median and the 99th percentile in microseconds, and the ratio to the small one.
    """
    small = _made(folder / "few.db", FEW)
    lines = _lines(FEW, _rounds(small, small, rounds)[0], None)
    many = _made(folder / "many.db", FEW)
    held = FEW
    for size in sizes:
        say(f"{size:,} people")
        many.engine.dispose()
        _grow(folder / "many.db", held, size)
        held = size
        lines += _lines(size, *_rounds(many, small, rounds))
    for database in (small, many):
        database.engine.dispose()
    for path in folder.glob("*.db*"):
        path.unlink()
    return lines


def _lines(size: int, times: Times, few: Times | None) -> list[dict[str, object]]:
    return [
        {
            "by": way,
            "people": size,
            "p50_us": Spread.of(times[way]),
            "p99_us": Spread.of(times[f"{way} p99"]),
            "ratio": ratio(times[way], few[way]) if few else None,
        }
        for way in ("address", "link")
    ]


def _rounds(database: Database, small: Database, rounds: int) -> tuple[Times, Times]:
    found: tuple[Times, Times] = ({}, {})
    for number in range(rounds + 1):
        for times, one in zip(found, (database, small), strict=True):
            for name, value in _looked_up(one):
                if number:  # the first round fills the caches
                    times.setdefault(name, []).append(value)
    return found


def _looked_up(database: Database, number: int = 1000) -> Iterator[tuple[str, float]]:
    with database.read() as connection:
        everybody = connection.exec_driver_sql("SELECT max(rowid) FROM subjects").scalar_one()
        chosen = ",".join(str(random.randint(1, everybody)) for _ in range(number))  # noqa: S311 (no secret)
        query = f"SELECT email_key, withdraw_token FROM subjects WHERE rowid IN ({chosen})"
        people = list(connection.exec_driver_sql(query))
        random.shuffle(people)
        ways: tuple[tuple[str, Callable[[int], object]], ...] = (
            ("address", lambda index: subjects.with_email(connection, CONTROLLER, people[index][0])),
            ("link", lambda index: subjects.with_token(connection, "withdraw", people[index][1])),
        )
        for name, look_up in ways:
            taken = []
            for index in range(len(people)):
                begun = perf_counter()
                person = look_up(index)
                taken.append((perf_counter() - begun) * 1_000_000)
                assert person is not None
            taken.sort()
            yield name, percentile(taken, 0.5)
            yield f"{name} p99", percentile(taken, 0.99)


def _made(path: Path, people: int) -> Database:
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.engine.dispose()
    _grow(path, 0, people)
    return database


def _grow(path: Path, held: int, people: int) -> None:
    columns = list(schema.subjects.columns)
    names, values = ", ".join(column.name for column in columns), ", ".join(_value(column) for column in columns)
    insert = f"""
        WITH RECURSIVE counted(number) AS (SELECT ? UNION ALL SELECT number + 1 FROM counted WHERE number < ?),
        people AS MATERIALIZED (SELECT number, lower(hex(randomblob(16))) AS token FROM counted ORDER BY token)
        INSERT INTO subjects ({names}) SELECT {values} FROM people
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=OFF", "synchronous=OFF", "cache_size=-2000000"):
            connection.execute(f"PRAGMA {pragma}")
        # Sorted afterwards, an index costs a fraction of what it costs to keep up; unique ones cannot be left out.
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'subjects' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        for first in range(held + 1, people + 1, _AT_ONCE):
            connection.execute(insert, (first, min(first + _AT_ONCE - 1, people)))
        for _, made_by in indexes:
            connection.execute(made_by)


def _value(column: Column[object]) -> str:
    if column.name in _WRITTEN:
        return _WRITTEN[column.name]
    if column.nullable:
        return "NULL"
    if isinstance(column.type, LargeBinary):
        return "randomblob(32)"
    return "0" if isinstance(column.type, Boolean | Integer) else "''"
