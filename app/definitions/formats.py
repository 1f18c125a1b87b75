"""The findings of a check as other programs read them: JSON, SARIF 2.1.0, and GitHub's workflow commands."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

from .. import __version__
from .codes import CODES
from .codes.record import LEVELS, Severity
from .explain import explain
from .source.report import LEVEL_WORDS, Fault

Format: TypeAlias = Callable[[Sequence[Fault]], str]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_SARIF_LEVELS: dict[Severity, str] = {"error": "error", "answer": "error", "warning": "warning"}
"""SARIF and GitHub know no third level, and what has to be answered fails the check as an error does."""


def counts(faults: Sequence[Fault]) -> dict[Severity, int]:
    """How many findings each level has."""
    return {level: sum(fault.level == level for fault in faults) for level in LEVELS}


def counted(faults: Sequence[Fault]) -> str:
    """How many findings each level has, as a sentence for people."""
    errors, answers, warnings = counts(faults).values()
    return f"{errors} error{_s(errors)}, {answers} to be answered, {warnings} warning{_s(warnings)}"


def text(faults: Sequence[Fault]) -> str:
    """A finding a line, as `file:line:column CODE message`."""
    return "".join(f"{fault}\n" for fault in faults)


def as_json(faults: Sequence[Fault]) -> str:
    """An object with the findings and their counts; its field names stay."""
    findings = [
        {
            "file": fault.path,
            "line": fault.line,
            "column": fault.column,
            "code": fault.code,
            "level": fault.level,
            "place": fault.place,
            "message": fault.message,
            "title": CODES[fault.code].title,
            "law": CODES[fault.code].law,
        }
        for fault in faults
    ]
    found = {"tool": "akkoord", "version": __version__, "counts": counts(faults), "findings": findings}
    return _dumped(found)


def as_sarif(faults: Sequence[Fault]) -> str:
    """A log of one run, with a rule for each code that was found (OASIS SARIF 2.1.0)."""
    codes = sorted({fault.code for fault in faults})
    run = {
        "tool": {"driver": {"name": "akkoord", "version": __version__, "rules": [_rule(code) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(fault, codes.index(fault.code)) for fault in faults],
    }
    return _dumped({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def as_github(faults: Sequence[Fault]) -> str:
    """Workflow commands, which GitHub shows beside the lines of a pull request."""
    return "".join(
        f"::{_SARIF_LEVELS[fault.level]} file={_property(fault.path)},line={fault.line},col={fault.column},"
        f"title={_property(fault.code)}::{_data(LEVEL_WORDS[fault.level] + fault.message)}\n"
        for fault in faults
    )


FORMATS: dict[str, Format] = {"text": text, "json": as_json, "sarif": as_sarif, "github": as_github}
"""What `akkoord check --format` takes."""


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _dumped(found: dict[str, Any]) -> str:
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _rule(code: str) -> dict[str, Any]:
    record = CODES[code]
    return {
        "id": code,
        "shortDescription": {"text": record.title},
        "fullDescription": {"text": record.why},
        "help": {"text": explain(code)},
        "defaultConfiguration": {"level": _SARIF_LEVELS[record.severity]},
        "properties": {"level": record.severity, "law": record.law},
    }


def _result(fault: Fault, rule: int) -> dict[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(fault.path)},
            "region": {"startLine": fault.line, "startColumn": fault.column},
        }
    }
    if fault.place:
        location["logicalLocations"] = [{"fullyQualifiedName": fault.place, "kind": "member"}]
    return {
        "ruleId": fault.code,
        "ruleIndex": rule,
        "level": _SARIF_LEVELS[fault.level],
        "message": {"text": fault.message},
        "locations": [location],
        "properties": {"level": fault.level},
    }


def _uri(path: str) -> str:
    return Path(path).as_uri() if path.startswith("/") else quote(path)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
