"""Which files a user's paths mean."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.records import Problem

SUFFIXES = (".txt", ".jsonl")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a folder that is of another kind, hidden, or a link out of the folder."""

    path: Path


def discover(paths: Sequence[Path]) -> Iterator[Path | Problem | Skipped]:
    """The files at `paths` and in the folders below them, in the order of their names.

    A named file of an unknown kind is a Problem; one found in a folder is Skipped. Links are
    followed only while they stay inside the named folder.
    """
    for path in paths:
        if path.is_dir():
            yield from _folder(path)
        elif not path.exists():
            yield Problem(str(path), "there is no such file or folder")
        elif path.suffix.lower() not in SUFFIXES:
            kinds = " and ".join(SUFFIXES)
            yield Problem(str(path), f"this kind of file cannot be read; {kinds} can")
        else:
            yield path


def _folder(root: Path) -> Iterator[Path | Problem | Skipped]:
    found = False
    inside = root.resolve()
    denied: list[OSError] = []
    for folder, subfolders, names in os.walk(root, onerror=denied.append):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if (
                name.startswith(".")
                or path.suffix.lower() not in SUFFIXES
                or not path.resolve().is_relative_to(inside)
            ):
                yield Skipped(path)
            else:
                found = True
                yield path
    for error in denied:
        yield Problem(str(error.filename), error.strerror or "it cannot be read")
    if not found and not denied:
        yield Problem(str(root), f"the folder holds no articles ({' or '.join(SUFFIXES)} files)")
