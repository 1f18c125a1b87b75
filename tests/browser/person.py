"""What a person does in a browser: looks for a mail, follows its link, presses a button; some have no mouse."""

import re

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.running import Demo

TELEPHONE = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}


def open_mail(page: Page, demo: Demo, address: str, subject: str) -> None:
    """Wait for a mail in the inbox, as a person would by looking again, and open it."""
    entry = page.locator(".mails a", has_text=address).filter(has_text=subject)
    shown = ""
    for _ in range(300):
        listed = page.request.get(f"{demo.sites}/inbox").text()
        if listed != shown:  # to show it takes far longer than to fetch it
            shown = listed
            page.goto(f"{demo.sites}/inbox")
            if entry.count():
                break
        page.wait_for_timeout(200)
    entry.first.click()
    expect(page.locator(".phone h2")).to_contain_text(subject)


def in_mail(page: Page) -> FrameLocator:
    """The mail that is shown."""
    return page.frame_locator(".phone iframe")


def follow(page: Page, kind: str) -> Page:
    """Open the link of this kind in the mail that is shown; it opens in a tab of its own."""
    with page.expect_popup() as opened:
        # A click could come before the frame, which has only just been loaded, takes any.
        in_mail(page).locator(f'a[href*="/{kind}/"]').first.press("Enter")
    return opened.value


def press(page: Page | FrameLocator, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).click()


def title(page: Page | FrameLocator) -> Locator:
    return page.get_by_role("heading", level=1)


def fits(page: Page) -> None:
    """Nothing on the page, or in a frame of it, is wider than the window."""
    for frame in page.frames:
        frame.wait_for_load_state()
        needed, there = frame.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert needed <= there, frame.url


class Keyboard:
    """Somebody who has no mouse. Wherever the focus goes, it must be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tab_to(self, target: Locator, key: str = "Tab") -> list[str]:
        """Press Tab until the focus is there, and return the ids that it passed."""
        passed: list[str] = []
        for _ in range(80):
            self.page.keyboard.press(key)
            if target.evaluate("(element) => element === element.ownerDocument.activeElement"):
                style, width = target.evaluate(
                    "(element) => [getComputedStyle(element).outlineStyle, getComputedStyle(element).outlineWidth]"
                )
                assert style == "solid"
                assert width == "3px"
                expect(target).to_be_in_viewport()
                return passed
            passed += [
                found
                for frame in self.page.frames
                if (found := frame.evaluate("document.hasFocus() ? document.activeElement.id : ''"))
            ]
        raise AssertionError("the focus never got there")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def follow(self, kind: str) -> "Keyboard":
        """Open the link of this kind in the mail that is shown, in a tab of its own."""
        with self.page.expect_popup() as opened:
            link = in_mail(self.page).locator(f'a[href*="/{kind}/"]').first
            for _ in range(40):
                self.press("Tab")
                if link.and_(in_mail(self.page).locator(":focus")).count():
                    break
            self.press("Enter")
        return Keyboard(opened.value)
