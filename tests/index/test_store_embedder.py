"""A store answers only with the embedder that made it."""

from pathlib import Path

import pytest

from rag.errors import StoreMismatch
from rag.index.store import open_store
from rag.index.vector_cache import NAME as CACHE
from rag.records import Article
from tests.index.conftest import TinyEmbedder, files, ingest, make_article


def other_version() -> TinyEmbedder:
    embedder = TinyEmbedder()
    embedder.sha256 = "f" * 64
    return embedder


@pytest.mark.parametrize("other", [TinyEmbedder("small"), other_version()], ids=["name", "sha256"])
def test_another_embedder_is_refused(
    store: Path, articles: list[Article], other: TinyEmbedder
) -> None:
    before = files(store)
    for attempt in (
        lambda: ingest(store, [*articles, make_article(90)], other),
        lambda: open_store(store).check_embedder(other),
    ):
        with pytest.raises(StoreMismatch) as caught:
            attempt()
        message = str(caught.value)
        assert f"by embedder tiny ({TinyEmbedder().sha256[:12]})" in message
        assert f"not by {other.name} ({other.sha256[:12]})" in message
        assert "another --store" in message and "\n" not in message
        assert ("give --embedder tiny" in message) == (other.name != "tiny")
    assert other.calls == [] and files(store) == before


def test_the_same_embedder_is_welcome(store: Path) -> None:
    open_store(store).check_embedder(TinyEmbedder())


def test_another_dimension_is_refused(store: Path) -> None:
    before = files(store)
    other = TinyEmbedder(dimension=8)
    with pytest.raises(StoreMismatch) as caught:
        ingest(store, [make_article(90)], other)
    for words in ("tiny makes vectors of dimension 8", "those in the store have 16"):
        assert words in str(caught.value)
    after = files(store)
    after.pop(CACHE)
    assert after == before
    assert ingest(store, [make_article(90)]).articles == 13


def test_cached_vectors_of_another_dimension_are_not_taken(folder: Path, store: Path) -> None:
    def stop(call: int) -> None:
        if call == 1:
            raise KeyboardInterrupt

    many = [make_article(n) for n in range(90, 120)]
    other = TinyEmbedder(dimension=8)
    other.before = stop
    with pytest.raises(KeyboardInterrupt):
        ingest(folder.parent / "new", many, other)
    (folder.parent / "new" / CACHE).rename(store / CACHE)
    embedder = TinyEmbedder()
    assert ingest(store, many, embedder).articles == 42 and embedder.encoded == 90
