"""A nine-year-old asks, her father decides: the whole way through `akkoord demo`, and what else a father may answer."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from app.i18n import speaker
from tests.browser.conftest import Visit
from tests.browser.pages import press
from tests.browser.person import TELEPHONE, Keyboard, fits, follow, in_mail, open_mail, title
from tests.browser.running import Demo, Stage
from tests.browser.young import CLUB, NAME, allowed, asked, say_age
from tests.factories import token_in, work_off

TITLES = {"nl": "Bakclub voor kinderen", "fr": "Club de pâtisserie pour enfants", "en": "Baking club for children"}
"""What a parent knows the form as."""


def open_club(page: Page, demo: Demo, language: str, number: int = 0) -> FrameLocator:
    """Go to the bakery's site, and down to one of its forms."""
    page.goto(f"{demo.sites}/site/demolen?lang={language}")
    page.locator("iframe").nth(number).scroll_into_view_if_needed()
    return page.frame_locator("iframe").nth(number)


def answer(page: Page | FrameLocator, value: str) -> None:
    """Press the button that gives this answer."""
    page.locator(f'button[name=decision][value="{value}"]').first.click()


def errors(page: Page | FrameLocator) -> list[str | None]:
    """The fields that the summary of errors leads to; it has the focus."""
    expect(page.locator(".errors")).to_be_focused()
    return [line.get_attribute("href") for line in page.locator(".errors a").all()]


def ticked(page: Page | FrameLocator) -> list[str | None]:
    """The ids of the boxes that are ticked."""
    return [box.get_attribute("id") for box in page.locator("input[type=checkbox]:checked").all()]


def beginning(text: str) -> str:
    """What stands before the first thing that is filled in."""
    return text.partition("{")[0].strip()


@pytest.mark.parametrize(
    ("language", "options"),
    [("nl", {}), ("fr", TELEPHONE), ("en", {"java_script_enabled": False})],
    ids=["in Dutch", "in French at 320 px", "in English without scripts"],
)
def test_a_child_asks_her_father_allows_one_of_two_wishes_and_she_stops_it(
    look: Visit, demo: Demo, language: str, options: dict[str, object]
) -> None:
    child, adult = speaker(language, True), speaker(language)
    father, own = f"papa.{language}@voorbeeld.test", f"{NAME}.{language}@voorbeeld.test".lower()
    page = look(locale=language, **options)
    form: Page | FrameLocator = page
    if options.get("java_script_enabled") is False:
        page.goto(f"{demo.sites}/site/demolen?lang={language}")
        page.locator("akkoord-form a").first.click()  # what the company put into the element
    else:
        form = open_club(page, demo, language)

    expect(title(form)).to_have_text(child("age.title"))
    fits(page)
    say_age(form, 9, datetime.now(UTC).date())
    expect(form.locator("#child_name")).to_be_visible()
    fits(page)
    assert ticked(form) == []
    read = form.locator("#p-recipes-text").inner_text()
    form.locator("#p-recipes").check()
    form.locator("#p-bake_day").check()
    answer(form, "yes")
    assert errors(form) == ["#child_name", "#guardian_email"]
    form.locator("#child_name").fill(NAME)
    answer(form, "yes")
    assert errors(form) == ["#guardian_email"]
    fits(page)
    assert ticked(form) == ["p-recipes", "p-bake_day"]
    expect(form.locator("#child_name")).to_have_value(NAME)
    form.locator("#guardian_email").fill(father)
    answer(form, "yes")
    expect(title(form)).to_have_text(child("child.waiting.title"))
    expect(form.locator("main")).to_contain_text(father)
    fits(page)

    open_mail(page, demo, father, adult("mail.guardian.subject", form_title=TITLES[language]))
    expect(in_mail(page).locator("body")).to_contain_text("9000 Gent")
    expect(in_mail(page).locator("body")).not_to_contain_text(NAME)
    fits(page)
    deciding = follow(page, "guardian")
    expect(title(deciding)).to_have_text(adult("guardian.title"))
    expect(deciding.locator("main")).to_contain_text(NAME)
    expect(deciding.locator(".purposes > li")).to_have_count(2)
    expect(deciding.locator(".purposes > li").first.locator(".beside")).to_contain_text(read)
    assert ticked(deciding) == []
    fits(deciding)
    deciding.check("#p-recipes")
    deciding.fill("#child_email", own)
    answer(deciding, "yes")
    assert errors(deciding) == ["#is_guardian"]
    assert ticked(deciding) == ["p-recipes"]
    expect(deciding.locator("#child_email")).to_have_value(own)
    deciding.check("#is_guardian")
    answer(deciding, "yes")
    expect(title(deciding)).to_have_text(adult("guardian.done.title"))
    decided = [line.rpartition("\n")[2] for line in deciding.locator(".facts li").all_inner_texts()]
    assert decided == [adult("guardian.yes"), adult("guardian.no")]
    fits(deciding)

    open_mail(page, demo, own, beginning(child("mail.child_address.subject", form_title="{")))
    answering = follow(page, "confirm")
    expect(title(answering)).to_have_text(child("child.confirm.title"))
    expect(answering.locator(".facts li")).to_have_count(1)
    fits(answering)
    answer(answering, "yes")
    expect(title(answering)).to_have_text(child("child.confirm.yes_done.title"))

    open_mail(page, demo, own, beginning(child("mail.child_receipt.subject", form_title="{")))
    stopping = follow(page, "withdraw")
    expect(title(stopping)).to_have_text(child("withdraw.title"))
    fits(stopping)
    answer(stopping, "stop")
    expect(title(stopping)).to_have_text(child("withdraw.done.title"))
    open_mail(page, demo, own, beginning(child("mail.child_stopped.subject", form_title="{")))
    open_mail(page, demo, father, adult("mail.stopped_for_child.subject", form_title=TITLES[language]))
    open_mail(page, demo, father, adult("mail.plus.subject", form_title=TITLES[language]))


