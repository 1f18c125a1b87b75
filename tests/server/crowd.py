"""People who ask, confirm and withdraw over HTTP all at once, and insist when the server asks them to come back."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from tests.delivery.sink import Sink, until
from tests.server.running import Answer, get, post, whole_link

Act = tuple[str, str, Callable[[], Answer]]
"""What is done, who does it (a mail address), and how."""

_AT_ONCE = 8
_PATIENCE = 60


@dataclass
class Crowd:
    """The people who use a server. `acknowledged` holds each act that it said yes to; `refused` counts its 503s."""

    address: str
    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    refused: int = 0

    def asks(self, email: str, controller: str) -> Act:
        """Fill in the form `careers` of a controller, and send it."""
        form = f"{self.address}/f/{controller}/careers?lang=nl"
        return "asked", email, lambda: _press(form, email=email, purposes=["keep_cv"])

    def confirms(self, email: str, link: str) -> Act:
        """Press the button behind a confirmation link."""
        return "confirmed", email, lambda: _press(link)

    def withdraws(self, email: str, link: str) -> Act:
        """Stop everything, as the button of a mail program does."""
        return "withdrawn", email, lambda: post(link, "List-Unsubscribe=One-Click")

    def do(self, acts: Iterable[Act]) -> None:
        """Do all this, much of it at once, and return when the last act is acknowledged."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for done in [pool.submit(self._insist, act) for act in acts]:
                done.result()

    @contextmanager
    def doing(self, acts: Iterable[Act]) -> Iterator[None]:
        """Do all this while the block runs; at its end, wait until the last act is acknowledged."""
        before = len(self.acknowledged)
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(self.do, acts)
            until(lambda: len(self.acknowledged) > before or done.done(), "a first act")
            yield
        done.result()

    def walk(self, people: dict[str, str], sink: Sink) -> None:
        """Let people (the mail address of each, and the controller) go the whole way, from mail to mail."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for walked in [pool.submit(self._walk, email, people[email], sink) for email in people]:
                walked.result()

    def _walk(self, email: str, controller: str, sink: Sink) -> None:
        self._insist(self.asks(email, controller))
        self._insist(self.confirms(email, whole_link(_mail(sink, email, 0), "confirm")))
        self._insist(self.withdraws(email, whole_link(_mail(sink, email, 1), "withdraw")))

    def _insist(self, act: Act) -> None:
        what, email, run = act
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            answer = run()
            if answer.status == 200:
                self.acknowledged.append((what, email))
                return
            assert answer.status == 503, f"{what}: {answer.status}"
            assert int(answer.headers["Retry-After"]) > 0
            assert "Traceback" not in answer.html
            self.refused += 1
            time.sleep(0.1)
        raise AssertionError(f"{what}: never acknowledged")


def _press(address: str, **typed: str | list[str]) -> Answer:
    """Load a page and press its button; a page without one says that it was done before, though nobody heard so."""
    page = get(address)
    return page if page.status != 200 or page.page.find(".//form") is None else page.press(0, **typed)


def _mail(sink: Sink, email: str, number: int) -> EmailMessage:
    def own() -> list[EmailMessage]:
        return [received.mail for received in sink.mails if received.recipients == (email,)]

    until(lambda: len(own()) > number, f"mail {number} to {email}", _PATIENCE)
    return own()[number]
