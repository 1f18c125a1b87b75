"""What was begun in one language goes on in it: no link of ours, on a page or in a mail, opens in another.

That each page says so of its links is checked in `tests.page`, for every page of every test. Here they are followed.
"""

import re
from email.message import EmailMessage
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from tests.factories import Clock, html_of, link_in, send_form, text_of, work_off
from tests.page import FOR_EVER, FORM_CACHE, NO_STORE, Page
from tests.web.ways import (
    BAKECLUB,
    CAMP,
    CAREERS,
    DESK,
    NOOR,
    QUOTE,
    SOFIE,
    Form,
    GatedForm,
    agreed,
    allow,
    asked,
    child_allowed,
    child_asked,
    lasting_links,
    say_yes,
)

PAIRS = [
    (form, spoken, read) for form in (CAREERS, QUOTE, DESK) for spoken in form.languages for read in form.languages
]
YOUNG = [(form, spoken, read) for form in (BAKECLUB, CAMP) for spoken in form.languages for read in form.languages]

pairs = pytest.mark.parametrize(("form", "spoken", "read"), PAIRS, ids=str)


def everything_behind(client: FlaskClient, page: Page, form: Form) -> set[str]:
    """Follow every link of ours on a page, and on the pages behind it; all are in the language of the page."""
    seen: set[str] = set()
    ahead = [(page, link) for link in page.all("a")]
    while ahead:
        here, link = ahead.pop()
        address = urljoin(here.address, link.attrib["href"])
        if urlsplit(address).scheme or address in seen or "hreflang" in link.attrib or "#" in address:
            continue
        seen.add(address)
        framed: dict[str, Any] = {"framed_by": form.origins} if address.startswith("/f/") else {}
        if framed and "step=" not in address:
            framed["cache"] = FORM_CACHE
        found = Page(client.get(address), **framed)
        assert found.language == page.language, f"{here.address} -> {address}"
        ahead += [(found, further) for further in found.all("a")]
    return seen


@pairs
def test_what_is_confirmed_in_a_language_is_stopped_in_that_language(
    client: FlaskClient, ctx: Context, form: Form, spoken: str, read: str
) -> None:
    """`done` led to a page in the language of the form."""
    links = asked(ctx, form, language=spoken)
    page = Page(client.get(f"{links.confirm}?lang={read}"))
    assert page.language == read

    done = Page(say_yes(client, page))
    already = Page(client.get(f"{links.confirm}?lang={read}"))
    for shown in (page, done, already):
        assert shown.language == read
        everything_behind(client, shown, form)
    stop = Page(done.follow(client, i18n.say(read, "confirmed.stop_now")))
    one = Page(stop.press(client, stop.buttons[1]))
    stop_more = Page(one.follow(client, i18n.say(read, "withdraw.title")))
    stopped = Page(stop_more.press(client, 0))
    for shown in (stop, one, stop_more, stopped, Page(client.get(stop.address))):
        assert shown.language == read
        everything_behind(client, shown, form)


@pairs
def test_every_other_page_behind_a_mail_keeps_to_the_language_it_is_read_in(
    client: FlaskClient, ctx: Context, clock: Clock, form: Form, spoken: str, read: str
) -> None:
    links = asked(ctx, form, language=spoken)
    refused = Page(client.get(f"{asked(ctx, form, language=spoken, email='nee@voorbeeld.test').confirm}?lang={read}"))
    pages = [Page(refused.press(client, 1))]
    for link, buttons in ((links.object, (1, 0)), (links.stop, (0,))):
        page = Page(client.get(f"{link}?lang={read}"))
        pages += [page, *(Page(page.press(client, button)) for button in buttons)]
    late = asked(ctx, form, language=spoken, email="laat@voorbeeld.test").confirm
    clock.forward(days=8)
    pages.append(Page(client.get(f"{late}?lang={read}"), 410))
    pages.append(Page(client.get(f"/link/{form.controller}?lang={read}")))
    pages.append(Page(pages[-1].press(client, 0, email=SOFIE)))

    assert {page.language for page in pages} == {read}
    for page in pages:
        everything_behind(client, page, form)


