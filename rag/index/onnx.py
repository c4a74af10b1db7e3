"""The quick embedder: a sentence-transformers model as an ONNX graph with 8-bit weights.

Made once on each computer from the model's own folder and kept beside the models. On two cores
without VNNI it is 2.6 times as fast as the reference, and needs none of the seconds that torch
takes to load (eval/LOG.md, "int8").
"""

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag.index.embedder import Embedder, SentenceTransformerEmbedder, Vectors
from rag.index.export import export_onnx
from rag.index.graph import TextGraph, quantise
from rag.models.catalogue import fingerprint
from rag.models.resolve import EmbedderFolder
from rag.models.verify import MEMO_NAME, remembered_sha256, sha256_file
from rag.progress import Progress

FULL = ":fp32"  # after an embedder's name: the reference itself
_FOLDER = "int8"
_FORM = 1  # of the files that are made here
_LEAST_COSINE = 0.95  # between both embedders' vectors; all-MiniLM-L6-v2 has .98 to .995
_SAMPLES = (
    "Who took control of the city, and when?",
    "The ministry said on Friday that 31 people had been killed and at least 80 injured.",
    "Central bank holds rates\nThe bank left its main rate at 4.25%, citing slower growth.",
)


class OnnxEmbedder:
    """An embedder made by `make_quick`, loaded on first use."""

    def __init__(self, name: str, sha256: str, graph: TextGraph) -> None:
        self.name = name
        self.sha256 = sha256
        self._graph = graph

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (len(texts), dimension). Texts beyond the model's length are
        cut, as the reference does."""
        return np.concatenate([vector for (vector,) in self._graph.run(texts)])


def open_embedder(
    folder: EmbedderFolder, models_dir: Path, progress: Progress, *, full: bool = False
) -> Embedder:
    """The quick embedder of a model, made first where it is not there yet, or the reference:
    where `full` is asked for and where a quick one cannot be made of this model."""
    reference = SentenceTransformerEmbedder(folder.name + FULL, folder.path, folder.fingerprint)
    if full:
        return reference
    made = models_dir / _FOLDER / f"{folder.fingerprint[:16]}.onnx"
    about = _read_about(made, models_dir)
    if about is None:
        progress.start(f"Preparing {folder.name} for this computer, once", None, "steps")
        about = make_quick(folder.path, made)
        progress.finish()
    if not about["usable"]:
        return reference
    identity = fingerprint({"of": folder.fingerprint, "as": f"int8, form {_FORM}"})
    graph = TextGraph(made, folder.path / "tokenizer.json", int(about["longest"]))
    return OnnxEmbedder(folder.name, identity, graph)


def make_quick(folder: Path, made: Path) -> dict[str, Any]:
    """Makes the 8-bit graph of a model's folder, compares it with the reference, and writes it
    with a note beside it: its hash and most tokens, or why it cannot be used. The note."""
    made.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=made.parent, prefix="making-") as scratch:
        whole, small = Path(scratch, "fp32.onnx"), Path(scratch, "int8.onnx")
        about: dict[str, Any] = {"form": _FORM, "usable": False}
        try:
            about["longest"] = export_onnx(folder, whole)
            quantise(whole, small)
            quick = OnnxEmbedder(
                "", "", TextGraph(small, folder / "tokenizer.json", about["longest"])
            )
            exact = SentenceTransformerEmbedder("", folder, "").encode(_SAMPLES)
            least = float(np.min(np.sum(quick.encode(_SAMPLES) * exact, axis=1)))
            about |= {"usable": least >= _LEAST_COSINE, "cosine": round(least, 4)}
        except Exception as error:  # noqa: BLE001  # whatever torch raises for a model it cannot trace
            about["reason"] = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        if about["usable"]:
            about["sha256"] = sha256_file(small)
            os.replace(small, made)
        note = Path(scratch, "note.json")
        note.write_text(json.dumps(about, indent=1), encoding="utf-8")
        os.replace(note, made.with_suffix(".json"))
    return about


def _read_about(made: Path, models_dir: Path) -> dict[str, Any] | None:
    """The note beside a quick embedder; None where there is none of this form or the graph is
    not what the note says, so that both are made anew."""
    try:
        about = json.loads(made.with_suffix(".json").read_text(encoding="utf-8"))
        if about["form"] != _FORM:
            return None
        if about["usable"] and remembered_sha256(made, models_dir / MEMO_NAME) != about["sha256"]:
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return dict(about)
