"""What the page asks of the program behind it, and what a reader wishes of an answer."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rag.chat.job import GiveUp
from rag.errors import OptionError
from rag.index.writer import IngestReport
from rag.read.follow_up import Turn
from rag.records import Filters
from rag.server.line import Deliver


@dataclass(frozen=True, slots=True)
class Wish:
    """A question as it was typed, with what stands in the page's fields; "" where nothing does."""

    text: str
    since: str = ""
    until: str = ""
    as_of: str = ""
    source: str = ""


class Room(Protocol):
    """Answers, articles and what is known of them, for one page."""

    @property
    def feedback_folder(self) -> Path:
        """Where judgements are kept."""

    def ask(self, wish: Wish, turns: Sequence[Turn], deliver: Deliver) -> GiveUp:
        """Hands a question in; see `rag.server.desk.Desk.begin`. Raises RagError."""

    def text(self, article_id: str) -> str | None:
        """The stored text of an article."""

    def add(self, files: Sequence[Path]) -> IngestReport:
        """Puts files into the store. Raises RagError."""

    def held(self) -> str:
        """What the store holds, in a few words."""

    def sources(self) -> list[str]:
        """The outlets of the articles."""

    def models(self) -> list[str]:
        """The language models that can be chosen, the current one first."""

    def use_model(self, name: str) -> None:
        """Answers the next questions with this model. Raises ModelError."""

    def examples(self) -> list[str]:
        """Questions that suit the articles."""


def filters_of(wish: Wish) -> tuple[Filters, str | None]:
    """Which articles may be used, and the day of asking. Raises OptionError naming the field."""
    since, until = _day("Articles from", wish.since), _day("Articles to", wish.until)
    if since and until and since > until:
        raise OptionError(f"Articles from {since} lies after Articles to {until}; swap them")
    source = (wish.source or "").strip() or None
    return Filters(since, until, source), _day("Asked on the day", wish.as_of)


def _day(field: str, value: str | None) -> str | None:
    if not value or not value.strip():
        return None
    try:
        return datetime.date.fromisoformat(value.strip()).isoformat()
    except ValueError:
        raise OptionError(f'{field}: "{value.strip()}" is no day; write it as YYYY-MM-DD') from None
