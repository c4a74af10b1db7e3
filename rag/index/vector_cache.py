"""Vectors that are computed but not published yet, kept through an interruption.

Embedding is the longest wait of all. Each finished batch is put aside under a hash of the
embedder and the text; the next ingest takes from here what it needs, and publishing removes it.
"""

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

NAME = "unpublished-vectors.db"
_SELECT = "SELECT vector, sha256 FROM vectors WHERE id=?"
# SQLITE_ERROR is what a table of another shape gives.
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


class VectorCache:
    """The vectors of an unfinished ingest in the store's folder. A damaged file is no loss:
    it is begun anew."""

    def __init__(self, folder: Path, embedder_sha256: str) -> None:
        self._path = folder / NAME
        self._salt = embedder_sha256.encode()
        try:
            self._db = self._open()
        except sqlite3.DatabaseError as error:
            _raise_unless_damaged(error)
            self._delete()
            self._db = self._open()

    def get(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """The vectors of all the texts, or None unless every one is here: a batch is taken
        whole, since a text's last bits depend on the batch that it was encoded in."""
        found = []
        for text in texts:
            try:
                row = self._db.execute(_SELECT, self._id(text)).fetchone()
            except sqlite3.DatabaseError as error:
                _raise_unless_damaged(error)
                return None
            if row is None or hashlib.sha256(row[0]).digest() != row[1]:
                return None
            found.append(np.frombuffer(row[0], dtype="<f4"))
        if len({vector.shape for vector in found}) > 1:
            return None
        return np.stack(found)

    def put(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keeps a batch; it is on the disk when this returns."""
        blobs = [vector.astype("<f4").tobytes() for vector in vectors]
        rows = [
            (*self._id(text), blob, hashlib.sha256(blob).digest())
            for text, blob in zip(texts, blobs, strict=True)
        ]
        try:
            self._insert(rows)
        except sqlite3.DatabaseError as error:
            _raise_unless_damaged(error)
            self.remove()
            self._db = self._open()
            self._insert(rows)

    def close(self) -> None:
        """Keeps what is there for the next ingest."""
        self._db.close()

    def remove(self) -> None:
        """Closes and deletes it all; for when the vectors are published."""
        self._db.close()
        self._delete()

    def _delete(self) -> None:
        for suffix in ("", "-journal"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)

    def _insert(self, rows: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?,?,?)", rows)

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path)
        try:
            db.execute(
                "CREATE TABLE IF NOT EXISTS vectors"
                " (id BLOB PRIMARY KEY, vector BLOB NOT NULL, sha256 BLOB NOT NULL)"
            )
        except BaseException:
            db.close()
            raise
        return db

    def _id(self, text: str) -> tuple[bytes]:
        return (hashlib.sha256(self._salt + text.encode()).digest(),)


def _raise_unless_damaged(error: sqlite3.DatabaseError) -> None:
    """A full disk or a denied write is not the file's fault; what it holds is worth keeping."""
    if error.sqlite_errorcode & 0xFF not in _DAMAGE:
        raise error
