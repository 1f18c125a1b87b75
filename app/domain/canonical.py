"""One way only to write a value as bytes, so that a hash of it means something years later."""

import json
from hashlib import sha256
from typing import Any

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(value: Any) -> bytes:
    """The value as JSON: keys sorted, no spaces, UTF-8, no floats.

    Raises:
        ValueError: for a float, whose text differs between programs.
    """
    _refuse_floats(value)
    return _ENCODER.encode(value).encode()


def digest(text: str) -> str:
    """SHA-256 over a canonical text, 64 hexadecimal characters."""
    return sha256(text.encode()).hexdigest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError("a float has no canonical text")
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    for part in parts:
        if type(part) is not str:  # as nearly all are
            _refuse_floats(part)
