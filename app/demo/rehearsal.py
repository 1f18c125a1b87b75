"""What follows a form, for the preview: somebody made up goes the whole way, in a kit that is thrown away afterwards.

The demo's own database and inbox see nothing of it.
"""

import fcntl
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import lru_cache
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from ..config import Settings
from ..delivery.transport import Message
from ..domain.age import Verdict
from ..domain.consent import Audience
from ..domain.form import ServedForm
from ..domain.notice import Notice, NoticeField
from ..factory import create_app
from ..services import publishing
from ..services.context import Context
from ..signing import utc_now
from ..web.form_visit import step_token
from ..worker import Worker

_TYPED = {
    "name": "Noor",
    "text": "Noor",
    "long_text": "Noor",
    "tel": "+32 470 12 34 56",
    "date": "27 3 1984",
    "postal_address": "Korenmarkt 7, 9000 Gent",
}
"""An answer to a field of each type; to a choice it is the first option."""
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
_LATER = timedelta(minutes=1)
_PREFIX = "preview-"
_LOCK = "lock"
"""A file in the folder of a kit, locked as long as its demo lives: the lock ends with the process, however it ends."""

STEPS = {
    "errors": "Something to put right",
    "sent": "The answer",
    "mail": "The mail that asks",
    "asked": "The page behind it",
    "decided": "The answer to a yes",
    "child-mail": "The mail to a child’s own address",
    "receipt": "The mail with what was decided",
    "stop": "The page that stops it",
    "stopped": "The answer to a stop",
    "stopped-mail": "The mail after a stop",
}
"""What can follow, in its order, by its name in the preview's address."""


class Rehearsal:
    """A kit for the definitions in a folder as they are now, with a clock of its own."""

    def __init__(self, settings: Settings, forms: Path, site: str) -> None:
        self._folder = TemporaryDirectory(prefix=_PREFIX, dir=settings.DATA_DIR)
        self._lock = (Path(self._folder.name) / _LOCK).open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._late, self._people = timedelta(), 0
        self._mails: list[EmailMessage] = []
        settings = replace(settings, DATA_DIR=Path(self._folder.name), DATABASE_URL="")
        self._ctx = Context.open(settings, self._now, limited=False)
        self._site = site
        publishing.publish(self._ctx, forms, (site,))
        self._app = create_app(settings, ctx=self._ctx)
        self._client = self._app.test_client()
        self.steps = lru_cache(maxsize=64)(self._steps)

    def _now(self) -> datetime:
        return utc_now() + self._late

    def _steps(self, name: tuple[str, str], language: str, verdict: Verdict | None, scheme: str) -> dict[str, str]:
        """The HTML of what follows a form, by its name in `STEPS`: as far as what is made up fits the form.

        `name` is its controller and itself, `verdict` what an age question found, `scheme` that of the page around it.
        """
        served = self._app.extensions["akkoord"].forms.get(name)
        if served is None or not served.in_order:
            return {}
        query = {"lang": language, "site": self._site} | ({"scheme": scheme} if scheme else {})
        query |= {"step": step_token(self._ctx, served, verdict)} if verdict else {}
        found: dict[str, str] = {}
        with suppress(KeyError):  # no mail came
            found.update(self._walk(served, language, f"/f/{name[0]}/{name[1]}?{urlencode(query)}", verdict))
        return found

    def _walk(
        self, served: ServedForm, language: str, address: str, verdict: Verdict | None
    ) -> Iterator[tuple[str, str]]:
        found = _TOKEN.search(self._get(address))
        token = {"form_token": found[1] if found else ""}
        answers = self._answers(served, language)
        if served.threshold and verdict is None:
            yield "errors", self._post(address, token)
            return
        yield "errors", self._post(address, token | {"purposes": answers["purposes"]})
        yield "sent", self._post(address, token | answers)
        asks = self._arrived()[answers["email"]]
        yield "mail", _html(asks)
        is_child = verdict is not None and verdict.audience == Audience.CHILD
        page = _link(asks, "guardian" if is_child else "confirm")
        yield "asked", self._get(page)
        yield "decided", self._post(page, answers)
        arrived = self._arrived()
        if answers["child_email"] in arrived:
            yield "child-mail", _html(arrived[answers["child_email"]])
        if answers["email"] not in arrived:  # a parent gets it after a while
            self._late += self._ctx.settings.MAIL_PLUS_AFTER.after(self._now()) - self._now() + _LATER
            arrived = self._arrived()
        receipt = arrived[answers["email"]]
        yield "receipt", _html(receipt)
        page = _link(receipt, "withdraw")
        yield "stop", self._get(page)
        yield "stopped", self._post(page, {"decision": "stop"})
        yield "stopped-mail", _html(self._arrived()[answers["email"]])

    def _get(self, address: str) -> str:
        return self._client.get(address, base_url=self._ctx.settings.BASE_URL).text

    def _post(self, address: str, data: dict[str, Any]) -> str:
        data = {"decision": "yes"} | data
        return self._client.post(address, data=data, base_url=self._ctx.settings.BASE_URL).text

    def _answers(self, served: ServedForm, language: str) -> dict[str, Any]:
        """An answer to all that anybody is asked, on this form and behind its mails."""
        hashes = {served.notice_hash(language, audience) for audience in Audience} - {None}
        notices: list[Notice] = [self._ctx.stored_notice(one).notice for one in hashes if one]
        asked = {purpose.id: purpose for notice in notices for purpose in notice.asked}
        self._people += 1  # nobody has said yes or no before
        email = f"sofie{self._people}@example.com"
        return {
            "purposes": list(asked),
            "explicit": [purpose.id for purpose in asked.values() if purpose.statement],
            "email": email,
            "guardian_email": email,
            "child_name": "Noor",
            "child_birth_month": "3",
            "child_birth_year": str(self._now().year - 9),
            "child_email": f"noor{self._people}@example.com",
            "is_guardian": "yes",
        } | {field.id: _typed(field) for notice in notices for field in notice.fields}

    def _arrived(self) -> dict[str, EmailMessage]:
        """The mails that are due, by who gets them."""
        self._mails.clear()
        Worker(self._ctx, self).work_off()
        return {str(mail["To"]): mail for mail in self._mails}

    def deliver(self, message: Message, sender: str, recipient: str) -> None:
        """Take a mail: this stands where the SMTP server stands in production."""
        self._mails.append(message_from_bytes(message.data.replace(b"\r\n", b"\n"), EmailMessage, policy=default))

    def close(self) -> None:
        """Nothing to end."""


def clear(data: Path) -> None:
    """Delete from a data folder the kits of demos that were killed; those of a demo that lives stay."""
    for folder in data.glob(f"{_PREFIX}*"):
        with suppress(OSError), (folder / _LOCK).open("w") as lock:  # an earlier release made none
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            rmtree(folder)


def _typed(field: NoticeField) -> str:
    return str(field.options[0][0]) if field.options else _TYPED[field.type]


def _html(message: EmailMessage) -> str:
    body = message.get_body(("html",))
    return str(body.get_content()) if body else ""


def _link(message: EmailMessage, kind: str) -> str:
    """The address, without the host, of the link of this kind in a mail."""
    body = message.get_body(("plain",))
    found = re.search(rf"https?://[^/\s]+(/{kind}/\S+)", body.get_content() if body else "")
    return found[1] if found else "/"
