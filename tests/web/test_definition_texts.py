"""What an author writes in a definition is text: no markup, no template, no address that a click would run."""

import re

import html5lib
from flask.testing import FlaskClient

from app.services import confirmation, withdrawal
from app.services.context import Context
from tests.factories import html_of, send_form, token_in, work_off
from tests.page import Page, text_of
from tests.web.ways import MARK_UP, QUOTE, SOFIE, asked

OUR_WORDS = {"https://dataprotectionauthority.be", "https://dataprivacyframework.gov"}
NOT_OURS = ("iframe", "img", "style", "meta[http-equiv]", "object", "embed", "base", "b")


def pages(client: FlaskClient, ctx: Context) -> list[Page]:
    form = MARK_UP.open(client, "en")
    links = asked(ctx, MARK_UP, language="en", fields={"story": "{{7*7}}"})
    confirm = Page(client.get(links.confirm))
    return [
        form,
        MARK_UP.answer(form.press(client, 0, email="", purposes=["one"]), 422, ticked=["one"]),
        MARK_UP.answer(form.press(client, 0, email=SOFIE, purposes=["one"])),
        confirm,
        Page(confirm.press(client, 0)),
        Page(client.get(links.confirm)),
        Page(client.get(links.withdraw)),
        Page(client.get(links.object)),
        Page(client.get(links.stop)),
        Page(client.get("/link/streken?lang=en")),
        Page(client.post(links.object, data={"interest": "mark_up/two"})),
        Page(client.post(links.withdraw, data={"decision": "stop"})),
    ]


def test_markup_in_a_definition_is_shown_as_it_was_written(client: FlaskClient, ctx: Context) -> None:
    form = MARK_UP.open(client, "en")

    assert form.h1 == "</title><script>alert(2)</script> {{7*7}}"
    assert form.title.startswith("</title><script>alert(2)</script> {{7*7}} · Streken <script>alert(1)</script>")
    for text in (
        "{% for x in ().__class__ %}${7*7} #{7*7} <%= 7*7 %> %env% %(email)s {{ config.SECRET_KEY }} {{7*7}}",
        '<a href="javascript:alert(6)">{{7*7}}</a>',
        "javascript:alert(7) <!-- &lt;b&gt; &amp; <svg/onload=alert(8)>",
        "</label></textarea><script>alert(3)</script>{{7*7}}",
        "<b onmouseover=alert(4)>",
        "{{7*7}}</dd></dl><style>*{display:none}</style>",
        "</ul><form action=https://evil.example><button>{{7*7}}",
        "<meta http-equiv=refresh content=0;url=https://evil.example>",
        "<iframe src=//evil.example> BV",
    ):
        assert text in form.text
    assert text_of(form.all("option")[1]) == "</option></select><script>alert(5)</script>"


def test_no_page_of_such_a_definition_has_an_element_that_is_not_ours(client: FlaskClient, ctx: Context) -> None:
    for page in pages(client, ctx):
        assert not [element.tag for element in page.root.iter() if element.tag in NOT_OURS], page.address
        assert not [meta for meta in page.all("meta") if "http-equiv" in meta.attrib]
        assert len(page.all("script")) == (1 if page.address.startswith("/f/") else 0)
        led = {link for link in page.links.values() if not link.startswith(("/", "#", "mailto:"))}
        assert not [link for link in led - OUR_WORDS if not link.startswith("https://www.streken.example/")]
        assert "49" not in page.text
        assert "a key of the tests" not in page.html


def test_no_mail_about_such_a_form_has_an_element_that_is_not_ours(ctx: Context) -> None:
    send_form(ctx, SOFIE, ("one",), controller="streken", form="mark_up", language="en", fields={"story": "{{7*7}}"})
    mails = work_off(ctx)
    confirmation.confirm(ctx, token_in(mails[-1], "confirm"), ())
    mails += work_off(ctx)
    withdrawal.withdraw(ctx, token_in(mails[-1], "withdraw"))
    mails += work_off(ctx)

    assert len(mails) == 3
    for mail in mails:
        html = html5lib.parse(html_of(mail), namespaceHTMLElements=False)
        assert not {element.tag for element in html.iter()} & {"script", "iframe", "svg", "form", "button"}
        assert "<script>" in text_of(html)
        assert "49" not in re.sub(f"{ctx.settings.BASE_URL}/\\S+", "", text_of(html))  # keys in addresses may hold it


def test_a_form_of_odd_texts_is_built_like_any_other(client: FlaskClient) -> None:
    odd = MARK_UP.open(client, "en")
    plain = QUOTE.open(client, "en")

    assert {element.tag for element in odd.root.iter()} - {element.tag for element in plain.root.iter()} == {
        "select",
        "option",
        "h3",
    } - {element.tag for element in plain.root.iter()}


def test_an_address_with_an_ampersand_leads_where_it_says(client: FlaskClient) -> None:
    assert "https://www.streken.example/en?a=1&copy=2" in MARK_UP.open(client, "en").links.values()
