"""What followed from the age question, in the address: it holds for one form and one reader, and cannot be swapped."""

from itertools import product

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from app.signing import Signing
from tests.factories import Clock, work_off
from tests.web.ways import (
    ADULT,
    BAKECLUB,
    CAMP,
    CAREERS,
    CHILD,
    COUNTERS,
    FILLED,
    GATED,
    NEWSLETTER,
    ONLINE,
    PAPA,
    READERS,
    SOFIE,
    TEEN,
    GatedForm,
    child_asked,
    nothing_changes,
    of_child,
    step_of,
    stored,
    token_of,
)

WHOLE = {
    "child_birth_month": "3",
    "child_birth_year": "2017",
    "is_guardian": "yes",
    "child_name": "Noor",
    "guardian_email": PAPA,
    "email": SOFIE,
    "decision": "yes",
    **FILLED,
}
"""What every page of a gated form could be sent."""


def all_tokens(client: FlaskClient, ctx: Context, known: dict[str, str] = {}) -> dict[str, str]:  # noqa: B006 (a cache)
    """A genuine token of every page of every form, by what it is of: good in each kit, which all have one key."""
    if known:
        return dict(known)
    found = {
        f"{form} {reader} {language}": token_of(form.after(client, READERS[reader], language))
        for form, reader, language in product(GATED, READERS, ("nl", "fr"))
    }
    found |= {f"{form} age": token_of(form.open(client)) for form in GATED}
    step = step_of(NEWSLETTER.place(client, CHILD))
    link = child_asked(client, ctx).guardian.split("/")[2]
    known |= found | {"careers": token_of(CAREERS.open(client)), "a step": step, "a link": link, "none": ""}
    return dict(known)


@pytest.mark.parametrize("form", [BAKECLUB, NEWSLETTER, CAMP], ids=str)
@pytest.mark.parametrize("reader", READERS)
def test_behind_a_verdict_only_the_token_of_that_very_page_counts(
    client: FlaskClient, ctx: Context, form: GatedForm, reader: str
) -> None:
    address = form.place(client, READERS[reader])
    body = WHOLE | {"purposes": list(form.purposes)}
    tokens = all_tokens(client, ctx)
    right = tokens.pop(f"{form} {reader} nl")
    young, is_parent = reader != "adult", (form, reader) == (BAKECLUB, "adult")

    with nothing_changes(ctx, but=COUNTERS):
        for name, token in tokens.items():
            response = client.post(address, data=body | {"form_token": token})
            refused = form.answer(response, 422, ticked=["yes"] if is_parent else [])
            assert refused.problems == {"whole-form": i18n.say("nl", "error.not_from_here", young)}, name
    assert form.answer(client.post(address, data=body | {"form_token": right})).response.status_code == 200
    audience = "guardian" if is_parent else reader
    assert [row["audience"] for row in stored(ctx, "requests", form=form.form)][-1] == audience


def test_with_a_childs_verdict_no_token_makes_an_adult_of_it(client: FlaskClient, ctx: Context) -> None:
    """A child that answers the question, then borrows the page of an adult: not one consent is asked of itself."""
    child, adult = NEWSLETTER.after(client), NEWSLETTER.after(client, ADULT)
    body = WHOLE | {"purposes": list(NEWSLETTER.purposes)}

    for token in (token_of(adult), token_of(child), token_of(NEWSLETTER.open(client))):
        client.post(child.address, data=body | {"form_token": token})
        client.post(NEWSLETTER.address("nl"), data=body | {"form_token": token})

    assert {row["status"] for row in stored(ctx, "requests")} == {"awaiting_guardian"}
    assert {row["email"] for row in stored(ctx, "subjects")} == {PAPA}
    assert {mail["To"] for mail in work_off(ctx)} == {PAPA}


