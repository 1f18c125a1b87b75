"""Whatever is sent, in whatever place: a clear message or correct storage, never a fault, never markup that lives."""

from dataclasses import replace
from urllib.parse import quote, quote_plus

import pytest
from flask.testing import FlaskClient

from app.config import Settings
from app.services.context import Context
from tests.factories import work_off
from tests.page import NOBODY, Page
from tests.web.hostile import RAW, READ_AS, TEXTS, kept, post, repeating
from tests.web.ways import (
    CAREERS,
    COUNTERS,
    DESK,
    EVENTS,
    GRADUATES,
    QUOTE,
    SOFIE,
    Form,
    asked,
    rows,
    stored,
)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, SUBMITS_PER_NETWORK=None)


def token_of(page: Page) -> str:
    return quote_plus(page.one("input", name="form_token").attrib["value"])


@pytest.mark.parametrize("form", [GRADUATES, CAREERS, QUOTE, DESK], ids=str)
def test_every_field_of_a_form_stores_it_well_or_says_what_to_do(
    client: FlaskClient, ctx: Context, form: Form, subtests: pytest.Subtests
) -> None:
    page = form.open(client)
    own = [name for name in page.typed if name not in ("email", "website")]
    good = [("form_token", token_of(page)), *(("purposes", purpose) for purpose in form.purposes)]

    for number, case in enumerate(RAW):
        with subtests.test(case):
            email = f"s{number}@voorbeeld.test"
            body = [*good, ("email", email), *((name, RAW[case]) for name in own)]

            response = post(client, form.address("nl"), "&".join(f"{name}={value}" for name, value in body))

            if response.status_code == 422:
                again = form.answer(response, 422, ticked=form.purposes, repeats=True)
                assert set(again.problems) <= set(own)
                assert again.skeleton == page.skeleton
                assert stored(ctx, "subjects", email=email) == []
            else:
                form.answer(response)
                (subject,) = stored(ctx, "subjects", email=email)
                (request,) = stored(ctx, "requests", subject_id=subject["id"])
                assert {row["value"] for row in stored(ctx, "request_fields", request_id=request["id"])} <= set(
                    kept(case)
                )


def test_nothing_that_a_stranger_typed_is_mailed(client: FlaskClient, ctx: Context) -> None:
    page = QUOTE.open(client)
    for number, text in enumerate(TEXTS.values()):
        page.press(client, 0, email=f"s{number}@voorbeeld.test", purposes=["medical"], medical_history=f"{text} Canary")

    mails = work_off(ctx)

    assert len(mails) > 10
    assert not [mail for mail in mails if "Canary" in mail.as_string()]


@pytest.mark.parametrize("address", [EVENTS.address("nl"), "/link/metaalnet?lang=nl"])
def test_an_address_of_any_sort_is_refused_or_taken_as_one_address(
    client: FlaskClient, ctx: Context, address: str, subtests: pytest.Subtests
) -> None:
    on_form = address.startswith("/f/")
    framed_by = EVENTS.origins if on_form else NOBODY
    page = EVENTS.open(client) if on_form else Page(client.get(address))
    good = f"form_token={token_of(page)}&purposes=newsletter&" if on_form else ""
    benign = Page(post(client, address, f"{good}email={SOFIE}"), framed_by=framed_by)
    work_off(ctx)

    for case, raw in RAW.items():
        with subtests.test(case):
            before = rows(ctx)
            response = post(client, address, f"{good}email={raw}")

            if response.status_code == 422:
                again = Page(response, 422, ticked=["newsletter"] if on_form else [], repeats=True, framed_by=framed_by)
                assert list(again.problems) == ["email"]
                assert again.skeleton == page.skeleton
                assert {table: before[table] for table in before if table not in COUNTERS} == {
                    table: found for table, found in rows(ctx).items() if table not in COUNTERS
                }
            else:
                assert Page(response, repeats=True, framed_by=framed_by).skeleton == benign.skeleton
                for mail in work_off(ctx):
                    assert str(mail["To"]).count("@") == 1
                    assert "Bcc" not in mail


