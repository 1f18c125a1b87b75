"""Limits per network: one address cannot flood a form, a proxy's header cannot move the limit, stopping has none."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.config import Rate, Settings
from app.factory import create_app
from app.period import Period
from app.services.context import Context
from app.web import network
from tests.factories import Clock, work_off
from tests.page import Page
from tests.web.ways import (
    BAKECLUB,
    CAREERS,
    CHILD,
    PAPA,
    SOFIE,
    agreed,
    asked,
    child_allowed,
    child_asked,
    nothing_changes,
    rows,
)

HERE = "198.51.100.7"
Send = Callable[..., int]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, SUBMITS_PER_NETWORK=Rate(3, Period(10, "minute")))


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Sends a form from an address; the status of the answer."""
    page = CAREERS.open(client)

    def send_from(address: str, headers: dict[str, str] | None = None, purposes: tuple[str, ...] = ("keep_cv",)) -> int:
        client.environ_base["REMOTE_ADDR"] = address
        return page.press(client, 0, headers, email=SOFIE, purposes=purposes).status_code

    return send_from


def test_a_network_that_sends_too_often_waits_and_nothing_of_it_is_stored(
    client: FlaskClient, ctx: Context, clock: Clock, send: Send
) -> None:
    assert [send(HERE) for _ in range(3)] == [200] * 3
    clock.forward(minutes=4, seconds=30)

    with nothing_changes(ctx):
        response = CAREERS.open(client).press(client, 0, email="benno@voorbeeld.test", purposes=["keep_cv"])

    page = CAREERS.answer(response, 429)
    assert page.h1 == i18n.say("nl", "too_many.title")
    assert i18n.say("nl", "too_many.body", minutes="6 minuten") in page.text
    assert response.headers["Retry-After"] == "330"
    clock.forward(minutes=5, seconds=30)
    assert send(HERE) == 200


def test_another_network_is_not_held_up(send: Send) -> None:
    assert [send(HERE) for _ in range(4)] == [200, 200, 200, 429]

    assert send("203.0.113.9") == 200


@pytest.mark.parametrize(
    ("first", "same", "other"),
    [
        ("198.51.100.7", "198.51.100.250", "198.51.101.7"),
        ("2001:db8:0:ff00::1", "2001:db8:0:ffff::2", "2001:db8:1::1"),
        ("::ffff:198.51.100.7", "198.51.100.9", "::ffff:198.51.101.7"),
    ],
)
def test_a_network_is_a_slash_24_or_a_slash_56(send: Send, first: str, same: str, other: str) -> None:
    assert [send(first) for _ in range(3)] == [200] * 3

    assert send(same) == 429
    assert send(other) == 200


def test_what_asks_for_nothing_or_has_a_fault_counts_too(client: FlaskClient, send: Send) -> None:
    page = CAREERS.open(client)
    client.environ_base["REMOTE_ADDR"] = HERE
    assert page.press(client, 0, email=SOFIE).status_code == 200
    assert page.press(client, 1).status_code == 200
    assert page.press(client, 0, email="sofie", purposes=["keep_cv"]).status_code == 422

    assert send(HERE) == 429


def test_what_a_child_sends_counts_too_whatever_it_is(client: FlaskClient, ctx: Context, send: Send) -> None:
    client.environ_base["REMOTE_ADDR"] = HERE
    page = BAKECLUB.after(client)
    typed = {"child_name": "Noor", "guardian_email": PAPA}
    assert page.press(client, 0, **typed, purposes=["recipes"]).status_code == 200
    assert page.press(client, 1).status_code == 200
    assert page.press(client, 0, purposes=["recipes"]).status_code == 422

    with nothing_changes(ctx):
        late = BAKECLUB.answer(page.press(client, 0, **typed, purposes=["reminder"]), 429)

    assert late.h1 == i18n.say("nl", "too_many.title")
    assert "data-gate-over" not in late.one("body").attrib
    assert send(HERE) == 429


def test_the_answer_to_the_age_question_counts_for_nothing_and_waits_with_the_others(
    client: FlaskClient, send: Send
) -> None:
    client.environ_base["REMOTE_ADDR"] = HERE
    page = BAKECLUB.open(client)
    assert {BAKECLUB.say_age(client, CHILD, page).status_code for _ in range(10)} == {303}
    while send(HERE) != 429:
        pass

    BAKECLUB.answer(BAKECLUB.say_age(client, CHILD, page), 429)


def test_asking_for_a_link_and_sending_a_form_count_together(client: FlaskClient, send: Send) -> None:
    client.environ_base["REMOTE_ADDR"] = HERE
    page = Page(client.get("/link/talentwerk?lang=nl"))
    assert [page.press(client, 0, email=SOFIE).status_code for _ in range(4)] == [200, 200, 200, 429]

    assert send(HERE) == 429


def test_a_forwarded_address_is_not_believed_without_trusted_proxies(send: Send) -> None:
    answers = [
        send(HERE, {"X-Forwarded-For": f"203.0.{third}.9", "Forwarded": "for=203.0.113.9"}) for third in range(4)
    ]

    assert answers == [200, 200, 200, 429]


