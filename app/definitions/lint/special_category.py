"""Where a file declares no data of a special category (GDPR art. 9): what points to some is reported there."""

from ...languages import LANGUAGES
from ..source.positions import Node
from ..source.report import Report, quote
from ..source.yaml_reader import KeyPath
from ..words import finder
from .check import CheckedFile

_WORDS = frozenset({"special_data", "special_topic"})


def undeclared(top: Node) -> frozenset[KeyPath]:
    """The places of purposes without `special_category`, and of the fields that they use."""
    ordinary = [purpose for purpose in top.at("purposes").items if _is_ordinary(purpose)]
    used = {entry.text for purpose in ordinary for entry in purpose.at("data").items}
    fields = [field for field in top.at("fields").items if field.at("id").text in used]
    return frozenset(entry.path for entry in (*ordinary, *fields))


def check_ids(file: CheckedFile, report: Report) -> None:
    """Report ids of these that speak of such data; `constructions` reads what people read."""
    places = undeclared(file.top)
    for entry in (*file.top.at("purposes").items, *file.top.at("fields").items):
        name = entry.at("id")
        text = name.text.replace("_", " ")
        if entry.path in places and any(finder.analyse(text, one).topics & _WORDS for one in LANGUAGES):
            report.add(
                "AK305",
                name.position,
                f"`{quote(name.text)}` points to data of a special category: write `special_category:`"
                " with a kind and a statement, or accept this with the reason",
            )


def _is_ordinary(purpose: Node) -> bool:
    special = purpose.at("special_category")
    return not special.exists or special.text == "none"
