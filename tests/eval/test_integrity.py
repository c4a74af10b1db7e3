"""Citations against the stored article, as `rag eval` and eval/check_answers.py both hold them."""

from typing import Any

import pytest

from eval.check_answers import OWN, check
from eval.integrity import foreign_fields, is_stored
from rag.answer.schema import stored_to_json
from rag.index.store import Version
from rag.records import Article, ArticleInfo

TEXT = "Rain fell. The river rose by a metre."
INFO = ArticleInfo("a1", "Rain", "Harbour Post", "2024-12-01", "metadata", "a.txt", ())
STORED = stored_to_json(Article(INFO, TEXT, "k", "d"))
CITED = STORED | {"article_id": "a1", "number": 1, "quote": "Rain fell.", "start": 0, "end": 10}


class Store:
    """One article."""

    def article(self, article_id: str) -> Version | None:
        return Version(Article(INFO, TEXT, "k", "d"), 1, 1) if article_id == "a1" else None


@pytest.mark.parametrize(
    ("change", "stored"),
    [
        ({}, True),
        ({"end": 9}, False),
        ({"quote": "Rain fell"}, False),
        ({"quote": "metre.", "start": -6, "end": len(TEXT)}, False),  # counted from the end
        ({"quote": "", "start": 4, "end": 4}, False),  # no words
    ],
)
def test_a_quote_is_the_text_at_its_place(change: dict[str, Any], stored: bool) -> None:
    assert is_stored(CITED | change, STORED) is stored
    assert not is_stored(CITED | change, None)


def test_what_is_not_the_articles_own_is_named() -> None:
    assert foreign_fields(CITED, STORED, OWN) == []
    other = CITED | {"date": "2024-12-02", "title": "Snow"}
    assert foreign_fields(other, STORED, ("date", "source", "title")) == ["date", "title"]
    assert foreign_fields(CITED, None, ("date",)) == ["date"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, []),
        ({"end": 9}, ["q: the quote of [1] is not at its place"]),
        ({"date": None}, ["q: date of [1] is not the article's"]),
        ({"article_id": "a2"}, ["q: no article a2"]),
    ],
)
def test_answers_are_checked_by_the_same_rules(change: dict[str, Any], told: list[str]) -> None:
    answer = {"id": "q", "status": "answered", "statements": [{"citations": [1]}],
              "citations": [CITED | change]}  # fmt: skip
    assert check(answer, Store()) == told  # type: ignore[arg-type]
