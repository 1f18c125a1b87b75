"""The JSON Schema of the definition files, so that editors complete and check them while they are written."""

from typing import Any

from pydantic.json_schema import models_json_schema

from .controller import Controller
from .models import Form


def json_schema() -> dict[str, Any]:
    """One JSON Schema (2020-12) for form files and controller files alike."""
    _, made = models_json_schema([(Form, "validation"), (Controller, "validation")])
    definitions = _tidied(made["$defs"])
    del definitions["Period"]  # periods are written as text; nothing refers to their parts
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Akkoord form definition",
        "description": "A form file, or the controller.yaml beside it.",
        "anyOf": [{"$ref": "#/$defs/Form"}, {"$ref": "#/$defs/Controller"}],
        "$defs": definitions,
    }


def _tidied(value: Any) -> Any:
    """Without what an editor would offer wrongly: `null`, which no definition writes, and invented titles."""
    if isinstance(value, list):
        return [_tidied(item) for item in value if item != {"type": "null"}]
    if not isinstance(value, dict):
        return value
    kept = {
        key: _tidied(item)
        for key, item in value.items()
        if not (key == "default" and item is None) and not (key == "title" and isinstance(item, str))
    }
    alone = kept.get("anyOf")
    if isinstance(alone, list) and len(alone) == 1:
        del kept["anyOf"]
        return alone[0] | kept
    return kept
