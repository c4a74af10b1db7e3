"""Fusion: both measures as shares of the best, and a share of the article's best three."""

from collections.abc import Sequence

import numpy as np
import pytest

from rag.index.store import Ranking
from rag.retrieve.fusion import fuse


def ranking(pairs: Sequence[tuple[int, float]], articles: dict[int, int] | None = None) -> Ranking:
    """Passages by (number, score); each an article of its own unless told otherwise."""
    numbers = [number for number, _ in pairs]
    own = [(articles or {}).get(number, number) for number in numbers]
    return Ranking(
        np.array(numbers, dtype=np.int64),
        np.array([score for _, score in pairs], dtype=np.float32),
        np.array([700_000 + n for n in numbers], dtype=np.int32),
        np.array(own, dtype=np.int64),
        np.array([-n for n in own], dtype=np.int64),
    )


def scores(by_terms: Ranking, by_vector: Ranking) -> dict[int, float]:
    fused = fuse(by_terms, by_vector)
    return {int(n): float(s) for n, s in zip(fused.number, fused.score, strict=True)}


def test_an_example_by_hand() -> None:
    # Passage 9 is in one list only: in the other it has that list's least, 6 of 12.
    found = scores(ranking([(7, 12.0), (8, 6.0)]), ranking([(9, 0.8), (7, 0.4), (8, 0.2)]))
    own = {7: 0.7 * 1 + 0.3 * 0.5, 8: 0.7 * 0.5 + 0.3 * 0.25, 9: 0.7 * 0.5 + 0.3 * 1}
    floor = 0.7 * 0.5 + 0.3 * 0.25
    for number, score in own.items():
        # One passage of its article and two that nobody found, which count as the least.
        mean = (score + 2 * floor) / 3
        assert found[number] == pytest.approx((score + 0.6 * mean) / 1.6)


def test_passages_of_one_article_help_each_other() -> None:
    terms = [(1, 10.0), (2, 9.0), (3, 8.9), (4, 8.8)]
    alone = scores(ranking(terms), ranking([]))
    together = scores(ranking(terms, {2: 50, 3: 50, 4: 50}), ranking([]))
    assert alone[1] == together[1] and alone[2] < alone[1]
    assert all(together[number] > alone[number] for number in (2, 3, 4))


def test_only_the_best_three_of_an_article_count() -> None:
    three = dict.fromkeys((1, 2, 3), 50)
    many = dict.fromkeys(range(1, 9), 50)
    pairs = [(n, 10.0 - n) for n in range(1, 9)]
    assert scores(ranking(pairs, three), ranking([]))[1] == pytest.approx(
        scores(ranking(pairs, many), ranking([]))[1]
    )


def test_scores_lie_in_0_to_1_and_one_is_first_in_everything() -> None:
    both = [(n, 1.0) for n in (1, 2, 3)]
    assert scores(ranking(both, {1: 5, 2: 5, 3: 5}), ranking(both, {1: 5, 2: 5, 3: 5}))[
        1
    ] == pytest.approx(1.0)
    found = scores(ranking([(1, 3.0), (2, 0.1)]), ranking([(3, 0.9), (1, -0.2)]))
    assert all(0 <= score <= 1 for score in found.values())


def test_what_is_known_of_a_passage_stays_with_it() -> None:
    fused = fuse(ranking([(5, 2.0), (3, 1.0)]), ranking([(9, 0.5), (3, 0.4)]))
    assert fused.number.tolist() == [3, 5, 9]
    assert fused.day.tolist() == [700_003, 700_005, 700_009]
    assert fused.article.tolist() == [3, 5, 9] and fused.story.tolist() == [-3, -5, -9]


def test_nothing_found_is_no_error() -> None:
    assert scores(ranking([]), ranking([])) == {}
    assert scores(ranking([]), ranking([(4, -0.1)])) == {4: 0.0}
