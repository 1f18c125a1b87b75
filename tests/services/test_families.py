"""Brothers and sisters, two parents, and a parent who fills in the form herself: each keeps its own story."""

import json
from datetime import date

import pytest

from app.services import confirmation, guardian, housekeeping, lifting, mail_opt_out, objection, reports, withdrawal
from app.services.context import Context, UnknownLink
from app.services.guardian import GuardianState
from app.services.tokens import LinkExpired
from app.storage import subjects, suppressions
from app.storage.schema import written
from tests import audit
from tests.factories import ON_SQLITE, Clock, text_of, token_in
from tests.services.family import FATHER, MARCH, MOTHER, NOOR, Child, ask_for_a_link, names, open_club, post
from tests.services.person import Person


def objected(ctx: Context, *people: Child) -> list[bool]:
    """Whose objection to direct marketing is remembered; a child's is not its parent's."""
    with ctx.database.read() as connection:
        keys = [audit.child_key(ctx, "demolen", known.parent, known.name) for known in people]
        marks = [f"{known.parent}\n{key}" if key else known.parent for known, key in zip(people, keys, strict=True)]
        return [suppressions.has(connection, "demolen", suppressions.OBJECTED, mark) for mark in marks]


@pytest.fixture
def family(any_ctx: Context) -> tuple[Child, Child, Child, Person]:
    """Noor and Lou ask their father, Noor asks her mother too, and their father wants the news himself."""
    any_ctx.limited = False
    father = Person(any_ctx, FATHER, controller="demolen", form="newsletter")
    return (
        Child(any_ctx, form="newsletter"),
        Child(any_ctx, "Lou", form="newsletter"),
        Child(any_ctx, parent=MOTHER, form="newsletter"),
        father,
    )


Family = tuple[Child, Child, Child, Person]


def of_father(ctx: Context) -> Child:
    """The father himself, as one who reads with the same eyes."""
    return Child(ctx, "", form="newsletter")


def test_each_keeps_its_own_story(any_ctx: Context, family: Family) -> None:
    noor, lou, noor_of_mother, father = family
    noor.decided(noor.asks("news", "opening_hours"), "news")
    lou.asks("news")
    noor_of_mother.decided(noor_of_mother.asks("photo_contest", "opening_hours"), "photo_contest")
    father.grants("opening_hours")

    assert noor.statuses() == {"news": "granted", "opening_hours": "refused"}
    assert lou.statuses() == {"news": "awaiting_guardian"}
    assert noor_of_mother.statuses() == {"photo_contest": "granted", "opening_hours": "refused"}
    assert of_father(any_ctx).statuses() == {"opening_hours": "granted"}
    tokens = {
        row[f"{kind}_token"] for row in audit.rows(any_ctx, "subjects") for kind in ("withdraw", "object", "stop")
    }
    assert len(tokens) == 12


def test_status_names_who_is_who(any_ctx: Context, family: Family) -> None:
    noor, lou, noor_of_mother, father = family
    noor.allowed("news")
    lou.allowed("news")
    noor_of_mother.allowed("news")
    father.grants("news")

    lines = reports.status(any_ctx, FATHER, None)

    assert sorted((line["as"], line["purpose"]) for line in lines) == [
        ("guardian", "news"), ("guardian", "news"), ("self", "news"),
    ]  # fmt: skip
    assert len({line["subject"] for line in lines}) == 3
    assert [line["as"] for line in reports.status(any_ctx, MOTHER, "demolen")] == ["guardian"]
    assert reports.status(any_ctx, MOTHER, "talentwerk") == []


def test_the_export_has_a_line_for_each_and_says_who_decided(any_ctx: Context, family: Family) -> None:
    noor, lou, _, father = family
    noor.allowed("news", fields={"first_name": "Noor"})
    lou.allowed("news", fields={"first_name": "Lou"})
    father.grants("news", first_name="Papa")

    lines = json.loads("".join(reports.consents_as_json(any_ctx, {})))

    assert sorted((line["email"], line["decided_by"], line["fields"]["first_name"]) for line in lines) == [
        (FATHER, "guardian", "Lou"),
        (FATHER, "guardian", "Noor"),
        (FATHER, "self", "Papa"),
    ]
    for person, name in ((noor, "Noor"), (lou, "Lou"), (of_father(any_ctx), "Papa")):
        (link,) = [line["withdraw_link"] for line in lines if line["fields"]["first_name"] == name]
        assert link == f"https://forms.example/withdraw/{person.token('withdraw')}/news"


