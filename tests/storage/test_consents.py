"""Consents: how one ends, and that it does so once."""

from datetime import timedelta

from app.domain.consent import Status
from app.services.context import Context
from app.storage import consents
from app.storage.schema import written
from tests import audit
from tests.factories import START
from tests.services.person import Person


def test_a_consent_ends_once_and_the_first_end_stands(any_ctx: Context) -> None:
    Person(any_ctx).grants("keep_cv")
    later = START + timedelta(days=1)
    with any_ctx.database.write() as connection:
        (consent,) = consents.granted(connection, audit.rows(any_ctx, "subjects")[0]["id"])

        assert consents.end(connection, consent, Status.WITHDRAWN, START, later)
        assert not consents.end(connection, consent, Status.EXPIRED, later, later)

    (row,) = audit.rows(any_ctx, "consents")
    assert (row["status"], row["since"], row["ends_at"]) == ("withdrawn", written(START), None)
