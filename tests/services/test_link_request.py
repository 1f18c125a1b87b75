"""A link on request."""

import pytest

from app.domain.address import Address
from app.services import housekeeping, objection
from app.services.context import Context, UnknownLink
from app.services.link_request import LinkRequest
from tests import audit
from tests.factories import Clock, send_link, token_in
from tests.services.person import Person


def ask(person: Person, to_object: bool = False) -> None:
    send_link(
        person.ctx,
        LinkRequest(person.controller, "nl", Address(person.email, person.email), "192.0.2.0/24", to_object=to_object),
    )


def test_who_is_known_gets_the_withdrawal_link(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")

    ask(sofie)

    assert token_in(sofie.mail(), "withdraw") == sofie.token("withdraw")
    assert sofie.statuses() == {"keep_cv": "granted"}


def test_an_unknown_address_is_mailed_nothing_and_not_stored(any_ctx: Context) -> None:
    sofie = Person(any_ctx)

    ask(sofie)

    assert (sofie.mails(), sofie.rows(), audit.rows(any_ctx, "outbox")) == ([], [], [])
    assert not audit.readable(any_ctx, sofie.email)


def test_who_is_known_to_one_controller_is_unknown_to_another(any_ctx: Context) -> None:
    Person(any_ctx, controller="metaalnet", form="events").grants("research")
    sofie = Person(any_ctx)

    ask(sofie)

    assert sofie.mails() == []


def test_any_address_gets_the_objection_link_and_is_forgotten_after_a_week(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)

    ask(sofie, to_object=True)

    token = token_in(sofie.mail(), "object")
    clock.forward(days=6)
    housekeeping.tidy(any_ctx)
    assert not objection.view(any_ctx, token).objected
    clock.forward(days=1)
    housekeeping.tidy(any_ctx)
    assert sofie.rows() == []
    assert sofie.history() == [("erased", "")]
    with pytest.raises(UnknownLink):
        objection.view(any_ctx, token)


def test_who_has_a_consent_too_is_not_forgotten_with_the_objection_link(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")
    ask(sofie, to_object=True)
    sofie.mails()

    clock.forward(days=30)
    housekeeping.tidy(any_ctx)

    assert sofie.statuses() == {"keep_cv": "granted"}
    assert [row["kept_until"] for row in sofie.rows()] == [None]


def test_who_asked_meanwhile_is_kept_until_that_ends(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    ask(sofie, to_object=True)
    clock.forward(days=3)
    sofie.sends("keep_cv")
    sofie.mails()

    clock.forward(days=4)
    housekeeping.tidy(any_ctx)
    assert sofie.statuses() == {"keep_cv": "requested"}
    clock.forward(days=3)
    housekeeping.tidy(any_ctx)
    assert sofie.rows() == []


def test_a_controller_that_serves_nothing_mails_no_links(any_ctx: Context) -> None:
    ask(Person(any_ctx, controller="nowhere"), to_object=True)
    assert audit.rows(any_ctx, "outbox") == []
    assert [row["problem"] for row in audit.rows(any_ctx, "intake")] == ["UnknownLink"]


@pytest.mark.parametrize("language", ["nl", "en", "fr", "xx", ""])
def test_the_mail_speaks_the_language_of_the_page_as_far_as_the_controller_does(
    any_ctx: Context, language: str
) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")

    send_link(any_ctx, LinkRequest("talentwerk", language, Address(sofie.email, sofie.email), "n", to_object=False))

    assert sofie.mail()["Subject"]
    (row,) = audit.rows(any_ctx, "outbox", "kind = 'link'")
    assert any_ctx.stored_notice(row["notice"]).notice.language == (language if language in ("nl", "en") else "en")
