"""The page's room in truth: the desk that all doors share, and the folders of this computer."""

import shutil
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from rag import assistant
from rag.articles.discover import UNKNOWN_KIND
from rag.articles.formats import suffix_of
from rag.chat.examples import make_examples
from rag.chat.job import GiveUp
from rag.chat.room import Wish, filters_of
from rag.chat.words import day
from rag.errors import InputError, OptionError, StoreMissing
from rag.index.embedder import Embedder
from rag.index.writer import IngestReport
from rag.models.catalogue import catalogue, path_of
from rag.progress import Silent
from rag.read.follow_up import Turn
from rag.read.llm import LanguageModel
from rag.records import Filters, Problem, Question
from rag.server.desk import Desk, Order
from rag.server.line import Deliver

_ADDED = "added"  # the folder in the user's data folder where dropped files are kept


class Newsroom:
    """Answers from one store."""

    def __init__(
        self,
        desk: Desk,
        store: Path,
        embedder: Embedder,
        data: Path,
        load: Callable[[str], LanguageModel],
        models: Path,
    ) -> None:
        """`data` is where judgements and added files are kept, `load` gives a model by its name,
        `models` is the folder where they lie."""
        self._desk = desk
        self._store = store
        self._embedder = embedder
        self._data = data
        self._load = load
        self._models = models
        self._adding = threading.Lock()

    @property
    def feedback_folder(self) -> Path:
        """See Room."""
        return self._data

    def ask(self, wish: Wish, turns: Sequence[Turn], deliver: Deliver) -> GiveUp:
        """See Room."""
        wanted, asked_on = filters_of(wish)
        question = Question(assistant.check_question(wish.text), None, asked_on)
        ticket = self._desk.begin(Order(question, wanted, tuple(turns)), deliver)
        return lambda: self._desk.give_up(ticket)

    def text(self, article_id: str) -> str | None:
        """See Room."""
        found = self._desk.show(article_id)
        return found.article.text if found else None

    def add(self, files: Sequence[Path]) -> IngestReport:
        """See Room. The files are kept under their own names in the data folder: an article
        lies where it was read from, and a file that is added again takes its place."""
        with self._adding:
            folder = self._data / _ADDED
            kept = [_keep(file, folder) for file in files if suffix_of(file)]
            report, _ = assistant.ingest(
                assistant.Offered(kept), self._store, self._embedder, Silent()
            )
            others = [file.name for file in files if not suffix_of(file)]
            report.problems += [Problem(name, UNKNOWN_KIND) for name in others]
            return report

    def held(self) -> str:
        """See Room."""
        try:
            with self._desk.store() as store:
                articles = store.articles(Filters())
        except StoreMissing:
            return "No articles yet. Add some below."
        newest = next((info.date for info in articles if info.date), None)
        until = f", the newest of {day(newest)}" if newest else ""
        return f"{len(articles):,} article{'' if len(articles) == 1 else 's'}{until}."

    def sources(self) -> list[str]:
        """See Room."""
        try:
            with self._desk.store() as store:
                return store.sources()
        except StoreMissing:
            return []

    def models(self) -> list[str]:
        """See Room."""
        current = self._desk.model
        here = [
            model.name
            for model in catalogue()
            if model.kind == "llm" and path_of(model, self._models).exists()
        ]
        return list(dict.fromkeys([current, *here]))

    def use_model(self, name: str) -> None:
        """See Room."""
        if name not in self.models():
            raise OptionError(f'there is no model "{name}" on this computer; choose another')
        if name != self._desk.model:
            self._desk.use_model(self._load(name))

    def examples(self) -> list[str]:
        """See Room."""
        try:
            with self._desk.store() as store:
                return make_examples(store)
        except StoreMissing:
            return []


def _keep(file: Path, folder: Path) -> Path:
    """A copy of a file under its own name. Raises InputError where it cannot be kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copyfile(file, folder / file.name.lstrip(".")))
    except OSError as error:
        raise InputError(f"{file.name} cannot be kept in {folder}: {error.strerror}") from error
