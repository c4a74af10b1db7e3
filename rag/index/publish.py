"""Turning a finished draft into a segment of the store's next generation, in the order that no
interruption can harm: files first, synced; then the manifest that names them; then away with
those that it names no longer.

One process at a time does this, under the lock. A reader needs no lock.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import filelock

from rag.errors import StoreBusy, StoreError, StoreMissing
from rag.index import manifest as manifests
from rag.index import terms, vectors
from rag.index.database import passage_rows
from rag.index.embedding import count_vectors, read_vectors
from rag.index.manifest import (
    Manifest,
    Segment,
    describe_file,
    file_names,
    read_manifest,
    sync_folder,
    write_manifest,
)

DRAFT = "draft.db"
LOCK = "ingest.lock"


def publish_segment(folder: Path, db: sqlite3.Connection, following: Manifest) -> Manifest:
    """Moves the finished draft, open as `db`, into place as the newest segment of `following`.

    The manifest as it was written, with counts and hashes. Where this fails, what it made is
    taken away again and the store stays what it was.
    """
    count = db.execute("SELECT count(*) FROM articles WHERE superseded = 0")
    (articles,) = count.fetchone()
    paths = [folder / name for name in file_names(following.generation)]
    try:
        passages = _save_terms(db, paths[1])
        index = _save_vectors(db, following.dimension, paths[2])
        db.close()
        os.replace(folder / DRAFT, paths[0])
        segment = Segment(
            number=following.generation,
            articles=articles,
            passages=passages,
            superseded=(),
            removed=(),
            index=index.kind,
            probes=index.probes,
            recall=index.recall,
            database=describe_file(paths[0]),
            terms=describe_file(paths[1]),
            vectors=describe_file(paths[2]),
        )
        return publish(folder, replace(following, segments=(*following.segments, segment)))
    except BaseException:
        _discard(folder, paths)
        raise


def _save_terms(db: sqlite3.Connection, path: Path) -> int:
    """Writes the term index; the number of passages. Its memory is free again after it."""
    arrays = terms.build_terms(passage_rows(db))
    terms.save_arrays(arrays, path)
    return len(arrays["number"])


def _save_vectors(db: sqlite3.Connection, dimension: int, path: Path) -> vectors.VectorIndex:
    made = vectors.build_index(count_vectors(db), dimension, lambda: read_vectors(db, dimension))
    vectors.save_index(made.faiss, path)
    return made


def publish(folder: Path, manifest: Manifest) -> Manifest:
    """Makes the manifest the store's current one; its files are synced already."""
    sync_folder(folder)
    try:
        write_manifest(folder, manifest)
    except BaseException:
        _discard(folder, [folder / f"{manifests.NAME}.new"])
        raise
    sweep(folder, manifest)
    return manifest


def sweep(folder: Path, manifest: Manifest) -> None:
    """Removes the files of segments that are not of this manifest, an interrupted one's too."""
    named = {file.name for file in manifest.files}
    others = [path for path in _segment_files(folder) if path.name not in named]
    if others:
        sync_folder(folder)  # they may go only once the manifest is sure to last
    for path in others:
        with suppress(OSError):  # Windows keeps what a reader has open; the next ingest removes it
            path.unlink()


def _segment_files(folder: Path) -> Sequence[Path]:
    patterns = ("articles-*.db", "terms-*.safetensors", "vectors-*.faiss")
    return [path for pattern in patterns for path in folder.glob(pattern)]


def set_aside(folder: Path) -> list[Path]:
    """Renames databases in a folder without a manifest, so that no later sweep takes them: they
    may be all that is left of a store. Their new names."""
    kept = []
    for path in sorted(folder.glob("articles-*.db")):
        aside = path.with_suffix(".db.lost")
        os.replace(path, aside)
        kept.append(aside)
    return kept


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Holds the store's lock, which the system releases when its holder dies. Raises StoreBusy;
    turns a failure to write, inside it too, into a StoreError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / LOCK, timeout=0):
            yield
    except filelock.Timeout:
        raise StoreBusy(
            f"another rag ingest is writing to {folder}; try again when it has ended"
        ) from None
    except (OSError, sqlite3.DatabaseError) as error:
        raise StoreError(f"store {folder} cannot be written: {error}") from error


def _discard(folder: Path, paths: list[Path]) -> None:
    """Removes files of a generation that failed, unless its manifest was already in place."""
    try:
        current = read_manifest(folder)
        named = {file.name for file in current.files}
    except StoreMissing:
        named = set[str]()
    except StoreError:
        return  # nobody knows what the store needs
    for path in paths:
        if path.name not in named:
            with suppress(OSError):
                path.unlink()
