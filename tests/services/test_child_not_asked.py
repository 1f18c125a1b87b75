"""An address that a child has said to be its own is never asked as a parent's: the child is told instead."""

from datetime import timedelta

import pytest

from app.delivery.transport import PermanentFailure
from app.domain.address import read_address
from app.services import confirmation, guardian, housekeeping, lifting, mail_opt_out
from app.services.context import Context, UnknownLink
from app.services.guardian import GuardianState
from app.services.link_request import LinkRequest
from app.storage import subjects
from app.worker import Worker
from tests import audit
from tests.factories import Clock, Mailbox, html_of, send_link, text_of, token_in
from tests.services.family import FATHER, MARCH, MOTHER, NOOR, Child, names, open_club, post
from tests.services.person import Person

TOLD = ("child_not_asked", NOOR)
SPELLINGS = ("noor+mama@kind.test", "NOOR@kind.test", "noor+a+b@KIND.test")


@pytest.fixture
def noor(any_ctx: Context) -> Child:
    """Noor, for whom her father allowed recipes, and who has said that an address is her own."""
    child = Child(any_ctx)
    child.allowed("recipes", child_email=NOOR)
    return child


def herself(ctx: Context, name: str = "Noor", parent: str = NOOR, form: str = "bakeclub") -> Child:
    """A child that writes this address where a parent's is asked for."""
    return Child(ctx, name, parent, form)


def state_of(ctx: Context, token: str) -> GuardianState:
    return guardian.view(ctx, token).state


def test_a_child_that_gives_its_own_address_as_its_parents_is_not_asked_for_its_own_decision(
    any_ctx: Context, noor: Child
) -> None:
    tables = ("subjects", "requests", "request_purposes", "consents", "ledger", "ledger_heads")
    before = {table: audit.rows(any_ctx, table) for table in tables}

    herself(any_ctx).sends("reminder")

    assert {table: audit.rows(any_ctx, table) for table in tables} == before
    (told,) = post(any_ctx)
    assert (told.kind, told.to) == TOLD
    for text in (text_of(told.mail), html_of(told.mail)):
        assert "/guardian/" not in text
        assert "Daarom vragen we hier niets" in text
    assert [entry["kind"] for entry in audit.chain(any_ctx, "demolen")][-1] == "mailed"
    audit.verify(any_ctx)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_another_spelling_of_the_same_mailbox_is_the_same_child(any_ctx: Context, noor: Child, spelling: str) -> None:
    herself(any_ctx, parent=spelling).sends("reminder")

    assert names(post(any_ctx)) == [TOLD]
    assert noor.statuses() == {"recipes": "granted"}


def test_dots_at_gmail_lead_to_the_same_child(any_ctx: Context) -> None:
    Child(any_ctx).allowed("recipes", child_email="n.oor+spel@gmail.com")

    herself(any_ctx, parent="noor@googlemail.com").sends("reminder")

    assert names(post(any_ctx)) == [("child_not_asked", "n.oor+spel@gmail.com")]


@pytest.mark.parametrize("other", [{"form": "newsletter"}, {"name": "Lou"}, {"form": "newsletter", "name": "Lou"}])
def test_the_address_stands_as_a_childs_for_each_form_and_each_child_of_the_company(
    any_ctx: Context, noor: Child, other: dict[str, str]
) -> None:
    herself(any_ctx, **other).sends("opening_hours" if "form" in other else "reminder")

    assert names(post(any_ctx)) == [TOLD]
    assert audit.rows(any_ctx, "requests", "status = 'awaiting_guardian'") == []


def test_another_company_knows_nothing_of_it(any_ctx: Context, noor: Child) -> None:
    with any_ctx.database.read() as connection:
        found = {
            controller: subjects.below_age_at(connection, controller, NOOR, any_ctx.clock())
            for controller in ("demolen", "jeugdhuis")
        }

    assert (found["demolen"] is not None, found["jeugdhuis"]) == (True, None)


