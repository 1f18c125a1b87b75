"""The floor under every act: durable SQLite transactions of three inserts, without HTTP.

`transactions.py FILE FROM UNTIL` prints how many it did in a second between two moments, which are those of the
monotonic clock that all processes of a machine share.
"""

import sqlite3
import sys
import time
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS person (id TEXT PRIMARY KEY, email TEXT NOT NULL, token TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS request (id TEXT PRIMARY KEY, person TEXT NOT NULL, purpose TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS mail (id TEXT PRIMARY KEY, request TEXT NOT NULL, status TEXT NOT NULL, at TEXT NOT NULL);
"""


def opened(file: str) -> sqlite3.Connection:
    """A connection under which a transaction that was committed outlives a loss of power."""
    connection = sqlite3.connect(file, timeout=10, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.executescript(_TABLES)
    return connection


def once(connection: sqlite3.Connection) -> None:
    """One transaction."""
    person, request, now = token_hex(16), token_hex(16), datetime.now(UTC).isoformat()
    rows: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("INSERT INTO person VALUES (?, ?, ?, ?)", (person, f"{person}@voorbeeld.test", token_hex(16), now)),
        ("INSERT INTO request VALUES (?, ?, ?, ?)", (request, person, "newsletter", now)),
        ("INSERT INTO mail VALUES (?, ?, ?, ?)", (token_hex(16), request, "queued", now)),
    )
    connection.execute("BEGIN IMMEDIATE")
    for statement, values in rows:
        connection.execute(statement, values)
    connection.execute("COMMIT")


def main(file: str, begin: float, end: float) -> None:
    """Do as many as fit between two moments, the first of which may be over when this process is ready."""
    connection = opened(file)
    time.sleep(max(0.0, begin - time.monotonic()))
    begun, done = time.monotonic(), 0
    while (now := time.monotonic()) < end:
        once(connection)
        done += 1
    sys.stdout.write(f"{done / (now - begun)}\n")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
