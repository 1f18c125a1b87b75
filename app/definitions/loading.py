"""Loads a forms folder for serving: the forms without an error, and why the others are not served."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from .lint.constructions import require_complete
from .lint.validate import File, examine_root
from .schema.controller import Controller
from .schema.models import Form
from .source import files
from .source.report import Accepted, Fault


@dataclass(frozen=True)
class GoodForm:
    """A form without an error. `definition_hash` is the SHA-256 of its file followed by its controller's.

    `documents` are these two files, `accepted` the findings of the linter that they answer, and `logo` what the file
    holds that the theme names, or nothing.
    """

    controller_id: str
    form_id: str
    controller: Controller
    form: Form
    definition_hash: str
    documents: tuple[str, str] = ("", "")
    accepted: tuple[Accepted, ...] = ()
    logo: bytes = b""

    @property
    def address(self) -> tuple[str, str]:
        """Controller and form."""
        return self.controller_id, self.form_id


@dataclass(frozen=True)
class Loaded:
    """What a forms folder came to.

    `unanswered` are forms without an error that have findings to be answered: they are served only where their
    definition was served before. `findings` has, for each form that can have an address, what its file and that of its
    controller are reported for; `faults` is everything. `is_complete` is False when a folder could not be read, so that
    its forms are unknown and not gone.
    """

    forms: tuple[GoodForm, ...]
    unanswered: tuple[GoodForm, ...]
    controllers: dict[str, Controller]
    findings: dict[tuple[str, str], tuple[Fault, ...]]
    faults: tuple[Fault, ...]
    is_complete: bool

    @property
    def faulty(self) -> dict[tuple[str, str], tuple[Fault, ...]]:
        """Each form that is not in order, with what keeps it from being served."""
        refused = {form: tuple(one for one in found if not one.is_warning) for form, found in self.findings.items()}
        return {form: found for form, found in refused.items() if found}


def load(folder: Path, today: date) -> Loaded:
    """Load every form of a forms folder, as it is in order today. Never raises for what stands in it.

    Raises:
        IncompleteLanguage: when a language of the kit lacks something that the linter needs.
    """
    require_complete()
    report, folders = examine_root(folder, today)
    faults = list(report.faults)
    good: list[GoodForm] = []
    controllers: dict[str, Controller] = {}
    findings: dict[tuple[str, str], tuple[Fault, ...]] = {}
    for examined in folders:
        faults += examined.all_faults
        file = examined.controller
        if file and file.controller and all(fault.level != "error" for fault in examined.shared_faults):
            controllers[examined.id] = file.controller
        for form in examined.forms:
            if files.NAME.fullmatch(examined.id) and files.NAME.fullmatch(form.name):
                findings[examined.id, form.name] = tuple(sorted({*examined.shared_faults, *form.report.faults}))
            if file and examined.id in controllers and (one := _good(examined.id, form, file)):
                good.append(one)
    unread = [report, *(examined.report for examined in folders)]
    is_complete = not any(fault.code in ("AK101", "AK114") for one in unread for fault in one.faults)
    refused = {form for form, found in findings.items() if not all(fault.is_warning for fault in found)}
    return Loaded(
        tuple(form for form in good if form.address not in refused),
        tuple(form for form in good if form.address in refused),
        controllers,
        findings,
        tuple(sorted(set(faults))),
        is_complete,
    )


def _good(controller_id: str, form: File, file: File) -> GoodForm | None:
    """A form that has no error, nor has its controller's file."""
    if form.form is None or file.controller is None or any(fault.level == "error" for fault in form.report.faults):
        return None
    return GoodForm(
        controller_id,
        form.name,
        file.controller,
        form.form,
        sha256(form.data + file.data).hexdigest(),
        (form.data.decode(), file.data.decode()),
        (*form.report.accepted, *file.report.accepted),
        file.logo,
    )
