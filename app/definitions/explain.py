"""What `akkoord explain` prints: what a code of the linter means, why, and how to write it instead."""

from difflib import get_close_matches
from textwrap import fill, indent

from .codes import ACCEPTABLE, CODES
from .codes.record import Code, Severity, Where

_SEVERITIES: dict[Severity, str] = {
    "error": "Error: the form is not served until this is mended.",
    "answer": "To be answered: the form is not served until this is mended, or `accept` says why it is in order here.",
    "warning": "Warning: the form is served.",
}
_WHERE: dict[Where, str] = {
    "form": "in a form",
    "purpose": "in a purpose",
    "field": "in a field",
    "controller": "in controller.yaml",
    "folder": "in a forms folder",
    "command": "on the command line",
}


class UnknownCode(Exception):
    """No such code. The text names the known ones that look like it, and where all stand."""

    def __init__(self, code: str) -> None:
        near = get_close_matches(code, CODES, n=3)
        meant = f"did you mean {' or '.join(near)}? " if near else ""
        super().__init__(f"{code} is no code of the linter: {meant}`akkoord explain` lists them all")


def explain(code: str) -> str:
    """The text about a code, in lines of at most 88 characters but for its examples.

    Raises:
        UnknownCode: when no check reports such a code.
    """
    code = code.strip().upper()
    record = CODES.get(code)
    if record is None:
        raise UnknownCode(code[:20])
    head = [f"{code}: {record.title}", f"Source: {record.law}" if record.law else "", _severity(code, record)]
    parts = [
        "\n".join(filter(None, head)),
        fill(record.why, 88),
        f"Wrong, {_WHERE[record.where]}:\n\n{indent(record.wrong, '    ')}",
        f"Right:\n\n{indent(record.right, '    ')}",
    ]
    return "\n\n".join(parts)


def overview() -> str:
    """Every code with its meaning, one on a line."""
    return "\n".join(f"{code}  {CODES[code].meaning}" for code in CODES)


def _severity(code: str, record: Code) -> str:
    meaning = _SEVERITIES[record.severity]
    if record.severity == "warning" and code in ACCEPTABLE:
        return f"{meaning} The file can answer it under `accept`."
    return meaning
