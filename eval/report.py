"""The report of a run as one HTML page: what came out, how sure that is, and every question.

`render` needs nothing beyond the run, and the page nothing beyond itself: its policy forbids to
load anything. What articles, questions and answers say is data on it and is escaped. The words
and looks are in eval/report.html.jinja, the plots in eval/plots.py.
"""

import base64
import dataclasses
import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from eval import figures, plots
from eval.answers import holds
from eval.certainty import Interval, aurc, calibration_error, compare, difference, risk_coverage
from eval.figures import METRICS, Figure, outcome
from eval.metrics import Cited, Graded, Row, Share, latency
from eval.plots import percent

_HERE = Path(__file__).parent
OUTCOMES = ("right", "refused", "missed", "wrong", "invented")
FAILURES = OUTCOMES[2:]
NEAR = {
    "wrong_event": "they tell of a similar event, not of this one",
    "fact_not_given": "they tell of the matter, but not this fact",
    "later": "it happened after them",
    "common_knowledge": "it is common knowledge, but not in them",
    "elsewhere": "they are about something else",
    "instruction": "the question tells to do without them",
}
_RUN = 5  # words in a row that a quote and a gold sentence share


@dataclass(frozen=True, slots=True)
class Report:
    """A run to report: its questions, the answers' JSON by id, what they are worth, and another run
    over the same questions to compare with. `about` tells models, store, date and the like and is
    shown as it is; `threshold` is that under which nothing is answered, where known."""

    title: str
    about: Mapping[str, str]
    questions: Sequence[Row]
    answers: Mapping[str, Row]
    graded: Sequence[Graded]
    baseline: Sequence[Graded] | None = None
    articles: int | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, and as which kinds it is marked: "gold", "value", both or none."""

    text: str
    kinds: str


def render(run: Report) -> str:
    """The page. Raises ValueError where the baseline is of other questions."""
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(percent=percent, digest=_digest)
    page = environment.get_template("report.html.jinja").render(
        run=run,
        told=_outcomes([one for one in run.graded if one.answerable]),
        untold=_outcomes([one for one in run.graded if not one.answerable]),
        outcomes=_outcomes(run.graded),
        outcome_bar=plots.outcome_bar(_outcomes(run.graded)),
        figures=[_figure(one, run) for one in figures.figures(run.graded)],
        seconds=figures.seconds(run.graded) if run.graded else {},
        plots=_plots(run.graded),
        types=sorted({kind_of(one) for one in run.graded}),
        entries=_entries(run),
        changed=_changed(run),
    )
    return page.encode("utf-8", "replace").decode("utf-8")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def anchors(ids: Iterable[str]) -> dict[str, str]:
    """An id of its own on the page for each question."""
    found: dict[str, str] = {}
    for one in ids:
        name = "q-" + re.sub(r"[^A-Za-z0-9_.-]", "_", one)
        found[one] = name if name not in found.values() else f"{name}--{len(found)}"
    return found


def kind_of(one: Graded) -> str:
    """The type of a question; where it has none, whether the articles answer it."""
    return one.type or ("answerable" if one.answerable else "unanswerable")


def _outcomes(graded: Sequence[Graded]) -> dict[str, int]:
    counts = Counter(map(outcome, graded))
    return {name: counts[name] for name in OUTCOMES}


def _figure(figure: Figure, run: Report) -> dict[str, Any]:
    """A figure in words, with its bar, what was counted, and how it differs from the baseline."""
    metric, lower_is_better = METRICS[figure.name]
    is_share = isinstance(metric, Share)
    counted = ""
    if isinstance(metric, Share):
        pairs = [metric.counts(one) for one in run.graded]
        counted = f"{sum(above for above, _ in pairs):,} of {sum(of for _, of in pairs):,}"
    shown: dict[str, Any] = {"figure": figure, "counted": counted, "value": None, "moved": None}
    if figure.value is None or figure.low is None or figure.high is None:
        return shown
    say = percent if is_share else "{:.3f}".format
    shown |= {"value": say(figure.value), "low": say(figure.low), "high": say(figure.high)}
    shown["bar"] = plots.interval_bar(figure.value, figure.low, figure.high)
    if run.baseline is not None:
        moved = difference(metric, run.baseline, run.graded)
        shown["moved"] = moved and _moved(moved, lower_is_better, is_share)
    return shown


def _moved(moved: Interval, lower_is_better: bool, is_share: bool) -> dict[str, str]:
    """A difference in points or as it is, and whether it is one beyond chance."""
    low, high = (-moved.high, -moved.low) if lower_is_better else (moved.low, moved.high)
    verdict = "better" if low > 0 else "worse" if high < 0 else "not clear"
    if moved.value == low == high == 0:
        verdict = "the same"
    scale, form, unit = (100, "{:+.1f}", " points") if is_share else (1, "{:+.3f}", "")
    ends = (moved.value, moved.low, moved.high)
    value, start, end = (form.format(scale * one + 0.0).replace("-", "−") for one in ends)
    return {"value": value + unit, "ends": f"{start} to {end}", "verdict": verdict}


def _plots(graded: Sequence[Graded]) -> dict[str, Any]:
    typed = [dataclasses.replace(one, type=kind_of(one).replace("_", " ")) for one in graded]
    median, p95 = (latency(graded, "total", share) for share in (50, 95))
    return {
        "risk": plots.risk_coverage_plot(risk_coverage(graded)),
        "aurc": aurc(graded),
        "types": plots.type_bars(figures.by_type(typed)),
        "calibration": plots.calibration_plot(plots.calibration_bins(graded)),
        "calibration_error": calibration_error(graded),
        "latency": plots.latency_plot([one.seconds for one in graded], median, p95),
    }


def _changed(run: Report) -> dict[str, Any] | None:
    """The ids of what got better and worse since the baseline."""
    if run.baseline is None:
        return None
    found = compare(run.baseline, run.graded)
    return {"better": found.better, "worse": found.worse, "p_value": found.p_value}


def _entries(run: Report) -> dict[str, dict[str, Any]]:
    """What is shown of each question, by id."""
    rows = {row["id"]: row for row in run.questions}
    ids = anchors(one.id for one in run.graded)
    before = {one.id: outcome(one) for one in run.baseline or ()}
    return {
        one.id: {
            "anchor": ids[one.id],
            "one": one,
            "row": rows[one.id],
            "answer": run.answers[one.id],
            "outcome": outcome(one),
            "failed": outcome(one) in FAILURES,
            "was": before.get(one.id),
            "kind": kind_of(one),
            "quotes": _quotes(run.answers[one.id], one.citations, one.evidence),
            "wanted": wanted(rows[one.id]),
            "gold": _gold(rows[one.id], one),
            "why": why(one, rows[one.id], run.threshold),
        }
        for one in run.graded
    }


def _quotes(answer: Row, cited: Sequence[Cited], gold: Sequence[str]) -> list[dict[str, Any]]:
    shown = []
    for citation, known in zip(answer["citations"], cited, strict=True):
        quote = citation["quote"]
        spans = [span for one in gold if known.is_evidence for span in _shared(quote, one)]
        for statement in answer["statements"]:
            if citation["number"] in statement["citations"]:
                spans += _found(quote, statement.get("value") or "")
        file = PurePosixPath(citation.get("location") or "").name
        shown.append(
            {
                "citation": citation,
                "source": citation["source"] or file or "source not known",
                "known": known,
                "pieces": pieces(quote, spans),
            }
        )
    return shown


def _gold(row: Row, one: Graded) -> list[dict[str, Any]]:
    """The gold sentences of a question, plain or objects, and whether the answer cites them."""
    shown = []
    cited = [citation.quote for citation in one.citations if citation.is_evidence]
    for each in row.get("evidence", ()):
        plain: Row = {"sentence": each, "says": row.get("says")}
        fields = plain if isinstance(each, str) else each
        sentence = str(fields["sentence"])
        spans = [span for part in wanted(row) for words in part for span in _found(sentence, words)]
        about = {name: fields.get(name) for name in ("doc", "says")}
        is_cited = any(_shared(quote, sentence) for quote in cited)
        shown.append({**about, "pieces": pieces(sentence, spans), "is_cited": is_cited})
    return shown


def wanted(row: Row) -> list[list[str]]:
    """The parts of a right answer, each with its wordings."""
    if "must" in row:
        return [list(part) for part in row["must"]]
    return [[str(row["answer"])]] if row.get("answer") else []


def pieces(text: str, spans: Sequence[tuple[int, int, str]]) -> list[Piece]:
    """A text cut where something marked begins or ends."""
    cuts = sorted({0, len(text), *(end for span in spans for end in span[:2])})
    return [
        Piece(text[a:b], " ".join(sorted({kind for s, e, kind in spans if s <= a and b <= e})))
        for a, b in pairwise(cuts)
    ]


def _shared(text: str, sentence: str) -> list[tuple[int, int, str]]:
    """Where a text has the words of a gold sentence, or a good part of them in a row."""
    words, other = list(re.finditer(r"\S+", text)), sentence.split()
    matcher = difflib.SequenceMatcher(None, [word[0] for word in words], other, autojunk=False)
    at, _, many = matcher.find_longest_match()
    if not 0 < min(_RUN, len(words), len(other)) <= many:
        return []
    return [(words[at].start(), words[at + many - 1].end(), "gold")]


def _found(text: str, value: str) -> list[tuple[int, int, str]]:
    """Where a text has some words, whole and in small or large letters."""
    words = r"\s+".join(map(re.escape, value.split()))
    found = re.finditer(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE) if words else ()
    return [(*one.span(), "value") for one in found]


def why(one: Graded, row: Row, threshold: float | None = None) -> str:
    """What went wrong with a question, in a line; nothing where it went well."""
    told = outcome(one)
    if told == "missed":
        return f"Refused though the articles answer ({_under(one.probability, threshold)})."
    if told == "invented":
        near = f": {NEAR.get(one.near, one.near)}" if one.near else ""
        return f"Answered though the articles do not tell{near}."
    return _mistake(one, row) if told == "wrong" else ""


def _under(probability: float, threshold: float | None) -> str:
    if threshold is None:
        return f"probability {probability:.3f}"
    side = "under" if probability < threshold else "not the reason: it is not under"
    return f"probability {probability:.3f}, {side} the threshold of {threshold:.3f}"


def _mistake(one: Graded, row: Row) -> str:
    """Why a wrong answer is wrong, from what it cites and which parts it lacks."""
    parts = wanted(row)
    missing = [part for part in parts if not _tells(one.text, part, row)]
    words = "; ".join(" or ".join(f"“{wording}”" for wording in part[:3]) for part in missing)
    if 0 < len(missing) < len(parts):
        return f"Part of the answer is missing, {len(missing)} of {len(parts)}: {words}."
    if not one.evidence:
        return f"The answer does not hold {words}; which sentences tell it is not known."
    if not any(cited.is_evidence for cited in one.citations):
        return "Another sentence was chosen: no gold sentence was cited."
    return f"Wrong although a gold sentence was cited: the wording asked for is not told, {words}."


def _tells(text: str, part: Sequence[str], row: Row) -> bool:
    if "must" in row:
        return any(wording.lower() in text.lower() for wording in part)
    return any(holds(text, wording) for wording in part)
