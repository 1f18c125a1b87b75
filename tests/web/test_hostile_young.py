"""What `test_hostile` sends to the other forms, sent to the pages of children and parents."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from app.config import Settings
from app.services.context import Context
from tests.factories import link_in, work_off
from tests.page import Page
from tests.web.hostile import RAW, kept, post, repeating
from tests.web.ways import BAKECLUB, CAMP, COUNTERS, PAPA, nothing_changes, stored, token_of


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, SUBMITS_PER_NETWORK=None)


def test_a_childs_page_stores_a_name_well_or_says_what_to_do_and_mails_no_word_of_it(
    client: FlaskClient, ctx: Context, subtests: pytest.Subtests
) -> None:
    page = BAKECLUB.after(client)
    calm = BAKECLUB.answer(page.press(client, 0, purposes=["recipes"]), 422, ticked=["recipes"]).skeleton

    for number, case in enumerate(RAW):
        with subtests.test(case):
            email = f"s{number}@voorbeeld.test"
            body = f"form_token={token_of(page)}&purposes=recipes&guardian_email={email}&child_name={RAW[case]}"

            response = post(client, page.address, body)

            if response.status_code == 422:
                again = BAKECLUB.answer(response, 422, ticked=["recipes"], repeats=True)
                assert list(again.problems) == ["child_name"]
                assert again.skeleton == calm
                assert stored(ctx, "subjects", email=email) == []
            else:
                BAKECLUB.answer(response)
                (subject,) = stored(ctx, "subjects", email=email)
                assert subject["child_name"] in kept(case)
                (mail,) = work_off(ctx)
                assert mail["To"] == email
                assert kept(case)[0] not in mail.as_string()


def test_an_address_of_a_parent_of_any_sort_is_refused_or_taken_as_one_address(
    client: FlaskClient, ctx: Context, subtests: pytest.Subtests
) -> None:
    page = BAKECLUB.after(client)
    good = f"form_token={token_of(page)}&purposes=recipes&child_name=Noor&guardian_email="
    benign = BAKECLUB.answer(post(client, page.address, f"{good}{PAPA}"))
    calm = BAKECLUB.answer(page.press(client, 0, purposes=["recipes"]), 422, ticked=["recipes"]).skeleton
    work_off(ctx)

    for case, raw in RAW.items():
        with subtests.test(case):
            response = post(client, page.address, f"{good}{raw}")
            machine = BAKECLUB.answer(post(client, page.address, f"website=x&{good}{raw}"), repeats=True)

            assert machine.skeleton == repeating(benign.skeleton, case)
            if response.status_code == 422:
                again = BAKECLUB.answer(response, 422, ticked=["recipes"], repeats=True)
                assert list(again.problems) == ["guardian_email"]
                assert again.skeleton == calm
            else:
                assert BAKECLUB.answer(response, repeats=True).skeleton == benign.skeleton
                (mail,) = work_off(ctx)
                assert str(mail["To"]).count("@") == 1
                assert "Bcc" not in mail


def test_the_names_of_the_kit_on_a_gated_form_take_it_too(
    client: FlaskClient, ctx: Context, subtests: pytest.Subtests
) -> None:
    page, question = BAKECLUB.after(client), BAKECLUB.open(client)
    good = {"form_token": token_of(page), "purposes": "recipes", "child_name": "Noor", "guardian_email": PAPA}
    birth = {"form_token": token_of(question), "birth_day": "3", "birth_month": "3", "birth_year": "2017"}

    for case, raw in RAW.items():
        with subtests.test(case), nothing_changes(ctx, but=COUNTERS):
            for name in ("form_token", "purposes"):
                body = "&".join(f"{known}={raw if known == name else value}" for known, value in good.items())
                BAKECLUB.answer(post(client, page.address, body), 422)
            for name in birth:
                body = "&".join(f"{known}={raw if known == name else value}" for known, value in birth.items())
                again = BAKECLUB.answer(post(client, question.address, body), 422, repeats=True)
                assert again.skeleton == question.skeleton
            for query in (f"step={raw}", f"step={raw}&site={raw}"):
                address = f"{BAKECLUB.address('nl')}&{query}".replace("#", "%23").replace(" ", "%20")
                status = 200 if case == "empty" else 404
                assert client.get(address).status_code == status
                assert post(client, address, "x=y").status_code == (422 if case == "empty" else 404)


def test_a_parents_page_stores_it_well_or_says_what_to_do(
    client: FlaskClient, ctx: Context, subtests: pytest.Subtests
) -> None:
    asks, decided = CAMP.after(client), True
    for number, (case, raw) in enumerate(RAW.items()):
        with subtests.test(case):
            if decided:  # what is refused leaves the question open for the next
                email = f"s{number}@voorbeeld.test"
                wishes = {"child_name": "Noor", "guardian_email": email, "purposes": CAMP.purposes}
                CAMP.answer(asks.press(client, 0, **wishes))
                (mail,) = [mail for mail in work_off(ctx) if mail["To"] == email]
                link = link_in(mail, "guardian").partition("?")[0]
            page = Page(client.get(link))
            ticks = "decision=yes&purposes=parcel&purposes=health&explicit=health&parcel_to=Straat 1, Gent"

            with nothing_changes(ctx):
                body = f"{ticks}&is_guardian=yes&purposes={raw}"
                Page(post(client, link, body), 422, ticked=["parcel", "health", "health", "yes"])
                body = f"{ticks}&is_guardian={raw}"
                Page(post(client, link, body), 422, ticked=["parcel", "health", "health"])
                assert post(client, link, f"decision={raw}&{raw}={raw}&purposes=parcel").text == page.html
            response = post(client, link, f"{ticks}&is_guardian=yes&allergy={raw}&explicit={raw}")
            decided = response.status_code != 422

            if not decided:
                again = Page(response, 422, ticked=["parcel", "health", "health", "yes"], repeats=True)
                assert list(again.problems) == ["allergy"]
                assert again.skeleton == page.skeleton
            else:
                Page(response)
                (subject,) = stored(ctx, "subjects", email=email)
                (request,) = stored(ctx, "requests", subject_id=subject["id"])
                values = {row["value"] for row in stored(ctx, "request_fields", request_id=request["id"])}
                assert values <= {"Straat 1\nGent", *kept(case)}
