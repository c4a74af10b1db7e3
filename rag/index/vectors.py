"""The FAISS index over the vectors of a segment; the only module that imports faiss.

Inner product on unit vectors, the cosine. Up to `EXACT_UP_TO` vectors every one is compared.
Beyond, they are kept in a byte a dimension and in lists around centroids (IVF, SQ8), of which as
many are searched as it takes to find the true nearest: that number is measured on the segment's
own vectors when the index is made, so the recall is known. Ids are places in the segment.
Everything in the index is also in the database.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import faiss

Vectors = NDArray[np.float32]
Chunks = Callable[[], Iterable[Vectors]]  # the same rows each time it is called, some at a time
EXACT_UP_TO = 150_000  # 21 ms a search on one core: eval/LOG.md, "exact or lists"
EXACT = "exact"
RECALL_WANTED = 0.98
_NEAREST = 10
_SAMPLE = 200
_TRAINING_PER_LIST = 64  # more brings nothing: FAISS's guidelines give 39 to 256


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """An index with its kind, how many lists are searched, and its recall at ten."""

    faiss: "faiss.Index"
    kind: str
    probes: int
    recall: float


def build_index(count: int, dimension: int, chunks: Chunks) -> VectorIndex:
    """An index over `count` vectors that come in chunks of shape (some, dimension), of which one
    is held at a time: beside the index itself memory does not grow with their number."""
    import faiss

    if count <= EXACT_UP_TO:
        flat = faiss.IndexFlatIP(dimension)
        flat.codes.resize(count * flat.code_size)  # the room at once, not by copying it over
        flat.codes.resize(0)
        for chunk in chunks():
            flat.add(chunk)
        return VectorIndex(flat, EXACT, 0, 1.0)
    lists = 1 << round(np.log2(np.sqrt(count)))
    kind = f"IVF{lists},SQ8"
    index = faiss.index_factory(dimension, kind, faiss.METRIC_INNER_PRODUCT)
    step = max(1, count // (lists * _TRAINING_PER_LIST))
    index.train(_rows_at(range(0, count, step), chunks))
    for chunk in chunks():
        index.add(chunk)
    probes, recall = _measure(index, count, lists, chunks)
    return VectorIndex(index, kind, probes, recall)


def _rows_at(places: Sequence[int], chunks: Chunks) -> Vectors:
    """The vectors at ascending places."""
    wanted, rows, first = np.asarray(places), list[Vectors](), 0
    for chunk in chunks():
        here = wanted[(wanted >= first) & (wanted < first + len(chunk))]
        rows.append(chunk[here - first])
        first += len(chunk)
    return np.concatenate(rows)


def save_index(index: "faiss.Index", path: Path) -> None:
    """Writes the index through a handle of our own, so that a full disk raises OSError."""
    import faiss

    with path.open("wb") as out:
        writer = faiss.PyCallbackIOWriter(out.write)  # type: ignore[attr-defined]
        faiss.write_index(index, writer)
        out.flush()
        os.fsync(out.fileno())


def load_index(path: Path) -> "faiss.Index":
    """An index whose hash has been checked: faiss loads damaged files without a word."""
    import faiss

    return faiss.deserialize_index(np.memmap(path, dtype=np.uint8, mode="r"))


def search_index(
    index: Any, vector: Vectors, count: int, probes: int, allowed: NDArray[np.bool_] | None
) -> tuple[NDArray[np.int64], Vectors]:
    """The places of the `count` nearest to `vector` (dimension,) with their cosines, best first.
    With `allowed`, one truth value for each place, only those."""
    import faiss

    if allowed is not None:
        count = min(count, int(np.count_nonzero(allowed)))
    count = min(count, index.ntotal)
    if count == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
    selector = None
    if allowed is not None:
        selector = faiss.IDSelectorBitmap(  # type: ignore[call-arg]
            np.packbits(allowed, bitorder="little")  # type: ignore[arg-type]
        )
        # The fewer may be found, the more lists they are strewn over.
        probes = int(np.ceil(probes * index.ntotal / np.count_nonzero(allowed)))
    params: Any
    if hasattr(index, "nlist"):
        index.parallel_mode = 1  # one query, its lists shared among the cores
        probes = min(index.nlist, max(1, probes))
        params = faiss.SearchParametersIVF(sel=selector, nprobe=probes)  # type: ignore[call-arg]
    else:
        params = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
    cosines, places = index.search(vector.reshape(1, -1), count, params=params)
    found = places[0] >= 0
    return places[0][found], cosines[0][found]


def _measure(index: Any, count: int, lists: int, chunks: Chunks) -> tuple[int, float]:
    """The least number of lists, in powers of two, with which enough of the true nearest of a
    sample of vectors are found, and the share that it finds."""
    places = range(0, count, max(1, count // _SAMPLE))[:_SAMPLE]
    own = _rows_at(places, chunks)
    true = _exact_nearest(np.asarray(places), own, chunks)
    probes, recall = 1, 0.0
    while True:
        found = 0
        for place, vector, nearest in zip(places, own, true, strict=True):
            got, _ = search_index(index, vector, _NEAREST + 1, probes, None)
            found += len((set(got.tolist()) - {place}) & nearest)
        recall = found / (_NEAREST * len(own))
        if recall >= RECALL_WANTED or probes >= lists:
            return probes, round(recall, 4)
        probes *= 2


def _exact_nearest(places: NDArray[np.int64], own: Vectors, chunks: Chunks) -> list[set[int]]:
    """The places of the ten nearest of each sampled vector, itself left out."""
    cosines = np.empty((len(own), 0), dtype=np.float32)
    nearest = np.empty((len(own), 0), dtype=np.int64)
    first = 0
    for chunk in chunks():
        scores = own @ chunk.T
        at = np.broadcast_to(np.arange(first, first + len(chunk)), scores.shape)
        scores = np.where(at == places[:, None], -np.inf, scores)
        cosines = np.concatenate([cosines, scores], axis=1)
        nearest = np.concatenate([nearest, at], axis=1)
        kept = min(_NEAREST, cosines.shape[1])
        best = np.argpartition(-cosines, kept - 1, axis=1)[:, :kept]
        cosines = np.take_along_axis(cosines, best, axis=1)
        nearest = np.take_along_axis(nearest, best, axis=1)
        first += len(chunk)
    return [set(row.tolist()) for row in nearest]
