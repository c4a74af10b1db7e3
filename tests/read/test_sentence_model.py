"""The real sentence model, on news that nobody has written before."""

from collections.abc import Sequence

import numpy as np
import pytest

from rag.read.candidates import Candidate
from rag.read.sentence_model import as_text, best_span, score_sentences
from rag.read.weights import load_part
from tests.fakes import candidate_of, passage_of

ASKED = [
    ("How many people were hurt when the tram derailed in Velm?",
     "Nineteen passengers were hurt when the tram left the rails in Velm on Monday.",
     "The tram line in Velm was opened in 1987 and is to be extended next year."),
    ("Who won the mayoral election in Tarn?",
     "Odile Brandt won the mayoral election in Tarn with 54 percent of the vote.",
     "The mayoral election in Tarn was held in fine weather and voting was calm."),
    ("When will the Orsk bridge reopen?",
     "Engineers said that the Orsk bridge will reopen on September 3.",
     "Lorry drivers complain about the long way round the closed Orsk bridge."),
    ("How much did the museum pay for the painting?",
     "The museum paid 2.3 million euros for the painting.",
     "The museum will show the painting from May on."),
    ("Where did the missing balloonist land?",
     "The missing balloonist landed in a field outside Kuressa, police said.",
     "The missing balloonist is a 61-year-old baker and father of three."),
]  # fmt: skip


# Fitted on questions that some words answer, it hardly tells answers to others from the rest.
def scores(question: str, *texts: str, title: str = "News of the day") -> np.ndarray:
    return score_sentences(question, candidates(texts, title))


def candidates(texts: Sequence[str], title: str = "News of the day") -> list[Candidate]:
    return [candidate_of(passage_of(text, [text], title=title)) for text in texts]


def weighed(rows: np.ndarray) -> np.ndarray:
    """Both numbers as rag.read.rank weighs them; the first alone prefers the calm voting."""
    of = load_part("relevance")
    weights = dict(zip(of.features, of.weights, strict=True))
    return np.asarray(rows @ np.array([weights["relevance"], weights["span"]]))


@pytest.mark.parametrize(("question", "answers", "does_not"), ASKED, ids=[a[0] for a in ASKED])
def test_a_sentence_that_answers_scores_higher(question: str, answers: str, does_not: str) -> None:
    rows = scores(question, answers, does_not)
    score, other = weighed(rows)
    assert score > other + 0.5
    assert rows[0, 1] > rows[1, 1]


@pytest.mark.parametrize("question", [asked[0] for asked in ASKED])
def test_the_answer_is_found_among_all(question: str) -> None:
    texts = [text for _, answers, does_not in ASKED for text in (answers, does_not)]
    right = next(answers for asked, answers, _ in ASKED if asked == question)
    assert texts[int(np.argmax(weighed(scores(question, *texts))))] == right


def test_scores_are_the_same_alone_and_in_company() -> None:
    question, *_ = ASKED[0]
    texts = [text for _, answers, does_not in ASKED for text in (answers, does_not)]
    together = scores(question, *texts)
    assert together.shape == (10, 2)
    assert np.array_equal(together, np.concatenate([scores(question, text) for text in texts]))
    assert np.array_equal(scores(question, *texts[::-1])[::-1], together)


def test_nothing_to_score() -> None:
    assert scores("Who?").shape == (0, 2)


def test_the_title_is_seen_too() -> None:
    text = "Nineteen passengers were hurt."
    question = ASKED[0][0]
    near = scores(question, text, title="Tram derails in Velm")
    assert near[0, 0] > scores(question, text, title="Bank raises rates")[0, 0]


def test_a_long_text_is_cut_and_still_scored() -> None:
    long = "The tram stood still. " * 400
    assert np.isfinite(scores("Who? " * 300, long, title="T " * 500)).all()
    (candidate,) = candidates([long], "T \n" * 500)
    assert len(as_text(candidate)) <= 100 + 3 + 500
    assert "\n" not in as_text(candidate)


def test_of_long_evidence_the_end_is_seen_for_there_stands_the_sentence() -> None:
    sentences = [f"The board met {'again and ' * 60}again.", "It chose Ivo Lund."]
    passage = passage_of(" ".join(sentences), sentences)
    assert as_text(candidate_of(passage, 1)).endswith("It chose Ivo Lund.")


@pytest.mark.parametrize(
    ("spans", "best"),
    [
        ([[1, 2], [4, 0], [3, 5]], 4 + 5 - 3),
        ([[9, 9], [0, 0], [-1, 1]], 0 + 1 - 18),
        ([[0, 0], [-3, -4]], -7),
    ],
)
def test_the_best_words_against_none(spans: list[list[float]], best: float) -> None:
    assert best_span(np.array(spans, dtype=np.float32)) == best
