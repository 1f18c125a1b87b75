"""Loads a forms folder for serving: the forms without an error, and why the others are not served."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from ..languages import load_all
from .lint.validate import examine_root
from .schema.controller import Controller
from .schema.models import Form
from .source import files
from .source.report import Fault


@dataclass(frozen=True)
class GoodForm:
    """A form without an error. `definition_hash` is the SHA-256 of its file followed by its controller's.

    `logo` is what the file holds that the theme names, or nothing.
    """

    controller_id: str
    form_id: str
    controller: Controller
    form: Form
    definition_hash: str
    logo: bytes = b""


@dataclass(frozen=True)
class Loaded:
    """What a forms folder came to.

    `faulty` names each form that has an error, with its errors and those of its controller; without the names that
    cannot be part of an address, since nobody can ask for them. `faults` are all faults and warnings.
    `is_complete` is False when a folder could not be read, so that its forms are unknown and not gone.
    """

    forms: tuple[GoodForm, ...]
    controllers: dict[str, Controller]
    faulty: dict[tuple[str, str], tuple[Fault, ...]]
    faults: tuple[Fault, ...]
    is_complete: bool


def load(folder: Path, today: date) -> Loaded:
    """Load every form of a forms folder, as it is in order today. Never raises for what stands in it.

    Raises:
        IncompleteLanguage: when a language of the kit lacks something that the linter needs.
    """
    load_all()
    report, folders = examine_root(folder, today)
    faults = list(report.faults)
    forms: list[GoodForm] = []
    controllers: dict[str, Controller] = {}
    faulty: dict[tuple[str, str], tuple[Fault, ...]] = {}
    for examined in folders:
        faults += examined.all_faults
        shared = examined.shared_faults
        file = examined.controller
        controller = file.controller if file and not shared else None
        if controller is not None:
            controllers[examined.id] = controller
        for form in examined.forms:
            own = [fault for fault in form.report.faults if not fault.is_warning]
            if file is not None and controller is not None and form.form is not None and not own:
                digest = sha256(form.data + file.data).hexdigest()
                forms.append(GoodForm(examined.id, form.name, controller, form.form, digest, file.logo))
            elif files.NAME.fullmatch(examined.id) and files.NAME.fullmatch(form.name):
                faulty[examined.id, form.name] = tuple(sorted({*shared, *own}))
    unread = [report, *(examined.report for examined in folders)]
    is_complete = not any(fault.code in ("AK101", "AK114") for one in unread for fault in one.faults)
    return Loaded(tuple(forms), controllers, faulty, tuple(sorted(set(faults))), is_complete)
