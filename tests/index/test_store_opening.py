"""Opening a store takes no lock, writes nothing and leaves nothing open when it is refused."""

import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from rag.errors import StoreDamaged
from rag.index import segment
from rag.index.store import Store, open_store
from rag.index.writer import rebuild
from rag.records import Filters
from tests.index.conftest import DIMENSION, by_terms, by_vector, files, ingest, make_article


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
        assert by_terms(opened, "aleppo strike", 5, Filters(since="2024-12-01"))
        assert by_vector(opened, np.ones(DIMENSION, np.float32), 5, Filters())
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
        opened._segments[0].db.execute("PRAGMA user_version=7")
    other.close()


@pytest.mark.parametrize("name", ["a b#c?d%41", "Zeitung ü", "it's"])
def test_folders_with_odd_names(tmp_path: Path, name: str) -> None:
    ingest(tmp_path / name, [make_article(1)])
    assert ingest(tmp_path / name, [make_article(2)]).articles == 2
    assert by_terms(open_store(tmp_path / name), "aleppo strike vote", 5, Filters())


def test_a_refused_store_is_closed(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = []

    def close(self: Store) -> None:
        closed.append(self)

    monkeypatch.setattr(Store, "close", close)
    (store / "vectors-1.faiss").write_bytes(b"")
    with pytest.raises(StoreDamaged):
        open_store(store)
    assert len(closed) == 1


def test_segments_before_a_damaged_one_are_closed(
    store: Path, unmerged: pytest.MonkeyPatch
) -> None:
    ingest(store, [make_article(90)])
    closed: list[str] = []
    unmerged.setattr(
        segment.OpenSegment, "close", lambda self: closed.append(self.about.database.name)
    )
    (store / "articles-2.db").write_bytes(b"")
    for attempt in (lambda: open_store(store), lambda: rebuild(store)):
        closed.clear()
        with pytest.raises(StoreDamaged, match="articles-2.db"):
            attempt()
        assert closed == ["articles-1.db"]
