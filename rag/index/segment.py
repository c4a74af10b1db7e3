"""One segment of a store, open for reading: its files checked, its passages searched."""

import sqlite3
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreDamaged, StoreError
from rag.index import database, vectors
from rag.index.compaction import Gone
from rag.index.embedding import count_vectors, read_vectors
from rag.index.manifest import Segment, StoredFile, is_intact
from rag.index.terms import UNDATED, Terms, build_terms, map_arrays
from rag.records import Filters

Mask = NDArray[np.bool_]


class OpenSegment:
    """A segment's database, and its indexes once they are loaded. Nothing here locks: the store
    lets one thread at a time use the database."""

    def __init__(self, folder: Path, about: Segment, *, thorough: bool = False) -> None:
        """Raises StoreDamaged, StoreError, or FileNotFoundError if the database is gone."""
        self.about = about
        self.gone = Gone(frozenset(about.superseded), frozenset(about.removed))
        self.notices: list[str] = []
        self._folder = folder
        self._thorough = thorough
        self.db = self._open()
        self.terms: Terms
        self._index: Any = None
        self._current: Mask | None = None

    def load(self, dimension: int) -> None:
        """Loads the indexes; one whose file is gone is made anew from the database. Raises
        StoreDamaged, or FileNotFoundError where the segment itself is gone."""
        about = self.about
        if self._present(about.terms):
            self.terms = Terms(map_arrays(self._folder / about.terms.name))
        else:
            self.terms = Terms(build_terms(database.passage_rows(self.db)))
        if self._present(about.vectors):
            self._index = vectors.load_index(self._folder / about.vectors.name)
        else:
            count = count_vectors(self.db)
            chunks = partial(read_vectors, self.db, dimension)
            self._index = vectors.build_index(count, dimension, chunks).faiss
        out = [*self.gone.superseded, *self.gone.removed]
        self._current = ~np.isin(self.terms.article, out) if out else None

    def mask(self, filters: Filters) -> Mask | None:
        """Which places may be found, None where that is all of them."""
        mask = self._current
        day = self.terms.day
        if filters.since:
            mask = _both(mask, day >= database.ordinal(filters.since))
        if filters.until:
            mask = _both(mask, (day <= database.ordinal(filters.until)) & (day != UNDATED))
        if filters.as_of:
            mask = _both(mask, day <= database.ordinal(filters.as_of))
        if filters.source:
            rows = database.rows_of_source(self.db, filters.source)
            mask = _both(mask, np.isin(self.terms.article, rows))
        return mask

    def nearest(
        self, vector: NDArray[np.float32], count: int, mask: Mask | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Places and cosines of the passages nearest to a unit vector (dimension,)."""
        return vectors.search_index(self._index, vector, count, self.about.probes, mask)

    def is_current(self, row: int) -> bool:
        """Whether no later generation replaced the article of this row or took it away."""
        return row not in self.gone.superseded and row not in self.gone.removed

    def close(self) -> None:
        """Ends the use of the database."""
        self.db.close()

    def _open(self) -> sqlite3.Connection:
        path = self._folder / self.about.database.name
        if not is_intact(path, self.about.database, thorough=self._thorough):
            raise StoreDamaged(
                f"{path} is damaged; move the folder {self._folder} away and ingest again"
            )
        try:
            return database.open_immutable(path)
        except sqlite3.OperationalError as error:
            path.stat()  # FileNotFoundError where it was removed since the check
            raise StoreError(f"{path} cannot be opened: {error}") from error

    def _present(self, file: StoredFile) -> bool:
        """Whether an index file can be used; False, told in a notice, where it is gone."""
        path = self._folder / file.name
        try:
            intact = is_intact(path, file, thorough=self._thorough)
        except FileNotFoundError:
            (self._folder / self.about.database.name).stat()  # the whole segment may have gone
            self.notices.append(f"{path} was gone; made anew from {self.about.database.name}")
            return False
        if not intact:
            raise StoreDamaged(
                f"{path} is damaged; make it anew with: rag ingest --rebuild --store {self._folder}"
            )
        return True


def open_segments(
    folder: Path, segments: Sequence[Segment], *, thorough: bool = False
) -> list[OpenSegment]:
    """All or none of the segments. Raises what OpenSegment does."""
    opened: list[OpenSegment] = []
    try:
        for about in segments:
            opened.append(OpenSegment(folder, about, thorough=thorough))
    except BaseException:
        for segment in opened:
            segment.close()
        raise
    return opened


def _both(mask: Mask | None, other: Mask) -> Mask:
    return other if mask is None else mask & other
