"""What the answers to a set of questions are worth: one figure for each thing that can go wrong.

`grade` holds one answer (the JSON of `rag ask --json`) against its question and the stored articles
that it cites; each metric makes one figure of what was graded, None where nothing counts for it.
Metrics of the answers' probabilities are in eval/certainty.py. A question is a row of either format
that eval/score.py reads, and may have

    near      what makes an unanswerable question nearly answerable
    evidence  the sentences of the articles that answer, with who says so in each

and of type "conflict", each list in `must` is one position. Where an answer to an unanswerable
question is right after all, from another article, it counts as neither invented nor refused.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from eval.answers import gold_sentences, holds, normalise, overlaps
from eval.integrity import foreign_fields, is_stored
from eval.score import is_invented, judge
from rag.answer.check import check_statement
from rag.answer.verify import gives_value
from rag.records import ArticleInfo, Citation, Span, Statement

Row = Mapping[str, Any]
_MARKS = re.compile(r"(?:\s*\[\d+\])+")
_NOWHERE = ArticleInfo("", "", None, None, "unknown", "")


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation, and whether its quote is the stored text at its place, its date the article's
    and its place within a sentence that answers."""

    quote: str
    date: str | None
    source: str | None
    is_stored: bool
    is_dated: bool
    is_evidence: bool
    says: tuple[str, ...] = ()  # who does, in the sentences that it overlaps


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with its citations, whether they support it, and which do so alone."""

    text: str
    speaker: str | None
    citations: tuple[Cited, ...]
    is_supported: bool
    supporting: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Graded:
    """One question with its answer; `text` is the answer's without marks, `positions` are those
    of a conflict that the articles hold, `positions_shown` those that the answer shows."""

    id: str
    type: str
    answerable: bool
    near: str | None
    refused: bool
    right: bool
    invented: bool
    probability: float
    text: str
    statements: tuple[Said, ...]
    citations: tuple[Cited, ...]
    seconds: float
    first_evidence_ms: int
    first_token_ms: int
    says: tuple[str, ...]
    positions: int
    positions_shown: int
    evidence: tuple[str, ...]


Counts = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Share:
    """A metric that is a share: of one question `counts` tells what it adds above and below the
    line, and the metric, called like any other, is the sum above over the sum below."""

    counts: Callable[[Graded], Counts]

    def __call__(self, graded: Sequence[Graded]) -> float | None:
        """The share among some questions, in [0, 1]."""
        pairs = [self.counts(one) for one in graded]
        below = sum(pair[1] for pair in pairs)
        return sum(pair[0] for pair in pairs) / below if below else None


def grade(question: Row, answer: Row, articles: Mapping[str, Row]) -> Graded:
    """One answer against its question and the stored articles by id (`rag show ID --json`)."""
    # "[1]" would be right wherever "one" is.
    text = _MARKS.sub("", answer["text"])
    outcome = judge(_judged_by(question), {**answer, "text": text})
    gold = gold_sentences(question)
    cited = [(c["number"], _cite(c, articles, gold)) for c in answer["citations"]]
    positions = question.get("must", []) if question.get("type") == "conflict" else []
    shown = [any(wording.lower() in text.lower() for wording in one) for one in positions]
    return Graded(
        id=outcome.id,
        type=question.get("type", ""),
        answerable=outcome.answerable,
        near=question.get("near"),
        refused=outcome.refused,
        right=outcome.right,
        invented=is_invented(outcome),
        probability=answer["probability"],
        text=text,
        statements=tuple(_say(one, dict(cited)) for one in answer["statements"]),
        citations=tuple(one for _, one in cited),
        seconds=outcome.seconds,
        first_evidence_ms=answer["timings_ms"]["first_evidence"],
        first_token_ms=answer["timings_ms"]["first_token"],
        says=() if outcome.refused else _speakers(gold, [one for _, one in cited]),
        positions=len(positions),
        positions_shown=0 if outcome.refused else sum(shown),
        evidence=tuple(gold),
    )


def _speakers(gold: Mapping[str, str | None], cited: Sequence[Cited]) -> tuple[str, ...]:
    """Those of the gold sentences cited; where none is, of all, if nobody else tells it."""
    names = [name for one in cited for name in one.says]
    if not any(one.is_evidence for one in cited) and None not in gold.values():
        names = [name for name in gold.values() if name]
    return tuple(dict.fromkeys(names))


def _judged_by(question: Row) -> Row:
    """The question; one that is not answerable, without an answer that has no words, which a text
    could hold by chance."""
    if question.get("answerable") is False and not normalise(question.get("answer") or ""):
        return {"id": question["id"], "type": "unanswerable"}
    return question


def _cite(citation: Row, articles: Mapping[str, Row], gold: Mapping[str, str | None]) -> Cited:
    article = articles.get(citation["article_id"])
    text = article["text"] if article else ""
    met = [one for one in gold if overlaps(text, citation["start"], citation["end"], one)]
    return Cited(
        quote=citation["quote"],
        date=citation["date"],
        source=citation["source"],
        is_stored=is_stored(citation, article),
        is_dated=not foreign_fields(citation, article, ("date",)),
        is_evidence=bool(met),
        says=tuple(name for one in met if (name := gold[one])),
    )


def _say(statement: Row, cited: Mapping[int, Cited]) -> Said:
    text = statement["text"]
    nothing = Cited("", None, None, False, False, False)
    citations = tuple(cited.get(number, nothing) for number in statement["citations"])
    quotes = [one.quote for one in citations]
    alone = [_is_supported(text, quote) for quote in quotes]
    # A second quote can mislead the check, but what one quote supports they support together.
    together = any(alone) or _is_supported(text, " ".join(quotes))
    supporting = [
        supports or _gives(statement["value"], quote)
        for supports, quote in zip(alone, quotes, strict=True)
    ]
    return Said(text, statement["speaker"], citations, together, tuple(supporting))


def _is_supported(text: str, quote: str) -> bool:
    return bool(quote.strip()) and not check_statement(text, quote)


def _gives(value: str, quote: str) -> bool:
    said = Statement("", (), None, 0.0, value)
    cited = Citation(0, _NOWHERE, quote, Span(0, len(quote)))
    return bool(normalise(value)) and gives_value(said, cited)


@Share
def accuracy(one: Graded) -> Counts:
    """Right answers / answerable questions, a refusal not being right (SQuAD 2.0's "HasAns":
    Rajpurkar and others, "Know what you don't know", 2018)."""
    return one.answerable and one.right, one.answerable


@Share
def refusal_precision(one: Graded) -> Counts:
    """Refused unanswerable questions / refused questions: precision (van Rijsbergen, "Information
    retrieval", 1979) with the refusal as what is looked for."""
    return one.refused and not one.answerable, one.refused


@Share
def refusal_recall(one: Graded) -> Counts:
    """Refused unanswerable questions / unanswerable questions: recall, as refusal_precision."""
    return one.refused and not one.answerable, not one.answerable


@Share
def invented(one: Graded) -> Counts:
    """Unanswerable questions that got an answer, not right after all / unanswerable questions (1 -
    "NoAns" of Rajpurkar and others, 2018). Lower is better."""
    return one.invented, not one.answerable


@Share
def selective_accuracy(one: Graded) -> Counts:
    """Right answers / answers given, as eval/score.py counts them: 1 - the selective risk of
    El-Yaniv and Wiener, "On the foundations of noise-free selective classification", 2010."""
    given = is_given(one)
    return given and one.right, given


def is_given(one: Graded) -> bool:
    """Whether an answer was given that can be called right or wrong."""
    return not one.refused and (one.answerable or not one.right)


@Share
def quote_integrity(one: Graded) -> Counts:
    """Citations with quote == text[start:end] of the stored article / citations (the verbatim
    quotes of Menick and others, "Teaching language models to support answers with verified
    quotes", 2022, checked by code)."""
    return sum(cited.is_stored for cited in one.citations), len(one.citations)


@Share
def date_integrity(one: Graded) -> Counts:
    """Citations with the article's own date, or none where it has none / citations (no paper)."""
    return sum(cited.is_dated for cited in one.citations), len(one.citations)


@Share
def citation_recall(one: Graded) -> Counts:
    """Statements that their quotes support / statements (Gao and others, "Enabling large language
    models to generate text with citations", ALCE, 2023). Adapted: for their entailment model
    stands rag.answer.check against the quotes joined, or one of them: no number, date or name
    beyond them, no hedge lost, no negation turned. What passes need not follow from them."""
    return sum(said.is_supported for said in one.statements), len(one.statements)


@Share
def citation_precision(one: Graded) -> Counts:
    """A statement's citations whose quote alone supports it (as in citation_recall) or gives its
    `value` / all of them (ALCE, as above). Adapted: in ALCE one that does not support alone is idle
    if the others suffice; here if it has not even the value, for which further articles are cited.
    A number without a citation supports nothing."""
    pairs = [alone for said in one.statements for alone in said.supporting]
    return sum(pairs), len(pairs)


@Share
def evidence_hit(one: Graded) -> Counts:
    """Right answers with a citation that overlaps a gold sentence / right answers to questions that
    name such sentences (the supporting facts of Yang and others, "HotpotQA", 2018; a hit is one
    of them, not all)."""
    counts = one.answerable and one.right and bool(one.evidence)
    return counts and any(cited.is_evidence for cited in one.citations), counts


@Share
def attribution_kept(one: Graded) -> Counts:
    """Answers that name, in the text or as a statement's `speaker`, one who says so in the gold
    sentences they cite, or in all if they cite none / answers with one (quotation attribution, as
    Newell and others, "An attribution relations corpus for political news", 2018, mark it)."""
    told = [one.text, *(said.speaker or "" for said in one.statements)]
    return any(holds(text, name) for name in one.says for text in told), bool(one.says)


@Share
def conflicts_surfaced(one: Graded) -> Counts:
    """Positions that the answers show / positions that the articles hold, of questions of type
    conflict, refusals included (Hou and others, "WikiContradict", 2024, ask that both sides are
    told; here a position is told by its words, as an answer is right)."""
    return one.positions_shown, one.positions


def latency(
    graded: Sequence[Graded],
    moment: Literal["first_evidence", "first_token", "total"],
    percentile: float,
) -> float | None:
    """Seconds until a moment within which a share of the questions lie: 50 is the median, 95 the
    95th percentile, between two questions in proportion (Hyndman and Fan, "Sample quantiles", 1996,
    type 7). A refusal has no first token and is left out there."""
    times = {
        "first_evidence": [one.first_evidence_ms / 1000 for one in graded],
        "first_token": [one.first_token_ms / 1000 for one in graded if not one.refused],
        "total": [one.seconds for one in graded],
    }[moment]
    return float(np.percentile(times, percentile)) if times else None
