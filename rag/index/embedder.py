"""Texts to unit vectors: what an embedder is, and the reference, sentence-transformers itself.

The only module that imports sentence-transformers. It takes seconds to load, so the product uses
it to make the quick embedder of onnx.py once, and where that cannot be made.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Anything that turns texts into vectors whose inner product is their similarity."""

    name: str
    sha256: str  # of its weights and settings; stores are bound to it

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (len(texts), dimension), one batch."""


class SentenceTransformerEmbedder:
    """A sentence-transformers folder, loaded on first use, on the CPU, without network.

    Only safetensors weights are loaded: a pickled file in the folder never runs.
    """

    def __init__(self, name: str, folder: Path, sha256: str) -> None:
        self.name = name
        self.sha256 = sha256
        self._folder = folder
        self._model: SentenceTransformer | None = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (len(texts), dimension). Texts beyond the model's length are
        cut by it. Raises ModelError where the folder cannot be loaded."""
        if self._model is None:
            self._model = load_sentence_transformer(self._folder)
        encoded = self._model.encode(
            list(texts),
            batch_size=max(1, len(texts)),
            normalize_embeddings=True,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return np.asarray(encoded, dtype=np.float32)


def load_sentence_transformer(folder: Path, *, traced: bool = False) -> "SentenceTransformer":
    """The model in a folder, nothing but safetensors; `traced`, in a form that can be exported.
    Raises ModelError."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"use_safetensors": True}
            | ({"attn_implementation": "eager"} if traced else {}),
        )
    except Exception as error:  # the library raises whatever its parts raise
        raise ModelError(
            f"embedder {folder} cannot be loaded: {' '.join(str(error).split())[:200]}"
        ) from error
