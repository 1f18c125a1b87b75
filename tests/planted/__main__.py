"""Mutation testing: plants each bug in a copy of this tree and shows that the tests turn red, in about ten minutes.

First run are the tests that should see it; where they stay green, all the others but the browser's. A bug that nobody
sees, or that cannot be planted any more, makes the exit status 1. With words behind it, it plants only the bugs that
have one of them in their name or place, and writes no list.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.planted.bug import Bug
from tests.planted.bugs import BUGS
from tests.planted.plant import CannotPlant, Tree

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).with_name("results.md")
AT_ONCE = 2
EVERYTHING = "tests --ignore=tests/browser --ignore=tests/planted"
LONGEST = 900
"""Seconds for one run of pytest; a bug that makes the tests hang is not seen by any."""

_LEAVE = shutil.ignore_patterns(".git", ".venv*", "dist", "instance", "__pycache__", ".hypothesis", "*_cache")
_RED = re.compile(r"^(?:FAILED|ERROR|SUBFAILED.*?) (tests/\S+::.*?)(?: - .*)?$", re.MULTILINE)


class Result(NamedTuple):
    """What became of a bug: the test that caught it, or else what went wrong."""

    bug: Bug
    caught_by: str
    problem: str


def _pytest(tree: Path, arguments: Sequence[str]) -> tuple[int, str]:
    """Run tests in a copy of the tree: the exit status, and what pytest said."""
    # Without a cache of compiled modules: it knows a changed file by its size and the second in which it was written.
    environment = os.environ | {"CI": "true", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(tree)}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *arguments]
    with TemporaryDirectory(prefix="akkoord-planted-") as folder:
        try:
            ran = subprocess.run(
                [*command, f"--basetemp={folder}/t"],
                cwd=tree,
                env=environment,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=LONGEST,
            )
        except subprocess.TimeoutExpired:
            return -1, f"no end after {LONGEST} seconds"
    return ran.returncode, ran.stdout + ran.stderr


def _plant(bug: Bug, tree: Path) -> Result:
    """Plant a bug, see which test catches it, and take it out again."""
    try:
        file, bad = Tree(tree).plant(bug)
    except CannotPlant as error:
        return Result(bug, "", f"cannot be planted: {error}")
    path = tree / file
    good = path.read_bytes()
    path.write_bytes(bad)
    try:
        for tests in (bug.tests, EVERYTHING):
            status, said = _pytest(tree, shlex.split(tests))
            if status != 0:
                found = _RED.search(said)
                if status == 1 and found:
                    return Result(bug, found[1], "")
                return Result(bug, "", f"pytest ended with {status}: {said[-1500:]}")
    finally:
        path.write_bytes(good)
    return Result(bug, "", "SURVIVES")


def _plant_all(bugs: Sequence[Bug], folder: Path) -> list[Result]:
    """Plant the bugs, some at a time, each in a copy of its own; one line for each as it is done."""
    trees: Queue[Path] = Queue()
    for number in range(AT_ONCE):
        trees.put(_copy(folder / f"tree{number}"))

    def plant(bug: Bug) -> Result:
        tree = trees.get()
        try:
            result = _plant(bug, tree)
        finally:
            trees.put(tree)
        sys.stdout.write(f"{bug.name:52} {result.caught_by or result.problem}\n")
        sys.stdout.flush()
        return result

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(plant, bugs))


def _copy(tree: Path) -> Path:
    shutil.copytree(ROOT, tree, ignore=_LEAVE)
    return tree


def _red_without_a_bug(results: Sequence[Result], tree: Path) -> str:
    """What pytest says of the tests that caught something, in a tree without a bug; empty when all are green."""
    catchers = sorted({result.caught_by for result in results if result.caught_by})
    status, said = _pytest(_copy(tree), catchers) if catchers else (0, "")
    return said if status else ""


def _table(results: Sequence[Result]) -> str:
    rows = [
        f"| {result.bug.name} | `{result.bug.where}` | {result.bug.harm} | `{_escaped(result.caught_by)}` |"
        for result in results
    ]
    head = (
        f"# {len(results)} planted bugs and the tests that caught them\n\n"
        "Written by `make planted`, which changes a copy of the code in one place at a time and runs the tests.\n\n"
        "| bug | in | what it would do to people | caught first by |\n|---|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def _escaped(test: str) -> str:
    return test.replace("|", "\\|").replace("`", "'")


def main(words: Sequence[str]) -> int:
    """Plant the bugs that one of the words names, or all."""
    chosen = [bug for bug in BUGS if not words or any(word in bug.name or word in bug.where for word in words)]
    with TemporaryDirectory(prefix="akkoord-planted-") as folder:
        results = _plant_all(chosen, Path(folder))
        red = _red_without_a_bug(results, Path(folder) / "clean")
    bad = [result for result in results if result.problem]
    for result in bad:
        sys.stdout.write(f"\n{result.bug.name} ({result.bug.where}): {result.problem}\n")
    if red:
        sys.stdout.write(f"\nRed without any bug:\n{red[-3000:]}\n")
    sys.stdout.write(f"\n{len(results) - len(bad)} of {len(results)} planted bugs were caught.\n")
    if not words and not bad and not red:
        RESULTS.write_text(_table(results), encoding="utf-8")
    return 1 if bad or red else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
