"""The OpenAI-compatible door as a client of that protocol sees it."""

import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest

from rag.answer.schema import NOT_IN_ARTICLES, answer_to_json
from rag.assistant import Found, Said
from rag.errors import ModelError
from rag.read.follow_up import Turn
from rag.read.llm import LanguageModel
from rag.read.prompt import Prompt
from rag.records import Filters, Question
from rag.server import web
from rag.server.desk import Desk, DeskEvent, Order
from rag.server.web import MOST_BYTES
from tests.fakes import FakeModel
from tests.index.conftest import TinyEmbedder
from tests.server.conftest import (
    TWO,
    Client,
    ScriptedDesk,
    answer_of,
    says,
    served,
    wait_until,
)

Make = Callable[..., ScriptedDesk]
ERROR = {"message", "type", "param", "code"}
BOTH = f"{TWO[0]} [1]\n{TWO[1]} [1]"


def test_the_one_model_is_listed(door: tuple[Client, ScriptedDesk]) -> None:
    got = door[0]("GET", "/v1/models")
    assert (got.status, got.headers["content-type"]) == (200, "application/json")
    model = {"id": "fake", "object": "model", "created": 0, "owned_by": "rag"}
    assert got.json == {"object": "list", "data": [model]}


def test_a_whole_answer(door: tuple[Client, ScriptedDesk]) -> None:
    client, desk = door
    before = int(time.time())
    got = client.ask("Who left?", model="fake", temperature=1.5, rag={"until": "2024-12-02"})
    assert got.status == 200 and got.headers["x-content-type-options"] == "nosniff"
    body = got.json
    assert (body["object"], body["model"]) == ("chat.completion", "fake")
    assert body["id"].startswith("chatcmpl-") and before <= body["created"] <= time.time()
    assert body["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    (choice,) = body["choices"]
    assert (choice["index"], choice["finish_reason"]) == (0, "stop")
    message = choice["message"]
    assert (message["role"], message["content"]) == ("assistant", BOTH)
    (order,) = desk.orders
    assert order == Order(Question("Who left?"), Filters(until="2024-12-02"))
    assert message["rag"] == answer_to_json(answer_of(order.question, *TWO))
    assert client.ask("Who left?").json["id"] != body["id"]


def test_a_conversation_reaches_the_desk(door: tuple[Client, ScriptedDesk]) -> None:
    client, desk = door
    messages = [
        {"role": "system", "content": "Answer in rhymes."},
        {"role": "user", "content": [{"type": "text", "text": "Who left?"}]},
        {"role": "assistant", "content": "The army. [1]"},
        {"role": "user", "content": "And when?"},
    ]
    body = {"messages": messages}
    assert client("POST", "/v1/chat/completions", body).status == 200
    (order,) = desk.orders
    assert (order.question.text, order.turns) == (
        "And when?",
        (Turn("Who left?", "The army. [1]"),),
    )


def test_a_stream_in_its_order(door: tuple[Client, ScriptedDesk]) -> None:
    client, desk = door
    got = client.ask("Who left?", stream=True)
    assert got.status == 200
    assert got.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert got.headers["cache-control"] == "no-store"
    *chunks, done = got.events
    assert done == "[DONE]"
    assert len({chunk["id"] for chunk in chunks}) == len({c["created"] for c in chunks}) == 1
    for chunk in chunks:
        assert (chunk["object"], chunk["model"]) == ("chat.completion.chunk", "fake")
        assert "usage" not in chunk
        assert chunk["choices"][0]["index"] == 0
    deltas = [(c["choices"][0]["delta"], c["choices"][0]["finish_reason"]) for c in chunks]
    assert deltas == [
        ({"role": "assistant", "content": ""}, None),
        ({"content": f"{TWO[0]} [1]"}, None),
        ({"content": f"\n{TWO[1]} [1]"}, None),
        ({}, "stop"),
    ]
    told = answer_to_json(answer_of(desk.orders[0].question, *TWO))
    assert [chunk.get("rag") for chunk in chunks] == [None, None, None, told]
    assert "".join(delta.get("content", "") for delta, _ in deltas) == told["text"]


def test_a_stream_with_usage(door: tuple[Client, ScriptedDesk]) -> None:
    got = door[0].ask("Who left?", stream=True, stream_options={"include_usage": True})
    *chunks, last, done = got.events
    assert done == "[DONE]" and all(chunk["usage"] is None for chunk in chunks)
    assert (last["choices"], last["usage"]["total_tokens"]) == ([], 0)


def test_a_refusal_is_an_answer(scripted: Make) -> None:
    with served(scripted(says())) as client:
        body = client.ask("Who left?").json["choices"][0]
        assert body["message"]["content"] == NOT_IN_ARTICLES
        assert body["message"]["rag"]["status"] == "not_in_articles"
        chunks = client.ask("Who left?", stream=True).events[:-1]
        said = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
        assert said == NOT_IN_ARTICLES


def test_statements_come_as_they_are_said(scripted: Make) -> None:
    read = threading.Event()

    def script(order: Order, llm: LanguageModel) -> Iterator[DeskEvent]:
        answer = answer_of(order.question, *TWO)
        yield Said(answer.statements[0])
        assert read.wait(10)
        yield Said(answer.statements[1])
        yield answer

    body = {"messages": [{"role": "user", "content": "Who?"}], "stream": True}
    with served(scripted(script)) as client, client.left_open(body) as opened:
        got = b""
        while TWO[0].encode() not in got:
            got += opened.recv(4096)
        assert TWO[1].encode() not in got
        read.set()
        while TWO[1].encode() not in got:
            got += opened.recv(4096)


def test_who_waits_is_told_so_in_comments(scripted: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "BEAT", 0.05)

    def script(order: Order, llm: LanguageModel) -> Iterator[DeskEvent]:
        if order.question.text == "Who?":
            wait_until(lambda: desk.waiting == 1)
            time.sleep(0.3)
        yield from says(*TWO)(order, llm)

    desk = scripted(script)
    body = {"messages": [{"role": "user", "content": "Who?"}]}
    with served(desk) as client, client.left_open(body):
        wait_until(lambda: bool(desk.orders))
        got = client.ask("Who else?", stream=True)
    lines = got.body.decode().split("\n\n")
    assert ": 1 before this question" in lines and ":" in lines
    assert got.events[-1] == "[DONE]"


@pytest.mark.parametrize("stream", [False, True])
def test_a_full_line_is_told_within_a_second(scripted: Make, stream: bool) -> None:
    def script(order: Order, llm: LanguageModel) -> Iterator[DeskEvent]:
        while "go" not in order.question.text:
            llm.weigh(cast(Prompt, None), ["Yes"])  # raises where it is given up
            time.sleep(0.01)
        yield from says(*TWO)(order, llm)

    desk = scripted(script, most_waiting=1)
    body = {"messages": [{"role": "user", "content": "Who?"}], "stream": stream}
    desk._llm = _Yes()
    with served(desk) as client:
        with client.left_open(body):
            wait_until(lambda: len(desk.orders) == 1)
            with client.left_open(body):
                wait_until(lambda: desk.waiting == 1)
                began = time.monotonic()
                got = client.ask("go", stream=stream)
                assert time.monotonic() - began < 1
                assert (got.status, got.headers["retry-after"]) == (503, "5")
                assert got.json["error"]["code"] == "busy"
                assert set(got.json["error"]) == ERROR
        # Both have gone away: what they asked is given up within two seconds.
        assert wait_until(lambda: desk.waiting == 0, 2) < 2
        began = time.monotonic()
        assert client.ask("go", stream=stream).status == 200
        assert time.monotonic() - began < 2


class _Yes(FakeModel):
    def weigh(self, prompt: Prompt, replies: Sequence[str]) -> list[float]:
        return [1.0]


@pytest.mark.parametrize("stream", [False, True])
def test_one_who_never_reads_holds_up_nobody(scripted: Make, stream: bool) -> None:
    big = "The army left Aleppo. " * 200_000

    def script(order: Order, llm: LanguageModel) -> Iterator[DeskEvent]:
        texts = [big, big] if "big" in order.question.text else TWO
        yield from says(*texts)(order, llm)

    desk = scripted(script)
    body = {"messages": [{"role": "user", "content": "big"}], "stream": stream}
    with served(desk) as client, client.left_open(body):
        wait_until(lambda: len(desk.orders) == 1)
        assert client.ask("small").json["choices"][0]["message"]["content"] == BOTH


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ModelError("the model is gone"), 503, "unavailable"),
        (ZeroDivisionError("a word of an article"), 500, None),
    ],
)
def test_what_goes_wrong_is_told_without_a_traceback(
    scripted: Make,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
    code: str | None,
) -> None:
    def script(order: Order, llm: LanguageModel) -> Iterator[DeskEvent]:
        if "late" in order.question.text:
            yield Found((), None)
        raise error

    caplog.set_level(logging.DEBUG)
    with served(scripted(script)) as client:
        got = client.ask("soon")
        assert (got.status, got.json["error"]["code"]) == (status, code)
        assert got.json["error"]["type"] == "server_error"
        got = client.ask("late", stream=True)
        *_, last = got.events
        assert got.status == 200 and set(last["error"]) == ERROR
        assert last["error"]["code"] == code
        assert "article" not in got.body.decode()
    known = isinstance(error, ModelError)
    told = [record.getMessage() for record in caplog.records if record.name == "rag.server"]
    assert told == ([] if known else ["a request failed: ZeroDivisionError"] * 2)
    assert not any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize("stream", [False, True])
