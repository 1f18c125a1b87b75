"""Checks of how the entries of a form fit together: ids, counts, choices, audience."""

from collections.abc import Iterable

from ...domain.field_values import FILLS, LONGEST
from ..schema.bounds import MOST_ENTRIES
from ..schema.models import FILL_TOKENS
from ..schema.vocabulary import RESERVED_FIELD_IDS
from ..source.positions import Node
from ..source.report import Report, quote
from .check import CheckedFile


def check_controller_entries(file: CheckedFile, report: Report) -> None:
    """Counts and repetitions in a controller file."""
    top = file.top
    _check_counts(top, ("origins", "joint_controllers", "processors"), report)
    _refuse_repetition(top.at("origins").items, "origin", report)


def check_form_entries(file: CheckedFile, report: Report) -> None:
    """Counts, ids, choices and the audience of a form file."""
    top = file.top
    _check_counts(top, ("languages", "fields", "purposes"), report)
    _refuse_repetition(top.at("languages").items, "language", report)
    _check_fields(top, report)
    _refuse_repetition(top.select("purposes", "*", "id"), "purpose id", report)
    for data in top.select("purposes", "*", "data"):
        _refuse_repetition(data.items, "entry", report)
    _check_audience(top, report)


def _check_counts(top: Node, keys: tuple[str, ...], report: Report) -> None:
    for key in keys:
        items, most = top.at(key).items, MOST_ENTRIES[key]
        if len(items) > most:
            report.add("AK213", items[most].position, f"more than {most} {key}: take some out")


def _refuse_repetition(nodes: Iterable[Node], what: str, report: Report) -> None:
    first: dict[str, Node] = {}
    for node in nodes:
        known = first.setdefault(node.text, node)
        if node.text and known is not node:
            report.add_unless_reported(
                "AK208",
                node.position,
                f"the {what} `{quote(node.text)}` stands on line {known.position.line} already: keep one",
            )


def _check_fields(top: Node, report: Report) -> None:
    fields = top.at("fields").items
    _refuse_repetition([field.at("id") for field in fields], "field id", report)
    for field in fields:
        name = field.at("id")
        if name.text in RESERVED_FIELD_IDS:
            reason = "it is always asked" if name.text == "email" else "the kit's own pages use it"
            report.add("AK207", name.position, f"`{name.text}` cannot be a field: {reason}", is_final=True)
        _check_fill(field, report)
        options = field.at("options")
        if field.at("type").text == "choice":
            if len(options.items) < 2 and (isinstance(options.value, tuple) or not options.exists):
                report.add(
                    "AK225",
                    (options if options.exists else field).key_position,
                    "a choice needs two options or more: write `options:` with an `id` and a `label` each",
                    is_final=options.exists,
                )
            if len(options.items) > (most := MOST_ENTRIES["options"]):
                report.add("AK213", options.items[most].position, f"more than {most} options")
            _refuse_repetition([option.at("id") for option in options.items], "option", report)
        elif options.exists and field.at("type").text:
            report.add("AK224", options.key_position, "only a field of the type `choice` has options: leave them out")


def _check_fill(field: Node, report: Report) -> None:
    fill, kind = field.at("fill"), field.at("type").text
    fitting = FILLS.get(kind, ())
    if fill.text in FILL_TOKENS and fill.text not in ("none", *fitting) and kind in LONGEST:
        which = f"`{kind}` takes {', '.join(f'`{one}`' for one in (*fitting, 'none'))}"
        report.add("AK233", fill.position, f"`{fill.text}` does not fit this field: {which}", is_final=True)


def _check_audience(top: Node, report: Report) -> None:
    audience = top.at("audience")
    if audience.text == "adults":
        if not top.at("because").exists:
            report.add(
                "AK228",
                audience.position,
                "say how you know that only adults meet this form: write `because: …` on the next line",
            )
        if top.at("age_gate").exists:
            report.add("AK224", top.at("age_gate").key_position, "a form for adults has no age gate: leave it out")
        if top.at("service").exists:
            report.add("AK224", top.at("service").key_position, "no age counts for adults: leave `service` out")
        for path in (("child",), ("fields", "*", "child"), ("purposes", "*", "child")):
            for node in top.select(*path):
                report.add("AK224", node.key_position, "no child reads a form for adults: leave `child` out")
    elif audience.text in ("children", "everyone") and not top.at("age_gate").exists:
        report.add(
            "AK229",
            audience.position,
            "children may meet this form: write `age_gate: {countries: [BE]}` below it",
        )
