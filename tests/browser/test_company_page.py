"""The element does no harm to the page it stands in: what the page wrote stays, and is there when the form is not."""

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, ConsoleMessage, Locator, Page, Request, Route, expect

from tests.browser.company import LISTEN, SCRIPT, height, send, wait_until_fitting, website
from tests.browser.conftest import Visit
from tests.browser.running import Demo, free_port

ELEMENT = '<akkoord-form form="hogeschool/graduates" lang="en"><a href="#open">Open the form</a></akkoord-form>'
RECORD = """<script>
window.changes = [];
window.namesBefore = Object.getOwnPropertyNames(window).length;
window.own = () => [Node, Element, HTMLElement, Document, EventTarget].map(
  ({ prototype }) => Object.getOwnPropertyNames(prototype).map((name) => [
    name, String(Object.values(Object.getOwnPropertyDescriptor(prototype, name)))]).join());
window.ownBefore = own().join();
new MutationObserver((records) => changes.push(...records.map(({ target, type }) => [target.nodeName, type])))
  .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
</script>"""
BLOCKED = "no answer from"


def script(demo: Demo, attributes: str = "") -> str:
    return SCRIPT.format(kit=demo.kit, attributes=attributes)


def link(page: Page) -> Locator:
    return page.get_by_role("link", name="Open the form")


def is_shown(page: Page) -> None:
    """The form is there in its full height, and the link is not."""
    wait_until_fitting(page)
    assert height(page) > 100
    expect(link(page)).to_be_hidden()


def is_not_shown(page: Page) -> None:
    """The link is there, and whatever stands in the frame takes no place and cannot be reached."""
    expect(link(page)).to_be_visible()
    assert page.locator("akkoord-form").evaluate("(element) => element.offsetHeight") < 40
    expect(page.locator("iframe")).to_be_hidden()


def errors(page: Page) -> list[str]:
    """What the element will have written to the console."""
    found: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and message.text.startswith("akkoord-form:"):
            found.append(message.text)

    page.on("console", listen)
    return found


def asked(page: Page) -> list[str]:
    """The addresses of forms that will have been asked for."""
    found: list[str] = []

    def listen(request: Request) -> None:
        if "/f/" in request.url:
            found.append(request.url)

    page.on("request", listen)
    return found


def held(page: Page) -> list[Route]:
    """The forms that will be asked for, each of which comes when the test lets it."""
    found: list[Route] = []
    page.route("**/f/**", lambda route: found.append(route))
    return found


def until(page: Page, true: Callable[[], object]) -> None:
    """Wait until this holds."""
    for _ in range(800):
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came to that")


def at_an_origin_with_a_policy(page: Page, demo: Demo, body: str, policy: str) -> None:
    """Open a page with this body that is sent with a Content-Security-Policy."""
    address = f"{demo.sites}/a-strict-page-of-a-company"
    headers = {"Content-Security-Policy": policy, "Content-Type": "text/html"}
    page.route(address, lambda route: route.fulfill(body=f"<!doctype html><html lang=en>{body}", headers=headers))
    page.goto(address)


def test_what_the_page_wrote_stays_as_it_was(look: Visit, demo: Demo) -> None:
    page = look()
    website(page, demo, LISTEN + ELEMENT)
    written = page.locator("akkoord-form").evaluate("(element) => element.outerHTML")

    page = look()
    website(page, demo, LISTEN + ELEMENT + RECORD + script(demo))
    is_shown(page)
    send(page.frame_locator("iframe"), "unharmed@voorbeeld.test")
    until(page, lambda: page.evaluate("told.length"))

    assert page.locator("akkoord-form").evaluate("(element) => element.outerHTML") == written
    # The script tag is the page's own, and so is the end of the document after it.
    assert [change for change in page.evaluate("changes") if change[0] not in ("BODY", "SCRIPT")] == []
    assert page.evaluate("Object.getOwnPropertyNames(window).length - namesBefore") == 3, "namesBefore, own, ownBefore"
    assert page.evaluate("own().join() === ownBefore")
    assert page.evaluate("Object.keys(document.querySelector('akkoord-form'))") == []


