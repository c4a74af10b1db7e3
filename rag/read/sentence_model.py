"""A small encoder that tells how likely a sentence answers a question, for all sentences at once.

all-MiniLM-L6-v2 read as a cross-encoder, question and sentence together (Nogueira and Cho,
"Passage re-ranking with BERT", 2019), with a second head that looks for the words of the answer
(Devlin and others, 2019). Fitted on questions about the news of 2022 and 2023 by
python -m eval.train_sentence_model, which wrote its 8-bit weights into sentence_model/. English.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.index.graph import TextGraph
from rag.read.candidates import Candidate
from rag.records import Span

FOLDER = Path(__file__).with_name("sentence_model")
LONGEST = 112  # tokens of question, title and sentence together
_LONGEST_TITLE = 100  # characters
_LONGEST_SENTENCE = 500


@dataclass(frozen=True, slots=True)
class Token:
    """A place in an article, and by how much it surpasses "no words at all" as the beginning and
    as the end of the words that answer."""

    span: Span
    start: float
    end: float


def score_sentences(question: str, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """For each candidate the log odds that it answers, and by how much the best words in it
    surpass "no words at all"; shape (candidates, 2)."""
    return score_texts(question, [as_text(candidate) for candidate in candidates])


def score_texts(question: str, texts: Sequence[str]) -> NDArray[np.float64]:
    """The same for candidates as the model sees them."""
    outputs = _graph().run([(question, text) for text in texts])
    rows = [(float(relevance[0]), best_span(spans[0])) for relevance, spans in outputs]
    return np.array(rows, dtype=np.float64).reshape(len(rows), 2)


def point(question: str, candidate: Candidate) -> list[Token]:
    """The tokens of a candidate's evidence, as far as the model sees them, in their order."""
    text = as_text(candidate)
    outputs, offsets = _graph().run_located((question, text))
    spans = outputs[1][0]
    places = _places(candidate)
    before = len(text) - len(places)  # of the title, as far as the evidence is not cut
    tokens = []
    for (begin, end), (starts, ends) in zip(offsets, spans - spans[0], strict=True):
        if before <= begin < end:
            where = Span(places[begin - before], places[end - 1 - before] + 1)
            tokens.append(Token(where, float(starts), float(ends)))
    return tokens


def _places(candidate: Candidate) -> list[int]:
    """The place in the article of each character of the evidence that the model sees."""
    places: list[int] = []
    after_space = False
    for at, character in enumerate(candidate.hit.passage.slice(candidate.evidence)):
        if not (character.isspace() and after_space):
            places.append(candidate.evidence.start + at)
        after_space = character.isspace()
    return places[-_LONGEST_SENTENCE:]


def as_text(candidate: Candidate) -> str:
    """What the model sees of a candidate."""
    title = " ".join(candidate.hit.passage.article.title.split())[:_LONGEST_TITLE]
    return f"{title} . {candidate.shown[-_LONGEST_SENTENCE:]}"


def best_span(spans: NDArray[np.float32]) -> float:
    """The sum of the best start and the best end, less that of the first token, which stands
    for no words; `spans` has the shape (tokens, 2)."""
    return float(spans[1:].max(axis=0).sum() - spans[0].sum())


@functools.cache
def _graph() -> TextGraph:
    return TextGraph(FOLDER / "model.onnx", FOLDER / "tokenizer.json", LONGEST)
