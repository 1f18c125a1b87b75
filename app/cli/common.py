"""What the commands share: the settings, the kit, and one line in place of a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..config import BadSetting, Settings

if TYPE_CHECKING:
    from ..services.context import Context


@contextmanager
def one_line() -> Iterator[None]:
    """Turn what the operator can put right into one line, without a traceback."""
    try:
        yield
    except BadSetting as problem:
        raise click.ClickException(str(problem)) from None


def read_settings() -> Settings:
    """The settings of the environment."""
    with one_line():
        return Settings.from_environment()


def open_context(prepare: bool = True) -> "Context":
    """The kit over the database of the settings, made where there is none; `prepare` as in `Context.open`."""
    from ..services.context import Context

    with one_line():
        return _closed_at_the_end(Context.open(read_settings(), prepare=prepare))


def existing_context() -> "Context":
    """The kit over the database that the server works with. To look into it, or to act on it, makes none."""
    from ..services.context import Context

    with one_line():
        return _closed_at_the_end(Context.open_existing(read_settings()))


def current_context(again: bool = False) -> "Context":
    """Like `existing_context`, after all that was sent and waits is taken, so that it is seen too; with `again` also
    what could not be taken before.

    Where that is not possible, as over a copy that can only be read, it is said and nothing else.
    """
    from sqlalchemy.exc import InternalError, OperationalError

    from ..services import intake

    ctx = existing_context()
    try:
        if again:
            intake.retry(ctx)
        intake.take_all(ctx)
    except (InternalError, OperationalError) as problem:
        why, _, _ = str(problem.orig).strip().partition("\n")
        click.echo(f"What was sent last is not taken yet, and not seen here: {why}", err=True)
    if number := intake.set_aside(ctx):
        click.echo(f"{number} of the forms and requests sent could not be taken: akkoord outbox list", err=True)
    return ctx


def _closed_at_the_end(ctx: "Context") -> "Context":
    """Close the connections when the command ends: since 3.13 Python warns of those of SQLite that are left open."""
    click.get_current_context().call_on_close(ctx.database.engine.dispose)
    return ctx


def require_known(
    ctx: "Context", controller: str | None = None, form: str | None = None, purpose: str | None = None
) -> None:
    """Look whether the ids that were given are known, as `services.known` says."""
    from ..services import known

    try:
        known.require_known(ctx, controller, form, purpose)
    except known.UnknownId as problem:
        raise click.ClickException(str(problem)) from None


OWN_FORMS = Path("forms")
"""Where definitions are written and read while AKKOORD_FORMS_DIR is not set."""


def forms_dir(settings: Settings, default: Path = OWN_FORMS) -> Path:
    """The folder of the form definitions: that of the settings, or else the default."""
    folder = settings.FORMS_DIR or default
    if not folder.is_dir():
        raise click.ClickException(f"AKKOORD_FORMS_DIR: there is no folder {folder}")
    return folder


def today() -> date:
    """The date by which definitions are judged."""
    return datetime.now(UTC).date()
