"""The page of a child and the one that waits: nothing is settled, nobody learns who is known, no name travels on."""

from itertools import cycle

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from tests.factories import Clock, html_of, text_of, work_off
from tests.page import Page
from tests.page import text_of as text_in
from tests.web.ways import (
    BAKECLUB,
    CAMP,
    COUNTERS,
    GATED,
    NEWSLETTER,
    NOOR,
    PAPA,
    GatedForm,
    agreed,
    asked,
    child_allowed,
    child_asked,
    child_asks,
    nothing_changes,
    stored,
    token_of,
)

NAMES = {
    "markup": "<b>Noor</b>",
    "attribute": '" onfocus=alert(1) x="',
    "script": "<script>alert(1)</script>",
    "right to left": "\u202eraaN",
    "templates": "{{7*7}}",
    "placeholder": "{child_name}",
    "address": "www.evil.example",
    "mail": "noor@voorbeeld.test",
    "NUL": "No\x00or",
    "line ends": "Noor\r\nBcc: x",
    "separator": "Noor\u2028x",
    "escape": "No\x1bor",
    "unassigned": "\U000e0fff",
    "figures": "Noor 7",
    "stands for nothing": "\ufffc",
}
"""What is no first name."""
GOOD_NAMES = [
    "Zoë",
    "Anne-Sophie",
    "O’Neill",
    "Ng",
    "李",
    "Mohamed El Amrani",
    "Noor " * 19 + "Noor",
    "d'Arc",
    "Noor B.",
]


def test_a_no_with_a_tick_asks_the_child_once_and_the_drawings_stay(client: FlaskClient) -> None:
    page = BAKECLUB.after(client)

    asks = BAKECLUB.answer(page.press(client, 1, purposes=["recipes"], child_name="Noor"), ticked=["recipes"])

    assert i18n.say("nl", "child.unsure.title", True) in asks.text
    assert asks.one("input", name="child_name").get("value") == "Noor"
    assert len(asks.all("{http://www.w3.org/2000/svg}svg")) == 1 + len(BAKECLUB.purposes)
    assert BAKECLUB.answer(asks.press(client, 1)).h1 == i18n.say("nl", "child.stopped.title", True)


@pytest.mark.parametrize("form", GATED, ids=str)
def test_what_a_child_would_like_waits_for_its_parent_and_nothing_of_it_is_settled(
    client: FlaskClient, ctx: Context, form: GatedForm
) -> None:
    page = form.after(client)
    wish = form.purposes[:1]

    waiting = form.answer(page.press(client, 0, child_name=" Noor ", guardian_email=f" {PAPA} ", purposes=wish))

    assert PAPA in waiting.text
    assert "Noor" not in waiting.text
    (subject,) = stored(ctx, "subjects")
    assert (subject["email"], subject["child_name"], subject["child_email"]) == (PAPA, "Noor", "")
    (request,) = stored(ctx, "requests")
    assert (request["status"], request["audience"]) == ("awaiting_guardian", "child")
    assert tuple(row["purpose"] for row in stored(ctx, "request_purposes")) == wish
    assert stored(ctx, "request_fields") == stored(ctx, "consents") == []
    (mail,) = work_off(ctx)
    assert mail["To"] == PAPA
    assert "Noor" not in f"{text_of(mail)}{html_of(mail)}{mail['Subject']}"


def test_a_child_is_asked_for_no_address_of_its_own_and_one_that_is_sent_is_not_read(
    client: FlaskClient, ctx: Context
) -> None:
    page = NEWSLETTER.after(client)
    extra = {"email": NOOR, "child_email": NOOR, "first_name": "Noor", "shop": "korenmarkt", "is_guardian": "yes"}
    whole = {"child_name": "Noor", "guardian_email": PAPA, "purposes": "news", "form_token": token_of(page)}

    NEWSLETTER.answer(client.post(page.address, data=extra | whole))

    assert {mail["To"] for mail in work_off(ctx)} == {PAPA}
    (subject,) = stored(ctx, "subjects")
    assert subject["child_email"] == ""
    assert stored(ctx, "request_fields") == []


