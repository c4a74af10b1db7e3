"""Many at once, and what is malformed: everyone is answered or told, and nothing is kept."""

import json
import logging
import random
import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rag.read.llm import LanguageModel
from rag.server.desk import DeskEvent, Order
from tests.server.conftest import TWO, Client, ScriptedDesk, says, served

Make = Callable[..., ScriptedDesk]
CLIENTS = 50
PLACES = 32
ROUNDS = 24
MALFORMED = 500


def ask_at_once(client: Client, clients: int) -> list[tuple[int, float]]:
    """The status and the seconds until it of each of so many clients."""

    def one(number: int) -> tuple[int, float]:
        began = time.monotonic()
        got = client.ask(f"Question {number}?", stream=number % 2 == 0)
        whole = got.events[-1] == "[DONE]" if number % 2 == 0 and got.status == 200 else got.json
        assert whole, got.body
        return got.status, time.monotonic() - began

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(one, range(clients)))


def test_fifty_clients_are_answered_or_told_within_a_second(scripted: Make) -> None:
    def slow(order: Order, llm: LanguageModel) -> Iterator[DeskEvent]:
        time.sleep(0.15)
        yield from says(*TWO)(order, llm)

    desk = scripted(slow)
    with served(desk) as client:
        got = ask_at_once(client, CLIENTS)
        answered = [seconds for status, seconds in got if status == 200]
        refused = [seconds for status, seconds in got if status == 503]
        assert len(answered) + len(refused) == CLIENTS
        assert PLACES + 1 <= len(answered) == len(desk.orders) and refused
        assert len(answered) < PLACES + 9  # some places became free meanwhile
        assert max(refused) < 1
        assert desk.waiting == 0
        assert client.ask("And now?").status == 200


def test_memory_stays_flat(scripted: Make) -> None:
    """The peak of the process, clients and all, after many rounds and after a few."""
    peaks = []
    with served(scripted(most_waiting=CLIENTS)) as client:
        for _ in range(ROUNDS):
            assert {status for status, _ in ask_at_once(client, CLIENTS)} == {200}
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    assert peaks[-1] < 1.03 * peaks[ROUNDS // 4]


VALID: list[tuple[str, dict[str, Any]]] = [
    (
        "/v1/chat/completions",
        {
            "model": "fake",
            "messages": [
                {"role": "user", "content": "Who left?"},
                {"role": "assistant", "content": "The army."},
                {"role": "user", "content": [{"type": "text", "text": "And when?"}]},
            ],
            "stream": False,
            "n": 1,
            "rag": {"since": "2024-12-01", "until": "2024-12-03", "source": "Daily Post"},
        },
    ),
    (
        "/mcp",
        {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": {"name": "ask", "arguments": {"question": "Who left?"}},
        },
    ),
]
ODD: list[Any] = [
    None, True, 0, -1, 1.5, 10**30, "", " ", "\x00", "\u202e", "x" * 9000, [], {}, [None], [[]],
    {"": {}}, "2024-99-99", "null", ["user"], {"type": "text"}, "\U0001f600" * 50,
]  # fmt: skip


def changed(value: Any, rng: random.Random) -> Any:
    """A copy in which one thing, at any depth, is another or gone."""
    if isinstance(value, dict | list) and value and rng.random() < 0.85:
        key = rng.choice(list(value)) if isinstance(value, dict) else rng.randrange(len(value))
        copy: Any = dict(value) if isinstance(value, dict) else list(value)
        if rng.random() < 0.2:
            del copy[key]
        else:
            copy[key] = changed(copy[key], rng)
        return copy
    return rng.choice(ODD)


def damaged(raw: bytes, rng: random.Random) -> bytes:
    """A copy that is cut, or has other bytes in it."""
    at = rng.randrange(len(raw))
    if rng.random() < 0.3:
        return raw[:at]
    return raw[:at] + rng.randbytes(rng.randrange(1, 4)) + raw[at + rng.randrange(4) :]


def test_malformed_bodies_are_told_and_nothing_breaks(
    door: tuple[Client, ScriptedDesk], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client, _ = door
    rng = random.Random(7)
    refused = tried = 0
    while refused < MALFORMED:
        path, body = rng.choice(VALID)
        value = changed(body, rng) if rng.random() < 0.7 else body
        raw = json.dumps(value).encode()
        if value is body:
            raw = damaged(raw, rng)
        got = client("POST", path, raw)
        tried += 1
        # Some still can be asked, and what a tool is not given rightly is a result of it.
        assert got.status in (200, 202) or 400 <= got.status < 500, (raw, got)
        if not got.headers.get("content-type", "").startswith("text/event-stream"):
            assert got.status == 202 or got.json is not None
        if got.status >= 400:
            assert got.json["error"]["message"]
            refused += 1
    assert tried < 4 * MALFORMED
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert client.ask("Who left?").status == 200
