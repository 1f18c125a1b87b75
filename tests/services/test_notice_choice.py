"""Which notice speaks for a controller on a page or in a mail."""

import pytest

from app.services import notice_choice
from app.services.context import Context, UnknownLink
from app.storage import subjects
from tests import audit
from tests.factories import Clock, notice_hash, send_form


def test_somebody_is_spoken_to_by_the_notice_that_they_saw_last(any_ctx: Context, clock: Clock) -> None:
    for language in ("nl", "en"):
        send_form(any_ctx, purposes=("keep_cv",), language=language)
        clock.forward(minutes=1)
        with any_ctx.database.read() as connection:
            (subject,) = subjects.everywhere(connection, "sofie@voorbeeld.test")
            spoken = notice_choice.of_subject(any_ctx, connection, subject).notice

        assert spoken.hash == notice_hash(any_ctx, language=language)


@pytest.mark.parametrize(("asked", "spoken"), [("nl", "nl"), ("en", "en"), ("fr", "en"), ("", "en")])
def test_a_controller_speaks_the_language_asked_for_where_it_can(any_ctx: Context, asked: str, spoken: str) -> None:
    with any_ctx.database.read() as connection:
        notice = notice_choice.of_controller(any_ctx, connection, "talentwerk", asked).notice

    assert (notice.controller, notice.language) == ("talentwerk", spoken)


def test_a_controller_that_shows_nothing_has_no_face(any_ctx: Context) -> None:
    audit.run(any_ctx, "UPDATE notices SET current_until = stored_at WHERE controller = 'talentwerk'")

    with any_ctx.database.read() as connection:
        with pytest.raises(UnknownLink):
            notice_choice.of_controller(any_ctx, connection, "talentwerk", "nl")
        with pytest.raises(UnknownLink):
            notice_choice.of_controller(any_ctx, connection, "nowhere", "nl")


@pytest.mark.parametrize(("wanted", "language"), [("fr", "fr"), ("en", "en"), ("xx", "nl"), (None, "nl")])
def test_a_notice_is_told_in_another_language_where_the_same_definition_has_it(
    any_ctx: Context, wanted: str | None, language: str
) -> None:
    own = any_ctx.stored_notice(notice_hash(any_ctx, "zorgzeker", "quote", "nl"))

    stored, languages = notice_choice.translated(any_ctx, own, wanted)

    assert (stored.notice.language, stored.definition_hash) == (language, own.definition_hash)
    assert sorted(languages) == ["en", "fr", "nl"]
