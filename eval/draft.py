"""Proposes questions about a user's own articles, for him to confirm.

A sentence is drawn, the language model writes a question about something in it, and code keeps what
can be asked alone: a question with a name, in the sentence's terms, without its answer, that leans
on nothing. Of every fourth that asks about a place a near miss is made by naming a place of another
article instead; the articles do not answer it unless they tell the same of that place, which is for
the reader to see. Each row has the form of eval/README.md and `status` `proposed` until confirmed.
"""

import itertools
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.answers import holds
from eval.labelled import is_asking
from eval.make_questions import draw, reason_in, write_question
from rag.errors import InputError
from rag.index.analysis import terms_of, words_of
from rag.index.store import Store
from rag.progress import Progress
from rag.read.candidates import Candidate
from rag.read.kinds import read_kind
from rag.read.leaning import leans
from rag.read.llm import LanguageModel
from rag.read.reader import ask_whether
from rag.read.sentence_model import point
from rag.read.speaker import find_speaker
from rag.read.values import find_values
from rag.read.words import find_words, likeliest
from rag.records import Filters

Row = dict[str, Any]
PROPOSED, DROPPED = "proposed", "dropped"
TYPES = {"number": "figure", "money": "figure", "percent": "figure", "date": "date",
         "place": "place", "name": "fact", "speaker": "attribution", "reason": "why"}  # fmt: skip
_AGREED = 0.3  # eval/LOG.md, "Questions drafted from articles"
_SHARED = 0.5  # of a question's terms must stand in its sentence or title
_ALIKE = 5  # letters
_LOOKED_THROUGH = 200  # articles
_TRIES = 30  # sentences drawn for each question wanted
_EVERY = 4  # one near miss for so many questions
_NAMES = frozenset(("name", "place"))
_IN_PLACE = re.compile(r"\b(?:in|at|near|from) $")


def read_draft(path: Path) -> list[Row]:
    """What was proposed before, here or by eval/judged.py; empty where there is no file.
    Raises InputError where it is none of ours."""
    if not path.exists():
        return []
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise InputError(f"--questions {path} cannot be gone on with: {error}") from error
    ours = all(isinstance(row, dict) and {"id", "question", "type"} <= set(row) for row in rows)
    if not ours or (rows and not any({"drawn", "judged"} & set(row) for row in rows)):
        raise InputError(f"--questions {path} holds other questions; name a new file for these")
    return rows


def write_draft(path: Path, rows: Sequence[Row]) -> None:
    """All rows, at once or not at all."""
    making = path.with_name(path.name + ".part")
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    making.write_text(text, encoding="utf-8")
    os.replace(making, path)


def propose(
    store: Store, llm: LanguageModel, path: Path, count: int, progress: Progress
) -> list[Row]:
    """Adds to the file until it has `count` rows, or the articles give no more; all of its rows.
    The same articles and model give the same rows, whatever was interrupted."""
    rows = read_draft(path)
    progress.start("Proposing", count, "questions")
    proposals = _proposals(store, llm, rows, count)
    while len(rows) < count and (some := next(proposals, None)):
        for row in some[: count - len(rows)]:
            rows.append({"id": _next_id(rows), **row})
        write_draft(path, rows)
        progress.update(len(rows))
    progress.finish()
    return rows


def _next_id(rows: Sequence[Row]) -> str:
    """One that no row has, even where the user took rows out or put his own in."""
    known = {row["id"] for row in rows}
    return next(name for number in itertools.count(1) if (name := f"d{number}") not in known)


def _proposals(
    store: Store, llm: LanguageModel, known: Sequence[Row], count: int
) -> Iterator[list[Row]]:
    """New rows, without ids: a question, and its near miss. What was drawn for the known
    ones is drawn again and passed over."""
    places = _places(store)
    asked = {row["question"] for row in known}
    after = max((row.get("drawn", 0) for row in known), default=0)
    used = set[tuple[str, str]]()
    kept = sum(row["type"] != "unanswerable" for row in known)
    drawn = enumerate(draw(store, oldest="", kinds=frozenset(TYPES)), start=1)
    for number, (one, (kind, answer, opening)) in itertools.islice(drawn, after + _TRIES * count):
        is_new = (one.text, kind) not in used
        used.add((one.text, kind))
        if number <= after or not is_new:
            continue
        question = write_question(llm, one, answer, opening)
        if question in asked or not is_good(question, kind, one):
            continue
        if gives_away(question, answer or reason_in(one.text)):
            continue
        if not leads_back(llm, question, kind, answer, one):
            continue
        asked.add(question)
        kept += 1
        some = [row_of(question, kind, answer, one)]
        if kept % _EVERY == 0 and (miss := near_miss(question, one, places)):
            some.append({"type": "unanswerable", "near": "wrong_event", "question": miss,
                         "status": PROPOSED})  # fmt: skip
        yield [{**row, "drawn": number} for row in some]


