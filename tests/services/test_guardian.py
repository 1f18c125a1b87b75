"""A parent decides for a child: yes or no to each wish, no more than was wished, and once."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest

from app import i18n
from app.domain.consent import Audience
from app.services import confirmation, guardian, housekeeping, withdrawal
from app.services.context import Context, UnknownLink
from app.services.guardian import GuardianDecision, GuardianState
from app.services.tokens import Expiry, LinkExpired
from tests import audit
from tests.factories import Clock, notice_hash, text_of
from tests.services.family import FATHER, WISHES, Child, names, open_club, post
from tests.services.test_concurrency import at_once

FILLED = {"first_name": "Noor", "session": "autumn", "shop": "korenmarkt"}


def test_what_a_child_would_like_waits_for_its_parent_who_is_mailed(any_ctx: Context) -> None:
    noor = Child(any_ctx)

    noor.sends("recipes", "reminder")

    assert names(post(any_ctx)) == [("guardian_asks", FATHER)]
    assert noor.statuses() == {"recipes": "awaiting_guardian", "reminder": "awaiting_guardian"}
    assert noor.history() == [
        ("requested", "recipes", "self"),
        ("requested", "reminder", "self"),
        ("guardian_asked", "", ""),
    ]
    assert audit.rows(any_ctx, "consents") == []


def test_the_page_shows_what_the_child_wished_and_both_texts(any_ctx: Context) -> None:
    noor = Child(any_ctx)

    view = guardian.view(any_ctx, noor.asks("recipes", "reminder"))

    assert view.state is GuardianState.OPEN
    assert view.purposes == {"recipes": "awaiting_guardian", "reminder": "awaiting_guardian"}
    assert (view.stored.notice.audience, view.child.notice.audience) == ("guardian", "child")
    assert (view.child_name, view.email_key, view.withdraw_token) == ("Noor", FATHER, "")


def test_looking_changes_nothing_however_often(any_ctx: Context) -> None:
    token = Child(any_ctx).asks("recipes")
    before = audit.everything(any_ctx)

    assert guardian.view(any_ctx, token) == guardian.view(any_ctx, token)

    assert audit.everything(any_ctx) == before


def test_a_yes_to_one_wish_is_a_no_to_the_others(any_ctx: Context) -> None:
    noor = Child(any_ctx)

    view = noor.decided(noor.asks(*WISHES), "recipes")

    assert view.state is GuardianState.DECIDED
    assert view.purposes == {"recipes": "granted", "bake_day": "refused", "reminder": "refused"}
    assert (view.child_name, view.withdraw_token) == ("", noor.token("withdraw"))
    assert noor.statuses() == view.purposes
    assert noor.history()[4:] == [
        ("refused", "bake_day", "guardian"),
        ("granted", "recipes", "guardian"),
        ("refused", "reminder", "guardian"),
    ]


def test_a_parent_cannot_allow_what_the_child_did_not_wish(any_ctx: Context) -> None:
    noor = Child(any_ctx)

    noor.decided(noor.asks("recipes"), "recipes", "bake_day", "reminder", "counting")

    assert noor.statuses() == {"recipes": "granted"}
    assert [row["purpose"] for row in audit.rows(any_ctx, "consents")] == ["recipes"]


def test_the_consent_stands_on_the_text_that_the_parent_read(any_ctx: Context) -> None:
    """Each of the two entries about it names what its own reader saw."""
    noor = Child(any_ctx)
    english = notice_hash(any_ctx, "demolen", "bakeclub", "en", Audience.GUARDIAN)
    token = noor.asks("recipes")

    guardian.decide(any_ctx, token, GuardianDecision(english, ("recipes",)))

    (consent,) = audit.rows(any_ctx, "consents")
    entries = {entry["kind"]: entry for entry in audit.chain(any_ctx, "demolen")}
    assert consent["notice"] == entries["granted"]["notice"] == english
    assert any_ctx.stored_notice(entries["requested"]["notice"]).notice.audience == "child"
    assert (entries["granted"]["language"], entries["granted"]["audience"]) == ("nl", "child")


def test_after_a_no_to_everything_the_parent_is_forgotten_at_once_and_mailed_no_more(
    any_ctx: Context, clock: Clock
) -> None:
    """A second mail would have nothing to undo, and need the address for a day (GDPR art. 5(1)(c))."""
    noor = Child(any_ctx)
    token = noor.asks(*WISHES)

    view = guardian.refuse(any_ctx, token, notice_hash(any_ctx, "demolen", "bakeclub", "nl", Audience.GUARDIAN))

    assert view.state is GuardianState.DELETED
    assert set(view.purposes.values()) == {"refused"}
    assert noor.rows() == []
    clock.forward(days=2)
    assert post(any_ctx) == []


def test_not_my_child_deletes_all_at_once_and_mails_nothing_more(any_ctx: Context, clock: Clock) -> None:
    """The other wishes that the same child sent to this address go too, answered or mailed or not."""
    any_ctx.limited = False
    noor = Child(any_ctx)
    first = noor.asks("recipes")
    second = noor.asks("recipes", "reminder")
    noor.sends("bake_day")

    view = guardian.not_mine(any_ctx, second)

    assert view.state is GuardianState.DELETED
    assert noor.rows() == []
    assert audit.rows(any_ctx, "request_fields") == []
    assert {row["status"] for row in audit.rows(any_ctx, "requests")} == {"refused"}
    assert guardian.view(any_ctx, first).state is GuardianState.DELETED
    clock.forward(days=2)
    assert post(any_ctx) == []
    before = audit.everything(any_ctx)
    noor.decided(first, "recipes")
    assert audit.everything(any_ctx) == before
    kinds = [kind for kind, _ in audit.history(any_ctx, "demolen")]
    assert kinds.count("refused") == kinds.count("requested") == 4


def test_a_mail_about_a_no_to_everything_that_an_older_release_queued_is_not_sent(
    any_ctx: Context, clock: Clock
) -> None:
    noor = Child(any_ctx)
    noor.allowed("recipes")
    with any_ctx.database.write() as connection:
        emptied = "UPDATE outbox SET data = replace(data, '\"recipes\"', '') WHERE kind = 'mail_plus'"
        assert connection.exec_driver_sql(emptied).rowcount == 1

    clock.forward(days=2)

    assert post(any_ctx) == []


def test_not_my_child_leaves_alone_what_was_allowed_before(any_ctx: Context, clock: Clock) -> None:
    noor = Child(any_ctx)
    any_ctx.limited = False
    noor.allowed("recipes")

    guardian.not_mine(any_ctx, noor.asks("reminder"))

    assert noor.statuses() == {"recipes": "granted", "reminder": "refused"}
    clock.forward(days=1)
    assert names(post(any_ctx)) == [("mail_plus", FATHER)]


def test_not_my_child_after_a_stop_leaves_in_the_ledger_that_it_was_stopped(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    token = noor.asks("recipes", "reminder")
    noor.stopped(purpose="recipes")

    guardian.not_mine(any_ctx, token)

    assert audit.history(any_ctx, "demolen")[-2:] == [("withdrawn", "recipes"), ("refused", "reminder")]


def test_silence_lapses_and_deletes(any_ctx: Context, clock: Clock) -> None:
    noor = Child(any_ctx)
    token = noor.asks("recipes")
    clock.forward(days=7, seconds=-1)
    housekeeping.tidy(any_ctx)
    assert guardian.view(any_ctx, token).state is GuardianState.OPEN

    clock.forward(seconds=1)
    assert noor.statuses() == {"recipes": "lapsed"}
    with pytest.raises(LinkExpired):
        noor.decided(token, "recipes")
    housekeeping.tidy(any_ctx)

    assert noor.rows() == []
    assert audit.history(any_ctx, "demolen")[-1] == ("lapsed", "recipes")
    assert post(any_ctx) == []
    with pytest.raises(LinkExpired):
        guardian.not_mine(any_ctx, token)


def test_a_parents_link_ends_seven_days_after_its_mail_also_where_it_was_answered(
    any_ctx: Context, clock: Clock
) -> None:
    noor = Child(any_ctx)
    token = noor.allowed("recipes")
    clock.forward(days=7)

    for act in (guardian.view, guardian.not_mine):
        with pytest.raises(LinkExpired) as caught:
            act(any_ctx, token)
        assert (caught.value.expiry, caught.value.stored.notice.audience) == (Expiry.ANSWERED, "guardian")
    assert noor.statuses() == {"recipes": "granted"}


@pytest.mark.parametrize("second", ["yes", "no", "not_mine"])
@pytest.mark.parametrize("first", ["yes", "no"])
def test_a_second_answer_changes_nothing(any_ctx: Context, first: str, second: str) -> None:
    noor = Child(any_ctx)
    token = noor.asks("recipes", "reminder")
    answers = {
        "yes": lambda: noor.decided(token, "recipes"),
        "no": lambda: noor.decided(token),
        "not_mine": lambda: guardian.not_mine(any_ctx, token),
    }
    view = answers[first]()
    before = audit.everything(any_ctx)

    assert answers[second]() == view

    assert audit.everything(any_ctx) == before


def test_answers_at_the_same_moment_are_one_answer(any_ctx: Context) -> None:
    any_ctx.limited = False
    children = [Child(any_ctx, f"Kind {letter}") for letter in "ABCD"]
    tokens = [child.asks("recipes") for child in children]
    ids = [child.row("id") for child in children]
    acts: list[Callable[[], object]] = []

    def stop(withdraw_token: str) -> None:
        with suppress(UnknownLink):  # after the no nothing is kept under it
            withdrawal.withdraw(any_ctx, withdraw_token, "recipes")

    for child, token in zip(children, tokens, strict=True):
        acts += [partial(child.decided, token, "recipes"), partial(child.decided, token)]
        acts += [partial(child.decided, token, "recipes"), partial(stop, child.token("withdraw"))]

    at_once(acts)

    decisions = [entry for entry in audit.chain(any_ctx, "demolen") if entry["kind"] in ("granted", "refused")]
    assert len({entry["subject"] for entry in decisions}) == len(decisions)
    for child, subject in zip(children, ids, strict=True):
        last = [entry["kind"] for entry in audit.chain(any_ctx, "demolen") if entry["subject"] == subject][-1]
        assert last in ("refused", "withdrawn"), "the stop came after the yes, or took the request back"
        assert child.statuses() in ({}, {"recipes": last})
    audit.verify(any_ctx)


def test_fields_are_kept_for_what_is_allowed_alone(any_ctx: Context) -> None:
    noor = Child(any_ctx, form="newsletter")

    noor.decided(noor.asks("news", "opening_hours"), "news", fields=FILLED)

    assert noor.fields() == {"first_name": "Noor"}
    noor.stopped()
    assert noor.fields() == {}


def test_nothing_that_a_child_would_fill_in_is_kept_before_a_yes(any_ctx: Context) -> None:
    noor = Child(any_ctx)

    noor.decided(noor.asks("bake_day"), fields=FILLED)

    assert noor.fields() == {}


def test_a_special_category_needs_its_statement_too(any_ctx: Context) -> None:
    noor = Child(any_ctx, form=open_club(any_ctx))
    token = noor.asks("recipes", "reminder")
    before = audit.everything(any_ctx)

    for explicit in ((), ("recipes",), ("",)):
        assert noor.decided(token, "recipes", "reminder", explicit=explicit).state == GuardianState.OPEN
    assert audit.everything(any_ctx) == before

    noor.decided(token, "recipes", "reminder", explicit=("reminder",))
    assert noor.statuses() == {"recipes": "granted", "reminder": "granted"}


def test_a_statement_is_no_yes_where_the_wish_was_not_allowed(any_ctx: Context) -> None:
    noor = Child(any_ctx, form=open_club(any_ctx))

    noor.decided(noor.asks("recipes", "reminder"), "recipes", explicit=("reminder",))

    assert noor.statuses() == {"recipes": "granted", "reminder": "refused"}


def test_a_yes_after_the_wish_was_taken_back_revives_nothing(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    any_ctx.limited = False
    one = noor.asks("recipes")
    both = noor.asks("recipes", "reminder")
    noor.stopped(purpose="recipes")

    assert noor.decided(one, "recipes").state is GuardianState.ENDED
    assert guardian.view(any_ctx, both).purposes == {"reminder": "awaiting_guardian"}
    noor.decided(both, "recipes", "reminder")

    assert noor.statuses() == {"recipes": "withdrawn", "reminder": "granted"}


def test_of_two_links_about_the_same_wish_the_first_yes_stands(any_ctx: Context, clock: Clock) -> None:
    any_ctx.limited = False
    noor = Child(any_ctx, form="newsletter")
    first, second = noor.asks("news"), noor.asks("news", "photo_contest")
    noor.decided(first, "news", fields={"first_name": "Noor"})
    since = audit.rows(any_ctx, "consents")[0]["since"]
    clock.forward(hours=1)

    noor.decided(second, "news", fields={"first_name": "Lou"})

    assert noor.statuses() == {"news": "granted", "photo_contest": "refused"}
    assert audit.rows(any_ctx, "consents")[0]["since"] == since
    assert [row["value"] for row in audit.rows(any_ctx, "request_fields")] == ["Noor"]


def test_a_no_behind_a_second_link_does_not_stop_what_the_first_allowed(any_ctx: Context) -> None:
    any_ctx.limited = False
    noor = Child(any_ctx)
    first, second = noor.asks("recipes"), noor.asks("recipes", "reminder")
    noor.decided(first, "recipes")

    noor.decided(second)

    assert noor.statuses() == {"recipes": "granted", "reminder": "refused"}


def test_the_mail_plus_comes_a_day_later_and_once(any_ctx: Context, clock: Clock) -> None:
    noor = Child(any_ctx)
    noor.allowed("recipes", "reminder")
    clock.forward(days=1, seconds=-1)
    housekeeping.tidy(any_ctx)
    assert post(any_ctx) == []

    clock.forward(seconds=1)
    (plus,) = post(any_ctx)

    assert (plus.kind, plus.to) == ("mail_plus", FATHER)
    assert noor.token("withdraw") in text_of(plus.mail)
    assert noor.token("withdraw") in plus.mail["List-Unsubscribe"]
    clock.forward(days=30)
    housekeeping.tidy(any_ctx)
    assert post(any_ctx) == []


def test_the_mail_plus_comes_also_after_everything_was_stopped(any_ctx: Context, clock: Clock) -> None:
    noor = Child(any_ctx)
    noor.allowed("recipes")
    noor.stopped()
    assert names(post(any_ctx)) == [("withdrawn", FATHER)]

    clock.forward(days=1)

    (plus,) = post(any_ctx)
    assert (plus.kind, plus.to) == ("mail_plus", FATHER)
    assert i18n.say("nl", "withdraw.again") in text_of(plus.mail)
    for untrue in (noor.token("withdraw"), i18n.say("nl", "mail.plus.right")):
        assert untrue not in text_of(plus.mail)


def test_a_new_wish_on_the_same_day_does_not_take_the_place_of_the_mail_plus(any_ctx: Context, clock: Clock) -> None:
    noor = Child(any_ctx)
    noor.allowed("recipes")

    noor.sends("reminder")

    clock.forward(minutes=10)
    assert names(post(any_ctx)) == [("guardian_asks", FATHER)]
    clock.forward(days=1)
    assert names(post(any_ctx)) == [("mail_plus", FATHER)]


def test_no_child_and_no_parent_can_use_the_page_of_an_adult(any_ctx: Context) -> None:
    """Were a confirmation link ever signed for a child's request, it would grant nothing."""
    noor = Child(any_ctx)
    noor.asks("recipes")
    (request,) = audit.rows(any_ctx, "requests")

    confirmation.confirm(any_ctx, any_ctx.signing.confirm.make(request["id"]), ("recipes",))

    assert noor.statuses() == {"recipes": "awaiting_guardian"}
    assert audit.rows(any_ctx, "consents") == []


