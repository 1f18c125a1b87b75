"""How well the linter reads: `make lint-score` counts what it finds, rightly and wrongly, in texts with a verdict.

`definitions/lint/consent-texts.jsonl` has complete definitions: authorities' examples, trades, children, dark patterns,
evasions, good sentences that look bad, and wording met in the wild. A third of them, by stem, is kept from whoever
writes rules: how the linter does on those tells whether a rule is general.
"""

import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha1
from pathlib import Path
from typing import Any

from app.definitions.codes import CODES, WARNINGS
from app.definitions.lint import linter
from app.definitions.lint.constructions import broken
from app.definitions.lint.rules import RULES
from app.definitions.words import finder

CASES = Path(__file__).parent / "definitions" / "lint" / "consent-texts.jsonl"
BLIND = CASES.with_name("blind-texts.jsonl")
"""Texts that were written by people who knew the law and the format, and no rule. Writers of rules learn from the set
`train`; `judge` is for nothing but the score."""

TODAY = date(2027, 3, 1)

FAMILIES: dict[str, tuple[str, ...]] = {
    "bundle": ("AK302", "AK336"),
    "channels": ("AK302", "AK337"),
    "child-guilt": ("AK341", "AK342", "AK343", "AK344", "AK359", "AK390", "AK391", "AK392"),
    "child-hard": ("AK324", "AK325", "AK326"),
    "child-hides": ("AK327", "AK330", "AK331", "AK392", "AK393"),
    "child-protect": ("AK329", "AK330", "AK331", "AK355"),
    "criminal": ("AK394",),
    "forced": ("AK339",),
    "going-on": ("AK332", "AK333", "AK334", "AK335", "AK339", "AK360"),
    "hollow": ("AK347",),
    "language": ("AK353",),
    "legalese": ("AK350",),
    "needless-question": ("AK395",),
    "noconsent": ("AK380",),
    "optout": ("AK332", "AK333", "AK334", "AK335", "AK360"),
    "power": ("AK351",),
    "public": ("AK330", "AK354"),
    "recipients": ("AK307", "AK338"),
    "recording": ("AK352",),
    "reward": ("AK346", "AK359"),
    "shame": ("AK341", "AK342", "AK359"),
    "special": ("AK305",),
    "steer": ("AK342", "AK343", "AK344", "AK345", "AK349", "AK359", "AK390", "AK391"),
    "vague": ("AK348",),
    "withdraw": ("AK340",),
}
"""The codes that find a kind of defect. A bad text counts as found when one of them is reported, and no other."""

WORDING = frozenset(code for codes in FAMILIES.values() for code in codes)
"""What is found by analysis words. What follows from keys and fields is not judged here."""


@dataclass(frozen=True)
class Verdict:
    """One case, with the codes that the linter reports of its words."""

    id: str
    kind: str
    language: str
    is_bad: bool
    part: str
    codes: frozenset[str]

    @property
    def is_found(self) -> bool:
        """Whether a finding of its own family is reported."""
        return not self.codes.isdisjoint(FAMILIES.get(self.kind, ()))

    @property
    def is_refused(self) -> bool:
        """Whether the form is not served as it is."""
        return any(code not in WARNINGS for code in self.codes)


def stem(case: str) -> str:
    """What the cases of one text in several languages, bad and good, have in common."""
    return re.sub(r"-(nl|fr|en)(?=-|$)", "", re.sub(r"-(bad|good)$", "", case))


def part(case: str) -> str:
    """`kept` for the third of the cases that no rule is written after, and `seen` for the others."""
    number = int(sha1(stem(case).encode(), usedforsecurity=False).hexdigest(), 16)
    return "seen" if number % 3 else "kept"


@cache
def verdicts() -> tuple[Verdict, ...]:
    """Every case, checked as `akkoord check` does it."""
    with tempfile.TemporaryDirectory() as folder:
        return tuple(_judged(case, part(case["id"]), Path(folder)) for case in _lines(CASES))


@cache
def blind() -> tuple[Verdict, ...]:
    """Every text that was written blind, in a form of its own."""
    controller = _lines(CASES)[0]["controller"]
    with tempfile.TemporaryDirectory() as folder:
        return tuple(
            _judged(text | {"controller": controller, "form": _form_around(text)}, text["set"], Path(folder))
            for text in _lines(BLIND)
        )


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _judged(case: dict[str, Any], belongs_to: str, folder: Path) -> Verdict:
    place = folder / case["id"] / "acme"
    place.mkdir(parents=True)
    (place / "controller.yaml").write_text(case["controller"], encoding="utf-8")
    (place / "form.yaml").write_text(case["form"], encoding="utf-8")
    codes = frozenset(fault.code for fault in linter.check(place / "form.yaml", TODAY)) & WORDING
    return Verdict(case["id"], case["kind"], case["lang"], case["bad"], belongs_to, codes)


