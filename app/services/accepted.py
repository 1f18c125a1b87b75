"""What privacy officers answered: the findings of the linter that definitions accept, for the register and as proof."""

from collections.abc import Iterator

from ..storage import definitions, notices
from ..storage.definitions import StoredDefinition
from ..storage.notices import StoredNotice
from ..storage.schema import written
from .context import Context
from .known import require_known


def in_service(ctx: Context, controller: str | None) -> list[dict[str, str]]:
    """The findings that the forms which are served now accept, of one controller or of all.

    Raises:
        UnknownId: when no such controller is known.
    """
    require_known(ctx, controller)
    with ctx.database.read() as connection:
        served = {(form.controller, form.form): form.definition for form in notices.served(connection)}
        latest = definitions.latest(connection, controller)
    return [
        {"controller": known.controller, "form": known.form}
        | found
        | {"since": written(stored.served_from), "definition": known.hash}
        for stored in latest
        if served.get(((known := stored.definition).controller, known.form)) == known.hash
        for found in known.accepted
    ]


def behind(ctx: Context, stored: StoredNotice) -> str:
    """The definitions that a notice was shown for, oldest first: each with what it accepts, and word for word."""
    notice = stored.notice
    with ctx.database.read() as connection:
        found = definitions.behind(connection, notice.controller, notice.form, notice.hash)
    return "\n".join("\n".join(_lines(one)) for one in found)


def _lines(stored: StoredDefinition) -> Iterator[str]:
    known = stored.definition
    yield f"# Definition {known.hash}"
    yield f"# served from {written(stored.served_from)} by Akkoord {known.kit_version}"
    for found in known.accepted:
        at = f" at {found['place']}" if found["place"] else ""
        yield from ("#", f"# {found['file']} accepts {found['code']}{at}")
        yield f"#   finding: {found['finding']}"
        yield f"#   because: {' '.join(found['because'].split())}"
    if not known.document:
        yield from ("#", "# Its text was not kept: an earlier release served it.")
        return
    yield from ("#", "# Its number is the SHA-256 of these two files, one after the other, without their headings:")
    for name, text in ((f"{known.form}.yaml", known.document), ("controller.yaml", known.controller_document)):
        yield from ("", f"# ---- {known.controller}/{name} ----", text.removesuffix("\n"))
    yield ""
