"""Files that are either whole or not there: written aside, flushed to the disk, then renamed."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

CHUNK = 1 << 20

OnBytes = Callable[[int], None]
"""Is told how many bytes are there so far."""


def write_whole(chunks: Iterator[bytes], out: Path, on_bytes: OnBytes) -> str:
    """Writes `chunks` to `out`, which appears only when all of it is on the disk.

    `on_bytes` is told the bytes written so far. Returns the SHA-256 (hex) of what was written.
    Raises OSError.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_name(out.name + ".aside")
    digest, done = hashlib.sha256(), 0
    with aside.open("wb") as stream:
        for chunk in chunks:
            stream.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            on_bytes(done)
        sync_stream(stream)
    os.replace(aside, out)
    sync_folder(out.parent)
    return digest.hexdigest()


def chunks_of(stream: IO[bytes]) -> Iterator[bytes]:
    """The rest of a stream in pieces of at most 1 MiB."""
    while chunk := stream.read(CHUNK):
        yield chunk


def sync_stream(stream: IO[bytes]) -> None:
    """Flushes a written file to the disk."""
    stream.flush()
    os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Flushes a folder's entries, where the system can: Windows cannot open a folder."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def shifted(on_bytes: OnBytes, base: int) -> OnBytes:
    """The same listener for bytes that are counted from `base` on."""
    return lambda done: on_bytes(base + done)
