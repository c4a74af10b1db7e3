"""Retrieval of one question against the bare sum of its parts."""

import random
from pathlib import Path
from typing import Any

from eval.bench.pairs import Ratio, ratio_of, seconds
from eval.retrieval import read_questions
from rag import config
from rag.cli.options import load_embedder
from rag.index.analysis import terms_of
from rag.index.embedder import Embedder
from rag.index.store import Store, open_store
from rag.index.vectors import load_index
from rag.records import Filters, Question
from rag.retrieve.search import CANDIDATES, retrieve


def run(questions_file: Path, folder: Path, pairs: int) -> None:
    """Prints the ratio and the times."""
    store = open_store(folder)
    embedder = load_embedder(config.DEFAULT_EMBEDDER)
    questions = [Question(q.text, q.id, q.date) for q in read_questions(questions_file)]
    result = measure(store, embedder, questions, pairs)
    print(f"{store.manifest.passages:,} passages, {len(questions)} questions, {pairs} turns each")
    print(f"retrieval / bare encode + FAISS + term search: {result}")
    print(f"  {1000 * result.first:.1f} ms and {1000 * result.second:.1f} ms")


def measure(store: Store, embedder: Embedder, questions: list[Question], pairs: int) -> Ratio:
    """Every question in turn by the product and by the bare parts."""
    rng = random.Random(0)
    none = Filters()
    indexes: list[Any] = [
        load_index(store.folder / segment.vectors.name) for segment in store.manifest.segments
    ]
    times = []
    for turn in range(pairs + 1):
        for question in questions:

            def whole(asked: Question = question) -> None:
                retrieve(store, embedder, asked, none, 10)

            def bare(asked: Question = question) -> None:
                vector = embedder.encode([asked.text])
                for index in indexes:
                    index.search(vector, CANDIDATES)
                store.search_terms(terms_of(asked.text), CANDIDATES, none)

            order = [0, 1]
            rng.shuffle(order)
            taken = [0.0, 0.0]
            for side in order:
                taken[side] = seconds((whole, bare)[side])
            if turn:  # the first turn warms
                times.append((taken[0], taken[1]))
    return ratio_of(times, rng)
