"""Forms for adults are short on a telephone, and ask what a purpose needs only once it is ticked."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import heights, pages, young
from tests.browser.conftest import Visit
from tests.browser.running import Stage

VISIBLE = "(fields) => fields.filter((field) => field.checkVisibility()).map((field) => field.id)"


def test_the_smallest_form_fits_a_small_telephone_with_both_buttons_alone_and_in_a_site(
    stage: Stage, same_tab: Page
) -> None:
    for width, site in ((heights.SMALL_PHONE[0], ""), (heights.IN_A_SITE[0], heights.SITE)):
        for language, ends in heights.of_smallest(stage, same_tab, width, site):
            assert ends <= heights.SMALL_PHONE[1], (width, language)


def test_no_sample_is_higher_than_1500_pixels_on_a_telephone(stage: Stage, same_tab: Page) -> None:
    too_high = [found for found in heights.of_samples(stage, same_tab) if found[2] > 1500]

    assert too_high == []


def test_a_question_appears_in_the_card_that_is_ticked_and_the_keyboard_skips_it_before(
    stage: Stage, look: Visit
) -> None:
    page = look(java_script_enabled=False)
    pages.form(stage, page, "talentwerk/careers", "nl")
    fields = page.locator("input:not([type=hidden]):not(.unseen *), select")
    unticked = ["p-offers_mail", "p-offers_phone", "p-keep_cv", "email", "field_of_work"]
    assert fields.evaluate_all(VISIBLE) == unticked

    page.focus("#p-offers_phone")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.locator("#phone")).to_be_focused()
    page.select_option("#field_of_work", index=1)
    assert fields.evaluate_all(VISIBLE) == [*unticked[:2], "phone", *unticked[2:]], "an option chosen ticks nothing"

    page.fill("#phone", "040")
    page.uncheck("#p-offers_phone")
    assert fields.evaluate_all(VISIBLE) == unticked
    page.check("#p-keep_cv")
    page.fill("#email", "sofie@")
    pages.press(page, "yes")
    expect(page.locator("#errors")).to_be_in_viewport()
    assert "phone" in fields.evaluate_all(VISIBLE), "what was typed is shown again"


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_a_parent_reads_what_the_child_asks_and_fills_in_only_what_a_yes_needs(
    stage: Stage, look: Visit, language: str
) -> None:
    page = look(viewport={"width": heights.PHONE[0], "height": heights.PHONE[1]})
    asked = young.asked(stage, young.CLUB, language, "recipes", "bake_day", "reminder")
    page.goto(stage.link(asked, "guardian"))
    assert page.evaluate("document.documentElement.scrollHeight") <= 2000, "of 4161 with all that it may need"
    fields = page.locator("input:not([type=hidden]), select")
    wishes = ["p-recipes", "p-bake_day", "p-reminder"]
    assert fields.evaluate_all(VISIBLE) == wishes

    page.check("#p-reminder")
    assert fields.evaluate_all(VISIBLE) == [*wishes, "child_email", "is_guardian"]
    page.check("#p-bake_day")
    needed = ["first_name", "use_child_name", "session"]
    assert fields.evaluate_all(VISIBLE) == [*wishes[:2], *needed, wishes[2], "child_email", "is_guardian"]


def test_the_childs_text_is_folded_on_a_telephone_and_stands_beside_the_parents_on_a_desk(
    stage: Stage, look: Visit
) -> None:
    page = look(viewport={"width": heights.PHONE[0], "height": heights.PHONE[1]})
    page.goto(stage.link(young.asked(stage, young.CLUB, "nl", "recipes"), "guardian"))
    read = page.locator(".beside p").last
    expect(read).not_to_be_visible()
    page.locator(".beside summary").press("Enter")
    expect(read).to_be_visible()

    page.reload()
    page.set_viewport_size({"width": 1000, "height": 800})
    expect(read).to_be_visible()
    text, beside = page.locator("#p-recipes-text").bounding_box(), page.locator(".beside").bounding_box()
    assert text
    assert beside
    assert text["x"] + text["width"] <= beside["x"]
