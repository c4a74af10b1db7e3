"""The Model Context Protocol over HTTP, as far as three read-only tools need it.

Every request stands alone: there is no session and no stream. Clients of the revision of July 2026
say with every request which revision they speak, in the body and in headers that must agree;
older ones open with `initialize`, which is answered and forgotten. Written from the public
specification, revisions 2026-07-28 and 2025-11-25, "Streamable HTTP", "Versioning", "Tools".
"""

import base64
import binascii
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rag import __version__
from rag.server.inputs import refusal_of
from rag.server.tools import TOOLS
from rag.server.web import Refusal

STATELESS = ("2026-07-28",)
WITH_HANDSHAKE = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")  # newest first
UNREADABLE, INVALID_REQUEST, NO_METHOD, INVALID_PARAMS = -32700, -32600, -32601, -32602
INTERNAL, REFUSED = -32603, -32000
HEADER_MISMATCH, UNKNOWN_REVISION = -32020, -32022
_STATUS = {NO_METHOD: 404}  # of a stateless request; others are 400
_META = "io.modelcontextprotocol/"
_SERVER = {"name": "rag", "title": "News articles", "version": __version__}
_INSTRUCTIONS = (
    "Answers come from the user's own news articles, in their sentences, with source and date. "
    "Use ask for a question, search to look around, show to read one article whole."
)
_FRESH = {"ttlMs": 3_600_000, "cacheScope": "private"}

