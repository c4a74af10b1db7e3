"""Reading one sentence with the language model: does it answer.

That is a probability, which is worth little by itself and more beside others (rag.read.judge).
Which of the words answer is not asked of it: rag.read.words.
"""

from dataclasses import dataclass

from rag.read.candidates import Candidate
from rag.read.llm import LanguageModel
from rag.read.prompt import fill


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a candidate once it has been read: the log odds before, `relevance`, and
    the probability with which the model says that it answers, `agreed`."""

    candidate: Candidate
    relevance: float
    agreed: float


def ask_whether(llm: LanguageModel, question: str, candidate: Candidate) -> float:
    """How likely the model says that the evidence answers, 0 to 1."""
    article = candidate.hit.passage.article
    prompt = fill(
        "judge_sentence",
        question=question,
        title=article.title,
        date=article.date,
        evidence=candidate.shown,
    )
    yes, no = llm.weigh(prompt, ["Yes", "No"])
    return yes / (yes + no) if yes + no > 0 else 0.0
