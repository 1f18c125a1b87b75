"""Withdrawal: as easy as saying yes, from the page and from a mail program, for as long as anything is kept."""

from dataclasses import replace
from itertools import cycle, pairwise

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.config import Settings
from app.factory import create_app
from app.services import housekeeping
from app.services.context import Context
from tests.factories import Clock, html_of, text_of, work_off
from tests.page import Page
from tests.web.ways import (
    CAREERS,
    EVENTS,
    GRADUATES,
    QUOTE,
    SOFIE,
    agreed,
    asked,
    child_allowed,
    nothing_changes,
    rows,
    stored,
)

CONTENT_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def consents(ctx: Context) -> dict[str, str]:
    return {row["purpose"]: row["status"] for row in stored(ctx, "consents")}


def test_one_button_stops_everything_at_once_without_a_question(client: FlaskClient, ctx: Context) -> None:
    links = agreed(client, ctx, CAREERS)
    work_off(ctx)
    page = Page(client.get(links.withdraw))
    assert {field.tag for field in page.all("form")[0].iter()} == {"form", "button"}

    done = Page(page.press(client, 0))

    assert set(consents(ctx).values()) == {"withdrawn"}
    for title in ("Vacatures per mail", "Vacatures per telefoon", "Uw cv twee jaar bewaren"):
        assert title in done.text
    (mail,) = work_off(ctx)
    assert mail["To"] == SOFIE


def test_each_purpose_has_a_button_of_its_own(client: FlaskClient, ctx: Context) -> None:
    links = agreed(client, ctx, CAREERS)
    page = Page(client.get(links.withdraw))

    done = Page(page.press(client, i18n.say("nl", "confirmed.stop_now") + ", Uw cv twee jaar bewaren"))

    assert consents(ctx) == {"offers_mail": "granted", "offers_phone": "granted", "keep_cv": "withdrawn"}
    assert i18n.say("nl", "withdraw.done.remaining") in done.text
    rest = Page(done.follow(client, i18n.say("nl", "withdraw.title")))
    assert len(rest.buttons) == 3


def test_a_link_to_one_purpose_puts_that_one_first(client: FlaskClient, ctx: Context) -> None:
    links = agreed(client, ctx, CAREERS)

    page = Page(client.get(f"{links.withdraw}/offers_phone"))
    assert page.buttons == [
        f"{i18n.say('nl', 'confirmed.stop_now')}, Vacatures per telefoon",
        i18n.say("nl", "withdraw.all"),
    ]
    page.press(client, 0)

    assert consents(ctx) == {"offers_mail": "granted", "offers_phone": "withdrawn", "keep_cv": "granted"}


def test_to_stop_everything_weighs_no_more_than_to_stop_one_thing(client: FlaskClient, ctx: Context) -> None:
    links = agreed(client, ctx, CAREERS)

    for address in (links.withdraw, f"{links.withdraw}/offers_phone"):
        page = Page(client.get(address))
        assert i18n.say("nl", "withdraw.all") in page.buttons
        assert len({button.get("class") for button in page.all("button")}) == 1


def test_the_page_shows_purposes_and_never_personal_data(client: FlaskClient, ctx: Context) -> None:
    links = agreed(client, ctx, CAREERS, fields={"first_name": "Sofie", "phone": "0612345678"})
    page = Page(client.get(links.withdraw))
    done = Page(page.press(client, 0))

    for personal in (SOFIE, "Sofie", "0612345678"):
        assert personal not in page.html
        assert personal not in done.html


def test_a_second_click_stops_nothing_more_and_says_so(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(agreed(client, ctx, CAREERS).withdraw))
    Page(page.press(client, 0))
    work_off(ctx)

    with nothing_changes(ctx):
        second = Page(page.press(client, 0))
        third = Page(page.press(client, 0))
    assert second.html == third.html
    assert second.h1 == i18n.say("nl", "withdraw.done.title")
    assert i18n.say("nl", "withdraw.again") in second.text
    assert work_off(ctx) == []