def asked_twice(ctx: Context) -> tuple[Child, str, str]:
    """A child that would like recipes and a card, and recipes again in another request; the tokens of both links."""
    ctx.limited = False
    noor = Child(ctx)
    both, alone = noor.asks("recipes", "bake_day"), noor.asks("recipes")
    noor.decided(alone, "recipes")
    post(ctx)
    return noor, both, alone


def test_a_no_beside_a_yes_ends_what_a_parent_allowed_by_another_link(any_ctx: Context, clock: Clock) -> None:
    noor, both, alone = asked_twice(any_ctx)
    before = len(noor.history())

    view = noor.decided(both, "bake_day", fields=FILLED)

    assert view.purposes == {"recipes": "refused", "bake_day": "granted"}
    assert noor.statuses() == {"recipes": "withdrawn", "bake_day": "granted"}
    assert noor.history()[before:] == [
        ("granted", "bake_day", "guardian"),
        ("refused", "recipes", "guardian"),
        ("withdrawn", "recipes", "guardian"),
    ]
    assert names(post(any_ctx)) == [("withdrawn", FATHER)]
    assert guardian.view(any_ctx, alone).state is GuardianState.ENDED


def test_a_no_to_everything_leaves_what_was_allowed_before_and_no_mail_tells_of_it(
    any_ctx: Context, clock: Clock
) -> None:
    noor, both, _ = asked_twice(any_ctx)

    view = noor.decided(both)

    assert view.state is GuardianState.DECIDED
    assert noor.statuses() == {"recipes": "granted", "bake_day": "refused"}
    clock.forward(days=1)
    (plus,) = post(any_ctx)
    assert "nee: " not in text_of(plus.mail)
