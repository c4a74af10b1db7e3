"""Names, files, folders and addresses: what is opened was checked, the rest is told in one line."""

import hashlib
from pathlib import Path

import pytest

from rag.errors import ModelError, ModelMissing
from rag.models import catalogue as catalogue_module
from rag.models import resolve, verify
from rag.models.catalogue import Model, Packages, fingerprint
from rag.models.resolve import EmbedderFolder, LlmFile, LlmServer, resolve_embedder, resolve_llm

DATA = b"GGUF and more"
EMBEDDER = {"modules.json": b"[]", "model.safetensors": b"w" * 50}


@pytest.fixture
def known(make_model, monkeypatch: pytest.MonkeyPatch) -> tuple[Model, Model]:
    """A catalogue of one language model, tiny, and one embedder, small."""
    llm = make_model({"tiny-q4.gguf": DATA}, Packages("box", "1.0", member="*"))
    files = make_model(EMBEDDER, Packages("box", "1.0", folder="m"), "embedder").files
    embedder = Model("small", "embedder", "", "", 32, files, "o/r", llm.packages)
    for module in (catalogue_module, resolve, verify):
        monkeypatch.setattr(module, "catalogue", lambda: (llm, embedder))
    return llm, embedder


def embedder_folder(folder: Path, contents: dict[str, bytes]) -> Path:
    for path, data in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def test_a_known_language_model(known, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="rag models pull tiny"):
        resolve_llm("tiny", tmp_path)
    path = tmp_path / "tiny-q4.gguf"
    path.write_bytes(DATA)
    assert resolve_llm("Tiny", tmp_path) == LlmFile("tiny", path, 64)
    path.write_bytes(DATA[:-1])
    with pytest.raises(ModelError, match="truncated or altered"):
        resolve_llm("tiny", tmp_path)


def test_a_file(known, tmp_path: Path) -> None:
    path = tmp_path / "my model.gguf"
    with pytest.raises(ModelMissing, match="my model.gguf does not exist"):
        resolve_llm(str(path), tmp_path)
    path.write_bytes(DATA)
    assert resolve_llm(str(path), tmp_path / "models") == LlmFile("my model", path, None)
    path.write_bytes(b"PK\3\4")
    with pytest.raises(ModelError, match="is not a GGUF model"):
        resolve_llm(str(path), tmp_path)
    (tmp_path / "folder.gguf").mkdir()
    with pytest.raises(ModelError, match="is not a file"):
        resolve_llm(str(tmp_path / "folder.gguf"), tmp_path)


def test_a_file_named_as_a_known_one_must_be_it(known, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "tiny-q4.gguf"
    path.parent.mkdir()
    path.write_bytes(DATA)
    assert resolve_llm(str(path), tmp_path) == LlmFile("tiny-q4", path, 64)
    path.write_bytes(b"GGUF and less")
    with pytest.raises(ModelError) as caught:
        resolve_llm(str(path), tmp_path)
    for words in (str(path), "truncated or altered", hashlib.sha256(DATA).hexdigest()[:12]):
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "url", "model"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1", None),
        ("HTTPS://host/", "https://host/v1", None),
        ("http://[::1]:80/api/v2/", "http://[::1]:80/api/v2", None),
        ("http://host#qwen3:4b", "http://host/v1", "qwen3:4b"),
        ("http://host/x.gguf", "http://host/x.gguf", None),
    ],
)
def test_a_server(tmp_path: Path, spec: str, url: str, model: str | None) -> None:
    assert resolve_llm(spec, tmp_path) == LlmServer(url, model)


@pytest.mark.parametrize("spec", ["http://", "http://:80", "http://host:x", "http://[::1"])
def test_not_a_server(tmp_path: Path, spec: str) -> None:
    with pytest.raises(ModelError, match="is not the address of a server"):
        resolve_llm(spec, tmp_path)


@pytest.mark.parametrize("spec", ["qwen-1.5b", "file:///etc/passwd", "", "model.bin"])
def test_something_else(tmp_path: Path, spec: str) -> None:
    with pytest.raises(ModelError, match="rag models list") as caught:
        resolve_llm(spec, tmp_path)
    assert repr(spec) in str(caught.value) and "\n" not in str(caught.value)
    assert ("did you mean qwen2.5-coder-1.5b" in str(caught.value)) == (spec == "qwen-1.5b")


def test_a_model_of_the_other_kind(known, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="small is not a language model; known ones: tiny"):
        resolve_llm("small", tmp_path)
    with pytest.raises(ModelError, match="tiny is not an embedder; known ones: small"):
        resolve_embedder("tiny", tmp_path)


def test_a_known_embedder_is_the_same_anywhere(known, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="rag models pull small"):
        resolve_embedder("small", tmp_path)
    folder = embedder_folder(tmp_path / "small", EMBEDDER)
    by_name = resolve_embedder("small", tmp_path)
    assert by_name == EmbedderFolder("small", folder, known[1].fingerprint)
    copy = embedder_folder(tmp_path / "copy", EMBEDDER)
    assert resolve_embedder(str(copy), tmp_path).fingerprint == by_name.fingerprint
    (folder / "model.safetensors").write_bytes(b"w" * 49)
    with pytest.raises(ModelError, match="truncated or altered"):
        resolve_embedder("small", tmp_path)


def test_a_folder_of_ones_own(known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contents = {"modules.json": b"[]", "model.safetensors": b"other", "1_Dense/config.json": b"{}"}
    folder = embedder_folder(tmp_path / "mine", contents)
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in contents.items()}
    mine = EmbedderFolder("mine", folder, fingerprint(digests))
    assert resolve_embedder(str(folder), tmp_path) == mine
    monkeypatch.chdir(folder)
    assert resolve_embedder(".", tmp_path) == mine


def test_no_embedder_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="did you mean all-MiniLM-L6-v2.*rag models list"):
        resolve_embedder("minilm-l6", tmp_path)
    with pytest.raises(ModelError, match="modules.json"):
        resolve_embedder(str(tmp_path), tmp_path)


@pytest.mark.parametrize(
    "weights",
    [
        {"pytorch_model.bin": b"pickle"},
        {"weights.h5": b"of another kind"},
        {"model.safetensors": b"w", "2_Dense/pytorch_model.bin": b"pickle"},
        {"model.safetensors": b"w", "2_Dense/head.pt": b"pickle"},
    ],
)
def test_pickled_weights_are_refused(tmp_path: Path, weights: dict[str, bytes]) -> None:
    folder = embedder_folder(tmp_path / "old", {"modules.json": b"[]", **weights})
    with pytest.raises(ModelError, match="safetensors"):
        resolve_embedder(str(folder), tmp_path)


def test_a_pickle_beside_its_safetensors_is_never_read(tmp_path: Path) -> None:
    contents = {**EMBEDDER, "pytorch_model.bin": b"pickle"}
    assert resolve_embedder(str(embedder_folder(tmp_path / "both", contents)), tmp_path)
