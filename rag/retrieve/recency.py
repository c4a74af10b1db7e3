"""How much the date of an article speaks for it.

News is asked about while it is new, so an article counts the more the nearer it lies to the day
of asking, or, where the question names a time, to that: score x (1 + weight x 0.5 ^ (distance /
half-life)). An article without a date counts as one that lies far away: it is neither left out
nor taken for new.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.index.database import ordinal
from rag.index.terms import UNDATED
from rag.records import TimeWindow

# Tuned on every other answerable question of news-2024: eval/LOG.md, "recency".
HALF_LIFE = 14.0  # days
WEIGHT = 0.5  # the same for a named time as for the day of asking


@dataclass(frozen=True, slots=True)
class TimePreference:
    """The days, as proleptic ordinals, near which articles count more; a half-life of 0
    days switches it off."""

    since: int
    until: int
    half_life: float = HALF_LIFE

    def factors(self, day: NDArray[np.int32]) -> NDArray[np.float64]:
        """What the score of a passage of each day is multiplied by, 1 to 1 + WEIGHT."""
        if self.half_life <= 0:
            return np.ones(len(day))
        outside = np.maximum(np.maximum(self.since - day, day - self.until), 0)
        near = WEIGHT * 0.5 ** (outside / self.half_life)
        return np.where(day == UNDATED, 1.0, 1.0 + near)


def time_preference(
    asked_on: str, window: TimeWindow | None, half_life: float = HALF_LIFE
) -> TimePreference:
    """Articles near the named time, else near the day of asking, count more."""
    asked = ordinal(asked_on)
    if window is None:
        return TimePreference(asked, asked, half_life)
    since = ordinal(window.since) if window.since else 1
    until = ordinal(window.until) if window.until else max(since, asked)
    return TimePreference(since, until, half_life)
