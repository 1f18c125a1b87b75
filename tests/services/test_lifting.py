"""Never mail me again is lifted by the person alone: by a press behind a link that only its owner is mailed."""

import pytest

from app.domain.address import Address
from app.services import housekeeping, lifting, mail_opt_out
from app.services.context import Context, UnknownLink
from app.services.link_request import LinkRequest
from app.services.tokens import LinkExpired
from app.storage import suppressions
from tests import audit
from tests.factories import ON_SQLITE, Clock, send_link, text_of, token_in
from tests.services.person import Person


def stopped(ctx: Context) -> Person:
    """Somebody who was mailed once and then said never."""
    person = Person(ctx)
    person.asks("keep_cv")
    person.stops()
    return person


def ask(person: Person, to_object: bool = False) -> list[str]:
    """Anybody asks for a link to this person; returns the kinds of the mails that come."""
    send_link(
        person.ctx,
        LinkRequest(person.controller, "nl", Address(person.email, person.email), "192.0.2.0/24", to_object=to_object),
    )
    kinds = {"lift": "/lift/", "object_link": "/object/", "link": "/withdraw/"}
    texts = [text_of(mail) for mail in person.mails()]
    return sorted(next(kind for kind, part in kinds.items() if part in text) for text in texts)


def offered(person: Person) -> str:
    """The token of the link that an offer brings."""
    send_link(
        person.ctx, LinkRequest(person.controller, "nl", Address(person.email, person.email), "n", to_object=False)
    )
    (token,) = [token_in(mail, "lift") for mail in person.mails() if "/lift/" in text_of(mail)]
    return token


def marks(ctx: Context) -> list[str]:
    return [row["kind"] for row in audit.rows(ctx, "suppressions")]


def test_a_strangers_request_for_a_link_leaves_the_mark_and_brings_the_links_and_one_offer(any_ctx: Context) -> None:
    sofie = stopped(any_ctx)

    assert ask(sofie) == ["lift", "link"]
    assert marks(any_ctx) == ["no_mail"]
    sofie.sends("offers_mail")
    assert sofie.mails() == []


def test_after_a_press_behind_the_link_forms_mail_again(any_ctx: Context) -> None:
    sofie = stopped(any_ctx)
    token = offered(sofie)

    assert lifting.view(any_ctx, token)[1] is False
    assert marks(any_ctx) == ["no_mail"]
    lifting.lift(any_ctx, token)

    assert marks(any_ctx) == []
    assert lifting.view(any_ctx, token)[1] is True
    assert sofie.asks("offers_mail")


def test_it_works_for_who_was_erased_and_keeps_nothing_of_them(any_ctx: Context, clock: Clock) -> None:
    sofie = stopped(any_ctx)
    clock.forward(days=8)
    housekeeping.tidy(any_ctx)
    assert sofie.rows() == []

    token = offered(sofie)
    housekeeping.tidy(any_ctx)
    assert not audit.readable(any_ctx, sofie.email)
    lifting.lift(any_ctx, token)

    assert marks(any_ctx) == []
    assert sofie.asks("keep_cv")


def test_the_link_lives_half_an_hour_from_its_sending(any_ctx: Context, clock: Clock) -> None:
    """The mail may wait in the outbox as long as it likes."""
    sofie = stopped(any_ctx)
    send_link(any_ctx, LinkRequest(sofie.controller, "nl", Address(sofie.email, sofie.email), "n", to_object=False))
    clock.forward(hours=5)
    (token,) = [token_in(mail, "lift") for mail in sofie.mails() if "/lift/" in text_of(mail)]

    clock.forward(minutes=29, seconds=54)  # a token's time is in whole seconds
    assert lifting.view(any_ctx, token)[1] is False
    clock.forward(seconds=6)
    for act in (lifting.view, lifting.lift):
        with pytest.raises(LinkExpired):
            act(any_ctx, token)
    assert marks(any_ctx) == ["no_mail"]


def test_an_old_link_lifts_no_newer_mark(any_ctx: Context, clock: Clock) -> None:
    sofie = stopped(any_ctx)
    token = offered(sofie)
    lifting.lift(any_ctx, token)
    clock.forward(minutes=1)
    sofie.stops()

    with pytest.raises(LinkExpired):
        lifting.lift(any_ctx, token)
    assert marks(any_ctx) == ["no_mail"]


@pytest.mark.parametrize("kind", ["confirm", "guardian", "step", "form"])
def test_no_other_token_lifts(any_ctx: Context, kind: str) -> None:
    sofie = stopped(any_ctx)
    payload = any_ctx.signing.lift.read(offered(sofie))[0]

    for token in (getattr(any_ctx.signing, kind).make(payload), "", "x", sofie.token("stop"), "\0"):
        with pytest.raises(UnknownLink):
            lifting.lift(any_ctx, token)
    assert marks(any_ctx) == ["no_mail"]