@pytest.mark.parametrize("attributes", ["", " async", " defer", ' type="module"', " crossorigin"])
def test_the_link_stays_until_the_form_is_there(look: Visit, demo: Demo, attributes: str) -> None:
    page = look()
    waiting = held(page)
    website(page, demo, script(demo, attributes) + ELEMENT, until="commit")
    until(page, lambda: waiting)
    is_not_shown(page)
    waiting[0].continue_()
    is_shown(page)


def test_a_form_that_comes_late_takes_the_place_of_the_link_and_nobody_complains(look: Visit, demo: Demo) -> None:
    page = look()
    waiting = held(page)
    page.clock.install()
    website(page, demo, script(demo) + ELEMENT, until="commit")
    until(page, lambda: waiting)
    page.clock.run_for(60_000)
    is_not_shown(page)
    waiting[0].continue_()
    is_shown(page)


@pytest.mark.parametrize("how", ["extension", "refused", "dead", "policy", "controller", "scripts"])
def test_a_form_that_does_not_come_leaves_the_link_and_says_in_the_console_what_to_do(
    look: Visit, demo: Demo, how: str
) -> None:
    page = look(may_complain=True)
    said = errors(page)
    kit = demo.kit
    element = ELEMENT
    origin = ""
    if how == "extension":
        page.route("**/f/**", lambda route: route.abort("blockedbyclient"))
    if how == "refused":
        origin = "http://localhost:1"
    if how == "dead":
        kit = f"http://127.0.0.1:{free_port()}"
        page.route(f"{demo.kit}/embed.js", lambda route: route.fulfill(body=served(route).replace(demo.kit, kit)))
    if how == "controller":
        element = ELEMENT.replace("hogeschool", "hoogeschool")
    if how == "scripts":
        page.route("**/static/frame.*.js", lambda route: route.abort())
    if how == "policy":
        policy = f"script-src {demo.kit}; frame-src 'self'"
        at_an_origin_with_a_policy(page, demo, script(demo) + element, policy)
    else:
        website(page, demo, script(demo) + element, origin)

    until(page, lambda: said)
    page.wait_for_timeout(200)
    is_not_shown(page)
    link(page).click()
    assert page.url.endswith("#open")
    (only,) = said
    controller = "hoogeschool" if how == "controller" else "hogeschool"
    assert f"{BLOCKED} {kit}/f/{controller}/graduates?lang=en" in only
    assert f'{origin or demo.sites} in "origins" of {controller}/controller.yaml' in only
    assert f'"frame-src {kit}"' in only


def served(route: Route) -> str:
    return str(route.fetch().text())


@pytest.mark.parametrize("form", [None, "", "graduates", "a/b/c", "../healthz", "hogeschool/graduates?x=1", "a b/c"])
def test_an_element_that_names_no_form_asks_for_none_and_says_so(look: Visit, demo: Demo, form: str | None) -> None:
    page = look(may_complain=True)
    said, fetched = errors(page), asked(page)
    named = "" if form is None else f' form="{form}"'
    website(page, demo, script(demo) + f'<akkoord-form{named}><a href="#open">Open the form</a></akkoord-form>')
    until(page, lambda: said)
    (only,) = said
    assert 'form="controller/form"' in only
    expect(link(page)).to_be_visible()
    assert page.locator("iframe").count() == 0
    assert fetched == []


@pytest.mark.parametrize("how", ["step", "reload"])
def test_a_step_that_is_blocked_brings_the_link_back_until_the_form_is_there_again(
    look: Visit, demo: Demo, how: str
) -> None:
    page = look(may_complain=True)
    said = errors(page)
    website(page, demo, script(demo) + ELEMENT)
    is_shown(page)
    page.route("**/f/**", lambda route: route.abort("blockedbyclient"))
    if how == "step":
        page.frame_locator("iframe").get_by_role("button").first.click()
    else:
        page.frames[1].evaluate("void setTimeout(() => location.reload())")
    until(page, lambda: said)
    is_not_shown(page)
    page.unroute("**/f/**")
    page.locator("akkoord-form").evaluate("(element) => element.setAttribute('lang', 'nl')")
    is_shown(page)
    assert len(said) == 1


