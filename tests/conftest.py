"""What all tests share: no network beyond loopback, and the real models where a test needs them."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.cli import run
from rag.config import models_dir
from rag.models.catalogue import find, path_of

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
TINY = "smollm2-135m"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test reached for the network: {address!r}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def tiny_gguf() -> Path:
    """A small real language model, which `make test` has fetched."""
    model = find(TINY)
    assert model
    path = path_of(model, models_dir())
    assert path.exists(), f"run: rag models pull {TINY}"
    return path


@pytest.fixture(scope="session")
def seed_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the five seeds, made by the real command with the real embedder."""
    folder = tmp_path_factory.mktemp("seeds") / "store"
    assert run(["ingest", "--store", str(folder), str(SEEDS)]) == 0
    return folder


@pytest.fixture
def in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A test that runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
