"""The ledger: one chain for each controller, to which can be added and from which nothing can be taken."""

import sqlite3
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.domain.evidence import ConsentEvent, Kind
from app.services import confirmation, withdrawal
from app.services.context import Context
from app.storage import ledger
from tests import audit
from tests.factories import Clock, send_form, token_in, work_off

EVENT = ConsentEvent(Kind.REQUESTED, "a" * 32, form="careers", site="bücher.example")


def append(ctx: Context, controller: str, *events: ConsentEvent) -> None:
    with ctx.database.write() as connection:
        chain = ledger.lock(connection, controller)
        for event in events:
            chain.append(event, ctx.clock())
        chain.store()


def test_the_chain_of_a_whole_life_verifies_from_its_rows_alone(any_ctx: Context, clock: Clock) -> None:
    send_form(any_ctx, purposes=("offers_mail", "keep_cv"))
    (mail,) = work_off(any_ctx)
    clock.forward(minutes=1)
    confirmation.confirm(any_ctx, token_in(mail, "confirm"), ())
    (receipt,) = work_off(any_ctx)
    clock.forward(days=1)
    withdrawal.withdraw(any_ctx, token_in(receipt, "withdraw"))

    assert audit.verify(any_ctx) == 9
    assert audit.history(any_ctx) == [
        ("requested", "offers_mail"),
        ("requested", "keep_cv"),
        ("mailed", ""),
        ("confirmed", ""),
        ("granted", "keep_cv"),
        ("granted", "offers_mail"),
        ("mailed", ""),
        ("withdrawn", "keep_cv"),
        ("withdrawn", "offers_mail"),
    ]


def test_each_controller_has_a_chain_of_its_own(any_ctx: Context) -> None:
    append(any_ctx, "one", EVENT, EVENT)
    append(any_ctx, "two", EVENT)
    append(any_ctx, "one", EVENT)

    assert [entry["seq"] for entry in audit.chain(any_ctx, "one")] == [1, 2, 3]
    assert [entry["seq"] for entry in audit.chain(any_ctx, "two")] == [1]
    assert audit.chain(any_ctx, "two")[0]["previous"] == "0" * 64
    assert audit.verify(any_ctx) == 4


def test_entries_that_say_the_same_still_have_hashes_of_their_own(any_ctx: Context) -> None:
    append(any_ctx, "one", *[EVENT] * 20)

    assert len({entry["hash"] for entry in audit.chain(any_ctx, "one")}) == 20


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET kind = 'granted'",
        "UPDATE ledger SET site = site",
        "UPDATE ledger SET seq = 7 WHERE seq = 1",
        "DELETE FROM ledger",
        "DELETE FROM ledger WHERE seq = 2",
    ],
)
def test_no_entry_can_be_changed_or_deleted(any_ctx: Context, statement: str) -> None:
    append(any_ctx, "one", EVENT, EVENT)
    before = audit.everything(any_ctx)

    with pytest.raises(DatabaseError, match="the ledger is append-only"):
        audit.run(any_ctx, statement)

    assert audit.everything(any_ctx) == before


def test_no_entry_can_be_replaced_on_sqlite(ctx: Context) -> None:
    append(ctx, "one", EVENT, EVENT)
    before = audit.everything(ctx)
    columns = ", ".join(before["ledger"][0])
    for changed in ("hash = hash || 'x'", "kind = 'granted'"):
        column, _, value = changed.partition(" = ")
        values = ", ".join(value if name == column else name for name in before["ledger"][0])
        for verb in ("INSERT OR REPLACE", "REPLACE"):
            with pytest.raises(DatabaseError, match="the ledger is append-only"):
                audit.run(ctx, f"{verb} INTO ledger ({columns}) SELECT {values} FROM ledger WHERE seq = 1")

    assert audit.everything(ctx) == before


def test_no_upsert_changes_an_entry(any_ctx: Context) -> None:
    append(any_ctx, "one", EVENT, EVENT)
    before = audit.everything(any_ctx)

    with pytest.raises(DatabaseError, match="the ledger is append-only"):
        audit.run(
            any_ctx,
            "INSERT INTO ledger SELECT * FROM ledger WHERE seq = 1 "
            "ON CONFLICT (controller, seq) DO UPDATE SET kind = 'granted'",
        )

    assert audit.everything(any_ctx) == before


def test_the_triggers_hold_for_every_other_program_too(ctx: Context) -> None:
    append(ctx, "one", EVENT)

    other = sqlite3.connect(ctx.settings.DATA_DIR / "akkoord.db", isolation_level=None)
    try:
        with pytest.raises(sqlite3.IntegrityError, match="the ledger is append-only"):
            other.execute("DELETE FROM ledger")
    finally:
        other.close()


@pytest.mark.parametrize("any_ctx", ["postgresql"], indirect=True)
def test_the_ledger_cannot_be_emptied_at_a_stroke(any_ctx: Context) -> None:
    """SQLite knows no TRUNCATE: there a DELETE of all rows is the same, and is tried above."""
    append(any_ctx, "one", EVENT)
    for statement in ("TRUNCATE ledger", "TRUNCATE ledger CASCADE", "TRUNCATE notices, ledger CASCADE"):
        with pytest.raises(DatabaseError, match="the ledger is append-only"):
            audit.run(any_ctx, statement)

    assert audit.verify(any_ctx) == 1


def test_two_entries_cannot_take_one_place(any_ctx: Context) -> None:
    append(any_ctx, "one", EVENT)
    (entry,) = audit.chain(any_ctx, "one")

    with pytest.raises(DatabaseError, match=r"append-only|duplicate key"):
        put(any_ctx, entry | {"hash": "f" * 64})

    assert audit.verify(any_ctx) == 1


def test_an_entry_that_is_copied_to_another_place_breaks_the_chain(any_ctx: Context) -> None:
    """No index keeps two entries from having one hash: an entry has its place in what is hashed."""
    append(any_ctx, "one", EVENT)
    (entry,) = audit.chain(any_ctx, "one")

    put(any_ctx, entry | {"seq": 2})

    with pytest.raises(AssertionError):
        audit.verify(any_ctx)


def put(ctx: Context, entry: audit.Entry) -> None:
    audit.run(ctx, f"INSERT INTO ledger VALUES ({', '.join(f':{name}' for name in entry)})", **entry)


def test_an_entry_without_its_transaction_is_nowhere(any_ctx: Context) -> None:
    append(any_ctx, "one", EVENT)

    def breaks_off() -> None:
        with any_ctx.database.write() as connection:
            chain = ledger.lock(connection, "one")
            chain.append(EVENT, any_ctx.clock())
            chain.store()
            raise RuntimeError("a fault in the middle")

    with pytest.raises(RuntimeError, match="a fault in the middle"):
        breaks_off()

    append(any_ctx, "one", replace(EVENT, site="later"))
    assert [entry["site"] for entry in audit.chain(any_ctx, "one")] == ["bücher.example", "later"]
    assert audit.verify(any_ctx) == 2


def test_a_forged_entry_is_found(any_ctx: Context) -> None:
    """The triggers stop slips and other programs; against who owns the database the chain speaks."""
    append(any_ctx, "one", EVENT, EVENT, EVENT)
    with any_ctx.database.write() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER ledger_no_update"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE ledger SET site = 'forged' WHERE controller = 'one' AND seq = 2"))

    with pytest.raises(AssertionError):
        audit.verify(any_ctx)
