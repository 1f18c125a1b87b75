"""Where a file declares no data of a special category (GDPR art. 9): what points to some is reported there."""

from ...languages import LANGUAGES
from ..source.positions import Node
from ..source.report import Report
from ..source.yaml_reader import KeyPath
from ..words import finder
from . import advice
from .check import CheckedFile
from .phrases import listed
from .texts import declared_languages

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
    language = (declared_languages(file.top) or LANGUAGES)[0]  # an id has none: whoever reads there knows this one
    for entry in (*file.top.at("purposes").items, *file.top.at("fields").items):
        name = entry.at("id")
        found = _said(name.text.replace("_", " ")) if entry.path in places else {}
        if found:
            report.add("AK305", name.position, advice.message("AK305", listed(found), name, language))


def _said(text: str) -> dict[str, str]:
    """The words of such data in any language, as `listed` takes them: ids are written in all of them."""
    analyses = [finder.analyse(text, language) for language in LANGUAGES]
    return {
        found.plain.quoted(one.first, one.end): "" for found in analyses for one in found.found if one.topic in _WORDS
    }


def _is_ordinary(purpose: Node) -> bool:
    special = purpose.at("special_category")
    return not special.exists or special.text == "none"