@pytest.mark.parametrize("form", [EVENTS, None], ids=str)
def test_an_address_that_a_machine_typed_is_repeated_as_text(
    client: FlaskClient, form: Form | None, subtests: pytest.Subtests
) -> None:
    address, framed_by = (form.address("nl"), form.origins) if form else ("/link/metaalnet?lang=nl", NOBODY)
    trap = "purposes=newsletter&website=x&email="
    benign = Page(post(client, address, f"{trap}{SOFIE}"), framed_by=framed_by)

    for case, raw in RAW.items():
        with subtests.test(case):
            page = Page(post(client, address, f"{trap}{raw}"), framed_by=framed_by, repeats=True)
            assert page.skeleton == (benign.skeleton if form else repeating(benign.skeleton, case))


def test_the_names_of_the_kit_itself_take_it_too(client: FlaskClient, subtests: pytest.Subtests) -> None:
    good = {"form_token": token_of(CAREERS.open(client)), "email": SOFIE, "purposes": "keep_cv", "decision": "yes"}

    for case, raw in RAW.items():
        with subtests.test(case):
            for name in ("form_token", "purposes", "decision"):
                body = "&".join(f"{known}={raw if known == name else value}" for known, value in good.items())
                response = post(client, CAREERS.address("nl"), body)
                assert response.status_code == (200 if name == "decision" else 422)
                CAREERS.answer(response, response.status_code)
            whole = "&".join(f"{known}={value}" for known, value in good.items())
            odd = f"{raw}={raw}&website={raw}&{raw}&{raw}[]={raw}&purposes[]={raw}"
            CAREERS.answer(post(client, CAREERS.address("nl"), f"{whole}&{odd}"))


def test_the_pages_behind_links_take_it_in_their_fields(
    client: FlaskClient, ctx: Context, subtests: pytest.Subtests
) -> None:
    links = asked(ctx, QUOTE)
    pages = {link: Page(client.get(link)).html for link in links}
    before = rows(ctx)

    for case, raw in RAW.items():
        with subtests.test(case):
            for link in links:
                body = f"decision={raw}&{raw}={raw}&x&{raw}&List-Unsubscribe={raw}&explicit={raw}"
                response = post(client, link, body)
                assert (response.status_code, response.text) == (422, pages[link])
            Page(post(client, links.object, f"interest={raw}"), 404)
            assert post(client, links.confirm, f"without={raw}&explicit=medical").status_code == 422
            assert rows(ctx) == before
    Page(post(client, links.confirm, "decision=yes&" + "&".join(f"explicit={raw}" for raw in RAW.values())), 422)
    assert rows(ctx) == before


def test_addresses_take_it(client: FlaskClient, ctx: Context, subtests: pytest.Subtests) -> None:
    before = rows(ctx)
    places = ["/{}", "/f/{}/careers", "/link/{}", "/confirm/{}", "/object/{}", "/stop/{}", "/withdraw/{}"]
    places += ["/guardian/{}", "/guardian/{}/{}"]
    places += ["/withdraw/{}/{}", "/static/{}", "/static/{}.css", "/theme/{}.css", "/logo/{}", "/logo/{}.svg"]

    for number, case in enumerate(RAW):
        with subtests.test(case):
            path = quote(TEXTS[case], safe="") if case in TEXTS else RAW[case].replace("+", "%20")
            for at, place in enumerate(places):
                address = place.format(path, path)
                if (number + at) % 3:
                    Page(client.get(address), 404)
                else:
                    assert client.post(address, data={"decision": "stop"}).status_code in (404, 405)
            form = client.get(f"/f/talentwerk/{path}")
            Page(form, 404, framed_by=CAREERS.origins if path and "%2F" not in path else NOBODY)
    assert rows(ctx) == before


