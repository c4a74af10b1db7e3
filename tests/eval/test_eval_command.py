"""`rag eval` as a user runs it: real store, real embedder, a small real model, three questions."""

import json
from pathlib import Path
from typing import Any

import pytest

from eval.figures import by_type, figures_to_json, outcome
from eval.run import ask_row, read_questions
from rag.cli import run
from rag.errors import InputError
from rag.records import Answer, Question
from tests.conftest import SEEDS
from tests.eval.bad_systems import QUESTIONS, good
from tests.eval.test_metrics import run as graded_run

ROWS: list[dict[str, Any]] = [
    {"id": "a", "type": "fact", "question": "Who is the leader of HTS?", "must": [["Jolani"]],
     "part": "x"},
    {"id": "b", "type": "unanswerable", "question": "Who won the World Cup?", "part": "x"},
    {"id": "c", "type": "date", "question": "When did the war begin?", "must": [["2011"]],
     "part": "y"},
]  # fmt: skip


@pytest.fixture
def evaluate(
    tmp_path: Path,
    tiny_gguf: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Any:
    """Runs `rag eval` over ROWS and gives what it prints."""
    monkeypatch.setattr("eval.command.platformdirs.user_cache_path", lambda name: tmp_path / name)
    questions = tmp_path / "questions.jsonl"
    questions.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")

    def call(*more: str, status: int = 0) -> str:
        capsys.readouterr()
        command = ["eval", "--questions", str(questions), "--articles", str(SEEDS)]
        assert run([*command, "--model", str(tiny_gguf), *more]) == status
        printed = capsys.readouterr()
        return printed.out if status == 0 else printed.err

    return call


def test_two_runs_give_the_same_figures_byte_for_byte(evaluate: Any, tmp_path: Path) -> None:
    first = evaluate("--json", "--save", str(tmp_path / "first.jsonl"))
    assert evaluate("--json") == first
    assert set(json.loads(first)["outcomes"]) == {"a", "b", "c"}
    told = evaluate(
        "--baseline", str(tmp_path / "first.jsonl"), "--report", str(tmp_path / "r.html")
    )
    assert "3 questions of 5 articles, 2 of them answered there" in told
    assert "quote integrity" in told and "+0.000" in told
    assert told.rstrip().endswith("worse: none; p = 1.000")
    assert "Who won the World Cup?" in (tmp_path / "r.html").read_text("utf-8")


def test_a_run_that_was_interrupted_goes_on(evaluate: Any, tmp_path: Path) -> None:
    first = evaluate("--json")
    (kept,) = tmp_path.rglob("answers.jsonl")
    lines = kept.read_text("utf-8").splitlines()
    forged = json.loads(lines[1]) | {"status": "not_in_articles", "text": "", "statements": [],
                                     "citations": []}  # fmt: skip
    kept.write_text("\n".join([lines[0], json.dumps(forged)]) + "\n", encoding="utf-8")
    again = json.loads(evaluate("--json"))
    # The kept answer was not asked again, the others were.
    assert again["outcomes"] == {**json.loads(first)["outcomes"], "a": "missed"}
    kept.write_text("other models\n" + json.dumps(forged) + "\n", encoding="utf-8")
    assert evaluate("--json") == first


def test_only_a_part_is_asked(evaluate: Any) -> None:
    assert set(json.loads(evaluate("--json", "--part", "y"))["outcomes"]) == {"c"}


@pytest.mark.parametrize(
    ("options", "told", "status"),
    [
        (["--part", "none"], "no question of part none", 1),
        (["--baseline", "nowhere.jsonl"], "--baseline nowhere.jsonl", 1),
    ],
)
def test_what_cannot_be_evaluated_is_told(
    evaluate: Any, options: list[str], told: str, status: int
) -> None:
    assert told in evaluate(*options, status=status)


def test_questions_without_articles_are_refused() -> None:
    assert run(["eval", "--questions", "q.jsonl"]) == 2


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{broken", "q.jsonl:1 is not JSON"),
        ('{"id": "a"}', "q.jsonl:1 is not an object"),
        ('{"id": "a", "question": "Who?"}', "q.jsonl:1 has neither"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_questions(path)


class Asked:
    """An assistant that keeps what it is asked, and says nothing."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str | None, int]] = []

    def as_asked(self, question: Question, turns: list[Any]) -> Question:
        self.seen.append((question.text, question.asked_on, len(turns)))
        return question

    def ask(self, question: Question, filters: Any) -> Any:
        yield Answer(question, "not_in_articles", (), (), (), (), None, 0.1, (), None, "", "", "")  # type: ignore[arg-type]


def test_a_conversation_is_asked_in_order() -> None:
    assistant = Asked()
    row = {"id": "f", "question": "And then?", "conversation": ["Who?", "When?"]}
    answer = ask_row(assistant, row, "2024-12-03")  # type: ignore[arg-type]
    assert [seen[::2] for seen in assistant.seen] == [("Who?", 0), ("When?", 1), ("And then?", 2)]
    assert {day for _, day, _ in assistant.seen} == {"2024-12-03"}
    assert answer.question.id == "f"
    ask_row(assistant, {**row, "date": "2024-12-01"}, "2024-12-03")  # type: ignore[arg-type]
    assert assistant.seen[-1][1] == "2024-12-01"


def test_outcomes_and_types() -> None:
    graded = graded_run(good)
    told = figures_to_json(graded)
    assert told["questions"] == len(QUESTIONS) == len(graded)
    assert set(told["outcomes"].values()) == {"right", "refused"}
    assert all(well == asked for well, asked in by_type(graded).values())
    assert outcome(graded[0]) == "right"
