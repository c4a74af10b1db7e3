"""A desk that follows a script, real doors on loopback, and a client without any comfort."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from rag.assistant import Found, Said
from rag.read.llm import LanguageModel
from rag.records import Answer, Citation, Question, Span, Statement, Timings
from rag.server.app import create_app
from rag.server.desk import MOST_WAITING, Asked, Desk, DeskEvent, Order
from tests.fakes import FakeModel, passage_of
from tests.index.conftest import TinyEmbedder, ingest, make_article

Script = Callable[[Order, LanguageModel], Iterator[DeskEvent]]
TEXT = "The army left Aleppo <b>on Friday</b>."
TWO = ("The army left Aleppo.", "A convoy followed.")


def answer_of(question: Question, *texts: str) -> Answer:
    """An answer with these statements, each cited; a refusal without any."""
    passage = passage_of(TEXT, [TEXT], source="Daily Post")
    statements = tuple(Statement(text, (1,), None, 0.9) for text in texts)
    cited = (Citation(1, passage.article, TEXT, Span(0, len(TEXT))),) if texts else ()
    return Answer(
        question=question,
        status="answered" if texts else "not_in_articles",
        statements=statements,
        citations=cited,
        conflicts=(),
        nearest=(),
        window=None,
        probability=0.9 if texts else 0.1,
        checks=(),
        timings=Timings(),
        embedder="tiny",
        llm="fake",
        prompts="0",
    )


def says(*texts: str) -> Script:
    """A script that always says the same."""

    def script(order: Order, llm: LanguageModel) -> Iterator[DeskEvent]:
        yield Asked(order.question)
        yield Found((), None)
        answer = answer_of(order.question, *texts)
        for statement in answer.statements:
            yield Said(statement)
        yield answer

    return script


class ScriptedDesk(Desk):
    """A desk on a real store of two articles whose answers are scripted."""

    def __init__(self, folder: Path, script: Script, most_waiting: int = MOST_WAITING) -> None:
        super().__init__(folder, TinyEmbedder(), FakeModel(), most_waiting=most_waiting)
        self.script = script
        self.orders: list[Order] = []

    def events(self, order: Order, llm: LanguageModel) -> Iterator[DeskEvent]:
        self.orders.append(order)
        yield from self.script(order, llm)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def events(self) -> list[Any]:
        """The data of an event stream, "[DONE]" as it is, comments left out."""
        lines = [line for line in self.body.decode().split("\n\n") if line.startswith("data: ")]
        return [part if part == "[DONE]" else json.loads(part) for part in (x[6:] for x in lines)]


class Client:
    """Sends what it is told to a port of this computer."""

    def __init__(self, port: int) -> None:
        self.port = port

    def __call__(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] = {}
    ) -> Reply:
        """Bytes are sent as they are, anything else as JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        raw = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        given = {"Content-Type": "application/json", **headers}
        try:
            connection.request(method, path, raw, given)
            got = connection.getresponse()
            named = {name.lower(): value for name, value in got.getheaders()}
            return Reply(got.status, named, got.read())
        finally:
            connection.close()

    def ask(self, text: str, headers: Mapping[str, str] = {}, **fields: object) -> Reply:
        """One question through the OpenAI door."""
        body = {"messages": [{"role": "user", "content": text}], **fields}
        return self("POST", "/v1/chat/completions", body, headers)

    @contextmanager
    def left_open(self, body: object) -> Iterator[socket.socket]:
        """A connection on which a question was sent and nothing is read."""
        raw = json.dumps(body).encode()
        head = (
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as opened:
            opened.sendall(head.encode() + raw)
            yield opened


@contextmanager
def served(desk: Desk, **options: Any) -> Iterator[Client]:
    """The doors of a desk, listening."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    app = create_app(desk, **options)
    # Without a configuration its log reaches the tests, tracebacks included.
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started)
        yield Client(listening.getsockname()[1])
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)
        listening.close()


def wait_until(holds: Callable[[], bool], seconds: float = 10) -> float:
    """Waits for something to hold; how long that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "it never came true"
        time.sleep(0.01)
    return time.monotonic() - began


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two articles, one of the Daily Post."""
    folder = tmp_path_factory.mktemp("small") / "store"
    sources = ("Daily Post", None)
    ingest(folder, [make_article(n, source=source) for n, source in enumerate(sources)])
    return folder


@pytest.fixture
def scripted(small_store: Path) -> Iterator[Callable[..., ScriptedDesk]]:
    """Makes scripted desks, which are closed at the end."""
    made: list[ScriptedDesk] = []

    def make(script: Script | None = None, most_waiting: int = MOST_WAITING) -> ScriptedDesk:
        made.append(ScriptedDesk(small_store, script or says(*TWO), most_waiting))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture(scope="session")
def _standing(small_store: Path) -> Iterator[tuple[Client, ScriptedDesk]]:
    desk = ScriptedDesk(small_store, says(*TWO))
    with served(desk) as client:
        yield client, desk
    desk.close()


@pytest.fixture
def door(_standing: tuple[Client, ScriptedDesk]) -> tuple[Client, ScriptedDesk]:
    """A client of doors behind which the same two statements are always said."""
    _standing[1].orders.clear()
    return _standing
