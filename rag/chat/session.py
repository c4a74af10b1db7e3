"""A conversation of the page: what the browser keeps of it, and how it is exported.

What comes back from a browser is data of unknown origin: it is used only where it has the shape
of an answer (schema 1) throughout, and it is shown through the same templates as any other text.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.answer.schema import answer_to_json, hit_to_json
from rag.chat import words
from rag.read.follow_up import Turn
from rag.records import Answer

MOST_TURNS = 30  # kept in a browser, which stores about 5 MB
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+.!|<>~$&-])")
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Shown:
    """A question and its answer as the page shows it: `answer` is the one JSON of an answer,
    `nearest` are passages as `rag search --json` prints them, of a refusal only."""

    answer: Mapping[str, Any]
    nearest: tuple[Mapping[str, Any], ...] = ()

    @property
    def typed(self) -> str:
        """What the reader typed."""
        return str(self.answer["as_typed"] or self.answer["question"])


def shown_of(answer: Answer) -> Shown:
    """What the page keeps of an answer."""
    return Shown(answer_to_json(answer), tuple(hit_to_json(hit) for hit in answer.nearest))


def turns_of(history: Sequence[Shown]) -> tuple[Turn, ...]:
    """The conversation as a follow-up is made full with."""
    return tuple(Turn(shown.answer["question"], shown.answer["text"]) for shown in history)


def to_browser(history: Sequence[Shown]) -> list[dict[str, Any]]:
    """The newest turns as JSON."""
    return [
        {"answer": dict(shown.answer), "nearest": [dict(row) for row in shown.nearest]}
        for shown in history[-MOST_TURNS:]
    ]


def from_browser(kept: object) -> tuple[Shown, ...]:
    """The turns that a browser kept, without those that are no answers of ours or hold half a
    character (a lone surrogate), which cannot be sent back."""
    if not isinstance(kept, list):
        return ()
    return tuple(
        Shown(row["answer"], tuple(row["nearest"]))
        for row in kept[-MOST_TURNS:]
        if fits(row, _TURN) and not _HALF.search(json.dumps(row, ensure_ascii=False))
    )


def fits(value: object, shape: object) -> bool:
    """Whether JSON has a shape: a type, a tuple of shapes to choose from, a list of one shape, or
    a dict of shapes, all of whose keys must be there."""
    if isinstance(shape, tuple):
        return any(fits(value, one) for one in shape)
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(one, shape[0]) for one in value)
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(
            key in value and fits(value[key], one) for key, one in shape.items()
        )
    if shape is None:
        return value is None
    wanted = (int, float) if shape is float else (shape,)
    return type(value) in wanted


_OPTIONAL = (str, None)
_CITATION = {
    "number": int, "article_id": str, "title": str, "source": _OPTIONAL, "date": _OPTIONAL,
    "date_basis": str, "location": str, "quote": str, "start": int, "end": int, "flags": [str],
}  # fmt: skip
_STATEMENT = {
    "text": str, "citations": [int], "speaker": _OPTIONAL, "support": float, "value": str,
    "speaks_of": _OPTIONAL, "contradicts": _OPTIONAL,
}  # fmt: skip
_HIT = {
    "article_id": str, "title": str, "source": _OPTIONAL, "date": _OPTIONAL, "location": str,
    "text": str, "start": int, "end": int, "score": float, "outlets": [str],
}  # fmt: skip
_ANSWER = {
    "schema": int,
    "question": str,
    "as_typed": _OPTIONAL,
    "notes": [str],
    "asked_on": _OPTIONAL,
    "status": str,
    "text": str,
    "statements": [_STATEMENT],
    "citations": [_CITATION],
    "conflicts": [{"about": str, "positions": [{"value": str, "citations": [int]}]}],
    "window": ({"since": _OPTIONAL, "until": _OPTIONAL, "words": str}, None),
    "probability": float,
}
_TURN = {"answer": _ANSWER, "nearest": [_HIT]}


def export_json(history: Sequence[Shown]) -> str:
    """The conversation as JSON: one answer (schema 1) a turn, `nearest` beside a refusal's."""
    turns = [{**shown.answer, "nearest": list(shown.nearest)} for shown in history]
    return json.dumps({"schema": 1, "turns": turns}, ensure_ascii=False, indent=1) + "\n"


def export_markdown(history: Sequence[Shown]) -> str:
    """The conversation as Markdown, every statement with its marks, the sources below."""
    return "\n".join(line for shown in history for line in _markdown(shown))


def _markdown(shown: Shown) -> list[str]:
    answer = shown.answer
    lines = [f"## {_plain(shown.typed)}", ""]
    if answer["as_typed"]:
        lines += [f"Asked as: {_plain(answer['question'])}", ""]
    for statement in answer["statements"]:
        numbers = "".join(f"\\[{number}\\]" for number in statement["citations"])
        said = f" ({_plain(statement['speaker'])})" if statement["speaker"] else ""
        denies = "The articles say otherwise: " if statement["contradicts"] else ""
        lines.append(f"- {denies}{_plain(statement['text'])}{said} {numbers}")
    if not answer["statements"]:
        lines.append(_plain(answer["text"]))
    for conflict in answer["conflicts"]:
        lines += ["", f"The articles differ ({_plain(conflict['about'])}), newest first:", ""]
        for position in conflict["positions"]:
            numbers = "".join(f"\\[{number}\\]" for number in position["citations"])
            lines.append(f"- {_plain(position['value'])} {numbers}")
    lines.append("")
    for row in answer["citations"]:
        date = f"{words.spoken_date(row)}, {words.basis(row)}".removesuffix(", ")
        lines.append(
            f"\\[{row['number']}\\] {_plain(words.outlet(row))}, {date}: {_plain(row['title'])}"
        )
        lines += ["", f"> {_plain(row['quote'])}", ""]
    for row in shown.nearest:
        date = words.spoken_date(row)
        lines.append(
            f"Near, no answer: {_plain(words.outlet(row))}, {date}: {_plain(row['title'])}"
        )
        lines.append("")
    return lines


def _plain(text: str) -> str:
    """Text on one line in which nothing is Markdown."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
