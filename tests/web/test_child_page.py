"""How much a child's page says before anything is unfolded, what it says once, and which drawings stand on it."""

import re
from copy import deepcopy
from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.definitions.words.language import load
from app.domain.consent import Audience
from app.domain.readability import measure
from app.services.context import Context
from app.storage.notices import StoredNotice
from app.web import rendering, submission
from tests.factories import link_in, notice_hash, work_off
from tests.page import Page
from tests.page import text_of as text_in
from tests.web.ways import (
    BAKECLUB,
    NEWSLETTER,
    NOOR,
    PAPA,
    PHOTO,
    TEEN,
    GatedForm,
    child_allowed,
    child_asks,
)

SVG = "{http://www.w3.org/2000/svg}svg"
MOST_WORDS = 250
LATER = ("child.keep.period", "child.keep.then", "child.asked_by")
"""Words that notices of earlier releases lack."""
OF_SAMPLES = pytest.mark.parametrize(
    ("form", "language"), [(form, code) for form in (BAKECLUB, NEWSLETTER, PHOTO) for code in form.languages], ids=str
)


def seen(element: Element) -> str:
    """What stands on a page without unfolding anything, and without the choice of a language."""
    hidden = "unseen" in element.get("class", "").split() or "languages" in element.get("class", "").split()
    if hidden or element.tag in ("script", "head"):
        return element.tail or ""
    if element.tag == "details" and "open" not in element.attrib:
        return f" {''.join(map(seen, element.iter('summary')))} {element.tail or ''}"
    return f" {element.text or ''}{''.join(map(seen, element))} {element.tail or ''}"


def wishes(page: Page) -> list[Element]:
    return [one for one in page.all(SVG) if "wish" in one.get("class", "")]


@OF_SAMPLES
def test_a_child_sees_few_words_and_the_company_among_the_first(
    client: FlaskClient, form: GatedForm, language: str
) -> None:
    page = form.after(client, language=language)
    told = " ".join(seen(page.one("main")).split())

    assert 100 < len(re.findall(r"[^\W_][\w’'@.-]*", told)) <= MOST_WORDS
    assert "Bakkerij De Molen BV" in told[:80]
    assert told.endswith(" ".join(i18n.say(language, "child.parents", True).split()))


@OF_SAMPLES
def test_for_how_long_is_said_once_under_the_list_and_of_each_wish_one_tap_away(
    client: FlaskClient, form: GatedForm, language: str
) -> None:
    page = form.after(client, language=language)
    told = " ".join(seen(page.one("main")).split())

    most = {BAKECLUB: 2, NEWSLETTER: 3, PHOTO: 1}[form]
    period = {"nl": f"{most} jaar", "fr": f"{most} an", "en": f"{most} year"}[language]
    assert told.count(period) == 1
    assert i18n.say(language, "child.keep.period", True, period="|").partition("|")[0].strip() in told
    (fold,) = page.all("fieldset")[0].iter("details")
    label = i18n.say(language, "child.notice.keep", True)
    assert [text_in(term) for term in fold.iter("dt")].count(label) == len(form.purposes)


def test_the_number_of_the_text_is_folded_for_parents(client: FlaskClient) -> None:
    page = BAKECLUB.after(client)
    number = page.one("form", id="whole-form").attrib["name"].removeprefix("v-")

    assert number in text_in(page.classed("parents")[0])
    assert number not in seen(page.one("main"))


@pytest.mark.parametrize("language", BAKECLUB.languages)
def test_each_wish_has_a_drawing_of_its_own_that_tells_nothing_more(client: FlaskClient, language: str) -> None:
    for form in (BAKECLUB, NEWSLETTER):
        drawn = wishes(form.after(client, language=language))
        assert len({"".join(part.get("d", "") for part in one.iter()) for one in drawn}) == len(form.purposes)
        assert {one.get("aria-hidden") for one in drawn} == {"true"}


def test_there_is_no_drawing_where_young_people_read_who_are_no_children(client: FlaskClient) -> None:
    assert PHOTO.after(client).all(SVG) == []
    assert NEWSLETTER.after(client, TEEN).all(SVG) == []