def test_a_stop_for_one_child_stops_nothing_of_anybody_else(any_ctx: Context, family: Family) -> None:
    noor, lou, noor_of_mother, father = family
    for child in (noor, lou, noor_of_mother):
        child.allowed("news")
    father.grants("news")

    noor.stopped()

    assert names(post(any_ctx)) == [("withdrawn", FATHER)]
    assert noor.statuses() == {"news": "withdrawn"}
    assert {"granted"} == {*lou.statuses().values(), *noor_of_mother.statuses().values()}
    assert of_father(any_ctx).statuses() == {"news": "granted"}
    assert audit.chain(any_ctx, "demolen")[-1]["kind"] == "mailed"
    assert noor.history()[-1] == ("withdrawn", "news", "guardian")


def test_an_objection_for_one_child_counts_for_that_child_alone(any_ctx: Context, family: Family) -> None:
    noor, lou, noor_of_mother, father = family
    for child in (noor, lou, noor_of_mother):
        child.allowed("news")
    father.grants("news")

    view = objection.object_to_marketing(any_ctx, noor.token("object"))

    everybody = (noor, lou, noor_of_mother, of_father(any_ctx))
    assert view.objected
    assert objected(any_ctx, *everybody) == [True, False, False, False]
    assert [person.statuses()["news"] for person in everybody] == ["withdrawn", "granted", "granted", "granted"]
    assert ("objected", "", "guardian") in noor.history()


def test_an_objection_of_a_parent_is_none_for_the_child(any_ctx: Context, family: Family) -> None:
    noor, _, _, father = family
    noor.allowed("news")
    father.grants("news")

    objection.object_to_marketing(any_ctx, of_father(any_ctx).token("object"))

    assert objected(any_ctx, noor, of_father(any_ctx)) == [False, True]
    assert noor.statuses() == {"news": "granted"}


def test_a_later_yes_of_a_parent_lifts_the_objection_for_that_child(any_ctx: Context, family: Family) -> None:
    noor, lou, _, _ = family
    for child in (noor, lou):
        child.allowed("news")
        objection.object_to_marketing(any_ctx, child.token("object"))
    token = noor.asks("photo_contest")
    assert objected(any_ctx, noor, lou) == [True, True]

    noor.decided(token, "photo_contest")

    assert objected(any_ctx, noor, lou) == [False, True]
    assert not objection.view(any_ctx, noor.token("object")).objected


def test_the_last_direct_marketing_that_is_stopped_counts_as_an_objection(any_ctx: Context, family: Family) -> None:
    noor, lou, _, _ = family
    noor.allowed("news", "photo_contest", child_email=NOOR)
    lou.allowed("news")

    noor.stopped(purpose="news")
    assert objected(any_ctx, noor, lou) == [False, False]
    noor.stopped("child_withdraw")
    assert objected(any_ctx, noor, lou) == [True, False]


def test_an_objection_takes_the_wishes_that_wait_back(any_ctx: Context) -> None:
    any_ctx.limited = False
    noor = Child(any_ctx, form=open_club(any_ctx))
    token = noor.asks("recipes", "reminder")

    objection.object_to_marketing(any_ctx, noor.token("object"))
    noor.decided(token, "recipes", "reminder", explicit=("reminder",))

    assert noor.statuses() == {"recipes": "withdrawn", "reminder": "granted"}


