"""The commands about people: `status`, `consents` and `withdraw`."""

import json
import sys
from collections import Counter

import click

from .common import current_context, existing_context, require_known


@click.command()
@click.argument("email")
@click.option("--controller", metavar="ID", help="Only at this controller.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(email: str, controller: str | None, as_json: bool) -> None:
    """Show what the person with this address was asked, and answered.

    One line for each purpose: form, purpose, status, since when, and for which child this address decides; children
    of one name, or not named yet, have their id in the export behind it. A controller that is not known is an error;
    an address that is not known is none.

    Below that stand objections, and that no mail is wanted any more, of strangers too. The JSON has none of these.
    """
    from ..services import objectors, reports

    key, ctx = _key(email), current_context()
    if controller is not None:
        require_known(ctx, controller)
    lines = reports.status(ctx, key, controller)
    if as_json:
        click.echo(json.dumps(lines, indent=2, ensure_ascii=False))
        return
    children = {(line["controller"], line["subject"], line["child"]) for line in lines if line["as"] == "guardian"}
    named = Counter((place, child) for place, _, child in children)
    for line in lines:
        whose = f"  for {line['child'] or 'a child'}" if line["as"] == "guardian" else ""
        if whose and named[line["controller"], line["child"]] > 1:
            whose += f" ({line['subject']})"
        click.echo(f"{line['controller']}/{line['form']}  {line['purpose']}  {line['status']}  {line['since']}{whose}")
    refusals = objectors.refusals(ctx, key, controller)
    for refusal in refusals:
        click.echo("  ".join(refusal))
    if not lines and not refusals:
        click.echo("Nothing is known of this address.", err=True)


@click.command()
@click.option("--controller", metavar="ID", help="Only at this controller.")
@click.option("--form", metavar="ID", help="Only from this form.")
@click.option("--purpose", metavar="ID", help="Only for this purpose.")
@click.option(
    "--status",
    "state",
    default="granted",
    show_default=True,
    type=click.Choice(["granted", "withdrawn", "expired"]),
    help="Consents in this state.",
)
@click.option("--csv", "form_of_output", flag_value="csv", default="csv", help="Print CSV, which is the default.")
@click.option(
    "--excel",
    "form_of_output",
    flag_value="excel",
    help="Print CSV that a spreadsheet set to Dutch or French opens: semicolons, and a mark for UTF-8.",
)
@click.option("--json", "form_of_output", flag_value="json", help="Print JSON.")
def consents(controller: str | None, form: str | None, purpose: str | None, state: str, form_of_output: str) -> None:
    """Export whose data may be used for what.

    One line for each person and purpose, with the link that withdraws it. Nobody who is not listed may be mailed.
    A controller, form or purpose that was never served from this database is an error, and nothing is printed; so is
    a missing AKKOORD_BASE_URL, with which every link begins.
    """
    from ..services import reports

    chosen = {"controller": controller, "form": form, "purpose": purpose, "status": state}
    given = {name: value for name, value in chosen.items() if value is not None}
    ctx = current_context()
    require_known(ctx, controller, form, purpose)
    if not ctx.settings.BASE_URL:
        raise click.ClickException(
            "AKKOORD_BASE_URL is needed: the links that withdraw and object begin with it; set what the server has"
        )
    if form_of_output == "json":
        parts = reports.consents_as_json(ctx, given)
    else:
        parts = reports.consents_as_csv(ctx, given, for_spreadsheet=form_of_output == "excel")
    for part in parts:
        sys.stdout.write(part)


@click.command()
@click.argument("email")
@click.option("--controller", metavar="ID", help="Only at this controller.")
@click.option("--purpose", metavar="ID", help="Only for this purpose.")
def withdraw(email: str, controller: str | None, purpose: str | None) -> None:
    """Withdraw on someone's word: a phone call, a letter.

    Stops everything that this person agreed to, or what the options name. A mail confirms it to the person. A
    controller or purpose that is not known is an error; nothing to stop is none.
    """
    from ..services import withdrawal

    key, ctx = _key(email), existing_context()
    if controller is not None or purpose is not None:
        require_known(ctx, controller, purpose=purpose)
    stopped = withdrawal.withdraw_for(ctx, key, controller, purpose)
    for consent in stopped:
        click.echo(f"stopped: {consent['controller']}/{consent['form']}  {consent['purpose']}")
    if not stopped:
        click.echo("There was nothing to stop.", err=True)


def _key(email: str) -> str:
    from ..domain.address import AddressProblem, read_address

    try:
        return read_address(email).key
    except AddressProblem:
        raise click.ClickException(f"{email!r} is not one mail address") from None
