"""What a probability of sentences that were read makes of questions: who is answered, how well, and
how much has to be read for it. By rows of rag.read.judge, without any model."""

import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from eval.certainty import curve
from eval.fit_reading import Fitted
from rag.answer.compose import share_of_best
from rag.read.judge import SUPPORT_FEATURES
from rag.read.kinds import read_kind

RISK = 0.25  # of the answers given; the bar is 0.30
SHARE_OF_BEST = share_of_best(read_kind("Who is it?"))  # as for all questions with one answer
_AGREED = SUPPORT_FEATURES.index("agreed")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose best sentences were read: the numbers of each, and whether it holds the
    answer."""

    id: str
    answerable: bool
    rows: list[list[float]]
    right: list[bool]


def load_read(path: Path) -> list[Asked]:
    """What `read` kept."""
    return [Asked(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def limits(asked: Sequence[Asked]) -> tuple[float, float]:
    """How sure the language model's judgements are: the median, and what one in ten surpasses."""
    odds = [row[_AGREED] for one in asked for row in one.rows]
    usual, surest = np.percentile(odds, [50, 90])
    return _probability(usual), _probability(surest)


def needed(asked: Asked, fitted: Fitted, threshold: float, surest: float) -> list[int]:
    """The sentences that rag.assistant reads: not those that could not be said beside the best so
    far even if the language model were so sure."""
    read, best = [], 0.0
    ceiling = math.log(max(surest, 1e-9) / max(1 - surest, 1e-9))
    for at, row in enumerate(asked.rows):
        sure = [ceiling if place == _AGREED else value for place, value in enumerate(row)]
        if _support(sure, fitted) >= max(threshold, SHARE_OF_BEST * best):
            read.append(at)
            best = max(best, _support(row, fitted))
    return read


def as_read(asked: Sequence[Asked], fitted: Fitted, threshold: float, surest: float) -> list[Asked]:
    """The questions with those sentences alone that are read."""
    read = [(one, needed(one, fitted, threshold, surest)) for one in asked]
    return [
        replace(one, rows=[one.rows[at] for at in some], right=[one.right[at] for at in some])
        for one, some in read
    ]


def describe_reading(
    asked: Sequence[Asked], fitted: Fitted, threshold: float, surest: float
) -> str:
    """How many sentences of a question are read, and what `describe` says of them."""
    kept = as_read(asked, fitted, threshold, surest)
    count = sum(len(one.rows) for one in kept) / max(1, len(kept))
    return f"read {count:.2f}; {describe(kept, fitted, threshold)}"


def supports(asked: Asked, fitted: Fitted) -> list[float]:
    """The probability of each sentence."""
    return [_support(row, fitted) for row in asked.rows]


def _support(row: Sequence[float], fitted: Fitted) -> float:
    return _probability(float(np.array(row) @ fitted[0] + fitted[1]))


def _probability(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def choose_threshold(asked: Sequence[Asked], fitted: Fitted, surest: float = 1.0) -> float:
    """The lowest at which of the answers given at most a share RISK is not right, reading what is
    `needed`, halfway between the last question that is answered and the next."""
    bests = [max(supports(one, fitted), default=0.0) for one in asked]
    chosen = 1.0
    for threshold, below in itertools.pairwise(sorted({0.0, *bests}, reverse=True)):
        given = _given(as_read(asked, fitted, threshold, surest), fitted, threshold)
        if sum(not outcome(one, fitted) for one in given) <= RISK * len(given):
            chosen = (threshold + below) / 2
    return chosen


def _given(asked: Sequence[Asked], fitted: Fitted, threshold: float) -> list[Asked]:
    return [one for one in asked if max(supports(one, fitted), default=0.0) >= threshold]


def outcome(asked: Asked, fitted: Fitted) -> bool:
    """Whether one of the two best sentences holds the answer."""
    order = np.argsort([-s for s in supports(asked, fitted)], kind="stable")[:2]
    return any(asked.right[int(at)] for at in order)


def describe(asked: Sequence[Asked], fitted: Fitted, threshold: float = 0.0) -> str:
    """Right, wrong, invented and the share of right answers at a threshold."""
    given = _given(asked, fitted, threshold)
    right = sum(one.answerable and outcome(one, fitted) for one in given)
    wrong = sum(one.answerable and not outcome(one, fitted) for one in given)
    invented = sum(not one.answerable and not outcome(one, fitted) for one in given)
    answerable = max(1, sum(one.answerable for one in asked))
    rest = max(1, len(asked) - answerable)
    return (
        f"right {right / answerable:.2f} wrong {wrong / answerable:.2f} invented "
        f"{invented / rest:.2f} of answers right {right / max(1, right + wrong + invented):.2f}"
    )


def curve_of(asked: Sequence[Asked], fitted: Fitted) -> list[dict[str, float]]:
    """The curve of eval/certainty.py if every question were answered, to three places."""
    answers = [(max(supports(one, fitted), default=0.0), not outcome(one, fitted)) for one in asked]
    points = curve(answers, len(asked))
    return [{name: round(value, 3) for name, value in point.items()} for point in points]
