"""Checks of every text in a file: written at all, without invisible characters, in each declared language."""

import unicodedata
from collections.abc import Iterator

from ...languages import LANGUAGES
from ..schema.models import Form
from ..schema.parts import texts
from ..source.positions import Node
from ..source.report import Report, quote
from .check import CheckedFile
from .phrases import LONGEST

PLACEHOLDERS = ("...", "…")

_SEVERAL_LINES = frozenset({"text", "intro", "because", "logic", "consequences", "risk", "weighing", "arrangement"})
_IN_HEADERS = frozenset({"name", "title", "contact", "email"})
# Invisible, and needed: the soft hyphen, and the joiners of some scripts and emoji.
_HARMLESS = frozenset("\N{SOFT HYPHEN}\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")


def check_strings(file: CheckedFile, report: Report) -> None:
    """Every string: not blank, not a placeholder, no control, invisible or direction-changing character."""
    for node in _walk(file.top):
        if not isinstance(node.value, str):
            continue
        if not node.text:
            report.add("AK210", node.position, "this text is empty: write it", is_final=True)
        elif node.text in PLACEHOLDERS:
            report.add("AK212", node.position, f"{_name(node)} is still to be written", is_final=True)
        elif bad := _first_bad(node):
            report.add(
                "AK211",
                node.position,
                f"the text holds the invisible character U+{ord(bad):04X}"
                f" ({unicodedata.name(bad, 'a control character').lower()}): take it out",
            )
        elif "=?" in node.text and _key(node) in _IN_HEADERS:
            report.add("AK211", node.position, "the head of a mail reads `=?` as the start of a code: take it out")


def check_languages(file: CheckedFile, report: Report) -> None:
    """Every text per language: in each declared one and no other; with none declared, in any of the kit's."""
    declared = declared_languages(file.top) if file.model is Form else []
    for path in texts(file.model):
        for node in file.top.select(*path):
            for language, text in node.entries.items():
                if language not in LANGUAGES:
                    report.add("AK214", text.key_position, _not_a_language(language, text), is_final=True)
                elif declared and language not in declared:
                    report.add(
                        "AK216",
                        text.key_position,
                        f"`{language}` is not in `languages`: add it there, or take this text out",
                    )
            missing = [language for language in declared if node.value and language not in node.entries]
            if missing and node.entries:
                report.add("AK215", node.key_position, f"{_name(node)} lacks {_listed(missing)}: write it")


def check_empty_values(file: CheckedFile, report: Report) -> None:
    """Every key and list entry after which nothing is written."""
    for node in _walk(file.top):
        if node.value is None and node.path:
            key = node.path[-1]
            what = f"nothing is written after `{quote(key)}:`" if isinstance(key, str) else "this entry is empty"
            hint = ': write the colour in quotes, such as `"#1d4f91"`' if key == "accent" else ""
            report.add_unless_reported("AK204", node.position, what + hint)


def declared_languages(top: Node) -> list[str]:
    """The languages that a form file declares and the kit speaks."""
    return [item.text for item in top.at("languages").items if item.text in LANGUAGES]


def readable_texts(texts: Node) -> Iterator[tuple[str, Node]]:
    """The texts per language that are worth reading: in a language of the kit, written, and not endless."""
    for language, node in texts.entries.items():
        if language in LANGUAGES and node.text and node.text not in PLACEHOLDERS and len(node.text) <= LONGEST:
            yield language, node


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in (*node.items, *node.entries.values()):
        yield from _walk(child)


def _name(node: Node) -> str:
    """How a message calls a text: by its key, and its language where it has one."""
    keys = [step for step in node.path if isinstance(step, str)]
    if len(keys) > 1 and keys[-1] in LANGUAGES:
        return f"`{quote(keys[-2])}` in `{keys[-1]}`"
    return f"`{quote(keys[-1])}`" if keys else "the text"


def _first_bad(node: Node) -> str | None:
    if node.text.isprintable():  # nearly all are: sign by sign, they took 7 % of a check
        return None
    allowed = _HARMLESS | {"\n"} if _key(node) in _SEVERAL_LINES else _HARMLESS
    return next((sign for sign in node.text if sign not in allowed and _is_bad(sign)), None)


def _key(node: Node) -> str:
    keys = [step for step in node.path if isinstance(step, str) and step not in LANGUAGES]
    return keys[-1] if keys else ""


def _is_bad(sign: str) -> bool:
    # A line break in a name ends a mail header (header injection); U+202E shows the letters in another order.
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or ord(sign) & 0xFFFE == 0xFFFE


def _not_a_language(language: str, text: Node) -> str:
    if text.value is None and (" " in language or len(language) > 3):
        return (
            f"`{quote(language)}` is read as a key, because of the comma before it:"
            " write each text on a line of its own"
        )
    return f"`{quote(language)}` is not a language of the kit: write {_listed(LANGUAGES)}"


def _listed(words: tuple[str, ...] | list[str]) -> str:
    quoted = [f"`{word}`" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
