"""Pages that are rendered once, with slots where they differ from one person to the next."""

import re
from collections.abc import Callable
from urllib.parse import quote

from markupsafe import Markup, escape

_DELIMITER = "\ue000"  # for private use: a definition that holds one is refused, and no text of ours does
_IN_ADDRESS = quote(_DELIMITER)
_SLOT = re.compile(f"{_DELIMITER}([a-z_]+){_DELIMITER}")


_MOST = 1000
"""Pages that are kept: of a form with many purposes, people may decide in more ways than a memory holds."""


def slot(name: str) -> Markup:
    """What to render where something of this name goes."""
    return Markup(f"{_DELIMITER}{name}{_DELIMITER}")  # noqa: S704 (nothing in it needs to be escaped)


class PrerenderedPage:
    """The page as text and slots in turn."""

    def __init__(self, html: str) -> None:
        self._pieces = _SLOT.split(html.replace(_IN_ADDRESS, _DELIMITER))

    def fill(self, **values: str) -> str:
        """The page for one person; what is filled in is escaped. Raises KeyError for a slot without a value."""
        escaped = {name: escape(value) for name, value in values.items()}
        pieces = self._pieces.copy()
        pieces[1::2] = [escaped[name] for name in pieces[1::2]]
        return "".join(pieces)


class PrerenderedPages:
    """The prerendered pages so far, by notice, language, site, and what was decided together."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, ...], PrerenderedPage] = {}

    def get(self, key: tuple[str, ...], render: Callable[[], str]) -> PrerenderedPage:
        """The page with this key, which is rendered when it is asked for first."""
        page = self._made.get(key)
        if page is None:
            if len(self._made) >= _MOST:
                self.clear()
            page = self._made[key] = PrerenderedPage(render())
        return page

    def clear(self) -> None:
        """Forget all of them, because what they show may have changed."""
        self._made.clear()
