"""How a form page looks where it stands: in a frame or alone, on a light or a dark page, with or without a logo."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.services import publishing
from app.services.context import Context
from app.web.app_state import app_state
from tests.page import FORM_CACHE, Page
from tests.web.ways import ADULT, BAKECLUB, CAREERS, CHILD, DESK, PAPA, SOFIE, GatedForm, agreed

SITE = f"{CAREERS.address('nl')}&site=https://www.talentwerk.example"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def scheme(page: Page) -> str:
    """The scheme that the theme of a page says."""
    (theme,) = [link.attrib["href"] for link in page.all("link") if link.attrib["href"].startswith("/theme/")]
    return theme.split("-")[2]


def looks(page: Page) -> set[str]:
    return set(page.one("body").attrib["class"].split())


def test_a_page_in_the_frame_of_a_site_that_is_named_is_flush_and_one_alone_is_not(client: FlaskClient) -> None:
    assert looks(CAREERS.open(client)) == {"embed"}
    assert looks(CAREERS.answer(client.get(SITE), cache=FORM_CACHE)) == {"embed", "in-frame"}
    stranger = client.get(SITE.replace("talentwerk.example", "elsewhere.example"))
    assert looks(CAREERS.answer(stranger, cache=FORM_CACHE)) == {"embed"}


def test_a_form_is_light_unless_the_script_says_that_the_page_around_is_dark(client: FlaskClient) -> None:
    for said in ("", "&scheme=light", "&scheme=", "&scheme=DARK", "&scheme=auto", "&scheme=dark%0a"):
        page = CAREERS.answer(client.get(SITE + said), cache=FORM_CACHE)
        assert (scheme(page), "scheme" in page.one("form").attrib["action"]) == ("light", False), said
    assert scheme(CAREERS.answer(client.get(f"{SITE}&scheme=dark"), cache=FORM_CACHE)) == "dark"


def test_a_dark_form_is_dark_at_every_step(client: FlaskClient) -> None:
    page = CAREERS.answer(client.get(f"{SITE}&scheme=dark"), cache=FORM_CACHE)
    assert all(
        "&scheme=dark" in button.attrib["formaction"] for button in page.all("button") if "lang" in button.attrib
    )

    wrong = CAREERS.answer(page.press(client, 0, purposes=["keep_cv"]), 422, ticked=["keep_cv"])
    sent = CAREERS.answer(page.press(client, 0, email=SOFIE, purposes=["keep_cv"]))
    no = CAREERS.answer(page.press(client, 1))
    for answer in (wrong, sent, no):
        assert scheme(answer) == "dark"
        assert "in-frame" in looks(answer)
    assert ["scheme=dark" in link.attrib["href"] for link in no.all("a") if "/f/" in link.attrib["href"]] == [True]


@pytest.mark.parametrize("born", [CHILD, ADULT], ids=["child", "adult"])
def test_a_dark_form_is_dark_after_the_age_question(client: FlaskClient, born: tuple[str, str, str]) -> None:
    address = f"{BAKECLUB.address('nl')}&site=https://www.demolen.example&scheme=dark"
    question = BAKECLUB.answer(client.get(address), cache=FORM_CACHE)
    page = BAKECLUB.answer(client.get(BAKECLUB.say_age(client, born, question).headers["Location"]))

    assert scheme(question) == scheme(page) == "dark"


def test_a_theme_that_says_a_scheme_is_not_asked_for_another(client: FlaskClient) -> None:
    page = DESK.answer(client.get(f"{DESK.address('nl')}&scheme=dark"), cache=FORM_CACHE)

    assert scheme(page) == "light"
    assert "data-scheme" not in page.one("body").attrib
    assert "scheme" not in page.one("form").attrib["action"]


def test_a_page_behind_a_mailed_link_is_as_the_device_is(client: FlaskClient, ctx: Context) -> None:
    assert scheme(Page(client.get(f"{agreed(client, ctx, CAREERS).withdraw}?scheme=dark"))) == "auto"


def test_no_visitor_adds_to_the_pages_that_are_rendered(client: FlaskClient) -> None:
    for said in ("", "&scheme=light", "&scheme=dark", "&scheme=x", "&scheme=y&site=z", "&scheme=dark&more=1"):
        client.get(CAREERS.address("nl") + said)
    with client.application.app_context():
        assert len(app_state().prerendered._made) == 2


@pytest.mark.parametrize("form", [CAREERS, BAKECLUB], ids=str)
def test_what_answers_a_form_takes_the_focus_at_the_place_it_was_sent_to(client: FlaskClient, form: GatedForm) -> None:
    gated = form is BAKECLUB
    page = form.after(client) if gated else form.open(client)
    if gated:
        typed = {"purposes": ["recipes"], "child_name": "Noor", "guardian_email": PAPA}
    else:
        typed = {"purposes": ["keep_cv"], "email": SOFIE}
    answers = [page.press(client, 0, **typed), page.press(client, 1)]

    assert page.one("form").attrib["action"].endswith("#errors")
    for answer in map(form.answer, answers):
        (place,) = answer.all(id="errors")
        assert (place.tag, place.get("tabindex")) == ("h1", "-1")
    assert len(page.all(id="errors")) == gated, "only a page that answers the age question"


@pytest.fixture
def with_theme(app: Flask, ctx: Context, forms_folder: Path, tmp_path: Path) -> Callable[[str], None]:
    """Publishes talentwerk with more in its theme, and a logo beside it."""

    def publish(lines: str) -> None:
        folder = tmp_path / "forms"
        shutil.copytree(forms_folder, folder)
        controller = folder / "talentwerk" / "controller.yaml"
        text = controller.read_text(encoding="utf-8")
        controller.write_text(text.replace("theme:\n", f"theme:\n{lines}"), encoding="utf-8")
        controller.with_name("logo.svg").write_text(LOGO, encoding="utf-8")
        assert not publishing.publish(ctx, folder).faults
        app.extensions["akkoord"].reload()

    return publish


def test_a_logo_stands_on_forms_and_behind_links_and_is_loaded_from_the_kit_alone(
    client: FlaskClient, ctx: Context, with_theme: Callable[[str], None]
) -> None:
    links = agreed(client, ctx, CAREERS)
    with_theme("  logo: logo.svg\n")

    for response in (client.get(SITE), client.get(SITE), client.get(links.withdraw), client.get(f"{SITE}&step=x")):
        (source,) = re.findall('<img class="brand" src="([^"]+)"', response.text) or [""]
        assert source or response.status_code == 404
        assert "; img-src 'self';" in f"{response.headers['Content-Security-Policy']};"
    assert f'alt="{"TalentWerk"}' in client.get(SITE).text
    logo = client.get(re.findall('src="(/logo/[^"]+)"', client.get(SITE).text)[0])
    assert (logo.status_code, logo.text, logo.mimetype) == (200, LOGO, "image/svg+xml")
    assert logo.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert logo.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in logo.headers["Cache-Control"]
    assert "img-src" not in client.get(DESK.address("nl")).headers["Content-Security-Policy"]


def test_a_logo_that_nobody_brought_is_not_there(client: FlaskClient) -> None:
    for name in ("0" * 32 + ".svg", "0" * 32 + ".html", "../akkoord.css", "x"):
        Page(client.get(f"/logo/{name}"), 404)


def test_the_theme_says_ground_card_and_density(client: FlaskClient, with_theme: Callable[[str], None]) -> None:
    with_theme('  background: "#10151a"\n  frame: card\n  density: compact\n')
    page = CAREERS.answer(client.get(SITE), cache=FORM_CACHE)

    assert looks(page) == {"embed", "in-frame", "card", "painted", "compact"}
    assert scheme(page) == "dark"
    assert "data-scheme" not in page.one("body").attrib
    (theme,) = [link.attrib["href"] for link in page.all("link") if link.attrib["href"].startswith("/theme/")]
    assert "--behind:#10151a" in client.get(theme).text
