"""What is kept of a child and its parent: nothing after a no or silence, and never a date of birth."""

import logging
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.services import guardian, housekeeping, reports
from app.services.context import Context
from app.storage import schema
from tests import audit
from tests.factories import Clock, html_of, send_form, text_of, work_off
from tests.services.family import NOOR, Child, post

PARENT, NAME = "kanarie7f3a@voorbeeld.test", "Kanarie Vogelzang"
MARKS = ("kanarie", "vogelzang", "7f3a@", "kind.test")
End = Callable[[Context, Clock, str], None]


def refused(ctx: Context, clock: Clock, token: str) -> None:
    child(ctx).decided(token, child_email=NOOR, fields={"first_name": NAME})


def not_hers(ctx: Context, clock: Clock, token: str) -> None:
    guardian.not_mine(ctx, token)


def silent(ctx: Context, clock: Clock, token: str) -> None:
    clock.forward(days=7)


def taken_back(ctx: Context, clock: Clock, token: str) -> None:
    child(ctx).stopped()


ENDS = [refused, not_hers, silent, taken_back]


def child(ctx: Context) -> Child:
    return Child(ctx, NAME, PARENT)


def live_and_end(ctx: Context, clock: Clock, end: End) -> list[bytes]:
    """Between other people a child asks, and it comes to nothing; returns the links and the salt that there were."""
    ctx.limited = False
    token = child(ctx).asks("recipes", "bake_day")
    for number in range(8):
        send_form(ctx, f"p{number}@voorbeeld.test", ("news",), controller="demolen", form="newsletter")
    (row,) = child(ctx).rows()
    kinds = ("withdraw", "object", "stop", "child_withdraw")
    secrets = [bytes(row["salt"]), *(row[f"{kind}_token"].encode() for kind in kinds)]
    end(ctx, clock, token)
    assert housekeeping.tidy(ctx)
    return secrets


@pytest.mark.parametrize("end", ENDS)
def test_after_a_no_or_silence_no_row_has_a_trace_of_the_child_or_its_parent(
    any_ctx: Context, clock: Clock, end: End
) -> None:
    secrets = live_and_end(any_ctx, clock, end)

    assert not audit.readable(any_ctx, *MARKS, *secrets)
    assert child(any_ctx).rows() == []
    assert audit.rows(any_ctx, "request_fields") == []
    audit.verify(any_ctx)


@pytest.mark.parametrize("end", ENDS)
def test_after_a_no_or_silence_no_byte_is_left_on_the_disk(ctx: Context, clock: Clock, end: End) -> None:
    child(ctx).sends("recipes")
    everything = audit.bytes_of(ctx.settings.DATA_DIR)
    assert PARENT.encode() in everything
    assert NAME.encode() in everything
    guardian.not_mine(ctx, ctx.signing.guardian.make(audit.rows(ctx, "requests")[0]["id"]))

    secrets = live_and_end(ctx, clock, end)

    everything = audit.bytes_of(ctx.settings.DATA_DIR).lower()
    assert [mark for mark in (*(text.encode() for text in MARKS), *secrets) if mark.lower() in everything] == []
    assert b"bake_day" in everything


def test_a_child_and_its_parent_can_be_read_in_the_one_table_that_is_erased(any_ctx: Context) -> None:
    child(any_ctx).allowed("recipes", "bake_day", child_email=NOOR, fields={"first_name": NAME})

    assert audit.readable(any_ctx, *MARKS) == {
        ("subjects", "email"),
        ("subjects", "email_key"),
        ("subjects", "child_name"),
        ("subjects", "child_email"),
        ("subjects", "child_email_key"),
        ("subjects", "child_mailbox"),
        ("request_fields", "value"),
    }


