"""One writer at a time, and readers who never notice it."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.errors import StoreBusy, StoreDamaged
from rag.index import store as store_module
from rag.index.manifest import read_manifest
from rag.index.store import Store, open_store
from rag.index.writer import rebuild
from rag.records import Filters
from tests.index.conftest import DIMENSION, files, ingest, make_article

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
    rows = old.articles(Filters())
    ingest(store, [make_article(0, 1)])
    assert not (store / "articles-1.db").exists()
    assert old.articles(Filters()) == rows != open_store(store).articles(Filters())
    assert old.search_terms("aleppo", 5, Filters())


PublishOnce = Callable[[str], None]


@pytest.fixture
def publish_after(store: Path, monkeypatch: pytest.MonkeyPatch) -> PublishOnce:
    """Publishes the next generation right after the named step of the next opening."""

    def prepare(name: str) -> None:
        real = getattr(store_module, name)

        def step(*args: Any, **kwargs: Any) -> Any:
            result = real(*args, **kwargs)
            monkeypatch.setattr(store_module, name, real)
            ingest(store, [make_article(90)])
            return result

        monkeypatch.setattr(store_module, name, step)

    return prepare


@pytest.mark.parametrize("step", ["read_manifest", "is_intact", "open_database"])
def test_a_generation_that_goes_while_it_is_opened(
    store: Path, publish_after: PublishOnce, step: str
) -> None:
    publish_after(step)
    opened = open_store(store)
    assert opened.notices == [] and opened.manifest.generation == 2
    assert len(opened.articles(Filters())) == 13


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
    numbers = [n for n, _ in opened.search_vectors(vector, 9999, Filters())]
    assert len(numbers) == opened.manifest.passages == len(opened.passages(numbers))
    found = [n for n, _ in opened.search_terms("generation OR aleppo", 9999, Filters())]
    passages = opened.passages(found)
    assert set(found) == set(passages) <= set(numbers)
    assert {p.article for p in passages.values()} <= set(infos)
    told = {p.article.title for p in passages.values() if p.article.title.startswith("Gen")}
    assert len(told) == 1  # the one article that changes each time


def test_threads_search_while_generations_are_published(folder: Path) -> None:
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
    assert open_store(folder).manifest.generation == 11


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

    opened._db = OneAtATime(opened._db)  # type: ignore[assignment]
    errors: list[BaseException] = []
    article_id = opened.articles(Filters())[0].article_id

    def read() -> None:
        try:
            for _ in range(5):
                opened.search_terms("aleppo", 3, Filters())
                opened.search_vectors(np.ones(DIMENSION, np.float32), 3, Filters(source="x"))
                assert opened.passages([1]) and opened.articles(Filters()) and opened.sources()
                assert opened.article(article_id)
        except BaseException as error:  # noqa: BLE001  # told by the test
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_reading_writes_nothing(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "read only"
    shutil.copytree(store, copy)
    (copy / "ingest.lock").unlink()
    for path in copy.iterdir():
        path.chmod(0o444)
    copy.chmod(0o555)
    try:
        before, changed = files(copy), copy.stat().st_mtime_ns
        opened = open_store(copy)
        whole_list = opened.articles(Filters())
        assert opened.search_terms("aleppo OR strike", 5, Filters(since="2024-12-01"))
        assert opened.search_vectors(np.ones(DIMENSION, np.float32), 5, Filters())
        assert opened.article(whole_list[0].article_id)
        # The folder's own time would tell of a file that came and went.
        assert files(copy) == before and copy.stat().st_mtime_ns == changed
        opened.close()
    finally:
        copy.chmod(0o755)


def test_a_published_file_is_opened_immutable(store: Path) -> None:
    other = sqlite3.connect(store / "articles-1.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")  # holds up whoever asks for a lock
    opened = open_store(store)
    assert len(opened.articles(Filters())) == 12
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        opened._db.execute("PRAGMA user_version=7")
    other.close()


@pytest.mark.parametrize("name", ["a b#c?d%41", "Zeitung ü", "it's"])
def test_folders_with_odd_names(tmp_path: Path, name: str) -> None:
    ingest(tmp_path / name, [make_article(1)])
    assert ingest(tmp_path / name, [make_article(2)]).articles == 2
    assert open_store(tmp_path / name).search_terms("aleppo OR strike OR vote", 5, Filters())


def test_a_refused_store_is_closed(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = []

    def close(self: Store) -> None:
        closed.append(self)

    monkeypatch.setattr(Store, "close", close)
    (store / "vectors-1.faiss").write_bytes(b"")
    with pytest.raises(StoreDamaged):
        open_store(store)
    assert len(closed) == 1
