"""The shape of a file against its model: each pydantic error becomes a sentence that says what to write."""

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import TypeVar

import pydantic
from pydantic_core import ErrorDetails

from ..source.positions import position_of
from ..source.report import Position, Report, quote
from ..source.yaml_reader import Document, KeyPath
from . import models
from .bounds import NUMBERS
from .parts import KeyPattern, parts, texts

M = TypeVar("M", bound=models.Definition)

_DECLARE = {
    "recipients": "`recipients: none`, or each recipient with name, role, country and use",
    "transfers": "`transfers: none`, or the countries outside the EEA and the safeguard",
    "automated_decisions": "`automated_decisions: none`, or its logic and consequences",
    "dpo": "`dpo: none`, or the name and email of the data protection officer",
}
_OWN = frozenset({"title", "text", "data", "keep"})
_TICKED = frozenset(
    {"checked", "prechecked", "pre_checked", "ticked", "preticked", "pre_ticked", "selected", "preselected"}
    | {"default", "value", "on", "opt_out", "optout"}
)
_COMPULSORY = frozenset({"required", "mandatory", "compulsory", "obligatory", "optional"})
_FORBIDDEN: dict[KeyPattern, frozenset[str]] = {("purposes", "*"): _TICKED | _COMPULSORY, ("fields", "*"): _TICKED}
_SEVERAL = frozenset({"channels", "purposes", "titles"})

_EXAMPLES = {
    "languages": "languages: [nl, fr]",
    "audience": "audience: adults",
    "countries": "countries: [BE]",
    "fields": "- id: first_name",
    "options": "- id: office",
    "purposes": "- id: newsletter",
    "accept": "- code: AK305",
    "data": "data: [email]",
    "origins": "origins: [https://www.company.example]",
    "keep": "keep: 2 years",
    "evidence_for": "evidence_for: 5 years",
    "country": "country: BE",
    "authority": "authority: be-gba",
    "contact": "contact: privacy@company.example",
    "phone": 'phone: "09 123 45 67"',
    "registration": 'registration: "0123.456.789"',
    "channel": "channel: email",
    "id": "id: newsletter",
    "type": "type: name",
    "role": "role: processor",
    "safeguard": "safeguard: scc",
    "kind": "kind: health",
    "code": "code: AK305",
}


def validate(model: type[M], document: Document, report: Report) -> M | None:
    """The file as a model, or None when its shape is wrong; the report then says where and why."""
    try:
        return model.model_validate(document.value)
    except pydantic.ValidationError as problem:
        explainer = _Explainer(model, document, report)
        for error in problem.errors(include_url=False):
            explainer.explain(error)
    return None


