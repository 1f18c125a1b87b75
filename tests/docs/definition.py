"""The tables of the keys of a definition, from its JSON Schema: what `akkoord schema` prints."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from click.testing import CliRunner

from app.cli import cli
from app.domain.field_values import LONGEST

Schema = Mapping[str, Any]

_TEXTS = {
    "^[a-z][a-z0-9_]{0,39}$": "an id (small letters, digits and `_`; 40 at most)",
    "^#[0-9a-fA-F]{6}$": 'a colour such as `"#8a4b08"`, in quotes',
    "^[1-9][0-9]{0,4} (day|week|month|year)s?$": "a period such as `30 days`, `6 months` or `2 years`, up to 100 years",
    "^(transparent|#[0-9a-fA-F]{6})$": '`transparent`, or a colour such as `"#fffaf0"`, in quotes',
    "^[A-Za-z0-9, \"'-]+$": "families such as `Gill Sans, Calibri, sans-serif`, the last a generic one",
    "^[A-Za-z0-9][A-Za-z0-9_-]{0,60}\\.(svg|png|webp)$": "the name of a file such as `logo.svg`",
    "^[A-Z]{2}$": "the two-letter code of a country",
    "^AK[0-9]{3}$": "a code such as `AK346`",
}
"""The patterns of the schema, in words. A pattern that is not here stops the making of the page."""

_FORMATS = {"uri": "an `https://` address", "email": "a mail address", "date": "a date such as `2026-01-15`, in quotes"}
_FIELD_TYPES = {
    "name": "the name of a person: letters, no digits",
    "text": "one line",
    "long_text": "several lines",
    "tel": "a telephone number, with or without the country; `00` is stored as `+`",
    "date": "a date, typed as day, month (a word in any language of the kit) and year; stored as `2026-11-30`",
    "choice": "one of its `options`",
    "postal_address": "street and number, postcode and town; stored on two lines or more",
}


@cache
def _schema() -> Schema:
    printed: Schema = json.loads(CliRunner().invoke(cli, ["schema"]).stdout)
    return printed


def _part(reference: Schema) -> Schema:
    found: Schema = _schema()["$defs"][reference["$ref"].rpartition("/")[2]]
    return found


def form() -> str:
    """The tables of the keys of a form file."""
    return _sections(_part(_schema()["anyOf"][0]))


def controller() -> str:
    """The tables of the keys of controller.yaml. What it accepts is as in a form, and stands there."""
    return _sections(_part(_schema()["anyOf"][1])).partition("\n\n### accept\n")[0]


def field_types() -> str:
    """A table of the types that a field can have, with the longest answer that each takes."""
    field = _part(_part(_schema()["anyOf"][0])["properties"]["fields"]["items"])
    lines = [f"| `{one}` | {_FIELD_TYPES[one]} | {LONGEST[one]} |" for one in field["properties"]["type"]["enum"]]
    return "\n".join(["| type | takes | characters at most |", "|---|---|---:|", *lines])


def _sections(part: Schema, path: str = "") -> str:
    """A table of the keys of a part, then one of each block below it, under the keys that lead there."""
    needed = part.get("required", ())
    lines = ["| key | needed | takes | meaning |", "|---|---|---|---|"]
    below = []
    for key, schema in part["properties"].items():
        here = f"{path}.{key}".strip(".")
        default = _default(schema)
        need = "yes" if key in needed else f"no; `{default}`" if default else "no"
        lines.append(f"| `{key}` | {need} | {_takes(schema, here)} | {_meaning(schema)} |")
        blocks = map(_part, _mentioned(schema))
        below += [f"### {here}\n\n{block['description']}\n\n{_sections(block, here)}" for block in blocks]
    return "\n\n".join(["\n".join(lines), *below])


def _meaning(schema: Schema) -> str:
    return str(schema["description"]).replace(", per language", "").rstrip(".")


def _default(schema: Schema) -> str:
    default = schema.get("default")
    return "" if default in (None, [], {}) or isinstance(default, dict) else str(default).lower()


def _takes(schema: Schema, path: str) -> str:
    """What the key at this path takes, in words."""
    if "$ref" in schema:
        return f"[these keys](#{path.replace('.', '')})"
    if "anyOf" in schema:
        choices = (_takes(one, path) for one in schema["anyOf"])
        return ", or ".join(sorted(choices, key=lambda words: words != "`none`"))
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        names = schema["enum"]
        if "be-gba" in names:
            return "the code of [an authority](#authorities)"
        return "a country of the EEA, `CH` or `GB`" if "BE" in names else ", ".join(f"`{one}`" for one in names)
    if schema["type"] == "array":
        return _list(schema, path)
    if schema["type"] == "object":
        return f"per language: {_takes(schema['additionalProperties'], path)}"
    if schema["type"] == "integer":
        return f"a whole number from {schema['minimum']} to {schema['maximum']}"
    return "`true` or `false`" if schema["type"] == "boolean" else _text(schema)


def _list(schema: Schema, path: str) -> str:
    most = f" ({schema['maxItems']} at most)" if "maxItems" in schema else ""
    least = " of one or more" if schema.get("minItems") == 1 else ""
    return f"a list{least}{most}: {_takes(schema['items'], path)}"


def _text(schema: Schema) -> str:
    if "pattern" in schema:
        return _TEXTS[schema["pattern"]]
    if "format" in schema:
        return _FORMATS[schema["format"]]
    return f"text, {schema['maxLength']} characters at most" if "maxLength" in schema else "an origin"


def _mentioned(value: Any) -> list[Schema]:
    """The references of a schema to other parts."""
    if isinstance(value, list):
        return [found for item in value for found in _mentioned(item)]
    if not isinstance(value, dict):
        return []
    own = [value] if "$ref" in value else []
    return own + [found for item in value.values() for found in _mentioned(item)]
