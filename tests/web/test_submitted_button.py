"""Only a button that was pressed acts: a script that sends a form sends no button along, and scanners run scripts."""

import pytest
from flask.testing import FlaskClient

from app.services.context import Context
from tests.page import Page
from tests.web.ways import CAREERS, DESK, agreed, asked, nothing_changes

NO_BUTTON = (
    {"x": ""},
    {"decision": ""},
    {"decision": "maybe"},
    {"decision": "YES"},
    {"explicit": "medical"},
    {"yes": "yes"},
)


@pytest.mark.parametrize("kind", ["confirm", "withdraw", "object", "stop"])
def test_a_form_that_a_script_sends_decides_nothing_and_shows_the_page_again(
    client: FlaskClient, ctx: Context, kind: str
) -> None:
    link = getattr(asked(ctx, DESK), kind)
    page = Page(client.get(link))

    with nothing_changes(ctx):
        assert Page(page.press(client, None), 422).html == page.html
        for body in NO_BUTTON:
            assert Page(client.post(link, data=body), 422).html == page.html


@pytest.mark.parametrize(
    ("kind", "foreign"), [("confirm", "stop"), ("withdraw", "yes"), ("object", "stop"), ("stop", "yes")]
)
def test_the_button_of_another_page_is_no_button(client: FlaskClient, ctx: Context, kind: str, foreign: str) -> None:
    link = getattr(asked(ctx, DESK), kind)

    with nothing_changes(ctx):
        Page(client.post(link, data={"decision": foreign}), 422)


def test_a_script_cannot_stop_one_purpose_either(client: FlaskClient, ctx: Context) -> None:
    link = f"{agreed(client, ctx, CAREERS).withdraw}/keep_cv"

    with nothing_changes(ctx):
        Page(Page(client.get(link)).press(client, None), 422)


def test_once_it_is_done_a_script_still_changes_nothing(client: FlaskClient, ctx: Context) -> None:
    links = agreed(client, ctx, DESK)
    for link, button in ((links.object, "yes"), (links.withdraw, "stop"), (links.stop, "stop")):
        Page(client.post(link, data={"decision": button}))

    with nothing_changes(ctx):
        for link in links:
            Page(client.post(link, data={"x": ""}), 422)
