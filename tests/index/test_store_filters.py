"""Filters are exact, and the order of a vector search is that of the cosines."""

import datetime
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.articles.passages import cut_passages
from rag.index.analysis import terms_of
from rag.index.store import Store, open_store
from rag.index.terms import UNDATED
from rag.index.writer import remove_articles
from rag.records import Article, ArticleInfo, Filters
from tests.index.conftest import (
    DIMENSION,
    WORDS,
    by_terms,
    by_vector,
    contents,
    ingest,
    make_article,
    never_merge,
)  # fmt: skip

SOURCES = [
    "Daily Post",
    "daily post",
    "ÖRF Wien",
    "Örf WIEN",
    "Ünal%_",
    "Straße",
    "Πόλις",
    None,
]
ASKED = ["DAILY POST", "örf wien", "ünal%_", "STRASSE", "ΠΌΛΙΣ", "Daily", "%", "nobody"]
ALL = 9999
WINDOWS = 400


Given = dict[str, Article]  # by their ids


@pytest.fixture(scope="module")
def given() -> Given:
    """What the store was given and should hold; `opened` fills it."""
    return {}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, given: Given) -> Store:
    """A store of five segments in which articles were changed and removed."""
    rng = random.Random(4)
    folder = tmp_path_factory.mktemp("filters") / "store"
    days = [None, "2023-12-31", "2024-02-29", *(f"2024-12-{day:02}" for day in range(1, 12))]

    def made(number: int, version: int = 0) -> Article:
        source, date = rng.choice(SOURCES), rng.choice(days)
        return make_article(number, version, source=source, date=date)

    by_key: dict[str, Article] = {}
    with pytest.MonkeyPatch.context() as monkeypatch:
        never_merge(monkeypatch)
        for first in range(0, 150, 30):
            changed = [made(n, version=first) for n in range(0, first, 9)]
            offered = [*(made(n) for n in range(first, first + 30)), *changed]
            ingest(folder, offered)
            by_key |= {article.key: article for article in offered}
        gone = [by_key.pop(make_article(n).key) for n in (9, 50, 51, 149)]
        remove_articles(folder, [article.info.article_id for article in gone])
    given |= {article.info.article_id: article for article in by_key.values()}
    store = open_store(folder)
    assert len(store.manifest.segments) == 5 and len(given) == 146
    return store


def leaves(filters: Filters, info: ArticleInfo) -> bool:
    """The filters as they are meant."""
    source = info.source and info.source.casefold()
    if filters.source is not None and source != filters.source.casefold():
        return False
    if info.date is None:
        return filters.since is None and filters.until is None
    return (
        (filters.since is None or info.date >= filters.since)
        and (filters.until is None or info.date <= filters.until)
        and (filters.as_of is None or info.date <= filters.as_of)
    )


def some_filters() -> list[Filters]:
    rng = random.Random(5)
    days = ["2023-12-31", "2024-03-01", *(f"2024-12-{day:02}" for day in range(1, 13))]

    def day() -> str | None:
        return rng.choice([None, rng.choice(days)])

    asked = [None, None, *ASKED]
    return [Filters(), *(Filters(day(), day(), rng.choice(asked), day()) for _ in range(WINDOWS))]


def stored_vectors(opened: Store) -> dict[int, NDArray[np.float32]]:
    """Those of the passages that can be found."""
    rows = contents(opened.folder)["vectors"]
    found = by_vector(opened, np.ones(DIMENSION, np.float32), ALL, Filters())
    current = {number for number, _ in found}
    return {n: np.frombuffer(blob, dtype="<f4") for n, blob in rows if n in current}


def test_filters_leave_exactly_what_they_say(opened: Store, given: Given) -> None:
    numbers = [row[0] for row in contents(opened.folder)["passages"]]
    article_of = {n: p.article.article_id for n, p in opened.passages(numbers).items()}
    size = {article_id: len(cut_passages(a.text)) for article_id, a in given.items()}
    words = " ".join(WORDS)
    vector = np.full(DIMENSION, 0.25, np.float32)
    sizes = set()
    for filters in some_filters():
        ids = {article_id for article_id, a in given.items() if leaves(filters, a.info)}
        expected = {n for n in numbers if article_of[n] in ids}
        assert len(expected) == sum(size[article_id] for article_id in ids)
        for found in (by_terms, by_vector):
            asked: Any = words if found is by_terms else vector
            hits = [n for n, _ in found(opened, asked, ALL, filters)]
            assert len(hits) == len(set(hits)) and set(hits) == expected, filters
        assert sorted(i.article_id for i in opened.articles(filters)) == sorted(ids), filters
        sizes.add(len(expected))
    assert len(sizes) > 40 and {0, sum(size.values())} <= sizes


