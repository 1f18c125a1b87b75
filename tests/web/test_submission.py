"""The form page, shared by many visitors, and what is answered to what people send."""

from io import BytesIO
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import i18n
from app.services.context import Context
from tests.factories import Clock, link_in, text_of, work_off
from tests.page import FORM_CACHE, Page
from tests.page import text_of as text_in
from tests.web.ways import (
    ADULT,
    BAKECLUB,
    CALLS,
    CAREERS,
    COUNTERS,
    DESK,
    EVENTS,
    FORMS,
    GATED,
    GRADUATES,
    NEWSLETTER,
    QUOTE,
    SOFIE,
    TEEN,
    Form,
    GatedForm,
    agreed,
    asked,
    filled,
    nothing_changes,
    stored,
)

ANN = "annel@voorbeeld.test"
BEN = "benno@voorbeeld.test"


def send(client: FlaskClient, form: Form, data: list[tuple[str, str]], query: str = "lang=nl") -> TestResponse:
    """Send what no browser would, beside a good form token."""
    token = form.open(client).one("input", name="form_token").attrib["value"]
    body = urlencode([("form_token", token), *data])
    return client.post(f"/f/{form.name}?{query}", data=body, content_type="application/x-www-form-urlencoded")


# The page that many share


@pytest.mark.parametrize("form", [*FORMS, *GATED], ids=str)
def test_a_form_page_is_the_same_for_everybody_within_the_minute(client: FlaskClient, clock: Clock, form: Form) -> None:
    language = form.languages[-1]
    visits = [
        client.get(form.address(language)),
        client.get(form.address(language), headers={"Accept-Language": "fr", "User-Agent": "X", "Cookie": "a=b"}),
        client.get(form.address(language), headers={"Sec-Fetch-Dest": "iframe", "Referer": "https://other.example/"}),
        client.get(form.address(language), environ_overrides={"REMOTE_ADDR": "203.0.113.9"}),
    ]
    clock.forward(seconds=54)
    visits.append(client.get(form.address(language)))

    assert len({visit.data for visit in visits}) == 1
    assert len({str(visit.headers) for visit in visits}) == 1
    assert visits[0].headers["Cache-Control"] == FORM_CACHE
    assert visits[0].headers["Vary"] == "Accept-Encoding"


def test_two_visitors_of_one_cached_page_are_both_served(client: FlaskClient, ctx: Context) -> None:
    cached = CAREERS.open(client)

    for visitor, address in ((ANN, "198.51.100.1"), (BEN, "203.0.113.9")):
        client.environ_base["REMOTE_ADDR"] = address
        CAREERS.answer(cached.press(client, 0, email=visitor, purposes=["keep_cv"]))

    assert {mail["To"] for mail in work_off(ctx)} == {ANN, BEN}
    assert len(stored(ctx, "requests", status="requested")) == 2


@pytest.mark.parametrize(
    "address", ["/f/talentwerk/careers", "/f/talentwerk/careers?lang=fr", "/f/talentwerk/careers?lang="]
)
def test_without_a_language_of_the_form_the_browser_is_led_to_the_one_that_it_likes(
    client: FlaskClient, address: str
) -> None:
    for header, language in (("en-GB,en;q=0.9", "en"), ("fr,nl;q=0.5", "nl"), ("de", "nl"), ("", "nl")):
        response = client.get(address, headers={"Accept-Language": header})

        assert response.status_code == 302
        assert response.headers["Location"] == f"/f/talentwerk/careers?lang={language}"
        assert response.headers["Vary"] == "Accept-Language"
        assert response.headers["Cache-Control"] == "private, max-age=60", "some caches ignore Vary"
        assert f"frame-ancestors {CAREERS.origins};" in response.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in response.headers


def test_of_two_languages_in_an_address_the_first_counts(client: FlaskClient) -> None:
    page = Page(client.get("/f/talentwerk/careers?lang=en&lang=nl"), framed_by=CAREERS.origins, cache=FORM_CACHE)

    assert page.language == "en"


