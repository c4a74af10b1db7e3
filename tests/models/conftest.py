"""Tiny models, the wheels that carry them, and a model hub on loopback."""

import hashlib
import http.server
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rag.errors import PullError
from rag.models import packages
from rag.models.catalogue import Kind, Model, ModelFile, Packages


class Recorder:
    """A progress display that remembers what it was told."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int | None]] = []
        self.updates: list[int] = []
        self.open = 0

    def start(self, label: str, total: int | None, unit: str) -> None:
        self.steps.append((label, total))
        self.open += 1

    def update(self, done: int) -> None:
        self.updates.append(done)

    def finish(self) -> None:
        self.open -= 1


@pytest.fixture
def progress() -> Recorder:
    return Recorder()


MakeModel = Callable[..., Model]


@pytest.fixture
def make_model() -> MakeModel:
    """A model of the given files, {path: content}."""

    def make(contents: dict[str, bytes], carried_by: Packages, kind: Kind = "llm") -> Model:
        files = tuple(
            ModelFile(path, len(data), hashlib.sha256(data).hexdigest())
            for path, data in contents.items()
        )
        return Model("tiny", kind, "a tiny one", "CC0", 64, files, "someone/tiny", carried_by)

    return make


MakeWheel = Callable[[str, dict[str, bytes]], Path]


@pytest.fixture
def make_wheel(tmp_path: Path) -> MakeWheel:
    """Writes a wheel of version 1.0 into the folder `tmp_path/wheels`."""

    def make(name: str, members: dict[str, bytes]) -> Path:
        folder = tmp_path / "wheels"
        folder.mkdir(exist_ok=True)
        stem = name.replace("-", "_")
        path = folder / f"{stem}-1.0-py3-none-any.whl"
        info = f"{stem}-1.0.dist-info"
        with zipfile.ZipFile(path, "w") as archive:
            for member, data in members.items():
                archive.writestr(member, data)
            archive.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
            )
            archive.writestr(
                f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            archive.writestr(f"{info}/RECORD", "")
        return path

    return make


@pytest.fixture
def pip_from_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real package client, with the folder of `make_wheel` as its only source."""
    (tmp_path / "wheels").mkdir(exist_ok=True)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Instead of the package client, a copy from the folder of `make_wheel`; what was asked."""
    asked: list[str] = []

    def copy(requirement: str, work: Path, on_bytes: Callable[[int], None]) -> Path:
        asked.append(requirement)
        name = requirement.replace("-", "_").replace("==", "-") + "-py3-none-any.whl"
        source = tmp_path / "wheels" / name
        if not source.exists():
            raise PullError(f"package {requirement} could not be downloaded: none here")
        (work / "download").mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(source, work / "download"))

    monkeypatch.setattr(packages, "download", copy)
    return asked


@dataclass
class Hub:
    """A model hub: what it serves by path, what it was asked, and how it misbehaves."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    tag: str | None = None
    break_after: int | None = None
    ranges: bool = True


def _handler(hub: Hub) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_HEAD(self) -> None:
            self.answer(with_body=False)

        def do_GET(self) -> None:
            self.answer(with_body=True)

        def answer(self, with_body: bool) -> None:
            hub.requests.append((self.command, self.path, self.headers["Range"]))
            data = hub.files.get(self.path.partition("/resolve/main/")[2])
            if data is None:
                self.send_response(404)
                self.send_header("X-Error-Code", "EntryNotFound")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            start = 0
            if hub.ranges and self.headers["Range"]:
                start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
            self.send_response(206 if start else 200)
            self.send_header("ETag", f'"{hub.tag or hashlib.sha256(data).hexdigest()}"')
            self.send_header("X-Repo-Commit", "0" * 40)
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            if with_body:
                self.wfile.write(data[start : start + (hub.break_after or len(data))])

    return Handler


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub on loopback that HF_ENDPOINT names."""
    hub = Hub()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield hub
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
