"""Style sheets and scripts: kept for ever under an address that says what is in them, small, and nothing else."""

import gzip
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import paths
from app.domain.form import Theme
from app.web import assets
from app.web.assets import theme_address
from tests.page import Page
from tests.web.ways import FORMS, IN_EVERY_LANGUAGE, SAMPLES, Form

FOR_EVER = "public, max-age=31536000, immutable"
KB = 1024

of_a_page = ("link", "href"), ("script", "src")


def addresses(page: Page) -> list[str]:
    """The style sheets and scripts of a page."""
    return [element.attrib[name] for tag, name in of_a_page for element in page.all(tag)]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_all_that_a_page_loads_is_ours_and_may_be_kept_for_ever(client: FlaskClient, form: Form) -> None:
    for page in (
        form.open(client, form.languages[0]),
        Page(client.get(f"/link/{form.controller}?lang={form.languages[0]}")),
    ):
        for address in addresses(page):
            response = client.get(address)

            assert response.status_code == 200, address
            assert response.headers["Cache-Control"] == FOR_EVER
            assert response.headers["Content-Type"].split(";")[0] in ("text/css", "text/javascript")
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert "Set-Cookie" not in response.headers
            again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
            assert (again.status_code, again.data) == (304, b"")
            assert not re.search(
                rb"https?:|//[a-z]|@import|url\(", re.sub(rb"(?m)^\s*//.*$|/\*.*?\*/", b"", response.data)
            )


@pytest.mark.parametrize("sheet", ["akkoord", "child", "compact", "errors", "demo/tool"])
def test_a_style_sheet_is_sent_without_comments_and_with_every_blank_that_says_something(
    client: FlaskClient, sheet: str
) -> None:
    written = re.sub(r"/\*.*?\*/", "", (paths.STATIC / f"{sheet}.css").read_text(encoding="utf-8"), flags=re.DOTALL)

    sent = client.get(assets.address(f"{sheet}.css")).text

    said = [[part for part in re.split(r" ?[{};,] ?|: ?", " ".join(text.split())) if part] for text in (written, sent)]
    assert said[0] == said[1]
    assert re.sub(r"\s|;(?=\s*})", "", written) == re.sub(r"\s", "", sent)


@pytest.mark.parametrize(
    ("form", "language"), [(form, language) for form, language in IN_EVERY_LANGUAGE if form in SAMPLES], ids=str
)
def test_a_form_page_with_its_styles_weighs_no_more_than_7_kb(client: FlaskClient, form: Form, language: str) -> None:
    page = form.open(client, language)
    sent = [page.response.data, *(client.get(link.attrib["href"]).data for link in page.all("link"))]

    weights = [len(gzip.compress(content, 6)) for content in sent]

    assert len(weights) == 3
    assert sum(weights) <= 7 * KB, weights


def test_the_embed_script_weighs_no_more_than_2_kb_and_is_kept_for_an_hour(client: FlaskClient) -> None:
    response = client.get("/embed.js")

    assert response.status_code == 200
    assert len(gzip.compress(response.data, 6)) <= 2 * KB
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_embed_script_has_a_title_for_a_form_in_each_language_of_the_kit(client: FlaskClient) -> None:
    text = client.get("/embed.js").text

    names = re.search(r"const names = (\{.*\});", text)
    assert names is not None, text
    assert json.loads(names[1]) == {"nl": "Formulier", "fr": "Formulaire", "en": "Form"}
    assert "{names}" not in text


