"""The manifest: the one file that says which files make up a store and what they must hash to.

A store is a folder of segments, each a set of files that never change. Publishing writes a new
segment aside, syncs it, and then replaces the manifest, which is the moment the new generation
exists; a reader sees the old set of segments or the new one, never a mixture.
"""

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.errors import StoreDamaged, StoreError, StoreMismatch, StoreMissing
from rag.models.verify import MEMO_NAME, remembered_sha256, verified

SCHEMA = 3
NAME = "manifest.json"
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of a segment: its name in the store's folder, size and SHA-256 (hex)."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Segment:
    """Articles that were published together, in files that never change.

    `number` is that of the generation which made it. `superseded` and `removed` are the rows of
    its articles that a later generation replaced by a newer version or took away. `articles` and
    `passages` count what can be found; `index` is FAISS's name for the kind of vector index,
    `probes` how many of its lists are searched (0 where there are none) and `recall` the share
    of the true ten nearest that it finds, measured when it was made (1.0 where it is exact).
    """

    number: int
    articles: int
    passages: int
    superseded: tuple[int, ...]
    removed: tuple[int, ...]
    index: str
    probes: int
    recall: float
    database: StoredFile
    terms: StoredFile
    vectors: StoredFile

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """Its files, the database, which is the truth, first."""
        return (self.database, self.terms, self.vectors)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a store is made of. `embedder_sha256` identifies the embedder's weights and
    settings; vectors of another embedder mean nothing here. Passages are numbered through the
    whole store from 1; `next_passage` is the first number that was never given."""

    schema: int
    generation: int
    embedder: str
    embedder_sha256: str
    dimension: int
    next_passage: int
    segments: tuple[Segment, ...]

    @property
    def articles(self) -> int:
        """How many articles can be found."""
        return sum(segment.articles for segment in self.segments)

    @property
    def passages(self) -> int:
        """How many passages can be found."""
        return sum(segment.passages for segment in self.segments)

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """All files of the store."""
        return tuple(file for segment in self.segments for file in segment.files)


def file_names(number: int) -> tuple[str, str, str]:
    """The files of the segment that a generation makes: database, terms, vectors."""
    return (f"articles-{number}.db", f"terms-{number}.safetensors", f"vectors-{number}.faiss")


def read_manifest(folder: Path) -> Manifest:
    """Raises StoreMissing, StoreDamaged, StoreMismatch, or StoreError where it cannot be read;
    file hashes are not checked here."""
    path = folder / NAME
    raw = _read_json(path)
    schema = raw.get("schema")
    checksum = raw.pop("checksum", None)
    if checksum is None or checksum != _checksum(raw):
        raise _damaged(path, "it is not as it was written")
    if type(schema) is not int:
        raise _damaged(path, "its schema is no number")
    if schema != SCHEMA:
        step = "update the program, or ingest" if schema > SCHEMA else "ingest the articles again"
        raise StoreMismatch(
            f"{path} has schema {schema}, this program reads {SCHEMA}; {step} into another --store"
        )
    try:
        listed = raw.pop("segments")
        if not isinstance(listed, list):
            raise TypeError
        segments = tuple(_segment(**segment) for segment in listed)
        manifest = Manifest(**raw, segments=segments)
    except (TypeError, KeyError, ValueError) as error:
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
    # Remembered with the file's times, so that opening the store need not read it all again.
    sha256 = remembered_sha256(path, path.parent / MEMO_NAME)
    return StoredFile(path.name, path.stat().st_size, sha256)


def is_intact(path: Path, expected: StoredFile, *, thorough: bool) -> bool:
    """Whether the file is the one that was published: byte for byte where `thorough`, else a big
    one may be known by size, times and inode since it was last read. FileNotFoundError if gone."""
    if path.stat().st_size != expected.bytes:
        return False
    return verified(path, expected.sha256, None if thorough else path.parent / MEMO_NAME)


def sync_folder(folder: Path) -> None:
    """Makes renames in the folder last through a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _segment(**raw: Any) -> Segment:
    for kind in ("database", "terms", "vectors"):
        raw[kind] = StoredFile(**raw[kind])
    for kind in ("superseded", "removed"):
        raw[kind] = tuple(raw[kind])
    return Segment(**raw)


def _is_sound(manifest: Manifest) -> bool:
    """Whether the values can be used: above all, no file name leads out of the folder."""
    numbers = (manifest.generation, manifest.dimension, manifest.next_passage)
    made = [segment.number for segment in manifest.segments]
    return (
        isinstance(manifest.embedder, str)
        and _is_hash(manifest.embedder_sha256)
        and all(_is_count(n) for n in numbers)
        and all(_is_sound_segment(segment) for segment in manifest.segments)
        and made == sorted(set(made))
        and all(number <= manifest.generation for number in made)
    )


def _is_sound_segment(segment: Segment) -> bool:
    counts = (segment.number, segment.articles, segment.passages, segment.probes)
    rows = (*segment.superseded, *segment.removed)
    return (
        all(_is_count(n) for n in (*counts, *rows, *(file.bytes for file in segment.files)))
        and isinstance(segment.index, str)
        and type(segment.recall) is float
        and all(_is_hash(file.sha256) for file in segment.files)
        and tuple(file.name for file in segment.files) == file_names(segment.number)
    )


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


def _checksum(raw: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def _damaged(path: Path, reason: str) -> StoreDamaged:
    return StoreDamaged(
        f"{path} is damaged: {reason}; move the folder {path.parent} away and ingest again"
    )
