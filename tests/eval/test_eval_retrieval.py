"""What counts as a hit, and how paired times become a ratio."""

import json
import random
from pathlib import Path

import pytest

from eval.answers import normalise
from eval.bench.pairs import compare, ratio_of
from eval.retrieval import Asked, is_hit, read_questions
from tests.fakes import passage_of

ASKED = Asked("q", "How much?", "2024-12-01", "$7 million", frozenset({"a.txt"}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the U.S. Senate", "US senate"),
        ("1,200 people", "1200 people"),
        ("Twelve days", "12 days"),
        ("“Mona Lisa”", "Mona Lisa"),
        ("don’t", "don't"),
    ],
)
def test_answers_are_compared_as_words(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


def test_a_hit_holds_the_answer_in_a_gold_article() -> None:
    text = "A spot costs $7 million now."
    assert is_hit(passage_of(text, [text]), ASKED)
    other = Asked("q", "How much?", "2024-12-01", "$7 million", frozenset({"b.txt"}))
    assert not is_hit(passage_of(text, [text]), other)
    more = "A spot costs $17 million now."
    assert not is_hit(passage_of(more, [more]), ASKED)


def test_only_answerable_questions_are_read(tmp_path: Path) -> None:
    rows = [
        {
            "id": str(n),
            "question": "Who?",
            "date": "2024-12-01",
            "answer": "x",
            "gold_urls": ["u"],
            "answerable": bool(n % 2),
        }
        for n in range(4)
    ]
    (tmp_path / "q.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    assert [asked.id for asked in read_questions(tmp_path / "q.jsonl")] == ["1", "3"]


def test_a_ratio_is_the_median_of_the_paired_ones() -> None:
    ratio = ratio_of([(2.0, 1.0), (9.0, 3.0), (40.0, 10.0)], random.Random(0))
    assert (ratio.median, ratio.first, ratio.second) == (3.0, 9.0, 3.0)
    assert 2.0 <= ratio.low <= ratio.median <= ratio.high <= 4.0


def test_both_sides_run_as_often() -> None:
    calls: list[str] = []
    ratio = compare(lambda: calls.append("a"), lambda: calls.append("b"), pairs=5)
    assert calls.count("a") == calls.count("b") == 6 and ratio.median > 0
    assert "".join(calls[2:]) not in ("ab" * 5, "ba" * 5)  # the order is drawn
