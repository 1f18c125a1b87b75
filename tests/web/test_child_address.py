"""The address of a child that its parent gives: not the parent's own, and used only after the child's own yes."""

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from tests.factories import link_in, work_off
from tests.page import Page
from tests.web.ways import NOOR, child_allowed, child_asked, nothing_changes, stored


@pytest.mark.parametrize(
    ("guardian", "child"),
    [
        ("papa@voorbeeld.test", "papa@voorbeeld.test"),
        ("papa@voorbeeld.test", " PAPA@Voorbeeld.TEST "),
        ("papa@voorbeeld.test", "papa+noor@voorbeeld.test"),
        ("papa+club@voorbeeld.test", "papa@voorbeeld.test"),
        ("papa+a@voorbeeld.test", "Papa+b@voorbeeld.test"),
        ("papa@bücher.test", "papa@xn--bcher-kva.test"),
        ("papa@xn--bcher-kva.test", "PAPA@BÜCHER.test"),
        ("andré@voorbeeld.test", "andre\u0301@voorbeeld.test"),
    ],
)
def test_the_parents_own_address_in_another_spelling_is_not_the_childs(
    client: FlaskClient, ctx: Context, guardian: str, child: str
) -> None:
    link = child_asked(client, ctx, purposes=("recipes",), guardian=guardian).guardian
    page = Page(client.get(link))

    with nothing_changes(ctx):
        typed = {"purposes": ["recipes"], "is_guardian": ["yes"], "child_email": child}
        wrong = Page(page.press(client, 0, **typed), 422, ticked=["recipes", "yes"])

    assert wrong.problems == {"child_email": i18n.say("nl", "error.child_email.same")}
    assert wrong.typed["child_email"] == child


@pytest.mark.parametrize("child", ["noor", "noor@", "a@voorbeeld.test, b@voorbeeld.test", "x" * 300 + "@a.test"])
def test_an_address_of_the_child_that_is_none_is_refused(client: FlaskClient, ctx: Context, child: str) -> None:
    page = Page(client.get(child_asked(client, ctx, purposes=("recipes",)).guardian))

    with nothing_changes(ctx):
        typed = {"purposes": ["recipes"], "is_guardian": ["yes"], "child_email": child}
        wrong = Page(page.press(client, 0, **typed), 422, ticked=["recipes", "yes"])

    assert wrong.problems == {"child_email": i18n.say("nl", "error.child_email.format")}


def test_an_address_of_the_child_is_used_only_after_its_own_yes(client: FlaskClient, ctx: Context) -> None:
    child_allowed(client, ctx, child_email=NOOR)
    (subject,) = stored(ctx, "subjects")
    assert (subject["child_email"], subject["child_confirmed"]) == (NOOR, False)
    (mail,) = work_off(ctx)
    assert mail["To"] == NOOR
    link = link_in(mail, "confirm")
    with nothing_changes(ctx):
        Page(client.get(link))
        Page(client.post(link, data={"x": ""}), 422)

    Page(client.post(link, data={"decision": "yes"}))

    assert stored(ctx, "subjects")[0]["child_confirmed"]


def test_with_a_no_to_everything_the_address_of_the_child_is_not_stored_or_even_looked_at(
    client: FlaskClient, ctx: Context
) -> None:
    page = Page(client.get(child_asked(client, ctx).guardian))

    Page(page.press(client, 0, child_email="noor@"))

    assert {row["status"] for row in stored(ctx, "request_purposes")} == {"refused"}
    assert {row["child_email"] for row in stored(ctx, "subjects")} <= {""}


@pytest.mark.parametrize("answer", ["no", ""])
def test_without_its_yes_nothing_is_mailed_to_the_child_and_its_no_deletes_the_address(
    client: FlaskClient, ctx: Context, answer: str
) -> None:
    links = child_allowed(client, ctx, child_email=NOOR)
    (mail,) = work_off(ctx)

    Page(client.post(link_in(mail, "confirm"), data={"decision": answer}), 200 if answer else 422)
    Page(client.post(links.withdraw, data={"decision": "stop"}))

    assert {row["child_email"] for row in stored(ctx, "subjects")} == {""}
    assert NOOR not in {mail["To"] for mail in work_off(ctx)}


def test_a_child_can_stop_with_its_own_link_and_allow_nothing(client: FlaskClient, ctx: Context) -> None:
    links = child_allowed(client, ctx, child_email=NOOR)
    (mail,) = work_off(ctx)
    Page(client.post(link_in(mail, "confirm"), data={"decision": "yes"}))
    (receipt,) = work_off(ctx)
    own = link_in(receipt, "withdraw")
    assert own != links.withdraw
    token = own.split("/")[2]

    with nothing_changes(ctx):
        for kind in ("guardian", "confirm", "object", "stop"):
            Page(client.post(f"/{kind}/{token}", data={"decision": "yes", "is_guardian": "yes"}), 404)
    Page(client.post(own, data={"decision": "stop"}))

    assert {row["status"] for row in stored(ctx, "consents")} == {"withdrawn"}
    assert {entry["decided_by"] for entry in stored(ctx, "ledger", kind="withdrawn")} == {"self"}
