"""A browser, a demo and a stage for the whole run, and tabs that are looked after: none may set or store anything."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright

from tests.browser import running
from tests.browser.running import Demo, Stage

Visit = Callable[..., Page]

PATIENCE = 40_000
"""Milliseconds that a test waits for what never comes: ten thousand were too few on a machine with much to do."""

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives the browsers."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium, which blocks the cookies of framed pages, as browsers do by now."""
    opened = running.launch(playwright, "--test-third-party-cookie-phaseout")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A running `akkoord demo`."""
    with running.demo(tmp_path_factory.mktemp("demo")) as started:
        yield started


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A kit whose clock the tests move."""
    with running.stage(tmp_path_factory.mktemp("stage")) as served:
        yield served


class Visitors:
    """Contexts of the browser, which is what tells one visitor from another, by the options that they were made with.

    To make one costs more than a page, so tests take them in turn. No page of an earlier test is open in one that is
    handed out, and it holds no cookie; what the browser caches is forgotten with the first page.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: dict[str, list[BrowserContext]] = {}
        self._at_work: list[tuple[str, BrowserContext]] = []
        self._complaining: list[BrowserContext] = []
        self._complaints: list[str] = []
        self._kept: Page | None = None

    def same_tab(self) -> Page:
        """A tab that is kept from test to test: its engine has read the scripts that tests run, and the style sheet.

        For tests that open every page by its address, and leave nothing behind in the tab.
        """
        if self._kept is None:
            self._kept = self._made({}).new_page()
        return self._kept

    def open_tab(self, *, may_complain: bool = False, **options: Any) -> Page:
        """A tab of a visitor that the test has not had yet."""
        kind = repr(sorted(options.items()))
        idle = self._idle.setdefault(kind, [])
        context = idle.pop() if idle else self._made(options)
        self._at_work.append((kind, context))
        if may_complain:
            self._complaining.append(context)
        page = context.new_page()
        context.new_cdp_session(page).send("Network.clearBrowserCache")
        return page

    def leave(self, *, anew: bool = False) -> None:
        """Close every tab, and `anew` the kept one too.

        Raises:
            AssertionError: where a page has complained, or a cookie is there.
        """
        cookies: list[Any] = [] if self._kept is None else list(self._kept.context.cookies())
        for kind, context in self._at_work:
            cookies += context.cookies()
            for page in context.pages:
                page.close()
            if cookies:
                context.close()
            else:
                self._idle[kind].append(context)
        complaints = self._complaints.copy()
        for used in (self._at_work, self._complaining, self._complaints):
            used.clear()
        if self._kept and (anew or cookies or complaints):
            self._kept.context.close()
            self._kept = None
        assert not cookies
        assert not complaints

    def _made(self, options: dict[str, Any]) -> BrowserContext:
        # Without motion a press takes a sixth less of the processor; the transitions have a test of their own.
        usual = {"viewport": {"width": 1000, "height": 800}, "reduced_motion": "reduce"}
        context = self._browser.new_context(**(usual | options))
        context.set_default_timeout(PATIENCE)
        # Sites that only these tests know come from no network, and such a site has to ask before it reaches loopback.
        context.grant_permissions(["local-network-access"])

        def complain(text: str) -> None:
            if context not in self._complaining:
                self._complaints.append(text)

        def read(message: ConsoleMessage) -> None:
            # An answer of 4xx or 5xx is written to the console too; those are what many of these tests are about.
            if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
                complain(message.text)

        context.on("console", read)
        context.on("weberror", lambda error: complain(str(error.error)))
        return context


@pytest.fixture(scope="session")
def visitors(browser: Browser) -> Visitors:
    """The visitors that tests have had, and may have again."""
    return Visitors(browser)


@pytest.fixture(scope="session")
def lookers(playwright: Playwright) -> Iterator[Visitors]:
    """The same in Chromium's shell."""
    opened = running.launch_shell(playwright)
    yield Visitors(opened)
    opened.close()


@pytest.fixture
def visit(visitors: Visitors) -> Iterator[Visit]:
    """Opens tabs of a new visitor. Afterwards no page may have complained, and no cookie may be there."""
    yield visitors.open_tab
    visitors.leave()


@pytest.fixture
def look(lookers: Visitors) -> Iterator[Visit]:
    """The same for all but storage in frames, in Chromium's shell: the same engine for a third of the time."""
    yield lookers.open_tab
    lookers.leave()


@pytest.fixture
def same_tab(lookers: Visitors, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The tab of Chromium's shell that tests have one after the other; one in which a test failed is not used again."""
    failed = request.session.testsfailed
    yield lookers.same_tab()
    lookers.leave(anew=request.session.testsfailed > failed)
