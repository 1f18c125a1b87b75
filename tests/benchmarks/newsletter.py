"""What is asked of django-newsletter: the same steps as of the kit, with a CSRF token as a browser would send it."""

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from urllib.parse import quote

from .load import get, post
from .servers import Site

_FORM = "/newsletter/news/subscribe/"
_CSRF = "b" * 32
_NUMBERS = count(1)


class Newsletter:
    """A running site with django-newsletter, and its database."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self._file = folder / "peer.db"

    def form(self, number: int) -> list[bytes]:
        """The page of the form."""
        return [get(_FORM, self.site.host)] * number

    def subscribe(self, number: int) -> list[bytes]:
        """The form, filled in by somebody new each time."""
        people = (f"sofie.{next(_NUMBERS)}@voorbeeld.test" for _ in range(number))
        return [self._post(_FORM, f"name_field=Sofie&email_field={quote(person)}") for person in people]

    def activate(self, number: int) -> list[bytes]:
        """The yes behind a link from a mail, each of another person."""
        return self._acts("subscribe", "NOT subscribed AND NOT unsubscribed", number)

    def unsubscribe(self, number: int) -> list[bytes]:
        """The stop behind a link from a mail, which this person had to ask for first; that is not measured."""
        return self._acts("unsubscribe", "subscribed", number)

    def all(self) -> int:
        """How many people it knows."""
        return self._count("1")

    def active(self) -> int:
        """How many are subscribed."""
        return self._count("subscribed")

    def gone(self) -> int:
        """How many have unsubscribed."""
        return self._count("unsubscribed")

    def _acts(self, action: str, where: str, number: int) -> list[bytes]:
        query = f"""
            SELECT email, activation_code FROM newsletter_subscription WHERE {where} ORDER BY id DESC LIMIT {number}
        """
        with closing(sqlite3.connect(self._file)) as connection:
            found = connection.execute(query).fetchall()
        return [
            self._post(
                f"/newsletter/news/subscription/{email}/{action}/activate/{code}/",
                f"name_field=Sofie&email_field={quote(email)}&user_activation_code={code}",
            )
            for email, code in found
        ]

    def _count(self, where: str) -> int:
        with closing(sqlite3.connect(self._file)) as connection:
            query = f"SELECT count(*) FROM newsletter_subscription WHERE {where}"
            return int(connection.execute(query).fetchone()[0])

    def _post(self, path: str, body: str) -> bytes:
        cookie = f"Cookie: csrftoken={_CSRF}\r\n"
        return post(path, self.site.host, f"csrfmiddlewaretoken={_CSRF}&{body}".encode(), cookie)