def test_nothing_ticked_or_no_is_a_result_and_nothing_is_stored_or_mailed(client: FlaskClient, ctx: Context) -> None:
    page = BAKECLUB.after(client)
    typed = {"child_name": "Noor", "guardian_email": PAPA}

    with nothing_changes(ctx, but=COUNTERS):
        nothing = BAKECLUB.answer(page.press(client, 0, **typed))
        asks = BAKECLUB.answer(page.press(client, 1, **typed, purposes=BAKECLUB.purposes), ticked=BAKECLUB.purposes)
        no = BAKECLUB.answer(asks.press(client, 1))
        odd = BAKECLUB.answer(page.press(client, 0, child_name="<" * 500, guardian_email="x"))

    assert nothing.text == no.text == odd.text
    assert nothing.h1 == i18n.say("nl", "child.stopped.title", True)
    assert (PAPA in nothing.text, PAPA in no.html) == (False, False)
    assert work_off(ctx) == []


def test_yes_and_no_are_equal_and_no_needs_nothing_filled_in(client: FlaskClient) -> None:
    yes, no = BAKECLUB.after(client).one("form").iter("button")

    assert {name: value for name, value in yes.items() if name != "value"} == {
        name: value for name, value in no.items() if name not in ("value", "formnovalidate")
    }


def test_errors_are_named_and_what_was_typed_and_ticked_stays(client: FlaskClient, ctx: Context) -> None:
    page = BAKECLUB.after(client)
    wish = ["recipes", "reminder"]

    with nothing_changes(ctx, but=COUNTERS):
        wrong = BAKECLUB.answer(
            page.press(client, 0, child_name="Noor7", guardian_email="papa", purposes=wish), 422, ticked=wish
        )

    assert wrong.problems == {
        "child_name": i18n.say("nl", "error.child_name.characters", True),
        "guardian_email": i18n.say("nl", "error.guardian_email.format", True),
    }
    assert (wrong.typed["child_name"], wrong.typed["guardian_email"]) == ("Noor7", "papa")
    assert wrong.one("form").attrib["action"].endswith("#errors")
    for part in ("child_name", "guardian_email"):
        field = wrong.one("input", id=part)
        assert (field.get("aria-invalid"), f"{part}-error" in field.attrib["aria-describedby"]) == ("true", True)
    BAKECLUB.answer(wrong.press(client, 0, child_name="Noor", guardian_email=PAPA))
    assert {row["purpose"] for row in stored(ctx, "request_purposes")} == set(wish)


@pytest.mark.parametrize(("case", "language"), list(zip(NAMES, cycle(BAKECLUB.languages), strict=False)))
def test_what_is_no_first_name_gets_a_clear_message_and_is_repeated_as_text(
    client: FlaskClient, ctx: Context, case: str, language: str
) -> None:
    page = BAKECLUB.after(client, language=language)
    typed = {"child_name": NAMES[case], "guardian_email": PAPA, "purposes": ["recipes"]}

    with nothing_changes(ctx, but=COUNTERS):
        wrong = BAKECLUB.answer(page.press(client, 0, **typed), 422, ticked=["recipes"], repeats=True)

    assert wrong.problems == {"child_name": i18n.say(language, "error.child_name.characters", True)}
    calm = BAKECLUB.answer(page.press(client, 0, **typed | {"child_name": "7"}), 422, ticked=["recipes"])
    assert wrong.skeleton == calm.skeleton
    assert wrong.typed["guardian_email"] == PAPA


def test_a_name_of_more_than_a_hundred_characters_or_of_100_kb_is_too_long(client: FlaskClient, ctx: Context) -> None:
    page = BAKECLUB.after(client)

    with nothing_changes(ctx, but=COUNTERS):
        for length, status in ((101, 422), (10_000, 422), (100_000, 413)):
            typed = {"child_name": "N" * length, "guardian_email": PAPA, "purposes": ["recipes"]}
            ticked = ["recipes"] if status == 422 else []
            wrong = BAKECLUB.answer(page.press(client, 0, **typed), status, ticked=ticked)
            if status == 422:
                assert wrong.problems == {"child_name": i18n.say("nl", "error.child_name.too_long", True)}


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_first_names_of_many_kinds_are_taken_as_they_are(client: FlaskClient, ctx: Context, name: str) -> None:
    links = child_asked(client, ctx, name=name)

    assert stored(ctx, "subjects")[0]["child_name"] == name.strip()
    assert name.strip() in Page(client.get(links.guardian)).text


