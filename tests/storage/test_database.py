"""The way to the database: what is on disk when a block ends, who waits for whom, and what the tables look like."""

import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import bindparam, inspect, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from app.config import Settings
from app.services.context import Context
from app.storage import database as database_module
from app.storage import schema
from app.storage.database import Database, WrongKey, insert_unless_there, read_meta, suppression_key, write_meta
from app.storage.prepared import Prepared
from tests import audit
from tests.conftest import KEY
from tests.factories import send_form
from tests.racing import race


@pytest.fixture
def empty(settings: Settings) -> Iterator[Database]:
    """A new SQLite database without tables."""
    database = Database(settings.database_url)
    yield database
    database.engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1), ("foreign_keys", 1), ("busy_timeout", 10_000)],
)
def test_sqlite_writes_through_to_the_disk_wipes_what_it_deletes_and_waits_its_turn(
    ctx: Context, pragma: str, value: object
) -> None:
    with ctx.database.read() as one, ctx.database.read() as other:
        for connection in (one, other):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_nobody_else_can_read_a_file_of_a_new_database(empty: Database, settings: Settings) -> None:
    with empty.write() as connection:
        connection.exec_driver_sql("CREATE TABLE x (y)")
        files = {path.name: path.stat().st_mode & 0o777 for path in settings.DATA_DIR.glob("akkoord.db*")}

    assert files == dict.fromkeys(("akkoord.db", "akkoord.db-shm", "akkoord.db-wal"), 0o600)


def test_what_a_block_wrote_is_there_afterwards(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        write_meta(connection, "x", "1")
        write_meta(connection, "x", "2")

    with any_ctx.database.read() as connection:
        assert read_meta(connection, "x") == "2"
        assert read_meta(connection, "y") is None


def test_what_a_broken_block_wrote_is_not(any_ctx: Context) -> None:
    def breaks_off() -> None:
        with any_ctx.database.write() as connection:
            write_meta(connection, "x", "1")
            raise RuntimeError("a fault in the middle")

    before = audit.everything(any_ctx)
    with pytest.raises(RuntimeError, match="a fault in the middle"):
        breaks_off()

    assert audit.everything(any_ctx) == before


def test_a_reader_sees_one_state_from_first_to_last_on_sqlite(ctx: Context) -> None:
    with ctx.database.read() as reader:
        before = read_meta(reader, "x")
        with ctx.database.write() as writer:
            write_meta(writer, "x", "1")
        assert read_meta(reader, "x") == before is None


def test_a_writer_takes_its_turn_before_it_reads_what_it_decides_on(ctx: Context) -> None:
    """BEGIN IMMEDIATE: who begins by reading and then writes would be refused at once, without any waiting."""
    counted = 50

    def count() -> None:
        for _ in range(counted):
            with ctx.database.write() as connection:
                write_meta(connection, "count", str(int(read_meta(connection, "count") or 0) + 1))

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(count) for _ in range(4)]:
            done.result()

    with ctx.database.read() as connection:
        assert read_meta(connection, "count") == str(4 * counted)


def test_eight_writers_never_hear_that_the_database_is_locked(any_ctx: Context) -> None:
    start = threading.Barrier(8)

    def write(number: int) -> None:
        start.wait()
        for turn in range(8):
            send_form(any_ctx, f"p{number}.{turn}@voorbeeld.test", ("offers_mail", "keep_cv"), site=f"s{number}")

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(write, number) for number in range(8)]:
            done.result()

    assert len(audit.rows(any_ctx, "subjects")) == len(audit.rows(any_ctx, "outbox")) == 64
    assert audit.verify(any_ctx) == 128


def test_the_text_of_an_error_holds_nothing_of_what_was_to_be_stored(any_ctx: Context) -> None:
    with pytest.raises(DBAPIError, match="nowhere") as caught:
        audit.run(any_ctx, "INSERT INTO nowhere (email) VALUES (:email)", email="sofie@voorbeeld.test")

    assert "sofie" not in str(caught.value)


def test_the_migrations_make_the_tables_that_the_code_expects(any_ctx: Context) -> None:
    with any_ctx.database.read() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), schema.metadata)

    assert found == []
    assert set(audit.TABLES) == set(schema.metadata.tables)


def test_an_index_of_few_rows_holds_those_that_the_code_asks_for(any_ctx: Context) -> None:
    """Alembic compares columns alone."""
    look = inspect(any_ctx.database.engine)
    for table in schema.metadata.tables.values():
        expected = {index.name: index.info.get("where") for index in table.indexes}
        found = {index["name"]: index.get("dialect_options", {}) for index in look.get_indexes(table.name)}
        for name, where in expected.items():
            options = {option.partition("_")[2]: str(value) for option, value in found[name].items()}
            assert re.sub(r"::\w+|[()]", "", options.get("where", "")).replace("<>", "!=") == (where or "")


def test_a_migration_that_was_done_is_not_done_again(any_ctx: Context) -> None:
    send_form(any_ctx)
    before = audit.everything(any_ctx)

    any_ctx.database.migrate()

    assert audit.everything(any_ctx) == before


def test_whoever_opens_a_new_file_waits_for_who_was_a_moment_earlier(empty: Database) -> None:
    """SQLite refuses this at once, however long it was told to wait."""
    with closing(sqlite3.connect(str(empty.engine.url.database), isolation_level=None)) as first:
        first.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(1) as pool:
            second = pool.submit(empty.migrate)
            with pytest.raises(TimeoutError):
                second.result(0.2)
            first.execute("COMMIT")
            second.result(30)


