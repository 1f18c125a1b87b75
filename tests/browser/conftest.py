"""A browser, a demo and a stage for the whole run, and tabs that are looked after: none may set or store anything."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser import running
from tests.browser.running import Demo, Stage

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, which blocks the cookies of framed pages, as browsers do by now."""
    with sync_playwright() as playwright:
        opened = running.launch(playwright, "--test-third-party-cookie-phaseout")
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`akkoord demo`, as people start it."""
    with running.demo(tmp_path_factory.mktemp("demo")) as started:
        yield started


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A kit whose clock the tests move."""
    with running.stage(tmp_path_factory.mktemp("stage")) as served:
        yield served


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens tabs of a new visitor. Afterwards no page may have complained, and no cookie may be there."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        # An answer of 4xx or 5xx is written to the console too; those are what many of these tests are about.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def open_tab(*, may_complain: bool = False, **options: Any) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1000, "height": 800}} | options))
        context.set_default_timeout(10_000)
        # Sites that only these tests know come from no network, and such a site has to ask before it reaches loopback.
        context.grant_permissions(["local-network-access"])
        if not may_complain:
            context.on("console", complain)
            context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context.new_page()

    yield open_tab
    cookies = [cookie for context in contexts for cookie in context.cookies()]
    for context in contexts:
        context.close()
    assert not cookies
    assert not complaints