def foreign_steps(client: FlaskClient, ctx: Context, form: GatedForm) -> dict[str, str]:
    """What stands in the place of a step token and is none of this form's."""
    good = step_of(form.place(client, CHILD))
    payload = ["demolen/newsletter", "child", "2030-03"]
    elsewhere = Signing(("another installation's key",), ctx.clock)
    found = {f"of {other}": step_of(other.place(client, CHILD)) for other in GATED if other is not form}
    found |= {
        "cut off": good[:-1],
        "without a signature": good.partition(".")[0],
        "of a form page": token_of(form.after(client)),
        "of a link": child_asked(client, ctx).guardian.split("/")[2],
        "of a confirmation": ctx.signing.confirm.make(payload),
        "of another installation": elsewhere.step.make(payload),
        "turned round": good[::-1],
        "a new reader": good.replace(good.partition(".")[0], _as_payload(ctx, form, "adult")),
        "too short": ctx.signing.step.make([form.name, "child"]),
        "of another shape": ctx.signing.step.make({"form": form.name}),
        "a text": ctx.signing.step.make(form.name),
        "of no reader": ctx.signing.step.make([form.name, "dog", ""]),
        "of no month": ctx.signing.step.make([form.name, "child", "2030-13"]),
        "odd": "\u202e",
    }
    found |= {f"padded with {mark}": good + mark for mark in "=A ~\n\x00"}
    found |= {f"space {place}": f"{good[:place]} {good[place:]}" for place in (0, 5, len(good) - 1)}
    for place in range(0, len(good), 7):
        other = "A" if good[place] != "A" else "B"
        found[f"changed at {place}"] = good[:place] + other + good[place + 1 :]
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    found |= {f"ended in {mark}": good[:-1] + mark for mark in last if mark != good[-1]}
    return found


def _as_payload(ctx: Context, form: GatedForm, reader: str) -> str:
    return ctx.signing.step.make([form.name, reader, ""]).partition(".")[0]


@pytest.mark.parametrize("form", [NEWSLETTER, CAMP], ids=str)
def test_a_verdict_that_is_not_ours_for_this_form_gets_one_404_and_nothing_changes(
    client: FlaskClient, ctx: Context, form: GatedForm
) -> None:
    token = token_of(form.after(client, ADULT))
    body = WHOLE | {"purposes": list(form.purposes), "form_token": token}
    steps = foreign_steps(client, ctx, form)

    looks, answers = set(), set()
    with nothing_changes(ctx, but=COUNTERS):
        for step in steps.values():
            query = {"lang": "nl", "step": step}
            look = form.answer(client.get(f"/f/{form.name}", query_string=query), 404)
            answer = form.answer(client.post(f"/f/{form.name}", query_string=query, data=body), 404)
            assert not look.all("form")
            looks.add(look.html)
            answers.add(answer.html)
    assert len(looks) == len(answers) == 1


def test_a_form_that_asks_no_age_knows_no_verdict(client: FlaskClient, ctx: Context) -> None:
    genuine = ctx.signing.step.make([CAREERS.name, "adult", ""])

    for step in (genuine, step_of(NEWSLETTER.place(client, ADULT))):
        CAREERS.answer(client.get(f"{CAREERS.address('nl')}&step={step}"), 404)
        CAREERS.answer(client.post(f"{CAREERS.address('nl')}&step={step}", data=WHOLE), 404)