def test_the_keyboard_alone_is_enough_for_a_child_and_for_her_father(look: Visit, demo: Demo) -> None:
    page = look(locale="nl")
    form = open_club(page, demo, "nl")
    expect(title(form)).to_be_visible()
    keyboard = Keyboard(page)

    def tab_to(target: str) -> list[str]:
        return [passed for passed in keyboard.tab_to(form.locator(target)) if passed]

    tab_to("#birth_day")
    keyboard.press("Enter")
    assert errors(form) == ["#birth_day"]
    keyboard.tab_to(form.locator(".errors a"))
    keyboard.press("Enter")
    expect(form.locator("#birth_day")).to_be_focused()
    page.keyboard.type("1")
    assert tab_to("#birth_month") == []
    page.keyboard.type("januari")
    assert tab_to("#birth_year") == []
    page.keyboard.type(str(datetime.now(UTC).year - 9))
    keyboard.press("Enter")
    expect(title(form)).to_have_text("Bakclub")

    tab_to("#p-recipes")
    keyboard.press("Space")
    assert tab_to("#guardian_email") == ["p-bake_day", "p-reminder", "child_name"]
    page.keyboard.type("toetsen@voorbeeld.test")
    keyboard.tab_to(form.locator("#child_name"), key="Shift+Tab")
    page.keyboard.type(NAME)
    assert tab_to("button[value=yes]") == ["guardian_email"]
    keyboard.press("Enter")
    expect(title(form)).to_have_text("Nu mag een ouder kiezen")
    expect(title(form)).to_be_focused()

    open_mail(page, demo, "toetsen@voorbeeld.test", f"{TITLES['nl']}: een kind vraagt of dit mag")
    keyboard = keyboard.follow("guardian")
    deciding = keyboard.page
    expect(title(deciding)).to_have_text("Mag dit voor het kind?")
    keyboard.tab_to(deciding.locator("#p-recipes"))
    keyboard.press("Space")
    passed = keyboard.tab_to(deciding.locator("#is_guardian"))
    assert [field for field in passed if field] == ["child_email"]
    keyboard.press("Space")
    keyboard.tab_to(deciding.locator("button[value=not_mine]"))
    keyboard.tab_to(deciding.locator("button[value=yes]"), key="Shift+Tab")
    keyboard.press("Enter")
    expect(title(deciding)).to_have_text("Uw beslissing staat vast")


