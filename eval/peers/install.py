"""Each library in an environment of its own, in the user's cache folder: the product needs none of
them, and what they need does not fit together."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import platformdirs

from eval.peers.catalogue import Peer
from rag.errors import InputError, RagError
from rag.progress import Progress

INSTALL = "python -m eval.peers --install"
_DONE = ".installed"


def cache_folder() -> Path:
    """Where environments and answers are kept."""
    return platformdirs.user_cache_path("rag") / "peers"


def interpreter(peer: Peer, cache: Path) -> Path:
    """The Python that runs a peer. Raises InputError where its environment is not there, or is not
    the one that its requirements ask for now."""
    if peer.requirements is None:
        return Path(sys.executable)
    folder = _environment(peer, cache)
    if not _is_whole(folder, peer.requirements):
        raise InputError(f"the peer {peer.name} is not installed; run: {INSTALL}")
    return _python(folder)


def install(peer: Peer, cache: Path, again: bool, progress: Progress) -> None:
    """Makes a peer's environment; one that is whole is left as it is, unless it is to be made
    `again`. Raises RagError."""
    folder = _environment(peer, cache)
    if peer.requirements is None or (not again and _is_whole(folder, peer.requirements)):
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    log = folder.with_suffix(".log")
    progress.start(f"Installing {peer.name}; llama.cpp may be compiled, 10 minutes", None, "")
    with log.open("wb") as out:
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(folder)],
            [str(_python(folder)), "-m", "pip", "install", "-r", str(peer.requirements)],
        ):
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, check=False
            )
            if done.returncode != 0:
                shutil.rmtree(folder, ignore_errors=True)
                raise RagError(
                    f"{peer.name} could not be installed: {last_line(log)}; see {log}, then run "
                    f"{INSTALL} again"
                )
    (folder / _DONE).write_text(_stamp(peer.requirements), encoding="utf-8")
    progress.finish()


def last_line(log: Path) -> str:
    """What a program said last, in a line that can be shown."""
    lines = log.read_text("utf-8", errors="replace").split("\n")
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "no message")


def _environment(peer: Peer, cache: Path) -> Path:
    return cache / "environments" / peer.name


def _python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _is_whole(folder: Path, requirements: Path) -> bool:
    try:
        return (folder / _DONE).read_text("utf-8") == _stamp(requirements)
    except OSError:
        return False


def _stamp(requirements: Path) -> str:
    """What an environment was made of."""
    return f"{hashlib.sha256(requirements.read_bytes()).hexdigest()} {sys.version_info[:2]}\n"
