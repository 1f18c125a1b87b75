"""Every page behind an age question, in every state and language. What holds on all of them is in `tests.page`."""

import re
from collections import Counter

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services import housekeeping
from app.services.context import Context
from tests.factories import Clock, link_in, text_of, work_off
from tests.page import Page
from tests.web.ways import (
    ADULT,
    BAKECLUB,
    CAMP,
    FOR_CHILDREN,
    GATED_IN_EVERY_LANGUAGE,
    GATED_ONE_LANGUAGE_EACH,
    NEWSLETTER,
    NOOR,
    ONLINE,
    PAPA,
    READERS,
    SOFIE,
    TEEN,
    GatedForm,
    allow,
    child_allowed,
    child_asked,
    child_asks,
    of_child,
    step_of,
)

LED_TO: Counter[tuple[str, tuple[str, ...]]] = Counter([("h1", ("id", "tabindex"))])
LED_FROM: Counter[tuple[str, tuple[str, ...]]] = Counter([("h1", ())])
"""The heading that the answer to the age question leads to, and the same where the form is shown again."""
DRAWING = "{http://www.w3.org/2000/svg}svg"

everywhere = pytest.mark.parametrize(("form", "language"), GATED_IN_EVERY_LANGUAGE, ids=str)
each_form = pytest.mark.parametrize(("form", "language"), GATED_ONE_LANGUAGE_EACH, ids=str)
"""In one language each: the last test reads the pages behind links in every pair."""
each_online = pytest.mark.parametrize(
    ("form", "language"), [case for case in GATED_ONE_LANGUAGE_EACH if case[0] in ONLINE], ids=str
)


def controller(page: Page) -> bool:
    """Whether the controller is named, and can be reached."""
    return any(link.startswith("mailto:privacy@") for link in page.links.values()) and page.title.count(" · ") == 1


@everywhere
def test_the_age_question_stands_alone_and_says_what_is_wrong_with_an_answer(
    client: FlaskClient, form: GatedForm, language: str
) -> None:
    young = form in FOR_CHILDREN
    page = form.open(client, language)

    assert (page.language, page.h1) == (language, i18n.say(language, "age.title", young))
    assert list(page.typed) == ["birth_day", "birth_month", "birth_year"]
    assert page.buttons == [i18n.say(language, "age.next", young)]
    assert page.boxes == []
    assert [button.get("lang") for button in page.all("button") if button.get("value") == "again"] == [
        other for other in form.languages if other != language
    ]

    wrong = form.answer(form.say_age(client, ("31", "4", "1984"), page), 422)
    assert (wrong.language, wrong.h1) == (language, page.h1)
    assert wrong.title == i18n.say(language, "error.prefix", young, title=page.title)
    assert wrong.problems == {"birth_day": i18n.say(language, "error.birth.not_a_date", young)}


@pytest.mark.parametrize(
    ("form", "language", "born"),
    [(*case, TEEN) for case in GATED_IN_EVERY_LANGUAGE if case[0] in ONLINE]
    + [(*case, ADULT) for case in GATED_IN_EVERY_LANGUAGE],
    ids=str,
)
def test_whoever_decides_alone_gets_every_page_of_a_form_in_words_for_that_age(
    client: FlaskClient, form: GatedForm, language: str, born: tuple[str, str, str]
) -> None:
    young = born == TEEN
    page = form.after(client, born, language)
    child = of_child(page)
    assert bool(child) == (form in FOR_CHILDREN and not young)
    assert [box for box in page.boxes if box != "yes"] == list(form.purposes)
    assert [button.get("value") for button in page.one("form").iter("button")] == ["yes", "no"]
    assert "email" in page.typed

    chosen = form.purposes[-1:]
    sent = form.answer(page.press(client, 0, email=SOFIE, purposes=chosen, **child))
    assert sent.h1 == i18n.say(language, "form.sent.title", young)
    assert i18n.say(language, "form.sent.mail", young, email=SOFIE) in sent.text
    asks_age = form.open(client, language)
    again = form.answer(sent.follow(client, i18n.say(language, "form.sent.wrong_address", young)))
    assert (again.h1, again.buttons) == (asks_age.h1, asks_age.buttons)

    for nothing in (form.answer(page.press(client, 1)), form.answer(page.press(client, 0, email=SOFIE))):
        assert nothing.h1 == i18n.say(language, "form.nothing.title", young)
        body = i18n.say(language, "form.nothing.body", young)
        assert body in nothing.text
        assert re.search("stur|envoy|send", body) is None, "what is told is mailed anyway"
        assert f">{asks_age.h1}<" in nothing.follow(client, i18n.say(language, "form.nothing.again", young)).text

    ticked = [*chosen, *child.get("is_guardian", ())]
    wrong = form.answer(page.press(client, 0, email="", purposes=chosen, **child), 422, ticked=ticked)
    assert wrong.problems["email"] == i18n.say(language, "error.email.missing", young)
    assert {sent.language, nothing.language, wrong.language} == {language}


