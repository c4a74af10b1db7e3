"""Giving every passage of a draft its vector, with progress, and kept through interruption."""

import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import zip_longest

import numpy as np

from rag.errors import StoreMismatch
from rag.index.database import passage_rows
from rag.index.embedder import Embedder, Vectors
from rag.index.vector_cache import VectorCache
from rag.progress import Progress

BATCH = 64  # passages between two writes to the disk


def embed_passages(
    db: sqlite3.Connection,
    embedder: Embedder,
    cache: VectorCache,
    dimension: int,
    progress: Progress,
) -> int:
    """Gives every passage that has none its vector, from the cache where it is there.

    The dimension, which is `dimension` unless that is 0. Raises StoreMismatch where the embedder
    makes vectors of another one.
    """
    waiting: dict[str, list[int]] = {}
    for row in passage_rows(db):
        # The same words get the same vector, whose last bits may depend on the batch.
        waiting.setdefault(f"{row.title}\n{row.text}", []).append(row.number)
    # Batches of like length waste no padding, over the whole run and not article by article.
    texts = sorted(waiting, key=lambda text: (len(text), text))
    progress.start("Embedding", len(texts), "passages")
    done = 0
    for batch, found in _vectors_of(texts, embedder, cache, dimension):
        dimension = found.shape[1]
        db.executemany(
            "INSERT INTO vectors (number, vector) VALUES (?,?)",
            [
                (number, vector.astype("<f4").tobytes())
                for text, vector in zip(batch, found, strict=True)
                for number in waiting[text]
            ],
        )
        done += len(batch)
        progress.update(done)
    progress.finish()
    return dimension


def _vectors_of(
    texts: Sequence[str], embedder: Embedder, cache: VectorCache, dimension: int
) -> Iterator[tuple[Sequence[str], Vectors]]:
    """Batch after batch with its vectors, each kept in the cache before the next is waited for.
    While one is written to the disk the next is already being embedded."""
    batches = [texts[first : first + BATCH] for first in range(0, len(texts), BATCH)]

    def begin(batch: Sequence[str]) -> Vectors | Future[Vectors]:
        cached = cache.get(batch)
        if cached is not None and dimension in (0, cached.shape[1]):
            return cached
        return worker.submit(embedder.encode, batch)

    with ThreadPoolExecutor(1) as worker:
        begun = begin(batches[0]) if batches else None
        for batch, following in zip_longest(batches, batches[1:]):
            made, begun = begun, None
            found = made.result() if isinstance(made, Future) else made
            assert found is not None
            _check_dimension(found, dimension, embedder)
            dimension = found.shape[1]
            if following is not None:
                begun = begin(following)
            if isinstance(made, Future):
                cache.put(batch, found)
            yield batch, found


def read_vectors(db: sqlite3.Connection, dimension: int) -> Vectors:
    """All vectors of a database, shape (passages, dimension), in the order of their numbers."""
    (count,) = db.execute("SELECT count(*) FROM vectors").fetchone()
    vectors = np.empty((count, dimension), dtype=np.float32)
    rows = db.execute("SELECT vector FROM vectors ORDER BY number")
    for at, (blob,) in enumerate(rows):
        vectors[at] = np.frombuffer(blob, dtype="<f4")
    return vectors


def _check_dimension(found: Vectors, dimension: int, embedder: Embedder) -> None:
    if dimension not in (0, found.shape[1]):
        raise StoreMismatch(
            f"embedder {embedder.name} makes vectors of dimension {found.shape[1]}, those in the "
            f"store have {dimension}; ingest into another --store"
        )
