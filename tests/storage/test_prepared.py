"""Prepared statements: what a transaction remembers of what it has read, and when it asks again."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from app.services.context import Context
from app.storage import ledger, prepared, schema
from app.storage.prepared import Prepared, ReadAhead

META = schema.meta.c
READ = Prepared(select(META.value).where(META.name == bindparam("name")))
INSERT = Prepared(insert(schema.meta))
UPDATE = Prepared(update(schema.meta).where(META.name == bindparam("the_name")))
DELETE = Prepared(delete(schema.meta).where(META.name == bindparam("name")))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the driver was asked."""
    statements: list[str] = []
    run = prepared.run_on_driver

    def watched(connection: Connection, sql: str, *given: object, **named: object) -> object:
        statements.append(sql)
        return run(connection, sql, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(prepared, "run_on_driver", watched)
    return statements


def test_what_a_transaction_has_read_is_not_asked_for_again(any_ctx: Context, asked: list[str]) -> None:
    with any_ctx.database.write() as connection:
        INSERT.run(connection, name="x", value="1")
        asked.clear()
        assert READ.value(connection, name="x") == READ.value(connection, name="x") == "1"
        assert READ.value(connection, name="y") is None

    assert len(asked) == 2


def test_what_is_read_ahead_is_what_each_would_have_read(any_ctx: Context, asked: list[str]) -> None:
    names = [f"x{number}" for number in range(45)]
    read_ahead = ReadAhead(READ, select(META.value), "name", META.name).read
    with any_ctx.database.write() as connection:
        INSERT.run_each(connection, [{"name": name, "value": name[1:]} for name in names])
        asked.clear()
        read_ahead(connection, [*names, "", "nobody", *names])
        assert len(asked) == 3, "in twenties"
        assert [READ.value(connection, name=name) for name in names] == [name[1:] for name in names]
        assert READ.value(connection, name="nobody") is None
        assert len(asked) == 3
        UPDATE.run(connection, the_name="x7", value="seven")
        assert READ.value(connection, name="x7") == "seven"


def _by_core(connection: Connection) -> None:
    connection.execute(update(schema.meta).where(META.name == "x").values(value="2"))


@pytest.mark.parametrize(
    ("write", "then"),
    [
        (lambda connection: UPDATE.run(connection, the_name="x", value="2"), "2"),
        (lambda connection: DELETE.run(connection, name="x"), None),
        (_by_core, "2"),
    ],
    ids=["update", "delete", "core"],
)
def test_what_was_changed_is_read_anew(any_ctx: Context, write: Callable[[Connection], object], then: str) -> None:
    with any_ctx.database.write() as connection:
        INSERT.run(connection, name="x", value="1")
        assert READ.value(connection, name="x") == "1"
        write(connection)
        assert READ.value(connection, name="x") == then


def test_what_was_inserted_is_read_anew(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        assert READ.value(connection, name="x") is None
        INSERT.run_each(connection, [{"name": "x", "value": "1"}])
        assert READ.value(connection, name="x") == "1"


def test_what_was_rolled_back_is_not_remembered(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        attempt = connection.begin_nested()
        INSERT.run(connection, name="x", value="1")
        assert READ.value(connection, name="x") == "1"
        attempt.rollback()
        assert READ.value(connection, name="x") is None


def test_nothing_of_one_transaction_is_remembered_in_the_next(any_ctx: Context) -> None:
    for value in ("1", "2"):
        with any_ctx.database.read() as connection:
            READ.value(connection, name="x")
        with any_ctx.database.write() as connection:
            DELETE.run(connection, name="x")
            INSERT.run(connection, name="x", value=value)
        with any_ctx.database.read() as connection:
            assert READ.value(connection, name="x") == value


def test_after_a_lock_that_others_may_have_held_everything_is_read_anew(any_ctx: Context, asked: list[str]) -> None:
    """On SQLite nobody else writes meanwhile."""
    with any_ctx.database.write() as connection:
        READ.value(connection, name="x")
        ledger.lock(connection, "talentwerk")
        asked.clear()
        READ.value(connection, name="x")

    assert len(asked) == (0 if connection.dialect.name == "sqlite" else 1)


def test_a_report_about_everybody_remembers_little(any_ctx: Context) -> None:
    with any_ctx.database.read() as connection:
        for number in range(1000):
            READ.value(connection, name=str(number))

        assert len(connection.info["reads"]) <= 100
