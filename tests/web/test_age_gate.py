"""The age question: it hints at nothing, takes a date as people write it, and keeps nothing of it but the verdict."""

import re
import unicodedata
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from app import i18n
from app.services.context import Context
from tests.factories import Clock, html_of, text_of, work_off
from tests.page import FORM_CACHE
from tests.web.ways import (
    ADULT,
    BAKECLUB,
    CAMP,
    CHILD,
    COUNTERS,
    FOR_CHILDREN,
    GATED,
    GATED_ONE_LANGUAGE_EACH,
    NEWSLETTER,
    ONLINE,
    PAPA,
    READERS,
    SOFIE,
    TEEN,
    GatedForm,
    nothing_changes,
    of_child,
    rows,
    step_of,
    stored,
)

HINTS = re.compile(
    r"1[2-8]|ouder|vader|moeder|mama|papa|voogd|kind|minderjarig|jong|grens|toestemm|jaar oud|mag je|mag u"
    r"|parent|père|mère|tuteur|enfant|mineur|jeune|limite|consent|accord|majeur|ans\b"
    r"|father|mother|guardian|child|kid|minor|young|limit|allow|adult|grown|years",
    re.IGNORECASE,
)


def reader(ctx: Context, address: str) -> list[str]:
    """What the verdict in an address says: for whom, and from which month on."""
    (form, audience, month), _ = ctx.signing.step.read(step_of(address))
    assert form in [gated.name for gated in GATED]
    return [audience, month]


def born(
    client: FlaskClient, day: str, month: str, year: str, form: GatedForm = NEWSLETTER, language: str = "nl"
) -> str:
    """Where a date of birth leads."""
    return form.place(client, (day, month, year), language)


# Before the answer


@pytest.mark.parametrize("language", NEWSLETTER.languages)
@pytest.mark.parametrize("form", [NEWSLETTER, CAMP], ids=str)
def test_nothing_before_the_answer_hints_at_an_age_or_a_parent(
    client: FlaskClient, form: GatedForm, language: str
) -> None:
    page = form.open(client, language)
    said = [page.text, *(value for field in page.all() for name, value in field.items() if name not in _UNREAD)]

    for text in said:
        assert not HINTS.search(text.replace(page.title, "")), text
    assert not re.search(r"1[2-8]", re.sub(r'(form_token" value|href|src)="[^"]*"', "", page.html))
    assert page.typed == {"birth_day": "", "birth_month": "", "birth_year": ""}


_UNREAD = ("value", "href", "src", "content", "class", "data-origins", "for", "id", "name", "aria-describedby")


@pytest.mark.parametrize("form", GATED, ids=str)
def test_the_question_is_the_same_for_everybody_within_the_minute(
    client: FlaskClient, clock: Clock, form: GatedForm
) -> None:
    visits = [
        client.get(form.address("nl")),
        client.get(form.address("nl"), headers={"Accept-Language": "fr", "User-Agent": "X", "Cookie": "born=2017"}),
        client.get(f"{form.address('nl')}&born=2017&birth_year=2017&age=9"),
        client.get(form.address("nl"), environ_overrides={"REMOTE_ADDR": "203.0.113.9"}),
    ]
    for date in READERS.values():
        form.after(client, date)
    clock.forward(seconds=54)
    visits.append(client.get(form.address("nl")))

    assert len({visit.data for visit in visits}) == 1
    assert len({str(visit.headers) for visit in visits}) == 1
    assert visits[0].headers["Cache-Control"] == FORM_CACHE


def test_one_question_that_a_cache_kept_serves_every_age(client: FlaskClient, ctx: Context) -> None:
    cached = NEWSLETTER.open(client)

    found = {
        name: reader(ctx, NEWSLETTER.say_age(client, date, cached).headers["Location"])[0]
        for name, date in READERS.items()
    }

    assert found == {name: name for name in READERS}


