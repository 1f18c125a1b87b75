"""Contrast of colours, and on which grounds the form can be read at all (WCAG 2.2, 1.4.3 and 1.4.11)."""

TEXT = 4.5
"""The least contrast of text with what is behind it."""

_LIGHT_EDGE, _DARK_EDGE = 0.195, 0.238
"""The luminance of the border of a field, light and dark: `--edge` of akkoord.css, of OKLCH lightness .58 and .62. It
needs 3:1 and is what a ground fails first: where it can be seen, hints, links and errors have their 4.5:1."""
_EDGE = 3.0


def luminance(colour: str) -> float:
    """The relative luminance of a colour `#rrggbb`, from 0 (black) to 1 (white)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours `#rrggbb`, from 1 to 21."""
    return _ratio(luminance(one), luminance(other))


def scheme_on(ground: str) -> str:
    """The scheme that can be read on a ground `#rrggbb`: `light`, `dark`, or nothing where neither can."""
    level = luminance(ground)
    if level > _LIGHT_EDGE and _ratio(level, _LIGHT_EDGE) >= _EDGE:
        return "light"
    return "dark" if level < _DARK_EDGE and _ratio(level, _DARK_EDGE) >= _EDGE else ""


def _ratio(one: float, other: float) -> float:
    high, low = max(one, other), min(one, other)
    return (high + 0.05) / (low + 0.05)