def test_an_address_that_no_child_has_confirmed_is_a_parents_like_any_other(any_ctx: Context) -> None:
    any_ctx.limited = False
    asked, refused = Child(any_ctx), Child(any_ctx, "Lou")
    asked.decided(asked.asks("recipes"), "recipes", child_email=NOOR)
    refused.decided(refused.asks("recipes"), "recipes", child_email="lou@kind.test")
    sent = {one.to: token_in(one.mail, "confirm") for one in post(any_ctx) if one.kind == "child_address"}
    confirmation.refuse(any_ctx, sent["lou@kind.test"])

    herself(any_ctx).sends("reminder")
    herself(any_ctx, "Lou", "lou@kind.test").sends("reminder")

    mailed = sorted(names(post(any_ctx)))  # due at once: in either order
    assert mailed == [("guardian_asks", "lou@kind.test"), ("guardian_asks", NOOR)]


def test_of_two_children_the_address_of_the_one_that_confirmed_counts(any_ctx: Context, noor: Child) -> None:
    any_ctx.limited = False
    lou = Child(any_ctx, "Lou")
    lou.decided(lou.asks("recipes"), "recipes", child_email="lou@kind.test")
    post(any_ctx)

    herself(any_ctx, "Lou", NOOR).sends("reminder")
    herself(any_ctx, "Noor", "lou@kind.test").sends("reminder")

    assert names(post(any_ctx)) == [TOLD, ("guardian_asks", "lou@kind.test")]


def test_the_child_is_told_once_a_day(any_ctx: Context, noor: Child, clock: Clock) -> None:
    told = []
    for form in ("bakeclub", "newsletter", "bakeclub"):
        herself(any_ctx, form=form).sends("reminder" if form == "bakeclub" else "news")
        told += names(post(any_ctx))
        clock.forward(hours=3)
    for spelling in SPELLINGS:
        herself(any_ctx, parent=spelling).sends("reminder")
    assert told + names(post(any_ctx)) == [TOLD]

    clock.forward(hours=15)
    herself(any_ctx).sends("reminder")

    assert [one for one in names(post(any_ctx)) if one[0] != "mail_plus"] == [TOLD]


def test_once_the_child_decides_itself_its_address_may_be_a_parents(any_ctx: Context, clock: Clock) -> None:
    Child(any_ctx, form="newsletter").allowed("news", child_email=NOOR)
    clock.now = MARCH - timedelta(seconds=1)
    herself(any_ctx, "Lou").sends("reminder")
    assert TOLD in names(post(any_ctx))

    for moment in (MARCH, MARCH + timedelta(days=1)):  # before and after it is told
        clock.now = moment
        herself(any_ctx, "Lou").sends("recipes" if moment == MARCH else "reminder")
        assert ("guardian_asks", NOOR) in names(post(any_ctx))
        housekeeping.tidy(any_ctx)


@pytest.mark.parametrize("spelling", [NOOR, *SPELLINGS])
def test_a_question_that_was_open_when_the_child_confirmed_can_be_answered_by_no_child(
    any_ctx: Context, spelling: str
) -> None:
    """The order turned round: first it gives its own address as a parent's, then its father gives it as hers."""
    any_ctx.limited = False
    open_one = herself(any_ctx, "Lou", spelling).asks("reminder", "recipes")
    Child(any_ctx).allowed("recipes", child_email=NOOR)
    before = audit.everything(any_ctx)

    lou = herself(any_ctx, "Lou", spelling)
    assert state_of(any_ctx, open_one) is GuardianState.OF_A_CHILD
    assert lou.decided(open_one, "reminder").state is GuardianState.OF_A_CHILD
    assert lou.decided(open_one).state is GuardianState.OF_A_CHILD
    assert guardian.not_mine(any_ctx, open_one).state is GuardianState.OF_A_CHILD

    assert audit.everything(any_ctx) == before
    assert guardian.view(any_ctx, open_one).stored.notice.audience == "child"


