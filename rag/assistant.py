"""The one place that knows the whole order: files to store, question to answer."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.answer.compose import Draft, add_finding, is_told
from rag.answer.verify import verify
from rag.articles.clean import clean, is_blank
from rag.articles.discover import Skipped, discover
from rag.articles.load import load_articles
from rag.articles.passages import cut_passages
from rag.errors import InputError
from rag.index.embedder import Embedder
from rag.index.store import Store
from rag.index.writer import IngestReport, add_articles
from rag.progress import Progress
from rag.read.llm import LanguageModel
from rag.read.prompt import prompts_hash
from rag.read.reader import check_finding, read_passage
from rag.records import (
    Answer,
    Article,
    Filters,
    Finding,
    Hit,
    Problem,
    Question,
    Statement,
    TimeWindow,
    Timings,
)
from rag.retrieve.recency import HALF_LIFE
from rag.retrieve.search import retrieve

READ_PASSAGES = 4  # a passage takes two to three seconds on two cores
MOST_STATEMENTS = 2  # then reading stops: eval/LOG.md, "stopping"
LONGEST_QUESTION = 2000  # characters; it is never cut


@dataclass(frozen=True, slots=True)
class Found:
    """The passages that will be read, best first, and the time that the question names."""

    hits: tuple[Hit, ...]
    window: TimeWindow | None


@dataclass(frozen=True, slots=True)
class Read:
    """A passage has been read; `finding` is what it says to the question, not checked yet."""

    hit: Hit
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class Said:
    """A statement that will stand in the answer as it is."""

    statement: Statement


Event = Found | Read | Said | Answer


def ingest(
    paths: Sequence[Path], folder: Path, embedder: Embedder, progress: Progress
) -> tuple[IngestReport, int]:
    """Reads files and folders into the store; the report, and how many files in the folders
    were of other kinds. See `rag.index.writer.add_articles` for what is raised."""
    skipped = 0

    def offered() -> Iterable[Article | Problem]:
        nonlocal skipped
        for found in discover(paths):
            if isinstance(found, Skipped):
                skipped += 1
            elif isinstance(found, Problem):
                yield found
            else:
                yield from load_articles(found)

    return add_articles(folder, offered(), cut_passages, embedder, progress), skipped


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

    def ask(self, question: Question, filters: Filters) -> Iterator[Event]:
        """What happens on the way to an answer, and the Answer as the last event."""
        began = time.monotonic()
        text = check_question(question.text)
        asked = replace(question, text=text)
        found = retrieve(
            self._store, self._embedder, asked, filters, READ_PASSAGES, self._half_life
        )
        hits = found.hits
        retrieved = _milliseconds(began)
        yield Found(hits, found.window)
        draft = Draft()
        first_token = 0
        for hit in hits:
            finding = read_passage(self._llm, text, hit.passage)
            yield Read(hit, finding)
            if finding is None or is_told(draft, finding):
                continue
            before = len(draft.statements)
            checked = check_finding(self._llm, text, finding)
            draft = verify(add_finding(draft, checked), self._store)
            for statement in draft.statements[before:]:
                first_token = first_token or _milliseconds(began)
                yield Said(statement)
            if len(draft.statements) >= MOST_STATEMENTS:
                break
        yield Answer(
            question=question,
            status="answered" if draft.statements else "not_in_articles",
            statements=draft.statements,
            citations=draft.citations,
            conflicts=(),
            nearest=() if draft.statements else hits,
            window=found.window,
            timings=Timings(retrieved, retrieved, first_token, _milliseconds(began)),
            embedder=self._embedder.name,
            llm=self._llm.name,
            prompts=prompts_hash(),
        )


def _milliseconds(began: float) -> int:
    return round(1000 * (time.monotonic() - began))
