"""The term index of a segment: who says which word how weightily, and what is known of each
passage without asking the database.

BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) with the words of
the title counted into each passage. What depends on the passage alone is computed when the index
is made; how rare a term is depends on the whole store and is computed when it is asked for, so
an article weighs the same whichever segment it lies in. The arrays lie in a safetensors file that
is mapped, not read: a search touches the postings of its own terms only.
"""

import json
import os
import struct
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.index.analysis import terms_of

UNDATED = -1
# The usual values; others were no better: eval/LOG.md, "BM25".
_K1 = 1.2
_B = 0.75
# Terms of a passage of 130 words with its title. A constant, so that a passage's weight does not
# change with its neighbours.
_USUAL_LENGTH = 90.0
_MOST = 65_535  # times that a term is counted in a passage
_CHUNK = 2_048  # passages whose postings are arranged at a time
_TYPES = {"I32": "<i4", "I64": "<i8", "U64": "<u8", "F16": "<f2"}


@dataclass(frozen=True, slots=True)
class PassageRow:
    """What the index must know of one passage. `day` is a proleptic ordinal or UNDATED, `story`
    the number that near-copies of one article share."""

    number: int
    article: int
    day: int
    story: int
    title: str
    text: str


class Terms:
    """A segment's term index. `number`, `article`, `day` and `story` have one entry for each
    passage, in the order of their numbers; a place is an index into them."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.number: NDArray[np.int64] = arrays["number"]
        self.article: NDArray[np.int64] = arrays["article"]
        self.day: NDArray[np.int32] = arrays["day"]
        self.story: NDArray[np.int64] = arrays["story"]
        self._term: NDArray[np.uint64] = arrays["term"]
        self._start: NDArray[np.int64] = arrays["start"]
        self._place: NDArray[np.int32] = arrays["place"]
        self._weight: NDArray[np.float16] = arrays["weight"]

    def __len__(self) -> int:
        return len(self.number)

    def count(self, term: int) -> int:
        """In how many passages the term stands."""
        return len(self._postings(term))

    def scores(self, terms: Sequence[tuple[int, float]]) -> NDArray[np.float32]:
        """The BM25 score of every passage for terms with their inverse document frequency."""
        scores = np.zeros(len(self), dtype=np.float32)
        for term, rarity in terms:
            at = self._postings(term)
            # A place comes once in a term's postings, so nothing is lost by adding at once.
            scores[self._place[at.start : at.stop]] += np.float32(rarity) * self._weight[
                at.start : at.stop
            ].astype(np.float32)
        return scores

    def _postings(self, term: int) -> range:
        found = int(np.searchsorted(self._term, np.uint64(term)))
        if found == len(self._term) or int(self._term[found]) != term:
            return range(0)
        return range(int(self._start[found]), int(self._start[found + 1]))


def inverse_document_frequency(containing: int, passages: int) -> float:
    """How rare a term is: log(1 + (N - n + .5) / (n + .5)), over the whole store."""
    return float(np.log1p((passages - containing + 0.5) / (containing + 0.5)))


def build_terms(passages: Iterable[PassageRow]) -> dict[str, NDArray[Any]]:
    """The arrays of a term index over passages, which come in the order of their numbers."""
    known: dict[int, int] = {}
    columns = {name: array("q") for name in ("number", "article", "day", "story")}
    words, postings = array("i"), array("i")  # of each passage
    term, count = array("i"), array("H")  # of each posting
    for row in passages:
        for name, column in columns.items():
            column.append(getattr(row, name))
        counts = Counter(terms_of(row.title))
        counts.update(terms_of(row.text))
        words.append(counts.total())
        postings.append(len(counts))
        for found, times in counts.items():
            term.append(known.setdefault(found, len(known)))
            count.append(min(times, _MOST))
    numbers = np.fromiter(known, dtype=np.uint64, count=len(known))
    order = np.argsort(numbers)
    starts, place, weight = _arrange(
        np.asarray(term), np.asarray(count), np.array(postings), np.array(words), order
    )
    return {
        **{name: np.array(column, dtype=np.int64) for name, column in columns.items()},
        "day": np.array(columns["day"], dtype=np.int32),
        "term": numbers[order],
        "start": starts,
        "place": place,
        "weight": weight,
    }


def _arrange(
    term: NDArray[np.int32],
    count: NDArray[np.uint16],
    postings: NDArray[np.int32],
    words: NDArray[np.int32],
    order: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float16]]:
    """Where the postings of each term start, terms in this order, with their places and weights.
    Some passages at a time, for all postings are the most that an ingest holds."""
    containing = np.zeros(len(order), dtype=np.int64)
    for at, _ in _chunks(postings):
        containing += np.bincount(term[at], minlength=len(order))
    starts = np.zeros(len(order) + 1, dtype=np.int64)
    np.cumsum(containing[order], out=starts[1:])
    following = np.empty(len(order), dtype=np.int64)  # where the next posting of a term goes
    following[order] = starts[:-1]
    place = np.empty(len(term), dtype=np.int32)
    weight = np.empty(len(term), dtype=np.float16)
    for at, own in _chunks(postings):
        length = _K1 * (1 - _B + _B * words[own] / _USUAL_LENGTH)
        weights = (count[at] * (_K1 + 1) / (count[at] + length)).astype(np.float32)
        by_term = np.argsort(term[at], kind="stable")
        found, first, times = np.unique(term[at][by_term], return_index=True, return_counts=True)
        to = np.arange(len(by_term)) + np.repeat(following[found] - first, times)
        following[found] += times
        place[to] = own[by_term]
        weight[to] = weights[by_term]
    return starts, place, weight


def _chunks(postings: NDArray[np.int32]) -> Iterator[tuple[slice, NDArray[np.int32]]]:
    """Postings in the order of their passages, some at a time, with the passage of each."""
    end = 0
    for first in range(0, len(postings), _CHUNK):
        some = postings[first : first + _CHUNK]
        begin, end = end, end + int(some.sum())
        own = np.repeat(np.arange(first, first + len(some), dtype=np.int32), some)
        yield slice(begin, end), own


def save_arrays(arrays: Mapping[str, NDArray[Any]], path: Path) -> None:
    """Writes named arrays as a safetensors file, through a handle of our own, so that a full
    disk raises OSError."""
    from safetensors.numpy import save

    with path.open("wb") as out:
        out.write(save(dict(arrays)))
        out.flush()
        os.fsync(out.fileno())


def map_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a safetensors file, mapped into memory and read when they are touched. The
    file's hash has been checked."""
    with path.open("rb") as stream:
        (length,) = struct.unpack("<Q", stream.read(8))
        header = json.loads(stream.read(length))
    data = np.memmap(path, dtype=np.uint8, mode="r")
    return dict(_arrays(header, data[8 + length :]))


def _arrays(
    header: Mapping[str, Any], data: NDArray[np.uint8]
) -> Iterator[tuple[str, NDArray[Any]]]:
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = data[begin:end].view(_TYPES[entry["dtype"]])
        yield name, np.asarray(values).reshape(entry["shape"])
