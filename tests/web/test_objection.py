"""Objection: to all direct marketing with one click, and to what is done on a legitimate interest."""

from flask.testing import FlaskClient

from app import i18n
from app.services.kit import Kit
from tests.factories import Clock, link_in, text_of, work_off
from tests.page import Page
from tests.web.ways import CAREERS, DESK, SOFIE, agreed, asked, nothing_changes, stored


def consents(kit: Kit) -> dict[str, str]:
    return {row["purpose"]: row["status"] for row in stored(kit, "consents")}


def test_one_click_stops_all_direct_marketing_and_nothing_else(client: FlaskClient, kit: Kit) -> None:
    page = Page(client.get(agreed(client, kit, CAREERS).object))
    work_off(kit)

    done = Page(page.press(client, 0))

    assert consents(kit) == {"offers_mail": "withdrawn", "offers_phone": "withdrawn", "keep_cv": "granted"}
    assert "TalentWerk BV" in done.text
    assert [row["kind"] for row in stored(kit, "suppressions")] == ["objected"]
    (mail,) = work_off(kit)
    assert mail["To"] == SOFIE
    assert "Uw cv twee jaar bewaren" in text_of(mail)


def test_the_equal_no_leaves_everything_as_it_is(client: FlaskClient, kit: Kit) -> None:
    page = Page(client.get(agreed(client, kit, CAREERS).object))
    yes, no = page.all("button")
    assert yes.attrib.keys() == no.attrib.keys()

    with nothing_changes(kit):
        left = Page(page.press(client, 1))

    assert left.h1 == i18n.say("nl", "object.left.title")


def test_an_objection_that_is_made_again_shows_the_same_page_and_changes_nothing(client: FlaskClient, kit: Kit) -> None:
    page = Page(client.get(agreed(client, kit, CAREERS).object))
    first = Page(page.press(client, 0))
    work_off(kit)

    with nothing_changes(kit):
        assert Page(page.press(client, 0)).html == first.html
        assert Page(client.get(page.address)).html == first.html
    assert work_off(kit) == []


def test_whoever_never_agreed_to_anything_objects_by_a_mailed_link(client: FlaskClient, kit: Kit) -> None:
    form = CAREERS.open(client)
    asking = Page(form.follow(client, i18n.say("nl", "rights.marketing.link")))
    Page(asking.press(client, 0, email=SOFIE))
    (mail,) = work_off(kit)

    page = Page(client.get(link_in(mail, "object")))
    Page(page.press(client, 0))

    assert [row["kind"] for row in stored(kit, "suppressions")] == ["objected"]
    assert [row["kind"] for row in stored(kit, "ledger")].count("objected") == 1


def test_an_objection_takes_advertising_out_of_what_still_waits(client: FlaskClient, kit: Kit) -> None:
    links = asked(kit, CAREERS)

    Page(client.post(links.object, data={"decision": "yes"}))

    page = Page(client.get(links.confirm))
    assert "Uw cv twee jaar bewaren" in page.text
    assert "Vacatures per mail" not in page.text


def test_a_new_yes_after_an_objection_lifts_it(client: FlaskClient, kit: Kit, clock: Clock) -> None:
    links = agreed(client, kit, CAREERS)
    client.post(links.object, data={"decision": "yes"})
    clock.forward(minutes=11)

    agreed(client, kit, CAREERS)

    assert stored(kit, "suppressions") == []
    assert Page(client.get(links.object)).h1 == i18n.say("nl", "object.title")


def test_an_objection_to_a_legitimate_interest_is_recorded_once_and_both_sides_are_told(
    client: FlaskClient, kit: Kit
) -> None:
    page = Page(client.get(asked(kit, DESK, ("club",)).object))
    interest = i18n.say("nl", "object.interest")
    assert page.buttons[2:] == [interest]

    noted = Page(page.press(client, interest))
    mails = work_off(kit)

    assert i18n.say("nl", "object.interest.done") in noted.text
    assert {mail["To"] for mail in mails} == {SOFIE, "privacy@buurtloket.example"}
    (entry,) = stored(kit, "ledger", kind="objected")
    assert (entry["form"], entry["purpose"], entry["decided_by"]) == ("alles", "count", "self")
    with nothing_changes(kit):
        assert Page(page.press(client, interest)).html == noted.html
    assert work_off(kit) == []


def test_an_interest_that_the_page_does_not_list_is_no_answer(client: FlaskClient, kit: Kit) -> None:
    links = asked(kit, DESK)

    for interest in ("alles/club", "count", "alles/", "", "streken/two", "\x00", "talentwerk/keep_cv"):
        with nothing_changes(kit):
            Page(client.post(links.object, data={"interest": interest}), 404)


def test_a_page_without_interests_has_the_two_buttons_and_no_more(client: FlaskClient, kit: Kit) -> None:
    assert len(Page(client.get(asked(kit, CAREERS).object)).buttons) == 2


def test_after_an_objection_to_advertising_that_to_an_interest_is_still_open(client: FlaskClient, kit: Kit) -> None:
    links = asked(kit, DESK)
    Page(client.post(links.object, data={"decision": "yes"}))

    page = Page(client.get(links.object))

    assert page.h1 == i18n.say("nl", "object.done.title")
    assert page.buttons == [i18n.say("nl", "object.interest")]


def test_the_page_shows_no_personal_data(client: FlaskClient, kit: Kit) -> None:
    links = agreed(client, kit, CAREERS, fields={"first_name": "Sofie", "phone": "0612345678"})
    page = Page(client.get(links.object))

    for shown in (page, Page(page.press(client, 1)), Page(page.press(client, 0))):
        for personal in (SOFIE, "Sofie", "0612345678"):
            assert personal not in shown.html
