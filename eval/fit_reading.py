"""Fits what reading weighs before the language model reads, and writes rag/read/weights.json.

    python -m eval.fit_reading PAIRS.jsonl --work W

On the labelled questions of eval/labelled.py, quizzes, made and written ones: the weights of
rag.read.features on three of four questions, then, with the sentence model of
eval/train_sentence_model.py, those of rag.read.rank on the fourth, which that model has not seen.
Printed is how often the best sentences are right on the fourth.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.labelled import HELD_OUT, Labelled, label, label_made, label_written
from rag import config
from rag.read import sentence_model
from rag.read.features import FEATURES
from rag.read.rank import RELEVANCE_FEATURES, SCORED

WEIGHTS = Path(config.__file__).parent / "read" / "weights.json"
Fitted = tuple[NDArray[np.float64], float]  # weights and bias


def main() -> None:
    """Fits and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    fit_relevance(
        quizzes=label(given.pairs, given.work),
        made=label_made(given.pairs, given.work),
        written=label_written(given.pairs, given.work),
    )


def fit_relevance(**sets: Sequence[Labelled]) -> None:
    """Fits the features and, where the sentence model is there, both together; keeps both."""
    parts = {name: _split(labelled) for name, labelled in sets.items()}
    fitted = [one for part, _ in parts.values() for one in part]
    first = logistic([one.rows for one in fitted], [one.right for one in fitted])
    keep("first", FEATURES, first)
    print(f"{len(fitted)} questions fitted; right among the best 1, 2, 4, 8, 12 of those held out")
    for name, (_, held) in parts.items():
        print(f"{name}, {len(held)} held out")
        print("  features      ", found_among([(one.rows @ first[0], one.right) for one in held]))
    if not sentence_model.FOLDER.exists():
        return
    scored = {name: [with_model(one, first) for one in held] for name, (_, held) in parts.items()}
    every = [one for some in scored.values() for one in some]
    both = logistic([rows for rows, _ in every], [right for _, right in every])
    keep("relevance", RELEVANCE_FEATURES, both)
    for name, some in scored.items():
        print(name)
        print("  sentence model", found_among([(rows[:, 1], right) for rows, right in some]))
        print("  together      ", found_among([(rows @ both[0], right) for rows, right in some]))


def _split(labelled: Sequence[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """Those to fit and those held out, of the questions with a right candidate."""
    known = [(n % HELD_OUT, one) for n, one in enumerate(labelled) if one.right.any()]
    return [one for place, one in known if place], [one for place, one in known if not place]


def with_model(one: Labelled, first: Fitted) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The rows of RELEVANCE_FEATURES for a question's likeliest candidates, and their labels."""
    logits = one.rows @ first[0] + first[1]
    best = np.argsort(-logits, kind="stable")[:SCORED]
    scores = sentence_model.score_texts(one.question, [one.texts[int(n)] for n in best])
    return np.column_stack([logits[best], scores]), one.right[best]


def keep(name: str, features: Sequence[str], fitted: Fitted) -> None:
    """Writes one model of the weights, and leaves the others."""
    kept = json.loads(WEIGHTS.read_text("utf-8")) if WEIGHTS.exists() else {}
    weights = {n: round(float(w), 4) for n, w in zip(features, fitted[0], strict=True)}
    kept[name] = {"weights": weights, "bias": round(fitted[1], 4)}
    WEIGHTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def logistic(
    rows: Sequence[NDArray[np.float64]], right: Sequence[NDArray[np.bool_]], strength: float = 0.3
) -> Fitted:
    """Weights and bias for the rows as they are, fitted on them in units of their spread."""
    from sklearn.linear_model import LogisticRegression

    table = np.concatenate(list(rows))
    mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    model = LogisticRegression(C=strength, max_iter=1000)
    model.fit((table - mean) / spread, np.concatenate(list(right)))
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ mean)


def found_among(held: Sequence[tuple[NDArray[np.float64], NDArray[np.bool_]]]) -> str:
    """How often a right sentence is among the best, by scores and labels of each question."""
    shares = []
    for count in (1, 2, 4, 8, 12):
        hits = [right[np.argsort(-s, kind="stable")[:count]].any() for s, right in held]
        shares.append(f"{np.mean(hits):.3f}" if hits else "-")
    return " ".join(shares)


if __name__ == "__main__":
    main()