def test_what_follows_from_the_answer_is_kept_by_no_cache(client: FlaskClient) -> None:
    page = NEWSLETTER.open(client)

    for date in (*READERS.values(), ("31", "4", "2017")):
        response = NEWSLETTER.say_age(client, date, page)
        assert response.headers["Cache-Control"] == "private, no-store"
        if response.status_code == 303:
            assert client.get(response.headers["Location"]).headers["Cache-Control"] == "private, no-store"
            led = client.get(response.headers["Location"].replace("lang=nl", "lang=de"))
            assert (led.status_code, led.headers["Cache-Control"]) == (302, "private, no-store")


# Answers


@pytest.mark.parametrize(
    ("language", "date"),
    [
        ("nl", ("3", "maart", "2017")),
        ("nl", ("03", "03", "2017")),
        ("nl", (" 3 ", "MRT.", " 2017 ")),
        ("fr", ("1er", "mars", "2017")),
        ("fr", ("3", "Mars", "2017")),
        ("en", ("3", "March", "2017")),
        ("en", ("3", "mar", "2017")),
    ],
)
def test_a_month_may_be_a_figure_or_a_word(
    client: FlaskClient, ctx: Context, language: str, date: tuple[str, str, str]
) -> None:
    assert reader(ctx, NEWSLETTER.place(client, date, language)) == ["child", "2030-03"]


@pytest.mark.parametrize("language", NEWSLETTER.languages)
def test_the_name_of_every_month_in_every_language_is_understood(
    client: FlaskClient, ctx: Context, language: str
) -> None:
    for name, number in i18n.date_words(language).months.items():
        for written in {name.upper(), unicodedata.normalize("NFD", name)}:
            assert reader(ctx, born(client, "3", written, "2015", language=language)) == ["child", f"2028-{number:02}"]


WRONG = {
    ("", "", ""): ("birth_day", "error.birth.missing"),
    ("", "3", "2017"): ("birth_day", "error.birth.day_missing"),
    ("3", " ", "2017"): ("birth_month", "error.birth.month_missing"),
    ("3", "3", "\t"): ("birth_year", "error.birth.year_missing"),
    ("", "", "2017"): ("birth_day", "error.birth.missing"),
    ("3", "3", "17"): ("birth_year", "error.birth.year_digits"),
    ("3", "3", "02017"): ("birth_year", "error.birth.year_digits"),
    ("3", "3", "-2017"): ("birth_year", "error.birth.year_digits"),
    ("3", "3", "2_017"): ("birth_year", "error.birth.year_digits"),
    ("三", "3", "2017"): ("birth_day", "error.birth.no_day"),
    ("+3", "3", "2017"): ("birth_day", "error.birth.no_day"),
    ("32", "3", "2017"): ("birth_day", "error.birth.no_day"),
    ("3", "³", "2017"): ("birth_month", "error.birth.no_month"),
    ("3", "foo", "2017"): ("birth_month", "error.birth.no_month"),
    ("31", "4", "2017"): ("birth_day", "error.birth.not_a_date"),
    ("29", "2", "2017"): ("birth_day", "error.birth.not_a_date"),
    ("0", "0", "2017"): ("birth_month", "error.birth.no_month"),
    ("3", "13", "2017"): ("birth_month", "error.birth.no_month"),
    ("3", "3", "0000"): ("birth_year", "error.birth.year_digits"),
    ("22", "11", "2026"): ("birth_year", "error.birth.future"),
    ("3", "3", "2999"): ("birth_year", "error.birth.future"),
    ("31", "12", "1905"): ("birth_year", "error.birth.too_old"),
}


@pytest.mark.parametrize("language", NEWSLETTER.languages)
def test_an_answer_that_is_no_date_of_birth_is_named_by_its_part_and_what_was_typed_stays(
    client: FlaskClient, ctx: Context, language: str
) -> None:
    page = NEWSLETTER.open(client, language)

    for date, (part, key) in WRONG.items():
        with nothing_changes(ctx, but=COUNTERS):
            again = NEWSLETTER.answer(NEWSLETTER.say_age(client, date, page), 422)
        assert again.problems == {part: i18n.say(language, key)}, date
        assert tuple(again.typed.values()) == date
        assert again.skeleton == page.skeleton
        field = again.one("input", id=part)
        assert field.get("aria-invalid") == "true"
        assert field.get("aria-describedby") == f"{part}-error"
        assert (again.one(id="errors").get("tabindex"), again.one(id="errors").get("role")) == ("-1", "alert")
        assert again.one("form").attrib["action"].endswith("#errors")
        right = NEWSLETTER.say_age(client, ADULT, again)
        assert right.status_code == 303