def test_the_embed_script_knows_its_kit_and_may_be_a_module_of_any_site(client: FlaskClient) -> None:
    base = client.application.config["BASE_URL"]
    for origin in ("https://www.demolen.example", "null", None):
        response = client.get("/embed.js", base_url=base, headers={"Origin": origin} if origin else {})

        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert f'new URL("{base}")' in response.text
        assert "currentScript" not in response.text
        again = client.get("/embed.js", headers={"If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.headers["Access-Control-Allow-Origin"]) == (304, "*")


def test_a_file_under_another_mark_is_not_there(client: FlaskClient) -> None:
    address = next(link.attrib["href"] for link in FORMS[0].open(client).all("link"))
    mark = address.split(".")[-2]
    assert re.fullmatch(r"[0-9a-f]{12}", mark)

    for other in ("0" * 12, mark.upper(), mark[:-1], mark + "0", ""):
        Page(client.get(address.replace(mark, other)), 404)
    for plain in ("/static/akkoord.css", "/static/", "/static/akkoord", f"/static/{mark}.css", f"/static/.{mark}.css"):
        Page(client.get(plain), 404)


@pytest.mark.parametrize(
    "path",
    [
        "../app/factory.py",
        "..%2fapp%2ffactory.py",
        "%2e%2e/%2e%2e/etc/passwd",
        "....//....//etc/passwd",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "..\\app\\factory.py",
        "akkoord.css/../../pyproject.toml",
        "akkoord.{mark}.css/",
        "akkoord.{mark}.css%00",
        "akkoord%00.{mark}.css",
        "./akkoord.{mark}.css",
        "demo/../akkoord.{mark}.css",
        "../static/akkoord.{mark}.css",
        "{long}.{mark}.css",
        "a/{long}/{long}.{mark}.css",
        "\U0001f600.{mark}.css",
        "%ff%fe.{mark}.css",
        "con.{mark}.css",
        ".{mark}.",
        "...",
        "..",
        "",
    ],
)
def test_no_trick_with_a_path_reaches_another_file(client: FlaskClient, path: str) -> None:
    address = next(link.attrib["href"] for link in FORMS[0].open(client).all("link"))
    trick = path.format(mark=address.split(".")[-2], long="a" * 3000)

    Page(client.get(f"/static/{trick}"), 404)


@pytest.mark.parametrize(
    "theme",
    [
        "1d4f91-17-auto-transparent-system",
        "1d4f91-10-host-transparent-system",
        "1d4f91-10-dim-transparent-system",
        "1D4F91-10-auto-transparent-system",
        "1d4f9-10-auto-transparent-system",
        "1d4f91--auto-transparent-system",
        "1d4f91-1%D9%A0-auto-transparent-system",
        "1d4f91-10-auto-red-system",
        "1d4f91-10-auto-fffaf0%29-system",
        "1d4f91-10-auto-transparent-",
        "1d4f91-10-auto-transparent-x%0a",
        "1d4f91-10-auto-transparent-a;}body{display:none}",
        "1d4f91-10-auto-transparent-%22",
        "1d4f91-10-auto-transparent-a%5c",
        "1d4f91-10-auto-transparent-" + "x" * 201,
        "red;}body{display:none}-10-auto-transparent-system",
        "1d4f91-10-auto-transparent",
    ],
)
def test_a_theme_can_say_nothing_that_a_definition_cannot(client: FlaskClient, theme: str) -> None:
    Page(client.get(f"/theme/{theme}.css"), 404)


def test_a_theme_is_one_rule_on_the_root(client: FlaskClient) -> None:
    for theme in ("000000-0-light-transparent-system", "ffffff-16-dark-fffaf0-serif", "1d4f91-10-auto-000000-rounded"):
        assert re.fullmatch(r":root\{[^{}<>]*\}", client.get(f"/theme/{theme}.css").text)


def test_a_font_of_a_theme_is_quoted_so_that_no_name_is_a_word_of_css(client: FlaskClient) -> None:
    sheet = client.get(theme_address(Theme(font="Gill Sans, inherit, -apple-system, system-ui, serif"), "auto")).text

    assert '--font:"Gill Sans","inherit",-apple-system,system-ui,serif}' in sheet
    assert "--font" not in client.get(theme_address(Theme(), "auto")).text


def test_every_file_that_is_served_is_one_of_ours(client: FlaskClient) -> None:
    kinds = {path.suffix for path in Path(paths.STATIC).rglob("*") if path.is_file()}

    assert kinds <= {".css", ".js", ".svg", ".png"}
