"""Reads the database as an auditor would: row by row, with nothing of the kit's own code for hashes and states."""

import hmac
import json
from collections import defaultdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from unicodedata import normalize

from sqlalchemy import Connection, inspect, text

from app.services.context import Context
from app.storage.schema import written

TABLES = (
    "consents", "definitions", "forms", "intake", "ledger", "ledger_heads", "logos", "mail_counts", "meta", "notices",
    "objections", "outbox", "outbox_pause",
    "request_fields", "request_purposes", "requests", "salts", "subjects", "submit_counts", "suppressions",
)  # fmt: skip

TAKEN = ("requested", "guardian_asked", "lapsed")
"""What is entered when a form is taken, and dated by when it was sent."""

Entry = dict[str, Any]


def rows(ctx: Context, table: str, where: str = "", **values: Any) -> list[Entry]:
    """The rows of a table as plain values, in a fixed order."""
    with ctx.database.read() as connection:
        return _rows(connection, table, where, values)


def everything(ctx: Context) -> dict[str, list[Entry]]:
    """All rows of all tables that there are, to see that nothing has changed: older versions have fewer."""
    with ctx.database.read() as connection:
        there = inspect(connection).get_table_names()
        return {table: _rows(connection, table, "", {}) for table in TABLES if table in there}


def run(ctx: Context, statement: str, **values: Any) -> None:
    """Run SQL in a transaction, behind the back of the kit."""
    with ctx.database.write() as connection:
        connection.execute(text(statement), values)


def end_leases(ctx: Context, which: datetime) -> None:
    """Bring about what a minute would: the leases that last until this moment at most are over now."""
    run(ctx, "UPDATE outbox SET lease_until = created_at WHERE lease_until <= :which", which=written(which))


def chain(ctx: Context, controller: str = "talentwerk") -> list[Entry]:
    """The ledger of a controller, in order."""
    return sorted(
        rows(ctx, "ledger", "controller = :controller", controller=controller), key=lambda entry: entry["seq"]
    )


def history(ctx: Context, controller: str = "talentwerk") -> list[tuple[str, str]]:
    """What happened at a controller, as (kind, purpose), in order."""
    return [(entry["kind"], entry["purpose"]) for entry in chain(ctx, controller)]


def verify(ctx: Context) -> int:
    """Recompute every chain from its rows, and return how many entries there are."""
    chains = defaultdict(list)
    for entry in rows(ctx, "ledger"):
        chains[entry["controller"]].append(entry)
    heads = {head["controller"]: (head["seq"], head["hash"]) for head in rows(ctx, "ledger_heads")}
    for controller, entries in chains.items():
        entries.sort(key=lambda entry: entry["seq"])
        assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1)), "a number is missing"
        previous, before = "0" * 64, ""
        for entry in entries:
            assert entry["previous"] == previous, f"entry {entry['seq']} does not hold the one before"
            content = {name: value for name, value in entry.items() if name != "hash"}
            document = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            assert entry["hash"] == sha256(f"akkoord consent event 1\n{document}".encode()).hexdigest()
            previous = entry["hash"]
            if entry["kind"] not in TAKEN:
                assert entry["at"] >= before, "time runs backwards"
                before = entry["at"]
        assert heads.pop(controller) == (len(entries), previous), "the head is not the last entry"
    assert set(heads.values()) <= {(0, "0" * 64)}, "entries are gone"
    return sum(map(len, chains.values()))


def commits_to(entry: Entry, salt: bytes, email: str, **more: str) -> bool:
    """Whether an entry commits to this address, and what else belongs to a person, under this salt."""
    document = json.dumps({"email": email} | more, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    return bool(entry["commitment"] == hmac.new(salt, document.encode(), sha256).hexdigest())


def child_key(ctx: Context, controller: str, email: str, name: str) -> str:
    """The key of a child with this first name, the first of that name; empty without a name."""
    (meta,) = rows(ctx, "meta", "name = 'suppression_key'")
    document = f"child name\n{controller}\n{email}\n{normalize('NFKC', name).casefold()}"
    return hmac.new(bytes.fromhex(meta["value"]), document.encode(), sha256).hexdigest() if name else ""


def states(ctx: Context, controller: str = "talentwerk") -> dict[tuple[str, str, str], str]:
    """What the ledger alone says of each subject, form and purpose: only a withdrawal or the end of time ends a yes."""
    found: dict[tuple[str, str, str], str] = {}
    for entry in chain(ctx, controller):
        key = (entry["subject"], entry["form"], entry["purpose"])
        kind = entry["kind"]
        if kind not in ("requested", "granted", "refused", "withdrawn", "lapsed", "expired"):
            continue
        if found.get(key) != "granted" or kind in ("withdrawn", "expired"):
            found[key] = kind
    return found


def readable(ctx: Context, *canaries: str | bytes) -> set[tuple[str, str]]:
    """The tables and columns, as pairs, in which any of these texts can be read."""
    found = set()
    for table, entries in everything(ctx).items():
        for entry in entries:
            for column, value in entry.items():
                content = value if isinstance(value, bytes) else str(value).encode()
                if any(
                    (mark if isinstance(mark, bytes) else mark.encode()).lower() in content.lower() for mark in canaries
                ):
                    found.add((table, column))
    return found


def _rows(connection: Connection, table: str, where: str, values: Entry) -> list[Entry]:
    found = connection.execute(text(f"SELECT * FROM {table} {where and 'WHERE ' + where}"), values)
    names = list(found.keys())
    return sorted((dict(zip(names, row, strict=True)) for row in found), key=repr)


def bytes_of(folder: Path) -> bytes:
    """Every byte of an SQLite database: the file, the write-ahead log and what else stands beside it."""
    files = sorted(folder.glob("akkoord.db*"))
    assert files
    return b"".join(file.read_bytes() for file in files)
