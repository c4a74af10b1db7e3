"""The Model Context Protocol: revisions, tools, errors. The messages are as clients send them."""

import base64
import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from rag.answer.schema import answer_to_json
from rag.read.llm import LanguageModel
from rag.records import Filters, Question
from rag.server.desk import DeskEvent, Order
from rag.server.mcp import STATELESS, WITH_HANDSHAKE
from rag.server.tools import TOOLS
from tests.server.conftest import (
    TWO,
    Client,
    Reply,
    ScriptedDesk,
    answer_of,
    served,
    wait_until,
)

NEW = "2026-07-28"
META = "io.modelcontextprotocol/"
Make = Callable[..., ScriptedDesk]


def post(
    client: Client, method: str, params: object = None, headers: Mapping[str, str] = {}, **more: Any
) -> Reply:
    """A request as clients with a handshake send it."""
    body = {"jsonrpc": "2.0", "id": 7, "method": method, "params": params or {}, **more}
    accept = {"Accept": "application/json, text/event-stream"}
    return client("POST", "/mcp", body, {**accept, **headers})


def post_new(
    client: Client,
    method: str,
    params: Mapping[str, Any] = {},
    headers: Mapping[str, str] = {},
    meta: Mapping[str, Any] | None = None,
) -> Reply:
    """A request as clients of the revision without a handshake send it."""
    about = {f"{META}protocolVersion": NEW, f"{META}clientCapabilities": {}}
    given = {"MCP-Protocol-Version": NEW, "Mcp-Method": method}
    if method == "tools/call":
        given["Mcp-Name"] = str(params.get("name"))
    full = {**params, "_meta": about if meta is None else meta}
    return post(client, method, full, {**given, **headers})


def call(client: Client, name: str, **arguments: object) -> Any:
    """The result of a tool."""
    got = post(client, "tools/call", {"name": name, "arguments": arguments})
    assert got.status == 200 and set(got.json) == {"jsonrpc", "id", "result"}
    return got.json["result"]


def test_the_handshake(door: tuple[Client, ScriptedDesk]) -> None:
    client, _ = door
    for asked in WITH_HANDSHAKE:
        about = {"protocolVersion": asked, "capabilities": {}, "clientInfo": {"name": "x"}}
        got = post(client, "initialize", about)
        assert (got.status, got.headers["content-type"]) == (200, "application/json")
        assert "mcp-session-id" not in got.headers
        assert (got.json["jsonrpc"], got.json["id"]) == ("2.0", 7)
        result = got.json["result"]
        assert result["protocolVersion"] == asked
        assert result["capabilities"] == {"tools": {}} and result["serverInfo"]["name"] == "rag"
        assert result["instructions"] and "resultType" not in result
    for odd in ("1999-01-01", NEW, None, 5, ["2025-11-25"]):
        got = post(client, "initialize", {"protocolVersion": odd})
        assert got.json["result"]["protocolVersion"] == "2025-11-25"


def test_notifications_are_accepted_and_not_answered(door: tuple[Client, ScriptedDesk]) -> None:
    for method in ("notifications/initialized", "notifications/cancelled", "anything"):
        got = door[0]("POST", "/mcp", {"jsonrpc": "2.0", "method": method})
        assert (got.status, got.body, got.headers["content-length"]) == (202, b"", "0")
        assert "content-type" not in got.headers


def test_ping(door: tuple[Client, ScriptedDesk]) -> None:
    for number in (0, -1, "a", ""):
        assert post(door[0], "ping", id=number).json == {
            "jsonrpc": "2.0",
            "id": number,
            "result": {},
        }


@pytest.mark.parametrize("version", WITH_HANDSHAKE)
def test_older_revisions_by_their_header(door: tuple[Client, ScriptedDesk], version: str) -> None:
    got = post(door[0], "tools/list", headers={"MCP-Protocol-Version": version})
    assert got.status == 200 and set(got.json["result"]) == {"tools"}


def test_discovery(door: tuple[Client, ScriptedDesk]) -> None:
    got = post_new(door[0], "server/discover")
    result = got.json["result"]
    assert got.status == 200 and result["resultType"] == "complete"
    assert result["supportedVersions"] == [*STATELESS, *WITH_HANDSHAKE]
    assert result["capabilities"] == {"tools": {}}
    assert (result["ttlMs"], result["cacheScope"]) == (3_600_000, "private")
    assert result["_meta"][f"{META}serverInfo"]["name"] == "rag"


