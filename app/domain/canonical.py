"""One way only to write a value as bytes, so that a hash of it means something years later."""

from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any


def canonical(value: Any) -> bytes:
    """The value as JSON: keys sorted, no spaces, UTF-8, no floats.

    Raises:
        ValueError: for a float, whose text differs between programs.
        TypeError: for what JSON does not have.
    """
    return _text(value).encode()


def digest(text: str) -> str:
    """SHA-256 over a canonical text, 64 hexadecimal characters."""
    return sha256(text.encode()).hexdigest()


def _text(value: Any) -> str:
    # By hand, because Python's encoder sets itself up anew for every value: half of what a small one takes.
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        parts = [
            f"{quoted(key)}:{quoted(value[key]) if type(value[key]) is str else _text(value[key])}"
            for key in sorted(value)
        ]
        return f"{{{','.join(parts)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join([_text(part) for part in value])}]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        raise ValueError("a float has no canonical text")
    raise TypeError(f"no JSON: {type(value).__name__}")
