"""Reading one passage with the language model: which words answer, and how sure is that.

The model points, it does not quote: every word that it writes must continue a stretch of the
passage, so an answer is always the article's own words and their place is known. How sure it is
comes from two probabilities: that it would not have said NONE, and that it says yes when it
sees the evidence sentence alone with the answer.
"""

import re
from dataclasses import replace

from rag.read.llm import Accept, LanguageModel
from rag.read.prompt import fill
from rag.read.speaker import find_speaker
from rag.records import Finding, Passage, Span

# The least support of a finding that may be shown: eval/LOG.md, "threshold", found with
# python -m eval.calibrate on news-2022-23. What falls below it is not pursued any further.
ENOUGH = 0.5
_LONGEST_WORDS = 32  # tokens of an answer's words
_CONTEXT_SENTENCES = 2  # how far back a sentence that leans on another may reach
_LEANS = re.compile(
    r"(?:he|she|it|they|this|that|these|those|his|her|its|their|both|the latter|the former)\b"
    r"|[\"\u201c][^\"\u201d]*[\"\u201d],? (?:he|she|it|they) ",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")


def read_passage(
    llm: LanguageModel, question: str, passage: Passage, least: float = ENOUGH
) -> Finding | None:
    """Reads a passage for itself: the words that answer, or None where there are none. The
    support is the probability that the reply does not begin with NONE; one under `least` is
    not worth the time of looking for words."""
    shown, places = _shown(passage)
    prompt = fill(
        "read_passage",
        question=question,
        title=passage.article.title,
        date=passage.article.date,
        passage=shown,
    )
    (none,) = llm.weigh(prompt, ["NONE"])
    if 1.0 - none < least:
        return None
    text = llm.choose(prompt, _words_of(shown), _LONGEST_WORDS)
    if not text:
        return None
    at = _best_place(shown, text, question)
    words = Span(places[at], places[at + len(text) - 1] + 1)
    core, evidence = _evidence(passage, words)
    speaker = find_speaker(passage.slice(core)) or find_speaker(passage.slice(evidence))
    return Finding(passage, words, evidence, 1.0 - none, speaker)


def check_finding(llm: LanguageModel, question: str, finding: Finding) -> Finding:
    """The second look: the same finding, its support lowered by the model's doubt that this
    evidence answers."""
    passage = finding.passage
    prompt = fill(
        "check_answer",
        question=question,
        title=passage.article.title,
        date=passage.article.date,
        evidence=" ".join(finding.quote.split()),
        answer=" ".join(passage.slice(finding.words).split()),
    )
    yes, no = llm.weigh(prompt, ["Yes", "No"])
    agreed = yes / (yes + no) if yes + no > 0 else 0.0
    return replace(finding, support=finding.support * agreed)


def _shown(passage: Passage) -> tuple[str, list[int]]:
    """The passage as one line, and the place in the article of each of its characters."""
    characters: list[str] = []
    places: list[int] = []
    for sentence in passage.sentences:
        if characters:
            characters.append(" ")
            places.append(sentence.start - 1)
        for offset, character in enumerate(passage.slice(sentence)):
            characters.append(" " if character.isspace() else character)
            places.append(sentence.start + offset)
    return "".join(characters), places


def _words_of(shown: str) -> Accept:
    """Accepts what is a run of whole words of `shown` and, while unended, its beginnings."""

    def accept(text: str, ended: bool) -> bool:
        at = shown.find(text)
        while at >= 0:
            starts = at == 0 or not (shown[at - 1].isalnum() and shown[at].isalnum())
            end = at + len(text)
            whole = end == len(shown) or not (shown[end - 1].isalnum() and shown[end].isalnum())
            if starts and (whole or not ended):
                return True
            at = shown.find(text, at + 1)
        return False

    return accept


def _best_place(shown: str, text: str, question: str) -> int:
    """Where `text` stands nearest to the question's other words; the first of equals."""
    asked = set(_WORD.findall(question.lower()))
    best, most = shown.find(text), -1
    at = best
    while at >= 0:
        around = _WORD.findall(shown[max(0, at - 120) : at + len(text) + 120].lower())
        shared = len(asked.intersection(around))
        if shared > most:
            best, most = at, shared
        at = shown.find(text, at + 1)
    return best


def _evidence(passage: Passage, words: Span) -> tuple[Span, Span]:
    """The sentences that hold the words, and the same with those before that they lean on."""
    holding = [
        i for i, s in enumerate(passage.sentences) if s.start < words.end and words.start < s.end
    ]
    first, last = holding[0], holding[-1]
    core = Span(passage.sentences[first].start, passage.sentences[last].end)
    for _ in range(_CONTEXT_SENTENCES):
        if first == 0 or not _LEANS.match(passage.slice(passage.sentences[first])):
            break
        first -= 1
    return core, Span(passage.sentences[first].start, core.end)
