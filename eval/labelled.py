"""Questions whose candidate sentences are known to answer or not: what reading is learnt from.

PAIRS.jsonl has a question a line with `question`, `date`, `answer`, `positives` and `negatives`
(passages with title, source, date and text). All their passages become one store in W; for every
question the product's own retrieval finds passages in it, and a sentence that holds the answer's
words is a right one: distant labels, as a sentence may hold them by chance. Of the questions that
eval/make_questions.py wrote, the sentence that they were written about is the right one; those of
eval/written.py know all sentences of their article.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.answers import holds
from eval.written import candidates_of, is_own, written_rows
from rag import assistant, config
from rag.cli.options import load_embedder
from rag.cli.terminal import Meter
from rag.index.analysis import terms_of
from rag.index.embedder import Embedder
from rag.index.store import Store, open_store
from rag.read import sentence_model
from rag.read.candidates import Candidate, find_candidates
from rag.read.features import FEATURES, describe
from rag.read.kinds import read_kind
from rag.records import Filters, Hit, Question
from rag.retrieve.search import retrieve

HELD_OUT = 4  # every fourth question is only looked at
_FOREIGN = 0.4  # a made question shares less of its terms with its sentence: it asks another thing
_ALIKE = 0.5  # of their terms: two sentences that may answer the same
_ABOUT_TEXT = re.compile(r"\b(?:text|quote|author|speaker|sentence)\b", re.IGNORECASE)


_LabelOne = Callable[[Mapping[str, Any], tuple[Store, Embedder]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One question's candidates: as the sentence model sees them, their features, and which of
    them hold the answer ("" where it is the whole sentence)."""

    question: str
    answer: str
    texts: tuple[str, ...]
    rows: NDArray[np.float64]
    right: NDArray[np.bool_]


def pairs_store(pairs: Path, work: Path, embedder: Embedder) -> Store:
    """A store of all passages of the pairs, those of one article together."""
    folder = work / "pairs"
    if not (folder / "manifest.json").exists():
        articles: dict[tuple[str, str, str], list[str]] = {}
        for line in pairs.read_text("utf-8").splitlines():
            row = json.loads(line)
            for passage in row["positives"] + row["negatives"]:
                key = (passage["source"], passage["date"], passage["title"])
                texts = articles.setdefault(key, [])
                if passage["text"] not in texts:
                    texts.append(passage["text"])
        offered = work / "pairs.jsonl"
        with offered.open("w", encoding="utf-8") as out:
            for number, ((source, date, title), texts) in enumerate(articles.items()):
                row = {"id": f"p{number}", "title": title, "source": source, "date": date}
                out.write(json.dumps(row | {"text": "\n\n".join(texts)}) + "\n")
        with Meter() as meter:
            assistant.ingest(assistant.Offered([offered]), folder, embedder, meter)
    return open_store(folder)


def label(pairs: Path, work: Path) -> list[Labelled]:
    """The candidates of every question of the pairs; kept in W."""
    kept = work / "labelled.jsonl"
    if not kept.exists():
        rows = [json.loads(line) for line in pairs.read_text("utf-8").splitlines()]
        _keep(kept, rows, _label_pair, _sources(pairs, work))
    return _load(kept)


def label_made(pairs: Path, work: Path) -> list[Labelled]:
    """The same for the made questions that ask what their sentence tells; kept in W."""
    kept, made = work / "labelled_made.jsonl", work / "questions.jsonl"
    if not made.exists():
        return []
    if not kept.exists():
        rows = [json.loads(line) for line in made.read_text("utf-8").splitlines()]
        rows = [row for row in rows if is_asking(row)]
        _keep(kept, rows, _label_made, _sources(pairs, work))
    return _load(kept)


def label_written(pairs: Path, work: Path) -> list[Labelled]:
    """The same for the questions that were written by hand; kept in W."""
    kept = work / "labelled_written.jsonl"
    if not kept.exists():
        sources = _sources(pairs, work)
        _keep(kept, written_rows(sources[0]), _label_written, sources)
    return _load(kept)


def held_out_made(work: Path) -> frozenset[str]:
    """The made questions that nothing was learnt from."""
    kept = _load(work / "labelled_made.jsonl")
    return frozenset(one.question for n, one in enumerate(kept) if n % HELD_OUT == 0)


def is_asking(row: Mapping[str, Any]) -> bool:
    """Whether a made question is one about the news, in the manner that was asked for."""
    question = str(row["question"])
    counts = row["kind"] == "manner" and re.match(r"How (?:many|much|long|old)\b", question)
    return bool(question) and not counts and not _ABOUT_TEXT.search(question)


