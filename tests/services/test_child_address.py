"""A parent may give an address of the child's own: it is used once the child says that it is, and only to tell it."""

import json

import pytest

from app.services import confirmation, housekeeping, lifting, mail_opt_out, objection, reports, withdrawal
from app.services.confirmation import ConfirmationState
from app.services.context import Context, UnknownLink
from app.services.tokens import LinkExpired
from app.storage import suppressions
from tests import audit
from tests.factories import Clock, text_of, token_in
from tests.services.family import FATHER, MOTHER, NOOR, Child, ask_for_a_link, names, open_club, post
from tests.services.person import Person

OTHER = "lou@kind.test"


def exported(ctx: Context) -> list[tuple[str, str, str]]:
    """Whom the company may write to, as (address, purpose, link to stop)."""
    lines = json.loads("".join(reports.consents_as_json(ctx, {"status": "granted"})))
    return [(line["email"], line["purpose"], line["withdraw_link"]) for line in lines]


def asked(child: Child, address: str = NOOR) -> str:
    """The parent allows recipes and gives the child's address; returns the token of the mail to the child."""
    child.decided(child.asks("recipes"), "recipes", child_email=address)
    return child.address_token()


def test_the_child_is_asked_whether_the_address_is_its_own(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    noor.decided(noor.asks("recipes"), "recipes", child_email=NOOR)

    (sent,) = post(any_ctx)

    assert (sent.kind, sent.to) == ("child_address", NOOR)
    view = confirmation.view(any_ctx, token_in(sent.mail, "confirm"))
    assert (view.state, view.purposes, view.stored.notice.audience) == (
        ConfirmationState.OPEN,
        {"recipes": "granted"},
        "child",
    )


def test_before_the_child_answers_everything_goes_to_the_parent(any_ctx: Context, clock: Clock) -> None:
    noor = Child(any_ctx)
    asked(noor)

    assert exported(any_ctx) == [
        (FATHER, "recipes", f"https://forms.example/withdraw/{noor.token('withdraw')}/recipes")
    ]
    assert reports.status(any_ctx, NOOR, None) == []
    ask_for_a_link(any_ctx, NOOR)
    assert post(any_ctx) == []
    noor.stopped()
    assert names(post(any_ctx)) == [("withdrawn", FATHER)]


def test_after_its_yes_the_child_is_written_to_and_has_a_link_of_its_own(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    token = asked(noor)

    view = confirmation.confirm(any_ctx, token, ())

    assert (view.state, view.withdraw_token) == (ConfirmationState.CONFIRMED, noor.token("child_withdraw"))
    (receipt,) = post(any_ctx)
    assert (receipt.kind, receipt.to) == ("child_receipt", NOOR)
    assert token_in(receipt.mail, "withdraw") == noor.token("child_withdraw") != noor.token("withdraw")
    assert noor.token("child_withdraw") in receipt.mail["List-Unsubscribe"]
    assert exported(any_ctx) == [
        (NOOR, "recipes", f"https://forms.example/withdraw/{noor.token('child_withdraw')}/recipes")
    ]
    assert [entry["decided_by"] for entry in audit.chain(any_ctx, "demolen") if entry["kind"] == "confirmed"] == [
        "self"
    ]


def test_the_link_to_object_in_the_export_is_the_parents_and_then_the_childs_own(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    token = asked(noor)

    def objects_as_child() -> bool:
        (line,) = json.loads("".join(reports.consents_as_json(any_ctx, {"status": "granted"})))
        address, _, own = line["object_link"].rpartition("/")
        assert address == "https://forms.example/object"
        return objection.view(any_ctx, own).by_child

    assert not objects_as_child()
    confirmation.confirm(any_ctx, token, ())
    assert objects_as_child()


def test_status_says_as_whom_an_address_speaks(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    confirmation.confirm(any_ctx, asked(noor), ())

    of_father, of_noor = reports.status(any_ctx, FATHER, None), reports.status(any_ctx, NOOR, None)

    assert [(line["as"], line["purpose"], line["status"]) for line in of_father] == [("guardian", "recipes", "granted")]
    assert [line | {"as": "guardian"} for line in of_noor] == of_father
    assert {line["as"] for line in of_noor} == {"self"}


def test_a_second_yes_changes_nothing(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    token = asked(noor)
    view = confirmation.confirm(any_ctx, token, ())
    before = audit.everything(any_ctx)

    assert confirmation.confirm(any_ctx, token, ("recipes",)) == confirmation.refuse(any_ctx, token) == view

    assert audit.everything(any_ctx) == before


def test_a_no_of_the_child_forgets_its_address_and_leaves_the_rest(any_ctx: Context) -> None:
    noor = Child(any_ctx)

    view = confirmation.refuse(any_ctx, asked(noor))

    assert view.state is ConfirmationState.DELETED
    assert noor.statuses() == {"recipes": "granted"}
    assert not audit.readable(any_ctx, "kind.test")
    assert post(any_ctx) == []


def test_without_an_answer_the_address_is_forgotten_after_a_week(any_ctx: Context, clock: Clock) -> None:
    noor = Child(any_ctx)
    token = asked(noor)
    clock.forward(days=7, seconds=-1)
    housekeeping.tidy(any_ctx)
    assert audit.readable(any_ctx, "kind.test") == {
        ("subjects", column) for column in ("child_email", "child_email_key", "child_mailbox")
    }

    clock.forward(seconds=1)
    with pytest.raises(LinkExpired) as caught:
        confirmation.confirm(any_ctx, token, ())
    housekeeping.tidy(any_ctx)

    assert caught.value.kind == "address"
    assert not audit.readable(any_ctx, "kind.test")
    assert noor.statuses() == {"recipes": "granted"}
    with pytest.raises(LinkExpired):
        confirmation.confirm(any_ctx, token, ())


def test_another_address_takes_the_place_of_one_that_was_not_answered(any_ctx: Context) -> None:
    any_ctx.limited = False
    noor = Child(any_ctx)
    first = asked(noor)
    noor.decided(noor.asks("reminder"), "reminder", child_email=OTHER)
    second = noor.address_token()

    assert confirmation.confirm(any_ctx, first, ()).state is ConfirmationState.ENDED
    assert (noor.row("child_email"), bool(noor.row("child_confirmed"))) == (OTHER, False)
    confirmation.refuse(any_ctx, first)
    assert noor.row("child_email") == OTHER
    confirmation.confirm(any_ctx, second, ())

    assert bool(noor.row("child_confirmed"))
    assert not audit.readable(any_ctx, NOOR)


def test_another_address_takes_the_place_of_one_that_was_confirmed_and_asks_again(any_ctx: Context) -> None:
    any_ctx.limited = False
    noor = Child(any_ctx)
    noor.allowed("recipes", child_email=NOOR)

    noor.decided(noor.asks("reminder"), "reminder", child_email=OTHER)

    assert names(post(any_ctx)) == [("child_address", OTHER)]
    assert {email for email, _, _ in exported(any_ctx)} == {FATHER}
    assert reports.status(any_ctx, NOOR, None) == []


def test_who_read_at_the_former_address_has_no_link_any_more(any_ctx: Context) -> None:
    any_ctx.limited = False
    noor = Child(any_ctx)
    confirmation.confirm(any_ctx, asked(noor), ())
    (receipt,) = [one for one in post(any_ctx) if one.kind == "child_receipt"]
    former = token_in(receipt.mail, "withdraw")
    assert withdrawal.view(any_ctx, former).by_child

    noor.decided(noor.asks("reminder"), "reminder", child_email=OTHER)

    with pytest.raises(UnknownLink):
        withdrawal.withdraw(any_ctx, former)
    assert noor.statuses() == {"recipes": "granted", "reminder": "granted"}


def test_the_address_that_is_confirmed_already_is_not_asked_again(any_ctx: Context) -> None:
    any_ctx.limited = False
    noor = Child(any_ctx)
    noor.allowed("recipes", child_email=NOOR)

    noor.decided(noor.asks("reminder"), "reminder", child_email=NOOR)

    assert post(any_ctx) == []
    assert {email for email, _, _ in exported(any_ctx)} == {NOOR}


def test_with_a_no_to_everything_no_address_is_kept(any_ctx: Context) -> None:
    noor = Child(any_ctx)

    noor.decided(noor.asks("recipes"), child_email=NOOR)

    assert not audit.readable(any_ctx, "kind.test")
    assert post(any_ctx) == []


def test_an_address_that_wants_no_mail_is_not_asked(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        suppressions.add(connection, "demolen", suppressions.NO_MAIL, NOOR, any_ctx.clock())
    noor = Child(any_ctx)

    noor.decided(noor.asks("recipes"), "recipes", child_email=NOOR)

    assert post(any_ctx) == []


def test_a_stop_before_the_answer_takes_the_question_back(any_ctx: Context) -> None:
    """Also where the mail that asks was still waiting."""
    any_ctx.limited = False
    noor, lou = Child(any_ctx), Child(any_ctx, "Lou")
    token = asked(noor)
    lou.decided(lou.asks("recipes"), "recipes", child_email=OTHER)

    noor.stopped()
    lou.stopped()

    assert names(post(any_ctx)) == [("withdrawn", FATHER)] * 2
    assert confirmation.confirm(any_ctx, token, ()).state is ConfirmationState.ENDED
    assert not audit.readable(any_ctx, "kind.test")


def test_what_the_child_stops_is_stopped_and_both_are_told(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    noor.allowed("recipes", "reminder", child_email=NOOR)

    assert noor.stopped("child_withdraw", "recipes") == ["recipes"]

    assert names(post(any_ctx)) == [("withdrawn", FATHER), ("child_stopped", NOOR)]
    assert noor.statuses() == {"recipes": "withdrawn", "reminder": "granted"}
    assert noor.history()[-1] == ("withdrawn", "recipes", "self")
    assert noor.row("child_email") == NOOR


def test_what_the_parent_stops_is_stopped_and_both_are_told(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    noor.allowed("recipes", "reminder", child_email=NOOR)

    noor.stopped("withdraw", "recipes")

    to_father, to_noor = post(any_ctx)
    assert names([to_father, to_noor]) == [("withdrawn", FATHER), ("child_stopped", NOOR)]
    assert noor.history()[-1] == ("withdrawn", "recipes", "guardian")
    assert noor.token("withdraw") not in text_of(to_noor.mail)


def test_an_objection_for_a_child_is_told_to_both(any_ctx: Context) -> None:
    noor = Child(any_ctx, form="newsletter")
    noor.allowed("news", child_email=NOOR)

    objection.object_to_marketing(any_ctx, noor.token("object"))

    contact = ("objections", "privacy@demolen.example")
    assert names(post(any_ctx)) == [("objected", FATHER), ("child_stopped", NOOR), contact]
    assert noor.history()[-1] == ("withdrawn", "news", "guardian")


def test_once_nothing_runs_and_that_is_mailed_the_childs_address_is_forgotten(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    noor.allowed("recipes", child_email=NOOR)
    noor.stopped("child_withdraw")
    assert noor.row("child_email") == NOOR

    post(any_ctx)

    assert not audit.readable(any_ctx, "kind.test")
    assert withdrawal.view(any_ctx, noor.token("child_withdraw")).running == ()


def test_what_expires_forgets_the_childs_address(any_ctx: Context, clock: Clock) -> None:
    noor = Child(any_ctx)
    noor.allowed("recipes", "reminder", child_email=NOOR)
    clock.forward(days=365)
    housekeeping.tidy(any_ctx)
    assert (noor.statuses(), noor.row("child_email")) == ({"recipes": "granted", "reminder": "expired"}, NOOR)

    clock.forward(days=366)
    housekeeping.tidy(any_ctx)

    assert noor.statuses() == {"recipes": "expired", "reminder": "expired"}
    assert not audit.readable(any_ctx, "kind.test")


def test_a_mail_to_a_child_whose_address_is_gone_goes_to_nobody(any_ctx: Context, clock: Clock) -> None:
    """No worker ran: the last consent expired before the mail about an earlier stop was sent."""
    noor = Child(any_ctx)
    noor.allowed("recipes", "reminder", child_email=NOOR)
    noor.stopped(purpose="recipes")
    clock.forward(days=366)
    housekeeping.tidy(any_ctx)

    assert ("child_stopped", NOOR) not in names(post(any_ctx))
    assert {row["status"] for row in audit.rows(any_ctx, "outbox", "kind = 'child_stopped'")} == {"dropped"}


def test_a_mail_about_a_stop_does_not_go_to_an_address_that_nobody_confirmed(any_ctx: Context) -> None:
    """No worker ran: meanwhile the parent allowed something new and gave another address."""
    any_ctx.limited = False
    noor = Child(any_ctx)
    noor.allowed("recipes", child_email=NOOR)
    noor.stopped()
    noor.sends("reminder")
    request = audit.rows(any_ctx, "requests", "status = 'awaiting_guardian'")[0]["id"]
    noor.decided(any_ctx.signing.guardian.make(request), "reminder", child_email=OTHER)

    assert [one for one in names(post(any_ctx)) if one[1] == OTHER] == [("child_address", OTHER)]
    assert noor.row("child_email") == OTHER


def test_the_link_of_a_child_cannot_allow_anything(any_ctx: Context) -> None:
    """Whatever the child presses behind its own links, what runs is never more than the parent allowed."""
    any_ctx.limited = False
    noor = Child(any_ctx)
    noor.decided(noor.asks("recipes", "reminder"), "recipes", child_email=NOOR)
    token = noor.address_token()
    noor.asks("bake_day")

    confirmation.confirm(any_ctx, token, ("recipes", "reminder", "bake_day"))

    assert noor.statuses() == {"recipes": "granted", "reminder": "refused", "bake_day": "awaiting_guardian"}
    noor.stopped("child_withdraw")
    confirmation.confirm(any_ctx, token, ("recipes", "reminder", "bake_day"))
    assert "granted" not in noor.statuses().values()


def test_a_child_that_lost_its_link_is_mailed_its_own(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    noor.allowed("recipes", child_email=NOOR)

    ask_for_a_link(any_ctx, NOOR)

    (sent,) = post(any_ctx)
    assert (sent.kind, sent.to) == ("link", NOOR)
    assert token_in(sent.mail, "withdraw") == noor.token("child_withdraw")
    assert noor.token("withdraw") not in text_of(sent.mail)
    assert noor.token("stop") not in text_of(sent.mail)


def test_two_parents_may_give_the_same_address_of_one_child(any_ctx: Context) -> None:
    any_ctx.limited = False
    of_father, of_mother = Child(any_ctx), Child(any_ctx, parent=MOTHER)
    of_father.allowed("recipes", child_email=NOOR)
    of_mother.allowed("reminder", child_email=NOOR)

    of_father.stopped("child_withdraw")

    assert (of_father.statuses(), of_mother.statuses()) == ({"recipes": "withdrawn"}, {"reminder": "granted"})
    assert names(post(any_ctx)) == [("withdrawn", FATHER), ("child_stopped", NOOR)]
    assert (of_father.row("child_email"), of_mother.row("child_email")) == ("", NOOR)


# What somebody asks for at the child's own address


def advertised(ctx: Context, parent: str = FATHER) -> Child:
    """Noor, for whom a parent allowed advertising to her own address."""
    noor = Child(ctx, form=open_club(ctx), parent=parent)
    noor.allowed("recipes", "bake_day", child_email=NOOR)
    return noor


def test_a_child_that_asks_to_object_is_mailed_the_link_that_stops_it_in_its_own_words(any_ctx: Context) -> None:
    noor = advertised(any_ctx)

    ask_for_a_link(any_ctx, NOOR, to_object=True)

    sent = {one.kind: one.mail for one in post(any_ctx)}
    assert set(sent) == {"link", "object_link"}
    assert token_in(sent["link"], "withdraw") == noor.token("child_withdraw")
    assert noor.token("withdraw") not in text_of(sent["link"])
    assert "je" in text_of(sent["link"]).split()
    assert sorted(noor.stopped("child_withdraw")) == ["bake_day", "recipes"]


def test_an_objection_behind_a_link_to_a_childs_address_stops_the_advertising_of_the_child(any_ctx: Context) -> None:
    """The page says that it has stopped."""
    any_ctx.limited = False
    noor, of_mother = advertised(any_ctx), advertised(any_ctx, MOTHER)
    waiting = Child(any_ctx, form="club")
    waiting.sends("recipes", "reminder")
    ask_for_a_link(any_ctx, NOOR, to_object=True)
    (token,) = [token_in(one.mail, "object") for one in post(any_ctx) if one.kind == "object_link"]
    assert objection.view(any_ctx, token).objected is None
    assert len(objection.view(any_ctx, token).running) == 4

    view = objection.object_to_marketing(any_ctx, token)

    assert view.objected
    assert (len(view.stopped), len(view.running)) == (2, 2)
    for child in (noor, of_mother):
        assert child.statuses()["recipes"] == "withdrawn"
        assert child.statuses()["bake_day"] == "granted"
        assert ("withdrawn", "recipes", "self") in child.history()
    assert ("withdrawn", FATHER) in names(post(any_ctx))
    before = audit.everything(any_ctx)
    objection.object_to_marketing(any_ctx, token)
    assert audit.everything(any_ctx) == before


def test_a_parent_who_objects_for_herself_stops_nothing_of_her_child(any_ctx: Context) -> None:
    noor = advertised(any_ctx)
    ask_for_a_link(any_ctx, FATHER, to_object=True)
    (sent,) = post(any_ctx)
    own = next(row for row in audit.rows(any_ctx, "subjects", "child_key = ''") if row["email"] == FATHER)
    assert str(own["object_token"]) in text_of(sent.mail)

    objection.object_to_marketing(any_ctx, str(own["object_token"]))

    assert noor.statuses()["recipes"] == "granted"


@pytest.mark.parametrize("to_object", [False, True])
@pytest.mark.parametrize("row", ["form", "objection", "offer"])
def test_a_child_is_mailed_its_own_link_whatever_else_stands_at_its_address(
    any_ctx: Context, clock: Clock, row: str, to_object: bool
) -> None:
    any_ctx.limited = False
    noor = advertised(any_ctx)
    if row == "form":  # a stranger fills it in
        Person(any_ctx, NOOR, controller="demolen", form="newsletter").asks("news")
    elif row == "objection":
        ask_for_a_link(any_ctx, NOOR, to_object=True)
    else:
        mail_opt_out.stop(any_ctx, noor.token("child_stop"))
        ask_for_a_link(any_ctx, NOOR)
    clock.forward(minutes=11)
    post(any_ctx)

    ask_for_a_link(any_ctx, NOOR, to_object)

    texts = {(one.kind, "/withdraw/" + noor.token("child_withdraw") in text_of(one.mail)) for one in post(any_ctx)}
    own = ("object_link", False) if to_object else ("link", False)
    assert texts - {("lift", False)} == {("link", True)} | ({own} if to_object or row != "offer" else set())


def test_the_offer_to_lift_never_mail_me_speaks_to_a_child_as_its_form_did(any_ctx: Context, clock: Clock) -> None:
    noor = advertised(any_ctx)
    mail_opt_out.stop(any_ctx, noor.token("child_stop"))

    ask_for_a_link(any_ctx, NOOR)

    (offer,) = [one for one in post(any_ctx) if one.kind == "lift"]
    (row,) = audit.rows(any_ctx, "outbox", "kind = 'lift'")
    token = token_in(offer.mail, "lift")
    assert (offer.to, any_ctx.stored_notice(row["notice"]).notice.audience) == (NOOR, "child")
    assert audit.rows(any_ctx, "subjects", "child_key = ''") == []
    assert lifting.view(any_ctx, token)[0].notice.audience == "child"
    assert lifting.lift(any_ctx, token).notice.audience == "child"
    clock.forward(minutes=31)
    with pytest.raises(LinkExpired) as late:
        lifting.view(any_ctx, token)
    assert late.value.stored.notice.audience == "child"
    assert not mail_opt_out.view(any_ctx, noor.token("child_stop"))[1]


def test_a_parents_offer_to_lift_speaks_to_an_adult(any_ctx: Context) -> None:
    noor = advertised(any_ctx)
    mail_opt_out.stop(any_ctx, noor.token("stop"))

    ask_for_a_link(any_ctx, FATHER)

    (offer,) = [one for one in post(any_ctx) if one.kind == "lift"]
    assert offer.to == FATHER
    assert lifting.view(any_ctx, token_in(offer.mail, "lift"))[0].notice.audience == "adult"


@pytest.mark.parametrize("to_object", [False, True])
def test_a_child_of_two_parents_is_mailed_its_link_for_each(any_ctx: Context, to_object: bool) -> None:
    any_ctx.limited = False
    two = advertised(any_ctx), advertised(any_ctx, MOTHER)

    ask_for_a_link(any_ctx, NOOR, to_object)

    sent = [one for one in post(any_ctx) if one.kind == "link"]
    assert {token_in(one.mail, "withdraw") for one in sent} == {child.token("child_withdraw") for child in two}
