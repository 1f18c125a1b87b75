"""The scripts that the manual shows, run in a company's page."""

import pytest

from tests.browser.company import embedded, send, wait_until_fitting, website
from tests.browser.conftest import Visit
from tests.browser.running import Demo
from tests.docs import pages
from tests.docs.pages import Snippet

SCRIPTS = [one for page in pages.pages() for one in pages.snippets(page) if one.language == "js"]


@pytest.mark.parametrize("snippet", SCRIPTS, ids=str)
def test_a_script_of_the_manual_hears_that_a_form_was_sent(look: Visit, demo: Demo, snippet: Snippet) -> None:
    page = look(may_complain=True)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    website(page, demo, f"<script>{snippet.code}</script>{embedded(demo)}")
    page.locator("iframe").scroll_into_view_if_needed()
    wait_until_fitting(page)
    send(page.frame_locator("iframe"))
    wait_until_fitting(page)
    page.wait_for_timeout(200)
    assert said == ["somebody has sent hogeschool/graduates"]
