"""Fitted numbers: how they make a probability, and whose a language model gets."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.config import DEFAULT_LLM
from rag.read import weights
from rag.read.features import FEATURES
from rag.read.judge import SUPPORT_FEATURES
from rag.read.rank import RELEVANCE_FEATURES
from rag.read.weights import Logistic, load_weights

MODEL = Logistic(("a", "b"), (2.0, -1.0), 0.5)
KEPT = {
    "first": {"bias": 0.25, "weights": {"rank": 1.0, "names": 2.0}},
    "relevance": {"bias": -0.25, "weights": {"first": 3.0}},
    "default": "one",
    "support": {
        "one": {
            "bias": 1.0,
            "weights": {"relevance": 0.5},
            "threshold": 0.4,
            "usual": 0.1,
            "surest": 0.7,
        },
        "other": {
            "bias": 2.0,
            "weights": {"relevance": 0.75},
            "threshold": 0.6,
            "usual": 0.3,
            "surest": 0.8,
        },
    },
}


@pytest.fixture
def _kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    file = tmp_path / "weights.json"
    file.write_text(json.dumps(KEPT), encoding="utf-8")
    monkeypatch.setattr(weights, "FILE", file)
    weights._read.cache_clear()
    yield
    weights._read.cache_clear()


def test_log_odds_are_weighed_sums() -> None:
    rows = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [3.0, -2.0]])
    assert MODEL.logits(rows).tolist() == [0.5, 2.5, -0.5, 8.5]


def test_no_rows_have_no_log_odds() -> None:
    assert MODEL.logits(np.zeros((0, 2))).shape == (0,)


@pytest.mark.parametrize(
    ("row", "probability"), [((0.0, 0.5), 0.5), ((1.0, 0.0), 0.92414), ((-1.0, 1.0), 0.07586)]
)
def test_log_odds_become_a_probability(row: tuple[float, float], probability: float) -> None:
    assert MODEL.probability(row) == pytest.approx(probability, abs=1e-5)


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="matmul"):
        MODEL.probability((1.0, 2.0, 3.0))


@pytest.mark.usefixtures("_kept")
@pytest.mark.parametrize(
    ("name", "threshold", "support"),
    [("one", 0.4, 0.5), ("other", 0.6, 0.75), ("never seen", 0.4, 0.5)],
)
def test_each_model_has_its_own_and_others_the_defaults(
    name: str, threshold: float, support: float
) -> None:
    loaded = load_weights(name)
    assert loaded.threshold == threshold
    # How sure another model can be is not known, so nothing stays unread for it.
    limits = {"one": (0.1, 0.7), "other": (0.3, 0.8), "never seen": (0.1, 1.0)}
    assert (loaded.usual, loaded.surest) == limits[name]
    assert loaded.support.weights == (support,)


@pytest.mark.usefixtures("_kept")
def test_weights_keep_the_order_of_their_features() -> None:
    loaded = load_weights("one")
    assert loaded.first == Logistic(("rank", "names"), (1.0, 2.0), 0.25)
    assert loaded.relevance == Logistic(("first",), (3.0,), -0.25)


@pytest.mark.parametrize("name", [DEFAULT_LLM, "never seen"])
def test_what_is_shipped_weighs_the_features_in_their_order(name: str) -> None:
    loaded = load_weights(name)
    assert loaded.first.features == FEATURES
    assert loaded.relevance.features == RELEVANCE_FEATURES
    assert loaded.support.features == SUPPORT_FEATURES
    assert 0 < loaded.threshold < 1
    assert 0 < loaded.usual < loaded.surest <= 1
