"""Everyone's answers held against the questions by the same rules.

An answer is taken as `Reply`: sentences with their marks, and the passages that the marks name.
Of a peer the sentences are those of its text, of the product its statements. Right and invented
are what eval/metrics.py makes of the text without marks, for everyone alike. Refused: the product
says so by its status, a peer by its words (refusal.py), and what is right is no refusal.
"""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.answers import holds
from eval.metrics import Graded, grade
from eval.peers.refusal import is_refusal
from rag.articles.sentences import split_sentences

Row = Mapping[str, Any]
# "[1]", "[1, 2]", "[Source 1]", "(Source 1)", "Source 1: ...": as the models write them.
_ONE = r"(?:(?:source|passage)s?\s*)?\d+"
_MARK = re.compile(
    rf"\s*(?:\[\s*{_ONE}(?:\s*(?:,|and|&)\s*{_ONE})*\s*\]"
    rf"|\((?:source|passage)s?\s*\d+(?:\s*(?:,|and|&)\s*{_ONE})*\))"
    r"|^\s*(?:source|passage)\s+\d+:",
    re.IGNORECASE | re.MULTILINE,
)
_AFTER_STOP = re.compile(rf"([.!?][\"'”’]?)((?:{_MARK.pattern})+)", _MARK.flags)


@dataclass(frozen=True, slots=True)
class Passage:
    """What a mark names: its words, and the article's date where it is given with them."""

    mark: int
    text: str
    date: str | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or statement without marks, and its marks."""

    text: str
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of anyone; `text` is all of it without marks, `refused` None where only its words
    tell."""

    id: str
    text: str
    refused: bool | None
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A graded answer and what counts of its citations: sentences with one, all sentences;
    citations that hold the answer, citations that could; the words of each passage cited."""

    graded: Graded
    marked: int
    sentences: int
    holding: int
    citations: int
    dated: bool
    words: tuple[int, ...]


def peer_reply(row: Row) -> Reply:
    """A line of driver.py."""
    sentences = _sentences(row["text"], tuple(row["whole"]))
    passages = [Passage(one["mark"], one["text"], one.get("date")) for one in row["passages"]]
    text = " ".join(one.text for one in sentences)
    return Reply(row["id"], text, None, sentences, tuple(passages), row["seconds"])


def our_reply(answer: Row) -> Reply:
    """A line of `rag eval --save`."""
    sentences = tuple(
        Sentence(_MARK.sub("", one["text"]), tuple(one["citations"]))
        for one in answer["statements"]
    )
    passages = [Passage(one["number"], one["quote"], one["date"]) for one in answer["citations"]]
    return Reply(
        id=answer["id"],
        text=_MARK.sub("", answer["text"]),
        refused=answer["status"] == "not_in_articles",
        sentences=sentences,
        passages=tuple(passages),
        seconds=answer["timings_ms"]["total"] / 1000,
    )


def judge(question: Row, reply: Reply, days: Iterable[str]) -> Judged:
    """One answer against its question; `days` are the dates of the articles."""
    given = grade(question, _as_answer(reply, refused=False), {})
    refused = is_refusal(reply.text) and not given.right if reply.refused is None else reply.refused
    graded = grade(question, _as_answer(reply, refused=True), {}) if refused else given
    by_mark = {one.mark: one for one in reply.passages}
    marks = dict.fromkeys(mark for one in reply.sentences for mark in one.marks)
    cited = [by_mark[mark] for mark in marks if mark in by_mark]
    counts = graded.answerable and not refused
    return Judged(
        graded=graded,
        marked=0 if refused else sum(any(m in by_mark for m in s.marks) for s in reply.sentences),
        sentences=0 if refused else len(reply.sentences),
        holding=sum(_holds(question, one.text) for one in cited) if counts else 0,
        citations=len(marks) if counts else 0,
        dated=not refused and _is_dated(reply.text, cited, days),
        words=() if refused else tuple(len(one.text.split()) for one in cited),
    )


def _as_answer(reply: Reply, *, refused: bool) -> Row:
    """As eval/metrics.py takes an answer; of citations it is not asked."""
    return {
        "status": "not_in_articles" if refused else "answered",
        "text": reply.text,
        "statements": (),
        "citations": (),
        "probability": 0.0,
        "timings_ms": {"first_evidence": 0, "first_token": 0, "total": reply.seconds * 1000},
    }


def _sentences(text: str, whole: tuple[int, ...]) -> tuple[Sentence, ...]:
    """The sentences of a plain text. Marks behind a full stop belong to what is before it, unless
    the text opens with one: then they stand before what they are for."""
    text = _AFTER_STOP.sub(r"\1\n\2" if _MARK.match(text) else r"\2\1", text)
    pieces = [text[span.start : span.end] for span in split_sentences(text)]
    return tuple(
        Sentence(_MARK.sub("", piece).strip(), _marks(piece) + whole)
        for piece in pieces
        if re.search(r"\w", _MARK.sub("", piece))
    )


def _marks(text: str) -> tuple[int, ...]:
    numbers = [
        int(number) for mark in _MARK.findall(text) for number in re.findall(r"\d{1,4}", mark)
    ]
    return tuple(dict.fromkeys(numbers))


def _holds(question: Row, text: str) -> bool:
    """Whether a passage has words that answer; of several lists of wordings one is enough, as the
    others may be cited from elsewhere."""
    if "must" in question:
        return any(wording.lower() in text.lower() for some in question["must"] for wording in some)
    return holds(text, question["answer"])


def _is_dated(text: str, cited: Sequence[Passage], days: Iterable[str]) -> bool:
    """Whether a date of the source is given: beside a passage cited, in its words or in the
    answer's, there as one of the articles' dates in a usual way of writing."""
    if any(one.date for one in cited):
        return True
    told = " ".join([text, *(one.text for one in cited)]).lower()
    return any(way in told for day in days for way in _ways(day))


def _ways(day: str) -> tuple[str, ...]:
    date = datetime.date.fromisoformat(day)
    month = f"{date:%B}".lower()
    return day, f"{month} {date.day}, {date.year}", f"{date.day} {month} {date.year}"
