"""The FAISS index over a store's vectors; the only module that imports faiss.

Exact inner product on unit vectors (the cosine) with the passage numbers as ids, so that
passages can be removed. Everything in it is also in the database.
"""

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import faiss

Vectors = NDArray[np.float32]
_CHUNK = 65_536


def build_index(db: sqlite3.Connection, dimension: int) -> "faiss.Index":
    """An index of all vectors in the database, in the order of their numbers."""
    import faiss

    index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
    rows = db.execute("SELECT number, vector FROM vectors ORDER BY number")
    while chunk := rows.fetchmany(_CHUNK):
        numbers = np.array([number for number, _ in chunk], dtype=np.int64)
        index.add_with_ids(_unpack([blob for _, blob in chunk], dimension), numbers)
    return index


def save_index(index: "faiss.Index", path: Path) -> None:
    """Writes the index through a handle of our own, so that a full disk raises OSError."""
    import faiss

    with path.open("wb") as out:
        out.write(faiss.serialize_index(index).tobytes())
        out.flush()
        os.fsync(out.fileno())


def load_index(data: bytes) -> "faiss.Index":
    """An index whose hash has been checked: faiss loads damaged files without a word."""
    import faiss

    return faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))


def search_index(
    index: Any, vector: Vectors, count: int, allowed: NDArray[np.int64] | None
) -> list[tuple[int, float]]:
    """The `count` passages nearest to `vector` (dimension,), best first, as (number, cosine).
    With `allowed`, only those numbers."""
    import faiss

    if index.ntotal == 0:
        return []  # faiss stops the program at a search for none
    params: Any = None
    if allowed is not None:
        params = faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))  # type: ignore[call-arg]
    scores, numbers = index.search(vector.reshape(1, -1), min(count, index.ntotal), params=params)
    found = [(int(n), float(s)) for n, s in zip(numbers[0], scores[0], strict=True) if n >= 0]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _unpack(blobs: list[bytes], dimension: int) -> Vectors:
    return np.frombuffer(b"".join(blobs), dtype="<f4").reshape(-1, dimension).astype(np.float32)