@everywhere
def test_a_child_gets_every_page_of_a_form_in_its_own_words(
    client: FlaskClient, form: GatedForm, language: str
) -> None:
    page = form.after(client, language=language)
    assert page.boxes == list(form.purposes)
    assert [name for name in page.typed if name != "website"] == ["child_name", "guardian_email"]
    assert page.buttons == [i18n.say(language, "child.ask", True), i18n.say(language, "child.stop", True)]
    assert bool(page.all(DRAWING)) == (form in (BAKECLUB, NEWSLETTER))
    (parents,) = page.classed("parents")
    assert "open" not in parents.attrib

    wrong = form.answer(page.press(client, 0, purposes=form.purposes[:1]), 422, ticked=form.purposes[:1])
    assert wrong.problems == {
        "child_name": i18n.say(language, "error.child_name.missing", True),
        "guardian_email": i18n.say(language, "error.guardian_email.missing", True),
    }
    with_nothing_typed = form.answer(page.press(client, 1))
    with_a_name = form.answer(page.press(client, 0, child_name="Noor"))
    for nothing, shown in ((with_nothing_typed, page.skeleton), (with_a_name, page.skeleton - LED_TO + LED_FROM)):
        assert nothing.h1 == i18n.say(language, "child.stopped.title", True)
        again = form.answer(nothing.follow(client, i18n.say(language, "form.nothing.again", True)))
        assert again.skeleton == shown
        assert again.typed["child_name"] == ("" if nothing is with_nothing_typed else "Noor")

    waiting = child_asks(client, form, language=language)
    assert waiting.h1 == i18n.say(language, "child.waiting.title", True)
    assert PAPA in waiting.text
    assert bool(waiting.all(DRAWING)) == (form in (BAKECLUB, NEWSLETTER))
    assert bool(waiting.classed("steps")) == bool(waiting.all(DRAWING)), "steps without drawings are a numbered list"
    again = form.answer(
        waiting.follow(client, i18n.say(language, "child.waiting.wrong_address", True)), ticked=form.purposes
    )
    assert again.typed["guardian_email"] == PAPA
    assert {page.language, wrong.language, nothing.language, waiting.language} == {language}


@each_form
def test_a_parent_gets_every_page_in_the_language_of_the_form(
    client: FlaskClient, ctx: Context, clock: Clock, form: GatedForm, language: str
) -> None:
    links = child_asked(client, ctx, form, language=language)
    page = Page(client.get(links.guardian))
    assert page.h1 == i18n.say(language, "guardian.title")
    boxes = [*form.purposes, *(["health"] if form is CAMP else []), "yes"]
    if page.all("input", id="use_child_name"):  # in the card of the one wish that needs a name, or below all of them
        boxes.insert(boxes.index("bake_day") + 1 if form is BAKECLUB else -1, "yes")
    assert page.boxes == boxes
    assert page.buttons == [
        i18n.say(language, key) for key in ("guardian.submit", "guardian.all_no", "guardian.not_mine")
    ]
    assert len(page.classed("beside")) == len(form.purposes)

    wrong = Page(page.press(client, 0, purposes=form.purposes[:1]), 422, ticked=form.purposes[:1])
    assert wrong.problems["is_guardian"] == i18n.say(language, "error.is_guardian.missing")
    done = allow(client, links.guardian, **({"child_email": NOOR} if form in ONLINE else {}))
    assert done.h1 == i18n.say(language, "guardian.done.title")
    already = Page(client.get(links.guardian))
    assert already.h1 == i18n.say(language, "guardian.already.title", date=i18n.day(clock(), "BE", language))
    Page(client.post(links.withdraw, data={"decision": "stop"}))
    stopped = Page(client.get(links.guardian))
    assert stopped.h1 == i18n.say(language, "withdraw.done.title")

    refused = child_asked(client, ctx, form, language=language, guardian="nee@voorbeeld.test")
    no = Page(Page(client.get(refused.guardian)).press(client, 1))
    assert no.h1 == i18n.say(language, "guardian.done.title")
    foreign = child_asked(client, ctx, form, language=language, guardian="wie@voorbeeld.test")
    not_mine = Page(Page(client.get(foreign.guardian)).press(client, 2))
    assert not_mine.h1 == i18n.say(language, "guardian.not_mine.done.title")
    deleted = Page(client.get(foreign.guardian))
    assert deleted.h1 == i18n.say(language, "guardian.deleted.title")

    late = child_asked(client, ctx, form, language=language, guardian="laat@voorbeeld.test").guardian
    clock.forward(days=7, seconds=1)
    expired = Page(client.get(late), 410)
    assert expired.h1 == i18n.say(language, "expired.title")
    again = expired.follow(client, i18n.say(language, "expired.request.again"))
    assert again.text == form.open(client, language).html

    pages = (page, wrong, done, already, stopped, no, not_mine, deleted, expired)
    assert {page.language for page in pages} == {language}
    assert all(controller(page) for page in pages if page is not wrong)


