"""The link is lost, or there never was one: the page that mails it. Its sameness for all is in test_submission."""

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from tests.factories import Clock, link_in, text_of, work_off
from tests.page import Page
from tests.web.ways import CAREERS, COUNTERS, EVENTS, SOFIE, agreed, nothing_changes, stored


def test_whoever_is_known_is_mailed_the_link_to_withdraw(client: FlaskClient, ctx: Context, clock: Clock) -> None:
    links = agreed(client, ctx, CAREERS)
    clock.forward(hours=1)
    work_off(ctx)

    page = Page(client.get("/link/talentwerk?lang=en"))
    Page(page.press(client, 0, email=f" {SOFIE.upper()} "))

    (mail,) = work_off(ctx)
    assert mail["To"] == SOFIE
    assert link_in(mail, "withdraw") == f"{links.withdraw}?lang=en"  # the form was Dutch, and this mail is not
    assert "/object/" not in text_of(mail)


def test_whoever_is_not_known_is_mailed_nothing_and_not_stored(client: FlaskClient, ctx: Context) -> None:
    agreed(client, ctx, EVENTS)
    agreed(client, ctx, CAREERS, email="benno@voorbeeld.test")
    work_off(ctx)
    page = Page(client.get("/link/talentwerk?lang=nl"))

    with nothing_changes(ctx, but={*COUNTERS, "mail_counts"}):
        sent = Page(page.press(client, 0, email=SOFIE))

    assert SOFIE in sent.text
    assert work_off(ctx) == []


def test_the_link_to_object_goes_to_anybody_and_is_forgotten_when_it_is_not_used(
    client: FlaskClient, ctx: Context
) -> None:
    page = Page(client.get("/link/talentwerk?for=object&lang=nl"))

    Page(page.press(client, 0, email=SOFIE))

    (mail,) = work_off(ctx)
    assert "/withdraw/" not in text_of(mail)
    assert Page(client.get(link_in(mail, "object"))).h1 == i18n.say("nl", "object.title")
    assert stored(ctx, "subjects")[0]["kept_until"] is not None


def test_asking_mails_two_at_once_and_then_at_most_one_in_ten_minutes(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    agreed(client, ctx, CAREERS)
    work_off(ctx)
    page = Page(client.get("/link/talentwerk?lang=nl"))

    for _ in range(5):
        Page(page.press(client, 0, email=SOFIE))
    assert len(work_off(ctx)) == 2
    clock.forward(minutes=11)
    Page(page.press(client, 0, email=SOFIE))
    assert len(work_off(ctx)) == 1


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "error.email.missing"),
        ("sofie", "error.email.format"),
        ("a@voorbeeld.test,b@voorbeeld.test", "error.email.several"),
        ("a\r\nBcc: b@voorbeeld.test", "error.email.format"),
        ('"><script>alert(1)</script>@voorbeeld.test', "error.email.format"),
    ],
)
def test_an_address_that_cannot_be_used_is_shown_again_with_what_to_do(
    client: FlaskClient, ctx: Context, typed: str, key: str
) -> None:
    page = Page(client.get("/link/talentwerk?lang=en"))

    with nothing_changes(ctx, but=COUNTERS):
        wrong = Page(client.post(page.address, data={"email": typed}), 422)

    assert wrong.problems == {"email": i18n.say("en", key)}
    assert wrong.one(id="email").get("aria-invalid") == "true"
    assert wrong.title.startswith(i18n.say("en", "error.prefix", title=""))
    assert wrong.skeleton == page.skeleton


def test_whoever_fills_in_the_field_that_no_person_sees_gets_the_same_answer_and_no_mail(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    agreed(client, ctx, CAREERS)
    clock.forward(hours=1)
    work_off(ctx)
    page = Page(client.get("/link/talentwerk?lang=nl"))

    with nothing_changes(ctx, but=COUNTERS):
        machine = page.press(client, 0, email=SOFIE, website="https://spam.example")
    person = page.press(client, 0, email=SOFIE)

    assert (machine.status, machine.data, str(machine.headers)) == (person.status, person.data, str(person.headers))


def test_the_page_names_its_language_in_its_address(client: FlaskClient) -> None:
    for query in ("", "?lang=fr", "?lang="):
        response = client.get(f"/link/talentwerk{query}", headers={"Accept-Language": "en"})
        assert response.status_code == 302
        assert response.headers["Location"] == "/link/talentwerk?lang=en"
        assert response.headers["Vary"] == "Accept-Language"
    objecting = client.get("/link/talentwerk?for=object", headers={"Accept-Language": "en"})
    assert objecting.headers["Location"] == "/link/talentwerk?lang=en&for=object"


def test_a_purpose_of_the_page_that_we_do_not_know_is_the_common_one(client: FlaskClient) -> None:
    assert Page(client.get("/link/talentwerk?for=x&lang=nl")).h1 == i18n.say("nl", "link.title")


def test_a_controller_that_serves_nothing_has_no_such_page(client: FlaskClient) -> None:
    for unknown in ("nobody", "TALENTWERK", "talentwerk%00"):
        Page(client.get(f"/link/{unknown}"), 404)
        Page(client.post(f"/link/{unknown}", data={"email": SOFIE}), 404)
