"""The vector index: exact while it is small, then lists of known recall, filters kept either
way."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.index import vectors
from rag.index.vectors import (
    EXACT,
    RECALL_WANTED,
    VectorIndex,
    load_index,
    save_index,
    search_index,
)  # fmt: skip

COUNT, DIMENSION, CLUSTERS = 3_000, 32, 60
Vectors = NDArray[np.float32]


def unit(values: NDArray[np.float64]) -> Vectors:
    return (values / np.linalg.norm(values, axis=-1, keepdims=True)).astype(np.float32)


def clustered(count: int, seed: int) -> Vectors:
    """Vectors around common centres, as those of news articles are around topics."""
    centres = np.random.default_rng(1).normal(size=(CLUSTERS, DIMENSION))
    rng = np.random.default_rng(seed)
    around = rng.normal(size=(count, DIMENSION))
    return unit(centres[rng.integers(CLUSTERS, size=count)] + around)


STORED, ASKED = clustered(COUNT, 2), clustered(100, 3)


def build_index(stored: Vectors) -> VectorIndex:
    """Out of chunks of an odd size, the last of them smaller."""
    chunks = [stored[at : at + 77] for at in range(0, len(stored), 77)]
    count, dimension = stored.shape
    return vectors.build_index(count, dimension, lambda: iter(chunks))


@pytest.fixture(scope="module")
def lists() -> VectorIndex:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(vectors, "EXACT_UP_TO", 500)
        return build_index(STORED)


def nearest(vector: Vectors, count: int, allowed: NDArray[np.bool_] | None = None) -> list[int]:
    cosines = STORED.astype(np.float64) @ vector
    if allowed is not None:
        cosines[~allowed] = -np.inf
        count = min(count, int(allowed.sum()))
    return np.argsort(-cosines, kind="stable")[:count].tolist()


def recall(made: VectorIndex, probes: int) -> float:
    found = 0
    for vector in ASKED:
        places, _ = search_index(made.faiss, vector, 10, probes, None)
        found += len(set(places.tolist()) & set(nearest(vector, 10)))
    return found / (10 * len(ASKED))


def test_small_is_exact() -> None:
    made = build_index(STORED)
    assert (made.kind, made.probes, made.recall) == (EXACT, 0, 1.0)
    for vector in ASKED[:30]:
        places, cosines = search_index(made.faiss, vector, 10, 0, None)
        assert places.tolist() == nearest(vector, 10)
        assert np.allclose(cosines, STORED[places] @ vector, atol=1e-6)


@pytest.mark.parametrize("count", [500, 501])
def test_beyond_the_limit_there_are_lists(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 500)
    made = build_index(STORED[:count])
    assert (made.kind == EXACT) == (count == 500) and made.faiss.ntotal == count
    assert made.kind in (EXACT, "IVF16,SQ8", "IVF32,SQ8")


def test_the_recall_is_as_it_is_told(lists: VectorIndex) -> None:
    assert lists.kind == "IVF64,SQ8" and 1 <= lists.probes <= 64
    assert lists.recall >= RECALL_WANTED or lists.probes == 64
    # Of questions that the index never saw, by other code.
    assert abs(recall(lists, lists.probes) - lists.recall) < 0.03
    # The probes matter, so that a figure that is not measured would be found out.
    assert recall(lists, 1) < lists.recall - 0.1


def test_no_more_lists_are_searched_than_it_takes(lists: VectorIndex) -> None:
    assert lists.probes == 1 or recall(lists, lists.probes // 2) < RECALL_WANTED + 0.01


@pytest.mark.parametrize("share", [0.5, 0.1, 0.02, 0.004, 1 / COUNT])
@pytest.mark.parametrize("kind", ["exact", "lists"])
def test_only_what_is_allowed_comes(lists: VectorIndex, kind: str, share: float) -> None:
    made = lists if kind == "lists" else build_index(STORED)
    rng = np.random.default_rng(4)
    right = asked = 0
    for vector in ASKED:
        allowed = np.zeros(COUNT, dtype=bool)
        allowed[rng.choice(COUNT, size=round(share * COUNT), replace=False)] = True
        places, cosines = search_index(made.faiss, vector, 10, made.probes, allowed)
        assert allowed[places].all() and len(set(places.tolist())) == len(places)
        assert np.all(np.diff(cosines) <= 0)
        true = nearest(vector, 10, allowed)
        assert len(places) <= len(true)
        right += len(set(places.tolist()) & set(true))
        asked += len(true)
    assert right >= (1.0 if kind == "exact" else 0.9) * asked


def test_what_is_allowed_in_one_far_cluster_is_found(lists: VectorIndex) -> None:
    cosines = STORED @ ASKED[0]
    far = np.argsort(cosines)[:40]  # where no list near to the question is
    allowed = np.zeros(COUNT, dtype=bool)
    allowed[far] = True
    places, _ = search_index(lists.faiss, ASKED[0], 10, lists.probes, allowed)
    assert len(set(places.tolist()) & set(nearest(ASKED[0], 10, allowed))) >= 9


@pytest.mark.parametrize("kind", ["exact", "lists"])
def test_nothing_allowed_nothing_found(lists: VectorIndex, kind: str) -> None:
    made = lists if kind == "lists" else build_index(STORED)
    nothing = np.zeros(COUNT, dtype=bool)
    places, cosines = search_index(made.faiss, ASKED[0], 10, made.probes, nothing)
    assert places.tolist() == [] and cosines.tolist() == []


@pytest.mark.parametrize("kind", ["exact", "lists"])
def test_all_that_is_allowed_is_found_when_all_is_asked_for(lists: VectorIndex, kind: str) -> None:
    made = lists if kind == "lists" else build_index(STORED)
    allowed = np.zeros(COUNT, dtype=bool)
    allowed[::200] = True
    for vector in ASKED[:20]:
        places, _ = search_index(made.faiss, vector, 9999, made.probes, allowed)
        assert sorted(places.tolist()) == list(range(0, COUNT, 200))


def test_an_index_of_nothing() -> None:
    made = build_index(np.empty((0, DIMENSION), dtype=np.float32))
    for allowed in (None, np.zeros(0, dtype=bool)):
        places, cosines = search_index(made.faiss, ASKED[0], 10, made.probes, allowed)
        assert places.tolist() == [] and cosines.tolist() == []


@pytest.mark.parametrize("kind", ["exact", "lists"])
def test_an_index_comes_back_from_the_disk(lists: VectorIndex, kind: str, tmp_path: Path) -> None:
    made = lists if kind == "lists" else build_index(STORED)
    save_index(made.faiss, tmp_path / "x.faiss")
    loaded = load_index(tmp_path / "x.faiss")
    allowed = np.arange(COUNT) % 3 == 0
    for vector in ASKED[:20]:
        for mask in (None, allowed):
            one = search_index(made.faiss, vector, 10, made.probes, mask)
            other = search_index(loaded, vector, 10, made.probes, mask)
            assert np.array_equal(one[0], other[0]) and np.array_equal(one[1], other[1])
