"""No writer can store a step that the table of `domain.consent` does not know, whatever the two states are."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, select, update

from app.domain.consent import NotAllowed, RequestStatus, Status, may
from app.services.context import Context
from app.storage import consents, requests, schema
from app.storage.consents import Consent
from tests.factories import START
from tests.services.person import Person

LATER = START + timedelta(days=1)
Write = tuple[str, str]

writes = st.one_of(
    st.tuples(st.just("decide"), st.sampled_from(Status)),
    st.tuples(st.just("close"), st.sampled_from(RequestStatus)),
    st.tuples(st.just("end"), st.sampled_from(Status)),
    st.tuples(st.just("grant"), st.sampled_from(Status)),
)


@pytest.fixture
def stored(any_ctx: Context) -> tuple[Context, Consent]:
    """A database with one request for one purpose, and the consent that a yes to it would be."""
    Person(any_ctx).asks("keep_cv")
    with any_ctx.database.read() as connection:
        row = connection.execute(select(schema.requests)).one()
    consent = Consent(
        subject_id=row.subject,
        form=row.form,
        purpose="keep_cv",
        controller=row.controller,
        status=Status.GRANTED,
        since=START,
        notice_hash=row.notice,
        request_id=row.id,
        ends_at=None,
        proof_until=None,
    )
    return any_ctx, consent


def write(connection: Connection, consent: Consent, how: str, to: str) -> None:
    if how == "decide":
        requests.decide(connection, consent.request_id, {consent.purpose: Status(to)})
    elif how == "close":
        requests.close(connection, consent.request_id, RequestStatus(to), START)
    elif how == "end":
        consents.end(connection, consent, Status(to), START, LATER)
    else:
        grant(connection, replace(consent, status=Status(to)))


def grant(connection: Connection, consent: Consent) -> None:
    answer = {consent.purpose: consent.status}
    consents.answer(connection, consent.request_id, RequestStatus.CONFIRMED, START, answer, [consent])


def states(connection: Connection) -> tuple[RequestStatus, Status, Status | None]:
    """What is stored: of the request, of its purpose, and of the consent, if there is one."""
    of_request = connection.execute(select(schema.requests.c.status)).scalar_one()
    of_purpose = connection.execute(select(schema.request_purposes.c.status)).scalar_one()
    of_consent = connection.execute(select(schema.consents.c.status)).scalar_one_or_none()
    return RequestStatus(of_request), Status(of_purpose), Status(of_consent) if of_consent else None


def is_lawful(before: Status | None, after: Status | None, is_new_yes: bool) -> bool:
    """Whether a consent may have come from one state to the other. A yes to a request makes a new one."""
    if before == after or (after == Status.GRANTED and is_new_yes):
        return True
    return before is not None and after is not None and may(before, after)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(writes, max_size=8))
def test_no_row_of_writes_stores_a_step_outside_the_table(stored: tuple[Context, Consent], row: list[Write]) -> None:
    ctx, consent = stored
    with ctx.database.write() as connection:
        attempt = connection.begin_nested()
        before = states(connection)
        for how, to in row:
            with suppress(NotAllowed):
                write(connection, consent, how, to)
            after = states(connection)
            assert after[0] == before[0] or may(before[0], after[0]), (how, to)
            assert after[1] == before[1] or may(before[1], after[1]), (how, to)
            assert is_lawful(before[2], after[2], before[1] != after[1] == Status.GRANTED), (how, to)
            before = after
        attempt.rollback()


@pytest.mark.parametrize(
    ("of", "how", "table"),
    [(Status, "decide", schema.request_purposes), (RequestStatus, "close", schema.requests)],
    ids=["decide", "close"],
)
def test_a_step_is_stored_if_the_table_allows_it_and_refused_if_not(
    stored: tuple[Context, Consent], of: Any, how: str, table: Table
) -> None:
    ctx, consent = stored
    with ctx.database.write() as connection:
        for old, new in product(of, of):
            connection.execute(update(table).values(status=old))
            is_refused = False
            try:
                write(connection, consent, how, new)
            except NotAllowed:
                is_refused = True
            found = connection.execute(select(table.c.status)).scalar_one()
            assert (is_refused, found) == ((False, new) if may(old, new) else (True, old)), (old, new)


@pytest.mark.parametrize("ended", [status for status in Status if not may(Status.GRANTED, status)])
def test_a_granted_consent_ends_in_no_way_but_those_of_the_table(
    stored: tuple[Context, Consent], ended: Status
) -> None:
    ctx, consent = stored
    with ctx.database.write() as connection:
        grant(connection, consent)
        with pytest.raises(NotAllowed):
            consents.end(connection, consent, ended, START, LATER)
        assert states(connection)[2] == Status.GRANTED


REVIVING: list[Callable[[Connection, Consent], None]] = [
    grant,
    lambda connection, consent: requests.decide(connection, consent.request_id, {consent.purpose: Status.GRANTED}),
]


@pytest.mark.parametrize("revive", REVIVING)
def test_what_was_withdrawn_does_not_revive_by_its_old_request(
    stored: tuple[Context, Consent], revive: Callable[[Connection, Consent], None]
) -> None:
    ctx, consent = stored
    with ctx.database.write() as connection:
        grant(connection, consent)
        consents.end(connection, consent, Status.WITHDRAWN, START, LATER)
        with pytest.raises(NotAllowed):
            revive(connection, consent)
        assert states(connection)[2] == Status.WITHDRAWN
