"""A second, explicit yes with scripts off, by keyboard and on a small telephone: nobody is led to another answer."""

import pytest
from playwright.sync_api import Page, expect

from app import i18n
from app.services import reports
from tests.browser import pages, young
from tests.browser.conftest import Visit
from tests.browser.running import Stage
from tests.browser.test_every_page import check


def statuses(stage: Stage, email: str) -> dict[str, str]:
    return {line["purpose"]: line["status"] for line in reports.status(stage.ctx, email, None)}


def tab_to(page: Page, selector: str) -> None:
    """Press the tab key until this has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def test_an_empty_statement_is_asked_again_by_keyboard_without_scripts(look: Visit, stage: Stage) -> None:
    page = look(java_script_enabled=False, viewport={"width": 320, "height": 600})
    mail = stage.mail_to("zorgzeker", "quote", "fr", "medical", "follow_up")
    page.goto(stage.link(mail, "confirm"))

    page.locator("button[value=yes]").focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**#errors")
    expect(page.locator("h2").first).to_have_text(i18n.say("fr", "error.summary"))
    expect(page.locator("#explicit-medical")).to_have_attribute("aria-invalid", "true")
    assert statuses(stage, mail["To"]) == {"medical": "requested", "follow_up": "requested"}
    page.locator(".errors a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#explicit-medical")
    page.locator("#explicit-medical").focus()
    page.keyboard.press("Space")
    page.locator("button[value=yes]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(i18n.say("fr", "confirmed.title"))
    assert statuses(stage, mail["To"]) == {"medical": "granted", "follow_up": "granted"}


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_the_order_of_the_keyboard_is_statement_yes_no_and_then_yes_but_not(
    look: Visit, stage: Stage, language: str
) -> None:
    page = look(viewport={"width": 320, "height": 600})
    mail = stage.mail_to("zorgzeker", "quote", language, "medical", "follow_up")
    page.goto(stage.link(mail, "confirm"))

    for selector in ("#explicit-medical", "button[value=yes]", "button[value=no]", "button[name=without]"):
        tab_to(page, selector)
    yes, no, without = (page.locator(f"button{wanted}") for wanted in ("[value=yes]", "[value=no]", "[name=without]"))
    widths = [button.evaluate("(button) => button.offsetWidth") for button in (yes, no, without)]
    assert len(set(widths)) == 1, "at 320 pixels no answer is smaller than another"
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text(i18n.say(language, "confirmed.title"))
    assert statuses(stage, mail["To"]) == {"medical": "refused", "follow_up": "granted"}


def test_the_page_with_the_error_is_for_everybody_on_the_parents_page_too(look: Visit, stage: Stage) -> None:
    page = look()
    for opener in (pages.confirm_without_the_statement, young.guardian_with_errors):
        opener(stage, page, "nl")
        pages.open_details(page)
        expect(page.locator("input[name=explicit]")).to_have_attribute("aria-invalid", "true")
        assert page.evaluate("document.activeElement.id || location.hash") in ("errors", "#errors")
        check(page)
