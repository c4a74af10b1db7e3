"""A published store, open for reading: one generation, checked before it is used."""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreDamaged, StoreMismatch
from rag.index import database, vectors
from rag.index.embedder import Embedder
from rag.index.manifest import Manifest, StoredFile, is_intact, read_manifest
from rag.records import ArticleInfo, Filters, Passage

_TITLE_WEIGHT = 1.0
_RETRIES = 5


class Store:
    """Searches and reads one generation of a store. Its files never change, so it may be used
    from several threads and while an ingest publishes the next generation."""

    def __init__(self, folder: Path, manifest: Manifest, db: sqlite3.Connection) -> None:
        self.folder = folder
        self.manifest = manifest
        self.notices: list[str] = []
        self._db = db
        self._index: Any = None

    def check_embedder(self, embedder: Embedder) -> None:
        """Raises StoreMismatch unless this embedder made the store's vectors."""
        if embedder.sha256 != self.manifest.embedder_sha256:
            raise StoreMismatch(describe_mismatch(self.folder, self.manifest, embedder))

    def search_vectors(
        self, vector: NDArray[np.float32], count: int, filters: Filters
    ) -> list[tuple[int, float]]:
        """(passage number, cosine), best first; `vector` is a unit vector (dimension,)."""
        allowed = self._allowed(filters) if filters.any() else None
        return vectors.search_index(self._index, vector, count, allowed)

    def search_terms(self, query: str, count: int, filters: Filters) -> list[tuple[int, float]]:
        """(passage number, BM25), best first, for an FTS5 query."""
        limit = ""
        values: list[str] = []
        if filters.any():
            clause, given = database.filter_clause(filters)
            values += given
            limit = (
                "AND rowid IN (SELECT p.number FROM passages p JOIN articles a"
                f" ON a.row = p.article {clause})"
            )
        rows = self._db.execute(
            f"SELECT rowid, -bm25(terms, {_TITLE_WEIGHT}, 1.0) AS score FROM terms"
            f" WHERE terms MATCH ? {limit} ORDER BY score DESC, rowid LIMIT ?",
            (query, *values, count),
        )
        return [(number, score) for number, score in rows]

    def passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """The passages with these numbers."""
        return database.fetch_passages(self._db, numbers)

    def articles(self, filters: Filters) -> Iterable[ArticleInfo]:
        """The articles that the filters leave, newest first, undated ones last."""
        return database.fetch_infos(self._db, filters)

    def article(self, article_id: str) -> tuple[ArticleInfo, str] | None:
        """One article with its text, or None."""
        return database.fetch_article(self._db, article_id)

    def sources(self) -> list[str]:
        """The outlets in the store, by name."""
        query = "SELECT DISTINCT source FROM articles WHERE source IS NOT NULL ORDER BY source"
        return [source for (source,) in self._db.execute(query)]

    def close(self) -> None:
        """Ends the use of the store's files."""
        self._db.close()

    def load_vectors(self) -> None:
        """Loads the FAISS index, or makes it anew from the database where its file is gone."""
        stored = self.manifest.vectors
        path = self.folder / stored.name
        try:
            intact = is_intact(self.folder, stored)
        except FileNotFoundError:
            self._index = vectors.build_index(self._db, self.manifest.dimension)
            self.notices.append(f"{path} was gone; made anew from {self.manifest.database.name}")
            return
        if not intact:
            raise StoreDamaged(
                f"{path} is damaged; make it anew with: rag ingest --rebuild --store {self.folder}"
            )
        self._index = vectors.load_index(path)

    def _allowed(self, filters: Filters) -> NDArray[np.int64]:
        clause, values = database.filter_clause(filters)
        rows = self._db.execute(
            f"SELECT p.number FROM passages p JOIN articles a ON a.row = p.article {clause}", values
        )
        return np.array([number for (number,) in rows], dtype=np.int64)


def open_store(folder: Path, *, search: bool = True) -> Store:
    """Opens the newest generation after checking the hash of every file that is used.

    `search=False` leaves the vectors alone, for listing and showing. Raises StoreMissing,
    StoreDamaged or StoreMismatch.
    """
    for _ in range(_RETRIES):
        manifest = read_manifest(folder)
        try:
            db = open_database(folder, manifest.database)
        except FileNotFoundError:
            continue  # a newer generation was published in between
        store = Store(folder, manifest, db)
        if search:
            store.load_vectors()
        return store
    raise StoreDamaged(
        f"{folder / manifest.database.name} is gone; move the folder {folder} away and ingest again"
    )


def open_database(folder: Path, stored: StoredFile) -> sqlite3.Connection:
    """The database of a generation, checked. FileNotFoundError if it is gone."""
    if not is_intact(folder, stored):
        raise StoreDamaged(
            f"{folder / stored.name} is damaged; move the folder {folder} away and ingest again"
        )
    return database.open_immutable(folder / stored.name)


def describe_mismatch(folder: Path, manifest: Manifest, embedder: Embedder) -> str:
    """One line that names both embedders and the way out."""
    same_name = " of another version" if embedder.name == manifest.embedder else ""
    return (
        f"store {folder} was made by embedder {manifest.embedder}, not by {embedder.name}"
        f"{same_name}; give --embedder {manifest.embedder}, or ingest into another --store"
    )
