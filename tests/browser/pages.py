"""Every page that people can meet, by name: each entry brings a browser to it in a language."""

from collections.abc import Callable

from playwright.sync_api import Page

from app.domain.address import Address
from app.services import mail_opt_out, objection, withdrawal
from app.services.link_request import LinkRequest
from tests.browser.running import Stage
from tests.factories import send_link, text_of, token_in, work_off
from tests.web.ways import lasting_links

LANGUAGES = ("nl", "fr", "en")
SAMPLES = {
    "hogeschool/graduates": ("nl", "en"),
    "metaalnet/events": ("nl", "en"),
    "talentwerk/careers": ("nl", "en"),
    "zorgzeker/quote": LANGUAGES,
    "waterland/everything": LANGUAGES,
}

Open = Callable[[Stage, Page, str], None]

PAGES: dict[str, Open] = {}


def _page(opener: Open) -> Open:
    PAGES[opener.__name__] = opener
    return opener


def form(stage: Stage, page: Page, name: str, language: str) -> None:
    """A form as a visitor finds it."""
    page.goto(f"{stage.address}/f/{name}?lang={language}")


def open_details(page: Page) -> None:
    """Fold out every notice on the page."""
    page.evaluate("document.querySelectorAll('details').forEach((notice) => { notice.open = true })")


def forget_age(page: Page) -> None:
    """Let the tab forget an answer to the age question, once the page's script has noted it."""
    page.wait_for_load_state()
    page.evaluate("sessionStorage.clear()")


def submit(page: Page, button: str) -> None:
    """Press the first button of this selector, until the page that answers is there.

    Playwright's click does not wait for it, and scripts of a test that run between two documents find none.
    """
    with page.expect_navigation():
        page.locator(button).first.click()


def press(page: Page, answer: str) -> None:
    """Press the button that gives this answer; every main form is the first on its page."""
    submit(page, f'button[name=decision][value="{answer}"]')


# On the way to a page the mouse does not move: a tick or a press with it takes 65 ms of the processor more than with a
# script. That a finger can hit all that is to be pressed is seen on each page that is looked at, and ways have tests.
def tick(page: Page, *boxes: str) -> None:
    """Tick the boxes of these selectors, by a script."""
    page.evaluate("boxes => boxes.forEach((box) => document.querySelector(box).click())", boxes)


def send_with(page: Page, button: str) -> None:
    """Let a script press the first button of this selector, and wait for the page that answers."""
    with page.expect_navigation():
        tick(page, button)


def send(page: Page, answer: str) -> None:
    """The same with the button that gives this answer."""
    send_with(page, f'button[name=decision][value="{answer}"]')


@_page
def form_with_errors(stage: Stage, page: Page, language: str) -> None:
    form(stage, page, "waterland/everything", language)
    tick(page, "#p-outages", "#p-advice")
    page.fill("#email", "iemand@")
    page.fill("#full_name", "www.voorbeeld.test")
    page.fill("#moved_in", "31 31 31")
    send(page, "yes")


@_page
def form_no_with_a_tick(stage: Stage, page: Page, language: str) -> None:
    form(stage, page, "waterland/everything", language)
    tick(page, "#p-outages", "#p-advice")
    send(page, "no")


@_page
def form_sent(stage: Stage, page: Page, language: str) -> None:
    form(stage, page, "zorgzeker/quote", language)
    tick(page, "#p-follow_up")
    page.fill("#email", stage.somebody())
    send(page, "yes")


@_page
def form_nothing_chosen(stage: Stage, page: Page, language: str) -> None:
    form(stage, page, "waterland/everything", language)
    send(page, "no")


@_page
def form_page_was_old(stage: Stage, page: Page, language: str) -> None:
    form(stage, page, "zorgzeker/quote", language)
    tick(page, "#p-follow_up")
    page.fill("#email", stage.somebody())
    stage.clock.forward(hours=25)
    send(page, "yes")


@_page
def form_too_many(stage: Stage, page: Page, language: str) -> None:
    form(stage, page, "waterland/everything", language)
    with stage.submits_limited_to(1):
        send(page, "no")
        form(stage, page, "waterland/everything", language)
        send(page, "no")


@_page
def form_too_large(stage: Stage, page: Page, language: str) -> None:
    form(stage, page, "waterland/everything", language)
    tick(page, "#p-advice")
    page.fill("#remarks", "x" * 70_000)
    send(page, "yes")


@_page
def form_of_another_type(stage: Stage, page: Page, language: str) -> None:
    form(stage, page, "waterland/everything", language)
    page.evaluate("document.querySelector('form').enctype = 'text/plain'")
    send(page, "no")


