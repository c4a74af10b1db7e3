"""Makes questions of what readers said of answers on the page.

The file is that of rag.chat.feedback. An answer that a reader called good gives a question that
counts at once: what was cited is right, and what was refused is not in the articles. Of one that he
called bad, or only remarked on, nobody knows yet what would be right: its question is proposed, as
those of eval/draft.py are, for somebody to say so.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.draft import PROPOSED, TYPES, Row
from rag.errors import InputError
from rag.read.features import is_of_kind
from rag.read.kinds import read_kind
from rag.read.values import find_values, same_value

SCHEMA = 1  # of the lines that are understood
_ANSWER = frozenset(("question", "asked_on", "text", "statements", "citations", "conflicts"))


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer with the last verdict on it and the last comment."""

    answer: Mapping[str, Any]
    verdict: str | None = None
    comment: str | None = None


def read_feedback(path: Path) -> list[Judged]:
    """The answers that somebody judged or remarked on, in the order of their first judgement; one
    whose judgement was taken back is left out. Raises InputError, with the line."""
    judged: dict[str, Judged] = {}
    for line in _lines(path):
        key = id_of(line["answer"])
        before = judged.get(key, Judged(line["answer"]))
        if line["comment"] and not line["verdict"]:
            judged[key] = replace(before, comment=line["comment"])
        else:
            comment = line["comment"] or before.comment
            judged[key] = replace(before, verdict=line["verdict"], comment=comment)
    return [one for one in judged.values() if one.verdict or one.comment]


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"--feedback {path} cannot be read: {error}") from error
    for number, written in enumerate(text.split("\n"), start=1):
        if not written.strip():
            continue
        try:
            line = json.loads(written)
        except ValueError as error:
            raise InputError(f"{path}:{number} is not JSON") from error
        if not isinstance(line, dict) or not {"verdict", "comment", "answer"} <= set(line):
            raise InputError(f"{path}:{number} is no judgement that `rag chat` has kept")
        if line.get("schema") != SCHEMA or _ANSWER - set(line["answer"]):
            raise InputError(f"{path}:{number} was kept by another version of `rag chat`")
        yield line


def id_of(answer: Mapping[str, Any]) -> str:
    """The same for the same answer to the same question of the same day."""
    known = json.dumps([answer["question"], answer["asked_on"], answer["text"]])
    return "f" + hashlib.sha256(known.encode()).hexdigest()[:10]


def add_judged(rows: list[Row], judged: list[Judged]) -> list[Row]:
    """The rows, followed by those of judged answers that are not among them."""
    known = {row["id"] for row in rows}
    return rows + [row for one in judged if (row := row_of(one))["id"] not in known]


def row_of(judged: Judged) -> Row:
    """The question as a row that `rag eval` takes, once it is confirmed where it is proposed."""
    answer = judged.answer
    row: Row = {"id": id_of(answer), "judged": True, "question": answer["question"]}
    if answer["asked_on"]:
        row["date"] = answer["asked_on"]
    if judged.verdict == "up":
        return row | _confirmed(answer)
    told = {"status": PROPOSED, "answered": answer["text"], "comment": judged.comment}
    return row | {"type": _type_of(answer["question"]), "must": [], "evidence": []} | told


def _confirmed(answer: Mapping[str, Any]) -> Row:
    if not answer["statements"]:
        return {"type": "unanswerable"}
    cited = {citation["number"]: citation for citation in answer["citations"]}
    kind, first = _type_of(answer["question"]), answer["statements"][0]
    must = [[_must(answer["question"], cited[n]["quote"]) for n in first["citations"]]]
    if answer["conflicts"]:
        kind = "conflict"
        must = [[one["value"]] for one in answer["conflicts"][0]["positions"]]
    return {
        "type": kind,
        "must": must,
        "evidence": [
            {
                "doc": cited[n]["article_id"],
                "sentence": cited[n]["quote"],
                "says": statement["speaker"],
            }
            for statement in answer["statements"]
            for n in statement["citations"]
        ],
    }


def _must(question: str, quote: str) -> str:
    """The one value of the kind asked for in the quote that the question has not, so that another
    article may be cited for it; else the quote."""
    known, asked = find_values(question), read_kind(question)
    if asked.kind not in TYPES:
        return quote
    values = [
        quote[value.span.start : value.span.end]
        for value in find_values(quote)
        if is_of_kind(value, asked) and not any(same_value(value, other) for other in known)
    ]
    return values[0] if len(values) == 1 else quote


def _type_of(question: str) -> str:
    return TYPES.get(read_kind(question).kind, "fact")
