"""The gate: a short part of the grounding eval with the default models, which no change may make
worse unseen. eval/gate.json has its questions, the least that is asked and the last outcomes."""

import json
from pathlib import Path

from eval.command import SEED_QUESTIONS
from eval.figures import METRICS, outcome
from eval.run import read_questions, run_questions
from rag.cli.terminal import Meter
from rag.config import DEFAULT_LLM
from tests.conftest import ROOT

GATE = json.loads((ROOT / "eval" / "gate.json").read_text("utf-8"))


def test_the_answers_stay_grounded(seed_store: Path, tmp_path: Path) -> None:
    rows = [row for row in read_questions(SEED_QUESTIONS) if row["id"] in GATE["last"]]
    with Meter() as meter:
        run = run_questions(rows, seed_store, DEFAULT_LLM, tmp_path / "answers.jsonl", meter)
    now = {one.id: outcome(one) for one in run.graded}
    moved = [f"{id}: {GATE['last'][id]} -> {now[id]}" for id in now if now[id] != GATE["last"][id]]
    for name, least in GATE["least"].items():
        value = METRICS[name][0](run.graded)
        assert value is not None and value >= least, f"{name} {value} is under {least}; {moved}"


def test_what_is_asked_for_is_not_above_what_was_reached() -> None:
    questions = {row["id"]: row for row in read_questions(SEED_QUESTIONS)}
    assert all(questions[id]["part"] == "report" for id in GATE["last"])
    well = {"right", "refused"}
    for name, unanswerable in (("accuracy", False), ("refusal recall", True)):
        some = [
            was in well
            for id, was in GATE["last"].items()
            if (questions[id]["type"] == "unanswerable") == unanswerable
        ]
        reached = sum(some) / len(some)
        assert reached - 0.15 <= GATE["least"][name] <= reached
    assert GATE["least"]["quote integrity"] == GATE["least"]["date integrity"] == 1
