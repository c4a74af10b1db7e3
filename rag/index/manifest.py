"""The manifest: the one file that says which files make up a store and what they must hash to.

A store is a folder of immutable files, one set per generation. Publishing writes the new set
aside, syncs it, and then replaces the manifest, which is the moment the new generation exists;
a reader sees the old set or the new one, never a mixture.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.errors import StoreDamaged, StoreMismatch, StoreMissing

SCHEMA = 1
NAME = "manifest.json"


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


def read_manifest(folder: Path) -> Manifest:
    """Raises StoreMissing, StoreDamaged or StoreMismatch; file hashes are not checked here."""
    path = folder / NAME
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
    schema = raw.get("schema") if isinstance(raw, dict) else None
    if isinstance(schema, int) and schema > SCHEMA:
        raise StoreMismatch(
            f"{path} has schema {schema}, this program reads {SCHEMA}; update the program, "
            "or ingest into another --store"
        )
    checksum = raw.pop("checksum", None) if isinstance(raw, dict) else None
    if checksum is None or checksum != _checksum(raw):
        raise _damaged(path, "it is not as it was written")
    try:
        database, vectors = StoredFile(**raw.pop("database")), StoredFile(**raw.pop("vectors"))
        return Manifest(**raw, database=database, vectors=vectors)
    except (TypeError, KeyError) as error:
        raise _damaged(path, "its fields are not those of a manifest") from error


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
    with path.open("rb") as file:
        os.fsync(file.fileno())
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return StoredFile(path.name, file.tell(), sha256)


def is_intact(folder: Path, expected: StoredFile) -> bool:
    """Whether the file is byte for byte the one that was published. FileNotFoundError if gone."""
    path = folder / expected.name
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


def _checksum(raw: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def _damaged(path: Path, reason: str) -> StoreDamaged:
    return StoreDamaged(
        f"{path} is damaged: {reason}; move the folder {path.parent} away and ingest again"
    )
