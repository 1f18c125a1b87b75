"""A form is submitted."""

import pytest

from app.services.context import Context
from tests import audit
from tests.factories import Clock, notice_hash, send_form, text_of, token_in
from tests.services.person import Person


def requests(ctx: Context) -> list[audit.Entry]:
    return audit.rows(ctx, "requests")


def test_a_submission_is_a_request_an_entry_for_each_purpose_and_one_mail(any_ctx: Context) -> None:
    sofie = Person(any_ctx)

    sofie.sends("offers_mail", "keep_cv", first_name="Sofie")

    (request,) = requests(any_ctx)
    assert (request["status"], request["site"], request["language"], request["audience"]) == (
        "requested",
        "www.talentwerk.example",
        "nl",
        "adult",
    )
    assert request["notice"] == notice_hash(any_ctx)
    assert request["expires_at"] == "2026-11-28T13:32:05.000000Z"
    assert sofie.statuses() == {"offers_mail": "requested", "keep_cv": "requested"}
    assert sofie.history() == [("requested", "offers_mail"), ("requested", "keep_cv")]
    mail = sofie.mail()
    assert "Vacatures per mail" in text_of(mail)
    assert "Uw cv twee jaar bewaren" in text_of(mail)
    assert "Vacatures per telefoon" not in text_of(mail)
    assert sofie.mails() == []


def test_an_entry_says_what_was_shown_where_to_whom_and_whose_word_it_is(any_ctx: Context) -> None:
    Person(any_ctx).sends("keep_cv")

    (entry,) = audit.chain(any_ctx)
    (subject,) = audit.rows(any_ctx, "subjects")
    assert {name: entry[name] for name in ("kind", "form", "purpose", "notice", "language", "audience", "site")} == {
        "kind": "requested",
        "form": "careers",
        "purpose": "keep_cv",
        "notice": notice_hash(any_ctx),
        "language": "nl",
        "audience": "adult",
        "site": "www.talentwerk.example",
    }
    assert (entry["subject"], entry["decided_by"]) == (subject["id"], "self")
    assert audit.commits_to(entry, bytes(subject["salt"]), "sofie@voorbeeld.test")


def test_a_field_that_only_an_unticked_purpose_needs_is_not_stored(any_ctx: Context) -> None:
    sofie = Person(any_ctx)

    sofie.sends("keep_cv", first_name="Sofie", field_of_work="care", phone="06 12 34 56 78")
    assert sofie.fields() == {}
    sofie.sends("offers_phone", first_name="Sofie", field_of_work="care", phone="06 12 34 56 78")
    assert sofie.fields() == {"field_of_work": "care", "phone": "06 12 34 56 78"}


def test_a_field_that_is_told_for_a_contract_is_stored_with_any_request(any_ctx: Context) -> None:
    sofie = Person(any_ctx, controller="hogeschool", form="graduates")

    sofie.sends("employer_verhoeven", full_name="Sofie Peeters", phone="")

    assert sofie.fields() == {"full_name": "Sofie Peeters"}