def test_whoever_has_not_answered_yet_can_stop_too(client: FlaskClient, ctx: Context) -> None:
    links = asked(ctx, CAREERS)

    Page(Page(client.get(links.withdraw)).press(client, 0))

    assert [request["status"] for request in stored(ctx, "requests")] == ["withdrawn"]
    assert Page(client.get(links.confirm)).buttons == []


def test_a_link_to_what_does_not_run_stops_nothing_else_and_tells_what_runs(client: FlaskClient, ctx: Context) -> None:
    links = agreed(client, ctx, CAREERS)

    for other in ("newsletter", "OFFERS_MAIL", "%3Cscript%3Ealert(1)", "%00"):
        with nothing_changes(ctx):
            Page(client.get(f"{links.withdraw}/{other}"))
            page = Page(client.post(f"{links.withdraw}/{other}", data={"decision": "stop"}))
        assert i18n.say("nl", "withdraw.can_stop") in page.text
        assert "Uw cv twee jaar bewaren" in page.text
        assert "script" not in page.html


NEVER_ASKED = (
    "keep_c",
    "keep_cvs",
    "newsletter",
    "follow_up",
    "KEEP_CV",
    "keep_cv/x",
    "/keep_cv",
    "keep_cv%2Fx",
    "keep_cv..",
    "%00",
    "%0A",
    "%FF%FE",
    "%E2%80%AE",
    "/",
    "keep_cv;x",
    "a" * 3000,
)
"""What may stand behind a token when a link was cut, changed or mixed up on its way."""


@pytest.mark.parametrize("end", NEVER_ASKED)
def test_a_link_whose_end_was_cut_or_changed_shows_all_that_runs(client: FlaskClient, ctx: Context, end: str) -> None:
    """F1: such a link said that it had stopped, and everything ran on."""
    links = agreed(client, ctx, CAREERS)
    link = f"{links.withdraw}/{end}"
    whole = Page(client.get(links.withdraw))

    with nothing_changes(ctx):
        page = Page(client.get(link))
        without_button = Page(client.post(link, data={"x": ""}), 422)
        foreign = Page(client.post(link, data={"decision": "stop"}))
    for shown in (page, without_button, foreign):
        assert (shown.h1, shown.buttons) == (whole.h1, whole.buttons)
        assert i18n.say("nl", "withdraw.unclear") in shown.text
        assert i18n.say("nl", "withdraw.done.title") not in shown.text
    done = Page(page.press(client, i18n.say("nl", "confirmed.stop_now") + ", Uw cv twee jaar bewaren"))
    assert consents(ctx) == {"offers_mail": "granted", "offers_phone": "granted", "keep_cv": "withdrawn"}
    assert i18n.say("nl", "withdraw.done.remaining") in done.text
    Page(Page(client.get(link)).press(client, 0))
    assert set(consents(ctx).values()) == {"withdrawn"}
    assert Page(client.get(link)).h1 == i18n.say("nl", "withdraw.nothing.title")


@pytest.mark.parametrize(("end", "content_type"), list(zip(NEVER_ASKED, cycle(CONTENT_TYPES), strict=False)))
def test_one_click_on_a_link_whose_end_was_cut_or_changed_stops_everything_and_the_receipt_lists_it(
    client: FlaskClient, ctx: Context, end: str, content_type: str
) -> None:
    links = agreed(client, ctx, CAREERS)
    work_off(ctx)

    answer = client.post(f"{links.withdraw}/{end}", data=ONE_CLICK, content_type=content_type)

    assert (answer.status_code, answer.text) == (200, "OK\n")
    assert set(consents(ctx).values()) == {"withdrawn"}
    (mail,) = work_off(ctx)
    for title in ("Vacatures per mail", "Vacatures per telefoon", "Uw cv twee jaar bewaren"):
        assert title in text_of(mail)
    with nothing_changes(ctx):
        assert client.post(f"{links.withdraw}/{end}", data=ONE_CLICK, content_type=content_type).status_code == 200


