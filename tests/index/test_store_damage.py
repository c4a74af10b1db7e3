"""A store that is not what was published is refused in one line, before the first answer."""

import hashlib
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.errors import StoreDamaged, StoreError, StoreMismatch, StoreMissing
from rag.index.manifest import read_manifest
from rag.index.store import open_store
from rag.index.writer import rebuild
from rag.records import Article, Filters
from tests.index.conftest import DIMENSION, TinyEmbedder, contents, files, ingest, make_article

FILES = ["manifest.json", "articles-1.db", "vectors-1.faiss"]
FLIPS = 40


def refusal(folder: Path, kinds: tuple[type[StoreError], ...] = (StoreDamaged,)) -> str:
    """The one line with which opening is refused."""
    with pytest.raises(StoreError) as caught:
        open_store(folder)
    message = str(caught.value)
    assert type(caught.value) in kinds and "\n" not in message
    assert "ingest" in message and str(folder) in message  # the way out
    return message


def way_out(name: str) -> str:
    return "rag ingest --rebuild" if "faiss" in name else "move the folder"


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


def test_every_byte_of_the_manifest_counts(store: Path) -> None:
    path = store / "manifest.json"
    data = path.read_bytes()
    for place in range(0, 8 * len(data), 7):
        spoilt = bytearray(data)
        spoilt[place // 8] ^= 1 << place % 8
        path.write_bytes(spoilt)
        # The schema's own digit may be flipped to a higher one, which says a newer program.
        with pytest.raises((StoreDamaged, StoreMismatch)):
            read_manifest(store)


def edit(folder: Path, change: Callable[[dict[str, Any]], object], sign: bool) -> None:
    """Changes the manifest, with a checksum that fits the change or the one before."""
    path = folder / "manifest.json"
    raw = json.loads(path.read_text())
    change(raw)
    if sign:
        del raw["checksum"]
        text = json.dumps(raw, sort_keys=True)
        raw["checksum"] = hashlib.sha256(text.encode()).hexdigest()
    path.write_text(json.dumps(raw))


@pytest.mark.parametrize(
    "changes",
    [
        {"articles": 11},
        {"passages": 0},
        {"generation": 2},
        {"dimension": 8},
        {"embedder": "other"},
        {"embedder_sha256": "0" * 64},
        {"schema": 0},
        {"more": 1},
        {"checksum": "0" * 64},
        {"checksum": None},
        {"database": {"name": "articles-2.db", "bytes": 1, "sha256": "0" * 64}},
        {"vectors": None},
    ],
    ids=str,
)
def test_an_edited_manifest(store: Path, changes: dict[str, Any]) -> None:
    edit(store, lambda raw: raw.update(changes), sign=False)
    message = refusal(store)
    assert "manifest.json" in message and way_out("manifest.json") in message


@pytest.mark.parametrize(
    "changes",
    [
        {"generation": 2},
        {"generation": "1"},
        {"generation": True},
        {"generation": -1},
        {"schema": 0},
        {"schema": None},
        {"articles": 1.5},
        {"dimension": None},
        {"embedder": ["tiny"]},
        {"embedder_sha256": 5},
        {"database": "articles-1.db"},
        {"database": {"name": "articles-1.db"}},
        {"database": {"name": "articles-1.db", "bytes": "many", "sha256": "0" * 64}},
        {"database": {"name": "articles-1.db", "bytes": 5, "sha256": None}},
        {"vectors": {"name": 7, "bytes": 5, "sha256": "0" * 64}},
    ],
    ids=str,
)
def test_an_edited_manifest_with_a_fitting_checksum(store: Path, changes: dict[str, Any]) -> None:
    edit(store, lambda raw: raw.update(changes), sign=True)
    assert "manifest.json" in refusal(store)


@pytest.mark.parametrize("kind", ["database", "vectors"])
@pytest.mark.parametrize("to", ["../elsewhere/{}", "{elsewhere}/{}", "./{}", "other/../{}"])
@pytest.mark.parametrize("sign", [True, False])
def test_no_name_leads_out_of_the_folder(store: Path, kind: str, to: str, sign: bool) -> None:
    elsewhere = store.parent / "elsewhere"
    shutil.copytree(store, elsewhere)
    (store / "other").mkdir()

    def change(raw: dict[str, Any]) -> None:
        raw[kind]["name"] = to.format(raw[kind]["name"], elsewhere=elsewhere)

    edit(store, change, sign)
    assert "manifest.json" in refusal(store)
    before = files(elsewhere)
    with pytest.raises(StoreDamaged):
        ingest(store, [make_article(90)])
    assert files(elsewhere) == before


@pytest.mark.parametrize("content", ["null", "[]", "7", '"x"', "{}", "{", "\ufeff{}", "NaN"])
def test_a_manifest_that_is_something_else(store: Path, content: str) -> None:
    (store / "manifest.json").write_text(content)
    assert "manifest.json" in refusal(store)


@pytest.mark.parametrize("depth", [*range(900, 1000, 7), 5_000, 200_000])
def test_a_deeply_nested_manifest(store: Path, depth: int) -> None:
    opening, closing = "[" * depth, "]" * depth
    (store / "manifest.json").write_text(f'{{"checksum": "x", "more": {opening}{closing}}}')
    assert "manifest.json" in refusal(store)


def test_a_manifest_of_bytes_and_of_a_folder(store: Path) -> None:
    (store / "manifest.json").write_bytes(b"\xff\xfe\x00")
    assert "manifest.json" in refusal(store)
    (store / "manifest.json").unlink()
    (store / "manifest.json").mkdir()
    with pytest.raises(StoreError, match="manifest.json cannot be read"):
        open_store(store)


def test_a_newer_schema(store: Path) -> None:
    edit(store, lambda raw: raw.update(schema=2, unheard_of=[]), sign=True)
    message = refusal(store, (StoreMismatch,))
    assert "manifest.json has schema 2, this program reads 1; update the program" in message
    with pytest.raises(StoreMismatch, match="schema 2"):
        ingest(store, [make_article(1)])


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
    found: list[Any] = [opened.search_terms("aleppo OR strike", 9, Filters())]
    for vector in np.eye(DIMENSION, dtype=np.float32):
        found.append(opened.search_vectors(vector, 7, Filters()))
        found.append(opened.search_vectors(vector, 7, Filters(since="2024-12-10")))
    return found


def test_lost_vectors_are_made_anew(store: Path) -> None:
    expected = answers(store)
    (store / "vectors-1.faiss").unlink()
    opened = open_store(store)
    assert len(opened.notices) == 1 and "vectors-1.faiss was gone" in opened.notices[0]
    assert answers(store) == expected
    assert open_store(store, search=False).notices == []
    assert not (store / "vectors-1.faiss").exists()  # reading never writes


@pytest.mark.parametrize("damage", ["gone", "flipped", "none"])
def test_rebuild_keeps_numbers_and_answers(store: Path, damage: str) -> None:
    expected, rows = answers(store), contents(store)
    path = store / "vectors-1.faiss"
    if damage == "gone":
        path.unlink()
    if damage == "flipped":
        path.write_bytes(path.read_bytes()[:-1] + b"\7")
    manifest = rebuild(store)
    assert (manifest.generation, manifest.articles) == (2, 12)
    assert open_store(store).manifest == manifest and open_store(store).notices == []
    assert answers(store) == expected and contents(store) == rows
    assert {p.name for p in store.iterdir()} == {
        "articles-2.db",
        "ingest.lock",
        "manifest.json",
        "vectors-2.faiss",
    }


def test_an_ingest_repairs_the_vectors(store: Path, articles: list[Article]) -> None:
    (store / "vectors-1.faiss").write_bytes(b"not one")
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


def test_rebuild_where_there_is_none(folder: Path) -> None:
    with pytest.raises(StoreMissing, match="no store in"):
        rebuild(folder)
    assert not folder.exists()
