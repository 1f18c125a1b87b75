"""The element in pages that a framework keeps: React with server rendering, Alpine, Turbo. Each finds what it wrote."""

import json
import shutil
import subprocess

import pytest
from playwright.sync_api import Page, expect

from tests.browser.company import LISTEN, SCRIPT, height, send, wait_until_fitting, website
from tests.browser.conftest import Visit
from tests.browser.running import FRAMEWORKS, Demo, framework

PAGE_IN_REACT = """
const { createElement: h, useState, StrictMode } = React;
const Company = () => {
  const [lang, setLang] = useState("en");
  const [open, setOpen] = useState(true);
  const [title, setTitle] = useState("Form of the college");
  return h("main", { className: lang },
    h("button", { onClick: () => setLang(lang === "en" ? "nl" : "en") }, "Language"),
    h("button", { onClick: () => setOpen(!open) }, "Open or close"),
    h("button", { onClick: () => setTitle("Renamed") }, "Rename"),
    open && h("akkoord-form", { form: "hogeschool/graduates", lang, title, className: "wide", style: { color: "red" } },
      h("a", { href: "#" + lang }, "Open it: " + lang), " or write to us."),
    h("p", null, "Below: " + lang));
};
const page = h(StrictMode, null, h(Company));
"""
REACT = {
    "react": "react/cjs/react.development.js",
    "scheduler": "scheduler/cjs/scheduler.development.js",
    "react-dom": "react-dom/cjs/react-dom.development.js",
    "react-dom/client": "react-dom/cjs/react-dom-client.development.js",
}
ALPINE = """
<div x-data="{ lang: 'en', open: true, form: 'hogeschool/graduates', told: 0 }" x-on:akkoord:submitted="told++">
  <button x-on:click="lang = lang === 'en' ? 'nl' : 'en'">Language</button>
  <button x-on:click="open = !open">Open or close</button>
  <template x-if="open"><akkoord-form x-bind:form="form" x-bind:lang="lang">
    <a x-bind:href="'#' + lang" x-text="'Open it: ' + lang"></a>
  </akkoord-form></template>
  <p x-text="`Below: ${lang} ${told}`"></p>
</div>
<div x-data="{ lang: 'nl', open: true }">
  <button x-on:click="open = !open">Second</button>
  <akkoord-form form="talentwerk/careers" x-bind:lang="lang" x-show="open"><a href="#" x-text="lang"></a></akkoord-form>
</div>"""


def in_the_browser() -> str:
    """React as one script: its own builds are modules of CommonJS, which only a bundler or a server reads."""
    modules = (
        f"{json.dumps(name)}: (module, exports, require, process) => {{{framework(path)}}}"
        for name, path in REACT.items()
    )
    return f"""(() => {{
      const modules = {{{",".join(modules)}}}, loaded = {{}};
      const require = (name) => {{
        if (!loaded[name]) {{
          const module = (loaded[name] = {{ exports: {{}} }});
          modules[name](module, module.exports, require, {{ env: {{ NODE_ENV: "development" }} }});
        }}
        return loaded[name].exports;
      }};
      window.React = require("react");
      window.hydrateRoot = require("react-dom/client").hydrateRoot;
      window.createRoot = require("react-dom/client").createRoot;
    }})();"""


@pytest.fixture(scope="session")
def rendered() -> str:
    """What a server makes of the page in React."""
    framework("react-dom/package.json")
    node = shutil.which("node")
    assert node
    program = f"""const React = require("react");{PAGE_IN_REACT}
      process.stdout.write(require("react-dom/server").renderToString(page));"""
    return subprocess.run([node, "-e", program], cwd=FRAMEWORKS, capture_output=True, text=True, check=True).stdout


def script_of(page: Page, demo: Demo, name: str, text: str) -> str:
    """The tag that brings a script to a page of a company."""
    address = f"{demo.sites}/{name}"
    page.route(address, lambda route: route.fulfill(body=text, content_type="text/javascript; charset=utf-8"))
    return f'<script src="{address}"></script>'


def is_in(page: Page, language: str, number: int = 0) -> None:
    """The form is there in this language."""
    frame = page.frame_locator("akkoord-form iframe").nth(number)
    expect(frame.locator("html")).to_have_attribute("lang", language)
    expect(frame.locator("#email")).to_be_visible()
    page.wait_for_function(
        "(number) => document.querySelectorAll('akkoord-form')[number].offsetHeight > 100", arg=number
    )