def test_tools_are_listed_with_schemas(door: tuple[Client, ScriptedDesk]) -> None:
    listed = post(door[0], "tools/list").json["result"]["tools"]
    anew = post_new(door[0], "tools/list").json["result"]
    assert anew["tools"] == listed and anew["ttlMs"] and anew["resultType"] == "complete"
    assert [tool["name"] for tool in listed] == ["ask", "search", "show"]
    for tool in listed:
        schema = tool["inputSchema"]
        assert schema["type"] == "object" and schema["additionalProperties"] is False
        assert set(schema["required"]) <= set(schema["properties"])
        for field in schema["properties"].values():
            assert field["type"] in ("string", "integer") and field["description"]
        assert tool["outputSchema"]["type"] == "object" and tool["title"]
        assert tool["annotations"]["readOnlyHint"] is True
        assert tool["annotations"]["destructiveHint"] is False
        assert tool["annotations"]["openWorldHint"] is False
        assert "never instructions" in tool["description"]


def keeps_to_schema(result: Mapping[str, Any], name: str) -> bool:
    """Whether a result has what its tool promises, and of the kind that it promises."""
    kinds = {"string": str, "integer": int, "array": list, "object": dict, "null": type(None)}
    gives = next(tool for tool in TOOLS if tool.name == name).to_json()["outputSchema"]
    for field, schema in gives["properties"].items():
        if "enum" in schema:
            if result[field] not in schema["enum"]:
                return False
            continue
        named = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if not isinstance(result[field], tuple(kinds[kind] for kind in named)):
            return False
    return set(gives["required"]) <= set(result)


@pytest.mark.parametrize("new", [False, True])
def test_ask(door: tuple[Client, ScriptedDesk], new: bool) -> None:
    client, desk = door
    arguments = {
        "question": "Who left?",
        "source": "daily post",
        "as_of": "2024-12-03",
        "until": None,
    }
    send = post_new if new else post
    result = send(client, "tools/call", {"name": "ask", "arguments": arguments}).json["result"]
    (order,) = desk.orders
    assert order == Order(Question("Who left?", None, "2024-12-03"), Filters(source="daily post"))
    told = answer_to_json(answer_of(order.question, *TWO))
    assert result["structuredContent"] == told and keeps_to_schema(told, "ask")
    (content,) = result["content"]
    assert content["type"] == "text" and json.loads(content["text"]) == told
    assert result["isError"] is False and (result.get("resultType") == "complete") is new


def test_search_and_show(door: tuple[Client, ScriptedDesk]) -> None:
    client, desk = door
    found = call(client, "search", query="convoy border bridge", count=3)["structuredContent"]
    assert len(found["passages"]) == 3 and keeps_to_schema(found, "search")
    assert call(client, "search", query="convoy", until="1999-01-01")["structuredContent"] == {
        "passages": [],
        "window": None,
    }
    assert len(call(client, "search", query="convoy")["structuredContent"]["passages"]) <= 10
    passage = found["passages"][0]
    shown = call(client, "show", article_id=passage["article_id"])["structuredContent"]
    assert keeps_to_schema(shown, "show") and (shown["version"], shown["versions"]) == (1, 1)
    assert shown["text"][passage["start"] : passage["end"]] == passage["text"]
    again = call(client, "show", article_id=passage["article_id"], version=1)
    assert again["structuredContent"] == shown
    assert desk.orders == []


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("ask", {}, "ask needs question"),
        ("ask", {"question": None}, "ask needs question"),
        ("ask", {"question": 5}, "question must be text"),
        ("ask", {"question": " "}, "the question is empty"),
        ("ask", {"question": "x" * 4001}, "at most 2,000"),
        ("ask", {"question": "Who?", "query": "x"}, "ask takes no query; it takes question, since"),
        ("ask", {"question": "Who?", "since": "soon"}, "since is no day"),
        ("ask", {"question": "Who?", "source": "Daily Pots"}, "did you mean Daily Post?"),
        ("search", {"query": "x", "count": 0}, "count must be a whole number, 1 to 50"),
        ("search", {"query": "x", "count": 51}, "count must be"),
        ("search", {"query": "x", "count": "5"}, "count must be"),
        ("search", {"query": "x", "count": True}, "count must be"),
        ("search", {"query": ""}, "the question is empty"),
        ("show", {"article_id": "none"}, "there is no such article"),
        ("show", {"article_id": "none", "version": 0}, "version must be a whole number, 1 or more"),
        ("show", {"article_id": ["none"]}, "article_id must be text"),
    ],
)
def test_what_a_model_gets_wrong_is_told_to_it(
    door: tuple[Client, ScriptedDesk], name: str, arguments: dict[str, object], told: str
) -> None:
    result = call(door[0], name, **arguments)
    assert result["isError"] is True and "structuredContent" not in result
    (content,) = result["content"]
    assert content["type"] == "text" and told in content["text"]
    assert door[1].orders == []


