"""A store of many segments answers as one of a single segment does."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.index.analysis import terms_of
from rag.index.embedder import Vectors
from rag.index.manifest import read_manifest
from rag.index.store import Ranking, Store, open_store
from rag.index.writer import add_articles, rebuild, remove_articles
from rag.progress import Silent
from rag.records import Filters
from tests.index.conftest import (
    DIMENSION,
    WORDS,
    TinyEmbedder,
    by_terms,
    by_vector,
    contents,
    files,
    ingest,
    make_article,
    segment_files,
)  # fmt: skip

FILTERS = [
    Filters(),
    Filters(since="2024-12-10"),
    Filters(until="2024-12-20", source="le monde"),
    Filters(as_of="2024-12-15"),
    Filters(since="2024-12-05", until="2024-12-25", source="örf wien", as_of="2024-12-20"),
    Filters(source="nobody"),
]
QUERIES = [
    "aleppo",
    "strike talks",
    "Why did the railway union march?",
    " ".join(WORDS),
    "zanzibar",
]
ALL = 9999


@pytest.fixture
def many(folder: Path, unmerged: pytest.MonkeyPatch) -> Path:
    """A store of seven segments of very different sizes."""
    for first, end in [(0, 20), (20, 21), (21, 40), (40, 43), (43, 44), (44, 60), (60, 62)]:
        ingest(folder, [make_article(n) for n in range(first, end)])
    assert [s.number for s in read_manifest(folder).segments] == list(range(1, 8))
    return folder


def vectors() -> Vectors:
    values = np.random.default_rng(7).normal(size=(12, DIMENSION))
    return (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32)


def same(one: Ranking, other: Ranking) -> None:
    """Fails unless both rank the same passages alike, and know the same of them."""
    assert one.number.tolist() == other.number.tolist()
    assert np.allclose(one.score, other.score, rtol=1e-3, atol=1e-6)
    assert one.day.tolist() == other.day.tolist() and one.story.tolist() == other.story.tolist()


def test_many_segments_answer_as_one(many: Path) -> None:
    before = open_store(many)
    rebuild(many)
    after = open_store(many)
    assert (len(before.manifest.segments), len(after.manifest.segments)) == (7, 1)
    for filters in FILTERS:
        for query in QUERIES:
            terms = terms_of(query)
            for count in (1, 5, 30, ALL):
                one = before.search_terms(terms, count, filters)
                same(one, after.search_terms(terms, count, filters))
        for vector in vectors():
            for count in (1, 5, 30, ALL):
                one = before.search_vectors(vector, count, filters)
                same(one, after.search_vectors(vector, count, filters))
        assert before.articles(filters) == after.articles(filters)
    assert before.sources() == after.sources()


def test_the_rarity_of_a_term_is_that_of_the_whole_store(
    folder: Path, unmerged: pytest.MonkeyPatch
) -> None:
    common = [make_article(n, text=f"Bread is dear {n}.", title="Bread") for n in range(20)]
    ingest(folder, common)
    alone = make_article(50, text="Bread and salt.", title="Salt")
    ingest(folder, [alone])
    opened = open_store(folder)
    ((number, score), *_) = by_terms(opened, "salt", 5, Filters())
    # 1 of 21 passages has it, and 2 of its 3 terms are salt, none of them a stop word.
    idf = np.log1p((21 - 1 + 0.5) / (1 + 0.5))
    length = 1.2 * (1 - 0.75 + 0.75 * len(terms_of("Salt Bread and salt.")) / 90)
    assert number == 21 and score == pytest.approx(idf * 2 * 2.2 / (2 + length), rel=1e-3)


def test_numbers_and_ids_stay(many: Path) -> None:
    opened = open_store(many)
    numbers = [number for number, *_ in contents(many)["passages"]]
    assert numbers == list(range(1, 62 * 3 + 1))
    before = opened.passages(numbers)
    assert list(before) == numbers
    kept = {name: value for name, value in files(many).items() if name in segment_files(*range(8))}
    ingest(many, [make_article(70)])
    assert {name: files(many)[name] for name in kept} == kept
    assert open_store(many).passages(numbers) == before
    manifest = rebuild(many)
    assert len(manifest.segments) == 1 and manifest.next_passage == 63 * 3 + 1
    after = open_store(many)
    assert after.passages(numbers) == before
    found = by_vector(after, np.ones(DIMENSION, np.float32), ALL, Filters())
    assert {number for number, _ in found} == set(range(1, 63 * 3 + 1))


def test_rebuild_merges_all_into_one(many: Path) -> None:
    rows = contents(many)
    manifest = rebuild(many)
    assert [s.number for s in manifest.segments] == [8] and manifest.generation == 8
    assert (manifest.articles, manifest.passages) == (62, 62 * 3)
    assert {p.name for p in many.iterdir()} == {"manifest.json", "ingest.lock", *segment_files(8)}
    merged = contents(many)
    for table in ("vectors", "terms"):
        assert merged[table] == rows[table]
    for row in (*merged["articles"], *rows["articles"]):
        del row["row"]  # that of its segment
    assert merged["articles"] == rows["articles"]
    assert sorted(band for band, _ in merged["bands"]) == sorted(band for band, _ in rows["bands"])


def test_numbers_are_not_used_again_after_a_rebuild(
    store: Path, unmerged: pytest.MonkeyPatch
) -> None:
    last = make_article(11).info.article_id
    before = read_manifest(store).next_passage
    for step in range(3):
        remove_articles(store, [last])
        assert rebuild(store).next_passage == before + 3 * step
        ingest(store, [make_article(11)])
        numbers = {number for number, *_ in contents(store)["passages"]}
        added = set(range(before + 3 * step, before + 3 * step + 3))
        assert added <= numbers == set(range(1, 34)) | added


def test_old_and_new_segments_are_searched_after_a_merge(
    many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_store(many)
    monkeypatch.setattr("rag.index.compaction.ALWAYS", 30)
    ingest(many, [make_article(70)])
    # The last segment has 6 passages, the one before it 48.
    assert [s.number for s in read_manifest(many).segments] == [*range(1, 7), 8]
    monkeypatch.setattr("rag.index.compaction.ALWAYS", 57)
    ingest(many, [make_article(71)])
    merged = open_store(many)
    assert [s.number for s in merged.manifest.segments] == [1, 9]
    assert merged.manifest.articles == 64
    near = by_vector(merged, np.ones(DIMENSION, np.float32), ALL, Filters())
    old = by_vector(before, np.ones(DIMENSION, np.float32), ALL, Filters())
    assert [pair for pair in near if pair[0] <= 186] == old and len(near) == 64 * 3


def add_empty(folder: Path, number: int) -> None:
    add_articles(folder, [make_article(number)], lambda _: (), TinyEmbedder(), Silent())


def whole(opened: Store, articles: int) -> None:
    found = by_vector(opened, np.ones(DIMENSION, np.float32), ALL, Filters())
    numbers = [number for number, _ in found]
    assert len(opened.articles(Filters())) == articles
    assert sorted(opened.passages(numbers)) == sorted(numbers) != []


def test_a_segment_without_passages_hides_none_of_the_others(
    store: Path, unmerged: pytest.MonkeyPatch
) -> None:
    add_empty(store, 60)
    assert len(read_manifest(store).segments) == 2
    whole(open_store(store), 13)


def test_a_search_of_segments_whose_articles_are_all_gone(
    store: Path, unmerged: pytest.MonkeyPatch
) -> None:
    ingest(store, [make_article(70)])
    remove_articles(store, [make_article(n).info.article_id for n in range(12)])
    opened = open_store(store)
    assert (opened.manifest.articles, len(opened.manifest.segments)) == (1, 2)
    assert len(by_vector(opened, np.ones(DIMENSION, np.float32), ALL, Filters())) == 3
    remove_articles(store, [make_article(70).info.article_id])
    for _ in range(2):
        opened = open_store(store)
        assert (opened.manifest.articles, opened.manifest.passages) == (0, 0)
        assert by_vector(opened, np.ones(DIMENSION, np.float32), ALL, Filters()) == []
        assert by_terms(opened, "aleppo", ALL, Filters()) == []
        assert opened.articles(Filters()) == []
        rebuild(store)
    assert ingest(store, [make_article(1)]).articles == 1


def test_the_same_again_writes_nothing_to_many_segments(many: Path) -> None:
    before = files(many)
    report = ingest(many, [make_article(n) for n in range(62)])
    assert len(report.unchanged) == 62 and files(many) == before


def test_a_duplicate_of_an_article_in_another_segment(many: Path) -> None:
    before = files(many)
    copies = [replace(make_article(n), key=f"url:https://mirror.example/{n}") for n in (0, 20, 61)]
    report = ingest(many, copies)
    assert report.duplicates == [copy.info.location for copy in copies] and files(many) == before
    # What is a duplicate now is a change once the article there is another one.
    ingest(many, [make_article(20, 1)])
    report = ingest(many, copies)
    assert report.new == [copies[1].info.location] and len(report.duplicates) == 2


def test_ids_that_are_taken_in_another_segment(folder: Path, unmerged: pytest.MonkeyPatch) -> None:
    made = [make_article(n, article_id="a1") for n in range(3)]
    for article in made:
        ingest(folder, [article])
    opened = open_store(folder)
    assert len(opened.manifest.segments) == 3
    ids = ["a1", *(f"a1-{article.digest[:6]}" for article in made[1:])]
    for article_id, article in zip(ids, made, strict=True):
        found = opened.article(article_id)
        assert found is not None and found.article.key == article.key
    assert len(ingest(folder, made).unchanged) == 3
    changed = make_article(1, 1, article_id="a1")
    ingest(folder, [changed])
    assert {i.article_id for i in open_store(folder).articles(Filters())} == {
        *(ids[0], ids[2], f"a1-{changed.digest[:6]}")
    }
