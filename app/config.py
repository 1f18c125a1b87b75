"""The settings: read once from the environment, checked, frozen. A wrong one stops the start with one line."""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from .period import Period

PREFIX = "AKKOORD_"

T = TypeVar("T")

LONGEST_TIMEOUT = 50
"""Seconds that a step of SMTP may take."""

_ORIGIN = re.compile(
    r"https?://([a-z0-9_.-]+|\[[0-9a-f:.]+\])(:(?P<port>[1-9][0-9]{0,4}))?/?", re.IGNORECASE | re.ASCII
)
_BARE_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+", re.ASCII)

_INJECTED = re.compile(
    r"(?:[A-Z0-9_]+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT_[0-9]+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)"
)
_INJECTED_PORT = re.compile(r"(?:[A-Z0-9_]+_)?PORT")
_INJECTED_VALUE = re.compile(r"(?:tcp|udp|sctp)://.*")

FORMS_DIR_MEANS = "the folder of the form definitions, a folder for each company in it"


class BadSetting(Exception):
    """A setting has a value that cannot be used; the text is one line that names it and says what to write."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{PREFIX}{name}: {problem}")


@dataclass(frozen=True)
class Rate:
    """At most `count` times in `per`."""

    count: int
    per: Period


def _text(name: str, text: str) -> str:
    if not text.isprintable():
        raise BadSetting(name, "holds a line break or another character that cannot be shown")
    return text


def _path(name: str, text: str) -> Path:
    return Path(_text(name, text))


def _number(lowest: int, highest: int) -> Callable[[str, str], int]:
    def read(name: str, text: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", text) or not lowest <= int(text) <= highest:
            raise BadSetting(name, f"write a whole number from {lowest} to {highest}, not {text[:40]!r}")
        return int(text)

    return read


def _yes_or_no(name: str, text: str) -> bool:
    if text.lower() not in ("true", "1", "yes", "on", "false", "0", "no", "off"):
        raise BadSetting(name, f"write true or false, not {text[:40]!r}")
    return text.lower() in ("true", "1", "yes", "on")


def _period(name: str, text: str) -> Period:
    try:
        period = Period.parse(text)
        period.delta  # noqa: B018  (months and years have no fixed length and cannot be waited for)
    except ValueError:
        raise BadSetting(name, f"write a period such as 20 seconds, 10 minutes or 7 days, not {text[:40]!r}") from None
    return period


def _timeout(name: str, text: str) -> Period:
    period = _period(name, text)
    if period.delta.total_seconds() > LONGEST_TIMEOUT:
        raise BadSetting(name, f"write at most {LONGEST_TIMEOUT} seconds: a mail is leased to a worker for a minute")
    return period


def _rate(name: str, text: str) -> Rate | None:
    if text.strip().lower() == "off":
        return None
    count, _, period = text.partition(" per ")
    try:
        return Rate(_number(1, 1_000_000)(name, count.strip()), _period(name, period.strip()))
    except BadSetting:
        raise BadSetting(name, f"write a rate such as 600 per 10 minutes, or off, not {text[:40]!r}") from None


def _keys(name: str, text: str) -> tuple[str, ...]:
    try:
        keys = json.loads(text)
    except ValueError:
        keys = None
    if not isinstance(keys, list) or not all(isinstance(key, str) and len(key) >= 16 for key in keys):
        raise BadSetting(name, 'write a JSON list of keys of 16 characters or more, oldest first, such as ["…", "…"]')
    return tuple(_in_utf8(name, key) for key in keys)


def _secret(name: str, text: str) -> str:
    if len(text) < 16:
        raise BadSetting(name, "is too short to be secret: use 16 random characters or more")
    return _in_utf8(name, text)


def _login(name: str, text: str) -> str:
    # Python's smtplib encodes it as ASCII, and would fail at each mail.
    if not text.isascii():
        raise BadSetting(name, "holds a character beyond ASCII, with which nobody can log in to a mail server here")
    return _text(name, text)


def _in_utf8(name: str, text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadSetting(name, "holds bytes that are no text: write it in UTF-8") from None
    return text


def _database(name: str, text: str) -> str:
    if not text.startswith(("postgresql://", "postgres://", "postgresql+psycopg://", "sqlite:///")):
        raise BadSetting(name, "write an address that starts with postgresql:// (or sqlite:///)")
    return _in_utf8(name, text)


def _base_url(name: str, text: str) -> str:
    match = _ORIGIN.fullmatch(text)
    if match is None or int(match["port"] or 1) > 65535:
        raise BadSetting(
            name, f"write the address of this server alone, such as https://forms.example, not {text[:80]!r}"
        )
    return text.rstrip("/").lower()


def _sender(name: str, text: str) -> str:
    # What passes here must pass the guard of the mail headers too, or else no mail could ever be written.
    if not _BARE_ADDRESS.fullmatch(text):
        raise BadSetting(name, f"write one bare mail address, such as forms@example.com, not {text[:80]!r}")
    return text


def _setting(default: T, read: Callable[[str, str], Any], meaning: str) -> T:
    """A setting of the class below: its default, what reads it from text, and what the manual says of it."""
    made: T = field(default=default, metadata={"read": read, "meaning": meaning})
    return made


@dataclass(frozen=True)
class Settings:
    """Every setting under the name it has in Flask's config; in the environment each carries the prefix `AKKOORD_`."""

    BASE_URL: str = _setting("", _base_url, "the address of this server; every link begins with it; `serve` needs it")
    DATA_DIR: Path = _setting(Path("instance"), _path, "where the database and the secret key are")
    DATABASE_URL: str = _setting("", _database, "`postgresql://…`; without it SQLite, in the data folder")
    FORMS_DIR: Path | None = _setting(None, _path, f"{FORMS_DIR_MEANS}; `serve` needs it")
    SECRET_KEY: str = _setting(
        "",
        _secret,
        "the key that signs, 16 characters or more; without it the one in the data folder",
    )
    SECRET_KEY_FALLBACKS: tuple[str, ...] = _setting((), _keys, "older keys that still count, oldest first")
    MAIL_SERVER: str = _setting("", _text, "the SMTP server; `serve` needs it")
    MAIL_PORT: int = _setting(25, _number(1, 65535), "its port")
    MAIL_USE_TLS: bool = _setting(False, _yes_or_no, "begin plain and go on with STARTTLS, as on port 587")
    MAIL_USE_SSL: bool = _setting(False, _yes_or_no, "TLS from the first byte, as on port 465")
    MAIL_USERNAME: str = _setting("", _login, "the name to log in with")
    MAIL_PASSWORD: str = _setting("", _login, "its password")
    MAIL_DEFAULT_SENDER: str = _setting("", _sender, "the bare address that mails come from; `serve` needs it")
    MAIL_TIMEOUT: Period = _setting(
        Period(20, "second"),
        _timeout,
        "how long to wait for each answer of the mail server, at most 50 seconds; ten minutes after the final dot",
    )
    MAIL_CONNECTIONS: int = _setting(
        2,
        _number(1, 10),
        "how many mails one worker hands over at the same time, each over a connection of its own; while the server "
        "is slow to answer after the final dot it may have 3 open all the same",
    )
    MAIL_RETRY: Period = _setting(
        Period(1, "minute"),
        _period,
        "the first pause after a failure; each next one is twice as long: 10 minutes at most for all mails "
        "while the server is at fault, 12 hours for one mail that is put off",
    )
    CONFIRM_WITHIN: Period = _setting(Period(7, "day"), _period, "how long a request waits for its yes")
    MAIL_PLUS_AFTER: Period = _setting(
        Period(1, "day"),
        _period,
        "when a parent is mailed what was decided for a child, and how to undo it",
    )
    SUBMITS_PER_NETWORK: Rate | None = _setting(
        Rate(600, Period(10, "minute")),
        _rate,
        "how many forms one network (/24 or /56) may send, because a school is one address; or `off`",
    )
    TRUSTED_PROXIES: int = _setting(0, _number(0, 10), "how many proxies stand in front")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings that the environment names.

        Raises:
            BadSetting: for an unknown name or a value of the wrong form; an unset or empty one keeps its default, and
                what Kubernetes or Docker sets for a service of this name is passed by.
        """
        readers = {setting.name: setting.metadata["read"] for setting in fields(cls)}
        given: dict[str, Any] = {}
        for variable, text in sorted(environ.items()):
            name = variable.removeprefix(PREFIX)
            if not variable.startswith(PREFIX) or _is_injected(name, text):
                continue
            if name not in readers:
                near = get_close_matches(name, readers, 1, 0.5)
                raise BadSetting(
                    name, "there is no such setting." + (f" Did you mean {PREFIX}{near[0]}?" if near else "")
                )
            if text:
                given[name] = readers[name](name, text)
        settings = cls(**given)
        if settings.MAIL_USE_TLS and settings.MAIL_USE_SSL:
            raise BadSetting("MAIL_USE_SSL", f"switch on either this or {PREFIX}MAIL_USE_TLS, not both")
        return settings

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of SQLite, which one process can write to at a time."""
        return self.database_url.startswith("sqlite:")

    @property
    def database_url(self) -> str:
        """The SQLAlchemy address of the database."""
        if not self.DATABASE_URL:
            return f"sqlite:///{self.DATA_DIR / 'akkoord.db'}"
        url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", self.DATABASE_URL)
        return re.sub(r"(?<=^postgresql\+psycopg://)([^/?]*@)?([^/?@]*,[^/?@]*)(/[^?]*)?(?:\?|$)", _several_hosts, url)


def _is_injected(name: str, text: str) -> bool:
    """Whether Kubernetes or Docker has set a variable, for a service whose name begins with `akkoord`."""
    if _INJECTED_VALUE.fullmatch(text) and _INJECTED_PORT.fullmatch(name):
        return True
    return _INJECTED.fullmatch(name) is not None


def _several_hosts(found: re.Match[str]) -> str:
    """PostgreSQL's own way to name several servers, `h1:5432,h2:5432`, in that of SQLAlchemy."""
    hosts = "&".join(f"host={host}" for host in found[2].split(","))
    return f"{found[1] or ''}{found[3] or '/'}?{hosts}&"
