"""Who a controller is, and what rights people have: once on each page that tells it, and on none under each purpose."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import i18n
from app.domain.authorities import AUTHORITIES
from app.services.context import Context
from tests.domain.notices import NOTICE, PURPOSE
from tests.page import Page, text_of
from tests.web.ways import BAKECLUB, CAREERS, GATED, GRADUATES, QUOTE, Form, GatedForm, agreed, asked, child_asked


def folds(page: Page) -> Counter[str]:
    """The titles of what is folded, by how often each stands there."""
    return Counter(text_of(summary) for summary in page.all("summary"))


def assert_told_once(page: Page, language: str, authority: str = "be-gba") -> None:
    labels = Counter(text_of(label) for label in page.all("dt"))
    for key in ("notice.controller", "notice.dpo", "notice.processors", "notice.evidence", "rights.heading"):
        assert labels[i18n.say(language, key)] == 1, key
    assert page.text.count(AUTHORITIES[authority].address(language)) == 1


def test_what_is_told_says_within_its_sentence_which_data_it_cannot_do_without(
    client: FlaskClient, publish: Callable[..., None]
) -> None:
    label = '      en: "Full name"\n    required: '
    publish("hogeschool/graduates", {f"{label}true": f"{label}false"})

    page = GRADUATES.open(client, "en")

    assert "For this we need: your email address. You can leave the rest empty." in page.text


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_a_form_tells_once_who_asks_and_what_rights_people_have(client: FlaskClient, language: str) -> None:
    page = QUOTE.open(client, language)

    assert_told_once(page, language)
    assert folds(page)[i18n.say(language, "notice.common")] == 1


@pytest.mark.parametrize(
    ("language", "who"),
    [
        ("nl", "Bakkerij De Molen BV vraagt je dit."),
        ("fr", "Bakkerij De Molen BV te le demande."),
        ("en", "Bakkerij De Molen BV asks you this."),
    ],
)
def test_a_child_reads_who_asks_before_the_question(client: FlaskClient, language: str, who: str) -> None:
    page = BAKECLUB.after(client, language=language).text

    assert page.index(who) < page.index(i18n.say(language, "child.wish.title", True))


@pytest.mark.parametrize("form", [GRADUATES, CAREERS], ids=str)
def test_the_page_behind_the_mail_tells_it_once_for_all_that_is_listed(
    client: FlaskClient, ctx: Context, form: Form
) -> None:
    assert_told_once(Page(client.get(asked(ctx, form).confirm)), "nl", "nl-ap")


def test_a_parent_reads_it_once_behind_the_mail_and_below_the_childs_page(client: FlaskClient, ctx: Context) -> None:
    child = BAKECLUB.after(client)
    assert_told_once(child, "nl")
    assert "Postduif Mail BV (België) verstuurt de mail voor ons. Meer doet dat bedrijf niet." in child.text

    page = Page(client.get(child_asked(client, ctx).guardian))
    assert folds(page)[i18n.say("nl", "notice.common")] == 1
    assert "uw gegevens en die van het kind" in page.text
    assert "Wie ze krijgt: niemand buiten Bakkerij De Molen BV en wie voor ons werkt: Serverhuis Gent BV" in page.text


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("form", GATED, ids=str)
def test_who_asks_for_a_date_of_birth_says_who_it_is_what_for_and_by_which_law(
    client: FlaskClient, form: GatedForm, language: str
) -> None:
    """GDPR art. 13(1)(a) and (c), at the moment when the date is given."""
    page = form.open(client, language)

    for part in {"nl": "onder c), AVG", "fr": "point c), du RGPD", "en": "6(1)(c) GDPR"}[language], "privacy@":
        assert part in page.text
    sites = {address for address in page.links.values() if address.startswith("https://www.")}
    (statement,) = sites - set(form.origins.split())  # its name leads back to its site
    assert statement.endswith(("privacy", "vie-privee"))


def test_pages_name_number_telephone_and_site_of_the_company(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(agreed(client, ctx, QUOTE, language="fr").withdraw))

    (footer,) = page.all("footer")
    reached = "avenue des Arts 112, 1040 Bruxelles, BE 0456.789.123, 02 123 45 67, www.zorgzeker.example"
    assert reached in text_of(footer)


def test_a_notice_that_was_stored_before_is_shown_as_it_was(app: Flask) -> None:
    """Its common rows stand under each purpose; there is nothing else to show."""
    old = replace(NOTICE, rows_after=(("Rechten", ("alle",)),), words={"chrome.details": "Meer"})

    with app.test_request_context():
        macros = app.jinja_env.get_template("components/notice.html").make_module({"link_to": lambda *_, **__: ""})
        shown, once = str(macros.details(old, PURPOSE)), str(macros.common(old))  # type: ignore[attr-defined]

    places = [shown.index(f"<dt>{label}</dt>") for label in ("Wie", "Bewaren", "Rechten")]
    assert places == sorted(places)
    assert once.strip() == ""
