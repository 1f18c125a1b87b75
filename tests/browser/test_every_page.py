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
RUN_AXE = """async ([rules, sure, colours]) => {
  const { violations, incomplete } = await axe.run({
    runOnly: rules,
    rules: colours ? {} : { "color-contrast": { enabled: false } },
    resultTypes: ["violations", "incomplete"],
    iframes: false,
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
    "/preview?form=demolen/bakeclub&audience=child&step=asked",
    "/site/demolen?lang=fr",
    "/site/belcentrum?lang=en",
    "/site/hogeschool?lang=nl",
    "/site/metaalnet?lang=en",
    "/site/talentwerk?lang=nl",
    "/site/zorgzeker?lang=fr",
)

SIZES = """() => {
  const least = (element) => {
    if (element.matches("button.small, button.link")) return 44;
    if (element.matches("button")) return 50;
    if (element.matches("[type=checkbox]")) return 26;
    if (element.matches("input, select, textarea")) return 46;
    return 24;
  };
  const small = [...document.querySelectorAll("button, input, select, textarea, summary, nav a")]
    .filter((element) => element.checkVisibility() && !element.closest(".unseen") && element.type !== "hidden")
    .filter((element) => Math.min(element.offsetHeight, element.offsetWidth) < least(element))
    .map((element) => `${element.outerHTML.slice(0, 80)}: ${element.offsetWidth} x ${element.offsetHeight}`);
  return [document.documentElement.scrollWidth, small];
}"""
MISSED_BY_A_FINGER = """() => {
  const boxes = [...document.querySelectorAll(".purposes > li, .tick")].filter((box) => {
    if (!box.checkVisibility()) return false;
    box.scrollIntoView();
    const { left, top } = box.getBoundingClientRect();
    return document.elementFromPoint(left + 54, top + 50)?.tagName !== "LABEL";
  });
  const buttons = [...document.querySelectorAll("button")].filter((button) => {
    if (!button.checkVisibility() || button.closest(".unseen")) return false;
    button.scrollIntoView({ block: "center" });
    const { left, top, width, height } = button.getBoundingClientRect();
    return button.disabled || !button.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  });
  return [...boxes, ...buttons].map((element) => element.outerHTML.slice(0, 80));
}"""
CHOICE = """() => {
  const choice = document.querySelectorAll(".choice button");
  const buttons = choice.length ? choice : document.querySelectorAll("button.wide[name=decision]");
  return [...buttons].map((button) => {
    const { backgroundColor, color, borderTopColor, fontSize, fontWeight, opacity } = getComputedStyle(button);
    return [
      [button.offsetWidth, button.offsetHeight],
      [backgroundColor, color, borderTopColor, fontSize, fontWeight, opacity],
    ];
  });
}"""

LOOKS = """() => {
  const styles = [...document.styleSheets].map((sheet) => sheet.href ?? sheet.ownerNode.textContent).join();
  const look = (element) => [
    element.parentElement ? look(element.parentElement) : styles,
    element.localName,
    element.matches(":checked, :disabled, :has(:checked)"),
    ...["class", "style", "type", "aria-invalid"].map((name) => element.getAttribute(name)),
  ].join("|");
  return [...document.body.querySelectorAll("*")].map(look);
}"""
_LOOKED_AT: set[str] = set()


def faults(page: Page, rules: list[str] = RULES, *, sure: bool = True, colours: bool = True) -> list[str]:
    """What axe finds wrong with a page, its colours in light and dark.

    `sure`: it must have been able to tell every colour. Without `colours`, which take most of its time: all the rest.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found: list[str] = page.evaluate(RUN_AXE, [rules, sure, colours])
    if colours:
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += page.evaluate(RUN_AXE, [ONLY_COLOURS, sure, True])
    return found


