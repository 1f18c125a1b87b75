"""The table of answers: whatever goes wrong, the status is right and the page is ours, in the reader's language."""

from collections.abc import Callable
from dataclasses import replace
from io import RawIOBase
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from app import i18n
from app.config import Rate
from app.factory import create_app
from app.period import Period
from app.services import mailing, submission
from app.services.context import Context
from app.storage import database
from app.storage.database import Database
from tests.page import NOBODY, Page
from tests.web.ways import CAREERS, COUNTERS, QUOTE, SOFIE, agreed, asked, child_asked, nothing_changes, stored

KIB = 1024
FORM = "application/x-www-form-urlencoded"

Publish = Callable[..., None]


def error(response: TestResponse, status: int, key: str, language: str = "nl", framed_by: str = NOBODY) -> Page:
    """The answer is our page for this error."""
    page = Page(response, status, framed_by=framed_by)
    assert page.language == language
    assert page.h1 == page.title == i18n.catalogue(language)[f"{key}.title"]
    assert i18n.catalogue(language)[f"{key}.body"].partition("{")[0] in page.text
    return page


@pytest.fixture
def out_of_order(ctx: Context, app: Flask, publish: Publish) -> None:
    """The definition of one form has had a fault from the start."""
    with ctx.database.write() as connection:
        connection.execute(text("DELETE FROM forms WHERE controller = 'zorgzeker'"))
    publish("zorgzeker/quote", {"audience: adults": "audience: nobody"})


