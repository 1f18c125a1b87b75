"""The forms that the pages are tried with, and the ways of a person through them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.services import intake
from app.services.context import Context
from app.storage import schema
from tests.factories import link_in, send_form, text_of, work_off
from tests.page import FORM_CACHE, Page

OWN_FORMS = Path(__file__).with_name("forms")
"""Forms of these tests, which are served beside the samples."""

SOFIE = "sofie@voorbeeld.test"
PAPA = "papa@voorbeeld.test"
NOOR = "noor@voorbeeld.test"

CHILD, TEEN, ADULT = ("3", "3", "2017"), ("3", "3", "2010"), ("3", "3", "1984")
"""Dates of birth, as day, month and year, on the clock of the tests: nine years old, sixteen, and grown up."""
READERS = {"child": CHILD, "teen": TEEN, "adult": ADULT}


FILLED = {
    "address": "Kerkstraat 1, 8000 Brugge",
    "session": "autumn",
    "shop": "korenmarkt",
    "first_name": "Noor",
    "full_name": "Sofie Peeters",
    "parcel_to": "Kerkstraat 1, 8000 Brugge",
    "phone": "06 12 34 56 78",
}
"""Answers to the fields of these forms."""


def filled(page: Page) -> dict[str, str]:
    """An answer to each field of a page that has one in `FILLED`."""
    return {name: FILLED[name] for name in page.typed if name in FILLED}


def of_child(page: Page) -> dict[str, Any]:
    """What an adult says of a child, where the page of a form for children asks for it."""
    about = {"child_name": "Noor", "child_birth_month": "3", "child_birth_year": "2017", "is_guardian": ["yes"]}
    return about if "child_birth_year" in page.typed else {}


@dataclass(frozen=True)
class Form:
    """A form that is served: what a test must know of it."""

    name: str
    languages: tuple[str, ...]
    purposes: tuple[str, ...]
    origins: str

    @property
    def controller(self) -> str:
        return self.name.split("/")[0]

    @property
    def form(self) -> str:
        return self.name.split("/")[1]

    def address(self, language: str) -> str:
        return f"/f/{self.name}?lang={language}"

    def open(self, client: FlaskClient, language: str = "nl") -> Page:
        """Open the form."""
        return Page(client.get(self.address(language)), framed_by=self.origins, cache=FORM_CACHE)

    def answer(self, response: TestResponse, status: int = 200, **expected: Any) -> Page:
        """The page that answers what was sent from the form."""
        return Page(response, status, framed_by=self.origins, **expected)

    def __str__(self) -> str:
        return self.form


@dataclass(frozen=True)
class GatedForm(Form):
    """A form that asks the age first."""

    def say_age(self, client: FlaskClient, born: tuple[str, str, str], page: Page) -> TestResponse:
        """Answer the age question that a page asks."""
        day, month, year = born
        return page.press(client, 0, birth_day=day, birth_month=month, birth_year=year)

    def place(self, client: FlaskClient, born: tuple[str, str, str], language: str = "nl") -> str:
        """The address to which a date of birth leads."""
        response = self.say_age(client, born, self.open(client, language))
        assert response.status_code == 303, response.text
        return response.headers["Location"]

    def after(self, client: FlaskClient, born: tuple[str, str, str] = CHILD, language: str = "nl") -> Page:
        """The page that follows from a date of birth."""
        return self.answer(client.get(self.place(client, born, language)))


GRADUATES = Form(
    "hogeschool/graduates",
    ("nl", "en"),
    ("employer_verhoeven", "employer_verhoeven_call", "employer_noordzee"),
    "https://www.rijnoever.example",
)
EVENTS = Form(
    "metaalnet/events",
    ("nl", "en"),
    ("newsletter", "workshops", "preferences", "research"),
    "https://www.metaalnet.example",
)
CAREERS = Form(
    "talentwerk/careers", ("nl", "en"), ("offers_mail", "offers_phone", "keep_cv"), "https://www.talentwerk.example"
)
QUOTE = Form("zorgzeker/quote", ("nl", "fr", "en"), ("medical", "follow_up"), "https://www.zorgzeker.example")
CALLS = Form(
    "belcentrum/calls", ("nl", "en"), ("staff_training", "marketing_analysis"), "https://www.belcentrum.example"
)
SAMPLES = (GRADUATES, EVENTS, CAREERS, QUOTE, CALLS)

BAKECLUB = GatedForm(
    "demolen/bakeclub",
    ("nl", "fr", "en"),
    ("recipes", "bake_day", "reminder"),
    "https://www.demolen.example",
)
NEWSLETTER = GatedForm(
    "demolen/newsletter", ("nl", "fr", "en"), ("news", "opening_hours", "photo_contest"), "https://www.demolen.example"
)
CAMP = GatedForm("jeugdhuis/camp", ("nl", "fr", "en"), ("parcel", "health"), "https://www.jeugdhuis.example")
PHOTO = GatedForm("demolen/photo", ("nl", "fr", "en"), ("wall_photo",), "https://www.demolen.example")
GATED = (BAKECLUB, NEWSLETTER, CAMP, PHOTO)
FOR_CHILDREN = (BAKECLUB, PHOTO)
"""An adult decides as a parent on these."""
ONLINE = (BAKECLUB, NEWSLETTER, CAMP)
"""Teenagers may answer these alone, and a child can have an address of its own there."""

DESK = Form(
    "loket/alles",
    ("nl", "fr", "en"),
    ("visit", "parcel", "club"),
    "https://www.buurtloket.example https://gent.buurtloket.example",
)
MARK_UP = Form("streken/mark_up", ("en",), ("one",), "https://www.streken.example")
FORMS = (*SAMPLES, DESK, MARK_UP)

INTEREST = {"nl": "Bezoeken tellen", "fr": "Compter les visites", "en": "Counting visits"}
"""What the desk does on a legitimate interest."""
RECORDING = {"nl": "Opname van uw bestelling, als bewijs", "en": "Recording of your order, as proof"}
"""The same of the call centre; it has no direct marketing."""

IN_EVERY_LANGUAGE = [(form, language) for form in FORMS for language in form.languages]
ONE_LANGUAGE_EACH = list(zip(FORMS, ("en", "nl", "nl", "fr", "en", "fr", "en"), strict=True))
"""Every form and every language: enough where what is read are words of the kit, or is read in each pair elsewhere."""
GATED_ONE_LANGUAGE_EACH = list(zip(GATED, ("nl", "fr", "en", "fr"), strict=True))
GATED_IN_EVERY_LANGUAGE = [(form, language) for form in GATED for language in form.languages]


@dataclass(frozen=True)
class Links:
    """The links that a person was mailed, each without the host."""

    confirm: str = ""
    withdraw: str = ""
    object: str = ""
    stop: str = ""

    def __iter__(self) -> Iterator[str]:
        return iter((self.confirm, self.withdraw, self.object, self.stop))


def asked(
    ctx: Context,
    form: Form = CAREERS,
    purposes: tuple[str, ...] = (),
    email: str = SOFIE,
    language: str = "nl",
    fields: dict[str, str] | None = None,
) -> Links:
    """Somebody has sent a form; the links to this person's pages. The lasting ones exist before they are mailed."""
    send_form(
        ctx,
        email,
        purposes or form.purposes,
        controller=form.controller,
        form=form.form,
        language=language,
        fields=fields,
        site="www.example",
    )
    (mail,) = [mail for mail in work_off(ctx) if mail["To"] == email and "/confirm/" in text_of(mail)]
    return Links(link_in(mail, "confirm"), *lasting_links(ctx, form.controller, email))


