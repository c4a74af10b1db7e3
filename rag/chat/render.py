"""Answers, evidence and reports as HTML in which text of articles is only ever text.

Every template escapes what it is given; nothing here marks a string as safe that came from an
article, a question or a file's name. Not known here: gradio, and how an answer is made.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import jinja2

from rag.answer import naming
from rag.answer.schema import hit_to_json
from rag.assistant import Found, Read
from rag.chat import words
from rag.chat.session import Shown
from rag.index.writer import IngestReport
from rag.records import Statement

MOST_TEXT = 12_000  # characters of an article that a card shows around its quote
_PROBLEMS = 20  # shown one by one
Texts = Callable[[str], str | None]
_LABELS = {"waiting": "to be read", "tells": "speaks of it", "silent": "does not tell"}


@dataclass(slots=True)
class Progress:
    """What has happened on the way to an answer. `asked` is the full question where it is not
    what was typed."""

    status: str = ""
    asked: str | None = None
    found: Found | None = None
    reads: list[Read] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An article's text around the words that are cited, and whether it is cut."""

    before: str
    words: str
    after: str
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One card of the evidence. `number` is the citation's; `name` is it, or "near-1"."""

    name: str
    number: int | None
    state: Literal["cited", "near"]
    row: Mapping[str, Any]
    words: str
    article: Excerpt | None
    outlets: tuple[str, ...] = ()

    @property
    def basis(self) -> str:
        """How the date is known."""
        return words.basis(self.row)

    @property
    def flags(self) -> list[str]:
        """What a reader should know of the article."""
        return words.flags(self.row)

    @property
    def link(self) -> str | None:
        """Where the original lies on the web."""
        return naming.safe_link(str(self.row["location"]))


@dataclass(frozen=True, slots=True)
class Event:
    """A statement at the time that it speaks of; `key` sorts it."""

    key: str
    label: str
    text: str
    citations: tuple[int, ...]


def render_typed(text: str) -> str:
    """What a reader typed. Gradio's own messages would take HTML in it for markup."""
    return _fill("typed", text=text)


def render_answer(turn: int, shown: Shown) -> str:
    """The finished answer in the conversation."""
    cited = {row["number"]: row for row in shown.answer["citations"]}
    return _fill(
        "answer",
        turn=turn,
        answer=shown.answer,
        cited=cited,
        nearest=shown.nearest,
        events=timeline(shown.answer),
    )


def render_growing(turn: int, progress: Progress, kind: str = "working") -> str:
    """The answer as far as it has come; `kind` is "working", "stopped" or "problem"."""
    return _fill(
        "growing",
        turn=turn,
        asked=progress.asked,
        statements=progress.statements,
        status=progress.status,
        kind=kind,
    )


def render_reading(turn: int, progress: Progress) -> str:
    """The passages that are being read, each with what has come of it."""
    hits = list(progress.found.hits) if progress.found else []
    states = {hit.passage.number: "waiting" for hit in hits}
    for read in progress.reads:
        hit = read.candidate.hit
        if hit.passage.number not in states:
            hits.append(hit)
        if states.get(hit.passage.number) != "tells":
            states[hit.passage.number] = "tells" if read.tells else "silent"
    cards = [
        {"hit": hit_to_json(hit), "state": states[number], "label": _LABELS[states[number]]}
        for hit in hits
        for number in [hit.passage.number]
    ]
    return _fill("reading", turn=turn, cards=cards, status=progress.status)


def render_evidence(turn: int, shown: Shown, texts: Texts, hidden: bool = False) -> str:
    """The sources of an answer as cards with their articles; of a refusal, the nearest passages.
    `texts` gives an article's stored text by its id."""
    cards = [
        Card(str(row["number"]), row["number"], "cited", row, row["quote"], excerpt(row, texts))
        for row in shown.answer["citations"]
    ]
    if not cards:
        cards = [
            Card(
                f"near-{n}", None, "near", row, _first_words(row["text"]),
                excerpt({**row, "quote": row["text"]}, texts), tuple(row["outlets"]),
            )
            for n, row in enumerate(shown.nearest, 1)
        ]  # fmt: skip
    return _fill(
        "evidence",
        turn=turn,
        answer=shown.answer,
        nearest=shown.nearest,
        cards=cards,
        hidden=hidden,
    )


