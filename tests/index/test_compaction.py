"""Which segments a new one takes in, by their sizes and by what of them is dead."""

import random
from pathlib import Path

import pytest

from rag.index.compaction import ALWAYS, GROWTH, first_to_merge
from rag.index.manifest import Segment, StoredFile, read_manifest
from rag.index.store import open_store
from rag.records import Filters
from tests.index.conftest import contents, ingest, make_article, segment_files

BIG = 100 * ALWAYS


def segment(passages: int, *, superseded: int = 0, removed: int = 0) -> Segment:
    file = StoredFile("x", 0, "0" * 64)
    return Segment(
        number=1,
        articles=100,
        passages=passages,
        superseded=tuple(range(superseded)),
        removed=tuple(range(superseded, superseded + removed)),
        index="exact",
        probes=0,
        recall=1.0,
        database=file,
        terms=file,
        vectors=file,
    )


@pytest.mark.parametrize(
    ("sizes", "added", "first"),
    [
        ([], 5, 0),
        ([0], 0, 0),
        ([1], 1, 0),
        ([ALWAYS], 1, 0),  # the largest that is always taken in
        ([ALWAYS + 1], 1, 1),
        ([BIG], 1, 1),
        ([BIG], BIG // GROWTH, 0),  # not larger than so many times what comes after it
        ([BIG], BIG // GROWTH - 1, 1),
        ([BIG, ALWAYS], 1, 1),  # the small one after it alone
        ([BIG, ALWAYS, ALWAYS], 1, 1),
        ([ALWAYS, BIG], 1, 2),  # a small one behind a big one waits
        ([4 * BIG, 2 * BIG, BIG], 1, 3),
        ([4 * BIG, 2 * BIG, BIG], BIG // 2, 0),  # one after the other
        ([8 * BIG, 2 * BIG, BIG], BIG // 2, 1),
        ([BIG, 0], 1, 1),
    ],
)
def test_small_segments_are_taken_in(sizes: list[int], added: int, first: int) -> None:
    assert first_to_merge([segment(size) for size in sizes], added) == first


@pytest.mark.parametrize(
    ("superseded", "removed", "merged"),
    [(0, 0, False), (50, 50, False), (51, 50, True), (101, 0, True), (0, 101, True)],
)
def test_a_segment_that_is_mostly_dead_is_taken_in(
    superseded: int, removed: int, merged: bool
) -> None:
    dead = segment(4 * BIG, superseded=superseded, removed=removed)
    healthy = segment(BIG)
    assert first_to_merge([dead], 1) == (0 if merged else 1)
    assert first_to_merge([healthy, dead, healthy], 1) == (1 if merged else 3)
    assert first_to_merge([dead, healthy, dead], 1) == (0 if merged else 3)


def test_segments_stay_few_and_little_is_copied() -> None:
    rng = random.Random(3)
    sizes: list[int] = []
    copied = added = most = 0
    while added < 1_000_000:
        new = rng.choice([3, 500, 3_000, 20_000])
        first = first_to_merge([segment(size) for size in sizes], new)
        copied += sum(sizes[first:])
        sizes[first:] = [sum(sizes[first:]) + new]
        added += new
        most = max(most, len(sizes))
        assert sum(sizes) == added
    assert most <= 12 and copied < 20 * added


def test_a_dead_segment_goes_with_the_next_ingest(
    store: Path, unmerged: pytest.MonkeyPatch
) -> None:
    ingest(store, [make_article(n) for n in range(20, 30)])
    ingest(store, [make_article(n, 1) for n in range(6)])
    assert [s.number for s in read_manifest(store).segments] == [1, 2, 3]  # 6 of 12 are left
    ingest(store, [make_article(6, 1)])
    after = read_manifest(store)
    assert [s.number for s in after.segments] == [4]
    assert {p.name for p in store.iterdir()} == {"manifest.json", "ingest.lock", *segment_files(4)}
    assert contents(store)["gone"] == [([], [])]
    opened = open_store(store)
    assert opened.manifest.articles == len(opened.articles(Filters())) == 22
    assert opened.older_versions() == 7
    assert len(contents(store)["passages"]) == opened.manifest.passages == 22 * 3
