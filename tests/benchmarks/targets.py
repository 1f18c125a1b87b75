"""What was to be reached, and whether it was: the goals that stand beside the figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .figures import Spread, ratio
from .rounds import Figures

DISAGREE = "runs disagree"


@dataclass(frozen=True)
class Ratio:
    """How many times as fast one step has to be as another."""

    step: str
    base: str
    least: float


RATIOS = (
    Ratio("form", "hello", 0.85),
    Ratio("form", "peer form", 5),
    Ratio("submit", "hello", 0.25),
    Ratio("submit", "transaction", 0.30),
    Ratio("submit", "peer subscribe", 6),
    Ratio("submit", "peer subscribe, mail removed", 3),
    Ratio("confirm", "hello", 0.30),
    Ratio("confirm", "peer activate", 4.5),
    Ratio("withdraw", "hello", 0.30),
    Ratio("withdraw", "peer unsubscribe", 4.5),
    Ratio("submit, slow mail", "submit", 0.95),
    Ratio("submit, no mail", "submit", 0.95),
)


@dataclass(frozen=True)
class Verdict:
    """A goal beside what was measured. `met` is None where the runs disagree."""

    what: str
    goal: str
    measured: str
    by_cpu: str
    met: bool | None


def of_ratios(steps: Mapping[str, Figures]) -> list[Verdict]:
    """The ratios, with a second opinion from the processor time, which others on the machine disturb less."""
    found = []
    for goal in RATIOS:
        if goal.step not in steps or goal.base not in steps:
            continue
        above, below = steps[goal.step], steps[goal.base]
        spread = ratio(above.rates, below.rates)
        cpu = ratio(below.cpu, above.cpu) if below.cpu and all(above.cpu) else None
        found.append(
            Verdict(
                f"{goal.step} / {goal.base}",
                f"≥ {goal.least:g}",
                shown(spread),
                shown(cpu) if cpu else "",
                spread.median >= goal.least if spread.agrees else None,
            )
        )
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


def at_most(what: str, most: float, unit: str, found: float | Spread) -> Verdict:
    """A goal that is an upper bound of one figure, or of the median of several rounds."""
    value, told = (found.median, ranged(found)) if isinstance(found, Spread) else (found, digits(found))
    return Verdict(what, f"≤ {most:g}{unit}", f"{told}{unit}", "", value <= most)


def of_sizes(results: Mapping[str, Any]) -> list[Verdict]:
    """The goals that are no ratios of rates, as far as they were measured."""
    found: list[Verdict] = []
    steps: Mapping[str, Figures] = results["steps"]
    if "submit" in steps:
        found.append(at_most("submit, p99", 15, " ms", Spread.of(steps["submit"].p99)))
    memory: Mapping[str, Mapping[str, float]] = results["memory"]
    if memory:
        value = memory["Akkoord"]["rss"] / memory["bare Flask"]["rss"]
        found.append(at_most("memory of a web process / bare Flask", 2, "", value))
    start: Mapping[str, Sequence[float]] = results["start"]
    for name, label in (("Akkoord", "start to first answer"), ("Akkoord, first of all", "the same, new installation")):
        if name in start:
            found.append(at_most(label, 1, " s", Spread.of(start[name])))
    weight: Mapping[str, int] = results["weight"]
    if weight:
        found.append(at_most("form page with styles, gzip", 6000, " B", weight["page"] + weight["styles"]))
        found.append(at_most("embed.js, gzip", 2000, " B", weight["embed.js"]))
    for line in results["lookups"]:
        if line["ratio"]:
            label = f"look-up by {line['by']}, {line['people']:,} / 10,000 people"
            verdict = at_most(label, 2, "", line["ratio"])
            found.append(verdict if line["ratio"].agrees else replace(verdict, measured=DISAGREE, met=None))
    return found
