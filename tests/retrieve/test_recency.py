"""The date of an article weighs by its distance from the day of asking, or the named time."""

import datetime

import numpy as np
import pytest

from rag.index.terms import UNDATED
from rag.records import TimeWindow
from rag.retrieve.recency import HALF_LIFE, WEIGHT, time_preference


def factors(preference, *days: str | None) -> list[float]:
    ordinals = [
        UNDATED if day is None else datetime.date.fromisoformat(day).toordinal() for day in days
    ]
    return [round(float(f), 6) for f in preference.factors(np.array(ordinals, dtype=np.int32))]


def test_half_the_weight_after_each_half_life() -> None:
    preference = time_preference("2024-12-31", None, 10)
    assert factors(preference, "2024-12-31", "2024-12-21", "2024-12-11") == [
        1 + WEIGHT,
        1 + WEIGHT / 2,
        1 + WEIGHT / 4,
    ]


def test_the_undated_count_as_far_away_neither_out_nor_new() -> None:
    preference = time_preference("2024-12-31", None)
    undated, ancient, new = factors(preference, None, "1990-01-01", "2024-12-31")
    assert undated == ancient == 1.0 < new


def test_a_half_life_of_0_switches_it_off() -> None:
    assert factors(time_preference("2024-12-31", None, 0), "2024-12-31", "1999-01-01", None) == [
        1.0,
        1.0,
        1.0,
    ]


@pytest.mark.parametrize(
    ("since", "until", "inside", "outside"),
    [
        ("2024-11-01", "2024-11-30", "2024-11-15", "2024-12-14"),
        ("2024-11-27", None, "2024-12-31", "2024-11-13"),
        (None, "2024-11-30", "2001-01-01", "2024-12-14"),
    ],
)
def test_a_named_time_takes_the_place_of_the_day_of_asking(since, until, inside, outside) -> None:
    preference = time_preference("2024-12-31", TimeWindow(since, until, "then"), HALF_LIFE)
    assert factors(preference, inside, outside) == [1 + WEIGHT, 1 + WEIGHT / 2]


def test_a_day_later_than_that_of_asking_is_as_far_as_one_before() -> None:
    before, after = factors(time_preference("2024-12-15", None), "2024-12-10", "2024-12-20")
    assert before == after
