"""Reading one sentence with the language model: does it answer, and with which of its words.

Both are asked apart. Whether the evidence answers is a probability, which is worth little by
itself and more beside others (rag.read.judge). For the words the model points, it does not quote:
every word that it writes must continue a stretch of the evidence, so an answer is always the
article's own words and their place is known.
"""

import re
from dataclasses import dataclass

from rag.read.candidates import Candidate
from rag.read.features import is_of_kind
from rag.read.kinds import FIGURES, Asked
from rag.read.llm import Accept, LanguageModel
from rag.read.prompt import Prompt, fill
from rag.read.values import find_values, same_value
from rag.records import Span

_LONGEST_WORDS = 24  # tokens of an answer's words
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a candidate once it has been read: the log odds before, `relevance`, and
    the probability with which the model says that it answers, `agreed`."""

    candidate: Candidate
    relevance: float
    agreed: float


def ask_whether(llm: LanguageModel, question: str, candidate: Candidate) -> float:
    """How likely the model says that the evidence answers, 0 to 1."""
    shown, _ = _shown(candidate)
    yes, no = llm.weigh(_fill("judge_sentence", question, candidate, shown), ["Yes", "No"])
    return yes / (yes + no) if yes + no > 0 else 0.0


def find_words(llm: LanguageModel, question: str, candidate: Candidate) -> Span | None:
    """The words of the evidence with which the model would answer, None where it has none."""
    shown, places = _shown(candidate)
    prompt = _fill("read_sentence", question, candidate, shown)
    text = llm.choose(prompt, _words_of(shown), _LONGEST_WORDS)
    if not text:
        return None
    at = _best_place(shown, text, question)
    return Span(places[at], places[at + len(text) - 1] + 1)


def only_value(question: str, asked: Asked, candidate: Candidate) -> Span | None:
    """The one figure or date of the sentence that could be asked for, found without a model;
    None where there are several, or where something else is asked for."""
    if asked.kind not in FIGURES and asked.kind != "date":
        return None
    sentence = candidate.hit.passage.slice(candidate.sentence)
    known = find_values(question)
    new = [
        value
        for value in find_values(sentence)
        if is_of_kind(value, asked) and not any(same_value(value, other) for other in known)
    ]
    if len(new) != 1:
        return None
    start = candidate.sentence.start
    return Span(start + new[0].span.start, start + new[0].span.end)


def _fill(name: str, question: str, candidate: Candidate, shown: str) -> Prompt:
    article = candidate.hit.passage.article
    return fill(name, question=question, title=article.title, date=article.date, evidence=shown)


def _shown(candidate: Candidate) -> tuple[str, list[int]]:
    """The evidence as one line, and the place in the article of each of its characters."""
    characters: list[str] = []
    places: list[int] = []
    for offset, character in enumerate(candidate.hit.passage.slice(candidate.evidence)):
        plain = " " if character.isspace() else character
        if plain == " " and characters and characters[-1] == " ":
            continue
        characters.append(plain)
        places.append(candidate.evidence.start + offset)
    return "".join(characters), places


def _words_of(shown: str) -> Accept:
    """Accepts what is a run of whole words of `shown` and, while unended, its beginnings."""

    def accept(text: str, ended: bool) -> bool:
        at = shown.find(text)
        while at >= 0:
            if _is_edge(shown, at) and (not ended or _is_edge(shown, at + len(text))):
                return True
            at = shown.find(text, at + 1)
        return False

    return accept


def _is_edge(shown: str, at: int) -> bool:
    """Whether no word or figure goes on across this place: not within "4.25" or "1,200"."""
    if at in (0, len(shown)):
        return True
    before, after = shown[at - 1], shown[at]
    if before.isalnum() and after.isalnum():
        return False
    within = at > 1 and before in ".," and shown[at - 2].isdigit() and after.isdigit()
    ahead = at + 1 < len(shown) and after in ".," and before.isdigit() and shown[at + 1].isdigit()
    return not (within or ahead)


def _best_place(shown: str, text: str, question: str) -> int:
    """Where `text` stands nearest to the question's other words; the first of equals."""
    asked = set(_WORD.findall(question.lower()))
    best, most = shown.find(text), -1
    at = best
    while at >= 0:
        if not (_is_edge(shown, at) and _is_edge(shown, at + len(text))):
            at = shown.find(text, at + 1)
            continue
        around = _WORD.findall(shown[max(0, at - 120) : at + len(text) + 120].lower())
        shared = len(asked.intersection(around))
        if shared > most:
            best, most = at, shared
        at = shown.find(text, at + 1)
    return best
