"""What the age question decides holds: Back, reload, another language or the address itself ask nobody once more."""

import base64
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from app.i18n import speaker
from tests.browser.conftest import Visit
from tests.browser.pages import form, press
from tests.browser.person import title
from tests.browser.running import Stage
from tests.browser.young import CLUB, NAME, NEWS, after_age, say_age
from tests.delivery.sink import until
from tests.factories import text_of, work_off

SITE = "https://www.demolen.example/bakclub"
STORED = """async () => [
  Object.entries(sessionStorage), localStorage.length, document.cookie, window.name,
  (await indexedDB.databases()).length, (await caches.keys()).length,
]"""
NO_STORAGE = """Object.defineProperty(window, "sessionStorage", {
  get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
})"""
COME_BACK = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"


def script_has_run(page: Page | FrameLocator) -> None:
    """The page is complete: a person who goes on from here finds what its script has noted."""
    until(lambda: page.locator("body").evaluate("document.readyState") == "complete", "the page is complete")


def asks_age(page: Page | FrameLocator) -> None:
    """The page is the age question, and its script has run."""
    expect(page.locator("#birth_day")).to_be_visible()
    script_has_run(page)


def is_for_a_child(page: Page | FrameLocator) -> None:
    """The page is the one for children, and its script has run."""
    expect(page.locator("#guardian_email")).to_be_visible()
    script_has_run(page)


def is_for_an_adult(page: Page | FrameLocator) -> None:
    """The page is the form of who decides alone, and its script has run."""
    expect(page.locator("#email")).to_be_visible()
    script_has_run(page)


def nine(stage: Stage, page: Page, name: str = CLUB) -> None:
    """A child of nine has answered the question."""
    after_age(stage, page, name, "nl", 9)
    is_for_a_child(page)