def test_a_purpose_that_has_ended_keeps_saying_so_and_one_click_on_it_stops_nothing_else(
    client: FlaskClient, ctx: Context
) -> None:
    link = f"{agreed(client, ctx, CAREERS).withdraw}/keep_cv"
    Page(Page(client.get(link)).press(client, 0))

    with nothing_changes(ctx):
        page = Page(client.get(link))
        assert Page(client.post(link, data={"decision": "stop"})).html == page.html
        assert client.post(link, data=ONE_CLICK).status_code == 200
    assert page.h1 == i18n.say("nl", "withdraw.done.title")
    assert i18n.say("nl", "withdraw.done.remaining") in page.text
    assert ("Vacatures per mail" in page.text, "Uw cv" in page.text) == (True, False)


def test_what_waits_for_an_answer_is_cancelled_and_is_never_said_to_have_stopped(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    links = agreed(client, ctx, CAREERS, purposes=("keep_cv",))
    clock.forward(minutes=11)
    asked(ctx, CAREERS, ("offers_mail", "offers_phone"))
    link = f"{links.withdraw}/offers_mail"

    page = Page(client.get(link))
    assert page.h1 == i18n.say("nl", "withdraw.title")
    assert page.buttons[0] == f"{i18n.say('nl', 'confirmed.stop_now')}, Vacatures per mail"
    done = Page(page.press(client, 0))
    assert done.h1 == i18n.say("nl", "withdraw.cancelled.title")
    assert "Vacatures per mail" in done.text
    with nothing_changes(ctx):
        later = Page(client.get(link))
    assert later.h1 == i18n.say("nl", "withdraw.title")
    assert len(later.buttons) == 3
    assert "Vacatures per mail" not in later.text
    for shown in (page, done, later):
        assert i18n.say("nl", "withdraw.done.title") not in shown.text
    both = Page(later.press(client, 0))
    assert both.h1 == i18n.say("nl", "withdraw.done.title")
    stopped, cancelled = both.text.split(i18n.say("nl", "withdraw.cancelled.body", controller="TalentWerk BV"))
    assert ("Uw cv twee jaar bewaren" in stopped, "Vacatures per telefoon" in cancelled) == (True, True)
    assert {request["status"] for request in stored(ctx, "requests")} == {"confirmed", "withdrawn"}


def test_a_purpose_that_was_refused_is_not_said_to_have_stopped(client: FlaskClient, ctx: Context) -> None:
    links = asked(ctx, QUOTE)
    Page(client.post(links.confirm, data={"without": "medical"}))
    link = f"{links.withdraw}/medical"

    with nothing_changes(ctx):
        pages = [Page(client.get(link)), Page(client.post(link, data={"decision": "stop"}))]
        assert client.post(link, data=ONE_CLICK).status_code == 200
    for page in pages:
        assert page.h1 == i18n.say("nl", "withdraw.title")
        assert len(page.buttons) == 2
        assert i18n.say("nl", "withdraw.unclear") not in page.text


def test_a_childs_own_link_whose_end_was_cut_shows_all_that_runs_too(client: FlaskClient, ctx: Context) -> None:
    link = f"{child_allowed(client, ctx).child_withdraw}/recipe"
    work_off(ctx)

    with nothing_changes(ctx):
        page = Page(client.get(link))
        Page(client.post(link, data={"decision": "stop"}))
    assert page.one("body").get("class") == "child"
    assert i18n.say("nl", "withdraw.unclear", True) in page.text
    assert len(page.buttons) == 4
    assert client.post(link, data=ONE_CLICK).text == "OK\n"
    assert set(consents(ctx).values()) == {"withdrawn"}
    assert Page(client.get(link)).h1 == i18n.say("nl", "withdraw.nothing.title", True)


def test_withdrawal_works_at_one_controller_and_no_other(client: FlaskClient, ctx: Context) -> None:
    links = agreed(client, ctx, CAREERS)
    agreed(client, ctx, EVENTS)

    client.post(links.withdraw, data={"decision": "stop"})

    assert {row["status"] for row in stored(ctx, "consents", controller="talentwerk")} == {"withdrawn"}
    assert {row["status"] for row in stored(ctx, "consents", controller="metaalnet")} == {"granted"}


# One click of a mail program (RFC 8058)


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
def test_one_click_of_a_mail_program_stops_everything_and_may_be_repeated(
    client: FlaskClient, ctx: Context, content_type: str
) -> None:
    links = agreed(client, ctx, CAREERS)
    work_off(ctx)

    first = client.post(links.withdraw, data=ONE_CLICK, content_type=content_type)

    assert (first.status_code, first.text) == (200, "OK\n")
    assert "Location" not in first.headers
    assert "Set-Cookie" not in first.headers
    assert set(consents(ctx).values()) == {"withdrawn"}
    assert len(work_off(ctx)) == 1
    with nothing_changes(ctx):
        again = client.post(links.withdraw, data=ONE_CLICK, content_type=content_type)
    assert (again.status_code, again.data, str(again.headers)) == (200, first.data, str(first.headers))
    assert work_off(ctx) == []


def test_one_click_on_a_link_to_one_purpose_stops_that_one(client: FlaskClient, ctx: Context) -> None:
    links = agreed(client, ctx, CAREERS)

    assert client.post(f"{links.withdraw}/keep_cv", data=ONE_CLICK).status_code == 200

    assert consents(ctx) == {"offers_mail": "granted", "offers_phone": "granted", "keep_cv": "withdrawn"}


@pytest.mark.parametrize(
    "body", ["List-Unsubscribe=One-Click" + end for end in ("\r\n", "\n", "\r", "%0D%0A", " ", "&")]
)
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "APPLICATION/X-WWW-Form-UrlEncoded; charset=UTF-8"]
)
def test_a_line_break_behind_the_words_of_the_rfc_does_not_matter(
    client: FlaskClient, ctx: Context, body: str, kind: str
) -> None:
    links = agreed(client, ctx, CAREERS)

    assert client.post(links.withdraw, data=body, content_type=kind).text == "OK\n"

    assert set(consents(ctx).values()) == {"withdrawn"}


