"""As much of HTTP as the doors need, on the ASGI interface alone: a request whose body is bounded,
JSON that is strict, an answer, a stream of events. Not known here: what is asked and answered.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from contextlib import asynccontextmanager
from typing import Any, NoReturn

from rag.records import Answer
from rag.server.desk import Desk, Order
from rag.server.line import DeskClosed, Ended

MOST_BYTES = 1_000_000  # of a body
BEAT = 10.0  # seconds without an event after which a stream shows that it is alive
_GONE = object()

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Scope = MutableMapping[str, Any]


class Refusal(Exception):
    """A request that is not carried out: an HTTP status, one line, and what it is about."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.param = param
        self.headers = dict(headers or {})


class GoneAway(Exception):
    """Whoever asked has closed the connection."""


class Request:
    """One request. `headers` by lower-case name; one that was sent twice is joined by a comma, as
    HTTP has it, and so is no value that any check accepts."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.method: str = scope["method"]
        self.headers: dict[str, str] = {}
        for raw_name, raw_value in scope["headers"]:
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
            both = f"{self.headers[name]}, {value}" if name in self.headers else value
            self.headers[name] = both
        self.started = False
        self._receive = receive
        self._send = send

    async def json(self) -> Any:
        """The body as JSON. Raises Refusal: 415, 413, 400."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            # A page of another site can send a form without asking first, but no JSON.
            raise Refusal(415, "send the body as Content-Type: application/json")
        return parse_json(await self._body())

    async def reply(self, status: int, body: object, headers: Mapping[str, str] = {}) -> None:
        """Answers with JSON; with nothing where `body` is None."""
        content = b"" if body is None else json_bytes(body)
        given = {"content-length": str(len(content)), **headers}
        if body is not None:
            given["content-type"] = "application/json"
        await self._start(status, given)
        await self._send({"type": "http.response.body", "body": content})

    async def start_stream(self) -> None:
        """Begins an answer of server-sent events."""
        await self._start(
            200,
            {
                "content-type": "text/event-stream; charset=utf-8",
                "cache-control": "no-store",
                "x-accel-buffering": "no",
            },
        )

    async def send_event(self, line: bytes) -> None:
        """One event: what stands behind "data: ", or a comment, which begins with a colon."""
        lead = b"" if line.startswith(b":") else b"data: "
        body = lead + line + b"\n\n"
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def end_stream(self) -> None:
        """Ends it."""
        await self._send({"type": "http.response.body", "body": b""})

    async def wait_until_gone(self) -> None:
        """Returns when whoever asked has closed the connection; the body must be read before."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _start(self, status: int, headers: Mapping[str, str]) -> None:
        self.started = True
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        raw.append((b"x-content-type-options", b"nosniff"))
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def _body(self) -> bytes:
        parts: list[bytes] = []
        size = 0
        more = True
        while more and size <= MOST_BYTES:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise GoneAway
            part = message.get("body", b"")
            size += len(part)
            parts.append(part)
            more = message.get("more_body", False)
        if size > MOST_BYTES:
            raise Refusal(413, f"the body has more than {MOST_BYTES:,} bytes", "too_large")
        return b"".join(parts)


def parse_json(raw: bytes) -> Any:
    """Strict JSON: UTF-8, no NaN, every text sendable. Raises Refusal."""
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
        json_bytes(value)  # half a character, written as an escape, could not be sent back
    except (ValueError, RecursionError):  # a UnicodeError is a ValueError, too
        raise Refusal(400, "the body is not valid JSON in UTF-8", "invalid_json") from None
    return value


def json_bytes(value: object) -> bytes:
    """JSON as it is sent. Raises ValueError for what JSON or UTF-8 cannot hold."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


@asynccontextmanager
async def followed(
    desk: Desk, order: Order, request: Request
) -> AsyncIterator[AsyncIterator[object]]:
    """The events of a question that is handed in here, and None after every `BEAT` seconds
    without one. It is given up where the block ends early or whoever asked goes away, which
    raises GoneAway. Raises what `Desk.begin` and the answering do."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[object] = asyncio.Queue()

    def deliver(event: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended, and with it every reader
            loop.call_soon_threadsafe(arrived.put_nowait, event)

    ticket = await asyncio.to_thread(desk.begin, order, deliver)
    gone = asyncio.ensure_future(request.wait_until_gone())
    gone.add_done_callback(lambda _: arrived.put_nowait(_GONE))
    try:
        yield _events(arrived)
    finally:
        desk.give_up(ticket)
        gone.cancel()


async def _events(arrived: "asyncio.Queue[object]") -> AsyncIterator[object]:
    answered = False
    while True:
        try:
            event = await asyncio.wait_for(arrived.get(), BEAT)
        except TimeoutError:
            yield None
            continue
        if event is _GONE:
            raise GoneAway
        if isinstance(event, Ended):
            if event.error is not None:
                raise event.error
            if not answered:  # given up by nobody here, so the desk was closed
                raise DeskClosed("this program is being stopped")
            return
        answered = answered or isinstance(event, Answer)
        yield event
