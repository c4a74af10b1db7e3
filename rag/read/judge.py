"""How likely it is that a sentence answers the question, from all that is known after reading it.

One calibrated probability, a logistic model over what retrieval, the model's two looks and the
answer's own form say (Platt, "Probabilistic outputs for support vector machines", 1999). It was
fitted on questions with known answers: eval/LOG.md, "support".
"""

import datetime
import math
from collections.abc import Sequence

from rag.index.analysis import terms_of
from rag.read.candidates import Candidate
from rag.read.features import is_of_kind
from rag.read.kinds import Asked
from rag.read.reader import Reading
from rag.read.speaker import find_speaker
from rag.read.values import find_values, same_value
from rag.read.weights import Weights
from rag.records import Finding
from rag.retrieve.recency import HALF_LIFE

SUPPORT_FEATURES = (
    "relevance",  # log odds before reading
    "agreed",  # log odds that the model says it answers
    "kind",  # whether it has a value of the kind asked for that the question has not
    "numbers",  # share of the question's numbers that the passage has
    "fresh",  # 0.5 ^ (days before the day of asking / 14); a half without a date
)
# What answers these is a sentence, not some of its words.
WHOLE_SENTENCE = frozenset(("reason", "manner", "yes_no", "account", "comparison"))


def judge(
    question: str, asked: Asked, reading: Reading, day: str | None, weights: Weights
) -> Finding:
    """The finding that a reading is, with its support; its words are the whole sentence. `day`
    is that of asking, or of the newest article where nobody said when it is asked."""
    candidate = reading.candidate
    return Finding(
        candidate.hit.passage,
        candidate.sentence,
        candidate.sentence,
        candidate.evidence,
        weights.support.probability(support_row(question, asked, reading, day)),
        find_speaker(candidate.text) or find_speaker(candidate.shown),
        _speaks_of(candidate),
    )


def support_row(question: str, asked: Asked, reading: Reading, day: str | None) -> list[float]:
    """The numbers of SUPPORT_FEATURES for a reading."""
    passage = reading.candidate.hit.passage
    known = set(terms_of(question))
    shown = reading.candidate.shown
    values = [value for value in find_values(shown) if is_of_kind(value, asked)]
    new = [v for v in values if not set(terms_of(shown[v.span.start : v.span.end])) <= known]
    whole = f"{passage.article.title}. {passage.text}"
    return [
        reading.relevance,
        _log_odds(reading.agreed),
        float(bool(new) or asked.kind in WHOLE_SENTENCE),
        _share_of_numbers(question, whole),
        _freshness(passage.article.date, day),
    ]


def _share_of_numbers(question: str, text: str) -> float:
    wanted = [v for v in find_values(question) if v.kind in ("number", "money", "percent")]
    there = find_values(text)
    return _share([any(same_value(value, other) for other in there) for value in wanted])


def _freshness(date: str | None, day: str | None) -> float:
    if not date or not day:
        return 0.5
    days = (datetime.date.fromisoformat(day) - datetime.date.fromisoformat(date)).days
    return float(0.5 ** (max(0, days) / HALF_LIFE))


def _share(kept: Sequence[bool]) -> float:
    return sum(kept) / len(kept) if kept else 1.0


def _log_odds(share: float) -> float:
    share = min(max(share, 0.001), 0.999)
    return math.log(share / (1 - share))


def _speaks_of(candidate: Candidate) -> str | None:
    """The first date that the sentence names, as far as it does, else the evidence's."""
    for text in (candidate.text, candidate.shown):
        for value in find_values(text):
            if value.kind == "date":
                return value.key
    return None
