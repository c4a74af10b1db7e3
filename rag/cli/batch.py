"""`rag ask --batch`: one question a line, one JSON answer a line, in order."""

import json as jsonlib
from dataclasses import replace
from pathlib import Path

from rag.answer.schema import answer_to_json
from rag.assistant import Assistant, Found, check_question
from rag.cli import options
from rag.cli.terminal import Meter, out_json, tell
from rag.errors import InputError, RagError
from rag.records import Answer, Filters, Problem, Question


def read_batch(path: Path, asked_on: str | None) -> list[Question | Problem]:
    """The questions of a file; a line that is none becomes a Problem. Raises InputError where
    the file cannot be read."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"--batch {path} is not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise InputError(f"--batch {path} cannot be read: {error.strerror}") from error
    lines = [(n, line) for n, line in enumerate(content.split("\n"), 1) if line.strip()]
    if not lines:
        raise InputError(f"--batch {path} is empty; give one JSON object with a question a line")
    return [_read_line(f"{path}:{number}", line, asked_on) for number, line in lines]


def _read_line(place: str, line: str, asked_on: str | None) -> Question | Problem:
    try:
        row = jsonlib.loads(line)
    except (ValueError, RecursionError):
        return Problem(place, "it is not JSON")
    if not isinstance(row, dict) or not isinstance(row.get("question"), str):
        return Problem(place, 'it is not a JSON object with a "question"')
    given = row.get("id")
    try:
        text = check_question(row["question"])
        asked = options.day("its date", row.get("date") or asked_on)
    except (RagError, TypeError) as error:
        return Problem(place, str(error))
    return Question(text, None if given is None else str(given), asked)


def ask_batch(assistant: Assistant, lines: list[Question | Problem], wanted: Filters) -> bool:
    """Answers line by line; whether any line was left out."""
    left_out = False
    with Meter() as meter:
        meter.start("Answering", len(lines), "questions")
        for done, line in enumerate(lines, start=1):
            if isinstance(line, Problem):
                tell(f"rag: {line.location}: {line.reason}")
                left_out = True
            else:
                for event in assistant.ask(assistant.as_asked(line), wanted):
                    if isinstance(event, Found) and not event.hits:
                        options.tell_nothing(replace(wanted, as_of=line.asked_on))
                    if isinstance(event, Answer):
                        out_json(answer_to_json(event))
            meter.update(done)
    return left_out
