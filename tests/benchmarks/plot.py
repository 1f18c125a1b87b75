"""The picture of the rates, drawn by hand as SVG: bars that can be read on a light page and on a dark one."""

from collections.abc import Mapping
from html import escape

from .figures import Spread
from .rounds import Figures
from .targets import digits

_BARS = (
    ("bare Flask “hello”", "hello", "floor"),
    ("three inserts, no HTTP", "transaction", "floor"),
    ("", "", ""),
    ("form page: Akkoord", "form", "kit"),
    ("django-newsletter", "peer form", "peer"),
    ("", "", ""),
    ("submit until its mail is sent: Akkoord", "submit", "kit"),
    ("django-newsletter", "peer subscribe", "peer"),
    ("", "", ""),
    ("submit, slow mail server: Akkoord", "submit, slow mail", "kit"),
    ("django-newsletter", "peer subscribe, slow mail", "peer"),
    ("", "", ""),
    ("confirm: Akkoord", "confirm", "kit"),
    ("django-newsletter", "peer activate", "peer"),
    ("", "", ""),
    ("withdraw: Akkoord", "withdraw", "kit"),
    ("django-newsletter", "peer unsubscribe", "peer"),
)

_STYLE = """
text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
.floor { fill: #8c959f } .kit { fill: #1a7f37 } .peer { fill: #bf8700 } .range { stroke: #1f2328; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .floor { fill: #7d8590 } .kit { fill: #3fb950 } .peer { fill: #d29922 }
  .range { stroke: #e6edf3 }
}
"""
_WIDTH, _LABELS, _LENGTH, _ROW, _GAP = 800, 236, 440, 22, 10


def drawn(steps: Mapping[str, Figures]) -> str:
    """The picture: a bar for each median, and a line from the lowest round to the highest."""
    known = {name: Spread.of(figures.finished or figures.rates) for name, figures in steps.items()}
    longest = max(spread.high for spread in known.values())
    parts, top = [], 30
    for label, name, kind in _BARS:
        if name not in known:
            top += _GAP if not name else 0
            continue
        spread = known[name]
        width = spread.median / longest * _LENGTH
        low, high = (_LABELS + value / longest * _LENGTH for value in (spread.low, spread.high))
        middle = top + _ROW / 2
        parts += [
            f'<text x="{_LABELS - 8}" y="{middle + 4:.0f}" text-anchor="end">{escape(label)}</text>',
            f'<rect class="{kind}" x="{_LABELS}" y="{top + 2}" width="{max(width, 1):.1f}" height="{_ROW - 4}"/>',
            f'<path class="range" d="M{low:.1f} {middle:.0f}H{high:.1f}"/>',
            f'<text x="{max(high, _LABELS + width) + 8:.1f}" y="{middle + 4:.0f}">{digits(spread.median)}</text>',
        ]
        top += _ROW
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {top + 8}" width="{_WIDTH}" '
        f'height="{top + 8}" role="img" aria-label="Requests per second, side by side">'
    )
    title = f'<text x="{_LABELS}" y="18">finished per second, mail and all; thin line: lowest to highest round</text>'
    return "\n".join([head, f"<style>{_STYLE}</style>", title, *parts, "</svg>", ""])
