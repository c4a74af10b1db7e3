"""Reciprocal rank fusion."""

import pytest

from rag.retrieve.fusion import reciprocal_rank_fusion


def test_an_example_by_hand() -> None:
    fused = reciprocal_rank_fusion([[7, 8, 9], [9, 7]])
    assert [item for item, _ in fused] == [7, 9, 8]
    expected = [1 / 61 + 1 / 62, 1 / 63 + 1 / 61, 1 / 62]
    assert [score for _, score in fused] == pytest.approx(expected, abs=0)


def test_ties_keep_the_order_of_first_appearance() -> None:
    assert [item for item, _ in reciprocal_rank_fusion([[5, 1], [2, 9]])] == [5, 2, 1, 9]
    assert [item for item, _ in reciprocal_rank_fusion([[2, 9], [5, 1]])] == [2, 5, 9, 1]
    assert [item for item, _ in reciprocal_rank_fusion([[1, 2], [2, 1]])] == [1, 2]


def test_first_in_both_is_the_most_there_is() -> None:
    assert reciprocal_rank_fusion([[3], [3]]) == [(3, 2 / 61)]
    assert reciprocal_rank_fusion([[], []]) == reciprocal_rank_fusion([]) == []
