"""Puts the definitions into service in a process that ends: what reads them stays out of the web processes."""

import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from .config import BadSetting, Settings
from .languages import IncompleteLanguage
from .logs import without_values

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .services.last_published import LastPublished

log = logging.getLogger(__name__)


def begin(settings: Settings, forms: Path) -> int:
    """Start the process that prepares the database and reads the definitions, and return its id.

    To be called before anything large is imported: the two imports then run side by side.
    """
    return _begin(lambda: _publish(settings, forms))


def ended_well(child: int) -> bool:
    """Wait for the end of that process. False when it could do nothing; it was said why."""
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code < 0 and code != -signal.SIGINT:  # whoever pressed Ctrl-C knows why nothing is served
        sys.stderr.write(f"Error: what prepares the database and the definitions was ended by signal {-code}\n")
    return code == 0


def _begin(work: Callable[[], None]) -> int:
    if threading.active_count() > 1:
        raise RuntimeError(
            "a process with threads must not fork: what another one has locked stays locked in the child"
        )
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C reaches it too, in the middle of an import
        os._exit(_status_of(work))
    return child


def _status_of(work: Callable[[], None]) -> int:
    status = 1
    try:
        work()
        status = 0
    except (BadSetting, IncompleteLanguage) as problem:
        sys.stderr.write(f"Error: {problem}\n")
    except _Unprepared:
        pass
    except BaseException as error:
        log.error("The database and the definitions could not be prepared", exc_info=without_values(error))
    sys.stderr.flush()
    return status


class _Unprepared(Exception):
    """The database could not be prepared, and it was said why."""


def _publish(settings: Settings, forms: Path) -> None:
    from .services import last_published
    from .services.context import Context, claim_for_server
    from .signing import utc_now

    today = utc_now().date()
    fingerprint = last_published.fingerprint(forms, today)
    if unchanged := _last_published(settings, fingerprint):
        _say(unchanged.faults)
        for warning in unchanged.warnings:
            log.warning("%s", warning)
        return
    # A new database takes as long to make as the definitions take to read, and neither needs the other.
    preparing = _begin(lambda: claim_for_server(Context.open(settings)))
    try:
        from .services import publishing

        gc.enable()  # what follows may be large
        definitions = publishing.read(forms, today)
    finally:
        prepared = ended_well(preparing)
    if not prepared:
        raise _Unprepared
    if fingerprint != last_published.fingerprint(forms, today):
        fingerprint = ""  # somebody wrote while they were read
    published = publishing.serve(Context.open(settings, prepare=False), definitions, fingerprint=fingerprint)
    _say(map(str, published.faults))


def _last_published(settings: Settings, fingerprint: str) -> "LastPublished | None":
    """What was published last, if these are the same definitions and the database is ready to be served."""
    from sqlalchemy.exc import SQLAlchemyError

    from .services import last_published
    from .services.context import Context, claim_for_server

    try:
        ctx = Context.open_existing(settings)
        with ctx.database.read() as connection:
            found = last_published.find(connection, fingerprint)
        if found:
            ctx.database.accept_key(ctx.keys)
            claim_for_server(ctx)
        ctx.database.engine.dispose()
    except (BadSetting, SQLAlchemyError):
        return None  # who prepares the database says what is wrong
    return found


def _say(faults: "Iterable[str]") -> None:
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
