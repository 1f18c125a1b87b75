"""The log says what happened and never about whom: no address, name, token or key of a whole way is in it."""

import logging
from collections.abc import Iterable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from app import i18n
from app.config import Settings
from app.services import submission
from app.services.context import Context
from app.storage import intake as storage_intake
from app.storage import requests
from app.worker import Worker
from tests.conftest import KEY
from tests.factories import Clock, Mailbox, work_off
from tests.markup import parse
from tests.page import Page, text_of
from tests.web.ways import (
    BAKECLUB,
    CAMP,
    CAREERS,
    CHILD,
    QUOTE,
    SOFIE,
    agreed,
    allow,
    asked,
    child_asked,
    child_asks,
    filled,
    step_of,
    stored,
)

NAME = "Canary-Zoë"


def logged(caplog: pytest.LogCaptureFixture) -> str:
    formatter = logging.Formatter("%(name)s %(levelname)s %(message)s")
    return "\n".join(formatter.format(record) for record in caplog.records)


def canaries(ctx: Context, settings: Settings, links: Iterable[str]) -> list[str]:
    subjects = stored(ctx, "subjects")
    return [
        "sofie",
        "voorbeeld.test",
        NAME,
        KEY,
        settings.SECRET_KEY,
        *(link.split("/")[2] for link in links),
        *(row["salt"].hex() for row in subjects),
        *(repr(row["salt"])[2:-1] for row in subjects),
        "203.0.113",
    ]


def test_a_whole_way_leaves_nothing_about_a_person_in_the_log(
    client: FlaskClient, ctx: Context, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    page = CAREERS.open(client)
    typed = filled(page) | {"first_name": NAME}
    CAREERS.answer(page.press(client, 0, email=SOFIE, purposes=CAREERS.purposes, **typed))
    CAREERS.answer(
        page.press(client, 0, email=f"{SOFIE}, {SOFIE}", first_name=NAME, purposes=["keep_cv"]), 422, ticked=["keep_cv"]
    )
    work_off(ctx)
    links = agreed(client, ctx, QUOTE, fields={"medical_history": NAME})
    for link in links:
        client.get(f"{link}x")
        client.post(link, json={"email": SOFIE})
        client.delete(link)
    client.post(links.object, data={"decision": "yes"})
    client.post(links.withdraw, data={"decision": "stop"})
    client.post(links.stop, data={"decision": "stop"})
    Page(client.post("/link/zorgzeker", data={"email": SOFIE}))
    client.get("/", base_url="https://sofie.voorbeeld.test")
    work_off(ctx)

    for canary in canaries(ctx, settings, links):
        assert canary not in logged(caplog)


def test_the_way_of_a_child_and_its_parent_leaves_nothing_about_them_in_the_log(
    client: FlaskClient, ctx: Context, settings: Settings, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    BAKECLUB.answer(BAKECLUB.say_age(client, ("31", "9", "2018"), BAKECLUB.open(client)), 422)
    child_asks(client, name="Xanthippe", guardian="sofie.niet@voorbeeld.test")
    work_off(ctx)
    bakes = child_asked(client, ctx, name="Xanthippe", guardian=SOFIE)
    page = Page(client.get(bakes.guardian))
    typed = filled(page) | {"first_name": f"Xanthippe {NAME}", "child_email": "xanthippe@voorbeeld.test"}
    Page(page.press(client, 0, purposes=page.boxes[:2], **typed), 422, ticked=page.boxes[:2])
    Page(page.press(client, 0, purposes=page.boxes[:2], is_guardian=["yes"], **typed))
    work_off(ctx)
    camp = child_asked(client, ctx, CAMP, name="Xanthippe", guardian=SOFIE)
    street = {"parcel_to": f"{NAME} 1", "parcel_to-postcode": "9000", "parcel_to-town": "Gent", "allergy": NAME}
    allow(client, camp.guardian, **street)
    work_off(ctx)
    links = (*bakes, *camp)
    for link in links:
        client.get(f"{link}x")
        client.post(link, json={"email": SOFIE})
    clock.forward(days=1, minutes=1)
    work_off(ctx)
    client.get(f"{BAKECLUB.address('nl')}&step={bakes.guardian.split('/')[2]}")
    client.post(bakes.child_withdraw, data={"decision": "stop"})
    work_off(ctx)

    said = logged(caplog).lower()
    for canary in (*canaries(ctx, settings, links), "xanthippe", "2018", step_of(BAKECLUB.place(client, CHILD))):
        assert canary.lower() not in said


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"cannot store {SOFIE} {NAME}"),
        IntegrityError("INSERT INTO subjects", {"email": SOFIE, "name": NAME}, Exception(f"Key (email)=({SOFIE})")),
        UnicodeEncodeError("utf-8", f"{SOFIE}{NAME}", 0, 1, "no surrogates"),
        KeyError(SOFIE),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_fault_is_logged_with_its_place_and_without_what_was_typed(
    client: FlaskClient,
    ctx: Context,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    caplog.set_level(logging.INFO)
    links = asked(ctx, CAREERS)
    page = CAREERS.open(client)

    def fail(*_: object, **__: object) -> None:
        try:
            raise RuntimeError(f"first {NAME} {links.withdraw}")
        except RuntimeError:
            raise error from None

    monkeypatch.setattr(storage_intake, "add", fail)
    monkeypatch.setattr(requests, "close", fail)

    answers = [
        page.press(client, 0, email=SOFIE, first_name=NAME, purposes=["offers_mail"]),
        client.post(links.confirm, data={"decision": "yes"}),
    ]

    for answer in answers:
        assert answer.status_code in (500, 503)
        assert SOFIE not in text_of(parse(answer.text)[0])
        assert i18n.say("nl", "page.broken.title") in answer.text
    log = logged(caplog)
    assert type(error).__name__ in log
    for canary in canaries(ctx, settings, links):
        assert canary not in log


def test_a_fault_of_ours_is_logged_with_the_lines_that_led_to_it(
    client: FlaskClient, ctx: Context, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = CAREERS.open(client)

    def fail(*_: object, **__: object) -> None:
        raise ValueError(SOFIE)

    monkeypatch.setattr(storage_intake, "add", fail)
    page.press(client, 0, email=SOFIE, purposes=["keep_cv"])

    log = logged(caplog)
    assert "submission.send" in log
    assert "in submit" in log


def test_what_cannot_be_taken_is_logged_with_its_place_and_without_who_sent_it(
    client: FlaskClient, ctx: Context, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = CAREERS.open(client)

    def fail(*_: object, **__: object) -> None:
        raise ValueError(SOFIE)

    monkeypatch.setattr(submission, "_request", fail)
    page.press(client, 0, email=SOFIE, first_name=NAME, purposes=["keep_cv"])
    work_off(ctx)

    log = logged(caplog)
    assert "is set aside: ValueError" in log
    assert "in take" in log
    assert SOFIE not in log
    assert NAME not in log


def test_trouble_with_a_mail_is_logged_without_its_reader(
    client: FlaskClient,
    ctx: Context,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.INFO)
    CAREERS.answer(CAREERS.open(client).press(client, 0, email=SOFIE, first_name=NAME, purposes=["keep_cv"]))

    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"{SOFIE} {NAME}")

    monkeypatch.setattr("app.delivery.mails.compose", fail)
    Worker(ctx, Mailbox()).work_off()

    assert "could not be written" in logged(caplog)
    for canary in ("sofie", "voorbeeld.test", NAME):
        assert canary not in logged(caplog)
        assert canary not in str(stored(ctx, "outbox"))
