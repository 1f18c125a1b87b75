"""A postal address is asked in the parts that browsers fill in, and read whole in whichever part it was typed."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from tests.page import Page
from tests.web.ways import CAMP, DESK, SOFIE, child_asked, stored

PARTS = ("home", "home-postcode", "home-town")


def send(client: FlaskClient, status: int = 200, **parts: Any) -> Page:
    page = DESK.open(client)
    typed = {name.replace("_", "-"): value for name, value in parts.items()}
    return DESK.answer(
        page.press(client, 0, email=SOFIE, purposes=["parcel"], **typed),
        status,
        ticked=["parcel"] if status == 422 else [],
    )


def test_each_part_has_the_token_of_what_a_browser_fills_in(client: FlaskClient, ctx: Context) -> None:
    page = DESK.open(client)
    tokens = [page.one(id=name).attrib["autocomplete"] for name in PARTS]
    assert tokens == ["street-address", "postal-code", "address-level2"]
    guardian = Page(client.get(child_asked(client, ctx, CAMP).guardian))
    assert [guardian.one(id=name.replace("home", "parcel_to")).attrib["autocomplete"] for name in PARTS] == ["off"] * 3


@pytest.mark.parametrize(
    "parts",
    [
        {"home": "Korenmarkt 7", "home_postcode": "9000", "home_town": "Gent"},
        {"home": "Korenmarkt 7\n9000 Gent"},
        {"home": "Korenmarkt 7 9000 Gent"},
        {"home": "Korenmarkt 7, 9000 Gent", "home_postcode": "9000", "home_town": "Gent"},
        {"home": "Korenmarkt 7", "home_town": "9000 Gent"},
    ],
)
def test_an_address_is_stored_in_one_way_in_whichever_part_it_was_typed(
    client: FlaskClient, ctx: Context, parts: dict[str, Any]
) -> None:
    send(client, **parts)

    assert stored(ctx, "request_fields", field="home")[0]["value"] == "Korenmarkt 7\n9000 Gent"


def test_what_is_missing_is_asked_for_and_what_was_typed_stays(client: FlaskClient, ctx: Context) -> None:
    wrong = send(client, 422, home="Korenmarkt 7", home_town="")
    label = i18n.say("nl", "error.postal_address.incomplete", label="Uw adres")
    assert wrong.problems == {"home": label}
    assert wrong.one(id="home").attrib["aria-describedby"].startswith("home-error")

    half = send(client, 422, home="", home_postcode="9000", home_town="Gent")
    assert [half.typed[name] for name in PARTS] == ["", "9000", "Gent"]
    DESK.answer(half.press(client, 0, home="Korenmarkt 7"))
    assert stored(ctx, "request_fields", field="home")[0]["value"] == "Korenmarkt 7\n9000 Gent"


def test_the_parts_stay_where_the_form_is_shown_again(client: FlaskClient) -> None:
    sent = send(client, home="Korenmarkt 7", home_postcode="9000", home_town="Gent")

    again = DESK.answer(sent.press(client, i18n.say("nl", "form.sent.wrong_address")), ticked=["parcel"])

    assert [again.typed[name] for name in PARTS] == ["Korenmarkt 7", "9000", "Gent"]
