"""Answers that are given again as they were given: to whom, for how long, and never what is one person's own."""

import gzip
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from app.web import form_token, page_cache
from app.web.prerendered import PrerenderedPage, slot
from tests.factories import Clock
from tests.page import FORM_CACHE, Page
from tests.web.ways import CAREERS, QUOTE, SOFIE, agreed, asked, say_yes, stored

ADDRESS = CAREERS.address("nl")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens of the form pages that were made; a page that is given again makes none."""
    tokens: list[str] = []
    make = form_token.make_form_token

    def noting(*given: object) -> str:
        tokens.append(make(*given))  # type: ignore[arg-type]
        return tokens[-1]

    monkeypatch.setattr("app.web.submission.make_form_token", noting)
    return tokens


def test_a_form_page_is_made_once_a_minute(client: FlaskClient, clock: Clock, made: list[str]) -> None:
    first = [client.get(ADDRESS).text for _ in range(3)]
    clock.forward(minutes=1)
    second = [client.get(ADDRESS).text for _ in range(3)]

    assert len(set(first)) == len(set(second)) == 1
    assert len(made) == 2
    assert made[0] in first[0]
    assert made[1] in second[0]


def test_what_somebody_asked_for_the_day_before_yesterday_spoils_nobodys_answer(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    CAREERS.open(client)
    clock.forward(days=2)

    CAREERS.answer(CAREERS.open(client).press(client, 0, email=SOFIE, purposes=["keep_cv"]))
    assert len(stored(ctx, "requests", status="requested")) == 1


def test_each_language_has_its_own_page(client: FlaskClient) -> None:
    for language in (*QUOTE.languages, *QUOTE.languages):
        assert QUOTE.open(client, language).language == language


def test_each_site_has_its_own_page(client: FlaskClient) -> None:
    address = f"{ADDRESS}&site=https://www.talentwerk.example"
    for _ in range(2):
        assert "site=" not in CAREERS.open(client).one("form").attrib["action"]
        page = CAREERS.answer(client.get(address), cache=FORM_CACHE)
        assert "site=" in page.one("form").attrib["action"]


def test_a_host_that_is_not_ours_is_given_nothing_again(client: FlaskClient) -> None:
    CAREERS.open(client)
    for _ in range(2):
        assert client.get(ADDRESS, environ_overrides={"HTTP_HOST": "evil.example"}).status_code == 400
    assert client.get(ADDRESS).status_code == 200


def test_a_page_behind_a_link_is_made_each_time(client: FlaskClient, ctx: Context) -> None:
    link = agreed(client, ctx, CAREERS, purposes=("keep_cv",)).withdraw
    runs = Page(client.get(link))
    assert Page(client.get(link)).html == runs.html
    runs.press(client, 0)

    assert Page(client.get(link)).html != runs.html


def test_what_is_sent_is_never_answered_with_a_page_that_was_given_before(client: FlaskClient, ctx: Context) -> None:
    for _ in range(2):
        page = CAREERS.open(client)
    sent = CAREERS.answer(page.press(client, 0, email=SOFIE, purposes=["keep_cv"]))

    assert sent.h1 != page.h1
    assert len(stored(ctx, "requests")) == 1


def test_a_text_that_was_changed_shows_at_once(client: FlaskClient, publish: Callable[..., None]) -> None:
    before = CAREERS.open(client, "en")
    publish("talentwerk/careers", {before.h1: "Another title"})

    assert CAREERS.open(client, "en").h1 == "Another title"


@pytest.mark.parametrize(
    ("wishes", "packed"),
    [
        ("gzip", True),
        ("br;q=0.9, gzip", True),
        ("", False),
        ("br", False),
        ("identity", False),
        ("gzip; q=0", False),
        ("br, gzip;q=0.5", True),
        ("gzip;q=0.0, br", False),
    ],
)
def test_only_who_can_unpack_a_page_gets_it_packed_and_caches_are_told(
    client: FlaskClient, wishes: str, packed: bool
) -> None:
    plain = client.get(ADDRESS).data
    for _ in range(2):
        response = client.get(ADDRESS, headers={"Accept-Encoding": wishes})

        assert ("Content-Encoding" in response.headers) == packed
        assert (gzip.decompress(response.data) if packed else response.data) == plain
        assert int(response.headers["Content-Length"]) == len(response.data)
        assert "Accept-Encoding" in response.headers["Vary"]


def test_who_has_the_page_already_is_told_so(client: FlaskClient) -> None:
    tag = client.get(ADDRESS).headers["ETag"]
    for mark, status in ((tag, 304), ('W/"another"', 200)):
        assert client.get(ADDRESS, headers={"If-None-Match": mark}).status_code == status


def test_one_page_under_many_addresses_fills_no_memory(
    client: FlaskClient, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_cache, "_MAX_RESPONSES", 3)
    for number in (0, 1, 2, 0, 1, 2):
        client.get(f"{ADDRESS}&x={number}")
    assert len(made) == 3
    client.get(f"{ADDRESS}&x=3")
    client.get(f"{ADDRESS}&x=0")
    assert len(made) == 5


def test_what_is_filled_in_is_escaped_and_makes_no_slot() -> None:
    prerendered = PrerenderedPage(f"<p>{slot('email')}</p><b>{slot('at')}</b>")

    assert prerendered.fill(email=f'<i>"&{slot("at")}', at="now") == f"<p>&lt;i&gt;&#34;&amp;{slot('at')}</p><b>now</b>"
    with pytest.raises(KeyError):
        prerendered.fill(email="")


def test_a_head_says_what_a_get_says_whichever_comes_first(client: FlaskClient) -> None:
    packed = {"Accept-Encoding": "gzip"}
    for address in (ADDRESS, f"{ADDRESS}&x=1"):
        answers = [client.head(address, headers=packed), client.get(address, headers=packed)]
        answers += [client.head(address, headers=packed)]

        assert len({str(answer.headers) for answer in answers}) == 1
        assert [bool(answer.data) for answer in answers] == [False, True, False]


def test_who_has_the_page_of_the_minute_before_gets_the_new_one_packed(client: FlaskClient, clock: Clock) -> None:
    old = client.get(ADDRESS).headers["ETag"]
    clock.forward(minutes=1)
    for _ in range(2):
        response = client.get(ADDRESS, headers={"If-None-Match": old, "Accept-Encoding": "gzip"})

        assert response.status_code == 200
        assert response.headers["Content-Encoding"] == "gzip"


def test_an_error_is_never_for_others_to_keep(client: FlaskClient) -> None:
    static = client.get("/embed.js")
    for address in (ADDRESS, "/embed.js"):
        for _ in range(2):
            refused = client.get(address, headers={"If-Match": '"another"'})
            assert refused.status_code == 412
            assert refused.headers["Cache-Control"] == "private, no-store"
            client.get(address)
    assert static.headers["Cache-Control"].startswith("public")


def test_a_text_with_odd_signs_leaves_no_slot_in_the_page(client: FlaskClient, publish: Callable[..., None]) -> None:
    publish("talentwerk/careers", {"Contact over werk": "Contact \ufffctoken\ufffc over \ufffcnix\ufffc werk"})

    page = CAREERS.open(client)
    assert page.h1 == "Contact \ufffctoken\ufffc over \ufffcnix\ufffc werk"


def test_each_person_is_led_to_her_own_link_after_a_yes_and_after_a_stop(client: FlaskClient, ctx: Context) -> None:
    """These pages are rendered once for all who answer alike."""
    for email in (SOFIE, "pieter@voorbeeld.test"):
        links = asked(ctx, CAREERS, email=email)
        done = Page(say_yes(client, Page(client.get(links.confirm))))
        own = [link for link in done.links.values() if "/withdraw/" in link]
        page = Page(client.get(own[0]))
        stopped = Page(page.press(client, i18n.say("nl", "confirmed.stop_now") + ", Uw cv twee jaar bewaren"))
        rest = [link for link in stopped.links.values() if "/withdraw/" in link]

        assert [link.partition("?")[0] for link in own + rest] == [links.withdraw] * 2


def test_each_answer_and_each_stop_has_a_page_of_its_own(client: FlaskClient, ctx: Context) -> None:
    titles = {"keep_cv": "Uw cv twee jaar bewaren", "offers_mail": "Vacatures per mail"}
    for email, purpose in ((SOFIE, "keep_cv"), ("pieter@voorbeeld.test", "offers_mail")):
        links = asked(ctx, CAREERS, (purpose,), email=email)
        done = Page(say_yes(client, Page(client.get(links.confirm))))
        stopped = Page(Page(client.get(links.withdraw)).press(client, 0))

        for page in (done, stopped):
            assert [title for title in titles.values() if title in page.text] == [titles[purpose]]