def test_a_first_name_goes_once_nothing_waits_or_runs_and_the_child_is_known_again(
    any_ctx: Context, clock: Clock
) -> None:
    any_ctx.limited = False
    Child(any_ctx, "Lou", PARENT).allowed("recipes")
    noor = child(any_ctx)
    noor.allowed("recipes", "bake_day", fields={"first_name": NAME})
    noor.stopped(purpose="bake_day")
    assert audit.readable(any_ctx, "vogelzang") == {("subjects", "child_name")}
    subject, month = noor.row("id"), noor.row("decides_from")

    noor.stopped()

    assert not audit.readable(any_ctx, "vogelzang")
    named = {line["subject"]: line["child"] for line in reports.status(any_ctx, PARENT, None)}
    assert (named.pop(str(subject)), *named.values()) == ("", "Lou")
    clock.forward(days=1)

    Child(any_ctx, f" {NAME.upper()}", PARENT).asks("recipes")

    assert (noor.row("id"), noor.row("child_name"), noor.row("decides_from")) == (subject, f" {NAME.upper()}", month)
    clock.forward(days=8)
    housekeeping.tidy(any_ctx)
    assert (noor.row("id"), noor.row("child_name"), noor.row("decides_from")) == (subject, "", None)


def test_no_mail_has_the_name_that_a_child_typed(any_ctx: Context, clock: Clock) -> None:
    any_ctx.limited = False
    noor = child(any_ctx)
    mails = []
    noor.sends("recipes")
    noor.sends("recipes", "reminder")
    mails += post(any_ctx)
    for request in audit.rows(any_ctx, "requests"):
        noor.decided(any_ctx.signing.guardian.make(request["id"]), "recipes", child_email=NOOR)
    noor.sends("recipes")
    mails += post(any_ctx)
    clock.forward(days=120)
    housekeeping.tidy(any_ctx)
    mails += post(any_ctx)
    noor.stopped()
    mails += post(any_ctx)

    assert {one.kind for one in mails} >= {"guardian_asks", "guardian_again", "child_address", "mail_plus", "withdrawn"}
    for one in mails:
        for written in (str(one.mail), text_of(one.mail), html_of(one.mail)):
            assert "vogelzang" not in written.lower()


def test_no_table_has_a_place_for_a_date_of_birth() -> None:
    columns = {column.name for table in schema.metadata.tables.values() for column in table.columns}

    assert not {name for name in columns if "birth" in name or "born" in name or name in ("age", "day_of", "year")}


BORN = re.compile(
    r"(?<![\w.])(2016[-/ .]0?8|0?8[-/ .]2016|27[-/ .]0?8|0?8[-/ .]27|27 ?aug\w*|aug\w* 2016|2016)(?![\w])",
    re.IGNORECASE,
)
"""27 August 2016, or any part of it that says when somebody was born, as people and programs write it."""


@pytest.mark.parametrize("text", ["2016-08-27", "27/8/2016", "27 augustus", "Aug 2016", "in 2016.", '"2016"', "27.08."])
def test_the_search_below_knows_a_date_of_birth_when_it_sees_one(text: str) -> None:
    assert BORN.search(text)


def _form_token(page: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_no_date_of_birth_is_in_any_row_log_address_or_mail(
    client: FlaskClient, ctx: Context, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    mails = []
    addresses = ["/f/demolen/bakeclub?lang=nl"]
    token = _form_token(client.get(addresses[0]).text)
    born = {"birth_day": "27", "birth_month": "augustus", "birth_year": "2016"}
    answer = client.post(addresses[0], data={"form_token": token, "decision": "yes"} | born)
    addresses.append(answer.headers["Location"])
    token = _form_token(client.get(addresses[1]).text)
    wish = {"form_token": token, "decision": "yes", "purposes": ["recipes"]}
    waiting = client.post(addresses[1], data=wish | {"child_name": NAME, "guardian_email": PARENT})
    mails += work_off(ctx)
    (row,) = child(ctx).rows()
    assert row["decides_from"] == "2029-07-31T22:00:00.000000Z", "the month, as long as something waits"
    (request,) = audit.rows(ctx, "requests")
    child(ctx).decided(ctx.signing.guardian.make(request["id"]), "recipes", fields={"first_name": NAME})
    clock.forward(days=1)
    mails += work_off(ctx)

    written = [
        *addresses,
        answer.text,
        waiting.text,
        *(record.getMessage() for record in caplog.records),
        *(" ".join(map(str, mail.values())) for mail in mails),
        *(text_of(mail) + html_of(mail) for mail in mails),
        *(
            str(value)
            for table, entries in audit.everything(ctx).items()
            if table != "notices"
            for entry in entries
            for value in entry.values()
        ),
    ]
    assert len(mails) == 2
    assert [text for text in written if BORN.search(text)] == []
    child(ctx).stopped()
    assert {row["decides_from"] for row in audit.rows(ctx, "subjects")} == {None}
