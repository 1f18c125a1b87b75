"""Migrations of a database that holds something: every row is kept, and whoever is killed in the middle did nothing."""

import hmac
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Boolean, Column, Connection, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app import paths
from app.config import BadSetting, Settings
from app.domain.address import mailbox
from app.services.context import Context
from app.storage import definitions, schema, subjects
from app.storage.database import Database, NewerTables
from tests import audit
from tests.conftest import KEY

ROOT = Path(__file__).resolve().parents[2]
FIRST = "0001"
"""The first version that was released: whoever has it must get from there to every later one."""

HASHING = b"what no one knows"
"""The key of the hashes that outlive the people."""
PAPA = "papa@voorbeeld.test"

PRETENDED = '''
"""Stands for a later version: it changes the tables, and rows of them, and may be killed on the way."""

import os
import signal

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    op.add_column("subjects", sa.Column("pretended", sa.String(20), nullable=True))
    op.create_index("pretended", "ledger", ["kind"])
    if "DIES" in os.environ:
        os.kill(os.getpid(), signal.SIGKILL)
    op.execute("UPDATE subjects SET pretended = 'yes'")
'''

MIGRATE = """
import sys
from pathlib import Path
from app import paths
from app.storage.database import Database

paths.MIGRATIONS = Path(sys.argv[2])
Database(sys.argv[1]).migrate()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Context]:
    """A database of the first version with three rows in every table, once on SQLite and once on PostgreSQL."""
    if request.param == "postgresql":
        settings = replace(settings, DATABASE_URL=request.getfixturevalue("empty_postgresql"))
    database = Database(settings.database_url)
    config = Config()
    config.set_main_option("script_location", str(paths.MIGRATIONS))
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST)
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name != "alembic_version":
                fill(connection, table)
    yield Context(settings, database, (KEY,))
    database.engine.dispose()


@pytest.fixture
def with_a_later_one(tmp_path: Path) -> Path:
    """The migrations with one more at their end."""
    folder = tmp_path / "migrations"
    shutil.copytree(paths.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = max(path.name for path in (folder / "versions").glob("[0-9]*.py")).partition("_")[0]
    (folder / "versions" / "9999_pretended.py").write_text(PRETENDED.format(head=head), encoding="utf-8")
    return folder


def fill(connection: Connection, table: Table) -> None:
    """Write three rows, which refer to rows of the same number; the ledger is a chain."""
    previous = "0" * 64
    for number in (1, 2, 3):
        row = {column.name: value(column, number) for column in table.columns}
        if table.name == "meta" and number == 1:
            row |= {"name": "suppression_key", "value": HASHING.hex()}
        if table.name == "ledger":
            row |= {"controller": "talentwerk", "previous": previous}
            del row["hash"]
            document = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            previous = row["hash"] = sha256(f"akkoord consent event 1\n{document}".encode()).hexdigest()
        if table.name == "ledger_heads" and number == 3:
            (last,) = connection.exec_driver_sql("SELECT hash FROM ledger WHERE seq = 3").scalars()
            row |= {"controller": "talentwerk", "hash": last}
        elif table.name == "ledger_heads":
            row |= {"seq": 0, "hash": previous}
        connection.execute(table.insert().values(row))


def value(column: Column[Any], number: int) -> Any:
    """Something that fits into the column, as number n of its kind."""
    for key in column.foreign_keys:
        return value(key.column, number)
    if isinstance(column.type, Boolean):
        return number % 2 == 0
    if isinstance(column.type, Integer):
        return number
    if isinstance(column.type, LargeBinary):
        return bytes([number]) * 32
    assert isinstance(column.type, String)
    if column.type.length == 27:
        return f"2026-11-2{number}T13:32:05.000000Z"
    return "{}" if isinstance(column.type, Text) else f"{number}{column.name}"[: column.type.length]


def kept(before: dict[str, list[audit.Entry]], ctx: Context) -> bool:
    """Whether every row of before is still there, in every column that there still is.

    But for the first names and months of children for whom nothing waits or runs, and what was made of the names.
    """
    after = {table: audit.rows(ctx, table) for table in before}
    for row in (*before["subjects"], *after["subjects"]):
        row |= {"child_name": "", "child_key": "", "decides_from": None}
    for table, rows in before.items():
        same = [{name: row[name] for name in rows[0] if name in row} for row in after[table]]
        if sorted(map(repr, same)) != sorted(repr({name: row[name] for name in same[0]}) for row in rows):
            return False
    return True


def migrated(ctx: Context) -> bool:
    """Whether the later migration was done, all of it."""
    return [row.get("pretended") for row in audit.rows(ctx, "subjects")] == ["yes"] * 3


def start(ctx: Context, migrations: Path, dies: bool = False) -> "subprocess.Popen[str]":
    """Migrate in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", MIGRATE, ctx.settings.database_url, str(migrations)],
        env={"PYTHONPATH": str(ROOT)} | ({"DIES": "yes"} if dies else {}),
        stderr=subprocess.PIPE,
        text=True,
    )