def test_when_the_desk_closes_whoever_waits_is_told(scripted: Make, stream: bool) -> None:
    def script(order: Order, llm: LanguageModel) -> Iterator[DeskEvent]:
        while True:
            time.sleep(0.01)
            yield Found((), None)

    desk = scripted(script)
    with served(desk) as client, ThreadPoolExecutor() as pool:
        asking = pool.submit(client.ask, "Who left?", stream=stream)
        wait_until(lambda: bool(desk.orders))
        desk.close()
        got = asking.result(5)
        error = (got.events[-1] if stream else got.json)["error"]
        assert (got.status, error["code"]) == (200 if stream else 503, "busy")
        assert client.ask("Who left?").status == 503


def test_without_a_store_it_is_not_to_be_had(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "none", TinyEmbedder(), FakeModel())
    with served(desk) as client:
        got = client.ask("Who left?")
        assert got.status == 503 and "no store" in got.json["error"]["message"]
        assert client("GET", "/v1/models").status == 200
    desk.close()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("POST", "/v1/embeddings", 404),
        ("GET", "/v1/", 404),
        ("GET", "/v1/chat/completions", 405),
        ("POST", "/v1/models", 405),
        ("PUT", "/v1/chat/completions", 405),
    ],
)
def test_other_addresses_and_methods(
    door: tuple[Client, ScriptedDesk], method: str, path: str, status: int
) -> None:
    got = door[0](method, path, {})
    assert got.status == status and set(got.json["error"]) == ERROR
    assert (status == 405) == ("allow" in got.headers)
    assert got.json["error"]["type"] == (
        "not_found_error" if status == 404 else "invalid_request_error"
    )