def test_a_form_far_down_the_page_is_no_error(look: Visit, demo: Demo) -> None:
    page = look()
    fetched = asked(page)
    page.clock.install()
    website(page, demo, '<p style="height: 9000px">Long</p>' + script(demo) + ELEMENT)
    page.clock.run_for(60_000)
    assert fetched == []
    link(page).scroll_into_view_if_needed()
    is_shown(page)


@pytest.mark.parametrize("above", [0, 900], ids=["in view", "below"])
@pytest.mark.parametrize("closed", ["display: none", "visibility: hidden", "height: 0; overflow: hidden"])
def test_a_form_in_a_tab_that_is_closed_while_it_loads_is_there_when_the_tab_opens(
    look: Visit, demo: Demo, closed: str, above: int
) -> None:
    page = look()
    waiting = held(page)
    body = f'<p style="height: {above}px"></p>{script(demo)}<div id="tab">{ELEMENT}</div>'
    website(page, demo, body, until="commit")
    until(page, lambda: waiting)
    page.evaluate("(closed) => tab.style.cssText = closed", closed)
    with page.expect_response("**/static/frame.*.js"):
        waiting[0].continue_()
    page.wait_for_timeout(300)
    page.evaluate("tab.style.cssText = ''")
    is_shown(page)


def test_a_new_language_or_form_is_followed_and_loads_once(look: Visit, demo: Demo) -> None:
    page = look()
    fetched = asked(page)
    website(page, demo, script(demo) + ELEMENT)
    is_shown(page)
    waiting = held(page)
    page.evaluate("document.querySelector('akkoord-form').lang = 'nl'")
    until(page, lambda: waiting)
    is_not_shown(page)
    waiting[0].continue_()
    is_shown(page)
    page.unroute("**/f/**")
    expect(page.frame_locator("iframe").locator("html")).to_have_attribute("lang", "nl")
    page.evaluate("""() => {
      const element = document.querySelector("akkoord-form");
      element.setAttribute("form", "talentwerk/careers");
      element.setAttribute("lang", "fr");
      element.setAttribute("lang", "en");
    }""")
    is_shown(page)
    assert [address.split("&")[0].removeprefix(demo.kit) for address in fetched] == [
        "/f/hogeschool/graduates?lang=en",
        "/f/hogeschool/graduates?lang=nl",
        "/f/talentwerk/careers?lang=en",
    ]
    page.go_back()
    assert page.url == "about:blank", "no change of the frame is a step of the page"


def test_a_new_title_and_the_same_values_again_keep_what_was_typed(look: Visit, demo: Demo) -> None:
    page = look()
    fetched = asked(page)
    website(page, demo, script(demo) + ELEMENT)
    is_shown(page)
    email = page.frame_locator("iframe").locator("#email")
    email.fill("typed@voorbeeld.test")
    page.evaluate("""() => {
      const element = document.querySelector("akkoord-form");
      element.title = "Your first job";
      element.lang = element.lang;
      element.lang = "en-GB";
      element.setAttribute("form", element.getAttribute("form"));
    }""")
    expect(page.locator("iframe")).to_have_attribute("title", "Your first job")
    expect(email).to_have_value("typed@voorbeeld.test")
    assert len(fetched) == 1
    page.evaluate("document.querySelector('akkoord-form').removeAttribute('title')")
    expect(page.locator("iframe")).to_have_attribute("title", "Form")


