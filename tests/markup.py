"""Pages as html5lib parses them, once for all that differ in nothing but words and values."""

import re
from copy import deepcopy
from functools import lru_cache
from html import unescape
from itertools import count
from typing import Any
from xml.etree.ElementTree import Element

import html5lib

Fault = tuple[tuple[int, int], str, dict[str, Any]]
"""What is wrong with HTML: its line and column, its name and details."""

_VALUE = re.compile(r'(?<=[a-z]=")(?<! type=")[^"<>]+(?=")|(?<=>)[^<>]+(?=<)')
_ESCAPED = re.compile(r"&(?:amp|lt|gt|#34|#39);")
_ENDS_OF_PLANES = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_ODD = re.compile(
    rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000\ue001\ufdd0-\ufdef{_ENDS_OF_PLANES}]|<(?:script|style)[^>]*>[^<]"
)
_HIDDEN = re.compile(r"\ue000(\d+)\ue001")


@lru_cache(maxsize=500)
def parsed(html: str) -> tuple[Element, list[Fault]]:
    """The tree of a page, not to be changed, and what is wrong with its HTML.

    html5lib takes milliseconds for a page, and most pages of the tests differ in an address or a token alone. So it
    sees each text and attribute that escapes all it must as a number, and the tree gets the words back.
    """
    if _ODD.search(html):
        return parse(html)
    values: list[str] = []
    shape = _VALUE.sub(lambda found: _hide(found[0], values), html)
    root, faults, places = _parsed_shape(shape)
    if faults:
        return parse(html)
    filled = deepcopy(root)
    elements = list(filled.iter())
    for place, name in places:
        element = elements[place]
        if name in ("text", "tail"):
            setattr(element, name, _show(getattr(element, name), values))
        else:
            element.set(name[1:], _show(element.attrib[name[1:]], values))
    return filled, []


def parse(html: str) -> tuple[Element, list[Fault]]:
    """The same, by html5lib alone."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    return parser.parse(html), parser.errors


@lru_cache(maxsize=2000)
def _parsed_shape(shape: str) -> tuple[Element, list[Fault], list[tuple[int, str]]]:
    """The tree, its faults, and where a number stands in it: `text`, `tail`, or `@` and the name of an attribute."""
    root, faults = parse(shape)
    places = []
    for place, element in zip(count(), root.iter(), strict=False):
        places += [(place, name) for name in ("text", "tail") if "\ue000" in (getattr(element, name) or "")]
        places += [(place, f"@{name}") for name, value in element.attrib.items() if "\ue000" in value]
    return root, faults, places


def _hide(value: str, values: list[str]) -> str:
    """White space in front stays: where it stands and whether there is more decides what a parser does with it."""
    shown = value.lstrip()
    if not shown or "&" in _ESCAPED.sub("", shown):
        return value
    values.append(unescape(shown))
    return f"{value[: len(value) - len(shown)]}\ue000{len(values) - 1}\ue001"


def _show(text: str, values: list[str]) -> str:
    return _HIDDEN.sub(lambda found: values[int(found[1])], text)
