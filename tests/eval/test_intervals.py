"""What risk and calibration are made of (their figures are in test_metrics.py), how far a figure
would move with other questions, and whether two runs differ."""

import dataclasses

import pytest

from eval.certainty import (
    Comparison,
    Interval,
    aurc,
    brier,
    calibration_error,
    compare,
    difference,
    interval,
    mcnemar,
    risk_coverage,
)
from eval.metrics import Graded, Share, accuracy, conflicts_surfaced
from tests.eval.bad_systems import (
    AFTER_ALL,
    INVENTED,
    REFUSED,
    RIGHT,
    RIGHTLY_REFUSED,
    WRONG,
    sure,
)


def test_bins_hold_equally_many() -> None:
    graded = sure((0.1, False), (0.2, True), (0.3, False), (0.9, True))
    assert calibration_error(graded, bins=2) == pytest.approx((0.7 + 0.2) / 4)
    assert calibration_error(graded, bins=1) == pytest.approx(abs(1.5 - 2) / 4)


def test_the_curve_covers_what_was_answered() -> None:
    graded = [*sure((0.5, False), (0.9, False), (0.5, True)), REFUSED, AFTER_ALL]
    assert risk_coverage(graded) == [
        {"probability": 0.9, "coverage": 0.25, "risk": 1.0},
        {"probability": 0.5, "coverage": 0.75, "risk": pytest.approx(2 / 3)},
    ]
    assert risk_coverage([REFUSED]) == []


def numbered(*graded: Graded) -> list[Graded]:
    return [dataclasses.replace(one, id=f"q{at}") for at, one in enumerate(graded)]