def render_report(report: IngestReport) -> str:
    """What became of the files that were added."""
    problems = [f"{Path(p.location).name}: {p.reason}" for p in report.problems[:_PROBLEMS]]
    more = len(report.problems) - len(problems)
    if more:
        problems.append(f"and {more:,} more like these")
    return _fill("report", counts=counts(report), problems=problems)


def render_problem(text: str) -> str:
    """One line that tells what went wrong."""
    return _fill("report", counts=text.rstrip("."), problems=[])


def render_status(text: str) -> str:
    """One line for those who do not see the page change."""
    return _fill("status", text=text)


def render_empty() -> str:
    """The evidence before anything was asked."""
    return _fill("empty")


def render_heading(held: str) -> str:
    """The page's heading; `held` says what the store holds."""
    return _fill("heading", held=held)


def counts(report: IngestReport) -> str:
    """The report in one line."""
    parts = {
        "new": len(report.new),
        "changed": len(report.changed),
        "unchanged": len(report.unchanged),
        "duplicate": len(report.duplicates),
        "undated": len(report.undated),
        "failed": len(report.failed),
    }
    said = [f"{n:,} {name}" for name, n in parts.items() if n or name == "new"]
    return f"{', '.join(said)}; there are {report.articles:,} articles now"


def excerpt(row: Mapping[str, Any], texts: Texts) -> Excerpt | None:
    """The article around the words that are cited; None where they do not stand there any more."""
    text, start, end = texts(row["article_id"]), row["start"], row["end"]
    if text is None or not 0 <= start < end <= len(text) or text[start:end] != row["quote"]:
        return None
    first = max(0, start - MOST_TEXT // 2) if len(text) > MOST_TEXT else 0
    last = min(len(text), end + MOST_TEXT // 2) if len(text) > MOST_TEXT else len(text)
    return Excerpt(text[first:start], text[start:end], text[end:last], first > 0, last < len(text))


def timeline(answer: Mapping[str, Any]) -> list[Event]:
    """The statements in the order of the days that they speak of, else of their articles'; none
    where all are of one day."""
    cited = {row["number"]: row for row in answer["citations"]}
    events = []
    for statement in answer["statements"]:
        dates = [cited[n]["date"] for n in statement["citations"] if n in cited]
        reported = next((date for date in dates if date), "")
        speaks_of = statement["speaks_of"]
        key = _placed(speaks_of, reported) if speaks_of else reported
        if not key:
            continue
        label = f"reported {words.day(reported)}" if reported else "no date given"
        if speaks_of:
            names = "speaks of" if statement.get("speaks_of_basis") == "inferred" else "names"
            label = f"{names} {words.day(speaks_of)}, {label}"
        events.append(Event(key, label, statement["text"], tuple(statement["citations"])))
    return sorted(events, key=lambda e: e.key) if len({e.key for e in events}) > 1 else []


def _placed(speaks_of: str, reported: str) -> str:
    """A date without a year gets the last one that does not lie after the article's day."""
    if not speaks_of.startswith("--"):
        return speaks_of
    year = reported[:4]
    if not (year.isascii() and year.isdigit()):
        return ""
    return f"{int(year) - (speaks_of[2:] > reported[5:]):04}-{speaks_of[2:]}"


def _first_words(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 280 else line[:280].rpartition(" ")[0] + " \u2026"


@functools.cache
def _environment() -> jinja2.Environment:
    folder = Path(__file__).with_name("templates")
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, undefined=jinja2.StrictUndefined
    )
    made.filters |= {
        "day": words.day,
        "month": words.day,
        "outlet": words.outlet,
        "file_name": words.file_name,
        "spoken_date": words.spoken_date,
        "span_of_days": words.span_of_days,
    }
    return made


def _fill(name: str, **values: object) -> str:
    return _environment().get_template(f"{name}.html.jinja").render(values)