@pytest.mark.parametrize("when", ["before", "after", "while"])
def test_react_takes_over_what_its_server_rendered_and_keeps_it(
    look: Visit, demo: Demo, rendered: str, when: str
) -> None:
    assert '<a href="#en">Open it: en</a> or write to us.</akkoord-form>' in rendered
    page = look()
    react = script_of(page, demo, "react.js", in_the_browser())
    ours = SCRIPT.format(kit=demo.kit, attributes=" async" if when == "while" else "")
    hydrate = f"<script>{PAGE_IN_REACT} window.root = hydrateRoot(document.querySelector('#root'), page)</script>"
    before, after = ("", ours) if when == "after" else (ours, "")
    website(page, demo, f'{before}<div id="root">{rendered}</div>{LISTEN}{react}{hydrate}{after}')
    is_in(page, "en")
    expect(page.locator("main")).to_contain_text("Below: en")
    page.evaluate("window.first = document.querySelector('akkoord-form')")

    page.get_by_role("button", name="Language").click()
    is_in(page, "nl")
    assert page.locator("akkoord-form").inner_html() == '<a href="#nl">Open it: nl</a> or write to us.'
    page.get_by_role("button", name="Rename").click()
    expect(page.locator("iframe")).to_have_attribute("title", "Renamed")
    assert page.evaluate("first === document.querySelector('akkoord-form')")
    for _ in range(3):
        page.get_by_role("button", name="Open or close").click()
        expect(page.locator("akkoord-form")).to_have_count(0)
        page.get_by_role("button", name="Open or close").click()
        is_in(page, "nl")
    page.get_by_role("button", name="Language").click()
    is_in(page, "en")
    send(page.frame_locator("iframe"), "react@voorbeeld.test")
    page.wait_for_function("told.length")
    assert page.evaluate("told") == [["AKKOORD-FORM", {"form": "hogeschool/graduates"}]]
    page.evaluate("root.unmount()")
    assert page.locator("#root").inner_html() == ""


def test_react_without_a_server_mounts_and_unmounts(look: Visit, demo: Demo) -> None:
    page = look()
    ours, react = SCRIPT.format(kit=demo.kit, attributes=""), script_of(page, demo, "react.js", in_the_browser())
    mount = f"<script>{PAGE_IN_REACT} createRoot(document.querySelector('#root')).render(page)</script>"
    website(page, demo, f'{ours}<div id="root"></div>{react}{mount}')
    is_in(page, "en")
    page.get_by_role("button", name="Language").click()
    is_in(page, "nl")


def test_alpine_binds_the_element_and_what_is_in_it(look: Visit, demo: Demo) -> None:
    page = look()
    ours = SCRIPT.format(kit=demo.kit, attributes="")
    alpine = script_of(page, demo, "alpine.js", framework("alpinejs/dist/cdn.js")).replace("<script", "<script defer")
    website(page, demo, ours + alpine + ALPINE)
    is_in(page, "en")
    page.get_by_role("button", name="Language").click()
    is_in(page, "nl")
    expect(page.locator("akkoord-form a").first).to_have_text("Open it: nl")
    page.get_by_role("button", name="Open or close").click()
    expect(page.locator("akkoord-form")).to_have_count(1)
    page.get_by_role("button", name="Open or close").click()
    page.get_by_role("button", name="Language").click()
    is_in(page, "en")
    expect(page.locator("akkoord-form a").first).to_have_attribute("href", "#en")
    send(page.frame_locator("iframe").first, "alpine@voorbeeld.test")
    expect(page.get_by_text("Below: en 1", exact=True)).to_be_visible()

    second = page.locator("akkoord-form").nth(1)
    page.get_by_role("button", name="Second").click()
    expect(second).to_be_hidden()
    page.get_by_role("button", name="Second").click()
    second.scroll_into_view_if_needed()
    is_in(page, "nl", 1)


def test_turbo_leaves_the_page_and_comes_back_to_one_form_and_its_link(look: Visit, demo: Demo) -> None:
    page = look()
    head = SCRIPT.format(kit=demo.kit, attributes="") + script_of(
        page, demo, "turbo.js", framework("@hotwired/turbo/dist/turbo.es2017-umd.js")
    )
    element = '<akkoord-form form="hogeschool/graduates" lang="en"><a href="#open">Open the form</a></akkoord-form>'
    pages = {
        "form": f'<h1>Form</h1><a href="/turbo/other">Other</a>{element}',
        "other": '<h1>Other</h1><a href="/turbo/form">Form</a>',
    }
    for name, body in pages.items():
        html = f'<!doctype html><html lang="en"><head><title>{name}</title>{head}</head><body>{body}</body></html>'
        page.route(
            f"{demo.sites}/turbo/{name}", lambda route, _, html=html: route.fulfill(body=html, content_type="text/html")
        )
    page.goto(f"{demo.sites}/turbo/form")
    page.evaluate("window.stays = true")
    is_in(page, "en")
    for back in (page.go_back, page.get_by_role("link", name="Form", exact=True).click):
        page.get_by_role("link", name="Other").click()
        expect(page.locator("h1")).to_have_text("Other")
        back()
        expect(page.locator("h1")).to_have_text("Form")
        is_in(page, "en")
        assert page.locator("iframe").count() == 1
        assert page.locator("akkoord-form").evaluate("(element) => element.outerHTML") == element
    assert page.evaluate("stays"), "Turbo, and no load of the page"
    assert height(page) > 100
    wait_until_fitting(page)
