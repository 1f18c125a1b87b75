"""Names and addresses without a place to break: on a narrow screen nothing scrolls sideways."""

from datetime import timedelta

from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.pages import form, press
from tests.browser.running import Stage
from tests.browser.young import CLUB, after_age
from tests.factories import send_form, work_off

NAME = "Wolfeschlegelsteinhausenbergerdorff"
EMAIL = f"{NAME.lower()}voralternwaren@gmial.com"


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= 320"))


def test_a_long_address_that_is_asked_about_and_sent_breaks_where_it_must(look: Visit, stage: Stage) -> None:
    page = look(viewport={"width": 320, "height": 600})
    form(stage, page, "talentwerk/careers", "nl")
    page.check("#p-keep_cv")
    page.fill("#email", EMAIL)
    press(page, "yes")
    assert page.locator("#email-error").is_visible()
    assert fits(page)

    press(page, "yes")
    assert EMAIL in page.locator("main").inner_text().replace("\n", "")
    assert fits(page)


def test_a_long_first_name_breaks_on_the_page_of_the_parent(look: Visit, stage: Stage) -> None:
    email = stage.somebody()
    send_form(
        stage.ctx,
        email,
        ("recipes",),
        controller="demolen",
        form="bakeclub",
        child_name=NAME,
        decides_from=stage.clock().date() + timedelta(days=1200),
    )
    (mail,) = [mail for mail in work_off(stage.ctx) if mail["To"] == email]
    page = look(viewport={"width": 320, "height": 600})

    page.goto(stage.link(mail, "guardian"))

    assert NAME in page.locator("main").inner_text()
    assert fits(page)


def test_a_long_address_of_a_parent_breaks_on_the_page_of_the_child(look: Visit, stage: Stage) -> None:
    page = look(viewport={"width": 320, "height": 600})
    after_age(stage, page, CLUB, "nl", 9)
    page.get_by_role("checkbox").first.check()
    page.fill("#child_name", NAME)
    page.fill("#guardian_email", EMAIL.replace("gmial.com", "voorbeeld.test"))
    press(page, "yes")

    assert NAME.lower() in page.locator("main").inner_text().replace("\n", "")
    assert fits(page)
