"""The page on which a parent decides: looking does nothing, a yes needs a declaration, a no needs nothing at all."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import i18n
from app.domain.authorities import AUTHORITIES
from app.domain.consent import Audience
from app.period import Period
from app.services import guardian, housekeeping
from app.services.context import Context
from tests import audit
from tests.factories import START, Clock, html_of, link_in, notice_hash, text_of, work_off
from tests.page import Page
from tests.page import text_of as text_in
from tests.web.ways import (
    ADULT,
    BAKECLUB,
    CAMP,
    FILLED,
    NOOR,
    PAPA,
    allow,
    child_allowed,
    child_asked,
    child_asks,
    child_links,
    filled,
    nothing_changes,
    of_child,
    stored,
)

Publish = Callable[..., None]

PARCEL_TO = "Kerkstraat 1, 8000 Brugge"
WHOLE: dict[str, object] = {"decision": "yes", "purposes": ["recipes", "reminder"], "is_guardian": "yes"}


def consents(ctx: Context) -> dict[str, str]:
    return {row["purpose"]: row["status"] for row in stored(ctx, "consents")}


def wishes(ctx: Context) -> dict[str, str]:
    return {row["purpose"]: row["status"] for row in stored(ctx, "request_purposes")}


# Looking, and what is no answer


TOLD = {
    "nl": ("Bron", "Welke gegevens", "6, lid 1, onder c)", "artikel 8, lid 2, AVG", "Wie ze krijgt", "klacht"),
    "fr": (
        *("Source", "Quelles données", "6, paragraphe 1, point c)", "article 8, paragraphe 2, du RGPD"),
        *("Qui les reçoit", "plainte"),
    ),
    "en": ("Source", "Which data", "6(1)(c)", "8(2) GDPR", "Who receives", "complain"),
}
"""What a parent is told of the own address (GDPR art. 14(1) and (2)), beside values of this form."""


@pytest.mark.parametrize("language", BAKECLUB.languages)
@pytest.mark.parametrize("is_decided", [False, True], ids=["asked", "decided"])
def test_what_becomes_of_the_parents_own_address_stands_where_the_mail_leads_to(
    client: FlaskClient, ctx: Context, is_decided: bool, language: str
) -> None:
    asked = child_asked(client, ctx)
    notice = ctx.stored_notice(notice_hash(ctx, "demolen", "bakeclub", language, audience=Audience.GUARDIAN)).notice
    if is_decided:
        allow(client, asked.guardian)

    page = Page(client.get(f"{asked.guardian}?lang={language}"))

    told = re.sub("<[^>]+>", "", page.html.partition('<p id="your-data">')[2].partition("</details>")[0])
    authority = AUTHORITIES[notice.authority]
    assert notice.for_parent
    facts = (*TOLD[language], *notice.for_parent, notice.contact, authority.name(language), authority.address(language))
    for fact in (*facts, i18n.period(Period.parse(notice.evidence_for), language), "28"):
        assert fact in unescape(told), fact


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_decides_nothing(client: FlaskClient, ctx: Context, method: str) -> None:
    link = child_asked(client, ctx).guardian

    with nothing_changes(ctx):
        for query in ("", "?lang=fr", "?decision=yes&purposes=recipes&is_guardian=yes", "?decision=not_mine"):
            for agent in ("Mozilla/5.0", "Barracuda", "GoogleImageProxy"):
                assert client.open(f"{link}{query}", method=method, headers={"User-Agent": agent}).status_code == 200


def test_a_form_that_a_script_sends_without_a_button_decides_nothing(client: FlaskClient, ctx: Context) -> None:
    link = child_asked(client, ctx).guardian
    page = Page(client.get(link))

    with nothing_changes(ctx):
        again = Page(page.press(client, None, purposes=["recipes"], is_guardian=["yes"]), 422)
        for decision in ("", "YES", "stop", "yes ", "grant"):
            Page(client.post(link, data=WHOLE | {"decision": decision}), 422)
        Page(client.post(f"{link}?decision=yes", data={"purposes": "recipes", "is_guardian": "yes"}), 422)
    assert again.html == page.html


# Who reads, and what


def test_the_page_asks_only_what_the_child_wished_beside_what_the_child_read(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(child_asked(client, ctx, purposes=("recipes", "reminder")).guardian))

    assert page.boxes == ["recipes", "reminder", "yes"]
    beside = [text_in(text) for text in page.classed("beside")]
    assert ["Elke maand een recept per mail" in beside[0], "Een mail de dag vóór je komt bakken" in beside[1]] == [
        True,
        True,
    ]
    assert "bake_day" not in page.html
    assert not {"first_name", "session"} & page.typed.keys()


def test_the_first_name_stands_on_the_pages_of_the_parent_and_nowhere_else(client: FlaskClient, ctx: Context) -> None:
    """Who has two children tells them apart by it; the child, and whoever reads a mail, does not need it."""
    links = child_asked(client, ctx, name="Xanthippe")
    of_parent = (links.guardian, links.withdraw, links.object)
    for language in BAKECLUB.languages:
        for link in of_parent:
            assert "Xanthippe" in Page(client.get(f"{link}?lang={language}")).text
    done = Page(client.post(links.guardian, data=WHOLE))
    again = Page(client.get(links.guardian))
    elsewhere = [client.get(link) for link in links if link not in of_parent]
    stopped = Page(client.post(links.withdraw, data={"decision": "stop"}))
    elsewhere += [client.get(link) for link in links if link not in of_parent]

    assert ["Xanthippe" in page.text for page in (done, again, stopped)] == [True] * 3
    assert not [answer.request.path for answer in elsewhere if "Xanthippe" in answer.text]
    for mail in work_off(ctx):
        assert "Xanthippe" not in f"{text_of(mail)}{html_of(mail)}{mail.as_string()}"


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "\"'></p></form><img src=x onerror=alert(1)>",
        "<!-- &lt;b&gt; ]]>",
        "{{7*7}} {% x %} ${7*7} {child_name} {} %s",
        "\u202egro.elpmaxe",
        "Noor & Finn (’t Hof)",
        "N" * 5000,
    ],
)
def test_a_name_is_shown_as_text_even_if_it_got_past_every_check(client: FlaskClient, ctx: Context, name: str) -> None:
    link = child_asked(client, ctx).guardian
    benign = Page(client.get(link))
    audit.run(ctx, "UPDATE subjects SET child_name = :name", name=name)

    page = Page(client.get(link), repeats=True)

    assert name in page.text
    assert page.skeleton == benign.skeleton


# A yes


def test_a_yes_grants_what_is_ticked_and_refuses_the_rest_at_once(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(child_asked(client, ctx).guardian))
    work_off(ctx)

    typed = {"first_name": "Noor", "session": "spring"}
    Page(page.press(client, 0, purposes=["bake_day"], is_guardian=["yes"], **typed))

    assert consents(ctx) == {"bake_day": "granted"}
    assert wishes(ctx) == {"recipes": "refused", "bake_day": "granted", "reminder": "refused"}
    assert {row["field"]: row["value"] for row in stored(ctx, "request_fields")} == typed
    assert work_off(ctx) == []


def test_a_yes_needs_the_declaration(client: FlaskClient, ctx: Context) -> None:
    link = child_asked(client, ctx).guardian
    page = Page(client.get(link))

    with nothing_changes(ctx):
        wrong = Page(page.press(client, 0, purposes=["recipes"]), 422, ticked=["recipes"])
        for declared in ("", "no", "on", "YES", "yes "):
            data = WHOLE | {"is_guardian": declared}
            Page(client.post(link, data=data), 422, ticked=["recipes", "reminder"])
    assert wrong.problems == {"is_guardian": i18n.say("nl", "error.is_guardian.missing")}
    box = wrong.one("input", id="is_guardian")
    assert (box.get("aria-invalid"), box.attrib["aria-describedby"].split()[0]) == ("true", "is_guardian-error")
    Page(wrong.press(client, 0, is_guardian=["yes"]))
    assert consents(ctx) == {"recipes": "granted"}


def test_more_than_the_child_wished_cannot_be_allowed(client: FlaskClient, ctx: Context) -> None:
    link = child_asked(client, ctx, purposes=("bake_day",)).guardian

    for more in ("reminder", "recipes", "news", "BAKE_DAY", "", "bake_day "):
        with nothing_changes(ctx):
            page = Page(
                client.post(link, data=WHOLE | FILLED | {"purposes": ["bake_day", more]}),
                422,
                ticked=["bake_day", "yes"],
            )
        assert page.problems == {"purposes": i18n.say("nl", "error.purpose.unknown")}
        assert page.typed["first_name"] == "Noor"


def test_errors_keep_ticks_words_and_the_declaration(client: FlaskClient, ctx: Context) -> None:
    link = child_asked(client, ctx, CAMP).guardian
    page = Page(client.get(link))
    typed = {"parcel_to": "Kerkstraat", "allergy": "noten", "child_email": "noor@"}
    ticks = {"purposes": ["parcel", "health"], "explicit": ["health"], "is_guardian": ["yes"]}

    with nothing_changes(ctx):
        wrong = Page(page.press(client, 0, **ticks, **typed), 422, ticked=["parcel", "health", "health", "yes"])

    label = "Adres voor het pakje"
    assert wrong.problems == {
        "parcel_to": i18n.say("nl", "error.postal_address.incomplete", label=label),
        "child_email": i18n.say("nl", "error.child_email.format"),
    }
    assert {name: wrong.typed[name] for name in typed} == typed
    assert wrong.title == i18n.say("nl", "error.prefix", title=page.title)
    assert (wrong.one(id="errors").get("role"), wrong.one(id="errors").get("tabindex")) == ("alert", "-1")
    assert wrong.one("form").attrib["action"].endswith("#errors")
    Page(wrong.press(client, 0, parcel_to=PARCEL_TO, child_email=""))
    assert consents(ctx) == {"parcel": "granted", "health": "granted"}


def test_a_field_that_a_ticked_purpose_cannot_do_without_is_needed_and_only_then(
    client: FlaskClient, ctx: Context
) -> None:
    page = Page(client.get(child_asked(client, ctx, CAMP).guardian))

    with nothing_changes(ctx):
        wrong = Page(page.press(client, 0, purposes=["parcel"], is_guardian=["yes"]), 422, ticked=["parcel", "yes"])
    needed = i18n.say("nl", "error.field.needed", purpose="Een pakje met de post", label="Adres voor het pakje")
    assert wrong.problems == {"parcel_to": needed}

    Page(page.press(client, 0, purposes=["health"], is_guardian=["yes"], explicit=["health"], parcel_to="x"))
    assert consents(ctx) == {"health": "granted"}
    assert stored(ctx, "request_fields") == []


@pytest.mark.parametrize(("missing", "language"), [("first_name", "nl"), ("session", "fr"), ("first_name", "en")])
def test_an_invitation_is_not_granted_without_what_it_takes_and_what_was_typed_is_kept(
    client: FlaskClient, ctx: Context, language: str, missing: str
) -> None:
    page = Page(client.get(f"{child_asked(client, ctx).guardian}?lang={language}"))
    card = next(purpose for purpose in page.all("label") if purpose.attrib["for"] == "p-bake_day")
    given = {name: FILLED[name] for name in ("first_name", "session")}
    ticks = {"purposes": ["recipes", "bake_day"], "is_guardian": ["yes"]}

    for nothing in ("", "   "):
        with nothing_changes(ctx):
            wrong = Page(
                page.press(client, 0, **ticks, **given | {missing: nothing}, child_email=NOOR),
                422,
                ticked=["recipes", "bake_day", "yes"],
            )
        assert list(wrong.problems) == [missing]
        assert text_in(card) in wrong.problems[missing]
        assert {name: wrong.typed[name] for name in given if name != missing} == {
            name: text for name, text in given.items() if name != missing
        }
        assert wrong.typed["child_email"] == NOOR

    Page(wrong.press(client, 0, **{missing: given[missing]}))
    assert consents(ctx) == {"recipes": "granted", "bake_day": "granted"}


def test_a_field_that_must_be_filled_in_is_not_called_optional(client: FlaskClient, ctx: Context) -> None:
    link = child_asked(client, ctx).guardian
    for language in BAKECLUB.languages:
        page = Page(client.get(f"{link}?lang={language}"))
        optional = i18n.say(language, "chrome.optional")
        labels = {label.attrib["for"]: text_in(label) for label in page.all("label")}
        assert [name for name in labels if optional in labels[name]] == ["child_email"]


@pytest.mark.parametrize("text", ["a\x00b", "\u202eabc, 9", "x, 9" * 5000, "a\x1b, 9", "\ufdd0, 9"])
def test_odd_and_long_answers_get_a_clear_message(client: FlaskClient, ctx: Context, text: str) -> None:
    page = Page(client.get(child_asked(client, ctx, CAMP).guardian))
    ticks = {"purposes": ["parcel"], "is_guardian": ["yes"]}

    with nothing_changes(ctx):
        wrong = Page(page.press(client, 0, **ticks, parcel_to=text), 422, ticked=["parcel", "yes"], repeats=True)

    assert list(wrong.problems) == ["parcel_to"]
    assert wrong.skeleton == page.skeleton


def test_a_special_category_needs_its_statement_ticked_too(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(child_asked(client, ctx, CAMP).guardian))
    typed = {"parcel_to": PARCEL_TO, "allergy": "noten", "child_email": NOOR}

    with nothing_changes(ctx):
        wrong = Page(
            page.press(client, 0, purposes=["parcel", "health"], is_guardian=["yes"], **typed),
            422,
            ticked=["parcel", "health", "yes"],
        )

    needed = i18n.say("nl", "error.explicit.guardian", purpose="Koken zonder wat ziek maakt")
    assert wrong.problems == {"explicit-health": needed}
    box = wrong.one("input", id="explicit-health")
    assert (box.get("aria-invalid"), box.attrib["aria-describedby"].split()[0]) == ("true", "explicit-health-error")
    assert {name: wrong.typed[name] for name in typed} == typed
    Page(wrong.press(client, 0, purposes=["parcel"], child_email=""))
    assert consents(ctx) == {"parcel": "granted"}
    assert {row["field"] for row in stored(ctx, "request_fields")} == {"parcel_to"}


# A no


@pytest.mark.parametrize("button", ["yes", "no"])
def test_nothing_ticked_and_no_are_a_no_to_everything_without_a_declaration(
    client: FlaskClient, ctx: Context, button: str
) -> None:
    page = Page(client.get(child_asked(client, ctx).guardian))

    done = Page(page.press(client, ["yes", "no"].index(button), first_name="x" * 500))

    assert done.h1 == i18n.say("nl", "guardian.done.title")
    assert i18n.say("nl", "guardian.done.no") in done.text
    assert set(wishes(ctx).values()) == {"refused"}
    assert stored(ctx, "consents") == stored(ctx, "request_fields") == stored(ctx, "subjects") == []


def test_not_my_child_deletes_everything_and_mails_nothing_more(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    page = Page(client.get(child_asked(client, ctx, name="Xanthippe").guardian))

    done = Page(page.press(client, 2, purposes=["recipes"], is_guardian=["yes"]))

    assert PAPA not in done.html
    assert stored(ctx, "subjects") == stored(ctx, "consents") == stored(ctx, "request_fields") == []
    assert not audit.readable(ctx, PAPA, "Xanthippe")
    clock.forward(days=30)
    housekeeping.tidy(ctx)
    assert work_off(ctx) == []


def test_yes_and_no_are_equal(client: FlaskClient, ctx: Context) -> None:
    yes, no, _ = Page(client.get(child_asked(client, ctx).guardian)).all("button")

    assert {name: value for name, value in yes.items() if name != "value"} == {
        name: value for name, value in no.items() if name not in ("value", "formnovalidate")
    }


# Which text was decided about


@pytest.mark.parametrize("language", BAKECLUB.languages)
def test_a_consent_points_to_the_notice_in_the_language_that_the_parent_read(
    client: FlaskClient, ctx: Context, language: str
) -> None:
    link = child_asked(client, ctx, language="fr").guardian
    page = Page(client.get(link))
    if language != "fr":
        page = Page(page.follow(client, i18n.language_name(language)))
        assert page.response.request.path == link

    wrong = Page(page.press(client, 0, purposes=["recipes"]), 422, ticked=["recipes"])
    assert wrong.language == language
    done = Page(wrong.press(client, 0, is_guardian=["yes"]))

    assert done.language == language
    (consent,) = stored(ctx, "consents")
    notice = ctx.stored_notice(consent["notice"]).notice
    assert (notice.language, notice.audience) == (language, "guardian")
    assert notice.hash[:12] in page.text


def test_what_the_parent_decides_about_is_what_stood_folded_on_the_childs_page_even_after_a_change(
    client: FlaskClient, ctx: Context, publish: Publish
) -> None:
    link = child_asked(client, ctx, purposes=("reminder",)).guardian
    publish("demolen/bakeclub", {"staat hoe laat we beginnen": "staat wanneer we beginnen"})

    page = Page(client.get(link))
    assert "staat hoe laat we beginnen" in page.text
    allow(client, link)

    (consent,) = stored(ctx, "consents")
    assert "staat hoe laat we beginnen" in ctx.stored_notice(consent["notice"]).notice.document


def test_the_link_still_works_when_the_form_is_gone(app: Flask, client: FlaskClient, ctx: Context) -> None:
    link = child_asked(client, ctx, purposes=("recipes",)).guardian
    audit.run(ctx, "DELETE FROM forms WHERE controller = 'demolen'")
    app.extensions["akkoord"].reload()

    allow(client, link)

    assert consents(ctx) == {"recipes": "granted"}


# Once


LATER: tuple[dict[str, object], ...] = (WHOLE, {"decision": "no"}, {"decision": "not_mine"}, {"x": ""})


@pytest.mark.parametrize("first", [WHOLE, {"decision": "no"}, {"decision": "not_mine"}], ids=["yes", "no", "not mine"])
def test_what_was_decided_stands_whatever_is_sent_after_it(
    client: FlaskClient, ctx: Context, first: dict[str, object]
) -> None:
    link = child_asked(client, ctx, purposes=("recipes", "reminder")).guardian
    Page(client.post(link, data=first))

    with nothing_changes(ctx):
        page = Page(client.get(link))
        assert page.all("form") == []
        for later in LATER:
            again = Page(client.post(link, data=later), 200 if "decision" in later else 422)
            assert again.html == page.html


def test_after_the_deadline_nothing_can_be_decided(client: FlaskClient, ctx: Context, clock: Clock) -> None:
    link = child_asked(client, ctx, purposes=("recipes", "reminder")).guardian
    page = Page(client.get(link))
    clock.forward(days=7)

    for tidied in (False, True):
        if tidied:
            housekeeping.tidy(ctx)
        with nothing_changes(ctx):
            Page(page.press(client, 0, purposes=["recipes"], is_guardian=["yes"]), 410)
            for later in LATER:
                Page(client.post(link, data=later), 410)
    assert stored(ctx, "consents") == stored(ctx, "subjects") == []


def test_a_stop_takes_the_question_back(client: FlaskClient, ctx: Context) -> None:
    links = child_asked(client, ctx, purposes=("recipes", "reminder"))
    Page(client.post(links.withdraw, data={"decision": "stop"}))

    with nothing_changes(ctx):
        for later in LATER:
            Page(client.post(links.guardian, data=later), 200 if "decision" in later else 422)
    assert stored(ctx, "consents") == []


def test_eight_answers_at_once_are_one(app: Flask, client: FlaskClient, ctx: Context, clock: Clock) -> None:
    link = child_asked(client, ctx, purposes=("recipes", "reminder")).guardian

    def send(data: dict[str, object]) -> int:
        return app.test_client(use_cookies=False).post(link, data=data).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(send, [WHOLE, {"decision": "no"}] * 4))

    assert set(statuses) == {200}
    assert len(set(wishes(ctx).values())) == 1
    assert set(consents(ctx).values()) == ({"granted"} if wishes(ctx)["recipes"] == "granted" else set())
    assert len([entry for entry in audit.chain(ctx, "demolen") if entry["kind"] in ("granted", "refused")]) == 2
    clock.forward(days=1, seconds=1)
    assert len(work_off(ctx)) == (1 if consents(ctx) else 0)
    audit.verify(ctx)


def test_who_says_not_my_child_a_moment_after_a_yes_is_not_told_that_all_is_deleted(
    client: FlaskClient, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both pages were open: the yes, in another tab or of another parent, comes in while this answer is on its way."""
    link = child_asked(client, ctx, purposes=("recipes", "reminder")).guardian
    not_mine = guardian.not_mine

    def overtaken(ctx: Context, token: str) -> guardian.GuardianView:
        Page(client.post(link, data=WHOLE))
        return not_mine(ctx, token)

    monkeypatch.setattr(guardian, "not_mine", overtaken)
    page = Page(client.post(link, data={"decision": "not_mine"}))

    assert i18n.say("nl", "guardian.not_mine.done.title") not in page.text
    assert page.html == Page(client.get(link)).html
    assert set(consents(ctx).values()) == {"granted"}