@pytest.mark.parametrize("date", [("21", "11", "2026"), ("1", "1", "1906"), ("29", "2", "2016")])
def test_the_youngest_and_the_oldest_are_believed(client: FlaskClient, date: tuple[str, str, str]) -> None:
    NEWSLETTER.place(client, date)


@pytest.mark.parametrize("text", ["x" * 10_000, "9" * 10_000, "0" * 10_000 + "3", "<script>", "\x00", "\u202e3", "😀"])
def test_odd_and_long_answers_get_a_clear_message(client: FlaskClient, ctx: Context, text: str) -> None:
    page = NEWSLETTER.open(client)

    for part in range(3):
        date = ["3", "3", "2017"]
        date[part] = text
        with nothing_changes(ctx, but=COUNTERS):
            again = NEWSLETTER.answer(
                page.press(client, 0, **dict(zip(page.typed, date, strict=True))), 422, repeats=True
            )
        assert len(again.problems) == 1
        assert again.skeleton == page.skeleton


def test_a_part_that_is_left_out_or_sent_twice_is_no_fault_of_ours(client: FlaskClient, ctx: Context) -> None:
    token = NEWSLETTER.open(client).one("input", name="form_token").attrib["value"]

    NEWSLETTER.answer(client.post(NEWSLETTER.address("nl"), data={"form_token": token}), 422)
    twice = {"form_token": token, "birth_day": ["3", "4"], "birth_month": ["3", "5"], "birth_year": ["2017", "1984"]}
    response = client.post(NEWSLETTER.address("nl"), data=twice)

    assert reader(ctx, response.headers["Location"]) == ["child", "2030-03"]


# The verdict, and nothing else


def test_the_address_after_the_answer_holds_the_audience_and_for_a_child_a_month(
    client: FlaskClient, ctx: Context
) -> None:
    page = NEWSLETTER.open(client)

    for date, verdict in ((CHILD, ["child", "2030-03"]), (TEEN, ["teen", ""]), (ADULT, ["adult", ""])):
        response = NEWSLETTER.say_age(client, date, page)
        assert response.status_code == 303
        address = urlsplit(response.headers["Location"])
        assert (address.scheme, address.netloc, address.path) == ("", "", "/f/demolen/newsletter")
        assert list(parse_qs(address.query)) == ["lang", "step"]
        assert reader(ctx, response.headers["Location"]) == verdict
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("form", [NEWSLETTER, CAMP], ids=str)
def test_children_of_one_month_get_the_same_token(client: FlaskClient, form: GatedForm) -> None:
    assert len({form.place(client, (day, "3", "2017")) for day in ("1", "3", "31")}) == 1
    assert len({form.place(client, date) for date in (TEEN, ("30", "10", "2010"))}) == 1
    assert len({form.place(client, date) for date in (ADULT, ("1", "1", "1930"))}) == 1


def test_the_site_that_the_script_names_goes_along_to_the_next_page(client: FlaskClient, ctx: Context) -> None:
    site = "https://www.demolen.example"
    page = BAKECLUB.answer(client.get(f"{BAKECLUB.address('nl')}&site={site}"), cache=FORM_CACHE)
    response = BAKECLUB.say_age(client, CHILD, page)
    assert parse_qs(urlsplit(response.headers["Location"]).query)["site"] == [site]

    child = BAKECLUB.answer(client.get(response.headers["Location"]))
    BAKECLUB.answer(child.press(client, 0, child_name="Noor", guardian_email=PAPA, purposes=["recipes"]))

    assert [request["site"] for request in stored(ctx, "requests")] == ["www.demolen.example"]


