"""Which files a user's paths mean."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.articles.clean import show_path
from rag.articles.formats import SIDECAR, SUFFIXES, suffix_of
from rag.records import Problem

_KINDS = ", ".join(SUFFIXES)
UNKNOWN_KIND = f"this kind of file cannot be read; {_KINDS} can"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a folder that is of another kind, hidden, or a link out of the folder."""

    path: Path


def discover(paths: Sequence[Path]) -> Iterator[Path | Problem | Skipped]:
    """The files at `paths` and in the folders below them, in the order of their names, each once.

    A named file of an unknown kind is a Problem; one found in a folder is Skipped. Links are
    followed only while they stay inside the named folder.
    """
    seen: set[str | Problem | Skipped] = set()
    for path in paths:
        for found in _at(path):
            key = os.path.realpath(found) if isinstance(found, Path) else found
            if key not in seen:
                seen.add(key)
                yield found


def _at(path: Path) -> Iterator[Path | Problem | Skipped]:
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        yield Problem(show_path(path), "there is no such file or folder")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        yield Problem(show_path(path), getattr(error, "strerror", None) or "it is not a path")
    else:
        if stat.S_ISDIR(mode):
            yield from _folder(path)
        elif not suffix_of(path):
            yield Problem(show_path(path), UNKNOWN_KIND)
        elif not stat.S_ISREG(mode):
            yield Problem(show_path(path), "it is not an ordinary file")
        else:
            yield path


def _folder(root: Path) -> Iterator[Path | Problem | Skipped]:
    """Files before the folders beside them. Not os.walk: Python 3.11's fails on deep folders."""
    inside = os.path.realpath(root)
    empty = True
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            paths = [folder / name for name in sorted(os.listdir(folder))]
        except OSError as error:
            empty = False
            yield Problem(show_path(folder), error.strerror or "it cannot be read")
            continue
        subfolders = []
        for path in paths:
            if os.path.isdir(path):
                # A linked folder is not entered: inside the root it is found in its own place.
                if _leads_out(path, inside):
                    yield Skipped(path)
                elif not (_is_hidden(path) or os.path.islink(path)):
                    subfolders.append(path)
            elif path.name.lower().endswith(SIDECAR):
                continue  # read with the file that it is about
            elif _is_of_ours(path) and not _leads_out(path, inside):
                empty = False
                yield path
            else:
                yield Skipped(path)
        folders.extend(reversed(subfolders))
    if empty:
        yield Problem(show_path(root), f"the folder holds no articles ({_KINDS} files)")


def _is_hidden(path: Path) -> bool:
    return path.name.startswith(".")


def _is_of_ours(path: Path) -> bool:
    if _is_hidden(path) or not suffix_of(path):
        return False
    try:
        # A pipe, a socket or a device could make the reader wait for ever.
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return True  # a broken link, or one without permission: told when it is read


def _leads_out(path: Path, inside: str) -> bool:
    return os.path.islink(path) and not Path(os.path.realpath(path)).is_relative_to(inside)
