"""A room that answers by a script, through the real line, and the records that it answers with."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.assistant import Found, Read, Said
from rag.chat.job import GiveUp
from rag.chat.room import Wish, filters_of
from rag.index.writer import IngestReport
from rag.read.candidates import Candidate
from rag.read.follow_up import Turn
from rag.records import (
    Answer,
    ArticleInfo,
    Citation,
    Conflict,
    Finding,
    Hit,
    Passage,
    Position,
    Problem,
    Question,
    Span,
    Statement,
    Timings,
)
from rag.server.desk import Asked
from rag.server.line import Deliver, Line, Ticket


def info_of(title: str = "A title", **fields: object) -> ArticleInfo:
    """What is known of an article."""
    known: dict[str, object] = {
        "article_id": "a1", "source": "The Herald", "date": "2024-12-02",
        "date_basis": "metadata", "location": "/articles/a1.txt",
    }  # fmt: skip
    return ArticleInfo(title=title, **{**known, **fields})  # type: ignore[arg-type]


def hit_of(text: str, info: ArticleInfo, number: int = 1, start: int = 0) -> Hit:
    """A passage that is one sentence."""
    span = Span(start, start + len(text))
    return Hit(Passage(number, info, text, span, (span,)), 1.0)


def read_of(hit: Hit, support: float) -> Read:
    """The passage's sentence, read."""
    span = hit.passage.span
    candidate = Candidate(hit, 0, span, span)
    return Read(candidate, Finding(hit.passage, span, span, span, support, None), support >= 0.5)


def answer_of(
    question: str,
    statements: Sequence[Statement] = (),
    citations: Sequence[Citation] = (),
    conflicts: Sequence[Conflict] = (),
    nearest: Sequence[Hit] = (),
    as_typed: str | None = None,
) -> Answer:
    """An answer of these parts."""
    status = "not_in_articles"
    if statements:
        status = "conflicting" if conflicts else "answered"
    return Answer(
        question=Question(question, None, None, as_typed), status=status,  # type: ignore[arg-type]
        statements=tuple(statements), citations=tuple(citations), conflicts=tuple(conflicts),
        nearest=tuple(nearest), window=None, probability=0.9, checks=(),
        timings=Timings(1, 1, 2, 3), embedder="e", llm="l", prompts="p",
    )  # fmt: skip


TEXT = "Ten were hurt, the mayor said on 1 December. Later she said that it was twelve."
FIRST, SECOND = Span(0, 44), Span(45, len(TEXT))


def two_sided(question: str, as_typed: str | None = None) -> Answer:
    """Two statements that differ, of two articles."""
    older, newer = info_of("Ten hurt", date="2024-12-01"), info_of("Twelve hurt", article_id="a2")
    cite = [
        Citation(1, newer, TEXT[SECOND.start : SECOND.end], SECOND),
        Citation(2, older, TEXT[FIRST.start : FIRST.end], FIRST),
    ]
    said = [
        Statement("Later she said that it was twelve.", (1,), None, 0.9, "twelve"),
        Statement("Ten were hurt, the mayor said.", (2,), "the mayor", 0.8, "ten", "--12-01"),
    ]
    sides = Conflict("people", (Position("twelve", (1,)), Position("ten", (2,))))
    return answer_of(question, said, cite, [sides], as_typed=as_typed)


Work = Callable[[Wish, Sequence[Turn]], Iterator[object]]


def script(wish: Wish, turns: Sequence[Turn]) -> Iterator[object]:
    """What the question's own words ask for: "slow", "refuse", "follow"; else two statements."""
    text = wish.text
    full = "How many were hurt in the fire?" if "follow" in text and turns else text
    yield Asked(Question(full, None, None, text if full != text else None))
    hit = hit_of(TEXT[FIRST.start : FIRST.end], info_of())
    yield Found((hit, hit_of("Another.", info_of("Another", article_id="a3"), 2)), None)
    for _ in range(300 if "slow" in text else 1):
        time.sleep(0.05)
        yield read_of(hit, 0.9)
    if "refuse" in text:
        yield answer_of(full, nearest=(hit,))
        return
    answer = two_sided(full, text if full != text else None)
    for statement in answer.statements:
        yield Said(statement)
    yield answer


@dataclass
class ScriptedRoom:
    """See rag.chat.room.Room."""

    feedback_folder: Path
    work: Work = script
    texts: dict[str, str] = field(default_factory=lambda: {"a1": TEXT, "a2": TEXT})
    most_waiting: int = 32
    added: list[str] = field(default_factory=list)
    closed: int = 0

    def __post_init__(self) -> None:
        self.line: Line[tuple[Wish, Sequence[Turn]]] = Line(self._work, self.most_waiting)
        self._lock = threading.Lock()

    def _work(self, ticket: Ticket[tuple[Wish, Sequence[Turn]]]) -> Iterator[object]:
        try:
            yield from self.work(*ticket.order)
        finally:
            self.closed += 1

    def ask(self, wish: Wish, turns: Sequence[Turn], deliver: Deliver) -> GiveUp:
        filters_of(wish)
        ticket = self.line.join((wish, turns), deliver)
        return lambda: self.line.leave(ticket)

    def text(self, article_id: str) -> str | None:
        return self.texts.get(article_id)

    def add(self, files: Sequence[Path]) -> IngestReport:
        self.added += [file.name for file in files]
        return IngestReport(
            new=["x"], problems=[Problem("/some/where/bad.txt", "it is empty")], articles=6
        )

    def held(self) -> str:
        return f"{5 + len(self.added)} articles."

    def sources(self) -> list[str]:
        return ["The Herald"]

    def models(self) -> list[str]:
        return ["small", "large"]

    def use_model(self, name: str) -> None: ...

    def examples(self) -> list[str]:
        return ["What happened in Aleppo?", "Who <b>said</b> it?"]
