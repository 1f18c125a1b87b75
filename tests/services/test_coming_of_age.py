"""In the month in which a child reaches the age to decide it is told so, once, and then the month is forgotten."""

from datetime import date, timedelta

import pytest

from app.services import coming_of_age, guardian, housekeeping, objection, reports, withdrawal
from app.services.context import Context
from tests import audit
from tests.factories import ON_SQLITE, Clock, text_of, token_in
from tests.services.family import FATHER, MARCH, NOOR, Child, names, open_club, post
from tests.services.person import Person

OF_AGE = ("child_of_age", "guardian_of_age")


def in_march(ctx: Context, clock: Clock) -> list[tuple[str, str]]:
    """Let the month begin; returns who is told."""
    clock.now = MARCH
    assert housekeeping.tidy(ctx)
    return [one for one in names(post(ctx)) if one[0] in OF_AGE]


def months(ctx: Context) -> list[str | None]:
    """What is remembered of when children reach the age to decide."""
    return [row["decides_from"] for row in audit.rows(ctx, "subjects", "child_key != ''")]


def test_a_day_begins_on_the_clock_of_the_country() -> None:
    assert coming_of_age.day_begins(date(2027, 3, 1), "BE").isoformat() == "2027-03-01T00:00:00+01:00"
    assert coming_of_age.day_begins(date(2027, 7, 1), "BE").isoformat() == "2027-07-01T00:00:00+02:00"
    assert coming_of_age.day_begins(date(2027, 7, 1), "PT").isoformat() == "2027-07-01T00:00:00+01:00"


def test_at_a_confirmed_address_the_child_itself_is_told_when_the_day_begins(any_ctx: Context, clock: Clock) -> None:
    noor = Child(any_ctx)
    noor.allowed("recipes", child_email=NOOR)
    clock.now = MARCH - timedelta(seconds=1)
    housekeeping.tidy(any_ctx)
    assert not {kind for kind, _ in names(post(any_ctx))} & set(OF_AGE)

    clock.now = MARCH
    housekeeping.tidy(any_ctx)
    (sent,) = post(any_ctx)

    assert (sent.kind, sent.to) == ("child_of_age", NOOR)
    assert token_in(sent.mail, "withdraw") == noor.token("child_withdraw")
    assert "Elke maand een recept per mail" in text_of(sent.mail)


@pytest.mark.parametrize("child_email", ["", NOOR])
def test_without_a_confirmed_address_its_parent_is_told(any_ctx: Context, clock: Clock, child_email: str) -> None:
    noor = Child(any_ctx)
    noor.decided(noor.asks("recipes"), "recipes", child_email=child_email)
    post(any_ctx)

    assert in_march(any_ctx, clock) == [("guardian_of_age", FATHER)]
    assert noor.statuses() == {"recipes": "granted"}


def test_it_is_told_once_and_then_the_month_is_forgotten(any_ctx: Context, clock: Clock) -> None:
    Child(any_ctx).allowed("recipes")
    assert months(any_ctx) == ["2027-02-28T23:00:00.000000Z"]

    assert len(in_march(any_ctx, clock)) == 1

    assert months(any_ctx) == [None]
    clock.forward(days=40)
    housekeeping.tidy(any_ctx)
    assert post(any_ctx) == []


def test_who_sends_the_form_again_in_that_month_is_not_told_again(any_ctx: Context, clock: Clock) -> None:
    any_ctx.limited = False
    noor = Child(any_ctx)
    noor.allowed("recipes")
    in_march(any_ctx, clock)

    noor.allowed("reminder")
    housekeeping.tidy(any_ctx)

    assert post(any_ctx) == []
    assert months(any_ctx) == [None]


