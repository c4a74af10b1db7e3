"""The questions about the five seeds: each is well formed, and each answer stands in its articles.

`must` asks for one string of every inner list, so each inner list needs one that an answer out of
those articles can hold.
"""

import hashlib
import json
from collections import Counter
from datetime import date
from typing import Any

import pytest

from tests.conftest import ROOT, SEEDS

LINES = (ROOT / "eval" / "seed_questions.jsonl").read_text("utf-8").splitlines()
ROWS: list[dict[str, Any]] = [json.loads(line) for line in LINES]
TEXTS = {path.name[:3]: path.read_text("utf-8").casefold() for path in SEEDS.glob("*.txt")}
ANSWERABLE = [row for row in ROWS if row["type"] != "unanswerable"]
TYPES = {
    "fact", "figure", "date", "place", "attribution", "why", "how", "yes_no", "list", "account",
    "comparison", "conflict", "false_premise", "provenance", "unanswerable",
}  # fmt: skip


def name(row: dict[str, Any]) -> str:
    return str(row["id"])


def test_ids_count_the_lines() -> None:
    assert [row["id"] for row in ROWS] == [f"s{n:02}" for n in range(1, 111)]


def test_no_question_is_asked_twice() -> None:
    asked = Counter(row["question"].casefold().rstrip("?. ") for row in ROWS)
    assert [question for question, times in asked.items() if times > 1] == []


def test_every_type_is_there_and_refusals_are_many() -> None:
    types = Counter(row["type"] for row in ROWS)
    assert set(types) == TYPES
    assert types["unanswerable"] >= 30


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_only_answerable_questions_have_an_answer(row: dict[str, Any]) -> None:
    needed = {"id", "type", "question", "part"}
    if row["type"] != "unanswerable":
        needed |= {"must", "docs"}
    assert set(row) - {"date"} == needed
    assert row["question"] == row["question"].strip() != ""


@pytest.mark.parametrize("row", [row for row in ROWS if "date" in row], ids=name)
def test_a_day_of_asking_is_not_before_the_articles_of_the_answer(row: dict[str, Any]) -> None:
    published = {"000": "2024-12-01", "001": "2024-12-02", "002": "2024-12-01"}
    asked = date.fromisoformat(row["date"])
    for doc in row.get("docs", []):
        assert asked >= date.fromisoformat(published.get(doc, "2024-11-30"))


@pytest.mark.parametrize("row", ANSWERABLE, ids=name)
def test_each_part_of_an_answer_stands_in_its_articles(row: dict[str, Any]) -> None:
    assert row["must"]
    for group in row["must"]:
        assert group and all(wanted.strip() for wanted in group)
        assert any(wanted.casefold() in TEXTS[doc] for wanted in group for doc in row["docs"]), (
            group
        )


@pytest.mark.parametrize("row", ANSWERABLE, ids=name)
def test_each_article_of_an_answer_holds_some_of_it(row: dict[str, Any]) -> None:
    assert len(row["docs"]) == len(set(row["docs"])) > 0
    for doc in row["docs"]:
        wanted = [one.casefold() for group in row["must"] for one in group]
        assert any(one in TEXTS[doc] for one in wanted), doc


@pytest.mark.parametrize("row", ANSWERABLE, ids=name)
def test_no_wording_of_an_answer_is_idle(row: dict[str, Any]) -> None:
    for wanted in [one.casefold() for group in row["must"] for one in group]:
        assert any(wanted in TEXTS[doc] for doc in row["docs"]), wanted


def test_half_is_kept_for_reporting() -> None:
    ids = sorted((row["id"] for row in ROWS), key=lambda id: hashlib.sha256(id.encode()).digest())
    part = {id: ("develop", "report")[n % 2] for n, id in enumerate(ids)}
    assert {row["id"]: row["part"] for row in ROWS} == part