def test_a_verdict_stands_for_a_day_and_then_only_the_way_to_start_again_is_left(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    page = NEWSLETTER.after(client)
    clock.forward(hours=24)
    late = NEWSLETTER.answer(client.get(page.address))
    clock.forward(seconds=1)

    typed = {"child_name": "Noor", "guardian_email": PAPA, "purposes": ["news"]}
    with nothing_changes(ctx):
        over = NEWSLETTER.answer(late.press(client, 0, **typed), 410)

    assert "Noor" not in over.html
    assert [link for link in over.links.values() if link.startswith("/")] == [NEWSLETTER.address("nl")]
    assert "data-gate-over" in over.one("body").attrib


@pytest.mark.parametrize("born", READERS.values(), ids=READERS)
def test_another_language_is_the_same_step(client: FlaskClient, ctx: Context, born: tuple[str, str, str]) -> None:
    site = "https://www.demolen.example"
    page = NEWSLETTER.answer(client.get(f"{NEWSLETTER.place(client, born)}&site={site}"))

    for language in ("fr", "en", "nl"):
        page = NEWSLETTER.answer(page.follow(client, i18n.language_name(language)))
        assert page.language == language
        assert step_of(page.address) == step_of(NEWSLETTER.place(client, born))
    page = NEWSLETTER.answer(page.follow(client, "Français"))
    own = {"child_name": "Noor", "guardian_email": PAPA} if born == CHILD else {"email": SOFIE}
    NEWSLETTER.answer(page.press(client, 0, **own, purposes=["news"]))

    (request,) = stored(ctx, "requests")
    assert (request["language"], request["site"]) == ("fr", "www.demolen.example")


def test_a_verdict_without_a_language_is_led_to_the_one_that_the_browser_likes(client: FlaskClient) -> None:
    step = step_of(NEWSLETTER.place(client, CHILD))

    for query in (f"step={step}", f"lang=de&step={step}"):
        led = client.get(f"/f/demolen/newsletter?{query}", headers={"Accept-Language": "fr"})
        assert (led.status_code, led.headers["Cache-Control"]) == (302, "private, no-store")
        assert NEWSLETTER.answer(client.get(led.headers["Location"])).language == "fr"
        assert step_of(led.headers["Location"]) == step


@pytest.mark.parametrize("born", READERS.values(), ids=READERS)
def test_no_page_after_the_verdict_leads_back_to_the_question_before_an_answer_and_for_a_child_none_after_it(
    client: FlaskClient, ctx: Context, clock: Clock, publish: object, born: tuple[str, str, str]
) -> None:
    """Every link and every form of them keeps the step, which `Page` checks; what each button leads to does too."""
    child = born == CHILD
    page = NEWSLETTER.after(client, born)
    own = {"child_name": "Noor", "guardian_email": PAPA} if child else {"email": SOFIE}
    answered = [
        NEWSLETTER.answer(page.press(client, 0, **own, purposes=["news"])),
        NEWSLETTER.answer(page.press(client, 0, **own)),
        NEWSLETTER.answer(page.press(client, 1)),
    ]
    found = [
        page,
        *(answered if child else ()),
        NEWSLETTER.answer(page.press(client, 0, purposes=["news"]), 422, ticked=["news"]),
        NEWSLETTER.answer(client.post(page.address, json={}), 415),
        NEWSLETTER.answer(page.press(client, 0, **dict.fromkeys(own, "x" * 70_000)), 413),
    ]
    publish("demolen/newsletter", {"we wat er nieuw is": "we wat er te doen is", "wat er nieuw is in": "wat er is in"})  # type: ignore[operator]
    clock.forward(hours=2)
    found.append(NEWSLETTER.answer(page.press(client, 0, **own, purposes=["news"]), 422))

    for after in found:
        assert step_of(after.address) == step_of(page.address)
        ways = [link for link in after.links.values() if link.startswith("/f/")]
        ways += [form.attrib["action"].partition("#")[0] for form in after.all("form")]
        assert ways
        for way in ways:
            assert "birth_year" not in client.get(way).text
        assert "data-gate" not in after.one("body").attrib
        assert "data-gate-over" not in after.one("body").attrib


@pytest.mark.parametrize(
    ("form", "born"), [*((form, TEEN) for form in ONLINE), *((form, ADULT) for form in GATED)], ids=str
)
def test_after_an_answer_of_who_decides_alone_every_way_on_leads_to_the_question(
    client: FlaskClient, form: GatedForm, born: tuple[str, str, str]
) -> None:
    """Whoever is next at this screen is asked the age, without scripts too."""
    page = form.after(client, born)
    wish = page.all("input", name="purposes")[0].attrib["value"]
    own = {"email": SOFIE, "first_name": "Sofie", "shop": "korenmarkt", "parcel_to": WHOLE["parcel_to"]}
    own = {name: text for name, text in own.items() if name in page.typed} | of_child(page)
    answered = [
        form.answer(page.press(client, 0, **own, purposes=[wish])),
        form.answer(page.press(client, 0, **own)),
        form.answer(page.press(client, 1)),
    ]

    assert [len(after.all("body", data_submitted="")) for after in answered] == [1, 0, 0]
    for after in answered:
        asks = after.one("body").attrib
        assert "data-verdict" not in asks
        ways = [link for link in after.links.values() if link.startswith("/f/")]
        (link,) = ways + [way.attrib["action"] for way in after.all("form")]
        assert link == asks["data-gate-over"] == form.address("nl")
        assert "birth_year" in client.get(link).text


def test_the_script_is_told_which_page_asks_and_which_follows(client: FlaskClient) -> None:
    asks, page = BAKECLUB.open(client), BAKECLUB.after(client, TEEN)

    assert asks.one("body").get("data-gate") == ""
    assert "data-verdict" not in asks.one("body").attrib
    assert page.one("body").get("data-verdict") == page.address
    assert not {"data-gate", "data-verdict"} & CAREERS.open(client).one("body").attrib.keys()


def test_two_visitors_of_one_step_are_both_served(client: FlaskClient, ctx: Context) -> None:
    page = BAKECLUB.after(client)

    for guardian in (PAPA, "mama@voorbeeld.test"):
        BAKECLUB.answer(page.press(client, 0, child_name="Noor", guardian_email=guardian, purposes=["recipes"]))

    assert len(stored(ctx, "requests", status="awaiting_guardian")) == 2


def test_a_verdict_from_the_future_is_none_of_ours_but_clocks_may_differ(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    place = BAKECLUB.place(client, CHILD)
    clock.forward(seconds=-120)
    BAKECLUB.answer(client.get(place))
    clock.forward(seconds=-1)

    BAKECLUB.answer(client.get(place), 404)