# In every language


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_error_has_a_page_in_every_language(
    app: Flask, client: FlaskClient, ctx: Context, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    wish = {"Accept-Language": language}
    form, framed = QUOTE.address(language), {"language": language, "framed_by": QUOTE.origins}

    error(client.get("/healthy", headers=wish), 404, "page.not_found", language)
    error(client.get("/f/nobody/nothing", headers=wish), 404, "unknown_form", language)
    error(client.get(f"/f/zorgzeker/nothing?lang={language}"), 404, "unknown_form", **framed)
    error(client.get("/link/nobody", headers=wish), 404, "unknown_form", language)
    error(client.get("/stop/nobody", headers=wish), 404, "bad_link", language)
    error(client.get("/", base_url="https://other.example", headers=wish), 400, "page.wrong_host", language)
    error(client.delete("/embed.js", headers=wish), 405, "page.not_found", language)
    error(client.post("/stop/x", data="x" * 70_000, content_type=FORM, headers=wish), 413, "page.too_large", language)
    error(client.post(form, data="x" * 70_000, content_type=FORM), 413, "page.too_large", **framed)
    error(client.post("/stop/x", json={}, headers=wish), 415, "page.wrong_type", language)
    error(client.post(form, json={}), 415, "page.wrong_type", **framed)
    page = QUOTE.open(client, language)
    monkeypatch.setattr(ctx, "settings", replace(ctx.settings, SUBMITS_PER_NETWORK=Rate(1, Period(10, "minute"))))
    QUOTE.answer(page.press(client, 0, email=SOFIE, purposes=["follow_up"]))
    waiting = error(page.press(client, 0, email=SOFIE, purposes=["follow_up"]), 429, "too_many", **framed)
    assert i18n.minutes(600, language) in waiting.text
    error(client.post("/link/zorgzeker", data={"email": SOFIE}, headers=wish), 429, "too_many", language)
    monkeypatch.setattr(ctx, "database", Database("sqlite:////nowhere/at/all.db"))
    broken = error(client.get(f"/stop/{'x' * 32}", headers=wish), 503, "page.broken", language)
    assert i18n.minutes(60, language) in broken.text
    error(page.press(client, 0, email=SOFIE, purposes=["follow_up"]), 503, "page.broken", **framed)
    monkeypatch.setattr("app.web.submission.submission.submit", lambda *_: 1 / 0)
    error(page.press(client, 0, email=SOFIE, purposes=["follow_up"]), 500, "page.broken", **framed)


# A form in order and out of order


@pytest.mark.usefixtures("out_of_order")
def test_a_form_with_a_fault_answers_503_with_a_page_while_the_others_serve(client: FlaskClient) -> None:
    for response in (client.get(QUOTE.address("fr")), client.post(QUOTE.address("fr"), data={"purposes": "medical"})):
        page = error(response, 503, "page.out_of_order", "fr", QUOTE.origins)
        assert page.response.headers["Retry-After"] == "300"
    CAREERS.open(client)


def test_after_a_broken_edit_the_last_good_version_stays(client: FlaskClient, publish: Publish) -> None:
    before = QUOTE.open(client).html
    publish("zorgzeker/quote", {"audience: adults": "audience: nobody"})

    assert QUOTE.open(client).html == before


def test_a_form_that_is_gone_is_unknown_and_its_mailed_links_still_work(
    client: FlaskClient, ctx: Context, app: Flask
) -> None:
    links = asked(ctx, CAREERS)
    with ctx.database.write() as connection:
        connection.execute(text("DELETE FROM forms WHERE controller = 'talentwerk'"))
    app.extensions["akkoord"].reload()

    error(client.get(CAREERS.address("en"), headers={"Accept-Language": "en"}), 404, "unknown_form", "en")
    for link in links:
        Page(client.get(link))


# Too large, not a form


@pytest.mark.parametrize("address", [CAREERS.address("nl"), "/confirm/x", "/guardian/x", "/link/talentwerk", "/stop/x"])
def test_a_body_of_more_than_64_kib_is_too_large(client: FlaskClient, ctx: Context, address: str) -> None:
    framed_by = CAREERS.origins if address.startswith("/f/") else NOBODY

    with nothing_changes(ctx):
        for length in (64 * KIB + 1, 1024 * KIB):
            body = b"email=" + b"x" * (length - 6)
            error(client.post(address, data=body, content_type=FORM), 413, "page.too_large", framed_by=framed_by)
    assert client.post(address, data=body[: 64 * KIB], content_type=FORM).status_code != 413


def test_a_body_that_does_not_tell_its_length_is_cut_off_at_64_kib_all_the_same(
    client: FlaskClient, ctx: Context
) -> None:
    read = []

    class Endless(RawIOBase):
        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            read.append(len(buffer))
            buffer[:] = b"x" * len(buffer)
            return len(buffer)

    chunked = {"wsgi.input": Endless(), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    with nothing_changes(ctx):
        for address in (CAREERS.address("nl"), f"/withdraw/{'x' * 32}", "/link/talentwerk"):
            response = client.post(address, data="x", content_type=FORM, environ_overrides=chunked)
            error(response, 413, "page.too_large", framed_by=CAREERS.origins if address[1] == "f" else NOBODY)
    assert 0 < sum(read) < 1024 * KIB


def test_a_form_of_more_than_a_hundred_parts_is_too_large(client: FlaskClient, ctx: Context) -> None:
    parts = {f"part{number}": "x" for number in range(101)}

    with nothing_changes(ctx):
        response = client.post(CAREERS.address("nl"), data=parts, content_type="multipart/form-data")

    error(response, 413, "page.too_large", framed_by=CAREERS.origins)


NO_FORMS = (
    ("application/json", b'{"email": "sofie@voorbeeld.test", "purposes": ["keep_cv"]}'),
    ("text/plain", b"email=sofie@voorbeeld.test&purposes=keep_cv"),
    ("application/xml", b"<email>sofie@voorbeeld.test</email>"),
    ("application/octet-stream", b"\x00\xff"),
    ("multipart/mixed", b""),
    ("application/x-www-form-urlencodedx", b"email=x"),
    ("", b"email=x"),
    ("\xff", b"email=x"),
)


@pytest.mark.parametrize(("content_type", "body"), NO_FORMS)
def test_what_no_form_sends_is_not_read(client: FlaskClient, ctx: Context, content_type: str, body: bytes) -> None:
    links = asked(ctx, CAREERS)
    of_child = child_asked(client, ctx)

    with nothing_changes(ctx):
        for address in (CAREERS.address("nl"), "/link/talentwerk", f"{links.withdraw}/keep_cv", *links, *of_child):
            response = client.post(address, data=body, content_type=content_type)
            error(response, 415, "page.wrong_type", framed_by=CAREERS.origins if address[1] == "f" else NOBODY)


def test_a_form_without_a_body_is_not_a_form(client: FlaskClient, ctx: Context) -> None:
    for link in asked(ctx, CAREERS):
        error(client.post(link), 415, "page.wrong_type")


def test_a_form_that_is_cut_off_or_has_no_boundary_does_no_harm(client: FlaskClient, ctx: Context) -> None:
    with nothing_changes(ctx, but=COUNTERS):
        for content_type, body in (
            ("multipart/form-data", b"--x\r\n"),
            ("multipart/form-data; boundary=", b"--x\r\n"),
            ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nso'),
            ("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n" * 50),
            ("multipart/form-data; boundary=x; charset=utf-7", b"--x--"),
            ("application/x-www-form-urlencoded; charset=utf-16", b"e\x00m\x00"),
        ):
            response = client.post(CAREERS.address("nl"), data=body, content_type=content_type)
            assert response.status_code in (200, 413, 422), content_type


# Hosts


FOREIGN_HOSTS = (
    "other.example",
    "forms.example.evil.example",
    "evil.forms.example",
    "forms.example:80",
    "forms.example:8443",
    "forms.example@evil.example",
    "forms.example/evil",
    "127.0.0.1",
    "[::1]",
    "[::1",
    "\xe9vil.example",
    "forms.example.",
    "a" * 5000,
    "",
)


def test_a_host_that_is_not_ours_gets_a_page_that_names_none(client: FlaskClient, ctx: Context) -> None:
    link = asked(ctx, CAREERS).confirm
    addresses = (("/", NOBODY), (link, NOBODY), (CAREERS.address("nl"), CAREERS.origins))

    with nothing_changes(ctx):
        for host, (address, framed_by) in product(FOREIGN_HOSTS, addresses):
            response = client.get(address, environ_overrides={"HTTP_HOST": host})
            page = Page(response, 400, framed_by=response_framing(response, framed_by))
            assert page.h1 == i18n.say("nl", "page.wrong_host.title")
            assert "evil" not in page.html
            pressed = client.post(link, data={"decision": "yes"}, environ_overrides={"HTTP_HOST": host})
            assert pressed.status_code == 400


def response_framing(response: TestResponse, framed_by: str) -> str:
    """A host so odd that no address can be read under it cannot name a form either."""
    return framed_by if framed_by in response.headers["Content-Security-Policy"] else NOBODY


@pytest.mark.parametrize("host", ["forms.example", "FORMS.Example", "forms.example:443"])
def test_our_own_host_may_be_written_in_every_usual_way(client: FlaskClient, host: str) -> None:
    assert client.get(CAREERS.address("nl"), environ_overrides={"HTTP_HOST": host}).status_code == 200


def test_no_header_of_a_request_gets_into_a_link(client: FlaskClient, ctx: Context) -> None:
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "gopher",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "host=evil.example",
        "X-Original-URL": "/evil",
        "X-Host": "evil.example",
    }
    plain = CAREERS.open(client)

    assert client.get(CAREERS.address("nl"), headers=forged).data == plain.response.data
    assert client.get("/f/talentwerk/careers", headers=forged).headers["Location"] == "/f/talentwerk/careers?lang=nl"
    plain.press(client, 0, forged, email=SOFIE, purposes=["keep_cv"])
    assert stored(ctx, "requests")[0]["site"] == "forms.example"


def test_behind_trusted_proxies_the_forwarded_host_counts_and_only_then(
    ctx: Context, app: Flask, client: FlaskClient
) -> None:
    inner, outer = {"Host": "10.0.0.7:8000"}, {"X-Forwarded-Host": "forms.example", "X-Forwarded-Proto": "https"}
    behind = create_app(replace(ctx.settings, TRUSTED_PROXIES=1), ctx=ctx).test_client(use_cookies=False)

    assert behind.get(CAREERS.address("nl"), headers=inner | outer).status_code == 200
    assert behind.get(CAREERS.address("nl"), headers=inner).status_code == 400
    assert behind.get(CAREERS.address("nl"), headers=inner | {"X-Forwarded-Host": "evil.example"}).status_code == 400
    assert client.get(CAREERS.address("nl"), headers=inner | outer).status_code == 400


def test_no_address_leads_outside_our_own(client: FlaskClient) -> None:
    for path in (
        "//evil.example/f/talentwerk/careers",
        "/f//talentwerk/careers",
        "/f/talentwerk//careers",
        "/f/talentwerk/careers//",
        "/\\evil.example",
        "/%2F%2Fevil.example",
        "/f/%2F%2Fevil.example/careers",
        "/f/talentwerk/careers/..%2F..%2Fevil",
        "/link//evil.example",
        "/https://evil.example",
    ):
        for method in ("GET", "POST"):
            response = client.open("/", method=method, data={"x": "y"}, environ_overrides={"PATH_INFO": path})
            assert response.status_code == 404, path
            assert "Location" not in response.headers
            assert "evil" not in response.text


# The database is away


@pytest.fixture(params=["the file is gone", "the folder is gone", "the file is no database", "it never answers"])
def away(request: pytest.FixtureRequest, ctx: Context, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Context:
    """A kit whose database goes away while it serves; one form page was shown before."""
    CAREERS.open(client)
    file = Path(ctx.settings.DATA_DIR) / "akkoord.db"
    ctx.database.engine.dispose()
    if request.param == "the file is gone":
        for path in file.parent.glob("akkoord.db*"):
            path.unlink()
    elif request.param == "the folder is gone":
        monkeypatch.setattr(ctx, "database", Database("sqlite:////nowhere/at/all.db"))
    elif request.param == "the file is no database":
        for path in file.parent.glob("akkoord.db*"):
            path.unlink()
        file.write_bytes(b"this is no database" * 1000)
    else:

        @event.listens_for(ctx.database.engine, "connect")
        def refuse(*_: object) -> None:
            raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))

    return ctx