@pytest.mark.parametrize("no", ["no", "not_mine"])
def test_who_wants_no_mail_any_more_finds_that_before_a_no_deletes_the_link_to_it(
    client: FlaskClient, ctx: Context, no: str
) -> None:
    """The no deletes the address at once, and with it the link under the mail."""
    links = child_asked(client, ctx)
    page = Page(client.get(links.guardian))
    stop = page.links[i18n.say("nl", "stop.button")]
    assert stop.partition("?")[0] == links.stop

    Page(Page(client.get(stop)).press(client, 0))
    Page(client.post(links.guardian, data={"decision": no}))
    work_off(ctx)

    child_asks(client)
    assert work_off(ctx) == []
    assert stored(ctx, "requests", status="awaiting_guardian") == []


def test_a_no_with_boxes_ticked_asks_a_parent_once_and_loses_nothing(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(child_asked(client, ctx, purposes=("recipes", "reminder")).guardian))
    ticked = {"purposes": ["reminder"], "is_guardian": ["yes"]}

    with nothing_changes(ctx):
        asks = Page(page.press(client, 1, **filled(page) | ticked), ticked=["reminder", "yes"])
    no, yes = i18n.say("nl", "guardian.all_no"), i18n.say("nl", "guardian.submit")
    assert i18n.say("nl", "guardian.unsure.body", no=no, yes=yes) in asks.text
    assert "#p-reminder" in [link.get("href") for link in asks.all("a")]

    Page(asks.press(client, 1, **filled(asks) | ticked))
    assert consents(ctx) == {}
    assert set(wishes(ctx).values()) == {"refused"}


