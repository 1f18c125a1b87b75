"""Puts form definitions into service: notices are stored before any is shown, and a broken edit changes nothing."""

from dataclasses import dataclass
from pathlib import Path

from .. import __version__, i18n
from ..definitions import compiling, loading
from ..domain.form import ServedForm, Theme
from ..storage import notices
from ..storage.database import take_turns
from .kit import Kit


@dataclass(frozen=True)
class Published:
    """What a folder of definitions came to: `faults` are lines for a person, `faults_of` the same by form."""

    faults: tuple[str, ...]
    faults_of: dict[tuple[str, str], tuple[str, ...]]


def publish(kit: Kit, folder: Path, extra_origins: tuple[str, ...] = ()) -> Published:
    """Load the definitions below a folder, store their notices, and serve them from now on.

    A form with an error keeps its last good version; one that never had any is out of order. Forms that are gone
    from the folder are served no more.
    """
    now = kit.clock()
    loaded = loading.load(folder, now.date())
    ready = [(good, compiling.compile_form(good, now.date())) for good in loaded.forms]
    with kit.database.write() as connection:
        take_turns(connection)
        before = {(form.controller, form.form): form for form in notices.served(connection)}
        for good, compiled in ready:
            current = {}
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
            notices.stop_serving(connection, controller, form)
    faults_of = {form: tuple(map(str, faults)) for form, faults in loaded.faulty.items()}
    return Published(tuple(map(str, loaded.faults)), faults_of)