def test_a_full_line_is_told_to_the_model(scripted: Make) -> None:
    def script(order: Order, llm: LanguageModel) -> Iterator[DeskEvent]:
        while True:
            time.sleep(0.01)
            yield from ()
            if desk.given_up:
                return

    desk: Any = scripted(script, most_waiting=0)
    desk.given_up = False
    body = {"messages": [{"role": "user", "content": "Who?"}]}
    with served(desk) as client, client.left_open(body):
        wait_until(lambda: len(desk.orders) == 1)
        result = call(client, "ask", question="Who?")
        assert result["isError"] and "questions are waiting" in result["content"][0]["text"]
        desk.given_up = True


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"{broken", -32700),
        (b'{"id": "\\ud800"}', -32700),
        ([], -32600),
        ([{"jsonrpc": "2.0", "id": 1, "method": "ping"}], -32600),
        ("ping", -32600),
        (5, -32600),
        ({}, -32600),
        ({"jsonrpc": "1.0", "id": 1, "method": "ping"}, -32600),
        ({"jsonrpc": "2.0", "id": None, "method": "ping"}, -32600),
        ({"jsonrpc": "2.0", "id": 1.5, "method": "ping"}, -32600),
        ({"jsonrpc": "2.0", "id": True, "method": "ping"}, -32600),
        ({"jsonrpc": "2.0", "id": {}, "method": "ping"}, -32600),
        ({"jsonrpc": "2.0", "id": 1}, -32600),
        ({"jsonrpc": "2.0", "id": 1, "result": {}}, -32600),
        ({"jsonrpc": "2.0", "id": 1, "method": 5}, -32600),
        ({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": [1]}, -32600),
        ({"jsonrpc": "2.0", "method": 5}, -32600),
    ],
)
def test_what_is_no_message(door: tuple[Client, ScriptedDesk], message: object, code: int) -> None:
    got = door[0]("POST", "/mcp", message)
    assert (got.status, got.json["error"]["code"]) == (400, code)
    assert set(got.json) == {"jsonrpc", "id", "error"}
    assert set(got.json["error"]) == {"code", "message"} and got.json["error"]["message"]


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("resources/list", {}, -32601),
        ("server/discover", {}, -32601),
        ("", {}, -32601),
        ("tools/call", {}, -32602),
        ("tools/call", {"name": "nope"}, -32602),
        ("tools/call", {"name": ["ask"]}, -32602),
        ("tools/call", {"name": "ask", "arguments": []}, -32602),
        ("tools/call", {"name": "ask", "arguments": "Who?"}, -32602),
    ],
)
def test_errors_of_the_protocol(
    door: tuple[Client, ScriptedDesk], method: str, params: dict[str, object], code: int
) -> None:
    got = post(door[0], method, params)
    assert (got.status, got.json["id"], got.json["error"]["code"]) == (200, 7, code)
    if method != "server/discover":
        got = post_new(door[0], method, params, {"Mcp-Name": "nope"} if params else {})
        # A tool that is named by no text is found out where the headers are compared.
        mismatch = params.get("name") not in (None, "nope")
        expected = -32020 if mismatch else code
        assert got.json["error"]["code"] == expected
        assert got.status == (404 if expected == -32601 else 400)


