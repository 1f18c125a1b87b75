"""A notice: its text is stored as it is, and its hash names it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from app.domain.notice import Notice
from tests.domain.notices import FIELD, NOTICE, PURPOSE, TOLD


def test_a_stored_notice_is_read_back_whole() -> None:
    again = Notice.from_plain(json.loads(NOTICE.document))

    assert again == NOTICE
    assert (again.document, again.hash) == (NOTICE.document, NOTICE.hash)


def test_the_hash_is_that_of_the_stored_text() -> None:
    assert NOTICE.hash == sha256(NOTICE.document.encode()).hexdigest()


@pytest.mark.parametrize(
    "other",
    [
        replace(NOTICE, title="Nieuws!"),
        replace(NOTICE, words={"form.submit": "Verzenden"}),
        replace(NOTICE, evidence_for="6 years"),
        replace(NOTICE, purposes=(TOLD, PURPOSE)),
        replace(NOTICE, purposes=(replace(PURPOSE, text="We mailen veel nieuws."), TOLD)),
        replace(NOTICE, purposes=(replace(PURPOSE, rows=()), TOLD)),
        replace(NOTICE, fields=(replace(FIELD, options=()), *NOTICE.fields[1:])),
        replace(NOTICE, rows_after=NOTICE.rows_before, rows_before=()),
    ],
)
def test_whatever_is_shown_differently_is_another_notice(other: Notice) -> None:
    assert other.hash != NOTICE.hash


def test_what_needs_consent_is_asked_and_the_rest_is_told() -> None:
    assert (NOTICE.asked, NOTICE.told) == ((PURPOSE,), (TOLD,))
    assert NOTICE.used_by("email") == (PURPOSE, TOLD)
    assert NOTICE.used_by("street") == (TOLD,)
    assert NOTICE.purpose("order") is TOLD
    with pytest.raises(KeyError):
        NOTICE.purpose("other")


def test_a_purpose_says_when_a_yes_to_it_ends() -> None:
    granted = datetime(2026, 11, 21, tzinfo=UTC)

    assert PURPOSE.ends(granted) == datetime(2027, 11, 21, tzinfo=UTC)
    assert replace(PURPOSE, valid_for="").ends(granted) == datetime(2028, 11, 21, tzinfo=UTC)
    assert TOLD.ends(granted) is None


def test_a_notice_that_was_stored_before_has_its_rows_under_each_purpose_and_nothing_in_common() -> None:
    stored = json.loads(NOTICE.document)
    for newer in ("common", "registration", "phone", "for_parent", "legal_age"):
        del stored[newer]

    read = Notice.from_plain(stored)

    assert read == NOTICE
    assert (read.common, read.for_parent, read.imprint) == ((), (), "Bakkerij De Molen BV, Korenmarkt 7")
    assert read.rows_before == (("Wie", ("wij",)),)


def test_what_stands_once_and_what_a_parent_reads_survive_the_store() -> None:
    notice = replace(NOTICE, common=(("Wie", ("wij", "hier")),), for_parent=("een", "twee"), phone="09 1")

    assert Notice.from_plain(json.loads(notice.document)) == notice


@pytest.mark.parametrize(
    ("label", "before_answer"),
    [("Welke bakdag?", "Welke bakdag"), ("Quelle journée\u00a0?", "Quelle journée"), ("Voornaam:", "Voornaam")],
)
def test_a_question_has_no_mark_before_the_colon_and_its_answer(label: str, before_answer: str) -> None:
    assert replace(FIELD, label=label).before_answer == before_answer
