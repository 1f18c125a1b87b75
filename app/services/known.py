"""Which controllers, forms and purposes a database knows: those that stand in a notice that was ever served from it."""

from collections.abc import Set
from difflib import get_close_matches

from ..storage import notices
from .context import Context

_MOST_NAMES = 10
"""How many known ids one line lists."""


class UnknownId(Exception):
    """An id was given that is not known; the text is one line that names it, and what may have been meant.

    To answer with nothing would look as if nobody agrees.
    """


def require_known(
    ctx: Context, controller: str | None = None, form: str | None = None, purpose: str | None = None
) -> None:
    """Look whether a controller, a form of it, and a purpose in that are known. None stands for any.

    Raises:
        UnknownId: for the first that is not; and always where nothing was ever served, since then none is.
    """
    with ctx.database.read() as connection:
        forms = notices.shown_by(connection)
        if not forms:
            raise UnknownId(f"no form was ever served from {ctx.database.place}")
        _require("controller", controller, {owner for owner, _ in forms}, "")
        _require("form", form, {name for owner, name in forms if controller in (None, owner)}, controller or "")
        if purpose is not None:
            within = "/".join(filter(None, (controller, form)))
            _require("purpose", purpose, notices.purposes_shown(connection, controller, form), within)


def _require(kind: str, given: str | None, known: Set[str], within: str) -> None:
    if given is None or given in known:
        return
    near = get_close_matches(given.rpartition("/")[2], known, 1)  # `status` prints controller/form
    names = ", ".join(sorted(known)[:_MOST_NAMES]) + (", …" if len(known) > _MOST_NAMES else "")
    at = f" at {within}" if within else ""
    raise UnknownId(
        f"no {kind} {given[:80]!r} is known{at}. " + (f"Did you mean {near[0]}?" if near else f"Known: {names}")
    )
