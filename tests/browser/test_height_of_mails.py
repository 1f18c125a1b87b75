"""How long mails are on a telephone: a parent reads what is asked, the button and the way to all else at a glance."""

import pytest
from playwright.sync_api import expect

from app.domain.consent import Audience
from tests.browser.conftest import Visit
from tests.browser.running import Stage
from tests.browser.young import CLUB, NEWS, asked
from tests.factories import html_of, notice_hash

AT_MOST = 1300
"""Pixels, at a width of 390."""


@pytest.mark.parametrize("name", [CLUB, NEWS])
@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_mail_that_asks_a_parent_is_short_and_leads_to_all_about_the_own_address(
    look: Visit, stage: Stage, language: str, name: str
) -> None:
    controller, form = name.split("/")
    shown = notice_hash(stage.ctx, controller, form, language, Audience.GUARDIAN)
    wishes = [purpose.id for purpose in stage.ctx.stored_notice(shown).notice.asked]
    mail = asked(stage, name, language, *wishes)
    page = look(viewport={"width": 390, "height": 700})
    page.set_content(html_of(mail))
    assert page.evaluate("document.documentElement.scrollHeight") <= AT_MOST
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    link = page.locator('a[href$="#your-data"]').get_attribute("href")
    assert link is not None
    page.goto(link)
    expect(page.locator("#your-data")).to_be_visible()  # what folds it opens for the link
