"""The comparison as figures, as a Markdown table and as JSON."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eval import metrics
from eval.certainty import Interval, Metric, interval
from eval.figures import outcome
from eval.metrics import Counts, Graded, Share
from eval.peers.grading import Judged

_SHARES: Mapping[str, Share] = {
    "right, of the answerable": metrics.accuracy,
    "right, of the answers given": metrics.selective_accuracy,
    "invented, of the unanswerable": metrics.invented,
}


@dataclass(frozen=True, slots=True)
class System:
    """All answers of one way of answering."""

    name: str
    judged: tuple[Judged, ...]


def figures(system: System) -> dict[str, Interval | None]:
    """Each figure with its 95 % bootstrap interval over the questions, None where nothing counts:

    right, of the answerable       a text that satisfies the question / answerable questions
    right, of the answers given    the same / answers that are no refusal
    invented, of the unanswerable  answers that are neither refusals nor right after all / all
    sentences with a citation      with a mark that names a passage / sentences of answers given
    citations that hold the answer passages with words that answer / marks, of answerable questions
    right, and shown by a citation right with a cited passage that holds the answer / answerable
    answers with a source's date   answers given with the date of a cited article / answers given
    words of a cited passage       median: what there is to read to check a citation
    seconds an answer              median, refusals included
    """
    graded = [one.graded for one in system.judged]
    by_id = {one.graded.id: one for one in system.judged}

    def share(counts: Callable[[Judged], Counts]) -> Share:
        return Share(lambda one: counts(by_id[one.id]))

    def words(some: Sequence[Graded]) -> float | None:
        lengths = [length for one in some for length in by_id[one.id].words]
        return float(np.median(lengths)) if lengths else None

    found: dict[str, Metric] = {
        **_SHARES,
        "sentences with a citation": share(lambda one: (one.marked, one.sentences)),
        "citations that hold the answer": share(lambda one: (one.holding, one.citations)),
        "right, and shown by a citation": share(_is_shown),
        "answers with a source's date": share(lambda one: (one.dated, not one.graded.refused)),
        "words of a cited passage": words,
        "seconds an answer": lambda some: metrics.latency(some, "total", 50),
    }
    return {name: interval(metric, graded) for name, metric in found.items()}


def _is_shown(one: Judged) -> Counts:
    answerable = one.graded.answerable
    return answerable and one.graded.right and one.holding > 0, answerable


def markdown(systems: Sequence[System]) -> str:
    """The table, a column each."""
    columns = {one.name: figures(one) for one in systems}
    rows = [f"| | {' | '.join(columns)} |", f"| --- |{' --- |' * len(columns)}"]
    for name in next(iter(columns.values())):
        cells = [_cell(name, of[name]) for of in columns.values()]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def to_json(systems: Sequence[System], left_out: Sequence[str]) -> dict[str, Any]:
    """The same with what became of every question."""
    first = [one.graded for one in systems[0].judged]
    return {
        "questions": len(first),
        "answerable": sum(one.answerable for one in first),
        "left_out": list(left_out),
        "systems": {
            system.name: {
                "figures": {name: _rounded(of) for name, of in figures(system).items()},
                "outcomes": {one.graded.id: outcome(one.graded) for one in system.judged},
            }
            for system in systems
        },
    }


def _cell(name: str, of: Interval | None) -> str:
    if of is None:
        return "-"
    if name.startswith("words"):
        return f"{of.value:.0f}"
    if name.startswith("seconds"):
        return f"{of.value:.1f} ({of.low:.1f} to {of.high:.1f})"
    value, low, high = (f"{end:.2f}".removeprefix("0") for end in (of.value, of.low, of.high))
    return f"{value} ({low} to {high})"


def _rounded(of: Interval | None) -> dict[str, float] | None:
    if of is None:
        return None
    return {"value": round(of.value, 4), "low": round(of.low, 4), "high": round(of.high, 4)}
