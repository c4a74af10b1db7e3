"""The manifest: the one file that says which files make up a store and what they must hash to.

A store is a folder of immutable files, one set per generation. Publishing writes the new set
aside, syncs it, and then replaces the manifest, which is the moment the new generation exists;
a reader sees the old set or the new one, never a mixture.
"""

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.errors import StoreDamaged, StoreError, StoreMismatch, StoreMissing

SCHEMA = 1
NAME = "manifest.json"
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of a generation: its name in the store's folder, size and SHA-256 (hex)."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a store is made of. `embedder_sha256` identifies the embedder's weights and
    settings; vectors of another embedder mean nothing here."""

    schema: int
    generation: int
    embedder: str
    embedder_sha256: str
    dimension: int
    articles: int
    passages: int
    database: StoredFile
    vectors: StoredFile


def database_name(generation: int) -> str:
    """The file with a generation's articles."""
    return f"articles-{generation}.db"


def vectors_name(generation: int) -> str:
    """The file with a generation's FAISS index."""
    return f"vectors-{generation}.faiss"


def read_manifest(folder: Path) -> Manifest:
    """Raises StoreMissing, StoreDamaged, StoreMismatch, or StoreError where it cannot be read;
    file hashes are not checked here."""
    path = folder / NAME
    raw = _read_json(path)
    schema = raw.get("schema")
    if type(schema) is int and schema > SCHEMA:
        raise StoreMismatch(
            f"{path} has schema {schema}, this program reads {SCHEMA}; update the program, "
            "or ingest into another --store"
        )
    checksum = raw.pop("checksum", None)
    if checksum is None or checksum != _checksum(raw):
        raise _damaged(path, "it is not as it was written")
    try:
        database, vectors = StoredFile(**raw.pop("database")), StoredFile(**raw.pop("vectors"))
        manifest = Manifest(**raw, database=database, vectors=vectors)
    except (TypeError, KeyError) as error:
        raise _damaged(path, "its fields are not those of a manifest") from error
    if not _is_sound(manifest):
        raise _damaged(path, "its values are not those of a manifest")
    return manifest


def _read_json(path: Path) -> dict[str, Any]:
    folder = path.parent
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StoreMissing(
            f"no store in {folder} yet; make one with: rag ingest --store {folder} PATH"
        ) from None
    except NotADirectoryError:
        raise StoreMissing(f"--store {folder} is not a folder") from None
    except (ValueError, RecursionError) as error:
        raise _damaged(path, "it is not JSON") from error
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror or error}") from error
    if not isinstance(raw, dict):
        raise _damaged(path, "it is not a JSON object")
    return raw


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Publishes a generation whose files are already synced."""
    raw = asdict(manifest)
    raw["checksum"] = _checksum(raw)
    aside = folder / f"{NAME}.new"
    with aside.open("w", encoding="utf-8") as out:
        json.dump(raw, out, indent=1)
        out.write("\n")
        out.flush()
        os.fsync(out.fileno())
    os.replace(aside, folder / NAME)
    sync_folder(folder)


def describe_file(path: Path) -> StoredFile:
    """Size and hash of a finished file, which is synced to the disk first."""
    with path.open("r+b") as file:  # Windows syncs only what is open for writing
        os.fsync(file.fileno())
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return StoredFile(path.name, file.tell(), sha256)


def is_content(data: bytes, expected: StoredFile) -> bool:
    """Whether `data` is byte for byte what was published."""
    return len(data) == expected.bytes and hashlib.sha256(data).hexdigest() == expected.sha256


def is_intact(path: Path, expected: StoredFile) -> bool:
    """Whether the file is byte for byte the one that was published. FileNotFoundError if gone."""
    if path.stat().st_size != expected.bytes:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == expected.sha256


def sync_folder(folder: Path) -> None:
    """Makes renames in the folder last through a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_sound(manifest: Manifest) -> bool:
    """Whether the values can be used: above all, no file name leads out of the folder."""
    files = (manifest.database, manifest.vectors)
    numbers = (manifest.generation, manifest.dimension, manifest.articles, manifest.passages)
    hashes = (manifest.embedder_sha256, *(file.sha256 for file in files))
    return (
        manifest.schema == SCHEMA
        and isinstance(manifest.embedder, str)
        and all(isinstance(value, str) for value in hashes)
        and all(_SHA256.fullmatch(file.sha256) for file in files)
        and all(type(n) is int and n >= 0 for n in (*numbers, *(file.bytes for file in files)))
        and manifest.database.name == database_name(manifest.generation)
        and manifest.vectors.name == vectors_name(manifest.generation)
    )


def _checksum(raw: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def _damaged(path: Path, reason: str) -> StoreDamaged:
    return StoreDamaged(
        f"{path} is damaged: {reason}; move the folder {path.parent} away and ingest again"
    )
