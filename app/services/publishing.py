"""Puts form definitions into service: notices are stored before any is shown, and a broken edit changes nothing."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .. import __version__, i18n
from ..definitions import compile_notices, loading
from ..definitions.compile_notices import Compiled
from ..definitions.loading import GoodForm, Loaded
from ..domain.form import ServedForm, Theme
from ..storage import logos, notices
from ..storage.database import lock_publishing
from .context import Context


@dataclass(frozen=True)
class Published:
    """What a folder of definitions came to: `faults` are lines for a person, `faults_of` the same by form."""

    faults: tuple[str, ...]
    faults_of: dict[tuple[str, str], tuple[str, ...]]


@dataclass(frozen=True)
class CompiledFolder:
    """What was read from a folder, and the notices of the forms that are in order."""

    loaded: Loaded
    ready: tuple[tuple[GoodForm, Compiled], ...]


def publish(ctx: Context, folder: Path, extra_origins: tuple[str, ...] = ()) -> Published:
    """Load the definitions below a folder, store their notices, and serve them from now on.

    A form with an error keeps its last good version; one that never had any is out of order. Forms that are gone
    from the folder are served no more.
    """
    return serve(ctx, read(folder, ctx.clock().date()), extra_origins)


def read(folder: Path, today: date) -> CompiledFolder:
    """The first half of `publish`, for which no database is needed."""
    loaded = loading.load(folder, today)
    return CompiledFolder(loaded, tuple((good, compile_notices.compile_form(good, today)) for good in loaded.forms))


def serve(ctx: Context, definitions: CompiledFolder, extra_origins: tuple[str, ...] = ()) -> Published:
    """The second half of `publish`."""
    loaded = definitions.loaded
    with ctx.database.write() as connection:
        lock_publishing(connection)
        now = ctx.clock()
        before = {(form.controller, form.form): form for form in notices.served(connection)}
        for good, compiled in definitions.ready:
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
        for controller, form in loaded.faulty:
            known = before.get((controller, form))
            if known is None or not known.in_order:
                who = loaded.controllers.get(controller)
                origins = (*who.origins, *extra_origins) if who else extra_origins
                notices.serve(
                    connection,
                    ServedForm(controller, form, i18n.LANGUAGES, origins, Theme(), "", {}, in_order=False),
                )
        kept = {(good.controller_id, good.form_id) for good in loaded.forms} | set(loaded.faulty)
        for controller, form in before.keys() - kept if loaded.is_complete else ():
            notices.retire_others(connection, controller, form, (), now)
            notices.retire(connection, controller, form)
    faults_of = {form: tuple(map(str, faults)) for form, faults in loaded.faulty.items()}
    return Published(tuple(map(str, loaded.faults)), faults_of)
