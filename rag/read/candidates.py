"""The sentences of the passages that were found, each with what it cannot be understood without.

A sentence is what is weighed, read, quoted and shown. One that begins with a pronoun or goes on
with a quotation leans on the sentence before it, and takes that along as its evidence.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.index.store import Store
from rag.records import Hit, Passage, Span

_CONTEXT_SENTENCES = 2  # how far back a sentence that leans on another may reach
_SHORTEST = 12  # characters; less is a heading or a by-line, and says nothing
_LEANS = re.compile(
    r"(?:[a-z]+(?: [a-z]+)?, )?"
    r"(?:he|she|it|they|this|that|these|those|his|her|its|their|both|the latter|the former)\b"
    r"|[\"\u201c][^\"\u201d]*[\"\u201d],? (?:he|she|it|they) "
    r"|[^.;]{0,60}\b(?:these|those) (?!who|whose|that)\w",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of a passage; `evidence` is the same with those before that it leans on."""

    hit: Hit
    rank: int  # of its passage, from 0
    sentence: Span
    evidence: Span

    @property
    def text(self) -> str:
        """The sentence on one line."""
        return " ".join(self.hit.passage.slice(self.sentence).split())

    @property
    def shown(self) -> str:
        """The evidence on one line."""
        return " ".join(self.hit.passage.slice(self.evidence).split())


def find_candidates(hits: Sequence[Hit]) -> tuple[Candidate, ...]:
    """All sentences of the passages, in their order."""
    return tuple(
        Candidate(hit, rank, sentence, Span(begin_of_evidence(hit, at), sentence.end))
        for rank, hit in enumerate(hits)
        for at, sentence in enumerate(hit.passage.sentences)
        if sentence.end - sentence.start >= _SHORTEST
    )


def with_context(hits: Sequence[Hit], store: Store) -> tuple[Hit, ...]:
    """The hits, those whose first sentence leans on the passage before with its last sentences."""
    leaning = [hit for hit in hits if _LEANS.match(hit.passage.slice(hit.passage.sentences[0]))]
    before = store.passages([hit.passage.number - 1 for hit in leaning if hit.passage.number > 1])
    return tuple(
        _widened(hit, before.get(hit.passage.number - 1), store) if hit in leaning else hit
        for hit in hits
    )


def _widened(hit: Hit, before: Passage | None, store: Store) -> Hit:
    passage = hit.passage
    found = store.article(passage.article.article_id)
    if before is None or before.article != passage.article or found is None:
        return hit
    sentences = (*before.sentences[-_CONTEXT_SENTENCES:], *passage.sentences)
    span = Span(sentences[0].start, passage.span.end)
    text = found.article.text[span.start : span.end]
    return replace(hit, passage=replace(passage, text=text, span=span, sentences=sentences))


def begin_of_evidence(hit: Hit, at: int) -> int:
    """Where the evidence of the passage's sentence number `at` begins."""
    passage = hit.passage
    first = at
    for _ in range(_CONTEXT_SENTENCES):
        if first == 0 or not _LEANS.match(passage.slice(passage.sentences[first])):
            break
        first -= 1
    return passage.sentences[first].start