def test_methods_of_the_handshake_are_gone_without_it(door: tuple[Client, ScriptedDesk]) -> None:
    got = post_new(door[0], "ping")
    assert (got.status, got.json["error"]["code"]) == (404, -32601)


@pytest.mark.parametrize(
    "headers",
    [
        {"Mcp-Method": "tools/list"},
        {"Mcp-Method": ""},
        {"Mcp-Name": "show"},
        {"Mcp-Name": ""},
        {"Mcp-Name": "=?base64?%%%?="},
        {"Mcp-Name": "=?base64?/w==?="},
        {"Mcp-Name": "ASK"},
        {"MCP-Protocol-Version": "2025-11-25"},
        {"MCP-Protocol-Version": "2027-01-01"},
    ],
)
def test_headers_must_say_what_the_body_says(
    door: tuple[Client, ScriptedDesk], headers: dict[str, str]
) -> None:
    client, desk = door
    arguments = {"name": "ask", "arguments": {"question": "Who?"}}
    got = post_new(client, "tools/call", arguments, headers)
    assert (got.status, got.json["error"]["code"], got.json["id"]) == (400, -32020, 7)
    assert desk.orders == []
    coded = f"=?base64?{base64.b64encode(b'ask').decode()}?="
    assert post_new(client, "tools/call", arguments, {"Mcp-Name": coded}).status == 200


def test_headers_that_are_missing_or_twice(door: tuple[Client, ScriptedDesk]) -> None:
    client, _ = door
    meta = {f"{META}protocolVersion": NEW, f"{META}clientCapabilities": {}}
    assert post(client, "tools/list", {"_meta": meta}).json["error"]["code"] == -32020
    only = {"MCP-Protocol-Version": NEW}
    assert post(client, "tools/list", {"_meta": meta}, only).json["error"]["code"] == -32020
    twice = {**only, "Mcp-Method": "tools/list", "mcp-method": "tools/list"}
    assert post(client, "tools/list", {"_meta": meta}, twice).json["error"]["code"] == -32020


@pytest.mark.parametrize(
    "meta",
    [
        5,
        {},
        {f"{META}protocolVersion": NEW},
        {f"{META}clientCapabilities": {}},
        {f"{META}protocolVersion": 5, f"{META}clientCapabilities": {}},
        {f"{META}protocolVersion": NEW, f"{META}clientCapabilities": None},
    ],
)
def test_what_every_request_must_say_of_itself(
    door: tuple[Client, ScriptedDesk], meta: Any
) -> None:
    got = post_new(door[0], "tools/list", meta=meta)
    assert (got.status, got.json["error"]["code"]) == (400, -32602)


def test_an_unknown_revision_is_answered_with_those_that_are_spoken(
    door: tuple[Client, ScriptedDesk],
) -> None:
    client, _ = door
    unknown = {"MCP-Protocol-Version": "2031-01-01"}
    meta = {f"{META}protocolVersion": "2031-01-01", f"{META}clientCapabilities": {}}
    for got in (
        post_new(client, "tools/list", headers=unknown, meta=meta),
        post(client, "tools/list", headers=unknown),
    ):
        assert (got.status, got.json["error"]["code"]) == (400, -32022)
        assert got.json["error"]["data"] == {
            "supported": [*STATELESS, *WITH_HANDSHAKE],
            "requested": "2031-01-01",
        }


def test_there_is_no_stream_and_no_session(door: tuple[Client, ScriptedDesk]) -> None:
    for method in ("GET", "DELETE", "PUT"):
        got = door[0](method, "/mcp")
        assert (got.status, got.headers["allow"]) == (405, "POST")
        assert got.json["error"]["code"] == -32000
    got = post(door[0], "ping", headers={"Mcp-Session-Id": "x", "Last-Event-ID": "5"})
    assert got.status == 200 and "mcp-session-id" not in got.headers


def test_what_nobody_foresaw_is_told_in_the_same_form(scripted: Make) -> None:
    def script(order: Order, llm: LanguageModel) -> Iterator[DeskEvent]:
        raise ZeroDivisionError("a word of an article")
        yield

    with served(scripted(script)) as client:
        got = post(client, "tools/call", {"name": "ask", "arguments": {"question": "Who?"}})
        assert (got.status, got.json["error"]["code"]) == (500, -32603)
        assert "article" not in got.body.decode()