@pytest.mark.parametrize("language", CAMP.languages)
def test_a_parent_who_is_asked_anew_gets_the_pages_of_a_renewal(
    client: FlaskClient, ctx: Context, clock: Clock, language: str
) -> None:
    child_allowed(client, ctx, CAMP, language=language)
    clock.forward(days=1, minutes=1)
    work_off(ctx)
    clock.forward(days=357)
    housekeeping.tidy(ctx)
    (mail,) = [mail for mail in work_off(ctx) if "/guardian/" in text_of(mail)]
    link = link_in(mail, "guardian")

    page = Page(client.get(link))
    assert page.h1 == i18n.say(language, "guardian.renewal.title")
    assert page.buttons == [i18n.say(language, "guardian.submit"), i18n.say(language, "guardian.renewal.no")]
    wrong = Page(page.press(client, 0, purposes=["health"]), 422, ticked=["health"])
    assert list(wrong.problems) == ["explicit-health", "is_guardian"]
    assert wrong.problems["is_guardian"] == i18n.say(language, "error.is_guardian.missing")
    done = allow(client, link)
    assert done.h1 == i18n.say(language, "guardian.done.title")
    already = Page(client.get(link))

    clock.forward(days=359)
    housekeeping.tidy(ctx)
    (mail,) = [mail for mail in work_off(ctx) if "/guardian/" in text_of(mail)]
    clock.forward(days=8)
    expired = Page(client.get(link_in(mail, "guardian")), 410)
    assert i18n.say(language, "guardian.renewal.expired") in expired.text
    assert {page.language for page in (page, wrong, done, already, expired)} == {language}


@each_online
def test_a_child_is_asked_for_its_own_address_in_its_own_words(
    client: FlaskClient, ctx: Context, clock: Clock, form: GatedForm, language: str
) -> None:
    def address_asked(guardian: str, child: str) -> tuple[str, str]:
        links = child_allowed(client, ctx, form, language=language, guardian=guardian, child_email=child)
        (mail,) = [mail for mail in work_off(ctx) if mail["To"] == child]
        return link_in(mail, "confirm"), links.withdraw

    yes, _ = address_asked(PAPA, NOOR)
    page = Page(client.get(yes))
    assert page.h1 == i18n.say(language, "child.confirm.title", True)
    assert page.buttons == [i18n.say(language, key, True) for key in ("child.confirm.yes", "child.confirm.no")]
    confirmed = Page(page.press(client, 0))
    assert confirmed.h1 == i18n.say(language, "child.confirm.yes_done.title", True)
    assert Page(client.get(yes)).h1 == confirmed.h1

    no, _ = address_asked("nee@voorbeeld.test", "an@voorbeeld.test")
    refused = Page(Page(client.get(no)).press(client, 1))
    assert refused.h1 == i18n.say(language, "child.confirm.no_done.title", True)

    ended, withdraw = address_asked("stop@voorbeeld.test", "bo@voorbeeld.test")
    Page(client.post(withdraw, data={"decision": "stop"}))
    stopped = Page(client.get(ended))
    assert stopped.h1 == i18n.say(language, "withdraw.done.title", True)

    late, _ = address_asked("laat@voorbeeld.test", "cas@voorbeeld.test")
    clock.forward(days=7, seconds=1)
    expired = Page(client.get(late), 410)
    assert i18n.say(language, "child.confirm.expired", True) in expired.text
    assert {found.language for found in (page, confirmed, refused, stopped, expired)} == {language}
    assert all(found.one("body").get("class") == "child" for found in (page, confirmed, refused, stopped, expired))