def test_a_parent_may_object_to_what_is_told_about_a_child(any_ctx: Context) -> None:
    noor = Child(any_ctx, form=open_club(any_ctx))
    noor.asks("recipes")
    (interest,) = objection.view(any_ctx, noor.token("object")).interests

    objection.object_to_interest(any_ctx, noor.token("object"), interest.key)
    objection.object_to_interest(any_ctx, noor.token("object"), interest.key)

    assert names(post(any_ctx)) == [("interest_objected", FATHER), ("objections", "privacy@demolen.example")]
    assert noor.history()[-1] == ("objected", "counting", "guardian")


def test_the_same_child_in_another_spelling_is_the_same(any_ctx: Context) -> None:
    any_ctx.limited = False
    for name in ("Zoë Lou", "zoe\u0308  LOU", " ZOË LOU "):
        Child(any_ctx, name).asks("recipes")

    assert [row["child_name"] for row in audit.rows(any_ctx, "subjects")] == ["Zoë Lou"]
    assert len(audit.rows(any_ctx, "requests")) == 1


@pytest.mark.parametrize(("before", "after"), [("D’Arc", "D'Arc"), ("D'Arc", "D’Arc"), ("Jean\u2011Luc", "Jean-Luc")])
def test_a_child_in_another_apostrophe_or_hyphen_is_the_same(any_ctx: Context, before: str, after: str) -> None:
    Child(any_ctx, before).allowed("recipes")

    Child(any_ctx, after).sends("recipes")

    assert len(audit.rows(any_ctx, "subjects")) == 1