@pytest.mark.parametrize("is_first", [True, False], ids=["pin", "move"])
def test_a_wish_with_another_month_does_not_pin_or_move_the_month_of_a_child(
    any_ctx: Context, clock: Clock, is_first: bool
) -> None:
    """It is about another child, and nothing was allowed for that one."""
    any_ctx.limited = False
    noor = Child(any_ctx)
    of_stranger = Child(any_ctx, decides_from=date(2027, 1, 1) if is_first else date(2030, 5, 1))
    if is_first:
        of_stranger.sends("recipes", "reminder")
        post(any_ctx)
    noor.allowed("recipes")
    if not is_first:
        of_stranger.sends("recipes", "reminder")

    (consent,) = audit.rows(any_ctx, "consents")
    of_noor = {row["id"]: row["decides_from"] for row in noor.rows()}
    assert len(of_noor) == 2
    assert of_noor[consent["subject"]] == "2027-02-28T23:00:00.000000Z"
    clock.now = MARCH - timedelta(seconds=1)
    housekeeping.tidy(any_ctx)
    assert not {kind for kind, _ in names(post(any_ctx))} & set(OF_AGE)
    assert in_march(any_ctx, clock) == [("guardian_of_age", FATHER)]


@pytest.mark.parametrize("how", ["stop", "child_stop", "objection", "staff"])
def test_nothing_is_told_and_no_month_is_kept_where_everything_was_stopped(
    any_ctx: Context, clock: Clock, how: str
) -> None:
    noor = Child(any_ctx, form="newsletter")
    noor.allowed("news", child_email=NOOR)
    if how == "objection":
        objection.object_to_marketing(any_ctx, noor.token("object"))
    elif how == "staff":
        withdrawal.withdraw_for(any_ctx, NOOR, None, None)
    else:
        noor.stopped("withdraw" if how == "stop" else "child_withdraw")

    assert months(any_ctx) == [None]
    assert in_march(any_ctx, clock) == []


@pytest.mark.parametrize("how", ["no", "not_mine", "silence", "stop"])
def test_the_month_goes_with_a_wish_that_came_to_nothing_beside_an_old_consent(
    any_ctx: Context, clock: Clock, how: str
) -> None:
    """The proof of what was stopped is kept for years, and the month of the birthday is not."""
    any_ctx.limited = False
    noor = Child(any_ctx)
    noor.allowed("recipes")
    noor.stopped()
    token = noor.asks("reminder")
    assert months(any_ctx) == ["2027-02-28T23:00:00.000000Z"]

    if how == "no":
        noor.decided(token)
    elif how == "not_mine":
        guardian.not_mine(any_ctx, token)
    elif how == "stop":
        noor.stopped()
    else:
        clock.forward(days=7)
        housekeeping.tidy(any_ctx)

    assert months(any_ctx) == [None]


def test_what_expires_takes_the_month_with_it(any_ctx: Context, clock: Clock) -> None:
    Child(any_ctx, decides_from=date(2029, 3, 1)).allowed("reminder")

    clock.forward(days=365)
    housekeeping.tidy(any_ctx)

    assert months(any_ctx) == [None]


def test_a_wish_that_still_waits_keeps_the_month_when_the_last_consent_is_stopped(
    any_ctx: Context, clock: Clock
) -> None:
    any_ctx.limited = False
    noor = Child(any_ctx)
    noor.allowed("recipes")
    token = noor.asks("reminder")
    noor.stopped(purpose="recipes")
    noor.decided(token, "reminder")

    assert in_march(any_ctx, clock) == [("guardian_of_age", FATHER)]


def test_a_yes_that_comes_after_the_month_began_is_followed_by_the_telling(any_ctx: Context, clock: Clock) -> None:
    """The child asked in its last week, or in the very month of its birthday."""
    clock.now = MARCH - timedelta(days=2)
    noor = Child(any_ctx)
    token = noor.asks("recipes")
    assert in_march(any_ctx, clock) == []
    clock.forward(days=2)

    noor.decided(token, "recipes")
    housekeeping.tidy(any_ctx)

    assert [one for one in names(post(any_ctx)) if one[0] in OF_AGE] == [("guardian_of_age", FATHER)]
    assert months(any_ctx) == [None]


