"""A form that asks a higher age than the law: no page or mail gives the company's own choice out for the law's."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from tests.factories import link_in, text_of, work_off
from tests.page import Page
from tests.web.ways import BAKECLUB, PAPA

CONTACT = "privacy@demolen.example"


@pytest.mark.parametrize("language", BAKECLUB.languages)
@pytest.mark.parametrize("is_own", [True, False], ids=["16 of its own accord", "13 as the law asks"])
def test_up_to_which_age_the_law_asks_is_said_to_who_types_a_date_and_to_the_parent(
    client: FlaskClient, ctx: Context, publish: Callable[..., None], is_own: bool, language: str
) -> None:
    publish("demolen/bakeclub", {"countries: [BE]": "countries: [BE], age: 16"} if is_own else {})
    first = BAKECLUB.open(client, language)
    page = BAKECLUB.after(client, language=language)
    BAKECLUB.answer(page.press(client, 0, child_name="Noor", guardian_email=PAPA, purposes=["recipes"]))
    (mail,) = work_off(ctx)
    asked = Page(client.get(link_in(mail, "guardian")))

    who = {"controller": "Bakkerij De Molen BV", "contact": CONTACT}
    assert (i18n.say(language, "age.about.own_age", True, **who) in first.text) == is_own
    assert (i18n.say(language, "age.about", True, **who) in first.text) != is_own
    assert "13" not in first.text, "the age question hints at no limit"
    choice = i18n.say(language, "guardian.notice.basis.own_age", legal=13, contact=CONTACT)
    assert (choice in text_of(mail), choice in asked.text) == (is_own, is_own)
    assert (i18n.say(language, "notice.basis.own_age", legal=13) in asked.text) == is_own
