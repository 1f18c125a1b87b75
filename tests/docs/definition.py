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
    "^[A-Z]{2}$": "the two-letter code of a country",
    "^AK[0-9]{3}$": "a code such as `AK346`",
}
"""The patterns of the schema, in words. A pattern that is not here stops the making of the page."""

_FORMATS = {"uri": "an `https://` address", "email": "a mail address"}
_FIELD_TYPES = {
    "name": "the name of a person: letters, no digits",
    "text": "one line",
    "long_text": "several lines",
    "tel": "a telephone number, with or without `+` and the country",
    "date": "a date, typed as day, month and year; stored as `2026-11-30`",
    "choice": "one of its `options`",
    "postal_address": "street and number, postcode and town, on two lines or more",
}


@cache
def _parts() -> dict[str, Schema]:
    parts: dict[str, Schema] = json.loads(CliRunner().invoke(cli, ["schema"]).stdout)["$defs"]
    return parts


def keys_of(name: str) -> str:
    """A table of the keys of a part, and one of each part that it is made of, in the order of their first mention."""
    told: list[str] = []
    waiting = [name]
    while waiting:
        part = waiting.pop(0)
        if part not in told:
            told.append(part)
            waiting[:0] = [one for one in _mentioned(_parts()[part]["properties"]) if one not in told]
    return "\n\n".join(_section(part, part != name) for part in told)


def field_types() -> str:
    """A table of the types that a field can have, with the longest answer that each takes."""
    types = _parts()["Field"]["properties"]["type"]["enum"]
    lines = [f"| `{one}` | {_FIELD_TYPES[one]} | {LONGEST[one]} |" for one in types]
    return "\n".join(["| type | takes | characters at most |", "|---|---|---:|", *lines])


def _section(name: str, with_heading: bool) -> str:
    part = _parts()[name]
    needed = part.get("required", ())
    lines = ["| key | needed | takes | meaning |", "|---|---|---|---|"]
    for key, schema in part["properties"].items():
        default = _default(schema)
        need = "yes" if key in needed else f"no; `{default}`" if default else "no"
        lines.append(f"| `{key}` | {need} | {_takes(schema)} | {_meaning(schema)} |")
    heading = f"### {name}\n\n{part['description']}\n\n" if with_heading else ""
    return heading + "\n".join(lines)


def _meaning(schema: Schema) -> str:
    return str(schema["description"]).replace(", per language", "").rstrip(".")


def _default(schema: Schema) -> str:
    default = schema.get("default")
    return "" if default in (None, [], {}) or isinstance(default, dict) else str(default).lower()


def _takes(schema: Schema) -> str:
    """What a key takes, in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return ", or ".join(sorted(map(_takes, schema["anyOf"]), key=lambda words: words != "`none`"))
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        choices = schema["enum"]
        return "a country of the EEA, `CH` or `GB`" if "BE" in choices else ", ".join(f"`{one}`" for one in choices)
    read = {"array": _list, "object": _per_language, "string": _text, "integer": _number, "boolean": _boolean}
    return read[schema["type"]](schema)


def _list(schema: Schema) -> str:
    most = f" ({schema['maxItems']} at most)" if "maxItems" in schema else ""
    least = " of one or more" if schema.get("minItems") == 1 else ""
    return f"a list{least}{most}: {_takes(schema['items'])}"


def _per_language(schema: Schema) -> str:
    return f"per language: {_takes(schema['additionalProperties'])}"


def _text(schema: Schema) -> str:
    if "pattern" in schema:
        return _TEXTS[schema["pattern"]]
    if "format" in schema:
        return _FORMATS[schema["format"]]
    return f"text, {schema['maxLength']} characters at most" if "maxLength" in schema else "an origin"


def _number(schema: Schema) -> str:
    return f"a whole number from {schema['minimum']} to {schema['maximum']}"


def _boolean(_schema: Schema) -> str:
    return "`true` or `false`"


def _mentioned(value: Any) -> list[str]:
    """The parts that a schema refers to, in their order."""
    if isinstance(value, list):
        return [name for item in value for name in _mentioned(item)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"].rpartition("/")[2]] if "$ref" in value else []
    return own + [name for item in value.values() for name in _mentioned(item)]
