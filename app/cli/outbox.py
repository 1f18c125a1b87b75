"""The commands `akkoord outbox list` and `akkoord outbox retry`: what has not gone yet, and to try it again now."""

import json

import click

from .common import current_context


@click.group()
def outbox() -> None:
    """See which mails have not gone, and try them again."""


@outbox.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """List the mails that wait or have failed, the pause if there is one, and what was sent and could not be taken.

    One line for each mail: id, kind, form, state, when it was made, when it is due, how often it was tried, and what
    the mail server said last. No address, and nothing else of a person.

    What was sent by a form or asked for at /link, and could not be taken, has a line with why. `retry` tries it again,
    and so does a worker that starts; after AKKOORD_CONFIRM_WITHIN it is deleted.
    """
    from ..services import outbox as acts

    found = acts.unfinished(current_context())
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    if pause := found["pause"]:
        click.echo(f"All mails wait until {pause['until']} (pause {pause['pauses']} in a row): {pause['code']}")
    for mail in found["mails"]:
        form = f"{mail['controller']}/{mail['form']}".rstrip("/")
        due = f"due {mail['due']}" if mail["due"] else "not due"
        told = f"{mail['id']}  {mail['kind']}  {form}  {mail['status']}  made {mail['created']}  {due}"
        click.echo(f"{told}  tried {mail['attempts']}  {mail['code'] or ''}".rstrip())
    for row in found["not_taken"]:
        click.echo(f"{row['kind']} to {row['controller']}  sent {row['sent']}  not taken: {row['code']}")
    if not found["mails"]:
        click.echo("No mail waits, and none has failed.", err=True)


@outbox.command()
@click.argument("ids", metavar="[ID ...]", nargs=-1)
def retry(ids: tuple[str, ...]) -> None:
    """Send mails now that failed or wait after a try, end the pause, and take what could not be taken.

    Without an ID all of them, but for those that were perhaps sent: name these if they may go twice. Each is tried
    for five days again.
    """
    from ..services import outbox as acts

    ctx = current_context(again=True)
    try:
        count = acts.retry(ctx, ids)
    except acts.NoSuchMail as unknown:
        raise click.ClickException(f"no mail with the id {str(unknown)!r} waits or has failed") from None
    click.echo(f"{count} {'mail is' if count == 1 else 'mails are'} tried again now, and no pause holds the others")
    left = [mail["id"] for mail in acts.unfinished(ctx)["mails"] if mail["status"] == "perhaps_sent"]
    if left and not ids:
        again = f"akkoord outbox retry {' '.join(left)}"
        click.echo(f"Left alone, as perhaps sent; if they may go twice: {again}", err=True)
