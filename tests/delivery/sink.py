"""A real SMTP server on loopback for tests: keeps what it gets, and answers as badly as a test wants."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


def free_port() -> int:
    """A port of 127.0.0.1 where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], bool], what: str, seconds: float = 180) -> None:
    """Wait until something is so. What never comes to be so fails after a time that no machine needs.

    A minute was too short: with 27 processes waiting for two cores, a demo took longer to start.
    """
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not in time: {what}"
        time.sleep(0.02)


@dataclass(frozen=True)
class Received:
    """A mail as the server got it, byte for byte."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    options: tuple[str, ...]
    encrypted: bool

    @property
    def head(self) -> bytes:
        """The header lines."""
        return self.data.partition(b"\r\n\r\n")[0]

    @cached_property
    def mail(self) -> EmailMessage:
        """The mail as a mail program reads it, not to be changed."""
        return message_from_bytes(self.data.replace(b"\r\n", b"\n"), EmailMessage, policy=default)


class Sink:
    """Use it as a context manager. `answer` is asked for MAIL, RCPT and DATA with their argument, and may raise.

    `silent_at` names a command that is never answered, until `speak` is called. `drops` is how many connections are
    still to be cut right after a mail was taken, before the client hears so; `hangs_up` is to end every connection
    after one mail. `callers` are the addresses of the connections that a mail came over.
    """

    def __init__(self, port: int = 0, secret: ssl.SSLContext | None = None, **parameters: Any) -> None:
        self.port = port or free_port()
        self.mails: list[Received] = []
        self.answer: Callable[[str, str], str] = lambda verb, argument: OK
        self.silent_at = ""
        self.asked: list[str] = []
        self.drops = 0
        self.hangs_up = False
        self.callers: set[object] = set()
        self._secret = secret
        self._parameters: dict[str, Any] = {"server_hostname": "sink.test", "enable_SMTPUTF8": True} | parameters
        self._controller: Controller | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen."""
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, ssl_context=self._secret, **self._parameters
        )
        self._controller.start()

    def stop(self) -> None:
        """Listen no more. What was taken stays in `mails`."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def speak(self) -> None:
        """Answer again, also what was asked before."""
        self.silent_at = ""

    async def _reply(self, verb: str, argument: str) -> str:
        self.asked.append(verb)
        while self.silent_at == verb:
            await asyncio.sleep(0.02)
        return self.answer(verb, argument)

    async def handle_MAIL(  # noqa: N802 (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.callers.add(session.peer)
        reply = await self._reply("MAIL", address)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return reply

    async def handle_RCPT(  # noqa: N802 (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await self._reply("RCPT", address)
        if reply == OK:
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(  # noqa: N802 (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        reply = await self._reply("DATA", "")
        if reply == OK:
            self.mails.append(
                Received(
                    sender=envelope.mail_from or "",
                    recipients=tuple(envelope.rcpt_tos),
                    data=bytes(envelope.original_content or b""),
                    options=tuple(envelope.mail_options),
                    encrypted=session.ssl is not None or self._secret is not None,
                )
            )
        assert isinstance(server.transport, asyncio.Transport)
        if self.drops:
            self.drops -= 1
            server.transport.abort()
        elif self.hangs_up:
            asyncio.get_running_loop().call_later(0.01, server.transport.close)
        return reply
