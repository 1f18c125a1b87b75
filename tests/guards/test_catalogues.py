"""The catalogues: what the program says stands in every language and gets its values, and nothing stands unused."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Any, get_args

import pytest
from babel.messages.pofile import read_po
from jinja2 import nodes
from pydantic import BaseModel

from app import i18n, paths
from app.definitions.notice_strings import CHILD_NOTICE_STRINGS, FORMER_CHILD_STRINGS, FORMER_STRINGS, NOTICE_STRINGS
from app.definitions.schema import models, vocabulary
from app.period import UNITS
from tests.guards.source import calls, modules, parsed, templates, walked

LANGUAGES = i18n.LANGUAGES
KEYS = list(i18n.catalogue("en"))
SAID = i18n.catalogue("en", young=True)
CHILD_ONLY = [key for key in SAID if key not in KEYS]
"""Texts that no adult reads. What else stands in the `child` domain is the je or tu form of a text in KEYS."""
RESULTS = "app/web/results.py"
A_KEY = re.compile(r"[a-z_]+(?:\.[a-z0-9_-]+)+")
BEGINNINGS = {key.partition(".")[0] for key in SAID}
NAMES_OF_FILES = (".html", ".txt", ".js", ".css", ".po", ".yaml", ".eml")
WHO = frozenset({"controller", "contact"})
"""The values that `notice_writer` gives to each text of a notice, needed or not."""
FOR_A_CHILD = WHO | {"address", "authority", "age", "version", "deadline", "period"}
"""The values that it gives to each of the words on a child's page."""
ADULT = {"nl": r"\b(?:u|uw|uwe)\b", "fr": r"\b(?:vous|votre|vos)\b|\b(?!chez\b|assez\b)\w+ez\b", "en": r"(?!)"}
"""How a text speaks to an adult."""


@dataclass(frozen=True)
class Use:
    """A place in the code that says a text. `exact` is False where it may give more values than the text needs."""

    place: str
    key: str
    values: frozenset[str] = frozenset()
    exact: bool = True


def options(model: type[BaseModel], field: str) -> tuple[Any, ...]:
    """The words that a definition may write there."""
    return get_args(model.model_fields[field].annotation)


def error_pages() -> set[str]:
    """What the tables of `web/errors.py` call their pages."""
    answers = [call for call in calls(parsed("app/web/errors.py")) if called(call) == "Answer"]
    return {str(argument.value) for answer in answers for argument in whole(answer.args[1])}


def built() -> dict[str, set[str]]:
    """The keys that are put together, by how the code writes them; their parts come from the tables that hold them."""
    safeguards = {"unprotected" if kind == "none" else kind for kind in options(models.Transfers, "safeguard")}
    parts = {
        "notice.basis.{}": {
            "explicit",
            "consent_guardian",
            "consent_guardian_offline",
            "consent_joint",
            *options(models.Purpose, "basis"),
        },
        "notice.channel.{}": options(models.Purpose, "channel"),
        "notice.proof.{}": options(models.Purpose, "proof"),
        "notice.recipients.{}": {"none", "helped", "unnamed", *options(models.Recipient, "role")},
        "notice.special.{}": vocabulary.SPECIAL_KINDS,
        "notice.transfers.{}": safeguards,
        "child.notice.automated.{}": {"none", "some"},
        "child.notice.recipients.{}": {"none", "helped", "unnamed", *options(models.Recipient, "role")},
        "date.month.{}": set(map(str, range(1, 13))),
        "date.month.{}.typed": set(map(str, range(1, 13))),
        "error.birth.{}": {part + "_missing" for part in ("day", "month", "year")},
        "period.{}.{}": {f"{unit}.{form}" for unit in UNITS for form in (0, 1)},
        "{}.title": error_pages(),
        "{}.body": error_pages(),
    }
    return {shape: {shape.format(*_places(shape, part)) for part in values} for shape, values in parts.items()}


def _places(shape: str, part: str) -> list[str]:
    """What goes into the places of a shape: the whole, or its words where there are more places."""
    return part.split(".") if shape.count("{}") > 1 else [part]


def is_key(text: object) -> bool:
    """Whether a literal is meant as a key: it has the form of one, and begins as ours do."""
    return (
        isinstance(text, str)
        and A_KEY.fullmatch(text) is not None
        and text.partition(".")[0] in BEGINNINGS
        and not text.endswith(NAMES_OF_FILES)
    )


