"""Processes that do one thing at the same moment: the race that a server with several workers runs at its start."""

import subprocess
import sys
from typing import NamedTuple


class Racer(NamedTuple):
    """How one process ended: what it wrote, what it complained of, and its exit status."""

    said: str
    complaint: str
    status: int


def race(program: str, argument: str, count: int = 3) -> list[Racer]:
    """Run a Python program in several processes: each writes a line `ready` and reads one before what matters."""
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", program, argument],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    return [Racer(*racer.communicate(), racer.returncode) for racer in racers]
