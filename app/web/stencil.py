"""A page that is rendered once, with holes where it differs from one person to the next."""

import re
from collections.abc import Callable

from markupsafe import Markup, escape

_MARK = "\ue000"  # for private use: a definition that holds one is refused, and no text of ours does
_HOLE = re.compile(f"{_MARK}([a-z_]+){_MARK}")


def hole(name: str) -> Markup:
    """What to render where something of this name goes."""
    return Markup(f"{_MARK}{name}{_MARK}")  # noqa: S704 (nothing in it needs to be escaped)


class Stencil:
    """The page as text and holes in turn."""

    def __init__(self, html: str) -> None:
        self._pieces = _HOLE.split(html)

    def fill(self, **values: str) -> str:
        """The page for one person; what is filled in is escaped. Raises KeyError for a hole without a value."""
        escaped = {name: escape(value) for name, value in values.items()}
        pieces = self._pieces.copy()
        pieces[1::2] = [escaped[name] for name in pieces[1::2]]
        return "".join(pieces)


class Stencils:
    """The stencils that were made so far. There are as many as notices, languages and sites: nobody adds to them."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, ...], Stencil] = {}

    def get(self, key: tuple[str, ...], render: Callable[[], str]) -> Stencil:
        """The stencil with this key, which is rendered when it is asked for first."""
        if key not in self._made:
            self._made[key] = Stencil(render())
        return self._made[key]

    def clear(self) -> None:
        """Forget all of them, because what they show may have changed."""
        self._made.clear()
