"""Single values of a definition that need more than a type: addresses, origins, periods, countries.

Each function returns the value, or raises a pydantic error with a code of the linter and what to write.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from pydantic_core import PydanticCustomError

from ...domain.form import FONTS, GENERIC_FAMILIES
from ...languages import LANGUAGES
from ...period import Period
from ..source.report import quote
from .bounds import A_PERIOD, LONGEST_PERIOD, SHORTEST_PERIOD
from .vocabulary import CONTROLLER_COUNTRIES, countries

UNTIL_WITHDRAWN = "until_withdrawn"

_HOST = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*"
_PORT = r"(?::(?P<port>[1-9][0-9]{0,4}))?"
_LOOPBACK = r"http://(?:localhost|127\.0\.0\.1|\[::1\])"
# What stands here goes into a Content-Security-Policy header, so it is matched whole and never repaired.
_ORIGIN = re.compile(rf"(?P<scheme>https)://{_HOST}{_PORT}|{_LOOPBACK}{_PORT.replace('port', 'local_port')}")
_ADDRESS = re.compile(rf"https://{_HOST}{_PORT}(?:[/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?", re.IGNORECASE)
_FAMILY = re.compile(r"(?P<quote>[\"']?)(?P<name>-?[A-Za-z][A-Za-z0-9]*(?:[ -]+[A-Za-z0-9]+)*)(?P=quote)")

LOGO = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,60}\.(svg|png|webp)$"
_START = datetime(2000, 1, 1, tzinfo=UTC)


def wrong(code: str, message: str) -> PydanticCustomError:
    """An error for pydantic that carries a code of the linter."""
    # As a value of the template: pydantic would take braces in the message itself for placeholders.
    return PydanticCustomError("fault", "{code} {message}", {"code": code, "message": message})


def period(value: object) -> Period:
    """A period within the bounds."""
    try:
        read = Period.parse(value) if isinstance(value, str) else None
        length = read.after(_START) if read else None
    except (ValueError, OverflowError):
        read = length = None
    if read is None or length is None:
        raise wrong("AK217", f"write a number and a unit, such as {A_PERIOD}")
    if not SHORTEST_PERIOD.after(_START) <= length <= LONGEST_PERIOD.after(_START):
        raise wrong("AK217", f"write a period from {SHORTEST_PERIOD} to {LONGEST_PERIOD}")
    return read


def keep(value: object) -> Period | str:
    """How long data is kept: a period, or the word `until_withdrawn`."""
    return UNTIL_WITHDRAWN if value == UNTIL_WITHDRAWN else period(value)


def is_longer(one: object, other: object) -> bool:
    """Whether one written period ends after the other, whatever their units; never where one is no period."""
    try:
        return period(one).after(_START) > period(other).after(_START)
    except PydanticCustomError:
        return False


def email(value: str) -> str:
    """One email address, checked for its form alone and never by DNS; in its normal form."""
    try:
        if len(value) > 254:
            raise EmailNotValidError
        return validate_email(value, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise wrong("AK218", "not an email address: write one, such as `privacy@company.example`") from None


def contact(value: str) -> str:
    """An email address that may stand in the header of every mail, whichever server sends it."""
    if not value.rpartition("@")[0].isascii():
        raise wrong("AK218", "every mail names this address, and few servers take it: write one in ASCII before the @")
    return value


def web_address(value: str) -> str:
    """An https address of a page."""
    match = _ADDRESS.fullmatch(value) if len(value) <= 500 else None
    if match is None or not _is_port(match["port"]):
        raise wrong(
            "AK219",
            "write a whole address that begins with `https://`, such as `https://www.company.example/privacy`",
        )
    return value


def origin(value: str) -> str:
    """The origin of a site: scheme, host and port, written exactly as browsers write it."""
    match = _ORIGIN.fullmatch(value) if len(value) <= 300 else None
    if match is None:
        raise wrong("AK220", _what_is_wrong_with_origin(value))
    port = match["port"] or match["local_port"]
    if port == ("443" if match["scheme"] else "80"):
        raise wrong("AK220", f"leave out `:{port}`: browsers do")
    if not _is_port(port):
        raise wrong("AK220", "a port is a number up to 65535")
    return value


def font(value: str) -> str:
    """A font of the kit's, or a stack of families as `Gill Sans, Calibri, sans-serif`: without quotes, whole names."""
    if value in FONTS:
        return value
    families = [_FAMILY.fullmatch(family.strip()) for family in value.split(",")]
    names = [" ".join(family["name"].split()) for family in families if family]
    if len(names) != len(families) or len(value) > 200:
        raise wrong("AK231", "write letters, digits and spaces, such as `Gill Sans, Calibri, sans-serif`")
    if names[-1] not in GENERIC_FAMILIES:
        raise wrong(
            "AK231",
            f"write {', '.join(FONTS)}, or a stack that ends in a generic family,"
            f" such as `{quote(', '.join(names))}, sans-serif`",
        )
    return ", ".join(names)