def half(count: int) -> list[Graded]:
    return numbered(*[RIGHT, WRONG] * (count // 2))


@pytest.mark.parametrize(("count", "width"), [(100, 2 * 1.96 * 0.05), (1600, 2 * 1.96 * 0.0125)])
def test_an_interval_is_as_wide_as_the_normal_one(count: int, width: float) -> None:
    found = interval(accuracy, half(count))
    assert found is not None
    assert found.value == 0.5 and found.low < 0.5 < found.high
    assert found.high - found.low == pytest.approx(width, rel=0.1)
    assert found.high - 0.5 == pytest.approx(0.5 - found.low, rel=0.1)


def test_an_interval_is_the_same_each_time() -> None:
    graded = numbered(*sure(*((at / 40, at % 3 == 0) for at in range(40))))
    assert interval(brier, graded) == interval(brier, graded)
    assert difference(brier, graded, half(40)) == difference(brier, graded, half(40))


def test_a_share_and_the_same_metric_as_a_plain_function_have_the_same_interval() -> None:
    graded = numbered(*[RIGHT, WRONG, REFUSED, RIGHTLY_REFUSED, INVENTED] * 8)
    assert interval(accuracy, graded) == interval(lambda some: accuracy(some), graded)
    other = numbered(*[WRONG, RIGHT, RIGHT, RIGHTLY_REFUSED, INVENTED] * 8)
    assert difference(accuracy, graded, other) == difference(
        lambda some: accuracy(some), graded, other
    )


def test_a_sum_over_a_sum_weighs_each_question_by_what_counts_for_it() -> None:
    many = dataclasses.replace(WRONG, positions=9)
    one = dataclasses.replace(WRONG, positions=1, positions_shown=1)
    found = interval(conflicts_surfaced, numbered(*[many, one] * 20))
    assert found is not None and 0 < found.low < found.value == 0.1 < found.high < 0.2


def test_metrics_that_are_no_shares_have_intervals() -> None:
    found = interval(aurc, half(40))
    assert found is not None and 0.3 < found.low < found.value == 0.5 < found.high < 0.7
    assert interval(brier, half(40)) == Interval(0.25, 0.25, 0.25)


@pytest.mark.parametrize("metric", [accuracy, aurc])
def test_what_nothing_counts_for_has_no_interval(metric) -> None:
    refused = numbered(RIGHTLY_REFUSED, RIGHTLY_REFUSED)
    assert interval(metric, []) is None
    assert interval(metric, refused) is None
    assert difference(metric, [], []) is None
    assert difference(metric, refused, numbered(WRONG, WRONG)) is None
    assert difference(metric, numbered(WRONG, WRONG), refused) is None


def test_resamples_for_which_nothing_counts_are_left_out() -> None:
    graded = numbered(RIGHT, *[RIGHTLY_REFUSED] * 9)
    assert interval(accuracy, graded) == Interval(1.0, 1.0, 1.0)
    assert interval(lambda some: accuracy(some), graded) == Interval(1.0, 1.0, 1.0)


def test_the_same_questions_are_drawn_of_both_runs() -> None:
    a, b = half(100), half(100)
    assert difference(accuracy, a, b[::-1]) == Interval(0.0, 0.0, 0.0)
    b[1] = dataclasses.replace(b[1], right=True)
    found = difference(accuracy, a, b)
    assert found is not None
    assert found.value == pytest.approx(0.01) and found.low == 0.0
    assert 0.02 <= found.high <= 0.04  # of two runs drawn apart it would be 0.15


def test_a_difference_has_the_sign_of_what_the_second_run_gains() -> None:
    worse, better = numbered(*[WRONG] * 30), half(30)
    gained, lost = difference(accuracy, worse, better), difference(accuracy, better, worse)
    assert gained is not None and lost is not None
    assert 0.2 < gained.low < gained.value == 0.5 < gained.high < 0.8
    assert (lost.value, lost.low, lost.high) == pytest.approx(
        (-gained.value, -gained.high, -gained.low)
    )


@pytest.mark.parametrize(
    ("better", "worse", "probability"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),
        (3, 3, 1.0),
        (5, 0, 2 / 32),
        (0, 5, 2 / 32),
        (6, 0, 2 / 64),
        (1, 5, 2 * (1 + 6) / 64),
        (2, 8, 2 * (1 + 10 + 45) / 1024),
        (1000, 1000, 1.0),
        (2000, 0, 0.0),
    ],
)
def test_the_exact_test_of_mcnemar(better: int, worse: int, probability: float) -> None:
    assert mcnemar(better, worse) == pytest.approx(probability)


def test_which_questions_got_better_and_which_worse() -> None:
    a = numbered(WRONG, RIGHT, REFUSED, INVENTED, RIGHTLY_REFUSED, RIGHT, WRONG, INVENTED)
    b = numbered(RIGHT, WRONG, RIGHT, RIGHTLY_REFUSED, INVENTED, RIGHT, REFUSED, INVENTED)
    assert compare(a, b[::-1]) == Comparison(("q0", "q2", "q3"), ("q1", "q4"), 1.0)
    assert compare(b, a) == Comparison(("q1", "q4"), ("q0", "q2", "q3"), 1.0)
    assert compare([], []) == Comparison((), (), 1.0)


def test_an_answer_that_is_right_after_all_is_done_well() -> None:
    after_all = dataclasses.replace(INVENTED, invented=False, right=True)
    assert compare(numbered(RIGHTLY_REFUSED), numbered(after_all)) == Comparison((), (), 1.0)


def test_runs_over_other_questions_are_not_compared() -> None:
    a = numbered(RIGHT, WRONG, WRONG)
    with pytest.raises(ValueError, match="one of the two runs: q2$"):
        compare(a, a[:2])
    with pytest.raises(ValueError, match="one of the two runs: q0 q2$"):
        difference(accuracy, a[1:2], a)
    with pytest.raises(ValueError, match="two answers"):
        compare(a, [*a, a[0]])
    with pytest.raises(ValueError, match="two answers"):
        compare([*a, a[0]], a)


def test_each_question_is_counted_once_not_once_a_resample() -> None:
    seen: list[str] = []

    def counts(one: Graded) -> tuple[int, int]:
        seen.append(one.id)
        return one.right, 1

    graded = half(1000)
    assert interval(Share(counts), graded) == interval(accuracy, graded)
    assert len(seen) == 2 * len(graded)  # for the figure, and for all its resamples
