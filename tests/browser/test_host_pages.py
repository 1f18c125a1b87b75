"""The form at home in pages of other looks: on their ground, as light or dark as they are, from edge to edge."""

import pytest
from playwright.sync_api import Page

from tests.browser.company import ELEMENT, SCRIPT, wait_until_fitting, website
from tests.browser.conftest import Visit
from tests.browser.running import Demo

HOSTS = {
    "light": ("light", "body { background: #f4f6f8; color: #222; font: 16px Arial; margin: 40px }"),
    "dark": ("dark", ":root { color-scheme: dark } body { background: #101820; color: #eee; margin: 40px }"),
    "dark without a word": ("dark", "body { background: oklch(.2 .02 250); color: oklch(.95 .01 250); margin: 40px }"),
    "serif": ("light", "body { background: #fbf5e6; color: #3a2a1a; font: 18px Georgia, serif; margin: 40px 8% }"),
    "narrow": ("light", "body { background: #eef; margin: 20px } akkoord-form { width: 280px }"),
}


def ground(page: Page, x: float, y: float) -> bytes:
    """What is painted at a spot of the page."""
    return page.screenshot(clip={"x": x, "y": y, "width": 6, "height": 3})


@pytest.mark.parametrize("device", ["light", "dark"])
@pytest.mark.parametrize("host", HOSTS)
def test_a_form_stands_on_the_ground_of_its_page_from_edge_to_edge(
    look: Visit, demo: Demo, host: str, device: str
) -> None:
    scheme, style = HOSTS[host]
    page = look(color_scheme=device)
    website(
        page,
        demo,
        f"<style>{style}</style>" + SCRIPT.format(kit=demo.kit, attributes="") + ELEMENT.format(language="en"),
    )
    wait_until_fitting(page)
    box = page.locator("iframe").bounding_box()
    assert box is not None
    assert ground(page, box["x"] + 200, box["y"] + 1) == ground(page, box["x"] + 200, box["y"] - 6)
    (inside,) = page.frames[1:]
    assert inside.evaluate("getComputedStyle(document.documentElement).colorScheme") == scheme
    assert inside.locator("h1").evaluate("(title) => title.getBoundingClientRect().left") == 0


def test_a_form_follows_a_page_that_turns_dark_and_keeps_what_was_typed(look: Visit, demo: Demo) -> None:
    page = look()
    style = "<style>.dark { background: #111; color: #eee }</style>"
    website(page, demo, style + SCRIPT.format(kit=demo.kit, attributes="") + ELEMENT.format(language="en"))
    wait_until_fitting(page)
    (inside,) = page.frames[1:]
    inside.locator("#email").fill("typed@voorbeeld.test")
    for scheme in ("dark", "light"):
        page.evaluate("document.body.classList.toggle('dark')")
        inside.wait_for_function(
            "(scheme) => getComputedStyle(document.documentElement).colorScheme === scheme", arg=scheme
        )
        assert page.locator("iframe").evaluate("(frame) => getComputedStyle(frame).colorScheme") == scheme
    assert inside.locator("#email").input_value() == "typed@voorbeeld.test"
