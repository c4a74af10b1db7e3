"""Which sentences are worth reading: the candidates by how likely they answer, before reading."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.index.embedder import Embedder
from rag.index.store import Store
from rag.read.candidates import Candidate, find_candidates, with_context
from rag.read.features import FEATURES, describe
from rag.read.kinds import Asked
from rag.read.sentence_model import score_sentences
from rag.read.speaker import find_speaker
from rag.read.values import find_values
from rag.read.weights import Weights
from rag.records import Hit, Question

RELEVANCE_FEATURES = ("first", "relevance", "span")  # see rag.read.sentence_model
_TERMS_OF_CLAIM, _SPEAKS, _NAMED = 3.0, 1.0, 6.0
SCORED = 30  # sentences that the sentence model sees, a hundred in a second on two cores


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with the log odds that it answers."""

    candidate: Candidate
    relevance: float


def rank_candidates(
    question: Question,
    asked: Asked,
    hits: Sequence[Hit],
    sources: tuple[Store, Embedder],
    weights: Weights,
) -> list[Ranked]:
    """The sentences of the hits, the likeliest first, ties in their order; one whose words
    stand in a likelier one's evidence is left out."""
    candidates = find_candidates(with_context(hits, sources[0]))
    if not candidates:
        return []
    features = describe(question, asked, candidates, *sources)
    first = weights.first.logits(features)
    of_kind = _of_kind(question, asked, candidates, features)
    scored = np.argsort(-(first + of_kind), kind="stable")[:SCORED]
    best = [candidates[int(at)] for at in scored]
    scores = score_sentences(question.text, best)
    rows = np.column_stack([first[scored], scores])
    logits = first[scored] if asked.kind == "account" else weights.relevance.logits(rows)
    logits = logits + of_kind[scored]
    ranked: list[Ranked] = []
    for at in np.argsort(-logits, kind="stable"):
        if not any(_is_within(best[int(at)], other.candidate) for other in ranked):
            ranked.append(Ranked(best[int(at)], float(logits[at])))
    return ranked


def _of_kind(
    question: Question,
    asked: Asked,
    candidates: Sequence[Candidate],
    features: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What the fitted weights cannot know, for hardly a question that they were fitted on asks
    so: who says something is told where nearly all of the question stands and somebody speaks; an
    account of something is made of the sentences that name it, and the sentence model is not asked
    about one. Set by hand."""
    if asked.kind == "speaker":
        speaks = np.array([find_speaker(one.shown) is not None for one in candidates])
        return _TERMS_OF_CLAIM * features[:, FEATURES.index("terms")] + _SPEAKS * speaks
    if asked.kind == "account":
        named = any(value.kind == "name" for value in find_values(question.text))
        return _NAMED * (features[:, FEATURES.index("names" if named else "terms")] - 0.5)
    return np.zeros(len(candidates))


def _is_within(candidate: Candidate, other: Candidate) -> bool:
    """Whether the other's evidence holds this sentence, or both are the same words."""
    same_article = candidate.hit.passage.article.article_id == other.hit.passage.article.article_id
    inside = (
        other.evidence.start <= candidate.sentence.start
        and candidate.sentence.end <= other.evidence.end
    )
    return (same_article and inside) or candidate.text == other.text
