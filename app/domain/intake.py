"""What was sent and waits in the intake: JSON with a version, since rows outlive a release.

A key that this release does not know is ignored, as in the outbox (see `domain.mail`).
"""

import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

VERSION = 1


class NewerRow(Exception):
    """A newer release has accepted this, and only that one can read it."""


def to_json(sent: Any) -> str:
    """What was sent, a dataclass, as it waits."""
    return json.dumps(vars(sent) | {"version": VERSION}, default=_plain)


def from_json(text: str, kind: type) -> dict[str, Any]:
    """The values of the fields of such a dataclass, as JSON has them.

    Raises:
        NewerRow: when a newer release has written it.
        ValueError: when it cannot be read.
    """
    values = json.loads(text)
    if values["version"] > VERSION:
        raise NewerRow(f"version {values['version']}")
    known = {field.name for field in fields(kind)}
    return {name: value for name, value in values.items() if name in known}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return vars(value)
    raise TypeError(type(value).__name__)
