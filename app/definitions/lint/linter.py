"""The linter: every fault of a forms folder, a controller folder or one file, in one run."""

import os
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from ..source import files
from ..source.report import Fault, Position, Report
from .constructions import require_complete
from .validate import examine_controller, examine_folder, examine_form, examine_root


def check(path: str | os.PathLike[str], today: date, on_form: Callable[[], object] = lambda: None) -> list[Fault]:
    """All faults below a path, sorted by file, line and column. An empty list means: in order.

    The path is a forms folder, the folder of one controller, a `controller.yaml` or a form file. `today` is the
    day whose ages count; `on_form` is called after each form of a folder.

    Raises:
        IncompleteLanguage: when a language of the kit lacks something that the linter needs.
    """
    require_complete()
    # Path.resolve would follow a link, and faults name the path that was asked about.
    full = Path(os.path.abspath(path))  # noqa: PTH100
    return sorted(set(_faults(full, today, on_form)))


def _faults(path: Path, today: date, on_form: Callable[[], object]) -> Iterable[Fault]:
    if files.is_folder(path):
        if _is_controller_folder(path):
            return examine_folder(path, path.parent, today, on_form).all_faults
        report, folders = examine_root(path, today, on_form)
        return [*report.faults, *(fault for folder in folders for fault in folder.all_faults)]
    root = path.parent.parent
    if path.name == files.CONTROLLER_FILE:
        return examine_controller(path, root, today).report.faults
    if files.exists(path) and path.suffix != ".yaml":
        report = Report(files.display(path))
        report.add("AK101", Position(), "this is not read: the name of a definition ends in .yaml")
        return report.faults
    beside = path.parent / files.CONTROLLER_FILE
    controller = examine_controller(beside, root, today).document if files.exists(beside) else None
    return examine_form(path, root, controller, today).report.faults


def _is_controller_folder(path: Path) -> bool:
    if files.exists(path / files.CONTROLLER_FILE):
        return True
    is_forms_folder = any(files.exists(below / files.CONTROLLER_FILE) for below in path.glob("*/"))
    return not is_forms_folder and any(path.glob("*.yaml"))
