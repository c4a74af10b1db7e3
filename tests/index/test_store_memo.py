"""A small file is always hashed; the hash of a big one is remembered until the file changes."""

import json
import os
from pathlib import Path

import pytest

from rag.errors import StoreDamaged
from rag.index.store import open_store
from rag.models import verify
from rag.records import Article
from tests.index.conftest import ingest, refusal, segment_files

FILES = sorted(segment_files(1))


@pytest.fixture
def all_remembered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes of files of all sizes are remembered; the names of those that are hashed."""
    hashed: list[str] = []
    real = verify.sha256_file

    def telling(path: Path) -> str:
        hashed.append(path.name)
        return real(path)

    monkeypatch.setattr(verify, "REMEMBERED_FROM", 1)
    monkeypatch.setattr(verify, "sha256_file", telling)
    return hashed


def test_a_small_file_is_always_hashed(
    all_remembered: list[str], store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "REMEMBERED_FROM", 1 << 20)
    (store / verify.MEMO_NAME).unlink()
    for _ in range(2):
        all_remembered.clear()
        open_store(store)
        assert sorted(all_remembered) == FILES
    assert not (store / verify.MEMO_NAME).exists()


def test_a_big_file_is_hashed_when_it_is_made_and_when_it_changes(
    all_remembered: list[str], folder: Path, articles: list[Article]
) -> None:
    ingest(folder, articles)
    assert sorted(all_remembered) == FILES
    all_remembered.clear()
    assert open_store(folder).manifest.articles == 12 and all_remembered == []
    os.utime(folder / "terms-1.safetensors")
    assert open_store(folder).manifest.articles == 12
    assert all_remembered == ["terms-1.safetensors"]
    all_remembered.clear()
    open_store(folder, thorough=True)
    assert sorted(all_remembered) == FILES


@pytest.mark.parametrize("name", FILES)
def test_a_big_file_that_changes_is_damaged(
    all_remembered: list[str], folder: Path, articles: list[Article], name: str
) -> None:
    ingest(folder, articles)
    times = (folder / name).stat().st_mtime_ns
    with (folder / name).open("r+b") as file:
        file.seek(200)
        byte = file.read(1)
        file.seek(200)
        file.write(bytes([byte[0] ^ 1]))
    os.utime(folder / name, ns=(times, times))  # the change time tells it even so
    assert name in refusal(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_thorough_check_trusts_no_memo(
    all_remembered: list[str], folder: Path, articles: list[Article], name: str
) -> None:
    ingest(folder, articles)
    data = bytearray((folder / name).read_bytes())
    data[-1] ^= 1
    (folder / name).write_bytes(data)
    stat = (folder / name).stat()
    memo = json.loads((folder / verify.MEMO_NAME).read_text())
    memo[str((folder / name).resolve())]["stat"] = [
        *(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
    ]
    (folder / verify.MEMO_NAME).write_text(json.dumps(memo))
    with pytest.raises(StoreDamaged, match=name):
        open_store(folder, thorough=True)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"x": 1}'])
def test_a_damaged_memo_is_no_loss(
    all_remembered: list[str], folder: Path, articles: list[Article], content: str
) -> None:
    ingest(folder, articles)
    (folder / verify.MEMO_NAME).write_text(content)
    assert open_store(folder).manifest.articles == 12
    (folder / verify.MEMO_NAME).unlink()
    assert open_store(folder).notices == []
