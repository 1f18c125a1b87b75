"""The forms that the pages are tried with, and the ways of a person through them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.services.kit import Kit
from app.storage import schema
from tests.factories import link_in, send_form, text_of, work_off
from tests.page import FORM_CACHE, Page

SOFIE = "sofie@voorbeeld.test"


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


GRADUATES = Form(
    "hogeschool/graduates", ("nl", "en"), ("employer_verhoeven", "employer_noordzee"), "https://www.rijnoever.example"
)
EVENTS = Form(
    "metaalnet/events", ("nl", "en"), ("newsletter", "workshops", "research"), "https://www.metaalnet.example"
)
CAREERS = Form(
    "talentwerk/careers", ("nl", "en"), ("offers_mail", "offers_phone", "keep_cv"), "https://www.talentwerk.example"
)
QUOTE = Form("zorgzeker/quote", ("nl", "fr", "en"), ("medical", "follow_up"), "https://www.zorgzeker.example")
SAMPLES = (GRADUATES, EVENTS, CAREERS, QUOTE)

DESK = Form(
    "loket/alles",
    ("nl", "fr", "en"),
    ("visit", "parcel", "club"),
    "https://www.buurtloket.example https://gent.buurtloket.example",
)
MARK_UP = Form("streken/mark_up", ("en",), ("one",), "https://www.streken.example")
FORMS = (*SAMPLES, DESK, MARK_UP)

IN_EVERY_LANGUAGE = [(form, language) for form in FORMS for language in form.languages]


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
    kit: Kit,
    form: Form = CAREERS,
    purposes: tuple[str, ...] = (),
    email: str = SOFIE,
    language: str = "nl",
    fields: dict[str, str] | None = None,
) -> Links:
    """Somebody has sent a form; the links to this person's pages. The lasting ones exist before they are mailed."""
    send_form(
        kit,
        email,
        purposes or form.purposes,
        controller=form.controller,
        form=form.form,
        language=language,
        fields=fields,
        site="www.example",
    )
    (mail,) = [mail for mail in work_off(kit) if mail["To"] == email and "/confirm/" in text_of(mail)]
    return Links(link_in(mail, "confirm"), *lasting_links(kit, form.controller, email))


def agreed(client: FlaskClient, kit: Kit, form: Form = CAREERS, **how: Any) -> Links:
    """Somebody has sent a form, and said yes to all of it on the page behind the mail."""
    links = asked(kit, form, **how)
    page = Page(client.get(links.confirm))
    Page(say_yes(client, page))
    return links


def say_yes(client: FlaskClient, page: Page) -> TestResponse:
    """Tick every box on a confirmation page and say yes."""
    return page.press(client, 0, **({"explicit": page.boxes} if page.boxes else {}))


def lasting_links(kit: Kit, controller: str, email: str = SOFIE) -> tuple[str, str, str]:
    """The links that live as long as anything is kept."""
    subjects = schema.subjects.c
    with kit.database.read() as connection:
        row = connection.execute(
            select(subjects.withdraw_token, subjects.object_token, subjects.stop_token).where(
                subjects.controller == controller, subjects.email == email
            )
        ).one()
    return f"/withdraw/{row[0]}", f"/object/{row[1]}", f"/stop/{row[2]}"


def rows(kit: Kit) -> dict[str, list[str]]:
    """Every row of every table."""
    with kit.database.read() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in schema.metadata.sorted_tables
        }


COUNTERS = ("salts", "submit_counts")
"""What is written about a network that sends, whatever it sends: a number under a salted hash."""


@contextmanager
def nothing_changes(kit: Kit, but: Iterable[str] = ()) -> Iterator[None]:
    """No row of any table is another afterwards, except in the tables that are named."""
    before = rows(kit)
    yield
    after = rows(kit)
    changed = {table for table in before if before[table] != after[table]} - set(but)
    assert not {table: sorted(set(before[table]) ^ set(after[table])) for table in changed}


def stored(kit: Kit, table: str, **only: str) -> list[dict[str, Any]]:
    """The rows of a table that have these values, oldest first where they know when they were made."""
    chosen = schema.metadata.tables[table]
    with kit.database.read() as connection:
        found = connection.execute(select(chosen).where(*(chosen.c[name] == only[name] for name in only)))
        return [dict(row._mapping) for row in found]