def test_the_site_that_the_script_names_goes_along_from_step_to_step(client: FlaskClient, ctx: Context) -> None:
    site = "&site=https%3A%2F%2Fwww.talentwerk.example"
    led = client.get("/f/talentwerk/careers?site=https://www.talentwerk.example", headers={"Accept-Language": "en"})
    assert led.headers["Location"] == f"/f/talentwerk/careers?lang=en{site}"
    page = CAREERS.answer(client.get(led.headers["Location"]), cache=FORM_CACHE)

    wrong = CAREERS.answer(page.press(client, 0, purposes=["keep_cv"]), 422, ticked=["keep_cv"])
    CAREERS.answer(wrong.press(client, 0, email=SOFIE))

    assert [request["site"] for request in stored(ctx, "requests")] == ["www.talentwerk.example"]


@pytest.mark.parametrize(
    "site", ["https://evil.example", "javascript:alert(1)", "https://www.talentwerk.example.evil.example"]
)
def test_a_site_that_may_not_frame_the_form_is_not_believed(client: FlaskClient, ctx: Context, site: str) -> None:
    address = f"{CAREERS.address('nl')}&{urlencode({'site': site})}"
    page = CAREERS.answer(client.get(address), cache=FORM_CACHE)
    assert page.html == CAREERS.open(client).html

    client.post(address, data={**page.typed, "form_token": _token(page), "purposes": "keep_cv", "email": SOFIE})

    assert [request["site"] for request in stored(ctx, "requests")] == ["forms.example"]


def test_a_plain_frame_without_the_script_still_tells_in_which_site_the_form_stood(
    client: FlaskClient, ctx: Context
) -> None:
    page = CAREERS.open(client)
    page.press(client, 0, {"Sec-Fetch-Dest": "iframe"}, email=SOFIE, purposes=["keep_cv"])
    assert [request["site"] for request in stored(ctx, "requests")] == ["www.talentwerk.example"]

    several = DESK.open(client)
    several.press(client, 0, {"Sec-Fetch-Dest": "iframe"}, email=ANN, purposes=["club"])
    assert [request["site"] for request in stored(ctx, "requests", form="alles")] == ["forms.example"]


def _token(page: Page) -> str:
    return page.one("input", name="form_token").attrib["value"]


# What is told, and the weight of the answers


def test_what_needs_no_consent_is_told_apart_and_has_no_box(client: FlaskClient) -> None:
    page = QUOTE.open(client, "en")

    (told,) = [section for section in page.classed("told") if section.get("aria-labelledby") == "told-heading"]
    assert "Working out your price" in page.text
    assert not list(told.iter("input"))
    assert not list(told.iter("button"))
    assert len(list(told.iter("details"))) == 1


def test_what_rests_on_a_legitimate_interest_leads_to_an_objection(client: FlaskClient) -> None:
    page = DESK.open(client, "fr")

    address = page.links[i18n.say("fr", "object.interest")]

    assert Page(client.get(address)).h1 == i18n.say("fr", "object.to", purpose="Compter les visites")


def test_direct_marketing_is_told_with_its_objection_and_only_where_there_is_any(client: FlaskClient) -> None:
    line, body = (i18n.say("nl", f"rights.marketing.{part}") for part in ("line", "body"))
    page, without = CAREERS.open(client), GRADUATES.open(client).text

    assert page.links[line].startswith("/link/talentwerk?")
    assert [text_in(one) for one in page.classed("advertising")] == [line], "apart from all else (GDPR art. 21(4))"
    assert page.text.index(body) < page.text.rindex(page.buttons[0])
    assert line not in without
    assert body not in without


def test_every_purpose_has_its_complete_notice_folded_beneath_it(client: FlaskClient) -> None:
    page = CAREERS.open(client)

    *notices, once = page.all("details")

    assert len(notices) == len((*CAREERS.purposes, "matching"))
    assert not [notice for notice in (*notices, once) if "open" in notice.attrib]
    for notice in notices:
        assert len(list(notice.iter("dt"))) >= 5, "basis, data, recipients, how long, how people are reached"
    assert len(list(once.iter("dt"))) >= 8


def test_yes_and_no_are_equal_and_no_needs_nothing_filled_in(client: FlaskClient) -> None:
    yes, no = CAREERS.open(client).one("form").iter("button")

    assert {name: value for name, value in yes.items() if name != "value"} == {
        name: value for name, value in no.items() if name not in ("value", "formnovalidate")
    }


# What people send


