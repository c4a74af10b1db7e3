"""From what a user wrote for a model, a name, a file, a folder or an address, to what is opened.

Nothing is returned that was not checked: known models by their hashes, other files by their first
bytes, embedder folders for weights that are not pickles.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from rag.errors import ModelError, ModelMissing
from rag.models.catalogue import (
    Kind,
    Model,
    catalogue,
    did_you_mean,
    find,
    folder_of,
    nearest,
    path_of,
)
from rag.models.verify import MEMO_NAME, check_model, folder_fingerprint, remembered_sha256, short

GGUF_MAGIC = b"GGUF"
PICKLES = ("pytorch_model*.bin", "*.pt", "*.pth", "*.pkl", "*.pickle", "*.ckpt")


@dataclass(frozen=True, slots=True)
class LlmFile:
    """A GGUF file to open; `context_length` in tokens, None if only the file itself tells."""

    name: str
    path: Path
    context_length: int | None


@dataclass(frozen=True, slots=True)
class LlmServer:
    """An OpenAI-compatible server at `url`; `model` is what it calls the model, None its own."""

    url: str
    model: str | None


@dataclass(frozen=True, slots=True)
class EmbedderFolder:
    """A sentence-transformers folder; `fingerprint` (SHA-256, hex) is the model's identity."""

    name: str
    path: Path
    fingerprint: str


def resolve_llm(spec: str, models_dir: Path) -> LlmFile | LlmServer:
    """The language model meant by a known name, a path that ends in .gguf, or an http(s) URL.

    A URL without a path gets /v1; its fragment, "#name", names the model on the server.
    Raises ModelMissing if the model is not here, ModelError if it cannot be used.
    """
    if spec.lower().startswith(("http://", "https://")):
        return _server(spec)
    model = find(spec)
    if model is not None:
        _check_kind(model, "llm")
        check_model(model, models_dir, models_dir / MEMO_NAME)
        return LlmFile(model.name, path_of(model, models_dir), model.context_length)
    if spec.lower().endswith(".gguf"):
        return _gguf(Path(spec).expanduser(), models_dir / MEMO_NAME)
    raise ModelError(
        f"no language model {spec!r}{did_you_mean(nearest(spec, 'llm'))}: give a known name, a "
        ".gguf file or the http address of a server; known names: rag models list"
    )


def resolve_embedder(spec: str, models_dir: Path) -> EmbedderFolder:
    """The embedder meant by a known name or a sentence-transformers folder.

    Raises ModelMissing if the model is not here, ModelError if it cannot be used, which is so
    for a folder whose weights are pickled.
    """
    memo_file = models_dir / MEMO_NAME
    model = find(spec)
    if model is not None:
        _check_kind(model, "embedder")
        check_model(model, folder_of(model, models_dir), memo_file)
        return EmbedderFolder(model.name, path_of(model, models_dir), model.fingerprint)
    folder = Path(spec).expanduser()
    if not (folder / "modules.json").is_file():
        raise ModelError(
            f"no embedder {spec!r}{did_you_mean(nearest(spec, 'embedder'))}: give a known name or "
            "a folder with modules.json in it; known names: rag models list"
        )
    folder = folder.resolve()
    _refuse_pickles(folder)
    return EmbedderFolder(folder.name, folder, folder_fingerprint(folder, memo_file))


def _check_kind(model: Model, kind: Kind) -> None:
    if model.kind != kind:
        known = ", ".join(other.name for other in catalogue() if other.kind == kind)
        wanted = "a language model" if kind == "llm" else "an embedder"
        raise ModelError(f"{model.name} is not {wanted}; known ones: {known}")


def _server(spec: str) -> LlmServer:
    try:
        parts = urlsplit(spec)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ModelError(f"{spec!r} is not the address of a server, http://host:port/v1")
    path = parts.path.rstrip("/") or "/v1"
    return LlmServer(
        urlunsplit((parts.scheme, parts.netloc, path, parts.query, "")), parts.fragment or None
    )


def _gguf(path: Path, memo_file: Path) -> LlmFile:
    if not path.exists():
        raise ModelMissing(f"{path} does not exist; known models: rag models list")
    if not path.is_file():
        raise ModelError(f"{path} is not a file; give a .gguf file or a name of: rag models list")
    known = next((m for m in catalogue() if m.files[0].path == path.name), None)
    try:
        with path.open("rb") as stream:
            magic = stream.read(len(GGUF_MAGIC))
        digest = remembered_sha256(path, memo_file) if known else None
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}") from error
    if known is not None and digest is not None and digest != known.files[0].sha256:
        raise ModelError(
            f"{path} is truncated or altered (sha256 {short(digest)}, expected "
            f"{short(known.files[0].sha256)}): remove it and run: rag models pull {known.name}"
        )
    if magic != GGUF_MAGIC:
        raise ModelError(f"{path} is not a GGUF model; known models: rag models list")
    return LlmFile(path.name[: -len(".gguf")], path, known.context_length if known else None)


def _refuse_pickles(folder: Path) -> None:
    """Weights beside a .safetensors file are ignored by the library; elsewhere it loads them."""
    step = "convert it to safetensors or choose one of: rag models list"
    if not any(folder.rglob("*.safetensors")):
        raise ModelError(f"{folder} holds no .safetensors file, and others are not loaded; {step}")
    for pattern in PICKLES:
        for path in folder.rglob(pattern):
            if not any(path.parent.glob("*.safetensors")):
                raise ModelError(f"{path} holds pickled weights, which are never loaded; {step}")
