"""Files come from a hub if it has these very bytes, resumed, and quickly not at all otherwise."""

import hashlib
import logging
import socket
import time
from pathlib import Path

import pytest

from rag.models import hub as hub_module
from rag.models.catalogue import Model, Packages
from rag.models.hub import fetch_from_hub

DATA = b"GGUF" + bytes(range(256)) * 16
BOX = Packages("box", "1.0", member="*.bin")


@pytest.fixture
def model(make_model) -> Model:
    return make_model({"tiny.gguf": DATA}, BOX)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "PAUSE", 0.0)


def fetch(model: Model, work: Path) -> tuple[bool, list[int]]:
    told: list[int] = []
    return fetch_from_hub(model, work, told.append), told


def gets(hub) -> list[str | None]:
    return [asked for method, _, asked in hub.requests if method == "GET"]


def test_a_file_is_fetched_and_verified(hub, model: Model, tmp_path: Path, capfd) -> None:
    hub.files["tiny.gguf"] = DATA
    fetched, told = fetch(model, tmp_path)
    assert fetched and told[-1] == len(DATA)
    assert [p.name for p in tmp_path.iterdir()] == ["tiny.gguf"]
    assert (tmp_path / "tiny.gguf").read_bytes() == DATA
    assert hub.requests[0][1] == "/someone/tiny/resolve/main/tiny.gguf"
    assert capfd.readouterr() == ("", "")


def test_several_files_are_counted_on(hub, make_model, tmp_path: Path) -> None:
    hub.files.update({"modules.json": b"[]", "1_Pooling/config.json": b"{} "})
    assert fetch(make_model(hub.files, BOX, "embedder"), tmp_path) == (True, [2, 5])
    assert (tmp_path / "1_Pooling/config.json").read_bytes() == b"{} "


def test_a_partial_file_is_resumed(hub, model: Model, tmp_path: Path) -> None:
    hub.files["tiny.gguf"] = DATA
    (tmp_path / "tiny.gguf.partial").write_bytes(DATA[:1000])
    assert fetch(model, tmp_path)[0]
    assert gets(hub) == ["bytes=1000-"]
    assert (tmp_path / "tiny.gguf").read_bytes() == DATA


def test_a_broken_connection_is_resumed(hub, model: Model, tmp_path: Path) -> None:
    hub.files["tiny.gguf"], hub.break_after = DATA, 2000
    assert fetch(model, tmp_path)[0]
    assert gets(hub) == [None, "bytes=2000-", "bytes=4000-"]


def test_a_hub_that_cannot_resume_starts_again(hub, model: Model, tmp_path: Path) -> None:
    hub.files["tiny.gguf"], hub.ranges = DATA, False
    (tmp_path / "tiny.gguf.partial").write_bytes(DATA[:1000])
    assert fetch(model, tmp_path)[0]
    assert (tmp_path / "tiny.gguf").read_bytes() == DATA


def test_a_spoilt_partial_file_is_fetched_anew(hub, model: Model, tmp_path: Path) -> None:
    hub.files["tiny.gguf"] = DATA
    (tmp_path / "tiny.gguf.partial").write_bytes(b"?" * 1000)
    assert fetch(model, tmp_path)[0]
    assert gets(hub) == ["bytes=1000-", None]


def test_a_connection_that_keeps_breaking_is_given_up(hub, model: Model, tmp_path: Path) -> None:
    hub.files["tiny.gguf"], hub.break_after, hub.ranges = DATA, 1000, False
    assert not fetch(model, tmp_path)[0]
    assert len(gets(hub)) <= 1 + hub_module.TRIES
    assert (tmp_path / "tiny.gguf.partial").stat().st_size == 1000


@pytest.mark.parametrize(
    ("other", "tag"),
    [(DATA + b"!", "a" * 40), (DATA[:-1] + b"!", None)],
    ids=["size", "hash"],
)
def test_other_bytes_are_refused_before_they_are_fetched(
    hub, model: Model, tmp_path: Path, other: bytes, tag: str | None
) -> None:
    hub.files["tiny.gguf"], hub.tag = other, tag
    assert not fetch(model, tmp_path)[0]
    assert gets(hub) == []


def test_other_bytes_under_a_good_tag_are_refused(hub, model: Model, tmp_path: Path) -> None:
    hub.files["tiny.gguf"] = DATA[:-1] + b"!"
    hub.tag = hashlib.sha256(DATA).hexdigest()
    assert not fetch(model, tmp_path)[0]
    assert gets(hub) == [None] and list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there(hub, model: Model, tmp_path: Path) -> None:
    assert not fetch(model, tmp_path)[0]


def test_offline_means_no_request(
    hub, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.files["tiny.gguf"] = DATA
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert not fetch(model, tmp_path)[0]
    assert hub.requests == []


def test_nobody_listens(
    hub, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{free.getsockname()[1]}")
        assert not fetch(model, tmp_path)[0]
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("huggingface_hub").level != logging.CRITICAL


def test_a_hub_that_never_answers(
    hub, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "ANSWER_WITHIN", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        started = time.monotonic()
        assert not fetch(model, tmp_path)[0]
        assert time.monotonic() - started < 1


def test_a_name_look_up_that_hangs_is_left_behind() -> None:
    with pytest.raises(TimeoutError):
        hub_module._within(0.05, lambda: time.sleep(1))


def test_a_disk_that_fails_is_not_the_hubs_fault(hub, model: Model, tmp_path: Path) -> None:
    hub.files["tiny.gguf"] = DATA
    (tmp_path / "work").touch()
    with pytest.raises(OSError):
        fetch(model, tmp_path / "work")
