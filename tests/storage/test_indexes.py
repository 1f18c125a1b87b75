"""What acts and the worker look for goes by an index: nobody waits longer because a table has grown."""

import re

import pytest

from app.services import confirmation, housekeeping, mail_opt_out, objection, withdrawal
from app.services.context import Context
from tests import audit
from tests.factories import Clock
from tests.services.family import Child
from tests.services.person import Person
from tests.services.test_bounded import statements

LARGE = {
    *("subjects", "requests", "request_purposes", "request_fields", "consents"),
    *("ledger", "outbox", "suppressions", "mail_counts", "submit_counts"),
}
WHOLE = ("DELETE FROM mail_counts", "DELETE FROM submit_counts", "DELETE FROM outbox", "SELECT * FROM outbox")
"""What housekeeping walks through, counters of a day and the mails that are kept; and what this test reads."""


def everything(ctx: Context, clock: Clock) -> None:
    """What adults, a parent, the worker and the housekeeping do, looking at each page too."""
    sofie, tom = Person(ctx), Person(ctx, "tom@voorbeeld.test")
    token = sofie.asks("offers_mail", "keep_cv", first_name="Sofie")
    confirmation.view(ctx, token)
    sofie.says_yes(token)
    withdrawal.view(ctx, sofie.token("withdraw"), "keep_cv")
    sofie.withdraws("offers_mail")
    sofie.says_no(sofie.asks("offers_phone", phone="0470 12 34 56"))
    objection.view(ctx, sofie.token("object"))
    sofie.objects()
    tom.grants("keep_cv")
    mail_opt_out.view(ctx, tom.token("stop"))
    tom.stops()
    Child(ctx).allowed("recipes", child_email="noor@kind.test")
    for days in (8, 400, 2000):
        clock.forward(days=days)
        housekeeping.tidy(ctx)


def test_no_look_up_of_an_act_or_of_the_worker_walks_through_a_table(
    ctx: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with statements(ctx, monkeypatch) as ran:
        everything(ctx, clock)
    walks = {}
    with ctx.database.read() as connection:
        for sql in sorted({" ".join(sql.split()) for sql in ran}):
            if re.match("SELECT|UPDATE|DELETE", sql) and not sql.startswith(WHOLE):
                values = (0,) * sql.count("?")
                plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
                scanned = {step.split()[1] for step in plan if step.startswith("SCAN")}
                if scanned & LARGE:
                    walks[sql] = plan

    assert len(ran) > 100
    assert walks == {}


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("withdraw_token = 'x' OR child_withdraw_token = 'x'", "subjects_by_child_withdraw_token"),
        ("email_key = 'x'", "sqlite_autoindex_subjects"),
    ],
)
def test_a_person_is_found_by_an_index(ctx: Context, condition: str, index: str) -> None:
    with ctx.database.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN SELECT * FROM subjects WHERE {condition}").all()
    assert index in str(plan)
    assert "SCAN" not in str(plan)


def test_what_has_ended_is_in_no_index_of_what_waits(ctx: Context) -> None:
    sofie = Person(ctx)
    sofie.grants("keep_cv")
    sofie.withdraws()
    assert {row["status"] for row in audit.rows(ctx, "requests")} == {"confirmed"}
    with ctx.database.read() as connection:
        for index, table, condition in (
            ("requests_to_lapse", "requests", "decided_at IS NULL"),
            ("consents_to_expire", "consents", "ends_at IS NOT NULL"),
        ):
            sql = f"SELECT count(*) FROM {table} INDEXED BY {index} WHERE {condition}"
            assert connection.exec_driver_sql(sql).scalar() == 0