def test_only_purposes_of_the_form_can_be_wished(client: FlaskClient, ctx: Context) -> None:
    page = CAMP.after(client)
    whole = {"child_name": "Noor", "guardian_email": PAPA, "form_token": token_of(page)}

    for unknown in ("count", "recipes", "PARCEL", ""):
        with nothing_changes(ctx, but=COUNTERS):
            response = client.post(page.address, data=whole | {"purposes": ["parcel", unknown]})
        wrong = CAMP.answer(response, 422, ticked=["parcel"])
        assert wrong.problems == {"purposes": i18n.say("nl", "error.purpose.unknown", True)}


def test_what_no_consent_is_asked_for_is_told_to_a_child_without_a_box(client: FlaskClient) -> None:
    page = CAMP.after(client)

    (told,) = [section for section in page.classed("told") if section.get("aria-labelledby") == "told-heading"]
    assert "Tellen wie er komt" in page.text
    assert not list(told.iter("input"))


def test_the_text_for_parents_is_folded_and_is_the_one_that_they_will_decide_about(
    client: FlaskClient, ctx: Context
) -> None:
    page = BAKECLUB.after(client)
    (folded,) = page.classed("parents")
    links = child_asked(client, ctx)
    guardian = Page(client.get(links.guardian))

    said = "".join(folded.itertext())
    for purpose in guardian.root.iter("p"):
        if purpose.get("id", "").startswith("p-"):
            assert (purpose.text or "x") in said
    assert not list(folded.iter("input"))


def test_a_changed_text_is_shown_again_with_empty_boxes_and_what_was_typed(
    client: FlaskClient, ctx: Context, clock: Clock, publish: object
) -> None:
    page = BAKECLUB.after(client)
    typed = {"child_name": "Noor", "guardian_email": PAPA, "purposes": ["reminder"]}
    publish("demolen/bakeclub", {"We mailen hoe laat we beginnen.": "We mailen twee keer hoe laat we beginnen."})  # type: ignore[operator]
    clock.forward(hours=1, seconds=1)

    with nothing_changes(ctx, but=COUNTERS):
        again = BAKECLUB.answer(page.press(client, 0, **typed), 422)

    assert again.problems == {"whole-form": i18n.say("nl", "error.text_changed", True)}
    assert "We mailen twee keer hoe laat" in again.text
    assert (again.typed["child_name"], again.typed["guardian_email"]) == ("Noor", PAPA)
    BAKECLUB.answer(again.press(client, 0, purposes=["reminder"]))
    assert len(stored(ctx, "requests")) == 1


def test_sent_twice_it_is_one_request_and_one_mail(client: FlaskClient, ctx: Context) -> None:
    page = BAKECLUB.after(client)
    typed = {"guardian_email": PAPA, "purposes": ["recipes"]}

    names = ("Noor", "Noor", " NOOR ", "noor")
    answers = {BAKECLUB.answer(page.press(client, 0, **typed, child_name=name)).text for name in names}

    assert len(answers) == 1
    assert len(stored(ctx, "requests")) == len(stored(ctx, "subjects")) == len(work_off(ctx)) == 1


def test_two_children_of_one_parent_are_two_stories(client: FlaskClient, ctx: Context, clock: Clock) -> None:
    noor = child_asked(client, ctx)
    clock.forward(minutes=11)
    finn = child_asked(client, ctx, name="Finn")

    assert set(noor).isdisjoint(finn)
    assert len(stored(ctx, "subjects", email=PAPA)) == 2
    assert "Finn" not in Page(client.get(noor.guardian)).html
    assert "Noor" not in Page(client.get(finn.guardian)).html