@pytest.mark.parametrize(
    "made",
    [
        "const it = document.createElement('akkoord-form'); main.append(it); it.setAttribute('form', FORM)",
        "const it = document.createElement('akkoord-form'); main.append(it);"
        " await new Promise((done) => setTimeout(done, 300)); it.setAttribute('form', FORM)",
        "main.innerHTML = `<akkoord-form form=${FORM}></akkoord-form>`",
        "main.append(document.querySelector('template').content.cloneNode(true))",
        "main.append(document.importNode(document.querySelector('template').content, true))",
        "main.innerHTML = `<akkoord-form form=${FORM}></akkoord-form>`;"
        " const copy = main.firstChild.cloneNode(true); main.replaceChildren(copy)",
        "main.innerHTML = '<akkoord-form></akkoord-form>'; main.firstChild.remove();"
        " main.innerHTML = `<akkoord-form form=${FORM}></akkoord-form>`; main.append(main.firstChild)",
    ],
    ids=["created", "named late", "inner HTML", "template", "imported", "cloned", "moved"],
)
def test_an_element_may_be_made_in_any_way(look: Visit, demo: Demo, made: str) -> None:
    page = look()
    template = '<template><akkoord-form form="hogeschool/graduates"></akkoord-form></template>'
    website(page, demo, f"{script(demo)}{template}<main></main>")
    page.evaluate(
        f"""async () => {{
          const FORM = "hogeschool/graduates", main = document.querySelector("main");
          {made};
        }}"""
    )
    wait_until_fitting(page)
    assert page.locator("iframe").count() == 1


def test_an_element_may_be_written_into_the_page_by_a_script(look: Visit, demo: Demo) -> None:
    page = look()
    written = f"{script(demo, ' async')}{ELEMENT}".replace("</script>", "<\\/script>")
    website(page, demo, f"<script>document.write('{written}')</script>{script(demo)}")
    is_shown(page)


def test_an_element_that_is_taken_out_and_put_back_shows_its_link_and_then_its_form(look: Visit, demo: Demo) -> None:
    page = look()
    website(page, demo, script(demo) + LISTEN + ELEMENT)
    is_shown(page)
    page.evaluate("(window.kept = document.querySelector('akkoord-form')).remove()")
    assert page.evaluate("kept.shadowRoot.querySelector('iframe')") is None
    waiting = held(page)
    page.evaluate("document.body.append(kept)")
    until(page, lambda: waiting)
    is_not_shown(page)
    waiting[0].continue_()
    is_shown(page)
    page.unroute("**/f/**")
    send(page.frame_locator("iframe"), "put.back@voorbeeld.test")
    until(page, lambda: page.evaluate("told.length"))
    assert len(page.evaluate("told")) == 1


def test_an_element_that_is_moved_whole_keeps_what_was_typed(look: Visit, demo: Demo) -> None:
    page = look()
    website(page, demo, script(demo) + ELEMENT + "<main></main>")
    is_shown(page)
    email = page.frame_locator("iframe").locator("#email")
    email.fill("typed@voorbeeld.test")
    page.evaluate("document.querySelector('main').moveBefore(document.querySelector('akkoord-form'), null)")
    is_shown(page)
    expect(email).to_have_value("typed@voorbeeld.test")


def test_elements_that_come_and_go_leave_nothing_behind(look: Visit, demo: Demo) -> None:
    page = look()
    website(page, demo, f"{script(demo)}<main></main>")

    def come_and_go(times: int) -> None:
        page.evaluate(
            """async ([times, element]) => {
              const main = document.querySelector("main");
              for (let count = 0; count < times; count++) {
                main.innerHTML = element;
                const drawn = () => main.firstChild.shadowRoot.querySelector("iframe")?.offsetHeight;
                for (let tries = 0; tries < 100 && !drawn(); tries++) await new Promise((done) => setTimeout(done, 20));
                if (!drawn()) throw new Error("no form");
                main.replaceChildren();
              }
            }""",
            [times, ELEMENT],
        )

    browser = page.context.new_cdp_session(page)
    come_and_go(3)
    before = kept(browser)
    come_and_go(15)
    assert kept(browser) == before


def kept(browser: CDPSession) -> dict[str, float]:
    """What the page still holds once its garbage is gone."""
    browser.send("Performance.enable")
    for _ in range(3):
        browser.send("HeapProfiler.collectGarbage")
    metrics = {metric["name"]: metric["value"] for metric in browser.send("Performance.getMetrics")["metrics"]}
    return {name: metrics[name] for name in ("Documents", "Frames", "JSEventListeners", "Nodes")}


