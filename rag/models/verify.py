"""Whether files are what the catalogue says, told by their SHA-256 before anything parses them.

Hashing a gigabyte takes a second or more, so the hash of a big file is remembered in a memo beside
the models, together with the file's size, times and inode: any change of these, or a memo that
cannot be read, means hashing again. The memo saves time and is no protection against somebody who
can write to the models' folder.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from rag.errors import ModelError, ModelMissing
from rag.models.catalogue import Model, catalogue, fingerprint

MEMO_NAME = ".verified.json"
REMEMBERED_FROM = 1 << 20
"""Bytes from which a hash is remembered; smaller files are hashed in a few milliseconds."""

EMBEDDER_SUFFIXES = frozenset({".json", ".txt", ".safetensors", ".model"})
PROSE = ("readme", "license", "licence", "notice", "changelog")


def sha256_file(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def remembered_sha256(path: Path, memo_file: Path | None) -> str:
    """SHA-256 (hex) of a file, from the memo if the file has not changed since. Raises OSError."""
    stamp = _stamp(path)
    if memo_file is None or stamp[0] < REMEMBERED_FROM:
        return sha256_file(path)
    key = str(path.resolve())
    known = _read_memo(memo_file).get(key)
    if known is not None and known[1] == stamp:
        return known[0]
    digest = sha256_file(path)
    # A file that changed while it was read has no hash worth remembering.
    if _stamp(path) == stamp:
        _write_memo(memo_file, key, digest, stamp)
    return digest


def verified(path: Path, sha256_expected: str, memo_file: Path | None) -> bool:
    """Whether the file has that SHA-256 (hex). Raises OSError if it cannot be read."""
    return remembered_sha256(path, memo_file) == sha256_expected


def check_model(model: Model, folder: Path, memo_file: Path | None = None) -> None:
    """Passes if every file of the model lies in `folder` with the bytes of the catalogue.

    Raises ModelMissing if one is absent, ModelError if one is altered or cannot be read.
    """
    for file in model.files:
        path = folder / file.path
        try:
            actual = remembered_sha256(path, memo_file)
        except (FileNotFoundError, NotADirectoryError) as error:
            message = f"{model.name} is not on this computer; run: rag models pull {model.name}"
            raise ModelMissing(message) from error
        except OSError as error:
            raise ModelError(f"{path} cannot be read: {error.strerror}") from error
        if actual != file.sha256:
            raise ModelError(
                f"{path} is truncated or altered (sha256 {short(actual)}, expected "
                f"{short(file.sha256)}): remove it and run: rag models pull {model.name}"
            )


def folder_fingerprint(folder: Path, memo_file: Path | None = None) -> str:
    """The identity of an embedder's folder: a known model's, if all of its files are there
    unchanged, else the same formula over every file of the folder that can matter.

    Raises ModelError if a file cannot be read.
    """
    try:
        digests = {
            path.relative_to(folder).as_posix(): remembered_sha256(path, memo_file)
            for path in _files_that_matter(folder)
        }
    except OSError as error:
        raise ModelError(f"{error.filename or folder} cannot be read: {error.strerror}") from error
    for model in catalogue():
        if all(digests.get(file.path) == file.sha256 for file in model.files):
            return model.fingerprint
    return fingerprint(digests)


def short(digest: str) -> str:
    """The first 12 hex digits, enough to tell two hashes apart in a message."""
    return digest[:12]


def _files_that_matter(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if any(part.startswith(".") for part in parts) or path.suffix not in EMBEDDER_SUFFIXES:
            continue
        if path.is_file() and not path.name.lower().startswith(PROSE):
            yield path


def _stamp(path: Path) -> list[int]:
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def _read_memo(memo_file: Path) -> dict[str, tuple[str, list[int]]]:
    try:
        entries = json.loads(memo_file.read_bytes())
        return {
            str(path): (str(entry["sha256"]), list(map(int, entry["stat"])))
            for path, entry in entries.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _write_memo(memo_file: Path, key: str, digest: str, stamp: list[int]) -> None:
    known = {path: entry for path, entry in _read_memo(memo_file).items() if os.path.exists(path)}
    known[key] = (digest, stamp)
    text = json.dumps({path: {"sha256": e[0], "stat": e[1]} for path, e in known.items()}, indent=1)
    # A read-only folder costs the time of hashing again, nothing else.
    with suppress(OSError):
        handle, aside = tempfile.mkstemp(prefix=memo_file.name, dir=memo_file.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(text)
            os.replace(aside, memo_file)
        except OSError:
            os.unlink(aside)