class _Explainer:
    """Turns one error of pydantic into a fault."""

    def __init__(self, model: type[models.Definition], document: Document, report: Report) -> None:
        self.parts = parts(model)
        self.texts = texts(model)
        self.document = document
        self.report = report

    def explain(self, error: ErrorDetails) -> None:
        path: KeyPath = error["loc"]
        key = next((step for step in reversed(path) if isinstance(step, str)), "")
        position = position_of(self.document, path)
        if error["type"] == "extra_forbidden":
            # Reported at the key: the position of a block is that of its first key, whose own faults would be left out.
            position = self.document.keys.get(path, position)
            self.report.add(*self._unknown(path, key, position), is_final=True)
        elif error["type"] == "missing":
            self.report.add(*self._missing(path, key, position))
        elif error["input"] is None and key in _DECLARE:
            self.report.add(*self._missing(path, key, position), is_final=True)
        elif error["type"] == "too_short" and error["input"]:
            return  # pydantic counts valid entries only; the invalid ones have faults of their own
        elif error["type"] == "string_unicode":
            return  # half of a UTF-16 pair (a lone surrogate), which AK211 has reported
        elif error["input"] is not None:
            while path and path not in self.document.values:  # one text that stands for each language
                path = path[:-1]
            key = next((step for step in reversed(path) if isinstance(step, str)), "")
            code, message = self._wrong(error, path, key)
            self.report.add_unless_reported(code, position, message)

    def _unknown(self, path: KeyPath, key: str, position: Position) -> tuple[str, Position, str]:
        part = _pattern(path[:-1])
        if part == ("purposes", "*") and key in _SEVERAL:
            return (
                "AK302",
                position,
                f"no `{key}` in a purpose: each purpose has one box and one channel of its own",
            )
        if key in _FORBIDDEN.get(part, frozenset()):
            return (
                "AK301",
                position,
                f"nothing in this format can tick a box beforehand or make a consent compulsory: take `{key}` out",
            )
        known = tuple(self.parts[part].model_fields) if part in self.parts else ()
        meant = _closest(key, known)
        advice = f"did you mean `{meant}`?" if meant else f"known here: {', '.join(known)}"
        return "AK201", position, f"unknown key `{quote(key)}`: {advice}"

    def _missing(self, path: KeyPath, key: str, position: Position) -> tuple[str, Position, str]:
        part = _pattern(path[:-1])
        if key in _DECLARE:
            return "AK303", position, f"`{key}` is neither given nor declared none: write {_DECLARE[key]}"
        if part == ("purposes", "*") and key in _OWN:
            return "AK304", position, f"the purpose has no `{key}` of its own: {self._how(path, key)}"
        if part == ("purposes", "*", "special_category") and key == "statement":
            return (
                "AK311",
                position,
                "the special category has no `statement`: write, per language, the sentence that the person"
                " agrees to, such as `en: I explicitly agree that …`",
            )
        return "AK202", position, f"`{key}` is missing: {self._how(path, key)}"

    def _how(self, path: KeyPath, key: str) -> str:
        if _pattern(path) in self.texts:
            return f"write `{key}:` and below it a text per language, such as `nl: …`"
        return f"write `{_EXAMPLES.get(key, f'{key}: …')}`"

    def _wrong(self, error: ErrorDetails, path: KeyPath, key: str) -> tuple[str, str]:
        """Code and sentence for a value that is there and wrong."""
        kind, ctx = error["type"], error.get("ctx", {})
        if kind == "fault":
            return ctx["code"], f"{self._value_name(key)}: {ctx['message']}"
        if kind == "literal_error":
            return self._not_a_choice(error, key)
        if kind == "string_too_long":
            longest = ctx["max_length"]
            length = len(str(error["input"]).strip())
            return "AK209", f"{self._value_name(key)} has {length} characters: write {longest} at most"
        if kind == "string_pattern_mismatch":
            return self._not_in_form(key, error["input"])
        if kind == "too_short":
            return (
                "AK223",
                f"the list `{key}` is empty: write at least one entry, such as `{_EXAMPLES.get(key, '- …')}`",
            )
        if kind in ("greater_than_equal", "less_than_equal"):
            low, high = NUMBERS[key]
            return "AK221", f"`{key}`: write a whole number from {low} to {high}"
        return "AK203", self._wrong_type(kind, error["input"], path, key)

    def _value_name(self, key: str) -> str:
        return f"`{quote(key)}`" if key else "the file"

    def _not_a_choice(self, error: ErrorDetails, key: str) -> tuple[str, str]:
        choices = tuple(re.findall(r"'([^']*)'", error["ctx"]["expected"]))
        value = error["input"]
        if key == "languages":
            return "AK214", f"`{quote(value)}` is not a language of the kit: write {', '.join(choices)}"
        meant = _closest(value, choices) if isinstance(value, str) else None
        listed = f"write {', '.join(choices[:-1])} or {choices[-1]}"
        return "AK205", f"`{key}: {quote(value)}`: " + (f"did you mean `{meant}`? {listed}" if meant else listed)

    def _not_in_form(self, key: str, value: object) -> tuple[str, str]:
        if key == "accent":
            return (
                "AK203",
                f'`accent: {quote(value)}`: write six hexadecimal digits in quotes, such as `"#1d4f91"`',
            )
        if key == "background":
            return "AK203", f'`background: {quote(value)}`: write `transparent`, or a colour such as `"#fffaf0"`'
        if key == "code":
            return "AK226", f"`{quote(value)}` is no code of the linter: write one, such as `AK305`"
        return (
            "AK206",
            f"`{quote(value)}` cannot be an id: write a small letter, then at most 39 small letters, digits or `_`",
        )

    def _wrong_type(self, kind: str, value: object, path: KeyPath, key: str) -> str:
        name = self._value_name(key)
        if kind == "tuple_type":
            return f"{name} is a list: write it so, such as `{_EXAMPLES.get(key, '- …')}`"
        if kind == "dict_type" or _pattern(path) in self.texts:
            return f"{name} is a text per language: write each below it, such as `nl: …`"
        if kind == "model_type":
            part = self.parts.get(_pattern(path))
            keys = ", ".join(part.model_fields) if part else "keys"
            return f"{name} holds keys of its own: {keys}"
        if kind == "bool_type":
            return f"{name} is `true` or `false`, not `{quote(value)}`"
        if kind in ("int_type", "int_from_float"):
            return f"{name} is a whole number, not `{quote(value)}`"
        if isinstance(value, tuple | dict):
            return f"{name} is one text, not a {'list' if isinstance(value, tuple) else 'block of keys'}"
        if key in _EXAMPLES:  # the value has lost the zero or the plus sign that a number began with
            return f"{name} is a text: write it so, such as `{_EXAMPLES[key]}`"
        return f'{name} is a text: write `{quote(value)}` in quotes, such as `"{quote(value)}"`'


def _pattern(path: KeyPath) -> KeyPattern:
    return tuple("*" if isinstance(step, int) else step for step in path)


@lru_cache(maxsize=1024)
def _closest(word: str, known: tuple[str, ...]) -> str | None:
    """The known word that was probably meant. Long words are not compared: difflib would take seconds."""
    if len(word) > 40:
        return None
    return next(iter(get_close_matches(word.lower().replace("-", "_"), known, n=1, cutoff=0.7)), None)
