"""The one place that knows the whole order: files to store, question to answer."""

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.answer.compose import Draft, compose, join, share_of_best
from rag.answer.otherwise import hold_to_premise
from rag.answer.verify import verify
from rag.articles.clean import clean, is_blank
from rag.articles.discover import Skipped, discover
from rag.articles.fetch import fetch_pages
from rag.articles.load import load_articles, load_page
from rag.articles.passages import cut_passages
from rag.articles.raw import Given
from rag.errors import InputError
from rag.index.embedder import Embedder
from rag.index.store import Store
from rag.index.writer import IngestReport, add_articles
from rag.progress import Progress
from rag.read.candidates import Candidate
from rag.read.compound import split_question
from rag.read.follow_up import Turn, condense, rewrite
from rag.read.judge import Setting, judge, support_row
from rag.read.kinds import OF_MANY, WHOLE_SENTENCE, Asked, read_kind
from rag.read.language import language_of, to_english
from rag.read.llm import LanguageModel
from rag.read.prompt import prompts_hash
from rag.read.rank import Ranked, rank_candidates
from rag.read.reader import Reading, ask_whether
from rag.read.weights import load_weights
from rag.read.words import find_words
from rag.records import (
    Answer,
    Article,
    Filters,
    Finding,
    Hit,
    Problem,
    Question,
    Statement,
    Status,
    TimeWindow,
    Timings,
)
from rag.retrieve.recency import HALF_LIFE
from rag.retrieve.search import Retrieved, in_turn, retrieve

FOUND_PASSAGES = 12  # whose sentences are weighed
SHOWN_PASSAGES = 5  # of them, as evidence at once and as the nearest of a refusal
MOST_READ = 3  # sentences; each takes a second or two on two cores
MOST_READ_OF_MANY = 6  # where several may answer
LONGEST_QUESTION = 2000  # characters; it is never cut


