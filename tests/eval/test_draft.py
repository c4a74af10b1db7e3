"""Questions proposed from a user's own articles, with the real sentence model."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eval import draft
from eval.confirm import confirm
from eval.draft import (
    DROPPED,
    PROPOSED,
    gives_away,
    is_good,
    leads_back,
    near_miss,
    propose,
    read_draft,
)
from eval.run import count_proposed, read_questions
from rag import assistant
from rag.cli import run
from rag.cli.options import load_embedder
from rag.cli.terminal import Meter
from rag.config import DEFAULT_EMBEDDER
from rag.errors import InputError
from rag.index.store import Store, open_store
from tests.conftest import SEEDS
from tests.fakes import FakeModel, candidate_of, passage_of

SENTENCE = "Odile Brandt won the mayoral election in Tarn with 54 percent of the vote."
ONE = candidate_of(passage_of(SENTENCE, [SENTENCE], title="Election in Tarn"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("draft") / "store"
    with Meter() as meter:
        assistant.ingest(assistant.Offered([SEEDS]), folder, load_embedder(DEFAULT_EMBEDDER), meter)
    opened = open_store(folder)
    yield opened
    opened.close()


class Writer(FakeModel):
    """A model that asks what the opening and the evidence make, and says yes to everything; it is
    interrupted after so many questions."""

    def __init__(self, calls: int = 1000) -> None:
        super().__init__()
        self._calls = calls

    def choose(self, prompt, accept, longest):
        if len(self.seen) == self._calls:
            raise KeyboardInterrupt
        self.seen.append(prompt.values)
        words = prompt.values["evidence"].rstrip(".")
        return f"{prompt.values['opening']} {words[0].lower()}{words[1:]}?"


@pytest.mark.parametrize(
    ("question", "good"),
    [
        ("Who won the mayoral election in Tarn?", True),
        ("Who won the mayoral election?", False),  # nothing is named
        ("Who won it in Tarn?", False),  # leans on what is not there
        ("Who sold the harbour cranes in Tarn?", False),  # about something else
        ("What does the text say about Tarn's election?", False),
        ("", False),
    ],
)
def test_a_question_that_can_be_asked_alone(question: str, good: bool) -> None:
    assert is_good(question, "name", ONE) is good


@pytest.mark.parametrize(
    ("question", "kind", "answer", "yes", "back"),
    [
        ("What share of the vote went to Odile Brandt?", "percent", "54 percent", 0.9, True),
        ("What share of the vote went to Odile Brandt?", "percent", "54 percent", 0.2, False),
        ("What share of the vote went to Odile Brandt?", "percent", "61 percent", 0.9, False),
        ("Where did the missing balloonist land in Tarn?", "place", "Odile Brandt", 0.9, False),
        ("Why was Odile Brandt chosen?", "reason", None, 0.9, True),
        ("Why was Odile Brandt chosen?", "reason", None, 0.2, False),
        ("Who says that Odile Brandt won?", "speaker", "Ivo Lund", 0.9, True),
    ],
)
def test_the_answer_is_found_again(
    question: str, kind: str, answer: str | None, yes: float, back: bool
) -> None:
    assert leads_back(FakeModel(yes=yes), question, kind, answer, ONE) is back


def test_a_near_miss_names_a_place_of_another_article() -> None:
    question = "Who won the mayoral election in Tarn?"
    places = {"Velm": "a1", "Kuressa": "a2"}
    assert near_miss(question, ONE, places) == "Who won the mayoral election in Kuressa?"
    assert near_miss(question, ONE, {"Velm": "a1"}) is None
    assert near_miss("Who beat Tarn?", ONE, places) is None


@pytest.mark.parametrize(
    ("question", "answer", "gives"),
    [
        ("Why has Ford stopped taking orders due to high demand?", "high demand", True),
        ("Who says Bergmann is confident?", "Bergman", True),
        ("Who says that the dam is safe?", "Bergman", False),
        ("Why has Ford stopped taking orders?", "high demand", False),
        ("How many ships sank?", "12", False),
    ],
)
def test_a_question_that_gives_its_answer_away(question: str, answer: str, gives: bool) -> None:
    assert gives_away(question, answer) is gives


@pytest.fixture
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "is_good", lambda *args: True)
    monkeypatch.setattr(draft, "leads_back", lambda *args: True)
    monkeypatch.setattr(draft, "gives_away", lambda *args: False)


def test_a_draft_goes_on_where_it_stopped(store: Store, tmp_path: Path, easy: None) -> None:
    whole, parts = tmp_path / "whole.jsonl", tmp_path / "parts.jsonl"
    with Meter() as meter:
        rows = propose(store, Writer(), whole, 9, meter)
        for calls in (2, 4):
            with pytest.raises(KeyboardInterrupt):
                propose(store, Writer(calls), parts, 9, meter)
        propose(store, Writer(), parts, 9, meter)
        again = Writer()
        propose(store, again, parts, 9, meter)
    assert whole.read_text() == parts.read_text()
    assert again.seen == []
    parts.write_text("".join(parts.read_text().splitlines(keepends=True)[2:]))  # d1, d2 taken out
    with Meter() as meter:
        fewer = propose(store, Writer(), parts, 9, meter)
    assert len({row["id"] for row in fewer}) == 9
    assert [row["id"] for row in rows] == [f"d{number}" for number in range(1, 10)]
    assert len({row["question"] for row in rows}) == 9
    assert {row["status"] for row in rows} == {PROPOSED}


def test_a_row_is_what_rag_eval_takes(store: Store, tmp_path: Path, easy: None) -> None:
    path = tmp_path / "d.jsonl"
    with Meter() as meter:
        rows = propose(store, Writer(), path, 12, meter)
    told = [row for row in rows if row["type"] != "unanswerable"]
    assert len(told) >= 8
    for row in told:
        (evidence,) = row["evidence"]
        found = store.article(evidence["doc"])
        assert found is not None
        assert evidence["sentence"] in " ".join(found.article.text.split())
        assert row["must"][0][0] in evidence["sentence"]
    assert count_proposed(path) == 12
    with pytest.raises(InputError, match="no confirmed question"):
        read_questions(path)


def rows_of(*questions: str) -> list[dict[str, Any]]:
    return [
        {"id": f"d{number}", "type": "fact", "question": question, "must": [["x"]],
         "evidence": [{"doc": "a", "sentence": "S.", "says": None}], "status": PROPOSED,
         "drawn": number}
        for number, question in enumerate(questions, start=1)
    ]  # fmt: skip


def replies(*given: str) -> Any:
    left = list(given)

    def ask(prompt: str) -> str:
        if not left:
            raise EOFError
        return left.pop(0)

    return ask


def test_confirming_decides_and_goes_on_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "d.jsonl"
    confirm(path, rows_of("A?", "B?", "C?", "D?"), replies("y", "what", "N", "q"))
    rows = read_draft(path)
    assert [row.get("status") for row in rows] == [None, DROPPED, PROPOSED, PROPOSED]
    assert [row["id"] for row in read_questions(path)] == ["d1"]
    assert "“S.”" in capsys.readouterr().out
    confirm(path, rows, replies("e", "C, really?", "y | yes", "e", ""))  # the input ends
    rows = read_draft(path)
    assert (rows[2]["question"], rows[2]["must"]) == ("C, really?", [["y", "yes"]])
    assert rows[3]["status"] == PROPOSED
    assert "1 of 2  C?" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"id": "a", "question": "Who?"}\n',
        "[]\n",
        '{"id": "a", "question": "Who?", "type": "fact", "must": [["x"]]}\n',  # a gold set
    ],
)
def test_another_file_is_not_written_over(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text(text)
    with pytest.raises(InputError, match=r"other\.jsonl"):
        read_draft(path)
    assert path.read_text() == text


def test_the_command(
    tmp_path: Path,
    tiny_gguf: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    easy: None,
) -> None:
    monkeypatch.setattr("eval.command.platformdirs.user_cache_path", lambda name: tmp_path / name)
    path = tmp_path / "d.jsonl"
    command = ["eval", "--draft", "2", "--articles", str(SEEDS), "--model", str(tiny_gguf)]
    assert run(command) == 2
    assert "--draft takes --questions" in capsys.readouterr().err
    assert run([*command, "--questions", str(path), "--json"]) == 2
    assert "--draft asks nothing yet" in capsys.readouterr().err
    assert run([*command, "--questions", str(path)]) == 0
    told = capsys.readouterr()
    assert "d.jsonl: 2 questions, 2 of them to be confirmed" in told.out
    assert "rag eval --questions" in told.err
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    del rows[0]["status"]
    rows[0]["question"] = "Who took Aleppo?"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    capsys.readouterr()
    asked = ["eval", "--articles", str(SEEDS), "--model", str(tiny_gguf)]
    assert run([*asked, "--questions", str(path)]) == 0
    told = capsys.readouterr()
    assert "1 questions of" in told.err.replace("\n", " ") and "left out" in told.err
    assert told.out.startswith("1 questions of 5 articles")
