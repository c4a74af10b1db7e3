"""An ingest that is interrupted or killed leaves the store as it was, and the next one ends as
if nothing had happened."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.errors import StoreMissing
from rag.index.embedding import BATCH
from rag.index.manifest import read_manifest
from rag.index.store import open_store
from rag.index.vector_cache import NAME as CACHE
from rag.records import Article, Filters
from tests.index import slow_ingest
from tests.index.conftest import (
    DIMENSION,
    TinyEmbedder,
    by_vector,
    contents,
    files,
    ingest,
    make_article,
    never_merge,
)  # fmt: skip

KILLS = 20  # of each of three kinds of ingest
MANY = [make_article(n) for n in range(50)]
PASSAGES = 150  # of them, three batches


def interrupted_at(batch: int) -> TinyEmbedder:
    def interrupt(call: int) -> None:
        if call == batch:
            raise KeyboardInterrupt

    embedder = TinyEmbedder()
    embedder.before = interrupt
    return embedder


@pytest.mark.parametrize("batch", [0, 1, 2])
def test_an_interrupted_first_ingest_goes_on(folder: Path, tmp_path: Path, batch: int) -> None:
    ingest(tmp_path / "undisturbed", MANY)
    with pytest.raises(KeyboardInterrupt):
        ingest(folder, MANY, interrupted_at(batch))
    with pytest.raises(StoreMissing):
        open_store(folder)
    assert {p.name for p in folder.iterdir()} <= {"ingest.lock", CACHE}
    embedder = TinyEmbedder()
    ingest(folder, MANY, embedder)
    assert embedder.encoded == PASSAGES - batch * BATCH
    assert contents(folder) == contents(tmp_path / "undisturbed")
    assert not (folder / CACHE).exists()


def test_an_interrupted_update_leaves_the_old_answers(store: Path, tmp_path: Path) -> None:
    shutil.copytree(store, tmp_path / "undisturbed")
    ingest(tmp_path / "undisturbed", MANY)
    before = files(store)
    with pytest.raises(KeyboardInterrupt):
        ingest(store, MANY, interrupted_at(1))
    after = files(store)
    assert after.pop(CACHE) and after == before
    assert open_store(store).manifest.articles == 12
    embedder = TinyEmbedder()
    ingest(store, MANY, embedder)
    assert embedder.encoded == PASSAGES - 12 * 3 - BATCH
    assert contents(store) == contents(tmp_path / "undisturbed")


def test_an_interruption_while_articles_are_read(store: Path) -> None:
    before = files(store)

    def offered() -> Iterator[Article]:
        yield make_article(70)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(store, offered())
    assert files(store) == before


@pytest.mark.parametrize("damage", ["emptied", "truncated", "other", "other table", "flipped"])
def test_a_damaged_cache_is_no_loss(folder: Path, tmp_path: Path, damage: str) -> None:
    ingest(tmp_path / "undisturbed", MANY)
    with pytest.raises(KeyboardInterrupt):
        ingest(folder, MANY, interrupted_at(2))
    path = folder / CACHE
    data = path.read_bytes()
    spoilt = {
        "emptied": b"",
        "truncated": data[:5000],
        "other": b"no database" * 1000,
        "other table": data.replace(b"sha256", b"sha257"),
        "flipped": data[:4096] + bytes(b ^ 0x10 for b in data[4096:]),
    }
    path.write_bytes(spoilt[damage])
    embedder = TinyEmbedder()
    ingest(folder, MANY, embedder)
    assert embedder.encoded == PASSAGES
    assert contents(folder) == contents(tmp_path / "undisturbed")
    assert not (folder / CACHE).exists()


def test_an_altered_cached_vector_is_not_taken(folder: Path, tmp_path: Path) -> None:
    ingest(tmp_path / "undisturbed", MANY)
    with pytest.raises(KeyboardInterrupt):
        ingest(folder, MANY, interrupted_at(2))
    db = sqlite3.connect(folder / CACHE)
    row, vector = db.execute("SELECT rowid, vector FROM vectors").fetchone()
    altered = bytes([vector[0] ^ 1]) + vector[1:]
    db.execute("UPDATE vectors SET vector=? WHERE rowid=?", (altered, row))
    db.commit()
    db.close()
    embedder = TinyEmbedder()
    ingest(folder, MANY, embedder)
    assert embedder.encoded == BATCH + PASSAGES - 2 * BATCH
    assert contents(folder) == contents(tmp_path / "undisturbed")


def test_what_another_embedder_left_is_not_taken(folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        ingest(folder, MANY, interrupted_at(2))
    other = TinyEmbedder("other")
    ingest(folder, MANY, other)
    assert other.encoded == PASSAGES


@pytest.fixture
def server() -> Iterator[subprocess.Popen[str]]:
    """Forks slow ingests, see slow_ingest.py."""
    with subprocess.Popen(
        [sys.executable, "-m", slow_ingest.__name__],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def run_slowly(server: subprocess.Popen[str], folder: Path, kill_after: str) -> int:
    """The exit status of an ingest into the folder that is killed after so many seconds."""
    assert server.stdin and server.stdout
    print(kill_after, folder, file=server.stdin, flush=True)
    return int(server.stdout.readline())


def state(folder: Path) -> str:
    """Which generation a reader sees; fails unless it is whole."""
    try:
        opened = open_store(folder, thorough=True)
    except StoreMissing:
        return "none"
    manifest, rows = opened.manifest, contents(folder)
    assert manifest == read_manifest(folder) and opened.notices == []
    assert manifest.articles == len(opened.articles(Filters()))
    assert len(rows["articles"]) == manifest.articles + opened.older_versions()
    numbers = [row[0] for row in rows["passages"]]
    assert [row[0] for row in rows["vectors"]] == [row[0] for row in rows["terms"]] == numbers
    assert numbers == sorted(set(numbers)) and numbers[-1] < manifest.next_passage
    found = by_vector(opened, np.ones(DIMENSION, np.float32), 9999, Filters())
    current = [n for n, _ in found]
    assert len(current) == manifest.passages and set(current) <= set(numbers)
    assert len(opened.passages(current)) == len(current)
    opened.close()
    return {20: "old", len(slow_ingest.OFFERED): "new"}[manifest.articles]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")
@pytest.mark.parametrize("base", ["none", "merged", slow_ingest.UNMERGED])
def test_a_killed_ingest_leaves_a_whole_store(
    server: subprocess.Popen[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    if base == slow_ingest.UNMERGED:
        never_merge(monkeypatch)
    before = "none" if base == "none" else "old"
    (tmp_path / "base").mkdir()
    if before == "old":
        ingest(tmp_path / "base", [make_article(n) for n in range(20)])
    undisturbed = tmp_path / f"{base} undisturbed"
    shutil.copytree(tmp_path / "base", undisturbed)
    began = time.monotonic()
    assert run_slowly(server, undisturbed, "never") == 0
    seconds = time.monotonic() - began
    expected, named = contents(undisturbed), segment_files_of(undisturbed)
    assert len(named) == (6 if base == slow_ingest.UNMERGED else 3)
    rng = random.Random(base)
    seen: Counter[str] = Counter()
    for kill in range(KILLS):
        folder = tmp_path / f"{base} {kill}"
        shutil.copytree(tmp_path / "base", folder)
        # One moment at random out of each of equal stretches of the whole time.
        status = run_slowly(server, folder, str(seconds * (kill + rng.random()) / KILLS))
        seen["killed" if status == -signal.SIGKILL else "ended"] += 1
        found = state(folder)
        assert found in (before, "new")
        seen[found] += 1
        seen["cache"] += (folder / CACHE).exists()
        ingest(folder, slow_ingest.OFFERED)
        assert state(folder) == "new" and contents(folder) == expected
        assert segment_files_of(folder) == named and not (folder / "draft.db").exists()
        shutil.rmtree(folder)
    assert seen["killed"] >= KILLS / 2 and seen["cache"] >= 3, seen
    assert min(seen[before], seen["new"]) >= 1, seen


def segment_files_of(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*-[0-9]*") if path.suffix != ".lost"}