@each_online
def test_the_lasting_links_of_a_child_and_of_its_parent_have_their_pages(
    client: FlaskClient, ctx: Context, form: GatedForm, language: str
) -> None:
    links = child_allowed(client, ctx, form, language=language, child_email=NOOR)
    (mail,) = [mail for mail in work_off(ctx) if mail["To"] == NOOR]
    Page(client.post(link_in(mail, "confirm"), data={"decision": "yes"}))

    mine = Page(client.get(links.child_withdraw))
    assert mine.h1 == i18n.say(language, "withdraw.title", True)
    assert mine.one("body").get("class") == "child"
    my_no = Page(client.get(links.child_withdraw.replace("/withdraw/", "/object/")))
    assert my_no.buttons == [i18n.say(language, f"child.object.{answer}", True) for answer in ("yes", "no")]
    assert my_no.one("body").get("class") == "child"
    one = Page(client.get(f"{links.child_withdraw}/{form.purposes[0]}"))
    Page(one.press(client, 0))
    theirs = Page(client.get(links.withdraw))
    assert theirs.h1 == i18n.say(language, "withdraw.title")
    assert len(mine.buttons) - 1 == len(theirs.buttons) == len(form.purposes)
    stopped = Page(mine.press(client, 0))
    assert stopped.h1 == i18n.say(language, "withdraw.done.title", True)
    stopped_before = Page(client.get(links.withdraw))
    assert i18n.say(language, "withdraw.again") in stopped_before.text

    objection = Page(client.get(links.object))
    stop = Page(client.get(links.stop))
    Page(stop.press(client, 0))
    found = (mine, my_no, one, theirs, stopped, stopped_before, objection, stop)
    assert {page.language for page in found} == {language}
    assert all(controller(page) for page in found)


@each_form
def test_a_step_that_is_over_or_never_was_has_a_page_in_the_frame(
    client: FlaskClient, clock: Clock, form: GatedForm, language: str
) -> None:
    for born in READERS.values():
        address = form.place(client, born, language)
        forged = form.answer(client.get(address.replace(step_of(address), f"x{step_of(address)}")), 404)
        assert forged.h1 == i18n.say(language, "bad_link.title")

        clock.forward(hours=24, seconds=2)
        for response in (client.get(address), client.post(address, data={"decision": "yes"})):
            over = form.answer(response, 410)
            assert over.h1 == i18n.say(language, "step.expired.title", born != ADULT)
            again = over.follow(client, i18n.say(language, "step.expired.again", born != ADULT))
            assert again.text == form.open(client, language).html
        assert {forged.language, over.language} == {language}


@pytest.mark.parametrize("form", ONLINE, ids=str)
def test_the_pages_of_children_and_parents_can_be_read_in_each_language_of_the_form(
    client: FlaskClient, ctx: Context, form: GatedForm
) -> None:
    waiting = child_asked(client, ctx, form)
    done = child_allowed(client, ctx, form, guardian="mama@voorbeeld.test", child_email=NOOR)
    (mail,) = [mail for mail in work_off(ctx) if mail["To"] == NOOR]
    mailed = (waiting.guardian, *done, link_in(mail, "confirm"))
    pages = [
        form.open(client),
        *(form.after(client, born) for born in READERS.values()),
        *(Page(client.get(link)) for link in mailed),
    ]

    for page in pages:
        framed = page.address.startswith("/f/")
        for other in ("fr", "en"):
            response = page.follow(client, i18n.language_name(other))
            translated = Page(
                response,
                framed_by=form.origins if framed else "'none'",
                cache=page.response.headers["Cache-Control"],
            )
            assert translated.language == other
            assert translated.h1 != page.h1
            assert translated.boxes == page.boxes
            assert len(translated.buttons) == len(page.buttons)
