"""The statements that the checker is checked on are what they say, and it judges them well."""

import hashlib
import json
import sys
from collections import Counter
from typing import Any

import pytest

from eval.check_checker import ALL, STATEMENTS, SUPPORTED, Judged, figures_of, judge, main
from eval.score import read_lines

ROWS = read_lines(STATEMENTS)
ERRORS = {
    "number", "date", "name", "speaker", "attribution", "negation", "hedge", "over_generalisation",
    "other_event",
}  # fmt: skip
PARTS = ("develop", "report")
FIRST = 414  # the rows that were written first; those of another event that followed are a batch


def test_ids_count_the_lines() -> None:
    assert [row["id"] for row in ROWS] == [f"c{n:03}" for n in range(1, len(ROWS) + 1)]
    assert len(ROWS) >= 280


def test_each_kind_is_there_often_enough() -> None:
    counts = Counter(row["kind"] for row in ROWS)
    assert set(counts) == ERRORS | {SUPPORTED}
    assert counts[SUPPORTED] >= 120
    assert all(counts[kind] >= 20 for kind in ERRORS)


def test_supported_statements_are_copies_shortenings_and_paraphrases() -> None:
    manners = Counter(row.get("manner") for row in ROWS if row["supported"])
    assert set(manners) == {"copy", "shortened", "paraphrase"}
    assert all(count >= 40 for count in manners.values())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["id"]))
def test_a_row_is_consistent(row: dict[str, Any]) -> None:
    needed = {"id", "kind", "supported", "statement", "passage", "part"}
    assert set(row) == needed | ({"manner"} if row["supported"] else set())
    assert row["supported"] is (row["kind"] == SUPPORTED)
    assert row["statement"] == row["statement"].strip() != ""
    if not row["supported"]:
        assert row["statement"] not in row["passage"].split(". ")


def test_no_statement_is_told_twice_of_a_passage() -> None:
    told = Counter((row["statement"], row["passage"]) for row in ROWS)
    assert [pair for pair, times in told.items() if times > 1] == []


@pytest.mark.parametrize(("rows", "many"), [(ROWS[:FIRST], 60), (ROWS[FIRST:], 40)])
def test_passages_are_many_and_their_parts_alternate_by_hash(
    rows: list[dict[str, Any]], many: int
) -> None:
    passages = sorted(
        {row["passage"] for row in rows}, key=lambda text: hashlib.sha256(text.encode()).digest()
    )
    assert len(passages) >= many
    part = {text: PARTS[n % 2] for n, text in enumerate(passages)}
    assert [row["part"] for row in rows] == [part[row["passage"]] for row in rows]


def test_no_passage_is_in_both_batches() -> None:
    first, then = ({row["passage"] for row in rows} for rows in (ROWS[:FIRST], ROWS[FIRST:]))
    assert not first & then


@pytest.mark.parametrize("part", PARTS)
def test_another_event_is_there_more_often(part: str) -> None:
    kinds = Counter(row["kind"] for row in ROWS[FIRST:] if row["part"] == part)
    assert kinds == {"other_event": 40, SUPPORTED: 40}


@pytest.mark.parametrize("part", PARTS)
def test_the_checker_judges_well(part: str) -> None:
    figures = {one.kind: one for one in figures_of([judge(r) for r in ROWS if r["part"] == part])}
    assert set(figures) == ERRORS | {ALL, SUPPORTED}
    assert figures[ALL].balanced >= 0.87
    assert [kind for kind, one in figures.items() if one.balanced < 0.75] == []
    assert all(one.low <= one.balanced <= one.high for one in figures.values())


def judged(kind: str, passage: str, *right: bool) -> list[Judged]:
    return [Judged(f"{passage}{n}", kind, "", passage, one) for n, one in enumerate(right)]


def test_balanced_accuracy_is_the_mean_of_both_rates() -> None:
    rows = [
        *judged(SUPPORTED, "p", True, True, True, False),
        *judged("date", "p", True, False),
        *judged("name", "p", False, False),
    ]
    shown = {one.kind: (one.right, one.of, one.balanced) for one in figures_of(rows)}
    assert shown == {
        ALL: (1, 4, 0.5),
        "date": (1, 2, 0.625),
        "name": (0, 2, 0.375),
        SUPPORTED: (3, 4, 0.5),
    }


def test_the_interval_is_as_wide_as_the_passages_differ() -> None:
    def interval(passages: int) -> tuple[float, float]:
        rows = [
            row
            for n in range(passages)
            for row in (*judged(SUPPORTED, f"p{n}", True), *judged("date", f"p{n}", n % 2 == 0))
        ]
        first, *_ = figures_of(rows)
        return first.low, first.high

    few, many = interval(10), interval(200)
    assert few[0] < many[0] < 0.75 < many[1] < few[1]
    assert interval(10) == few


@pytest.mark.parametrize(
    ("statement", "supported", "right"),
    [("It rained.", True, True), ("It rained in 2020.", True, False),
     ("It rained in 2020.", False, True), ("It rained.", False, False)],
)  # fmt: skip
def test_right_is_passing_what_is_supported_and_nothing_else(
    statement: str, supported: bool, right: bool
) -> None:
    row = {"id": "x", "kind": "date", "supported": supported, "statement": statement,
           "passage": "It rained."}  # fmt: skip
    assert judge(row).right is right


def test_what_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["check_checker", "--part", "develop", "--json"])
    main()
    shown = json.loads(capsys.readouterr().out)
    assert shown["figures"][0]["kind"] == ALL
    monkeypatch.setattr(sys, "argv", ["check_checker", "--part", "develop", "-v"])
    main()
    text = capsys.readouterr().out
    assert all(id in text for id in shown["wrong"])
    assert "supported, paraphrase:" in text
