"""A form for what is no online service: a parent decides until majority, and no page names GDPR art. 8."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from tests.factories import link_in, text_of, work_off
from tests.page import Page
from tests.web.ways import PAPA, PHOTO, TEEN, allow, child_allowed, stored

LAST_DAY_17, BIRTHDAY_18 = ("22", "11", "2008"), ("21", "11", "2008")
"""Dates of birth on the clock of these tests: eighteen tomorrow, and today."""
ARTICLE_8 = re.compile(r"\b8(\(\d\)|, lid \d,|, paragraphe \d,)? (AVG|GDPR|du RGPD)")


@pytest.mark.parametrize("born", [TEEN, LAST_DAY_17], ids=["sixteen", "eighteen tomorrow"])
def test_below_eighteen_a_parent_is_asked_and_nobody_reads_as_a_teenager(
    client: FlaskClient, born: tuple[str, str, str]
) -> None:
    page = PHOTO.after(client, born)

    assert {"child_name", "guardian_email"} <= page.typed.keys()
    assert "email" not in page.typed
    assert "<svg" not in page.html  # drawings are for forms on which young teenagers decide alone
    assert "18" in page.text


def test_from_eighteen_on_one_decides_alone(client: FlaskClient) -> None:
    page = PHOTO.after(client, BIRTHDAY_18)

    assert "email" in page.typed
    assert "guardian_email" not in page.typed


@pytest.mark.parametrize("language", PHOTO.languages)
def test_the_parent_of_a_sixteen_year_old_reads_why_the_law_allows_it_without_article_8(
    client: FlaskClient, ctx: Context, language: str
) -> None:
    page = PHOTO.after(client, TEEN, language)
    PHOTO.answer(page.press(client, 0, child_name="Noor", guardian_email=PAPA, purposes=["wall_photo"]))
    (mail,) = work_off(ctx)

    asked = Page(client.get(link_in(mail, "guardian")))

    for read in (page.text, text_of(mail), asked.text):
        assert ARTICLE_8.search(read) is None
    for told in (text_of(mail), asked.text):
        assert "18" in told
    assert i18n.say(language, "guardian.notice.basis.offline") in asked.text
    assert i18n.say(language, "notice.basis.consent_guardian_offline") in asked.text


def test_the_month_of_the_eighteenth_birthday_is_what_is_kept_and_then_the_decision_is_hers(
    client: FlaskClient, ctx: Context
) -> None:
    page = PHOTO.after(client, TEEN)
    PHOTO.answer(page.press(client, 0, child_name="Noor", guardian_email=PAPA, purposes=["wall_photo"]))
    allow(client, link_in(work_off(ctx)[0], "guardian"))

    (subject,) = stored(ctx, "subjects")
    (consent,) = stored(ctx, "consents")
    assert date.fromisoformat(str(subject["decides_from"])[:10]) in (date(2028, 2, 29), date(2028, 3, 1))
    assert (consent["status"], ctx.stored_notice(consent["notice"]).notice.threshold) == ("granted", 18)


def test_a_nine_year_old_is_asked_as_on_any_form(client: FlaskClient, ctx: Context) -> None:
    child_allowed(client, ctx, PHOTO)

    assert {row["purpose"]: row["status"] for row in stored(ctx, "consents")} == {"wall_photo": "granted"}
