"""A form in somebody's website: the script, the frame that follows its content, and who may frame what."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from app.i18n import speaker
from tests.browser.company import LISTEN, SCRIPT, embedded, height, send, wait_until_fitting, website
from tests.browser.conftest import Visit
from tests.browser.running import Demo, Stage

NOT_SHOWN = "chrome-error://chromewebdata/"


@pytest.mark.parametrize("attributes", ["", " async", " defer"])
def test_an_element_becomes_a_frame_with_a_title_as_high_as_its_form(look: Visit, demo: Demo, attributes: str) -> None:
    page = look()
    website(page, demo, embedded(demo, attributes=attributes))
    frame = page.locator("akkoord-form > iframe")
    expect(frame).to_have_attribute("title", "Form")
    wait_until_fitting(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_company_may_name_the_frame_itself(look: Visit, demo: Demo) -> None:
    page = look()
    named = '<akkoord-form form="hogeschool/graduates" lang="nl" title="Uw eerste baan"></akkoord-form>'
    website(page, demo, SCRIPT.format(kit=demo.kit, attributes="") + named)
    expect(page.locator("iframe")).to_have_attribute("title", "Uw eerste baan")


def test_an_element_without_a_language_takes_the_one_of_its_page(look: Visit, demo: Demo) -> None:
    page = look()
    plain = '<akkoord-form form="hogeschool/graduates"></akkoord-form>'
    website(page, demo, SCRIPT.format(kit=demo.kit, attributes="") + plain)
    expect(page.frame_locator("iframe").locator("html")).to_have_attribute("lang", "en")


def test_a_form_far_down_the_page_is_not_fetched_before_somebody_comes_near(look: Visit, demo: Demo) -> None:
    page = look()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    website(page, demo, embedded(demo, before='<p style="height: 9000px">Long</p>'))
    expect(page.locator("iframe")).to_have_attribute("loading", "lazy")
    page.wait_for_load_state("networkidle")
    assert not [address for address in asked if "/f/" in address]
    page.locator("iframe").scroll_into_view_if_needed()
    expect(page.frame_locator("iframe").locator("h1")).to_be_visible()


def test_the_frame_grows_and_shrinks_with_a_notice(look: Visit, demo: Demo) -> None:
    page = look()
    website(page, demo, embedded(demo))
    wait_until_fitting(page)
    folded = height(page)
    summary = page.frame_locator("iframe").locator("summary").first
    summary.click()
    expect(page.frame_locator("iframe").locator("dl").first).to_be_visible()
    wait_until_fitting(page)
    assert height(page) > folded + 200
    summary.click()
    expect(page.frame_locator("iframe").locator("dl").first).to_be_hidden()
    wait_until_fitting(page)
    assert height(page) == folded


def test_the_frame_follows_when_the_window_gets_narrower(look: Visit, demo: Demo) -> None:
    page = look()
    website(page, demo, embedded(demo))
    wait_until_fitting(page)
    wide = height(page)
    page.set_viewport_size({"width": 320, "height": 600})
    page.wait_for_function("(wide) => document.querySelector('akkoord-form').offsetHeight > wide", arg=wide)
    wait_until_fitting(page)


def test_a_sent_form_makes_the_frame_small_brings_it_into_view_and_tells_the_site_once(look: Visit, demo: Demo) -> None:
    page = look(viewport={"width": 700, "height": 500})
    website(page, demo, embedded(demo, before='<p style="height: 900px">Long</p>') + '<p style="height: 2000px">More')
    page.locator("iframe").scroll_into_view_if_needed()
    wait_until_fitting(page)
    before = height(page)
    send(page.frame_locator("iframe"), "very.private@voorbeeld.test")
    wait_until_fitting(page)
    assert height(page) < before / 2
    top = page.locator("iframe").evaluate("(frame) => frame.getBoundingClientRect().top")
    assert 0 <= top < 400
    expect(page.frame_locator("iframe").locator("h1")).to_be_focused()
    page.set_viewport_size({"width": 400, "height": 500})
    page.wait_for_timeout(200)
    assert page.evaluate("told") == [["AKKOORD-FORM", {"form": "hogeschool/graduates"}]]


def test_the_site_brings_the_answer_into_view_even_where_the_browser_does_not(look: Visit, demo: Demo) -> None:
    def without_focus(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("first.focus()", "").replace('id="errors"', ""))

    page = look(viewport={"width": 700, "height": 500})
    for address in ("**/static/frame.*.js", "**/f/**"):
        page.route(address, without_focus)
    website(page, demo, embedded(demo, before='<p style="height: 900px">Long</p>') + '<p style="height: 2000px">More')
    page.locator("iframe").scroll_into_view_if_needed()
    wait_until_fitting(page)
    send(page.frame_locator("iframe"))
    wait_until_fitting(page)
    expect(page.locator("iframe")).to_be_in_viewport(ratio=0.9)


def test_a_form_that_was_left_empty_or_has_an_error_tells_the_site_nothing(look: Visit, demo: Demo) -> None:
    page = look()
    website(page, demo, embedded(demo))
    form = page.frame_locator("iframe")
    form.get_by_role("checkbox").first.check()
    form.get_by_role("button", name="Send my choice").click()
    expect(form.locator(".errors")).to_be_focused()
    wait_until_fitting(page)
    form.get_by_role("button", name="I choose nothing").click()
    expect(form.locator(".errors")).to_contain_text(speaker("en")("form.unsure.title"))
    expect(form.locator(".errors")).to_be_focused()
    wait_until_fitting(page)
    form.get_by_role("button", name="I choose nothing").click()
    expect(form.locator("h1")).to_have_text("You chose nothing. That is fine.")
    wait_until_fitting(page)
    assert page.evaluate("told") == []


def test_two_forms_on_a_page_keep_apart(look: Visit, demo: Demo) -> None:
    page = look()
    other = '<akkoord-form form="talentwerk/careers" lang="en"></akkoord-form>'
    website(page, demo, embedded(demo) + other)
    page.locator("iframe").nth(1).scroll_into_view_if_needed()
    wait_until_fitting(page, 0)
    wait_until_fitting(page, 1)
    first = height(page, 0)
    send(page.frame_locator("iframe").nth(1))
    wait_until_fitting(page, 1)
    assert height(page, 0) == first
    assert page.evaluate("told") == [["AKKOORD-FORM", {"form": "talentwerk/careers"}]]


def test_the_script_may_stand_on_a_page_twice(look: Visit, demo: Demo) -> None:
    page = look()
    website(page, demo, embedded(demo) + SCRIPT.format(kit=demo.kit, attributes=" async"))
    wait_until_fitting(page)
    assert page.locator("iframe").count() == 1
    send(page.frame_locator("iframe"))
    wait_until_fitting(page)
    assert len(page.evaluate("told")) == 1


def test_an_element_that_is_added_later_works_and_survives_being_moved(look: Visit, demo: Demo) -> None:
    page = look()
    website(page, demo, LISTEN + SCRIPT.format(kit=demo.kit, attributes="") + "<main></main>")
    page.evaluate("""() => {
      const added = document.createElement("akkoord-form");
      added.setAttribute("form", "hogeschool/graduates");
      document.body.append(added);
    }""")
    wait_until_fitting(page)
    page.evaluate("document.querySelector('main').append(document.querySelector('akkoord-form'))")
    wait_until_fitting(page)
    assert page.locator("iframe").count() == 1
    send(page.frame_locator("iframe"))
    wait_until_fitting(page)
    assert len(page.evaluate("told")) == 1


def test_messages_from_anywhere_else_move_nothing(look: Visit, demo: Demo) -> None:
    page = look()
    # The second frame stands at the kit's own origin: even from there only the form's own window counts.
    other = f'<iframe src="{demo.kit}/f/talentwerk/careers?lang=en"></iframe>'
    website(page, demo, embedded(demo, attributes="") + other)
    page.wait_for_function("document.querySelector('akkoord-form').offsetHeight > 99")
    before = height(page)
    page.evaluate("postMessage(-77, '*')")
    stranger, own = sorted(page.frames[1:], key=lambda frame: "graduates" in frame.url)
    stranger.evaluate("parent.postMessage(-77, '*')")
    own.evaluate("parent.postMessage('akkoord', '*')")
    own.evaluate("parent.postMessage(NaN, '*')")
    page.wait_for_timeout(200)
    assert height(page) == before
    assert page.evaluate("told") == []


def answers(page: Page, script: str) -> list[Any]:
    """What a page hears back when it says hello to a form by this script."""
    return list(
        page.evaluate(f"""async () => {{
          const heard = [];
          addEventListener("message", ({{ data }}) => heard.push(data));
          await (async () => {{ {script} }})();
          await new Promise((done) => setTimeout(done, 400));
          return heard;
        }}""")
    )


HELLO = "document.querySelector('iframe').contentWindow.postMessage('akkoord:hello', '*');"


def test_a_framed_form_answers_a_listed_site_with_a_number_and_any_other_site_with_nothing(
    look: Visit, demo: Demo
) -> None:
    frame = f'<iframe src="{demo.kit}/f/hogeschool/graduates?lang=en"></iframe>'
    page = look()
    website(page, demo, frame)
    expect(page.frame_locator("iframe").locator("h1")).to_be_visible()
    heard = answers(page, HELLO)
    assert heard
    assert all(isinstance(answer, int) and answer > 0 for answer in heard)

    def without_policy(route: Route) -> None:
        response = route.fetch()
        headers = {name: value for name, value in response.headers.items() if name != "content-security-policy"}
        route.fulfill(response=response, headers=headers)

    # The policy alone would keep this site from framing the form; here it is taken away, to see the second wall.
    stranger = look(may_complain=True)
    stranger.route("**/f/hogeschool/**", without_policy)
    website(stranger, demo, frame, origin="http://localhost:1")
    expect(stranger.frame_locator("iframe").locator("h1")).to_be_visible()
    assert answers(stranger, HELLO) == []


def test_a_form_in_a_window_of_its_own_tells_its_opener_nothing(look: Visit, demo: Demo) -> None:
    page = look()
    website(page, demo, "")
    with page.expect_popup() as opened:
        page.evaluate(f"void (window.form = open('{demo.kit}/f/hogeschool/graduates?lang=en'))")
    expect(opened.value.locator("h1")).to_be_visible()
    assert answers(page, "window.form.postMessage('akkoord:hello', '*');") == []


def test_a_site_that_is_not_listed_cannot_frame_a_form(look: Visit, demo: Demo) -> None:
    frame = f'<iframe src="{demo.kit}/f/hogeschool/graduates?lang=en"></iframe>'
    page = look(may_complain=True)
    website(page, demo, frame, origin="http://localhost:1")
    page.wait_for_load_state("networkidle")
    assert page.frames[1].url == NOT_SHOWN


def test_only_forms_can_be_framed_and_no_page_behind_a_link(look: Visit, stage: Stage) -> None:
    mail = stage.mail_to("waterland", "everything", "nl", "advice")
    addresses = [stage.link(mail, kind) for kind in ("confirm", "object", "stop")]
    addresses += [f"{stage.address}/link/waterland?lang=nl", f"{stage.address}/f/waterland/everything?lang=nl"]
    page = look(may_complain=True)
    frames = "".join(f'<iframe src="{address}"></iframe>' for address in addresses)
    website(page, Demo("", ""), frames, origin="https://www.waterland.example")
    page.wait_for_load_state("networkidle")
    assert [frame.url for frame in page.frames[1:]] == [*[NOT_SHOWN] * 4, addresses[-1]]


@pytest.mark.parametrize("name", ["pages that are too large", "a form that is out of order", "a form that is unknown"])
def test_what_goes_wrong_in_a_frame_can_be_read_there(look: Visit, stage: Stage, name: str) -> None:
    form = {"a form that is out of order": "broken", "a form that is unknown": "evrything"}.get(name, "everything")
    page = look()
    website(
        page,
        Demo("", ""),
        SCRIPT.format(kit=stage.address, attributes="") + f'<akkoord-form form="waterland/{form}" lang="nl">',
        origin="https://www.waterland.example",
    )
    inside = page.frame_locator("iframe")
    if form == "everything":
        inside.locator("#p-advice").check()
        inside.locator("#remarks").fill("x" * 70_000)
        inside.get_by_role("button", name="Mijn keuze versturen").click()
        expect(inside.locator("h1")).to_have_text("Dit was te veel in één keer")
        wait_until_fitting(page)
        inside.get_by_role("link", name="Terug naar het formulier").click()
        expect(inside.locator("#p-advice")).to_be_visible()
    else:
        expect(inside.locator("h1")).to_have_text(
            "Dit formulier werkt even niet" if form == "broken" else "Dit formulier bestaat niet"
        )
        wait_until_fitting(page)


def test_a_plain_frame_in_a_sandbox_without_scripts_works(look: Visit, demo: Demo) -> None:
    page = look(may_complain=True)
    sandboxed = f'<iframe sandbox="allow-forms" src="{demo.kit}/f/hogeschool/graduates?lang=en" height="900"></iframe>'
    website(page, demo, sandboxed)
    send(page.frame_locator("iframe"), "sandbox@voorbeeld.test")
    expect(page.frame_locator("iframe").locator("h1")).to_have_css("font-weight", "650")


def go_back(page: Page) -> None:
    """Walk back one step, be it of a frame: Playwright's own way waits for the page, which stays where it is."""
    browser = page.context.new_cdp_session(page)
    history = browser.send("Page.getNavigationHistory")
    before = history["entries"][history["currentIndex"] - 1]
    browser.send("Page.navigateToHistoryEntry", {"entryId": before["id"]})