def _form_around(text: dict[str, Any]) -> str:
    """A form that asks what a text says, and says nothing else."""

    def said(words: str) -> dict[str, str]:
        return {text["lang"]: words}

    purpose: dict[str, Any] = {
        "id": "main",
        "basis": text.get("basis", "consent"),
        "title": said(text["title"]),
        "text": said(text["text"]),
        "data": ["email", *(["answer"] if "options" in text else [])],
        "recipients": "none",
        "special_category": "none",
    }
    form: dict[str, Any] = {"languages": [text["lang"]], "title": said(text["title"]), "fields": []}
    if "intro" in text:
        form["intro"] = said(text["intro"])
    if "use" in text:
        purpose["recipients"] = [{"name": "Sint-Lucas NV", "role": "controller", "use": said(text["use"])}]
    if "statement" in text:
        purpose["special_category"] = {"kind": text["category"], "statement": said(text["statement"])}
    if "options" in text:
        options = [{"id": f"o{number}", "label": said(label)} for number, label in enumerate(text["options"][0])]
        form["fields"] = [{"id": "answer", "type": "choice", "label": said(text["title"]), "options": options}]
    if text["reader"] == "child":
        form |= {"audience": "children", "age_gate": {"countries": ["BE"]}, "child": {"title": said(text["title"])}}
        purpose["child"] = {"title": said(text["title"]), "text": said(text["text"])}
    return json.dumps(form | {"purposes": [purpose]}, ensure_ascii=False)


def table() -> str:
    """What is found, by kind and language, then by code, in Markdown."""
    return "\n\n".join([_totals(), _by_kind(), _by_code(), _examples()])


def _totals() -> str:
    rows = ["| texts | bad | found | recall | precision | good | must be answered | warned |", "|---|" + "---:|" * 7]
    parts: list[tuple[str, Callable[[Verdict], bool]]] = [
        ("seen by the writers of rules", lambda one: one.part == "seen"),
        ("kept from them", lambda one: one.part == "kept"),
        ("both of these", lambda one: one.part in ("seen", "kept")),
        ("written blind, seen", lambda one: one.part == "train"),
        ("written blind, kept", lambda one: one.part == "judge"),
    ]
    for name, belongs in parts:
        bad = [one for one in (*verdicts(), *blind()) if one.is_bad and belongs(one)]
        good = [one for one in (*verdicts(), *blind()) if not one.is_bad and belongs(one)]
        found, wrong = sum(one.is_found for one in bad), sum(bool(one.codes) for one in good)
        refused = sum(one.is_refused for one in good)
        rows.append(
            f"| {name} | {len(bad)} | {found} | {_percent(found, len(bad))} | {_percent(found, found + wrong)}"
            f" | {len(good)} | {refused} ({_percent(refused, len(good))}) | {wrong - refused} |"
        )
    return "\n".join(rows)


def _by_kind() -> str:
    rows = ["| kind | codes | nl | fr | en | seen | kept |", "|---|---|" + "---:|" * 5]
    for kind, codes in FAMILIES.items():
        bad = [one for one in verdicts() if one.is_bad and one.kind == kind]
        if bad:
            cells = [_found(one for one in bad if one.language == language) for language in ("nl", "fr", "en")]
            cells += [_found(one for one in bad if one.part == name) for name in ("seen", "kept")]
            rows.append(f"| {kind} | {', '.join(codes)} | {' | '.join(cells)} |")
    good = [one for one in verdicts() if not one.is_bad]
    cells = [_refused(one for one in good if one.language == language) for language in ("nl", "fr", "en")]
    cells += [_refused(one for one in good if one.part == name) for name in ("seen", "kept")]
    rows.append(f"| good, with a finding | | {' | '.join(cells)} |")
    return "\n".join(rows)


def _by_code() -> str:
    """Of each code: on bad texts of its own family, beside another defect, and on good ones."""
    right, beside, wrong = Counter[str](), Counter[str](), Counter[str]()
    for one in verdicts():
        for code in one.codes:
            is_own = code in FAMILIES.get(one.kind, ())
            (wrong if not one.is_bad else right if is_own else beside)[code] += 1
    rows = ["| code | right | beside another defect | on a good text |", "|---|---:|---:|---:|"]
    rows += [
        f"| {code} | {right[code]} | {beside[code]} | {wrong[code]} |" for code in CODES if right[code] + wrong[code]
    ]
    return "\n".join(rows)


def _examples() -> str:
    """Of the rules' own examples: how many wrong ones are found, and how many right ones are left alone."""
    wrong = [
        bool(broken(rule, finder.analyse(text, language)))
        for rule in RULES
        for language, texts in rule.wrong.items()
        for text in texts
    ]
    right = [
        not broken(rule, finder.analyse(text, language))
        for rule in RULES
        for language, texts in rule.right.items()
        for text in texts
    ]
    return (
        f"The {len(RULES)} rules have {len(wrong)} wrong examples of their own, of which {sum(wrong)} are found, and"
        f" {len(right)} right ones, of which {sum(right)} are left alone."
    )


def _found(cases: Iterable[Verdict]) -> str:
    listed = list(cases)
    return f"{sum(one.is_found for one in listed)}/{len(listed)}" if listed else ""


def _refused(cases: Iterable[Verdict]) -> str:
    listed = list(cases)
    return f"{sum(bool(one.codes) for one in listed)}/{len(listed)}" if listed else ""


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"


def main(arguments: list[str]) -> None:
    """Print the table; with `--missed`, what is missed and what is reported wrongly, by name, of the seen cases."""
    print(table())  # noqa: T201 (the command's answer)
    if "--missed" in arguments:
        for one in (*verdicts(), *blind()):
            if one.part in ("seen", "train") and (one.is_bad != one.is_found or (not one.is_bad and one.codes)):
                print(one.kind, one.id, *sorted(one.codes))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
