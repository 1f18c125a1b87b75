"""Objection: to all direct marketing with one click, and to what is done on a legitimate interest."""

import json
import re

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services import housekeeping, objectors, reports
from app.services.context import Context
from tests.factories import Clock, html_of, link_in, text_of, work_off
from tests.page import Page
from tests.web.ways import (
    CALLS,
    CAREERS,
    DESK,
    SOFIE,
    Form,
    agreed,
    asked,
    child_allowed,
    nothing_changes,
    stored,
)

INTEREST_KEY = "calls/order_evidence"


def consents(ctx: Context) -> dict[str, str]:
    return {row["purpose"]: row["status"] for row in stored(ctx, "consents")}


def test_one_click_stops_all_direct_marketing_and_nothing_else(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(agreed(client, ctx, CAREERS).object))
    work_off(ctx)

    done = Page(page.press(client, 0))

    assert consents(ctx) == {"offers_mail": "withdrawn", "offers_phone": "withdrawn", "keep_cv": "granted"}
    assert "TalentWerk BV" in done.text
    assert [row["kind"] for row in stored(ctx, "suppressions")] == ["objected"]
    mail, told = work_off(ctx)
    assert mail["To"] == SOFIE
    assert "Uw cv twee jaar bewaren" in text_of(mail)
    assert told["To"] == "privacy@talentwerk.example"
    assert SOFIE in text_of(told)


def test_the_equal_no_leaves_everything_as_it_is(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(agreed(client, ctx, CAREERS).object))
    yes, no = page.all("button")
    assert yes.attrib.keys() == no.attrib.keys()

    with nothing_changes(ctx):
        left = Page(page.press(client, 1))

    assert left.h1 == i18n.say("nl", "object.left.title")


def test_an_objection_that_is_made_again_shows_the_same_page_and_changes_nothing(
    client: FlaskClient, ctx: Context
) -> None:
    page = Page(client.get(agreed(client, ctx, CAREERS).object))
    first = Page(page.press(client, 0))
    work_off(ctx)

    with nothing_changes(ctx):
        assert Page(page.press(client, 0)).html == first.html
        assert Page(client.get(page.address)).html == first.html
    assert work_off(ctx) == []


def test_whoever_never_agreed_to_anything_objects_by_a_mailed_link(client: FlaskClient, ctx: Context) -> None:
    form = CAREERS.open(client)
    asking = Page(form.follow(client, i18n.say("nl", "rights.marketing.line")))
    Page(asking.press(client, 0, email=SOFIE))
    (mail,) = work_off(ctx)

    page = Page(client.get(link_in(mail, "object")))
    Page(page.press(client, 0))

    assert [row["kind"] for row in stored(ctx, "suppressions")] == ["objected"]
    assert [row["kind"] for row in stored(ctx, "ledger")].count("objected") == 1


def test_an_objection_takes_advertising_out_of_what_still_waits(client: FlaskClient, ctx: Context) -> None:
    links = asked(ctx, CAREERS)

    Page(client.post(links.object, data={"decision": "yes"}))

    page = Page(client.get(links.confirm))
    assert "Uw cv twee jaar bewaren" in page.text
    assert "Vacatures per mail" not in page.text


def test_a_new_yes_after_an_objection_lifts_it(client: FlaskClient, ctx: Context, clock: Clock) -> None:
    links = agreed(client, ctx, CAREERS)
    client.post(links.object, data={"decision": "yes"})
    clock.forward(minutes=11)

    agreed(client, ctx, CAREERS)

    assert stored(ctx, "suppressions") == []
    assert Page(client.get(links.object)).h1 == i18n.say("nl", "object.title")


def test_an_objection_to_a_legitimate_interest_is_recorded_once_and_both_sides_are_told(
    client: FlaskClient, ctx: Context
) -> None:
    page = Page(client.get(asked(ctx, DESK, ("club",)).object))
    interest = i18n.say("nl", "object.interest")
    assert page.buttons == [interest, i18n.say("nl", "object.yes"), i18n.say("nl", "object.no")]

    noted = Page(page.press(client, interest))
    mails = work_off(ctx)

    assert (
        i18n.say(
            "nl", "object.interest.done", controller="Buurtloket Sint-Anna vzw", contact="privacy@buurtloket.example"
        )
        in noted.text
    )
    assert {mail["To"] for mail in mails} == {SOFIE, "privacy@buurtloket.example"}
    (entry,) = stored(ctx, "ledger", kind="objected")
    assert (entry["form"], entry["purpose"], entry["decided_by"]) == ("alles", "count", "self")
    with nothing_changes(ctx):
        assert Page(page.press(client, interest)).html == noted.html
    assert work_off(ctx) == []


