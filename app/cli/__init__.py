"""The command `akkoord`. Each subcommand imports what it needs when it runs, so that all start fast."""

import logging
import sys
from typing import Any

import click

from .. import __version__, languages, paths
from ..languages import IncompleteLanguage
from . import definitions, notices, objected, outbox, people, serving


class _Commands(click.Group):
    """Says in one line what a language lacks, or that the database is away, busy for too long, or only reads."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except IncompleteLanguage as problem:
            raise click.ClickException(str(problem)) from None
        except Exception as error:
            told = _about_the_database(error)
            if told is None:
                raise
            raise told from None


def _about_the_database(error: Exception) -> click.ClickException | None:
    if "sqlalchemy" not in sys.modules:  # it is imported late, because it takes long
        return None
    from sqlalchemy.exc import DBAPIError, InternalError, OperationalError

    if not isinstance(error, DBAPIError):
        return None
    forbidden = getattr(error.orig, "sqlstate", None) == "42501"  # PostgreSQL: this user may not look there
    if not forbidden and not isinstance(error, OperationalError | InternalError):
        return None  # the text of the others may hold what was to be stored
    why, _, _ = str(error.orig).strip().partition("\n")
    return click.ClickException(f"the database cannot do this now: {why}")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="akkoord")
def cli() -> None:
    """Consent that holds: forms that ask plainly, are confirmed by mail and withdrawn with one click.

    Settings are environment variables that begin with AKKOORD_. A wrong one is named, with what to write instead.
    Only demo, serve and worker make a database.
    """
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    languages.check_catalogues(paths.TRANSLATIONS, languages.LANGUAGES)


for _command in (
    serving.demo,
    serving.serve,
    serving.worker,
    definitions.check,
    definitions.explain,
    definitions.schema,
    definitions.new,
    definitions.forms,
    people.status,
    people.consents,
    people.withdraw,
    objected.objected,
    notices.notice,
    notices.accepted,
    outbox.outbox,
):
    cli.add_command(_command)


def main() -> None:
    """Run the command line."""
    cli(prog_name="akkoord")
