"""One strict guard in front of every mail header.

Python's mail classes fold headers on characters that they did not refuse before (facts: CPython issue 46462), and a
comma in an address makes a second recipient. So nothing gets in that is not one line and one address.
"""

import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy

_AS_THEY_ARE = frozenset(("list-unsubscribe", "list-unsubscribe-post", "message-id", "auto-submitted"))


class UnsafeHeader(ValueError):
    """A value for a header has a control character, a line break or more than one address in it."""


def safe_header(value: str) -> str:
    """The value, when it may stand in a header.

    Raises:
        UnsafeHeader: for any control character, line or paragraph separator, or lone surrogate.
    """
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in value):
        raise UnsafeHeader("a control character or a line break")
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
    """SMTP's rules, but a link in a header stays on one line: folding would make encoded words of it (RFC 8058)."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() in _AS_THEY_ARE:
            return f"{name}: {value}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in _AS_THEY_ARE:
            return self.fold(name, value).encode("ascii")
        return bytes(super().fold_binary(name, value))


POLICY = _Policy(linesep=SMTP.linesep, max_line_length=78)


def new_message(utf8: bool = False) -> EmailMessage:
    """An empty message under our policy. `utf8` is for an address that needs SMTPUTF8 (RFC 6531)."""
    return EmailMessage(POLICY.clone(utf8=utf8))
