"""What a child meets that writes its own address as a parent's: the page says what it always says, the mail more."""

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from tests.factories import Clock, link_in, text_of, work_off
from tests.page import Page
from tests.web.ways import BAKECLUB, NOOR, PAPA, child_allowed, child_asked, nothing_changes


def confirmed(client: FlaskClient, ctx: Context) -> None:
    """Noor may get recipes, and has said that the address is hers."""
    child_allowed(client, ctx, child_email=NOOR)
    (mail,) = [mail for mail in work_off(ctx) if mail["To"] == NOOR]
    Page(Page(client.get(link_in(mail, "confirm"))).press(client, 0))
    work_off(ctx)


def waiting(client: FlaskClient, guardian: str, language: str = "nl") -> Page:
    """The page after a child has asked, with this address as its parent's."""
    page = BAKECLUB.after(client, language=language)
    typed = {"purposes": ["reminder"], "child_name": "Noor", "guardian_email": guardian}
    return BAKECLUB.answer(page.press(client, 0, **typed))


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_page_says_the_same_as_for_any_other_address(
    client: FlaskClient, ctx: Context, clock: Clock, language: str
) -> None:
    confirmed(client, ctx)
    clock.forward(minutes=11)

    pages = [waiting(client, address, language) for address in (NOOR, "ander@voorbeeld.test", f"x+{NOOR}")]

    shown = {re.sub(r"[^ <>\"]+@voorbeeld.test", "-", page.html) for page in pages}
    assert len(shown) == len({page.response.status_code for page in pages}) == 1
    assert [mail["To"] for mail in work_off(ctx)] == [NOOR, "ander@voorbeeld.test", f"x+{NOOR}"]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_behind_the_link_of_a_question_a_child_reads_that_a_parent_has_to_choose(
    client: FlaskClient, ctx: Context, clock: Clock, language: str
) -> None:
    link = child_asked(client, ctx, guardian=NOOR).guardian
    page = Page(client.get(f"{link}?lang={language}"))
    assert len(page.buttons) == 3
    clock.forward(minutes=11)
    confirmed(client, ctx)

    with nothing_changes(ctx):
        calm = Page(client.get(f"{link}?lang={language}"))
        for data in ({"decision": "yes", "purposes": "recipes", "is_guardian": "yes"}, {"decision": "no"}):
            assert Page(client.post(f"{link}?lang={language}", data=data)).html == calm.html
        Page(client.post(f"{link}?lang={language}", data={"decision": "not_mine"}))
        Page(client.post(f"{link}?lang={language}", data={"x": ""}), 422)

    assert (calm.h1, calm.buttons) == (i18n.say(language, "child.own.title", True), [])
    assert i18n.say(language, "child.own.stands", True) in calm.text
    thrown = i18n.day(datetime(2026, 11, 28, tzinfo=UTC), "BE", language)
    assert i18n.say(language, "child.own.throw", True, deadline=thrown) in calm.text


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_page_of_the_button_that_stops_such_mails_is_in_a_childs_words(
    client: FlaskClient, ctx: Context, clock: Clock, language: str
) -> None:
    confirmed(client, ctx)
    clock.forward(minutes=11)
    waiting(client, NOOR, language)
    (mail,) = [mail for mail in work_off(ctx) if mail["To"] == NOOR]
    page = Page(client.get(f"{link_in(mail, 'stop')}?lang={language}"))

    done = Page(page.press(client, 0))

    assert page.language == done.language == language
    assert i18n.say(language, "child.stop.body", True) in page.text
    assert (len(page.buttons), done.h1) == (1, i18n.say(language, "stop.done.title", True))
    assert i18n.say(language, "child.stop.done", True) in done.text
    (told,) = work_off(ctx)
    assert (told["To"], "/link/demolen" in text_of(told)) == (NOOR, True)
    clock.forward(days=2)
    waiting(client, NOOR)
    assert [mail for mail in work_off(ctx) if mail["To"] == NOOR] == []
    waiting(client, PAPA)
    assert [mail["To"] for mail in work_off(ctx)] == [PAPA]
