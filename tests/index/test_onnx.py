"""The quick embedder, made of the real model: like the reference, and never a damaged one."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from rag.config import DEFAULT_EMBEDDER, models_dir
from rag.index.embedder import SentenceTransformerEmbedder
from rag.index.onnx import FULL, OnnxEmbedder, open_embedder
from rag.models.resolve import EmbedderFolder, resolve_embedder
from rag.progress import Silent
from tests.conftest import SEEDS


class Counting(Silent):
    """How often something was begun that takes time."""

    def __init__(self) -> None:
        self.labels: list[str] = []

    def start(self, label: str, total: int | None, unit: str) -> None:
        self.labels.append(label)


@pytest.fixture(scope="module")
def folder() -> EmbedderFolder:
    return resolve_embedder(DEFAULT_EMBEDDER, models_dir())


@pytest.fixture(scope="module")
def made(folder: EmbedderFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder in which the quick embedder has been made."""
    models = tmp_path_factory.mktemp("models")
    meter = Counting()
    assert isinstance(open_embedder(folder, models, meter), OnnxEmbedder)
    assert len(meter.labels) == 1 and DEFAULT_EMBEDDER in meter.labels[0]
    return models


@pytest.fixture(scope="module")
def texts() -> list[str]:
    words = " ".join(p.read_text("utf-8") for p in sorted(SEEDS.glob("*.txt"))).split()
    return [" ".join(words[at : at + size]) for at in range(0, 1500, 100) for size in (6, 130)]


def test_it_is_made_once(folder: EmbedderFolder, made: Path) -> None:
    meter = Counting()
    embedder = open_embedder(folder, made, meter)
    assert isinstance(embedder, OnnxEmbedder) and meter.labels == []
    assert embedder.name == DEFAULT_EMBEDDER


def test_its_vectors_are_those_of_the_reference(
    folder: EmbedderFolder, made: Path, texts: list[str]
) -> None:
    quick = open_embedder(folder, made, Silent())
    exact = open_embedder(folder, made, Silent(), full=True)
    assert isinstance(exact, SentenceTransformerEmbedder)
    assert exact.name == DEFAULT_EMBEDDER + FULL and exact.sha256 != quick.sha256
    one, other = quick.encode(texts), exact.encode(texts)
    assert one.shape == other.shape == (len(texts), 384) and one.dtype == np.float32
    assert np.allclose(np.linalg.norm(one, axis=1), 1, atol=1e-5)
    cosines = np.sum(one * other, axis=1)
    assert cosines.mean() > 0.985 and cosines.min() > 0.95
    # The nearest of each by one embedder is among the three nearest by the other.
    near = np.argsort(-(other @ other.T), axis=1)[:, 1:4]
    best = np.argsort(-(one @ one.T), axis=1)[:, 1]
    assert np.mean([own in three for own, three in zip(best, near, strict=True)]) > 0.95


def test_a_vector_does_not_depend_on_its_neighbours(
    folder: EmbedderFolder, made: Path, texts: list[str]
) -> None:
    embedder = open_embedder(folder, made, Silent())
    together = embedder.encode(texts)
    alone = np.concatenate([embedder.encode([text]) for text in texts])
    assert np.array_equal(together, alone)
    assert np.array_equal(embedder.encode(texts[::-1])[::-1], together)


def test_a_long_text_is_cut_as_the_reference_does(folder: EmbedderFolder, made: Path) -> None:
    long = "A bridge reopened on Sunday. " * 200
    quick = open_embedder(folder, made, Silent()).encode([long])
    exact = open_embedder(folder, made, Silent(), full=True).encode([long])
    assert float(quick[0] @ exact[0]) > 0.97


@pytest.mark.parametrize("damage", ["flipped", "note"])
def test_a_damaged_one_is_made_anew(
    folder: EmbedderFolder, made: Path, tmp_path: Path, damage: str
) -> None:
    models = tmp_path / "models"
    shutil.copytree(made, models)
    (graph,) = models.glob("int8/*.onnx")
    note = graph.with_suffix(".json")
    if damage == "flipped":
        content = bytearray(graph.read_bytes())
        content[len(content) // 2] ^= 1
        graph.write_bytes(content)
    else:
        note.write_text("{")
    meter = Counting()
    embedder = open_embedder(folder, models, meter)
    assert len(meter.labels) == 1
    again = open_embedder(folder, made, Silent())
    assert np.allclose(embedder.encode(["Aleppo"]), again.encode(["Aleppo"]))


def test_a_model_that_cannot_be_made_quick_is_used_as_it_is(
    folder: EmbedderFolder, tmp_path: Path
) -> None:
    """A folder without a fast tokenizer's file: the reference reads it, the quick one cannot."""
    other = tmp_path / "other"
    shutil.copytree(folder.path, other)
    (other / "tokenizer.json").unlink()
    meter = Counting()
    found = EmbedderFolder("other", other, "0" * 64)
    embedder = open_embedder(found, tmp_path / "models", meter)
    assert isinstance(embedder, SentenceTransformerEmbedder)
    (note,) = (tmp_path / "models").glob("int8/*.json")
    about = json.loads(note.read_text())
    assert not about["usable"] and about["reason"]
    assert isinstance(open_embedder(found, tmp_path / "models", meter), SentenceTransformerEmbedder)
    assert len(meter.labels) == 1  # it is not tried again
    assert embedder.encode(["Aleppo"]).shape == (1, 384)