@pytest.mark.parametrize("sandbox", ["", ' sandbox="allow-forms"'], ids=["plain", "sandboxed"])
def test_without_scripts_the_answer_to_a_sent_form_comes_into_view(look: Visit, demo: Demo, sandbox: str) -> None:
    page = look(may_complain=True, viewport={"width": 700, "height": 500}, java_script_enabled=False)
    frame = f'<iframe{sandbox} src="{demo.kit}/f/hogeschool/graduates?lang=en" width="660" height="2400"></iframe>'
    website(page, demo, f'<p style="height: 900px">Long</p>{frame}<p style="height: 2000px">More')
    form = page.frame_locator("iframe")
    form.get_by_role("button", name="Send my choice").click()
    expect(form.locator("h1")).to_be_in_viewport()
    expect(form.locator("h1")).to_have_text("You chose nothing. That is fine.")
    go_back(page)
    expect(form.get_by_role("button", name="Send my choice")).to_be_visible()
    form.get_by_role("checkbox").first.check()
    form.get_by_role("button", name="Send my choice").click()
    expect(form.locator(".errors")).to_be_in_viewport()
    send(form, "without.scripts@voorbeeld.test")
    expect(form.locator("h1")).to_be_in_viewport()


def test_links_in_a_frame_open_outside_it(look: Visit, demo: Demo) -> None:
    page = look()
    website(page, demo, embedded(demo))
    inside = page.frame_locator("iframe")
    expect(inside.locator("h1")).to_be_visible()
    leading_away = inside.locator('main a:not(nav a)[href]:not([href^="#"])')
    assert leading_away.count()
    for link in leading_away.all():
        expect(link).to_have_attribute("target", "_blank")
        expect(link).to_have_attribute("rel", "noopener")
