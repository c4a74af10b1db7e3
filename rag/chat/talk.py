"""One question from sending to answer, as the views of the page that follow each other.

A view is made where something changed, a few times a second at the most. Not known here: gradio,
and how an answer is made.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from rag.assistant import Found, Read, Said
from rag.chat.job import Job
from rag.chat.render import (
    Progress,
    Texts,
    render_answer,
    render_evidence,
    render_growing,
    render_reading,
)
from rag.chat.session import Shown, shown_of
from rag.errors import RagError
from rag.records import Answer
from rag.server.desk import Asked
from rag.server.line import Waiting

TICK = 0.1  # seconds at least between two views, but before the last
STOPPED = "Stopped. Nothing was answered."


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows now. `message` is the answer's part of the conversation, `evidence`
    the panel beside it, `status` one line for those who do not see them; `shown` is there once
    the answer is whole."""

    message: str
    evidence: str
    status: str
    shown: Shown | None = None


async def follow(turn: int, job: Job, texts: Texts) -> AsyncIterator[View]:
    """Begins the job; the views of its way to an answer. It is stopped when nobody looks any
    more."""
    progress = Progress(status="Searching \u2026")
    try:
        job.begin()
        yield _view(turn, progress)
        while True:
            if job.stopped:
                progress.status = STOPPED
                yield _view(turn, progress, "stopped")
                return
            steps, last = job.take()
            for step in steps:
                if isinstance(step, Answer):
                    yield finished(turn, shown_of(step), texts)
                    return
                _note(progress, step)
            if steps:
                yield _view(turn, progress)
            if last:
                raise RagError("the answer was cut off; ask again")
            if steps:
                await job.pause(TICK)
            await job.news()
    except RagError as error:
        progress.status = _sentence(str(error))
        yield _view(turn, progress, "problem")
    except Exception as error:  # noqa: BLE001  # no traceback reaches a reader
        progress.status = f"Something went wrong ({type(error).__name__}). Ask again."
        yield _view(turn, progress, "problem")
    finally:
        job.stop()


def finished(turn: int, shown: Shown, texts: Texts) -> View:
    """The view of a whole answer."""
    answer = shown.answer
    count, sources = len(answer["statements"]), len(answer["citations"])
    status = (
        f"Answered: {_count(count, 'statement')}, {_count(sources, 'source')}."
        if count
        else str(answer["text"])
    )
    if answer["conflicts"]:
        status += " The articles differ."
    return View(render_answer(turn, shown), render_evidence(turn, shown, texts), status, shown)


def earlier_evidence(history: Sequence[Shown], texts: Texts) -> str:
    """The sources of earlier answers, hidden until one of their marks is chosen."""
    return "".join(
        render_evidence(turn, shown, texts, hidden=True) for turn, shown in enumerate(history, 1)
    )


def _note(progress: Progress, step: object) -> None:
    """Adds to the progress what has happened."""
    if isinstance(step, Waiting):
        progress.status = (
            f"Waiting: {_count(step.ahead, 'question')} before yours." if step.ahead else "Next."
        )
    elif isinstance(step, Asked):
        progress.asked = step.question.text if step.question.as_typed else None
        progress.status = "Searching \u2026"
    elif isinstance(step, Found):
        progress.found = step
        progress.status = f"Reading {_count(len(step.hits), 'passage')} \u2026"
        if not step.hits:
            progress.status = "No article is left to read by these dates and sources."
    elif isinstance(step, Read):
        progress.reads.append(step)
    elif isinstance(step, Said):
        progress.statements.append(step.statement)


def _view(turn: int, progress: Progress, kind: str = "working") -> View:
    return View(
        render_growing(turn, progress, kind), render_reading(turn, progress), progress.status
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
