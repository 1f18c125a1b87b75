"""Which language a page is in, and that a reader is told nothing in another."""

import pytest
from flask.testing import FlaskClient

from app.services.context import Context
from tests.page import Page
from tests.web.ways import CAREERS, QUOTE, asked


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr", "fr"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.5, fr;q=0.7, nl;q=0.6", "fr"),
        ("en;q=0.5,fr;q=0.5", "en"),
        ("de, it;q=0.9", "nl"),
        ("de, en;q=0.1", "en"),
        ("fr;q=0", "nl"),
        ("fr;q=0, en", "en"),
        ("*", "nl"),
        ("", "nl"),
        ("FR-be", "fr"),
        ("fr_BE", "fr"),
        ("zh-Hant, fr-Latn-BE;q=0.3", "fr"),
        ("fr ; q=0.3 , en ; q=0.4", "en"),
        ("fr;q=nonsense, en;q=0.1", "en"),
        ("fr;q=nan, en;q=0.1", "en"),
        (";;;,,,q=", "nl"),
        ("french", "nl"),
        ("fr," * 10_000, "fr"),
        ("x" * 10_000 + ",fr", "nl"),
        ("\xe9\xff\x00", "nl"),
        ("fr\ten", "nl"),
    ],
)
def test_the_browser_is_answered_in_the_language_that_it_likes_best(
    client: FlaskClient, header: str, language: str
) -> None:
    environ = {"HTTP_ACCEPT_LANGUAGE": header}

    form = client.get("/f/zorgzeker/quote", environ_overrides=environ)
    error = client.get("/nowhere", environ_overrides=environ)

    assert form.headers["Location"].endswith(f"?lang={language}")
    assert Page(error, 404).language == language


def test_an_address_that_names_a_language_is_answered_in_it_whatever_the_browser_likes(client: FlaskClient) -> None:
    for language in QUOTE.languages:
        response = client.get(QUOTE.address(language), headers={"Accept-Language": "de, xx;q=0.1"})
        assert QUOTE.answer(response, cache="public, max-age=60").language == language


@pytest.mark.parametrize("lang", ["xx", "nl ", "", "fr", "nl%00", "%F0%9F%98%80", "nl%0d%0aSet-Cookie:x=1"])
def test_a_language_that_the_form_does_not_speak_leads_to_one_that_it_does(client: FlaskClient, lang: str) -> None:
    response = client.get(f"/f/talentwerk/careers?lang={lang}", headers={"Accept-Language": "en"})

    assert response.status_code == 302
    assert response.headers["Location"] == "/f/talentwerk/careers?lang=en"
    assert "Set-Cookie" not in response.headers


def test_the_parameter_may_be_repeated_and_accompanied(client: FlaskClient) -> None:
    address = "/f/talentwerk/careers?utm_source=x&lang=en&lang=nl&lang=xx&email=sofie%40voorbeeld.test"
    page = CAREERS.answer(client.get(address), cache="public, max-age=60")

    assert page.html == CAREERS.open(client, "en").html


@pytest.mark.parametrize("tag", ["fr-BE", "FR_be", "fr-Latn-CH-x-private", "Fr"])
def test_an_address_may_name_a_language_by_any_tag(client: FlaskClient, ctx: Context, tag: str) -> None:
    form = client.get(f"/f/zorgzeker/quote?lang={tag}", headers={"Accept-Language": "en"})
    assert (form.status_code, form.headers["Location"]) == (302, "/f/zorgzeker/quote?lang=fr")

    lost = client.get(f"/link/zorgzeker?lang={tag}", headers={"Accept-Language": "en"})
    assert (lost.status_code, lost.headers["Location"]) == (302, "/link/zorgzeker?lang=fr")

    assert Page(client.get(f"{asked(ctx, QUOTE).confirm}?lang={tag}")).language == "fr"
    assert Page(client.get(f"/nowhere?lang={tag}"), 404).language == "fr"


@pytest.mark.parametrize("tag", ["zh-Hant", "de-BE", "frl", "f", "", "-", "fr%20BE", "%00", "xx" * 500])
def test_a_language_that_a_form_does_not_speak_leads_to_the_best_one_that_it_does(
    client: FlaskClient, tag: str
) -> None:
    for header, language in (("en", "en"), ("", "nl")):
        form = client.get(f"/f/zorgzeker/quote?lang={tag}", headers={"Accept-Language": header})
        assert (form.status_code, form.headers["Location"]) == (302, f"/f/zorgzeker/quote?lang={language}")
