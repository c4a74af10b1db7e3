"""Questions made of what readers said on the page, from the file that the page really writes."""

import json
from pathlib import Path
from typing import Any

import pytest

from eval.confirm import confirm
from eval.draft import DROPPED, PROPOSED, read_draft, write_draft
from eval.judged import Judged, add_judged, read_feedback, row_of
from eval.metrics import grade
from eval.run import read_questions
from rag.answer.schema import answer_to_json
from rag.chat.feedback import FILE, Verdict, keep_feedback
from rag.chat.session import shown_of
from rag.cli import run
from rag.errors import InputError
from rag.records import Answer
from tests.chat.fakes import TEXT, answer_of, hit_of, info_of, two_sided
from tests.eval.test_draft import replies

REFUSED = answer_of("Who paid for it?", nearest=[hit_of(TEXT, info_of())])
ANSWERED = two_sided("How many were hurt?")
Said = tuple[Answer, Verdict | None, str]


def kept(folder: Path, *said: Said) -> Path:
    for answer, verdict, comment in said:
        keep_feedback(folder, shown_of(answer), verdict, comment)
    return folder / FILE


def rows_of(folder: Path, *said: Said) -> list[dict[str, Any]]:
    return add_judged([], read_feedback(kept(folder, *said)))


def test_what_was_called_good_is_right_at_once(tmp_path: Path) -> None:
    answered, refused = rows_of(tmp_path, (ANSWERED, "up", ""), (REFUSED, "up", ""))
    assert (answered["question"], answered["type"]) == ("How many were hurt?", "conflict")
    assert answered["must"] == [["twelve"], ["ten"]]  # both positions
    quotes = [one["sentence"] for one in answered["evidence"]]
    assert quotes and all(quote in TEXT for quote in quotes)
    assert refused["type"] == "unanswerable" and "must" not in refused
    assert "status" not in answered and "status" not in refused
    # The same answers, asked again, are graded as right.
    assert grade(answered, answer_to_json(ANSWERED), {}).right
    assert not grade(refused, answer_to_json(REFUSED), {}).answerable
    assert grade(refused, answer_to_json(ANSWERED), {}).invented


@pytest.mark.parametrize(
    ("question", "must", "kind"),
    [
        ("How many were hurt?", "twelve", "figure"),  # the one figure, whoever writes it
        ("How many of the twelve were hurt?", "Later she said that it was twelve.", "figure"),
        ("What did the mayor say later?", "Later she said that it was twelve.", "fact"),
    ],
)
def test_what_must_stand_in_an_answer(question: str, must: str, kind: str) -> None:
    answer = answer_to_json(two_sided(question)) | {"conflicts": []}
    row = row_of(Judged(answer, "up"))
    assert (row["must"], row["type"]) == ([[must]], kind)


def test_what_was_called_bad_is_for_somebody_to_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(
        tmp_path, (ANSWERED, "down", ""), (ANSWERED, None, "It was twelve"), (REFUSED, "down", "")
    )
    assert [row["status"] for row in rows] == [PROPOSED, PROPOSED]
    assert all(row["must"] == [] for row in rows)
    path = tmp_path / "q.jsonl"
    write_draft(path, rows)
    # "y" is no reply where nothing is known; an edit that says nothing decides nothing.
    confirm(path, rows, replies("y", "e", "", "", "u"))
    told = capsys.readouterr().out
    assert "a reader said: It was twelve" in told and "was answered: Later" in told
    rows = read_draft(path)
    assert rows[0]["status"] == PROPOSED
    assert rows[1]["type"] == "unanswerable" and "must" not in rows[1]
    confirm(path, rows, replies("e", "", "twelve | 12"))
    (first, second) = read_questions(path)
    assert first["must"] == [["twelve", "12"]] and second["id"] == rows[1]["id"]


def test_the_last_judgement_of_an_answer_holds(tmp_path: Path) -> None:
    back = rows_of(tmp_path / "1", (ANSWERED, "up", ""), (ANSWERED, None, ""))
    assert back == []
    (down,) = rows_of(tmp_path / "2", (ANSWERED, "up", ""), (ANSWERED, "down", ""))
    assert down["status"] == PROPOSED
    (remarked,) = rows_of(tmp_path / "3", (ANSWERED, "up", ""), (ANSWERED, None, "good"))
    assert "status" not in remarked  # a remark takes nothing back
    (again,) = rows_of(
        tmp_path / "4", (ANSWERED, None, "so so"), (ANSWERED, "down", ""), (REFUSED, None, "")
    )
    assert again["comment"] == "so so"


def test_decided_rows_stay_as_they_are(tmp_path: Path) -> None:
    path = kept(tmp_path, (ANSWERED, "down", ""))
    (row,) = add_judged([], read_feedback(path))
    decided = [{**row, "status": DROPPED}]
    kept(tmp_path, (REFUSED, "up", ""))
    assert [r.get("status") for r in add_judged(decided, read_feedback(path))] == [DROPPED, None]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "feedback.jsonl:2 is not JSON"),
        ("[]", "feedback.jsonl:2 is no judgement"),
        ('{"verdict": "up", "comment": null, "answer": {}, "schema": 9}', ":2 was kept by another"),
        ('{"verdict": "up", "comment": null, "answer": {}, "schema": 1}', ":2 was kept by another"),
    ],
)
def test_a_line_that_is_no_judgement_is_named(tmp_path: Path, line: str, told: str) -> None:
    path = kept(tmp_path, (ANSWERED, "up", ""))
    path.write_text(path.read_text("utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_feedback(path)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feedback, path = tmp_path / FILE, tmp_path / "q.jsonl"
    command = ["eval", "--feedback", str(feedback)]
    assert run(command) == 2
    assert "--feedback takes --questions" in capsys.readouterr().err
    command += ["--questions", str(path)]
    assert run([*command, "--json"]) == 2
    assert "nothing else" in capsys.readouterr().err
    assert run(command) == 1
    assert "cannot be read" in capsys.readouterr().err
    kept(tmp_path, (ANSWERED, "up", ""), (ANSWERED, None, ""))
    assert run(command) == 1
    assert "no judgement that was not taken back" in capsys.readouterr().err
    kept(tmp_path, (ANSWERED, "down", ""), (REFUSED, "up", ""))
    assert run(command) == 0
    assert "q.jsonl: 2 questions, 1 of them to be confirmed" in capsys.readouterr().out
    assert run(command) == 0  # nothing is added twice
    assert len([json.loads(line) for line in path.read_text("utf-8").splitlines()]) == 2
    assert [row["type"] for row in read_questions(path)] == ["unanswerable"]
