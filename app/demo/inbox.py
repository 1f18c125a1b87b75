"""The demo's inbox: takes the mails that would go to a server, keeps them as files, and shows them."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from pathlib import Path

from .. import i18n
from ..delivery.transport import Message

_ADDRESS = re.compile(r"(https?://[^\s>]+)")


@dataclass(frozen=True)
class Mail:
    """A mail in the inbox, as its page shows it."""

    id: str
    sender: str
    to: str
    subject: str
    time: datetime
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]

    @property
    def sent(self) -> str:
        """The time of day in Brussels, as the mails tell it."""
        return f"{i18n.local(self.time, 'BE'):%H:%M}"

    @property
    def text_parts(self) -> list[tuple[str, bool]]:
        """The text, cut into pieces of which some are links."""
        pieces = _ADDRESS.split(self.text)
        return [(piece, bool(number % 2)) for number, piece in enumerate(pieces) if piece]


class Inbox:
    """A folder of mails. It stands where the SMTP server stands in production."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, message: Message, sender: str, recipient: str) -> None:
        """Keep a mail."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = max((int(path.stem) for path in self._files()), default=0) + 1
        draft = self._folder / f".{number}"
        draft.write_bytes(message.data)
        draft.rename(self._folder / f"{number:05}.eml")

    def close(self) -> None:
        """Nothing to end."""

    def mails(self) -> list[Mail]:
        """All mails, newest first."""
        return [self._read(path) for path in sorted(self._files(), reverse=True)]

    def _files(self) -> list[Path]:
        return [path for path in self._folder.glob("*.eml") if path.stem.isdigit()]

    def _read(self, path: Path) -> Mail:
        message = message_from_bytes(path.read_bytes(), EmailMessage, policy=SMTP)

        text, html = message.get_body(("plain",)), message.get_body(("html",))
        return Mail(
            id=path.stem,
            sender=message["From"].addresses[0].display_name,
            to=str(message["To"]),
            subject=str(message["Subject"]),
            time=parsedate_to_datetime(str(message["Date"])),
            text=text.get_content() if text else "",
            html=html.get_content() if html else "",
            headers=tuple((name, str(value)) for name, value in message.items()),
        )
