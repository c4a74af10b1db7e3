"""Timing two ways of doing the same in turn, so that what else the machine does hits both.

Absolute times move by half from hour to hour on shared machines; the ratio of two that are
measured side by side holds. The order within a pair is drawn at random, and a run whose A/A ratio
(one way against itself) leaves .95 to 1.05 measures the machine and not the program.
"""

import random
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Work = Callable[[], object]
_RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Ratio:
    """The median of the ratios of paired times, its bootstrap interval (95 %), and the median
    seconds of each side."""

    median: float
    low: float
    high: float
    first: float
    second: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f} to {self.high:.2f})"


def compare(first: Work, second: Work, pairs: int, seed: int = 0) -> Ratio:
    """Time of `first` over time of `second`, after one warming turn of each."""
    rng = random.Random(seed)
    first()
    second()
    times: list[tuple[float, float]] = []
    for _ in range(pairs):
        order = [0, 1]
        rng.shuffle(order)
        taken = [0.0, 0.0]
        for side in order:
            taken[side] = seconds((first, second)[side])
        times.append((taken[0], taken[1]))
    return ratio_of(times, rng)


def ratio_of(times: Sequence[tuple[float, float]], rng: random.Random) -> Ratio:
    """The ratio of paired times that were taken in turn."""
    ratios = [one / other for one, other in times]
    medians = sorted(
        statistics.median(rng.choices(ratios, k=len(ratios))) for _ in range(_RESAMPLES)
    )
    return Ratio(
        statistics.median(ratios),
        medians[round(0.025 * _RESAMPLES)],
        medians[round(0.975 * _RESAMPLES)],
        statistics.median(one for one, _ in times),
        statistics.median(other for _, other in times),
    )


def seconds(work: Work) -> float:
    """Wall time of one turn."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def peak_megabytes() -> float:
    """The most memory that this process has held, in MB of 10^6 bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
