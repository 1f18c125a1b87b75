"""What a file answers with `accept`: findings that somebody has judged, each with the reason why it is in order."""

import re
from dataclasses import replace

from ..codes import ACCEPTABLE, CODES
from ..source.positions import Node, place_of, places
from ..source.report import Accepted, Fault, Position, Report, quote


def answer_findings(top: Node, report: Report) -> None:
    """Take out the findings that the file accepts; note the answers that fit nothing. Each finding learns its place."""
    known = places(top.document) if report.faults else {}
    found = [_placed(fault, known) for fault in report.faults]
    answered: dict[Fault, str] = {}
    for answer in top.at("accept").items:
        code, at = answer.at("code"), answer.at("at")
        if code.text not in ACCEPTABLE:
            _refuse(code, report)
        elif at.text or not at.exists:  # with an `at` of another kind it would cover the whole file
            same = [fault for fault in found if fault.code == code.text]
            covered = [fault for fault in same if _is_within(fault.place, at.text)]
            answered |= dict.fromkeys(covered, answer.at("because").text)
            if not covered:
                _note_unused(code, at, same, report)
    later = [_placed(fault, places(top.document)) for fault in report.faults[len(found) :]]
    report.accepted = [Accepted(fault, because) for fault, because in answered.items()]
    report.faults = [fault for fault in (*found, *later) if fault not in answered]


def _placed(fault: Fault, known: dict[Position, str]) -> Fault:
    return replace(fault, place=known.get(Position(fault.line, fault.column), ""))


def _is_within(place: str, at: str) -> bool:
    """Whether a place is this one or below it; all are below none."""
    return not at or f"{place}.".startswith(f"{at}.")


def _refuse(code: Node, report: Report) -> None:
    if code.text in CODES:
        message = f"{code.text} cannot be accepted, only mended ({CODES[code.text].meaning})"
        report.add("AK226", code.position, message)
    elif re.fullmatch(r"AK[0-9]{3}", code.text):
        report.add("AK226", code.position, f"`{code.text}` is no code of the linter")


def _note_unused(code: Node, at: Node, same: list[Fault], report: Report) -> None:
    elsewhere = dict.fromkeys(f"`{fault.place}`" for fault in same if fault.place)
    advice = f"it is reported at {', '.join(elsewhere)}" if elsewhere else "leave this answer out"
    if not at.exists:
        report.add("AK227", code.position, f"nothing reports {code.text} any more: {advice}")
    elif any(_is_within(place_of(at.document, path), at.text) for path in at.document.values):
        report.add("AK227", at.position, f"nothing reports {code.text} at `{quote(at.text, 80)}`: {advice}")
    else:
        report.add("AK227", at.position, f"`{quote(at.text, 80)}` is no place of this file: {advice}")
