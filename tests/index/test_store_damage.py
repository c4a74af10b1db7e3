"""A store that is not what was published is refused in one line, before the first answer."""

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.errors import StoreDamaged, StoreMissing
from rag.index.store import open_store
from rag.index.writer import rebuild, remove_articles
from rag.records import Article, Filters
from tests.index.conftest import (
    DIMENSION,
    TinyEmbedder,
    by_terms,
    by_vector,
    contents,
    files,
    ingest,
    make_article,
    refusal,
    segment_files,
)  # fmt: skip

FILES = ["manifest.json", "articles-1.db", "terms-1.safetensors", "vectors-1.faiss"]
INDEXES = FILES[2:]
FLIPS = 40


def way_out(name: str) -> str:
    return "move the folder" if name in FILES[:2] else "rag ingest --rebuild"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("part", [0.0, 0.01, 0.5, 0.99, 1.01])
def test_a_file_of_another_length(store: Path, name: str, part: float) -> None:
    data = (store / name).read_bytes()
    length = int(part * len(data))
    (store / name).write_bytes((data + b"\0" * len(data))[:length])
    message = refusal(store)
    assert name in message and way_out(name) in message


@pytest.mark.parametrize("name", FILES)
def test_one_bit_flipped(store: Path, name: str) -> None:
    data = (store / name).read_bytes()
    rng = random.Random(name)
    for place in rng.sample(range(8 * len(data)), FLIPS):
        spoilt = bytearray(data)
        spoilt[place // 8] ^= 1 << place % 8
        (store / name).write_bytes(spoilt)
        message = refusal(store)
        assert name in message and way_out(name) in message
    (store / name).write_bytes(data)
    assert open_store(store).manifest.articles == 12


@pytest.mark.parametrize("name", FILES[:2])
def test_nothing_is_added_to_a_damaged_store(store: Path, name: str) -> None:
    data = bytearray((store / name).read_bytes())
    data[len(data) // 2] ^= 4
    (store / name).write_bytes(data)
    before = files(store)
    for attempt in (lambda: ingest(store, [make_article(90)]), lambda: rebuild(store)):
        with pytest.raises(StoreDamaged, match=name):
            attempt()
        assert files(store) == before


def answers(folder: Path) -> list[Any]:
    opened = open_store(folder)
    found: list[Any] = [by_terms(opened, "aleppo strike", 9, Filters())]
    for vector in np.eye(DIMENSION, dtype=np.float32):
        found.append(by_vector(opened, vector, 7, Filters()))
        found.append(by_vector(opened, vector, 7, Filters(since="2024-12-10")))
    return found


@pytest.mark.parametrize("lost", [[0], [1], [0, 1]])
def test_lost_indexes_are_made_anew(store: Path, lost: list[int]) -> None:
    expected = answers(store)
    names = [INDEXES[at] for at in lost]
    for name in names:
        (store / name).unlink()
    opened = open_store(store)
    assert opened.notices == [
        f"{store / name} was gone; made anew from articles-1.db" for name in names
    ]
    assert answers(store) == expected
    assert open_store(store, search=False).notices == []
    assert not any((store / name).exists() for name in names)  # reading never writes


@pytest.mark.parametrize("name", INDEXES)
@pytest.mark.parametrize("number", [1, 2])
def test_one_segment_of_several_is_lost_or_damaged(
    store: Path, unmerged: pytest.MonkeyPatch, name: str, number: int
) -> None:
    ingest(store, [make_article(90), make_article(3, version=1)])
    expected = answers(store)
    path = store / name.replace("1", str(number))
    data = path.read_bytes()
    path.unlink()
    (notice,) = open_store(store).notices
    assert path.name in notice and f"articles-{number}.db" in notice
    assert answers(store) == expected
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    message = refusal(store)
    assert path.name in message and way_out(name) in message
    listed = open_store(store, search=False)  # which needs no index
    assert len(listed.articles(Filters())) == 13
    assert rebuild(store).articles == 13 and open_store(store).notices == []


@pytest.mark.parametrize("name", INDEXES)
@pytest.mark.parametrize("damage", ["gone", "flipped", "none"])
def test_rebuild_keeps_numbers_and_answers(store: Path, damage: str, name: str) -> None:
    expected, rows = answers(store), contents(store)
    path = store / name
    if damage == "gone":
        path.unlink()
    if damage == "flipped":
        path.write_bytes(path.read_bytes()[:-1] + b"\7")
    manifest = rebuild(store)
    assert (manifest.generation, manifest.articles) == (2, 12)
    assert open_store(store).manifest == manifest and open_store(store).notices == []
    assert answers(store) == expected and contents(store) == rows
    assert {p.name for p in store.iterdir()} == {
        *("ingest.lock", "manifest.json"),
        *segment_files(2),
    }


@pytest.mark.parametrize("name", INDEXES)
def test_an_ingest_that_merges_a_segment_repairs_its_indexes(
    store: Path, articles: list[Article], name: str
) -> None:
    (store / name).write_bytes(b"not one")
    embedder = TinyEmbedder()
    assert ingest(store, [*articles, make_article(90)], embedder).articles == 13
    assert embedder.encoded == 3 and open_store(store).notices == []


def test_a_lost_database_is_refused(store: Path) -> None:
    (store / "articles-1.db").unlink()
    assert "articles-1.db is gone; move the folder" in refusal(store)
    before = files(store)
    for attempt in (lambda: ingest(store, [make_article(1)]), lambda: rebuild(store)):
        with pytest.raises(StoreDamaged, match="articles-1.db is gone; move the folder"):
            attempt()
    assert files(store) == before


def test_rebuild_and_removal_where_there_is_none(folder: Path) -> None:
    for attempt in (lambda: rebuild(folder), lambda: remove_articles(folder, ["x"])):
        with pytest.raises(StoreMissing, match="no store in"):
            attempt()
        assert not folder.exists()
