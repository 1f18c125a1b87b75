"""Puts form definitions into service: notices are stored before any is shown, and a broken edit changes nothing."""

import logging
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection

from .. import __version__, i18n
from ..definitions import compile_notices, loading
from ..definitions.compile_notices import Compiled
from ..definitions.loading import GoodForm, Loaded
from ..definitions.source.report import Accepted, Fault
from ..domain.form import ServedForm, Theme
from ..storage import definitions as served_definitions
from ..storage import logos, notices
from ..storage.database import lock_publishing
from ..storage.definitions import ServedDefinition
from . import last_published
from .context import Context
from .last_published import LastPublished

log = logging.getLogger(__name__)

_Forms = tuple[tuple[GoodForm, Compiled], ...]


@dataclass(frozen=True)
class Published:
    """What a folder of definitions came to.

    `faults` is everything that was found, `findings` the same by form. `kept_back` are the forms whose definition is
    not served as it is: the last good version is, if there was one.
    """

    faults: tuple[Fault, ...]
    findings: dict[tuple[str, str], tuple[Fault, ...]]
    kept_back: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class CompiledFolder:
    """What was read from a folder, with the notices of the forms that are in order, and of those to be answered."""

    loaded: Loaded
    ready: _Forms
    unanswered: _Forms


def publish(ctx: Context, folder: Path, extra_origins: tuple[str, ...] = ()) -> Published:
    """Load the definitions below a folder, store their notices, and serve them from now on.

    A form with an error keeps its last good version; one that never had any is out of order. So it is with a finding to
    be answered, unless this very definition was served before: what a newer release of the linter finds takes no form
    down. Forms that are gone from the folder are served no more.
    """
    return serve(ctx, read(folder, ctx.clock().date()), extra_origins)


def read(folder: Path, today: date) -> CompiledFolder:
    """The first half of `publish`, for which no database is needed."""
    loaded = loading.load(folder, today)
    ready, unanswered = (
        tuple((good, compile_notices.compile_form(good, today)) for good in forms)
        for forms in (loaded.forms, loaded.unanswered)
    )
    return CompiledFolder(loaded, ready, unanswered)


def with_served_before(ctx: Context, definitions: CompiledFolder) -> CompiledFolder:
    """The same, with the forms to be answered that this database goes on serving among those that are ready."""
    with ctx.database.read() as connection:
        known = _known_before(connection, definitions)
    ready = sorted((*definitions.ready, *known), key=lambda form: form[0].address)
    return replace(
        definitions, ready=tuple(ready), unanswered=tuple(one for one in definitions.unanswered if one not in known)
    )


def serve(
    ctx: Context, definitions: CompiledFolder, extra_origins: tuple[str, ...] = (), fingerprint: str = ""
) -> Published:
    """The second half of `publish`. With its `fingerprint`, the same folder need not be read at the next start."""
    loaded = definitions.loaded
    with ctx.database.write() as connection:
        lock_publishing(connection)
        now = ctx.clock()
        before = {(form.controller, form.form): form for form in notices.served(connection)}
        known = _known_before(connection, definitions)
        latest = (stored.definition for stored in served_definitions.latest(connection))
        noted = {(one.controller, one.form): one for one in latest}
        ready = (*definitions.ready, *known)
        for good, compiled in ready:
            hashes = _serve(connection, good, compiled, extra_origins, now)
            definition = _definition(good, hashes)
            if noted.get(good.address) != definition:
                served_definitions.store(connection, definition, now)
        kept_back = loaded.faulty.keys() - {good.address for good, _ in ready}
        for controller, form in kept_back:
            last = before.get((controller, form))
            if last is None or not last.in_order:
                who = loaded.controllers.get(controller)
                origins = (*who.origins, *extra_origins) if who else extra_origins
                notices.serve(
                    connection,
                    ServedForm(controller, form, i18n.LANGUAGES, origins, Theme(), "", {}, in_order=False),
                )
        kept = {good.address for good in loaded.forms} | set(loaded.faulty)
        for controller, form in before.keys() - kept if loaded.is_complete else ():
            notices.retire_others(connection, controller, form, (), now)
            notices.retire(connection, controller, form)
        warnings = _unanswered(known, loaded)
        faults = tuple(str(fault) for fault in loaded.faults)
        last_published.store(connection, LastPublished(fingerprint, faults, warnings) if fingerprint else None)
    for warning in warnings:
        log.warning("%s", warning)
    return Published(loaded.faults, loaded.findings, frozenset(kept_back))


def _known_before(connection: Connection, definitions: CompiledFolder) -> _Forms:
    """The forms to be answered whose definition this database has served already, to the letter."""
    if not definitions.unanswered:
        return ()
    served = served_definitions.hashes(connection)
    return tuple(
        (good, compiled) for good, compiled in definitions.unanswered if (*good.address, good.definition_hash) in served
    )


def _serve(
    connection: Connection, good: GoodForm, compiled: Compiled, extra_origins: tuple[str, ...], now: datetime
) -> tuple[str, ...]:
    """Show the notices of a form from now on, and return their hashes."""
    current = {}
    if compiled.logo:
        logos.store(connection, compiled.theme.logo, compiled.logo)
    for notice in compiled.notices:
        notices.store(connection, notice, compiled.theme, good.definition_hash, __version__, now)
        current[f"{notice.language}/{notice.audience}"] = notice.hash
    notices.retire_others(connection, good.controller_id, good.form_id, current.values(), now)
    notices.serve(
        connection,
        ServedForm(
            controller=good.controller_id,
            form=good.form_id,
            languages=compiled.languages,
            origins=(*compiled.origins, *extra_origins),
            theme=compiled.theme,
            definition=good.definition_hash,
            notices=current,
            audience=good.form.audience,
            threshold=compiled.threshold,
        ),
    )
    return tuple(sorted(current.values()))


def _definition(good: GoodForm, hashes: tuple[str, ...]) -> ServedDefinition:
    form_document, controller_document = good.documents
    return ServedDefinition(
        controller=good.controller_id,
        form=good.form_id,
        hash=good.definition_hash,
        document=form_document,
        controller_document=controller_document,
        accepted=tuple(_plain(one) for one in good.accepted),
        notices=hashes,
        kit_version=__version__,
    )


def _plain(accepted: Accepted) -> dict[str, str]:
    """A finding and its answer as they are kept. The file it stands in goes by its name alone."""
    fault = accepted.fault
    return {
        "code": fault.code,
        "file": Path(fault.path).name,
        "place": fault.place,
        "finding": fault.message,
        "because": accepted.because,
    }


def _unanswered(known: _Forms, loaded: Loaded) -> tuple[str, ...]:
    said = []
    for good, _ in known:
        found = ", ".join(f"{one.code} at {one.path}:{one.line}:{one.column}" for one in loaded.faulty[good.address])
        address = "/".join(good.address)
        said.append(f"{address} goes on being served as before, and is to be answered: {found}")
    return tuple(said)
