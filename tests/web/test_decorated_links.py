"""What mail programs and people leave on the end of a link is taken off; whatever changes a token is the one 404."""

import base64
import string

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.addresses import trimmed
from app.services.context import Context
from tests.page import Page
from tests.web.test_links import the_one_404
from tests.web.ways import DESK, agreed, asked, child_allowed, child_asked, rows, stored

ENDS = (
    *".,;:!)]}>'\"*",
    "%3F",
    "/",
    *(f"%{ord(sign):02X}" for sign in ".,;:!)]}>'\"*/ "),
    "%C2%A0",
    "%E2%80%A6",
    "%C2%BB",
    "%E2%80%99",
    "%E2%80%9D",
    "%E2%80%9C",
)
NOT_TAKEN_OFF = (
    "=",
    "%3D",
    "~",
    "_",
    "-",
    "%00",
    "%0A",
    "%25",
    "%C2",
    "%E2%80%8B",
    "%EF%BB%BF",
    "&",
    "%26",
    "(",
    "%3C",
)

NO_SLASH = tuple(end for end in ENDS if end not in ("/", "%2F"))

ends = st.sampled_from(ENDS)
quick = hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
"""The tests only look, so that one set of rows will do for all examples."""


def every_link(client: FlaskClient, ctx: Context) -> list[str]:
    """One link of each kind that is mailed, open and answered, to an adult, a parent and a child."""
    waiting = asked(ctx, DESK)
    mine = agreed(client, ctx, DESK, email="benno@voorbeeld.test")
    theirs = child_asked(client, ctx)
    done = child_allowed(client, ctx, name="Finn", guardian="mama@voorbeeld.test")
    return [*waiting, f"{mine.withdraw}/club", *mine, *theirs, *done, f"{done.child_withdraw}/recipes"]


@quick
@given(data=st.data())
def test_a_decorated_link_opens_the_page_of_the_whole_one(
    client: FlaskClient, ctx: Context, data: st.DataObject
) -> None:
    link = data.draw(st.sampled_from(_once(client, ctx)))
    end = data.draw(ends)

    assert client.get(link + end).data == Page(client.get(link)).response.data


@quick
@given(data=st.data())
def test_a_link_in_a_language_may_be_decorated_too(client: FlaskClient, ctx: Context, data: st.DataObject) -> None:
    link = f"{data.draw(st.sampled_from(_once(client, ctx)))}?lang=fr"
    whole = Page(client.get(link))
    assert whole.language == "fr"

    assert client.get(link + data.draw(ends)).data == whole.response.data


@quick
@given(data=st.data())
def test_a_changed_token_is_always_the_one_404(client: FlaskClient, ctx: Context, data: st.DataObject) -> None:
    """Cut, prolonged, with one sign changed, or decorated by more than one sign: no prefix and no likeness counts."""
    link = data.draw(st.sampled_from([link for link in _once(client, ctx) if link.count("/") == 2]))
    _, kind, good = link.split("/")
    place = data.draw(st.integers(0, len(good) - 1))
    sign = data.draw(st.sampled_from(string.ascii_letters + string.digits + "-_."))
    some = "".join(data.draw(st.lists(st.sampled_from(NO_SLASH), min_size=2, max_size=3)))
    cut = good[:place] + data.draw(st.sampled_from(("", sign, sign + good[place:], sign + good[place + 1 :])))
    end = data.draw(st.sampled_from(("", *ENDS)))
    odd = data.draw(st.sampled_from(NOT_TAKEN_OFF))
    changed = data.draw(st.sampled_from((cut + end, good + some, good + odd, some + good, good[:place] + some)))
    expected = the_one_404(client)
    if cut == good:
        return

    for response in (client.get(f"/{kind}/{changed}"), client.post(f"/{kind}/{changed}", data={"decision": "yes"})):
        assert (response.status_code, response.data) == (404, expected)


def _once(client: FlaskClient, ctx: Context, known: dict[int, list[str]] = {}) -> list[str]:  # noqa: B006 (for one test)
    """The links of this kit, made at the first example."""
    if id(ctx) not in known:
        known[id(ctx)] = every_link(client, ctx)
    return known[id(ctx)]


@pytest.mark.parametrize("end", [".", "/", "%20", "%C2%BB"])
def test_what_is_pressed_behind_a_decorated_link_counts(client: FlaskClient, ctx: Context, end: str) -> None:
    links = asked(ctx, DESK)
    child = child_asked(client, ctx)
    other = child_allowed(client, ctx, name="Finn", guardian="mama@voorbeeld.test")

    for link, button in (
        (links.confirm, "yes"),
        (links.object, "yes"),
        (links.withdraw, "stop"),
        (links.stop, "stop"),
        (child.guardian, "no"),
        (other.child_withdraw, "stop"),
    ):
        before = rows(ctx)
        answer = Page(client.post(link + end, data={"decision": button}))
        assert rows(ctx) != before, link
        assert not [form for form in answer.all("form") if end in form.attrib.get("action", "")[-20:]]


@pytest.mark.parametrize("end", ENDS)
def test_one_click_on_a_decorated_link_stops_what_the_whole_one_stops(
    client: FlaskClient, ctx: Context, end: str
) -> None:
    links = agreed(client, ctx, DESK)

    for link, left in ((f"{links.withdraw}/club", 2), (links.withdraw, 0)):
        assert client.post(link + end, data={"List-Unsubscribe": "One-Click"}).text == "OK\n"
        assert len(stored(ctx, "consents", status="granted")) == left


def test_a_decorated_form_address_is_not_a_link(client: FlaskClient) -> None:
    for address in ("/f/demolen/newsletter.", "/link/demolen.", "/healthz.", "/embed.js/"):
        assert client.get(address).status_code == 404


def test_tokens_end_in_nothing_that_is_taken_off() -> None:
    alphabet = {*base64.urlsafe_b64encode(bytes(range(256))).decode()} - {"="}

    assert {trimmed(f"/stop/{sign}", "")[0] for sign in alphabet} == {f"/stop/{sign}" for sign in alphabet}


def test_bytes_that_are_no_text_pass_through_unchanged() -> None:
    for path in ("/stop/\xff\xfe", "/stop/\xc2", "/stop/\xe2\x80", "/f/\xe9.", "", "/stop/"):
        assert trimmed(path, "lang=%FF") == (path, "lang=%FF") or path == "/stop/"