def logo(value: str) -> str:
    """The name of a picture beside controller.yaml."""
    if re.fullmatch(LOGO, value) is None:
        raise wrong(
            "AK232", "write the name of a file beside controller.yaml that ends in .svg, .png or .webp: `logo.svg`"
        )
    return value


def country(value: str) -> str:
    """The two-letter code of a country (ISO 3166-1)."""
    if not is_country(value):
        meant = {"UK": " (the United Kingdom is `GB`)", "EL": " (Greece is `GR`)"}.get(value, "")
        raise wrong("AK222", f"write the country as two capital letters, such as `BE`, `NL` or `US`{meant}")
    return value


def is_country(value: str) -> bool:
    """Whether this is the code of a country."""
    return value in countries()


def controller_country(value: str) -> str:
    """The code of a country that a controller can be in."""
    country(value)
    if value not in CONTROLLER_COUNTRIES:
        raise wrong(
            "AK222",
            "a controller is in the EEA, the United Kingdom or Switzerland: write its code, such as `BE`",
        )
    return value


def in_every_language(value: object) -> object:
    """Takes one text for all languages as well as a text per language."""
    return dict.fromkeys(LANGUAGES, value) if isinstance(value, str) else value


def day(value: str) -> str:
    """A date as `2026-01-15`."""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise wrong("AK203", "write a date as year, month and day, such as `2026-01-15`") from None


def none_or(example: str) -> Callable[[object], object]:
    """Accepts the word `none` for "there is none", and a block of keys; anything else is neither."""

    def read(value: object) -> object:
        if value == "none":
            return None
        if isinstance(value, dict):
            return value
        raise wrong("AK203", f"write `none`, or {example}")

    return read


def none_or_list(value: object) -> object:
    """Accepts the word `none` for an empty list, and a list with entries."""
    if value == "none":
        return ()
    if isinstance(value, tuple) and value:
        return value
    raise wrong("AK203", "write `none`, or a list with the name, country and what else is asked of each")


def _is_port(port: str | None) -> bool:
    return port is None or int(port) <= 65535


def _what_is_wrong_with_origin(value: str) -> str:
    example = "write `https://` and the host, such as `https://www.company.example`"
    if "*" in value:
        return f"no wildcard: name each site; {example}"
    try:
        parts = urlsplit(value)
        rest = parts.path or parts.query or parts.fragment or value.endswith(("?", "#"))
        host = parts.netloc
    except ValueError:
        return f"not an origin: {example}"
    if parts.scheme == "http":
        return "a site that frames a form needs https; only `http://localhost` and `http://127.0.0.1` do without"
    if "@" in host:
        return f"no name or password: {example}"
    if host and rest:
        return f"an origin ends after the host: leave out the path; {example}"
    if not host.isascii():
        return "write the host as browsers send it, in the form `xn--…`"
    if host != host.lower():
        return "write the host in small letters"
    return f"not an origin: {example}"
