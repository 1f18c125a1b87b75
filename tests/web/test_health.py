"""Health: for whoever watches over the kit, under any host name. When it is red is in test_errors."""

import pytest
from flask.testing import FlaskClient

from app.services import intake
from app.services.context import Context
from tests import audit
from tests.factories import Clock, send_form


@pytest.mark.parametrize("host", ["forms.example", "10.0.0.7:8000", "localhost", "evil.example", ""])
def test_health_answers_under_any_host_name(client: FlaskClient, host: str) -> None:
    response = client.get("/healthz", environ_overrides={"HTTP_HOST": host})

    assert (response.status_code, response.text) == (200, "ok\n")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_health_can_be_asked_without_a_body(client: FlaskClient) -> None:
    response = client.head("/healthz")

    assert (response.status_code, response.data) == (200, b"")


def test_health_is_red_once_what_was_sent_waits_for_five_minutes(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    send_form(ctx, is_taken=False)
    clock.forward(minutes=4, seconds=59)
    assert client.get("/healthz").text == "ok\n"
    clock.forward(seconds=1)

    response = client.get("/healthz")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert response.text == "what people sent is not taken: no worker runs, or it cannot keep up\n"
    intake.take_all(ctx)
    assert client.get("/healthz").text == "ok\n"


def test_health_tells_of_what_could_not_be_taken_and_sends_nobody_away(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    send_form(ctx, is_taken=False)
    audit.run(ctx, "UPDATE intake SET set_aside_at = at, problem = 'KeyError'")
    clock.forward(hours=1)

    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.text == "ok, but something that was sent could not be taken: see `akkoord outbox list`\n"
