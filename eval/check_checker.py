"""How often rag.answer.check judges right, on statements of which it is known.

    python -m eval.check_checker [--part develop] [--json] [-v]

Each line of eval/checker_statements.jsonl has a passage and a statement that the passage supports,
or that goes beyond it in one `kind` of error. Balanced accuracy is the mean of two rates: of the
supported statements, how many pass, and of the others (all, or those of one kind), how many do not.
Which failure the check names is not looked at. The intervals hold 95 % of 2,000 resamples of the
passages, since the statements of one passage are judged alike. The passages were written for this,
by one writer: rates on articles and models as they come may be others. The last 160 statements, of
another event or supported, were written later, all before the check was tuned on half of them.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.score import read_lines
from rag.answer.check import check_statement

STATEMENTS = Path(__file__).with_name("checker_statements.jsonl")
SUPPORTED, ALL = "supported", "all errors"
_RESAMPLES, _SEED = 2000, 0
Counts = npt.NDArray[np.int64]
Rates = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the check made of one statement; `kind` is "supported" or that of the error."""

    id: str
    kind: str
    manner: str
    passage: str
    right: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """Of one kind, or of all errors: how many are right, the balanced accuracy, its interval."""

    kind: str
    right: int
    of: int
    balanced: float
    low: float
    high: float


def main() -> None:
    """Prints the figures and, where asked, which statements are judged wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--part", help="Only statements of this part.")
    parser.add_argument("--json", action="store_true", help="JSON instead of text.")
    parser.add_argument("-v", "--verbose", action="store_true", help="The ids judged wrong.")
    given = parser.parse_args()
    judged = [judge(row) for row in read_lines(STATEMENTS) if given.part in (None, row["part"])]
    figures = figures_of(judged)
    if given.json:
        wrong = [one.id for one in judged if not one.right]
        print(json.dumps({"figures": [asdict(one) for one in figures], "wrong": wrong}))
        return
    print(f"{len(judged)} statements; balanced accuracy with its 95 % interval")
    for one in figures:
        print(
            f"  {one.kind:19} {one.right:3} of {one.of:3} right  {one.balanced:.3f} "
            f"({one.low:.3f} to {one.high:.3f})"
        )
    for manner in sorted({one.manner for one in judged} - {""}):
        some = [one for one in judged if one.manner == manner]
        print(f"  {SUPPORTED}, {manner}: {sum(one.right for one in some)} of {len(some)} right")
    for kind in [one.kind for one in figures] if given.verbose else []:
        print(f"{kind}:", *[one.id for one in judged if one.kind == kind and not one.right])


def judge(row: dict[str, Any]) -> Judged:
    """One statement against its passage."""
    passes = not check_statement(row["statement"], row["passage"])
    right = passes == row["supported"]
    return Judged(row["id"], row["kind"], row.get("manner", ""), row["passage"], right)


def figures_of(judged: Sequence[Judged]) -> list[Figure]:
    """First of all errors together, then of every kind of error. "supported" comes last: its
    balanced accuracy is that of all."""
    kinds = [SUPPORTED, *sorted({one.kind for one in judged} - {SUPPORTED})]
    passages = {text: number for number, text in enumerate({one.passage: 0 for one in judged})}
    counts = np.zeros((len(passages), len(kinds), 2), np.int64)
    for one in judged:
        counts[passages[one.passage], kinds.index(one.kind)] += (one.right, 1)
    draws = np.random.default_rng(_SEED).integers(len(passages), size=(_RESAMPLES, len(passages)))
    resampled = counts[draws].sum(axis=1)
    whole = counts.sum(axis=0)
    low, high = np.nanpercentile(_balanced(resampled), (2.5, 97.5), axis=0)
    at_whole = _balanced(whole)
    figures = []
    for number, kind in enumerate([ALL, *kinds[1:], SUPPORTED]):
        column = number % len(kinds)
        right, of = whole[1:].sum(axis=0) if kind == ALL else whole[column]
        figures.append(
            Figure(
                kind, int(right), int(of),
                *(float(rates[column]) for rates in (at_whole, low, high)),
            )
        )  # fmt: skip
    return figures


def _balanced(counts: Counts) -> Rates:
    """Of counts (kind by right and all), the balanced accuracy: of all errors, then of each kind.
    Not a number where a resample has none of a kind."""
    errors = counts[..., 1:, :]
    both = np.concatenate([errors.sum(axis=-2, keepdims=True), errors], axis=-2)
    with np.errstate(invalid="ignore"):
        rates: Rates = both[..., 0] / both[..., 1]
        supported: Rates = counts[..., :1, 0] / counts[..., :1, 1]
    return (supported + rates) / 2


if __name__ == "__main__":
    main()