@_page
def form_unknown(stage: Stage, page: Page, language: str) -> None:
    page.goto(f"{stage.address}/f/waterland/evrything?lang={language}")


@_page
def form_out_of_order(stage: Stage, page: Page, language: str) -> None:
    page.goto(f"{stage.address}/f/waterland/broken?lang={language}")


@_page
def page_unknown(stage: Stage, page: Page, language: str) -> None:
    page.goto(f"{stage.address}/nothing-here?lang={language}")


@_page
def confirm(stage: Stage, page: Page, language: str) -> None:
    mail = stage.mail_to("waterland", "everything", language, "outages", "advice")
    page.goto(stage.link(mail, "confirm"))


@_page
def confirm_explicit(stage: Stage, page: Page, language: str) -> None:
    mail = stage.mail_to("zorgzeker", "quote", language, "medical", "follow_up")
    page.goto(stage.link(mail, "confirm"))


@_page
def confirm_pressed_by_a_script(stage: Stage, page: Page, language: str) -> None:
    confirm_explicit(stage, page, language)
    with page.expect_navigation():
        page.evaluate("document.forms[0].submit()")


@_page
def confirm_done(stage: Stage, page: Page, language: str) -> None:
    confirm(stage, page, language)
    send(page, "yes")


@_page
def confirm_without_the_statement(stage: Stage, page: Page, language: str) -> None:
    confirm_explicit(stage, page, language)
    send(page, "yes")


@_page
def confirm_alone_without_the_statement(stage: Stage, page: Page, language: str) -> None:
    page.goto(stage.link(stage.mail_to("zorgzeker", "quote", language, "medical"), "confirm"))
    send(page, "yes")


@_page
def confirm_done_but_for_one(stage: Stage, page: Page, language: str) -> None:
    confirm_explicit(stage, page, language)
    send_with(page, "button[name=without]")


@_page
def confirm_already(stage: Stage, page: Page, language: str) -> None:
    mail = stage.mail_to("zorgzeker", "quote", language, "medical", "follow_up")
    stage.say_yes(mail, "medical")
    page.goto(stage.link(mail, "confirm"))


@_page
def confirm_deleted(stage: Stage, page: Page, language: str) -> None:
    confirm(stage, page, language)
    send(page, "no")


@_page
def confirm_expired(stage: Stage, page: Page, language: str) -> None:
    mail = stage.mail_to("waterland", "everything", language, "advice")
    stage.clock.forward(days=8)
    page.goto(stage.link(mail, "confirm"))


@_page
def confirm_after_a_stop(stage: Stage, page: Page, language: str) -> None:
    mail = stage.mail_to("waterland", "everything", language, "outages", "advice")
    withdrawal.withdraw(stage.ctx, token_in(stage.say_yes(mail), "withdraw"))
    page.goto(stage.link(mail, "confirm"))


@_page
def link_that_is_not_ours(stage: Stage, page: Page, language: str) -> None:
    page.goto(f"{stage.address}/confirm/nonsense?lang={language}")


def _withdrawal_link(stage: Stage, language: str) -> str:
    mail = stage.mail_to("waterland", "everything", language, "outages", "advice")
    return stage.link(stage.say_yes(mail), "withdraw")


@_page
def withdraw(stage: Stage, page: Page, language: str) -> None:
    page.goto(_withdrawal_link(stage, language))


@_page
def withdraw_one_first(stage: Stage, page: Page, language: str) -> None:
    page.goto(_withdrawal_link(stage, language) + "/outages")


@_page
def withdraw_what_was_cut(stage: Stage, page: Page, language: str) -> None:
    page.goto(_withdrawal_link(stage, language) + "/outage")


@_page
def withdraw_what_waits(stage: Stage, page: Page, language: str) -> None:
    mail = stage.mail_to("waterland", "everything", language, "advice")
    page.goto(f"{stage.address}{lasting_links(stage.ctx, 'waterland', mail['To'])[0]}/advice?lang={language}")


@_page
def withdraw_cancelled(stage: Stage, page: Page, language: str) -> None:
    withdraw_what_waits(stage, page, language)
    send(page, "stop")


@_page
def withdraw_done(stage: Stage, page: Page, language: str) -> None:
    withdraw(stage, page, language)
    send(page, "stop")


@_page
def withdraw_done_for_one(stage: Stage, page: Page, language: str) -> None:
    withdraw(stage, page, language)
    send_with(page, 'form[action*="/outages"] button')


@_page
def withdraw_again(stage: Stage, page: Page, language: str) -> None:
    link = _withdrawal_link(stage, language)
    withdrawal.withdraw(stage.ctx, link.rpartition("/")[2])
    page.goto(link)


