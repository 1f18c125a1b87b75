"""Who sits down next in a tab is asked the age: an answer of who decides alone ends with the answer to the form."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from app.i18n import speaker
from tests.browser.conftest import Visit
from tests.browser.pages import form, press
from tests.browser.person import title
from tests.browser.running import Stage
from tests.browser.test_age_verdict import (
    COME_BACK,
    NO_STORAGE,
    asks_age,
    is_for_a_child,
    is_for_an_adult,
    leaving,
    nine,
    script_has_run,
)
from tests.browser.young import CLUB, NAME, NEWS, after_age, say_age

SITE = "https://www.demolen.example/bakclub"

WISH = {CLUB: "#p-reminder", NEWS: "#p-photo_contest"}


def adult(stage: Stage, page: Page, name: str = CLUB, years: int = 40) -> str:
    """An adult, or a teenager, has answered the age question; the address of the page that follows."""
    after_age(stage, page, name, "nl", years)
    is_for_an_adult(page)
    return page.url


def fill_in(stage: Stage, page: Page | FrameLocator, wish: str) -> None:
    """Tick a box, and fill in what the form needs."""
    page.locator(wish).check()
    page.locator("#email").fill(stage.somebody())
    if page.locator("#child_birth_year").count():  # an adult on the form for children
        # The clock of the stage is years ahead after the tests before this one.
        born = str(stage.clock().year - 8)
        for name, text in (("child_name", "Noor"), ("child_birth_month", "3"), ("child_birth_year", born)):
            page.locator(f"#{name}").fill(text)
        page.locator("#is_guardian").check()


def send(stage: Stage, page: Page | FrameLocator, wish: str = WISH[CLUB]) -> None:
    """Send the form, and read that a mail is under way."""
    fill_in(stage, page, wish)
    page.locator("button[name=decision][value=yes]").first.click()
    expect(page.locator("h1")).to_have_text(speaker("nl")("form.sent.title"))
    script_has_run(page)


def leave_it(stage: Stage, page: Page | FrameLocator) -> None:
    """Press the no of the form."""
    page.locator("button[name=decision][value=no]").first.click()
    expect(page.locator("h1")).to_have_text(speaker("nl")("form.nothing.title"))
    script_has_run(page)


def is_asked_once(page: Page | FrameLocator) -> None:
    """The same page asks whether the ticks are meant or the no, and its script has run."""
    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator(".errors")).to_contain_text(speaker("nl")("form.unsure.title"))
    is_for_an_adult(page)


def leave_after_all(stage: Stage, page: Page | FrameLocator) -> None:
    """Tick a box, and press the no of the form until it is taken for one."""
    page.locator(WISH[CLUB]).check()
    page.locator("button[name=decision][value=no]").first.click()
    is_asked_once(page)
    leave_it(stage, page)


Answer = Callable[[Stage, Page | FrameLocator], None]
answers = pytest.mark.parametrize("answer", [send, leave_it, leave_after_all], ids=["sent", "left", "left ticked"])


@pytest.mark.parametrize("years", [15, 40], ids=["a teenager", "an adult"])
@answers
def test_after_the_answer_whoever_opens_the_form_is_asked_the_age(
    look: Visit, stage: Stage, answer: Answer, years: int
) -> None:
    page = look()
    after_age(stage, page, CLUB, "nl", years)
    if answer is send:
        fill_in(stage, page, WISH[CLUB])
        press(page, "yes")
    else:
        if answer is leave_after_all:
            page.check(WISH[CLUB])
            press(page, "no")
            expect(page.locator(".errors")).to_be_focused()
            is_for_an_adult(page)
        press(page, "no")
    expect(page.locator("#email")).to_have_count(0)

    for language in ("nl", "fr"):
        form(stage, page, CLUB, language)
        asks_age(page)
    say_age(page, 9, stage.clock().date())
    is_for_a_child(page)
    page.go_back()
    is_for_a_child(page)


@answers
def test_back_and_forward_after_the_answer_lead_to_the_question(look: Visit, stage: Stage, answer: Answer) -> None:
    page = look()
    adult(stage, page)
    answer(stage, page)

    page.go_back()
    asks_age(page)
    page.go_forward()
    asks_age(page)


@answers
def test_a_reload_after_the_answer_sends_nothing_again_and_asks_the_age(
    look: Visit, stage: Stage, answer: Answer
) -> None:
    page = look()
    adult(stage, page)
    answer(stage, page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))

    page.reload()

    asks_age(page)
    assert set(asked) == {"GET"}


@answers
def test_the_address_of_a_step_that_was_used_leads_to_the_question(look: Visit, stage: Stage, answer: Answer) -> None:
    page = look()
    used = adult(stage, page)
    answer(stage, page)

    for _ in range(2):
        page.goto(used)
        asks_age(page)
        assert "step=" not in page.url


@answers
def test_the_link_on_the_page_after_the_answer_leads_to_the_question(look: Visit, stage: Stage, answer: Answer) -> None:
    page = look()
    adult(stage, page)
    answer(stage, page)

    page.locator("main").locator("a[href*='/f/'], form[action*='/f/'] button").first.click()

    asks_age(page)
    say_age(page, 40, stage.clock().date())
    is_for_an_adult(page)


def test_a_form_that_the_browser_had_put_aside_asks_the_age_after_it_was_sent(look: Visit, stage: Stage) -> None:
    """As the cache of a browser brings it back: the page as it stood, while this tab has sent the form since."""
    page = look()
    used = adult(stage, page)
    send(stage, page)
    notes = page.evaluate("Object.entries(sessionStorage)")
    aside = page.context.new_page()
    aside.goto(used)
    is_for_an_adult(aside)
    aside.evaluate("(notes) => notes.forEach(([key, note]) => sessionStorage.setItem(key, note))", notes)

    aside.evaluate(COME_BACK)

    asks_age(aside)


def test_the_page_of_a_sent_form_that_the_browser_had_put_aside_asks_the_age(look: Visit, stage: Stage) -> None:
    page = look()
    adult(stage, page)
    send(stage, page)

    page.evaluate(COME_BACK)

    asks_age(page)


def test_before_the_answer_reload_language_an_error_and_back_from_it_keep_to_an_adult(
    look: Visit, stage: Stage
) -> None:
    page = look()
    adult(stage, page)
    page.reload()
    is_for_an_adult(page)
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    is_for_an_adult(page)
    page.check(WISH[CLUB])
    press(page, "yes")
    expect(page.locator(".errors")).to_be_focused()
    page.go_back()
    is_for_an_adult(page)
    expect(page.locator(".errors")).to_have_count(0)
    form(stage, page, CLUB, "nl")
    is_for_an_adult(page)
    send(stage, page)


def test_a_child_after_an_adult_finds_no_way_back_to_the_page_of_the_adult(look: Visit, stage: Stage) -> None:
    page = look()
    used = adult(stage, page)
    send(stage, page)
    form(stage, page, CLUB, "nl")
    asks_age(page)
    say_age(page, 9, stage.clock().date())
    is_for_a_child(page)

    for _ in range(4):
        page.go_back()
        if page.url == "about:blank":
            break
        is_for_a_child(page)
    page.goto(used)
    is_for_a_child(page)
    page.evaluate(COME_BACK)
    is_for_a_child(page)


def a_child_begins_after_an_adult(stage: Stage, page: Page) -> None:
    """An adult has sent the form; a child has given a date of birth that is none."""
    adult(stage, page)
    send(stage, page)
    form(stage, page, CLUB, "nl")
    asks_age(page)
    page.fill("#birth_day", "31")
    page.fill("#birth_month", "4")
    page.fill("#birth_year", "2017")
    press(page, "yes")
    expect(page.locator(".errors")).to_be_focused()


def test_a_child_that_begins_to_answer_and_goes_back_does_not_come_to_the_page_of_the_adult(
    look: Visit, stage: Stage
) -> None:
    page = look()
    a_child_begins_after_an_adult(stage, page)

    for _ in range(4):
        page.go_back()
        if page.url == "about:blank":
            break
        asks_age(page)


def test_where_the_question_does_not_come_nobody_reads_the_page_of_the_adult_and_a_reload_asks_the_age(
    look: Visit, stage: Stage
) -> None:
    """As where somebody presses Stop: the browser stays on the page that the script leads away from."""
    page = look()
    a_child_begins_after_an_adult(stage, page)
    page.go_back()
    asks_age(page)
    question = re.compile(r"\?lang=nl$")
    page.route(question, lambda route: route.abort("aborted"))

    with page.expect_event("requestfailed", lambda request: question.search(request.url) is not None):
        page.go_back(wait_until="commit")
    assert "step=" in page.url
    expect(page.locator("#email")).to_have_count(1)
    expect(page.locator("#email")).to_be_hidden()

    page.unroute(question)
    page.reload()
    asks_age(page)


def test_an_adult_after_a_teenager_reads_a_page_of_her_own(look: Visit, stage: Stage) -> None:
    page = look()
    adult(stage, page, NEWS, 15)
    page.check(WISH[NEWS])
    page.fill("#email", stage.somebody())
    press(page, "yes")
    expect(title(page)).to_have_text(speaker("nl", True)("form.sent.title"))
    stage.clock.forward(seconds=60)
    form(stage, page, NEWS, "nl")
    asks_age(page)
    say_age(page, 40, stage.clock().date())
    is_for_an_adult(page)
    expect(page.locator("body")).to_contain_text("Uw e-mailadres")
    page.reload()
    is_for_an_adult(page)


def test_what_was_answered_in_one_form_says_nothing_about_another(look: Visit, stage: Stage) -> None:
    page = look()
    adult(stage, page, CLUB)
    adult(stage, page, NEWS)
    send(stage, page, WISH[NEWS])
    form(stage, page, CLUB, "nl")
    is_for_an_adult(page)
    form(stage, page, NEWS, "nl")
    asks_age(page)


def test_a_childs_answer_still_holds_after_it_has_asked(look: Visit, stage: Stage) -> None:
    page = look()
    nine(stage, page)
    page.check("#p-recipes")
    page.fill("#child_name", NAME)
    page.fill("#guardian_email", stage.somebody())
    press(page, "yes")
    expect(title(page)).to_have_text("Nu mag een ouder kiezen")
    own = page.url

    page.go_back()
    is_for_a_child(page)
    form(stage, page, CLUB, "nl")
    is_for_a_child(page)
    page.goto(own)
    is_for_a_child(page)
    page.goto(f"{stage.address}/f/{CLUB}?lang=nl&step=nonsense")
    form(stage, page, CLUB, "nl")
    is_for_a_child(page)


def test_after_a_step_that_stood_open_too_long_the_next_is_asked(look: Visit, stage: Stage) -> None:
    page = look()
    used = adult(stage, page)
    stage.clock.forward(hours=25)
    page.check(WISH[CLUB])
    press(page, "yes")
    expect(title(page)).to_have_text("Deze pagina stond te lang open")
    form(stage, page, CLUB, "nl")
    asks_age(page)
    page.goto(used)
    page.get_by_role("link", name="Opnieuw beginnen").click()
    asks_age(page)
    say_age(page, 40, stage.clock().date())
    is_for_an_adult(page)


# In frames

RELOAD = """(() => {
  const frame = document.querySelector("akkoord-form").shadowRoot.querySelector("iframe");
  frame.contentWindow.location.replace(frame.src);
})()"""


def framed(stage: Stage, page: Page, frames: int = 1, kit: str = "") -> list[FrameLocator]:
    """A company's page with this many frames of the form."""
    html = f'<!doctype html><title>De Molen</title><script src="{kit or stage.address}/embed.js"></script>'
    html += f'<akkoord-form form="{CLUB}" lang="nl"></akkoord-form><p>' * frames
    page.route(SITE, lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(SITE)
    found = [page.frame_locator("iframe >> nth=" + str(number)) for number in range(frames)]
    for one in found:
        asks_age(one)
    return found


@answers
def test_in_a_frame_that_may_store_nothing_the_next_is_asked_too(
    request: pytest.FixtureRequest, stage: Stage, answer: Answer
) -> None:
    # Chromium itself blocks the storage for one answer, a script does so in its shell for the others: 10 to 3 seconds.
    page = request.getfixturevalue("visit" if answer is send else "look")()
    if answer is not send:
        page.add_init_script(NO_STORAGE)
    (frame,) = framed(stage, page)
    storage = "(() => { try { return sessionStorage.length } catch { return 'blocked' } })()"
    assert page.frames[1].evaluate(storage) == "blocked"
    say_age(frame, 40, stage.clock().date())
    is_for_an_adult(frame)
    leaving(page, RELOAD)
    is_for_an_adult(frame)
    answer(stage, frame)

    leaving(page, "history.back()")
    asks_age(frame)
    leaving(page, RELOAD)
    asks_age(frame)
    say_age(frame, 9, stage.clock().date())
    is_for_a_child(frame)
    leaving(page, "history.back()")
    is_for_a_child(frame)


def test_in_a_frame_without_an_origin_of_its_own_a_sent_form_is_read_as_always(look: Visit, stage: Stage) -> None:
    page = look()
    html = (
        f'<!doctype html><iframe sandbox="allow-scripts allow-forms" src="{stage.address}/f/{CLUB}?lang=nl"></iframe>'
    )
    page.route(SITE, lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(SITE)
    frame = page.frame_locator("iframe")
    say_age(frame, 40, stage.clock().date())
    is_for_an_adult(frame)
    send(stage, frame)
    leaving(page, "history.back()")
    asks_age(frame)


def test_of_two_frames_of_one_form_in_a_page_the_other_follows_what_was_answered(look: Visit, stage: Stage) -> None:
    """On the company's own site, where frames may store: the browser tells the one what the other wrote."""

    def of_the_kit(route: Route) -> None:
        response = route.fetch(url=route.request.url.replace(beside, stage.address))
        route.fulfill(response=response, body=response.text().replace(stage.address, beside))

    beside = "https://forms.demolen.example"
    page = look()
    page.route(f"{beside}/**", of_the_kit)
    one, two = framed(stage, page, 2, beside)
    say_age(one, 9, stage.clock().date())
    is_for_a_child(one)
    is_for_a_child(two)