@pytest.mark.parametrize(("form", "spoken", "read"), YOUNG, ids=str)
def test_what_a_parent_decides_in_a_language_is_stopped_in_that_language(
    client: FlaskClient, ctx: Context, clock: Clock, form: GatedForm, spoken: str, read: str
) -> None:
    links = child_asked(client, ctx, form, language=spoken)
    page = Page(client.get(f"{links.guardian}?lang={read}"))
    done = allow(client, f"{links.guardian}?lang={read}", child_email=NOOR)
    already = Page(client.get(f"{links.guardian}?lang={read}"))
    (question,) = [mail for mail in work_off(ctx) if mail["To"] == NOOR]
    mine = Page(client.get(f"{link_in(question, 'confirm').partition('?')[0]}?lang={read}"))
    yes = Page(mine.press(client, 0))
    clock.forward(days=2)
    (plus,) = [mail for mail in work_off(ctx) if "/withdraw/" in text_of(mail) and mail["To"] != NOOR]

    stop = Page(client.get(link_in(plus, "withdraw")))
    pages = [page, done, already, mine, yes, stop, Page(stop.press(client, stop.buttons[1]))]
    assert [shown.language for shown in pages] == [read] * len(pages)
    for shown in pages:
        everything_behind(client, shown, form)


def refused_for_its_size(client: FlaskClient, form: Form, query: str) -> Page:
    """What a form answers to more than anybody types there; it says where to try again."""
    return form.answer(client.post(f"/f/{form.name}?{query}", data={"first_name": "x" * 70_000}), 413)


@pytest.mark.parametrize("form", [CAREERS, QUOTE, DESK], ids=str)
def test_every_page_of_a_form_keeps_to_the_language_it_is_read_in(client: FlaskClient, form: Form) -> None:
    read = form.languages[-1]
    page = form.open(client, read)
    pages = [
        page,
        form.answer(page.press(client, 0, purposes=form.purposes), 422, ticked=form.purposes),
        form.answer(page.press(client, 1)),
        form.answer(page.press(client, 0, email=SOFIE, purposes=form.purposes[-1:])),
        refused_for_its_size(client, form, f"lang={read}"),
    ]

    assert [shown.language for shown in pages] == [read] * len(pages)
    for shown in pages:
        assert everything_behind(client, shown, form) or shown.buttons


@pytest.mark.parametrize("form", [BAKECLUB, CAMP], ids=str)
def test_every_page_of_a_child_keeps_to_the_language_it_is_read_in(
    client: FlaskClient, clock: Clock, form: GatedForm
) -> None:
    read = form.languages[-1]
    page = form.after(client, language=read)
    asking = {"child_name": "Noor", "guardian_email": "papa@voorbeeld.test", "purposes": form.purposes}
    pages = [
        form.open(client, read),
        page,
        form.answer(page.press(client, 0, purposes=form.purposes), 422, ticked=form.purposes),
        form.answer(page.press(client, 1)),
        form.answer(page.press(client, 0, **asking)),
        refused_for_its_size(client, form, page.address.partition("?")[2]),
    ]
    for shown in pages:
        everything_behind(client, shown, form)
    clock.forward(hours=25)
    pages.append(form.answer(client.get(page.address), 410))
    everything_behind(client, pages[-1], form)

    assert [shown.language for shown in pages] == [read] * len(pages)


