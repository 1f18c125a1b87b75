"""Examines definition files on disk, each read once: what is checked is what is served and hashed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ..schema import explain_errors, models
from ..schema.controller import Controller
from ..source import files, logos
from ..source.positions import Node
from ..source.report import Fault, Position, Report, quote
from ..source.yaml_reader import Document, read_document
from . import (
    accepting,
    channels,
    children,
    consistency,
    dark_patterns,
    law,
    parties,
    questions,
    special_category,
    texts,
)
from .check import Check, CheckedFile

_EVERY_FILE: tuple[Check, ...] = (texts.check_strings, texts.check_languages)

CONTROLLER_CHECKS: tuple[Check, ...] = (
    *_EVERY_FILE,
    consistency.check_controller_entries,
    law.check_controller,
    parties.check_parties,
)
"""What is checked in a controller.yaml, in this order: a value that is reported as wrong is left alone by the next."""

FORM_CHECKS: tuple[Check, ...] = (
    *_EVERY_FILE,
    consistency.check_form_entries,
    law.check_form,
    law.check_languages_of_controller,
    parties.check_recipients,
    special_category.check_ids,
    questions.check_questions,
    channels.check_channels,
    children.check_gate,
    children.check_children,
    dark_patterns.check_wording,
)
"""The same of a form file."""


@dataclass
class File:
    """One examined file.

    Without `document` it could not be read; without `controller` or `form` its shape is wrong.
    """

    path: Path
    report: Report
    data: bytes = b""
    document: Document | None = None
    controller: Controller | None = None
    form: models.Form | None = None
    logo: bytes = b""

    @property
    def name(self) -> str:
        """The file's name without `.yaml`: for a form its id."""
        return self.path.name.removesuffix(".yaml")


@dataclass
class Folder:
    """One examined controller folder; `report` holds the faults that belong to none of its files."""

    path: Path
    report: Report
    controller: File | None = None
    forms: list[File] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The controller's id: the name of the folder."""
        return self.path.name

    @property
    def shared_faults(self) -> list[Fault]:
        """What concerns every form of this controller."""
        return [*self.report.faults, *(self.controller.report.faults if self.controller else [])]

    @property
    def all_faults(self) -> Iterable[Fault]:
        """All faults of the folder and its files."""
        yield from self.report.faults
        for file in (*([self.controller] if self.controller else []), *self.forms):
            yield from file.report.faults


def examine_controller(path: Path, root: Path, today: date) -> File:
    """Read and check one `controller.yaml`. Links may lead anywhere below `root`."""
    file = _read(path, root)
    if file.document is not None:
        checked = CheckedFile(Node.top(file.document), Controller, None, today)
        _run(CONTROLLER_CHECKS, checked, file.report)
        file.controller = explain_errors.validate(Controller, file.document, file.report)
        texts.check_empty_values(checked, file.report)
        _require_a_reason(file.controller, file.report)
        if file.controller is not None and file.controller.theme.logo:
            file.logo = _logo(path.with_name(file.controller.theme.logo), root, checked.top, file.report)
        accepting.answer_findings(checked.top, file.report)
    return file


def examine_form(path: Path, root: Path, controller: Document | None, today: date) -> File:
    """Read and check one form file, and how it fits the day, and its controller's file where that could be read."""
    file = _read(path, root)
    files.check_name(file.name, file.report)
    if file.document is not None:
        company = Node.top(controller) if controller is not None else None
        checked = CheckedFile(Node.top(file.document), models.Form, company, today)
        _run(FORM_CHECKS, checked, file.report)
        file.form = explain_errors.validate(models.Form, file.document, file.report)
        texts.check_empty_values(checked, file.report)
        _require_a_reason(file.form, file.report)
        accepting.answer_findings(checked.top, file.report)
    return file


def examine_folder(path: Path, root: Path, today: date, on_form: Callable[[], object] = lambda: None) -> Folder:
    """Examine the folder of one controller with all its forms; `on_form` is called after each."""
    folder = Folder(path, Report(files.display(path)))
    files.check_name(folder.id, folder.report)
    names = _names(path, root, folder.report)
    if names is None:
        return folder
    if files.CONTROLLER_FILE in names:
        folder.controller = examine_controller(path / files.CONTROLLER_FILE, root, today)
    else:
        folder.report.add(
            "AK117",
            Position(),
            f"no {files.CONTROLLER_FILE} in this folder: `akkoord new {quote(folder.id)}/newsletter` writes one",
        )
    document = folder.controller.document if folder.controller else None
    for name in names:
        if name.endswith(".yaml") and name != files.CONTROLLER_FILE:
            folder.forms.append(examine_form(path / name, root, document, today))
            on_form()
        elif _is_stray(path / name):
            folder.report.add("AK120", Position(), _stray(name))
    if not folder.forms:
        folder.report.add("AK119", Position(), "this controller has no form yet: `akkoord new` writes one")
    return folder


def examine_root(path: Path, today: date, on_form: Callable[[], object] = lambda: None) -> tuple[Report, list[Folder]]:
    """Examine a forms folder: one folder per controller; `on_form` is called after each form."""
    report = Report(files.display(path))
    names = _names(path, path, report)
    if names is None:
        return report, []
    folders = [examine_folder(path / name, path, today, on_form) for name in names if files.is_folder(path / name)]
    for name in names:
        if name.endswith((".yaml", ".yml")) and not files.is_folder(path / name):
            report.add("AK120", Position(), f"{quote(name)} is not read: move it into the folder of its controller")
    if not folders:
        report.add(
            "AK118",
            Position(),
            "no controller folder here: `akkoord new <controller>/<form>` writes a first definition",
        )
    return report, folders


def _read(path: Path, root: Path) -> File:
    file = File(path, Report(files.display(path)))
    try:
        file.data = files.read_definition(path, root, file.report)
    except files.Unreadable:
        return file
    file.document = read_document(file.data, file.report)
    return file


def _logo(path: Path, root: Path, top: Node, report: Report) -> bytes:
    try:
        return logos.read_logo(path, root)
    except logos.BadLogo as problem:
        report.add("AK232", top.at("theme", "logo").position, f"`{quote(path.name)}`: {problem}")
    return b""


def _run(checks: tuple[Check, ...], file: CheckedFile, report: Report) -> None:
    for check in checks:
        check(file, report)


def _require_a_reason(model: models.Definition | None, report: Report) -> None:
    """What is not served must never look as if it were in order."""
    if model is None and not report.has_errors:
        report.add("AK203", Position(), "this file is no definition: `akkoord new` writes one to start from")


def _names(path: Path, root: Path, report: Report) -> list[str] | None:
    try:
        return files.names_in(path, root, report)
    except files.Unreadable:
        return None


def _is_stray(path: Path) -> bool:
    return path.suffix == ".yml" or (files.is_folder(path) and any(path.glob("*.y*ml")))


def _stray(name: str) -> str:
    if name.endswith(".yml"):
        return f"{quote(name)} is not read: its name must end in .yaml"
    return f"the folder {quote(name)} is not read: form files stand beside {files.CONTROLLER_FILE}"
