"""Merging the two rankings into one, article by article.

Each passage's BM25 and cosine, as shares of the best found, are mixed; a passage that one of
them did not return gets the least score that it did return. Scores are mixed and not ranks,
since a passage that is far ahead should stay so (Bruch, Gai and Ingber, "An Analysis of Fusion
Functions for Hybrid Retrieval", 2023). An article with several good passages is more likely the
right one, so each passage also gets a share of the mean of its article's best three.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.index.store import Ranking

# Tuned on every other answerable question of news-2024: eval/LOG.md, "fusion".
TERMS_SHARE = 0.7
ARTICLE_SHARE = 0.6
ARTICLE_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Fused:
    """The passages of both rankings with one score in 0 to 1, in no order; see Ranking."""

    number: NDArray[np.int64]
    score: NDArray[np.float64]
    day: NDArray[np.int32]
    article: NDArray[np.int64]
    story: NDArray[np.int64]


def fuse(by_terms: Ranking, by_vector: Ranking) -> Fused:
    """The passages that either ranking returned, scored by both and by their article."""
    rankings = (by_terms, by_vector)
    number, at = np.unique(np.concatenate([r.number for r in rankings]), return_index=True)
    shares = (TERMS_SHARE, 1 - TERMS_SHARE)
    scores = np.zeros(len(number))
    floor = 0.0
    for ranking, share in zip(rankings, shares, strict=True):
        if not len(ranking.number) or ranking.score[0] <= 0:
            continue
        relative = ranking.score.astype(np.float64) / ranking.score[0]
        least = max(0.0, float(relative[-1]))
        own = np.full(len(number), least)
        own[np.searchsorted(number, ranking.number)] = relative
        scores += share * own
        floor += share * least
    day, article, story = (
        np.concatenate([getattr(r, name) for r in rankings])[at]
        for name in ("day", "article", "story")
    )
    together = scores + ARTICLE_SHARE * _best_mean(scores, article, floor)
    return Fused(number, together / (1 + ARTICLE_SHARE), day, article, story)


def _best_mean(
    scores: NDArray[np.float64], article: NDArray[np.int64], floor: float
) -> NDArray[np.float64]:
    """For each passage the mean of its article's best; those that are missing have `floor`."""
    order = np.lexsort((-scores, article))
    _, first, group = np.unique(article[order], return_index=True, return_inverse=True)
    rank = np.arange(len(order)) - first[group]
    best = rank < ARTICLE_PASSAGES
    sums = np.bincount(group[best], weights=scores[order][best] - floor)
    means = np.empty(len(order))
    means[order] = floor + sums[group] / ARTICLE_PASSAGES
    return means
