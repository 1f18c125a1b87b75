"""A company's page with a form in it, as the tests of the element make it."""

from typing import Literal

from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.running import Demo

SCRIPT = '<script src="{kit}/embed.js"{attributes}></script>'
ELEMENT = '<akkoord-form form="hogeschool/graduates" lang="{language}"></akkoord-form>'
LISTEN = """<script>
window.told = [];
addEventListener("akkoord:submitted", (event) => told.push([event.target.tagName, event.detail]));
</script>"""


def website(page: Page, demo: Demo, body: str, origin: str = "", until: Literal["load", "commit"] = "load") -> None:
    """Open a page with this body at the origin of the company sites, or at another one, and wait `until` then."""
    address = f"{origin or demo.sites}/a-page-of-a-company"
    html = f'<!doctype html><html lang="en"><title>A company</title><body>{body}'
    page.route(address, lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(address, wait_until=until)


def embedded(demo: Demo, before: str = "", attributes: str = " async", language: str = "en") -> str:
    """The lines that a company puts into its page."""
    return before + LISTEN + SCRIPT.format(kit=demo.kit, attributes=attributes) + ELEMENT.format(language=language)


def height(page: Page, number: int = 0) -> int:
    """The height of a frame on the page, in CSS pixels."""
    return int(page.locator("iframe").nth(number).evaluate("(frame) => frame.offsetHeight"))


def content_height(page: Page, number: int = 1) -> int:
    """The height of what is in a frame."""
    return int(page.frames[number].evaluate("Math.ceil(document.documentElement.getBoundingClientRect().height)"))


def wait_until_fitting(page: Page, number: int = 0) -> None:
    """Wait until a frame is as high as its content, and so never scrolls by itself."""
    expect(page.frame_locator("iframe").nth(number).locator("h1")).to_be_visible()
    for _ in range(800):
        if height(page, number) == content_height(page, number + 1):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{height(page, number)} high, and the content is {content_height(page, number + 1)}")


def send(form: FrameLocator, address: str = "embedded@voorbeeld.test") -> None:
    form.get_by_role("checkbox").first.check()
    form.get_by_label("Your email address").fill(address)
    for name in form.get_by_label("Full name").all():  # the graduates' form asks it
        name.fill("Sofie Peeters")
    form.get_by_role("button", name="Send my choice").click()
    expect(form.locator("h1")).to_have_text("Check your inbox")