Call = Callable[[str, Mapping[str, Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP status and a body, None for none."""

    status: int
    body: dict[str, Any] | None


class _Fault(Exception):
    """A JSON-RPC error."""

    def __init__(self, code: int, message: str, data: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data


async def respond(message: object, headers: Mapping[str, str], call: Call) -> Response:
    """What is answered to one JSON-RPC message. `call` runs a tool by name; what it raises goes
    through `refusal_of`, and what that does not know is raised here."""
    number = _id_of(message)
    stateless = False
    try:
        method, params = _check_shape(message)
        if isinstance(message, dict) and "id" not in message:
            return Response(202, None)  # a notification, of which none changes anything here
        stateless = _is_stateless(method, params, headers)
        if stateless:
            _check_envelope(method, params, headers)
        result = await _result(method, params, call, stateless)
    except _Fault as fault:
        ours = stateless or fault.code in (INVALID_REQUEST, UNKNOWN_REVISION)
        status = _STATUS.get(fault.code, 400) if ours else 200
        return Response(status, _error(number, fault.code, fault.message, fault.data))
    if stateless:
        result = {**result, "resultType": "complete", "_meta": {_META + "serverInfo": _SERVER}}
    return Response(200, {"jsonrpc": "2.0", "id": number, "result": result})


def refused(refusal: Refusal) -> dict[str, Any]:
    """A request of which no message could be read, or which failed, as a JSON-RPC error."""
    code = INTERNAL if refusal.status == 500 else REFUSED
    return _error(None, UNREADABLE if refusal.code == "invalid_json" else code, refusal.message)


def _error(
    number: str | int | None, code: int, message: str, data: object = None
) -> dict[str, Any]:
    error = {"code": code, "message": message, **({} if data is None else {"data": data})}
    return {"jsonrpc": "2.0", "id": number, "error": error}


def _id_of(message: object) -> str | int | None:
    found = message.get("id") if isinstance(message, dict) else None
    return found if isinstance(found, str) or type(found) is int else None


def _check_shape(message: object) -> tuple[str, dict[str, Any]]:
    """The method and its parameters."""
    if isinstance(message, list):
        raise _Fault(INVALID_REQUEST, "several messages in one body are not taken")
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        raise _Fault(INVALID_REQUEST, "the body is no JSON-RPC 2.0 message")
    if "id" in message and _id_of(message) is None:
        raise _Fault(INVALID_REQUEST, "id must be text or a whole number")
    method = message.get("method")
    if not isinstance(method, str):
        raise _Fault(INVALID_REQUEST, "method is missing or no text")
    params = message.get("params", {})
    if not isinstance(params, dict):
        raise _Fault(INVALID_REQUEST, "params must be an object")
    return method, params


def _is_stateless(method: str, params: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
    """Whether a request is of the revision without a handshake. Raises for one of none."""
    if method == "initialize":
        return False
    named = headers.get("mcp-protocol-version")
    meta = params.get("_meta")
    if named in STATELESS or (isinstance(meta, dict) and _META + "protocolVersion" in meta):
        return True
    if named is not None and named not in WITH_HANDSHAKE:
        raise _unknown_revision(named)
    return False


def _check_envelope(method: str, params: Mapping[str, Any], headers: Mapping[str, str]) -> None:
    """Holds the headers to the body, which intermediaries may have decided by."""
    meta = params.get("_meta")
    if not isinstance(meta, dict):
        raise _Fault(INVALID_PARAMS, "params._meta is missing")
    revision = meta.get(_META + "protocolVersion")
    if not isinstance(revision, str):
        raise _Fault(INVALID_PARAMS, f"params._meta has no {_META}protocolVersion")
    if not isinstance(meta.get(_META + "clientCapabilities"), dict):
        raise _Fault(INVALID_PARAMS, f"params._meta has no {_META}clientCapabilities")
    expected: dict[str, object] = {"mcp-protocol-version": revision, "mcp-method": method}
    if method == "tools/call":
        expected["mcp-name"] = params.get("name")
    for name, value in expected.items():
        if value is not None and _plain(headers.get(name)) != value:
            raise _Fault(HEADER_MISMATCH, f"the header {name} does not say what the body says")
    if revision not in STATELESS:
        raise _unknown_revision(revision)


def _unknown_revision(named: str) -> _Fault:
    supported = [*STATELESS, *WITH_HANDSHAKE]
    data = {"supported": supported, "requested": named}
    return _Fault(UNKNOWN_REVISION, "that revision of the protocol is not spoken here", data)


def _plain(value: str | None) -> str | None:
    """A header's value; what is no plain ASCII comes as "=?base64?...?="."""
    if value is None or not (value.startswith("=?base64?") and value.endswith("?=")):
        return value
    try:
        return base64.b64decode(value[9:-2], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


async def _result(
    method: str, params: Mapping[str, Any], call: Call, stateless: bool
) -> dict[str, Any]:
    if method == "tools/call":
        return await _call_tool(params, call)
    if method == "tools/list":
        return {"tools": [tool.to_json() for tool in TOOLS], **(_FRESH if stateless else {})}
    if method == "server/discover" and stateless:
        versions = {"supportedVersions": [*STATELESS, *WITH_HANDSHAKE]}
        return {**versions, **_identity(), **_FRESH}
    if method == "initialize" and not stateless:
        asked = params.get("protocolVersion")
        spoken = asked if asked in WITH_HANDSHAKE else WITH_HANDSHAKE[0]
        return {"protocolVersion": spoken, "serverInfo": _SERVER, **_identity()}
    if method == "ping" and not stateless:
        return {}
    raise _Fault(NO_METHOD, "there is no such method here")


def _identity() -> dict[str, Any]:
    return {"capabilities": {"tools": {}}, "instructions": _INSTRUCTIONS}


async def _call_tool(params: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """The result of a tool; what went wrong in it is a result, too, which a model can mend."""
    name = params.get("name")
    given = params.get("arguments")
    if not isinstance(name, str) or name not in {tool.name for tool in TOOLS}:
        raise _Fault(INVALID_PARAMS, "there is no such tool here; see tools/list")
    if not isinstance(given, dict | None):
        raise _Fault(INVALID_PARAMS, "arguments must be an object")
    try:
        result = await call(name, given or {})
    except Exception as error:
        refusal = refusal_of(error)
        if not isinstance(refusal, Refusal):
            raise
        return {"content": [_content(refusal.message)], "isError": True}
    text = json.dumps(result, ensure_ascii=False)
    return {"content": [_content(text)], "structuredContent": result, "isError": False}


def _content(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}
