"""The way out for mail, as those see it who only hand mails over: what it does, and how it says no."""

from email.message import EmailMessage
from typing import Protocol


class Unsent(Exception):
    """The mail could not be handed over now; it may succeed later. The text holds no address."""


class Refused(Exception):
    """The server will never take this mail. The text holds no address."""


class Outlet(Protocol):
    """Where mails go: an SMTP server, or the demo's inbox."""

    def deliver(self, message: EmailMessage, sender: str, recipient: str) -> None:
        """Hand one mail over. Raises Unsent or Refused."""

    def close(self) -> None:
        """End the connection, if there is one."""
