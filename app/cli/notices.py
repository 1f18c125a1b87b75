"""The command `akkoord notice`: a text as people saw it."""

import click

from .common import existing_context


@click.command()
@click.argument("number", metavar="HASH")
def notice(number: str) -> None:
    """Print a notice as it was shown: the text behind a consent.

    HASH is what `consents` and `status --json` print as `notice`; its first 12 digits, as they stand under a form, are
    enough.
    """
    from ..services import notice_text
    from ..services.known import UnknownId

    ctx = existing_context()
    try:
        stored = notice_text.numbered(ctx, number)
    except UnknownId as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(notice_text.plain(stored.notice), nl=False)