def test_questions_that_cannot_be_asked(door: tuple[Client, ScriptedDesk]) -> None:
    client, desk = door
    for text in ("", " ", "\u200b", "x" * 2001):
        got = client.ask(text)
        assert got.status == 400 and set(got.json["error"]) == ERROR
    got = client.ask("Who?", rag={"source": "Daily Pots"})
    assert got.status == 400 and "did you mean Daily Post?" in got.json["error"]["message"]
    got = client.ask("Who?", model="gpt-4o")
    assert (got.status, got.json["error"]["type"]) == (404, "not_found_error")
    assert desk.orders == []


@pytest.mark.parametrize("more", [1, 12_000_000])
def test_a_body_that_is_too_big(door: tuple[Client, ScriptedDesk], more: int) -> None:
    client, desk = door
    head, tail = b'{"messages": [{"role": "user", "content": "Who?"}], "x": "', b'"}'
    fits = head + b"x" * (MOST_BYTES - len(head) - len(tail)) + tail
    assert client("POST", "/v1/chat/completions", fits).status == 200
    got = client("POST", "/v1/chat/completions", fits[:-2] + b"x" * more + tail)
    assert (got.status, got.json["error"]["code"]) == (413, "too_large")
    assert len(desk.orders) == 1
    assert client.ask("Who?").status == 200


def test_who_goes_away_while_sending_is_forgotten(door: tuple[Client, ScriptedDesk]) -> None:
    client, desk = door
    # What came is a whole question already, but more was announced.
    raw = b'{"messages": [{"role": "user", "content": "Who?"}]}'
    head = (
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/json\r\nContent-Length: 500\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", client.port)) as half:
        half.sendall(head + raw)
        time.sleep(0.2)
    time.sleep(0.2)
    assert client.ask("Who?").status == 200
    assert len(desk.orders) == 1


def test_no_word_of_a_question_or_an_article_is_logged(
    door: tuple[Client, ScriptedDesk],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    client, _ = door
    client.ask("Zanzibar?", stream=True)
    client.ask("Zanzibar?", rag={"source": "Zanzibar"})
    client("POST", "/v1/chat/completions", b"Zanzibar")
    call = {"name": "ask", "arguments": {"question": "Zanzibar?"}}
    client("POST", "/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call})
    out = capfd.readouterr()
    logged = caplog.text + out.out + out.err
    assert "Zanzibar" not in logged and "Aleppo" not in logged


def test_what_is_sent_is_json_that_holds_any_text(scripted: Make) -> None:
    odd = 'Quotes " \\ and \u2028 lines, </script>, \U0001f600.'
    with served(scripted(says(odd))) as client:
        got = client.ask("Who?", stream=True)
        assert got.events[1]["choices"][0]["delta"]["content"] == f"{odd} [1]"
        assert (
            json.loads(client.ask("Who?").body)["choices"][0]["message"]["content"] == f"{odd} [1]"
        )