def test_whoever_opens_a_file_that_stays_locked_waits_once(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "_WAIT", 3)
    with closing(sqlite3.connect(str(empty.engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        begun = time.monotonic()
        with pytest.raises(OperationalError, match="locked"), empty.read():
            pass
        assert 3 <= time.monotonic() - begun < 5.5


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_several_that_migrate_at_once_one_does_the_work(request: pytest.FixtureRequest, kind: str) -> None:
    """All start on the same empty database, in processes of their own."""
    settings: Settings = request.getfixturevalue("settings")
    if kind == "postgresql":
        settings = replace(settings, DATABASE_URL=request.getfixturevalue("empty_postgresql"))
    url = settings.database_url
    program = (
        "import sys\n"
        "import alembic.command, alembic.config\n"  # which takes long, and not for all as long
        "from app.storage.database import Database\n"
        "database = Database(sys.argv[1])\n"
        "sys.stdout.write('ready\\n'); sys.stdout.flush(); sys.stdin.readline()\n"
        "database.migrate()\n"
        "database.accept_key(('0123456789abcdef',))\n"
    )
    ended = race(program, url)

    assert [racer.complaint for racer in ended] == ["", "", ""]
    assert [racer.status for racer in ended] == [0, 0, 0]
    database = Database(url)
    assert set(schema.metadata.tables) <= set(inspect(database.engine).get_table_names())
    database.engine.dispose()


def test_a_database_accepts_the_key_it_was_made_under_and_remembers_the_newest(ctx: Context) -> None:
    ctx.database.accept_key((KEY,))
    ctx.database.accept_key(("another key of the tests", KEY))
    ctx.database.accept_key((KEY, "a newer key of the tests"))
    ctx.database.accept_key(("a newer key of the tests",))

    with pytest.raises(WrongKey):
        ctx.database.accept_key((KEY,))


def test_no_key_can_be_read_in_the_database(any_ctx: Context) -> None:
    assert not audit.readable(any_ctx, KEY)


def test_a_row_that_stands_there_is_left_alone(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        insert_unless_there(connection, schema.meta, name="x", value="first")
        insert_unless_there(connection, schema.meta, name="x", value="second")

        assert read_meta(connection, "x") == "first"


def test_the_key_of_those_who_said_no_is_made_once(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        audit_key = suppression_key(connection)
    with any_ctx.database.write() as connection:
        assert suppression_key(connection) == audit_key
    assert len(audit_key) == 32


def test_a_database_that_answers_says_so_and_one_that_is_away_raises(any_ctx: Context, settings: Settings) -> None:
    assert any_ctx.database.ping()

    away = Database(f"sqlite:///{settings.DATA_DIR / 'nowhere' / 'akkoord.db'}")
    with pytest.raises(OperationalError):
        away.ping()


def test_the_write_ahead_log_is_emptied(ctx: Context) -> None:
    log = ctx.settings.DATA_DIR / "akkoord.db-wal"
    send_form(ctx, "kanarie@voorbeeld.test")
    assert b"kanarie@voorbeeld.test" in log.read_bytes()

    ctx.database.checkpoint_wal()

    assert log.stat().st_size == 0


def test_whoever_reads_an_older_state_keeps_the_log_and_nobody_waiting(ctx: Context) -> None:
    log = ctx.settings.DATA_DIR / "akkoord.db-wal"
    ctx.database.checkpoint_wal()
    with ctx.database.engine.connect() as reader:
        reader.execute(select(schema.meta.c.value)).all()
        for number in range(60):
            send_form(ctx, f"kanarie{number}@voorbeeld.test")
        with ThreadPoolExecutor(1) as pool:
            begun = time.monotonic()
            assert pool.submit(ctx.database.checkpoint_wal).result() is False
            send_form(ctx, "an@voorbeeld.test")
            assert time.monotonic() - begun < 1
    assert log.stat().st_size > 0

    assert ctx.database.checkpoint_wal() is True
    assert log.stat().st_size == 0


def test_moments_are_stored_in_utc_and_sort_as_text(any_ctx: Context) -> None:
    send_form(any_ctx)

    (subject,) = audit.rows(any_ctx, "subjects")
    assert subject["created_at"] == "2026-11-21T13:32:05.000000Z"
    with any_ctx.database.read() as connection:
        assert connection.execute(select(schema.subjects.c.created_at)).scalar() == any_ctx.clock()
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_the_folder_of_a_database_may_be_called_anything(settings: Settings) -> None:
    folder = settings.DATA_DIR / "50% of ünïque $(things) & more"
    folder.mkdir()
    database = Database(replace(settings, DATA_DIR=folder).database_url)

    database.migrate()

    assert (folder / "akkoord.db").exists()
    database.engine.dispose()


def test_a_parameter_that_was_left_out_is_a_fault_and_not_nothing(any_ctx: Context) -> None:
    query = Prepared(select(schema.meta.c.value).where(schema.meta.c.name == bindparam("name")))
    with any_ctx.database.read() as connection:
        assert query.value(connection, name="key")
        with pytest.raises(SQLAlchemyError):
            query.value(connection)


def test_a_file_that_is_no_database_any_more_is_said_as_every_other_fault(ctx: Context, settings: Settings) -> None:
    ctx.database.checkpoint_wal()
    path = settings.DATA_DIR / "akkoord.db"
    path.write_bytes(b"x" * 4096 + path.read_bytes()[4096:])
    fresh = Database(settings.database_url)

    with pytest.raises(SQLAlchemyError), fresh.write():
        pass
    fresh.engine.dispose()
