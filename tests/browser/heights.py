"""How high the forms for adults are on a telephone: `python -m tests.browser.heights` prints a table of CSS pixels."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import pages, running, young
from tests.browser.running import Stage

SMALLEST = "dekaap/newsletter"
"""A form of one purpose and one address, which is advertising."""
SITE = "https://www.dekaap.example"
OF_ADULTS = ("talentwerk/careers", "metaalnet/events", "zorgzeker/quote", "belcentrum/calls", "hogeschool/graduates")
AFTER_THE_AGE = ("demolen/newsletter", "demolen/bakeclub", "demolen/photo")
"""What an adult meets who has answered the age question: on a form for children it is the page of a parent."""
PHONE, SMALL_PHONE, IN_A_SITE = (390, 844), (390, 640), (358, 640)
"""Windows. A site leaves a form 358 of 390 pixels."""


def of_samples(stage: Stage, page: Page) -> Iterator[tuple[str, str, int]]:
    """Each sample as an adult meets it, in each of its languages, and how high it is in a window of 390 pixels."""
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    for name in (*OF_ADULTS, *AFTER_THE_AGE):
        for language in pages.SAMPLES.get(name, pages.LANGUAGES if name in AFTER_THE_AGE else ("nl", "en")):
            if name in AFTER_THE_AGE:
                young.after_age(stage, page, name, language, 40)
            else:
                pages.form(stage, page, name, language)
            page.wait_for_load_state()
            yield name, language, int(page.evaluate("document.documentElement.scrollHeight"))
            if name in AFTER_THE_AGE:
                pages.forget_age(page)


def of_smallest(stage: Stage, page: Page, width: int, site: str = "") -> Iterator[tuple[str, int]]:
    """The smallest form in each language, and where the lower of its two buttons ends in a window of this width.

    `site` is the one whose element shows it, or nothing where it is a page of its own.
    """
    page.set_viewport_size({"width": width, "height": SMALL_PHONE[1]})
    for language in pages.LANGUAGES:
        page.goto(f"{stage.address}/f/{SMALLEST}?lang={language}" + (f"&site={site}" if site else ""))
        ends = page.locator(".choice button").evaluate_all(
            "(buttons) => buttons.map((button) => button.getBoundingClientRect().bottom)"
        )
        yield language, round(max(ends))


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, running.stage(Path(folder)) as stage, sync_playwright() as playwright:
        browser = running.launch_shell(playwright)
        page = browser.new_page()
        for width, site in ((SMALL_PHONE[0], ""), (IN_A_SITE[0], SITE), (320, "")):
            for language, height in of_smallest(stage, page, width, site):
                print(f"{SMALLEST:24} {language} {height:5} to the end of its buttons, {width} wide")  # noqa: T201
        for name, language, height in of_samples(stage, page):
            print(f"{name:24} {language} {height:5}")  # noqa: T201 (the command's answer)
        browser.close()


if __name__ == "__main__":
    main()
