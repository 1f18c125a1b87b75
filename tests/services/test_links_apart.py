"""Every link opens its own door and no other, whoever it was mailed to."""

from collections.abc import Callable

import pytest

from app.services import confirmation, guardian, mail_opt_out, objection, withdrawal
from app.services.confirmation import ConfirmationState
from app.services.context import Context, UnknownLink
from app.services.guardian import GuardianDecision
from app.signing import BadToken
from tests import audit
from tests.services.family import NOOR, Child
from tests.services.person import Person

Door = Callable[[Context, str], object]

DOORS: dict[str, tuple[Door, ...]] = {
    "guardian": (
        guardian.view,
        guardian.not_mine,
        lambda ctx, token: guardian.refuse(ctx, token, ""),
        lambda ctx, token: guardian.decide(ctx, token, GuardianDecision("", ("recipes", "news", "reminder"))),
    ),
    "confirm": (
        confirmation.view,
        confirmation.refuse,
        lambda ctx, token: confirmation.confirm(ctx, token, ("recipes", "news", "reminder")),
    ),
    "withdraw": (withdrawal.view, withdrawal.withdraw),
    "object": (
        objection.view,
        objection.object_to_marketing,
        lambda ctx, token: objection.object_to_interest(ctx, token, "club/counting"),
    ),
    "stop": (mail_opt_out.view, mail_opt_out.stop),
}
"""What can be done behind each kind of link."""

OWN = {door: (door,) for door in DOORS} | {"object": ("object", "withdraw by a child")}
"""The links that open each. Behind its link to stop a child says no to advertising too (GDPR art. 21(4))."""


def links(ctx: Context) -> dict[str, str]:
    """A link or token of every kind, by the door that it opens and whose it is."""
    ctx.limited = False
    noor, sofie = Child(ctx), Person(ctx, controller="demolen", form="newsletter")
    noor.decided(noor.asks("recipes"), "recipes", child_email=NOOR)
    found = {"confirm of a child's address": noor.address_token(), "confirm of an adult": sofie.asks("news")}
    found["guardian of an open wish"] = noor.asks("reminder")
    for kind in ("withdraw", "object", "stop"):
        found[f"{kind} of a child"] = noor.token(kind)
        found[f"{kind} of an adult"] = sofie.token(kind)
    found["withdraw by a child"] = noor.token("child_withdraw")
    requests = [row["id"] for row in audit.rows(ctx, "requests")]
    found["step of the age question"] = ctx.signing.step.make(["demolen/bakeclub", "child", "2027-03"])
    found["form of a page"] = ctx.signing.form.make(["demolen/bakeclub", "0" * 64, "form", "child", "nl"])
    for number, request in enumerate(requests):  # were they ever to hold the same as the others do
        found[f"step {number} around a request"] = ctx.signing.step.make(request)
        found[f"form {number} around a request"] = ctx.signing.form.make(request)
    return found


def opens(act: Door, ctx: Context, token: str) -> bool:
    try:
        act(ctx, token)
    except UnknownLink:
        return False
    return True


@pytest.mark.parametrize("door", DOORS)
def test_a_link_of_another_kind_opens_nothing_and_changes_nothing(any_ctx: Context, door: str) -> None:
    others = {name: token for name, token in links(any_ctx).items() if not name.startswith(OWN[door])}
    before = audit.everything(any_ctx)

    assert len(others) > 12
    assert [name for name, token in others.items() for act in DOORS[door] if opens(act, any_ctx, token)] == []
    assert audit.everything(any_ctx) == before


@pytest.mark.parametrize("door", DOORS)
def test_a_link_of_its_own_kind_opens_it(any_ctx: Context, door: str) -> None:
    own = [token for name, token in links(any_ctx).items() if name.startswith(OWN[door])]

    assert own
    for token in own:
        DOORS[door][0](any_ctx, token)


@pytest.mark.parametrize("kind", ["form", "step", "confirm", "guardian"])
def test_no_signed_token_passes_for_one_of_another_kind(any_ctx: Context, kind: str) -> None:
    tokens = getattr(any_ctx.signing, kind)
    others = {name: token for name, token in links(any_ctx).items() if not name.startswith(kind)}

    for token in others.values():
        with pytest.raises(BadToken):
            tokens.read(token)


def test_the_link_to_a_childs_address_says_nothing_about_what_is_allowed(any_ctx: Context) -> None:
    """It is opened like a confirmation, and its yes is about the address alone."""
    noor = Child(any_ctx)
    noor.decided(noor.asks("recipes", "reminder"), "recipes", child_email=NOOR)
    consents = audit.rows(any_ctx, "consents")

    view = confirmation.confirm(any_ctx, noor.address_token(), ("recipes", "reminder"))

    assert (view.state, view.purposes) == (ConfirmationState.CONFIRMED, {"recipes": "granted"})
    assert audit.rows(any_ctx, "consents") == consents


def test_the_two_links_that_stop_are_told_apart(any_ctx: Context) -> None:
    noor = Child(any_ctx)
    noor.allowed("recipes", child_email=NOOR)

    by_parent = withdrawal.view(any_ctx, noor.token("withdraw"))
    by_child = withdrawal.view(any_ctx, noor.token("child_withdraw"))

    assert (by_parent.by_child, by_child.by_child) == (False, True)
    assert (by_parent.stored.notice.audience, by_child.stored.notice.audience) == ("guardian", "child")
    assert by_parent.running[0].title == "Elke maand een recept, per mail"
    assert by_child.running[0].title == "Elke maand een recept per mail"
