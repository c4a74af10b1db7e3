"""A published store, open for reading: one generation, checked before it is used."""

import threading
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreBusy, StoreDamaged, StoreError, StoreMismatch
from rag.index import database
from rag.index.database import Stored
from rag.index.embedder import Embedder
from rag.index.manifest import Manifest, read_manifest
from rag.index.segment import OpenSegment, open_segments
from rag.index.terms import inverse_document_frequency
from rag.records import Article, ArticleInfo, Filters, Passage

_RETRIES = 5
Read = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Passages by one measure, best first: their numbers and scores, and what is known of them
    without the database. `day` is a proleptic ordinal, `rag.index.terms.UNDATED` where unknown;
    `article` and `story` tell passages of one article and of its near-copies."""

    number: NDArray[np.int64]
    score: NDArray[np.float32]
    day: NDArray[np.int32]
    article: NDArray[np.int64]
    story: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it was stored once; `number` counts from 1, the newest of `of` is current."""

    article: Article
    number: int
    of: int


class Store:
    """Searches and reads one generation of a store. Its files never change, so it may be used
    from several threads and while an ingest publishes the next generation."""

    def __init__(self, folder: Path, manifest: Manifest, segments: Sequence[OpenSegment]) -> None:
        self.folder = folder
        self.manifest = manifest
        self._segments = list(segments)
        self._lock = threading.Lock()  # not every SQLite lets threads share a connection
        self._searched: list[OpenSegment] = []  # those with passages, in the order of numbers
        self._first: list[int] = []

    @property
    def notices(self) -> list[str]:
        """What had to be made anew when the store was opened."""
        return [notice for segment in self._segments for notice in segment.notices]

    def load(self) -> None:
        """Loads the indexes. Raises what OpenSegment.load does."""
        for segment in self._segments:
            segment.load(self.manifest.dimension)
        self._searched = [segment for segment in self._segments if len(segment.terms)]
        self._first = [int(segment.terms.number[0]) for segment in self._searched]

    def check_embedder(self, embedder: Embedder) -> None:
        """Raises StoreMismatch unless this embedder made the store's vectors."""
        if embedder.sha256 != self.manifest.embedder_sha256:
            raise StoreMismatch(describe_mismatch(self.folder, self.manifest, embedder))

    def search_vectors(self, vector: NDArray[np.float32], count: int, filters: Filters) -> Ranking:
        """The passages nearest to a unit vector (dimension,), scored by cosine."""
        found = []
        for segment in self._segments:
            with self._lock:
                mask = segment.mask(filters)
            places, cosines = segment.nearest(vector, count, mask)
            found.append((segment, places, cosines))
        return self._rank(found, count)

    def search_terms(self, terms: Sequence[int], count: int, filters: Filters) -> Ranking:
        """The passages that fit the terms best, scored by BM25; none without a term in common."""
        rare = list(self.rarity(terms).items())
        found = []
        for segment in self._segments:
            scores = segment.terms.scores(rare)
            with self._lock:
                mask = segment.mask(filters)
            if mask is not None:
                scores[~mask] = 0.0
            at = best_places(scores, count)
            found.append((segment, at, scores[at]))
        return self._rank(found, count)

    def rarity(self, terms: Sequence[int]) -> dict[int, float]:
        """The inverse document frequency of each term over all passages."""
        passages = max(1, sum(len(segment.terms) for segment in self._segments))
        return {
            term: inverse_document_frequency(
                sum(segment.terms.count(term) for segment in self._segments), passages
            )
            for term in dict.fromkeys(terms)
        }

    def passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """The passages with these numbers, which a search returned."""
        found = {}
        with self._lock:
            for number in numbers:
                segment = self._searched[bisect_right(self._first, number) - 1]
                passage = database.fetch_passage(segment.db, number)
                if passage is not None:
                    found[number] = passage
        return found

    def articles(self, filters: Filters) -> list[ArticleInfo]:
        """The articles that the filters leave, newest first, undated ones last."""
        with self._lock:
            found = [
                info
                for segment in self._segments
                for row, info in database.fetch_infos(segment.db, filters)
                if segment.is_current(row)
            ]
        found.sort(key=lambda info: info.article_id)
        return sorted(found, key=lambda info: info.date or "", reverse=True)

    def article(self, article_id: str, version: int | None = None) -> Version | None:
        """The article of this id as it is now, else the older version that had the id, else
        None; with `version`, that version of it, counted from 1."""
        with self._lock:
            named = self._stored("article_id", article_id)
            if not named:
                return None
            wanted = max(named, key=lambda found: (found[1], found[0].version))[0]
            versions = [found for found, _ in self._stored("key", wanted.article.key)]
        versions.sort(key=lambda found: found.version)
        number = wanted.version if version is None else version
        chosen = next((found for found in versions if found.version == number), None)
        return None if chosen is None else Version(chosen.article, number, versions[-1].version)

    def outlets(self, story: int) -> list[str]:
        """The sources in which the near-copies of a story stand, by name."""
        query = "SELECT row, source FROM articles WHERE story=? AND superseded=0"
        with self._lock:
            rows = [
                (segment, row, source)
                for segment in self._segments
                for row, source in segment.db.execute(query, (story,))
            ]
        return sorted(
            {source for segment, row, source in rows if source and segment.is_current(row)}
        )

    def sources(self) -> list[str]:
        """The outlets in the store, by name."""
        query = "SELECT row, source FROM articles WHERE source IS NOT NULL AND superseded=0"
        with self._lock:
            return sorted(
                {
                    source
                    for segment in self._segments
                    for row, source in segment.db.execute(query)
                    if segment.is_current(row)
                }
            )

    def older_versions(self) -> int:
        """How many versions are kept as history."""
        query = "SELECT row, superseded FROM articles"
        with self._lock:
            return sum(
                row not in segment.gone.removed and (old or row in segment.gone.superseded)
                for segment in self._segments
                for row, old in segment.db.execute(query)
            )

    def close(self) -> None:
        """Ends the use of the store's files."""
        with self._lock:
            for segment in self._segments:
                segment.close()

    def _stored(self, column: str, value: str) -> list[tuple[Stored, bool]]:
        """Every stored version with this value, and whether it is the current one."""
        return [
            (found, not found.superseded and segment.is_current(found.row))
            for segment in self._segments
            for found in database.fetch_stored(segment.db, column, value)
            if found.row not in segment.gone.removed
        ]

    def _rank(
        self,
        found: Sequence[tuple[OpenSegment, NDArray[np.int64], NDArray[np.float32]]],
        count: int,
    ) -> Ranking:
        """One ranking of those of the segments, ties in the order of the numbers."""
        parts = [(s.terms, places, scores) for s, places, scores in found]
        empty = Ranking(*(np.empty(0, dtype=kind) for kind in ("i8", "f4", "i4", "i8", "i8")))
        if not parts:
            return empty
        number = np.concatenate([terms.number[at] for terms, at, _ in parts])
        score = np.concatenate([scores for _, _, scores in parts])
        order = np.lexsort((number, -score))[:count]
        return Ranking(
            number[order],
            score[order],
            np.concatenate([terms.day[at] for terms, at, _ in parts])[order],
            # Rows count from 1 in each segment; its place among them makes them differ.
            np.concatenate(
                [terms.article[at] + (n << 40) for n, (terms, at, _) in enumerate(parts)]
            )[order],
            np.concatenate([terms.story[at] for terms, at, _ in parts])[order],
        )