def test_with_an_error_the_drawings_stay_and_the_error_stands_below_the_picture(client: FlaskClient) -> None:
    page = BAKECLUB.after(client)
    wrong = BAKECLUB.answer(page.press(client, 0, purposes=["recipes"]), 422, ticked=["recipes"])

    assert len(wrong.all(SVG)) == len(page.all(SVG)) == 1 + len(BAKECLUB.purposes)
    first, second = list(wrong.one("main"))[:2]
    assert (first.tag, second.get("id")) == ("figure", "errors")


def test_a_notice_of_an_earlier_release_still_makes_a_page(
    client: FlaskClient, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within the hour after an update, what was sent from the page before is answered with its own text."""
    new = ctx.stored_notice(notice_hash(ctx, "demolen", "bakeclub", "nl", Audience.CHILD))
    words = {key: text for key, text in new.notice.words.items() if key not in LATER}
    old = replace(new.notice, words=words, purposes=tuple(replace(one, drawing="") for one in new.notice.purposes))
    html = rendering.notice_html

    def as_before(page: str, stored: StoredNotice, **context: object) -> str:
        return html(page, replace(stored, notice=old) if stored.notice.audience == "child" else stored, **context)

    monkeypatch.setattr(submission, "notice_html", as_before)
    page = BAKECLUB.after(client)
    assert len(wishes(page)) == len(BAKECLUB.purposes)
    assert i18n.say("nl", "child.rights.stop", True) in page.text
    assert "hoogstens 2 jaar" not in seen(page.one("main"))


@pytest.mark.parametrize("language", BAKECLUB.languages)
def test_a_teenager_does_not_read_of_itself_as_the_child(client: FlaskClient, language: str) -> None:
    child = {"nl": "het kind", "fr": "l’enfant", "en": "the child"}[language]
    for form in (BAKECLUB, NEWSLETTER):
        assert child not in form.after(client, TEEN, language).text


NAMES = ("Bakkerij De Molen BV", "privacy@demolen.example", "Postduif Mail BV", "Serverhuis Gent BV", PAPA, NOOR)


def read(page: Page) -> str:
    """What a child sees of a page, unfolded: all but what is for parents, with a short word for each name."""
    (shared,) = page.all("main")
    main = deepcopy(shared)  # the same page of another test is read from the same tree
    for parents in [one for one in main.iter() if one.get("class") == "parents"]:
        parents.clear()
    for repeated in [one for one in main.iter() if one.get("class") == "unseen"]:
        repeated.text = ""
    text = text_in(main)
    for name in NAMES:
        text = text.replace(name, "Bo")
    return text


def pages_of_a_child(client: FlaskClient, ctx: Context, form: GatedForm, language: str) -> dict[str, Page]:
    links = child_allowed(client, ctx, form, language=language, child_email=NOOR)
    (mail,) = [mail for mail in work_off(ctx) if mail["To"] == NOOR]
    page, own = form.after(client, language=language), Page(client.get(link_in(mail, "confirm")))
    return {
        "form": page,
        "error": form.answer(page.press(client, 0, purposes=form.purposes[:1]), 422, ticked=form.purposes[:1]),
        "unsure": form.answer(page.press(client, 1, purposes=form.purposes[:1]), ticked=form.purposes[:1]),
        "nothing": form.answer(page.press(client, 1)),
        "waiting": child_asks(client, form, language=language),
        "own address": own,
        "own address, yes": Page(own.press(client, 0)),
        "stop": Page(client.get(links.child_withdraw)),
        "stopped": Page(client.post(links.child_withdraw, data={"decision": "stop"})),
        "stopped before": Page(client.get(links.child_withdraw)),
    }


@pytest.mark.parametrize("language", NEWSLETTER.languages)
@pytest.mark.parametrize("form", [BAKECLUB, NEWSLETTER], ids=str)
def test_every_page_that_a_child_reads_is_easy(
    client: FlaskClient, ctx: Context, form: GatedForm, language: str
) -> None:
    rules = load(language).rules
    found = {name: measure(read(page), rules) for name, page in pages_of_a_child(client, ctx, form, language).items()}

    assert {name: round(one.ease) for name, one in found.items() if one.ease < 80} == {}
    assert {name: one.mean for name, one in found.items() if one.mean > 10} == {}
