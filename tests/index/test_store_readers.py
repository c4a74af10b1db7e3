"""One writer at a time, and readers who never notice it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.errors import StoreBusy
from rag.index import database, segment, vectors
from rag.index import store as store_module
from rag.index.manifest import read_manifest
from rag.index.store import Store, open_store
from rag.index.writer import rebuild
from rag.records import Filters
from tests.index.conftest import (
    DIMENSION,
    by_terms,
    by_vector,
    files,
    ingest,
    make_article,
    never_merge,
)  # fmt: skip

HOLDER = """
import sys, time
from pathlib import Path
from rag.index.publish import locked
with locked(Path(sys.argv[1])):
    print("locked", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(store: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the store's lock."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(store)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout and process.stdout.readline() == "locked\n"
        yield process
        process.kill()


def test_a_second_writer_is_told_at_once(store: Path, holder: subprocess.Popen[str]) -> None:
    before = files(store)
    for attempt in (lambda: ingest(store, [make_article(90)]), lambda: rebuild(store)):
        began = time.monotonic()
        with pytest.raises(StoreBusy) as caught:
            attempt()
        assert time.monotonic() - began < 1
        assert str(store) in str(caught.value) and "try again" in str(caught.value)
    assert files(store) == before
    assert open_store(store).manifest.articles == 12  # readers need no lock


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_a_dead_writers_lock_is_free(store: Path, holder: subprocess.Popen[str]) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert ingest(store, [make_article(90)]).articles == 13


def test_a_second_writer_in_the_same_process(store: Path) -> None:
    def offered() -> Iterator[Any]:
        with pytest.raises(StoreBusy):
            ingest(store, [make_article(91)])
        assert open_store(store).manifest.generation == 1
        yield make_article(90)
        assert open_store(store).manifest.generation == 1

    assert ingest(store, offered()).articles == 13


def test_an_open_store_outlives_its_files(store: Path) -> None:
    old = open_store(store)
    rows, found = old.articles(Filters()), by_terms(old, "aleppo", 5, Filters())
    near = by_vector(old, np.ones(DIMENSION, np.float32), 5, Filters())
    ingest(store, [make_article(0, 1)])
    assert not list(store.glob("*-1.*"))
    assert old.articles(Filters()) == rows != open_store(store).articles(Filters())
    assert by_terms(old, "aleppo", 5, Filters()) == found
    assert by_vector(old, np.ones(DIMENSION, np.float32), 5, Filters()) == near


STEPS: dict[str, tuple[Any, str]] = {
    "the manifest is read": (store_module, "read_manifest"),
    "a file is hashed": (segment, "is_intact"),
    "a database is opened": (database, "open_immutable"),
    "all databases are open": (store_module, "open_segments"),
    "the terms are mapped": (segment, "map_arrays"),
    "the vectors are loaded": (vectors, "load_index"),
}


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize("step", STEPS)
def test_a_generation_that_goes_while_it_is_opened(
    store: Path, monkeypatch: pytest.MonkeyPatch, step: str, merged: bool
) -> None:
    if not merged:
        never_merge(monkeypatch)
    module, name = STEPS[step]
    real = getattr(module, name)

    def then_publish(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        monkeypatch.setattr(module, name, real)
        ingest(store, [make_article(90)])
        return result

    monkeypatch.setattr(module, name, then_publish)
    opened = open_store(store)
    # Files that were not merged stay, and those that are open already do no harm by going.
    stays = not merged or step == "the vectors are loaded"
    assert opened.notices == [] and opened.manifest.generation == (1 if stays else 2)
    assert len(opened.articles(Filters())) == opened.manifest.articles == (12 if stays else 13)
    assert read_manifest(store).generation == 2
    near = by_vector(opened, np.ones(DIMENSION, np.float32), 9999, Filters())
    assert len(near) == opened.manifest.passages


def test_a_store_that_never_stands_still(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, count = read_manifest, iter(range(100, 200))

    def moving(folder: Path) -> Any:
        found = real(folder)
        ingest(store, [make_article(next(count))])
        return found

    monkeypatch.setattr(store_module, "read_manifest", moving)
    with pytest.raises(StoreBusy, match="try again"):
        open_store(store)


def whole(opened: Store) -> None:
    """Fails unless everything that the store answers is of one generation."""
    infos = opened.articles(Filters())
    assert len(infos) == opened.manifest.articles
    vector = np.full(DIMENSION, 0.25, np.float32)
    numbers = [n for n, _ in by_vector(opened, vector, 9999, Filters())]
    assert len(numbers) == opened.manifest.passages == len(opened.passages(numbers))
    found = [n for n, _ in by_terms(opened, "generation aleppo", 9999, Filters())]
    passages = opened.passages(found)
    assert set(found) == set(passages) <= set(numbers)
    assert {p.article for p in passages.values()} <= set(infos)
    told = {p.article.title for p in passages.values() if p.article.title.startswith("Gen")}
    assert len(told) == 1  # the one article that changes each time


@pytest.mark.parametrize("merged", [True, False])
def test_threads_search_while_generations_are_published(
    folder: Path, monkeypatch: pytest.MonkeyPatch, merged: bool
) -> None:
    if not merged:
        never_merge(monkeypatch)

    def offer(generation: int) -> None:
        text, key = f"This is generation {generation}.", "url:https://news.example/live"
        live = make_article(0, text=text, title=f"Generation {generation}", key=key)
        more = range(generation, generation + 3)
        ingest(folder, [live, *(make_article(n) for n in more)])

    offer(1)
    shared, stop = open_store(folder), threading.Event()
    errors: list[BaseException] = []
    opened: set[int] = set()
    rounds = [0] * 6

    def read(thread: int) -> None:
        try:
            while not stop.is_set():
                if thread < 4:
                    whole(shared)
                else:
                    fresh = open_store(folder)
                    whole(fresh)
                    assert fresh.notices == []
                    opened.add(fresh.manifest.generation)
                    fresh.close()
                rounds[thread] += 1
        except BaseException as error:  # noqa: BLE001  # told by the test
            errors.append(error)

    threads = [threading.Thread(target=read, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for generation in range(2, 12):
        offer(generation)
        time.sleep(0.02)
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == [] and min(rounds) >= 3
    assert shared.manifest.generation == 1 and len(opened) >= 3
    manifest = open_store(folder).manifest
    assert manifest.generation == 11 and len(manifest.segments) == (1 if merged else 11)


def test_threads_share_one_connection_in_turn(store: Path) -> None:
    opened, inside = open_store(store), 0

    class OneAtATime:
        """The connection, complaining of company."""

        def __init__(self, real: Any) -> None:
            self.real = real

        def execute(self, *args: Any) -> Any:
            nonlocal inside
            inside += 1
            time.sleep(0.001)
            assert inside == 1
            inside -= 1
            return self.real.execute(*args)

    (only,) = opened._segments
    only.db = OneAtATime(only.db)  # type: ignore[assignment]
    errors: list[BaseException] = []
    article_id = opened.articles(Filters())[0].article_id

    def read() -> None:
        try:
            for _ in range(5):
                by_terms(opened, "aleppo", 3, Filters(source="x"))
                by_vector(opened, np.ones(DIMENSION, np.float32), 3, Filters(source="x"))
                assert opened.passages([1]) and opened.articles(Filters()) and opened.sources()
                assert opened.article(article_id) and opened.older_versions() == 0
                assert opened.outlets(1) == []
        except BaseException as error:  # noqa: BLE001  # told by the test
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
