"""Puts the definitions into service in a process that ends: what reads them stays out of the web processes."""

import logging
import os
import sys
from pathlib import Path

from .config import BadSetting, Settings
from .logs import without_values

log = logging.getLogger(__name__)


def begin(settings: Settings, forms: Path) -> int:
    """Start the process that prepares the database and reads the definitions, and return its id.

    To be called before anything large is imported: the two imports then run side by side.
    """
    child = os.fork()
    if child == 0:
        os._exit(_publish(settings, forms))
    return child


def ended_well(child: int) -> bool:
    """Wait for the end of that process. False when it could do nothing; it has said why."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _publish(settings: Settings, forms: Path) -> int:
    status = 1
    try:
        from .services import publishing
        from .services.kit import Kit, claim_for_server

        kit = Kit.open(settings)
        claim_for_server(kit)
        for fault in publishing.publish(kit, forms).faults:
            sys.stderr.write(f"{fault}\n")
        status = 0
    except BadSetting as problem:
        sys.stderr.write(f"Error: {problem}\n")
    except KeyboardInterrupt:
        pass  # whoever pressed Ctrl-C knows why nothing is served
    except BaseException as error:
        log.error("The definitions could not be put into service", exc_info=without_values(error))
    sys.stderr.flush()
    return status