def _sources(pairs: Path, work: Path) -> tuple[Store, Embedder]:
    embedder = load_embedder(config.DEFAULT_EMBEDDER)
    return pairs_store(pairs, work, embedder), embedder


def _keep(
    kept: Path, rows: Sequence[Mapping[str, Any]], one: _LabelOne, sources: tuple[Store, Embedder]
) -> None:
    making = kept.with_suffix(".part")
    with Meter() as meter, making.open("w", encoding="utf-8") as out:
        meter.start("Describing", len(rows), "questions")
        for done, row in enumerate(rows, start=1):
            if line := one(row, sources):
                out.write(json.dumps(line) + "\n")
            meter.update(done)
    making.replace(kept)


def _load(kept: Path) -> list[Labelled]:
    rows = (json.loads(line) for line in kept.read_text("utf-8").splitlines())
    return [
        Labelled(
            row["question"],
            row["answer"],
            tuple(row["texts"]),
            np.array(row["rows"], dtype=np.float64).reshape(-1, len(FEATURES)),
            np.array(row["right"], dtype=np.bool_),
        )
        for row in rows
    ]


def _label_pair(row: Mapping[str, Any], sources: tuple[Store, Embedder]) -> dict[str, Any]:
    question = Question(row["question"], row["id"], row["date"])
    found = retrieve(*sources, question, Filters(), assistant.FOUND_PASSAGES)
    candidates = find_candidates(found.hits)
    right = [holds(one.text, row["answer"]) for one in candidates]
    return _line(question, row["answer"], candidates, right, sources)


def _label_made(row: Mapping[str, Any], sources: tuple[Store, Embedder]) -> dict[str, Any]:
    """What else may answer is left out, and the sentence that was asked about is added where
    retrieval did not find it; {} where the question is not about that sentence."""
    passage = sources[0].passages([row["passage"]])[row["passage"]]
    question = Question(row["question"], None, passage.article.date)
    hits = list(retrieve(*sources, question, Filters(), assistant.FOUND_PASSAGES).hits)
    if all(hit.passage.number != passage.number for hit in hits):
        hits.append(Hit(passage, 0.0))
    candidates = find_candidates(hits)
    own = [_is_source(one, row) for one in candidates]
    source = candidates[own.index(True)]
    kept = [
        at
        for at, one in enumerate(candidates)
        if own[at] or not may_answer(one, source, row["answer"])
    ]
    some, right = [candidates[at] for at in kept], [own[at] for at in kept]
    line = _line(question, row["answer"] or "", some, right, sources)
    shared = line["rows"][right.index(True)][FEATURES.index("terms")]
    return line if shared >= _FOREIGN else {}


def _label_written(row: Mapping[str, Any], sources: tuple[Store, Embedder]) -> dict[str, Any]:
    """Sentences of other articles that may answer are left out."""
    candidates, right = candidates_of(row, sources)
    known = [one for one, is_right in zip(candidates, right, strict=True) if is_right]
    kept = [
        at
        for at, one in enumerate(candidates)
        if is_own(one.hit, row) or not any(may_answer(one, own, row["answer"]) for own in known)
    ]
    some = [candidates[at] for at in kept]
    return _line(
        Question(row["question"], row["id"], row["date"]),
        row["answer"], some, [right[at] for at in kept], sources,
    )  # fmt: skip


def _is_source(one: Candidate, row: Mapping[str, Any]) -> bool:
    return bool(one.hit.passage.number == row["passage"] and one.text == row["sentence"])


def may_answer(one: Candidate, source: Candidate, answer: str | None) -> bool:
    """Whether another sentence holds the answer too, or is much like the one asked about."""
    if answer and holds(one.text, answer):
        return True
    ours, theirs = set(terms_of(one.text)), set(terms_of(source.text))
    return len(ours & theirs) > _ALIKE * len(ours | theirs)


def _line(
    question: Question,
    answer: str,
    candidates: Sequence[Candidate],
    right: Sequence[bool],
    sources: tuple[Store, Embedder],
) -> dict[str, Any]:
    rows = describe(question, read_kind(question.text), candidates, *sources)
    return {
        "question": question.text,
        "answer": answer,
        "texts": [sentence_model.as_text(one) for one in candidates],
        "rows": np.round(rows, 4).tolist(),
        "right": list(right),
    }
