"""How high a plain frame has to be, which no script tells it: an estimate, from what stands on the pages of a form.

It counts characters, blocks of text and fields, also a field that only a ticked purpose shows; what is folded is not
counted. The numbers were fitted to eleven forms in a wide font (DejaVu Sans): the result is 1 to 38 % too high, and
`tests/browser/test_frame_height.py` compares it with what a browser makes of every sample.
"""

import re
from datetime import date
from html import unescape
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
_STEP = 20
"""A height is rounded up to these pixels."""
_WIDEST = 672
"""`max-inline-size` of a page, 42rem."""

_FOLDED = re.compile(r"<details\b.*?(<summary.*?</summary>).*?</details>", re.DOTALL)
_UNSEEN = re.compile(r'<(option|svg)\b.*?</\1>|<(\w+) class="unseen".*?</\2>', re.DOTALL)
_WHOLE = re.compile(r'<span class="whole">(.*?)</span>')
"""What never breaks at the end of a line; its tags would count as characters."""
_TAG_OF_A_BLOCK = re.compile(r"<(?!/?(?:a|b|strong|small|span)\b)[^>]*>")
_FIELD = re.compile(r'<(?:select|textarea|input(?! type="(?:hidden|checkbox)"))')
_ROWS = re.compile(r'rows="(\d+)"')


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
    body = html[html.index("<body") :]
    seen = _WHOLE.sub(r"\1", _UNSEEN.sub("", _FOLDED.sub(r"\1", body)))
    blocks = [text for piece in _TAG_OF_A_BLOCK.split(seen) if (text := " ".join(unescape(piece).split()))]
    wide = min(width, _WIDEST) - 2 * inset
    size, room = 16.0, wide - 16.0
    if re.match(r'<body class="[^"]*\bchild\b', body):  # larger type, in shorter lines
        size, room = 24.0, min(room, 528.0)
    height = sum(map(len, blocks)) * 0.44 * size / room * 1.5 * size + 32 * len(blocks)
    height += 60 * len(_FIELD.findall(seen)) + 24 * sum(int(rows) - 1 for rows in _ROWS.findall(seen))
    height += 0.42 * wide * ('class="picture"' in body) + 50 * ('class="brand"' in body) - 100
    return ceil((height * 1.12 + 2 * inset) / _STEP) * _STEP