@pytest.mark.parametrize("after", ["D’Arc", "D'Arc", "d`arc"])
def test_a_child_is_known_by_the_key_that_an_older_release_gave_it(
    any_ctx: Context, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(subjects, "same_name", lambda name: " ".join(name.casefold().split()))
        Child(any_ctx, "D’Arc").allowed("recipes")

    Child(any_ctx, after).sends("recipes")

    assert len(audit.rows(any_ctx, "subjects")) == 1


def test_a_name_that_grows_when_its_spelling_is_evened_out_is_stored_all_the_same(any_ctx: Context) -> None:
    noor = Child(any_ctx, "\ufdfa" * 100)

    noor.allowed("recipes")

    assert noor.statuses() == {"recipes": "granted"}


def test_the_same_wishes_again_are_the_same_request_and_mailed_again_within_the_limits(
    any_ctx: Context, clock: Clock
) -> None:
    noor = Child(any_ctx)
    noor.asks("recipes", "reminder")
    token = noor.asks("recipes", "reminder")
    noor.sends("reminder", "recipes")
    assert post(any_ctx) == []

    clock.forward(minutes=10)
    again = noor.asks("recipes", "reminder")

    assert len(audit.rows(any_ctx, "requests")) == 1
    assert [kind for kind, _, _ in noor.history()] == ["requested", "requested", "guardian_asked"]
    clock.forward(days=7, minutes=-1)
    with pytest.raises(LinkExpired):
        noor.decided(token, "recipes")
    noor.decided(again, "recipes")
    assert noor.decided(again, "reminder").purposes == {"recipes": "granted", "reminder": "refused"}


def test_the_first_mail_about_each_child_waits_for_its_turn(any_ctx: Context, clock: Clock) -> None:
    """An address is mailed about a form no more often for having many children."""
    children = [Child(any_ctx, name) for name in ("Noor", "Lou", "Kaat", "Stan")]
    for child in children:
        child.sends("recipes")
    sent = [len(post(any_ctx))]
    for _ in range(3):
        clock.forward(minutes=10)
        sent.append(len(post(any_ctx)))

    assert sent == [2, 1, 1, 0]
    clock.forward(days=1)
    assert post(any_ctx) == []


def test_of_the_wishes_of_one_child_that_wait_for_their_mail_the_newest_is_mailed(
    any_ctx: Context, clock: Clock
) -> None:
    noor = Child(any_ctx)
    noor.asks("recipes")
    noor.asks("recipes")
    noor.sends("reminder")
    noor.sends("reminder", "bake_day")

    clock.forward(minutes=10)
    (sent,) = post(any_ctx)

    view = guardian.view(any_ctx, token_in(sent.mail, "guardian"))
    assert set(view.purposes) == {"reminder", "bake_day"}


def test_what_is_allowed_already_is_not_asked_again_and_the_mail_says_so(any_ctx: Context, clock: Clock) -> None:
    noor = Child(any_ctx)
    noor.allowed("recipes", fields={"first_name": "Noor"})
    clock.forward(minutes=10)
    before = audit.rows(any_ctx, "consents"), audit.rows(any_ctx, "requests"), noor.rows(), noor.fields()

    noor.sends("recipes")

    (sent,) = post(any_ctx)
    assert (sent.kind, sent.to) == ("guardian_again", FATHER)
    assert "/guardian/" not in text_of(sent.mail)
    assert token_in(sent.mail, "withdraw") == noor.token("withdraw")
    assert (audit.rows(any_ctx, "consents"), audit.rows(any_ctx, "requests"), noor.rows(), noor.fields()) == before


def test_a_new_wish_beside_one_that_is_allowed_is_asked_alone(any_ctx: Context, clock: Clock) -> None:
    noor = Child(any_ctx)
    noor.allowed("recipes")
    clock.forward(minutes=10)

    token = noor.asks("recipes", "reminder")

    assert guardian.view(any_ctx, token).purposes == {"reminder": "awaiting_guardian"}
    noor.decided(token)
    assert noor.statuses() == {"recipes": "granted", "reminder": "refused"}


def test_a_parent_who_wants_no_mail_is_not_asked_and_nothing_is_stored(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        suppressions.add(connection, "demolen", suppressions.NO_MAIL, FATHER, any_ctx.clock())

    Child(any_ctx).sends("recipes")

    assert post(any_ctx) == []
    for table in ("subjects", "requests", "ledger", "outbox"):
        assert audit.rows(any_ctx, table) == []


def test_never_mail_me_again_in_a_mail_about_a_child_is_said_by_the_address(any_ctx: Context, family: Family) -> None:
    """Mails about its other children do not go either, nor its own; what is allowed stays."""
    noor, lou, noor_of_mother, father = family
    noor.allowed("news")
    lou.sends("news")
    token = noor.token("stop")

    mail_opt_out.stop(any_ctx, token)

    assert names(post(any_ctx)) == [("opted_out", FATHER)]
    noor.sends("opening_hours")
    father.sends("news")
    assert post(any_ctx) == []
    assert noor.statuses() == {"news": "granted"}
    assert noor.history()[-1] == ("stopped", "", "guardian")
    noor_of_mother.sends("news")
    assert names(post(any_ctx)) == [("guardian_asks", MOTHER)]
    ask_for_a_link(any_ctx, FATHER)
    noor.sends("opening_hours")
    sent = post(any_ctx)
    assert sorted(names(sent)) == [("lift", FATHER), ("link", FATHER)]
    lifting.lift(any_ctx, token_in(next(one for one in sent if one.kind == "lift").mail, "lift"))
    noor.sends("opening_hours")
    assert names(post(any_ctx)) == [("guardian_asks", FATHER)]


def test_a_link_on_request_comes_for_the_parent_and_for_each_child(any_ctx: Context, family: Family) -> None:
    noor, lou, noor_of_mother, father = family
    for child in (noor, lou, noor_of_mother):
        child.allowed("news")
    father.grants("news")

    ask_for_a_link(any_ctx, FATHER)

    (sent,) = post(any_ctx)
    text = text_of(sent.mail)
    assert (sent.kind, sent.to) == ("link", FATHER)
    for known in (of_father(any_ctx), noor, lou):
        assert f"/withdraw/{known.token('withdraw')}" in text
    assert noor_of_mother.token("withdraw") not in text


@pytest.mark.parametrize("to_object", [False, True])
def test_who_is_known_for_a_child_alone_gets_the_links_of_that_child(any_ctx: Context, to_object: bool) -> None:
    noor = Child(any_ctx, form="newsletter")
    noor.allowed("news")
    kind = "object" if to_object else "withdraw"

    ask_for_a_link(any_ctx, FATHER, to_object)

    (sent,) = post(any_ctx)
    text = text_of(sent.mail)
    assert f"/{kind}/{noor.token(kind)}" in text
    assert text.count(f"/{kind}/") == 1 + to_object
    assert "Noor" not in text


def test_staff_stops_on_the_word_of_a_parent_what_the_address_decides_for(any_ctx: Context, family: Family) -> None:
    noor, lou, noor_of_mother, _ = family
    for child in (noor, lou, noor_of_mother):
        child.allowed("news", "opening_hours")

    stopped = withdrawal.withdraw_for(any_ctx, FATHER, "demolen", "news")

    assert stopped == [{"controller": "demolen", "form": "newsletter", "purpose": "news"}] * 2
    assert noor.statuses() == lou.statuses() == {"news": "withdrawn", "opening_hours": "granted"}
    assert noor_of_mother.statuses() == {"news": "granted", "opening_hours": "granted"}
    assert noor.history()[-1] == ("withdrawn", "news", "staff")
    assert names(post(any_ctx)) == [("withdrawn", FATHER)] * 2


def test_staff_stops_on_the_word_of_the_child_too(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    noor.allowed("recipes", child_email=NOOR)

    withdrawal.withdraw_for(any_ctx, NOOR, None, None)

    assert noor.statuses() == {"recipes": "withdrawn"}
    assert names(post(any_ctx)) == [("withdrawn", FATHER), ("child_stopped", NOOR)]


def test_a_withdrawal_takes_back_what_still_waits_for_the_parent(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    token = noor.asks("recipes")

    assert noor.stopped() == []

    assert guardian.view(any_ctx, token).state is GuardianState.ENDED
    assert noor.decided(token, "recipes").state is GuardianState.ENDED
    assert noor.rows() == []
    assert audit.history(any_ctx, "demolen")[-1] == ("withdrawn", "recipes")


def test_a_stop_for_a_child_ends_nothing_that_its_parent_was_asked_for_herself(
    any_ctx: Context, family: Family
) -> None:
    noor, _, _, father = family
    noor.allowed("news")
    token = father.asks("news")

    noor.stopped()

    assert father.says_yes(token).state is confirmation.ConfirmationState.CONFIRMED


def test_who_is_erased_after_the_proof_takes_nobody_along(any_ctx: Context, family: Family, clock: Clock) -> None:
    noor, lou, _, _ = family
    noor.allowed("news")
    link = noor.token("withdraw")
    noor.stopped()
    post(any_ctx)
    clock.forward(days=1000)
    housekeeping.tidy(any_ctx)
    lou.allowed("news")
    clock.forward(days=5 * 366 - 1000)
    housekeeping.tidy(any_ctx)

    assert noor.rows() == []
    assert lou.statuses() == {"news": "granted"}
    with pytest.raises(UnknownLink):
        withdrawal.view(any_ctx, link)


def test_an_entry_commits_to_the_name_and_the_address_under_a_salt_that_goes(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    noor.asks("recipes")
    salt = noor.row("salt")
    assert isinstance(salt, bytes)

    for entry in audit.chain(any_ctx, "demolen"):
        assert audit.commits_to(entry, salt, FATHER, child_name="Noor")
        assert not audit.commits_to(entry, salt, FATHER, child_name="Lou")
        assert not audit.commits_to(entry, salt, FATHER)
    audit.verify(any_ctx)


@ON_SQLITE
def test_however_many_names_are_sent_one_parent_is_mailed_no_more_than_the_limits_let_through(
    any_ctx: Context, clock: Clock
) -> None:
    for number in range(30):
        Child(any_ctx, f"Kind {chr(65 + number % 26) * (1 + number // 26)}").sends("recipes")
    received = post(any_ctx)
    for _ in range(7 * 24):
        clock.forward(hours=1)
        received += post(any_ctx)

    assert len(received) == 5, "two at once, and the three that waited"
    assert len(audit.rows(any_ctx, "subjects")) <= 5


def test_three_children_at_one_table_all_reach_their_parent(any_ctx: Context, clock: Clock) -> None:
    for name in ("Noor", "Lou", "Zoë"):
        Child(any_ctx, name).sends("recipes")
    received = post(any_ctx)
    for _ in range(3):
        clock.forward(minutes=11)
        received += post(any_ctx)

    assert names(received) == [("guardian_asks", FATHER)] * 3
    assert len({token_in(one.mail, "guardian") for one in received}) == 3


@ON_SQLITE
def test_no_parent_can_have_an_address_of_somebody_else_mailed_without_end(any_ctx: Context, clock: Clock) -> None:
    received = []
    for number in range(12):
        child = Child(any_ctx, f"Kind {chr(65 + number)}", parent=f"ouder{number}@voorbeeld.test")
        child.decided(child.asks("recipes"), "recipes", child_email="doelwit@elders.test")
        received += [one for one in post(any_ctx) if one.to == "doelwit@elders.test"]
    for _ in range(23):
        clock.forward(hours=1)
        received += [one for one in post(any_ctx) if one.to == "doelwit@elders.test"]

    assert len(received) <= 4


def test_nobody_pins_the_month_of_a_child_by_sending_first(any_ctx: Context) -> None:
    Child(any_ctx, decides_from=date(2026, 12, 1)).sends("reminder")
    noor = Child(any_ctx)

    noor.sends("recipes")

    asked = {row["subject"]: row["decides_from"] for row in _asked_about(any_ctx, noor, "recipes")}
    assert set(asked.values()) == {written(MARCH)}


def test_nobody_moves_the_month_of_a_child_that_was_allowed_something(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    noor.allowed("recipes")

    for month in (date(2026, 12, 1), date(2040, 1, 1)):
        Child(any_ctx, decides_from=month).sends("reminder")

    (allowed,) = _asked_about(any_ctx, noor, "recipes")
    assert allowed["decides_from"] == written(MARCH)


def _asked_about(ctx: Context, child: Child, purpose: str) -> list[audit.Entry]:
    """For each request for this purpose, the row of the child that it is about."""
    rows = {row["id"]: row for row in child.rows()}
    requests = {row["id"]: row["subject"] for row in audit.rows(ctx, "requests")}
    wished = [row["request"] for row in audit.rows(ctx, "request_purposes") if row["purpose"] == purpose]
    return [rows[requests[request]] | {"subject": requests[request]} for request in wished]


def test_nobody_has_a_child_that_waits_told_earlier(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    noor.sends("recipes")
    before = noor.row("decides_from")

    Child(any_ctx, decides_from=date(2026, 12, 1)).sends("reminder")

    assert {row["decides_from"] for row in noor.rows()} == {before, "2026-11-30T23:00:00.000000Z"}


def test_two_children_of_one_name_and_one_address_are_two(any_ctx: Context, clock: Clock) -> None:
    noor, cousin = Child(any_ctx), Child(any_ctx, decides_from=date(2029, 6, 1))
    noor.allowed("recipes")
    clock.forward(hours=1)
    cousin.asks("recipes", "reminder")
    clock.forward(hours=1)
    cousin.asks("bake_day")

    first, second = sorted(noor.rows(), key=lambda row: str(row["created_at"]))
    asked = {row["id"]: row["subject"] for row in audit.rows(any_ctx, "requests")}
    assert list(asked.values()).count(first["id"]) == 1
    assert list(asked.values()).count(second["id"]) == 2
    lines = reports.status(any_ctx, FATHER, "demolen")
    assert [(line["purpose"], line["status"]) for line in lines if line["subject"] == first["id"]] == [
        ("recipes", "granted")
    ]
    assert {line["status"] for line in lines if line["subject"] == second["id"]} == {"awaiting_guardian"}


def test_a_child_that_comes_back_is_the_same_child_and_its_objection_stands(any_ctx: Context, clock: Clock) -> None:
    noor = Child(any_ctx, form="newsletter")
    noor.allowed("news")
    objection.object_to_marketing(any_ctx, noor.token("object"))
    clock.forward(days=1)

    Child(any_ctx, form="newsletter", decides_from=date(2029, 6, 1)).sends("opening_hours")

    assert len(noor.rows()) == 1
    assert objected(any_ctx, noor) == [True]