@pytest.mark.parametrize("strict", ["default-src 'none'", "default-src 'none'; require-trusted-types-for 'script'"])
def test_the_strictest_policy_of_a_page_needs_two_words_for_the_form(look: Visit, demo: Demo, strict: str) -> None:
    page = look()
    policy = f"{strict}; script-src {demo.kit}; frame-src {demo.kit}"
    at_an_origin_with_a_policy(page, demo, script(demo) + ELEMENT, policy)
    is_shown(page)


@pytest.mark.parametrize(
    "around",
    [
        "display: flex",
        "display: flex; flex-direction: column; align-items: center",
        "display: grid; justify-items: start",
        "display: grid; grid-template-columns: auto",
        "float: left",
        "display: inline-block",
        "display: table-cell",
        "width: fit-content",
    ],
)
def test_the_form_is_as_wide_as_there_is_place_and_no_wider(look: Visit, demo: Demo, around: str) -> None:
    page = look(viewport={"width": 700, "height": 600})
    website(page, demo, f'{script(demo)}<div style="max-width: 100%; {around}">{ELEMENT}</div>')
    is_shown(page)
    assert page.locator("iframe").evaluate("(frame) => frame.offsetWidth") == 700 - 2 * 8
    page.set_viewport_size({"width": 320, "height": 600})
    wait_until_fitting(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_page_styles_the_element_and_not_what_is_in_it(look: Visit, demo: Demo) -> None:
    page = look()
    styles = """<style>
      * { margin: 3px !important; transition: all 9s }
      iframe { height: 50px !important; border: 9px solid red !important; max-height: 60px }
      slot { display: block !important }
      akkoord-form { max-width: 400px; margin: 0 20px !important; padding: 10px }
    </style>"""
    website(page, demo, styles + script(demo) + ELEMENT)
    is_shown(page)
    frame = page.locator("iframe")
    assert frame.evaluate("(frame) => [frame.offsetWidth, getComputedStyle(frame).borderTopWidth]") == [400, "0px"]
    page.evaluate("document.querySelector('akkoord-form').hidden = true")
    expect(frame).to_be_hidden()


def test_a_sent_form_is_told_through_the_components_of_the_page(look: Visit, demo: Demo) -> None:
    page = look()
    component = f"""<script>
      customElements.define("of-the-company", class extends HTMLElement {{
        constructor() {{ super().attachShadow({{ mode: "open" }}).innerHTML = `{ELEMENT}`; }}
      }});
    </script><of-the-company></of-the-company>"""
    website(page, demo, script(demo) + LISTEN + component)
    is_shown(page)
    send(page.frame_locator("iframe"), "component@voorbeeld.test")
    until(page, lambda: page.evaluate("told.length"))
    assert page.evaluate("told") == [["OF-THE-COMPANY", {"form": "hogeschool/graduates"}]]


@pytest.mark.parametrize(
    ("around", "tag", "language"),
    [("en", "nl-BE", "nl"), ("en", "NL", "nl"), ("en", "nl_NL", "nl"), ("nl-Latn-BE", "", "nl"), ("NL_be", None, "nl")],
)
def test_the_language_may_be_any_tag_and_stand_on_any_element_around(
    look: Visit, demo: Demo, around: str, tag: str | None, language: str
) -> None:
    page = look(locale="fr")
    own = "" if tag is None else f' lang="{tag}"'
    website(page, demo, f'{script(demo)}<div lang="{around}"><akkoord-form form="hogeschool/graduates"{own}>')
    wait_until_fitting(page)
    expect(page.frame_locator("iframe").locator("html")).to_have_attribute("lang", language)
    expect(page.locator("iframe")).to_have_attribute("title", "Formulier")


def test_the_script_knows_its_kit_in_a_bundle_of_the_site_too(look: Visit, demo: Demo) -> None:
    page = look()
    page.route(f"{demo.sites}/bundle.js", lambda route: route.fulfill(response=route.fetch(url=f"{demo.kit}/embed.js")))
    website(page, demo, '<script type="module">import "/bundle.js"</script>' + ELEMENT)
    is_shown(page)
