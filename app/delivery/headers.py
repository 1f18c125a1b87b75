"""One strict guard in front of every mail header.

Python's mail classes fold headers on characters that they did not refuse before (facts: CPython issue 46462), a comma
in an address makes a second recipient, and an encoded word (RFC 2047) is decoded on its way in, line breaks included.
So nothing gets in that is not one line and one address, as it stands.
"""

import unicodedata
from email.header import Header
from email.headerregistry import Address, AddressHeader, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Any

_AS_THEY_ARE = frozenset(("to", "reply-to", "date", "list-unsubscribe", "message-id"))
"""Headers that differ from mail to mail, and are filled in."""


class UnsafeHeader(ValueError):
    """A value for a header has a control character, an encoded word or more than one address in it."""


def safe_header(value: str) -> str:
    """The value, when it may stand in a header.

    Raises:
        UnsafeHeader: for any control character, line or paragraph separator, lone surrogate, or encoded word.
    """
    if not value.isprintable() and any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in value):
        raise UnsafeHeader("a control character or a line break")
    if "=?" in value:
        raise UnsafeHeader("the start of an encoded word")
    return value


def safe_address(address: str, display_name: str = "") -> Address:
    """One address for a header, with a name before it.

    Raises:
        UnsafeHeader: when it is not exactly one address.
    """
    local, at, domain = safe_header(address).rpartition("@")
    if not at or not local or not domain or "@" in local or any(mark in address for mark in ' ,;:<>()[]\\"'):
        raise UnsafeHeader("not exactly one address")
    return Address(safe_header(display_name), username=local, domain=domain)


class _Policy(EmailPolicy):
    """SMTP's rules, with two of our own.

    A link in a header stays on one line: folding would make encoded words of it (RFC 8058). And a text that needs
    encoded words is encoded as a whole: Python's folding loses the space between two of them.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if name.lower() in _AS_THEY_ARE:
            return name, str(value)
        return super().header_store_parse(name, value)

    def fold(self, name: str, value: str) -> str:
        if name.lower() in _AS_THEY_ARE:
            return f"{name}: {value}{self.linesep}"
        if isinstance(value, UnstructuredHeader) and not self.utf8 and not value.isascii():
            return f"{name}: {self._encoded(name, value)}{self.linesep}"
        if isinstance(value, AddressHeader) and not self.utf8 and not value.isascii():
            (address,) = value.addresses
            text = self._encoded(name, address.display_name)
            return f"{name}: {text}{self.linesep} <{address.addr_spec}>{self.linesep}"
        return self._begun(name, str(super().fold(name, value)))

    def _begun(self, name: str, folded: str) -> str:
        """The same with its text on the first line: Python leaves that empty where all of the text fits on the second.

        Some readers take the space with which that one begins for a part of the subject.
        """
        line = folded.replace(f"{name}:{self.linesep} ", f"{name}: ", 1)
        cut = line.rfind(" ", len(name) + 2, self.max_line_length)
        if line == folded or cut < 0 or line.count(self.linesep) > 1:
            return folded
        return f"{line[:cut]}{self.linesep}{line[cut:]}"

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("utf-8" if self.utf8 else "ascii")

    def _encoded(self, name: str, text: str) -> str:
        return Header(text, "utf-8", maxlinelen=75, header_name=name).encode(linesep=self.linesep)


def new_message(utf8: bool = False) -> EmailMessage:
    """An empty message under our policy. `utf8` is for an address that needs SMTPUTF8 (RFC 6531)."""
    return EmailMessage(_Policy(linesep=SMTP.linesep, max_line_length=78, utf8=utf8))
