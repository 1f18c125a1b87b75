"""A mail server that does to its clients what mail servers do, for each recipient or each mail."""

import asyncio
import threading
import time
from collections import Counter

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.delivery.sink import OK, Sink
from tests.factories import text_of
from tests.server.running import whole_link


class MailServer(Sink):
    """A sink with more faults. All are off at first.

    `delay` is how many seconds each answer takes; `greylists` is how often each recipient is told to come back
    later; `refuses` is what the addresses of recipients begin with that are refused for good; `denies` is to relay for
    nobody; `holds` is to take mails and say nothing more until it is off again.
    """

    def __init__(self) -> None:
        super().__init__()
        self.delay = 0.0
        self.greylists = 0
        self.refuses = "-"
        self.denies = False
        self.holds = False
        self.tries: dict[str, list[float]] = {}
        self.answer = self._verdict
        self._links: dict[tuple[str, str], str] = {}
        self._read = 0
        self._reading = threading.Lock()

    def __enter__(self) -> "MailServer":
        self.start()
        return self

    def _verdict(self, verb: str, argument: str) -> str:
        if verb != "RCPT":
            return OK
        tries = self.tries.setdefault(argument, [])
        tries.append(time.monotonic())
        if self.denies:
            return "554 5.7.1 Relay access denied"
        if argument.startswith(self.refuses):
            return "550 5.1.1 nobody here of that name"
        if len(tries) <= self.greylists:
            return "451 4.7.1 greylisted, come back later"
        return OK

    async def _reply(self, verb: str, argument: str) -> str:
        await asyncio.sleep(self.delay)
        return await super()._reply(verb, argument)

    async def handle_EHLO(  # noqa: N802 (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        await asyncio.sleep(self.delay)
        session.host_name = hostname
        return responses

    async def handle_DATA(  # noqa: N802 (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        reply = await super().handle_DATA(server, session, envelope)
        while self.holds:
            await asyncio.sleep(0.02)
        return reply

    def ids(self) -> Counter[str]:
        """How often each mail came, by the part of its Message-ID that names it."""
        return Counter(received.mail["Message-ID"].strip("<>").partition("@")[0] for received in list(self.mails))

    def link(self, email: str, kind: str) -> str | None:
        """The link of this kind in a mail to this address, once one has come."""
        with self._reading:
            for received in self.mails[self._read :]:
                text = text_of(received.mail)
                for known in ("confirm", "guardian", "withdraw"):
                    if f"/{known}/" in text:
                        self._links.setdefault((received.recipients[0], known), whole_link(received.mail, known))
                self._read += 1
            return self._links.get((email, kind))
