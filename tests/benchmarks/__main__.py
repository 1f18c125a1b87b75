"""`make bench`: measures the kit beside its floors and a peer, and writes the figures that docs/benchmarks.md shows."""

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from . import plot, report, targets
from .run import PARTS, Wanted, as_json, everything

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "benchmarks.md"


def say(text: str) -> None:
    """Tell how far it is, beside what is printed."""
    sys.stderr.write(f"  {text}\n")


def wanted(arguments: Sequence[str]) -> Wanted:
    """What was asked for: everything, unless it says otherwise."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two minutes, without ten million people")
    parser.add_argument("--only", default="", help=f"steps such as submit,form, or parts: {', '.join(PARTS)}")
    parser.add_argument("--no-peer", action="store_true", help="without django-newsletter")
    parser.add_argument("--rounds", type=int, help="how many rounds of each step")
    parser.add_argument("--seconds", type=float, help="how long a round lasts, about")
    given = parser.parse_args(arguments)
    return Wanted(
        quick=given.quick,
        only=tuple(name for name in given.only.split(",") if name),
        peer=not given.no_peer,
        rounds=given.rounds or (4 if given.quick else 16),
        seconds=given.seconds or (0.8 if given.quick else 1.0),
    )


def main(arguments: Sequence[str]) -> None:
    """Measure and print; a full run also writes the JSON, the plot and the tables of the manual."""
    asked = wanted(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing stays that it has started
    with tempfile.TemporaryDirectory(prefix="akkoord-bench-") as folder:
        results = everything(Path(folder), asked, say)
    verdicts = targets.of_ratios(results["steps"]) + targets.of_sizes(results)
    text = report.tables(results, verdicts)
    sys.stdout.write(f"{text}\n")
    if asked.whole:
        (HERE / "results.json").write_text(as_json(results, verdicts), encoding="utf-8")
        (HERE / "plot.svg").write_text(plot.drawn(results["steps"]), encoding="utf-8")
        report.write_into(PAGE, text, "../tests/benchmarks/plot.svg")


if __name__ == "__main__":
    main(sys.argv[1:])
