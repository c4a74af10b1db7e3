"""The gold questions about the five seeds: each is well formed, and each answer stands in its
articles.

`must` asks for one string of every inner list, so each inner list holds the wordings of one part of
the answer. `evidence` has the sentences that could serve, each with its article and with who says
so, null where the article tells it in its own voice. `near` tells why there is no answer: another
event, a fact that is not given, a later event, common knowledge, another topic, or an instruction
to do without the articles. `conversation` has the questions before a follow-up, oldest first.
"""

import hashlib
import json
import re
from collections import Counter
from datetime import date
from typing import Any

import pytest

from tests.conftest import ROOT, SEEDS

LINES = (ROOT / "eval" / "seed_questions.jsonl").read_text("utf-8").splitlines()
ROWS: list[dict[str, Any]] = [json.loads(line) for line in LINES]
ARTICLES = {
    path.name[:3]: " ".join(path.read_text("utf-8").split()) for path in SEEDS.glob("*.txt")
}
PUBLISHED = {"000": "2024-12-01", "001": "2024-12-02", "002": "2024-12-01", "003": "2024-11-30"}
OLD = 110  # the first rows, whose parts were drawn before there were others
ANSWERABLE = [row for row in ROWS if row["type"] != "unanswerable"]
DATED = [row for row in ROWS if "date" in row]
AS_OF = [row for row in ROWS if row["type"] == "as_of"]
SEVERAL = [row for row in ROWS if row["type"] == "several"]
LEAST = {
    "fact": 1, "figure": 1, "date": 1, "place": 1, "attribution": 15, "why": 8, "how": 8,
    "yes_no": 8, "list": 8, "account": 8, "comparison": 8, "conflict": 8, "false_premise": 10,
    "provenance": 8, "several": 8, "as_of": 8, "follow_up": 12, "unanswerable": 65,
}  # fmt: skip
LEAST_NEAR = {
    "wrong_event": 12, "fact_not_given": 12, "later": 12, "common_knowledge": 8, "elsewhere": 1,
    "instruction": 1,
}  # fmt: skip


def name(row: dict[str, Any]) -> str:
    return str(row["id"])


def sentences(row: dict[str, Any]) -> list[str]:
    """The evidence of a question in small letters."""
    return [one["sentence"].casefold() for one in row["evidence"]]


def drawn(ids: list[str]) -> dict[str, str]:
    """The part of each id: by turns, in the order of their hashes."""
    ids = sorted(ids, key=lambda id: hashlib.sha256(id.encode()).digest())
    return {id: ("develop", "report")[n % 2] for n, id in enumerate(ids)}


def test_ids_count_the_lines() -> None:
    assert [row["id"] for row in ROWS] == [f"s{n:02}" for n in range(1, len(ROWS) + 1)]


def test_no_question_is_asked_twice() -> None:
    asked = Counter(
        (*row.get("conversation", ()), row["question"].casefold().rstrip("?. ")) for row in ROWS
    )
    assert [question for question, times in asked.items() if times > 1] == []


def test_there_are_questions_enough() -> None:
    assert len(ROWS) >= 200


def test_every_type_is_known() -> None:
    assert {row["type"] for row in ROWS} <= set(LEAST)


def test_every_reason_for_no_answer_is_known() -> None:
    assert {row["near"] for row in ROWS if "near" in row} <= set(LEAST_NEAR)


@pytest.mark.parametrize("kind", LEAST)
def test_every_type_has_questions_enough(kind: str) -> None:
    assert sum(row["type"] == kind for row in ROWS) >= LEAST[kind]


@pytest.mark.parametrize("near", LEAST_NEAR)
def test_every_reason_for_no_answer_has_questions_enough(near: str) -> None:
    assert sum(row.get("near") == near for row in ROWS) >= LEAST_NEAR[near]


def test_some_follow_ups_have_no_answer() -> None:
    assert sum(row["type"] == "unanswerable" and "conversation" in row for row in ROWS) >= 3


