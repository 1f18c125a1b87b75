"""What browsers and caches are told by answers of every sort. What all HTML pages must say is in `tests.page`."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.factory import create_app
from app.services.context import Context
from tests.factories import Clock, notice_hash
from tests.page import FOR_EVER, FORM_CACHE, NO_STORE, NOBODY, Page
from tests.web.ways import (
    BAKECLUB,
    CAREERS,
    DESK,
    EVENTS,
    FORMS,
    GATED,
    NEWSLETTER,
    PAPA,
    QUOTE,
    READERS,
    SOFIE,
    Form,
    GatedForm,
    agreed,
    asked,
    child_asked,
    filled,
    of_child,
)


def everything(client: FlaskClient, ctx: Context) -> list[TestResponse]:
    """An answer of every sort, HTML or not."""
    links = agreed(client, ctx, CAREERS)
    page = CAREERS.open(client)
    answers = [client.get(link) for link in links]
    answers += [client.open(link, method=method) for link in links for method in ("HEAD", "OPTIONS", "DELETE")]
    answers += [page.press(client, 0, email=SOFIE, purposes=["keep_cv"]), page.press(client, 1)]
    answers += [
        client.get(path) for path in ("/f/talentwerk/careers", "/link/talentwerk", "/nowhere", "/static/x", "/stop/x")
    ]
    answers += [client.get(path) for path in ("/healthz", "/embed.js", "/theme/1d4f91-10-auto-transparent-system.css")]
    answers += [client.get(link.attrib["href"]) for link in page.all("link")]
    answers += [client.post(links.withdraw, data={"List-Unsubscribe": "One-Click"}), client.post(links.stop, json={})]
    answers += [client.get("/", base_url="https://other.example")]
    answers += [client.get(f"/notice/{shown}") for shown in (notice_hash(ctx, "talentwerk", "careers", "nl"), "0" * 64)]
    return answers + of_children(client, ctx)


def of_children(client: FlaskClient, ctx: Context) -> list[TestResponse]:
    """An answer of every sort on the way of a child and its parent."""
    question, child = BAKECLUB.open(client), BAKECLUB.after(client)
    links = child_asked(client, ctx)
    typed = {"child_name": "Noor", "guardian_email": PAPA, "purposes": ["recipes"]}
    answers = [BAKECLUB.say_age(client, born, question) for born in (*READERS.values(), ("", "", ""))]
    answers += [child.press(client, 0, **typed), child.press(client, 1), child.press(client, 0, purposes=["recipes"])]
    answers += [client.get(f"{child.address}x"), client.get(child.address.replace("lang=nl", "lang=de"))]
    answers += [client.get(link) for link in links]
    answers += [client.open(links.guardian, method=method) for method in ("HEAD", "OPTIONS", "DELETE")]
    answers += [client.post(links.guardian, data={"decision": decision}) for decision in ("", "yes", "no")]
    return [question.response, child.response, *answers]


def test_no_answer_sets_a_cookie_or_lets_others_read_along(client: FlaskClient, ctx: Context) -> None:
    for response in everything(client, ctx):
        for header in ("Set-Cookie", "X-Frame-Options", "X-Powered-By", "Refresh"):
            assert header not in response.headers, (response.request.path, header)
        readable = response.request.path == "/embed.js"  # the same for everybody, and made to stand in other sites
        assert response.headers.get("Access-Control-Allow-Origin") == ("*" if readable else None), response.request.path


def test_every_answer_carries_the_protecting_headers(client: FlaskClient, ctx: Context) -> None:
    for response in everything(client, ctx):
        headers = response.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "noindex" in headers["X-Robots-Tag"]
        assert headers["Referrer-Policy"] in ("no-referrer", "strict-origin")
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        assert len(headers.get_all("Content-Security-Policy")) == len(headers.get_all("Cache-Control")) == 1


def test_only_form_pages_notices_and_files_may_be_kept_by_a_cache(client: FlaskClient, ctx: Context) -> None:
    for response in everything(client, ctx):
        path, kept = response.request.path, response.headers["Cache-Control"]
        if path.startswith(("/static/akkoord", "/theme/", "/embed.js")) and response.status_code == 200:
            assert kept.startswith("public, ")
        elif path.startswith("/notice/") and response.status_code == 200:
            assert kept == FOR_EVER
        elif path.startswith("/f/") and response.request.method == "GET" and not response.request.args.get("step"):
            assert kept == ("private, max-age=60" if response.status_code == 302 else FORM_CACHE), path
        else:
            assert kept == NO_STORE, path


def test_a_cookie_that_a_browser_brings_along_changes_nothing(client: FlaskClient) -> None:
    plain = CAREERS.open(client)
    cookies = {"Cookie": "session=eyJhIjoxfQ.x.y; lang=fr; form_token=x"}

    assert client.get(CAREERS.address("nl"), headers=cookies).data == plain.response.data
    CAREERS.answer(plain.press(client, 0, cookies, email=SOFIE, purposes=["keep_cv"]))


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "https://www.talentwerk.example", ""])
def test_a_form_in_a_sandboxed_frame_works_whatever_its_origin(client: FlaskClient, origin: str) -> None:
    headers = {"Origin": origin, "Sec-Fetch-Site": "cross-site", "Referer": "https://evil.example/"}

    CAREERS.answer(CAREERS.open(client).press(client, 0, headers, email=SOFIE, purposes=["keep_cv"]))
    question = NEWSLETTER.open(client)
    led = question.press(client, 0, headers, birth_day="3", birth_month="3", birth_year="2017")
    child = NEWSLETTER.answer(client.get(led.headers["Location"], headers=headers))
    NEWSLETTER.answer(child.press(client, 0, headers, child_name="Noor", guardian_email=PAPA, purposes=["news"]))


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_every_answer_of_a_form_may_be_framed_by_the_sites_of_its_controller_and_by_nobody_else(
    client: FlaskClient, form: Form
) -> None:
    language = form.languages[0]
    page = form.open(client, language)
    answers = [
        client.get(f"/f/{form.name}"),
        page.response,
        page.press(client, 1),
        page.press(client, 0, email=SOFIE, purposes=form.purposes[-1:], **filled(page)),
        page.press(client, 0, email="", purposes=form.purposes[-1:]),
        client.post(form.address(language), json={}),
        client.post(form.address(language), data="x" * 70_000, content_type="application/x-www-form-urlencoded"),
    ]

    assert [answer.status_code for answer in answers] == [302, 200, 200, 200, 422, 415, 413]
    for answer in answers:
        assert f"frame-ancestors {form.origins};" in answer.headers["Content-Security-Policy"]
        assert "Cross-Origin-Opener-Policy" not in answer.headers


@pytest.mark.parametrize("form", GATED, ids=str)
@pytest.mark.parametrize("born", READERS.values(), ids=READERS)
def test_every_answer_behind_an_age_question_may_be_framed_by_the_sites_of_its_controller_and_by_nobody_else(
    client: FlaskClient, clock: Clock, form: GatedForm, born: tuple[str, str, str]
) -> None:
    question, page = form.open(client), form.after(client, born)
    said = {"child_name": "Noor", "guardian_email": PAPA, "email": PAPA}
    own = {name: said[name] for name in page.typed if name in said} | filled(page) | of_child(page)
    answers = [
        client.get(f"/f/{form.name}"),
        question.response,
        form.say_age(client, born, question),
        form.say_age(client, ("", "", ""), question),
        page.response,
        page.press(client, 1),
        page.press(client, 0, **own, purposes=form.purposes[-1:]),
        page.press(client, 0, purposes=form.purposes[-1:]),
        client.post(page.address, json={}),
        client.get(f"{page.address}x"),
    ]
    clock.forward(hours=25)
    answers.append(client.get(page.address))

    assert [answer.status_code for answer in answers] == [302, 200, 303, 422, 200, 200, 200, 422, 415, 404, 410]
    for answer in answers:
        assert f"frame-ancestors {form.origins};" in answer.headers["Content-Security-Policy"]
        assert "Cross-Origin-Opener-Policy" not in answer.headers


def test_a_page_behind_a_link_may_be_framed_by_nobody(client: FlaskClient, ctx: Context) -> None:
    for link in (*asked(ctx, EVENTS), *child_asked(client, ctx), "/link/metaalnet?lang=nl"):
        response = client.get(link)
        assert f"frame-ancestors {NOBODY};" in response.headers["Content-Security-Policy"]
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_page_names_the_sites_that_it_talks_to_and_loads_one_script_of_ours(client: FlaskClient) -> None:
    page = DESK.open(client)
    (script,) = page.all("script")

    assert page.one("body").get("data-origins") == DESK.origins
    assert script.attrib["src"].startswith("/static/frame.")
    assert not Page(client.get("/link/loket?lang=nl")).all("script")


def test_only_the_page_after_sending_tells_the_site_that_a_form_was_sent(client: FlaskClient) -> None:
    page = QUOTE.open(client)
    sent = QUOTE.answer(page.press(client, 0, email=SOFIE, purposes=["follow_up"]))
    others = [
        page,
        QUOTE.answer(page.press(client, 1)),
        QUOTE.answer(page.press(client, 0, purposes=["follow_up"]), 422, ticked=["follow_up"]),
    ]

    assert "data-submitted" in sent.one("body").attrib
    assert all("data-submitted" not in other.one("body").attrib for other in others)


def test_without_https_no_browser_is_told_to_insist_on_it(ctx: Context) -> None:
    plain = create_app(replace(ctx.settings, BASE_URL="http://127.0.0.1:8000"), ctx=ctx)

    response = plain.test_client().get("/healthz", base_url="http://127.0.0.1:8000")

    assert "Strict-Transport-Security" not in response.headers
