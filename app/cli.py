"""The command `akkoord`. Each subcommand imports what it needs when it runs, so that all start fast."""

import gc
import json
import logging
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import __version__
from .config import BadSetting, Settings

if TYPE_CHECKING:
    from .services.kit import Kit


@contextmanager
def _one_line() -> Iterator[None]:
    """Turn what the operator can put right into one line, without a traceback."""
    try:
        yield
    except BadSetting as problem:
        raise click.ClickException(str(problem)) from None


def _settings() -> Settings:
    with _one_line():
        return Settings.from_environment()


def _kit(prepare: bool = True) -> "Kit":
    from .services.kit import Kit

    with _one_line():
        return Kit.open(_settings(), prepare=prepare)


def _forms_dir(settings: Settings) -> Path:
    from . import paths

    folder = settings.FORMS_DIR or paths.SAMPLES
    if not folder.is_dir():
        raise click.ClickException(f"AKKOORD_FORMS_DIR: there is no folder {folder}")
    return folder


def _today() -> date:
    return datetime.now(UTC).date()


def _require_free_port(host: str, port: int) -> None:
    """Look whether one can listen there: the servers themselves would say so late and in many lines."""
    try:
        kind, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(kind, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as problem:
        raise click.ClickException(
            f"cannot listen on {host}, port {port}: {(problem.strerror or 'no such address').lower()}; "
            "choose another with --port"
        ) from None


def _serving_settings() -> Settings:
    """The settings, when they are enough to reach people with."""
    settings = _settings()
    needed = {
        "BASE_URL": "the address that people reach this server under, such as https://forms.example",
        "MAIL_SERVER": "the SMTP server that mails go out through",
        "MAIL_DEFAULT_SENDER": "the mail address that mails come from, such as forms@example.com",
    }
    for name, meaning in needed.items():
        if not getattr(settings, name):
            raise click.ClickException(f"AKKOORD_{name} is needed: {meaning}")
    return settings


class _Commands(click.Group):
    """Says in one line that the database let a command down: it is away, busy for too long, or only reads."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            told = _about_the_database(error)
            if told is None:
                raise
            raise told from None


def _about_the_database(error: Exception) -> click.ClickException | None:
    if "sqlalchemy" not in sys.modules:  # it is imported late, because it takes long
        return None
    from sqlalchemy.exc import InternalError, OperationalError

    if not isinstance(error, OperationalError | InternalError):
        return None  # the text of the others may hold what was to be stored
    why, _, _ = str(error.orig).strip().partition("\n")
    return click.ClickException(f"the database cannot do this now: {why}")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="akkoord")
def cli() -> None:
    """Consent that holds: forms that ask plainly, are confirmed by mail and withdrawn with one click.

    Settings are environment variables that begin with AKKOORD_. A wrong one is named, with what to write instead.
    """
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)


def main() -> None:
    """Run the command line."""
    cli(prog_name="akkoord")


@cli.command()
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
def demo(port: int) -> None:
    """Try everything on this computer, and on no other.

    Serves the sample forms, or those of AKKOORD_FORMS_DIR; company sites that embed them; a preview of every form;
    and an inbox in place of a mail server. An edited definition shows within a second.
    """
    from .demo import run

    settings = _settings()
    folder = _forms_dir(settings)
    _require_free_port("127.0.0.1", port)
    with _one_line():
        run(settings, folder, port)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--no-worker", is_flag=True, help="Send no mails here: run `akkoord worker` too.")
def serve(host: str, port: int, workers: int, no_worker: bool) -> None:
    """Serve the forms in production.

    Sends the mails and does the housekeeping too, in a process beside the web processes. SIGHUP makes it read the
    definitions again, SIGTERM ends it.
    """
    from . import publisher

    settings = _serving_settings()
    folder = _forms_dir(settings)
    _require_free_port(host, port)
    if settings.FORMS_DIR is None:
        click.echo("AKKOORD_FORMS_DIR is not set: serving the sample forms", err=True)
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    gc.disable()  # importing leaves hardly any garbage, and to look for it all along takes a tenth of the start
    publishing = publisher.begin(settings, folder)
    from .server import Server

    with _one_line():
        Server(settings, folder, publishing, bind, workers, with_worker=not no_worker).run()


@cli.command()
@click.option("--parent", type=int, hidden=True, help="End when this process has ended.")
def worker(parent: int | None) -> None:
    """Send the mails and do the housekeeping, without serving pages.

    Any number may run at once, beside `akkoord serve --no-worker`.
    """
    from .server import run_worker

    _serving_settings()
    run_worker(_kit(prepare=parent is None), parent)


@cli.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
def check(path: Path | None) -> None:
    """Check form definitions: every fault, with file, line and column.

    PATH is a forms folder, the folder of one controller, or one file; without it, the folder of AKKOORD_FORMS_DIR or
    else the sample forms. Exits with 1 when there is an error, with 0 when there are warnings only.
    """
    from .definitions import checking

    checked = path or _forms_dir(_settings())
    faults = checking.check(checked, _today())
    for fault in faults:
        click.echo(str(fault))
    errors = sum(not fault.is_warning for fault in faults)
    if not faults:
        click.echo(f"No faults in {checked}", err=True)
    sys.exit(1 if errors else 0)


@cli.command()
def schema() -> None:
    """Print the JSON Schema of the definitions, for editors.

    One schema serves both kinds of file, controller.yaml and forms.
    """
    from .definitions import schema as schemas

    click.echo(json.dumps(schemas.json_schema(), indent=2, ensure_ascii=False))


@cli.command()
@click.argument("name", metavar="CONTROLLER/FORM")
def new(name: str) -> None:
    """Write a form definition to fill in.

    It goes below AKKOORD_FORMS_DIR, or below ./forms where that is not set, with a controller.yaml where there is
    none. A file that exists is never written over.
    """
    from .definitions import skeleton

    try:
        written = skeleton.write_skeleton(_settings().FORMS_DIR or Path("forms"), name)
    except skeleton.CannotBegin as problem:
        raise click.ClickException(str(problem)) from None
    for path in written:
        click.echo(f"written: {path}")
    click.echo(f"Fill in the texts, then run: akkoord check {written[-1].parent}", err=True)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def forms(as_json: bool) -> None:
    """List the forms that are served.

    Those are the forms below AKKOORD_FORMS_DIR, or else the sample forms, that have no error.
    """
    from .definitions import listing

    settings = _settings()
    found = listing.forms(_forms_dir(settings), settings.BASE_URL, _today())
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for form in found:
        purposes = ", ".join(purpose["id"] for purpose in form["purposes"])
        click.echo(f"{form['controller']}/{form['form']}  {' '.join(form['languages'])}  {purposes}  {form['url']}")


@cli.command()
@click.argument("email")
@click.option("--controller", metavar="ID", help="Only at this controller.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(email: str, controller: str | None, as_json: bool) -> None:
    """Show what the person with this address was asked, and answered.

    One line for each purpose: form, purpose, status, since when, and whether this address decides for a child.
    """
    from .services import reports

    lines = reports.status(_kit(), _key(email), controller)
    if as_json:
        click.echo(json.dumps(lines, indent=2, ensure_ascii=False))
        return
    for line in lines:
        whose = "  for a child" if line["as"] == "guardian" else ""
        click.echo(f"{line['controller']}/{line['form']}  {line['purpose']}  {line['status']}  {line['since']}{whose}")
    if not lines:
        click.echo("Nothing is known of this address.", err=True)


@cli.command()
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
@click.option("--json", "form_of_output", flag_value="json", help="Print JSON.")
def consents(controller: str | None, form: str | None, purpose: str | None, state: str, form_of_output: str) -> None:
    """Export whose data may be used for what.

    One line for each person and purpose, with the link that withdraws it. Nobody who is not listed may be mailed.
    """
    from .services import reports

    chosen = {"controller": controller, "form": form, "purpose": purpose, "status": state}
    given = {name: value for name, value in chosen.items() if value is not None}
    write = reports.consents_as_json if form_of_output == "json" else reports.consents_as_csv
    kit = _kit()
    try:
        reports.require_known(kit, controller, form)
    except reports.NoSuchForm:
        raise click.ClickException("no such controller or form is known in this database") from None
    for part in write(kit, given):
        sys.stdout.write(part)


@cli.command()
@click.argument("email")
@click.option("--controller", metavar="ID", help="Only at this controller.")
@click.option("--purpose", metavar="ID", help="Only for this purpose.")
def withdraw(email: str, controller: str | None, purpose: str | None) -> None:
    """Withdraw on someone's word: a phone call, a letter.

    Stops everything that this person agreed to, or what the options name. A mail confirms it to the person.
    """
    from .services import reports

    stopped = reports.withdraw_for(_kit(), _key(email), controller, purpose)
    for consent in stopped:
        click.echo(f"stopped: {consent['controller']}/{consent['form']}  {consent['purpose']}")
    if not stopped:
        click.echo("There was nothing to stop.", err=True)


def _key(email: str) -> str:
    from .domain.address import AddressProblem, read_address

    try:
        return read_address(email).key
    except AddressProblem:
        raise click.ClickException(f"{email!r} is not one mail address") from None
