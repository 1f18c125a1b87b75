"""Every page that the young and their guardians can meet, by name: each entry brings a browser to it in a language."""

from datetime import date, timedelta
from email.message import EmailMessage

from playwright.sync_api import FrameLocator, Page

from app.domain.address import read_address
from app.domain.consent import Audience
from app.services import confirmation, guardian, withdrawal
from app.services.guardian import GuardianDecision
from tests.browser.pages import Open, form, send, send_with, submit, tick
from tests.browser.running import Stage
from tests.factories import notice_hash, send_form, token_in, work_off

CLUB, NEWS, CAMP, PHOTO = "demolen/bakeclub", "demolen/newsletter", "jeugdhuis/camp", "demolen/photo"
NAME = "Zenzi"
"""The first name of every child here: no word of any page or mail."""

YOUNG_PAGES: dict[str, Open] = {}


def _page(opener: Open) -> Open:
    YOUNG_PAGES[opener.__name__] = opener
    return opener


def say_age(page: Page | FrameLocator, years: int, today: date) -> None:
    """Answer the age question as somebody who has been this old since New Year; on a page, wait for what follows."""
    _fill_in_age(page, years, today)
    if isinstance(page, Page):
        submit(page, "form button")
    else:
        page.locator("form button").first.click()


def _fill_in_age(page: Page | FrameLocator, years: int, today: date) -> None:
    for part, text in (("day", "1"), ("month", "1"), ("year", str(today.year - years))):
        page.locator(f"#birth_{part}").fill(text)


def after_age(stage: Stage, page: Page, name: str, language: str, years: int) -> None:
    """Open a form, and answer the age question."""
    form(stage, page, name, language)
    say_age(page, years, stage.clock().date())


def asked(stage: Stage, name: str, language: str, *wishes: str) -> EmailMessage:
    """A child of somebody new would like something; the mail that its guardian gets."""
    controller, form_id = name.split("/")
    email = stage.somebody()
    send_form(
        stage.ctx,
        email,
        wishes,
        controller=controller,
        form=form_id,
        language=language,
        site=f"www.{controller}.example",
        child_name=NAME,
        decides_from=stage.clock().date() + timedelta(days=1200),
    )
    (mail,) = [mail for mail in work_off(stage.ctx) if mail["To"] == email]
    return mail


def allowed(
    stage: Stage, mail: EmailMessage, name: str, language: str, *purposes: str, child_email: str = ""
) -> list[EmailMessage]:
    """The guardian allows these purposes and no other; the mails that follow at once."""
    controller, form_id = name.split("/")
    shown = notice_hash(stage.ctx, controller, form_id, language, audience=Audience.GUARDIAN)
    own = read_address(child_email) if child_email else None
    decision = GuardianDecision(
        shown, purposes, explicit=purposes, fields={"parcel_to": "Kerkstraat 1"}, child_email=own
    )
    guardian.decide(stage.ctx, token_in(mail, "guardian"), decision)
    return work_off(stage.ctx)


def address_asked(stage: Stage, language: str) -> tuple[str, EmailMessage]:
    """The guardian has given the child's own address; the address, and the mail that asks whether it is the child's."""
    child_email = stage.somebody()
    mail = asked(stage, CLUB, language, "recipes", "reminder")
    (own,) = [
        sent
        for sent in allowed(stage, mail, CLUB, language, "recipes", "reminder", child_email=child_email)
        if sent["To"] == child_email
    ]
    return child_email, own


def own_address(stage: Stage, language: str, child_email: str) -> None:
    """A child has said that this address is its own."""
    mails = allowed(stage, asked(stage, CLUB, language, "recipes"), CLUB, language, "recipes", child_email=child_email)
    (own,) = [sent for sent in mails if sent["To"] == child_email]
    confirmation.confirm(stage.ctx, token_in(own, "confirm"), ())
    work_off(stage.ctx)


def not_asked(stage: Stage, language: str) -> EmailMessage:
    """Somebody has given a child's own address as a parent's; the mail that the child gets."""
    child_email = stage.somebody()
    own_address(stage, language, child_email)
    stage.clock.forward(minutes=11)
    send_form(
        stage.ctx,
        child_email,
        ("recipes",),
        controller="demolen",
        form="bakeclub",
        language=language,
        child_name=NAME,
        decides_from=stage.clock().date() + timedelta(days=1200),
    )
    (mail,) = [mail for mail in work_off(stage.ctx) if mail["To"] == child_email]
    return mail


def _aged(stage: Stage, page: Page, name: str, language: str, years: int) -> None:
    form(stage, page, name, language)
    _fill_in_age(page, years, stage.clock().date())
    send_with(page, "form button")


@_page
def age(stage: Stage, page: Page, language: str) -> None:
    form(stage, page, NEWS, language)


@_page
def age_with_an_error(stage: Stage, page: Page, language: str) -> None:
    form(stage, page, CLUB, language)
    page.fill("#birth_day", "31")
    page.fill("#birth_month", "4")
    page.fill("#birth_year", "2017")
    send(page, "yes")


