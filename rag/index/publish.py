"""Turning a finished draft into the store's next generation, in the order that no interruption
can harm: files first, synced; then the manifest that names them; then away with the old ones.

One process at a time does this, under the lock. A reader needs no lock.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import filelock

from rag.errors import StoreBusy, StoreError, StoreMissing
from rag.index import manifest as manifests
from rag.index import vectors
from rag.index.manifest import Manifest, describe_file, read_manifest, sync_folder, write_manifest

DRAFT = "draft.db"
LOCK = "ingest.lock"


def publish(folder: Path, db: sqlite3.Connection, manifest: Manifest) -> Manifest:
    """Moves the finished draft, open as `db`, into place as the manifest's generation.

    The manifest as it was written, with counts and hashes. Where this fails, what it made is
    taken away again and the store stays what it was.
    """
    index = vectors.build_index(db, manifest.dimension)
    count = db.execute("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)")
    articles, passages = count.fetchone()
    db.close()
    database_path = folder / manifests.database_name(manifest.generation)
    vectors_path = folder / manifests.vectors_name(manifest.generation)
    try:
        os.replace(folder / DRAFT, database_path)
        vectors.save_index(index, vectors_path)
        manifest = replace(
            manifest,
            articles=articles,
            passages=passages,
            database=describe_file(database_path),
            vectors=describe_file(vectors_path),
        )
        sync_folder(folder)
        write_manifest(folder, manifest)
    except BaseException:
        _discard(folder, [database_path, vectors_path, folder / f"{manifests.NAME}.new"])
        raise
    sweep(folder, manifest)
    return manifest


def sweep(folder: Path, manifest: Manifest) -> None:
    """Removes the files of other generations, an interrupted one's too."""
    named = (manifest.database.name, manifest.vectors.name)
    found = [*folder.glob("articles-*.db"), *folder.glob("vectors-*.faiss")]
    others = [path for path in found if path.name not in named]
    if others:
        sync_folder(folder)  # they may go only once the manifest is sure to last
    for path in others:
        with suppress(OSError):  # Windows keeps what a reader has open; the next ingest removes it
            path.unlink()


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
        named = {current.database.name, current.vectors.name}
    except StoreMissing:
        named = set()
    except StoreError:
        return  # nobody knows what the store needs
    for path in paths:
        if path.name not in named:
            with suppress(OSError):
                path.unlink()