@pytest.mark.parametrize(("form", "language"), [case for case in GATED_ONE_LANGUAGE_EACH if case[0] in ONLINE], ids=str)
def test_no_trace_of_a_date_of_birth_is_left_anywhere(
    client: FlaskClient, ctx: Context, caplog: pytest.LogCaptureFixture, form: GatedForm, language: str
) -> None:
    """A day and a year that occur nowhere else: no page, address, row, mail or line of the log has them."""
    caplog.set_level("DEBUG")
    dates = {"child": ("27", "9", "2018"), "teen": ("27", "9", "2009"), "adult": ("27", "9", "1979")}
    seen = []
    for audience, date in dates.items():
        seen.append(form.say_age(client, date, form.open(client, language)))
        page = form.answer(client.get(seen[-1].headers["Location"]))
        own = {"child_name": "Noor", "guardian_email": PAPA} if audience == "child" else {"email": SOFIE}
        seen += [page.response, page.press(client, 0, **own | of_child(page), purposes=form.purposes[-1:])]
        assert seen[-1].status_code == 200
    traces = re.compile(r"\b(2018|2009|1979)\b|\b27[ ./-](0?9|sept?|september|septembre)\b|2018-?0?9|\b0?9[./]27\b")

    for response in seen:
        assert not traces.search(response.text)
        assert not traces.search(str(response.headers))
    assert not traces.search(str(rows(ctx) | {"notices": []}))
    for mail in work_off(ctx):
        assert not traces.search(f"{text_of(mail)}{html_of(mail)}{mail['Subject']}")
    assert not traces.search(caplog.text)
    year = 2034 if form is CAMP else 2031
    kept = {(SOFIE, None), (PAPA, datetime(year, 8, 31, 22, tzinfo=UTC))}
    of_the_adult = {(SOFIE, datetime(2030, 2, 28, 23, tzinfo=UTC))} if form is BAKECLUB else set()
    assert {(row["email"], row["decides_from"]) for row in stored(ctx, "subjects")} == kept | of_the_adult


# Birthdays


@pytest.mark.parametrize(
    ("form", "today", "date", "audience"),
    [
        (NEWSLETTER, "2026-11-21", ("22", "11", "2013"), "child"),
        (NEWSLETTER, "2026-11-21", ("21", "11", "2013"), "teen"),
        (NEWSLETTER, "2026-11-21", ("22", "11", "2008"), "teen"),
        (NEWSLETTER, "2026-11-21", ("21", "11", "2008"), "adult"),
        (CAMP, "2026-11-21", ("22", "11", "2010"), "child"),
        (CAMP, "2026-11-21", ("21", "11", "2010"), "teen"),
        (NEWSLETTER, "2029-02-28", ("29", "2", "2016"), "child"),
        (NEWSLETTER, "2029-03-01", ("29", "2", "2016"), "teen"),
        (NEWSLETTER, "2034-02-28", ("29", "2", "2016"), "teen"),
        (NEWSLETTER, "2034-03-01", ("29", "2", "2016"), "adult"),
        (CAMP, "2032-02-28", ("29", "2", "2016"), "child"),
        (CAMP, "2032-02-29", ("29", "2", "2016"), "teen"),
        (NEWSLETTER, "2026-12-31", ("1", "1", "2014"), "child"),
        (NEWSLETTER, "2027-01-01", ("1", "1", "2014"), "teen"),
    ],
    ids=str,
)
def test_on_the_birthday_itself_and_not_a_day_before_somebody_decides_alone(
    client: FlaskClient,
    ctx: Context,
    clock: Clock,
    form: GatedForm,
    today: str,
    date: tuple[str, str, str],
    audience: str,
) -> None:
    clock.now = datetime.fromisoformat(f"{today}T12:00:00+00:00")

    assert reader(ctx, form.place(client, date))[0] == audience


