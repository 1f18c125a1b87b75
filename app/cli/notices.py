"""The commands about texts that people saw: `notice`, and `accepted`, which tells what their definitions answer."""

import json

import click

from .common import existing_context


@click.command()
@click.argument("number", metavar="HASH")
@click.option("--definition", is_flag=True, help="Print the files that it was made of, and the findings they accept.")
def notice(number: str, definition: bool) -> None:
    """Print a notice as it was shown: the text behind a consent.

    HASH is what `consents` and `status --json` print as `notice`; its first 12 digits, as they stand under a form, are
    enough.
    """
    from ..services import accepted as answers
    from ..services import notice_text
    from ..services.known import UnknownId

    ctx = existing_context()
    try:
        stored = notice_text.numbered(ctx, number)
    except UnknownId as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(answers.behind(ctx, stored) if definition else notice_text.plain(stored.notice), nl=False)


@click.command()
@click.option("--controller", metavar="ID", help="Only of this controller.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def accepted(controller: str | None, as_json: bool) -> None:
    """List the findings of the linter that served forms accept, with the reasons: for the processing register.

    Each comes with the place that it stands at, and the moment from which a definition that accepts it was served.
    """
    from ..services import accepted as answers
    from ..services.known import UnknownId

    try:
        found = answers.in_service(existing_context(), controller)
    except UnknownId as problem:
        raise click.ClickException(str(problem)) from None
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one['controller']}/{one['form']}  {one['code']}  {one['place'] or one['file']}  {one['since']}")
        click.echo(f"  {one['finding']}\n  because: {' '.join(one['because'].split())}")
