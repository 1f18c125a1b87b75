"""France: a child below the age says yes beside its parent, and that is kept (loi n° 78-17, art. 45)."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services import housekeeping
from app.services.context import Context
from tests import audit
from tests.factories import Clock, link_in, text_of, work_off
from tests.page import Page
from tests.web.ways import ADULT, BAKECLUB, allow, child_asked, stored


@pytest.fixture(autouse=True)
def _in_france(publish: Callable[..., None]) -> None:
    publish("demolen/bakeclub", {"countries: [BE]": "countries: [FR]"})


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_tick_of_a_child_is_shown_and_kept_as_its_own_yes(client: FlaskClient, ctx: Context, language: str) -> None:
    child = BAKECLUB.after(client, language=language)
    assert i18n.say(language, "child.wish.body.joint", True) in child.text
    link = child_asked(client, ctx, purposes=("recipes", "reminder"), language=language).guardian
    page = Page(client.get(link))
    assert i18n.say(language, "guardian.joint", age=15) in page.text
    allow(client, link, purposes=["recipes"])

    given = [entry for entry in audit.chain(ctx, "demolen") if entry["kind"] in ("granted", "refused")]

    assert [(entry["kind"], entry["purpose"], entry["decided_by"]) for entry in given] == [
        ("granted", "recipes", "self"),
        ("granted", "recipes", "guardian"),
        ("refused", "reminder", "guardian"),
    ]
    audiences = [ctx.stored_notice(entry["notice"]).notice.audience for entry in given]
    assert audiences == ["child", "guardian", "guardian"]
    assert len(stored(ctx, "consents")) == 1


def test_a_parent_alone_declares_that_the_child_says_yes_too(client: FlaskClient) -> None:
    page = BAKECLUB.after(client, ADULT)

    assert i18n.say("nl", "parent.is_guardian.joint") in page.text


def test_a_parent_who_is_asked_anew_declares_that_the_child_still_says_yes_too(
    client: FlaskClient, ctx: Context, clock: Clock, publish: Callable[..., None]
) -> None:
    publish(
        "demolen/bakeclub",
        {"countries: [BE]": "countries: [FR]", "keep: 2 years": "keep: 2 years\n    valid_for: 1 year"},
    )
    asked = Page(client.get(child_asked(client, ctx, purposes=("recipes",)).guardian))
    assert i18n.say("nl", "guardian.is_guardian") in asked.text
    allow(client, asked.address, purposes=["recipes"])
    clock.forward(days=359)
    housekeeping.tidy(ctx)

    (link,) = [link_in(mail, "guardian") for mail in work_off(ctx) if "/guardian/" in text_of(mail)]

    assert i18n.say("nl", "parent.is_guardian.joint") in Page(client.get(link)).text


def test_what_french_law_asks_is_told_for_children_in_france_below_the_french_age(
    client: FlaskClient, ctx: Context, publish: Callable[..., None]
) -> None:
    publish("demolen/bakeclub", {"countries: [BE]": "countries: [BE, FR], age: 16"})

    page = Page(client.get(child_asked(client, ctx, purposes=("recipes",)).guardian))

    assert "Voor een kind in Frankrijk, jonger dan 15 jaar, vraagt de wet" in page.text
    assert i18n.say("nl", "guardian.joint", age=16) not in page.text
    assert "in Frankrijk ook artikel 45" in page.text


def test_elsewhere_a_tick_of_a_child_is_a_wish(client: FlaskClient, ctx: Context, publish: Callable[..., None]) -> None:
    publish("demolen/bakeclub", {"countries: [BE]": "countries: [BE, LU]"})

    assert i18n.say("nl", "child.wish.body", True) in BAKECLUB.after(client).text
    asked = Page(client.get(child_asked(client, ctx, purposes=("recipes",)).guardian))
    assert "Frankrijk" not in asked.text
