"""The real room: files that are added, models to choose, examples, what the store holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.chat.examples import make_examples
from rag.chat.newsroom import Newsroom
from rag.chat.room import Wish, filters_of
from rag.cli.options import load_embedder
from rag.config import DEFAULT_EMBEDDER
from rag.errors import InputError, OptionError
from rag.models.catalogue import catalogue
from rag.records import Answer, Filters
from rag.server.desk import Asked, Desk
from rag.server.line import Ended
from tests.fakes import FakeModel

ARTICLE = "date 2024-12-01 Fire in Tolmere\nTen people were hurt in Tolmere. Ann Lee said so.\n"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    embedder = load_embedder(DEFAULT_EMBEDDER)
    desk = Desk(tmp_path / "store", embedder, FakeModel())
    models = tmp_path / "models"
    models.mkdir()
    llm = next(model for model in catalogue() if model.kind == "llm")
    (models / llm.files[0].path).write_bytes(b"")
    yield Newsroom(desk, tmp_path / "store", embedder, tmp_path / "data", named, models)
    desk.close()


def named(name: str) -> FakeModel:
    return FakeModel(name=name)


def test_an_empty_room_says_so_and_grows(room: Newsroom, tmp_path: Path) -> None:
    assert room.held() == "No articles yet. Add some below."
    assert room.sources() == room.examples() == []
    file = tmp_path / "fire.txt"
    file.write_text(ARTICLE)
    report = room.add([file])
    assert len(report.new) == 1 and report.new[0].endswith("data/added/fire.txt")
    assert room.held() == "1 article, the newest of 1 December 2024."
    assert "What happened in Tolmere?" in room.examples()
    file.write_text(ARTICLE.replace("Ten", "Twelve"))
    assert len(room.add([file]).changed) == 1
    (article_id,) = articles_of(room)
    assert "Twelve people" in (room.text(article_id) or "")
    assert room.text("none") is None


def articles_of(room: Newsroom) -> list[str]:
    with room._desk.store() as store:
        return [info.article_id for info in store.articles(Filters())]


def test_a_file_that_cannot_be_read_is_told(room: Newsroom, tmp_path: Path) -> None:
    file, good = tmp_path / "fire.exe", tmp_path / "fire.txt"
    file.write_text("x")
    good.write_text(ARTICLE)
    report = room.add([file, good])
    (problem,) = report.problems
    assert problem.location == "fire.exe" and problem.left_out
    assert problem.reason.startswith("this kind of file cannot be read")
    assert len(report.new) == 1
    with pytest.raises(InputError, match=r"gone\.txt cannot be kept"):
        room.add([tmp_path / "gone.txt"])


def test_a_hidden_name_is_kept_under_one_that_is_read(room: Newsroom, tmp_path: Path) -> None:
    file = tmp_path / ".fire.txt"
    file.write_text(ARTICLE)
    assert room.add([file]).new[0].endswith("added/fire.txt")


def test_it_answers_as_the_desk_does(room: Newsroom, tmp_path: Path) -> None:
    file = tmp_path / "fire.txt"
    file.write_text(ARTICLE)
    room.add([file])
    events: list[object] = []
    room.ask(Wish("How many people were hurt?", as_of="2024-12-02"), (), events.append)
    while not (events and isinstance(events[-1], Ended)):
        pass
    asked = next(event for event in events if isinstance(event, Asked))
    assert asked.question.asked_on == "2024-12-02"
    answer = next(event for event in events if isinstance(event, Answer))
    assert answer.citations[0].article.date == "2024-12-01"
    with pytest.raises(InputError):
        room.ask(Wish("  "), (), events.append)
    with pytest.raises(OptionError):
        room.ask(Wish("Who?", source="Nobody's"), (), events.append)


def test_models_on_this_computer_can_be_chosen(room: Newsroom) -> None:
    here = room.models()
    assert len(here) == 2 and here[0] == "fake"
    room.use_model(here[1])
    assert room.models() == [here[1]]
    with pytest.raises(OptionError, match="there is no model"):
        room.use_model("/etc/passwd")


def test_the_fields_of_the_page() -> None:
    wish = Wish("?", " 2024-12-01 ", "2024-12-02", "2024-12-03", " The Herald ")
    assert filters_of(wish) == (Filters("2024-12-01", "2024-12-02", "The Herald"), "2024-12-03")
    assert filters_of(Wish("?", None, None, None, None)) == (Filters(), None)  # type: ignore[arg-type]
    assert filters_of(Wish("?", "2024-12-01", "2024-12-01"))[0].until == "2024-12-01"
    with pytest.raises(OptionError, match="lies after"):
        filters_of(Wish("?", "2024-12-02", "2024-12-01"))
    with pytest.raises(OptionError, match='Asked on the day: "soon" is no day'):
        filters_of(Wish("?", as_of="soon"))


def test_examples_come_from_what_is_named_most(room: Newsroom, tmp_path: Path) -> None:
    texts = [
        "It burnt in Brindlemoor. Police came to Brindlemoor. In all, 12 houses were damaged.",
        "Rain fell in Brindlemoor, according to the Weather Office. 12 houses were damaged.",
        "It burnt in Quillhaven. Somebody near Quillhaven saw it, Ann Lee said.",
    ]
    files = []
    for n, text in enumerate(texts):
        files.append(tmp_path / f"{n}.txt")
        files[-1].write_text(text)
    room.add(files)
    with room._desk.store() as store:
        examples = make_examples(store)
    assert len(examples) == 3 and examples[2] == "How many houses were damaged?"
    assert examples[0] in ("What happened in Brindlemoor?", "What happened in Quillhaven?")
    assert examples[1] in ("What did the Weather Office say?", "What did Ann Lee say?")
