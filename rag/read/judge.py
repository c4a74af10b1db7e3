"""How likely it is that a sentence answers the question, from all that is known after reading it.

One calibrated probability, a logistic model over what retrieval, the sentence model, the language
model and the date say (Platt, "Probabilistic outputs for support vector machines", 1999). It was
fitted on questions with known answers: eval/LOG.md, "support". More features (an answer of the
kind asked for, the question's numbers, its terms in the evidence) changed nothing.
"""

import datetime
import math
from dataclasses import dataclass

from rag.articles.mentions import MentionBasis, first_day
from rag.read.candidates import Candidate
from rag.read.reader import Reading
from rag.read.speaker import find_speaker
from rag.read.values import find_values
from rag.read.weights import Weights
from rag.records import Finding
from rag.retrieve.recency import HALF_LIFE

SUPPORT_FEATURES = (
    "relevance",  # log odds before reading
    "agreed",  # log odds that the model says it answers
    "fresh",  # 0.5 ^ (days before the day of asking / 14); a half without a date
    "passages",  # log of how many there are: among more, one looks right by chance more often
)


@dataclass(frozen=True, slots=True)
class Setting:
    """When it is asked (where nobody said, the day of the newest article), and of how many
    passages."""

    day: str | None
    passages: int


def judge(reading: Reading, setting: Setting, weights: Weights) -> Finding:
    """The finding that a reading is, with its support; its words are the whole sentence."""
    support = weights.support.probability(support_row(reading, setting))
    return finding_of(reading.candidate, support)


def finding_of(candidate: Candidate, support: float) -> Finding:
    """What a candidate says, with the support that it is given."""
    return Finding(
        candidate.hit.passage,
        candidate.sentence,
        candidate.sentence,
        candidate.evidence,
        support,
        find_speaker(candidate.text) or find_speaker(candidate.shown),
        *_speaks_of(candidate),
    )


def support_row(reading: Reading, setting: Setting) -> list[float]:
    """The numbers of SUPPORT_FEATURES for a reading."""
    return [
        reading.relevance,
        _log_odds(reading.agreed),
        _freshness(reading.candidate.hit.passage.article.date, setting.day),
        math.log(max(1, setting.passages)),
    ]


def _freshness(date: str | None, day: str | None) -> float:
    if not date or not day:
        return 0.5
    days = (datetime.date.fromisoformat(day) - datetime.date.fromisoformat(date)).days
    return float(0.5 ** (max(0, days) / HALF_LIFE))


def _log_odds(share: float) -> float:
    share = min(max(share, 0.001), 0.999)
    return math.log(share / (1 - share))


def _speaks_of(candidate: Candidate) -> tuple[str | None, MentionBasis | None]:
    """The first day that the sentence names and how it is known, else its first date as far as
    that goes; where it names none, the evidence's."""
    for text in (candidate.text, candidate.shown):
        if day := first_day(text, candidate.hit.passage.article.date):
            return day
        for value in find_values(text):
            if value.kind == "date":
                return value.key, "stated"
    return None, None
