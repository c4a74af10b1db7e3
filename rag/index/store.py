"""A published store, open for reading: one generation, checked before it is used."""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreBusy, StoreDamaged, StoreError, StoreMismatch
from rag.index import database, vectors
from rag.index.embedder import Embedder
from rag.index.manifest import Manifest, StoredFile, is_content, is_intact, read_manifest
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
        self._lock = threading.Lock()  # not every SQLite lets threads share a connection
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
        return self._rows(
            f"SELECT rowid, -bm25(terms, {_TITLE_WEIGHT}, 1.0) AS score FROM terms"
            f" WHERE terms MATCH ? {limit} ORDER BY score DESC, rowid LIMIT ?",
            (query, *values, count),
        )

    def passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """The passages with these numbers."""
        with self._lock:
            return database.fetch_passages(self._db, numbers)

    def articles(self, filters: Filters) -> list[ArticleInfo]:
        """The articles that the filters leave, newest first, undated ones last."""
        with self._lock:
            return list(database.fetch_infos(self._db, filters))

    def article(self, article_id: str) -> tuple[ArticleInfo, str] | None:
        """One article with its text, or None."""
        with self._lock:
            return database.fetch_article(self._db, article_id)

    def sources(self) -> list[str]:
        """The outlets in the store, by name."""
        query = "SELECT DISTINCT source FROM articles WHERE source IS NOT NULL ORDER BY source"
        return [source for (source,) in self._rows(query)]

    def close(self) -> None:
        """Ends the use of the store's files."""
        with self._lock:
            self._db.close()

    def load_vectors(self) -> None:
        """Loads the FAISS index. Raises StoreDamaged, or FileNotFoundError if its file is gone."""
        path = self.folder / self.manifest.vectors.name
        data = path.read_bytes()  # once, so that what was checked is what is loaded
        if not is_content(data, self.manifest.vectors):
            raise StoreDamaged(
                f"{path} is damaged; make it anew with: rag ingest --rebuild --store {self.folder}"
            )
        self._index = vectors.load_index(data)

    def make_vectors(self) -> None:
        """Makes the FAISS index anew from the database."""
        self._index = vectors.build_index(self._db, self.manifest.dimension)
        self.notices.append(
            f"{self.folder / self.manifest.vectors.name} was gone; made anew from "
            f"{self.manifest.database.name}"
        )

    def _allowed(self, filters: Filters) -> NDArray[np.int64]:
        clause, values = database.filter_clause(filters)
        rows = self._rows(
            f"SELECT p.number FROM passages p JOIN articles a ON a.row = p.article {clause}", values
        )
        return np.array([number for (number,) in rows], dtype=np.int64)

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock:
            return self._db.execute(query, values).fetchall()


def open_store(folder: Path, *, search: bool = True) -> Store:
    """Opens the newest generation after checking the hash of every file that is used.

    `search=False` leaves the vectors alone, for listing and showing. Raises StoreMissing,
    StoreDamaged, StoreMismatch, or StoreError where a file cannot be read.
    """
    for _ in range(_RETRIES):
        manifest = read_manifest(folder)
        try:
            return _open_generation(folder, manifest, search)
        except FileNotFoundError:
            if read_manifest(folder) == manifest:
                raise StoreDamaged(describe_gone(folder, manifest)) from None
            # A newer generation was published in between.
        except OSError as error:
            raise StoreError(f"store {folder} cannot be read: {error}") from error
    raise StoreBusy(f"store {folder} is being written to too often; try again in a moment")


def _open_generation(folder: Path, manifest: Manifest, search: bool) -> Store:
    """Raises FileNotFoundError where the manifest is no longer the current one."""
    store = Store(folder, manifest, open_database(folder, manifest.database))
    try:
        if search:
            store.load_vectors()
    except FileNotFoundError:
        if read_manifest(folder) != manifest:
            store.close()
            raise
        store.make_vectors()
    except BaseException:
        store.close()
        raise
    return store


def open_database(folder: Path, stored: StoredFile) -> sqlite3.Connection:
    """The database of a generation, checked. FileNotFoundError if it is gone."""
    path = folder / stored.name
    if not is_intact(path, stored):
        raise StoreDamaged(f"{path} is damaged; move the folder {folder} away and ingest again")
    try:
        return database.open_immutable(path)
    except sqlite3.OperationalError as error:
        path.stat()  # FileNotFoundError where it was removed since the check
        raise StoreError(f"{path} cannot be opened: {error}") from error


def describe_gone(folder: Path, manifest: Manifest) -> str:
    """One line for a database that is not there."""
    path = folder / manifest.database.name
    return f"{path} is gone; move the folder {folder} away and ingest again"


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
