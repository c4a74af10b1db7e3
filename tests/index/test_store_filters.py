"""Filters are exact, and the order of a vector search is that of the cosines."""

import random
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.index.store import Store, open_store
from rag.records import ArticleInfo, Filters
from tests.index.conftest import DIMENSION, WORDS, contents, ingest, make_article

SOURCES = ["Daily Post", "daily post", "ÖRF Wien", "Örf WIEN", "Ünal%_", "Straße", None]
ASKED = ["DAILY POST", "örf wien", "ünal%_", "STRASSE", "Daily", "%", "nobody"]
ALL = 9999


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Store:
    rng = random.Random(4)
    folder = tmp_path_factory.mktemp("filters") / "store"
    days = [None, "2023-12-31", "2024-02-29", *(f"2024-12-{day:02}" for day in range(1, 12))]
    ingest(
        folder,
        [
            make_article(n, source=rng.choice(SOURCES), date=rng.choice(days), article_id=f"{n:03}")
            for n in range(150)
        ],
    )
    return open_store(folder)


def leaves(filters: Filters, info: ArticleInfo) -> bool:
    """The filters as they are meant."""
    if (filters.since or filters.until) and info.date is None:
        return False
    if filters.source and (info.source or "").casefold() != filters.source.casefold():
        return False
    day = info.date or ""
    return (filters.since or "") <= day <= (filters.until or "9999")


def some_filters() -> list[Filters]:
    rng = random.Random(5)
    days = [None, "2023-12-31", "2024-03-01", *(f"2024-12-{day:02}" for day in range(1, 13))]
    some = (
        Filters(rng.choice(days), rng.choice(days), rng.choice([None, *ASKED])) for _ in range(120)
    )
    return [Filters(), *some]


def stored_vectors(opened: Store) -> dict[int, NDArray[np.float32]]:
    rows = contents(opened.folder)["vectors"]
    return {number: np.frombuffer(blob, dtype="<f4") for number, blob in rows}


def test_filters_leave_exactly_what_they_say(opened: Store) -> None:
    numbers = [row[0] for row in contents(opened.folder)["passages"]]
    passages = opened.passages(numbers)
    query = " OR ".join(WORDS)
    vector = np.full(DIMENSION, 0.25, np.float32)
    sizes = set()
    for filters in some_filters():
        expected = {n for n, p in passages.items() if leaves(filters, p.article)}
        assert {n for n, _ in opened.search_terms(query, ALL, filters)} == expected, filters
        assert {n for n, _ in opened.search_vectors(vector, ALL, filters)} == expected, filters
        ids = {passages[n].article.article_id for n in expected}
        infos = opened.articles(filters)
        assert [i.article_id for i in infos if i.article_id in ids] == [i.article_id for i in infos]
        assert len(infos) == len(ids)
        sizes.add(len(expected))
    assert len(sizes) > 20 and 0 in sizes and len(numbers) in sizes


@pytest.mark.parametrize("asked", ASKED[:4])
def test_the_case_of_a_source_is_no_matter(opened: Store, asked: str) -> None:
    found = {info.source for info in opened.articles(Filters(source=asked))}
    assert found == {s for s in SOURCES if s and s.casefold() == asked.casefold()} != set()


def test_an_undated_article_is_in_no_window(opened: Store) -> None:
    assert None in {info.date for info in opened.articles(Filters())}
    for filters in (Filters(since="0001-01-01"), Filters(until="9999-12-31")):
        assert None not in {info.date for info in opened.articles(filters)}


@pytest.mark.parametrize("count", [1, 10, 200, ALL])
def test_vector_search_is_brute_force(opened: Store, count: int) -> None:
    vectors = stored_vectors(opened)
    passages = opened.passages(list(vectors))
    rng = np.random.default_rng(6)
    for filters in (Filters(), Filters(since="2024-12-03", source="daily post")):
        allowed = [n for n in vectors if leaves(filters, passages[n].article)]
        matrix = np.stack([vectors[n] for n in allowed]).astype(np.float64)
        for _ in range(10):
            vector = rng.normal(size=DIMENSION).astype(np.float32)
            vector /= np.linalg.norm(vector)
            exact = dict(zip(allowed, matrix @ vector.astype(np.float64), strict=True))
            best = sorted(exact, key=lambda n: (-exact[n], n))[:count]
            found = opened.search_vectors(vector, count, filters)
            assert [n for n, _ in found] == best
            assert np.allclose([s for _, s in found], [exact[n] for n in best], atol=1e-6)


def test_equal_scores_come_in_the_order_of_numbers(tmp_path: Path) -> None:
    twins = [make_article(0, text="Aleppo talks.", title="T", key=f"k{n}", date=f"2024-12-{n}",
                          article_id=f"{n}") for n in range(10, 20)]  # fmt: skip
    ingest(tmp_path, twins)
    opened = open_store(tmp_path)
    vector = stored_vectors(opened)[1]
    assert [n for n, _ in opened.search_vectors(vector, 10, Filters())] == list(range(1, 11))
    assert [n for n, _ in opened.search_terms("aleppo", 10, Filters())] == list(range(1, 11))


def test_term_search_is_best_first_and_knows_titles(tmp_path: Path) -> None:
    texts = ["The ferry sank.", "A ferry sank near the other ferry.", "Bread is dear."]
    ingest(tmp_path, [make_article(n, text=t, title="Ferries") for n, t in enumerate(texts[:2])])
    ingest(tmp_path, [make_article(9, text=texts[2], title="Bakers on strike")])
    opened = open_store(tmp_path)
    found = opened.search_terms("sinking OR strikes OR ferry", 5, Filters())
    assert {n for n, _ in found} == {1, 2, 3}
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert [n for n, _ in opened.search_terms("bakers", 5, Filters())] == [3]
    # The rarer word counts for more.
    assert [n for n, _ in opened.search_terms("ferry OR bakers", 1, Filters())] == [3]
