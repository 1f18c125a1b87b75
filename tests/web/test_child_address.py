"""The address of a child that its parent gives: not the parent's own, and used only after the child's own yes."""

from email.message import EmailMessage

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from tests.factories import link_in, text_of, work_off
from tests.page import Page
from tests.web.ways import NEWSLETTER, NOOR, PAPA, child_allowed, child_asked, nothing_changes, stored


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


@pytest.mark.parametrize(
    ("child", "key"),
    [
        ("noor", "error.child_email.format"),
        ("noor@", "error.child_email.format"),
        ("a@voorbeeld.test, b@voorbeeld.test", "error.email.several"),
        ("x" * 300 + "@a.test", "error.email.too_long"),
        ("noor peeters@voorbeeld.test", "error.email.spaces"),
    ],
)
def test_an_address_of_the_child_that_is_none_is_refused_with_the_reason(
    client: FlaskClient, ctx: Context, child: str, key: str
) -> None:
    page = Page(client.get(child_asked(client, ctx, purposes=("recipes",)).guardian))

    with nothing_changes(ctx):
        typed = {"purposes": ["recipes"], "is_guardian": ["yes"], "child_email": child}
        wrong = Page(page.press(client, 0, **typed), 422, ticked=["recipes", "yes"])

    assert wrong.problems == {"child_email": i18n.say("nl", key)}


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
        for kind in ("guardian", "confirm", "stop"):
            Page(client.post(f"/{kind}/{token}", data={"decision": "yes", "is_guardian": "yes"}), 404)
    Page(client.post(own, data={"decision": "stop"}))

    assert {row["status"] for row in stored(ctx, "consents")} == {"withdrawn"}
    assert {entry["decided_by"] for entry in stored(ctx, "ledger", kind="withdrawn")} == {"self"}


def test_who_reads_at_an_address_that_a_parent_gave_can_end_the_mails_before_any_yes(
    client: FlaskClient, ctx: Context
) -> None:
    child_allowed(client, ctx, child_email=NOOR)
    (mail,) = work_off(ctx)
    link = link_in(mail, "stop")
    with nothing_changes(ctx):
        page = Page(client.get(link))
    assert i18n.say("nl", "child.stop.body", True) in page.text

    done = Page(page.press(client, 0))

    assert i18n.say("nl", "child.stop.done", True) in done.text
    (told,) = work_off(ctx)
    assert told["To"] == NOOR
    assert [row["kind"] for row in stored(ctx, "suppressions")] == ["no_mail"]
    assert not stored(ctx, "subjects")[0]["child_confirmed"]
    assert {row["status"] for row in stored(ctx, "consents")} == {"granted"}


def test_a_link_to_end_the_mails_dies_with_the_address_that_it_was_mailed_to(client: FlaskClient, ctx: Context) -> None:
    child_allowed(client, ctx, child_email=NOOR)
    (mail,) = work_off(ctx)

    Page(client.post(link_in(mail, "confirm"), data={"decision": "no"}))

    with nothing_changes(ctx):
        Page(client.post(link_in(mail, "stop"), data={"decision": "stop"}), 404)


def has_said_yes(client: FlaskClient, ctx: Context, language: str = "nl") -> tuple[EmailMessage, EmailMessage]:
    """A child, for whom a parent allowed advertising, uses its own address: the question there, and its receipt."""
    child_allowed(client, ctx, NEWSLETTER, purposes=("news",), child_email=NOOR, language=language)
    (question,) = work_off(ctx)
    Page(client.post(link_in(question, "confirm"), data={"decision": "yes"}))
    (receipt,) = work_off(ctx)
    return question, receipt


@pytest.mark.parametrize("language", NEWSLETTER.languages)
def test_a_child_reads_in_its_first_mail_that_it_may_say_no_to_advertising_and_then_has_a_link(
    client: FlaskClient, ctx: Context, language: str
) -> None:
    """GDPR art. 21(4). Before its yes a stranger may read there: no link to what a parent allowed."""
    question, receipt = has_said_yes(client, ctx, language)

    right = i18n.say(language, "child.rights.advert", True, contact="privacy@demolen.example")
    assert right in text_of(question)
    assert {kind for kind in ("withdraw", "object") if f"/{kind}/" in text_of(question)} == set()
    page = Page(client.get(link_in(receipt, "object")))
    assert page.buttons == [i18n.say(language, f"child.object.{answer}", True) for answer in ("yes", "no")]
    assert page.h1 == i18n.say(language, "object.title", True)


def test_where_there_is_no_advertising_a_child_reads_nothing_of_it(client: FlaskClient, ctx: Context) -> None:
    child_allowed(client, ctx, child_email=NOOR, purposes=("reminder",))
    (question,) = work_off(ctx)
    Page(client.post(link_in(question, "confirm"), data={"decision": "yes"}))
    (receipt,) = work_off(ctx)

    for mail in (question, receipt):
        assert "/object/" not in text_of(mail)
        assert "eclame" not in text_of(mail)


def test_a_child_says_no_to_advertising_for_itself_alone(client: FlaskClient, ctx: Context) -> None:
    _, receipt = has_said_yes(client, ctx)
    link = link_in(receipt, "object")
    with nothing_changes(ctx):
        page = Page(client.get(link))
        left = Page(page.press(client, 1))
        Page(client.post(link, data={"decision": ""}), 422)
    assert i18n.say("nl", "child.object.left", True) in left.text

    done = Page(page.press(client, 0))

    assert done.h1 == i18n.say("nl", "child.object.done.title", True)
    assert {row["status"] for row in stored(ctx, "consents")} == {"withdrawn"}
    assert {row["decided_by"] for row in stored(ctx, "ledger", kind="objected")} == {"self"}
    assert [row["kind"] for row in stored(ctx, "suppressions") if row["kind"] == "objected"] == ["objected"]
    assert {mail["To"] for mail in work_off(ctx)} == {PAPA, NOOR, "privacy@demolen.example"}
    with nothing_changes(ctx):
        assert Page(client.get(link)).h1 == done.h1