@_page
def child(stage: Stage, page: Page, language: str) -> None:
    _aged(stage, page, CLUB, language, 9)


@_page
def child_with_errors(stage: Stage, page: Page, language: str) -> None:
    _aged(stage, page, CAMP, language, 15)
    tick(page, "#p-health")
    page.fill("#child_name", "www.voorbeeld.test")
    page.fill("#guardian_email", "papa@")
    send(page, "yes")


@_page
def child_waits(stage: Stage, page: Page, language: str) -> None:
    child(stage, page, language)
    tick(page, "#p-recipes")
    page.fill("#child_name", NAME)
    page.fill("#guardian_email", stage.somebody())
    send(page, "yes")


@_page
def child_waits_without_drawings(stage: Stage, page: Page, language: str) -> None:
    _aged(stage, page, CAMP, language, 15)
    tick(page, "#p-parcel")
    page.fill("#child_name", NAME)
    page.fill("#guardian_email", stage.somebody())
    send(page, "yes")


@_page
def child_wishes_nothing(stage: Stage, page: Page, language: str) -> None:
    child(stage, page, language)
    send(page, "no")


@_page
def child_no_with_a_tick(stage: Stage, page: Page, language: str) -> None:
    child(stage, page, language)
    tick(page, "#p-recipes")
    send(page, "no")


@_page
def offline_child(stage: Stage, page: Page, language: str) -> None:
    _aged(stage, page, PHOTO, language, 17)


@_page
def offline_guardian(stage: Stage, page: Page, language: str) -> None:
    page.goto(stage.link(asked(stage, PHOTO, language, "wall_photo"), "guardian"))


@_page
def parent(stage: Stage, page: Page, language: str) -> None:
    """An adult on a form for children."""
    _aged(stage, page, CLUB, language, 40)


@_page
def parent_with_errors(stage: Stage, page: Page, language: str) -> None:
    parent(stage, page, language)
    tick(page, "#p-bake_day")
    page.fill("#child_name", "www.voorbeeld.test")
    page.fill("#child_birth_year", "17")
    page.fill("#email", "papa@")
    send(page, "yes")


@_page
def parent_confirms(stage: Stage, page: Page, language: str) -> None:
    parent(stage, page, language)
    email = stage.somebody()
    tick(page, "#p-recipes")
    page.fill("#child_name", NAME)
    page.fill("#child_birth_month", "1")
    page.fill("#child_birth_year", str(stage.clock().year - 9))
    page.fill("#email", email)
    tick(page, "#is_guardian")
    send(page, "yes")
    (mail,) = [mail for mail in work_off(stage.ctx) if mail["To"] == email]
    page.goto(stage.link(mail, "confirm"))


@_page
def offline_parent(stage: Stage, page: Page, language: str) -> None:
    _aged(stage, page, PHOTO, language, 40)


@_page
def notice_of_a_child(stage: Stage, page: Page, language: str) -> None:
    controller, form_id = CLUB.split("/")
    shown = notice_hash(stage.ctx, controller, form_id, language, Audience.CHILD)
    page.goto(f"{stage.address}/notice/{shown}")


@_page
def teen(stage: Stage, page: Page, language: str) -> None:
    _aged(stage, page, NEWS, language, 15)


@_page
def step_expired(stage: Stage, page: Page, language: str) -> None:
    child(stage, page, language)
    page.wait_for_load_state()  # Chromium reloads no page that is still taking the place of another
    address = page.url
    stage.clock.forward(hours=25)
    page.goto("about:blank")
    page.goto(address)


@_page
def step_forged(stage: Stage, page: Page, language: str) -> None:
    page.goto(f"{stage.address}/f/{CLUB}?lang={language}&step=nonsense")


@_page
def guardian_decides(stage: Stage, page: Page, language: str) -> None:
    page.goto(stage.link(asked(stage, CLUB, language, "recipes", "bake_day"), "guardian"))


@_page
def guardian_with_errors(stage: Stage, page: Page, language: str) -> None:
    page.goto(stage.link(asked(stage, CAMP, language, "parcel", "health"), "guardian"))
    tick(page, "#p-parcel", "#p-health")
    page.fill("#child_email", "noor@")
    send(page, "yes")


@_page
def guardian_done(stage: Stage, page: Page, language: str) -> None:
    guardian_decides(stage, page, language)
    tick(page, "#p-recipes", "#is_guardian")
    page.fill("#child_email", stage.somebody())
    send(page, "yes")


@_page
def guardian_done_with_a_no(stage: Stage, page: Page, language: str) -> None:
    guardian_decides(stage, page, language)
    send(page, "no")


@_page
def guardian_decided_before(stage: Stage, page: Page, language: str) -> None:
    mail = asked(stage, CLUB, language, "recipes", "reminder")
    allowed(stage, mail, CLUB, language, "reminder")
    page.goto(stage.link(mail, "guardian"))


