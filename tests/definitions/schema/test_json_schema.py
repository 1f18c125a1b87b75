"""The JSON Schema for editors: it agrees with the linter on good files and on the shape of bad ones."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.definitions.schema.json_schema import json_schema
from app.definitions.source.report import Report
from app.definitions.source.yaml_reader import read_document
from app.paths import SAMPLES
from tests.definitions.folder import CONTROLLER, FORM, changed

SCHEMA = json_schema()


def plain(text: str) -> Any:
    """The values of a YAML file as JSON has them."""
    document = read_document(text.encode(), Report("x"))
    assert document is not None
    return json.loads(json.dumps(document.value))


def is_valid(text: str) -> bool:
    return Draft202012Validator(SCHEMA).is_valid(plain(text))


def test_it_is_a_schema_of_2020_12_with_nothing_but_json() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("path", sorted(SAMPLES.rglob("*.yaml")), ids=lambda path: path.stem)
def test_every_sample_is_valid(path: Path) -> None:
    assert is_valid(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", [CONTROLLER, FORM])
def test_a_file_that_is_in_order_is_valid(text: str) -> None:
    assert is_valid(text)


@pytest.mark.parametrize(
    ("base", "old", "new"),
    [
        (FORM, "languages: [nl, en]", "languages: [nl, de]"),
        (FORM, "languages: [nl, en]", "languages: nl"),
        (FORM, "audience: adults", "audience: grown-ups"),
        (FORM, "channel: email", "channel: [email, phone]"),
        (FORM, "channel: email", "channel: email\n    checked: true"),
        (FORM, "channel: email", "channel: email\n    required: true"),
        (FORM, "    recipients: none\n", ""),
        (FORM, "recipients: none", "recipients: nobody"),
        (FORM, "recipients: none", "recipients: []"),
        (FORM, "    keep: 2 years\n", ""),
        (FORM, "keep: 2 years", "keep: a while"),
        (FORM, "data: [email, first_name]", "data: []"),
        (FORM, "nl: Nieuws\n", "du: Nieuws\n"),
        (FORM, "nl: Nieuws\n", f"nl: {'x' * 121}\n"),
        (FORM, "- id: news", "- id: News!"),
        (FORM, "required: false", "required: maybe"),
        (FORM, "required: false", "checked: true"),
        (CONTROLLER, "dpo: none\n", ""),
        (CONTROLLER, "country: BE", "country: US"),
        (CONTROLLER, "authority: be-gba", "authority: gba"),
        (CONTROLLER, 'accent: "#8a4b08"', "accent: brown"),
        (CONTROLLER, 'accent: "#8a4b08"', "radius: 40"),
        (CONTROLLER, "evidence_for: 5 years", "evidence_for: long"),
    ],
)
def test_a_wrong_shape_is_not_valid(base: str, old: str, new: str) -> None:
    assert not is_valid(changed(base, old, new))


def test_an_editor_can_explain_every_key() -> None:
    for name, part in SCHEMA["$defs"].items():
        assert part["description"], name
        for key, value in part["properties"].items():
            assert value.get("description"), f"{name}.{key}"
            assert value.get("default", "") is not None