def test_ten_questions_or_more_have_letters_that_english_has_not() -> None:
    foreign = [row for row in ROWS if re.search(r"(?!_)[^\W\d\x00-\x7f]", row["question"])]
    assert len(foreign) >= 10
    assert sum(row["type"] == "unanswerable" for row in foreign) >= 2


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_each_type_has_its_fields(row: dict[str, Any]) -> None:
    needed = {"id", "type", "question", "part"}
    needed |= {"near"} if row["type"] == "unanswerable" else {"must", "docs", "evidence"}
    allowed = {"date"}
    if row["type"] == "follow_up":
        needed.add("conversation")
    elif row["type"] == "unanswerable":
        allowed.add("conversation")
    assert needed <= set(row) <= needed | allowed
    assert row["question"] == row["question"].strip() != ""


@pytest.mark.parametrize("row", [row for row in ROWS if "conversation" in row], ids=name)
def test_a_follow_up_has_questions_before_it(row: dict[str, Any]) -> None:
    assert isinstance(row["conversation"], list) and row["conversation"]
    assert all(isinstance(one, str) and one == one.strip() != "" for one in row["conversation"])


@pytest.mark.parametrize("row", DATED, ids=name)
def test_a_day_of_asking_is_not_before_the_articles_of_the_answer(row: dict[str, Any]) -> None:
    assert date.fromisoformat(row["date"]).isoformat() == row["date"]
    for doc in row.get("docs", []):
        if doc in PUBLISHED or row["type"] != "as_of":
            assert row["date"] >= PUBLISHED.get(doc, "2024-11-30"), doc


@pytest.mark.parametrize("row", AS_OF, ids=name)
def test_a_question_about_what_was_known_then_has_a_day(row: dict[str, Any]) -> None:
    assert "date" in row or re.search(r"\b\d{1,2} (November|December)\b", row["question"])


@pytest.mark.parametrize("row", ANSWERABLE, ids=name)
def test_evidence_stands_word_for_word_in_its_article(row: dict[str, Any]) -> None:
    for one in row["evidence"]:
        assert set(one) == {"doc", "sentence", "says"}
        assert one["sentence"] == one["sentence"].strip() != ""
        assert " ".join(one["sentence"].split()) in ARTICLES[one["doc"]], one["sentence"]


@pytest.mark.parametrize("row", ANSWERABLE, ids=name)
def test_no_evidence_is_given_twice(row: dict[str, Any]) -> None:
    assert len(set(sentences(row))) == len(row["evidence"])


@pytest.mark.parametrize("row", ANSWERABLE, ids=name)
def test_who_says_so_stands_in_the_article(row: dict[str, Any]) -> None:
    for one in row["evidence"]:
        if one["says"] is not None:
            assert one["says"].strip()
            assert one["says"].casefold() in ARTICLES[one["doc"]].casefold(), one["says"]


@pytest.mark.parametrize("row", ANSWERABLE, ids=name)
def test_the_articles_of_an_answer_are_those_of_its_evidence(row: dict[str, Any]) -> None:
    assert len(row["docs"]) == len(set(row["docs"])) > 0
    assert set(row["docs"]) == {one["doc"] for one in row["evidence"]}


@pytest.mark.parametrize("row", ANSWERABLE, ids=name)
def test_each_part_of_an_answer_stands_in_the_evidence(row: dict[str, Any]) -> None:
    assert row["must"]
    for group in row["must"]:
        found = [wanted for wanted in group for s in sentences(row) if wanted.casefold() in s]
        assert found, group


@pytest.mark.parametrize("row", ANSWERABLE, ids=name)
def test_no_wording_of_an_answer_is_idle(row: dict[str, Any]) -> None:
    texts = [ARTICLES[doc].casefold() for doc in row["docs"]]
    for wanted in [one.casefold() for group in row["must"] for one in group]:
        assert wanted == wanted.strip() != ""
        assert any(wanted in text for text in texts), wanted
        assert any(wanted in sentence for sentence in sentences(row)), wanted


@pytest.mark.parametrize("row", SEVERAL, ids=name)
def test_an_answer_out_of_several_articles_stands_in_no_single_one(row: dict[str, Any]) -> None:
    for doc in row["docs"]:
        text = ARTICLES[doc].casefold()
        held = [any(wanted.casefold() in text for wanted in group) for group in row["must"]]
        assert not all(held), doc


def test_half_is_kept_for_reporting() -> None:
    ids = [row["id"] for row in ROWS]
    assert {row["id"]: row["part"] for row in ROWS} == drawn(ids[:OLD]) | drawn(ids[OLD:])
