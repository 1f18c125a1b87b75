"""Takes the pictures of the manual from the running product: `make shots`. They stand beside this file."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import running
from tests.browser.running import Demo
from tests.browser.young import say_age

FOLDER = Path(__file__).with_name("shots")
MOST_BYTES = 150_000
ADDRESS = "sofie@example.com"

# The look of `system-ui` differs from machine to machine; the pictures should not.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<match><test name="family"><string>system-ui</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Liberation Sans</string></edit></match>
<match><test name="family"><string>sans-serif</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Liberation Sans</string></edit></match>
</fontconfig>"""


def tab(browser: Browser, width: int, height: int, sharpness: float = 1) -> Page:
    """A tab of this size in CSS pixels."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=sharpness, locale="en"
    )
    return context.new_page()


def keep(page: Page, name: str) -> None:
    """Take the picture of what is in view.

    Raises:
        RuntimeError: when it weighs more than a page should ask anybody to load.
    """
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, animations="disabled", caret="hide")
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise RuntimeError(f"{path.name} has {size} bytes: make its window smaller")
    print(f"{path.relative_to(running.ROOT)}: {size // 1024} kB")  # noqa: T201 (the command's answer)


def on_a_site(browser: Browser, demo: Demo) -> None:
    """The form in a company's website, with one box ticked; it is sent afterwards."""
    page = tab(browser, 1200, 1300, 0.75)
    page.goto(f"{demo.sites}/site/talentwerk?lang=en")
    page.locator("iframe").scroll_into_view_if_needed()
    form = page.frame_locator("iframe")
    form.locator("#p-offers_mail").check()
    page.locator(".team").evaluate("(part) => scrollTo(0, part.getBoundingClientRect().top + scrollY)")
    page.wait_for_timeout(500)
    keep(page, "site")
    form.locator("#p-keep_cv").check()
    form.locator("#email").fill(ADDRESS)
    form.locator("button[value=yes]").click()
    form.locator(".mark").wait_for()


def on_a_telephone(browser: Browser, demo: Demo) -> None:
    """The form by itself, as narrow as a telephone."""
    page = tab(browser, 390, 844, 1.5)
    page.goto(f"{demo.kit}/f/metaalnet/events?lang=en")
    keep(page, "telephone")


def in_the_inbox(browser: Browser, demo: Demo) -> Page:
    """The mail that asks for an answer. Returns the tab."""
    page = tab(browser, 1100, 940)
    open_mail(page, demo, "Confirm or refuse")
    keep(page, "inbox")
    return page


def open_mail(page: Page, demo: Demo, subject: str) -> None:
    """Wait for a mail, and open it."""
    entry = page.locator(".mails a", has_text=subject)
    page.goto(f"{demo.sites}/inbox")
    while not entry.count():
        page.wait_for_timeout(200)
        page.reload()
    entry.first.click()
    page.frame_locator(".phone iframe").locator("h1").wait_for()


def follow(page: Page, kind: str) -> str:
    """The address of a link in the mail that is shown."""
    link = page.frame_locator(".phone iframe").locator(f'a[href*="/{kind}/"]').first
    return str(link.get_attribute("href"))


def on_the_way_out(browser: Browser, demo: Demo, inbox: Page) -> None:
    """The withdrawal page, after a yes."""
    page = tab(browser, 760, 600)
    page.goto(follow(inbox, "confirm"))
    page.locator("button[value=yes]").click()
    page.locator(".mark").wait_for()
    open_mail(inbox, demo, "Receipt of your choice")
    page.goto(follow(inbox, "withdraw"))
    keep(page, "withdrawal")


def of_a_child(browser: Browser, demo: Demo, inbox: Page) -> None:
    """The age question in the bakery's website, the page of a child, and the one on which a parent decides."""
    page = tab(browser, 1200, 585, 0.75)
    page.goto(f"{demo.sites}/site/demolen?lang=en")
    page.locator("iframe").first.scroll_into_view_if_needed()
    form = page.frame_locator("iframe").first
    form.locator("#birth_day").wait_for()
    page.locator("#club").evaluate("(part) => scrollTo(0, part.getBoundingClientRect().top + scrollY)")
    page.wait_for_timeout(500)
    keep(page, "age")

    page = tab(browser, 760, 1240, 0.75)
    page.goto(f"{demo.kit}/f/demolen/bakeclub?lang=en")
    say_age(page, 9, datetime.now(UTC).date())
    page.check("#p-recipes")
    page.check("#p-bake_day")
    page.evaluate("scrollTo(0, 0)")
    keep(page, "child")
    page.fill("#child_name", "Noor")
    page.fill("#guardian_email", ADDRESS)
    page.locator("button[value=yes]").click()
    page.locator(".steps").wait_for()

    open_mail(inbox, demo, "a child is waiting for your yes or no")
    page = tab(browser, 1000, 960, 0.9)
    page.goto(follow(inbox, "guardian"))
    page.check("#p-recipes")
    page.evaluate("scrollTo(0, 0)")
    keep(page, "guardian")


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        fonts = Path(folder) / "fonts.conf"
        fonts.write_text(FONTS, encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(fonts)
        with running.demo(Path(folder)) as demo, sync_playwright() as playwright:
            browser = running.launch(playwright)
            on_a_site(browser, demo)
            on_a_telephone(browser, demo)
            inbox = in_the_inbox(browser, demo)
            on_the_way_out(browser, demo, inbox)
            of_a_child(browser, demo, inbox)
            browser.close()


if __name__ == "__main__":
    main()
