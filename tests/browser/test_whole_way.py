"""The whole way through `akkoord demo`, as the people do for whom it is made: form, mail, yes, receipt, stop."""

import re

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.person import TELEPHONE, Keyboard, fits, follow, in_mail, open_mail, press, title
from tests.browser.running import Demo

STORED = "() => [document.cookie, localStorage.length, sessionStorage.length]"


@pytest.mark.parametrize(
    ("company", "options"),
    [
        ("talentwerk", {}),
        ("zorgzeker", TELEPHONE),
        ("metaalnet", {"java_script_enabled": False}),
        ("hogeschool", {"java_script_enabled": False} | TELEPHONE),
    ],
    ids=["with scripts", "at 320 px", "without scripts", "at 320 px without scripts"],
)
def test_a_visitor_agrees_on_a_company_site_and_stops_again(
    visit: Visit, look: Visit, demo: Demo, company: str, options: dict[str, object]
) -> None:
    # Chromium itself, for four times the time, where the way is most people's. Where no script runs, nothing could be
    # stored but a cookie, and a browser that blocks none shows it.
    page = (look if options else visit)(locale="nl", **options)
    address = f"noor.{company}@voorbeeld.test"
    page.goto(f"{demo.sites}/site/{company}?lang=nl")
    fits(page)
    if company == "hogeschool":
        # Without scripts its element stays what the company put into it: a link to the form.
        page.get_by_role("link", name="Open het formulier").click()
        form: Page | FrameLocator = page
    else:
        page.locator("iframe").scroll_into_view_if_needed()
        form = page.frame_locator("iframe")
    box = form.get_by_role("checkbox").last
    box.check()
    wanted = form.locator("label[for^=p-]").last.inner_text()
    form.get_by_label("Uw e-mailadres").fill(address)
    for name in form.get_by_label("Voor- en achternaam").all():  # the college asks it
        name.fill("Noor Maes")
    fits(page)
    press(form, "Mijn keuze versturen")
    expect(title(form)).to_have_text("Kijk in uw mailbox")
    expect(form.locator(".lead")).to_contain_text(address)
    fits(page)

    open_mail(page, demo, address, "Bevestig of weiger")
    fits(page)
    answering = follow(page, "confirm")
    expect(title(answering)).to_have_text("Gaat u hiermee akkoord?")
    expect(answering.locator(".facts").first).to_contain_text(wanted)
    fits(answering)
    press(answering, "Ja, ik ga akkoord")
    expect(title(answering)).to_have_text("Uw keuze staat vast")
    fits(answering)

    open_mail(page, demo, address, "Bewijs van uw keuze")
    expect(in_mail(page).locator("body")).to_contain_text(wanted)
    stopping = follow(page, "withdraw")
    fits(stopping)
    press(stopping, re.compile("^Alles stoppen$"))
    expect(title(stopping)).to_have_text("Het is gestopt")
    fits(stopping)

    open_mail(page, demo, address, "U zei stop")


def test_the_keyboard_alone_is_enough_from_the_form_to_the_stop(look: Visit, demo: Demo) -> None:
    page = look(locale="nl")
    page.goto(f"{demo.sites}/site/talentwerk?lang=nl")
    page.locator("iframe").scroll_into_view_if_needed()
    form = page.frame_locator("iframe")
    expect(title(form)).to_be_visible()
    keyboard = Keyboard(page)

    keyboard.tab_to(form.locator("#p-offers_phone"))
    keyboard.press("Space")
    expect(form.locator("#p-offers_phone")).to_be_checked()
    assert not keyboard.tab_to(form.locator("#phone"))  # what a purpose needs comes right after its box
    page.keyboard.type("06 12 34 56 78")
    keyboard.tab_to(form.locator("summary").nth(1))
    keyboard.press("Enter")
    expect(form.locator("dl").nth(1)).to_be_visible()
    passed = keyboard.tab_to(form.get_by_role("button", name="Mijn keuze versturen"))
    assert [known for known in passed if known] == ["p-keep_cv", "email", "field_of_work"]
    keyboard.press("Enter")

    summary = form.locator(".errors")
    expect(summary).to_be_focused()
    expect(form.locator("#p-offers_phone")).to_be_checked()
    keyboard.tab_to(summary.get_by_role("link"))
    keyboard.press("Enter")
    expect(form.locator("#email")).to_be_focused()
    page.keyboard.type("keyboard@voorbeeld.test")
    keyboard.press("Enter")  # in a field: the first button of the form, which sends
    expect(title(form)).to_have_text("Kijk in uw mailbox")
    expect(title(form)).to_be_focused()

    open_mail(page, demo, "keyboard@voorbeeld.test", "Bevestig of weiger")
    keyboard = keyboard.follow("confirm")
    answering = keyboard.page
    keyboard.tab_to(answering.get_by_role("button", name="Nee, wis mijn aanvraag"))
    keyboard.tab_to(answering.get_by_role("button", name="Ja, ik ga akkoord"), key="Shift+Tab")
    keyboard.press("Enter")
    expect(title(answering)).to_have_text("Uw keuze staat vast")
    keyboard.tab_to(answering.get_by_role("link", name="Dit stoppen"))
    keyboard.press("Enter")
    expect(title(answering)).to_have_text("Wat wilt u stoppen?")
    keyboard.tab_to(answering.get_by_role("button", name=re.compile("^Dit stoppen.*Vacatures per telefoon$")))
    keyboard.press("Space")
    expect(title(answering)).to_have_text("Het is gestopt")


def test_nothing_is_ever_stored_in_the_browser(look: Visit, demo: Demo) -> None:
    # On a page of its own, for in a frame a browser may refuse to store anything.
    page = look()
    page.goto(f"{demo.kit}/f/hogeschool/graduates?lang=en")
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Your email address").fill("nothing@voorbeeld.test")
    page.get_by_label("Full name").fill("Sofie Peeters")
    page.get_by_role("button", name="Send my choice").click()
    expect(title(page)).to_have_text("Check your inbox")
    assert page.evaluate(STORED) == ["", 0, 0]
    open_mail(page, demo, "nothing@voorbeeld.test", "Confirm or refuse")
    answering = follow(page, "confirm")
    press(answering, "Yes, I agree")
    expect(title(answering)).to_have_text("Your choice is recorded")
    assert answering.evaluate(STORED) == ["", 0, 0]
    assert page.context.cookies() == []


def test_this_browser_does_block_the_cookies_of_framed_pages(browser: Browser, demo: Demo) -> None:
    # The tests above that visit would say little in a browser that lets third-party cookies through.
    context = browser.new_context()
    page = context.new_page()
    inner = "<script>document.cookie = 'probe=1; SameSite=None; Secure'; document.title = document.cookie</script>"
    outer = f'<iframe src="{demo.kit}/probe"></iframe>'
    page.route("**/probe", lambda route: route.fulfill(body=inner, content_type="text/html"))
    page.route("**/outside", lambda route: route.fulfill(body=outer, content_type="text/html"))
    page.goto(f"{demo.kit}/probe")
    assert page.title() == "probe=1"
    context.clear_cookies()
    page.goto(f"{demo.sites}/outside")
    page.frame_locator("iframe").locator("body").wait_for(state="attached")
    assert page.frames[1].evaluate("document.cookie") == ""
    context.close()