def test_all_that_the_first_version_kept_is_there_in_this_one(old: Context) -> None:
    before = audit.everything(old)
    assert {len(rows) for rows in before.values()} == {3}

    old.database.migrate()

    assert kept(before, old)
    assert audit.verify(old) == 3
    with old.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
    old.database.accept_key((KEY,))
    assert old.database.ping()


def test_a_childs_address_that_was_stored_before_is_found_by_its_mailbox(old: Context) -> None:
    audit.run(old, "UPDATE subjects SET child_email_key = 'noor+spel@kind.test' WHERE id = '1id'")
    audit.run(old, "UPDATE subjects SET child_email_key = 'n.oor@googlemail.com' WHERE id = '2id'")
    audit.run(old, "UPDATE subjects SET child_email_key = '' WHERE id = '3id'")

    old.database.migrate()

    found = {row["id"]: row["child_mailbox"] for row in audit.rows(old, "subjects")}
    assert found == {"1id": "noor@kind.test", "2id": "noor@gmail.com", "3id": ""}


STORED = (
    ("noor@me.com", "noor@icloud.com"),
    ("noor@mac.com", "noor@icloud.com"),
    ("n.o_o-r+x@protonmail.com", "noor@proton.me"),
    ("noor@pm.me", "noor@proton.me"),
    ("noor@protonmail.ch", "noor@proton.me"),
    ("noor-spel@yahoo.fr", "noor@yahoo.fr"),
    ("noor-spel@ymail.com", "noor@ymail.com"),
    ("spel@noor.fastmail.fm", "noor@fastmail.fm"),
    ("n.oor@kind.test", "n.oor@kind.test"),
)


@pytest.mark.parametrize("old", ["sqlite"], indirect=True)
@pytest.mark.parametrize("three", [STORED[number : number + 3] for number in range(0, len(STORED), 3)])
def test_the_mailbox_of_an_address_that_was_stored_before_is_what_is_looked_for_now(
    old: Context, three: tuple[tuple[str, str], ...]
) -> None:
    """The migration has rules of its own, in Python; once the kit's change, a new migration stores these anew."""
    for number, (key, _) in enumerate(three, 1):
        audit.run(old, "UPDATE subjects SET child_email_key = :key WHERE id = :id", key=key, id=f"{number}id")

    old.database.migrate()

    found = {row["id"]: row["child_mailbox"] for row in audit.rows(old, "subjects")}
    assert list(found.values()) == [expected for _, expected in three] == [mailbox(key) for key, _ in three]


