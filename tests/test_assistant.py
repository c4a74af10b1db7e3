"""The whole order, on a real store with a model that does what it is told."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.assistant import LONGEST_QUESTION, Assistant, Event, Found, Read, Said, check_question
from rag.cli.options import load_embedder
from rag.config import DEFAULT_EMBEDDER
from rag.errors import InputError, StoreMismatch
from rag.index.embedder import Embedder
from rag.index.store import Store, open_store
from rag.records import Answer, Filters, Question
from tests.fakes import FakeModel

KILLED = Question("How many did the White Helmets report killed?")


@pytest.fixture(scope="module")
def store(seed_store: Path) -> Iterator[Store]:
    opened = open_store(seed_store)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(DEFAULT_EMBEDDER)


def points_at(words: str, **model: float) -> FakeModel:
    """A model that finds `words` wherever they stand."""
    return FakeModel(reply=lambda values: words, **model)  # type: ignore[arg-type]


def events(store: Store, embedder: Embedder, model: FakeModel, **filters: str) -> list[Event]:
    return list(Assistant(store, embedder, model).ask(KILLED, Filters(**filters)))


def test_the_order_of_events(store: Store, embedder: Embedder) -> None:
    seen = events(store, embedder, points_at("killing at least 25"))
    assert isinstance(seen[0], Found)
    read = [event for event in seen if isinstance(event, Read)]
    assert [event.hit for event in read] == list(seen[0].hits)
    said = [event.statement for event in seen if isinstance(event, Said)]
    answer = seen[-1]
    assert isinstance(answer, Answer)
    assert list(answer.statements) == said
    assert answer.status == "answered"
    assert answer.nearest == ()
    (citation,) = answer.citations
    assert "killing at least 25" in citation.quote
    assert (citation.article.date, said[0].speaker) == ("2024-12-02", "White Helmets")


@pytest.mark.parametrize("doubt", [{"none": 0.9}, {"yes": 0.4}])
def test_doubt_at_either_look_is_a_refusal(store: Store, embedder: Embedder, doubt) -> None:
    answer = events(store, embedder, points_at("killing at least 25", **doubt))[-1]
    assert isinstance(answer, Answer)
    assert (answer.status, answer.statements, answer.citations) == ("not_in_articles", (), ())
    assert answer.nearest


def test_filters_that_leave_nothing(store: Store, embedder: Embedder) -> None:
    seen = events(store, embedder, points_at("killing"), since="2030-01-01")
    answer = seen[-1]
    assert isinstance(answer, Answer)
    assert (answer.status, answer.nearest, len(seen)) == ("not_in_articles", (), 2)


def test_another_embedder_is_refused(store: Store, embedder: Embedder) -> None:
    class Other:
        name, sha256, encode = embedder.name, "0" * 64, embedder.encode

    with pytest.raises(StoreMismatch):
        Assistant(store, Other(), points_at(""))


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\x1b[31m", "\ud800", "x" * 50_000])
def test_no_question(text: str) -> None:
    with pytest.raises(InputError):
        check_question(text)


def test_questions_are_cleaned_and_never_cut(store: Store, embedder: Embedder) -> None:
    assert check_question(" Who\ud800 took \x1b[31mAleppo? ") == "Who took Aleppo?"
    longest = "x" * LONGEST_QUESTION
    assert check_question(longest) == longest
    model = points_at("")
    question = replace(KILLED, text="Who? \ud83d\x00")
    list(Assistant(store, embedder, model).ask(question, Filters()))
    assert {values["question"] for values in model.seen} == {"Who?"}