def agreed(client: FlaskClient, ctx: Context, form: Form = CAREERS, **how: Any) -> Links:
    """Somebody has sent a form, and said yes to all of it on the page behind the mail."""
    links = asked(ctx, form, **how)
    page = Page(client.get(links.confirm))
    Page(say_yes(client, page))
    return links


def say_yes(client: FlaskClient, page: Page) -> TestResponse:
    """Tick every box on a confirmation page and say yes."""
    return page.press(client, 0, **({"explicit": page.boxes} if page.boxes else {}))


@dataclass(frozen=True)
class ChildLinks:
    """The links of a child's request, each without the host: its parent's, and the child's own."""

    guardian: str
    withdraw: str
    object: str
    stop: str
    child_withdraw: str

    def __iter__(self) -> Iterator[str]:
        return iter((self.guardian, self.withdraw, self.object, self.stop, self.child_withdraw))


def child_asks(
    client: FlaskClient,
    form: GatedForm = BAKECLUB,
    purposes: tuple[str, ...] = (),
    guardian: str = PAPA,
    name: str = "Noor",
    language: str = "nl",
) -> Page:
    """A child has sent its page; the answer that it gets."""
    page = form.after(client, CHILD, language)
    typed = {"child_name": name, "guardian_email": guardian, "purposes": purposes or form.purposes}
    return form.answer(page.press(client, 0, **typed))