@dataclass(frozen=True, slots=True)
class Found:
    """The passages that will be read, best first, and the time that the question names."""

    hits: tuple[Hit, ...]
    window: TimeWindow | None


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence of a passage has been read; `finding` is what it says to the question, and
    `tells` whether that is sure enough to be stated."""

    candidate: Candidate
    finding: Finding
    tells: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A statement that will stand in the answer as it is."""

    statement: Statement


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to a question that asks one thing, and how likely the best of it is right."""

    draft: Draft
    probability: float


Event = Found | Read | Said | Answer


@dataclass(frozen=True, slots=True)
class Offered:
    """What is to be read into a store: files and folders, pages that are to be fetched, and what
    the user says of all of them."""

    paths: Sequence[Path] = ()
    urls: Sequence[str] = ()
    given: Given = field(default_factory=Given)


def ingest(
    offered: Offered, folder: Path, embedder: Embedder, progress: Progress
) -> tuple[IngestReport, int]:
    """Reads articles into the store; the report, and how many files in the folders were of other
    kinds. See `rag.index.writer.add_articles` for what is raised."""
    skipped = 0

    def articles() -> Iterable[Article | Problem]:
        nonlocal skipped
        for found in discover(offered.paths):
            if isinstance(found, Skipped):
                skipped += 1
            elif isinstance(found, Problem):
                yield found
            else:
                yield from load_articles(found, offered.given)
        for page in fetch_pages(offered.urls):
            if isinstance(page, Problem):
                yield page
            else:
                yield from load_page(*page, offered.given)

    return add_articles(folder, articles(), cut_passages, embedder, progress), skipped


def check_question(text: str) -> str:
    """The question cleaned like an article's text. Raises InputError where nothing is asked or
    it is too long to be read whole beside a passage."""
    text = clean(text).strip()
    if is_blank(text):
        raise InputError("the question is empty; ask something, in quotation marks")
    if len(text) > LONGEST_QUESTION:
        raise InputError(
            f"the question has {len(text):,} characters; at most {LONGEST_QUESTION:,} can be read"
        )
    return text


class Assistant:
    """A store, an embedder and a language model that answer together."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        llm: LanguageModel,
        half_life: float = HALF_LIFE,
    ) -> None:
        """`half_life` in days, of how much the date of an article counts; 0 for not at all.
        Raises StoreMismatch where the store was made by another embedder."""
        store.check_embedder(embedder)
        self._half_life = half_life
        self._store = store
        self._embedder = embedder
        self._llm = llm
        self._weights = load_weights(llm.name)

    def as_asked(self, question: Question, turns: Sequence[Turn] = ()) -> Question:
        """The question that is asked of the articles: in English, in one sentence where it is
        long, and in full where it is a follow-up to the turns before it. It remembers what was
        typed where that is another, and whether it could not be put into English."""
        text = question.text
        english: str | None = text
        if language_of(text) != "en":
            english = to_english(self._llm, text)
        text = rewrite(self._llm, condense(self._llm, english or text), turns).text
        asked = replace(question, untranslated=english is None)
        return asked if text == question.text else replace(asked, text=text, as_typed=question.text)

    def ask(self, question: Question, filters: Filters) -> Iterator[Event]:
        """What happens on the way to an answer, and the Answer as the last event."""
        began = time.monotonic()
        text = check_question(question.text)
        parts = [replace(question, text=part) for part in split_question(text)]
        found = [self._retrieve(part, filters) for part in parts]
        retrieved = _milliseconds(began)
        shown = in_turn([one.hits for one in found])[:SHOWN_PASSAGES]
        window = next((one.window for one in found if one.window), None)
        yield Found(shown, window)
        told = []
        for part, one in zip(parts, found, strict=True):
            told.append((yield from self._tell(part, one.hits)))
        draft = join([one.draft for one in told])
        first_token = _milliseconds(began) if draft.statements else 0
        for statement in draft.statements:
            yield Said(statement)
        yield Answer(
            question=question,
            status=_status(draft),
            statements=draft.statements,
            citations=draft.citations,
            conflicts=draft.conflicts,
            nearest=() if draft.statements else shown,
            window=window,
            probability=_of_all(told),
            checks=draft.checks,
            timings=Timings(retrieved, retrieved, first_token, _milliseconds(began)),
            embedder=self._embedder.name,
            llm=self._llm.name,
            prompts=prompts_hash(),
            untold=_untold(parts, told),
        )

    def _retrieve(self, question: Question, filters: Filters) -> Retrieved:
        return retrieve(
            self._store, self._embedder, question, filters, FOUND_PASSAGES, self._half_life
        )

    def _tell(self, question: Question, hits: Sequence[Hit]) -> Generator[Read, None, Told]:
        """What the passages tell of a question that asks one thing."""
        asked = read_kind(question.text)
        sources = (self._store, self._embedder)
        ranked = rank_candidates(question, asked, hits, sources, self._weights)
        read = []
        setting = self._setting(question, hits)
        for one in self._read(question.text, asked, ranked, setting):
            read.append(one)
            yield one
        findings = list(self._point(question.text, asked, read))
        candidates = [one.candidate for one in ranked]
        findings = hold_to_premise(question.text, asked, findings, candidates)
        draft = verify(compose(findings, asked), self._store)
        return Told(draft, self._probability(read, ranked, setting))

    def _read(
        self, question: str, asked: Asked, ranked: Sequence[Ranked], setting: Setting
    ) -> Iterator[Read]:
        """Reads those of the likeliest sentences that could be said."""
        most = MOST_READ_OF_MANY if asked.kind in OF_MANY else MOST_READ
        best = 0.0
        for one in ranked[:most]:
            needed = max(self._weights.threshold, share_of_best(asked) * best)
            if self._if_agreed(one, self._weights.surest, setting) < needed:
                continue
            agreed = ask_whether(self._llm, question, one.candidate)
            finding = judge(Reading(one.candidate, one.relevance, agreed), setting, self._weights)
            best = max(best, finding.support)
            yield Read(one.candidate, finding, finding.support >= self._weights.threshold)

    def _setting(self, question: Question, hits: Sequence[Hit]) -> Setting:
        return Setting(question.asked_on or newest_day(hits), self._store.manifest.passages)

    def _probability(
        self, read: Sequence[Read], ranked: Sequence[Ranked], setting: Setting
    ) -> float:
        """The best support; where nothing was worth reading, what reading usually makes of it."""
        if read:
            return max(one.finding.support for one in read)
        usual = self._weights.usual
        return max((self._if_agreed(one, usual, setting) for one in ranked), default=0.0)

    def _if_agreed(self, one: Ranked, agreed: float, setting: Setting) -> float:
        """The support of a sentence, were the language model so sure of it."""
        row = support_row(Reading(one.candidate, one.relevance, agreed), setting)
        return self._weights.support.probability(row)

    def _point(self, question: str, asked: Asked, read: Sequence[Read]) -> Iterator[Finding]:
        """The findings that may be stated, each with those of its words that answer."""
        best = max((one.finding.support for one in read), default=0.0)
        for one in read:
            finding = one.finding
            if best < self._weights.threshold or finding.support < share_of_best(asked) * best:
                continue
            if asked.kind in WHOLE_SENTENCE:
                yield finding
                continue
            words = find_words(self._llm, question, asked, one.candidate)
            yield replace(finding, words=words or finding.words)


def newest_day(hits: Sequence[Hit]) -> str | None:
    """The day of the newest article among them."""
    return max((hit.passage.article.date or "" for hit in hits), default="") or None


def _of_all(told: Sequence[Told]) -> float:
    """How likely all that is told is right; of a refusal, how near the likeliest came."""
    given = [one.probability for one in told if one.draft.statements]
    return min(given) if given else max(one.probability for one in told)


def _untold(parts: Sequence[Question], told: Sequence[Told]) -> tuple[str, ...]:
    """The parts without an answer, where another has one."""
    lacking = [p.text for p, one in zip(parts, told, strict=True) if not one.draft.statements]
    return tuple(lacking) if len(lacking) < len(parts) else ()


def _status(draft: Draft) -> Status:
    if not draft.statements:
        return "not_in_articles"
    return "conflicting" if draft.conflicts else "answered"


def _milliseconds(began: float) -> int:
    return round(1000 * (time.monotonic() - began))