def test_a_name_and_a_month_that_were_stored_before_go_unless_something_waits_or_runs(old: Context) -> None:
    for number, (key, name) in enumerate((("noor", "Noor"), ("noor\n2", "NOOR"), ("lou", "Lou")), 1):
        audit.run(
            old,
            "UPDATE subjects SET controller = 'c', email_key = :email, child_key = :key, child_name = :name"
            " WHERE id = :id",
            email=PAPA,
            key=key,
            name=name,
            id=f"{number}id",
        )
    audit.run(old, "UPDATE consents SET subject = '2id', status = 'granted' WHERE subject = '2subject'")
    audit.run(old, "UPDATE requests SET subject = '3id', status = 'awaiting_guardian' WHERE subject = '3subject'")

    old.database.migrate()

    noor, lou = (audit.child_key(old, "c", PAPA, name) for name in ("noor", "lou"))
    rows = audit.rows(old, "subjects")
    found = {row["id"]: (row["child_key"], row["child_name"]) for row in rows}
    assert found == {"1id": (noor, ""), "2id": (f"{noor}\n2", "NOOR"), "3id": (lou, "Lou")}
    assert [bool(row["decides_from"]) for row in sorted(rows, key=lambda row: row["id"])] == [False, True, True]
    with old.database.read() as connection:
        assert subjects.child_key_of(connection, "c", PAPA, " Noor") == noor


def test_what_was_objected_to_for_a_child_before_counts_after_the_migration_too(old: Context) -> None:
    def mark(kind: str, text: str) -> str:
        return hmac.new(HASHING, f"{kind}\nc\n{PAPA}\n{text}".encode(), sha256).hexdigest()

    audit.run(
        old,
        "UPDATE subjects SET controller = 'c', email_key = :email, child_key = 'noor' WHERE id = '1id'",
        email=PAPA,
    )
    for number, kind, text in ((1, "objected", "noor"), (2, "interest", "noori:f/counting"), (3, "objected", "lou")):
        audit.run(
            old,
            "UPDATE suppressions SET controller = 'c', kind = :kind, digest = :digest WHERE controller = :before",
            kind=kind,
            digest=mark(kind, text),
            before=f"{number}controller",
        )
    entry = audit.rows(old, "ledger")[0]
    entry |= {"controller": "c", "kind": "objected", "subject": "1id", "form": "f", "purpose": "counting", "hash": "h"}
    columns = ", ".join(entry)
    audit.run(old, f"INSERT INTO ledger ({columns}) VALUES (:{columns.replace(', ', ', :')})", **entry)

    old.database.migrate()

    key = audit.child_key(old, "c", PAPA, "noor")
    found = {row["digest"] for row in audit.rows(old, "suppressions")}
    assert found == {mark("objected", key), mark("interest", f"{key}i:f/counting"), mark("objected", "lou")}


def test_an_objection_whose_mail_to_the_company_waits_is_told_after_the_migration_too(old: Context) -> None:
    waits = {"kind": "interest_to_weigh", "status": "queued", "data": '{"purpose": "counting", "at": "x"}'}
    audit.run(old, "UPDATE outbox SET kind = :kind, status = :status, data = :data WHERE id = '1id'", **waits)

    old.database.migrate()

    (mail,) = audit.rows(old, "outbox", "id = '1id'")
    (objection,) = audit.rows(old, "objections")
    assert (mail["kind"], mail["status"], mail["subject"]) == ("objections", "queued", "")
    assert (objection["mail"], objection["purpose"], objection["subject"]) == ("1id", "counting", "1subject")
    assert (objection["controller"], objection["told_at"]) == (mail["controller"], None)


def test_a_definition_that_was_served_before_is_known_by_its_hash_after_the_migration(old: Context) -> None:
    def served(definition: str, notice: str) -> str:
        return json.dumps({"definition": definition, "notices": {"nl/adult": notice}})

    statement = "UPDATE forms SET form = :f, document = :d WHERE controller = :c"
    for number, definition in ((1, "1definition"), (2, "edited")):  # the edit of a comment made no new notice
        values = {"c": f"{number}controller", "f": f"{number}form", "d": served(definition, f"{number}hash")}
        audit.run(old, statement, **values)

    old.database.migrate()

    with old.database.read() as connection:
        assert definitions.hashes(connection) == {
            *((f"{number}controller", f"{number}form", f"{number}definition") for number in (1, 2, 3)),
            ("2controller", "2form", "edited"),
        }
        (edited,) = definitions.latest(connection, "2controller")
    assert (edited.definition.hash, edited.definition.notices) == ("edited", ("2hash",))
    assert (edited.definition.document, edited.definition.accepted) == ("", ())


