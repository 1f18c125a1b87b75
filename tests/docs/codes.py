"""The codes of the linter: a table of all, and a section for each with what `akkoord explain` says of it."""

from collections.abc import Iterator

from app.definitions.codes import ACCEPTABLE, CODES
from app.definitions.codes.record import Code

_GROUPS = {"AK1": "The file", "AK2": "The shape", "AK3": "What the law asks"}
"""The hundreds of the codes, and what each is about."""

_SEVERITIES = {"error": "error", "warning": "warning", "answer": "to be answered"}
_WHERE = {
    "form": "in a form",
    "purpose": "in a purpose",
    "field": "in a field",
    "controller": "in controller.yaml",
    "folder": "in a forms folder",
    "command": "on the command line",
}


def listed() -> str:
    """A table for each hundred of the codes."""
    return "\n\n".join(
        "\n".join([f"### {title}", "", "| code | kind | what is wrong |", "|---|---|---|", *_rows(hundred)])
        for hundred, title in _GROUPS.items()
    )


def explained() -> str:
    """A section for each code: why it is a fault, and how to write it instead."""
    return "\n\n".join(_section(code, record) for code, record in CODES.items())


def _rows(hundred: str) -> Iterator[str]:
    for code, record in CODES.items():
        if code.startswith(hundred):
            yield f"| [{code}](codes.md#{code.lower()}) | {_SEVERITIES[record.severity]} | {record.meaning} |"


def _section(code: str, record: Code) -> str:
    accepted = "; a form can accept it" if record.severity == "warning" and code in ACCEPTABLE else ""
    law = f"; {record.law}" if record.law else ""
    language = "text" if record.where in ("folder", "command") else "yaml"
    return "\n".join(
        [
            f"## {code}",
            "",
            f"**{record.title[0].upper()}{record.title[1:]}** ({_SEVERITIES[record.severity]}{accepted}{law}).",
            record.why,
            "",
            f"```{language}",
            f"# Wrong, {_WHERE[record.where]}:",
            record.wrong,
            "",
            "# Right:",
            record.right,
            "```",
        ]
    )
