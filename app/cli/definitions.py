"""The commands about form definitions: `check`, `explain`, `schema`, `new` and `forms`."""

import gc
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import languages
from .common import OWN_FORMS, existing_context, forms_dir, read_settings, today

if TYPE_CHECKING:
    from ..definitions.loading import Loaded
    from ..definitions.source.report import Fault
    from ..services.publishing import CompiledFolder


_MANY = 50
"""Forms; to check so many takes seconds, in which a person wants to see that something happens."""


@click.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "--format",
    "wanted",
    default="text",
    show_default=True,
    type=click.Choice(("text", "json", "sarif", "github")),
    help="Lines to read, JSON, SARIF 2.1.0, or the commands of GitHub Actions.",
)
def check(path: Path | None, wanted: str) -> None:
    """Check form definitions: every finding, with file, line and column.

    PATH is a forms folder, the folder of one controller, or one file; without it, AKKOORD_FORMS_DIR, or ./forms where
    that is not set. Exits with 1 when there is an error, something to be answered or nothing to check, with 0 when
    there are warnings only.
    """
    gc.disable()  # what is read here leaves hardly any garbage, and to look for it takes a fifth of the time
    from ..definitions import formats

    checked = path or forms_dir(read_settings())
    faults = _findings(checked)
    click.echo(formats.FORMATS[wanted](faults), nl=False)
    if wanted == "text" and faults:
        click.echo(f"What a code means, and an example: akkoord explain {faults[0].code}", err=True)
        click.echo(formats.counted(faults), err=True)
    elif wanted == "text":
        click.echo(f"No faults in {checked}", err=True)
    sys.exit(0 if all(fault.is_warning for fault in faults) else 1)


def _findings(path: Path) -> "list[Fault]":
    """What the linter finds, with a progress bar on a terminal where there are many files."""
    from ..definitions.lint import linter
    from ..definitions.source.files import CONTROLLER_FILE

    forms = sum(file.name != CONTROLLER_FILE for file in path.glob("**/*.yaml")) if sys.stderr.isatty() else 0
    if forms < _MANY:
        return linter.check(path, today())
    with click.progressbar(length=forms, label="Checking", file=sys.stderr) as bar:
        return linter.check(path, today(), on_form=lambda: bar.update(1))


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Explain a code of the linter: what it means, why, and a wrong and a right example.

    CODE is what `akkoord check` prints behind the position, such as AK332; without it, every code is listed in one
    line. Exits with 1 when there is no such code.
    """
    from ..definitions import explain as explaining

    if code is None:
        click.echo(explaining.overview())
        return
    try:
        click.echo(explaining.explain(code))
    except explaining.UnknownCode as problem:
        raise click.ClickException(str(problem)) from None


@click.command()
def schema() -> None:
    """Print the JSON Schema of the definitions, for editors.

    One schema serves both kinds of file, controller.yaml and forms.
    """
    from ..definitions.schema import json_schema

    click.echo(json.dumps(json_schema.json_schema(), indent=2, ensure_ascii=False))


@click.command()
@click.argument("name", metavar="CONTROLLER/FORM")
@click.option(
    "--lang",
    "chosen",
    multiple=True,
    type=click.Choice(languages.LANGUAGES),
    help="Write this language only; give it once for each.",
)
def new(name: str, chosen: tuple[str, ...]) -> None:
    """Write a form definition to fill in, in all languages or those of --lang.

    It goes below AKKOORD_FORMS_DIR, or below ./forms where that is not set, with a controller.yaml where there is
    none. A file that exists is never written over.
    """
    from ..definitions import skeleton

    try:
        written = skeleton.write_skeleton(read_settings().FORMS_DIR or OWN_FORMS, name, chosen)
    except skeleton.CannotBegin as problem:
        raise click.ClickException(str(problem)) from None
    for path in written:
        click.echo(f"written: {path}")
    click.echo(f"Fill in the texts, then run: akkoord check {written[-1].parent}", err=True)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def forms(as_json: bool) -> None:
    """List the forms that are served.

    Those are the forms below AKKOORD_FORMS_DIR, or below ./forms where that is not set, that have no error and nothing
    to be answered; and those that the database has served to the letter before a newer release of the linter found
    something to be answered, marked with its codes. Each comes with the height in pixels that a plain frame of it needs
    at three widths. Exits with 1 when there is none.
    """
    from ..definitions import listing
    from ..services import publishing
    from . import frame_heights

    settings = read_settings()
    folder = forms_dir(settings)
    definitions = publishing.read(folder, today())
    if definitions.unanswered:
        definitions = _with_served_before(definitions)
    served = [good for good, _ in definitions.ready]
    if not served:
        raise click.ClickException(f"no form is served from {folder}: `akkoord check {folder}` says why")
    left_out = _left_out(definitions.loaded, {good.address for good in served})
    if left_out:
        named = ", ".join(sorted(left_out))
        click.echo(f"Left out, to be mended or answered: {named}. Run: akkoord check {folder}", err=True)
    heights = frame_heights.of_forms(definitions)
    found = [
        form | {"height": heights[f"{form['controller']}/{form['form']}"]}
        for form in listing.entries(definitions.loaded, served, settings.BASE_URL)
    ]
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for form in found:
        purposes = ", ".join(purpose["id"] for purpose in form["purposes"])
        height = ", ".join(f"{high} at {wide}" for wide, high in form["height"].items())
        name, spoken = f"{form['controller']}/{form['form']}", " ".join(form["languages"])
        mark = f"  to be answered: {', '.join(form['to_answer'])}" if form["to_answer"] else ""
        click.echo(f"{name}  {spoken}  {purposes}  {form['url']}  height {height}{mark}")


def _with_served_before(definitions: "CompiledFolder") -> "CompiledFolder":
    """Whether a server goes on with a form is known by its database alone; where there is none, nothing was served."""
    from ..services import publishing

    try:
        ctx = existing_context()
    except click.ClickException as problem:
        click.echo(f"What was served before is not known: {problem.message}", err=True)
        return definitions
    return publishing.with_served_before(ctx, definitions)


def _left_out(loaded: "Loaded", served: set[tuple[str, str]]) -> set[str]:
    """The files with a finding that keeps a form from being served."""
    marked = {fault for address, found in loaded.faulty.items() if address in served for fault in found}
    keeping = {fault for address, found in loaded.faulty.items() if address not in served for fault in found}
    return {fault.path for fault in loaded.faults if not fault.is_warning and (fault in keeping or fault not in marked)}