def test_a_question_that_no_child_can_answer_is_thrown_away_in_its_time(any_ctx: Context, clock: Clock) -> None:
    any_ctx.limited = False
    lou = herself(any_ctx, "Lou")
    lou.asks("reminder")
    Child(any_ctx).allowed("recipes", child_email=NOOR)

    clock.forward(days=6)
    lou.sends("reminder")
    clock.forward(days=1)
    housekeeping.tidy(any_ctx)

    assert lou.rows() == []
    assert audit.rows(any_ctx, "requests", "status = 'awaiting_guardian'") == []
    audit.verify(any_ctx)


def test_a_question_whose_mail_was_still_waiting_is_not_mailed_to_the_child(any_ctx: Context, clock: Clock) -> None:
    herself(any_ctx, "Lou").asks("recipes")
    herself(any_ctx, "Mila").asks("recipes")
    herself(any_ctx, "Kaat").sends("recipes")
    assert post(any_ctx) == []
    any_ctx.limited = False
    Child(any_ctx).allowed("recipes", child_email=NOOR)

    clock.forward(minutes=11)

    assert post(any_ctx) == []
    assert [row["status"] for row in audit.rows(any_ctx, "outbox", "kind = 'guardian_asks'")].count("dropped") == 1


def test_a_child_is_not_asked_whether_a_yes_still_holds(any_ctx: Context, clock: Clock) -> None:
    """Before it confirmed, it had decided as if it were the parent of another child."""
    any_ctx.limited = False
    lou = herself(any_ctx, "Lou", form=open_club(any_ctx))
    lou.decides_from = None
    lou.allowed("recipes")
    late = Child(any_ctx, decides_from=(MARCH + timedelta(days=900)).date())
    late.allowed("recipes", child_email=NOOR)
    clock.forward(days=358, minutes=1)
    housekeeping.tidy(any_ctx)

    assert [one for one in names(post(any_ctx)) if one[1] == NOOR and "renewal" in one[0]] == []
    assert audit.rows(any_ctx, "requests", "kind = 'renewal'") == []
    clock.forward(days=8)
    housekeeping.tidy(any_ctx)
    assert lou.statuses() == {"recipes": "expired"}


def test_what_a_child_allowed_before_it_confirmed_can_still_be_stopped_from_its_mails(
    any_ctx: Context, clock: Clock
) -> None:
    any_ctx.limited = False
    lou = herself(any_ctx, "Lou")
    lou.allowed("recipes")
    Child(any_ctx).allowed("recipes", child_email=NOOR)
    clock.forward(days=1, minutes=1)

    (plus,) = [one for one in post(any_ctx) if (one.kind, one.to) == ("mail_plus", NOOR)]
    assert token_in(plus.mail, "withdraw") == lou.token("withdraw")
    assert lou.stopped() == ["recipes"]


def test_a_parent_who_says_that_an_address_is_a_childs_is_asked_there_no_more(any_ctx: Context) -> None:
    """The father gives the mother's address as Noor's, and whoever reads there says that it is a child's."""
    any_ctx.limited = False
    of_mother = Child(any_ctx, "Lou", parent=MOTHER)
    of_mother.allowed("recipes")
    waiting = of_mother.asks("reminder")
    noor = Child(any_ctx)
    noor.decided(noor.asks("recipes"), "recipes", child_email=MOTHER)
    token = noor.address_token()
    assert state_of(any_ctx, waiting) is GuardianState.OPEN

    confirmation.confirm(any_ctx, token, ())

    assert state_of(any_ctx, waiting) is GuardianState.OF_A_CHILD
    assert of_mother.stopped() == ["recipes"]


def test_another_address_for_the_child_gives_the_first_one_back(any_ctx: Context, noor: Child) -> None:
    any_ctx.limited = False
    noor.decided(noor.asks("bake_day"), "bake_day", child_email="echt@kind.test")
    post(any_ctx)

    herself(any_ctx).sends("reminder")

    assert names(post(any_ctx)) == [("guardian_asks", NOOR)]


def test_a_form_for_who_decides_alone_is_as_it_was(any_ctx: Context, noor: Child) -> None:
    somebody = Person(any_ctx, NOOR, controller="demolen", form="newsletter")
    somebody.grants("news")

    assert somebody.statuses()["news"] == "granted"