def called(call: ast.Call) -> str:
    function = call.func
    return getattr(function, "attr", "") or getattr(function, "id", "")


def whole(node: ast.AST) -> list[ast.Constant]:
    """The texts that stand whole in a piece of code."""
    return [found for found in walked(node) if isinstance(found, ast.Constant) and isinstance(found.value, str)]


def said_in_code(place: str, tree: ast.Module) -> Iterator[Use]:
    counted = set()
    for call in calls(tree):
        if called(call) in ("say", "t", "AnswerProblem", "AddressProblem"):
            values = frozenset(keyword.arg for keyword in call.keywords if keyword.arg)
            exact = len(values) == len(call.keywords)
            for text in (text for argument in call.args for text in whole(argument) if is_key(text.value)):
                counted.add(text)
                yield Use(f"{place}:{call.lineno}", str(text.value), values if exact else values | WHO, exact)
        elif called(call) == "Answer":
            counted.update(whole(call))  # names of error pages, which `built` makes keys of
    for comparison in (node for node in walked(tree) if isinstance(node, ast.Compare)):
        counted.update(whole(comparison))
    of_notices = (*NOTICE_STRINGS, *FORMER_STRINGS, *CHILD_NOTICE_STRINGS, *FORMER_CHILD_STRINGS)
    for text in whole(tree):
        if text not in counted and text.value not in of_notices and is_key(text.value):
            looked_for = place in (
                "app/languages.py",
                "app/definitions/words/language.py",
            )  # what checks the catalogues names keys, and fills nothing in
            filled = placeholders(SAID.get(str(text.value), "")) if looked_for else ()
            yield Use(f"{place}:{text.lineno}", str(text.value), frozenset(filled))


def said_in_results() -> Iterator[Use]:
    """The texts of the pages that are a title and a sentence, with all the values that any view gives to one."""
    keywords = [node for _, tree in modules() for node in walked(tree) if isinstance(node, ast.keyword)]
    given = [
        found for node in keywords if node.arg == "values" for found in ast.walk(node) if isinstance(found, ast.Dict)
    ]
    values = frozenset(str(key.value) for found in given for key in found.keys if isinstance(key, ast.Constant))
    for text in whole(parsed(RESULTS)):
        if is_key(text.value):
            yield Use(f"{RESULTS}:{text.lineno}", str(text.value), values, exact=False)


def said_in_template(place: str, template: nodes.Template) -> Iterator[Use]:
    for call in template.find_all(nodes.Call):
        if getattr(call.node, "name", "") in ("t", "say"):
            values = frozenset(word.key for word in call.kwargs)
            for key in chosen_from(call.args[0]):
                yield Use(f"{place}:{call.lineno}", key, values)


def chosen_from(node: nodes.Node | None) -> Iterator[str]:
    """The texts that an expression in a template may come to."""
    if isinstance(node, nodes.CondExpr):
        yield from (*chosen_from(node.expr1), *chosen_from(node.expr2))
    elif isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value


def words_of_the_notice(*names: str, holder: str = "notice") -> set[str]:
    """The kit's own words that these templates take from the notice with this name, and not from the catalogue."""
    found = set()
    for item in (item for name in names for item in templates()[name].find_all(nodes.Getitem)):
        whole_name = (getattr(getattr(item.node, "node", None), "name", ""), getattr(item.node, "attr", ""))
        is_short = holder == "notice" and getattr(item.node, "name", "") == "words"
        if (is_short or whole_name == (holder, "words")) and isinstance(item.arg, nodes.Const):
            found.add(str(item.arg.value))
    return found


@cache
def uses() -> tuple[Use, ...]:
    found = [use for place, tree in modules() if place != RESULTS for use in said_in_code(place, tree)]
    found += said_in_results()
    found += [use for place, template in templates().items() for use in said_in_template(place, template)]
    found += [Use("notice", key, WHO | {"version"}, exact=False) for key in NOTICE_STRINGS]
    found += [Use("child notice", key, FOR_A_CHILD, exact=False) for key in CHILD_NOTICE_STRINGS]
    for shape, keys in built().items():
        values = {"{}.title": frozenset[str](), "{}.body": frozenset({"minutes"})}.get(shape)
        found += [Use(shape, key, built_values(shape) if values is None else values, exact=False) for key in keys]
    return tuple(found)


