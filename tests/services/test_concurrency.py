"""Many at once: what people, workers and staff do at the same moment comes out as if they had come one by one."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection

from app.services import confirmation, housekeeping, reports, withdrawal
from app.services.context import Context
from app.storage import prepared, requests
from tests import audit
from tests.factories import Clock, send_form, work_off
from tests.services.person import Person


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do all of them at the same moment, each in a thread of its own; whatever one raises is raised here."""
    start = threading.Barrier(len(acts))

    def go(act: Callable[[], object]) -> object:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [running.result() for running in [pool.submit(go, act) for act in acts]]


def test_the_same_form_sixteen_times_at_once_is_one_request_and_one_mail(any_ctx: Context) -> None:
    at_once([lambda: send_form(any_ctx, fields={"first_name": "Sofie"})] * 16)

    assert len(audit.rows(any_ctx, "subjects")) == 1
    assert len(audit.rows(any_ctx, "requests")) == 1
    assert len(work_off(any_ctx)) == 1
    assert audit.history(any_ctx) == [("requested", "offers_mail"), ("mailed", "")]
    assert [row["count"] for row in audit.rows(any_ctx, "submit_counts") if row["count"] > 1] == [16]
    assert audit.verify(any_ctx) == 2


def test_sixteen_people_at_once_have_sixteen_requests(any_ctx: Context) -> None:
    at_once([partial(send_form, any_ctx, f"p{number}@voorbeeld.test", ("keep_cv",)) for number in range(16)])

    assert len({mail["To"] for mail in work_off(any_ctx)}) == 16
    assert audit.verify(any_ctx) == 32


def test_eight_yeses_at_once_are_one_consent_and_one_receipt(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    token = sofie.asks("keep_cv", "offers_mail")

    views = at_once([lambda: sofie.says_yes(token)] * 8)

    assert all(view == views[0] for view in views)
    assert audit.history(any_ctx).count(("granted", "keep_cv")) == 1
    assert len(sofie.mails()) == 1


def test_yes_and_no_at_once_are_one_of_the_two(any_ctx: Context) -> None:
    people = [Person(any_ctx, f"p{number}@voorbeeld.test") for number in range(8)]
    tokens = [person.asks("keep_cv") for person in people]
    acts: list[Callable[[], object]] = []
    for person, token in zip(people, tokens, strict=True):
        acts += [partial(person.says_yes, token), partial(person.says_no, token)]

    at_once(acts)

    for person in people:
        assert person.statuses() in ({"keep_cv": "granted"}, {})
    kinds = [kind for kind, _ in audit.history(any_ctx)]
    assert kinds.count("granted") + kinds.count("refused") == 8
    assert kinds.count("granted") == len(audit.rows(any_ctx, "consents")) == len(audit.rows(any_ctx, "subjects"))
    audit.verify(any_ctx)


def test_a_withdrawal_at_the_moment_of_a_yes_always_stands(any_ctx: Context) -> None:
    """Whichever of the two comes first: what was asked is stopped, and the ledger tells the order that it had."""
    people = [Person(any_ctx, f"p{number}@voorbeeld.test") for number in range(8)]
    any_ctx.limited = False
    acts: list[Callable[[], object]] = []
    for person in people:
        person.grants("keep_cv")
        token = person.asks("offers_mail")
        acts += [
            partial(confirmation.confirm, any_ctx, token, ()),
            partial(withdrawal.withdraw, any_ctx, person.token("withdraw")),
        ]

    at_once(acts)

    by_ledger = audit.states(any_ctx)
    for person in people:
        assert person.statuses() == {"keep_cv": "withdrawn", "offers_mail": "withdrawn"}
        subject = person.rows()[0]["id"]
        assert by_ledger[subject, "careers", "offers_mail"] == "withdrawn"
        own = [entry["kind"] for entry in audit.chain(any_ctx) if entry["subject"] == subject]
        own = own[own.index("granted") + 1 :]
        assert [kind for kind in own if not kind.startswith("mail")] in (
            ["requested", "confirmed", "granted", "withdrawn", "withdrawn"],
            ["requested", "withdrawn", "withdrawn"],
        )
    audit.verify(any_ctx)


def test_everybody_does_everything_at_once_and_the_books_still_agree(any_ctx: Context, clock: Clock) -> None:
    """Three people each send the form, withdraw and call the company, while mails go out and time does its work."""
    any_ctx.limited = False
    people = [Person(any_ctx, f"p{number}@voorbeeld.test") for number in range(4)]
    for person in people:
        person.grants("keep_cv", "offers_mail", first_name="Sofie")
    clock.forward(days=2 * 365 - 7)
    for person in people:
        person.asks("offers_phone", "offers_mail", phone="0612345678")
    clock.forward(days=7)
    acts: list[Callable[[], object]] = [partial(housekeeping.tidy, any_ctx)] * 2 + [partial(work_off, any_ctx)] * 2
    for person in people:
        acts += [
            partial(send_form, any_ctx, person.email, ("offers_mail",)),
            partial(withdrawal.withdraw, any_ctx, person.token("withdraw"), "offers_mail"),
            partial(withdrawal.withdraw_for, any_ctx, person.email, None, "keep_cv"),
        ]

    at_once(acts)
    housekeeping.tidy(any_ctx)

    by_ledger = audit.states(any_ctx)
    assert "granted" not in by_ledger.values()
    for person in people:
        told = reports.status(any_ctx, person.email, None)
        assert {line["purpose"] for line in told} == {"keep_cv", "offers_mail", "offers_phone"}
        for line in told:
            assert by_ledger[line["subject"], line["form"], line["purpose"]] == line["status"]
    audit.verify(any_ctx)


def test_two_housekeepers_at_once_do_everything_once(any_ctx: Context, clock: Clock) -> None:
    for number in range(8):
        Person(any_ctx, f"p{number}@voorbeeld.test").asks("keep_cv")
    clock.forward(days=7)

    at_once([lambda: housekeeping.tidy(any_ctx)] * 4)

    assert audit.history(any_ctx).count(("lapsed", "keep_cv")) == 8
    assert audit.rows(any_ctx, "subjects") == []
    audit.verify(any_ctx)


def test_a_request_is_read_with_its_purposes_in_one_statement(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    Person(ctx).asks("offers_mail", "keep_cv")
    (row,) = audit.rows(ctx, "requests")
    statements: list[str] = []
    run = prepared.run_on_driver

    def noted(connection: Connection, sql: str, *given: Any, **named: Any) -> Any:
        statements.append(sql)
        return run(connection, sql, *given, **named)

    monkeypatch.setattr(prepared, "run_on_driver", noted)
    with ctx.database.read() as connection:
        found = requests.with_id(connection, str(row["id"]))

    assert found is not None
    assert set(found.purposes) == {"offers_mail", "keep_cv"}
    assert len(statements) == 1, "on PostgreSQL a second one sees what another transaction has committed since"