def in_a_site(stage: Stage, page: Page, kit: str = "") -> FrameLocator:
    """The form in the page of the bakery, and the question answered by a child of nine."""
    html = f'<!doctype html><title>De Molen</title><script src="{kit or stage.address}/embed.js"></script>'
    html += f'<akkoord-form form="{CLUB}" lang="nl"></akkoord-form>'
    page.route(SITE, lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(SITE)
    framed = page.frame_locator("iframe")
    asks_age(framed)
    say_age(framed, 9, stage.clock().date())
    is_for_a_child(framed)
    return framed


def leaving(page: Page, script: str) -> None:
    """Run a script that leads the frame to another page, and wait until that page is there."""
    page.frames[1].evaluate("document.body.id = 'before'")
    page.evaluate(script)
    expect(page.frame_locator("iframe").locator("body:not(#before)")).to_be_visible()


def test_back_reload_and_the_address_itself_lead_a_child_to_its_own_page(look: Visit, stage: Stage) -> None:
    page = look()
    nine(stage, page)
    page.go_back()
    is_for_a_child(page)
    page.reload()
    is_for_a_child(page)
    form(stage, page, CLUB, "nl")
    is_for_a_child(page)
    page.goto(f"{stage.address}/f/{CLUB}")
    is_for_a_child(page)
    page.go_back()
    is_for_a_child(page)


def test_the_age_holds_in_the_other_languages_too(look: Visit, stage: Stage) -> None:
    page = look()
    nine(stage, page)
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    is_for_a_child(page)
    form(stage, page, CLUB, "en")
    is_for_a_child(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.go_back()
    is_for_a_child(page)


def test_a_child_that_has_asked_or_has_stopped_goes_back_to_its_own_page(look: Visit, stage: Stage) -> None:
    page = look()
    nine(stage, page)
    press(page, "no")
    expect(title(page)).to_have_text("We vragen niets. Dat is prima.")
    page.get_by_role("link", name="Bekijk de keuzes nog eens").click()
    is_for_a_child(page)
    page.check("#p-recipes")
    page.fill("#child_name", NAME)
    page.fill("#guardian_email", stage.somebody())
    press(page, "yes")
    expect(title(page)).to_have_text("Nu mag een ouder kiezen")
    form(stage, page, CLUB, "nl")
    is_for_a_child(page)


def test_a_page_that_the_browser_had_put_aside_asks_no_second_time(look: Visit, stage: Stage) -> None:
    page = look()
    form(stage, page, CLUB, "nl")
    other = page.context.new_page()
    nine(stage, other)
    notes = other.evaluate("Object.entries(sessionStorage)")
    # As the cache of a browser brings it back: the page as it stood, while this tab has learnt the age since.
    page.evaluate("(notes) => notes.forEach(([key, note]) => sessionStorage.setItem(key, note))", notes)
    asks_age(page)
    page.evaluate(COME_BACK)
    is_for_a_child(page)


def test_another_tab_another_form_and_a_new_visitor_are_asked_anew(look: Visit, stage: Stage) -> None:
    page = look()
    nine(stage, page)
    form(stage, page, NEWS, "nl")
    asks_age(page)
    tab = page.context.new_page()
    form(stage, tab, CLUB, "nl")
    asks_age(tab)
    say_age(tab, 40, stage.clock().date())
    is_for_an_adult(tab)
    tab.go_back()
    is_for_an_adult(tab)
    form(stage, page, CLUB, "nl")
    is_for_a_child(page)


def test_without_scripts_the_question_comes_back_and_either_answer_works(look: Visit, stage: Stage) -> None:
    page = look(java_script_enabled=False)
    nine(stage, page)
    page.reload()
    is_for_a_child(page)
    page.go_back()
    asks_age(page)
    say_age(page, 40, stage.clock().date())
    is_for_an_adult(page)
    page.go_back()
    say_age(page, 9, stage.clock().date())
    is_for_a_child(page)
    page.check("#p-recipes")
    press(page, "yes")
    expect(page.locator(".errors")).to_be_focused()
    is_for_a_child(page)


def test_in_a_frame_that_may_store_nothing_back_and_reload_lead_to_the_page_of_the_child(
    visit: Visit, stage: Stage
) -> None:
    page = visit()
    framed = in_a_site(stage, page)
    storage = "(() => { try { return sessionStorage.length } catch { return 'blocked' } })()"
    assert page.frames[1].evaluate(storage) == "blocked"
    leaving(page, "history.back()")
    is_for_a_child(framed)
    framed.get_by_role("button", name="Français").click()
    expect(framed.locator("html")).to_have_attribute("lang", "fr")
    leaving(page, "history.back()")
    is_for_a_child(framed)
    # The frame of a page that is loaded anew is a new one: it knows nothing, and the question works again.
    page.reload()
    asks_age(framed)


def test_in_a_frame_of_the_same_site_the_age_holds_when_the_page_is_loaded_anew(look: Visit, stage: Stage) -> None:
    def of_the_kit(route: Route) -> None:
        # The step that a POST leads to is fetched here, for Playwright does not see where a redirect goes.
        response = route.fetch(url=route.request.url.replace(beside, stage.address))
        route.fulfill(response=response, body=response.text().replace(stage.address, beside))

    beside = "https://forms.demolen.example"
    page = look()
    page.route(f"{beside}/**", of_the_kit)
    framed = in_a_site(stage, page, beside)
    leaving(page, "history.back()")
    is_for_a_child(framed)
    page.reload()
    is_for_a_child(framed)


def test_a_name_that_a_site_gave_to_the_frame_stays(look: Visit, stage: Stage) -> None:
    page = look()
    page.add_init_script(NO_STORAGE)
    html = f'<!doctype html><iframe name="theirs" src="{stage.address}/f/{CLUB}?lang=nl"></iframe>'
    page.route(SITE, lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(SITE)
    framed = page.frame_locator("iframe")
    say_age(framed, 9, stage.clock().date())
    is_for_a_child(framed)
    assert page.frames[1].evaluate("window.name") == "theirs"
    leaving(page, "history.back()")
    asks_age(framed)


def test_where_storage_is_blocked_the_question_may_come_back_and_everything_works(look: Visit, stage: Stage) -> None:
    page = look()
    page.add_init_script(NO_STORAGE)
    nine(stage, page)
    assert page.evaluate("window.name") == ""
    page.go_back()
    asks_age(page)
    say_age(page, 9, stage.clock().date())
    is_for_a_child(page)
    page.check("#p-recipes")
    page.fill("#child_name", NAME)
    page.fill("#guardian_email", stage.somebody())
    press(page, "yes")
    expect(title(page)).to_be_focused()
    expect(title(page)).to_have_text("Nu mag een ouder kiezen")


def test_a_step_that_is_over_asks_again_once_and_does_not_go_round(look: Visit, stage: Stage) -> None:
    page = look()
    nine(stage, page)
    stage.clock.forward(hours=25)
    opened: list[str] = []
    page.on("framenavigated", lambda frame: opened.append(frame.url))
    form(stage, page, CLUB, "nl")
    expect(title(page)).to_have_text("Deze pagina stond te lang open")
    page.get_by_role("link", name="Opnieuw beginnen").click()
    asks_age(page)
    page.wait_for_load_state("networkidle")
    assert len(opened) == 3
    say_age(page, 9, stage.clock().date())
    is_for_a_child(page)
    page.go_back()
    is_for_a_child(page)


def test_a_step_that_is_over_in_a_frame_that_may_store_nothing_asks_again_too(look: Visit, stage: Stage) -> None:
    page = look()
    page.add_init_script(NO_STORAGE)
    framed = in_a_site(stage, page)
    stage.clock.forward(hours=25)
    leaving(page, "history.back()")
    expect(title(framed)).to_have_text("Deze pagina stond te lang open")
    framed.get_by_role("link", name="Opnieuw beginnen").click()
    asks_age(framed)
    say_age(framed, 9, stage.clock().date())
    is_for_a_child(framed)
    leaving(page, "history.back()")
    is_for_a_child(framed)


def test_an_address_that_was_tampered_with_is_not_kept_to(look: Visit, stage: Stage) -> None:
    page = look()
    nine(stage, page)
    (key, note), *_ = page.evaluate("Object.entries(sessionStorage)")
    page.evaluate("([key, note]) => sessionStorage.setItem(key, note)", [key, note[:-3] + "abc"])
    form(stage, page, CLUB, "nl")
    expect(title(page)).to_have_text("Deze link werkt niet")
    form(stage, page, CLUB, "nl")
    asks_age(page)


def test_one_note_is_all_that_is_kept_and_it_holds_no_date_of_birth(look: Visit, stage: Stage) -> None:
    page = look()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    nine(stage, page)
    born = stage.clock().year - 9
    page.go_back()
    is_for_a_child(page)
    notes, *others = page.evaluate(STORED)
    assert others == [0, "", "", 0, 0]
    (note,) = notes
    assert note[0] == f"akkoord:/f/{CLUB}"
    found = re.fullmatch(rf"akkoord:/f/{CLUB} \d{{13}} (/f/{CLUB}\?lang=nl&step=[\w.-]+)", note[1])
    assert found is not None
    payload = parse_qs(urlsplit(found[1]).query)["step"][0].split(".")[0]
    assert base64.urlsafe_b64decode(payload + "==").decode() == f'["{CLUB}","child","{born + 13}-01"]'
    assert asked
    assert not [address for address in asked if str(born) in address or "birth" in address]


FORMAL = {"nl": r"\b(u|uw)\b", "fr": r"\b(vous|votre|vos)\b"}
FAMILIAR = {"nl": r"\b(je|jij|jou|jouw)\b", "fr": r"\b(tu|te|toi|ton|ta|tes)\b"}


def words(page: Page) -> str:
    """All text of a page, folded out."""
    page.evaluate("document.querySelectorAll('details').forEach((notice) => { notice.open = true })")
    return page.title() + "\n" + page.locator("body").inner_text()


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize(("years", "young"), [(15, True), (40, False)], ids=["at fifteen", "as an adult"])
def test_who_is_old_enough_decides_alone_and_is_spoken_to_as_fits_the_age(
    look: Visit, stage: Stage, language: str, years: int, young: bool
) -> None:
    say = speaker(language, young)
    page, email = look(), stage.somebody()
    read: list[str] = []
    after_age(stage, page, NEWS, language, years)
    expect(page.locator("#child_name")).to_have_count(0)
    read.append(words(page))
    page.check("#p-news")
    press(page, "yes")
    expect(page.locator(".errors")).to_be_focused()
    read.append(words(page))
    page.fill("#email", email)
    press(page, "yes")
    expect(title(page)).to_have_text(say("form.sent.title"))
    read.append(words(page))
    (mail,) = [mail for mail in work_off(stage.ctx) if mail["To"] == email]
    page.goto(stage.link(mail, "confirm"))
    expect(title(page)).to_have_text(say("confirm.title"))
    read.append(words(page))
    press(page, "yes")
    expect(title(page)).to_have_text(say("confirmed.title"))
    read.append(words(page))
    (receipt,) = [mail for mail in work_off(stage.ctx) if mail["To"] == email]
    page.goto(stage.link(receipt, "withdraw"))
    expect(title(page)).to_have_text(say("withdraw.title"))
    # The random part of a link may hold a word of its own, such as `-u-`.
    read += [re.sub(r"https?://\S+", "", text_of(sent)) for sent in (mail, receipt)] + [words(page)]
    foreign = (FORMAL if young else FAMILIAR).get(language, r"\bguardian\b")
    spoken = (FAMILIAR if young else FORMAL).get(language, r"\byou")
    for text in read:
        assert re.findall(f".*{foreign}.*", text, re.IGNORECASE) == []
    assert re.search(spoken, read[0], re.IGNORECASE)
