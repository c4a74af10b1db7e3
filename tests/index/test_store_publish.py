"""A disk that fails while a generation is published costs nothing but the attempt."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.errors import StoreError, StoreMissing
from rag.index import manifest, publish, vectors
from rag.index.store import open_store
from rag.index.vector_cache import NAME as CACHE
from rag.index.writer import rebuild
from rag.records import Article, Filters
from tests.index.conftest import TinyEmbedder, contents, files, ingest, make_article

LEFT = {"ingest.lock", CACHE}
FSYNCS = ["vectors", "database", "vectors again", "folder", "manifest"]


def failing(function: Callable[..., Any], on_call: int, code: int) -> Callable[..., Any]:
    """The function until its n-th call, which raises OSError; `failing.calls` counts."""
    calls = 0

    def fail(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == on_call:
            raise OSError(code, os.strerror(code))
        return function(*args, **kwargs)

    return fail


FAILURES: dict[str, tuple[Any, str, int, int]] = {
    "copying the database": (shutil, "copyfile", 1, errno.ENOSPC),
    "moving the database": (os, "replace", 1, errno.EIO),
    "saving the index": (vectors, "save_index", 1, errno.ENOSPC),
    "replacing the manifest": (os, "replace", 2, errno.ENOSPC),
    **{f"fsync, {what}": (os, "fsync", n, errno.EIO) for n, what in enumerate(FSYNCS, start=1)},
}


@pytest.fixture(params=FAILURES)
def failure(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Makes one step of the next ingest fail; the words of the error."""
    module, name, on_call, code = FAILURES[request.param]
    monkeypatch.setattr(module, name, failing(getattr(module, name), on_call, code))
    return os.strerror(code)


def test_a_failed_update_leaves_the_old_store(
    store: Path, failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, answers = files(store), open_store(store).search_terms("aleppo", 5, Filters())
    with pytest.raises(StoreError) as caught:
        ingest(store, [make_article(0, 1), make_article(80)])
    message = str(caught.value)
    assert str(store) in message and failure in message and "\n" not in message
    after = files(store)
    after.pop(CACHE, None)
    assert after == before
    assert open_store(store).search_terms("aleppo", 5, Filters()) == answers
    monkeypatch.undo()
    embedder = TinyEmbedder()
    assert ingest(store, [make_article(0, 1), make_article(80)], embedder).articles == 13
    assert len(open_store(store).articles(Filters())) == 13
    assert {p.name for p in store.iterdir()} - LEFT == {
        "articles-2.db",
        "manifest.json",
        "vectors-2.faiss",
    }


def test_a_failed_first_ingest_leaves_nothing(
    folder: Path, articles: list[Article], failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        ingest(folder, articles)
    except StoreError as error:
        assert str(folder) in str(error) and failure in str(error)
        assert {p.name for p in folder.iterdir()} <= LEFT
        with pytest.raises(StoreMissing):
            open_store(folder)
        monkeypatch.undo()
        # What was computed is not computed again.
        embedder = TinyEmbedder()
        assert ingest(folder, articles, embedder).articles == 12 and embedder.calls == []
    else:
        assert "No space" in failure  # the copy, which a first ingest does not make


def test_a_failure_after_the_manifest_is_no_way_back(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", failing(os.fsync, len(FSYNCS) + 1, errno.EIO))
    with pytest.raises(StoreError):
        ingest(store, [make_article(80)])
    monkeypatch.undo()
    opened = open_store(store)
    assert opened.manifest.articles == 13 and opened.notices == []
    # Until the folder is synced, a power cut may bring the old manifest back.
    assert (store / "articles-1.db").exists() and (store / "vectors-1.faiss").exists()
    ingest(store, [])
    assert not (store / "articles-1.db").exists() and not (store / "vectors-1.faiss").exists()
    assert open_store(store).manifest.articles == 13


def test_files_first_then_the_manifest_then_away(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []

    def telling(name: str, function: Callable[..., Any], which: int) -> Callable[..., Any]:
        def tell(*args: Any, **kwargs: Any) -> Any:
            target = args[which]
            if isinstance(target, int):
                target = next(
                    path
                    for path in (store, *store.iterdir())
                    if os.path.samestat(os.fstat(target), path.stat())
                )
            steps.append(f"{name} {Path(target).name}")
            return function(*args, **kwargs)

        return tell

    monkeypatch.setattr(os, "fsync", telling("sync", os.fsync, 0))
    monkeypatch.setattr(os, "replace", telling("move to", os.replace, 1))
    monkeypatch.setattr(Path, "unlink", telling("remove", Path.unlink, 0))
    ingest(store, [make_article(80)])
    start = steps.index("move to articles-2.db")
    assert steps[start:] == [
        "move to articles-2.db",
        "sync vectors-2.faiss",
        "sync articles-2.db",
        "sync vectors-2.faiss",
        "sync store",
        "sync manifest.json.new",
        "move to manifest.json",
        "sync store",
        "sync store",
        "remove articles-1.db",
        "remove vectors-1.faiss",
        f"remove {CACHE}",
        f"remove {CACHE}-journal",
        "remove draft.db",
    ]


def test_a_failed_rebuild_leaves_nothing(store: Path, failure: str) -> None:
    before = files(store)
    with pytest.raises(StoreError, match=failure):
        rebuild(store)
    assert files(store) == before
    assert open_store(store).manifest.generation == 1


def test_a_damaged_manifest_stops_the_clean_up(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoil(*_: Any) -> None:
        (store / manifest.NAME).write_text("{")
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(publish, "write_manifest", spoil)
    with pytest.raises(StoreError):
        ingest(store, [make_article(80)])
    for generation in (1, 2):
        assert (store / manifest.database_name(generation)).exists()
        assert (store / manifest.vectors_name(generation)).exists()


def test_old_files_that_cannot_be_removed_yet(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.unlink

    def in_use(path: Path, missing_ok: bool = False) -> None:
        if path.name in ("articles-1.db", "vectors-1.faiss"):
            raise PermissionError(errno.EACCES, "in use")
        real(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", in_use)
    assert ingest(store, [make_article(80)]).articles == 13
    monkeypatch.undo()
    ingest(store, [])
    assert not (store / "articles-1.db").exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits the size of files")
def test_a_disk_that_really_is_full(folder: Path, articles: list[Article]) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    full = 0
    for kilobytes in (0, 8, 20, 40, 64):
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * kilobytes, before[1]))
        try:
            ingest(folder, articles)
        except StoreError as error:
            full += 1
            assert str(folder) in str(error) and "\n" not in str(error)
            assert {p.name for p in folder.iterdir()} <= {*LEFT, f"{CACHE}-journal"}
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert full >= 3
    assert ingest(folder, articles).articles == 12
    assert contents(folder)["articles"]


def test_the_folder_is_a_file(tmp_path: Path, articles: list[Article]) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match="notes.txt"):
        ingest(tmp_path / "notes.txt", articles)
    with pytest.raises(StoreMissing, match="notes.txt is not a folder"):
        open_store(tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_articles_that_lost_their_manifest_are_kept(store: Path) -> None:
    (database,) = store.glob("articles-*.db")
    content = database.read_bytes()
    (store / manifest.NAME).unlink()
    report = ingest(store, [make_article(99)])
    lost = database.with_suffix(".db.lost")
    assert lost.read_bytes() == content
    assert [problem.location for problem in report.problems] == [str(lost)]
    assert not report.failed
    ingest(store, [make_article(98)])
    assert lost.read_bytes() == content