@pytest.mark.parametrize("by", ["child_withdraw", "withdraw"])
def test_where_all_has_stopped_a_child_is_still_not_its_own_parent(any_ctx: Context, noor: Child, by: str) -> None:
    any_ctx.limited = False
    noor.stopped(by)
    post(any_ctx)
    again = herself(any_ctx)

    again.sends("recipes")

    assert post(any_ctx) == []
    assert audit.rows(any_ctx, "requests", "status = 'awaiting_guardian'") == []


# The link to get no more such mails


def told(ctx: Context) -> str:
    """The token of the link in the mail that tells Noor."""
    herself(ctx).sends("reminder")
    (sent,) = [one for one in post(ctx) if one.kind == "child_not_asked"]
    return token_in(sent.mail, "stop")


def test_a_child_that_wants_no_such_mail_is_not_told_again_and_still_not_asked(
    any_ctx: Context, noor: Child, clock: Clock
) -> None:
    token = told(any_ctx)
    stored, stopped = mail_opt_out.view(any_ctx, token)
    assert (stored.notice.audience, stopped) == ("child", False)

    mail_opt_out.stop(any_ctx, token)
    mail_opt_out.stop(any_ctx, token)
    assert names(post(any_ctx)) == [("opted_out", NOOR)]
    clock.forward(days=2)
    for spelling in (NOOR, *SPELLINGS):
        herself(any_ctx, parent=spelling).sends("reminder")

    assert [one for one in names(post(any_ctx)) if one[0] != "mail_plus"] == []
    assert mail_opt_out.view(any_ctx, token)[1]
    assert audit.rows(any_ctx, "requests", "status = 'awaiting_guardian'") == []
    assert [entry for entry in noor.history() if entry[0] == "stopped"] == [("stopped", "", "self")]
    assert noor.statuses() == {"recipes": "granted"}
    audit.verify(any_ctx)


def test_what_is_queued_for_the_child_does_not_go_after_that_and_its_parent_is_mailed_on(
    any_ctx: Context, noor: Child, clock: Clock
) -> None:
    herself(any_ctx).sends("reminder")

    mail_opt_out.stop(any_ctx, noor.token("child_stop"))

    assert names(post(any_ctx)) == [("opted_out", NOOR)]
    clock.forward(days=1, minutes=1)
    noor.sends("bake_day")
    assert ("guardian_asks", FATHER) in names(post(any_ctx))


def test_the_link_of_the_parent_stops_nothing_at_the_childs_address(any_ctx: Context, noor: Child) -> None:
    mail_opt_out.stop(any_ctx, noor.token("stop"))
    assert names(post(any_ctx)) == [("opted_out", FATHER)]

    herself(any_ctx).sends("reminder")

    assert names(post(any_ctx)) == [TOLD]


def test_a_link_to_an_address_that_is_forgotten_leads_nowhere(any_ctx: Context, noor: Child) -> None:
    token = told(any_ctx)
    noor.stopped()
    post(any_ctx)

    with pytest.raises(UnknownLink):
        mail_opt_out.stop(any_ctx, token)


def test_who_lifts_never_mail_me_is_told_again(any_ctx: Context, noor: Child, clock: Clock) -> None:
    mail_opt_out.stop(any_ctx, told(any_ctx))
    clock.forward(days=2)
    address = read_address(NOOR)
    send_link(any_ctx, LinkRequest("demolen", "nl", address, "192.0.2.0/24", to_object=False))
    (offer,) = [one for one in post(any_ctx) if one.kind == "lift"]
    lifting.lift(any_ctx, token_in(offer.mail, "lift"))

    herself(any_ctx).sends("reminder")

    assert names(post(any_ctx)) == [TOLD]


def test_a_mail_to_a_child_that_never_went_gives_its_turn_back(any_ctx: Context, noor: Child) -> None:
    def refuse(recipient: str) -> None:
        raise PermanentFailure("RCPT 550 5.1.1")

    herself(any_ctx).sends("reminder")
    Worker(any_ctx, Mailbox(trouble=refuse)).work_off()

    herself(any_ctx).sends("reminder")

    assert names(post(any_ctx)) == [TOLD]