def test_wishes_that_wait_for_a_parent_keep_nobody_else_waiting(
    any_ctx: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There may be more of them than housekeeping takes in one turn."""
    monkeypatch.setattr(housekeeping, "_AT_A_TIME", 2)
    any_ctx.limited = False
    clock.now = MARCH - timedelta(days=2)
    for name in ("Lou", "Kaat", "Stan"):
        Child(any_ctx, name).sends("recipes")
    post(any_ctx)
    Child(any_ctx).allowed("recipes")

    assert in_march(any_ctx, clock) == [("guardian_of_age", FATHER)]


def test_two_children_are_told_each_in_its_own_month(any_ctx: Context, clock: Clock) -> None:
    any_ctx.limited = False
    Child(any_ctx).allowed("recipes")
    Child(any_ctx, "Lou", decides_from=date(2028, 3, 1)).allowed("recipes")

    assert in_march(any_ctx, clock) == [("guardian_of_age", FATHER)]
    assert sorted(map(str, months(any_ctx))) == ["2028-02-29T23:00:00.000000Z", "None"]


def test_what_was_allowed_stays_and_the_young_person_decides_anew_with_a_form_of_its_own(
    any_ctx: Context, clock: Clock
) -> None:
    noor = Child(any_ctx, form="newsletter")
    noor.allowed("news", child_email=NOOR)
    in_march(any_ctx, clock)
    grown = Person(any_ctx, NOOR, controller="demolen", form="newsletter")

    grown.grants("photo_contest")

    own, as_child = Child(any_ctx, "", NOOR, "newsletter"), noor
    assert (own.statuses(), as_child.statuses()) == ({"photo_contest": "granted"}, {"news": "granted"})
    assert {line["as"] for line in reports.status(any_ctx, NOOR, None)} == {"self"}


def test_a_renewal_asks_the_parent_and_a_yes_runs_on(any_ctx: Context, clock: Clock) -> None:
    noor = Child(any_ctx, form=open_club(any_ctx), decides_from=None)
    noor.allowed("recipes", fields={"first_name": "Noor"})
    clock.forward(days=359)
    housekeeping.tidy(any_ctx)
    housekeeping.tidy(any_ctx)
    sent = next(one for one in post(any_ctx) if one.kind == "guardian_renewal")
    token = token_in(sent.mail, "guardian")
    assert sent.to == FATHER
    assert noor.statuses() == {"recipes": "granted"}

    noor.decided(token, "recipes")

    clock.forward(days=30)
    housekeeping.tidy(any_ctx)
    assert (noor.statuses(), noor.fields()) == ({"recipes": "granted"}, {"first_name": "Noor"})
    assert noor.history()[-1] == ("granted", "recipes", "guardian")
    assert audit.rows(any_ctx, "consents")[0]["ask_again_at"] > "2028-11"


def test_a_no_to_the_renewal_stops_at_once(any_ctx: Context, clock: Clock) -> None:
    noor = Child(any_ctx, form=open_club(any_ctx), decides_from=None)
    noor.allowed("recipes", "bake_day", child_email=NOOR)
    clock.forward(days=359)
    housekeeping.tidy(any_ctx)
    token = next(token_in(one.mail, "guardian") for one in post(any_ctx) if one.kind == "guardian_renewal")

    noor.decided(token)

    assert noor.statuses() == {"recipes": "withdrawn", "bake_day": "granted"}
    assert names(post(any_ctx)) == [("withdrawn", FATHER), ("child_stopped", NOOR)]
    assert noor.history()[-2:] == [("refused", "recipes", "guardian"), ("withdrawn", "recipes", "guardian")]


def test_without_an_answer_to_the_renewal_it_ends_when_it_was_said_to(any_ctx: Context, clock: Clock) -> None:
    noor = Child(any_ctx, form=open_club(any_ctx), decides_from=None)
    noor.allowed("recipes")
    clock.forward(days=359)
    housekeeping.tidy(any_ctx)
    post(any_ctx)

    clock.forward(days=7)
    housekeeping.tidy(any_ctx)

    assert noor.statuses() == {"recipes": "expired"}
    assert post(any_ctx) == []


@ON_SQLITE
def test_who_has_come_of_age_is_decided_for_by_no_parent_any_more(any_ctx: Context, clock: Clock) -> None:
    noor = Child(any_ctx, form=open_club(any_ctx))
    noor.allowed("recipes", child_email=NOOR)
    assert ("child_of_age", NOOR) in in_march(any_ctx, clock)

    for _ in range(67):
        clock.forward(days=6)  # a renewal is asked a week ahead
        housekeeping.tidy(any_ctx)

    assert "guardian_renewal" not in [kind for kind, _ in names(post(any_ctx))]
    assert noor.statuses() == {"recipes": "expired"}