def test_parameters_of_addresses_take_it_and_change_no_page(
    client: FlaskClient, ctx: Context, subtests: pytest.Subtests
) -> None:
    link = asked(ctx, CAREERS).withdraw
    before = rows(ctx)
    plain = CAREERS.open(client).html
    lost, stop = (Page(client.get(address)).html for address in ("/link/talentwerk?lang=nl", link))

    for case, text in RAW.items():
        raw = text.replace("#", "%23").replace(" ", "%20")
        with subtests.test(case):
            query = f"site={raw}&{raw}={raw}&{raw}&lang={raw}&for={raw}"
            assert client.get(f"{CAREERS.address('nl')}&{query}").text == plain
            assert client.get(f"/link/talentwerk?lang=nl&{query}").text == lost
            assert client.get(f"{link}?{query}").text == stop
            assert client.post(f"{link}?{query}", data={"x": ""}).status_code == 422
            for refused in (client.post(f"{CAREERS.address('nl')}&{raw}={raw}", json={}),):
                CAREERS.answer(refused, 415)
            for led in (f"/f/talentwerk/careers?lang={raw}", f"/link/talentwerk?lang={raw}"):
                assert client.get(led).headers["Location"].endswith("?lang=nl")
    assert rows(ctx) == before


def test_headers_take_it_and_change_no_page(client: FlaskClient, subtests: pytest.Subtests) -> None:
    plain = CAREERS.open(client)
    headers = ["ACCEPT_LANGUAGE", "USER_AGENT", "REFERER", "ORIGIN", "X_FORWARDED_FOR", "COOKIE", "SEC_FETCH_DEST"]

    for case, text in READ_AS.items():
        with subtests.test(case):
            # What a server hands on of a header: one line of Latin-1.
            line = text.encode().decode("latin-1").replace("\r", " ").replace("\n", " ")
            environ = {f"HTTP_{header}": line for header in headers}
            assert client.get(CAREERS.address("nl"), environ_overrides=environ).data == plain.response.data
            Page(client.get("/nowhere", environ_overrides=environ), 404)


def test_raw_bytes_in_an_address_are_no_fault_of_ours(client: FlaskClient) -> None:
    for odd in ("\xff", "\xed\xa0\x80", "\xc3", "\x00", "\xe9" * 500):
        for place in ("/{}", "/f/talentwerk/{}", "/withdraw/{}", "/static/{}.css"):
            assert client.get("/", environ_overrides={"PATH_INFO": place.format(odd)}).status_code == 404
        query = {"QUERY_STRING": f"lang=nl&x={odd}"}
        assert client.get(CAREERS.address("nl"), environ_overrides=query).status_code == 200
        assert client.post(CAREERS.address("nl"), data={"x": "y"}, environ_overrides=query).status_code == 200
        assert client.post(CAREERS.address("nl"), json={}, environ_overrides=query).status_code == 415
        assert client.get("/f/talentwerk/careers", environ_overrides={"QUERY_STRING": odd}).status_code == 302


@pytest.mark.parametrize("form", [GRADUATES, CAREERS, QUOTE, DESK, EVENTS], ids=str)
def test_a_hundred_kilobytes_in_any_field_are_too_much_at_once(client: FlaskClient, ctx: Context, form: Form) -> None:
    page = form.open(client)
    before = rows(ctx)

    for name in page.typed:
        response = page.press(client, 0, **{"purposes": form.purposes, name: "x" * 100_000})
        form.answer(response, 413)
    assert rows(ctx) == before


def test_a_great_many_fields_are_read_in_no_time_and_do_no_harm(client: FlaskClient, ctx: Context) -> None:
    for body in ("a=1&" * 16_000, "&" * 65_000, "=" * 65_000, "%" * 65_000, "purposes=keep_cv&" * 3_500):
        assert post(client, CAREERS.address("nl"), body).status_code in (200, 413, 422)
    assert rows(ctx)["requests"] == []
