"""How well passages are found, on a question set with the articles that hold the answers.

    rag ingest --store S ARTICLES.jsonl
    python -m eval.retrieval QUESTIONS.jsonl --store S

QUESTIONS has lines with `id`, `question`, `date`, `answer`, `gold_urls` and `answerable`. A hit is
a passage of a gold article that contains the gold answer as words. Printed for all answerable
questions and for each half, every other one: the first half is what things are tuned on.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.answers import holds
from rag import config
from rag.cli.options import load_embedder
from rag.index.embedder import Embedder
from rag.index.store import Store, open_store
from rag.records import Filters, Passage, Question
from rag.retrieve.recency import HALF_LIFE
from rag.retrieve.search import MOST, retrieve


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the answer and the articles that hold it."""

    id: str
    text: str
    date: str
    answer: str
    gold_urls: frozenset[str]


def main() -> None:
    """Prints hit rates and the mean reciprocal rank."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--half-life", type=float, default=HALF_LIFE)
    parser.add_argument("--embedder", default=config.DEFAULT_EMBEDDER)
    given = parser.parse_args()
    questions = read_questions(given.questions)
    store = open_store(given.store)
    embedder = load_embedder(given.embedder)
    ranks = np.array([rank_of(q, store, embedder, given.half_life) for q in questions])
    print(f"{'':14} hit@1 hit@5 hit@10 hit@20 MRR")
    for name, part in (("all", ranks), ("first half", ranks[::2]), ("second half", ranks[1::2])):
        hits = " ".join(f"{np.mean(part <= k):5.3f}" for k in (1, 5, 10, 20))
        print(f"{name:14} {hits} {np.mean(1 / part):5.3f}  ({len(part)} questions)")


def read_questions(path: Path) -> list[Asked]:
    """The answerable questions of a file."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        Asked(r["id"], r["question"], r["date"], r["answer"], frozenset(r["gold_urls"]))
        for r in rows
        if r["answerable"]
    ]


def rank_of(asked: Asked, store: Store, embedder: Embedder, half_life: float) -> float:
    """The rank of the first hit among the best 50, from 1; infinite where there is none."""
    question = Question(asked.text, asked.id, asked.date)
    found = retrieve(store, embedder, question, Filters(), MOST, half_life)
    for rank, hit in enumerate(found.hits, start=1):
        if is_hit(hit.passage, asked):
            return rank
    return float("inf")


def is_hit(passage: Passage, asked: Asked) -> bool:
    """Whether this passage of a gold article contains the answer."""
    if passage.article.location not in asked.gold_urls:
        return False
    return holds(passage.text, asked.answer)


if __name__ == "__main__":
    main()
