"""Writes a complete, commented definition to start from; `check` then names each text that is still to be written."""

import re
from collections.abc import Collection
from pathlib import Path

from ..languages import LANGUAGES
from .source import files

_BLANK = Path(__file__).with_name("blank")


class CannotBegin(Exception):
    """No new definition can be written here; the message says why, in one line."""


def write_skeleton(forms_dir: Path, name: str, languages: Collection[str] = ()) -> list[Path]:
    """Write `<controller>/<form>` below a forms folder, and its controller.yaml where that is missing.

    The texts to fill in, and those that its comments show, are those of `languages`; of all where none is given.

    Returns the files that were written. No file is ever written over.

    Raises:
        CannotBegin: for a name that cannot be part of an address, for a form that exists, or a folder that cannot
            be written to.
    """
    controller, _, form = name.partition("/")
    for part in (controller, form):
        if files.NAME.fullmatch(part) is None:
            raise CannotBegin(
                "write <controller>/<form>, such as demolen/newsletter: in each a small letter, then at most 39 small"
                " letters, digits, - or _"
            )
    if f"{form}.yaml" == files.CONTROLLER_FILE:
        raise CannotBegin("a form cannot be called controller: that file describes the company")
    folder = forms_dir / controller
    if not folder.resolve().is_relative_to(forms_dir.resolve()):
        raise CannotBegin(f"{files.display(folder)} is a link that leads outside the forms folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        form_path = folder / f"{form}.yaml"
        _write(form_path, "form.yaml", languages)
        controller_path = folder / files.CONTROLLER_FILE
        if files.exists(controller_path):
            return [form_path]
        _write(controller_path, "controller.yaml", languages)
    except FileExistsError as problem:
        raise CannotBegin(f"{files.display(Path(problem.filename))} exists, and is never written over") from problem
    except OSError as problem:
        raise CannotBegin(f"{files.display(folder)}: {(problem.strerror or 'cannot be written').lower()}") from problem
    return [controller_path, form_path]


def _write(path: Path, blank: str, languages: Collection[str]) -> None:
    text = (_BLANK / blank).read_text(encoding="utf-8")
    if languages:
        chosen = [language for language in LANGUAGES if language in languages]
        text = re.sub("(?m)^languages: .*", f"languages: [{', '.join(chosen)}]", text)
        for other in set(LANGUAGES) - set(chosen):
            text = re.sub(rf"(?m)^ *(?:# +)?{other}: (?:>-\n.*|.*)\n", "", text)
    with path.open("x", encoding="utf-8") as file:  # x: fails where a file or a link exists
        file.write(text)
