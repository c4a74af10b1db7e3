"""Questions that were written by hand about the articles of PAIRS.jsonl (see eval/labelled.py).

`reading_questions.jsonl` holds no words of the articles, only where they stand: `article`,
`sentences` and `answer` are what `mark_of` and `place_of` make of them. Of each question all
sentences of its article that answer it are known, none where it is a near miss, so that the others
of that article do not answer.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rag import assistant
from rag.articles.passages import cut_passages
from rag.cli.terminal import tell
from rag.index.embedder import Embedder
from rag.index.store import Store
from rag.read.candidates import Candidate, find_candidates
from rag.records import ArticleInfo, Filters, Hit, Question
from rag.retrieve.search import retrieve

QUESTIONS = Path(__file__).with_name("reading_questions.jsonl")
_OWN = 12  # passages of the article that is asked about, beside those that are found anyway


def mark_of(text: str) -> str:
    """Twelve hex digits for a text, however it is broken into lines."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def article_mark(info: ArticleInfo) -> str:
    """What an article is known by here."""
    return mark_of(f"{info.title} {info.source} {info.date}")


def place_of(answer: str, sentence: str) -> list[int] | None:
    """Where words begin and end in a sentence on one line; None where they do not stand there."""
    at = " ".join(sentence.split()).find(answer)
    return [at, at + len(answer)] if answer and at >= 0 else None


def written_rows(store: Store, questions: Path = QUESTIONS) -> list[dict[str, Any]]:
    """The questions whose article and sentences the store holds, as rows in the manner of
    eval/seed_questions.jsonl, each with its `date`, that of its article, and the article's id."""
    articles = {article_mark(info): info for info in store.articles(Filters())}
    rows = []
    lines = questions.read_text("utf-8").splitlines()
    for line in lines:
        row = json.loads(line)
        info = articles.get(row["article"])
        if info is None:
            continue
        known = _sentences(store, info) if row["sentences"] else {}
        evidence = [known[mark] for mark in row["sentences"] if mark in known]
        if len(evidence) < len(row["sentences"]):
            continue
        begin, end = row["answer"] or (0, 0)
        rows.append(
            {
                "id": row["id"],
                "type": row["kind"],
                "question": row["question"],
                "date": info.date,
                "article_id": info.article_id,
                "evidence": [{"sentence": one, "says": None} for one in evidence],
                "answer": evidence[0][begin:end] if evidence else "",
            }
        )
    if len(rows) < len(lines):
        tell(
            f"{len(lines) - len(rows)} of {len(lines)} questions of {questions} are left out: "
            "their articles or sentences are not in the store"
        )
    return rows


def _sentences(store: Store, info: ArticleInfo) -> dict[str, str]:
    found = store.article(info.article_id)
    text = found.article.text if found else ""
    parts = [text[one.start : one.end] for cut in cut_passages(text) for one in cut]
    return {mark_of(part): " ".join(part.split()) for part in parts}


def candidates_of(
    row: Mapping[str, Any], sources: tuple[Store, Embedder]
) -> tuple[list[Candidate], list[bool]]:
    """The sentences that retrieval finds and those of the question's article, and which are
    right."""
    question = Question(row["question"], row["id"], row["date"])
    hits = list(retrieve(*sources, question, Filters(), assistant.FOUND_PASSAGES).hits)
    day = Filters(since=row["date"], until=row["date"])
    found = {hit.passage.number for hit in hits}
    hits += [
        hit
        for hit in retrieve(*sources, question, day, _OWN).hits
        if is_own(hit, row) and hit.passage.number not in found
    ]
    candidates = list(find_candidates(hits))
    right = {one["sentence"] for one in row["evidence"]}
    return candidates, [is_own(one.hit, row) and one.text in right for one in candidates]


def is_own(hit: Hit, row: Mapping[str, Any]) -> bool:
    """Whether a passage is of the article that is asked about."""
    return bool(hit.passage.article.article_id == row["article_id"])
