"""Medians, ranges and ratios, and when a ratio may not be told because the runs behind it disagree."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

AGREE_WITHIN = 0.15
"""By how much the medians of the two halves of the rounds may differ, as a part of the smaller one."""


@dataclass(frozen=True)
class Spread:
    """What several rounds gave for one figure."""

    median: float
    low: float
    high: float
    agrees: bool

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Sum up the rounds, in the order in which they ran."""
        return cls(median(values), min(values), max(values), halves_agree(values))


def percentile(ordered: Sequence[float], part: float) -> float:
    """The smallest value that at least this part of them does not exceed; they must be sorted."""
    return ordered[max(0, ceil(part * len(ordered)) - 1)]


def halves_agree(values: Sequence[float]) -> bool:
    """Whether the first half of the rounds and the second say the same. One round says nothing."""
    if len(values) < 2:
        return False
    middle = len(values) // 2
    first, second = median(values[:middle]), median(values[-middle:])
    return max(first, second) <= min(first, second) * (1 + AGREE_WITHIN)


def ratio(above: Sequence[float], below: Sequence[float]) -> Spread:
    """How many times the one is the other, round by round: what slowed a round slowed both."""
    return Spread.of([one / other for one, other in zip(above, below, strict=True)])
