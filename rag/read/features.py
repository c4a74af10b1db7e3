"""What can be told of a candidate sentence before a language model reads it, as numbers.

All of it is about the sentence and the question together: is this the event that is asked about
(names, cosine, date, rank of the passage), has it an answer of the kind asked for, and do other
articles say the same (the redundancy of Dumais and others, "Web question answering: is more
always better?", SIGIR 2002). What each number weighs is fitted: rag/read/weights.json.
"""

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.index.analysis import terms_of
from rag.index.embedder import Embedder
from rag.index.store import Store
from rag.read.candidates import Candidate
from rag.read.kinds import FIGURES, Asked
from rag.read.values import Value, find_values
from rag.records import Question

FEATURES = (
    "rank",  # 1 / rank of the passage
    "names",  # share of the question's names that stand in the sentence, by rarity
    "terms",  # share of the question's terms in title and evidence, by rarity
    "cosine",  # of question and sentence
    "age",  # log(1 + days before the day of asking), the mean where there is no date
    "kind",  # whether a new value of the kind asked for stands in it
    "position",  # in its passage, 0 to 1
    "question",  # whether it asks something itself
    "agreement",  # rarity of its most repeated new value x how well other articles' fit
    "articles",  # how many articles have that value
    "new",  # how many values stand in it that the question has not
)
_LONGEST_SENTENCE = 600  # characters that are embedded
_NAMED = frozenset(("person", "place", "thing", "speaker", "list"))


@dataclass(frozen=True, slots=True)
class _Seen:
    """A candidate's terms and what is new in it: term -> whether it is of the kind asked for."""

    terms: frozenset[int]
    new: Mapping[int, bool]


def describe(
    question: Question,
    asked: Asked,
    candidates: Sequence[Candidate],
    store: Store,
    embedder: Embedder,
) -> NDArray[np.float64]:
    """The features of each candidate, shape (candidates, FEATURES)."""
    own = frozenset(terms_of(question.text))
    values = find_values(question.text)
    names = frozenset(_terms(question.text, [v for v in values if v.kind == "name"]))
    known = own | frozenset(_terms(question.text, values))
    seen = [_see(_seen_text(candidate, asked), known, asked) for candidate in candidates]
    rarity = store.rarity([*own, *names, *(term for one in seen for term in one.new)])
    fits = [_share(own, one.terms, rarity) for one in seen]
    ages = _ages(question.asked_on, candidates)
    cosines = _cosines(question.text, candidates, embedder)
    support = _support(candidates, seen, fits)
    rows = []
    for at, (candidate, one) in enumerate(zip(candidates, seen, strict=True)):
        article = candidate.hit.passage.article
        context = frozenset(terms_of(f"{article.title} {candidate.shown}"))
        rows.append(
            (
                1 / (candidate.rank + 1),
                _share(names, one.terms, rarity),
                _share(own, context, rarity),
                cosines[at],
                ages[at],
                _has_kind(asked, one),
                _position(candidate),
                float("?" in candidate.text),
                _agreement(one, article.article_id, support, rarity),
                max((len(support[term]) for term in one.new), default=0),
                len(one.new),
            )
        )
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES))


def _seen_text(candidate: Candidate, asked: Asked) -> str:
    """Who says something may stand in the sentence before."""
    return candidate.shown if asked.kind == "speaker" else candidate.text


def _position(candidate: Candidate) -> float:
    """Where in its passage the sentence stands, 0 to 1."""
    sentences = candidate.hit.passage.sentences
    return sum(s.start < candidate.sentence.start for s in sentences) / len(sentences)


def _see(text: str, known: frozenset[int], asked: Asked) -> _Seen:
    new: dict[int, bool] = {}
    for value in find_values(text):
        fits = is_of_kind(value, asked)
        for term in _terms(text, [value]):
            if term not in known:
                new[term] = new.get(term, False) or fits
    return _Seen(frozenset(terms_of(text)), {term: fits for term, fits in new.items() if fits})


def is_of_kind(value: Value, asked: Asked) -> bool:
    """Whether a value could be an answer of the kind asked for."""
    if asked.kind in ("number", "comparison"):
        return value.kind in FIGURES
    if asked.kind in FIGURES:
        return value.kind == asked.kind
    if asked.kind == "date":
        return value.kind in ("date", "time")
    if asked.kind in _NAMED:
        return value.kind == "name"
    return value.kind != "time"


def _has_kind(asked: Asked, seen: _Seen) -> float:
    """1 or 0; a half where "which X" may be answered by a word that is no name."""
    if asked.kind in ("reason", "manner", "yes_no", "account"):
        return 1.0
    if asked.kind in ("thing", "list"):
        return 0.5 + 0.5 * bool(seen.new)
    return float(bool(seen.new))


def _terms(text: str, values: Sequence[Value]) -> list[int]:
    return [term for value in values for term in terms_of(text[value.span.start : value.span.end])]


def _share(wanted: frozenset[int], there: frozenset[int], rarity: Mapping[int, float]) -> float:
    """How much of what is wanted is there, by rarity; 1 where nothing is wanted."""
    total = sum(rarity[term] for term in wanted)
    return sum(rarity[term] for term in wanted & there) / total if total else 1.0


def _support(
    candidates: Sequence[Candidate], seen: Sequence[_Seen], fits: Sequence[float]
) -> dict[int, dict[str, float]]:
    """For each new term the articles that have it, each with the best fit of its sentences."""
    support: dict[int, dict[str, float]] = {}
    for candidate, one, fit in zip(candidates, seen, fits, strict=True):
        article = candidate.hit.passage.article.article_id
        for term in one.new:
            best = support.setdefault(term, {})
            best[article] = max(best.get(article, 0.0), fit)
    return support


def _agreement(
    seen: _Seen,
    article_id: str,
    support: Mapping[int, Mapping[str, float]],
    rarity: Mapping[int, float],
) -> float:
    """How well other articles support the new value that they support best, by its rarity."""
    others = (
        rarity[term] * sum(fit for name, fit in support[term].items() if name != article_id)
        for term in seen.new
    )
    return max(others, default=0.0)


def _cosines(
    question: str, candidates: Sequence[Candidate], embedder: Embedder
) -> NDArray[np.float32]:
    if not candidates:
        return np.zeros(0, dtype=np.float32)
    texts = [question, *(candidate.text[:_LONGEST_SENTENCE] for candidate in candidates)]
    vectors = embedder.encode(texts)
    return np.asarray(vectors[1:] @ vectors[0], dtype=np.float32)


def _ages(asked_on: str | None, candidates: Sequence[Candidate]) -> list[float]:
    """log(1 + days from each candidate's article to the day of asking); one without a date
    counts as the mean of the others."""
    today = datetime.date.fromisoformat(asked_on) if asked_on else datetime.date.today()
    dates = [candidate.hit.passage.article.date for candidate in candidates]
    known = {
        date: math.log1p(max(0, (today - datetime.date.fromisoformat(date)).days))
        for date in dates
        if date
    }
    mean = sum(known.values()) / len(known) if known else 0.0
    return [known[date] if date else mean for date in dates]
