"""Every page and mail, in every language, light and dark: usable by everybody, at every width."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser import mails, pages, young
from tests.browser.conftest import Visit
from tests.browser.running import Demo, Stage
from tests.factories import html_of

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = [*WCAG, "best-practice"]
ONLY_COLOURS = {"type": "rule", "values": ["color-contrast"]}
RUN_AXE = """async ([rules, sure]) => {
  const { violations, incomplete } = await axe.run({
    runOnly: rules, resultTypes: ["violations", "incomplete"], iframes: false
  });
  const unclear = incomplete.filter(({ id }) => sure && id === "color-contrast");
  return [...violations, ...unclear].flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target}: ${node.failureSummary}`));
}"""
DEMO = (
    "/",
    "/inbox",
    "/preview",
    "/preview?form=demolen/bakeclub&audience=child",
    "/site/demolen?lang=fr",
    "/site/belcentrum?lang=en",
    "/site/hogeschool?lang=nl",
    "/site/metaalnet?lang=en",
    "/site/talentwerk?lang=nl",
    "/site/zorgzeker?lang=fr",
)

TOO_SMALL = """() => {
  const least = (element) => {
    if (element.matches("button.small")) return 44;
    if (element.matches("button")) return 50;
    if (element.matches("[type=checkbox]")) return 26;
    if (element.matches("input, select, textarea")) return 46;
    return 24;
  };
  return [...document.querySelectorAll("button, input, select, textarea, summary, nav a")]
    .filter((element) => element.checkVisibility() && !element.closest(".unseen") && element.type !== "hidden")
    .filter((element) => Math.min(element.offsetHeight, element.offsetWidth) < least(element))
    .map((element) => `${element.outerHTML.slice(0, 80)}: ${element.offsetWidth} x ${element.offsetHeight}`);
}"""
BOXES_THAT_MISS_A_FINGER = """() => [...document.querySelectorAll(".purposes > li, .tick")].filter((box) => {
  box.scrollIntoView();
  const { left, top } = box.getBoundingClientRect();
  return document.elementFromPoint(left + 54, top + 50)?.tagName !== "LABEL";
}).length"""

SIZE = "(button) => [button.offsetWidth, button.offsetHeight]"
COLOURS = """(button) => {
  const { backgroundColor, color, borderTopColor, fontSize, fontWeight, opacity } = getComputedStyle(button);
  return [backgroundColor, color, borderTopColor, fontSize, fontWeight, opacity];
}"""


def faults(page: Page, rules: list[str] = RULES, *, sure: bool = True) -> list[str]:
    """What axe finds wrong with a page, light and dark. `sure`: it must have been able to tell every colour."""
    page.evaluate(AXE_SCRIPT)
    found: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        found += page.evaluate(RUN_AXE, [rules if scheme == "light" else ONLY_COLOURS, sure])
    return found


def check(page: Page) -> None:
    """All that holds on every page of the kit."""
    page.set_viewport_size({"width": 1000, "height": 800})
    assert faults(page) == []
    check_sizes(page)


def check_sizes(page: Page) -> None:
    """Everything fits, and can be hit with a finger: what longer words of another language could spoil."""
    page.set_viewport_size({"width": 1000, "height": 800})
    assert page.evaluate(TOO_SMALL) == []
    page.set_viewport_size({"width": 320, "height": 600})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(TOO_SMALL) == []
    assert page.evaluate(BOXES_THAT_MISS_A_FINGER) == 0


def check_choice(page: Page) -> None:
    """Yes and no are of one size and colour, in a wide window and in a narrow one."""
    yes, no = page.locator(".choice button").all() or page.locator("button.wide[name=decision]").all()
    for width in (1000, 320):
        page.set_viewport_size({"width": width, "height": 700})
        assert yes.evaluate(SIZE) == pytest.approx(no.evaluate(SIZE), abs=1)
        assert yes.evaluate(COLOURS) == no.evaluate(COLOURS)


EVERY_PAGE = pages.PAGES | young.YOUNG_PAGES
WITH_A_CHOICE = (pages.confirm, pages.object_to_all, young.child, young.guardian_decides, young.child_address)
IN_EVERY_LANGUAGE = (*pages.IN_EVERY_LANGUAGE, *young.IN_EVERY_LANGUAGE)


@pytest.mark.parametrize("number", range(len(EVERY_PAGE)), ids=list(EVERY_PAGE))
def test_everybody_can_use_the_page(look: Visit, stage: Stage, number: int) -> None:
    page = look()
    open_page = list(EVERY_PAGE.values())[number]
    for place, language in enumerate(pages.LANGUAGES):
        open_page(stage, page, language)
        assert page.locator("html").get_attribute("lang") == language
        pages.open_details(page)
        # To look at structure and colours takes long, and only the words differ: each page in one language, in turn.
        if open_page in IN_EVERY_LANGUAGE or is_the_turn_of(number, place):
            check(page)
        else:
            check_sizes(page)
        if open_page in WITH_A_CHOICE:
            check_choice(page)
        if open_page in young.YOUNG_PAGES.values():
            pages.forget_age(stage, page)


def is_the_turn_of(number: int, place: int) -> bool:
    """Whether the page or mail of this number is looked at in the language in this place."""
    return number % len(pages.LANGUAGES) == place


@pytest.mark.parametrize("name", pages.SAMPLES)
def test_everybody_can_use_the_form(look: Visit, stage: Stage, name: str) -> None:
    page = look()
    for language in pages.SAMPLES[name]:
        pages.form(stage, page, name, language)
        pages.open_details(page)
        page.get_by_role("checkbox").first.check()
        check(page)
        check_choice(page)


@pytest.mark.parametrize("place", range(len(pages.LANGUAGES)), ids=pages.LANGUAGES)
def test_everybody_can_read_every_mail(look: Visit, stage: Stage, place: int) -> None:
    page, language = look(viewport={"width": 320, "height": 600}), pages.LANGUAGES[place]
    sent = mails.every_mail(stage, language) | mails.every_young_mail(stage, language)
    for number, (kind, mail) in enumerate(sent.items()):
        page.set_content(html_of(mail))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, kind
        if is_the_turn_of(number, place):
            assert faults(page, WCAG) == [], kind


@pytest.mark.parametrize("address", DEMO)
def test_everybody_can_use_the_demo(look: Visit, demo: Demo, address: str) -> None:
    page = look()
    page.goto(demo.sites + address)
    assert faults(page, sure=False) == []  # axe cannot tell the colours behind a drawing
    page.set_viewport_size({"width": 320, "height": 600})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
