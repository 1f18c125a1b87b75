"""To be mailed by forms again: one page, one button, half an hour."""

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from app.storage.notices import StoredNotice
from tests.factories import Clock, link_in, text_of, work_off
from tests.page import Page
from tests.web.ways import (
    BAKECLUB,
    CAREERS,
    SOFIE,
    TEEN,
    Form,
    asked,
    child_asked,
    lasting_links,
    nothing_changes,
    stored,
)


def offer(client: FlaskClient, ctx: Context, form: Form = CAREERS, language: str = "nl") -> str:
    """Somebody said never, and anybody asks for a link; the link to lift that, without the host."""
    Page(client.post(asked(ctx, form, language=language).stop, data={"decision": "stop"}))
    Page(client.post(f"/link/{form.controller}?lang={language}", data={"email": SOFIE, "decision": "yes"}))
    (mail,) = [mail for mail in work_off(ctx) if "/lift/" in text_of(mail)]
    assert mail["To"] == SOFIE
    link = link_in(mail, "lift")
    assert "/." not in link, "servers that stand in front often hide such a path"
    return link


def marks(ctx: Context) -> int:
    return len(stored(ctx, "suppressions", kind="no_mail"))


def test_a_press_lets_forms_mail_again(client: FlaskClient, ctx: Context, clock: Clock) -> None:
    page = Page(client.get(offer(client, ctx)))
    assert page.h1 == i18n.say("nl", "lift.title")
    assert len(page.buttons) == 1

    assert Page(page.press(client, 0)).h1 == i18n.say("nl", "lift.done.title")

    assert marks(ctx) == 0
    clock.forward(minutes=11)
    CAREERS.answer(CAREERS.open(client).press(client, 0, email=SOFIE, purposes=["keep_cv"]))
    assert [mail["To"] for mail in work_off(ctx)] == [SOFIE]


def test_a_scanner_that_opens_the_link_and_sends_its_form_lifts_nothing(client: FlaskClient, ctx: Context) -> None:
    """Scanners open links and run scripts, and scripts send no button along."""
    link = offer(client, ctx)

    with nothing_changes(ctx):
        for body in ({"x": ""}, {"decision": ""}, {"decision": "yes"}, {"decision": "stop"}, {"x": "lift"}):
            assert Page(client.post(link, data=body), 422).h1 == i18n.say("nl", "lift.title")
        for method in ("GET", "HEAD", "OPTIONS"):
            assert client.open(f"{link}?decision=lift", method=method).status_code == 200
    assert marks(ctx) == 1


def test_a_second_press_shows_the_same_page_and_changes_nothing(client: FlaskClient, ctx: Context) -> None:
    link = offer(client, ctx)
    first = Page(client.post(link, data={"decision": "lift"}))

    with nothing_changes(ctx):
        assert Page(client.post(link, data={"decision": "lift"})).html == first.html
        assert Page(client.get(link)).html == first.html


