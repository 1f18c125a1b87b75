"""The page behind a confirmation mail: what it lists, what a yes and a no do, and that both stand."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.period import Period
from app.services import housekeeping
from app.services.context import Context
from tests.factories import Clock, html_of, notice_hash, text_of, work_off
from tests.page import Page
from tests.web.ways import CAREERS, EVENTS, QUOTE, SOFIE, agreed, asked, lasting_links, nothing_changes, rows, stored

Publish = Callable[..., None]

MEDICAL = {"medical_history": "Een gebroken been"}


def consents(ctx: Context) -> dict[str, str]:
    return {row["purpose"]: row["status"] for row in stored(ctx, "consents")}


def test_the_page_lists_what_was_ticked_with_its_complete_notice_and_nothing_else(
    client: FlaskClient, ctx: Context
) -> None:
    page = Page(client.get(asked(ctx, EVENTS, ("newsletter",)).confirm))

    (listed,) = page.classed("facts")
    assert [item[0].text for item in listed] == ["Nieuwsbrief, twee keer per maand"]
    assert "Uitnodigingen voor workshops" not in page.text
    notice, _ = page.all("details")  # the second is who asks and what rights people have
    assert "Brightsend Inc." in "".join(notice.itertext())


def test_the_page_tells_when_where_and_in_which_form_the_address_was_filled_in_and_until_when_it_is_open(
    client: FlaskClient, ctx: Context
) -> None:
    page = Page(client.get(asked(ctx, CAREERS).confirm))

    for part in ("21 november 2026", "14.32", "www.example", "Contact over werk", "TalentWerk BV", "28 november 2026"):
        assert part in page.text


def test_the_page_shows_no_personal_data(client: FlaskClient, ctx: Context) -> None:
    links = asked(ctx, CAREERS, fields={"first_name": "Sofie", "phone": "0612345678"})
    before = Page(client.get(links.confirm))
    after = Page(before.press(client, 0))

    for page in (before, after):
        for personal in (SOFIE, "Sofie", "0612345678"):
            assert personal not in page.html


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_asks_its_question_and_shows_enough_to_find_a_mistake_in_what_was_filled_in(
    client: FlaskClient, ctx: Context, language: str
) -> None:
    filled = {"first_name": "Sofie", "phone": "0612345678", "field_of_work": "care"}
    page = Page(client.get(f"{asked(ctx, CAREERS, fields=filled).confirm}?lang={language}"))

    assert page.h1 == i18n.say(language, "confirm.title")
    assert page.one("title").text == f"{page.h1} · TalentWerk BV"
    _, given = page.classed("facts")
    shown = ["".join(line.itertext()).partition(": ")[2] for line in given]
    assert shown == ["S…", {"nl": "Zorg en welzijn", "en": "Health and social care"}[language], "… 678"]
    assert i18n.say(language, "confirm.given.wrong") in page.text
    assert page.links[i18n.say(language, "expired.request.again")] == f"/f/talentwerk/careers?lang={language}"


def test_what_is_sensitive_or_long_is_named_on_the_page_and_not_shown(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(asked(ctx, QUOTE, fields=MEDICAL).confirm))

    _, given = page.classed("facts")
    (line,) = given
    label = ctx.stored_notice(notice_hash(ctx, "zorgzeker", "quote", "nl")).notice.fields[0].label
    assert "".join(line.itertext()) == i18n.say("nl", "confirm.given.named", label=label)
    assert "gebroken" not in page.html


def test_where_nothing_was_filled_in_the_page_says_nothing_of_it(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(asked(ctx, EVENTS, ("newsletter",)).confirm))

    assert i18n.say("nl", "confirm.given") not in page.text


def test_a_page_where_all_is_done_leads_to_the_website_of_the_company_where_it_has_one(
    client: FlaskClient, ctx: Context, publish: Publish
) -> None:
    done = Page(Page(client.get(asked(ctx, CAREERS).confirm)).press(client, 0))
    assert done.links[i18n.say("nl", "chrome.to_site", controller="TalentWerk BV")] == "https://www.talentwerk.example"

    publish("metaalnet/controller", {"website: https://www.metaalnet.example\n": ""})
    closed = Page(Page(client.get(asked(ctx, EVENTS).confirm)).press(client, 0))
    assert i18n.say("nl", "chrome.closed") in closed.text


def test_a_yes_grants_what_the_page_lists_and_mails_a_receipt(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(asked(ctx, CAREERS, ("offers_mail", "keep_cv")).confirm))

    done = Page(page.press(client, 0))

    assert consents(ctx) == {"offers_mail": "granted", "keep_cv": "granted"}
    assert "Vacatures per mail" in done.text
    assert "Vacatures per telefoon" not in done.text
    (mail,) = work_off(ctx)
    assert mail["To"] == SOFIE
    stop = Page(done.follow(client, i18n.say("nl", "confirmed.stop_now")))
    assert stop.h1 == i18n.say("nl", "withdraw.title")


def test_a_yes_that_is_given_again_shows_the_same_page_and_changes_nothing(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(asked(ctx, QUOTE).confirm))
    first = Page(page.press(client, 0, explicit=["medical"]))
    work_off(ctx)

    with nothing_changes(ctx):
        for explicit in (["medical"], []):
            assert Page(page.press(client, 0, explicit=explicit)).html == first.html
        already = Page(client.get(page.address))
        Page(page.press(client, 1))
        Page(page.press(client, None), 422)
    assert already.h1 == i18n.say("nl", "already.title")
    assert "Uw ziekten en operaties laten meetellen" in already.text
    assert work_off(ctx) == []


def test_a_no_deletes_the_request_and_all_that_was_filled_in(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(asked(ctx, QUOTE, fields=MEDICAL).confirm))

    deleted = Page(page.press(client, 1))

    assert deleted.h1 == i18n.say("nl", "confirm.deleted.title")
    assert consents(ctx) == {}
    assert stored(ctx, "subjects") == []
    assert stored(ctx, "request_fields") == []
    assert work_off(ctx) == []


def test_a_no_that_is_given_again_shows_the_same_page_and_a_later_yes_changes_nothing(
    client: FlaskClient, ctx: Context
) -> None:
    page = Page(client.get(asked(ctx, CAREERS).confirm))
    first = Page(page.press(client, 1))

    with nothing_changes(ctx):
        assert Page(page.press(client, 1)).html == first.html
        assert Page(page.press(client, 0)).html == first.html
        assert Page(client.get(page.address)).html == first.html


def test_a_statement_that_is_ticked_again_grants_its_purpose(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(asked(ctx, QUOTE, fields=MEDICAL).confirm))
    assert "explicit" not in [field.get("name") for field in page.all("input", checked="")]

    done = Page(page.press(client, 0, explicit=["medical"]))

    assert consents(ctx) == {"medical": "granted", "follow_up": "granted"}
    assert [row["value"] for row in stored(ctx, "request_fields")] == ["Een gebroken been"]
    assert i18n.say("nl", "explicit.left_empty", purpose="") not in done.text


TITLE = "Uw ziekten en operaties laten meetellen"


def test_a_yes_with_the_statement_left_empty_is_an_error_and_records_nothing(client: FlaskClient, ctx: Context) -> None:
    """A2: such a yes was recorded as a no, and the answers were deleted."""
    for email, purposes, key in (
        ("alleen@voorbeeld.test", ("medical",), "error.explicit.missing"),
        ("beide@voorbeeld.test", ("medical", "follow_up"), "error.explicit.or_without"),
    ):
        page = Page(client.get(asked(ctx, QUOTE, purposes, email=email, fields=MEDICAL).confirm))

        with nothing_changes(ctx):
            wrong = Page(page.press(client, 0), 422)
            for odd in ("", "follow_up", "MEDICAL", "medical "):
                Page(client.post(page.address, data={"decision": "yes", "explicit": odd}), 422)

        assert wrong.problems == {"explicit-medical": i18n.say("nl", key)}
        box = wrong.one("input", id="explicit-medical")
        assert (box.get("aria-invalid"), box.attrib["aria-describedby"].split()[0]) == (
            "true",
            "explicit-medical-error",
        )
        assert wrong.title == i18n.say("nl", "error.prefix", title=page.title)
        assert (wrong.one(id="errors").get("role"), wrong.one(id="errors").get("tabindex")) == ("alert", "-1")
        assert wrong.one("form").attrib["action"].endswith("#errors")
        assert wrong.buttons == page.buttons
        Page(wrong.press(client, 0, explicit=["medical"]))
        assert {row["purpose"] for row in stored(ctx, "consents", form="quote")} >= {"medical"}
        assert [row["value"] for row in stored(ctx, "request_fields")] == ["Een gebroken been"]
        Page(client.post(lasting_links(ctx, "zorgzeker", email)[0], data={"decision": "stop"}))


def test_beside_other_purposes_a_special_category_can_be_left_out(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(asked(ctx, QUOTE, fields=MEDICAL).confirm))
    without = i18n.say("nl", "confirm.without", purpose=TITLE)
    assert page.buttons == [i18n.say("nl", "confirm.yes"), i18n.say("nl", "confirm.no"), without]
    assert (page.all("button")[2].get("name"), page.all("button")[2].get("value")) == ("without", "medical")

    done = Page(page.press(client, without))

    assert consents(ctx) == {"follow_up": "granted"}
    assert stored(ctx, "request_fields") == []
    left = i18n.say("nl", "explicit.left_empty", purpose=TITLE)
    assert left in done.text
    assert left in Page(client.get(page.address)).text
    (mail,) = work_off(ctx)
    for text in (text_of(mail), html_of(mail)):
        assert (
            text.index("Eén mail om te horen") < text.index(i18n.say("nl", "mail.receipt.refused")) < text.index(TITLE)
        )
    with nothing_changes(ctx):
        for again in (without, 0):
            assert Page(page.press(client, again)).html == done.html


def test_whoever_ticks_the_statement_and_then_leaves_the_purpose_out_has_left_it_out(
    client: FlaskClient, ctx: Context
) -> None:
    page = Page(client.get(asked(ctx, QUOTE).confirm))

    Page(page.press(client, 2, explicit=["medical"]))

    assert consents(ctx) == {"follow_up": "granted"}


def test_what_is_asked_alone_is_answered_with_yes_or_no(client: FlaskClient, ctx: Context) -> None:
    for purpose in QUOTE.purposes:
        page = Page(client.get(asked(ctx, QUOTE, (purpose,), email=f"{purpose}@voorbeeld.test").confirm))
        assert len(page.buttons) == 2

        with nothing_changes(ctx):
            for body in ({}, {"explicit": "medical"}, {"decision": "yes", "explicit": "medical"}):
                Page(client.post(page.address, data=body | {"without": purpose}), 422, ticked=ticks(page, body))


@pytest.mark.parametrize("without", ["follow_up", "offers_mail", "", "MEDICAL", ["medical", "follow_up"]])
def test_only_a_special_category_of_the_page_can_be_left_out(
    client: FlaskClient, ctx: Context, without: str | list[str]
) -> None:
    page = Page(client.get(asked(ctx, QUOTE).confirm))

    with nothing_changes(ctx):
        for body in ({"explicit": "medical"}, {"decision": "yes", "explicit": "medical"}):
            wrong = Page(client.post(page.address, data=body | {"without": without}), 422, ticked=["medical"])
            assert wrong.buttons == page.buttons
    Page(client.post(page.address, data={"decision": "no", "without": without}))
    assert (consents(ctx), stored(ctx, "subjects")) == ({}, [])


def ticks(page: Page, body: dict[str, str]) -> list[str]:
    return [body["explicit"]] if body.get("explicit") in page.boxes else []


TWO_SPECIAL = {
    "direct_marketing: true\n    special_category: none": """direct_marketing: true
    special_category:
      kind: health
      statement:
        nl: "Ik ga er uitdrukkelijk mee akkoord dat Zorgzeker Verzekeringen NV mij mailt over mijn gezondheid."
        fr: "J’accepte explicitement que Zorgzeker Verzekeringen NV m’écrive au sujet de ma santé."
        en: "I explicitly agree that Zorgzeker Verzekeringen NV emails me about my health."