def child_asked(client: FlaskClient, ctx: Context, form: GatedForm = BAKECLUB, **how: Any) -> ChildLinks:
    """A child has sent its page, and its parent has got the mail."""
    child_asks(client, form, **how)
    (mail,) = [mail for mail in work_off(ctx) if "/guardian/" in text_of(mail)]
    return child_links(ctx, link_in(mail, "guardian").partition("?")[0])


def child_links(ctx: Context, guardian: str) -> ChildLinks:
    """The links of the child that a parent's link is about."""
    subjects = schema.subjects.c
    request_id, _ = ctx.signing.guardian.read(guardian.split("/")[2])
    with ctx.database.read() as connection:
        row = connection.execute(
            select(subjects.withdraw_token, subjects.object_token, subjects.stop_token, subjects.child_withdraw_token)
            .join_from(schema.subjects, schema.requests, subjects.id == schema.requests.c.subject_id)
            .where(schema.requests.c.id == request_id)
        ).one()
    return ChildLinks(guardian, f"/withdraw/{row[0]}", f"/object/{row[1]}", f"/stop/{row[2]}", f"/withdraw/{row[3]}")


def allow(client: FlaskClient, link: str, **typed: Any) -> Page:
    """A parent allows all that a child wished, and fills in what is needed for it."""
    page = Page(client.get(link))
    answers: dict[str, Any] = {"purposes": page.boxes, "is_guardian": ["yes"]}
    answers |= {"explicit": page.boxes} if page.all("input", name="explicit") else {}
    answers |= filled(page)
    return Page(page.press(client, 0, **answers | typed))


def child_allowed(
    client: FlaskClient, ctx: Context, form: GatedForm = BAKECLUB, child_email: str = "", **how: Any
) -> ChildLinks:
    """A parent has allowed all that a child wished."""
    links = child_asked(client, ctx, form, **how)
    allow(client, links.guardian, **({"child_email": child_email} if child_email else {}))
    return child_links(ctx, links.guardian)


def step_of(address: str) -> str:
    """The step token in an address."""
    return parse_qs(urlsplit(address).query)["step"][0]


def token_of(page: Page) -> str:
    """The form token of a page."""
    return page.one("input", name="form_token").attrib["value"]


def lasting_links(ctx: Context, controller: str, email: str = SOFIE) -> tuple[str, str, str]:
    """The links that live as long as anything is kept."""
    subjects = schema.subjects.c
    with ctx.database.read() as connection:
        row = connection.execute(
            select(subjects.withdraw_token, subjects.object_token, subjects.stop_token).where(
                subjects.controller == controller, subjects.email == email
            )
        ).one()
    return f"/withdraw/{row[0]}", f"/object/{row[1]}", f"/stop/{row[2]}"


def rows(ctx: Context) -> dict[str, list[str]]:
    """Every row of every table after what was sent is taken, as the driver reads it.

    SQLAlchemy would compile each statement anew per test.
    """
    intake.take_all(ctx)
    with ctx.database.read() as connection:
        return {
            table: sorted(repr(tuple(row)) for row in connection.exec_driver_sql(f"SELECT * FROM {table}"))
            for table in schema.metadata.tables
        }


COUNTERS = ("salts", "submit_counts")
"""What is written about a network that sends, whatever it sends: a number under a salted hash."""


@contextmanager
def nothing_changes(ctx: Context, but: Iterable[str] = ()) -> Iterator[None]:
    """No row of any table is another afterwards, except in the tables that are named."""
    before = rows(ctx)
    yield
    after = rows(ctx)
    changed = {table for table in before if before[table] != after[table]} - set(but)
    assert not {table: sorted(set(before[table]) ^ set(after[table])) for table in changed}


def stored(ctx: Context, table: str, **only: str) -> list[dict[str, Any]]:
    """The rows of a table that have these values, after what was sent is taken."""
    intake.take_all(ctx)
    chosen = schema.metadata.tables[table]
    with ctx.database.read() as connection:
        found = connection.execute(select(chosen).where(*(chosen.c[name] == only[name] for name in only)))
        return [dict(row._mapping) for row in found]
