"""What was to be reached, and whether it was: the goals that stand beside the figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .figures import Spread, ratio
from .rounds import Figures

DISAGREE = "runs disagree"


@dataclass(frozen=True)
class Ratio:
    """How many times as good one step has to be as another, by what both are compared."""

    step: str
    base: str
    by: str
    least: float


_BY = {
    "processor time, finished": "total",
    "finished per second": "finished",
    "processor time": "cpu",
    "per second": "rates",
}
"""What two steps are compared by, and where it stands in their figures; of processor time less is better."""

RATIOS = (
    Ratio("submit", "peer subscribe", "processor time, finished", 4),
    Ratio("submit", "peer subscribe", "finished per second", 4),
    Ratio("submit", "peer subscribe", "per second", 4.5),
    Ratio("submit", "peer subscribe, mail removed", "per second", 3),
    Ratio("confirm", "peer activate", "processor time", 2.5),
    Ratio("withdraw", "peer unsubscribe", "processor time", 2.5),
    Ratio("form", "peer form", "processor time", 5),
    Ratio("form", "hello", "processor time", 0.85),
    Ratio("submit", "hello", "processor time", 0.35),
    Ratio("confirm", "hello", "processor time", 0.25),
    Ratio("withdraw", "hello", "processor time", 0.25),
    Ratio("submit, slow mail", "submit", "per second", 0.95),
    Ratio("submit, no mail", "submit", "per second", 0.95),
)
INSTRUCTIONS = {"submit": 1.9, "confirm": 2.3, "withdraw": 2.0, "mail": 1.8}
"""The most that an act may take, in millions."""


@dataclass(frozen=True)
class Verdict:
    """A goal beside what was measured. `met` is None where the runs disagree."""

    what: str
    by: str
    goal: str
    measured: str
    met: bool | None


def of_ratios(steps: Mapping[str, Figures]) -> list[Verdict]:
    """The ratios of steps that took turns."""
    found = []
    for goal in RATIOS:
        if goal.step in steps and goal.base in steps:
            one, other = (getattr(steps[name], _BY[goal.by]) for name in (goal.step, goal.base))
            spread = ratio(other, one) if "processor" in goal.by else ratio(one, other)
            met = spread.median >= goal.least if spread.agrees else None
            found.append(Verdict(f"{goal.step} / {goal.base}", goal.by, f"≥ {goal.least:g}", shown(spread), met))
    return found


def shown(spread: Spread) -> str:
    """A ratio with its range, unless the runs disagree."""
    if not spread.agrees:
        return DISAGREE
    return ranged(spread)


def ranged(spread: Spread) -> str:
    """A median with its range."""
    return f"{digits(spread.median)} ({digits(spread.low)} – {digits(spread.high)})"


def digits(value: float) -> str:
    """A figure with as many digits as it deserves."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def at_most(what: str, by: str, most: float, unit: str, found: float | Spread) -> Verdict:
    """A goal that is an upper bound of one figure, or of the median of several rounds."""
    value, told = (found.median, ranged(found)) if isinstance(found, Spread) else (found, digits(found))
    return Verdict(what, by, f"≤ {most:g}{unit}", f"{told}{unit}", value <= most)


def of_sizes(results: Mapping[str, Any]) -> list[Verdict]:
    """The goals that are no ratios of steps, as far as they were measured."""
    return [*_of_acts(results), *_of_known(results["known"]), *_of_servers(results), *_of_lookups(results["lookups"])]


def _of_acts(results: Mapping[str, Any]) -> Iterator[Verdict]:
    steps: Mapping[str, Figures] = results["steps"]
    if "submit" in steps:
        slowest = ratio(steps["submit"].p99, steps["hello"].p99)
        yield _if_agreed(at_most("submit / hello", "time to answer, p99", 5, "", slowest), slowest)
        mail = Spread.of(steps["submit"].mail)
        yield _if_agreed(at_most("one mail", "processor time", 0.6, " ms", mail), mail)
    for name, most in INSTRUCTIONS.items():
        if name in results["instructions"]:
            yield at_most(name, "instructions", most, " M", results["instructions"][name] / 1_000_000)
    scale: Mapping[str, Mapping[str, Figures]] = results["scale"]
    if "PostgreSQL, 2 web" in scale:
        spread = ratio(scale["PostgreSQL, 2 web"]["submit"].rates, scale["SQLite, 2 web"]["submit"].rates)
        met = spread.median >= 0.8 if spread.agrees else None
        yield Verdict("submit, PostgreSQL / SQLite", "per second", "≥ 0.8", shown(spread), met)


def _of_known(known: Mapping[str, Mapping[str, Spread]]) -> Iterator[Verdict]:
    for kind, figures in known.items():
        if kind != "new":
            spread = figures["ratio"]
            met = 0.97 <= spread.median <= 1.03 if spread.agrees else None
            yield Verdict(f"submit, {kind} / new", "processor time", "0.97 – 1.03", shown(spread), met)


def _of_servers(results: Mapping[str, Any]) -> Iterator[Verdict]:
    memory: Mapping[str, Mapping[str, float]] = results["memory"]
    if memory:
        value = memory["Akkoord"]["rss"] / memory["bare Flask"]["rss"]
        yield at_most("web processes / bare Flask's", "memory", 1.3, "", value)
    start: Mapping[str, Sequence[float]] = results["start"]
    for name, label in (("Akkoord", "start to first answer"), ("Akkoord, first of all", "the same, new installation")):
        if name in start:
            yield at_most(label, "time", 1, " s", Spread.of(start[name]))
    weight: Mapping[str, int] = results["weight"]
    if weight:
        yield at_most("form page with styles", "gzip", 6000, " B", weight["page"] + weight["styles"])
        yield at_most("embed.js", "gzip", 2000, " B", weight["embed.js"])


def _of_lookups(lines: Sequence[Mapping[str, Any]]) -> Iterator[Verdict]:
    for line in lines:
        if line["ratio"]:
            label = f"{line['people']:,} / 10,000 people"
            yield _if_agreed(at_most(label, f"look-up by {line['by']}", 2, "", line["ratio"]), line["ratio"])


def _if_agreed(verdict: Verdict, spread: Spread) -> Verdict:
    return verdict if spread.agrees else replace(verdict, measured=DISAGREE, met=None)
