"""The fitted numbers of reading: what each feature weighs, and from where on to answer.

They stand in weights.json beside this file, which python -m eval.fit_reading writes from labelled
questions. Every model of the catalogue has its own weights for how far its words can be trusted;
another gets those of the default.
"""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model: sigmoid(bias + sum of weight x feature)."""

    features: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float

    def logits(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The log odds of each row of shape (rows, features)."""
        return np.asarray(rows @ np.array(self.weights) + self.bias, dtype=np.float64)

    def probability(self, row: Sequence[float]) -> float:
        """That of one row, in 0 to 1."""
        logit = float(self.logits(np.array([row], dtype=np.float64))[0])
        return float(1 / (1 + np.exp(-logit)))


@dataclass(frozen=True, slots=True)
class Weights:
    """`first` weighs what can be told of a sentence at once, `relevance` that together with
    the sentence model, `support` what a language model says of it; nothing is stated below
    `threshold`. One of two judgements of that language model is above `usual`, one of ten above
    `surest`."""

    first: Logistic
    relevance: Logistic
    support: Logistic
    threshold: float
    usual: float
    surest: float


def load_weights(model: str) -> Weights:
    """The weights for a language model by its name."""
    kept = _read()
    own = kept["support"].get(model)
    of_model = own or kept["support"][kept["default"]]
    first, relevance = load_part("first"), load_part("relevance")
    support = _logistic(of_model)
    surest = of_model["surest"] if own else 1.0  # nobody knows how sure another model can be
    return Weights(first, relevance, support, of_model["threshold"], of_model["usual"], surest)


def load_part(name: str) -> Logistic:
    """One of the models that no language model has a part in."""
    return _logistic(_read()[name])


@functools.cache
def _read() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


def _logistic(fields: Mapping[str, Any]) -> Logistic:
    weights = fields["weights"]
    return Logistic(tuple(weights), tuple(weights.values()), fields["bias"])