def test_what_is_left_is_described_as_it_was_given(opened: Store, given: Given) -> None:
    for filters in some_filters()[:50]:
        for info in opened.articles(filters):
            assert info == given[info.article_id].info
        dates = [info.date or "" for info in opened.articles(filters)]
        assert dates == sorted(dates, reverse=True)
        ranking = opened.search_terms(terms_of(" ".join(WORDS)), ALL, filters)
        for number, day in zip(ranking.number.tolist(), ranking.day.tolist(), strict=True):
            date = opened.passages([number])[number].article.date
            assert day == (
                UNDATED if date is None else datetime.date.fromisoformat(date).toordinal()
            )


def test_passages_of_one_article_and_no_other_share_its_number(opened: Store) -> None:
    ranking = opened.search_vectors(np.ones(DIMENSION, np.float32), ALL, Filters())
    passages = opened.passages(ranking.number.tolist())
    told = {
        (article, passages[number].article.article_id)
        for number, article in zip(ranking.number.tolist(), ranking.article.tolist(), strict=True)
    }
    assert len(told) == len({a for a, _ in told}) == len({i for _, i in told}) == 146


@pytest.mark.parametrize("asked", ASKED[:5])
def test_the_case_of_a_source_is_no_matter(opened: Store, asked: str) -> None:
    found = {info.source for info in opened.articles(Filters(source=asked))}
    assert found == {s for s in SOURCES if s and s.casefold() == asked.casefold()} != set()


def test_an_undated_article_is_in_no_window(opened: Store) -> None:
    assert None in {info.date for info in opened.articles(Filters())}
    for filters in (Filters(since="0001-01-01"), Filters(until="9999-12-31")):
        assert None not in {info.date for info in opened.articles(filters)}
        both = replace(filters, as_of="2024-12-05")
        assert None not in {info.date for info in opened.articles(both)}


def test_an_undated_article_is_left_by_any_day_of_asking(opened: Store) -> None:
    undated = {i.article_id for i in opened.articles(Filters()) if i.date is None}
    found = {i.article_id: i.date for i in opened.articles(Filters(as_of="0001-01-01"))}
    assert set(found) == undated != set() and set(found.values()) == {None}


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
            found = by_vector(opened, vector, count, filters)
            assert [n for n, _ in found] == best
            assert np.allclose([s for _, s in found], [exact[n] for n in best], atol=1e-6)


def test_equal_scores_come_in_the_order_of_numbers(tmp_path: Path) -> None:
    twins = [make_article(0, text="Aleppo talks.", title="T", key=f"k{n}", date=f"2024-12-{n}",
                          article_id=f"{n}") for n in range(10, 20)]  # fmt: skip
    ingest(tmp_path, twins)
    opened = open_store(tmp_path)
    vector = stored_vectors(opened)[1]
    assert [n for n, _ in by_vector(opened, vector, 10, Filters())] == list(range(1, 11))
    assert [n for n, _ in by_terms(opened, "aleppo", 10, Filters())] == list(range(1, 11))


def test_term_search_is_best_first_and_knows_titles(tmp_path: Path) -> None:
    texts = ["The ferry sank.", "A ferry sank near the other ferry.", "Bread is dear."]
    ingest(tmp_path, [make_article(n, text=t, title="Ferries") for n, t in enumerate(texts[:2])])
    ingest(tmp_path, [make_article(9, text=texts[2], title="Bakers on strike")])
    opened = open_store(tmp_path)
    found = by_terms(opened, "sinking strikes ferry", 5, Filters())
    assert {n for n, _ in found} == {1, 2, 3}
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert [n for n, _ in by_terms(opened, "bakers", 5, Filters())] == [3]
    # The rarer word counts for more.
    assert [n for n, _ in by_terms(opened, "ferry bakers", 1, Filters())] == [3]