@pytest.mark.parametrize("end", ["", "\r\n", "\n"])
@pytest.mark.parametrize("kind", ["multipart/form-data", "Multipart/Form-Data"])
def test_a_line_break_behind_the_words_of_the_rfc_does_not_matter_in_parts_either(
    client: FlaskClient, ctx: Context, end: str, kind: str
) -> None:
    links = agreed(client, ctx, CAREERS)
    body = f'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click{end}\r\n--x--\r\n{end}'

    assert client.post(links.withdraw, data=body, content_type=f"{kind}; boundary=x").text == "OK\n"

    assert set(consents(ctx).values()) == {"withdrawn"}


@pytest.mark.parametrize("sent", [{"List-Unsubscribe": "one-click"}, {"list-unsubscribe": "One-Click"}, {"x": "y"}])
def test_anything_but_the_words_of_the_rfc_is_no_click(client: FlaskClient, ctx: Context, sent: dict[str, str]) -> None:
    links = agreed(client, ctx, CAREERS)

    with nothing_changes(ctx):
        Page(client.post(links.withdraw, data=sent), 422)
        Page(client.get(f"{links.withdraw}?List-Unsubscribe=One-Click"))
        Page(client.post(f"{links.withdraw}?List-Unsubscribe=One-Click&decision=stop", data=sent), 422)


