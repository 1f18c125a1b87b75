"""What a person typed stays, with scripts and without: in another language, and where the address was wrong."""

from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from app.i18n import language_name, speaker
from tests.browser.conftest import Visit
from tests.browser.pages import form, press
from tests.browser.person import title
from tests.browser.running import Stage
from tests.browser.test_age_verdict import COME_BACK, asks_age, is_for_a_child, is_for_an_adult, script_has_run
from tests.browser.young import CLUB, NAME, after_age, say_age
from tests.factories import work_off

QUOTE = "zorgzeker/quote"
WRONG = "sofie@voorbeel.test"
SCRIPTS = pytest.mark.parametrize(
    "options", [{}, {"java_script_enabled": False}], ids=["with scripts", "without scripts"]
)


def in_language(page: Page | FrameLocator, language: str) -> None:
    """Choose another language."""
    page.get_by_role("button", name=language_name(language)).click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def wrong_address(page: Page | FrameLocator, language: str, key: str = "form.sent.wrong_address") -> None:
    page.get_by_role("button", name=speaker(language, key.startswith("child"))(key)).click()


@SCRIPTS
def test_who_changes_the_language_twice_and_mends_the_address_types_nothing_else_again(
    look: Visit, stage: Stage, options: dict[str, Any]
) -> None:
    work_off(stage.ctx)  # what other tests left
    page, right = look(**options), stage.somebody()
    form(stage, page, QUOTE, "nl")
    page.check("#p-follow_up")
    page.fill("#email", WRONG)
    page.check("#p-medical")  # the field shows once its purpose is ticked
    page.fill("#medical_history", "Eerste regel\nTweede regel")
    page.uncheck("#p-medical")
    for language in ("fr", "en"):
        in_language(page, language)
        expect(page.locator("#p-follow_up")).to_be_checked()
        expect(page.locator("#p-medical")).not_to_be_checked()
        expect(page.locator("#email")).to_have_value(WRONG)
        expect(page.locator("#medical_history")).to_have_value("Eerste regel\nTweede regel")
    assert work_off(stage.ctx) == []
    page.locator("#email").press("Enter")  # the yes, and no language
    expect(title(page)).to_have_text(speaker("en")("form.sent.title"))
    assert [mail["To"] for mail in work_off(stage.ctx)] == [WRONG]

    wrong_address(page, "en")
    expect(page.locator("#email")).to_be_focused()
    expect(page.locator("#p-follow_up")).to_be_checked()
    expect(page.locator("#medical_history")).to_have_value("Eerste regel\nTweede regel")
    page.fill("#email", right)
    press(page, "yes")
    expect(title(page)).to_have_text(speaker("en")("form.sent.title"))
    assert [mail["To"] for mail in work_off(stage.ctx)] == [right]
    assert WRONG not in page.url


@SCRIPTS
def test_a_child_mends_the_address_of_its_parent_in_its_own_language(
    look: Visit, stage: Stage, options: dict[str, Any]
) -> None:
    page, right = look(**options), stage.somebody()
    after_age(stage, page, CLUB, "nl", 9)
    page.check("#p-recipes")
    page.fill("#child_name", NAME)
    page.fill("#guardian_email", WRONG)
    in_language(page, "fr")
    press(page, "yes")
    expect(title(page)).to_have_text(speaker("fr", True)("child.waiting.title"))

    wrong_address(page, "fr", "child.waiting.wrong_address")
    expect(page.locator("#guardian_email")).to_be_focused()
    expect(page.locator("#child_name")).to_have_value(NAME)
    expect(page.locator("#p-recipes")).to_be_checked()
    page.fill("#guardian_email", right)
    press(page, "yes")
    expect(title(page)).to_have_text(speaker("fr", True)("child.waiting.title"))
    assert right in [mail["To"] for mail in work_off(stage.ctx)]


def sent_by_a_parent(stage: Stage, page: Page) -> None:
    """A parent has sent the form for children, with an address that is wrong."""
    after_age(stage, page, CLUB, "nl", 40)
    is_for_an_adult(page)
    page.check("#p-reminder")
    born = str(stage.clock().year - 8)
    for name, text in (
        ("child_name", "Noor"),
        ("child_birth_month", "3"),
        ("child_birth_year", born),
        ("email", WRONG),
    ):
        page.fill(f"#{name}", text)
    page.check("#is_guardian")
    press(page, "yes")
    expect(title(page)).to_have_text(speaker("nl")("form.sent.title"))


@SCRIPTS
def test_a_parent_says_the_age_again_and_finds_all_that_was_typed(
    look: Visit, stage: Stage, options: dict[str, Any]
) -> None:
    page, right = look(**options), stage.somebody()
    sent_by_a_parent(stage, page)
    wrong_address(page, "nl")
    asks_age(page)
    say_age(page, 40, stage.clock().date())
    is_for_an_adult(page)
    expect(page.locator("#email")).to_have_value(WRONG)
    expect(page.locator("#is_guardian")).to_be_checked()
    in_language(page, "en")
    expect(page.locator("#child_name")).to_have_value("Noor")
    page.fill("#email", right)
    press(page, "yes")
    expect(title(page)).to_have_text(speaker("en")("form.sent.title"))
    assert right in [mail["To"] for mail in work_off(stage.ctx)]


def test_whoever_is_next_in_the_tab_finds_nothing_of_what_was_taken_along(look: Visit, stage: Stage) -> None:
    page = look()
    sent_by_a_parent(stage, page)
    wrong_address(page, "nl")
    asks_age(page)
    say_age(page, 40, stage.clock().date())
    is_for_an_adult(page)
    in_language(page, "fr")
    is_for_an_adult(page)
    press(page, "yes")
    expect(title(page)).to_have_text(speaker("fr")("form.sent.title"))
    script_has_run(page)

    for _ in range(7):  # every step back is the question, and takes nothing along
        page.go_back()
        if page.url == "about:blank":
            break
        asks_age(page)
        assert WRONG not in page.content()


def test_a_question_that_the_browser_had_put_aside_takes_nothing_along(look: Visit, stage: Stage) -> None:
    page = look()
    sent_by_a_parent(stage, page)
    wrong_address(page, "nl")
    asks_age(page)
    assert WRONG in page.content()

    with page.expect_navigation():
        page.evaluate(COME_BACK)
    asks_age(page)
    assert WRONG not in page.content()
    say_age(page, 9, stage.clock().date())
    is_for_a_child(page)


def test_back_from_another_language_sends_nothing_again(look: Visit, stage: Stage) -> None:
    page = look()
    form(stage, page, QUOTE, "nl")
    page.fill("#email", WRONG)
    for language in ("fr", "en"):
        in_language(page, language)
        script_has_run(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))

    for language in ("fr", "nl"):
        page.go_back()
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("#email")).to_be_visible()
    assert "POST" not in asked
