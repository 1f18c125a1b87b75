"""A whole run: what takes turns, then what is measured once things stand still, and what machine it was."""

import json
import os
import platform
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gunicorn

from tests.delivery.sink import free_port

from . import callgrind, instructions, known, lookups, scale, servers, sides, weight
from .figures import Spread
from .load import CONNECTIONS
from .rounds import Figures, Measured, Step, alternate
from .targets import Verdict

WORKERS = 2
PARTS = ("start", "known", "instructions", "lookups", "scale")
_AFTER = {
    "confirm": ("submit",),
    "withdraw": ("submit", "confirm"),
    "peer activate": ("peer subscribe",),
    "peer unsubscribe": ("peer subscribe", "peer activate"),
    "submit, slow mail": ("submit",),
    "submit, no mail": ("submit",),
}
"""Steps that need what another one leaves, or that are told as a part of it."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """What is to be measured, and for how long. `only` names steps and parts; empty means all."""

    quick: bool
    only: tuple[str, ...]
    peer: bool
    rounds: int
    seconds: float

    @property
    def whole(self) -> bool:
        """Whether docs/benchmarks.md may show it."""
        return not self.quick and not self.only and self.peer

    def part(self, name: str) -> bool:
        """Whether a part is wanted; the quick run leaves out the long ones."""
        left_out = ("scale", "instructions") if self.quick else ()
        return name in self.only or (not self.only and name not in left_out)

    def steps(self, known: Mapping[str, Measured]) -> list[Measured]:
        """The steps that are wanted, with the floors and what they need, in their order."""
        named = set(self.only) - set(PARTS)
        if unknown := named - set(known):
            raise SystemExit(f"no such step: {', '.join(sorted(unknown))}; there are {', '.join([*known, *PARTS])}")
        if not self.only:
            return list(known.values())
        named |= {needed for name in named for needed in _AFTER.get(name, ())}
        return [one for name, one in known.items() if name in named | {"hello", "transaction"}]


def everything(folder: Path, wanted: Wanted, say: Say) -> dict[str, Any]:
    """Measure what is wanted."""
    if wanted.peer:
        _require_same_gunicorn()
    results: dict[str, Any] = _about(wanted)
    results |= {"steps": {}, "memory": {}, "start": {}, "weight": {}, "known": {}, "instructions": {}, "lookups": []}
    if not wanted.only or set(wanted.only) - set(PARTS):
        _side_by_side(folder, wanted, results, say)
    if wanted.part("start"):
        say("starts")
        results["start"] = starts(sides.folder_in(folder, "starts"), wanted.peer, 3 if wanted.quick else 7)
    if wanted.part("known"):
        say("known and unknown addresses")
        number = 100 if wanted.quick else 1_250
        results["known"] = known.measured(sides.folder_in(folder, "known"), number)
    if wanted.part("instructions"):
        if lack := callgrind.missing():
            say(f"instructions are left out: {lack}")
        else:
            say("instructions")
            results["instructions"] = instructions.measured(sides.folder_in(folder, "instructions"))
    results["scale"] = {}
    if wanted.part("scale"):
        processes = (1, 2) if wanted.quick else (1, 2, 4)
        rounds = max(2, wanted.rounds // 2)
        results["scale"] = scale.measured(sides.folder_in(folder, "scale"), processes, rounds, wanted.seconds, say)
    if wanted.part("lookups"):
        sizes = (1_000_000,) if wanted.quick else (1_000_000, 10_000_000)
        results["lookups"] = lookups.measured(sides.folder_in(folder, "lookups"), sizes, wanted.rounds, say)
    return results


def _side_by_side(folder: Path, wanted: Wanted, results: dict[str, Any], say: Say) -> None:
    with sides.side_by_side(sides.folder_in(folder, "sides"), WORKERS, wanted.peer) as sided:
        steps = wanted.steps(sided)
        alternate(steps, wanted.rounds, wanted.seconds, say)
        results["steps"] = {one.name: one.figures for one in steps}
        asked = [one.figures for one in steps if isinstance(one, Step)]
        if asked:
            per = sum(one.answers for one in asked) / sum(one.connections for one in asked)
            results["settings"]["requests_per_connection"] = round(per, 1)
        sites = {"bare Flask": sided["hello"], "Akkoord": sided["form"], "django-newsletter": sided.get("peer form")}
        running = {name: one.site for name, one in sites.items() if isinstance(one, Step)}
        results["memory"] = {name: site.memory() for name, site in running.items()}
        results["weight"] = weight.weights(running["Akkoord"])


def starts(folder: Path, with_peer: bool, times: int) -> dict[str, list[float]]:
    """Seconds from the start of a server to its first answer, by turns; the kit's very first one makes the database."""
    taken: dict[str, list[float]] = {}
    nobody = free_port()
    for number in range(times):
        new = sides.folder_in(folder, f"new {number}")
        ways = {
            "bare Flask": servers.hello(folder, WORKERS),
            "Akkoord, first of all": servers.product(new, nobody),
            "Akkoord": servers.product(new, nobody),
        }
        if with_peer:
            ways["django-newsletter"] = servers.peer(folder, WORKERS, "dummy", nobody)
        for name, way in ways.items():
            with way as site:
                taken.setdefault(name, []).append(site.first_answer)
    return taken


def _about(wanted: Wanted) -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {
            "cpus": os.cpu_count(),
            "processor": _processor(),
            "system": f"{platform.system()} {platform.machine()}",
            "python": instructions.python_build(),
            "sqlite": sqlite3.sqlite_version,
            "gunicorn": gunicorn.__version__,
        },
        "settings": {
            "gunicorn": servers.gunicorn_options(WORKERS),
            "connections": CONNECTIONS,
            "rounds": wanted.rounds,
            "seconds": wanted.seconds,
            "requests_per_connection": 0,
        },
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _require_same_gunicorn() -> None:
    command = [str(servers.PEER_PYTHON), "-c", "import gunicorn; print(gunicorn.__version__)"]
    theirs = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    if theirs != gunicorn.__version__:
        raise SystemExit(f"the peer has gunicorn {theirs} and the kit {gunicorn.__version__}: run make lock")


def as_json(results: Mapping[str, Any], verdicts: list[Verdict]) -> str:
    """The results as JSON, with medians, ranges and every round."""
    whole = dict(results) | {"targets": [asdict(verdict) for verdict in verdicts]}
    return json.dumps(_plain(whole), indent=1, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Figures):
        named = {"per_second": value.rates, "p50_ms": value.p50, "p99_ms": value.p99, "cpu_ms": value.cpu}
        named |= {"finished_per_second": value.finished, "total_cpu_ms": value.total, "mail_cpu_ms": value.mail}
        summed = {name: _plain(Spread.of(values)) for name, values in named.items() if values}
        return summed | {"rounds_per_second": _plain(value.rates), "answers": value.answers}
    if isinstance(value, Spread):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return round(value, 4) if isinstance(value, float) else value