def test_an_interest_that_the_page_does_not_list_is_no_answer(client: FlaskClient, ctx: Context) -> None:
    links = asked(ctx, DESK)

    for interest in ("alles/club", "count", "alles/", "", "streken/two", "\x00", "talentwerk/keep_cv"):
        with nothing_changes(ctx):
            Page(client.post(links.object, data={"interest": interest}), 404)


def test_where_one_chooses_interests_come_first_and_the_no_stands_once_at_the_end(
    client: FlaskClient, ctx: Context
) -> None:
    page = Page(client.get(asked(ctx, DESK, ("club",)).object))

    interest, yes, no = page.all("button")
    assert yes.attrib.keys() == no.attrib.keys()
    assert interest.attrib["form"] == page.all("form")[1].attrib["id"]
    with nothing_changes(ctx):
        assert Page(page.press(client, 1)).h1 == i18n.say("nl", "object.left.title")
    assert Page(page.press(client, 0)).h1 == i18n.say("nl", "object.done.title")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_behind_a_parents_link_for_a_child_every_page_says_that_it_is_about_the_child(
    client: FlaskClient, ctx: Context, language: str
) -> None:
    page = Page(client.get(child_allowed(client, ctx, language=language).object))

    done = Page(page.press(client, 0))
    again = Page(client.get(page.address))

    about = i18n.say(language, "object.for_child")
    for shown in (page, done, again):
        assert about in shown.text
    date = i18n.day(ctx.clock(), "BE", language)
    who = {"controller": "Bakkerij De Molen BV", "contact": "privacy@demolen.example"}
    for shown in (done, again):
        assert i18n.say(language, "mail.objected.for_child", date=date, **who) in shown.text


def test_no_page_about_the_reader_speaks_of_a_child(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(agreed(client, ctx, CAREERS).object))

    for shown in (page, Page(page.press(client, 0))):
        assert i18n.say("nl", "object.for_child") not in shown.text


def test_a_page_without_interests_has_the_two_buttons_and_no_more(client: FlaskClient, ctx: Context) -> None:
    assert len(Page(client.get(asked(ctx, CAREERS).object)).buttons) == 2


def test_after_an_objection_to_advertising_that_to_an_interest_is_still_open(client: FlaskClient, ctx: Context) -> None:
    links = asked(ctx, DESK)
    Page(client.post(links.object, data={"decision": "yes"}))

    page = Page(client.get(links.object))

    assert page.h1 == i18n.say("nl", "object.done.title")
    assert page.buttons == [i18n.say("nl", "object.interest")]


def test_the_page_shows_no_personal_data(client: FlaskClient, ctx: Context) -> None:
    links = agreed(client, ctx, CAREERS, fields={"first_name": "Sofie", "phone": "0612345678"})
    page = Page(client.get(links.object))

    for shown in (page, Page(page.press(client, 1)), Page(page.press(client, 0))):
        for personal in (SOFIE, "Sofie", "0612345678"):
            assert personal not in shown.html


# What is objected to is named all along


def named_link(client: FlaskClient, ctx: Context, form: Form, words: str, language: str = "nl") -> tuple[Page, str]:
    """Follow a link of a form to object: the page that it leads to, and the address in the mail that then comes."""
    asking = Page(form.open(client, language).follow(client, i18n.say(language, words)))
    Page(asking.press(client, 0, email=SOFIE))
    (mail,) = work_off(ctx)
    return asking, link_in(mail, "object")


@pytest.mark.parametrize("language", CALLS.languages)
def test_the_link_beside_an_interest_names_it_on_every_page_and_says_nothing_of_advertising(
    client: FlaskClient, ctx: Context, language: str
) -> None:
    title = {"nl": "Opname van uw bestelling, als bewijs", "en": "Recording of your order, as proof"}[language]
    name = i18n.say(language, "object.to", purpose=title)
    asking, link = named_link(client, ctx, CALLS, "object.interest", language)

    page = Page(client.get(link))
    noted = Page(page.press(client, 0))
    again = Page(client.get(link))

    assert asking.h1 == page.h1 == name
    assert page.buttons == [name, i18n.say(language, "object.no")]
    assert noted.h1 == again.h1 == i18n.say(language, "mail.interest.subject", purpose=title)
    assert again.buttons == []
    for shown in (asking, page, noted, again):
        assert not re.search("reclame|advertis", shown.text, re.IGNORECASE)
        assert title in shown.text
    assert i18n.say(language, "object.noted", date=i18n.day(ctx.clock(), "NL", language)) in again.text


def test_the_named_interest_comes_first_and_advertising_is_offered_below_with_what_it_stops(
    client: FlaskClient, ctx: Context
) -> None:
    _, link = named_link(client, ctx, DESK, "object.interest")
    page = Page(client.get(link))

    assert page.h1 == i18n.say("nl", "object.to", purpose="Bezoeken tellen")
    assert page.buttons[0] == page.h1
    assert i18n.say("nl", "object.yes") in page.buttons[2:]
    Page(page.press(client, 0))
    assert [(row["kind"], row["purpose"]) for row in stored(ctx, "ledger", kind="objected")] == [("objected", "count")]


