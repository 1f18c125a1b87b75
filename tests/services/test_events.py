"""Evidence without hoarding: what the ledger and every other table may hold of a person, and what it may not."""

from collections import Counter
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import Connection

from app.domain.address import Address
from app.services import housekeeping, reports, withdrawal
from app.services.context import Context
from app.services.link_request import LinkRequest
from app.storage import ledger
from app.storage.database import Database
from tests import audit
from tests.factories import Clock, send_form, send_link
from tests.services.person import Person

EMAIL = "Kanarie.Vogel@voorbeeld.test"
CANARIES = ("kanarie", "voorbeeld.test", "Vogelzang", "06 55 44 33 22", "medisch geheim", "203.0.113.9", "203.0.113")
PERSONAL = {("subjects", "email"), ("subjects", "email_key"), ("request_fields", "value")}


def a_whole_life(ctx: Context, clock: Clock) -> None:
    """Somebody does everything that can be done, at three controllers, under different spellings of one address."""
    ctx.limited = False
    talent = Person(ctx, "kanarie.vogel@voorbeeld.test")
    insured = Person(ctx, "kanarie.vogel@voorbeeld.test", controller="zorgzeker", form="quote")
    for _ in range(2):
        send_form(
            ctx,
            EMAIL,
            ("offers_mail", "offers_phone", "keep_cv"),
            fields={"first_name": "Vogelzang", "phone": "06 55 44 33 22"},
            network="203.0.113.0/24",
        )
    talent.mails()
    talent.grants("offers_mail", "offers_phone", first_name="Vogelzang", phone="06 55 44 33 22")
    insured.grants("follow_up")
    insured.says_no(insured.asks("medical", medical_history="medisch geheim 2"))
    insured.says_yes(insured.asks("medical", "follow_up", medical_history="medisch geheim"), "medical")
    talent.withdraws("offers_phone")
    talent.objects()
    insured.stops()
    send_link(
        ctx,
        LinkRequest(
            "metaalnet",
            "nl",
            Address("kanarie.vogel@voorbeeld.test", "kanarie.vogel@voorbeeld.test"),
            "n",
            to_object=True,
        ),
    )
    withdrawal.withdraw_for(ctx, "kanarie.vogel@voorbeeld.test", "zorgzeker", "follow_up")
    talent.mails()
    clock.forward(days=8)
    housekeeping.tidy(ctx)
    talent.asks("keep_cv")


def test_personal_data_stand_in_two_tables_and_nowhere_else(any_ctx: Context, clock: Clock) -> None:
    a_whole_life(any_ctx, clock)

    assert audit.readable(any_ctx, *CANARIES) == PERSONAL


def test_no_entry_of_the_ledger_can_be_read_as_anybody(any_ctx: Context, clock: Clock) -> None:
    a_whole_life(any_ctx, clock)

    entries = audit.rows(any_ctx, "ledger")
    assert len(entries) > 30
    assert not any(canary.lower() in str(entry).lower() for canary in CANARIES for entry in entries)
    assert {len(entry["subject"]) for entry in entries} == {32}
    assert {len(entry["commitment"]) for entry in entries} == {64}


def test_every_entry_commits_to_the_address_of_its_subject(any_ctx: Context, clock: Clock) -> None:
    a_whole_life(any_ctx, clock)

    subjects = {row["id"]: row for row in audit.rows(any_ctx, "subjects")}
    found = Counter(
        audit.commits_to(entry, bytes(subjects[entry["subject"]]["salt"]), subjects[entry["subject"]]["email"])
        for entry in audit.rows(any_ctx, "ledger")
        if entry["subject"] in subjects
    )
    assert found[True] > 30
    assert found[False] == 0


def test_the_ledger_alone_tells_the_state_of_every_purpose(any_ctx: Context, clock: Clock) -> None:
    a_whole_life(any_ctx, clock)
    assert audit.verify(any_ctx) > 30

    for controller in ("talentwerk", "zorgzeker"):
        told = reports.status(any_ctx, "kanarie.vogel@voorbeeld.test", controller)
        by_ledger = audit.states(any_ctx, controller)
        assert told
        for line in told:
            assert by_ledger[line["subject"], line["form"], line["purpose"]] == line["status"]


def test_no_chain_holds_anything_of_another_controller(any_ctx: Context, clock: Clock) -> None:
    """Not even that it is the same person: nothing that stands in one chain can be found in another."""
    a_whole_life(any_ctx, clock)

    seen: dict[str, set[str]] = {}
    for entry in audit.rows(any_ctx, "ledger"):
        for part in ("subject", "commitment", "hash", "previous"):
            if entry[part] != "0" * 64:
                seen.setdefault(entry[part], set()).add(entry["controller"])
    assert len({controller for controllers in seen.values() for controller in controllers}) == 3
    assert all(len(controllers) == 1 for controllers in seen.values())


def test_a_transaction_locks_chains_in_the_order_of_controllers(
    any_ctx: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that lock the same two the other way round would wait for each other for ever."""
    write, lock, lock_behind = Database.write, ledger.lock, ledger.lock_behind
    locked: list[list[str]] = []

    def begun(database: Database) -> AbstractContextManager[Connection]:
        locked.append([])
        return write(database)

    def by_name(connection: Connection, controller: str) -> ledger.Chain:
        locked[-1].append(controller)
        return lock(connection, controller)

    def by_link(connection: Connection, link: ledger.Link) -> ledger.Chain | None:
        chain = lock_behind(connection, link)
        locked[-1] += [chain.controller] if chain else []
        return chain

    monkeypatch.setattr(Database, "write", begun)
    monkeypatch.setattr(ledger, "lock", by_name)
    monkeypatch.setattr(ledger, "lock_behind", by_link)
    a_whole_life(any_ctx, clock)
    withdrawal.withdraw_for(any_ctx, "kanarie.vogel@voorbeeld.test", None, None)

    assert sum(map(bool, locked)) > 15
    assert locked == [sorted(set(controllers)) for controllers in locked]
