"""Merging rankings whose scores cannot be compared."""

from collections.abc import Sequence

RANK_CONSTANT = 60


def reciprocal_rank_fusion(rankings: Sequence[Sequence[int]]) -> list[tuple[int, float]]:
    """Items by the sum of 1 / (60 + rank) over the rankings, ranks from 1; best first, ties in
    the order of first appearance. Cormack, Clarke and Buettcher, SIGIR 2009."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1.0 / (RANK_CONSTANT + rank)
    return sorted(scores.items(), key=lambda pair: -pair[1])