@_page
def guardian_not_mine(stage: Stage, page: Page, language: str) -> None:
    guardian_decides(stage, page, language)
    send(page, "not_mine")


@_page
def guardian_deleted(stage: Stage, page: Page, language: str) -> None:
    mail = asked(stage, CLUB, language, "recipes")
    guardian.not_mine(stage.ctx, token_in(mail, "guardian"))
    page.goto(stage.link(mail, "guardian"))


@_page
def guardian_after_a_stop(stage: Stage, page: Page, language: str) -> None:
    mail = asked(stage, CLUB, language, "recipes")
    allowed(stage, mail, CLUB, language, "recipes")
    withdrawal.withdraw(stage.ctx, guardian.view(stage.ctx, token_in(mail, "guardian")).withdraw_token)
    page.goto(stage.link(mail, "guardian"))


@_page
def guardian_too_late(stage: Stage, page: Page, language: str) -> None:
    mail = asked(stage, CLUB, language, "recipes")
    stage.clock.forward(days=8)
    page.goto(stage.link(mail, "guardian"))


@_page
def guardian_of_a_child(stage: Stage, page: Page, language: str) -> None:
    mail = asked(stage, CLUB, language, "recipes")
    stage.clock.forward(minutes=11)
    own_address(stage, language, mail["To"])
    page.goto(stage.link(mail, "guardian"))


@_page
def guardian_asked_anew(stage: Stage, page: Page, language: str) -> None:
    mail = asked(stage, CAMP, language, "health")
    allowed(stage, mail, CAMP, language, "health")
    stage.clock.forward(days=1, minutes=1)
    work_off(stage.ctx)
    stage.clock.forward(days=359)
    stage.tidy()
    (anew,) = [sent for sent in work_off(stage.ctx) if sent["To"] == mail["To"]]
    page.goto(stage.link(anew, "guardian"))


@_page
def guardian_objects(stage: Stage, page: Page, language: str) -> None:
    page.goto(stage.link(asked(stage, NEWS, language, "news"), "object"))


@_page
def guardian_objected(stage: Stage, page: Page, language: str) -> None:
    mail = asked(stage, NEWS, language, "news", "opening_hours")
    allowed(stage, mail, NEWS, language, "news", "opening_hours")
    page.goto(stage.link(mail, "object"))
    send(page, "yes")


@_page
def child_address(stage: Stage, page: Page, language: str) -> None:
    _, mail = address_asked(stage, language)
    page.goto(stage.link(mail, "confirm"))


@_page
def child_address_yes(stage: Stage, page: Page, language: str) -> None:
    child_address(stage, page, language)
    send(page, "yes")


@_page
def child_address_no(stage: Stage, page: Page, language: str) -> None:
    child_address(stage, page, language)
    send(page, "no")


@_page
def child_address_too_late(stage: Stage, page: Page, language: str) -> None:
    _, mail = address_asked(stage, language)
    stage.clock.forward(days=8)
    page.goto(stage.link(mail, "confirm"))


@_page
def child_stops_what_was_cut(stage: Stage, page: Page, language: str) -> None:
    child_stops(stage, page, language)
    page.goto(page.url + "/recipe")


@_page
def child_stops(stage: Stage, page: Page, language: str) -> None:
    child_email, mail = address_asked(stage, language)
    confirmation.confirm(stage.ctx, token_in(mail, "confirm"), ())
    (receipt,) = [sent for sent in work_off(stage.ctx) if sent["To"] == child_email]
    page.goto(stage.link(receipt, "withdraw"))


@_page
def child_has_stopped_one(stage: Stage, page: Page, language: str) -> None:
    child_stops(stage, page, language)
    send_with(page, 'form[action*="/recipes"] button')


@_page
def child_objects(stage: Stage, page: Page, language: str) -> None:
    child_stops(stage, page, language)
    page.goto(page.url.replace("/withdraw/", "/object/"))


@_page
def child_objected(stage: Stage, page: Page, language: str) -> None:
    child_objects(stage, page, language)
    send(page, "yes")


@_page
def child_left_advertising(stage: Stage, page: Page, language: str) -> None:
    child_objects(stage, page, language)
    send(page, "no")


@_page
def child_stops_mails(stage: Stage, page: Page, language: str) -> None:
    page.goto(stage.link(not_asked(stage, language), "stop"))


@_page
def child_has_stopped_mails(stage: Stage, page: Page, language: str) -> None:
    child_stops_mails(stage, page, language)
    send(page, "stop")


@_page
def child_address_after_a_stop(stage: Stage, page: Page, language: str) -> None:
    _, mail = address_asked(stage, language)
    view = confirmation.view(stage.ctx, token_in(mail, "confirm"))
    withdrawal.withdraw(stage.ctx, view.withdraw_token)
    page.goto(stage.link(mail, "confirm"))


IN_EVERY_LANGUAGE = (age, child, teen, guardian_decides, child_address)
"""The pages that have the most words."""
