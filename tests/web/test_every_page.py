"""Every page in every language of every form. What holds on all of them is in `tests.page`."""

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from tests.factories import Clock
from tests.page import Page
from tests.web import ways
from tests.web.ways import (
    CALLS,
    DESK,
    FORMS,
    GATED,
    IN_EVERY_LANGUAGE,
    MARK_UP,
    ONE_LANGUAGE_EACH,
    QUOTE,
    SAMPLES,
    SOFIE,
    Form,
    agreed,
    asked,
    filled,
    say_yes,
)

everywhere = pytest.mark.parametrize(("form", "language"), IN_EVERY_LANGUAGE, ids=str)
each_form = pytest.mark.parametrize(("form", "language"), ONE_LANGUAGE_EACH, ids=str)
"""In one language each: `test_every_mailed_page_can_be_read_in_each_language_of_the_form` reads every pair."""


def says(page: Page, key: str, **values: object) -> None:
    """The page says a sentence of the kit, in its own language."""
    assert i18n.say(page.language, key, **values) in page.text


def test_the_forms_tried_here_are_all_that_are_served(client: FlaskClient) -> None:
    site = client.application.extensions["akkoord"]

    served = {(f"{form.controller}/{form.form}", form.languages) for form in site.forms.values()}

    assert served == {(form.name, form.languages) for form in (*FORMS, *GATED)}


@everywhere
def test_the_form_asks_each_purpose_in_a_box_of_its_own_and_none_is_ticked(
    client: FlaskClient, form: Form, language: str
) -> None:
    page = form.open(client, language)

    assert page.language == language
    assert page.boxes == list(form.purposes)
    assert len(page.buttons) == 2
    assert [button.get("name") for button in page.one("form").iter("button")] == ["decision", "decision"]
    assert [button.get("value") for button in page.one("form").iter("button")] == ["yes", "no"]
    others = [other for other in form.languages if other != language]
    assert [button.get("lang") for button in page.all("button", value="again")] == others
    assert len(page.classed("languages")) == bool(others)
    says(page, "form.withdraw_before")
    assert page.text.index(i18n.say(language, "form.withdraw_before")) < page.text.rindex(page.buttons[0])


@everywhere
def test_every_answer_to_a_form_is_in_its_language(client: FlaskClient, form: Form, language: str) -> None:
    page = form.open(client, language)

    sent = form.answer(page.press(client, 0, email=SOFIE, purposes=form.purposes[-1:], **_needed(form, page)))
    assert sent.h1 == i18n.say(language, "form.sent.title")
    says(sent, "form.sent.mail", email=SOFIE)
    assert sent.buttons == [i18n.say(language, "form.sent.wrong_address")]

    for nothing in (form.answer(page.press(client, 1)), form.answer(page.press(client, 0, email=SOFIE))):
        assert nothing.h1 == i18n.say(language, "form.nothing.title")
        says(nothing, "form.nothing.body")
        back = nothing.follow(client, i18n.say(language, "form.nothing.again"))
        blank = form.open(client, language)
        assert back.text == blank.html or form.answer(back).typed == blank.typed | {"email": SOFIE}

    wrong = form.answer(page.press(client, 0, email="", purposes=form.purposes[:1]), 422, ticked=form.purposes[:1])
    assert wrong.title == i18n.say(language, "error.prefix", title=page.title)
    assert wrong.problems["email"] == i18n.say(language, "error.email.missing")
    assert wrong.h1 == page.h1
    assert {sent.language, nothing.language, wrong.language} == {language}


def _needed(form: Form, page: Page) -> dict[str, str]:
    return {"data": "x"} if form is DESK else filled(page)


@each_form
def test_the_pages_behind_a_confirmation_link_are_in_the_language_of_the_form(
    client: FlaskClient, ctx: Context, clock: Clock, form: Form, language: str
) -> None:
    special = QUOTE.purposes[:1] if form is QUOTE else ()
    links = asked(ctx, form, language=language, email="yes@voorbeeld.test")
    confirm = Page(client.get(links.confirm))
    assert confirm.h1 == i18n.say(language, "confirm.title")
    assert confirm.boxes == list(special)
    assert confirm.buttons[:2] == [i18n.say(language, "confirm.yes"), i18n.say(language, "confirm.no")]
    assert [button.get("name") for button in confirm.all("button")[2:]] == ["without"] * len(special)

    done = Page(say_yes(client, confirm))
    assert done.h1 == i18n.say(language, "confirmed.title")
    already = Page(client.get(links.confirm))
    assert already.h1 == i18n.say(language, "already.title")
    Page(client.post(links.withdraw, data={"decision": "stop"}))
    stopped = Page(client.get(links.confirm))
    assert stopped.h1 == i18n.say(language, "withdraw.done.title")

    refused = Page(client.get(asked(ctx, form, language=language, email="no@voorbeeld.test").confirm))
    deleted = Page(refused.press(client, 1))
    assert deleted.h1 == i18n.say(language, "confirm.deleted.title")

    late = asked(ctx, form, language=language, email="late@voorbeeld.test").confirm
    clock.forward(days=7, seconds=1)
    expired = Page(client.get(late), 410)
    assert expired.h1 == i18n.say(language, "expired.title")
    again = expired.follow(client, i18n.say(language, "expired.request.again"))
    assert again.get_data(as_text=True) == form.open(client, language).html

    pages = (confirm, done, already, stopped, deleted, expired)
    assert {page.language for page in pages} == {language}
    assert all(_controller(page, form) for page in pages)


