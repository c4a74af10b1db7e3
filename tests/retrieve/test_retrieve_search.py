"""Retrieval over a real store: both searches, fused, weighed by day, filtered, copies folded."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.index.analysis import terms_of
from rag.index.store import Store, open_store
from rag.records import Filters, Hit, Question
from rag.retrieve.fusion import Fused, fuse
from rag.retrieve.search import CANDIDATES, MOST, choose, retrieve
from tests.index.conftest import TinyEmbedder, ingest, make_article

TEXT = "Which ferry sank near the harbour bridge?"
DAY = "2025-01-15"
STORY = " ".join(
    f"The {n}th boat of the fleet carried {n * 7} crates to port {n}." for n in range(40)
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder: Path = tmp_path_factory.mktemp("retrieve") / "store"
    ferry = make_article(
        500, text="A ferry sank near the harbour.", title="Ferry sinks", date="2024-12-05"
    )
    wire = [
        make_article(
            600 + n, text=f"{STORY} {end}", title="Fleet", source=source, date="2024-12-06"
        )
        for n, (source, end) in enumerate(
            [("Daily Post", "Ends."), ("Le Monde", "Fin."), ("ÖRF Wien", "Aus."), (None, "Over.")]
        )
    ]
    ingest(folder, [*(make_article(n) for n in range(60)), ferry, *wire])
    return open_store(folder)


def find(
    opened: Store,
    text: str = TEXT,
    filters: Filters = Filters(),  # noqa: B008  # it is frozen
    count: int = 10,
    half_life: float = 14.0,
    day: str | None = DAY,
) -> list[Hit]:
    question = Question(text, None, day)
    return list(retrieve(opened, TinyEmbedder(), question, filters, count, half_life).hits)


def test_best_first_and_at_most_so_many(opened: Store) -> None:
    for count in (1, 4, 10, MOST):
        hits = find(opened, count=count)
        scores = [hit.score for hit in hits]
        assert scores == sorted(scores, reverse=True) and 0 < scores[-1] <= scores[0] <= 1
        assert len(hits) == count
        assert len({hit.passage.number for hit in hits}) == len(hits)
    assert hits[0].passage.article.title == "Ferry sinks"


def test_without_a_weight_of_dates_it_is_the_fusion_of_both_searches(opened: Store) -> None:
    embedder = TinyEmbedder()
    terms = opened.search_terms(terms_of(TEXT), CANDIDATES, Filters())
    vectors = opened.search_vectors(embedder.encode([TEXT])[0], CANDIDATES, Filters())
    fused = fuse(terms, vectors)
    expected = [
        (int(fused.number[place]), score) for place, score in choose(fused, fused.score / 1.5, 20)
    ]
    found = [(hit.passage.number, hit.score) for hit in find(opened, half_life=0, count=20)]
    assert found == expected
    assert 0 < len(terms.number) < len(vectors.number)


def fused_of(*rows: tuple[int, float, int, int]) -> tuple[Fused, NDArray[np.float64]]:
    """Passages as (number, score, article, story)."""
    number, score, article, story = (np.array(column) for column in zip(*rows, strict=True))
    return Fused(number, score, np.zeros(len(rows), dtype=np.int32), article, story), score


def test_another_passage_of_an_article_comes_later() -> None:
    fused, scores = fused_of((1, 0.9, 7, 1), (2, 0.8, 7, 1), (3, 0.7, 8, 2), (4, 0.75, 7, 1))
    chosen = choose(fused, scores, 4)
    # .8 becomes .64 behind the first passage of article 7, .75 becomes .48 behind two of them.
    assert [int(fused.number[place]) for place, _ in chosen] == [1, 3, 2, 4]
    assert [score for _, score in chosen] == pytest.approx([0.9, 0.7, 0.64, 0.48])
    assert choose(fused, scores, 2) == chosen[:2]


def test_of_copies_only_the_first_to_come_stays() -> None:
    fused, scores = fused_of((1, 0.5, 7, 1), (2, 0.9, 8, 1), (3, 0.4, 8, 1), (4, 0.1, 9, 2))
    assert [int(fused.number[place]) for place, _ in choose(fused, scores, 9)] == [2, 3, 4]


def test_equal_scores_come_in_the_order_of_their_numbers() -> None:
    fused, scores = fused_of((9, 0.5, 1, 1), (3, 0.5, 2, 2), (5, 0.5, 3, 3))
    assert [int(fused.number[place]) for place, _ in choose(fused, scores, 3)] == [3, 5, 9]


def test_the_day_of_asking_decides_between_equals(tmp_path: Path) -> None:
    text = "The strait was closed to all ships after the storm."
    days = ["2024-03-01", "2024-12-01", None]
    made = [
        make_article(n, text=f"{text} Report {n}.", title="Strait", date=day, source=f"S{n}")
        for n, day in enumerate(days)
    ]
    ingest(tmp_path / "store", made)
    opened = open_store(tmp_path / "store")

    def order(day: str, half_life: float = 14.0) -> list[str | None]:
        hits = find(opened, "storm strait closed", day=day, half_life=half_life)
        return [hit.passage.article.date for hit in hits]

    assert order("2024-12-02")[0] == "2024-12-01" and set(order("2024-12-02")) == set(days)
    assert order("2024-03-02") == ["2024-03-01", None]  # what came later was not known yet
    assert find(opened, "storm in March 2024", day="2024-12-02")[0].passage.article.date == days[0]


def test_a_named_time_is_told(opened: Store) -> None:
    asked = Question("What sank on 5 December?", None, DAY)
    found = retrieve(opened, TinyEmbedder(), asked, Filters(), 3)
    assert found.window and (found.window.since, found.window.until) == ("2024-12-05", "2024-12-05")
    assert found.window.words in asked.text
    assert retrieve(opened, TinyEmbedder(), asked, Filters(), 3, 0).window is None


def test_copies_of_one_story_come_once_and_tell_their_outlets(opened: Store) -> None:
    hits = find(opened, "Which boat of the fleet carried 77 crates?", count=MOST)
    fleet = [hit for hit in hits if hit.passage.article.title == "Fleet"]
    assert fleet and len({hit.passage.article.article_id for hit in fleet}) == 1
    assert all(hit.outlets == ("Daily Post", "Le Monde", "ÖRF Wien") for hit in fleet)
    others = [hit for hit in hits if hit.passage.article.title != "Fleet"]
    assert others and not any(hit.outlets for hit in others)


def test_a_passage_is_the_articles_own_words(opened: Store) -> None:
    for hit in find(opened, count=MOST):
        found = opened.article(hit.passage.article.article_id)
        assert found is not None and found.article.info == hit.passage.article
        span = hit.passage.span
        assert found.article.text[span.start : span.end] == hit.passage.text != ""


def test_filters_hold_for_both_searches(opened: Store) -> None:
    filters = Filters(since="2024-12-10", until="2024-12-20", source="daily post")
    hits = find(opened, filters=filters, count=MOST)
    assert hits
    for hit in hits:
        info = hit.passage.article
        assert info.source == "Daily Post" and "2024-12-10" <= (info.date or "") <= "2024-12-20"
    assert find(opened, filters=Filters(source="nobody")) == []


@pytest.mark.parametrize("question", ["?!", "the", '" OR NOT (', "地震", "\U0001f600"])
def test_odd_questions_still_find_something(opened: Store, question: str) -> None:
    assert len(find(opened, question, count=3)) == 3


def test_the_same_question_finds_the_same(opened: Store) -> None:
    assert find(open_store(opened.folder), count=20) == find(open_store(opened.folder), count=20)
