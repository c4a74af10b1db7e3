"""How sure: the answers of themselves, and a figure over some questions of itself.

The first half holds the answers' `probability` against what became of them; of a refusal nothing
is known but that it was refused, so only answers given count. The second half tells how far
a metric (eval/metrics.py, or one of these) would move with other questions, whether two runs over
the same questions differ, and on which.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.metrics import Graded, Share, is_given

BINS = 10
RESAMPLES = 2000
SEED = 20241203
LEVEL = 0.95

Metric = Callable[[Sequence[Graded]], float | None]
Answered = tuple[float, bool]  # how probable an answer was, and whether it is wrong


def risk_coverage(graded: Sequence[Graded]) -> list[dict[str, float]]:
    """The `curve` of the answers given, over all questions asked. A refusal has no answer to
    judge: it is a question never covered, so all coverages need a run without a threshold."""
    asked = sum(one.refused or is_given(one) for one in graded)
    return curve(_given(graded), asked)


def curve(answers: Sequence[Answered], asked: int) -> list[dict[str, float]]:
    """The share of `asked` questions answered and of those answers that are not right, if only
    what is at least so probable were answered, from the surest on (El-Yaniv and Wiener, 2010;
    Geifman and El-Yaniv, "Selective classification for deep neural networks", 2017). Equally
    probable answers are one point."""
    points, given, wrong = [], 0, 0
    for probability, many, bad in _ties(answers):
        given, wrong = given + many, wrong + bad
        points.append(
            {"probability": probability, "coverage": given / asked, "risk": wrong / given}
        )
    return points


def aurc(graded: Sequence[Graded]) -> float | None:
    """Area under the risk-coverage curve: the mean over k = 1 .. n of the risk of the k surest of
    the n answers given (Geifman and others, "Bias-reduced uncertainty estimation for deep neural
    classifiers", 2019, on the curve of Geifman and El-Yaniv, 2017). Among answers that are equally
    probable, the mean over all their orders, which is closed: j of m with w wrong hold j w / m.
    Lower is better."""
    return _area([(many, bad) for _, many, bad in _ties(_given(graded))])


def e_aurc(graded: Sequence[Graded]) -> float | None:
    """AURC less that of the best order, all right before all wrong: what the probabilities lose
    (Geifman and others, 2019; exact for n answers, not their limit). Lower is better."""
    area = aurc(graded)
    wrong = [not one.right for one in graded if is_given(one)]
    best = _area([(wrong.count(False), 0), (sum(wrong), sum(wrong))])
    return None if area is None or best is None else max(0.0, area - best)


def _given(graded: Sequence[Graded]) -> list[Answered]:
    return [(one.probability, not one.right) for one in graded if is_given(one)]


def _ties(answers: Sequence[Answered]) -> list[tuple[float, int, int]]:
    """Each probability, the highest first, with the answers at it and the wrong of them."""
    groups: dict[float, list[bool]] = {}
    for probability, is_wrong in answers:
        groups.setdefault(probability, []).append(is_wrong)
    return [(p, len(groups[p]), sum(groups[p])) for p in sorted(groups, reverse=True)]


def _area(groups: Sequence[tuple[int, int]]) -> float | None:
    risks: list[float] = []
    wrong = 0
    for many, bad in groups:
        before = len(risks)
        risks += [(wrong + j * bad / many) / (before + j) for j in range(1, many + 1)]
        wrong += bad
    return sum(risks) / len(risks) if risks else None


def calibration_error(graded: Sequence[Graded], bins: int = BINS) -> float | None:
    """Sum over bins of |bin| / n * |mean probability - share right|, of the answers given, in bins
    of equally many (Naeini and others, "Obtaining well calibrated probabilities using Bayesian
    binning", 2015; equal mass: Nguyen and O'Connor, "Posterior calibration", 2015). Equally
    probable answers share what is right of them. Lower is better; too high where n is small, and
    its `interval` too, as resamples repeat answers."""
    rows = [
        (probability, 1 - bad / many)
        for probability, many, bad in _ties(_given(graded))
        for _ in range(many)
    ]
    if not rows:
        return None
    parts = np.array_split(np.array(rows), min(bins, len(rows)))
    return float(sum(abs((part[:, 0] - part[:, 1]).sum()) for part in parts) / len(rows))


def brier(graded: Sequence[Graded]) -> float | None:
    """Mean of (probability - right)^2 of the answers given (Brier, "Verification of forecasts
    expressed in terms of probability", 1950). Lower is better."""
    errors = [(one.probability - one.right) ** 2 for one in graded if is_given(one)]
    return sum(errors) / len(errors) if errors else None


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the ends between which it would lie for most sets of such questions."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The ids of the questions that the second of two runs does well and the first does not, of
    those where it is the other way round, and how probable so uneven a split is by chance."""

    better: tuple[str, ...]
    worse: tuple[str, ...]
    p_value: float


def interval(metric: Metric, graded: Sequence[Graded]) -> Interval | None:
    """Percentile bootstrap over the questions: the metric of RESAMPLES sets of as many questions,
    drawn with replacement, and the ends of the middle LEVEL of them (Efron and Tibshirani, "An
    introduction to the bootstrap", 1993, chapter 13). A set for which nothing counts is left out.
    Where all questions or none do well it has no width, which is not certainty."""
    value = metric(graded)
    if value is None:
        return None
    return _between(value, _resampled(metric, graded, _draws(len(graded))))


def difference(metric: Metric, a: Sequence[Graded], b: Sequence[Graded]) -> Interval | None:
    """The metric of b less that of a, two runs over the same questions, by the paired bootstrap:
    each resample draws the same questions of both (Koehn, "Statistical significance tests for
    machine translation evaluation", 2004; Berg-Kirkpatrick and others, "An empirical investigation
    of statistical significance in NLP", 2012)."""
    pairs = _paired(a, b)
    first, second = [one for one, _ in pairs], [other for _, other in pairs]
    before, after = metric(first), metric(second)
    if before is None or after is None:
        return None
    draws = _draws(len(pairs))
    moved = _resampled(metric, second, draws) - _resampled(metric, first, draws)
    return _between(after - before, moved)


def compare(a: Sequence[Graded], b: Sequence[Graded]) -> Comparison:
    """Which questions got better from run a to run b and which worse, in the order of a: right, or
    rightly refused, in one and not in the other; with `mcnemar` of the two."""
    pairs = _paired(a, b)
    better = tuple(one.id for one, other in pairs if _is_well(other) and not _is_well(one))
    worse = tuple(one.id for one, other in pairs if _is_well(one) and not _is_well(other))
    return Comparison(better, worse, mcnemar(len(better), len(worse)))


def mcnemar(better: int, worse: int) -> float:
    """The exact two-sided p-value of McNemar's test: how probable at least so uneven a split of the
    questions on which two runs differ is if each falls either way by a fair coin, 2 P(X <= the
    fewer), X binomial, at most 1 (McNemar, "Note on the sampling error of the difference between
    correlated proportions", 1947; Dietterich, "Approximate statistical tests for comparing
    supervised classification learning algorithms", 1998)."""
    differ = better + worse
    tail = sum(math.comb(differ, k) for k in range(min(better, worse) + 1))
    return min(1.0, float(2 * tail / 2**differ))


def _is_well(one: Graded) -> bool:
    return one.right or (one.refused and not one.answerable)


def _paired(a: Sequence[Graded], b: Sequence[Graded]) -> list[tuple[Graded, Graded]]:
    """The questions of a, each with itself in b; a ValueError where the runs do not have the same
    questions, as what differs could then be the questions."""
    others = {other.id: other for other in b}
    ids = [one.id for one in a]
    apart = sorted(set(ids) ^ set(others))
    if apart:
        raise ValueError(f"questions of only one of the two runs: {' '.join(apart)}")
    if len(set(ids)) < len(a) or len(others) < len(b):
        raise ValueError("a question has two answers in one run")
    return [(one, others[one.id]) for one in a]


def _draws(count: int) -> NDArray[np.int64]:
    """For each resample the places of its questions, the same ones at each call."""
    return np.random.default_rng(SEED).integers(count, size=(RESAMPLES, count))


def _resampled(
    metric: Metric, graded: Sequence[Graded], draws: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The metric of each resample, NaN where nothing counts for it."""
    if isinstance(metric, Share):
        counts = np.array([metric.counts(one) for one in graded], dtype=np.float64)
        above, below = counts[draws].sum(axis=1).T
        values = np.full(len(draws), np.nan)
        np.divide(above, below, out=values, where=below > 0)
        return values
    found = [metric([graded[place] for place in row]) for row in draws]
    return np.array([np.nan if value is None else value for value in found])


def _between(value: float, values: NDArray[np.float64]) -> Interval:
    ends = np.nanquantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value, float(ends[0]), float(ends[1]))