def _controller(page: Page, form: Form) -> bool:
    """Whether the controller is named, and can be reached."""
    return any(link.startswith("mailto:privacy@") for link in page.links.values()) and page.title.count(" · ") == 1


@each_form
def test_the_pages_behind_a_lasting_link_are_in_the_language_of_the_form(
    client: FlaskClient, ctx: Context, form: Form, language: str
) -> None:
    links = agreed(client, ctx, form, language=language)

    withdraw = Page(client.get(links.withdraw))
    assert withdraw.h1 == i18n.say(language, "withdraw.title")
    assert len(withdraw.buttons) == 1 + len(form.purposes)
    one = Page(client.get(f"{links.withdraw}/{form.purposes[0]}"))
    assert len(one.buttons) == 2
    stopped_one = Page(one.press(client, 0))
    says(stopped_one, "withdraw.done.past")
    stopped_all = Page(withdraw.press(client, 0))
    assert stopped_all.h1 == i18n.say(language, "withdraw.done.title")
    again = Page(withdraw.press(client, 0))
    says(again, "withdraw.again")
    nothing_left = Page(client.get(links.withdraw))
    says(nothing_left, "withdraw.again")

    links = agreed(client, ctx, form, language=language, email="bezwaar@voorbeeld.test")
    objection = Page(client.get(links.object))
    assert objection.h1 == _what_for(form, language, "object.title")
    left = Page(objection.press(client, 1))
    assert left.h1 == i18n.say(language, "object.left.title")
    objected = Page(objection.press(client, 0))
    objected_again = Page(client.get(links.object))
    if form is CALLS:
        assert objected.h1 == i18n.say(language, "mail.interest.subject", purpose=ways.RECORDING[language])
        assert objected_again.buttons == []
    else:
        assert objected.h1 == i18n.say(language, "object.done.title")
        says(objected_again, "object.done.title")

    stop = Page(client.get(links.stop))
    assert stop.h1 == i18n.say(language, "stop.title")
    stopped = Page(stop.press(client, 0))
    assert stopped.h1 == i18n.say(language, "stop.done.title")
    stopped_for_good = Page(client.get(links.stop))
    assert stopped_for_good.h1 == i18n.say(language, "stop.done.title")

    pages = [withdraw, one, stopped_one, stopped_all, again, nothing_left]
    pages += [objection, left, objected, objected_again, stop, stopped, stopped_for_good]
    assert {page.language for page in pages} == {language}
    assert all(_controller(page, form) for page in pages)


@pytest.mark.parametrize("language", DESK.languages)
def test_an_objection_to_a_legitimate_interest_has_its_pages_too(
    client: FlaskClient, ctx: Context, language: str
) -> None:
    links = asked(ctx, DESK, language=language)
    objection = Page(client.get(links.object))
    interest = i18n.say(language, "object.interest")

    noted = Page(objection.press(client, interest))

    assert noted.language == language
    assert noted.h1 == i18n.say(language, "mail.interest.subject", purpose=ways.INTEREST[language])
    assert ways.INTEREST[language] in objection.text
    says(noted, "object.interest.done", controller="Buurtloket Sint-Anna vzw", contact="privacy@buurtloket.example")


@everywhere
def test_the_page_for_a_lost_link_speaks_every_language_of_the_controller(
    client: FlaskClient, form: Form, language: str
) -> None:
    lost = Page(client.get(f"/link/{form.controller}?lang={language}"))
    assert lost.h1 == i18n.say(language, "link.title")
    objecting = Page(lost.follow(client, i18n.say(language, "link.to_object")))
    assert objecting.h1 == _what_for(form, language, "link.object.title")
    assert Page(objecting.follow(client, i18n.say(language, "link.to_lost"))).html == lost.html

    for page in (lost, objecting):
        sent = Page(page.press(client, 0, email=SOFIE))
        assert sent.h1 == i18n.say(language, "form.sent.title")
        says(sent, "link.sent.mail", email=SOFIE)
        back = sent.follow(client, i18n.say(language, "link.again"))
        assert back.get_data(as_text=True) == page.html
        wrong = Page(page.press(client, 0, email="sofie@"), 422)
        assert wrong.problems == {"email": i18n.say(language, "error.email.format")}
        assert wrong.typed["email"] == "sofie@"
        assert {page.language, sent.language, wrong.language} == {language}


@pytest.mark.parametrize("form", [form for form in (*SAMPLES, DESK) if len(form.languages) > 1], ids=str)
def test_every_mailed_page_can_be_read_in_each_language_of_the_form(
    client: FlaskClient, ctx: Context, form: Form
) -> None:
    links = asked(ctx, form)

    for link in (*links, f"{links.withdraw}/{form.purposes[0]}", f"/link/{form.controller}?for=object&lang=nl"):
        page = Page(client.get(link))
        for other in form.languages:
            if other != "nl":
                translated = Page(page.follow(client, i18n.language_name(other)))
                assert translated.language == other
                assert translated.h1 != page.h1
                assert len(translated.buttons) == len(page.buttons)


def _what_for(form: Form, language: str, advertising: str) -> str:
    """The heading of a page to object on: of what there is to object to, where it is not advertising alone."""
    if form is CALLS:
        return i18n.say(language, "object.to", purpose=ways.RECORDING[language])
    return i18n.say(language, "object.choose.title" if form in (DESK, MARK_UP) else advertising)