def is_good(question: str, kind: str, one: Candidate) -> bool:
    """Whether a question can be asked alone and is about its sentence."""
    if not is_asking({"question": question, "kind": kind}) or leans(question):
        return False
    if not any(value.kind == "name" for value in find_values(question)):
        return False
    terms = set(terms_of(question))
    there = set(terms_of(f"{one.hit.passage.article.title} {one.shown}"))
    return bool(terms) and len(terms & there) >= _SHARED * len(terms)


def gives_away(question: str, answer: str) -> bool:
    """Whether half of the answer's words stand in the question, or begin like words of it
    ("Bergmann" for "Bergman")."""
    begins = {word[:_ALIKE] for word in words_of(question) if len(word) >= _ALIKE}
    terms = set(terms_of(question))
    told = [
        bool(set(terms_of(word)) & terms) or word[:_ALIKE] in begins for word in words_of(answer)
    ]
    return 2 * sum(told) >= len(told) > 0


def leads_back(
    llm: LanguageModel, question: str, kind: str, answer: str | None, one: Candidate
) -> bool:
    """Whether reading the sentence with the question finds the answer that it was written for (as
    Alberti and others, "Synthetic QA corpora generation with roundtrip consistency", 2019): words
    that answer are those, and the language model says that the sentence answers. A name must be
    what the sentence model points at of itself, as it may be the only one and still be another."""
    if answer is not None and kind != "speaker":
        if kind in _NAMES:
            found = likeliest(point(question, one), one)
        else:
            found = find_words(llm, question, read_kind(question), one)
        words = "" if found is None else one.hit.passage.slice(found)
        if not words or not (holds(words, answer) or holds(answer, words)):
            return False
    return ask_whether(llm, question, one) >= _AGREED


def row_of(question: str, kind: str, answer: str | None, one: Candidate) -> Row:
    """The question as a row that `rag eval` takes once it is confirmed."""
    must = answer if answer is not None else reason_in(one.text)
    return {
        "type": TYPES[kind],
        "question": question,
        "must": [[must]],
        "evidence": [
            {
                "doc": one.hit.passage.article.article_id,
                "sentence": one.text,
                "says": find_speaker(one.text),
            }
        ],
        "status": PROPOSED,
    }


def near_miss(question: str, one: Candidate, places: Mapping[str, str]) -> str | None:
    """The question about a place that only another article names; None where it names no place
    of this sentence."""
    for value in find_values(question):
        name = question[value.span.start : value.span.end]
        is_place = value.kind == "name" and _IN_PLACE.search(question[: value.span.start])
        if not is_place or name not in one.shown:
            continue
        own = one.hit.passage.article.article_id
        other = next((p for p, article in places.items() if article != own), None)
        return other and question[: value.span.start] + other + question[value.span.end :]
    return None


def _places(store: Store) -> dict[str, str]:
    """Names behind "in" or "near" that one article alone has, with that article; in the order of
    the articles, of which only the first are looked through: each takes some hundredths of a
    second."""
    seen: dict[str, set[str]] = {}
    for info in itertools.islice(store.articles(Filters()), _LOOKED_THROUGH):
        found = store.article(info.article_id)
        text = found.article.text if found else ""
        for value in find_values(text):
            if value.kind == "name" and _IN_PLACE.search(text[: value.span.start][-6:]):
                name = " ".join(text[value.span.start : value.span.end].split())
                seen.setdefault(name, set()).add(info.article_id)
    return {name: next(iter(own)) for name, own in seen.items() if len(own) == 1}