def test_while_the_database_is_away_every_page_that_needs_it_says_so_with_503(
    away: Context, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = CAREERS.open(client)

    confirm = f"/confirm/{away.signing.confirm.make('1' * 32)}"
    token = "x" * 32
    guardian = f"/guardian/{away.signing.guardian.make('1' * 32)}"
    answers = [
        client.get(link) for link in (confirm, guardian, f"/withdraw/{token}", f"/object/{token}", f"/stop/{token}")
    ]
    answers += [client.post(f"/withdraw/{token}", data={"List-Unsubscribe": "One-Click"})]
    answers += [client.get("/link/talentwerk?lang=nl")]
    for response in answers:
        error(response, 503, "page.broken")
        assert int(response.headers["Retry-After"]) > 0
    sent = page.press(client, 0, email=SOFIE, purposes=["keep_cv"])
    broken = error(sent, 503, "page.broken", framed_by=CAREERS.origins)
    assert int(sent.headers["Retry-After"]) > 0
    assert SOFIE not in broken.text


def test_while_the_database_is_away_the_form_page_is_still_served_and_health_is_red(
    away: Context, client: FlaskClient
) -> None:
    CAREERS.open(client)

    health = client.get("/healthz")

    assert (health.status_code, health.text) == (503, "the database does not answer\n")
    assert int(health.headers["Retry-After"]) > 0


def test_a_database_that_is_locked_for_good_is_said_to_be_away(
    client: FlaskClient, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = asked(ctx, CAREERS)
    page = CAREERS.open(client)
    monkeypatch.setattr(database, "_WAIT", 1)

    other = create_engine(ctx.settings.database_url)
    with other.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        sent = page.press(client, 0, email="benno@voorbeeld.test", purposes=["keep_cv"])
        error(sent, 503, "page.broken", framed_by=CAREERS.origins)
        error(client.post(links.confirm, data={"decision": "yes"}), 503, "page.broken")
        Page(client.get(links.confirm))
        connection.rollback()
    other.dispose()
    assert stored(ctx, "consents") == []

    Page(client.post(links.confirm, data={"decision": "yes"}))


# A fault of ours


def test_a_fault_of_ours_is_a_page_too_and_changes_nothing(
    client: FlaskClient, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = CAREERS.open(client)
    links = agreed(client, ctx, QUOTE)

    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"a secret and {SOFIE}")

    monkeypatch.setattr(submission, "submit", fail)
    monkeypatch.setattr(mailing, "consents_ended", fail)

    with nothing_changes(ctx):
        sent = page.press(client, 0, email=SOFIE, purposes=["keep_cv"])
        stop = client.post(links.withdraw, data={"decision": "stop"})

    for response, framed_by in ((sent, CAREERS.origins), (stop, NOBODY)):
        broken = error(response, 500, "page.broken", framed_by=framed_by)
        assert "secret" not in broken.html
        assert SOFIE not in broken.text
        assert "Traceback" not in broken.html


def test_half_an_answer_is_refused_and_does_nothing(client: FlaskClient, ctx: Context) -> None:
    body = b"decision=yes&purposes=keep_cv&email=sofie@voorbeeld.ex"
    with nothing_changes(ctx):
        answer = client.post(
            "/f/talentwerk/careers?lang=nl",
            data=body,
            content_type="application/x-www-form-urlencoded",
            environ_overrides={"CONTENT_LENGTH": str(len(body) + 5), "wsgi.input_terminated": True},
        )
    assert answer.status_code == 400