"""
}


def test_with_two_special_categories_each_box_stands_for_itself(
    client: FlaskClient, ctx: Context, publish: Publish
) -> None:
    publish("zorgzeker/quote", TWO_SPECIAL)
    page = Page(client.get(asked(ctx, QUOTE).confirm))
    assert [button.get("value") for button in page.all("button")] == ["yes", "no", "medical", "follow_up"]
    statements = {"explicit-medical", "explicit-follow_up"}

    with nothing_changes(ctx):
        assert Page(page.press(client, 0), 422).problems.keys() == statements
        one = Page(page.press(client, 0, explicit=["medical"]), 422, ticked=["medical"])
        assert one.problems.keys() == {"explicit-follow_up"}
        other = Page(page.press(client, 2), 422)
        assert other.problems.keys() == {"explicit-follow_up"}
        Page(client.post(page.address, data={"without": ["medical", "follow_up"]}), 422)
    Page(page.press(client, 3, explicit=["medical"]))

    assert consents(ctx) == {"medical": "granted"}


def test_a_statement_cannot_be_ticked_for_what_the_page_does_not_list(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(asked(ctx, QUOTE, ("follow_up",)).confirm))

    client.post(page.address, data={"decision": "yes", "explicit": "medical"})

    assert consents(ctx) == {"follow_up": "granted"}


def test_a_link_that_was_answered_too_late_is_gone_with_a_way_to_start_again(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    page = Page(client.get(asked(ctx, CAREERS, language="en").confirm))
    clock.forward(days=7)

    with nothing_changes(ctx):
        expired = Page(client.get(page.address), 410)
        for button in (0, 1, None):
            assert Page(page.press(client, button), 410).html == expired.html
    assert expired.links[i18n.say("en", "expired.request.again")] == "/f/talentwerk/careers?lang=en"

    housekeeping.tidy(ctx)
    assert stored(ctx, "subjects") == []
    assert Page(client.get(page.address), 410).html == expired.html


def test_a_link_is_good_until_the_last_second(client: FlaskClient, ctx: Context, clock: Clock) -> None:
    page = Page(client.get(asked(ctx, CAREERS).confirm))
    clock.forward(days=6, hours=23, minutes=59, seconds=59)

    Page(page.press(client, 0))

    assert consents(ctx)["keep_cv"] == "granted"


def test_an_old_link_revives_nothing_after_a_withdrawal(client: FlaskClient, ctx: Context, clock: Clock) -> None:
    links = agreed(client, ctx, CAREERS)
    clock.forward(days=1)
    client.post(links.withdraw, data={"decision": "stop"})
    work_off(ctx)

    with nothing_changes(ctx):
        stopped = Page(client.get(links.confirm))
        assert Page(client.post(links.confirm, data={"decision": "yes"})).html == stopped.html
    assert i18n.say("nl", "already.after_withdrawal", date="22 november 2026") in stopped.text
    assert set(consents(ctx).values()) == {"withdrawn"}


def test_a_withdrawal_takes_what_waits_out_of_older_links_too(client: FlaskClient, ctx: Context, clock: Clock) -> None:
    links = agreed(client, ctx, CAREERS, purposes=("keep_cv",))
    clock.forward(minutes=11)
    waiting = asked(ctx, CAREERS, ("offers_mail",))
    client.post(links.withdraw, data={"decision": "stop"})

    page = Page(client.get(waiting.confirm))

    assert page.buttons == []
    assert page.h1 == i18n.say("nl", "withdraw.done.title")


def test_an_older_link_that_waits_stays_good_beside_a_newer_one(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    first = asked(ctx, CAREERS, ("keep_cv",))
    clock.forward(minutes=11)
    second = asked(ctx, CAREERS, ("offers_mail",))

    Page(Page(client.get(second.confirm)).press(client, 0))
    Page(Page(client.get(first.confirm)).press(client, 0))

    assert consents(ctx) == {"keep_cv": "granted", "offers_mail": "granted"}


def test_after_the_proof_is_erased_the_old_link_no_longer_says_that_the_choice_stands(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    links = agreed(client, ctx, CAREERS, purposes=("keep_cv",))
    client.post(links.withdraw, data={"decision": "stop"})
    work_off(ctx)
    clock.forward(days=366 * 6)
    housekeeping.tidy(ctx)
    assert stored(ctx, "subjects") == []

    for page in (Page(client.get(links.confirm), 410), Page(client.post(links.confirm, data={"decision": "yes"}), 410)):
        assert page.h1 == i18n.say("nl", "expired.title")


def test_a_link_that_was_answered_names_no_purpose_any_more_and_leads_to_a_new_one(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    links = agreed(client, ctx, CAREERS, purposes=("keep_cv",))
    clock.forward(days=7)

    for language in ("nl", "fr", "en"):
        page = Page(client.get(f"{links.confirm}?lang={language}"), 410)
        period = i18n.period(Period(7, "day"), page.language)
        assert i18n.say(page.language, "expired.answered.body", period=period) in page.text
        assert page.links[i18n.say(page.language, "link.title")] == f"/link/talentwerk?lang={page.language}"
        assert "cv" not in page.text.lower()


def test_the_pages_of_a_mailed_link_do_not_need_the_definition_any_more(client: FlaskClient, ctx: Context) -> None:
    links = asked(ctx, CAREERS)
    client.application.extensions["akkoord"].forms.clear()

    page = Page(client.get(links.confirm))
    Page(page.press(client, 0))

    assert "Vacatures per mail" in page.text
    assert consents(ctx)["offers_mail"] == "granted"
    Page(client.get(links.withdraw))


def test_every_act_is_in_the_ledger_once(client: FlaskClient, ctx: Context) -> None:
    page = Page(client.get(asked(ctx, QUOTE).confirm))
    for _ in range(3):
        page.press(client, 0, explicit=["medical"])

    kinds = [row["kind"] for row in stored(ctx, "ledger")]

    assert sorted(kinds) == sorted(["requested", "requested", "mailed", "confirmed", "granted", "granted"])
    assert text_of(work_off(ctx)[0])
    assert len(rows(ctx)["ledger"]) == len(kinds) + 1


@pytest.mark.parametrize(("language", "claimed"), [("nl", "Opgegeven website: "), ("en", "Website given: ")])
def test_the_site_that_a_sender_named_is_called_a_claim(
    client: FlaskClient, ctx: Context, language: str, claimed: str
) -> None:
    page = Page(client.get(f"{asked(ctx, CAREERS).confirm}?lang={language}"))

    assert claimed in page.text