def test_the_same_again_is_the_same_request_and_the_mail_goes_out_again(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    first = sofie.asks("offers_mail", "keep_cv", first_name="Sofie")
    before = audit.chain(any_ctx)

    clock.forward(minutes=11)
    send_form(any_ctx, "SOFIE@voorbeeld.test", ("keep_cv", "offers_mail"), fields={"first_name": "Sofie"})

    assert len(requests(any_ctx)) == 1
    assert [entry["kind"] for entry in audit.chain(any_ctx)[len(before) :]] == []
    again = sofie.mail()
    sofie.says_yes(token_in(again, "confirm"))
    assert sofie.says_yes(first).request.id == requests(any_ctx)[0]["id"]
    assert sofie.statuses() == {"offers_mail": "granted", "keep_cv": "granted"}


@pytest.mark.parametrize(
    "other",
    [
        {"purposes": ("offers_mail", "keep_cv")},
        {"purposes": ("keep_cv",)},
        {"fields": {"first_name": "Sofia"}},
        {"fields": {"first_name": "Sofie", "field_of_work": "care"}},
        {"fields": {}},
        {"language": "en"},
    ],
)
def test_anything_else_is_a_request_of_its_own(any_ctx: Context, other: dict[str, object]) -> None:
    send_form(any_ctx, fields={"first_name": "Sofie"})

    given: dict[str, object] = {"fields": {"first_name": "Sofie"}} | other
    send_form(any_ctx, **given)  # type: ignore[arg-type]

    assert len(requests(any_ctx)) == 2
    assert len(audit.rows(any_ctx, "subjects")) == 1


def test_a_field_that_is_not_stored_makes_no_difference(any_ctx: Context) -> None:
    send_form(any_ctx, purposes=("keep_cv",), fields={"phone": "06 12 34 56 78", "first_name": ""})
    send_form(any_ctx, purposes=("keep_cv",), fields={"phone": "06 87 65 43 21", "first_name": "Sofie"})

    assert len(requests(any_ctx)) == 1


def test_an_older_pending_link_confirms_exactly_what_its_own_page_lists(any_ctx: Context) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    older = sofie.asks("keep_cv")
    newer = sofie.asks("offers_mail", first_name="Sofie")

    sofie.says_yes(older)
    assert sofie.statuses() == {"keep_cv": "granted", "offers_mail": "requested"}
    sofie.says_yes(newer)
    assert sofie.statuses() == {"keep_cv": "granted", "offers_mail": "granted"}


def test_what_lapsed_unnoticed_is_asked_anew_and_not_taken_up_again(any_ctx: Context, clock: Clock) -> None:
    """The deadline has passed, but housekeeping has not come by yet."""
    sofie = Person(any_ctx)
    sofie.asks("keep_cv")
    clock.forward(days=7)

    sofie.says_yes(sofie.asks("keep_cv"))

    assert len(requests(any_ctx)) == 2
    assert sofie.statuses() == {"keep_cv": "granted"}


def test_the_same_after_an_answer_is_a_new_request(any_ctx: Context) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    pieter = Person(any_ctx, "pieter@voorbeeld.test")
    sofie.grants("keep_cv")
    sofie.withdraws()
    pieter.says_no(pieter.asks("keep_cv"))

    for person in (sofie, pieter):
        person.mails()
        person.sends("keep_cv")

    assert sorted(row["status"] for row in requests(any_ctx)) == ["confirmed", "refused", "requested", "requested"]


def test_what_is_granted_already_is_not_changed_and_the_mail_says_so(any_ctx: Context) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    sofie.grants("offers_mail", first_name="Sofie")
    before = audit.everything(any_ctx)

    sofie.sends("offers_mail", first_name="Iemand anders")

    changed = {table for table, rows in audit.everything(any_ctx).items() if rows != before[table]}
    assert changed == {"outbox"}
    mail = sofie.mail()
    assert "Vacatures per mail" in text_of(mail)
    assert token_in(mail, "withdraw") == sofie.token("withdraw")
    assert "/confirm/" not in text_of(mail)
    assert sofie.statuses() == {"offers_mail": "granted"}


def test_what_is_new_beside_what_is_granted_is_asked_in_the_same_mail(any_ctx: Context) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    sofie.grants("offers_mail")
    since = audit.rows(any_ctx, "consents")

    sofie.sends("offers_mail", "keep_cv")
    mail = sofie.mail()
    sofie.says_yes(token_in(mail, "confirm"))

    assert token_in(mail, "withdraw") == sofie.token("withdraw")
    assert sofie.statuses() == {"offers_mail": "granted", "keep_cv": "granted"}
    assert [row for row in audit.rows(any_ctx, "consents") if row["purpose"] == "offers_mail"] == since


def test_a_consent_at_one_form_is_none_at_another(any_ctx: Context) -> None:
    """The same purpose id in two forms is two purposes, and an address is another subject at each controller."""
    talent, metal = Person(any_ctx), Person(any_ctx, controller="metaalnet", form="events")
    talent.grants("keep_cv")
    metal.grants("workshops")

    assert talent.statuses() == {"keep_cv": "granted"}
    assert metal.statuses() == {"workshops": "granted"}
    assert len({row["id"] for row in audit.rows(any_ctx, "subjects")}) == 2
    assert audit.verify(any_ctx) == 10
