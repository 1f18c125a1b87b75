"""Puts the definitions into service in a process that ends: what reads them stays out of the web processes."""

import gc
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from .config import BadSetting, Settings
from .languages import IncompleteLanguage
from .logs import without_values

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
    from .services.context import Context, claim_for_server
    from .signing import utc_now

    # A new database takes as long to make as the definitions take to read, and neither needs the other.
    preparing = _begin(lambda: claim_for_server(Context.open(settings)))
    try:
        from .services import publishing

        gc.enable()  # what follows may be large
        definitions = publishing.read(forms, utc_now().date())
    finally:
        prepared = ended_well(preparing)
    if not prepared:
        raise _Unprepared
    for fault in publishing.serve(Context.open(settings, prepare=False), definitions).faults:
        sys.stderr.write(f"{fault}\n")
