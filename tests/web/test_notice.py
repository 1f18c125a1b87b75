"""The page of a notice: the text as it was shown, for anybody with its hash, for ever."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.domain.consent import Audience
from app.factory import create_app
from app.services import notice_text
from app.services.context import Context
from tests.factories import notice_hash
from tests.page import FOR_EVER, Page

CAREERS_NL: dict[str, Any] = {"controller": "talentwerk", "form": "careers", "language": "nl"}
CHILD_FR: dict[str, Any] = {"controller": "demolen", "form": "bakeclub", "language": "fr", "audience": Audience.CHILD}
GUARDIAN_FR: dict[str, Any] = CHILD_FR | {"audience": Audience.GUARDIAN}
WHAT_OF_A_CHILD = ("child.asked_by", "child.notice.evidence", "child.notice.tab", "child.notice.network")
QUOTE_EN: dict[str, Any] = {"controller": "zorgzeker", "form": "quote", "language": "en"}


@pytest.mark.parametrize("of", [CAREERS_NL, QUOTE_EN, CHILD_FR, GUARDIAN_FR])
def test_a_notice_is_shown_whole_in_its_language(client: FlaskClient, ctx: Context, of: dict[str, Any]) -> None:
    stored = ctx.stored_notice(notice_hash(ctx, **of))
    notice = stored.notice

    page = Page(client.get(f"/notice/{notice.hash}"), cache=FOR_EVER)

    assert page.language == notice.language
    said = [notice.title, notice.intro, notice.hash]
    for purpose in notice.purposes:
        said += [purpose.title, purpose.text, *(line for label, lines in purpose.rows for line in (label, *lines))]
        said += [purpose.statement] if purpose.statement else []
    said += [line for label, lines in notice.common for line in (label, *lines)]
    said += [notice.words[key] for key in WHAT_OF_A_CHILD] if notice.audience == Audience.CHILD else []
    said += [field.label for field in notice.fields]
    said += [
        f"{', '.join(text for _, text in field.options)}. {field.hint}".strip()
        for field in notice.fields
        if field.options
    ]
    assert [text for text in said if text not in page.text] == []


def test_a_notice_asks_nothing_and_leads_a_parent_from_the_childs_text_to_the_full_one(
    client: FlaskClient, ctx: Context
) -> None:
    beside = notice_hash(ctx, **GUARDIAN_FR)

    response = client.get(f"/notice/{notice_hash(ctx, **CHILD_FR)}")

    html = response.get_data(as_text=True)
    assert f'href="/notice/{beside}"' in html
    assert re.search("<(form|input|button|script)", html) is None


def test_a_notice_stays_under_its_address_when_the_form_says_something_else_now(
    client: FlaskClient, ctx: Context, publish: Callable[..., None]
) -> None:
    old = notice_hash(ctx, **CAREERS_NL)
    before = client.get(f"/notice/{old}").get_data()

    publish("talentwerk/careers", {"Contact over werk": "Contact over iets anders"})

    assert client.get(f"/notice/{old}").get_data() == before


def test_a_notice_may_be_kept_for_ever_but_neither_framed_nor_found(client: FlaskClient, ctx: Context) -> None:
    headers = client.get(f"/notice/{notice_hash(ctx, **CAREERS_NL)}").headers

    assert headers["Cache-Control"] == FOR_EVER
    assert "noindex" in headers["X-Robots-Tag"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_hash_that_is_not_whole_or_not_known_is_a_broken_link_like_any_other(
    client: FlaskClient, ctx: Context
) -> None:
    whole = notice_hash(ctx, **CAREERS_NL)
    unknown = Page(client.get("/withdraw/nothing?lang=nl"), 404).text

    for wrong in (whole[:12], whole[:-1], whole.upper(), "0" * 64):
        answer = client.get(f"/notice/{wrong}?lang=nl")
        assert Page(answer, 404).text == unknown
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_full_stop_behind_the_address_in_a_mail_is_left_out(client: FlaskClient, ctx: Context) -> None:
    assert client.get(f"/notice/{notice_hash(ctx, **CAREERS_NL)}.").status_code == 200


@pytest.mark.parametrize("of", [CAREERS_NL, CHILD_FR])
def test_the_text_of_the_command_says_what_the_page_says(client: FlaskClient, ctx: Context, of: dict[str, Any]) -> None:
    notice = ctx.stored_notice(notice_hash(ctx, **of)).notice
    page = Page(client.get(f"/notice/{notice.hash}"), cache=FOR_EVER)

    lines = [line for line in notice_text.plain(notice).splitlines() if line.strip("=-")]

    for line in lines:
        label, _, said = line.partition(": ")
        assert line in page.text or (label in page.text and said in page.text), line


def test_a_childs_notice_stored_before_it_said_who_asks_is_told_without(ctx: Context) -> None:
    notice = ctx.stored_notice(notice_hash(ctx, **CHILD_FR)).notice
    older = replace(notice, words={key: said for key, said in notice.words.items() if key != "child.asked_by"})

    told, before = (list(notice_text.parts(one)) for one in (notice, older))

    assert told[1:] == before[1:]
    assert told[0].sentences == (notice.words["child.asked_by"], *before[0].sentences)


@pytest.mark.parametrize("odd", ["%00", "%00{rest}", "{start}%0a", "{start}%C3%A9", "%ff{rest}"])
def test_what_is_no_hash_is_an_unknown_notice_on_both_databases(any_ctx: Context, odd: str) -> None:
    """PostgreSQL takes no NUL in a text: asked for one, it would be reported as away."""
    known = notice_hash(any_ctx, **CAREERS_NL)
    client = create_app(any_ctx.settings, ctx=any_ctx).test_client(use_cookies=False)

    response = client.get(f"/notice/{odd.format(start=known[:-1], rest=known[1:])}", base_url=any_ctx.settings.BASE_URL)

    assert response.status_code == 404