def test_an_error_in_a_form_leads_back_in_its_own_language_whatever_the_address_says(client: FlaskClient) -> None:
    """It led to the address as it was sent, in which no language stood."""
    response = client.post(f"/f/{QUOTE.name}?utm=x", data={"a": "x" * 70_000}, headers={"Accept-Language": "fr"})
    page = QUOTE.answer(response, 413)

    assert page.language == "fr"
    assert page.links[i18n.say("fr", "form.nothing.again")] == f"/f/{QUOTE.name}?lang=fr"
    everything_behind(client, page, QUOTE)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_was_agreed_to_in_one_language_is_stopped_in_the_words_of_another(
    client: FlaskClient, ctx: Context, language: str
) -> None:
    links = agreed(client, ctx, QUOTE, language="nl")
    title = {"fr": "Un seul e-mail, pour demander s’il vous reste des questions"}.get(
        language, "One email to ask whether you have questions"
    )

    page = Page(client.get(f"{links.withdraw}?lang={language}"))
    assert title in page.text
    done = Page(client.post(f"{links.withdraw}/follow_up?lang={language}", data={"decision": "stop"}))
    objected = Page(client.post(f"{links.object}?lang={language}", data={"decision": "yes"}))

    for shown in (page, done, objected):
        assert shown.language == language
        assert title in shown.text
        assert "Eén mail" not in shown.text


@pytest.mark.parametrize("read", ["fr", "en"])
def test_who_lets_forms_mail_again_reads_on_in_one_language(
    client: FlaskClient, ctx: Context, clock: Clock, read: str
) -> None:
    links = asked(ctx, DESK)
    Page(Page(client.get(links.stop)).press(client, 0))
    Page(client.post("/link/loket?lang=nl", data={"email": SOFIE}))
    (mail,) = [mail for mail in work_off(ctx) if "/lift/" in text_of(mail)]
    lift = link_in(mail, "lift").partition("?")[0]
    page = Page(client.get(f"{lift}?lang={read}"))
    done = Page(page.press(client, 0))
    clock.forward(hours=1)
    late = Page(client.get(f"{lift}?lang={read}"), 410)

    for shown in (page, done, late):
        assert shown.language == read
        everything_behind(client, shown, DESK)


def opened(client: FlaskClient, mail: EmailMessage) -> list[tuple[str, str]]:
    """The language of a mail, with that of each page of ours behind it."""
    (spoken,) = re.findall(r'<html lang="(\w+)"', html_of(mail))
    header = mail["List-Unsubscribe"] or ""
    links = re.findall(r"https://forms\.example(/\w+/[^\s<>]+)", f"{text_of(mail)}\n{header}")
    assert links
    kept = {"notice": FOR_EVER}
    answers = [(client.get(link), kept.get(link.split("/")[1], NO_STORE)) for link in links]
    return [(spoken, Page(answer, cache=cache).language) for answer, cache in answers]


@pytest.mark.parametrize(("first", "then"), [("nl", "en"), ("en", "fr"), ("fr", "nl")])
def test_the_links_in_a_mail_open_in_the_language_of_the_mail(
    client: FlaskClient, ctx: Context, first: str, then: str
) -> None:
    """Even where the person has filled in a form in another language since."""
    links = agreed(client, ctx, DESK, purposes=("club",), language=first)
    Page(client.post(f"/link/loket?lang={then}", data={"email": SOFIE}))
    Page(client.post(f"/link/loket?for=object&lang={then}", data={"email": SOFIE}))
    ctx.limited = False
    send_form(ctx, SOFIE, ("visit",), controller="loket", form="alles", language=then)
    mails = work_off(ctx)
    child_allowed(client, ctx, language=first, guardian="mama@voorbeeld.test")
    Page(client.post("/link/demolen?lang=" + then, data={"email": "mama@voorbeeld.test"}))

    mails = [mail for mail in (*mails, *work_off(ctx)) if "https://forms.example/" in text_of(mail)]

    assert links.withdraw == lasting_links(ctx, "loket")[0]
    found = [pair for mail in mails for pair in opened(client, mail)]
    assert {spoken for spoken, _ in found} == {first, then}
    assert [pair for pair in found if pair[0] != pair[1]] == []
