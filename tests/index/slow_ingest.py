"""A server that forks ingests and kills them: seconds and a folder a line in, exit status out.

Each child ingests the articles of `OFFERED` with pauses wherever being killed could matter.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rag.index import compaction, draft, terms, vector_cache, vectors
from tests.index.conftest import TinyEmbedder, ingest, make_article

OFFERED = [make_article(n, version=1 if n < 10 else 0) for n in range(50)]
UNMERGED = "unmerged"  # in a folder's name: no older segment is merged
PAUSE = 0.012


def pausing(function: Callable[..., Any]) -> Callable[..., Any]:
    def paused(*args: Any, **kwargs: Any) -> Any:
        time.sleep(PAUSE)
        result = function(*args, **kwargs)
        time.sleep(PAUSE)
        return result

    return paused


def slow_ingest(folder: Path) -> None:
    if UNMERGED in folder.name:
        compaction.ALWAYS = compaction.GROWTH = -1
    for owner, name in (
        *((os, "fsync"), (os, "replace"), (draft, "copy_segment")),
        *((terms, "build_terms"), (vectors, "build_index")),
    ):
        setattr(owner, name, pausing(getattr(owner, name)))
    cache: Any = vector_cache.VectorCache
    cache.put, cache.remove = pausing(cache.put), pausing(cache.remove)
    path: Any = type(folder)
    path.unlink = pausing(path.unlink)
    embedder = TinyEmbedder()
    embedder.before = lambda call: time.sleep(2 * PAUSE)
    ingest(folder, OFFERED, embedder)


def serve() -> None:
    for line in sys.stdin:
        seconds, folder = line.rstrip("\n").split(" ", 1)
        child = os.fork()
        if child == 0:
            slow_ingest(Path(folder))
            os._exit(0)
        if seconds != "never":
            time.sleep(float(seconds))
            os.kill(child, signal.SIGKILL)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    serve()
