"""Hashes are remembered only as long as a file has not changed, and damage is told by name."""

import hashlib
import json
import os
import pickle
from pathlib import Path

import pytest

from rag.errors import ModelError, ModelMissing
from rag.models import verify
from rag.models.catalogue import Model, Packages

BIG = b"x" * verify.REMEMBERED_FROM
BOX = Packages("box", "1.0", member="*.bin")


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were really read."""
    names: list[str] = []
    real = verify.sha256_file

    def counting(path: Path) -> str:
        names.append(path.name)
        return real(path)

    monkeypatch.setattr(verify, "sha256_file", counting)
    return names


@pytest.fixture
def big(tmp_path: Path) -> Path:
    path = tmp_path / "big.gguf"
    path.write_bytes(BIG)
    return path


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_big_file_is_hashed_once(big: Path, tmp_path: Path, hashed: list[str]) -> None:
    memo = tmp_path / "memo.json"
    assert verify.verified(big, sha(BIG), memo) and verify.verified(big, sha(BIG), memo)
    assert hashed == ["big.gguf"]
    # The memo remembers what the file is, not that it was right.
    assert not verify.verified(big, sha(b"other"), memo)


def test_another_file_at_the_path_is_hashed_again(
    big: Path, tmp_path: Path, hashed: list[str]
) -> None:
    memo, stat = tmp_path / "memo.json", big.stat()
    verify.verified(big, sha(BIG), memo)
    other = tmp_path / "other"
    other.write_bytes(b"y" + BIG[1:])
    os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    os.replace(other, big)
    assert big.stat().st_mtime_ns == stat.st_mtime_ns
    assert not verify.verified(big, sha(BIG), memo)
    assert len(hashed) == 2


@pytest.mark.parametrize("column", range(4))
def test_every_part_of_the_stamp_counts(
    big: Path, tmp_path: Path, hashed: list[str], column: int
) -> None:
    memo = tmp_path / "memo.json"
    verify.verified(big, sha(BIG), memo)
    entries = json.loads(memo.read_text())
    entries[str(big)]["stat"][column] += 1
    entries[str(big)]["sha256"] = "0" * 64
    memo.write_text(json.dumps(entries))
    assert verify.verified(big, sha(BIG), memo)
    assert len(hashed) == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"3", b'{"x": 1}', b'{"x": {"sha256": "", "stat": 5}}', pickle.dumps({})],
)
def test_a_broken_memo_means_hashing_again(
    big: Path, tmp_path: Path, hashed: list[str], content: bytes
) -> None:
    memo = tmp_path / "memo.json"
    memo.write_bytes(content)
    assert verify.verified(big, sha(BIG), memo) and verify.verified(big, sha(BIG), memo)
    assert len(hashed) == 1
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("memo")] == ["memo.json"]


def test_a_memo_that_cannot_be_written_is_no_error(
    big: Path, tmp_path: Path, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert verify.verified(big, sha(BIG), tmp_path / "no such folder" / "memo.json")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert verify.verified(big, sha(BIG), tmp_path / "memo.json")
    assert len(hashed) == 2 and list(tmp_path.iterdir()) == [big]


def test_a_file_that_changes_while_it_is_read_is_not_remembered(
    big: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changing(path: Path) -> str:
        path.write_bytes(BIG + b"more")
        return sha(BIG)

    monkeypatch.setattr(verify, "sha256_file", changing)
    verify.verified(big, sha(BIG), tmp_path / "memo.json")
    assert not (tmp_path / "memo.json").exists()


def test_entries_of_files_that_are_gone_are_dropped(big: Path, tmp_path: Path) -> None:
    memo, gone = tmp_path / "memo.json", tmp_path / "gone.gguf"
    gone.write_bytes(BIG)
    verify.verified(gone, sha(BIG), memo)
    gone.unlink()
    verify.verified(big, sha(BIG), memo)
    assert list(json.loads(memo.read_text())) == [str(big)]


def test_check_model_tells_absent_altered_and_unreadable(make_model, tmp_path: Path) -> None:
    model: Model = make_model({"a.bin": b"aaa", "sub/b.bin": b"bbb"}, BOX)
    with pytest.raises(ModelMissing, match="tiny is not on this computer; run: rag models pull"):
        verify.check_model(model, tmp_path)
    (tmp_path / "a.bin").write_bytes(b"aaa")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/b.bin").write_bytes(b"bbb")
    verify.check_model(model, tmp_path)
    (tmp_path / "sub/b.bin").write_bytes(b"bb")
    with pytest.raises(ModelError) as caught:
        verify.check_model(model, tmp_path)
    for words in ("b.bin", sha(b"bb")[:12], sha(b"bbb")[:12], "rag models pull tiny"):
        assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    (tmp_path / "sub/b.bin").unlink()
    (tmp_path / "sub/b.bin").mkdir()
    with pytest.raises(ModelError, match="cannot be read"):
        verify.check_model(model, tmp_path)


def test_a_known_folder_has_its_models_fingerprint(
    make_model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {"modules.json": b"[]", "1_Pooling/config.json": b"{}", "model.safetensors": b"w"}
    model: Model = make_model(contents, Packages("box", "1.0", folder="m"), "embedder")
    monkeypatch.setattr(verify, "catalogue", lambda: (model,))
    for path, data in contents.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    (tmp_path / "data_config.json").write_text("training data")
    assert verify.folder_fingerprint(tmp_path) == model.fingerprint
    (tmp_path / "model.safetensors").write_bytes(b"v")
    assert verify.folder_fingerprint(tmp_path) != model.fingerprint


def test_what_a_folders_fingerprint_depends_on(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"w")
    before = verify.folder_fingerprint(tmp_path)
    for name in ("README.txt", "LICENSE.txt", "notes.md", ".cache.json"):
        (tmp_path / name).write_text("prose")
    assert verify.folder_fingerprint(tmp_path) == before
    for name in ("vocab.txt", "sub/config.json", "spiece.model"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("matters")
        after = verify.folder_fingerprint(tmp_path)
        assert after != before
        before = after
