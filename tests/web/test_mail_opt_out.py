"""Never mail me again: one page, one button."""

import re

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from tests.factories import Clock, link_in, text_of, work_off
from tests.page import Page
from tests.web.ways import CAREERS, EVENTS, SOFIE, agreed, asked, nothing_changes, stored


def test_after_the_button_no_form_of_this_controller_mails_the_address(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    page = Page(client.get(asked(ctx, CAREERS).stop))
    assert len(page.buttons) == 1
    Page(page.press(client, 0))
    work_off(ctx)
    clock.forward(days=1)

    CAREERS.answer(CAREERS.open(client).press(client, 0, email=SOFIE, purposes=["keep_cv"]))
    EVENTS.answer(EVENTS.open(client).press(client, 0, email=SOFIE, purposes=["workshops"]))

    assert [link_in(mail, "confirm")[:9] for mail in work_off(ctx)] == ["/confirm/"]
    assert {row["controller"] for row in stored(ctx, "requests", status="requested")} == {"talentwerk", "metaalnet"}
    assert len(stored(ctx, "requests", controller="talentwerk")) == 1


def test_what_was_agreed_to_before_is_not_changed(client: FlaskClient, ctx: Context) -> None:
    links = agreed(client, ctx, CAREERS)

    Page(client.post(links.stop, data={"decision": "stop"}))

    assert {row["status"] for row in stored(ctx, "consents")} == {"granted"}


@pytest.mark.parametrize("kind", ["stop", "object"])
def test_until_when_the_mark_is_kept_is_said_before_and_after_the_choice_and_in_the_mail(
    client: FlaskClient, ctx: Context, kind: str
) -> None:
    links = agreed(client, ctx, CAREERS)
    work_off(ctx)
    page = Page(client.get(getattr(links, kind)))
    done = Page(page.press(client, 0))
    last = text_of(next(mail for mail in work_off(ctx) if mail["To"] == SOFIE))

    for read in (page.text, done.text, last):
        said = " ".join(read.split())
        assert said.count("gecodeerd kenmerk") == 1
        assert re.search("tot u (zelf weer ja zegt|zelf weer mail toelaat|dat zelf weer toelaat)", said)


def test_a_second_click_shows_the_same_page_and_changes_nothing(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(asked(ctx, CAREERS).stop))
    first = Page(page.press(client, 0))

    with nothing_changes(ctx):
        assert Page(page.press(client, 0)).html == first.html
        assert Page(client.get(page.address)).html == first.html
    assert [row["kind"] for row in stored(ctx, "ledger")].count("stopped") == 1


def test_whoever_asks_for_a_link_is_mailed_the_links_and_an_offer_and_nothing_is_taken_back(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    stop = asked(ctx, CAREERS).stop
    done = Page(client.post(stop, data={"decision": "stop"}))
    work_off(ctx)
    clock.forward(minutes=11)

    lost = Page(done.follow(client, i18n.say("nl", "link.title")))
    Page(lost.press(client, 0, email=SOFIE))

    assert [mail["To"] for mail in work_off(ctx)] == [SOFIE, SOFIE]
    assert len(stored(ctx, "suppressions")) == 1
    assert Page(client.get(stop)).h1 == i18n.say("nl", "stop.done.title")


def test_the_page_shows_no_address(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(asked(ctx, CAREERS).stop))

    assert SOFIE not in page.html
    assert SOFIE not in Page(page.press(client, 0)).html
