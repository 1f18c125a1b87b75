"""What was typed stays: in another language, at "Wrong address?" and on the way back from an answer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.config import Rate
from app.period import Period
from app.services import submission
from app.services.context import Context
from tests.factories import Clock, link_in, work_off
from tests.page import FORM_CACHE, Page
from tests.web.ways import (
    ADULT,
    BAKECLUB,
    CAMP,
    CAREERS,
    CHILD,
    COUNTERS,
    DESK,
    FORMS,
    NEWSLETTER,
    PHOTO,
    QUOTE,
    READERS,
    SOFIE,
    TEEN,
    Form,
    GatedForm,
    filled,
    nothing_changes,
    step_of,
    stored,
)

Born = tuple[str, str, str]

WRONG, MENDED = "sofie@voorbeel.test", SOFIE
READ_BY: list[tuple[Form, Born | None]] = [
    *((form, None) for form in FORMS),
    *((form, born) for form in (BAKECLUB, NEWSLETTER, CAMP, PHOTO) for born in (CHILD, ADULT)),
    (NEWSLETTER, TEEN),
]
NAMES = [f"{form}{''.join(f' {who}' for who, date in READERS.items() if date == born)}" for form, born in READ_BY]
each = pytest.mark.parametrize(("form", "born"), READ_BY, ids=NAMES)


def begun(client: FlaskClient, form: Form, born: Born | None, language: str) -> Page:
    """The form as a person of this age finds it."""
    if isinstance(form, GatedForm):
        assert born is not None
        return form.after(client, born, language)
    return form.open(client, language)


def typed_into(page: Page, address: str = WRONG) -> dict[str, Any]:
    """Something in every field of a page, and every box ticked."""
    typed: dict[str, Any] = dict.fromkeys(page.typed, "") | filled(page)
    for field in page.all("select"):
        typed[field.attrib["name"]] = list(field.iter("option"))[-1].attrib["value"]
    for field in page.all("textarea"):
        typed[field.attrib["name"]] = "Kerkstraat 1,\n8000 Brugge"
    own = {"email": address, "guardian_email": address, "child_name": "Noor", "child_birth_month": "3"}
    own |= {"child_birth_year": "2017"}
    typed |= {name: text for name, text in own.items() if name in page.typed}
    for box in page.all("input", type="checkbox"):
        typed[box.attrib["name"]] = [*typed.get(box.attrib["name"], ()), box.attrib["value"]]
    return typed


def is_kept(page: Page, typed: dict[str, Any]) -> None:
    """All that was typed stands in the fields again; that the ticks do too is told to `Page`."""
    shown = {name: text.strip("\n") for name, text in page.typed.items() if isinstance(typed[name], str)}
    assert shown == {name: typed[name] for name in shown}


def ticks(typed: dict[str, Any]) -> list[str]:
    return [value for values in typed.values() if isinstance(values, list) for value in values]


@pytest.mark.parametrize(
    ("form", "born"),
    [reader for reader in READ_BY if len(reader[0].languages) > 1],
    ids=[name for name, (form, _) in zip(NAMES, READ_BY, strict=True) if len(form.languages) > 1],
)
def test_in_another_language_all_that_was_typed_and_ticked_is_there_and_nothing_is_stored(
    client: FlaskClient, ctx: Context, form: Form, born: Born | None
) -> None:
    page = begun(client, form, born, "en")
    typed = typed_into(page, MENDED)
    with nothing_changes(ctx):
        for language in ("nl", "en"):
            response = page.press(client, i18n.language_name(language), **typed)
            page = form.answer(response, ticked=ticks(typed))
            assert page.language == language
            assert not page.classed("errors")
            is_kept(page, typed)
            if born:
                assert "data-verdict" in page.one("body").attrib

    form.answer(page.press(client, 0))
    (request,) = stored(ctx, "requests")
    assert request["language"] == "en"


@each
def test_wrong_address_leads_back_to_the_form_as_it_was_sent(
    client: FlaskClient, ctx: Context, form: Form, born: Born | None
) -> None:
    language = form.languages[-1]
    page = begun(client, form, born, language)
    typed = typed_into(page)
    sent = form.answer(page.press(client, 0, **typed))
    assert (WRONG in sent.text, len(stored(ctx, "requests"))) == (True, 1)

    with nothing_changes(ctx):
        again = sent.press(client, 0)
        if born and born != CHILD:  # whoever is next at this screen is asked the age
            assert isinstance(form, GatedForm)
            asks = form.answer(again)
            assert WRONG not in asks.text
            again = form.say_age(client, born, asks)
        back = form.answer(again, ticked=ticks(typed))
        is_kept(back, typed)

    name = "guardian_email" if born == CHILD else "email"
    assert sent.one("form").attrib["action"].endswith(f"#{name}") or (born and born != CHILD)
    form.answer(back.press(client, 0, **{name: MENDED}))
    assert [subject["email"] for subject in stored(ctx, "subjects")] == [WRONG, MENDED]


def test_who_changes_a_choice_within_minutes_is_mailed_at_once_and_each_link_lists_its_own(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    page = CAREERS.open(client)
    sent = CAREERS.answer(page.press(client, 0, email=SOFIE, purposes=["keep_cv"]))
    (first,) = work_off(ctx)
    clock.forward(minutes=2)
    back = CAREERS.answer(sent.press(client, 0), ticked=["keep_cv"])

    changed = CAREERS.answer(back.press(client, 0, purposes=["offers_mail"]))
    (second,) = work_off(ctx)

    assert changed.text == sent.text
    assert i18n.say("nl", "form.sent.mail", email=SOFIE) in changed.text
    for mail, listed, other in (
        (first, "Uw cv twee jaar bewaren", "Vacatures per mail"),
        (second, "Vacatures per mail", "Uw cv twee jaar bewaren"),
    ):
        asking = Page(client.get(link_in(mail, "confirm"))).text
        assert listed in asking
        assert other not in asking


@pytest.mark.parametrize("language", NEWSLETTER.languages)
def test_after_the_answer_nobody_of_another_age_is_shown_what_was_typed(
    client: FlaskClient, ctx: Context, language: str
) -> None:
    page = NEWSLETTER.after(client, ADULT, language)
    typed = {"email": WRONG, "purposes": ["news"]}
    asks = NEWSLETTER.answer(NEWSLETTER.answer(page.press(client, 0, **typed)).press(client, 0))

    mistyped = NEWSLETTER.answer(NEWSLETTER.say_age(client, ("31", "4", "1984"), asks), 422)
    other = "fr" if language == "en" else "en"
    in_another = NEWSLETTER.answer(mistyped.press(client, i18n.language_name(other)))
    for question in (asks, mistyped, in_another):
        assert "birth_year" in question.typed
        for born in (CHILD, TEEN):
            response = NEWSLETTER.say_age(client, born, question)
            assert response.status_code == 303
            assert WRONG not in NEWSLETTER.answer(client.get(response.headers["Location"])).html
        back = NEWSLETTER.answer(NEWSLETTER.say_age(client, ADULT, question), ticked=["news"])
        assert (back.typed["email"], back.language) == (WRONG, question.language)


def test_the_age_question_keeps_a_date_of_birth_in_another_language(client: FlaskClient, ctx: Context) -> None:
    page = CAMP.open(client)
    typed = {"birth_day": "3", "birth_month": "maart"}

    with nothing_changes(ctx):
        french = CAMP.answer(page.press(client, "Français", **typed))

    assert (french.language, french.typed) == ("fr", typed | {"birth_year": ""})
    assert "3" not in french.address.partition("?")[2]


@pytest.mark.parametrize("form", [DESK, BAKECLUB], ids=str)
def test_where_nothing_was_typed_another_language_is_the_page_that_everybody_gets(
    client: FlaskClient, form: Form
) -> None:
    response = form.open(client).press(client, "English")

    assert (response.status_code, response.headers["Location"]) == (303, form.address("en"))


def test_what_is_taken_along_is_in_no_page_that_is_kept_for_others(client: FlaskClient) -> None:
    """Not even where a body comes with a GET: the page cache would give it to the next."""
    page = CAMP.open(client)
    before = page.html
    body = {"email": WRONG, "kept-for": "adult", "decision": "again", "form_token": "x"}

    for form in (DESK, CAMP):
        assert (
            WRONG
            not in Page(
                client.get(f"{form.address('nl')}&site=x", data=body), framed_by=form.origins, cache=FORM_CACHE
            ).html
        )
        assert WRONG in form.answer(client.post(form.address("nl"), data=body)).html
    assert CAMP.open(client).html == before


@pytest.mark.parametrize("form", [DESK, BAKECLUB], ids=str)
@pytest.mark.parametrize("born", READERS.values(), ids=READERS)
def test_enter_in_a_field_sends_the_form_and_never_another_language(
    client: FlaskClient, form: Form, born: Born
) -> None:
    """A browser presses the first button of a form in the source, wherever it stands."""
    pages = [form.open(client), begun(client, form, born, "nl")]
    for page in pages:
        first = page.all("button")[0]
        assert first.attrib.keys() == {"class", "form", "tabindex", "aria-hidden"}
        assert first.attrib["form"] == page.all("form")[0].attrib["id"]
        assert first.text == page.buttons[0]


def of_too_many(client: FlaskClient, ctx: Context, page: Page, typed: dict[str, Any]) -> Page:
    ctx.settings = replace(ctx.settings, SUBMITS_PER_NETWORK=Rate(1, Period(10, "minute")))
    CAREERS.answer(CAREERS.open(client).press(client, 1))
    return CAREERS.answer(page.press(client, 0, **typed), 429)


def of_a_fault(client: FlaskClient, ctx: Context, page: Page, typed: dict[str, Any]) -> Page:
    def fails(*_: object) -> None:
        raise RuntimeError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(submission, "submit", fails)
        return CAREERS.answer(page.press(client, 0, **typed), 500)


def of_nothing_ticked(client: FlaskClient, ctx: Context, page: Page, typed: dict[str, Any]) -> Page:
    typed["purposes"] = []
    return CAREERS.answer(page.press(client, 0, **typed))


@pytest.mark.parametrize("answer", [of_too_many, of_a_fault, of_nothing_ticked])
def test_back_to_the_form_finds_it_filled_in(client: FlaskClient, ctx: Context, answer: Callable[..., Page]) -> None:
    page = CAREERS.open(client)
    typed = typed_into(page)
    reached = answer(client, ctx, page, typed)

    with nothing_changes(ctx):
        back = CAREERS.answer(reached.press(client, i18n.say("nl", "form.nothing.again")), ticked=ticks(typed))

    is_kept(back, typed)


def test_after_a_no_nothing_that_was_typed_is_in_the_answer(client: FlaskClient, ctx: Context) -> None:
    for form, born in READ_BY:
        answer = form.answer(begun(client, form, born, "en").press(client, 1, **_named(form, born, client)))
        assert WRONG not in answer.html
        assert i18n.say("en", "form.nothing.again", born in (CHILD, TEEN)) in answer.links


def _named(form: Form, born: Born | None, client: FlaskClient) -> dict[str, str]:
    return {"guardian_email" if born == CHILD else "email": WRONG}


@pytest.mark.parametrize("token", ["", "forged", "of another form"])
def test_nobody_is_shown_a_tick_that_no_page_of_this_form_had(client: FlaskClient, token: str) -> None:
    """Or else whoever leads somebody to the form by a form of their own could tick the boxes beforehand."""
    own = {"form_token": token, "decision": "again", "email": SOFIE, "purposes": "medical"}
    if token == "of another form":
        own["form_token"] = CAREERS.open(client).one("input", name="form_token").attrib["value"]

    page = QUOTE.answer(client.post(QUOTE.address("fr"), data=own), 422)

    assert page.problems == {"whole-form": i18n.say("fr", "error.not_from_here")}
    assert page.typed["email"] == SOFIE


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_where_the_text_has_changed_the_ticks_are_cleared_and_it_is_said(
    client: FlaskClient, ctx: Context, publish: Callable[..., None], language: str
) -> None:
    page = NEWSLETTER.after(client, ADULT)
    name = i18n.language_name(language)
    typed = {"email": SOFIE, "purposes": ["news"]}
    sent = NEWSLETTER.answer(page.press(client, 0, **typed))
    publish("demolen/newsletter", {"we wat er nieuw is": "we wat er te doen is", "wat er nieuw is in": "wat er is in"})

    if language == "nl":
        again = NEWSLETTER.say_age(client, ADULT, NEWSLETTER.answer(sent.press(client, 0)))
        NEWSLETTER.answer(again, ticked=["news"])  # the text before still counts for an hour
        return
    changed = NEWSLETTER.answer(page.press(client, name, **typed), 422)
    assert changed.problems == {"whole-form": i18n.say("fr", "error.text_changed")}
    assert changed.typed["email"] == SOFIE


def test_what_is_taken_along_is_escaped_bounded_and_has_names_of_fields_alone(client: FlaskClient) -> None:
    page = DESK.open(client)
    odd = '"><script src=//x></script>'
    typed = typed_into(page) | {"data": odd}
    sent = DESK.answer(page.press(client, 0, **typed))
    assert (sent.one("input", name="data").attrib["value"], len(sent.all("script"))) == (odd, 1)

    many = "&".join(f"a{number}=1" for number in range(5000)) + "&%3Cb%3E=1&x-y=1"
    nothing = DESK.answer(client.post(DESK.address("nl"), data=many, content_type="application/x-www-form-urlencoded"))
    names = [field.attrib["name"] for field in nothing.all("input")]
    assert (len(names) <= 92, "<b>" in names, "x-y" in names) == (True, False, False)


def test_showing_the_form_again_counts_for_no_limit(client: FlaskClient, ctx: Context) -> None:
    page = CAREERS.open(client)
    typed = typed_into(page)
    with nothing_changes(ctx, but=COUNTERS):
        reached = of_too_many(client, ctx, page, typed)
    for _ in range(3):
        with nothing_changes(ctx):
            reached = CAREERS.answer(page.press(client, "English", **typed), ticked=ticks(typed))
    assert reached.language == "en"


def test_a_childs_verdict_holds_wherever_it_goes_back(client: FlaskClient) -> None:
    page = BAKECLUB.after(client)
    waiting = BAKECLUB.answer(page.press(client, 0, **typed_into(page)))
    back = BAKECLUB.answer(waiting.press(client, 0), ticked=BAKECLUB.purposes)
    french = BAKECLUB.answer(back.press(client, "Français"), ticked=BAKECLUB.purposes)

    assert {step_of(one.address) for one in (page, waiting, back, french)} == {step_of(page.address)}
