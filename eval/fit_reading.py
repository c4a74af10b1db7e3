"""Fits what reading weighs, and writes rag/read/weights.json.

    python -m eval.fit_reading relevance PAIRS.jsonl --work W
    python -m eval.fit_reading read QUESTIONS.jsonl --store S --work W
    python -m eval.fit_reading support QUESTIONS.jsonl --work W

PAIRS.jsonl has a question a line with `question`, `date`, `answer`, `positives` and `negatives`
(passages with title, source, date and text). All their passages become one store in W; for every
question the product's own retrieval finds passages in it, and a sentence that holds the answer's
words is a right one: distant labels, as a sentence may hold them by chance. `relevance` fits the
weights of rag.read.features on them. `read` lets a language model read the best sentences of
each question of a set with a store, and keeps what it says in W, so that it can be interrupted.
`support` fits the weights of rag.read.judge on every other question of that set and prints what
the other half makes of them: the risk-coverage curve, which goes into eval/risk_coverage.json.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.answers import holds
from rag import assistant, config
from rag.cli.options import load_embedder
from rag.cli.terminal import Meter
from rag.index.embedder import Embedder
from rag.index.store import Store, open_store
from rag.read import sentence_model
from rag.read.candidates import find_candidates
from rag.read.features import FEATURES, describe
from rag.read.kinds import read_kind
from rag.read.rank import RELEVANCE_FEATURES, SCORED
from rag.records import Filters, Question
from rag.retrieve.search import retrieve

WEIGHTS = Path(config.__file__).parent / "read" / "weights.json"
Fitted = tuple[NDArray[np.float64], float]  # weights and bias
HELD_OUT = 4  # every fourth question of the pairs is only looked at


def main() -> None:
    """Runs one of the steps."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("step", choices=["relevance", "read", "support"])
    parser.add_argument("questions", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--model", default=config.DEFAULT_LLM)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    if given.step == "relevance":
        fit_relevance(given.questions, given.work)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One question's candidates: as the sentence model sees them, their features, and which of
    them hold the answer."""

    question: str
    answer: str
    texts: tuple[str, ...]
    rows: NDArray[np.float64]
    right: NDArray[np.bool_]


def fit_relevance(pairs: Path, work: Path) -> None:
    """Fits the features on three of four questions and, where the sentence model is there, both
    together on the fourth, which that model has not seen; prints how often the best sentences
    are right there."""
    labelled = label(pairs, work)
    fitted = [one for n, one in enumerate(labelled) if one.right.any() and n % HELD_OUT]
    held = [one for n, one in enumerate(labelled) if one.right.any() and n % HELD_OUT == 0]
    first = logistic([one.rows for one in fitted], [one.right for one in fitted])
    print(f"{len(fitted)} questions fitted, {len(held)} held out; right among 1, 2, 4, 8, 12")
    print("features      ", found_among([(one.rows @ first[0], one.right) for one in held]))
    keep("first", FEATURES, first)
    if not sentence_model.FOLDER.exists():
        return
    scored = [with_model(one, first) for one in held]
    both = logistic([rows for rows, _ in scored], [right for _, right in scored])
    for name, weights in (("sentence model", np.array([0, 1.0, 0])), ("together", both[0])):
        print(f"{name:14}", found_among([(rows @ weights, right) for rows, right in scored]))
    keep("relevance", RELEVANCE_FEATURES, both)


def with_model(one: Labelled, first: Fitted) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The rows of RELEVANCE_FEATURES for a question's likeliest candidates, and their labels."""
    logits = one.rows @ first[0] + first[1]
    best = np.argsort(-logits, kind="stable")[:SCORED]
    scores = sentence_model.score_texts(one.question, [one.texts[int(n)] for n in best])
    return np.column_stack([logits[best], scores]), one.right[best]


def keep(name: str, features: Sequence[str], fitted: Fitted) -> None:
    """Writes one model of the weights, and leaves the others."""
    kept = json.loads(WEIGHTS.read_text("utf-8")) if WEIGHTS.exists() else {}
    weights = {n: round(float(w), 4) for n, w in zip(features, fitted[0], strict=True)}
    kept[name] = {"weights": weights, "bias": round(fitted[1], 4)}
    WEIGHTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


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
            assistant.ingest([offered], folder, embedder, meter)
    return open_store(folder)


def label(pairs: Path, work: Path) -> list[Labelled]:
    """The candidates of every question, from what retrieval finds for it; kept in W."""
    kept = work / "labelled.jsonl"
    if not kept.exists():
        _label(pairs, work, kept)
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


def _label(pairs: Path, work: Path, kept: Path) -> None:
    embedder = load_embedder(config.DEFAULT_EMBEDDER)
    store = pairs_store(pairs, work, embedder)
    questions = [json.loads(line) for line in pairs.read_text("utf-8").splitlines()]
    making = kept.with_suffix(".part")
    with Meter() as meter, making.open("w", encoding="utf-8") as out:
        meter.start("Describing", len(questions), "questions")
        for done, row in enumerate(questions, start=1):
            question = Question(row["question"], row["id"], row["date"])
            found = retrieve(store, embedder, question, Filters(), assistant.FOUND_PASSAGES)
            candidates = find_candidates(found.hits)
            rows = describe(question, read_kind(question.text), candidates, store, embedder)
            line = {
                "question": question.text,
                "answer": row["answer"],
                "texts": [sentence_model.as_text(one) for one in candidates],
                "rows": np.round(rows, 4).tolist(),
                "right": [holds(one.text, row["answer"]) for one in candidates],
            }
            out.write(json.dumps(line) + "\n")
            meter.update(done)
    making.replace(kept)


def logistic(
    rows: Sequence[NDArray[np.float64]], right: Sequence[NDArray[np.bool_]], strength: float = 0.3
) -> Fitted:
    """Weights and bias for the rows as they are, fitted on them in units of their spread."""
    from sklearn.linear_model import LogisticRegression

    table = np.concatenate(list(rows))
    mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    model = LogisticRegression(C=strength, max_iter=1000)
    model.fit((table - mean) / spread, np.concatenate(list(right)))
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ mean)


def found_among(held: Sequence[tuple[NDArray[np.float64], NDArray[np.bool_]]]) -> str:
    """How often a right sentence is among the best, by scores and labels of each question."""
    shares = []
    for count in (1, 2, 4, 8, 12):
        hits = [right[np.argsort(-s, kind="stable")[:count]].any() for s, right in held]
        shares.append(f"{np.mean(hits):.3f}")
    return " ".join(shares)


if __name__ == "__main__":
    main()
