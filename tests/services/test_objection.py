"""Objection: to direct marketing, which always counts, and to a legitimate interest, which the controller weighs."""

from pathlib import Path

import pytest

from app.domain.address import Address
from app.services import confirmation, housekeeping, objection, publishing
from app.services.context import Context, UnknownLink
from app.services.link_request import LinkRequest
from tests import audit
from tests.definitions.folder import CONTROLLER, FORM, FormsFolder
from tests.factories import ON_SQLITE, Clock, send_form, send_link, text_of, token_in, work_off
from tests.services.person import Person

INTEREST = """\
  - id: security
    basis: legitimate_interest
    weighing: Abuse harms everybody.
    title:
      nl: Misbruik tegenhouden
      en: Keeping abuse out
    text:
      nl: We bewaren wie wat instuurt.
      en: We keep who sends what.
    data: [email]
    recipients: none
    transfers: none
    automated_decisions: none
    keep: 1 year
    channel: none
"""


def marks(ctx: Context) -> list[tuple[str, str]]:
    return [(row["controller"], row["kind"]) for row in audit.rows(ctx, "suppressions")]


def ask_for_objection_link(ctx: Context, email: str = "sofie@voorbeeld.test") -> None:
    send_link(ctx, LinkRequest("talentwerk", "nl", Address(email, email), "192.0.2.0/24", to_object=True))


