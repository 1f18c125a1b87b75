"""The command `akkoord objected`: how many object to direct marketing, and a list without their rows."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import current_context

if TYPE_CHECKING:
    from ..services.context import Context


@click.command()
@click.option("--controller", metavar="ID", help="Only at this controller.")
@click.option("--filter", "path", metavar="FILE.csv", help="Print this file without the rows of who objects.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def objected(controller: str | None, path: str | None, as_json: bool) -> None:
    """Count who objects to direct marketing, or leave them out of a list.

    Who objects is kept as a keyed hash, strangers too, so that there is no list of them. --filter leaves out each row
    of FILE.csv with a cell that is the address of somebody who objects; everything else stays byte for byte as it is.

    --json also lists who objects to a legitimate interest: which, until when you answer, the reasons and the number.
    """
    from ..services import objectors
    from ..services.known import UnknownId

    ctx = current_context()
    try:
        if path is not None:
            _filter(ctx, controller, path)
            return
        counted = objectors.count(ctx, controller)
    except (UnknownId, objectors.SeveralControllers) as problem:
        raise click.ClickException(str(problem)) from None
    if as_json:
        lines = [
            {"controller": name, "objected": number, "interests": objectors.to_interests(ctx, name)}
            for name, number in counted.items()
        ]
        click.echo(json.dumps(lines, indent=2, ensure_ascii=False))
        return
    for name, number in counted.items():
        click.echo(f"{name}  {number}")


def _filter(ctx: "Context", controller: str | None, path: str) -> None:
    from ..services import objectors

    try:
        data = Path(path).read_bytes()
    except OSError as problem:
        raise click.ClickException(f"{path} cannot be read: {(problem.strerror or 'no such file').lower()}") from None
    try:
        filtered = objectors.without_objectors(ctx, controller, data)
    except objectors.NotCsv as problem:
        raise click.ClickException(f"{path} was not filtered: {problem}") from None
    click.echo(filtered.data, nl=False)
    children = f", {filtered.for_child} of them for a child" if filtered.for_child else ""
    unseen = f"; {filtered.no_address} hold no mail address, and are still there" if filtered.no_address else ""
    click.echo(f"{filtered.left_out} of {filtered.rows} rows left out{children}{unseen}", err=True)
