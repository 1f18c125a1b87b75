"""Health: for whoever watches over the kit, under any host name. When it is red is in test_errors."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("host", ["forms.example", "10.0.0.7:8000", "localhost", "evil.example", ""])
def test_health_answers_under_any_host_name(client: FlaskClient, host: str) -> None:
    response = client.get("/healthz", environ_overrides={"HTTP_HOST": host})

    assert (response.status_code, response.text) == (200, "ok\n")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_health_can_be_asked_without_a_body(client: FlaskClient) -> None:
    response = client.head("/healthz")

    assert (response.status_code, response.data) == (200, b"")
