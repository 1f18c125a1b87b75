"""The logo beside a controller.yaml: a small picture that shows itself, and neither runs nor loads anything."""

import re
from pathlib import Path
from xml.etree import ElementTree

from . import files
from .report import Report

LARGEST = 64 * 1024
"""Bytes that a logo may have."""

_STARTS = {".png": re.compile(rb"\x89PNG\r\n\x1a\n"), ".webp": re.compile(rb"RIFF....WEBP", re.DOTALL)}
_ACTIVE = frozenset(["script", "foreignObject", "iframe", "audio", "video", "handler", "listener"])
_LOADS = re.compile(r"""@import|url\(\s*["']?(?!#|["']?data:image/)""", re.IGNORECASE)


class BadLogo(Exception):
    """A file that cannot be shown as a logo; the message says what to do."""


def read_logo(path: Path, root: Path) -> bytes:
    """The bytes of a logo below `root`.

    Raises:
        BadLogo: when it is missing, elsewhere, too large, no such picture, or more than a picture.
    """
    try:
        data = files.read_definition(path, root, Report(""))
    except files.Unreadable:
        raise BadLogo("there is no such file beside controller.yaml, or it cannot be read") from None
    if len(data) > LARGEST:
        raise BadLogo(f"has {len(data) // 1024} kB: make it {LARGEST // 1024} kB or smaller")
    if path.suffix == ".svg":
        _check_svg(data)
    elif _STARTS[path.suffix].match(data) is None:
        raise BadLogo(f"is no {path.suffix[1:].upper()} picture: save it as one")
    return data


def _check_svg(data: bytes) -> None:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:  # entities can grow without end while they are read
        raise BadLogo("has a DOCTYPE: take it out of the file")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 (there is no DOCTYPE, and so no entity)
    except (ElementTree.ParseError, ValueError, LookupError):
        raise BadLogo("is no SVG picture: save it as one") from None
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        raise BadLogo("is no SVG picture: save it as one")
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        if name in _ACTIVE or any(key.lower().startswith("on") for key in element.attrib):
            raise BadLogo("runs something: save it without scripts")
        links = [value for key, value in element.attrib.items() if key.rpartition("}")[2] in ("href", "src")]
        if any(not link.startswith(("#", "data:image/")) for link in links) or _LOADS.search(
            "\n".join([*element.attrib.values(), element.text or ""])
        ):
            raise BadLogo("loads something from elsewhere: save it with all that it shows")