def decide(stage: Stage, page: Page, value: str) -> str:
    """A father opens the link in his mail and presses this button; the link."""
    link = stage.link(asked(stage, CLUB, "nl", "recipes", "reminder"), "guardian")
    page.goto(link)
    press(page, value)
    return link


def known(stage: Stage) -> str:
    """All that is kept about people, as one text."""
    with stage.ctx.database.read() as connection:
        tables = ("subjects", "requests", "request_fields", "consents")
        return "".join(repr(connection.exec_driver_sql(f"SELECT * FROM {table}").all()) for table in tables)


def test_a_father_who_says_no_to_everything_needs_no_declaration_and_is_forgotten(look: Visit, stage: Stage) -> None:
    page = look()
    link = decide(stage, page, "no")
    father = f"iemand{stage.people}@voorbeeld.test"
    expect(title(page)).to_have_text("Uw beslissing staat vast")
    expect(page.locator(".facts li")).to_have_count(2)
    assert page.locator(".facts li", has_text="Nee, dit mag niet").count() == 2
    expect(page.get_by_role("link", name="Wat wilt u stoppen?")).to_have_count(0)
    expect(page.get_by_text("U krijgt er geen mail meer over.")).to_have_count(1)
    assert father not in known(stage)
    stage.clock.forward(days=2)
    assert [mail for mail in work_off(stage.ctx) if mail["To"] == father] == []
    page.goto(link)
    expect(title(page)).to_have_text("Deze aanvraag is gewist")


def test_not_my_child_deletes_everything_at_once_and_sends_nothing(look: Visit, stage: Stage) -> None:
    page = look()
    link = decide(stage, page, "not_mine")
    father = f"iemand{stage.people}@voorbeeld.test"
    expect(title(page)).to_have_text("De aanvraag is gewist")
    assert father not in known(stage)
    stage.clock.forward(days=2)
    assert [mail for mail in work_off(stage.ctx) if mail["To"] == father] == []
    page.goto(link)
    expect(title(page)).to_have_text("Deze aanvraag is gewist")
    expect(page.locator("button")).to_have_count(0)


def test_the_second_mail_a_day_later_undoes_a_yes_with_one_click(look: Visit, stage: Stage) -> None:
    asking = asked(stage, CLUB, "nl", "recipes", "reminder")
    allowed(stage, asking, CLUB, "nl", "recipes", "reminder")
    stage.clock.forward(days=1, minutes=1)
    (plus,) = [mail for mail in work_off(stage.ctx) if mail["To"] == asking["To"]]
    page = look()
    page.goto(stage.link(plus, "withdraw"))
    answer(page, "stop")
    expect(title(page)).to_have_text("Het is gestopt")
    expect(page.locator(".facts li")).to_have_count(2)
    (proof,) = [mail for mail in work_off(stage.ctx) if mail["To"] == asking["To"]]
    assert proof["Subject"] == f"{TITLES['nl']}: stop genoteerd voor een kind"
    page.goto(stage.link(asking, "guardian"))
    expect(title(page)).to_have_text("Het is gestopt")


def test_a_father_who_answers_twice_from_two_tabs_decides_once(look: Visit, stage: Stage) -> None:
    asking = asked(stage, CLUB, "nl", "recipes", "reminder")
    first = look()
    second = first.context.new_page()
    for page in (first, second):
        page.goto(stage.link(asking, "guardian"))
    first.check("#p-recipes")
    first.check("#is_guardian")
    press(first, "yes")
    expect(title(first)).to_have_text("Uw beslissing staat vast")
    second.check("#p-reminder")
    second.check("#is_guardian")
    press(second, "yes")
    expect(title(second)).to_have_text(re.compile("^U hebt dit beslist op"))
    assert [line.rpartition("\n")[2] for line in second.locator(".facts li").all_inner_texts()] == [
        "Ja, dit mag",
        "Nee, dit mag niet",
    ]
    assert token_in(asking, "guardian") in second.url