@ON_SQLITE
def test_an_offer_comes_once_a_day_and_after_three_that_nobody_pressed_once_in_thirty_days(
    any_ctx: Context, clock: Clock
) -> None:
    sofie = stopped(any_ctx)
    begun, days = clock.now, []
    for hour in range(0, 24 * 64, 12):
        clock.now = begun
        clock.forward(hours=hour)
        send_link(
            any_ctx,
            LinkRequest(sofie.controller, "nl", Address(sofie.email, sofie.email), "n", to_object=bool(hour % 24)),
        )
        days += [hour // 24] * sum("/lift/" in text_of(mail) for mail in sofie.mails())
        if hour % 24 == 0:
            housekeeping.tidy(any_ctx)

    assert days == [0, 1, 2, 32, 62]


def test_after_a_new_stop_the_offers_are_counted_anew(any_ctx: Context, clock: Clock) -> None:
    sofie = stopped(any_ctx)
    for _ in range(3):
        offered(sofie)
        clock.forward(days=1)
    clock.forward(days=30)
    lifting.lift(any_ctx, offered(sofie))
    clock.forward(minutes=1)
    sofie.asks("keep_cv")
    sofie.stops()

    assert "lift" in ask(sofie)


def test_who_said_nothing_is_offered_nothing(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")

    assert ask(sofie) == ["link"]
    assert ask(Person(any_ctx, "pieter@voorbeeld.test"), to_object=True) == ["object_link"]
    assert ask(Person(any_ctx, "anna@voorbeeld.test")) == []
    assert len(audit.rows(any_ctx, "subjects")) == 2


def test_a_mark_at_one_controller_is_none_at_another(any_ctx: Context) -> None:
    sofie = stopped(any_ctx)
    elsewhere = Person(any_ctx, controller="metaalnet", form="events")
    elsewhere.grants("research")

    assert ask(elsewhere) == ["link"]
    lifting.lift(any_ctx, offered(sofie))
    assert mail_opt_out.view(any_ctx, sofie.token("stop"))[1] is False


def test_an_offer_that_has_become_void_does_not_go(any_ctx: Context, clock: Clock) -> None:
    sofie = stopped(any_ctx)
    token = offered(sofie)
    clock.forward(days=1)
    send_link(any_ctx, LinkRequest(sofie.controller, "nl", Address(sofie.email, sofie.email), "n", to_object=False))
    lifting.lift(any_ctx, any_ctx.signing.lift.make(any_ctx.signing.lift.read(token)[0]))

    assert all("/lift/" not in text_of(mail) for mail in sofie.mails())


def test_of_who_said_nothing_nothing_of_an_offer_is_stored(any_ctx: Context) -> None:
    before = audit.everything(any_ctx)
    send_link(
        any_ctx, LinkRequest("talentwerk", "nl", Address("x@voorbeeld.test", "x@voorbeeld.test"), "n", to_object=False)
    )

    after = audit.everything(any_ctx)
    changed = {table for table in after if after[table] != before[table]}
    assert changed <= {"ledger_heads", "mail_counts", "salts", "submit_counts"}


def test_a_link_that_was_pressed_says_done_within_its_half_hour_and_expired_after(
    any_ctx: Context, clock: Clock
) -> None:
    token = offered(stopped(any_ctx))
    lifting.lift(any_ctx, token)

    clock.forward(minutes=29, seconds=54)  # a token's time is in whole seconds
    assert lifting.view(any_ctx, token)[1] is True
    clock.forward(seconds=6)
    for act in (lifting.view, lifting.lift):
        with pytest.raises(LinkExpired):
            act(any_ctx, token)


@pytest.mark.parametrize("spelling", ["s.ofie+x@gmail.com", "sofie@googlemail.com"])
def test_who_asks_in_another_spelling_lifts_it_for_the_mailbox(any_ctx: Context, spelling: str) -> None:
    sofie, other = Person(any_ctx, "sofie@gmail.com"), Person(any_ctx, spelling)
    sofie.asks("keep_cv")
    sofie.stops()

    lifting.lift(any_ctx, offered(other))

    assert marks(any_ctx) == []
    assert sofie.asks("offers_mail")


def test_a_press_lifts_the_mark_of_a_spelling_and_that_of_its_mailbox(any_ctx: Context, clock: Clock) -> None:
    """The first was made before marks were about mailboxes, and is not seen in another spelling."""
    with any_ctx.database.write() as connection:
        suppressions.add(connection, "talentwerk", suppressions.NO_MAIL, "so.fie@gmail.com", any_ctx.clock())
    clock.forward(days=1)
    sofie, dotted = Person(any_ctx, "sofie@gmail.com"), Person(any_ctx, "so.fie@gmail.com")
    sofie.asks("keep_cv")
    sofie.stops()
    assert marks(any_ctx) == ["no_mail"] * 2

    lifting.lift(any_ctx, offered(dotted))

    assert marks(any_ctx) == []
    assert dotted.asks("keep_cv")


def test_a_token_that_names_no_notice_is_none_of_ours(any_ctx: Context) -> None:
    """Such as one that a former version made: it named the language."""
    for last in ("nl", "0" * 64, ""):
        with pytest.raises(UnknownLink):
            lifting.view(any_ctx, any_ctx.signing.lift.make(["0" * 64, "0" * 64, "2026", last]))
