"""The doors themselves: what is answered under which address, behind the guard.

Every request ends in an answer with a JSON body, whatever was sent. What is logged is the kind of
an error alone, never a word of a question, an answer or an article.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping

from rag.answer.compose import mark
from rag.answer.schema import NOT_IN_ARTICLES
from rag.assistant import Said
from rag.records import Answer
from rag.server import mcp
from rag.server.completions import Reply, error_to_json, model_to_json
from rag.server.desk import Desk
from rag.server.guard import Guard
from rag.server.inputs import Chat, read_chat, refusal_of
from rag.server.line import Waiting
from rag.server.tools import call_tool
from rag.server.web import (
    GoneAway,
    Receive,
    Refusal,
    Request,
    Scope,
    Send,
    followed,
    json_bytes,
)

_LOG = logging.getLogger("rag.server")
Handler = Callable[[Request], Awaitable[None]]
Tell = Callable[[Refusal], object]


class Door:
    """One address, as an ASGI application."""

    def __init__(
        self, guard: Guard, handlers: Mapping[str, Handler], tell: Tell = error_to_json
    ) -> None:
        """`handlers` by HTTP method; without any there is nothing under this address. `tell` puts
        a refusal into the form that is expected here."""
        self._guard = guard
        self._handlers = handlers
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        request = Request(scope, receive, send)
        try:
            self._guard.check(request.headers)
            await self._handler(request.method)(request)
        except GoneAway:
            return
        except Exception as error:  # noqa: BLE001  # whatever it is, it is answered in JSON
            refusal = refusal_of(error)
            if refusal is None:
                _LOG.error("a request failed: %s", type(error).__name__)
                refusal = Refusal(500, "something went wrong here; it is not your request")
            if not request.started:
                await request.reply(refusal.status, self._tell(refusal), refusal.headers)

    def _handler(self, method: str) -> Handler:
        if not self._handlers:
            raise Refusal(404, "there is nothing under this address", "not_found")
        if method not in self._handlers:
            allowed = {"allow": ", ".join(self._handlers)}
            raise Refusal(405, "this address does not take that", "bad_method", headers=allowed)
        return self._handlers[method]


def make_doors(desk: Desk, guard: Guard) -> dict[str, Door]:
    """The doors by their addresses, as Starlette writes them, in the order to be tried."""

    async def models(request: Request) -> None:
        listed = {"object": "list", "data": [model_to_json(desk.model)]}
        await request.reply(200, listed)

    async def chat(request: Request) -> None:
        model = desk.model
        asked = read_chat(await request.json(), model)
        reply = Reply(model, asked.include_usage)
        await (_stream if asked.stream else _reply_whole)(desk, request, asked, reply)

    async def tools(request: Request) -> None:
        response = await mcp.respond(
            await request.json(),
            request.headers,
            lambda name, given: call_tool(desk, request, name, given),
        )
        await request.reply(response.status, response.body)

    return {
        "/v1/models": Door(guard, {"GET": models}),
        "/v1/chat/completions": Door(guard, {"POST": chat}),
        "/v1/{rest:path}": Door(guard, {}),
        "/mcp": Door(guard, {"POST": tools}, mcp.refused),
    }


async def _reply_whole(desk: Desk, request: Request, asked: Chat, reply: Reply) -> None:
    async with followed(desk, asked.order, request) as events:
        async for event in events:
            if isinstance(event, Answer):
                await request.reply(200, reply.whole(event))


async def _stream(desk: Desk, request: Request, asked: Chat, reply: Reply) -> None:
    """Statements as they are said. An error that comes after the beginning is an event itself."""
    async with followed(desk, asked.order, request) as events:
        await request.start_stream()
        await request.send_event(json_bytes(reply.opening()))
        try:
            said = 0
            async for event in events:
                if event is None or isinstance(event, Waiting):
                    ahead = "" if event is None else f" {event.ahead} before this question"
                    await request.send_event(f":{ahead}".encode())
                elif isinstance(event, Said):
                    text = mark(event.statement)
                    await request.send_event(json_bytes(reply.text("\n" + text if said else text)))
                    said += 1
                elif isinstance(event, Answer):
                    if not said:
                        await request.send_event(json_bytes(reply.text(NOT_IN_ARTICLES)))
                    await request.send_event(json_bytes(reply.closing(event)))
            if asked.include_usage:
                await request.send_event(json_bytes(reply.usage()))
            await request.send_event(b"[DONE]")
        except GoneAway:
            raise
        except Exception as error:
            refusal = refusal_of(error) or Refusal(500, "something went wrong here")
            await request.send_event(json_bytes(error_to_json(refusal)))
            await request.end_stream()
            raise
        await request.end_stream()
