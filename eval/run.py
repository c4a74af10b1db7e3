"""Asking a whole set of questions of a folder of articles, and grading what comes.

Answers are kept line by line, so that a run that was interrupted goes on; they belong to the store,
the models, the prompts and the questions that made them, and one of these being another, all is
asked again. A question may have `conversation`, the questions before it, which are asked first.
"""

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.metrics import Graded, grade
from rag import config
from rag.answer.compose import render_text
from rag.answer.schema import NOT_IN_ARTICLES, answer_to_json, stored_to_json
from rag.assistant import Assistant, Offered, ingest
from rag.cli.ask import open_assistant
from rag.cli.options import load_embedder
from rag.errors import InputError
from rag.index.store import Store, open_store
from rag.progress import Progress
from rag.read import weights
from rag.read.follow_up import Turn
from rag.read.prompt import prompts_hash
from rag.records import Answer, Filters, Question

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """A set of questions with its answers by id, and what they are worth. `newest` is the day of
    the newest article."""

    questions: tuple[Row, ...]
    answers: Mapping[str, Row]
    graded: tuple[Graded, ...]
    articles: int
    newest: str | None


def read_questions(path: Path, part: str | None = None) -> tuple[Row, ...]:
    """The questions of a file of JSON lines, without those of a draft that are not confirmed.
    Raises InputError where a line is none."""
    rows = []
    for number, line in enumerate(_lines(path), start=1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(f"{path}:{number} is not JSON") from error
        if not isinstance(row, dict) or not {"id", "question"} <= set(row):
            raise InputError(f'{path}:{number} is not an object with "id" and "question"')
        if not ("type" in row or "answerable" in row):
            raise InputError(f'{path}:{number} has neither "type" nor "answerable"; see eval/')
        rows.append(row)
    rows = [row for row in rows if part in (None, row.get("part"))]
    confirmed = tuple(row for row in rows if "status" not in row)
    if rows and not confirmed:
        raise InputError(
            f'{path} has no confirmed question; look at each and take out its "status", or run '
            "rag eval --draft in a terminal"
        )
    if not rows:
        raise InputError(f"{path} has no question{f' of part {part}' if part else ''}")
    return confirmed


def count_proposed(path: Path) -> int:
    """How many questions of a draft are not decided yet."""
    return sum(json.loads(line).get("status") == "proposed" for line in _lines(path))


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"--questions {path} cannot be read: {error}") from error


def make_store(articles: Path, folder: Path, progress: Progress) -> None:
    """The store of the articles, made or brought up to date."""
    ingest(Offered([articles]), folder, load_embedder(config.DEFAULT_EMBEDDER), progress)


def run_questions(
    questions: Sequence[Row], folder: Path, model: str, kept: Path, progress: Progress
) -> Run:
    """Asks what is not kept yet, each on its own `date`, else on the day after the newest article,
    and grades all."""
    store = open_store(folder)
    try:
        newest = _newest(store)
        day = None if newest is None else _day_after(newest)
        answers = _answers(questions, folder, model, kept, day, progress)
        graded = _grade(questions, answers, store)
        return Run(tuple(questions), answers, graded, store.manifest.articles, newest)
    finally:
        store.close()


def grade_kept(kept: Path, questions: Sequence[Row], folder: Path) -> list[Graded]:
    """Answers of an earlier run, graded. Raises OSError, ValueError or KeyError where the file
    does not hold an answer to each question."""
    answers = {row["id"]: row for row in map(json.loads, kept.read_text("utf-8").splitlines())}
    store = open_store(folder, search=False)
    try:
        return list(_grade(questions, answers, store))
    finally:
        store.close()


def _grade(
    questions: Sequence[Row], answers: Mapping[str, Row], store: Store
) -> tuple[Graded, ...]:
    cited = {c["article_id"] for answer in answers.values() for c in answer["citations"]}
    articles = {article_id: _stored(store, article_id) for article_id in cited}
    return tuple(grade(row, answers[row["id"]], articles) for row in questions)


def _answers(
    questions: Sequence[Row],
    folder: Path,
    model: str,
    kept: Path,
    day: str | None,
    progress: Progress,
) -> dict[str, Row]:
    key = _key(questions, folder, model)
    lines = kept.read_text("utf-8").splitlines() if kept.exists() else []
    rows = [json.loads(line) for line in lines[1:]] if lines[:1] == [key] else []
    if len(rows) in (0, len(questions)):  # a run that was finished is made again
        kept.write_text(key + "\n", encoding="utf-8")
        rows = []
    answers: dict[str, Row] = {row["id"]: row for row in rows}
    assistant = open_assistant(str(folder), model, config.DEFAULT_EMBEDDER, Filters())
    progress.start("Asking", len(questions), "questions")
    with kept.open("a", encoding="utf-8") as out:
        for done, row in enumerate(questions, start=1):
            if row["id"] not in answers:
                answer = answer_to_json(ask_row(assistant, row, day))
                answers[row["id"]] = answer
                out.write(json.dumps(answer, ensure_ascii=False) + "\n")
                out.flush()
            progress.update(done)
    progress.finish()
    return answers


def ask_row(assistant: Assistant, row: Row, day: str | None) -> Answer:
    """The answer to a question, after the questions of its conversation."""
    asked_on = row.get("date") or day
    turns: list[Turn] = []
    for before in row.get("conversation", ()):
        said = _ask(assistant, Question(before, None, asked_on), turns)
        text = render_text(said.statements) or NOT_IN_ARTICLES
        turns.append(Turn(said.question.text, text))
    return _ask(assistant, Question(row["question"], row["id"], asked_on), turns)


def _ask(assistant: Assistant, question: Question, turns: Sequence[Turn]) -> Answer:
    *_, answer = assistant.ask(assistant.as_asked(question, turns), Filters())
    assert isinstance(answer, Answer)
    return answer


def _key(questions: Sequence[Row], folder: Path, model: str) -> str:
    """What answers depend on, as one line."""
    digest = hashlib.sha256(json.dumps(list(questions), sort_keys=True).encode())
    digest.update((folder / "manifest.json").read_bytes())
    digest.update(weights.FILE.read_bytes())
    return json.dumps([model, prompts_hash(), digest.hexdigest()[:16]])


def _newest(store: Store) -> str | None:
    dates = (info.date for info in store.articles(Filters()))
    return max((date for date in dates if date), default=None)


def _day_after(day: str) -> str:
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat()


def _stored(store: Store, article_id: str) -> Row:
    found = store.article(article_id)
    return stored_to_json(found.article) if found else {}