def built_values(shape: str) -> frozenset[str]:
    """The values given where the code writes this shape."""
    for _, tree in modules():
        for call in calls(tree):
            parts = (node for argument in call.args for node in walked(argument))
            if called(call) in ("say", "t", "BirthProblem") and shape in map(shape_of, parts):
                return WHO | {keyword.arg for keyword in call.keywords if keyword.arg}
    pytest.fail(f"nothing says {shape}")


def shape_of(node: ast.AST) -> str:
    """An f-string with {} in the place of each value; empty for anything else."""
    if not isinstance(node, ast.JoinedStr):
        return ""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def domain(language: str, name: str) -> dict[str, str]:
    """The texts of one catalogue as it is written."""
    with (paths.TRANSLATIONS / language / f"{name}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale=language) if message.id}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_language_has_the_same_keys_in_the_same_order() -> None:
    for language in LANGUAGES:
        assert list(i18n.catalogue(language)) == KEYS, language


def test_every_language_tells_children_the_same_things_in_the_same_order() -> None:
    for language in LANGUAGES:
        assert [key for key in domain(language, "child") if key not in KEYS] == CHILD_ONLY, language


@pytest.mark.parametrize("name", ["messages", "child"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_key_stands_once_with_a_finished_text(language: str, name: str) -> None:
    path = paths.TRANSLATIONS / language / f"{name}.po"
    written = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    assert [key for key, count in Counter(written).items() if count > 1] == []
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    unfinished = [message.id for message in catalogue if message.id and (not message.string or message.fuzzy)]
    assert unfinished == []
    assert list(catalogue.obsolete) == []


def test_every_text_that_is_said_is_in_the_catalogues() -> None:
    assert [use for use in uses() if use.key not in SAID] == []


def test_every_text_in_the_catalogues_is_said_somewhere() -> None:
    said = {use.key for use in uses()}
    assert [key for key in SAID if key not in said] == []


def test_the_young_are_spoken_to_as_such_in_every_language_or_in_none() -> None:
    """A text may go without a je or tu form where it has no form of address, and in English."""
    spoken = {key for language in LANGUAGES for key in domain(language, "child") if key in KEYS}
    for language in LANGUAGES:
        adult = {key for key in spoken if re.search(ADULT[language], i18n.catalogue(language)[key], re.IGNORECASE)}
        assert adult - domain(language, "child").keys() == set(), language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_for_the_young_differs_from_the_one_for_adults_and_has_its_places(language: str) -> None:
    for key, text in domain(language, "child").items():
        if key in KEYS:
            assert text != i18n.catalogue(language)[key], key
            assert placeholders(text) == placeholders(i18n.catalogue(language)[key]), key


def test_every_way_to_put_a_key_together_is_known_here() -> None:
    pieces = [shape_of(node) for _, tree in modules() for node in walked(tree)]
    keys = {piece for piece in pieces if re.fullmatch(r"(?:[a-z_]+|\{\})(?:\.(?:[a-z_-]+|\{\}))+", piece)}
    names_of_files = {piece for piece in keys if piece.endswith(NAMES_OF_FILES)} | {"{}.{}"}
    assert keys - names_of_files == set(built())
    halves = [text.value for template in templates().values() for text in template.find_all(nodes.Const)]
    assert [half for half in halves if isinstance(half, str) and re.fullmatch(r"[a-z_.-]+\.", half)] == []


def test_the_pages_take_from_the_notice_exactly_the_words_that_it_holds() -> None:
    of_every_page = "components/languages.html"
    assert words_of_the_notice("submission/form.html", "components/notice.html", of_every_page) == set(NOTICE_STRINGS)
    assert words_of_the_notice("submission/child.html", of_every_page) == set(CHILD_NOTICE_STRINGS)
    folded = words_of_the_notice("submission/child.html", holder="guardian_notice")
    assert folded
    assert folded <= set(NOTICE_STRINGS)


def test_a_text_has_the_same_placeholders_in_every_language() -> None:
    for key in SAID:
        asked = {language: placeholders(i18n.catalogue(language, young=True)[key]) for language in LANGUAGES}
        assert len({frozenset(names) for names in asked.values()}) == 1, (key, asked)


def test_every_text_gets_the_values_that_it_has_places_for() -> None:
    for use in uses():
        asked = placeholders(SAID[use.key])
        assert asked <= use.values, use
        assert not use.exact or asked == use.values, use
