"""A language model that does what a test tells it, through the real Protocol, and records."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rag.read.candidates import Candidate, begin_of_evidence
from rag.read.llm import Accept
from rag.read.prompt import Prompt
from rag.records import ArticleInfo, Finding, Hit, Passage, Span


@dataclass
class FakeModel:
    """`reply` proposes words for a prompt's values, `none` and `yes` are its probabilities;
    `yes` may depend on those values too."""

    reply: Callable[[dict[str, str]], str] = lambda values: ""
    none: float = 0.1
    yes: float | Callable[[dict[str, str]], float] = 0.9
    name: str = "fake"
    seen: list[dict[str, str]] = field(default_factory=list)

    def weigh(self, prompt: Prompt, replies: Sequence[str]) -> list[float]:
        self.seen.append(prompt.values)
        yes = self.yes(prompt.values) if callable(self.yes) else self.yes
        shares = {"NONE": self.none, "Yes": yes, "No": 1 - yes}
        return [shares[reply] for reply in replies]

    def choose(self, prompt: Prompt, accept: Accept, longest: int) -> str:
        self.seen.append(prompt.values)
        text = self.reply(prompt.values)
        return text if text and accept(text, True) else ""

    def close(self) -> None: ...


def passage_of(text: str, sentences: Sequence[str], at: int = 0, **info: str | None) -> Passage:
    """A passage whose sentences are these stretches of `text`, which starts `at` in its article."""
    spans = []
    end = 0
    for sentence in sentences:
        start = text.index(sentence, end)
        end = start + len(sentence)
        spans.append(Span(at + start, at + end))
    about = ArticleInfo(
        article_id=info.get("article_id") or "a1",
        title=info.get("title") or "A title",
        source=info.get("source"),
        date=info.get("date", "2024-12-01"),
        date_basis="metadata",
        location="a.txt",
    )
    whole = Span(spans[0].start, spans[-1].end)
    return Passage(1, about, text[whole.start - at : whole.end - at], whole, tuple(spans))


def candidate_of(passage: Passage, number: int = 0, rank: int = 0) -> Candidate:
    """The passage's sentence `number`, with what it leans on."""
    hit = Hit(passage, 1.0)
    sentence = passage.sentences[number]
    return Candidate(hit, rank, sentence, Span(begin_of_evidence(hit, number), sentence.end))


def finding_of(
    passage: Passage,
    number: int = 0,
    words: str = "",
    support: float = 0.9,
    speaker: str | None = None,
) -> Finding:
    """What the passage's sentence `number` says with these `words` of its evidence; without
    any, with all of its own."""
    candidate = candidate_of(passage, number)
    answer = candidate.sentence
    if words:
        start = candidate.evidence.start + passage.slice(candidate.evidence).index(words)
        answer = Span(start, start + len(words))
    return Finding(passage, answer, candidate.sentence, candidate.evidence, support, speaker)
