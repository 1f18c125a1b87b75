"""What people typed and ticked, and which text they saw while they did."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from tests.factories import Clock, link_in, work_off
from tests.page import Page
from tests.web.ways import (
    BAKECLUB,
    CAREERS,
    COUNTERS,
    DESK,
    GRADUATES,
    MARK_UP,
    QUOTE,
    SOFIE,
    Form,
    GatedForm,
    nothing_changes,
    stored,
)

Publish = Callable[..., None]

OLD_TEXT = "Hoogstens één keer per week mailen we vacatures"
NEW_TEXT = "Hoogstens twee keer per week mailen we vacatures"
TYPED = {"email": SOFIE, "first_name": "Zoë <3", "field_of_work": "care", "phone": "", "website": ""}


def token_of(page: Page) -> str:
    return page.one("input", name="form_token").attrib["value"]


def send(client: FlaskClient, token: str | None, language: str = "nl") -> Page:
    """Send a whole answer to the careers form under a token; it is not to be accepted."""
    data = TYPED | {"purposes": "offers_mail"} | ({} if token is None else {"form_token": token})
    return CAREERS.answer(client.post(CAREERS.address(language), data=data), 422)


# Tokens that are not this page's


@pytest.mark.parametrize(
    "break_it",
    [
        lambda token: None,
        lambda token: "",
        lambda token: token[:-1],
        lambda token: token + "=",
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: "x" + token,
        lambda token: token.upper(),
        lambda token: token.replace(".", "%2E"),
        lambda token: token.partition(".")[0],
        lambda token: "é" * 50,
        lambda token: "." * 50,
    ],
)
def test_an_answer_without_a_genuine_token_is_shown_again_and_nothing_is_stored(
    client: FlaskClient, ctx: Context, break_it: Callable[[str], str | None]
) -> None:
    token = break_it(token_of(CAREERS.open(client)))

    with nothing_changes(ctx, but=COUNTERS):
        page = send(client, token)

    assert page.problems["whole-form"] == i18n.say("nl", "error.not_from_here")
    assert page.typed == TYPED


def test_a_token_of_another_form_language_or_kind_does_not_pass_for_this_page(
    client: FlaskClient, ctx: Context
) -> None:
    foreign = {
        "another form": token_of(GRADUATES.open(client)),
        "another controller's form": token_of(MARK_UP.open(client, "en")),
        "another language": token_of(CAREERS.open(client, "en")),
        "another kind": ctx.signing.confirm.make("1" * 32),
        "another step": ctx.signing.form.make(["talentwerk/careers", _notice(client), "age", "adult", "nl"]),
        "another audience": ctx.signing.form.make(["talentwerk/careers", _notice(client), "form", "teen", "nl"]),
        "another shape": ctx.signing.form.make("talentwerk/careers"),
        "too short": ctx.signing.form.make(["talentwerk/careers"]),
    }

    for case, token in foreign.items():
        with nothing_changes(ctx, but=COUNTERS):
            page = send(client, token)
        assert page.problems == {"whole-form": i18n.say("nl", "error.not_from_here")} | _name_problem(), case


def _name_problem() -> dict[str, str]:
    return {"first_name": i18n.say("nl", "error.name.characters")}


def _notice(client: FlaskClient) -> str:
    site = client.application.extensions["akkoord"]
    return str(site.forms["talentwerk", "careers"].notices["nl/adult"])


def test_a_notice_that_was_never_stored_counts_for_nothing_even_when_the_token_is_genuine(
    client: FlaskClient, ctx: Context
) -> None:
    token = ctx.signing.form.make(["talentwerk/careers", "0" * 64, "form", "adult", "nl"])

    with nothing_changes(ctx, but=COUNTERS):
        page = send(client, token)

    assert page.problems["whole-form"] == i18n.say("nl", "error.text_changed")


def test_a_page_is_good_for_a_day_and_after_that_is_shown_again_with_all_that_was_filled_in(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    page = CAREERS.open(client)
    clock.forward(hours=23, minutes=59)
    CAREERS.answer(page.press(client, 0, email="annel@voorbeeld.test", purposes=["keep_cv"]))
    clock.forward(minutes=2)

    with nothing_changes(ctx, but=COUNTERS):
        old = CAREERS.answer(
            page.press(client, 0, email=SOFIE, purposes=["keep_cv"], phone="0612345678"), 422, ticked=["keep_cv"]
        )

    assert old.problems == {"whole-form": i18n.say("nl", "error.page_old")}
    assert (old.typed["email"], old.typed["phone"]) == (SOFIE, "0612345678")
    CAREERS.answer(old.press(client, 0))
    assert stored(ctx, "subjects", email=SOFIE)


def test_a_page_from_the_future_is_not_ours(client: FlaskClient, ctx: Context, clock: Clock) -> None:
    clock.forward(minutes=5)
    page = CAREERS.open(client)
    clock.forward(minutes=-5)

    with nothing_changes(ctx, but=COUNTERS):
        answer = CAREERS.answer(page.press(client, 0, email=SOFIE, purposes=["keep_cv"]), 422)

    assert answer.problems == {"whole-form": i18n.say("nl", "error.not_from_here")}


def test_the_clocks_of_two_servers_may_differ_by_a_minute(client: FlaskClient, clock: Clock) -> None:
    clock.forward(minutes=1)
    page = CAREERS.open(client)
    clock.forward(minutes=-1)

    CAREERS.answer(page.press(client, 0, email=SOFIE, purposes=["keep_cv"]))


# The text changed meanwhile


@pytest.mark.parametrize(("form", "old"), [(CAREERS, OLD_TEXT), (BAKECLUB, "We mailen hoe laat we beginnen")])
def test_no_tick_that_a_browser_keeps_over_a_reload_lands_beside_another_text(
    client: FlaskClient, publish: Publish, form: Form | GatedForm, old: str
) -> None:
    def name_of_form() -> str:
        page = form.after(client) if isinstance(form, GatedForm) else form.open(client)
        return page.all("form")[0].attrib["name"]

    before = name_of_form()
    assert name_of_form() == before
    publish(form.name, {old: f"Soms. {old}"})

    assert name_of_form() != before, "Firefox finds a box again by the name of its form and its place in it"


def test_after_a_change_of_the_text_the_new_one_is_shown_with_empty_boxes_and_what_was_typed(
    client: FlaskClient, ctx: Context, clock: Clock, publish: Publish
) -> None:
    page = CAREERS.open(client)
    assert OLD_TEXT in page.text
    publish("talentwerk/careers", {OLD_TEXT: NEW_TEXT})
    clock.forward(hours=1, seconds=1)

    with nothing_changes(ctx, but=COUNTERS):
        again = CAREERS.answer(page.press(client, 0, email=SOFIE, first_name="Zoë", purposes=["offers_mail"]), 422)

    assert again.problems == {"whole-form": i18n.say("nl", "error.text_changed")}
    assert NEW_TEXT in again.text
    assert OLD_TEXT not in again.text
    assert (again.typed["email"], again.typed["first_name"]) == (SOFIE, "Zoë")
    assert again.boxes == list(CAREERS.purposes)

    CAREERS.answer(again.press(client, 0, purposes=["offers_mail"]))
    (mail,) = work_off(ctx)
    assert NEW_TEXT in Page(client.get(link_in(mail, "confirm"))).text


def test_a_text_that_stood_there_within_the_hour_still_counts_and_the_consent_points_to_what_was_seen(
    client: FlaskClient, ctx: Context, clock: Clock, publish: Publish
) -> None:
    page, seen = CAREERS.open(client), _notice(client)
    clock.forward(hours=2)
    publish("talentwerk/careers", {OLD_TEXT: NEW_TEXT})
    clock.forward(minutes=59)

    wrong = CAREERS.answer(page.press(client, 0, email="sofie", purposes=["offers_mail"]), 422, ticked=["offers_mail"])
    assert OLD_TEXT in wrong.text
    assert list(wrong.problems) == ["email"]
    CAREERS.answer(wrong.press(client, 0, email=SOFIE))

    (mail,) = work_off(ctx)
    confirm = Page(client.get(link_in(mail, "confirm")))
    assert OLD_TEXT in confirm.text
    confirm.press(client, 0)
    assert _notice(client) != seen
    assert [consent["notice"] for consent in stored(ctx, "consents")] == [seen]


def test_an_old_text_that_is_shown_again_after_an_error_does_not_live_on(
    client: FlaskClient, clock: Clock, publish: Publish
) -> None:
    page = CAREERS.open(client)
    publish("talentwerk/careers", {OLD_TEXT: NEW_TEXT})
    clock.forward(minutes=59)
    wrong = CAREERS.answer(page.press(client, 0, email="sofie", purposes=["offers_mail"]), 422, ticked=["offers_mail"])
    clock.forward(minutes=2)

    again = CAREERS.answer(wrong.press(client, 0, email=SOFIE), 422)

    assert again.problems == {"whole-form": i18n.say("nl", "error.text_changed")}
    assert NEW_TEXT in again.text


def test_a_change_of_the_kits_own_words_alone_interrupts_nobody(
    client: FlaskClient, ctx: Context, clock: Clock, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, seen = CAREERS.open(client), _notice(client)
    monkeypatch.setitem(i18n.catalogue("nl"), "form.submit", "Versturen maar")
    publish()
    clock.forward(hours=20)
    assert "Versturen maar" in CAREERS.open(client).buttons

    CAREERS.answer(page.press(client, 0, email=SOFIE, purposes=["offers_mail"]))

    assert [request["notice"] for request in stored(ctx, "requests")] == [seen]


def test_a_definition_that_goes_back_to_an_earlier_text_makes_its_pages_good_again(
    client: FlaskClient, clock: Clock, publish: Publish
) -> None:
    page = CAREERS.open(client)
    publish("talentwerk/careers", {OLD_TEXT: NEW_TEXT})
    clock.forward(hours=3)
    publish()

    CAREERS.answer(page.press(client, 0, email=SOFIE, purposes=["offers_mail"]))


# What has to be put right


@pytest.mark.parametrize("language", DESK.languages)
def test_what_is_wrong_stands_on_top_and_at_its_field_in_the_same_words(client: FlaskClient, language: str) -> None:
    sent = {
        "email": "sofie@voorbeeld.test, jan@voorbeeld.test",
        "first_name": "",
        "phone": "bel me",
        "home": "Kerkstraat",
        "told": "31 februari 2026",
        "data": "x" * 2001,
    }
    page = DESK.answer(
        DESK.open(client, language).press(client, 0, purposes=DESK.purposes, **sent), 422, ticked=DESK.purposes
    )

    assert page.problems.keys() == sent.keys()
    assert list(page.problems) == [element.get("id") for element in page.all() if element.get("id") in sent]
    assert page.problems["email"] == i18n.say(language, "error.email.several")
    for name, sentence in page.problems.items():
        field = page.one(id=name)
        assert field.get("aria-invalid") == "true"
        assert f"{name}-error" in field.get("aria-describedby", "").split()
        message = page.one(id=f"{name}-error")
        assert sentence in "".join(message.itertext())
        assert page.typed[name] == sent[name]
    assert page.one(_class="errors").get("role") == "alert"
    assert page.title.startswith(i18n.say(language, "error.prefix", title=""))
    assert "aria-invalid" not in page.one(id="size").attrib


def test_a_needed_field_is_asked_only_for_a_ticked_purpose_that_uses_it(client: FlaskClient, ctx: Context) -> None:
    page = DESK.open(client)

    needed = DESK.answer(page.press(client, 0, email=SOFIE, purposes=["visit", "club"]), 422, ticked=["visit", "club"])
    assert list(needed.problems) == ["first_name"]
    assert "Een bezoek afspreken" in needed.problems["first_name"]
    DESK.answer(page.press(client, 0, email=SOFIE, purposes=["club"]))
    assert stored(ctx, "request_fields") == []


def test_a_field_that_only_an_unticked_purpose_uses_is_neither_judged_nor_stored(
    client: FlaskClient, ctx: Context
) -> None:
    page = DESK.open(client)

    DESK.answer(
        page.press(
            client, 0, email=SOFIE, purposes=["club"], form="Schaken", phone="bel me", home="x" * 9000, size="small"
        )
    )

    assert {row["field"]: row["value"] for row in stored(ctx, "request_fields")} == {"form": "Schaken"}


def test_a_field_that_is_told_of_is_stored_and_judged_whatever_is_ticked(client: FlaskClient, ctx: Context) -> None:
    page = GRADUATES.open(client)
    GRADUATES.answer(
        page.press(client, 0, email=SOFIE, purposes=["employer_verhoeven"], full_name="www.spam.example"),
        422,
        ticked=["employer_verhoeven"],
    )

    GRADUATES.answer(page.press(client, 0, email=SOFIE, purposes=["employer_verhoeven"], full_name="Zoë Ü’Neill-d’Or"))

    assert {row["value"] for row in stored(ctx, "request_fields")} == {"Zoë Ü’Neill-d’Or"}


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("first_name", "  Zoë  ", "Zoë"),
        ("first_name", "Zoe\u0308", "Zoë"),
        ("first_name", "李小龍", "李小龍"),
        ("phone", "+32 (0)9 123.45-67", "+32 9 123.45-67"),
        ("phone", "\u202a0470\u00a012\u00a034\u00a056\u202c", "0470 12 34 56"),
        ("home", "Kerkstraat 1,\r\n9000 Gent", "Kerkstraat 1\n9000 Gent"),
        ("size", "large", "large"),
        ("size", "", None),
        ("form", "=1+1", "=1+1"),
        ("form", "👩\u200d👧", "👩\u200d👧"),
        ("data", "een\r\ntwee\rdrie", "een\ntwee\ndrie"),
        ("data", "<b>vet</b> {{7*7}}", "<b>vet</b> {{7*7}}"),
        ("told", "21 november 2026", "2026-11-21"),
        ("told", "1/2/2027", "2027-02-01"),
        ("told", "1er février 2027", "2027-02-01"),
        ("home", "Kerkstraat 1 9000 Gent", "Kerkstraat 1\n9000 Gent"),
        ("told", "2027-02-01", "2027-02-01"),
    ],
)
def test_what_fits_a_field_is_stored_in_one_way_only(
    client: FlaskClient, ctx: Context, name: str, typed: str, kept: str | None
) -> None:
    whole = {"first_name": "Sofie", "home": "Kerkstraat 1, 9000 Gent"} | {name: typed}

    DESK.answer(DESK.open(client).press(client, 0, email=SOFIE, purposes=DESK.purposes, **whole))

    assert {row["field"]: row["value"] for row in stored(ctx, "request_fields")}.get(name) == kept


@pytest.mark.parametrize(
    ("name", "typed", "key"),
    [
        ("email", "", "error.email.missing"),
        ("email", "   ", "error.email.missing"),
        ("email", "sofie", "error.email.format"),
        ("email", "sofie@", "error.email.format"),
        ("email", "@voorbeeld.test", "error.email.format"),
        ("email", "so fie@voorbeeld.test", "error.email.spaces"),
        ("email", "so,fie@voorbeeld.test", "error.email.comma"),
        ("email", "a@b.test;c@d.test", "error.email.several"),
        ("email", "a@b@voorbeeld.test", "error.email.several"),
        ("email", "a@" + "b" * 260 + ".test", "error.email.too_long"),
        ("email", "sofie@voorbeeld", "error.email.domain"),
        ("email", "so..fie@voorbeeld.test", "error.email.format"),
        ("first_name", "Zoë 3", "error.name.characters"),
        ("first_name", "kijk.example", "error.name.characters"),
        ("phone", "12345", "error.phone.format"),
        ("size", "enormous", "error.choice.unknown"),
        ("told", "gisteren", "error.date.format"),
        ("told", "1 brumaire 2026", "error.date.month"),
        ("told", "30 februari 2026", "error.date.no_such_day"),
        ("told", "1/2/26", "error.date.year"),
        ("phone", "0470 12 34 56 ext. 3", "error.phone.letters"),
        ("home", "Gent", "error.postal_address.incomplete"),
        ("form", "a\u202eb", "error.field.characters"),
        ("form", "x" * 201, "error.field.too_long"),
    ],
)
def test_each_fault_has_a_sentence_that_says_what_to_do(
    client: FlaskClient, ctx: Context, name: str, typed: str, key: str
) -> None:
    whole = {"email": SOFIE, "first_name": "Sofie", "home": "Kerkstraat 1, 9000 Gent"} | {name: typed}
    page = DESK.open(client, "fr")

    with nothing_changes(ctx, but=COUNTERS):
        answer = DESK.answer(page.press(client, 0, purposes=DESK.purposes, **whole), 422, ticked=DESK.purposes)

    assert list(answer.problems) == [name]
    assert answer.problems[name].startswith(i18n.catalogue("fr")[key].partition("{")[0])


def test_the_ids_of_fields_may_be_names_of_our_own_code(client: FlaskClient, ctx: Context) -> None:
    page = DESK.open(client)
    DESK.answer(page.press(client, 0, email=SOFIE, purposes=["club"], form="form", data="data"))

    assert {row["field"]: row["value"] for row in stored(ctx, "request_fields")} == {"form": "form", "data": "data"}


def test_what_was_typed_stands_there_again_even_the_first_empty_line(client: FlaskClient) -> None:
    story = "\n\n  <textarea>\r\n\"'&amp; </textarea>"
    page = QUOTE.open(client)

    again = QUOTE.answer(
        page.press(client, 0, email="", purposes=["medical"], medical_history=story), 422, ticked=["medical"]
    )

    assert again.typed["medical_history"] == story.replace("\r\n", "\n")


def test_an_hour_is_the_limit_of_grace_to_the_second(client: FlaskClient, clock: Clock, publish: Publish) -> None:
    page = CAREERS.open(client)
    publish("talentwerk/careers", {OLD_TEXT: NEW_TEXT})

    clock.now += timedelta(hours=1)
    CAREERS.answer(page.press(client, 0, email=SOFIE, purposes=["keep_cv"]))
    clock.now += timedelta(microseconds=1)
    CAREERS.answer(page.press(client, 0, email=SOFIE, purposes=["keep_cv"]), 422)