def test_after_half_an_hour_the_link_has_expired_and_leads_to_a_new_one(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    link = offer(client, ctx)
    clock.forward(minutes=30)

    with nothing_changes(ctx):
        late = Page(client.get(link), 410)
        assert Page(client.post(link, data={"decision": "lift"}), 410).h1 == late.h1 == i18n.say("nl", "expired.title")
    assert late.links[i18n.say("nl", "lift.expired.again")] == "/link/talentwerk?lang=nl"
    assert not late.all("form")


def test_a_forged_link_is_the_one_404(client: FlaskClient, ctx: Context) -> None:
    link = offer(client, ctx)
    one = Page(client.get("/confirm/nothing"), 404).response.data

    with nothing_changes(ctx):
        for forged in (
            link[:-1],
            link + "A",
            link + "//",
            link.upper().replace("/LIFT/", "/lift/"),
            "/lift/x",
            f"/lift/{asked_for(ctx)}",
        ):
            for response in (client.get(forged), client.post(forged, data={"decision": "lift"})):
                assert (response.status_code, response.data) == (404, one), forged


def asked_for(ctx: Context) -> str:
    """A token of another kind that says the same."""
    return ctx.signing.confirm.make(["talentwerk", "0" * 64, "2026", "nl"])


@pytest.mark.parametrize("language", BAKECLUB.languages)
def test_the_pages_speak_the_language_in_which_the_link_was_asked_for(
    client: FlaskClient, ctx: Context, clock: Clock, language: str
) -> None:
    links = child_asked(client, ctx, BAKECLUB, guardian=SOFIE, language=language)
    Page(client.post(links.stop, data={"decision": "stop"}))
    Page(client.post(f"/link/demolen?lang={language}", data={"email": SOFIE, "decision": "yes"}))
    (mail,) = [mail for mail in work_off(ctx) if "/lift/" in text_of(mail)]
    link = link_in(mail, "lift")

    pages = [Page(client.get(link)), Page(client.post(link, data={"decision": "lift"}))]
    clock.forward(minutes=30)
    pages.append(Page(client.get(link), 410))
    assert {page.language for page in pages} == {language}
    assert [page.h1 for page in pages] == [
        i18n.say(language, key) for key in ("lift.title", "lift.done.title", "expired.title")
    ]
    assert all(SOFIE not in page.html for page in pages)
    assert SOFIE not in link


def test_the_page_to_lift_is_never_kept_or_framed_and_tells_nobody_where_one_came_from(
    client: FlaskClient, ctx: Context
) -> None:
    response = client.get(offer(client, ctx))

    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert "noindex" in response.headers["X-Robots-Tag"]


def test_a_request_for_a_link_brings_no_link_to_manage(client: FlaskClient, ctx: Context) -> None:
    """There is no such page yet: nothing may lead there."""
    asked(ctx, CAREERS)
    for query in ("", "for=object&"):
        Page(client.post(f"/link/talentwerk?{query}lang=nl", data={"email": SOFIE, "decision": "yes"}))

    assert not any("/manage/" in text_of(mail) for mail in work_off(ctx))


@pytest.mark.parametrize("language", BAKECLUB.languages)
def test_a_teenager_reads_the_words_for_the_young_in_the_language_of_the_page(
    client: FlaskClient, ctx: Context, clock: Clock, language: str
) -> None:
    page = BAKECLUB.after(client, TEEN, "nl")
    BAKECLUB.answer(page.press(client, 0, email=SOFIE, purposes=["recipes"]))
    work_off(ctx)
    Page(client.post(lasting_links(ctx, "demolen")[2], data={"decision": "stop"}))
    Page(client.post(f"/link/demolen?lang={language}", data={"email": SOFIE, "decision": "yes"}))
    (mail,) = [mail for mail in work_off(ctx) if "/lift/" in text_of(mail)]
    link = link_in(mail, "lift")

    assert {row["notice"] for row in stored(ctx, "outbox", kind="lift")} == {
        spoken for spoken in ctx.siblings(seen_by(ctx, "teen")).values() if stored_in(ctx, spoken) == language
    }
    pages = [Page(client.get(link)), Page(client.post(link, data={"decision": "lift"}))]
    clock.forward(minutes=30)
    pages.append(Page(client.get(link), 410))
    assert {page.language for page in pages} == {language}
    for page, key in zip(pages, ("lift.title", "lift.done.title", "expired.title"), strict=True):
        assert page.h1 == i18n.say(language, key, True)


def seen_by(ctx: Context, audience: str) -> StoredNotice:
    """The notice of the one request that there is, which this audience read."""
    (request,) = stored(ctx, "requests", audience=audience)
    return ctx.stored_notice(request["notice"])


def stored_in(ctx: Context, notice_hash: str) -> str:
    """The language of a notice."""
    return ctx.stored_notice(notice_hash).notice.language