def test_a_machine_that_fills_in_the_hidden_field_gets_the_same_answer_and_nothing_is_stored(
    client: FlaskClient, ctx: Context
) -> None:
    page = BAKECLUB.after(client)
    typed = {"child_name": "Noor", "guardian_email": PAPA, "purposes": ["recipes"]}

    with nothing_changes(ctx, but=COUNTERS):
        machine = page.press(client, 0, **typed, website="https://spam.example")
    person = page.press(client, 0, **typed)

    assert (machine.status, machine.data, str(machine.headers)) == (person.status, person.data, str(person.headers))


def test_the_waiting_page_is_alike_for_every_kind_of_address(client: FlaskClient, ctx: Context, clock: Clock) -> None:
    everybody = {
        kind: f"{letter * 5}@voorbeeld.test"
        for kind, letter in zip(
            ("unknown", "asked", "allowed", "refused", "not mine", "withdrawn", "no mail", "adult", "adult, no mail"),
            "abcdefghi",
            strict=True,
        )
    }
    child_asked(client, ctx, guardian=everybody["asked"])
    child_allowed(client, ctx, guardian=everybody["allowed"])
    Page(client.post(child_asked(client, ctx, guardian=everybody["refused"]).guardian, data={"decision": "no"}))
    Page(client.post(child_asked(client, ctx, guardian=everybody["not mine"]).guardian, data={"decision": "not_mine"}))
    Page(client.post(child_allowed(client, ctx, guardian=everybody["withdrawn"]).withdraw, data={"decision": "stop"}))
    Page(client.post(child_asked(client, ctx, guardian=everybody["no mail"]).stop, data={"decision": "stop"}))
    agreed(client, ctx, NEWSLETTER, email=everybody["adult"])
    Page(client.post(asked(ctx, NEWSLETTER, email=everybody["adult, no mail"]).stop, data={"decision": "stop"}))
    work_off(ctx)
    clock.forward(minutes=11)
    page = BAKECLUB.after(client)

    answers: dict[tuple[str, tuple[str, ...]], set[tuple[str, str, str]]] = {}
    for address in everybody.values():
        for wish in (BAKECLUB.purposes, BAKECLUB.purposes[:1], BAKECLUB.purposes):
            for name in ("Noor", "Finn"):
                response = page.press(client, 0, child_name=name, guardian_email=address, purposes=wish)
                text = response.text.replace(address, "…")
                answer = (response.status, str(response.headers), text)
                answers.setdefault((name, wish), set()).add(answer)  # the page takes along what was typed

    assert [len(alike) for alike in answers.values()] == [1] * 4
    assert {mail["To"] for mail in work_off(ctx)}.isdisjoint({everybody["no mail"], everybody["adult, no mail"]})


def test_an_address_that_never_wants_mail_again_gets_none_for_any_child_and_nothing_is_stored(
    client: FlaskClient, ctx: Context
) -> None:
    Page(client.post(child_asked(client, ctx).stop, data={"decision": "stop"}))
    (told,) = work_off(ctx)
    assert told["Subject"] == i18n.say("nl", "mail.opted_out.subject", controller="Bakkerij De Molen BV")
    page = BAKECLUB.after(client)

    with nothing_changes(ctx, but=(*COUNTERS, "mail_counts")):
        BAKECLUB.answer(page.press(client, 0, child_name="Finn", guardian_email=PAPA, purposes=["recipes"]))

    assert work_off(ctx) == []


def test_the_waiting_page_tells_the_site_that_something_was_sent_and_no_other_does(client: FlaskClient) -> None:
    page = BAKECLUB.after(client)
    others = [
        page,
        BAKECLUB.answer(page.press(client, 1)),
        BAKECLUB.answer(page.press(client, 0, purposes=["recipes"]), 422, ticked=["recipes"]),
    ]

    assert "data-submitted" in child_asks(client).one("body").attrib
    assert all("data-submitted" not in other.one("body").attrib for other in others)


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_a_grown_up_who_mistyped_finds_a_way_on_among_what_is_for_parents(client: FlaskClient, language: str) -> None:
    page = BAKECLUB.after(client, language=language)

    (parents,) = page.classed("parents")
    (way_on,) = [part for part in parents.iter("p") if text_in(part) == i18n.say(language, "guardian.mistyped")]
    assert not list(way_on.iter("a"))
    assert not [link for link in page.links.values() if link == BAKECLUB.address(language)]
