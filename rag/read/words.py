"""Which words of a sentence answer: chosen from it, never written.

Where a figure, a date or a name is asked for, it is one of those in the sentence that the question
has not. Of several figures or dates the language model chooses, as they are shown and held against
those of other articles. Of names, and where anything else is asked for, the sentence model points
at the likeliest beginning and end (rag.read.sentence_model), in a hundredth of the time: what is
shown then is the sentence as a whole, and its words only tell whether two articles say the same.
"""

import re
from collections.abc import Sequence

from rag.read.candidates import Candidate
from rag.read.features import is_of_kind
from rag.read.kinds import FIGURES, Asked
from rag.read.llm import LanguageModel
from rag.read.prompt import fill
from rag.read.sentence_model import Token, point
from rag.read.values import Value, find_values, same_value
from rag.records import Span

_LONGEST = 12  # tokens of words that are no value
_LONGEST_VALUE = 24  # tokens of a value
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")
_OPEN = frozenset(("thing", "list"))  # may be answered by words that are no value


def find_words(
    llm: LanguageModel, question: str, asked: Asked, candidate: Candidate
) -> Span | None:
    """Their place in the article, None where the model points at none."""
    values = _asked_for(question, asked, candidate)
    if asked.kind not in _OPEN and len(values) == 1:
        return values[0]
    if values and (asked.kind in FIGURES or asked.kind == "date"):
        return _chosen(llm, question, values, candidate)
    within = candidate.sentence
    tokens = [one for one in point(question, candidate) if one.span.start >= within.start]
    if asked.kind not in _OPEN and values:
        return max(values, key=lambda value: _sureness(value, tokens))
    return likeliest(tokens, candidate)


def _asked_for(question: str, asked: Asked, candidate: Candidate) -> list[Span]:
    """The places of the sentence's values of the kind asked for that the question has not."""
    known = find_values(question)
    start = candidate.sentence.start

    def is_new(value: Value) -> bool:
        return is_of_kind(value, asked) and not any(same_value(value, other) for other in known)

    return [
        Span(start + value.span.start, start + value.span.end)
        for value in find_values(candidate.hit.passage.slice(candidate.sentence))
        if is_new(value)
    ]


def _chosen(
    llm: LanguageModel, question: str, values: Sequence[Span], candidate: Candidate
) -> Span:
    """The value with which the language model replies, the first of equals; it can write nothing
    else. The first of all where it writes none."""
    passage = candidate.hit.passage
    written = [" ".join(passage.slice(value).split()) for value in values]

    def accept(text: str, ended: bool) -> bool:
        return text in written if ended else any(value.startswith(text) for value in written)

    prompt = fill(
        "read_sentence",
        question=question,
        title=passage.article.title,
        date=passage.article.date,
        evidence=candidate.shown,
    )
    reply = llm.choose(prompt, accept, _LONGEST_VALUE)
    return values[written.index(reply)] if reply else values[0]


def _sureness(value: Span, tokens: Sequence[Token]) -> float:
    """How likely words begin and end in a value; nothing is known of what the model did not see."""
    within = [t for t in tokens if t.span.start < value.end and value.start < t.span.end]
    if not within:
        return float("-inf")
    return max(token.start for token in within) + max(token.end for token in within)


def likeliest(tokens: Sequence[Token], candidate: Candidate) -> Span | None:
    """The run of tokens that most surpasses "no words at all", made whole words."""
    best: Span | None = None
    most = 0.0
    for at, first in enumerate(tokens):
        for last in tokens[at : at + _LONGEST]:
            if first.start + last.end > most:
                best, most = Span(first.span.start, last.span.end), first.start + last.end
    return best and _whole(best, candidate)


def _whole(words: Span, candidate: Candidate) -> Span:
    """The words with the rest of the first and the last, without marks around them."""
    text, offset = candidate.hit.passage.slice(candidate.evidence), candidate.evidence.start
    start, end = words.start - offset, words.end - offset
    while _goes_on(text, start):
        start -= 1
    while _goes_on(text, end):
        end += 1
    while end - start > 1 and not (text[end - 1].isalnum() or text[end - 1] in "%)"):
        end -= 1
    while end - start > 1 and not (text[start].isalnum() or text[start] in "$\u20ac\u00a3("):
        start += 1
    return Span(offset + start, offset + end)


def _goes_on(text: str, at: int) -> bool:
    """Whether a word or figure goes on across this place: within "4.25" or "1,200", too."""
    return any(match.start() < at < match.end() for match in _WORD.finditer(text))
