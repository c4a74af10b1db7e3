"""The desk on a real store with a model that does what it is told."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rag.assistant import LONGEST_QUESTION, Assistant, Found
from rag.errors import InputError, OptionError, StoreMismatch, StoreMissing
from rag.index.store import Store
from rag.read.follow_up import Turn
from rag.read.llm import Accept
from rag.read.prompt import Prompt
from rag.records import Answer, Filters, Question
from rag.retrieve.search import retrieve
from rag.server.desk import ALL, Asked, Desk
from rag.server.line import Waiting
from rag.server.shelf import Shelf
from tests.fakes import FakeModel
from tests.index.conftest import TinyEmbedder, ingest, make_article
from tests.server.conftest import Script, ScriptedDesk, says, wait_until

DATED = Question("Who spoke of the convoy?", None, "2024-11-15")
ASK = Question("Who spoke of the convoy near the border bridge?")


class SlowModel(FakeModel):
    """Every judgement takes a while, and every word of a reply too."""

    closed = False

    def weigh(self, prompt: Prompt, replies: Sequence[str]) -> list[float]:
        time.sleep(0.2)
        return super().weigh(prompt, replies)

    def choose(self, prompt: Prompt, accept: Accept, longest: int) -> str:
        self.seen.append(prompt.values)
        for word in range(100):
            time.sleep(0.05)
            accept("Who" + " is" * word, False)
        return ""

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "store"
    dates = [f"2024-11-{10 + number}" for number in range(4)]
    ingest(made, [make_article(n, source="Daily Post", date=day) for n, day in enumerate(dates)])
    return made


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    made = Desk(folder, TinyEmbedder(), FakeModel())
    yield made
    made.close()


def test_a_question_is_answered_through_the_assistant(desk: Desk) -> None:
    seen = list(desk.ask(ASK))
    assert seen[0] == Asked(ASK)
    assert isinstance(seen[1], Found) and seen[1].hits
    assert isinstance(seen[-1], Answer) and seen[-1].llm == "fake" == desk.model
    assert not any(isinstance(event, Waiting) for event in seen)
    assert desk.waiting == 0


def test_the_desk_changes_nothing_of_what_the_assistant_does(folder: Path) -> None:
    def first_words(values: dict[str, str]) -> str:
        return " ".join(values.get("evidence", "").split()[:3])

    model = FakeModel(first_words)
    desk = Desk(folder, TinyEmbedder(), model, half_life=3.0)
    _, *through_the_desk = desk.ask(DATED)
    with desk.store() as store:
        alone = Assistant(store, TinyEmbedder(), FakeModel(first_words), 3.0)
        expected = list(alone.ask(DATED, ALL))
        found = retrieve(store, TinyEmbedder(), DATED, ALL, 3, 3.0)
        assert found != retrieve(store, TinyEmbedder(), DATED, ALL, 3)
    assert model.seen and any("evidence" in values for values in model.seen)
    assert desk.search(DATED, ALL, 3) == found
    *events, answer = through_the_desk
    *expected_events, expected_answer = expected
    assert events == expected_events
    assert isinstance(answer, Answer) and isinstance(expected_answer, Answer)
    assert replace(answer, timings=expected_answer.timings) == expected_answer
    desk.close()


def test_filters_and_turns_reach_the_assistant(folder: Path) -> None:
    desk = Desk(folder, TinyEmbedder(), FakeModel())
    turns = [Turn("Who spoke of the convoy?", "A minister did.")]
    asked, found, *_ = desk.ask(Question("And who else?"), Filters(until="1999-01-01"), turns)
    assert isinstance(asked, Asked) and asked.question.as_typed == "And who else?"
    assert isinstance(found, Found) and found.hits == ()
    desk.close()


@pytest.mark.parametrize("text", ["", " \n", "x" * (LONGEST_QUESTION + 1)])
def test_what_cannot_be_asked_is_refused_at_once(desk: Desk, text: str) -> None:
    with pytest.raises(InputError):
        desk.ask(Question(text))
    with pytest.raises(InputError):
        desk.search(Question(text), Filters(), 3)


def test_an_unknown_source_is_refused_with_the_nearest(desk: Desk) -> None:
    for call in (lambda f: desk.ask(ASK, f), lambda f: desk.search(ASK, f, 3)):
        with pytest.raises(OptionError, match='"Dayly Post" is in no article; did you mean Daily'):
            call(Filters(source="Dayly Post"))
        with pytest.raises(
            OptionError, match='"%%%" is in no article; rag list shows the sources$'
        ):
            call(Filters(source="%%%"))
    assert desk.search(ASK, Filters(source="daily POST"), 3).hits


def test_several_names_are_near(folder: Path, desk: Desk) -> None:
    ingest(folder, [make_article(50, source="Daily Poster")])
    with pytest.raises(OptionError, match=r"did you mean Daily Post(er)? or Daily Post(er)?\?$"):
        desk.ask(ASK, Filters(source="Daily Pos"))


def test_without_a_store_it_says_so_until_there_is_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "none", TinyEmbedder(), FakeModel())
    for call in (lambda: desk.ask(ASK), lambda: desk.show("x"), lambda: desk.store().__enter__()):
        with pytest.raises(StoreMissing):
            call()
    ingest(tmp_path / "none", [make_article(1)])
    assert isinstance(list(desk.ask(ASK))[-1], Answer)
    desk.close()


def test_a_store_of_another_embedder_is_told_to_whoever_asks(folder: Path) -> None:
    desk = Desk(folder, TinyEmbedder("other"), FakeModel())
    asking = desk.ask(ASK)
    with pytest.raises(StoreMismatch):
        list(asking)
    assert list(asking) == []
    with pytest.raises(StoreMismatch):
        desk.search(ASK, Filters(), 3)
    desk.close()


def test_search_and_show(desk: Desk) -> None:
    found = desk.search(ASK, Filters(), 2)
    assert len(found.hits) == 2
    shown = desk.show(found.hits[0].passage.article.article_id)
    assert shown is not None and found.hits[0].passage.text in shown.article.text
    assert desk.show("no such id") is None
    assert desk.show(found.hits[0].passage.article.article_id, 7) is None


def test_a_store_that_has_grown_is_opened_anew(desk: Desk, folder: Path) -> None:
    with desk.store() as before:
        assert len(before.articles(Filters())) == 4
        ingest(folder, [make_article(9)])
        with desk.store() as after:
            assert after is not before
            assert len(after.articles(Filters())) == 5
        assert len(before.articles(Filters())) == 4  # still open for whoever has it
    with desk.store() as again:
        assert again is after


def test_what_nobody_uses_any_more_is_closed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[Store] = []
    close = Store.close

    def noted(self: Store) -> None:
        closed.append(self)
        close(self)

    monkeypatch.setattr(Store, "close", noted)
    shelf = Shelf(folder)
    with shelf.lease() as first, shelf.lease() as same:
        assert first is same
        ingest(folder, [make_article(9)])
        with shelf.lease() as second:
            pass
        assert closed == []
    assert closed == [first]
    ingest(folder, [make_article(10)])
    with shelf.lease() as third:
        assert closed == [first, second]
        shelf.close()
        assert closed == [first, second]
    assert closed == [first, second, third]
    shelf.close()
    assert closed == [first, second, third]


def test_giving_up_stops_within_two_seconds(folder: Path) -> None:
    model = SlowModel()
    desk = Desk(folder, TinyEmbedder(), model)
    turns = [Turn("Who spoke of the convoy?", "A minister did.")]
    # While judging; while a follow-up is made full; and while it waits in line.
    for question, given in ((ASK, []), (Question("And who else?"), turns)):
        model.seen.clear()
        asking = desk.ask(question, turns=given)
        wait_until(lambda: bool(model.seen))
        waiting = desk.ask(ASK)
        assert desk.waiting == 1
        waiting.close()
        assert desk.waiting == 0 and [type(one) for one in waiting] == [Waiting]
        asking.close()
        began = time.monotonic()
        assert not any(isinstance(event, Answer) for event in asking)
        assert time.monotonic() - began < 2
        seen = len(model.seen)
        time.sleep(0.3)
        assert len(model.seen) == seen
    desk.close()
    assert model.closed


def test_another_thread_may_close_what_is_waited_for(folder: Path) -> None:
    desk = Desk(folder, TinyEmbedder(), SlowModel())
    asking = desk.ask(ASK)
    threading.Timer(0.3, asking.close).start()
    assert not any(isinstance(event, Answer) for event in asking)
    desk.close()


def test_another_model_answers_from_the_next_question_on(folder: Path) -> None:
    first, second, third = SlowModel(), SlowModel(name="second"), FakeModel(name="third")
    desk = Desk(folder, TinyEmbedder(), first)
    running = desk.ask(ASK)
    next(running)
    desk.use_model(second)
    assert desk.model == "second" and not first.closed
    desk.use_model(third)
    assert second.closed and not first.closed
    *_, answer = running
    assert isinstance(answer, Answer) and answer.llm == "fake"
    *_, answer = desk.ask(ASK)
    assert isinstance(answer, Answer) and answer.llm == "third" == desk.model
    assert first.closed
    desk.close()


def test_closing_closes_a_model_that_was_never_used(folder: Path) -> None:
    first, second = SlowModel(), SlowModel()
    desk = Desk(folder, TinyEmbedder(), first)
    desk.use_model(second)
    desk.close()
    assert first.closed and second.closed


def test_one_thread_at_a_time_uses_the_embedder(folder: Path) -> None:
    embedder = TinyEmbedder()
    inside: list[int] = []
    most: list[int] = []

    def busy(call: int) -> None:
        inside.append(1)
        time.sleep(0.02)
        most.append(len(inside))
        inside.pop()

    embedder.before = busy
    desk = Desk(folder, embedder, FakeModel())
    threads = [threading.Thread(target=desk.search, args=(ASK, Filters(), 3)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == [1] * 8
    desk.close()


def test_asking_while_the_store_grows(desk: Desk, folder: Path) -> None:
    growing = threading.Thread(
        target=lambda: [ingest(folder, [make_article(n)]) for n in range(20, 26)]
    )
    growing.start()
    answered = 0
    while growing.is_alive():
        assert isinstance(list(desk.ask(ASK))[-1], Answer)
        answered += 1
    assert answered
    with desk.store() as store:
        assert len(store.articles(Filters())) == 10


def test_a_script_stands_in_for_the_work(scripted: Callable[..., ScriptedDesk]) -> None:
    script: Script = says("So it is.")
    *_, answer = scripted(script).ask(ASK)
    assert isinstance(answer, Answer) and answer.statements[0].text == "So it is."
