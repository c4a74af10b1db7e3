"""A language model that does what a test tells it, through the real Protocol."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rag.read.llm import Accept
from rag.read.prompt import Prompt
from rag.records import ArticleInfo, Passage, Span


@dataclass
class FakeModel:
    """`reply` proposes words for a prompt's values, `none` and `yes` are its probabilities."""

    reply: Callable[[dict[str, str]], str] = lambda values: ""
    none: float = 0.1
    yes: float = 0.9
    name: str = "fake"
    seen: list[dict[str, str]] = field(default_factory=list)

    def weigh(self, prompt: Prompt, replies: Sequence[str]) -> list[float]:
        self.seen.append(prompt.values)
        shares = {"NONE": self.none, "Yes": self.yes, "No": 1 - self.yes}
        return [shares[reply] for reply in replies]

    def choose(self, prompt: Prompt, accept: Accept, longest: int) -> str:
        text = self.reply(prompt.values)
        return text if text and accept(text, True) else ""

    def close(self) -> None: ...


def passage_of(text: str, sentences: Sequence[str], at: int = 0, **info: str) -> Passage:
    """A passage whose sentences are these stretches of `text`, which starts `at` in its article."""
    spans = []
    end = 0
    for sentence in sentences:
        start = text.index(sentence, end)
        end = start + len(sentence)
        spans.append(Span(at + start, at + end))
    about = ArticleInfo(
        article_id=info.get("article_id", "a1"),
        title=info.get("title", "A title"),
        source=info.get("source"),
        date=info.get("date", "2024-12-01"),
        date_basis="metadata",
        location="a.txt",
    )
    whole = Span(spans[0].start, spans[-1].end)
    return Passage(1, about, text[whole.start - at : whole.end - at], whole, tuple(spans))
