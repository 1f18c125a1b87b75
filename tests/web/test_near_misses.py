"""An address at a domain that nearly is a provider's is asked about once, in every field, and never refused."""

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from tests.factories import work_off
from tests.page import Page
from tests.web.ways import BAKECLUB, CAREERS, COUNTERS, child_asked, nothing_changes, stored

SLIP, MEANT = "Sofie@gmial.com", "Sofie@gmail.com"


def question(language: str = "nl", young: bool = False) -> str:
    return i18n.say(language, "error.email.meant", young, meant=MEANT, typed=SLIP)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_slip_is_asked_about_and_sent_as_it_is_by_the_same_press(
    client: FlaskClient, ctx: Context, language: str
) -> None:
    page = CAREERS.open(client, language)
    with nothing_changes(ctx, but=COUNTERS):
        asked = CAREERS.answer(page.press(client, 0, email=SLIP, purposes=["keep_cv"]), 422, ticked=["keep_cv"])
    assert asked.problems == {"email": question(language)}
    assert asked.typed["email"] == SLIP

    sent = CAREERS.answer(asked.press(client, 0))

    assert SLIP in sent.text
    assert work_off(ctx)[0]["To"] == SLIP


def test_whoever_corrects_it_is_asked_nothing_more(client: FlaskClient, ctx: Context) -> None:
    asked = CAREERS.answer(
        CAREERS.open(client).press(client, 0, email=SLIP, purposes=["keep_cv"]), 422, ticked=["keep_cv"]
    )

    CAREERS.answer(asked.press(client, 0, email=MEANT))

    assert work_off(ctx)[0]["To"] == MEANT


def test_another_slip_is_asked_about_as_well(client: FlaskClient) -> None:
    asked = CAREERS.open(client)
    for slip in (SLIP, "Sofie@gmal.com", SLIP):
        asked = CAREERS.answer(asked.press(client, 0, email=slip, purposes=["keep_cv"]), 422, ticked=["keep_cv"])
        assert slip in asked.problems["email"]


def test_it_is_asked_once_also_where_something_else_is_still_wrong(client: FlaskClient, ctx: Context) -> None:
    page = CAREERS.open(client)
    first = CAREERS.answer(
        page.press(client, 0, email=SLIP, first_name="Zoë 3", purposes=["offers_mail"]), 422, ticked=["offers_mail"]
    )
    assert set(first.problems) == {"email", "first_name"}

    second = CAREERS.answer(first.press(client, 0), 422, ticked=["offers_mail"])
    assert set(second.problems) == {"first_name"}

    CAREERS.answer(second.press(client, 0, first_name="Zoë"))


def test_an_address_that_was_never_asked_about_is_asked_about_whatever_the_page_says(client: FlaskClient) -> None:
    page = CAREERS.answer(
        CAREERS.open(client).press(client, 0, email="sofie", purposes=["keep_cv"]), 422, ticked=["keep_cv"]
    )

    asked = CAREERS.answer(page.press(client, 0, email=SLIP), 422, ticked=["keep_cv"])

    assert asked.problems == {"email": question()}


def test_a_child_is_asked_in_its_own_words(client: FlaskClient, ctx: Context) -> None:
    page = BAKECLUB.after(client)
    wish = [page.boxes[0]]
    asked = BAKECLUB.answer(
        page.press(client, 0, child_name="Noor", guardian_email=SLIP, purposes=wish), 422, ticked=wish
    )
    assert asked.problems == {"guardian_email": question(young=True)}

    BAKECLUB.answer(asked.press(client, 0))

    assert work_off(ctx)[0]["To"] == SLIP


def test_a_parent_is_asked_about_the_address_of_the_child(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(child_asked(client, ctx).guardian))
    typed = {"purposes": page.boxes[:1], "is_guardian": "yes", "child_email": SLIP}
    with nothing_changes(ctx):
        asked = Page(page.press(client, 0, **typed), 422, ticked=[*page.boxes[:1], "yes"])
    assert asked.problems == {"child_email": question()}

    Page(asked.press(client, 0))

    assert stored(ctx, "subjects")[0]["child_email"] == SLIP


@pytest.mark.parametrize("is_known", [True, False])
def test_who_asks_for_a_link_is_asked_whether_or_not_the_address_is_known(
    client: FlaskClient, ctx: Context, is_known: bool
) -> None:
    if is_known:
        page = CAREERS.answer(
            CAREERS.open(client).press(client, 0, email=SLIP, purposes=["keep_cv"]), 422, ticked=["keep_cv"]
        )
        CAREERS.answer(page.press(client, 0))
    asked = Page(Page(client.get("/link/talentwerk?lang=nl")).press(client, 0, email=SLIP), 422)
    assert asked.problems == {"email": question()}

    sent = Page(asked.press(client, 0))

    assert SLIP in sent.text
