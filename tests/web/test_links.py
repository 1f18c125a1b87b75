"""Every kind of link against every address: only the right one opens, and looking changes nothing."""

from collections.abc import Iterator
from itertools import cycle, product

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import i18n
from app.services import confirmation, guardian, mail_opt_out, objection, withdrawal
from app.services.context import Context, UnknownLink
from app.signing import Signing
from tests.factories import link_in, work_off
from tests.page import Page
from tests.web.ways import (
    ADULT,
    BAKECLUB,
    CAREERS,
    CHILD,
    DESK,
    EVENTS,
    NOOR,
    ChildLinks,
    Links,
    agreed,
    asked,
    child_allowed,
    child_asked,
    nothing_changes,
    step_of,
    token_of,
)

KINDS = ("confirm", "withdraw", "object", "stop")
ADDRESSES = (*KINDS, "guardian", "lift")
TO_COME = ("manage",)
BODIES: tuple[dict[str, str], ...] = (
    {"x": ""},
    {"decision": "yes"},
    {"decision": "no"},
    {"decision": "stop"},
    {"decision": "lift"},
    {"decision": "yes", "explicit": "medical"},
    {"interest": "alles/count"},
    {"decision": "yes", "purposes": "recipes", "is_guardian": "yes"},
    {"decision": "not_mine"},
)


def token(link: str) -> str:
    return link.split("/")[2]