# Asked anew


def renewal_asked(client: FlaskClient, ctx: Context, clock: Clock) -> str:
    """The link by which a parent is asked whether a consent about health still holds."""
    child_allowed(client, ctx, CAMP, purposes=("health",))
    clock.forward(days=358, minutes=1)
    housekeeping.tidy(ctx)
    (link,) = [link_in(mail, "guardian") for mail in work_off(ctx) if "/guardian/" in text_of(mail)]
    return link


def test_a_no_to_a_renewal_with_the_box_ticked_is_asked_once_and_a_yes_is_still_open(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    link = renewal_asked(client, ctx, clock)
    renewed = {"purposes": ["health"], "explicit": ["health"], "is_guardian": ["yes"]}

    with nothing_changes(ctx):
        asks = Page(Page(client.get(link)).press(client, 1, **renewed), ticked=["health", "health", "yes"])
    Page(asks.press(client, 0, **renewed))

    assert consents(ctx) == {"health": "granted"}


def test_the_page_of_a_renewal_has_two_answers_and_knows_no_third(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    link = renewal_asked(client, ctx, clock)
    renewed = {"purposes": "health", "explicit": "health", "is_guardian": "yes", "child_email": NOOR}

    with nothing_changes(ctx):
        Page(client.post(link, data=renewed | {"decision": "not_mine"}), 422)
        Page(client.post(link, data={"decision": "not_mine"}), 422)
    Page(client.post(link, data=renewed | {"decision": "yes"}))

    assert consents(ctx) == {"health": "granted"}
    assert stored(ctx, "subjects")[0]["child_email"] == ""


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_a_parent_takes_over_the_first_name_with_one_tap(client: FlaskClient, ctx: Context, language: str) -> None:
    page = Page(client.get(f"{child_asked(client, ctx, name='Xanthippe').guardian}?lang={language}"))
    assert i18n.say(language, "guardian.take_name", child_name="Xanthippe") in page.text
    ticked = {"purposes": ["bake_day"], "is_guardian": ["yes"], "use_child_name": ["yes"]}
    answers = filled(page) | {"first_name": ""} | ticked

    wrong = Page(page.press(client, 0, **answers | {"session": ""}), 422, ticked=["bake_day", "yes", "yes"])
    assert list(wrong.problems) == ["session"]
    Page(page.press(client, 0, **answers))

    assert {row["field"]: row["value"] for row in stored(ctx, "request_fields")}["first_name"] == "Xanthippe"


def test_a_name_that_a_parent_types_goes_before_the_one_that_the_child_gave(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(child_asked(client, ctx).guardian))
    ticked = {"purposes": ["bake_day"], "is_guardian": ["yes"], "use_child_name": ["yes"]}

    Page(page.press(client, 0, **filled(page) | {"first_name": "Noortje"} | ticked))

    assert {row["field"]: row["value"] for row in stored(ctx, "request_fields")}["first_name"] == "Noortje"


@pytest.mark.parametrize("is_own_form", [False, True], ids=["asked by the child", "own form"])
def test_no_mail_to_a_parent_names_the_child_though_it_lists_the_other_answers(
    client: FlaskClient, ctx: Context, clock: Clock, is_own_form: bool
) -> None:
    card = {"purposes": ["bake_day"], "first_name": "Xanthippe", "use_child_name": ["yes"]}
    if is_own_form:
        page = BAKECLUB.after(client, ADULT)
        BAKECLUB.answer(page.press(client, 0, **filled(page) | of_child(page) | {"email": PAPA} | card))
        mails = work_off(ctx)
        Page(Page(client.get(link_in(mails[0], "confirm"))).press(client, 0))
    else:
        allow(client, child_asked(client, ctx, name="Xanthippe").guardian, **card)
        mails = []
    clock.forward(days=1, minutes=1)
    mails += work_off(ctx)

    assert [mail["To"] for mail in mails] == [PAPA] * (1 + is_own_form)
    told = text_of(mails[-1])
    assert "Herfst" in told
    assert all("Xanthippe" not in mail.as_string() + text_of(mail) for mail in mails)


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("boxes", [[], ["reminder"]], ids=["no to everything", "yes"])
def test_only_after_a_yes_a_link_that_was_used_speaks_of_stopping(
    client: FlaskClient, ctx: Context, language: str, boxes: list[str]
) -> None:
    child_allowed(client, ctx, purposes=("recipes",), language=language)
    link = child_asked(client, ctx, purposes=("reminder",), language=language).guardian
    allow(client, link, purposes=boxes)

    again = Page(client.get(link))

    body = i18n.say(language, "guardian.already.body")
    assert body in again.text
    assert not re.search("stop|arrêt", body)
    assert (i18n.say(language, "confirmed.stop_now") in again.links) == bool(boxes)


def test_that_another_parent_may_answer_is_said_and_how_to_object(client: FlaskClient, ctx: Context) -> None:
    link = child_asked(client, ctx, purposes=("recipes",)).guardian
    said = i18n.say("nl", "guardian.others", contact="privacy@demolen.example")

    assert said in Page(client.get(link)).text
    assert said in allow(client, link).text


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_a_parent_of_two_is_told_which_child_a_mail_is_about(
    client: FlaskClient, ctx: Context, clock: Clock, language: str
) -> None:
    links = [child_asked(client, ctx, name=name, language=language).guardian for name in ("Kaat", "Lou")]
    for link in links:
        allow(client, link)
    clock.forward(days=1, minutes=1)

    texts = [text_of(mail) for mail in work_off(ctx)]

    date = i18n.day(START, "BE", language)
    for number in (1, 2):
        told = i18n.say(language, "mail.which_child", number=number, date=date)
        assert len([text for text in texts if told in text]) == 1
    assert not [text for text in texts if "Kaat" in text or "Lou" in text], "typed by whoever sent the form"


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_two_children_of_one_name_are_told_apart_on_every_page_and_one_name_alone_needs_no_month(
    client: FlaskClient, ctx: Context, language: str
) -> None:
    first = child_asked(client, ctx, language=language, purposes=("recipes",))
    alone = Page(client.get(first.withdraw)).text
    page = BAKECLUB.after(client, ("3", "9", "2017"), language)
    BAKECLUB.answer(page.press(client, 0, child_name="Noor", guardian_email=PAPA, purposes=["recipes"]))
    (mail,) = [mail for mail in work_off(ctx) if "/guardian/" in text_of(mail)]
    second = child_links(ctx, link_in(mail, "guardian").partition("?")[0])

    month = f"{i18n.say(language, 'date.month.9')} 2030"
    assert "2030" not in alone
    for of_second, of_first in ((second.guardian, first.guardian), (second.withdraw, first.withdraw)):
        assert month in Page(client.get(f"{of_second}?lang={language}")).text
        assert month not in Page(client.get(f"{of_first}?lang={language}")).text
    assert month in allow(client, second.guardian, purposes=["recipes"]).text


def test_what_a_parent_asks_for_the_whole_address_is_about_no_single_child(client: FlaskClient, ctx: Context) -> None:
    child_asked(client, ctx, name="Kaat")
    of_second = child_asked(client, ctx, name="Lou")

    Page(client.post(of_second.stop, data={"decision": "stop"}))
    client.post("/link/demolen?lang=nl", data={"email": PAPA})

    texts = [text_of(mail) for mail in work_off(ctx)]
    assert len(texts) == 3, "the stop is told, the links are mailed, and what lifts the stop"
    assert not [text for text in texts if "Deze mail gaat over kind" in text]


def test_a_parent_of_one_reads_no_number(client: FlaskClient, ctx: Context, clock: Clock) -> None:
    allow(client, child_asked(client, ctx).guardian)
    clock.forward(days=1, minutes=1)

    (plus,) = work_off(ctx)

    assert "kind 1" not in text_of(plus)