def test_the_ledger_of_an_old_database_stays_append_only(old: Context) -> None:
    old.database.migrate()

    changes = ["UPDATE ledger SET kind = 'granted' WHERE seq = 2", "DELETE FROM ledger WHERE seq = 3"]
    if old.database.engine.dialect.name == "sqlite":
        changes.append("INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE seq = 1")
    for change in changes:
        with pytest.raises(SQLAlchemyError, match="append-only"):
            audit.run(old, change)
    assert audit.verify(old) == 3


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM requests WHERE id = '1id'",
        "UPDATE consents SET notice = 'none' WHERE subject = '2subject'",
        "UPDATE request_purposes SET request = 'none' WHERE request = '2id'",
        "UPDATE request_fields SET request = 'none' WHERE request = '3id'",
    ],
)
def test_no_row_of_an_old_database_can_lose_what_it_refers_to(old: Context, change: str) -> None:
    old.database.migrate()

    with pytest.raises(IntegrityError):
        audit.run(old, change)


@pytest.mark.parametrize("twice", ["withdraw_token", "child_withdraw_token", "child_stop_token"])
def test_no_link_of_an_old_database_can_lead_to_two_people(old: Context, twice: str) -> None:
    old.database.migrate()
    audit.run(old, f"UPDATE subjects SET {twice} = 'x' WHERE id = '1id'")

    with pytest.raises(IntegrityError):
        audit.run(old, f"UPDATE subjects SET {twice} = 'x' WHERE id = '2id'")


@pytest.mark.parametrize("old", ["sqlite"], indirect=True)
def test_tables_of_short_rows_are_their_own_primary_key_on_sqlite(old: Context) -> None:
    old.database.migrate()

    with old.database.read() as connection:
        tables = {row.name: row.wr for row in connection.exec_driver_sql("PRAGMA table_list")}
    own = {"consents", "ledger", "request_purposes", "request_fields", "suppressions", "submit_counts"}
    assert {name for name, is_own in tables.items() if is_own} == own


def test_a_migration_that_is_killed_did_nothing_and_the_next_start_does_it(
    old: Context, with_a_later_one: Path
) -> None:
    old.database.migrate()
    before = audit.everything(old)

    killed = start(old, with_a_later_one, dies=True)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert audit.everything(old) == before
    again = start(old, with_a_later_one)

    assert again.communicate(timeout=60)[1] == ""
    assert migrated(old)
    assert kept(before, old)
    assert audit.verify(old) == 3


def test_of_two_that_migrate_a_database_with_data_one_does_the_work(old: Context, with_a_later_one: Path) -> None:
    before = audit.everything(old)

    both = [start(old, with_a_later_one) for _ in range(2)]

    assert [one.communicate(timeout=60)[1] for one in both] == ["", ""]
    assert [one.returncode for one in both] == [0, 0]
    assert migrated(old)
    assert kept(before, old)


def test_who_only_looks_leaves_the_tables_of_an_older_version_as_they_are(old: Context) -> None:
    before = audit.everything(old)

    with pytest.raises(BadSetting) as refused:
        Context.open_existing(old.settings)

    assert str(refused.value).endswith(
        f"{old.database.place} is of an older version of Akkoord; start `akkoord serve` or `akkoord worker` once,"
        " which brings it up to date"
    )
    assert old.database.version() == FIRST
    assert audit.everything(old) == before


def test_tables_of_a_later_version_are_not_touched_by_who_knows_them_not(old: Context, with_a_later_one: Path) -> None:
    assert start(old, with_a_later_one).communicate(timeout=60)[1] == ""
    before = audit.everything(old)

    with pytest.raises(NewerTables):
        old.database.migrate()

    assert audit.everything(old) == before
