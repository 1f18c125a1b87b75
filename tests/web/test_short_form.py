"""A form asks no more at a time than it needs to: cards with their own questions, one fold, one line of advertising."""

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.paths import STATIC
from tests.page import Page, text_of
from tests.web.ways import ADULT, BAKECLUB, CAREERS, DESK, PHOTO, QUOTE, SOFIE


def card(page: Page, purpose: str) -> list[str]:
    """The names of what is filled in within the card of a purpose."""
    (found,) = [li for li in page.all("li") if any(box.get("id") == f"p-{purpose}" for box in li.iter("input"))]
    return [field.get("name", "") for tag in ("input", "select", "textarea") for field in found.iter(tag)]


def test_what_one_purpose_alone_needs_stands_in_its_card_and_what_several_need_below(client: FlaskClient) -> None:
    page = CAREERS.open(client)

    assert card(page, "offers_mail") == ["purposes", "first_name"]
    assert card(page, "offers_phone") == ["purposes", "phone"]
    assert card(page, "keep_cv") == ["purposes"]
    ids = [element.get("id") for element in page.all()]
    assert ids.index("p-keep_cv") < ids.index("email") < ids.index("field_of_work")


def test_no_hint_says_which_purpose_a_question_is_for_that_stands_in_its_card(client: FlaskClient) -> None:
    only = i18n.say("nl", "field.needed_for", purpose="")

    assert not [hint for hint in CAREERS.open(client).classed("hint") if text_of(hint).startswith(only)]


def test_a_question_that_was_answered_is_in_view_though_its_purpose_is_not_ticked(client: FlaskClient) -> None:
    page = QUOTE.open(client)
    assert [part.get("class") for part in page.classed("needs")] == ["needs"]

    again = QUOTE.answer(
        page.press(client, 0, email="", medical_history="geen", purposes=["follow_up"]), 422, ticked=["follow_up"]
    )

    assert [part.get("class") for part in again.classed("needs")] == ["needs filled"]


def test_what_an_unticked_purpose_needs_is_hidden_only_where_a_browser_can_tell() -> None:
    css = (STATIC / "akkoord.css").read_text(encoding="utf-8")
    _, _, guarded = css.partition("@supports selector(:has(*)) {")

    hides = guarded[: guarded.index("}")]

    assert "display: none" in hides
    assert hides.count(":has(") == hides.count("> :checked)") == 2, "an option that is chosen is :checked too"
    assert css.count(".needs:not(.filled)") == hides.count(".needs:not(.filled)")


@pytest.mark.parametrize("language", DESK.languages)
def test_the_head_of_every_page_names_the_company(client: FlaskClient, language: str) -> None:
    page = DESK.open(client, language)

    for shown in (page, DESK.answer(page.press(client, 1)), DESK.answer(page.press(client, 0, email=SOFIE))):
        (head,) = shown.classed("head")
        assert text_of(head).startswith("Buurtloket Sint-Anna vzw")


def test_a_purpose_that_stands_alone_has_no_heading_over_it_and_one_fold_for_all(client: FlaskClient) -> None:
    page = PHOTO.after(client, ADULT)

    assert i18n.say("nl", "form.purposes.legend") not in page.text
    (fold,) = page.all("details")
    assert text_of(fold).startswith(i18n.say("nl", "notice.all"))
    labels = [text_of(label) for label in fold.iter("dt")]
    assert {i18n.say("nl", f"notice.{row}") for row in ("data", "keep", "controller")} <= set(labels)
    assert i18n.say("nl", "form.purposes.legend") in CAREERS.open(client).text


def test_the_head_leads_back_to_the_site_of_the_company_beside_the_form(client: FlaskClient) -> None:
    page = QUOTE.open(client)
    (head,) = page.classed("head")

    (link,) = head.iter("a")

    assert (link.get("href"), link.get("target")) == ("https://www.zorgzeker.example", "_blank")


def test_a_parent_who_allows_nothing_is_asked_nothing_about_the_child(client: FlaskClient) -> None:
    page = BAKECLUB.after(client, ADULT)
    hidden = [field.get("name") for part in page.classed("needs") for field in part.iter("input")]

    assert hidden == [
        "first_name",
        "use_child_name",
        "child_name",
        "child_birth_month",
        "child_birth_year",
        "is_guardian",
    ]

    again = BAKECLUB.answer(page.press(client, 0, purposes=["recipes"], child_name="Noor"), 422, ticked=["recipes"])

    assert [part.get("class") for part in again.classed("needs")] == ["needs", "needs filled", "needs filled"]


def test_every_empty_part_of_a_date_that_lacks_one_is_marked_with_the_same_words(client: FlaskClient) -> None:
    parts = ("birth_day", "birth_month", "birth_year")
    question = BAKECLUB.open(client)

    page = BAKECLUB.answer(BAKECLUB.say_age(client, ("", "3", ""), question), 422)
    assert [page.one(id=part).get("aria-invalid") for part in parts] == ["true", None, "true"]
    assert {page.one(id=part).get("aria-describedby") for part in parts} == {"birth_day-error", None}
    page = BAKECLUB.answer(BAKECLUB.say_age(client, ("", "", ""), question), 422)
    assert [page.one(id=part).get("aria-invalid") for part in parts] == ["true"] * 3

    adult = BAKECLUB.after(client, ADULT)
    page = BAKECLUB.answer(adult.press(client, 0, purposes=["recipes"]), 422, ticked=["recipes"])
    assert [page.one(id=f"child_{part}").get("aria-invalid") for part in parts[1:]] == ["true"] * 2
