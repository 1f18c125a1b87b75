"""How high a plain frame has to be, which no script tells it: an upper bound, read from the pages of a form themselves.

It adds up what stands on a page, block by block, with the widths of a wide font (DejaVu Sans). Every field is counted,
also one that only a ticked purpose shows; what is folded is not. `tests/browser/test_frame_height.py` compares it with
what a browser makes of every sample.
"""

from datetime import date
from html.parser import HTMLParser
from math import ceil
from typing import TYPE_CHECKING

from flask import Flask

from ..domain import age
from ..domain.form import ServedForm
from .form_visit import step_token

if TYPE_CHECKING:
    from ..services.context import Context

WIDTHS = (280, 390, 700)
"""CSS pixels: the column of a page on the smallest telephone, on others, and on a desk."""

_AGES = (40, 17, 9)
"""Years that between them meet every page of a form with an age gate."""
_STEP, _SPARE = 20, 1.05
"""A height is rounded up to these pixels, after this margin: the nearest sample was 1.3 % too low without it."""
_WIDEST = 672
"""`max-inline-size` of a page, 42rem."""

_NARROW, _WIDE = frozenset(" ijltfrI.,:;'’!|()[]/-"), frozenset("mwMW@%—…")
_SIZES = {"h1": 32.0, "h2": 19.0, "h3": 17.0, "legend": 19.0, "summary": 15.0, "dt": 15.0, "dd": 15.0}
_SMALL = frozenset(["hint", "state", "told"])
_BEFORE = {"h1": 12, "h2": 20, "h3": 20, "p": 12, "label": 0, "legend": 0, "summary": 12, "dt": 8, "dd": 0}
_BEFORE |= {
    "section": 24,
    "fieldset": 24,
    "form": 12,
    "ul": 12,
    "ol": 12,
    "li": 12,
    "div": 0,
    "aside": 12,
    "details": 0,
}
_BOXES = {"purposes": (36, 30), "tick": (77, 34), "told": (36, 34), "beside": (32, 24)}
"""What a box takes of the width, and of the height, by the class of what it is or stands in."""
_VOID = frozenset(["input", "img", "br", "meta", "link", "path", "circle", "rect"])
_TICK = 42
_CONTROL, _BUTTON, _SMALL_BUTTON, _NEXT_TO = 58, 62, 44, 370


def heights(app: Flask, ctx: "Context", served: ServedForm) -> dict[int, int]:
    """The height in CSS pixels for each of `WIDTHS`, in which every page of a form stands in all its languages."""
    steps = [""]
    if served.threshold:
        today = ctx.clock().date()
        born = (date(today.year - years, 1, 1) for years in _AGES)
        steps += [step_token(ctx, served, age.verdict(one, today, served.threshold)) for one in born]
    pages = []
    for language in served.languages:
        for step in steps:
            query = {"lang": language, "step": step, "site": next(iter(served.origins), "")}
            path = f"/f/{served.controller}/{served.form}"
            pages.append(app.test_client().get(path, query_string=query, base_url=app.config["BASE_URL"]).text)
    is_flush = served.theme.frame == "flush" and not served.theme.is_painted
    return {width: max(estimate(page, width, is_flush) for page in pages) for width in WIDTHS}


def estimate(html: str, width: int, is_flush: bool = True) -> int:
    """The height in CSS pixels of a page of a form in a frame of this width."""
    inset = 0 if is_flush else ceil(min(32, max(16, width / 20))) + 1
    page = _Page(min(width, _WIDEST) - 2 * inset)
    page.feed(html)
    return ceil((page.height + 2 * inset) * _SPARE / _STEP) * _STEP


class _Page(HTMLParser):
    """Adds up the heights of a page while it is read."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.height = 0.0
        self._width = width
        self._open: list[tuple[str, str]] = []
        self._text = ""
        self._size = 16.0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        looks = given.get("class", "")
        if tag not in _VOID:
            self._open.append((tag, looks))
        if looks == "date":
            self.height += _CONTROL + 30
        if self._is_unseen(given.get("type", "")):
            return
        if tag in ("input", "select", "textarea"):
            rows = int(given.get("rows", "1") or 1) if tag == "textarea" else 1
            self.height += 0 if given.get("type") == "checkbox" else _CONTROL + 24 * (rows - 1)
        elif tag == "button" and "link" not in looks:
            side_by_side = self._width >= _NEXT_TO and self._within("choice")
            self.height += (_BUTTON / 2 if side_by_side else _BUTTON) if "small" not in looks else _SMALL_BUTTON
        elif tag == "nav" or "link" in looks:
            self.height += _SMALL_BUTTON if tag == "nav" or not self._within("languages") else 0
        elif tag == "svg":
            self.height += self._drawn(given.get("viewbox", "0 0 1 1"))
        elif tag == "img":
            self.height += 52
        elif tag in _BEFORE:
            self._flush()
            self.height += _BEFORE[tag] + self._box(tag, looks)[1] + (20 if "field" in looks else 0)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BEFORE:
            self._flush()
        if tag in [one for one, _ in self._open]:
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._is_unseen("") and not any(tag in ("button", "option", "svg") for tag, _ in self._open):
            self._text += data

    def _flush(self) -> None:
        """Count the lines of what was read since the last block."""
        text, self._text = " ".join(self._text.split()), ""
        if not text or not self._open:
            return
        tags = [tag for tag, _ in self._open]
        looks = " ".join(looks for _, looks in self._open)
        tag = next((tag for tag in reversed(tags) if tag in _SIZES), "p")
        size = _SIZES.get(tag, 18.0 if self._open[-1][1] == "lead" else 16.0)
        if self._within("child"):
            size = max(size, 22.0 if self._width > 500 else 19.6) * (1.4 if tag == "h1" else 1.0)
        elif not self._within("lead") and (_SMALL & set(looks.split()) or (self._within("purposes") and tag == "p")):
            size = min(size, 15.0)
        room = self._width - sum(self._box(*one)[0] for one in self._open)
        room -= _TICK if "label" in tags and self._within("purposes") else 0
        # A word that does not fit leaves a gap: half a word of the kit's longest languages, on each line.
        lines = ceil(
            _length(text) * size / max(80.0, min(room, 34 * size if self._within("child") else 608) - 2.5 * size)
        )
        self.height += lines * size * (1.2 if tag == "h1" else 1.56)

    def _box(self, tag: str, looks: str) -> tuple[int, int]:
        if tag == "li":
            return _BOXES["purposes"] if self._within("purposes") else (24, 0)
        return next((_BOXES[one] for one in looks.split() if one in _BOXES and one != "purposes"), (0, 0))

    def _within(self, name: str) -> bool:
        return any(name in looks.split() for _, looks in self._open)

    def _is_unseen(self, kind: str) -> bool:
        folded = [tag for tag, _ in self._open]
        inside = "details" in folded and "summary" not in folded and folded[-1] != "details"
        elsewhere = folded[:1] != ["html"] or "head" in folded
        return elsewhere or inside or kind == "hidden" or self._within("unseen") or self._within("date")

    def _drawn(self, box: str) -> float:
        if self._open[-1][1] == "mark":
            return 64
        if self._open[-1][1] == "wish":  # beside the title
            return 0
        _, _, wide, high = map(float, box.split())
        room = self._width if self._within("picture") else self._width / 3
        return room * high / wide + 24


def _length(text: str) -> float:
    """How long a text is on one line, in em."""
    return sum(0.36 if one in _NARROW else 0.97 if one in _WIDE else 0.72 if one.isupper() else 0.62 for one in text)
