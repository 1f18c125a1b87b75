"""What is asked of the kit: one request of each kind for each person, and how often the database says it was done."""

import re
import time
from collections.abc import Callable
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import quote, urlencode

from sqlalchemy import text

from app.signing import Signing
from app.storage.database import Database

from .load import get, post
from .servers import Site

FORM = "/f/talentwerk/careers?lang=nl"
AGE_GATE = "/f/demolen/newsletter?lang=nl"
_NUMBERS = count(1)
_WAITING = 200
"""Mails that wait when a round begins, so that the worker sends all through it."""


class Akkoord:
    """A running kit and its database."""

    def __init__(self, site: Site, folder: Path, database_url: str = "") -> None:
        self.site = site
        url = database_url.replace("postgresql://", "postgresql+psycopg://")
        self.database = Database(url or f"sqlite:///{folder / 'data' / 'akkoord.db'}")
        self._signing = Signing(((folder / "data" / "secret_key").read_text(encoding="utf-8").strip(),))

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
        fixed = {
            "form_token": self._token(FORM),
            "purposes": "offers_mail",
            "first_name": "Sofie",
            "website": "",
            "decision": "yes",
        }
        template = urlencode(fixed)
        return [
            self._post_body(FORM, f"{template}&email=" + quote(f"sofie.{next(_NUMBERS)}@voorbeeld.test"))
            for _ in range(number)
        ]

    def confirm(self, number: int) -> list[bytes]:
        """The yes behind a link from a mail, each of another person."""
        query = "SELECT id FROM requests WHERE status = 'requested' ORDER BY requested_at DESC LIMIT :number"
        return [
            self._post(f"/confirm/{self._signing.confirm.make(request)}", {"decision": "yes"})
            for request in self._found(query, number)
        ]

    def withdraw(self, number: int) -> list[bytes]:
        """The click on stop, each of another person."""
        query = """
            SELECT withdraw_token FROM subjects
            JOIN consents ON consents.subject = subjects.id
            WHERE consents.status = 'granted' ORDER BY since DESC LIMIT :number
        """
        return [self._post(f"/withdraw/{token}", {"decision": "stop"}) for token in self._found(query, number)]

    def stored(self, table: str, status: str) -> Callable[[], int]:
        """A count of the rows in a state, which each act raises by one."""
        query = f"SELECT count(*) FROM {table}" + (f" WHERE status = '{status}'" if status else "")

        def counted() -> int:
            with self.database.read() as connection:
                return int(connection.execute(text(query)).scalar_one())

        return counted

    def wake(self) -> None:
        """Have the worker send mails when a round begins, since it looks only now and then while there are none."""
        queue = f"""
            UPDATE outbox SET status = 'queued', lease_until = NULL, due_at = created_at
            WHERE id IN (SELECT id FROM outbox WHERE status = 'sent' ORDER BY created_at DESC LIMIT {_WAITING})
        """
        with self.database.write() as connection:
            connection.execute(text(queue))
        queued, deadline = self.stored("outbox", "queued"), time.monotonic() + 1.2
        before = queued()
        while before and queued() == before and time.monotonic() < deadline:
            time.sleep(0.01)

    def settle(self) -> None:
        """Let no mail of a round be sent during the next."""
        with self.database.write() as connection:
            connection.execute(text("UPDATE outbox SET status = 'sent', done_at = created_at WHERE status = 'queued'"))

    def _found(self, query: str, number: int) -> list[str]:
        with self.database.read() as connection:
            return [row[0] for row in connection.execute(text(query), {"number": number})]

    def _token(self, address: str) -> str:
        connection = HTTPConnection("127.0.0.1", self.site.port, timeout=20)
        connection.request("GET", address)
        html = connection.getresponse().read().decode()
        connection.close()
        found = re.search(r'name="form_token" value="([^"]+)"', html)
        assert found is not None, html
        return found[1]

    def _post(self, address: str, fields: dict[str, str]) -> bytes:
        return self._post_body(address, urlencode(fields))

    def _post_body(self, address: str, body: str) -> bytes:
        return post(address, self.site.host, body.encode())
