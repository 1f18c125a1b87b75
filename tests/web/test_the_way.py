"""The whole way of a person, by nothing but pages, mails and their buttons."""

from collections.abc import Iterator

import pytest
from flask import Flask, Response, request, request_finished
from flask.testing import FlaskClient

from app import i18n
from app.services import intake, reports
from app.services.context import Context
from tests.factories import Clock, link_in, text_of, work_off
from tests.page import Page
from tests.web.ways import DESK, IN_EVERY_LANGUAGE, MARK_UP, SOFIE, Form, say_yes

FILLED_IN = {
    "first_name": "Zoë-Canary",
    "full_name": "Zoë-Canary van den Berg",
    "phone": "+32 470 12 34 56",
    "home": "Canarystraat 1, 9000 Gent",
    "medical_history": "Canary: een gebroken been",
    "data": "Canary",
}
PERSONAL = ("sofie", "voorbeeld.test", "Canary", "Zo%C3%AB", "470", "12 34 56")


@pytest.fixture
def addresses(app: Flask) -> Iterator[list[str]]:
    """Every address that is opened or led to."""
    seen: list[str] = []

    def note(_: Flask, response: Response) -> None:
        seen.extend((request.url, response.headers.get("Location", "")))
        if response.mimetype == "text/html":
            seen.extend(part.split('"')[0] for part in response.get_data(as_text=True).split('="/')[1:])

    with request_finished.connected_to(note, app):
        yield seen


def statuses(ctx: Context) -> set[str]:
    intake.take_all(ctx)
    return {str(line["status"]) for line in reports.status(ctx, SOFIE, None)}


@pytest.mark.parametrize(
    ("form", "language"), [(form, language) for form, language in IN_EVERY_LANGUAGE if form is not MARK_UP], ids=str
)
def test_from_a_form_to_a_yes_and_from_there_to_a_stop(
    client: FlaskClient, ctx: Context, clock: Clock, addresses: list[str], form: Form, language: str
) -> None:
    page = form.open(client, language)
    asked_for = {field.get("name"): None for tag in ("input", "textarea") for field in page.all(tag)}
    filled_in = {name: text for name, text in FILLED_IN.items() if name in asked_for}

    sent = form.answer(page.press(client, 0, email=SOFIE, purposes=form.purposes, **filled_in))
    assert sent.h1 == i18n.say(language, "form.sent.title")
    assert statuses(ctx) == {"requested"}

    (mail,) = work_off(ctx)
    confirm = Page(client.get(link_in(mail, "confirm")))
    done = Page(say_yes(client, confirm))
    assert done.h1 == i18n.say(language, "confirmed.title")
    assert statuses(ctx) == {"granted"}

    (receipt,) = work_off(ctx)
    clock.forward(days=30)
    stop = Page(client.get(link_in(receipt, "withdraw")))
    assert stop.h1 == i18n.say(language, "withdraw.title")
    stopped = Page(stop.press(client, 0))
    assert stopped.h1 == i18n.say(language, "withdraw.done.title")
    assert statuses(ctx) == {"withdrawn"}
    (proof,) = work_off(ctx)
    assert proof["To"] == SOFIE

    clock.forward(days=1)
    lost = Page(client.get(f"/link/{form.controller}?lang={language}"))
    Page(lost.press(client, 0, email=SOFIE))
    (link,) = work_off(ctx)
    assert Page(client.get(link_in(link, "withdraw"))).h1 == i18n.say(language, "withdraw.done.title")

    assert len(addresses) > 20
    for address in addresses:
        assert not [part for part in PERSONAL if part.lower() in address.lower()], address


def test_the_way_of_a_no_keeps_nothing(client: FlaskClient, ctx: Context) -> None:
    form = DESK.open(client, "en")
    DESK.answer(form.press(client, 0, email=SOFIE, purposes=["club"], data="Canary"))
    (mail,) = work_off(ctx)

    Page(Page(client.get(link_in(mail, "confirm"))).press(client, 1))

    assert reports.status(ctx, SOFIE, None) == []
    assert work_off(ctx) == []
    assert all(link in text_of(mail) for link in ("/confirm/", "/stop/"))


def test_stopping_takes_no_more_steps_than_agreeing_did(client: FlaskClient, ctx: Context) -> None:
    form = DESK.open(client)
    DESK.answer(form.press(client, 0, email=SOFIE, purposes=["club"]))
    (mail,) = work_off(ctx)
    Page(Page(client.get(link_in(mail, "confirm"))).press(client, 0))
    (receipt,) = work_off(ctx)

    stop = Page(client.get(link_in(receipt, "withdraw")))

    assert [field.tag for field in stop.all("form")[0].iter() if field.tag in ("input", "select", "textarea")] == []
    assert list(stop.all("form")[0].iter("button"))