def test_after_erasure_a_mail_program_hears_ok_and_a_person_that_nothing_is_kept(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    links = agreed(client, ctx, CAREERS, purposes=("keep_cv",))
    before = client.post(links.withdraw, data=ONE_CLICK)
    work_off(ctx)
    clock.forward(days=366 * 6)
    housekeeping.tidy(ctx)
    assert stored(ctx, "subjects") == []

    with nothing_changes(ctx):
        after = client.post(links.withdraw, data=ONE_CLICK)
        page = Page(client.get(links.withdraw), 404)
        button = Page(client.post(links.withdraw, data={"decision": "stop"}), 404)
    assert (after.status_code, after.data, str(after.headers)) == (200, before.data, str(before.headers))
    assert page.h1 == i18n.say("nl", "bad_link.title")
    assert button.html == page.html


def test_one_click_on_what_never_was_a_link_is_no_success(client: FlaskClient) -> None:
    for token in ("abc", "x" * 31, "x" * 33, "é" * 32, "." * 32):
        Page(client.post(f"/withdraw/{token}", data=ONE_CLICK), 404)


# For as long as anything is kept


def test_a_withdrawal_link_outlives_every_signing_key(client: FlaskClient, ctx: Context, settings: Settings) -> None:
    links = agreed(client, ctx, CAREERS)
    keys = (settings.SECRET_KEY, "a second key of the tests", "a third key of the tests")
    for older, newer in pairwise(keys):
        rotated = replace(settings, SECRET_KEY=newer, SECRET_KEY_FALLBACKS=(older,))
        Context.open(rotated, ctx.clock).database.engine.dispose()
    newest_alone = Context.open(replace(settings, SECRET_KEY=keys[-1]), ctx.clock)
    later = create_app(newest_alone.settings, ctx=newest_alone).test_client(use_cookies=False)
    page = Page(later.get(links.withdraw, base_url="https://forms.example"))
    Page(later.get(links.confirm, base_url="https://forms.example"), 404)
    assert page.h1 == i18n.say("nl", "withdraw.title")

    Page(later.post(links.withdraw, data={"decision": "stop"}, base_url="https://forms.example"))

    assert set(consents(ctx).values()) == {"withdrawn"}
    newest_alone.database.engine.dispose()


def test_a_withdrawal_link_works_ten_years_later(client: FlaskClient, ctx: Context, clock: Clock) -> None:
    links = agreed(client, ctx, QUOTE)
    clock.forward(days=3653)

    with nothing_changes(ctx):
        Page(client.get(links.withdraw))
    Page(client.post(links.withdraw, data={"decision": "stop"}))

    assert set(consents(ctx).values()) == {"withdrawn"}


def test_a_withdrawal_deletes_what_was_filled_in_for_it(client: FlaskClient, ctx: Context) -> None:
    links = agreed(client, ctx, CAREERS, fields={"first_name": "Sofie", "phone": "0612345678"})

    client.post(f"{links.withdraw}/offers_phone", data={"decision": "stop"})
    assert {row["field"] for row in stored(ctx, "request_fields")} == {"first_name"}
    client.post(links.withdraw, data={"decision": "stop"})

    assert rows(ctx)["request_fields"] == []


def test_a_stop_says_once_who_keeps_what_was_passed_on_and_where_to_ask(client: FlaskClient, ctx: Context) -> None:
    """GDPR art. 17(2) and 19: the stop at the college deletes nothing at an employer."""
    links = agreed(client, ctx, GRADUATES, fields={"full_name": "Sofie Peeters", "phone": "06 12 34 56 78"})
    work_off(ctx)
    kept = [
        i18n.say("nl", "notice.recipients.stays", recipient=recipient, contact=contact)
        for recipient, contact in (
            ("Staalwerken Verhoeven BV", "privacy@verhoeven.example"),
            ("Ingenieurs Noordzee BV", "privacy@noordzee.example"),
        )
    ]

    page = Page(client.post(links.withdraw, data={"decision": "stop"}))

    (mail,) = work_off(ctx)
    for text in (page.text, text_of(mail), " ".join(html_of(mail).split())):
        assert [text.count(sentence) for sentence in kept] == [1, 1]


def test_a_stop_names_the_recipients_of_what_stopped_alone(client: FlaskClient, ctx: Context) -> None:
    links = agreed(client, ctx, GRADUATES, purposes=("employer_noordzee",), fields={"full_name": "Sofie Peeters"})

    page = Page(client.post(links.withdraw, data={"decision": "stop"}))

    assert "Verhoeven" not in page.text
    assert "privacy@noordzee.example" in page.text