def test_an_objection_ends_all_direct_marketing_and_nothing_else(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.grants("offers_mail", "offers_phone", "keep_cv", first_name="Sofie", phone="06 12 34 56 78")

    view = sofie.objects()

    assert view.objected
    assert sofie.statuses() == {"offers_mail": "withdrawn", "offers_phone": "withdrawn", "keep_cv": "granted"}
    assert sofie.fields() == {}
    assert marks(any_ctx) == [("talentwerk", "objected")]
    assert sofie.history()[-3:] == [("objected", ""), ("withdrawn", "offers_mail"), ("withdrawn", "offers_phone")]
    mail = sofie.mail()
    assert "Vacatures per mail" in text_of(mail)


def test_a_second_objection_changes_nothing_and_mails_nothing(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.grants("offers_mail", "keep_cv")
    sofie.objects()
    sofie.mails()
    before = audit.everything(any_ctx)

    assert sofie.objects().objected
    assert objection.view(any_ctx, sofie.token("object")).objected
    assert audit.everything(any_ctx) == before


def test_an_objection_takes_direct_marketing_out_of_what_waits(any_ctx: Context) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    mixed, only = sofie.asks("offers_mail", "keep_cv", first_name="Sofie"), sofie.asks("offers_phone")

    sofie.objects()

    assert sofie.statuses() == {"offers_mail": "withdrawn", "offers_phone": "withdrawn", "keep_cv": "requested"}
    assert sofie.says_yes(only).state is confirmation.ConfirmationState.ENDED
    assert sofie.says_yes(mixed).purposes == {"keep_cv": "granted", "offers_mail": "withdrawn"}
    assert marks(any_ctx) == [("talentwerk", "objected")]
    assert sofie.fields() == {}


def test_an_objection_after_an_objection_stops_what_was_asked_in_between(any_ctx: Context) -> None:
    """Somebody else fills in the address again; the mail that comes has the objection link in it."""
    any_ctx.limited = False
    sofie = Person(any_ctx)
    sofie.grants("offers_mail", "keep_cv")
    sofie.objects()
    sofie.mails()
    token = sofie.asks("offers_mail")

    sofie.objects()

    assert sofie.says_yes(token).state is confirmation.ConfirmationState.ENDED
    assert sofie.statuses() == {"offers_mail": "withdrawn", "keep_cv": "granted"}
    assert marks(any_ctx) == [("talentwerk", "objected")]


@ON_SQLITE
def test_a_mail_that_was_forwarded_cannot_be_used_to_send_without_end(any_ctx: Context, clock: Clock) -> None:
    """Form and press, sixty times: what merely waited ends, and nothing is mailed about it."""
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")
    sofie.objects()
    assert len(sofie.mails()) == 1
    from_forms = received = 0
    for number in range(60):
        sofie.sends("offers_mail", first_name=f"Naam {chr(65 + number % 26)}")
        from_forms += len(sofie.mails())
        sofie.objects()
        received += len(sofie.mails())

    assert (from_forms, received) == (1, 0)
    assert sofie.statuses() == {"keep_cv": "granted", "offers_mail": "withdrawn"}


def test_who_had_only_asked_and_objects_is_forgotten_once_the_proof_is_mailed(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.asks("offers_mail", first_name="Sofie")

    sofie.objects()
    housekeeping.tidy(any_ctx)
    assert len(sofie.mails()) == 1
    housekeeping.tidy(any_ctx)

    assert sofie.rows() == []
    assert marks(any_ctx) == [("talentwerk", "objected")]
    assert not audit.readable(any_ctx, "sofie@voorbeeld.test")


def test_the_withdrawal_of_the_last_direct_marketing_counts_as_an_objection(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.grants("offers_mail", "offers_phone", "keep_cv")

    sofie.withdraws("offers_mail")
    assert marks(any_ctx) == []
    sofie.withdraws("keep_cv")
    assert marks(any_ctx) == []
    sofie.withdraws("offers_phone")
    assert marks(any_ctx) == [("talentwerk", "objected")]


def test_the_withdrawal_of_other_purposes_is_no_objection(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")

    sofie.withdraws()

    assert marks(any_ctx) == []


def test_a_confirmed_yes_to_direct_marketing_lifts_the_objection(any_ctx: Context) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    sofie.grants("offers_mail")
    sofie.objects()
    sofie.mails()

    sofie.grants("keep_cv")
    assert marks(any_ctx) == [("talentwerk", "objected")]
    token = sofie.asks("offers_phone")
    assert marks(any_ctx) == [("talentwerk", "objected")]
    sofie.says_yes(token)
    assert marks(any_ctx) == []
    assert not objection.view(any_ctx, sofie.token("object")).objected


def test_an_objection_at_one_controller_is_none_at_another(any_ctx: Context) -> None:
    sofie, elsewhere = Person(any_ctx), Person(any_ctx, controller="metaalnet", form="events")
    sofie.grants("offers_mail")
    elsewhere.grants("workshops")

    sofie.objects()

    assert elsewhere.statuses() == {"workshops": "granted"}
    assert marks(any_ctx) == [("talentwerk", "objected")]


def test_who_never_agreed_to_anything_can_object_and_is_forgotten_a_week_later(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    ask_for_objection_link(any_ctx)
    token = token_in(sofie.mail(), "object")

    assert objection.object_to_marketing(any_ctx, token).objected
    assert marks(any_ctx) == [("talentwerk", "objected")]
    assert len(sofie.mails()) == 1
    clock.forward(days=7, seconds=-1)
    housekeeping.tidy(any_ctx)
    assert objection.view(any_ctx, token).objected
    clock.forward(seconds=1)
    housekeeping.tidy(any_ctx)

    assert sofie.rows() == []
    assert sofie.history() == [("objected", ""), ("erased", "")]
    with pytest.raises(UnknownLink):
        objection.view(any_ctx, token)


def test_the_mark_is_still_there_when_nothing_else_is(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.grants("offers_mail")
    sofie.objects()
    sofie.mails()
    clock.forward(days=5 * 366)
    housekeeping.tidy(any_ctx)

    assert sofie.rows() == []
    assert marks(any_ctx) == [("talentwerk", "objected")]


@pytest.mark.parametrize("kind", ["withdraw", "stop"])
def test_no_other_link_objects(any_ctx: Context, kind: str) -> None:
    sofie = Person(any_ctx)
    sofie.grants("offers_mail")
    before = audit.everything(any_ctx)

    with pytest.raises(UnknownLink):
        objection.object_to_marketing(any_ctx, sofie.token(kind))
    with pytest.raises(UnknownLink):
        objection.object_to_interest(any_ctx, sofie.token(kind), "careers/keep_cv")
    assert audit.everything(any_ctx) == before


@pytest.fixture
def acme(any_ctx: Context, tmp_path: Path) -> Person:
    """Somebody who asked for the news of a controller that also has a legitimate interest."""
    published = publishing.publish(any_ctx, FormsFolder(tmp_path / "forms").write(FORM + INTEREST, CONTROLLER).path)
    assert published.faults == ()
    send_form(any_ctx, purposes=("news",), controller="acme", form="news")
    return Person(any_ctx, controller="acme", form="news")


def test_an_objection_to_a_legitimate_interest_tells_both_sides_once(acme: Person) -> None:
    acme.mail()
    (interest,) = objection.view(acme.ctx, acme.token("object")).interests
    assert (interest.key, interest.title) == ("news/security", "Misbruik tegenhouden")

    for _ in range(2):
        assert objection.object_to_interest(acme.ctx, acme.token("object"), interest.key) == interest

    mails = {mail["To"].addresses[0].addr_spec: text_of(mail) for mail in work_off(acme.ctx)}
    assert set(mails) == {acme.email, "privacy@demolen.example"}
    assert all("Misbruik tegenhouden" in mail for mail in mails.values())
    assert acme.email in mails["privacy@demolen.example"]
    assert acme.history()[-1] == ("objected", "security")
    assert acme.statuses() == {"news": "requested"}
    assert ("acme", "objected") not in marks(acme.ctx)


@pytest.mark.parametrize("key", ["", "news", "news/", "news/news", "other/security", "careers/keep_cv", "/security"])
def test_only_an_interest_that_the_page_lists_can_be_objected_to(acme: Person, key: str) -> None:
    before = audit.everything(acme.ctx)

    assert objection.object_to_interest(acme.ctx, acme.token("object"), key) is None
    assert audit.everything(acme.ctx) == before
