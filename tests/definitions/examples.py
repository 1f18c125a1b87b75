"""Puts the examples of the linter's codes into files that are in order, so that they can be checked."""

import json
import re
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from app.definitions.codes import CODES
from app.definitions.codes.record import Code
from app.definitions.source.report import Fault
from tests.definitions.folder import check

CONTROLLER = """\
name: Company BV
address: Korenmarkt 7, 9000 Gent
country: BE
contact: privacy@company.example
dpo: none
authority: be-gba
privacy_statement: {nl: "https://www.company.example/nl/privacy", en: "https://www.company.example/privacy"}
origins: ["https://www.company.example"]
processors: none
evidence_for: 5 years
"""
TOLD_OF_EACH = "    recipients: none\n    transfers: none\n    automated_decisions: none\n    keep: 2 years\n"
ADULTS = f"""\
languages: [en]
audience: adults
because: The shop sells to adults.
title: {{en: News}}
intro: {{en: This is what we ask.}}
fields:
  - id: first_name
    type: name
    label: {{en: First name}}
purposes:
  - id: news
    title: {{en: Newsletter by email}}
    text: {{en: Once a month we email what is new.}}
    data: [email, first_name]
{TOLD_OF_EACH}    channel: email
  - id: card
    title: {{en: A card}}
    text: {{en: Once a year we send a card.}}
    data: [email]
{TOLD_OF_EACH}    channel: none
"""
CHILDREN = f"""\
languages: [en]
audience: children
age_gate: {{countries: [BE]}}
title: {{en: The club}}
intro: {{en: This is what we ask.}}
child:
  title: {{en: The club}}
  intro: {{en: This is what we ask you.}}
fields:
  - id: first_name
    type: name
    label: {{en: First name}}
    child: {{label: {{en: Your first name}}}}
purposes:
  - id: news
    title: {{en: A recipe by email}}
    text: {{en: Once a month we email a recipe.}}
    child:
      title: {{en: A recipe for you}}
      text: {{en: We email you a recipe. After 2 years it stops.}}
    data: [email, first_name]
{TOLD_OF_EACH}    channel: email
"""
OF_CHILDREN = {
    "AK229",
    "AK355",
    "AK359",
    "AK391",
    "AK392",
    "AK393",
    *(code for code in CODES if "AK321" <= code <= "AK331"),
}


def faults_of_example(folder: Path, code: str, example: str) -> list[Fault]:
    """What the linter finds in a forms folder with this example of a code in it."""
    record = CODES[code]
    form = CHILDREN if code in OF_CHILDREN else ADULTS
    company = folder / "company"
    if record.where == "folder":
        make_files(folder, example)
    else:
        company.mkdir(parents=True)
        (company / "controller.yaml").write_text(CONTROLLER)
        (company / "newsletter.yaml").write_text(form)
    if record.where == "command":
        command, path = example.rsplit(" ", 1)
        assert command == "akkoord check"
        assert path.startswith("forms/")
        return check(folder / path.removeprefix("forms/"))
    if record.where == "controller":
        (company / "controller.yaml").write_text(merged(CONTROLLER, example))
    elif record.where != "folder":
        beside = "\n".join(re.findall(r"^# controller\.yaml: (.*)\n", example, re.MULTILINE))
        (company / "controller.yaml").write_text(merged(CONTROLLER, beside))
        (company / "newsletter.yaml").write_text(in_form(form, code, record, example))
    return check(folder)


def in_form(form: str, code: str, record: Code, example: str) -> str:
    example = re.sub(r"<U\+([0-9A-F]{4})>", lambda sign: chr(int(sign[1], 16)), repeated(example))
    if code < "AK200":
        return replaced(form, example)
    return merged(form, example, {"purpose": ("purposes", 0), "field": ("fields", 0)}.get(record.where, ()))


def repeated(example: str) -> str:
    """An example with the lines written out that it only counts; the number in each is another one."""

    def lines(match: re.Match[str]) -> str:
        return "\n".join(re.sub(r"\d+", str(at), match[1]) for at in range(1, int(match[2]) + 2))

    return re.sub(r"^(.*?) +# and (\d+) more$", lines, example, flags=re.MULTILINE)


def merged(text: str, example: str, at: tuple[str | int, ...] = ()) -> str:
    """A file with the keys of an example in place of its own; entries of a list are told apart by their ids."""
    document = deepcopy(loaded(text))
    part = document
    for step in at:
        part = part[step]
    for key in re.findall(r"^# no (\w+)", example, re.MULTILINE):
        part.pop(key, None)
    for key, value in (YAML(typ="safe").load(repeated(example)) or {}).items():
        part[key] = with_entries(part[key], value) if key in part else value
    return json.dumps(document, ensure_ascii=False, indent=1)


@cache
def loaded(text: str) -> Any:
    return YAML(typ="safe").load(text)


def with_entries(own: Any, new: Any) -> Any:
    if not (isinstance(own, list) and isinstance(new, list) and all(isinstance(entry, dict) for entry in own + new)):
        return new
    changes = {entry["id"]: entry for entry in new}
    known = {entry["id"] for entry in own}
    return [entry | changes.get(entry["id"], {}) for entry in own] + [one for one in new if one["id"] not in known]


def replaced(form: str, example: str) -> str:
    """A file with the blocks of an example in place of its own, whatever they hold: YAML itself is what is wrong."""
    if example.startswith("---"):
        return form + example + "\n"
    keys = set(re.findall(r"^([a-z]+):", example, re.MULTILINE))
    blocks = re.split(r"^(?=\S)", form, flags=re.MULTILINE)
    return "".join(block for block in blocks if block.partition(":")[0] not in keys) + example + "\n"


def make_files(folder: Path, listing: str) -> None:
    """The files of a listing: `name`, `folder/`, `name -> target`, `name  (300 kB)`, `name  (saved as UTF-8)`."""
    for line in listing.splitlines():
        name, _, note = line.partition("  ")
        name, _, target = name.partition(" -> ")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir()
        elif target:
            path.symlink_to(target)
        else:
            text = (CONTROLLER if path.name == "controller.yaml" else ADULTS).replace("News", "Café")
            encoding = note[len("(saved as ") : -1] if note.startswith("(saved as ") else "UTF-8"
            size = re.fullmatch(r"\((\d+) kB\)", note)
            data = text.encode(encoding)
            path.write_bytes((data + b"# more\n" * 50_000)[: int(size[1]) * 1000] if size and size[1] != "4" else data)
