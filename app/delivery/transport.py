"""The way out for mail, as those see it who only hand mails over: what it does, and how it says no."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """A finished mail, byte for byte: it ends with a line break, and no line of it begins with a dot.

    `needs_utf8` is whether only a server with SMTPUTF8 (RFC 6531) can take it.
    """

    data: bytes
    needs_utf8: bool = False


class DeliveryFailure(Exception):
    """Why a mail was not handed over: the step, the SMTP code and the enhanced code. The text holds no address."""


class TemporaryFailure(DeliveryFailure):
    """This mail could not be handed over now, and others may well be; it may succeed later."""


class PermanentFailure(DeliveryFailure):
    """The server will never take this mail for this recipient."""


class ServerFailure(DeliveryFailure):
    """The server, or the way to it, is at fault, and no mail is: no other would go either."""


class InDoubt(DeliveryFailure):
    """The server refused this mail, and it cannot be told whether for the recipient or for its own set-up.

    `is_final` is whether the mail is to be given up once it is known that the set-up was not to blame.
    """

    def __init__(self, text: str, is_final: bool) -> None:
        super().__init__(text)
        self.is_final = is_final


class PerhapsSent(DeliveryFailure):
    """The mail was handed over to its last dot, and then the answer was lost: who tries again may send it twice."""


class Unanswered(Protocol):
    """A mail that was handed over to its last dot, while the server still thinks about it."""

    def is_taken(self, seconds: float) -> bool:
        """Wait so long for the answer: whether the mail was taken by then. Raises like `deliver`."""

    def close(self) -> None:
        """End the connection, and the wait."""


class Transport(Protocol):
    """Where mails go: an SMTP server, or the demo's inbox."""

    def deliver(self, message: Message, sender: str, recipient: str) -> Unanswered | None:
        """Hand one mail over. None when it was taken; what is still unanswered is no longer the transport's business.

        Raises:
            DeliveryFailure: one of the kinds above.
        """

    def close(self) -> None:
        """End the connection, if there is one."""
