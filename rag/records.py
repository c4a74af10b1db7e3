"""What travels between the rooms: frozen records, no behaviour beyond what they are made of.

All offsets count Unicode code points in `Article.text`, half open: `text[start:end]`.
Dates are ISO days ("2024-12-01") because that is all that an article's metadata promises.
"""

from dataclasses import dataclass
from typing import Literal

DateBasis = Literal["metadata", "stated", "inferred", "unknown"]
Status = Literal["answered", "conflicting", "not_in_articles"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an article's text, `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """What is known of an article besides its text.

    `article_id` comes from the article alone: its own id, else a hash of its content.
    `location` is its URL, else the absolute path of the file that it was read from. `date` and
    `updated` are whole days; where no more than the month of publication is known, `date` is None
    and `month` holds it ("2024-12"). `date_note` says in a few words how the date is known, or why
    it is not. `language` is an ISO 639-1 code.
    """

    article_id: str
    title: str
    source: str | None
    date: str | None
    date_basis: DateBasis
    location: str
    flags: tuple[str, ...] = ()
    month: str | None = None
    updated: str | None = None
    date_note: str | None = None
    author: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """Something that stood in the file beside the article's text and is neither read nor quoted:
    an appeal, a share button, a credit, a notice. `before` is where it stood: the offset in the
    text that is left, in code points."""

    kind: Literal["appeal", "credit", "link", "notice", "repeated", "share"]
    text: str
    before: int


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it is stored.

    `key` says which article this is when its text changes: the URL, else where it was read.
    `digest` is the SHA-256 (hex) of everything that a reader of the article would see. `removed`
    stood beside the text, in its order. `invisible` characters were taken out of the text, and its
    encoding `was_misread` and put right; that is told after an ingest and not stored.
    """

    info: ArticleInfo
    text: str
    key: str
    digest: str
    removed: tuple[Removed, ...] = ()
    invisible: int = 0
    was_misread: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive whole sentences of one article; `number` is its id in the store."""

    number: int
    article: ArticleInfo
    text: str
    span: Span
    sentences: tuple[Span, ...]

    def slice(self, span: Span) -> str:
        """The words at `span`, which lies within this passage."""
        return self.text[span.start - self.span.start : span.end - self.span.start]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that retrieval found; the higher the score, the better. `outlets` are the
    sources, two or more, in which near-copies of its article stand."""

    passage: Passage
    score: float
    outlets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that could not be used as it stands, where, and why. `left_out` is False
    where only a part (a date) was lost and the rest went in."""

    location: str
    reason: str
    left_out: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """What one sentence of a passage says to the question.

    `words` are those that answer, in `sentence`; `evidence` is the sentence with those before
    that it leans on. `support` in [0, 1] is the probability that it answers. `speaks_of` is the
    date that the evidence itself names: a day ("2024-11-27"), or as far as it does ("--11-27",
    "2015"), and `speaks_of_basis` whether it is "stated" or "inferred" from the article's own date
    ("on Wednesday"). `contradicts` are the words of the question that it says the contrary of.
    """

    passage: Passage
    words: Span
    sentence: Span
    evidence: Span
    support: float
    speaker: str | None
    speaks_of: str | None = None
    speaks_of_basis: Literal["stated", "inferred"] | None = None
    contradicts: str | None = None

    @property
    def quote(self) -> str:
        """The evidence, verbatim."""
        return self.passage.slice(self.evidence)


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered reference made from the passage that was read."""

    number: int
    article: ArticleInfo
    quote: str
    span: Span


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of an answer with the numbers of the citations that support it, the one
    that it is written from first. `value` is what it says to the question, in short,
    `speaks_of` the date that it names and `speaks_of_basis` how that is known, `contradicts` what
    it denies of the question (see Finding)."""

    text: str
    citations: tuple[int, ...]
    speaker: str | None
    support: float
    value: str = ""
    speaks_of: str | None = None
    speaks_of_basis: Literal["stated", "inferred"] | None = None
    contradicts: str | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """One of several values that articles give for the same thing."""

    value: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something on which articles disagree, newest position first."""

    about: str
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """What became of one statement: written, rebuilt from its evidence word for word because of
    the `problems` (kind and words) that were found, or dropped."""

    text: str
    outcome: Literal["written", "rebuilt", "dropped"]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds from the moment the question was asked."""

    retrieve: int = 0
    first_evidence: int = 0
    first_token: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `asked_on` is the ISO day of asking where one was given, `as_typed` the
    follow-up, long or foreign question that it was made from. `untranslated`: it is not in English
    and could not be put into it."""

    text: str
    id: str | None = None
    asked_on: str | None = None
    as_typed: str | None = None
    untranslated: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may be used: both days inclusive, `source` without regard to case. An
    undated article lies in no window, but stays where only `as_of` is given: it leaves out what
    is dated later than that day."""

    since: str | None = None
    until: str | None = None
    source: str | None = None
    as_of: str | None = None

    def any(self) -> bool:
        """Whether anything is filtered at all."""
        return bool(self.since or self.until or self.source or self.as_of)


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """The days that a question names: ISO, both inclusive, None where open. `words` are the
    question's own that say so."""

    since: str | None
    until: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in which code holds the evidence. `nearest` are passages that were read
    without finding an answer: shown as such, never as support. `window` are the days near which
    articles counted more because the question names them. `untold` are the parts of a question
    that asks several things which the articles do not tell, where they tell others."""

    question: Question
    status: Status
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    conflicts: tuple[Conflict, ...]
    nearest: tuple[Hit, ...]
    window: TimeWindow | None
    probability: float
    checks: tuple[Check, ...]
    timings: Timings
    embedder: str
    llm: str
    prompts: str
    untold: tuple[str, ...] = ()