def test_the_link_beside_advertising_names_that_also_where_there_is_an_interest(
    client: FlaskClient, ctx: Context
) -> None:
    asking, link = named_link(client, ctx, DESK, "rights.marketing.line")
    page = Page(client.get(link))

    assert asking.h1 == i18n.say("nl", "link.object.title")
    assert page.h1 == i18n.say("nl", "object.title")
    assert page.buttons[0] == i18n.say("nl", "object.yes")


@pytest.mark.parametrize("language", CAREERS.languages)
def test_a_profile_for_advertising_is_named_from_its_link_to_the_proof_of_the_no_that_ends_it(
    client: FlaskClient, ctx: Context, language: str
) -> None:
    title = {
        "nl": "Uw cv en LinkedIn-profiel vergelijken met onze vacatures",
        "en": "Comparing your CV and LinkedIn profile with our vacancies",
    }[language]
    covers = i18n.say(language, "object.covers", purpose=title)
    asking = Page(CAREERS.open(client, language).follow(client, i18n.say(language, "object.interest")))
    Page(asking.press(client, 0, email=SOFIE))
    (asked_for,) = work_off(ctx)
    link = link_in(asked_for, "object")

    page = Page(client.get(link))
    done = Page(page.press(client, 0))
    again = Page(client.get(link))
    proof, to_company = work_off(ctx)

    assert page.buttons[0] == i18n.say(language, "object.yes")
    for said in (asking.text, text_of(asked_for), page.text, done.text, again.text, text_of(proof)):
        assert said.count(covers) == 1
    assert re.search("profil", text_of(to_company), re.IGNORECASE)


def test_a_link_that_names_nothing_offers_all_that_there_is(client: FlaskClient, ctx: Context) -> None:
    asking = Page(client.get("/link/loket?for=object&lang=nl"))
    Page(asking.press(client, 0, email=SOFIE))
    (mail,) = work_off(ctx)
    page = Page(client.get(link_in(mail, "object")))

    assert asking.h1 == page.h1 == i18n.say("nl", "object.choose.title")
    for shown in (asking.text, text_of(mail), page.text):
        assert "Bezoeken tellen" in shown
        assert "Alle reclame van" in shown


def test_whoever_gives_reasons_has_read_what_they_are_against(client: FlaskClient, ctx: Context) -> None:
    link = asked(ctx, DESK).object

    for named in ("", "?purpose=count", "?purpose=club"):
        page = Page(client.get(link + named))
        assert page.html.index("Bezoeken tellen") < page.html.index('id="reasons"')


@pytest.mark.parametrize("purpose", ["nothing", "club/count", "", "<script>", "staff_training", "x" * 3000, "%00"])
def test_an_unknown_purpose_in_an_address_is_the_page_without(client: FlaskClient, ctx: Context, purpose: str) -> None:
    for address in ("/link/belcentrum?for=object", asked(ctx, CALLS).object + "?a=b"):
        plain = client.get(f"{address}&lang=nl")
        assert client.get(f"{address}&purpose={purpose}&lang=nl").data == plain.data
    Page(client.post(f"/link/belcentrum?for=object&purpose={purpose}&lang=nl", data={"email": "bert@voorbeeld.test"}))
    (mail,) = [mail for mail in work_off(ctx) if mail["To"] == "bert@voorbeeld.test"]
    assert "purpose=" not in text_of(mail)


def test_after_an_objection_the_page_says_what_stopped_by_whatever_way_and_what_goes_on(
    client: FlaskClient, ctx: Context
) -> None:
    page = Page(client.get(agreed(client, ctx, CAREERS).object))

    done = Page(page.press(client, 0))

    stopped, running = ([item.strip() for item in one.itertext() if item.strip()] for one in done.classed("facts"))
    assert stopped == ["Vacatures per mail", "Vacatures per telefoon"]
    assert running == ["Uw cv twee jaar bewaren"]
    assert i18n.day(ctx.clock(), "NL", "nl") in done.text


def test_the_page_for_a_stranger_is_the_one_for_who_is_known(client: FlaskClient, ctx: Context) -> None:
    known = agreed(client, ctx, DESK).object
    asking = Page(client.get("/link/loket?for=object&purpose=count&lang=nl"))
    Page(asking.press(client, 0, email="vreemd@voorbeeld.test"))
    (mail,) = [mail for mail in work_off(ctx) if mail["To"] == "vreemd@voorbeeld.test"]
    link = link_in(mail, "object")

    of_stranger, of_known = client.get(link), client.get(known + "?purpose=count")

    own_token = re.compile(r"/object/[\w-]{32}")
    pages = [own_token.sub("/object/TOKEN", answer.get_data(as_text=True)) for answer in (of_stranger, of_known)]
    assert pages[0] == pages[1]


