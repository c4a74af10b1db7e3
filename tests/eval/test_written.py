"""Questions written by hand, joined with the articles that they are about."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eval.fit_support import is_answerable, is_right
from eval.labelled import _label_written
from eval.written import QUESTIONS, article_mark, candidates_of, mark_of, place_of, written_rows
from rag.cli.options import load_embedder
from rag.config import DEFAULT_EMBEDDER
from rag.index.store import Store, open_store
from rag.records import Filters

SAYS, ANSWER = "White Helmets", "Idlib"
KINDS = {"fact", "figure", "date", "place", "speaker", "claim", "why", "how", "yes_no", "list",
         "account", "false_premise", "unanswerable"}  # fmt: skip


@pytest.fixture(scope="module")
def store(seed_store: Path) -> Iterator[Store]:
    opened = open_store(seed_store)
    yield opened
    opened.close()


def asked(store: Store, **changed: Any) -> dict[str, Any]:
    """A question about the first sentence of the store that names them."""
    for info in store.articles(Filters()):
        found = store.article(info.article_id)
        assert found is not None
        for sentence in found.article.text.split("\n"):
            if SAYS in sentence and info.date:
                first = sentence.split(". ")[0] + "."
                row = {"id": "w1", "article": article_mark(info), "kind": "speaker",
                       "question": "Where were the ten children killed?"}  # fmt: skip
                return {**row, "whole": first, **changed}
    raise AssertionError(SAYS)


def written(tmp_path: Path, *rows: dict[str, Any]) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def sentence_of(store: Store, row: dict[str, Any]) -> str:
    """The store's own sentence ."""
    from eval.written import _sentences

    (info,) = [i for i in store.articles(Filters()) if article_mark(i) == row["article"]]
    return next(t for t in _sentences(store, info).values() if SAYS in t and ANSWER in t)


def test_marks_and_places() -> None:
    assert mark_of("A  b\nc") == mark_of("A b c") != mark_of("A b d")
    assert len(mark_of("")) == 12
    assert place_of("b c", "a\n b  c d") == [2, 5]
    assert place_of("x", "a b") is None and place_of("", "a") is None


def test_a_question_is_joined_with_its_sentences(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = asked(store)
    text = sentence_of(store, row)
    known = {**row, "sentences": [mark_of(text)], "answer": place_of(ANSWER, text)}
    miss = {**row, "id": "w2", "kind": "unanswerable", "sentences": [], "answer": None}
    gone = {**known, "id": "w3", "article": mark_of("no such article")}
    changed = {**known, "id": "w4", "sentences": [mark_of("no such sentence")]}
    rows = written_rows(store, written(tmp_path, known, miss, gone, changed))
    assert [one["id"] for one in rows] == ["w1", "w2"]
    assert "2 of 4 questions" in capsys.readouterr().err
    assert rows[0]["evidence"] == [{"sentence": text, "says": None}]
    assert rows[0]["answer"] == ANSWER and rows[1]["answer"] == ""
    assert is_answerable(rows[0]) and not is_answerable(rows[1])
    assert is_right(text, rows[0]) and not is_right(text, rows[1])


def test_all_other_sentences_of_the_article_do_not_answer(store: Store, tmp_path: Path) -> None:
    row = asked(store)
    text = sentence_of(store, row)
    known = {**row, "sentences": [mark_of(text)], "answer": place_of(ANSWER, text)}
    (joined,) = written_rows(store, written(tmp_path, known))
    sources = (store, load_embedder(DEFAULT_EMBEDDER))
    candidates, right = candidates_of(joined, sources)
    assert [one.text for one, is_it in zip(candidates, right, strict=True) if is_it] == [text]
    own = [one for one in candidates if one.hit.passage.article.article_id == joined["article_id"]]
    assert len(own) > 3
    # Of other articles what may answer too is left out, the rest stays.
    line = _label_written(joined, sources)
    assert sum(line["right"]) == 1 and len(own) <= len(line["texts"]) < len(candidates)
    others = [t for t, is_it in zip(line["texts"], line["right"], strict=True) if not is_it]
    elsewhere = [one for one in candidates if one not in own and ANSWER in one.text]
    assert elsewhere and not any(text.endswith(one.text) for one in elsewhere for text in others)


def test_the_questions_hold_no_words_of_articles() -> None:
    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len({row["question"] for row in rows}) == len(rows)
    for row in rows:
        assert set(row) == {"id", "article", "kind", "question", "sentences", "answer"}
        assert row["kind"] in KINDS
        assert (row["kind"] == "unanswerable") == (not row["sentences"])
        assert all(len(mark) == 12 for mark in [row["article"], *row["sentences"]])
        assert row["answer"] is None or row["answer"][0] < row["answer"][1]
