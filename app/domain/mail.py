"""What is queued of a mail until a worker sends it: a payload with a type and a version, since rows outlive a release.

A key that this release does not know is ignored. What an older release would read wrongly takes a new `VERSION`, and
then `from_json` still has to read the one before.
"""

import json
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Self

VERSION = 1
"""Version 0 are the rows of releases that wrote none. They have the same keys, but receipts may lack `refused`, and
links `to_child` and `purpose`."""

Seen = tuple[str, str]
"""A purpose as somebody saw it: the hash of the notice, and the id of the purpose."""


class Reader(StrEnum):
    """Who reads a mail. The notice says u or je (vous or tu) to them; the contact is always an adult at work."""

    PERSON = "who decides: an adult or teenager for themselves, or a parent for a child"
    PARENT = "a parent"
    CHILD = "a child, at its own address"
    ASKER = "who asked for it: a person, a parent, or a child at its own address"
    CONTACT = "the controller's contact"


class UnreadablePayload(Exception):
    """What is queued of a mail is not what its kind needs. The text names the key, and no value."""


class NewerPayload(Exception):
    """A newer release has queued this mail, and only that one can read it."""


@dataclass(frozen=True)
class Payload:
    """What every mail knows: `at` is when the act happened that it is about (UTC)."""

    at: datetime

    def to_json(self) -> str:
        """As it is queued, with the version."""
        return json.dumps(vars(self) | {"at": self.at.isoformat(), "version": VERSION})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What a release of this version or an older one has queued.

        Raises:
            NewerPayload: when a newer release has.
            UnreadablePayload: when it cannot be read.
        """
        try:
            values = json.loads(text)
            version = values.get("version", 0)
            is_newer = version > VERSION
        except (ValueError, AttributeError, TypeError) as error:
            raise UnreadablePayload(f"no payload: {type(error).__name__}") from None
        if is_newer:
            raise NewerPayload(f"version {version}")
        found = {}
        for name, read in _readers(cls):  # type: ignore[arg-type]  # of a class mypy does not know that it is hashable
            if name in values:
                try:
                    found[name] = read(values[name])
                except (ValueError, TypeError) as error:
                    raise UnreadablePayload(f"{name}: {type(error).__name__}") from None
        try:
            return cls(**found)
        except TypeError:
            missing = [field.name for field in fields(cls) if field.name not in found and field.default is MISSING]
            raise UnreadablePayload(f"missing: {', '.join(missing)}") from None


@dataclass(frozen=True)
class QuestionPayload(Payload):
    """After a form: the ids of the purposes that were granted before, and the host of the site that embeds the form."""

    already: tuple[str, ...]
    site: str


@dataclass(frozen=True)
class DecisionPayload(Payload):
    """After a decision: the ids of the purposes that got a yes, and of those that got a no."""

    granted: tuple[str, ...]
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfAgePayload(Payload):
    """When a child decides itself: what runs, and the host of the site that embeds the form, where it is known."""

    running: tuple[Seen, ...]
    site: str


@dataclass(frozen=True)
class EndedPayload(Payload):
    """After a withdrawal or an objection to direct marketing: what ended, and what still runs."""

    ended: tuple[Seen, ...]
    running: tuple[Seen, ...]


@dataclass(frozen=True)
class LinkPayload(Payload):
    """A link on request: whether it goes to a child's own address, and the id of what they want to object to."""

    to_child: bool = False
    purpose: str = ""


@dataclass(frozen=True)
class OptedOutPayload(Payload):
    """After "never mail me again": whether it goes to a child's own address."""

    to_child: bool = False


@dataclass(frozen=True)
class LiftPayload(Payload):
    """An offer to lift a suppression: its two keyed hashes and when it was made, and whose address it is."""

    digests: tuple[str, str]
    since: str
    to_child: bool = False


@dataclass(frozen=True)
class InterestPayload(Payload):
    """After an objection to a legitimate interest: the id of the purpose."""

    purpose: str


@dataclass(frozen=True)
class ObjectionsPayload(Payload):
    """To the contact: what it tells stands in the table of objections. `failed` is whether the ledger has a failure."""

    failed: bool = False


def _only(kind: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not isinstance(value, kind):
            raise TypeError
        return value

    return read


def _tuple_of(read: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda values: tuple(read(value) for value in _only(list)(values))


def _pair(value: Any) -> tuple[str, str]:
    first, second = _tuple_of(_only(str))(value)
    return first, second


_READERS: dict[str, Callable[[Any], Any]] = {
    str(datetime): datetime.fromisoformat,
    str(str): _only(str),
    str(bool): _only(bool),
    str(tuple[str, str]): _pair,
    str(tuple[str, ...]): _tuple_of(_only(str)),
    str(tuple[Seen, ...]): _tuple_of(_pair),
}
"""What reads a value of JSON, by the type of the field."""


@cache
def _readers(kind: type[Payload]) -> list[tuple[str, Callable[[Any], Any]]]:
    return [(field.name, _READERS[str(field.type)]) for field in fields(kind)]