@pytest.mark.parametrize(
    ("moment", "audience"),
    [
        ("2026-11-20T22:59:59+00:00", "child"),
        ("2026-11-20T23:30:00+00:00", "teen"),
        ("2026-11-21T22:59:59+00:00", "teen"),
    ],
)
def test_a_day_begins_at_midnight_in_the_country_of_the_controller(
    client: FlaskClient, ctx: Context, clock: Clock, moment: str, audience: str
) -> None:
    clock.now = datetime.fromisoformat(moment)

    assert reader(ctx, born(client, "21", "11", "2013"))[0] == audience
    assert reader(ctx, born(client, "21", "11", "2008"))[0] == ("teen" if audience == "child" else "adult")


def test_in_summer_the_day_begins_an_hour_earlier(client: FlaskClient, ctx: Context, clock: Clock) -> None:
    clock.now = datetime(2026, 7, 14, 21, 59, 59, tzinfo=UTC)
    assert reader(ctx, born(client, "15", "7", "2013"))[0] == "child"
    clock.now = datetime(2026, 7, 14, 22, 0, 0, tzinfo=UTC)
    assert reader(ctx, born(client, "15", "7", "2013"))[0] == "teen"


def test_whoever_is_born_today_or_tomorrow_is_told_apart_by_the_clock_of_the_controller(
    client: FlaskClient, clock: Clock
) -> None:
    clock.now = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)

    NEWSLETTER.place(client, ("22", "11", "2026"))
    page = NEWSLETTER.answer(NEWSLETTER.say_age(client, ("23", "11", "2026"), NEWSLETTER.open(client)), 422)
    assert page.problems == {"birth_year": i18n.say("nl", "error.birth.future")}


# Only ever an answer to the question


@pytest.mark.parametrize("form", GATED, ids=str)
@pytest.mark.parametrize("reader_of_token", READERS)
def test_without_a_verdict_whatever_is_sent_is_an_answer_to_the_question_and_nothing_more(
    client: FlaskClient, ctx: Context, form: GatedForm, reader_of_token: str
) -> None:
    good = form.after(client, READERS[reader_of_token]).one("input", name="form_token").attrib["value"]
    own = form.open(client).one("input", name="form_token").attrib["value"]
    whole = {
        "purposes": list(form.purposes),
        "email": SOFIE,
        "child_name": "Noor",
        "guardian_email": PAPA,
        "parcel_to": "Kerkstraat 1, 8000 Brugge",
        "decision": "yes",
    }

    with nothing_changes(ctx, but=COUNTERS):
        for token in (good, own, ""):
            asked = form.answer(client.post(form.address("nl"), data=whole | {"form_token": token}), 422)
            assert list(asked.typed) == ["birth_day", "birth_month", "birth_year"]
        birth = dict(zip(("birth_day", "birth_month", "birth_year"), ADULT, strict=True))
        led = client.post(form.address("nl"), data=whole | birth | {"form_token": own})
        assert (led.status_code, reader(ctx, led.headers["Location"])) == (303, ["adult", ""])
        no_token = form.answer(client.post(form.address("nl"), data=whole | birth | {"form_token": good}), 422)
        young = form in FOR_CHILDREN
        assert no_token.problems == {"whole-form": i18n.say("nl", "error.not_from_here", young)}
    assert work_off(ctx) == []


def test_the_question_is_the_same_in_every_text_so_a_change_of_it_does_not_ask_again(
    client: FlaskClient, clock: Clock, publish: object
) -> None:
    page = NEWSLETTER.open(client)
    publish("demolen/newsletter", {"Elke maand mailen we wat er nieuw is": "Elke maand mailen we wat er te doen is"})  # type: ignore[operator]
    clock.forward(hours=2)

    assert NEWSLETTER.say_age(client, ADULT, page).status_code == 303


def test_a_question_that_stood_open_for_more_than_a_day_is_asked_again_with_what_was_typed(
    client: FlaskClient, clock: Clock
) -> None:
    page = NEWSLETTER.open(client)
    clock.forward(hours=24, minutes=1, seconds=1)

    old = NEWSLETTER.answer(NEWSLETTER.say_age(client, ADULT, page), 422)

    assert old.problems == {"whole-form": i18n.say("nl", "error.page_old")}
    assert tuple(old.typed.values()) == ADULT
    assert NEWSLETTER.say_age(client, ADULT, old).status_code == 303