def check(page: Page, *, choice: bool = False, colours: bool = True) -> None:
    """All that holds on every page of the kit."""
    page.set_viewport_size({"width": 1000, "height": 800})
    # All that the colours of each element depend on: a page without any that is new can have no new fault of colours.
    looks = set(page.evaluate(LOOKS)) if colours else set()
    assert faults(page, colours=not looks <= _LOOKED_AT) == []
    _LOOKED_AT.update(looks)
    check_sizes(page, choice=choice)


def check_sizes(page: Page, *, choice: bool = False) -> None:
    """Everything fits, and can be hit with a finger: what longer words of another language could spoil.

    With a `choice`, yes and no are of one size and colour, in a wide window and in a narrow one.
    """
    sizes = [(1000, 800), (320, 600)]
    if page.evaluate("innerWidth") == 320:  # as the page before left it: to change the window costs as much as the rest
        sizes.reverse()
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        needed, small = page.evaluate(SIZES)
        assert needed <= width
        assert small == []
        if choice:
            (size_of_yes, colours_of_yes), (size_of_no, colours_of_no) = page.evaluate(CHOICE)
            assert size_of_yes == pytest.approx(size_of_no, abs=1)
            assert colours_of_yes == colours_of_no
        assert page.evaluate(MISSED_BY_A_FINGER) == []


EVERY_PAGE = pages.PAGES | young.YOUNG_PAGES
WITH_A_CHOICE = (
    pages.confirm,
    pages.object_to_all,
    young.child,
    young.guardian_decides,
    young.child_address,
    young.child_objects,
    young.parent,
    young.guardian_objects,
)
IN_EVERY_LANGUAGE = (*pages.IN_EVERY_LANGUAGE, *young.IN_EVERY_LANGUAGE)


@pytest.mark.parametrize("number", range(len(EVERY_PAGE)), ids=list(EVERY_PAGE))
def test_everybody_can_use_the_page(same_tab: Page, stage: Stage, number: int) -> None:
    page = same_tab
    open_page = list(EVERY_PAGE.values())[number]
    for place, language in enumerate(pages.LANGUAGES):
        open_page(stage, page, language)
        page.wait_for_load_state()
        assert page.evaluate("document.documentElement.lang") == language
        pages.open_details(page)
        # To look at structure and colours takes long, and only the words differ: each page in one language, in turn.
        # The pages with the most words have their structure looked at in every language.
        its_turn = is_the_turn_of(number, place)
        if its_turn or open_page in IN_EVERY_LANGUAGE:
            check(page, choice=open_page in WITH_A_CHOICE, colours=its_turn)
        else:
            check_sizes(page, choice=open_page in WITH_A_CHOICE)
        if open_page in young.YOUNG_PAGES.values():
            pages.forget_age(page)


def is_the_turn_of(number: int, place: int, count: int = len(pages.LANGUAGES)) -> bool:
    """Whether the page or mail of this number is looked at in the language in this place, of so many."""
    return number % count == place


@pytest.mark.parametrize("number", range(len(pages.SAMPLES)), ids=list(pages.SAMPLES))
def test_everybody_can_use_the_form(same_tab: Page, stage: Stage, number: int) -> None:
    page, name = same_tab, list(pages.SAMPLES)[number]
    languages = pages.SAMPLES[name]
    for place, language in enumerate(languages):
        pages.form(stage, page, name, language)
        pages.open_details(page)
        page.get_by_role("checkbox").first.check()
        check(page, choice=True, colours=is_the_turn_of(number, place, len(languages)))


@pytest.mark.parametrize("place", range(len(pages.LANGUAGES)), ids=pages.LANGUAGES)
def test_everybody_can_read_every_mail(look: Visit, stage: Stage, place: int) -> None:
    page, language = look(viewport={"width": 320, "height": 600}), pages.LANGUAGES[place]
    sent = mails.every_mail(stage, language) | mails.every_young_mail(stage, language)
    for number, (kind, mail) in enumerate(sent.items()):
        page.set_content(html_of(mail))
        assert page.evaluate("document.documentElement.lang") == language, kind
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
