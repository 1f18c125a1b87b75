"""How many instructions each act takes: the one figure that no neighbour on the machine disturbs.

`python -m tests.benchmarks.instructions` compares with the figures that are kept beside it, and ends with 1 where an
act takes more than a twentieth more; `--keep` keeps what it found.
"""

import argparse
import json
import platform
import sqlite3
import sys
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app import paths
from app.config import Settings
from app.services import publishing
from app.services.context import Context
from tests.delivery.sink import free_port
from tests.server.running import environment

from . import callgrind, servers
from .report import table

KEPT = Path(__file__).parent / "instructions.json"
WORSE = 1.05
_TIMES = 25
"""Enough that SQLite's moving of its log into the file, every thousand pages, is told as a part of each act."""


def python_build() -> str:
    """The Python that runs this, as far as it decides on its speed."""
    arguments = sysconfig.get_config_var("CONFIG_ARGS") or ""
    optimized = "with PGO" if "--enable-optimizations" in arguments else "without PGO"
    shared = "shared library" if sysconfig.get_config_var("Py_ENABLE_SHARED") else "static"
    return f"Python {platform.python_version()}, {optimized}, {shared}"


def measured(folder: Path, times: int = _TIMES) -> dict[str, int]:
    """Instructions of one act by its name, in user space alone.

    Raises:
        SystemExit: when they cannot be counted.
    """
    with servers.mail_server(folder, 0) as mail_port:
        environ = environment(folder, **servers.kit_settings(folder, free_port(), mail_port))
        ctx = Context.open(Settings.from_environment(environ))
        publishing.publish(ctx, paths.SAMPLES)
        ctx.database.engine.dispose()
        return callgrind.counted(["-P", str(servers.PROGRAMS / "acts.py"), str(times)], folder, environ)


def compared(found: Mapping[str, int], kept: Mapping[str, Any]) -> tuple[str, list[str]]:
    """A table of what was counted beside what is kept, and the acts that take more than a twentieth more.

    Another build of Python or SQLite takes other numbers of instructions; then nothing is said to be worse.
    """
    before: Mapping[str, int] = kept["instructions"] if kept.get("build") == build() else {}
    rows, worse = [], []
    for name, number in found.items():
        then = before.get(name)
        rows.append([name, _millions(number), _millions(then) if then else "", f"{number / then:.3f}" if then else ""])
        if then and number > then * WORSE:
            worse.append(name)
    return table(("act", "M instructions", "kept", "×"), rows), worse


def _millions(number: int) -> str:
    return f"{number / 1_000_000:.3f}"


def build() -> str:
    """What decides how many instructions the same code takes."""
    return f"{python_build()}; SQLite {sqlite3.sqlite_version}; {platform.machine()}"


def main(arguments: Sequence[str]) -> int:
    """Count, print, and compare or keep."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.instructions", description=__doc__)
    parser.add_argument("--keep", action="store_true", help=f"keep the figures in {KEPT.name}")
    given = parser.parse_args(arguments)
    if lack := callgrind.missing():
        raise SystemExit(f"Instructions cannot be counted: {lack}")
    with tempfile.TemporaryDirectory(prefix="akkoord-instructions-") as folder:
        found = measured(Path(folder))
    text, worse = compared(found, json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {})
    sys.stdout.write(f"{build()}\n\n{text}\n")
    if given.keep:
        KEPT.write_text(json.dumps({"build": build(), "instructions": found}, indent=1) + "\n", encoding="utf-8")
    elif worse:
        sys.stderr.write(f"More than {WORSE:.0%} of what is kept: {', '.join(worse)}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
