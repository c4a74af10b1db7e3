"""Giving every passage of a draft its vector, with progress, and kept through interruption."""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from rag.errors import StoreMismatch
from rag.index.database import fetch_passage, passage_rows
from rag.index.embedder import Embedder, Vectors
from rag.index.vector_cache import VectorCache
from rag.progress import Progress

BATCH = 64  # passages between two writes to the disk
CHUNK = 4_096  # vectors in memory at a time
_Key = tuple[int, bytes]  # length and hash of a text; the texts themselves stay on the disk


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
    waiting: dict[_Key, list[int]] = {}
    for row in passage_rows(db):
        # The same words get the same vector, whose last bits may depend on the batch.
        waiting.setdefault(_key(_text(row.title, row.text)), []).append(row.number)
    # Batches of like length waste no padding, over the whole run and not article by article.
    keys = sorted(waiting)
    progress.start("Embedding", len(keys), "passages")
    done = 0
    batches = [keys[first : first + BATCH] for first in range(0, len(keys), BATCH)]
    texts = (_texts(db, [waiting[key][0] for key in batch]) for batch in batches)
    vectors = _vectors_of(texts, embedder, cache, dimension)
    for batch, found in zip(batches, vectors, strict=True):
        dimension = found.shape[1]
        db.executemany(
            "INSERT INTO vectors (number, vector) VALUES (?,?)",
            [
                (number, vector.astype("<f4").tobytes())
                for key, vector in zip(batch, found, strict=True)
                for number in waiting[key]
            ],
        )
        done += len(batch)
        progress.update(done)
    progress.finish()
    return dimension


def _vectors_of(
    batches: Iterator[list[str]], embedder: Embedder, cache: VectorCache, dimension: int
) -> Iterator[Vectors]:
    """The vectors of batch after batch, each kept in the cache before the next is waited for.
    While one is written to the disk the next is already being embedded."""

    def begin(batch: Sequence[str]) -> Vectors | Future[Vectors]:
        cached = cache.get(batch)
        if cached is not None and dimension in (0, cached.shape[1]):
            return cached
        return worker.submit(embedder.encode, batch)

    with ThreadPoolExecutor(1) as worker:
        batch = next(batches, None)
        begun = begin(batch) if batch is not None else None
        while batch is not None:
            made, following = begun, next(batches, None)
            found = made.result() if isinstance(made, Future) else made
            assert found is not None
            _check_dimension(found, dimension, embedder)
            dimension = found.shape[1]
            if following is not None:
                begun = begin(following)
            if isinstance(made, Future):
                cache.put(batch, found)
            yield found
            batch = following


def _texts(db: sqlite3.Connection, numbers: Sequence[int]) -> list[str]:
    found = [fetch_passage(db, number) for number in numbers]
    return [_text(one.article.title, one.text) for one in found if one is not None]


def _text(title: str, text: str) -> str:
    """What is embedded of a passage."""
    return f"{title}\n{text}"


def _key(text: str) -> _Key:
    return len(text), hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def count_vectors(db: sqlite3.Connection) -> int:
    """How many vectors a database has."""
    (count,) = db.execute("SELECT count(*) FROM vectors").fetchone()
    return int(count)


def read_vectors(db: sqlite3.Connection, dimension: int) -> Iterator[Vectors]:
    """All vectors of a database in the order of their numbers, in chunks of shape (up to
    `CHUNK`, dimension)."""
    rows = db.execute("SELECT vector FROM vectors ORDER BY number")
    while some := rows.fetchmany(CHUNK):
        blobs = b"".join(blob for (blob,) in some)
        yield np.frombuffer(blobs, dtype="<f4").reshape(len(some), dimension)


def _check_dimension(found: Vectors, dimension: int, embedder: Embedder) -> None:
    if dimension not in (0, found.shape[1]):
        raise StoreMismatch(
            f"embedder {embedder.name} makes vectors of dimension {found.shape[1]}, those in the "
            f"store have {dimension}; ingest into another --store"
        )