def variants(good: str) -> Iterator[str]:
    """Texts that are almost a link."""
    for place in range(0, len(good), 3):
        other = "A" if good[place] != "A" else "B"
        yield good[:place] + other + good[place + 1 :]
    for place in (1, len(good) // 2, len(good) - 1):
        yield good[:place]
    for ending in "AQgw0=.~":
        yield good + (ending if ending != "." else "..")  # one full stop behind a link is taken off
        yield good[:-1] + ending if good[-1] != ending else good + "AA"
    yield from (good.swapcase(), good[::-1], f"{good}{good}", f"{good}.{good}", f"%20{good}", f"%EF%BB%BF{good}")
    yield from (f"{good}{ending}" for ending in ("%00", "%0A", "%3D", "%C3%A9", "%25", ";x"))
    yield from ("%2E%2E", "null", "0", "-1")


def everything(client: FlaskClient, address: str) -> Iterator[TestResponse]:
    """Look at an address and send it all that its kinds of pages know."""
    yield client.get(address)
    for body in BODIES:
        yield client.post(address, data=body)


def the_one_404(client: FlaskClient, language: str = "nl") -> bytes:
    page = Page(client.get("/confirm/nothing", headers={"Accept-Language": language}), 404)
    assert page.h1 == i18n.say(language, "bad_link.title")
    assert not page.all("form")
    return bytes(page.response.data)


@pytest.mark.parametrize("kind", KINDS)
def test_a_forged_or_rewritten_link_gets_the_one_404_and_nothing_changes(
    client: FlaskClient, ctx: Context, kind: str
) -> None:
    links = asked(ctx, CAREERS)
    good = token(getattr(links, kind))
    forged = sorted(set(variants(good)) - {good})
    expected = the_one_404(client)

    button = {"decision": "stop" if kind in ("withdraw", "stop") else "yes"}

    with nothing_changes(ctx):
        for text in forged:
            for response in (client.get(f"/{kind}/{text}"), client.post(f"/{kind}/{text}", data=button)):
                assert (response.status_code, response.data) == (404, expected), text
    Page(client.get(f"/{kind}/{good}"))


@pytest.mark.parametrize("kind", ["guardian", "child_withdraw"])
def test_a_forged_or_rewritten_link_of_a_child_gets_the_one_404_and_nothing_changes(
    client: FlaskClient, ctx: Context, kind: str
) -> None:
    address, good = getattr(child_asked(client, ctx), kind).rsplit("/", 1)
    expected = the_one_404(client)

    with nothing_changes(ctx):
        for text in sorted(set(variants(good)) - {good}):
            for response in (
                client.get(f"{address}/{text}"),
                *(client.post(f"{address}/{text}", data=BODIES[place]) for place in (3, 7, 8)),
            ):
                assert (response.status_code, response.data) == (404, expected), text
    Page(client.get(f"{address}/{good}"))


def test_the_links_of_a_parent_of_a_child_and_of_an_adult_are_never_interchangeable(
    client: FlaskClient, ctx: Context
) -> None:
    """A confirmation, a parent's link, a child's stop and its question about an address: each opens its own page.

    One opens two: behind a child's link to stop it says no to advertising too (GDPR art. 21(4)).
    """
    mine = agreed(client, ctx, DESK)
    waiting = child_asked(client, ctx)
    theirs = child_allowed(client, ctx, name="Finn", guardian="mama@voorbeeld.test", child_email=NOOR)
    (mail,) = [mail for mail in work_off(ctx) if mail["To"] == NOOR]
    tokens = {
        "confirm": [token(mine.confirm), token(link_in(mail, "confirm"))],
        "guardian": [token(waiting.guardian), token(theirs.guardian)],
        "withdraw": [token(mine.withdraw), token(theirs.withdraw)],
        "child": [token(theirs.child_withdraw)],
        "object": [token(mine.object), token(theirs.object)],
        "stop": [token(mine.stop), token(theirs.stop)],
        "step": [step_of(BAKECLUB.place(client, born)) for born in (CHILD, ADULT)],
        "form": [token_of(BAKECLUB.open(client)), token_of(BAKECLUB.after(client))],
    }
    own = {kind: {kind} for kind in tokens} | {"child": {"withdraw", "object"}}
    expected, bodies = the_one_404(client), cycle(BODIES)

    pairs = [(*pair, found) for pair in product(tokens, (*ADDRESSES, *TO_COME)) for found in tokens[pair[0]]]

    with nothing_changes(ctx):
        for kind, address, found in pairs:
            if address in own[kind]:
                continue
            for response in (
                *everything(client, f"/{address}/{found}"),
                client.get(f"/{address}/{found}/recipes"),
                client.post(f"/{address}/{found}/recipes", data=next(bodies)),
            ):
                assert (response.status_code, response.data) == (404, expected), (kind, address)
        for kind in tokens.keys() - {"step"}:
            for found in tokens[kind]:
                assert client.get(f"{BAKECLUB.address('nl')}&step={found}").status_code == 404, kind
    for kind, address, found in pairs:
        if address in own[kind]:
            page = Page(client.get(f"/{address}/{found}"))
            is_childs = "child" in page.one("body").get("class", "")
            assert is_childs == (kind == "child") or address == "confirm", (kind, address)


def test_a_link_opens_its_own_address_and_gets_the_one_404_on_all_others(client: FlaskClient, ctx: Context) -> None:
    links = agreed(client, ctx, DESK)
    tokens = {kind: token(link) for kind, link in zip(KINDS, links, strict=True)}
    tokens["form"] = DESK.open(client).one("input", name="form_token").attrib["value"]
    tokens["subject"] = "0" * 32
    expected = the_one_404(client)

    with nothing_changes(ctx):
        for kind, address in product(tokens, (*ADDRESSES, *TO_COME)):
            if kind != address:
                for response in everything(client, f"/{address}/{tokens[kind]}"):
                    assert (response.status_code, response.data) == (404, expected), (kind, address)
                for response in everything(client, f"/{address}/{tokens[kind]}/club"):
                    assert (response.status_code, response.data) == (404, expected), (kind, address)


@pytest.mark.parametrize("kind", KINDS)
def test_more_behind_a_link_makes_another_link(client: FlaskClient, ctx: Context, kind: str) -> None:
    """But for one slash, and for the purpose behind a withdrawal link: its token alone says whose link it is."""
    link = getattr(asked(ctx, CAREERS), kind)
    expected = the_one_404(client)
    behind_a_slash = ("//", "/keep_cv/more", "/keep_cv/", "/../stop") if kind != "withdraw" else ()

    with nothing_changes(ctx):
        for more in (*behind_a_slash, "..", ").", ".%20", "%20%20", "./", "%2E%2E"):
            for response in everything(client, f"{link}{more}"):
                assert (response.status_code, response.data) == (404, expected), more


def test_the_links_of_a_controller_or_an_installation_open_nothing_elsewhere(client: FlaskClient, ctx: Context) -> None:
    ours = asked(ctx, CAREERS)
    theirs = asked(ctx, EVENTS, email="benno@voorbeeld.test")
    assert {token(link) for link in ours}.isdisjoint({token(link) for link in theirs})
    strangers = Signing(("another installation's key",), ctx.clock).confirm
    expected = the_one_404(client)

    with nothing_changes(ctx):
        for foreign in (strangers.make("0" * 32), ctx.signing.confirm.make("0" * 32), ctx.signing.form.make("0" * 32)):
            for response in everything(client, f"/confirm/{foreign}"):
                assert (response.status_code, response.data) == (404, expected)


def test_the_404_of_a_link_speaks_the_language_of_the_browser_and_is_otherwise_one(client: FlaskClient) -> None:
    for language in i18n.LANGUAGES:
        bodies = {
            client.get(address, headers={"Accept-Language": language}).data
            for address in ("/withdraw/x/y", *(f"/{kind}/x" for kind in (*ADDRESSES, *TO_COME)))
        }
        assert bodies == {the_one_404(client, language)}


def test_nothing_beside_a_link_moves_it_to_somebody_else(client: FlaskClient, ctx: Context) -> None:
    other = agreed(client, ctx, CAREERS, email="benno@voorbeeld.test")
    mine = asked(ctx, CAREERS)
    foreign = {"email": "benno@voorbeeld.test", "token": token(other.withdraw), "subject": "1", "id": "1"}

    Page(client.post(f"{mine.withdraw}?token={token(other.withdraw)}", data={"decision": "stop"} | foreign))

    assert len(Page(client.get(other.withdraw)).buttons) == 4


# Looking


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_any_number_of_looks_at_any_link_changes_no_row(client: FlaskClient, ctx: Context, method: str) -> None:
    looked_at: list[Links | ChildLinks] = [
        asked(ctx, CAREERS),
        agreed(client, ctx, DESK, email="benno@voorbeeld.test"),
        child_asked(client, ctx),
    ]
    queries = (
        "",
        "?lang=en",
        "?decision=yes",
        "?decision=stop&List-Unsubscribe=One-Click",
        "?x=%00",
        "?utm_source=x#y",
    )
    agents = ("Mozilla/5.0", "Barracuda", "GoogleImageProxy", "Microsoft Office/16.0 (Outlook)", "")

    with nothing_changes(ctx):
        for links, query, agent in zip(looked_at * 10, queries * 5, agents * 6, strict=True):
            more = (f"{links.withdraw}/keep_cv", "/link/talentwerk", "/f/talentwerk/careers", "/f/demolen/bakeclub")
            for link in (*links, *more):
                response = client.open(f"{link}{query}", method=method, headers={"User-Agent": agent})
                assert response.status_code in (200, 302)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_are_no_answers(client: FlaskClient, ctx: Context, method: str) -> None:
    links = (*asked(ctx, CAREERS), *child_asked(client, ctx))

    with nothing_changes(ctx):
        for link in (*links, f"{links[1]}/keep_cv"):
            response = client.open(link, method=method, data={"decision": "yes"})
            Page(response, 405)
            assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_method_named_in_a_header_or_field_is_not_believed(client: FlaskClient, ctx: Context) -> None:
    links = asked(ctx, CAREERS)

    with nothing_changes(ctx):
        Page(client.get(links.confirm, headers={"X-HTTP-Method-Override": "POST"}))
        Page(client.get(f"{links.confirm}?_method=POST&decision=yes"))


# The same on the other database


@pytest.mark.parametrize("text", ["\x00", "a\x00b" * 10, "\ufffd" * 32, "\U0001f600" * 32, "x" * 10_000])
def test_odd_texts_are_unknown_links_on_both_databases(any_ctx: Context, text: str) -> None:
    for act in (
        lambda: withdrawal.view(any_ctx, text),
        lambda: withdrawal.withdraw(any_ctx, text),
        lambda: objection.view(any_ctx, text),
        lambda: mail_opt_out.view(any_ctx, text),
        lambda: confirmation.view(any_ctx, text),
        lambda: guardian.view(any_ctx, text),
        lambda: guardian.not_mine(any_ctx, text),
    ):
        with pytest.raises(UnknownLink):
            act()
