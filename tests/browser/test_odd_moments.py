"""What people, their browsers and their mail scanners do besides filling in a form from top to bottom."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.domain.address import read_address
from app.services import intake
from app.storage import requests, schema, subjects
from tests.browser import pages, young
from tests.browser.conftest import Visit
from tests.browser.mails import every_mail, every_young_mail
from tests.browser.running import Stage
from tests.factories import html_of, work_off

PAGES = pages.PAGES | young.YOUNG_PAGES
STYLE = "(element, name) => getComputedStyle(element)[name]"


def fill_in(stage: Stage, page: Page) -> str:
    """Fill in a form, and return the address that was typed."""
    email = stage.somebody()
    pages.form(stage, page, "zorgzeker/quote", "nl")
    page.check("#p-follow_up")
    page.fill("#email", email)
    return email


def asked(stage: Stage, email: str) -> list[str]:
    """The state of every request that was made with an address."""
    intake.take_all(stage.ctx)
    with stage.ctx.database.read() as connection:
        subject = subjects.with_email(connection, "zorgzeker", read_address(email).key)
        return [] if subject is None else [request.status for request in requests.of_subject(connection, subject.id)]


def everything(stage: Stage) -> dict[str, list[Any]]:
    """All rows of all tables."""
    with stage.ctx.database.read() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in schema.metadata.sorted_tables
        }


def test_two_quick_clicks_on_the_button_make_one_request_and_one_mail(look: Visit, stage: Stage) -> None:
    work_off(stage.ctx)
    page = look()
    email = fill_in(stage, page)
    page.get_by_role("button", name="Mijn keuze versturen").dblclick()
    expect(page.locator("h1")).to_have_text("Kijk in uw mailbox")
    assert asked(stage, email) == ["requested"]
    assert [mail["To"] for mail in work_off(stage.ctx)] == [email]


def test_going_back_after_sending_shows_the_form_and_sends_nothing(look: Visit, stage: Stage) -> None:
    page = look()
    email = fill_in(stage, page)
    pages.press(page, "yes")
    expect(page.locator("h1")).to_have_text("Kijk in uw mailbox")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Uw prijsvoorstel en uw keuzes")
    assert asked(stage, email) == ["requested"]


def test_reloading_the_page_that_follows_changes_nothing(look: Visit, stage: Stage) -> None:
    work_off(stage.ctx)
    page = look()
    email = fill_in(stage, page)
    pages.press(page, "yes")
    expect(page.locator("h1")).to_have_text("Kijk in uw mailbox")
    page.reload()
    expect(page.locator("h1")).to_have_text("Kijk in uw mailbox")
    assert asked(stage, email) == ["requested"]
    assert [mail["To"] for mail in work_off(stage.ctx)] == [email]


def test_reloading_the_answer_to_a_yes_shows_it_again(look: Visit, stage: Stage) -> None:
    page = look()
    pages.confirm_done(stage, page, "nl")
    before = everything(stage)
    page.reload()
    expect(page.locator("h1")).to_have_text("Uw keuze staat vast")
    assert everything(stage) == before


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_summary_of_errors_has_the_focus_and_its_lines_lead_to_the_fields(
    look: Visit, stage: Stage, scripts: bool
) -> None:
    page = look(java_script_enabled=scripts)
    pages.form_with_errors(stage, page, "nl")
    expect(page.locator(".errors")).to_be_focused()
    assert page.title().startswith("Fout: ")
    lines = page.locator(".errors a")
    assert lines.count() == 4
    for line in lines.all():
        field = page.locator(line.get_attribute("href") or "")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(page.locator(f"#{field.get_attribute('id')}-error")).to_contain_text(line.inner_text())
        line.click()
        expect(field).to_be_focused()


@pytest.mark.parametrize("name", ["link_with_an_error", "object_with_errors"])
def test_a_page_behind_a_mail_gives_the_focus_to_its_errors_without_any_script(
    look: Visit, stage: Stage, name: str
) -> None:
    page = look(java_script_enabled=False)
    PAGES[name](stage, page, "fr")
    expect(page.locator(".errors")).to_be_focused()


def test_a_scanner_that_opens_every_link_of_every_mail_changes_nothing(look: Visit, stage: Stage) -> None:
    page = look(may_complain=True)
    page.route(lambda address: not address.startswith(stage.address), lambda route: route.abort())
    mails = every_mail(stage, "en") | every_young_mail(stage, "en")
    page.set_content("".join(html_of(mail) for mail in mails.values()))
    links = {str(link.get_attribute("href")) for link in page.locator("a").all()}
    ours = sorted(link for link in links if link.startswith(stage.address))
    kinds = {"confirm", "guardian", "lift", "link", "notice", "object", "stop", "withdraw"}
    assert {link.split("/")[3] for link in ours} == kinds
    before = everything(stage)
    for link in ours:
        page.goto(link)
        page.wait_for_load_state("networkidle")
    assert everything(stage) == before


@pytest.mark.parametrize(
    "name",
    [
        "confirm",
        "confirm_explicit",
        "withdraw",
        "object_to_all",
        "stop",
        "guardian_decides",
        "child_address",
        "child_stops",
    ],
)
def test_a_scanner_that_submits_the_forms_of_a_page_decides_nothing(look: Visit, stage: Stage, name: str) -> None:
    page = look()
    PAGES[name](stage, page, "nl")
    address = page.url
    before = everything(stage)
    count = page.locator("form").count()
    assert count
    for number in range(count):
        for way in ("submit", "requestSubmit"):
            page.goto(address)
            with page.expect_navigation():
                page.evaluate(f"document.forms[{number}].{way}()")
    assert everything(stage) == before


def test_in_forced_colours_the_boxes_are_those_of_the_system(look: Visit, stage: Stage) -> None:
    page = look(forced_colors="active")
    pages.form(stage, page, "zorgzeker/quote", "nl")
    assert page.locator("#p-follow_up").evaluate(STYLE, "appearance") == "auto"
    page.check("#p-follow_up")
    expect(page.locator("#p-follow_up")).to_be_checked()


def test_nothing_moves_where_less_motion_is_asked(look: Visit, stage: Stage) -> None:
    for motion, lasts in (("reduce", "0s"), ("no-preference", "0.12s")):
        page = look(reduced_motion=motion)
        pages.form(stage, page, "zorgzeker/quote", "nl")
        durations = page.locator("button").first.evaluate(STYLE, "transitionDuration")
        assert set(durations.split(", ")) == {lasts}


@pytest.mark.parametrize("name", ["form", "confirm_explicit", "withdraw", "age", "child", "guardian_decides"])
def test_letters_of_twice_the_size_fit(look: Visit, stage: Stage, name: str) -> None:
    page = look(viewport={"width": 640, "height": 700})
    for language in pages.LANGUAGES:
        if name == "form":
            pages.form(stage, page, "waterland/everything", language)
        else:
            PAGES[name](stage, page, language)
        pages.open_details(page)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640
        pages.forget_age(page)


def test_on_paper_the_notices_are_unfolded_and_nothing_is_left_to_press(look: Visit, stage: Stage) -> None:
    page = look()
    pages.form(stage, page, "zorgzeker/quote", "nl")
    expect(page.locator("dl").first).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("dl").first).to_be_visible()
    expect(page.get_by_text("Een maand na uw prijsvoorstel")).to_be_visible()
    expect(page.locator("button").first).to_be_hidden()


def test_on_paper_a_page_behind_a_link_still_says_whom_to_ask(look: Visit, stage: Stage) -> None:
    page = look()
    pages.confirm_done(stage, page, "nl")
    page.emulate_media(media="print")
    expect(page.locator("footer").get_by_role("link")).to_have_count(2)
    expect(page.locator("header").get_by_role("link")).to_have_count(0)


def test_a_tick_changes_with_its_title_and_not_with_its_explanation(look: Visit, stage: Stage) -> None:
    page = look()
    pages.form(stage, page, "zorgzeker/quote", "nl")
    box = page.locator("#p-follow_up")
    page.locator("#p-follow_up-text").click()
    expect(box).not_to_be_checked()
    page.locator("label[for=p-follow_up]").click()
    expect(box).to_be_checked()


def test_the_page_can_be_read_in_another_language_without_losing_the_way(look: Visit, stage: Stage) -> None:
    page = look()
    pages.form(stage, page, "zorgzeker/quote", "nl")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    pages.confirm(stage, page, "fr")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Do you agree to this?")
    pages.press(page, "yes")
    expect(page.locator("h1")).to_have_text("Your choice is recorded")
