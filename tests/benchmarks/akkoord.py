"""What is asked of the kit: one request of each kind for each person, and how often the database says it was done."""

import re
import time
from collections.abc import Callable, Iterable
from itertools import chain, count
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlencode

from sqlalchemy import text

from app.signing import Signing
from app.storage.database import Database

from .load import get, post

FORM = "/f/talentwerk/careers?lang=nl"
AGE_GATE = "/f/demolen/newsletter?lang=nl"
KINDS = ("new", "pending", "granted", "suppressed")
"""Addresses that fill in a form: unknown, not confirmed yet, with a consent, and one that wants no mail."""
_NUMBERS = count(1)
_AWAKE, _LEFT = 64, 24
"""People that come before a round, and how many of their mails are left when it begins: the worker is busy then."""


def people(name: str, number: int, at_a_provider: bool = False) -> list[str]:
    """New addresses, each at a domain of its own: mails to one that is no provider's are slowed down when many."""
    numbers = [next(_NUMBERS) for _ in range(number)]
    return [f"{name}.{one}@gmail.com" if at_a_provider else f"{name}@voorbeeld-{one}.test" for one in numbers]


class Asked(Protocol):
    """A kit that answers: the host that its requests name, and its pages."""

    @property
    def host(self) -> str: ...

    def html(self, address: str) -> str: ...


class Akkoord:
    """A kit and its database."""

    def __init__(self, site: Asked, database: Database, signing: Signing) -> None:
        self.site = site
        self.database = database
        self._signing = signing

    @classmethod
    def served(cls, site: Asked, folder: Path, database_url: str = "") -> "Akkoord":
        """The kit that a server runs with its data in this folder."""
        url = database_url.replace("postgresql://", "postgresql+psycopg://")
        key = (folder / "data" / "secret_key").read_text(encoding="utf-8").strip()
        return cls(site, Database(url or f"sqlite:///{folder / 'data' / 'akkoord.db'}"), Signing((key,)))

    def form(self, number: int) -> list[bytes]:
        """The page of a form."""
        return [get(FORM, self.site.host)] * number

    def age_gate(self, number: int) -> list[bytes]:
        """The page with the age question."""
        return [get(AGE_GATE, self.site.host)] * number

    def age_answer(self, number: int) -> list[bytes]:
        """The answer of an adult to it."""
        born = {"birth_day": "27", "birth_month": "3", "birth_year": "1984", "decision": "yes"}
        return [self._post(AGE_GATE, {"form_token": self._token(AGE_GATE)} | born)] * number

    def submit(self, number: int) -> list[bytes]:
        """The form, filled in by somebody new each time."""
        return self.submit_by(people("sofie", number))

    def submit_by(self, addresses: Iterable[str]) -> list[bytes]:
        """The form, filled in by these addresses."""
        fixed = {
            "form_token": self._token(FORM),
            "purposes": "offers_mail",
            "first_name": "Sofie",
            "website": "",
            "decision": "yes",
        }
        template = urlencode(fixed)
        return [self._post_body(FORM, f"{template}&email={quote(person)}") for person in addresses]

    def confirm(self, number: int, who: str = "sofie") -> list[bytes]:
        """The yes behind a link from a mail, each of another person."""
        query = """
            SELECT requests.id FROM requests JOIN subjects ON subjects.id = requests.subject
            WHERE requests.status = 'requested' AND email LIKE :who ORDER BY requested_at DESC LIMIT :number
        """
        return [
            self._post(f"/confirm/{self._signing.confirm.make(request)}", {"decision": "yes"})
            for request in self._found(query, number, who)
        ]

    def withdraw(self, number: int) -> list[bytes]:
        """The click on stop, each of another person."""
        query = """
            SELECT withdraw_token FROM subjects
            JOIN consents ON consents.subject = subjects.id
            WHERE consents.status = 'granted' AND email LIKE :who ORDER BY since DESC LIMIT :number
        """
        return [self._post(f"/withdraw/{token}", {"decision": "stop"}) for token in self._found(query, number, "sofie")]

    def stop(self, number: int, who: str) -> list[bytes]:
        """The click on "never mail me again", each of another person."""
        query = "SELECT stop_token FROM subjects WHERE email LIKE :who ORDER BY created_at DESC LIMIT :number"
        return [self._post(f"/stop/{token}", {"decision": "stop"}) for token in self._found(query, number, who)]

    def prepare_kinds(self, send: Callable[[list[bytes]], object], number: int) -> dict[str, list[str]]:
        """So many addresses of each kind of `KINDS`, made by sending what makes them so."""
        made = {kind: people(kind, number) for kind in KINDS}
        send(self.submit_by(chain.from_iterable(made[kind] for kind in KINDS if kind != "new")))
        self.until_taken()
        send(self.confirm(number, "granted"))
        send(self.stop(number, "suppressed"))
        return made

    def sent(self) -> int:
        """How many forms were sent: those that wait, and those that a worker has made a request of."""
        with self.database.read() as connection:
            query = "SELECT (SELECT count(*) FROM intake) + (SELECT count(*) FROM requests)"
            return int(connection.execute(text(query)).scalar_one())

    def until_taken(self) -> None:
        """Wait until a worker has taken all that was sent."""
        waiting = self.stored("intake", "")
        until = time.monotonic() + 120
        while waiting():
            if time.monotonic() > until:
                raise TimeoutError("no worker takes what was sent")
            time.sleep(0.02)

    def stored(self, table: str, status: str) -> Callable[[], int]:
        """A count of the rows in a state, which each act raises by one."""
        query = f"SELECT count(*) FROM {table}" + (f" WHERE status = '{status}'" if status else "")

        def counted() -> int:
            with self.database.read() as connection:
                return int(connection.execute(text(query)).scalar_one())

        return counted

    def mails(self) -> tuple[int, int]:
        """How many mails and forms wait, and how many mails were handed over."""
        query = """
            SELECT count(*) FILTER (WHERE status = 'queued') + (SELECT count(*) FROM intake),
                count(*) FILTER (WHERE status = 'sent')
            FROM outbox
        """
        with self.database.read() as connection:
            waiting, sent = connection.execute(text(query)).one()
        return int(waiting), int(sent)

    def wake(self, send: Callable[[list[bytes]], object]) -> None:
        """Have the worker send mails when a round begins, those of a few more people."""
        send(self.submit(_AWAKE))
        until = time.monotonic() + 5
        while self.mails()[0] > _LEFT and time.monotonic() < until:
            time.sleep(0.002)

    def settle(self) -> None:
        """Let nothing of a round be taken, and no mail of it be sent, during the next."""
        self.until_taken()
        with self.database.write() as connection:
            connection.execute(text("UPDATE outbox SET status = 'sent', done_at = created_at WHERE status = 'queued'"))

    def _found(self, query: str, number: int, who: str) -> list[str]:
        with self.database.read() as connection:
            rows = connection.execute(text(query), {"number": number, "who": f"{who}@%"})
            return [row[0] for row in rows]

    def _token(self, address: str) -> str:
        html = self.site.html(address)
        found = re.search(r'name="form_token" value="([^"]+)"', html)
        assert found is not None, html
        return found[1]

    def _post(self, address: str, fields: dict[str, str]) -> bytes:
        return self._post_body(address, urlencode(fields))

    def _post_body(self, address: str, body: str) -> bytes:
        return post(address, self.site.host, body.encode())
