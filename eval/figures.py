"""The figures of one run over a set of questions: every metric with its interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval import certainty, metrics
from eval.certainty import Metric, interval
from eval.metrics import Graded, latency


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric of a run with its 95 % bootstrap interval over the questions; None where nothing
    counts for it. `definition` is the metric's own docstring on one line."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    lower_is_better: bool
    definition: str


METRICS: Mapping[str, tuple[Metric, bool]] = {
    "accuracy": (metrics.accuracy, False),
    "refusal recall": (metrics.refusal_recall, False),
    "refusal precision": (metrics.refusal_precision, False),
    "invented": (metrics.invented, True),
    "right of the answers given": (metrics.selective_accuracy, False),
    "quote integrity": (metrics.quote_integrity, False),
    "date integrity": (metrics.date_integrity, False),
    "citation recall": (metrics.citation_recall, False),
    "citation precision": (metrics.citation_precision, False),
    "cites a gold sentence": (metrics.evidence_hit, False),
    "attribution kept": (metrics.attribution_kept, False),
    "conflicts surfaced": (metrics.conflicts_surfaced, False),
    "AURC": (certainty.aurc, True),
    "E-AURC": (certainty.e_aurc, True),
    "calibration error": (certainty.calibration_error, True),
    "Brier score": (certainty.brier, True),
}


def figures(graded: Sequence[Graded]) -> list[Figure]:
    """All metrics, in the order in which they are shown."""
    found = []
    for name, (metric, lower_is_better) in METRICS.items():
        of = interval(metric, graded)
        value, low, high = (of.value, of.low, of.high) if of else (None, None, None)
        told = definition_of(metric)
        found.append(Figure(name, value, low, high, lower_is_better, told))
    return found


def definition_of(metric: Metric) -> str:
    """The docstring of a metric on one line."""
    return " ".join(str(getattr(metric, "counts", metric).__doc__).split())


def by_type(graded: Sequence[Graded]) -> dict[str, tuple[int, int]]:
    """Of each type of question, how many were done well (right, or rightly refused) and asked."""
    types = sorted({one.type for one in graded})
    some = {kind: [one for one in graded if one.type == kind] for kind in types}
    return {kind: (sum(map(is_well, of)), len(of)) for kind, of in some.items()}


def is_well(one: Graded) -> bool:
    """Whether an answerable question was answered right, or another not invented."""
    return one.right if one.answerable else not one.invented


def seconds(graded: Sequence[Graded]) -> dict[str, dict[str, float | None]]:
    """Median and 95th percentile of the first evidence, the first token and the whole answer."""
    return {
        moment: {name: latency(graded, moment, share) for name, share in _PERCENTILES}
        for moment in ("first_evidence", "first_token", "total")
    }


_PERCENTILES = (("median", 50.0), ("p95", 95.0))


def figures_to_json(graded: Sequence[Graded]) -> dict[str, Any]:
    """What two runs of the same have the same, byte for byte: no times."""
    return {
        "questions": len(graded),
        "figures": {
            one.name: {"value": _round(one.value), "low": _round(one.low), "high": _round(one.high)}
            for one in figures(graded)
        },
        "by_type": {kind: list(counts) for kind, counts in by_type(graded).items()},
        "outcomes": {one.id: outcome(one) for one in graded},
    }


def outcome(one: Graded) -> str:
    """What became of a question, in a word."""
    if one.refused:
        return "missed" if one.answerable else "refused"
    if one.right:
        return "right"
    return "wrong" if one.answerable else "invented"


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