def best_places(scores: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """The places of the `count` highest scores above 0, best first, ties in order of place."""
    above = np.flatnonzero(scores > 0)
    if len(above) > count:
        least = np.partition(scores[above], len(above) - count)[len(above) - count]
        above = above[scores[above] >= least]
    return above[np.lexsort((above, -scores[above]))][:count]


def open_store(folder: Path, *, search: bool = True, thorough: bool = False) -> Store:
    """Opens the newest generation after checking the hash of every file that is used; that of a
    big file is remembered from when it was last read, unless `thorough`.

    `search=False` leaves the indexes alone, for listing and showing. Raises StoreMissing,
    StoreDamaged, StoreMismatch, or StoreError where a file cannot be read.
    """
    for _ in range(_RETRIES):
        manifest = read_manifest(folder)
        try:
            return _open_generation(folder, manifest, search, thorough)
        except FileNotFoundError as error:
            if read_manifest(folder) == manifest:
                raise StoreDamaged(describe_gone(folder, error)) from None
            # A newer generation was published in between.
        except OSError as error:
            raise StoreError(f"store {folder} cannot be read: {error}") from error
    raise StoreBusy(f"store {folder} is being written to too often; try again in a moment")


def _open_generation(folder: Path, manifest: Manifest, search: bool, thorough: bool) -> Store:
    """Raises FileNotFoundError where a segment is gone or the manifest no longer current."""
    store = Store(folder, manifest, open_segments(folder, manifest.segments, thorough=thorough))
    try:
        if search:
            store.load()
    except BaseException:
        store.close()
        raise
    return store


def describe_gone(folder: Path, error: FileNotFoundError) -> str:
    """One line for a database that is not there."""
    return f"{error.filename} is gone; move the folder {folder} away and ingest again"


def describe_mismatch(folder: Path, manifest: Manifest, embedder: Embedder) -> str:
    """One line that names both embedders and the way out."""
    hint = ""
    if embedder.name != manifest.embedder:
        hint = f"give --embedder {manifest.embedder}, or "
    return (
        f"store {folder} was made by embedder {manifest.embedder} "
        f"({manifest.embedder_sha256[:12]}), not by {embedder.name} ({embedder.sha256[:12]}); "
        f"{hint}ingest into another --store"
    )
