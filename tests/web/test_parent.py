"""An adult on a form for children answers as a parent: for which child, with a declaration, and confirmed by mail."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services import coming_of_age, housekeeping, reports
from app.services.context import Context
from tests import audit
from tests.factories import Clock, link_in, text_of, work_off
from tests.page import Page
from tests.web.ways import (
    ADULT,
    BAKECLUB,
    COUNTERS,
    NEWSLETTER,
    NOOR,
    PAPA,
    child_allowed,
    child_asks,
    filled,
    nothing_changes,
    stored,
)

LANGUAGES = ("nl", "fr", "en")
ANSWERS = {
    "purposes": ["recipes"],
    "child_name": "Noor",
    "child_birth_month": "3",
    "child_birth_year": "2017",
    "email": PAPA,
    "is_guardian": ["yes"],
}


def sent(client: FlaskClient, language: str = "nl", **changed: Any) -> Page:
    """A parent has sent the form; the answer to it."""
    page = BAKECLUB.after(client, ADULT, language)
    return BAKECLUB.answer(page.press(client, 0, **ANSWERS | changed))


def refused(client: FlaskClient, page: Page, **changed: Any) -> Page:
    """A parent has sent what cannot be taken."""
    answers = ANSWERS | changed
    ticked = [*answers["purposes"], *answers["is_guardian"]]
    return BAKECLUB.answer(page.press(client, 0, **answers), 422, ticked=ticked)


def confirmed(client: FlaskClient, ctx: Context, **changed: Any) -> Page:
    """A parent has sent the form and confirmed it; the page that says so."""
    sent(client, **changed)
    (mail,) = work_off(ctx)
    return Page(Page(client.get(link_in(mail, "confirm"))).press(client, 0))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_adult_at_a_form_for_children_decides_as_a_parent(
    client: FlaskClient, ctx: Context, clock: Clock, language: str
) -> None:
    sent(client, language)

    (request,) = stored(ctx, "requests")
    assert (request["audience"], request["status"]) == ("guardian", "requested")
    (mail,) = work_off(ctx)
    assert mail["To"] == PAPA
    assert i18n.say(language, "mail.confirm.for_child") in text_of(mail)
    assert "Noor" not in text_of(mail)
    page = Page(client.get(link_in(mail, "confirm")))
    whose = i18n.say(
        language, "guardian.whose", child_name="Noor", date=i18n.day(request["requested_at"], "BE", language)
    )
    assert {whose, i18n.say(language, "confirm.for_child")} <= set(page.text.splitlines())
    done = Page(page.press(client, 0))
    assert whose in done.text

    (child,) = stored(ctx, "subjects")
    month = coming_of_age.day_begins(date(2030, 3, 1), "BE")
    assert (child["child_name"], child["email"], child["decides_from"]) == ("Noor", PAPA, month)
    (consent,) = stored(ctx, "consents")
    assert ctx.stored_notice(consent["notice"]).notice.audience == "guardian"
    assert [
        (entry["kind"], entry["decided_by"], entry["audience"])
        for entry in audit.chain(ctx, "demolen")
        if not entry["kind"].startswith("mail")
    ] == [(kind, "guardian", "guardian") for kind in ("requested", "confirmed", "granted")]
    assert work_off(ctx) == []
    clock.forward(days=1, minutes=1)
    (plus,) = work_off(ctx)
    assert (
        i18n.say(language, "mail.plus.subject", form_title=ctx.stored_notice(consent["notice"]).notice.title)
        == plus["Subject"]
    )
    (line,) = reports.status(ctx, PAPA, None)
    assert (line["as"], line["child"], line["status"]) == ("guardian", "Noor", "granted")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_behind_links_name_a_child_as_long_as_something_runs(
    client: FlaskClient, ctx: Context, language: str
) -> None:
    confirmed(client, ctx, language=language)
    (subject,) = stored(ctx, "subjects")
    link = f"/withdraw/{subject['withdraw_token']}?lang={language}"
    asked = i18n.day(subject["created_at"], "BE", language)
    named = i18n.say(language, "guardian.whose", child_name="Noor", date=asked)
    page = Page(client.get(link))
    assert named in page.text.splitlines()

    stopped = Page(page.press(client, 0))

    assert named in stopped.text.splitlines(), "the answer to the button still says for whom"
    for address in (link, f"/object/{subject['object_token']}?lang={language}"):
        later = Page(client.get(address)).text
        assert i18n.say(language, "guardian.whose.unnamed", date=asked) in later.splitlines()
        assert "Noor" not in later


def test_only_the_month_is_kept_and_it_counts_in_the_words_of_the_page(client: FlaskClient, ctx: Context) -> None:
    sent(client, "fr", child_birth_month="Décembre", child_birth_year="2018")

    (child,) = stored(ctx, "subjects")
    assert child["decides_from"] == coming_of_age.day_begins(date(2031, 12, 1), "BE")
    assert "2018" not in repr([child, *stored(ctx, "requests"), *stored(ctx, "request_fields")])


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"is_guardian": []}, {"is_guardian": "error.is_guardian.missing"}),
        ({"child_name": ""}, {"child_name": "error.child_name.missing"}),
        ({"child_name": "www.koop.example"}, {"child_name": "error.child_name.characters"}),
        ({"child_birth_month": ""}, {"child_birth_month": "error.birth.month_missing"}),
        (
            {"child_birth_month": "", "child_birth_year": ""},
            {"child_birth_month": "error.child_birth.missing"},
        ),
        ({"child_birth_month": "13"}, {"child_birth_month": "error.child_birth.month"}),
        ({"child_birth_year": "17"}, {"child_birth_year": "error.birth.year_digits"}),
        ({"child_birth_year": "2027"}, {"child_birth_year": "error.birth.future"}),
        ({"child_birth_year": "1890"}, {"child_birth_year": "error.birth.too_old"}),
        ({"child_birth_month": "11", "child_birth_year": "2013"}, {"child_birth_year": "error.child_birth.decides"}),
        ({"email": "papa"}, {"email": "error.email.format"}),
        ({"purposes": ["bake_day"]}, dict.fromkeys(("first_name", "session"), "")),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_or_ticked_is_lost(
    client: FlaskClient, ctx: Context, changed: dict[str, Any], problem: dict[str, str]
) -> None:
    page = BAKECLUB.after(client, ADULT)
    with nothing_changes(ctx, but=COUNTERS):
        wrong = refused(client, page, **changed)

    said = {name: i18n.say("nl", key) for name, key in problem.items() if key}
    assert wrong.problems.keys() == problem.keys()
    assert said.items() <= wrong.problems.items()
    kept = ANSWERS | changed
    assert {name: wrong.typed[name] for name in wrong.typed.keys() & kept.keys() - {"is_guardian"}} == {
        name: text for name, text in kept.items() if isinstance(text, str)
    }


def test_a_child_of_the_month_before_the_age_is_still_decided_for(client: FlaskClient, ctx: Context) -> None:
    sent(client, child_birth_month="12", child_birth_year="2013")

    assert len(stored(ctx, "requests")) == 1


def test_the_first_name_is_typed_once(client: FlaskClient, ctx: Context) -> None:
    page = BAKECLUB.after(client, ADULT)
    answers = ANSWERS | filled(page) | {"purposes": ["bake_day"], "first_name": "", "use_child_name": ["yes"]}

    BAKECLUB.answer(page.press(client, 0, **answers))

    assert {row["field"]: row["value"] for row in stored(ctx, "request_fields")}["first_name"] == "Noor"


def test_a_no_of_a_parent_stores_nothing(client: FlaskClient, ctx: Context) -> None:
    page = BAKECLUB.after(client, ADULT)
    with nothing_changes(ctx, but=COUNTERS):
        BAKECLUB.answer(page.press(client, 1))
        BAKECLUB.answer(page.press(client, 0, **ANSWERS | {"purposes": []}))


def test_an_adult_at_a_form_for_everyone_decides_for_herself(client: FlaskClient, ctx: Context) -> None:
    page = NEWSLETTER.after(client, ADULT)
    NEWSLETTER.answer(page.press(client, 0, email=PAPA, purposes=["news"]))

    assert [row["audience"] for row in stored(ctx, "requests")] == ["adult"]


def test_no_child_decides_as_its_own_parent(client: FlaskClient, ctx: Context) -> None:
    """At an address that it has confirmed as its own: not anew, nor by a question that waits there."""
    sent(client, email=NOOR, child_name="Lou")
    (waiting,) = work_off(ctx)
    child_allowed(client, ctx, purposes=("recipes",), child_email=NOOR)
    (mail,) = [mail for mail in work_off(ctx) if mail["To"] == NOOR]
    Page(Page(client.get(link_in(mail, "confirm"))).press(client, 0))
    work_off(ctx)

    page = Page(client.get(link_in(waiting, "confirm")))
    Page(client.post(link_in(waiting, "confirm"), data={"decision": "yes"}))
    sent(client, email=NOOR, child_name="Mia")

    assert page.h1 == i18n.say("nl", "child.own.title", True)
    assert {row["child_name"] for row in stored(ctx, "subjects")} == {"Lou", "Noor"}
    assert {row["status"] for row in stored(ctx, "requests", audience="guardian")} == {"requested"}
    (told,) = work_off(ctx)
    assert told["Subject"] == i18n.say("nl", "mail.child_not_asked.subject", True, form_title="Bakclub")


def test_what_a_parent_agreed_to_is_stopped_like_any_decision_for_a_child(client: FlaskClient, ctx: Context) -> None:
    done = confirmed(client, ctx)
    page = Page(done.follow(client, i18n.say("nl", "confirmed.stop_now")))

    Page(page.press(client, 0))

    assert audit.chain(ctx, "demolen")[-1]["decided_by"] == "guardian"
    (mail,) = work_off(ctx)
    assert mail["Subject"] == i18n.say("nl", "mail.stopped_for_child.subject", form_title="Bakclub voor kinderen")


def test_a_child_that_asks_for_more_is_the_child_that_its_parent_named(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    confirmed(client, ctx, child_name="noor ")
    clock.forward(hours=1)
    child_asks(client, purposes=("reminder",))
    child_asks(client, purposes=("reminder",), name="Lou")

    noor, lou = sorted(stored(ctx, "subjects"), key=lambda row: row["created_at"])
    assert (noor["child_name"], lou["child_name"]) == ("noor", "Lou")
    assert len(stored(ctx, "requests", subject_id=noor["id"])) == 2


def test_a_yes_of_a_parent_that_is_asked_anew_is_decided_on_the_parents_page(
    client: FlaskClient, ctx: Context, clock: Clock, publish: Callable[..., None]
) -> None:
    publish("demolen/bakeclub", {"keep: 2 years": "keep: 2 years\n    valid_for: 1 year"})
    confirmed(client, ctx)
    clock.forward(days=359)
    housekeeping.tidy(ctx)

    (mail,) = [mail for mail in work_off(ctx) if "/guardian/" in text_of(mail)]
    page = Page(client.get(link_in(mail, "guardian")))

    assert i18n.say("nl", "guardian.for_whom", child_name="Noor") in page.text
    assert not page.classed("beside")