@_page
def withdraw_one_again(stage: Stage, page: Page, language: str) -> None:
    link = _withdrawal_link(stage, language)
    withdrawal.withdraw(stage.ctx, link.rpartition("/")[2], "outages")
    page.goto(f"{link}/outages")


def _objection_link(stage: Stage, page: Page, language: str, controller: str = "waterland") -> None:
    name = {"waterland": "everything", "zorgzeker": "quote"}[controller]
    purpose = {"waterland": "advice", "zorgzeker": "follow_up"}[controller]
    page.goto(stage.link(stage.mail_to(controller, name, language, purpose), "object"))


@_page
def object_to_all(stage: Stage, page: Page, language: str) -> None:
    _objection_link(stage, page, language)


@_page
def object_done(stage: Stage, page: Page, language: str) -> None:
    _objection_link(stage, page, language, "zorgzeker")
    send(page, "yes")


@_page
def object_again(stage: Stage, page: Page, language: str) -> None:
    link = stage.link(stage.mail_to("waterland", "everything", language, "advice"), "object")
    objection.object_to_marketing(stage.ctx, link.rpartition("/")[2])
    page.goto(link)


@_page
def object_left(stage: Stage, page: Page, language: str) -> None:
    _objection_link(stage, page, language)
    send(page, "no")


@_page
def object_to_an_interest(stage: Stage, page: Page, language: str) -> None:
    _objection_link(stage, page, language)
    send_with(page, "button[name=interest]")


@_page
def object_with_errors(stage: Stage, page: Page, language: str) -> None:
    _objection_link(stage, page, language)
    page.fill("#reasons", "x" * 1001)
    send_with(page, "button[name=interest]")


@_page
def object_done_and_what_goes_on(stage: Stage, page: Page, language: str) -> None:
    mail = stage.mail_to("waterland", "everything", language, "outages", "advice")
    stage.say_yes(mail)
    page.goto(stage.link(mail, "object"))
    send(page, "yes")


@_page
def notice(stage: Stage, page: Page, language: str) -> None:
    receipt = stage.say_yes(stage.mail_to("waterland", "everything", language, "outages", "advice"))
    page.goto(stage.link(receipt, "notice"))


@_page
def stop(stage: Stage, page: Page, language: str) -> None:
    page.goto(stage.link(stage.mail_to("waterland", "everything", language, "advice"), "stop"))


@_page
def stop_done(stage: Stage, page: Page, language: str) -> None:
    stop(stage, page, language)
    send(page, "stop")


def _offer(stage: Stage, language: str) -> str:
    """The link to lift "never mail me again", as it is mailed to somebody who said so."""
    mail = stage.mail_to("waterland", "everything", language, "advice")
    mail_opt_out.stop(stage.ctx, token_in(mail, "stop"))
    address = str(mail["To"])
    send_link(stage.ctx, LinkRequest("waterland", language, Address(address, address), "192.0.2.0/24", to_object=False))
    return next(stage.link(mail, "lift") for mail in work_off(stage.ctx) if "/lift/" in text_of(mail))


@_page
def lift(stage: Stage, page: Page, language: str) -> None:
    page.goto(_offer(stage, language))


@_page
def lift_done(stage: Stage, page: Page, language: str) -> None:
    lift(stage, page, language)
    send(page, "lift")


@_page
def lift_expired(stage: Stage, page: Page, language: str) -> None:
    address = _offer(stage, language)
    stage.clock.forward(minutes=30)
    page.goto(address)


@_page
def link(stage: Stage, page: Page, language: str) -> None:
    page.goto(f"{stage.address}/link/waterland?lang={language}")


@_page
def link_with_an_error(stage: Stage, page: Page, language: str) -> None:
    link(stage, page, language)
    page.fill("#email", "iemand@voorbeeld")
    send(page, "yes")


@_page
def link_sent(stage: Stage, page: Page, language: str) -> None:
    link(stage, page, language)
    page.fill("#email", stage.somebody())
    send(page, "yes")


@_page
def link_to_object(stage: Stage, page: Page, language: str) -> None:
    page.goto(f"{stage.address}/link/waterland?for=object&lang={language}")


@_page
def link_to_object_sent(stage: Stage, page: Page, language: str) -> None:
    link_to_object(stage, page, language)
    page.fill("#email", stage.somebody())
    send(page, "yes")


IN_EVERY_LANGUAGE = (form_with_errors, confirm_explicit, confirm_done, withdraw, object_to_all)
"""The pages that have the most words."""
