"""One question through three doors, with a real model: the same JSON apart from the time."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag import config
from rag.cli import run
from rag.cli.options import load_embedder
from rag.config import DEFAULT_EMBEDDER
from rag.read.load import load_llm
from rag.server.desk import Desk
from tests.conftest import TINY
from tests.server.conftest import Client, served

ASKED: list[dict[str, str]] = [
    {"question": "Who says 320 militants were killed?", "as_of": "2024-12-03"},
    {"question": "How many people have been killed?", "since": "2024-12-01", "until": "2024-12-02"},
    {"question": "Who won the World Cup in Qatar?", "as_of": "2024-12-05"},
]


@pytest.fixture(scope="module")
def client(seed_store: Path, tiny_gguf: Path) -> Iterator[Client]:
    llm = load_llm(TINY, config.models_dir())
    desk = Desk(seed_store, load_embedder(DEFAULT_EMBEDDER), llm)
    with served(desk) as opened:
        yield opened
    desk.close()


def by_command(
    store: Path, capsys: pytest.CaptureFixture[str], command: str, asked: dict[str, str]
) -> Any:
    """What `rag COMMAND --json` prints."""
    (text, *rest) = asked.values()
    options = [f"--{name.replace('_', '-')}" for name in list(asked)[1:]]
    arguments = [part for pair in zip(options, rest, strict=True) for part in pair]
    model = ["--model", TINY] if command == "ask" else []
    assert run([command, text, "--json", "--store", str(store), *model, *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def by_tool(client: Client, name: str, arguments: dict[str, Any]) -> Any:
    params = {"name": name, "arguments": arguments}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    return client("POST", "/mcp", body).json["result"]["structuredContent"]


def timeless(answer: dict[str, Any]) -> dict[str, Any]:
    assert set(answer.pop("timings_ms")) == {"retrieve", "first_evidence", "first_token", "total"}
    return answer


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked["question"][:12])
def test_every_door_answers_the_same(
    client: Client, seed_store: Path, capsys: pytest.CaptureFixture[str], asked: dict[str, str]
) -> None:
    expected = timeless(by_command(seed_store, capsys, "ask", asked))
    filters = {name: value for name, value in asked.items() if name != "question"}
    message = client.ask(asked["question"], rag=filters).json["choices"][0]["message"]
    assert timeless(message["rag"]) == expected
    assert message["content"] == expected["text"]
    *_, closing, _done = client.ask(asked["question"], rag=filters, stream=True).events
    assert timeless(closing["rag"]) == expected
    assert timeless(by_tool(client, "ask", asked)) == expected


def test_search_and_show_give_what_the_commands_print(
    client: Client, seed_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = {"query": "airstrikes on Idlib", "until": "2024-12-02"}
    expected = by_command(seed_store, capsys, "search", asked)
    assert by_tool(client, "search", asked) == expected
    found = expected["passages"][0]["article_id"]
    shown = by_command(seed_store, capsys, "show", {"article_id": found})
    assert by_tool(client, "show", {"article_id": found}) == shown
