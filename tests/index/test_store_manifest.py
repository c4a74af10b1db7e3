"""A manifest that was damaged, edited or made by another program is refused in one line."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.errors import StoreDamaged, StoreError, StoreMismatch
from rag.index.manifest import read_manifest
from rag.index.store import open_store
from rag.index.writer import rebuild
from tests.index.conftest import files, ingest, make_article, refusal


def test_every_byte_of_the_manifest_counts(store: Path) -> None:
    path = store / "manifest.json"
    data = path.read_bytes()
    for place in range(0, 8 * len(data), 7):
        spoilt = bytearray(data)
        spoilt[place // 8] ^= 1 << place % 8
        path.write_bytes(spoilt)
        # The schema's own digit too: the checksum is looked at first.
        with pytest.raises(StoreDamaged, match="is damaged"):
            read_manifest(store)


def test_a_flipped_digit_of_the_schema_is_damage(store: Path) -> None:
    path = store / "manifest.json"
    text = path.read_text()
    assert '"schema": 3' in text
    for digit in "012":
        path.write_text(text.replace('"schema": 3', f'"schema": {digit}'))
        message = refusal(store)
        assert "manifest.json" in message and "move the folder" in message


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
        {"next_passage": 1},
        {"segments": []},
        {"generation": 2},
        {"dimension": 8},
        {"embedder": "other"},
        {"embedder_sha256": "0" * 64},
        {"schema": 0},
        {"more": 1},
        {"checksum": "0" * 64},
        {"checksum": None},
    ],
    ids=str,
)
def test_an_edited_manifest(store: Path, changes: dict[str, Any]) -> None:
    edit(store, lambda raw: raw.update(changes), sign=False)
    message = refusal(store)
    assert "manifest.json" in message and "move the folder" in message


@pytest.mark.parametrize(
    "changes",
    [
        {"articles": 11},
        {"passages": 0},
        {"superseded": [1]},
        {"removed": [1]},
        {"probes": 5},
        {"recall": 0.5},
        {"number": 0},
        {"database": {"name": "articles-2.db", "bytes": 1, "sha256": "0" * 64}},
        {"terms": None},
        {"vectors": None},
    ],
    ids=str,
)
def test_an_edited_segment(store: Path, changes: dict[str, Any]) -> None:
    edit(store, lambda raw: raw["segments"][0].update(changes), sign=False)
    message = refusal(store)
    assert "manifest.json" in message and "move the folder" in message


@pytest.mark.parametrize(
    "changes",
    [
        {"generation": 0},
        {"generation": "1"},
        {"generation": True},
        {"generation": -1},
        {"schema": None},
        {"schema": "3"},
        {"schema": 3.0},
        {"schema": True},
        {"next_passage": 1.5},
        {"dimension": None},
        {"embedder": ["tiny"]},
        {"embedder_sha256": 5},
        {"embedder_sha256": "F" * 64},
        {"segments": None},
        {"segments": {}},
        {"segments": "x"},
        {"segments": 5},
        {"segments": [None]},
        {"segments": [{}]},
        {"more": 1},
    ],
    ids=str,
)
def test_an_edited_manifest_with_a_fitting_checksum(store: Path, changes: dict[str, Any]) -> None:
    edit(store, lambda raw: raw.update(changes), sign=True)
    assert "manifest.json" in refusal(store)


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 2},
        {"number": "1"},
        {"number": True},
        {"articles": 1.5},
        {"passages": -1},
        {"superseded": None},
        {"superseded": 1},
        {"superseded": "1"},
        {"removed": [-1]},
        {"removed": [True]},
        {"index": None},
        {"probes": None},
        {"recall": None},
        {"recall": 1},
        {"more": 1},
        {"database": "articles-1.db"},
        {"database": {"name": "articles-1.db"}},
        {"database": {"name": "articles-1.db", "bytes": "many", "sha256": "0" * 64}},
        {"database": {"name": "articles-1.db", "bytes": 5, "sha256": None}},
        {"terms": {"name": "articles-1.db", "bytes": 5, "sha256": "0" * 64}},
        {"vectors": {"name": 7, "bytes": 5, "sha256": "0" * 64}},
    ],
    ids=str,
)
def test_an_edited_segment_with_a_fitting_checksum(store: Path, changes: dict[str, Any]) -> None:
    edit(store, lambda raw: raw["segments"][0].update(changes), sign=True)
    assert "manifest.json" in refusal(store)


@pytest.mark.parametrize("order", [[0, 0], [1, 0], [0, 1, 1]])
def test_segments_twice_or_out_of_order(
    store: Path, unmerged: pytest.MonkeyPatch, order: list[int]
) -> None:
    ingest(store, [make_article(90)])

    def change(raw: dict[str, Any]) -> None:
        raw["segments"] = [raw["segments"][at] for at in order]

    edit(store, change, sign=True)
    assert "manifest.json" in refusal(store)


@pytest.mark.parametrize("kind", ["database", "terms", "vectors"])
@pytest.mark.parametrize("to", ["../elsewhere/{}", "{elsewhere}/{}", "./{}", "other/../{}"])
@pytest.mark.parametrize("sign", [True, False])
def test_no_name_leads_out_of_the_folder(store: Path, kind: str, to: str, sign: bool) -> None:
    elsewhere = store.parent / "elsewhere"
    shutil.copytree(store, elsewhere)
    (store / "other").mkdir()

    def change(raw: dict[str, Any]) -> None:
        file = raw["segments"][0][kind]
        file["name"] = to.format(file["name"], elsewhere=elsewhere)

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


SCHEMAS = {
    0: "this program reads 3; ingest the articles again into another --store",
    1: "this program reads 3; ingest the articles again into another --store",
    2: "this program reads 3; ingest the articles again into another --store",
    4: "this program reads 3; update the program, or ingest into another --store",
}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_another_schema(store: Path, schema: int) -> None:
    edit(store, lambda raw: raw.update(schema=schema, unheard_of=[]), sign=True)
    before = files(store)
    message = refusal(store, (StoreMismatch,))
    assert f"manifest.json has schema {schema}, {SCHEMAS[schema]}" in message
    for attempt in (lambda: ingest(store, [make_article(1)]), lambda: rebuild(store)):
        with pytest.raises(StoreMismatch, match=f"schema {schema}"):
            attempt()
    assert files(store) == before


def test_a_store_of_the_program_before_this_one(folder: Path) -> None:
    folder.mkdir()
    (folder / "articles-1.db").write_bytes(b"the articles")
    file = {"name": "articles-1.db", "bytes": 12, "sha256": "0" * 64}
    fields = {"schema": 1, "generation": 1, "embedder": "tiny", "embedder_sha256": "0" * 64}
    raw = {**fields, "dimension": 16, "articles": 1, "passages": 3}
    raw |= {"database": file, "vectors": {**file, "name": "vectors-1.faiss"}, "checksum": ""}
    (folder / "manifest.json").write_text(json.dumps(raw))
    edit(folder, lambda _: None, sign=True)
    assert SCHEMAS[1] in refusal(folder, (StoreMismatch,))
    with pytest.raises(StoreMismatch, match="schema 1"):
        ingest(folder, [make_article(1)])
    assert (folder / "articles-1.db").read_bytes() == b"the articles"
