"""Pages that no sweep over all pages meets, in the made-up language. `test_made_up.py` runs this, with the plugin."""

import pytest
from flask.testing import FlaskClient

from app.services.context import Context
from tests.factories import Clock, link_in, notice_hash, text_of, work_off
from tests.languages.made_up import CODE
from tests.page import FOR_EVER, Page
from tests.web.ways import CAREERS, SOFIE, asked


def test_to_be_mailed_again_has_its_pages_in_the_made_up_language(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    Page(client.post(asked(ctx, CAREERS, language=CODE).stop, data={"decision": "stop"}))
    Page(client.post(f"/link/{CAREERS.controller}?lang={CODE}", data={"email": SOFIE, "decision": "yes"}))
    (mail,) = [mail for mail in work_off(ctx) if "/lift/" in text_of(mail)]
    page = Page(client.get(link_in(mail, "lift")))
    done = Page(page.press(client, 0))

    clock.forward(minutes=31)
    late = Page(client.get(link_in(mail, "lift")), 410)
    assert {page.language, done.language, late.language} == {CODE}


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/confirm/nothing", 404),
        ("GET", "/f/no/form", 404),
        ("PUT", "/confirm/x", 405),
    ],
)
def test_what_is_not_there_has_a_page_in_the_made_up_language(
    client: FlaskClient, method: str, address: str, status: int
) -> None:
    page = Page(client.open(f"{address}?lang={CODE}", method=method), status)

    assert page.language == CODE


def test_a_notice_has_its_page_in_the_made_up_language(client: FlaskClient, ctx: Context) -> None:
    shown = notice_hash(ctx, CAREERS.controller, CAREERS.form, CODE)

    page = Page(client.get(f"/notice/{shown}"), cache=FOR_EVER)

    assert page.language == CODE
