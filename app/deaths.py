"""What ends with the process that started it: nobody would end it, and it would keep the port or a mail."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """Get SIGTERM as soon as the process `parent` ends, and now where it has ended. On Linux alone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it ended before this was asked for
            os.kill(os.getpid(), signal.SIGTERM)
