"""Fetches a model's files from the model hub where one can be reached, resuming what is half there.

The hub is asked first and given up quickly: anything that goes wrong with it means that the
packages are tried instead. `huggingface_hub` (2.x) throws away the half of a file that it was
interrupted in, so the bytes are read here, over that library's own session and headers.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

from rag.models.catalogue import Model, ModelFile
from rag.models.disk import OnBytes, shifted, sync_folder, sync_stream
from rag.models.verify import sha256_file

ANSWER_WITHIN = 4.0
"""Seconds in which a hub must answer to count as reached."""
SILENCE = 20.0
"""Seconds without a byte after which a running download is given up."""
TRIES = 3
"""How often a file is resumed in a row without a new byte."""
PAUSE = 1.0
"""Seconds between two of these tries."""

T = TypeVar("T")


def fetch_from_hub(model: Model, work: Path, on_bytes: OnBytes) -> bool:
    """Fetches every file of the model into `work` at its own path and checks its hash.

    `on_bytes` is told how many of the model's bytes are here. False if no hub can be reached, if
    it is switched off by HF_HUB_OFFLINE, or does not have these very bytes. Honours HF_ENDPOINT.
    Raises OSError if `work` cannot be written.
    """
    if _switched_off():
        return False
    # The library would add a list of what is installed here to each request.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    with _quiet():
        try:
            urls = _within(ANSWER_WITHIN + 1, lambda: _offered(model, model.files[:1]))
            urls |= _offered(model, model.files[1:])
        # Whatever a hub, a proxy or the library raises, the packages come next.
        except Exception:  # noqa: BLE001
            return False
        try:
            here = 0
            for file in model.files:
                _fetch(urls[file.path], file, work / file.path, shifted(on_bytes, here))
                here += file.bytes
        except _NotFromHubError:
            return False
    return True


class _NotFromHubError(Exception):
    """The hub failed, or has other bytes under this name."""


def _offered(model: Model, files: tuple[ModelFile, ...]) -> dict[str, str]:
    """The address of each file; raises if the hub tells another size or hash."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url

    urls = {}
    for file in files:
        endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/") or None
        url = hf_hub_url(model.repository, file.path, endpoint=endpoint)
        told = get_hf_file_metadata(url, timeout=ANSWER_WITHIN)
        if told.size not in (None, file.bytes):
            raise _NotFromHubError(url)
        # Large files carry their SHA-256 as the tag, small ones a git hash of 40 digits.
        if told.etag and len(told.etag) == 64 and told.etag != file.sha256:
            raise _NotFromHubError(url)
        urls[file.path] = url
    return urls


def _fetch(url: str, file: ModelFile, out: Path, on_bytes: OnBytes) -> None:
    """Fetches one file whole; raises _NotFromHubError, or OSError if the disk fails."""
    if out.is_file():
        on_bytes(file.bytes)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(out.name + ".partial")
    while True:
        partial.touch()
        with partial.open("r+b") as stream:
            resumed_at = stream.seek(0, os.SEEK_END)
            _fill(url, stream, file.bytes, on_bytes)
            sync_stream(stream)
        if sha256_file(partial) == file.sha256:
            break
        partial.unlink()
        # Only what was left of an earlier try is worth another one.
        if resumed_at == 0:
            raise _NotFromHubError(url)
    os.replace(partial, out)
    sync_folder(out.parent)


def _fill(url: str, stream: IO[bytes], size: int, on_bytes: OnBytes) -> None:
    """Appends what is missing of `size` bytes, resuming when the connection breaks."""
    tries = TRIES
    while (before := stream.tell()) < size:
        try:
            for at, chunk in _received(url, before):
                if at + len(chunk) > size:
                    raise _NotFromHubError(f"{url} is longer than {size} bytes")
                if at != stream.tell():
                    stream.seek(at)
                    stream.truncate()
                stream.write(chunk)
                on_bytes(stream.tell())
        except _NotFromHubError:
            tries = TRIES if stream.tell() > before else tries - 1
            if tries == 0:
                raise
            time.sleep(PAUSE)


def _received(url: str, start: int) -> Iterator[tuple[int, bytes]]:
    """Pieces of the file with their places, from `start` if the hub can, else from the first."""
    from huggingface_hub import get_session
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # documented

    headers = {**build_hf_headers(), "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    try:
        with get_session().stream("GET", url, headers=headers, timeout=SILENCE) as response:
            response.raise_for_status()
            at = start if response.status_code == 206 else 0
            for chunk in response.iter_bytes():
                yield at, chunk
                at += len(chunk)
    except Exception as error:
        raise _NotFromHubError(url) from error
    if at == start:
        raise _NotFromHubError(f"{url} ended early")


def _switched_off() -> bool:
    values = (os.environ.get(name, "") for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"))
    return any(value.upper() in {"1", "ON", "YES", "TRUE"} for value in values)


def _within(seconds: float, call: Callable[[], T]) -> T:
    """What `call` returns, or TimeoutError: a name look-up has no time limit of its own."""
    result: list[T] = []
    failure: list[Exception] = []

    def run() -> None:
        try:
            result.append(call())
        except Exception as error:  # noqa: BLE001 raised again below
            failure.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if failure:
        raise failure[0]
    if not result:
        raise TimeoutError
    return result[0]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the library's warnings off the terminal."""
    logger = logging.getLogger("huggingface_hub")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
