"""Mail addresses: checked for form and never by DNS, and the text by which two of them are the same."""

import re
import unicodedata
from dataclasses import dataclass

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from . import providers
from .typed_text import ordinary, without_blank_ends

LONGEST = 254
"""Octets in an address that SMTP can carry (RFC 5321 section 4.5.3.1.3)."""


_PLAIN = re.compile(
    r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@((?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+([a-z]{2,}))", re.IGNORECASE | re.ASCII
)
_PLAIN_UP_TO = 64
"""Characters of an address that is read at a glance: no part of it can be too long then."""
_SPECIAL = frozenset(name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES) - {"test"}
_LONGEST_TYPED = 2000
_NAMED = re.compile(r"[^<>@]*<\s*([^<>]*)>[\s.,;]*")
_MAILTO = re.compile(r"mailto:\s*([^?]*)(?:\?.*)?", re.IGNORECASE)
_AFTER = ">)]\"'\u2019\u201d\u00bb,;:. "
_PASTED = frozenset("\u200b\u200e\u200f\u2060\ufeff\u00ad")
"""Invisible signs that pages and telephones put into an address so that it breaks or reads well."""
_BREAK = re.compile(r"[^\S ]")


class AddressProblem(Exception):
    """An address cannot be used; `key` names the sentence that says what to do, with `values` to fill in."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True)
class Address:
    """An address to send to, and the key that all spellings of it share. Plus-tags and homographs stay apart."""

    email: str
    key: str


def as_meant(text: str) -> str:
    """What was typed, without what is no part of an address: a name before it, `mailto:`, marks around it.

    What cannot stand in an address and has one meaning there is read as that: a comma or two dots in the domain, spaces
    around the @ and the dots, letters and signs of full width.
    """
    if len(text) > _LONGEST_TYPED or _PLAIN.fullmatch(text):
        return text
    found = without_blank_ends(unicodedata.normalize("NFC", _each_ordinary(text)))
    if named := _NAMED.fullmatch(found):
        found = named[1]
    if linked := _MAILTO.fullmatch(found):
        found = linked[1]
    found = without_blank_ends(found.lstrip('<(["\u2018\u201c\u00ab').rstrip(_AFTER))
    if found.startswith("'") and text.rstrip().endswith("'"):
        found = found[1:]
    local, at, domain = (part.strip(" ") for part in found.partition("@"))
    if at and local and "@" not in domain:
        domain = re.sub(r" *\. *", ".", domain)
        if " " not in domain:
            domain = re.sub(r"\.{2,}", ".", domain.replace(",", "."))
    return local + at + domain


def read_address(text: str) -> Address:
    """Read one address as a person typed it.

    Raises:
        AddressProblem: when nothing, more than one address or something else was typed.
    """
    plain = _PLAIN.fullmatch(text) if len(text) <= _PLAIN_UP_TO else None
    if plain is None or plain[2].lower() in _SPECIAL:
        return read_any_address(text)
    email = text[: plain.start(1)] + plain[1].lower()
    return Address(email, email.lower())


def read_any_address(text: str) -> Address:
    """Read an address of any shape; of a plain one `read_address` says the same at a fourteenth of the cost."""
    typed = as_meant(text)
    if not typed:
        raise AddressProblem("error.email.missing")
    if len(typed.encode("utf-8", "surrogatepass")) > LONGEST:
        raise AddressProblem("error.email.too_long")
    if typed.count("@") > 1:
        raise AddressProblem("error.email.several")
    local, _, domain = typed.partition("@")
    # The first stands for bytes that were no text; the other begins an encoded word, which no mail header may hold.
    if "\ufffd" in typed or "=?" in typed or not local or not domain:
        raise AddressProblem("error.email.format")
    if any(mark in typed for mark in ",;"):
        raise AddressProblem("error.email.comma")
    if any(character.isspace() for character in typed):
        raise AddressProblem("error.email.format" if _BREAK.search(typed) else "error.email.spaces")
    try:
        valid = validate_email(typed, check_deliverability=False, test_environment=True, strict=True)
    except (EmailNotValidError, UnicodeError) as error:
        raise AddressProblem(_why(str(error))) from None
    email = f"{valid.local_part}@{valid.ascii_domain}"
    if len(email.encode()) > LONGEST:
        raise AddressProblem("error.email.too_long")
    return Address(email, f"{valid.local_part.lower()}@{valid.ascii_domain.lower()}")


def _each_ordinary(text: str) -> str:
    return "".join(ordinary(character) for character in text if character not in _PASTED)


def mailbox(key: str) -> str:
    """The mailbox that a key most probably leads to, to tell whether two addresses are read by one person.

    A tag after a plus leads nowhere else (RFC 5233); what single providers do besides stands in `providers`.
    """
    plain = key.lower() if key.isascii() else unicodedata.normalize("NFKC", key).casefold()
    local, _, domain = plain.rpartition("@")
    local = local.partition("+")[0] or local
    host, _, above = domain.partition(".")
    if above in providers.HOST_IS_NAME:
        return f"{host}@{above}"
    domain = providers.SAME_AS.get(domain, domain)
    if domain.startswith(providers.HYPHEN_TAGS):
        local = local.partition("-")[0] or local
    if ignored := providers.IGNORED.get(domain):
        local = local.translate(dict.fromkeys(map(ord, ignored))) or local
    return f"{local}@{domain}"


def own_domain(box: str) -> str:
    """The domain whose people a mailbox is one of, such as a company's; empty for that of a public mailbox provider."""
    domain = box.rpartition("@")[2]
    return "" if domain in providers.PUBLIC else domain


def _why(message: str) -> str:
    if "too long" in message and "@-sign" not in message:
        return "error.email.too_long"
    return "error.email.domain" if "after the @-sign" in message else "error.email.format"
