"""Which notice speaks for a controller on a page or in a mail."""

import pytest

from app.services import notice_choice
from app.services.kit import Kit, UnknownLink
from app.storage import subjects
from tests import audit
from tests.factories import Clock, notice_hash, send_form


def test_somebody_is_spoken_to_by_the_notice_that_they_saw_last(any_kit: Kit, clock: Clock) -> None:
    for language in ("nl", "en"):
        send_form(any_kit, purposes=("keep_cv",), language=language)
        clock.forward(minutes=1)
        with any_kit.database.read() as connection:
            (subject,) = subjects.everywhere(connection, "sofie@voorbeeld.test")
            spoken = notice_choice.of_subject(any_kit, connection, subject).notice

        assert spoken.hash == notice_hash(any_kit, language=language)


@pytest.mark.parametrize(("asked", "spoken"), [("nl", "nl"), ("en", "en"), ("fr", "en"), ("", "en")])
def test_a_controller_speaks_the_language_asked_for_where_it_can(any_kit: Kit, asked: str, spoken: str) -> None:
    with any_kit.database.read() as connection:
        notice = notice_choice.of_controller(any_kit, connection, "talentwerk", asked).notice

    assert (notice.controller, notice.language) == ("talentwerk", spoken)


def test_a_controller_that_shows_nothing_has_no_face(any_kit: Kit) -> None:
    audit.run(any_kit, "UPDATE notices SET current_until = stored_at WHERE controller = 'talentwerk'")

    with any_kit.database.read() as connection:
        with pytest.raises(UnknownLink):
            notice_choice.of_controller(any_kit, connection, "talentwerk", "nl")
        with pytest.raises(UnknownLink):
            notice_choice.of_controller(any_kit, connection, "nowhere", "nl")


@pytest.mark.parametrize(("wanted", "language"), [("fr", "fr"), ("en", "en"), ("xx", "nl"), (None, "nl")])
def test_a_notice_is_told_in_another_language_where_the_same_definition_has_it(
    any_kit: Kit, wanted: str | None, language: str
) -> None:
    own = any_kit.stored_notice(notice_hash(any_kit, "zorgzeker", "quote", "nl"))

    stored, languages = notice_choice.translated(any_kit, own, wanted)

    assert (stored.notice.language, stored.definition) == (language, own.definition)
    assert sorted(languages) == ["en", "fr", "nl"]