def test_the_page_names_an_interest_in_the_language_that_it_is_read_in(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(asked(ctx, DESK).object + "?purpose=count"))

    french = Page(page.follow(client, "Français"))

    assert french.h1 == i18n.say("fr", "object.to", purpose="Compter les visites")


REASONS = "Ik nam dat gesprek op in het ziekenhuis, zie https://casino.example/"


def test_reasons_and_a_number_are_kept_for_the_company_and_only_the_number_is_mailed(
    client: FlaskClient, ctx: Context
) -> None:
    link = asked(ctx, CALLS).object
    page = Page(client.get(f"{link}?purpose=order_evidence"))
    assert page.one("textarea", name="reasons").get("id") == "reasons"

    Page(client.post(page.address, data={"interest": INTEREST_KEY, "reasons": REASONS, "phone": "0470 12 34 56"}))
    mails = work_off(ctx)

    (told,) = [mail for mail in mails if mail["To"] == "privacy@belcentrum.example"]
    for part in (text_of(told), html_of(told).replace("\u00a0", " ")):
        assert "0470 12 34 56" in part
        assert i18n.say("nl", "mail.objections.until", until="21 december 2026") in part
        assert i18n.say("nl", "mail.objections.restrict") in part
        assert "objected --json" in part
    assert "casino" not in "".join(text_of(mail) + html_of(mail) for mail in mails)
    (kept,) = objectors.to_interests(ctx, "belcentrum")
    assert (kept["email"], kept["purpose"], kept["reasons"]) == (SOFIE, "order_evidence", REASONS)
    assert (kept["phone"], kept["answer_by"][:10]) == ("0470 12 34 56", "2026-12-21")


def test_the_number_is_asked_only_where_an_interest_goes_by_telephone(client: FlaskClient, ctx: Context) -> None:
    by_phone = Page(client.get(asked(ctx, CALLS).object + "?purpose=order_evidence"))
    not_so = Page(client.get(asked(ctx, DESK, ("club",)).object))

    assert [field.get("name") for field in by_phone.all("input")] == ["phone"]
    assert not_so.all("input") == []
    assert len(not_so.all("textarea")) == 1


@pytest.mark.parametrize(
    ("typed", "place"),
    [({"reasons": "x" * 1001}, "reasons"), ({"phone": "bel mij"}, "phone"), ({"reasons": "a\u202eb"}, "reasons")],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(
    client: FlaskClient, ctx: Context, typed: dict[str, str], place: str
) -> None:
    link = asked(ctx, CALLS).object + "?purpose=order_evidence"
    sent = {"interest": INTEREST_KEY, "reasons": "mijn redenen", "phone": "0470 12 34 56"} | typed

    with nothing_changes(ctx):
        again = Page(client.post(link, data=sent), 422, repeats=True)

    assert f'href="#{place}"' in again.html
    assert (again.one("textarea", name="reasons").text or "").strip("\n") == sent["reasons"]
    assert again.one("input", name="phone").get("value") == sent["phone"]


def test_a_thousand_characters_of_reasons_are_not_too_many(client: FlaskClient, ctx: Context) -> None:
    client.post(asked(ctx, CALLS).object, data={"interest": INTEREST_KEY, "reasons": "é" * 1000})

    (kept,) = objectors.to_interests(ctx, "belcentrum")
    assert kept["reasons"] == "é" * 1000


def test_reasons_are_kept_until_they_have_to_be_answered_and_go_with_the_person(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    links = asked(ctx, CALLS)
    client.post(links.object, data={"interest": INTEREST_KEY, "reasons": REASONS})
    work_off(ctx)
    clock.forward(days=29)
    housekeeping.tidy(ctx)
    assert objectors.to_interests(ctx, "belcentrum")[0]["reasons"] == REASONS

    clock.forward(days=2)
    housekeeping.tidy(ctx)

    assert objectors.to_interests(ctx, "belcentrum") == []
    assert "casino" not in str(stored(ctx, "objections"))
    assert len(stored(ctx, "objections")) == 1


def test_the_export_says_what_is_restricted_and_the_page_what_goes_on(client: FlaskClient, ctx: Context) -> None:
    links = agreed(client, ctx, CALLS)
    before = json.loads("".join(reports.consents_as_json(ctx, {"status": "granted"})))

    done = Page(client.post(links.object, data={"interest": INTEREST_KEY}))

    after = json.loads("".join(reports.consents_as_json(ctx, {"status": "granted"})))
    assert [{row["restricted"] for row in rows} for rows in (before, after)] == [{""}, {INTEREST_KEY}]
    assert i18n.say("nl", "withdraw.done.remaining") in done.text
    assert len(done.classed("facts")) == 1
