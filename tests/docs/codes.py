"""The tables of the linter's codes, from the table that the linter reports by."""

from app.definitions.codes import ACCEPTABLE, CODES, TO_ANSWER, WARNINGS

GROUPS = {
    "AK1": "The file",
    "AK2": "The shape",
    "AK3": "What the law asks",
}
"""The three hundreds of the codes, and what each is about."""


def listed() -> str:
    """A table for each hundred of the codes."""
    parts = []
    for start, title in GROUPS.items():
        lines = [f"| `{code}` | {_kind(code)} | {CODES[code].meaning} |" for code in CODES if code[:3] == start]
        parts.append("\n".join([f"### {title}", "", "| code | kind | what is wrong |", "|---|---|---|", *lines]))
    return "\n\n".join(parts)


def _kind(code: str) -> str:
    if code in TO_ANSWER:
        return "to answer"
    if code in ACCEPTABLE:
        return "warning, can be accepted"
    return "warning" if code in WARNINGS else "error"
