"""The notices that were ever shown: kept as they were, and which of them are current."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from app.domain.form import ServedForm, Theme
from app.services.context import Context
from app.storage import notices
from tests import audit
from tests.domain.notices import NOTICE
from tests.factories import START

THEME = Theme()


def store(connection: Connection, *stored: object) -> None:
    for notice in stored:
        notices.store(connection, notice, THEME, "d1", "1.0", START)  # type: ignore[arg-type]


def test_a_notice_comes_back_as_it_was_shown(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        store(connection, NOTICE)
        found = notices.find(connection, NOTICE.hash)

        assert found is not None
        assert (found.notice, found.theme, found.definition_hash, found.current_until) == (NOTICE, THEME, "d1", None)
        assert notices.find(connection, "f" * 64) is None


def test_a_notice_that_is_stored_again_only_becomes_current_again(any_ctx: Context) -> None:
    later = START + timedelta(days=1)
    with any_ctx.database.write() as connection:
        store(connection, NOTICE)
        notices.retire_others(connection, "acme", "news", [], later)
        retired = notices.find(connection, NOTICE.hash)
        notices.store(connection, NOTICE, replace(THEME, radius=3), "d2", "2.0", later)
        again = notices.find(connection, NOTICE.hash)

    assert retired is not None
    assert again is not None
    assert (retired.current_until, again.current_until) == (later, None)
    assert (again.definition_hash, again.theme.radius) == ("d1", 3)
    (row,) = audit.rows(any_ctx, "notices", "hash = :hash", hash=NOTICE.hash)
    assert (row["stored_at"], row["kit_version"]) == ("2026-11-21T13:32:05.000000Z", "1.0")


def test_what_is_current_no_more_keeps_the_moment_when_it_ceased(any_ctx: Context) -> None:
    old, new, other = NOTICE, replace(NOTICE, title="Nieuw"), replace(NOTICE, form="cards")
    with any_ctx.database.write() as connection:
        store(connection, old, new, other)
        notices.retire_others(connection, "acme", "news", [new.hash], START)
        notices.retire_others(connection, "acme", "news", [new.hash], START + timedelta(days=1))
        until = [
            found and found.current_until for found in (notices.find(connection, n.hash) for n in (old, new, other))
        ]

        assert until == [START, None, None]
        assert notices.current(connection, "acme") == [("nl", other.hash), ("nl", new.hash)]


def test_siblings_say_the_same_in_other_languages(any_ctx: Context) -> None:
    english = replace(NOTICE, language="en")
    with any_ctx.database.write() as connection:
        store(connection, NOTICE, english, replace(NOTICE, language="fr", form="cards"))
        notices.store(connection, replace(NOTICE, language="fr"), THEME, "of another definition", "1.0", START)
        found = notices.find(connection, NOTICE.hash)
        assert found is not None

        assert notices.siblings(connection, found) == {"nl": NOTICE.hash, "en": english.hash}


def test_forms_are_served_in_the_order_of_their_addresses_until_they_are_not(any_ctx: Context) -> None:
    form = ServedForm("acme", "news", ("nl",), ("https://www.acme.example",), THEME, "d1", {"nl/adult": NOTICE.hash})
    with any_ctx.database.write() as connection:
        notices.serve(connection, form)
        notices.serve(connection, replace(form, controller="aaa"))
        notices.serve(connection, replace(form, definition="d2"))
        mine = [found for found in notices.served(connection) if found.controller in ("aaa", "acme")]
        assert [(found.controller, found.definition) for found in mine] == [("aaa", "d1"), ("acme", "d2")]
        notices.retire(connection, "acme", "news")

        assert "acme" not in {found.controller for found in notices.served(connection)}


@pytest.mark.parametrize("text", ["’ é 李 \u2028 😀", '"\\', "<b>&amp;{{ 7 }}"])
def test_the_stored_document_is_the_text_that_the_hash_is_of(any_ctx: Context, text: str) -> None:
    notice = replace(NOTICE, title=text)
    with any_ctx.database.write() as connection:
        store(connection, notice)

    (row,) = audit.rows(any_ctx, "notices", "hash = :hash", hash=notice.hash)
    assert row["document"] == notice.document
    assert json.loads(row["document"])["title"] == text
