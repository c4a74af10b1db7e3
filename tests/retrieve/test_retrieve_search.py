"""Retrieval over a real store: both searches, fused, filtered and cut to the count."""

from pathlib import Path

import pytest

from rag.index.store import Store, open_store
from rag.records import Filters
from rag.retrieve.fusion import reciprocal_rank_fusion
from rag.retrieve.search import CANDIDATES, retrieve
from rag.retrieve.terms import term_query
from tests.index.conftest import TinyEmbedder, ingest, make_article

QUESTION = "Which ferry sank near the harbour bridge?"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder: Path = tmp_path_factory.mktemp("retrieve") / "store"
    ferry = make_article(
        500, text="A ferry sank near the harbour.", title="Ferry sinks", date="2024-12-05"
    )
    ingest(folder, [*(make_article(n) for n in range(60)), ferry])
    return open_store(folder)


def test_best_first_and_at_most_so_many(opened: Store) -> None:
    for count in (1, 4, 10, 200):
        hits = retrieve(opened, TinyEmbedder(), QUESTION, Filters(), count)
        scores = [hit.score for hit in hits]
        assert scores == sorted(scores, reverse=True) and 0 < scores[-1] <= scores[0] <= 2 / 61
        assert len(hits) == count if count <= CANDIDATES else count > len(hits) > CANDIDATES
        assert len({hit.passage.number for hit in hits}) == len(hits)
    assert hits[0].passage.article.title == "Ferry sinks"


def test_it_is_the_fusion_of_terms_and_vectors(opened: Store) -> None:
    query, embedder = term_query(QUESTION), TinyEmbedder()
    assert query
    terms = [n for n, _ in opened.search_terms(query, CANDIDATES, Filters())]
    vector = embedder.encode([QUESTION])[0]
    vectors = [n for n, _ in opened.search_vectors(vector, CANDIDATES, Filters())]
    hits = retrieve(opened, embedder, QUESTION, Filters(), 20)
    fused = reciprocal_rank_fusion([terms, vectors])[:20]
    assert [(hit.passage.number, hit.score) for hit in hits] == fused
    assert set(terms) - set(vectors) and set(vectors) - set(terms)


def test_a_passage_is_the_articles_own_words(opened: Store) -> None:
    for hit in retrieve(opened, TinyEmbedder(), QUESTION, Filters(), 50):
        found = opened.article(hit.passage.article.article_id)
        assert found is not None and found[0] == hit.passage.article
        span = hit.passage.span
        assert found[1][span.start : span.end] == hit.passage.text != ""


def test_filters_hold_for_both_searches(opened: Store) -> None:
    filters = Filters(since="2024-12-10", until="2024-12-20", source="daily post")
    hits = retrieve(opened, TinyEmbedder(), QUESTION, filters, 50)
    assert hits
    for hit in hits:
        info = hit.passage.article
        assert info.source == "Daily Post" and "2024-12-10" <= (info.date or "") <= "2024-12-20"
    assert retrieve(opened, TinyEmbedder(), QUESTION, Filters(source="nobody"), 5) == []


@pytest.mark.parametrize("question", ["?!", "the", '" OR NOT (', "地震", "\U0001f600"])
def test_odd_questions_still_find_something(opened: Store, question: str) -> None:
    assert len(retrieve(opened, TinyEmbedder(), question, Filters(), 3)) == 3


def test_the_same_question_finds_the_same(opened: Store) -> None:
    first, second = (
        retrieve(open_store(opened.folder), TinyEmbedder(), QUESTION, Filters(), 20)
        for _ in range(2)
    )
    assert first == second