def test_a_sent_form_is_stored_as_a_request_and_mailed_once(client: FlaskClient, ctx: Context) -> None:
    page = CAREERS.open(client, "en")

    sent = CAREERS.answer(
        page.press(client, 0, email=f"  {SOFIE} ", purposes=["offers_mail"], first_name="Zoë", phone="+31 6 12345678")
    )

    assert SOFIE in sent.text
    (mail,) = work_off(ctx)
    assert mail["To"] == SOFIE
    assert "Job offers by email" in text_of(mail)
    (request,) = stored(ctx, "requests")
    assert (request["language"], request["audience"], request["status"]) == ("en", "adult", "requested")
    assert [row["purpose"] for row in stored(ctx, "request_purposes")] == ["offers_mail"]
    assert {row["field"]: row["value"] for row in stored(ctx, "request_fields")} == {"first_name": "Zoë"}
    assert stored(ctx, "consents") == []


def test_what_is_sent_again_is_the_same_request_with_the_whole_time_to_answer_as_page_and_mail_say(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    for deadline in ("28 november 2026", "3 december 2026"):
        sent = CAREERS.answer(CAREERS.open(client).press(client, 0, email=SOFIE, purposes=["keep_cv"]))
        (mail,) = work_off(ctx)
        assert i18n.say("nl", "form.sent.deadline", period="7 dagen") in sent.text
        assert deadline in text_of(mail)
        clock.forward(days=5)

    assert Page(client.get(link_in(mail, "confirm"))).h1 == i18n.say("nl", "confirm.title")
    assert len(stored(ctx, "requests")) == 1


def test_nothing_ticked_is_a_result_and_nothing_is_stored_or_mailed(client: FlaskClient, ctx: Context) -> None:
    page = CAREERS.open(client)

    with nothing_changes(ctx, but=COUNTERS):
        CAREERS.answer(page.press(client, 0, email=SOFIE, first_name="Sofie"))
        CAREERS.answer(page.press(client, 0, email="no address", first_name="1" * 500))
        CAREERS.answer(send(client, CAREERS, []))
        CAREERS.answer(client.post(CAREERS.address("nl"), data={"form_token": "forged", "email": SOFIE}))
    assert work_off(ctx) == []


def test_the_equal_no_stores_nothing_even_with_boxes_ticked(client: FlaskClient, ctx: Context) -> None:
    page = CAREERS.open(client)

    with nothing_changes(ctx, but=COUNTERS):
        asks = CAREERS.answer(
            page.press(client, 1, email=SOFIE, purposes=CAREERS.purposes, first_name="Sofie"), ticked=CAREERS.purposes
        )
        answer = CAREERS.answer(asks.press(client, 1))

    assert answer.h1 == i18n.say("nl", "form.nothing.title")
    assert SOFIE not in answer.html


def test_a_no_with_boxes_ticked_asks_once_and_loses_nothing(client: FlaskClient, ctx: Context) -> None:
    page = CAREERS.open(client)

    asks = CAREERS.answer(
        page.press(client, 1, email=SOFIE, purposes=["keep_cv"], first_name="Zoë"), ticked=["keep_cv"]
    )

    assert i18n.say("nl", "form.unsure.title") in asks.text
    assert asks.one("input", name="email").get("value") == SOFIE
    assert asks.one("input", name="first_name").get("value") == "Zoë"
    (link,) = [link for link in asks.all("a") if link.get("href") == "#p-keep_cv"]
    assert link.text == "Uw cv twee jaar bewaren"
    CAREERS.answer(asks.press(client, 0))
    assert len(stored(ctx, "requests")) == 1


def test_whoever_fills_in_the_field_that_no_person_sees_gets_the_same_answer_and_nothing_is_stored(
    client: FlaskClient, ctx: Context
) -> None:
    page = CAREERS.open(client)
    with nothing_changes(ctx, but=COUNTERS):
        machine = page.press(client, 0, email=SOFIE, purposes=["keep_cv"], website="https://spam.example")
    person = page.press(client, 0, email=SOFIE, purposes=["keep_cv"])

    assert (machine.status, machine.data, str(machine.headers)) == (person.status, person.data, str(person.headers))


def test_the_trap_for_machines_is_hidden_from_people_and_screen_readers(client: FlaskClient) -> None:
    for page in (CAREERS.open(client), Page(client.get("/link/talentwerk?lang=nl"))):
        (trap,) = [box for box in page.all("div") if box.get("aria-hidden") == "true"]
        assert trap.get("class") == "unseen"
        (field,) = trap.iter("input")

        assert (field.get("tabindex"), field.get("autocomplete"), field.get("value")) == ("-1", "off", None)
        assert i18n.say("nl", "form.honeypot") in page.text


def test_a_purpose_that_the_form_does_not_ask_is_refused_and_nothing_is_stored(
    client: FlaskClient, ctx: Context
) -> None:
    for unknown in ("newsletter", "placement", "OFFERS_MAIL", "", "offers_mail "):
        with nothing_changes(ctx, but=COUNTERS):
            response = send(client, CAREERS, [("purposes", "keep_cv"), ("purposes", unknown), ("email", SOFIE)])

        page = CAREERS.answer(response, 422, ticked=["keep_cv"])
        assert page.problems == {"purposes": i18n.say("nl", "error.purpose.unknown")}
        assert page.typed["email"] == SOFIE


def test_what_is_told_and_not_asked_cannot_be_consented_to(client: FlaskClient, ctx: Context) -> None:
    with nothing_changes(ctx, but=COUNTERS):
        QUOTE.answer(send(client, QUOTE, [("purposes", "quote"), ("email", SOFIE)]), 422)


def test_of_a_name_that_is_sent_twice_the_first_value_counts(client: FlaskClient, ctx: Context) -> None:
    data = [("email", SOFIE), ("email", ANN), ("purposes", "keep_cv"), ("purposes", "keep_cv")]
    page = CAREERS.answer(send(client, CAREERS, [*data, ("decision", "yes"), ("decision", "no")]))

    assert SOFIE in page.text
    assert [row["email"] for row in stored(ctx, "subjects")] == [SOFIE]
    assert len(stored(ctx, "request_purposes")) == 1
    assert not stored(ctx, "subjects", email=ANN)


def test_values_in_the_address_are_no_answers(client: FlaskClient, ctx: Context) -> None:
    token = _token(CAREERS.open(client))
    query = urlencode({"lang": "nl", "email": SOFIE, "purposes": "keep_cv", "form_token": token})

    with nothing_changes(ctx, but=COUNTERS):
        answer = client.post(f"/f/talentwerk/careers?{query}", data={"decision": "yes"})

    assert CAREERS.answer(answer).h1 == i18n.say("nl", "form.nothing.title")


def test_a_form_may_come_in_parts_too_and_files_in_it_are_left_alone(client: FlaskClient, ctx: Context) -> None:
    data = {"form_token": _token(CAREERS.open(client)), "email": SOFIE, "purposes": "keep_cv"}
    upload = {"first_name": (BytesIO(b"MZ"), "name.exe")}

    CAREERS.answer(client.post(CAREERS.address("nl"), data=data | upload, content_type="multipart/form-data"))

    assert [row["email"] for row in stored(ctx, "subjects")] == [SOFIE]
    assert stored(ctx, "request_fields") == []


# Nobody learns who is known


@pytest.mark.parametrize(
    ("form", "purpose", "field"),
    [
        (CAREERS, "offers_phone", "phone"),
        (CALLS, "staff_training", "phone"),
        (GRADUATES, "employer_noordzee", "full_name"),
        (GRADUATES, "employer_verhoeven_call", "phone"),
        (BAKECLUB, "bake_day", "session"),
        (NEWSLETTER, "opening_hours", "shop"),
    ],
    ids=str,
)
def test_a_yes_is_not_taken_without_what_it_takes(
    client: FlaskClient, ctx: Context, form: Form, purpose: str, field: str
) -> None:
    """Asked to call, and no number: what was typed and ticked is kept, nothing is stored, and one line says why."""
    for language in form.languages:
        page = form.after(client, TEEN, language) if isinstance(form, GatedForm) else form.open(client, language)
        given = {name: text for name, text in filled(page).items() if name != field}

        with nothing_changes(ctx, but=COUNTERS):
            response = page.press(client, 0, email=SOFIE, purposes=[purpose], **given, **{field: "  "})
            wrong = form.answer(response, 422, ticked=[purpose])
        assert list(wrong.problems) == [field]
        assert {name: wrong.typed[name] for name in ("email", *given)} == {"email": SOFIE} | given
        young = isinstance(form, GatedForm)
        (label,) = [text_in(one) for one in wrong.all("label") if one.attrib["for"] == field]
        assert i18n.say(language, "chrome.optional", young) not in label


@pytest.mark.parametrize("form", [CAREERS, EVENTS, QUOTE], ids=str)
def test_answers_for_every_kind_of_address_are_alike_in_status_headers_and_text(
    client: FlaskClient, ctx: Context, form: Form
) -> None:
    known_by = _everybody(client, ctx, form)
    page = form.open(client)

    for purposes in (form.purposes, form.purposes[:1]):  # the page takes along what was ticked: each has its own
        answers = {}
        for kind, address in known_by.items():
            response = page.press(client, 0, email=address, purposes=purposes, **filled(page))
            answers[kind] = (response.status, str(response.headers), response.text.replace(address, "…"))

        assert len(set(answers.values())) == 1


@pytest.mark.parametrize("born", [TEEN, ADULT], ids=["teen", "adult"])
def test_answers_behind_an_age_question_are_alike_for_every_kind_of_address(
    client: FlaskClient, ctx: Context, born: tuple[str, str, str]
) -> None:
    known_by = _everybody(client, ctx, NEWSLETTER)
    page = NEWSLETTER.after(client, born)

    answers = set()
    for address in known_by.values():
        response = page.press(client, 0, email=address, purposes=["news"])
        answers.add((response.status, str(response.headers), response.text.replace(address, "…")))

    assert len(answers) == 1


def test_a_teenager_is_stored_as_one_and_mailed_in_words_for_its_age(client: FlaskClient, ctx: Context) -> None:
    page = NEWSLETTER.after(client, TEEN)
    NEWSLETTER.answer(page.press(client, 0, email=SOFIE, purposes=["news"], first_name="Sofie", shop="korenmarkt"))

    (request,) = stored(ctx, "requests")
    assert (request["audience"], request["status"]) == ("teen", "requested")
    assert {row["field"]: row["value"] for row in stored(ctx, "request_fields")} == {"first_name": "Sofie"}
    (subject,) = stored(ctx, "subjects")
    assert (subject["child_name"], subject["decides_from"]) == ("", None)
    (mail,) = work_off(ctx)
    confirm = Page(client.get(link_in(mail, "confirm")))
    Page(confirm.press(client, 0))
    (consent,) = stored(ctx, "consents")
    assert ctx.stored_notice(consent["notice"]).notice.audience == "teen"


@pytest.mark.parametrize("query", ["lang=nl", "lang=nl&for=object"])
def test_answers_to_who_asks_for_a_link_are_alike_for_every_kind_of_address(
    client: FlaskClient, ctx: Context, query: str
) -> None:
    known_by = _everybody(client, ctx, CAREERS)
    page = Page(client.get(f"/link/talentwerk?{query}"))

    answers = set()
    for address in known_by.values():
        for _ in range(4):  # the limits on mail leave no trace either
            response = page.press(client, 0, email=address)
            answers.add((response.status, str(response.headers), response.text.replace(address, "…")))

    assert len(answers) == 1


def _everybody(client: FlaskClient, ctx: Context, form: Form) -> dict[str, str]:
    """Addresses of one length, each known to the controller in another way."""
    everybody = {
        kind: f"{letter * 5}@voorbeeld.test"
        for kind, letter in zip(
            ("unknown", "requested", "confirmed", "withdrawn", "no mail", "objected", "refused"), "abcdefg", strict=True
        )
    }
    asked(ctx, form, email=everybody["requested"])
    agreed(client, ctx, form, email=everybody["confirmed"])
    Page(client.post(agreed(client, ctx, form, email=everybody["withdrawn"]).withdraw, data={"decision": "stop"}))
    Page(client.post(asked(ctx, form, email=everybody["no mail"]).stop, data={"decision": "stop"}))
    Page(client.post(agreed(client, ctx, form, email=everybody["objected"]).object, data={"decision": "yes"}))
    Page(client.post(asked(ctx, form, email=everybody["refused"]).confirm, data={"decision": "no"}))
    return everybody
