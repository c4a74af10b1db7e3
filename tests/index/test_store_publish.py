"""A disk that fails while a generation is published costs nothing but the attempt."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.errors import StoreError, StoreMissing
from rag.index import draft, manifest, publish, terms, vectors
from rag.index.store import open_store
from rag.index.vector_cache import NAME as CACHE
from rag.index.writer import rebuild, remove_articles
from rag.records import Article, Filters
from tests.index.conftest import (
    TinyEmbedder,
    by_terms,
    contents,
    files,
    ingest,
    make_article,
    segment_files,
)  # fmt: skip

LEFT = {"ingest.lock", CACHE}
FSYNCS = [*("terms", "vectors", "database", "terms again", "vectors again", "folder", "manifest")]


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
    "copying the older segment": (draft, "copy_segment", 1, errno.ENOSPC),
    "moving the database": (os, "replace", 1, errno.EIO),
    "saving the terms": (terms, "save_arrays", 1, errno.ENOSPC),
    "saving the vectors": (vectors, "save_index", 1, errno.ENOSPC),
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
    before, answers = files(store), by_terms(open_store(store), "aleppo", 5, Filters())
    with pytest.raises(StoreError) as caught:
        ingest(store, [make_article(0, 1), make_article(80)])
    message = str(caught.value)
    assert str(store) in message and failure in message and "\n" not in message
    after = files(store)
    after.pop(CACHE, None)
    assert after == before
    assert by_terms(open_store(store), "aleppo", 5, Filters()) == answers
    monkeypatch.undo()
    embedder = TinyEmbedder()
    assert ingest(store, [make_article(0, 1), make_article(80)], embedder).articles == 13
    assert len(open_store(store).articles(Filters())) == 13
    assert {p.name for p in store.iterdir()} - LEFT == {"manifest.json", *segment_files(2)}


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
        assert "No space" in failure  # for the copy, which a first ingest does not make


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
    assert segment_files(1, 2) <= {p.name for p in store.iterdir()}
    ingest(store, [])
    assert {p.name for p in store.iterdir()} - LEFT == {"manifest.json", *segment_files(2)}
    assert open_store(store).manifest.articles == 13


@pytest.fixture
def steps(store: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is synced, moved and removed from now on."""
    told: list[str] = []

    def telling(name: str, function: Callable[..., Any], which: int) -> Callable[..., Any]:
        def tell(*args: Any, **kwargs: Any) -> Any:
            target = args[which]
            if isinstance(target, int):
                target = next(
                    path
                    for path in (store, *store.iterdir())
                    if os.path.samestat(os.fstat(target), path.stat())
                )
            told.append(f"{name} {Path(target).name}")
            return function(*args, **kwargs)

        return tell

    monkeypatch.setattr(os, "fsync", telling("sync", os.fsync, 0))
    monkeypatch.setattr(os, "replace", telling("move to", os.replace, 1))
    monkeypatch.setattr(Path, "unlink", telling("remove", Path.unlink, 0))
    return told


PUBLISHING = [
    "sync terms-2.safetensors",
    "sync vectors-2.faiss",
    "move to articles-2.db",
    "sync articles-2.db",
    "sync terms-2.safetensors",
    "sync vectors-2.faiss",
    "sync store",
    "sync manifest.json.new",
    "move to manifest.json",
    "sync store",
]
REMOVING = [
    "sync store",
    "remove articles-1.db",
    "remove terms-1.safetensors",
    "remove vectors-1.faiss",
]
ENDING = [f"remove {CACHE}", f"remove {CACHE}-journal", "remove draft.db"]


def test_files_first_then_the_manifest_then_away(store: Path, steps: list[str]) -> None:
    ingest(store, [make_article(80)])
    start = steps.index(PUBLISHING[0])
    assert steps[start:] == [*PUBLISHING, *REMOVING, *ENDING]


def test_nothing_goes_that_was_not_merged(
    store: Path, unmerged: pytest.MonkeyPatch, steps: list[str]
) -> None:
    before = files(store)
    ingest(store, [make_article(80)])
    start = steps.index(PUBLISHING[0])
    assert steps[start:] == [*PUBLISHING, *ENDING]
    after = files(store)
    kept = segment_files(1)
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert set(after) - LEFT == {"manifest.json", *segment_files(1, 2)}


def test_a_removal_writes_the_manifest_alone(store: Path, steps: list[str]) -> None:
    before = files(store)
    remove_articles(store, [make_article(3).info.article_id])
    start = steps.index("sync store")
    assert steps[start : start + 4] == [
        "sync store",
        "sync manifest.json.new",
        "move to manifest.json",
        "sync store",
    ]
    assert set(steps[start + 4 :]) <= {"remove draft.db"}
    after = files(store)
    assert {name for name in after if after[name] != before[name]} == {"manifest.json"}


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failed_removal_leaves_the_old_store(
    store: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = files(store)
    monkeypatch.setattr(os, step, failing(getattr(os, step), 1, errno.ENOSPC))
    with pytest.raises(StoreError, match="No space"):
        remove_articles(store, [make_article(3).info.article_id])
    monkeypatch.undo()
    assert files(store) == before


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
    assert segment_files(1, 2) <= {path.name for path in store.iterdir()}


def test_old_files_that_cannot_be_removed_yet(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.unlink

    def in_use(path: Path, missing_ok: bool = False) -> None:
        if path.name in segment_files(1):
            raise PermissionError(errno.EACCES, "in use")
        real(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", in_use)
    assert ingest(store, [make_article(80)]).articles == 13
    monkeypatch.undo()
    ingest(store, [])
    assert {p.name for p in store.iterdir()} - LEFT == {"manifest.json", *segment_files(2)}


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
