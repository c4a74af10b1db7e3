"""Hybrid retrieval that knows the date: BM25 and cosine, fused, weighed by day, copies folded."""

import datetime
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from rag.index.analysis import terms_of
from rag.index.embedder import Embedder
from rag.index.store import Store
from rag.records import Filters, Hit, Question, TimeWindow
from rag.retrieve.fusion import Fused, fuse
from rag.retrieve.recency import HALF_LIFE, WEIGHT, time_preference
from rag.retrieve.time_expressions import find_window

CANDIDATES = 200  # of each retriever; more change nothing: eval/LOG.md, "fusion"
MOST = 50  # that can be asked for
# Several articles say more than one does: eval/LOG.md, "fusion".
REPEATED = 0.8


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The best passages, and the days near which articles counted more because the question
    named them."""

    hits: tuple[Hit, ...]
    window: TimeWindow | None


def retrieve(
    store: Store,
    embedder: Embedder,
    question: Question,
    filters: Filters,
    count: int,
    half_life: float = HALF_LIFE,
) -> Retrieved:
    """The `count` best passages, best first, scored in 0 to 1; near-copies of one story come
    once. What is dated later than the question's own day is left out; a question without one is
    asked today. `half_life` in days, 0 for no weight of dates.
    """
    if question.asked_on:
        # What was published later could not be known on that day.
        filters = replace(filters, as_of=question.asked_on)
    asked_on = question.asked_on or datetime.date.today().isoformat()
    window = find_window(question.text, asked_on) if half_life > 0 else None
    fused = fuse(
        store.search_terms(terms_of(question.text), CANDIDATES, filters),
        store.search_vectors(embedder.encode([question.text])[0], CANDIDATES, filters),
    )
    preference = time_preference(asked_on, window, half_life)
    scores = fused.score * preference.factors(fused.day) / (1 + WEIGHT)
    best = choose(fused, scores, count)
    passages = store.passages([int(fused.number[place]) for place, _ in best])
    hits = []
    for place, score in best:
        outlets = tuple(store.outlets(int(fused.story[place])))
        passage = passages[int(fused.number[place])]
        hits.append(Hit(passage, score, outlets if len(outlets) > 1 else ()))
    return Retrieved(tuple(hits), window)


def in_turn(lists: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """The best of each, then the second of each and so on, every passage once."""
    turns = itertools.chain.from_iterable(itertools.zip_longest(*lists))
    return tuple({hit.passage.number: hit for hit in turns if hit}.values())


def choose(fused: Fused, scores: NDArray[np.float64], count: int) -> list[tuple[int, float]]:
    """Places and scores of the `count` best, ties in the order of passage numbers: one after the
    other, each passage of an article that has come already with `REPEATED` of its score, and of
    the near-copies of a story only the passages of the first to come."""
    waiting = [
        (-float(score), int(number), place)
        for place, (score, number) in enumerate(zip(scores, fused.number, strict=True))
    ]
    heapify(waiting)
    chosen: list[tuple[int, float]] = []
    came: dict[int, int] = {}
    article_of: dict[int, int] = {}
    while waiting and len(chosen) < count:
        held, number, place = heappop(waiting)
        article = int(fused.article[place])
        if article_of.setdefault(int(fused.story[place]), article) != article:
            continue
        score = float(scores[place]) * REPEATED ** came.get(article, 0)
        if score < -held:  # others of its article have come since it was put here
            heappush(waiting, (-score, number, place))
            continue
        came[article] = came.get(article, 0) + 1
        chosen.append((place, score))
    return chosen