def test_behind_trusted_proxies_the_address_that_the_last_of_them_saw_counts(ctx: Context) -> None:
    app = create_app(replace(ctx.settings, TRUSTED_PROXIES=2), ctx=ctx)
    app.config.update(SERVER_NAME="forms.example", PREFERRED_URL_SCHEME="https")
    client = app.test_client(use_cookies=False)
    client.environ_base["REMOTE_ADDR"] = "10.0.0.1"
    page = CAREERS.open(client)

    def send(forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        return page.press(client, 0, headers, email=SOFIE, purposes=["keep_cv"]).status_code

    # What a visitor claims stands before what the two proxies added.
    assert [send(f"203.0.{third}.9, 198.51.100.7, 10.0.0.2") for third in range(4)] == [200, 200, 200, 429]
    assert send("192.0.2.1, 10.0.0.2") == 200
    assert send("garbage, 10.0.0.2") == 200
    assert send("garbage <script>, 10.0.0.2") == 200


@pytest.fixture
def behind_a_proxy(ctx: Context) -> Send:
    """Sends a form through a proxy that writes this address; the status of the answer."""
    app = create_app(replace(ctx.settings, TRUSTED_PROXIES=1), ctx=ctx)
    app.config.update(SERVER_NAME="forms.example", PREFERRED_URL_SCHEME="https")
    client = app.test_client(use_cookies=False)
    page = CAREERS.open(client)

    def send(forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        return page.press(client, 0, headers, email=SOFIE, purposes=["keep_cv"]).status_code

    return send


@pytest.mark.parametrize(
    "spellings",
    [
        ("198.51.100.7:50123", "198.51.100.8:443", "198.51.100.9", "198.51.100.7:1"),
        ("[2001:db8:0:ff00::1]:50123", "[2001:db8:0:ff00::2]", "2001:db8:0:ff00::3", "[2001:db8:0:ff00::4]:9"),
    ],
)
def test_an_address_with_a_port_or_in_brackets_is_the_address(behind_a_proxy: Send, spellings: list[str]) -> None:
    assert [behind_a_proxy(forwarded) for forwarded in spellings] == [200, 200, 200, 429]
    assert behind_a_proxy("203.0.113.9:50123") == 200


@pytest.mark.parametrize("unreadable", ["unknown", "_hidden", "198.51.100.7:x", "[::1", "garbage:80"])
def test_addresses_that_cannot_be_read_share_no_limit(
    behind_a_proxy: Send, unreadable: str, caplog: pytest.LogCaptureFixture
) -> None:
    network._warn_unreadable.cache_clear()
    assert {behind_a_proxy(unreadable) for _ in range(6)} == {200}
    assert len([line for line in caplog.messages if "cannot be read" in line]) == 1


@pytest.mark.parametrize(("proxies", "forwarded"), [(1, None), (1, ""), (2, "198.51.100.7")])
def test_behind_proxies_that_name_no_visitor_nobody_shares_a_limit(
    ctx: Context, proxies: int, forwarded: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    network._warn_unreadable.cache_clear()
    app = create_app(replace(ctx.settings, TRUSTED_PROXIES=proxies), ctx=ctx)
    app.config.update(SERVER_NAME="forms.example", PREFERRED_URL_SCHEME="https")
    client = app.test_client(use_cookies=False)
    client.environ_base["REMOTE_ADDR"] = "10.0.0.1"
    page = CAREERS.open(client)
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}

    answers = [page.press(client, 0, headers, email=SOFIE, purposes=["keep_cv"]).status_code for _ in range(4)]

    assert answers == [200] * 4
    assert len([line for line in caplog.messages if "AKKOORD_TRUSTED_PROXIES" in line]) == 1


def test_a_proxy_that_is_not_declared_is_told_of_once(ctx: Context, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(ctx.settings, ctx=ctx)
    for _ in range(2):
        app.test_client().get("/healthz", headers={"X-Forwarded-For": HERE})

    (line,) = [line for line in caplog.messages if "AKKOORD_TRUSTED_PROXIES is 0" in line]
    assert HERE not in line


def test_a_declared_proxy_is_not_told_of(behind_a_proxy: Send, caplog: pytest.LogCaptureFixture) -> None:
    behind_a_proxy(HERE)

    assert caplog.messages == []


def test_looking_confirming_withdrawing_objecting_and_stopping_are_never_limited(
    client: FlaskClient, ctx: Context, send: Send
) -> None:
    links = asked(ctx, CAREERS)
    agreed_to = agreed(client, ctx, CAREERS, email="benno@voorbeeld.test")
    client.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    refused = child_asked(client, ctx).guardian
    of_child = child_allowed(client, ctx, guardian="mama@voorbeeld.test")
    work_off(ctx)
    while send(HERE) != 429:
        pass

    for _ in range(5):
        CAREERS.open(client)
        BAKECLUB.open(client)
        for link in (*links, *agreed_to, *of_child, refused):
            Page(client.get(link))
        Page(client.post(refused, data={"decision": "no"}))
        Page(client.post(of_child.child_withdraw, data={"decision": "stop"}))
        Page(client.post(links.confirm, data={"decision": "yes"}))
        Page(client.post(agreed_to.object, data={"decision": "yes"}))
        Page(client.post(agreed_to.withdraw, data={"decision": "stop"}))
        assert client.post(agreed_to.withdraw, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        Page(client.post(agreed_to.stop, data={"decision": "stop"}))


def test_no_address_of_a_visitor_is_stored(ctx: Context, send: Send) -> None:
    while send(HERE) != 429:
        pass

    assert HERE.rpartition(".")[0] not in str(rows(ctx))


def test_the_limit_can_be_switched_off(ctx: Context, client: FlaskClient) -> None:
    ctx.settings = replace(ctx.settings, SUBMITS_PER_NETWORK=None)
    page = CAREERS.open(client)

    assert {page.press(client, 0, email=SOFIE, purposes=["keep_cv"]).status_code for _ in range(10)} == {200}
