"""Where a browser translates a page, names and addresses stay as they are, and the recorded text is told apart."""

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from app.web.policies import FOR_EVER
from app.web.rendering import keeps
from tests.factories import work_off
from tests.page import Page, text_of
from tests.web.ways import BAKECLUB, CAREERS, SOFIE, child_asked, child_asks


def kept(page: Page) -> set[str]:
    return {text_of(element) for element in page.all(translate="no")}


def test_names_and_addresses_are_not_translated(client: FlaskClient, ctx: Context) -> None:
    form = CAREERS.open(client)
    assert "TalentWerk BV" in kept(form)
    sent = CAREERS.answer(form.press(client, 0, email=SOFIE, purposes=["keep_cv"]))
    assert SOFIE in kept(sent)
    assert SOFIE in kept(Page(Page(client.get("/link/talentwerk?lang=en")).press(client, 0, email=SOFIE)))
    assert "papa@voorbeeld.test" in kept(child_asks(client, BAKECLUB, guardian="papa@voorbeeld.test", name="Anna"))
    work_off(ctx)
    assert {"Noor", "Bakkerij De Molen BV"} <= kept(Page(client.get(child_asked(client, ctx).guardian)))


@pytest.mark.parametrize(
    ("text", "names", "html"),
    [
        ("Voor Noor, en nog eens Noor.", ["Noor"], "Voor <b>Noor</b>, en nog eens <b>Noor</b>."),
        ("Jan is jarig in Januari", ["Jan"], "<b>Jan</b> is jarig in Januari"),
        ("<i>Noor</i>", ["Noor"], "&lt;i&gt;Noor&lt;/i&gt;"),
        ("D'Arc & <Co>", ["D'Arc & <Co>"], "<b>D&#39;Arc &amp; &lt;Co&gt;</b>"),
        ("Niets", ["", "Iets"], "Niets"),
    ],
)
def test_a_name_is_found_in_its_sentence_and_all_of_it_is_escaped(text: str, names: list[str], html: str) -> None:
    span = '<span translate="no">'
    assert keeps(text, *names) == html.replace("<b>", span).replace("</b>", "</span>")


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_page_of_a_notice_says_that_its_text_is_the_one_that_was_recorded(
    client: FlaskClient, ctx: Context, language: str
) -> None:
    site = client.application.extensions["akkoord"]
    for audience in ("adult", "child"):
        notice = site.forms["demolen", "newsletter"].notices[f"{language}/{audience}"]
        page = Page(client.get(f"/notice/{notice}"), cache=FOR_EVER)
        assert i18n.say(language, "notice.original", audience == "child") in page.text
