"""The one assistant behind every door that stays open: a page, an endpoint, tools.

One question is answered at a time and the others wait in line (see line.py). Searching and
showing do not wait. Not known here: how anything is asked or shown.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from rag.assistant import Assistant, Event, check_question
from rag.index.embedder import Embedder
from rag.index.store import Store, Version
from rag.read.follow_up import Turn
from rag.read.llm import Accept, LanguageModel
from rag.read.prompt import Prompt
from rag.records import Filters, Question
from rag.retrieve.recency import HALF_LIFE
from rag.retrieve.search import Retrieved, retrieve
from rag.retrieve.sources import check_source
from rag.server.line import Deliver, Ended, GivenUp, Line, Ticket, Waiting
from rag.server.shelf import Shelf

MOST_WAITING = 32
ALL = Filters()


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked, of which articles, after which turns of a conversation."""

    question: Question
    filters: Filters = ALL
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the articles, which may be another question than was typed."""

    question: Question


DeskEvent = Waiting | Asked | Event


class Desk:
    """A store that may grow, an embedder and a language model, used by many at once."""

    def __init__(
        self,
        folder: Path,
        embedder: Embedder,
        llm: LanguageModel,
        half_life: float = HALF_LIFE,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        """Opens nothing yet: there may be no store so far. The desk closes `llm`."""
        self._shelf = Shelf(folder)
        self._embedder = _OneByOne(embedder)
        self._llm = llm
        self._next_llm: LanguageModel | None = None
        self._changing = threading.Lock()
        self._half_life = half_life
        self._line = Line(self._work, most_waiting)

    @property
    def model(self) -> str:
        """The name of the language model that answers the next question."""
        return (self._next_llm or self._llm).name

    @property
    def waiting(self) -> int:
        """How many questions stand in line, without the one that is being answered."""
        return self._line.waiting

    def ask(
        self, question: Question, filters: Filters = ALL, turns: Sequence[Turn] = ()
    ) -> "Asking":
        """Hands a question in, after these turns of its conversation; iterate for what happens:
        Waiting as often as its place changes, Asked, then the events of Assistant.ask, the Answer
        last; none where it was given up or the desk is closed. Raises at once what `begin` does,
        and what goes wrong later while iterated."""
        arrived: SimpleQueue[object] = SimpleQueue()
        ticket = self.begin(Order(question, filters, tuple(turns)), arrived.put)
        return Asking(arrived, lambda: self.give_up(ticket))

    def begin(self, order: Order, deliver: Deliver) -> Ticket[Order]:
        """As `ask`, but each event is given to `deliver`, in whatever thread; it must return at
        once, not raise and not call the desk. Ended comes last, always. Raises InputError for a
        question that cannot be asked, OptionError for an unknown source, StoreError, DeskBusy,
        DeskClosed."""
        check_question(order.question.text)
        with self._shelf.lease() as store:
            check_source(store, order.filters.source)
        return self._line.join(order, deliver)

    def give_up(self, ticket: Ticket[Order]) -> None:
        """Nobody waits for this question any more: its place in the line is free at once, or the
        work for it ends at the language model's next step."""
        self._line.leave(ticket)

    def search(self, question: Question, filters: Filters, count: int) -> Retrieved:
        """The passages that fit best; see `rag.retrieve.search.retrieve`. Raises InputError,
        OptionError, StoreError."""
        check_question(question.text)
        with self._shelf.lease() as store:
            store.check_embedder(self._embedder)
            check_source(store, filters.source)
            return retrieve(store, self._embedder, question, filters, count, self._half_life)

    def show(self, article_id: str, version: int | None = None) -> Version | None:
        """One stored article; see `rag.index.store.Store.article`. Raises StoreError."""
        with self._shelf.lease() as store:
            return store.article(article_id, version)

    def store(self) -> AbstractContextManager[Store]:
        """The newest generation of the store, open as long as the block lasts. Raises StoreError,
        StoreMissing where there is none yet."""
        return self._shelf.lease()

    def use_model(self, llm: LanguageModel) -> None:
        """Answers every question that has not been begun with this model. The desk closes the one
        before it when that is no longer used."""
        with self._changing:
            dropped, self._next_llm = self._next_llm, llm
        if dropped is not None:
            dropped.close()

    def close(self) -> None:
        """Gives up every question, waits until the work has stopped, closes store and model."""
        self._line.close()
        self._shelf.close()
        for llm in filter(None, (self._llm, self._next_llm)):
            llm.close()

    def events(self, order: Order, llm: LanguageModel) -> Iterator[DeskEvent]:
        """The work for one question; tests put a script in its place."""
        with self._shelf.lease() as store:
            assistant = Assistant(store, self._embedder, llm, self._half_life)
            asked = assistant.as_asked(order.question, order.turns)
            yield Asked(asked)
            yield from assistant.ask(asked, order.filters)

    def _work(self, ticket: Ticket[Order]) -> Iterator[DeskEvent]:
        with self._changing:
            if self._next_llm is not None:
                self._llm.close()
                self._llm, self._next_llm = self._next_llm, None
        yield from self.events(ticket.order, _Watched(self._llm, ticket))


class Asking(Iterator[DeskEvent]):
    """What happens to one question, in its order. May be closed from another thread."""

    def __init__(self, arrived: "SimpleQueue[object]", give_up: Callable[[], None]) -> None:
        self._arrived = arrived
        self._give_up = give_up
        self._ended = False

    def __next__(self) -> DeskEvent:
        """Waits for the next event. Raises what went wrong with the question."""
        if self._ended:
            raise StopIteration
        event = self._arrived.get()
        if isinstance(event, Ended):
            self._ended = True
            raise event.error or StopIteration
        return event  # type: ignore[return-value]  # the line delivers what the desk made

    def close(self) -> None:
        """Gives the question up, at whatever stage; nothing of it goes on."""
        self._give_up()


class _Watched:
    """A language model that stops where its ticket is given up."""

    def __init__(self, llm: LanguageModel, ticket: Ticket[Order]) -> None:
        self.name = llm.name
        self._llm = llm
        self._ticket = ticket

    def weigh(self, prompt: Prompt, replies: Sequence[str]) -> list[float]:
        self._check()
        return self._llm.weigh(prompt, replies)

    def choose(self, prompt: Prompt, accept: Accept, longest: int) -> str:
        def watched(text: str, ended: bool) -> bool:
            self._check()
            return accept(text, ended)

        self._check()
        return self._llm.choose(prompt, watched, longest)

    def close(self) -> None: ...

    def _check(self) -> None:
        if self._ticket.given_up:
            raise GivenUp


class _OneByOne:
    """An embedder that one thread at a time uses."""

    def __init__(self, embedder: Embedder) -> None:
        self.name = embedder.name
        self.sha256 = embedder.sha256
        self._embedder = embedder
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        with self._lock:
            return self._embedder.encode(texts)
