"""The page as a program that listens: who may reach it, and what a browser may load from it.

It listens on this computer alone unless a password is given. Every answer carries a policy by
which a browser loads nothing from elsewhere, whatever an article says.
"""

import base64
import binascii
import hmac
import os
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.chat.room import Room
from rag.errors import InputError, OptionError
from rag.server.guard import is_loopback

if TYPE_CHECKING:
    import uvicorn

    from rag.server.desk import Desk

SHORTEST = 12  # characters of a password
USER = "rag"
DOORS = ("/v1", "/mcp")  # the paths of rag.server
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
# Gradio's own page needs scripts and styles in the page and makes functions from text; what
# counts is that nothing is loaded from, or sent to, another place.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; media-src 'self' blob:; object-src 'none'; "
    "frame-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'self'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-dns-prefetch-control", b"off"),
)


def read_password(path: Path) -> str:
    """The first line of a file. Raises InputError where it cannot be read or is too short."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise InputError(f"--password {path} cannot be read: {reason}") from error
    word = lines[0].strip() if lines else ""
    if not word.isascii() or not word.isprintable():
        raise InputError(f"--password {path}: its first line has other than plain characters")
    if len(word) < SHORTEST:
        raise InputError(
            f"--password {path}: its first line has {len(word)} characters; give {SHORTEST} or more"
        )
    return word


def check_host(host: str, password: str | None) -> None:
    """Raises OptionError where others could reach the page without a password."""
    if not is_loopback(host) and password is None:
        raise OptionError(
            f"--host {host} can be reached from other computers; give --password FILE with it, "
            "or leave --host away"
        )


def build_app(room: Room, desk: "Desk | None", password: str | None = None) -> App:
    """The page behind its guard, and beside it the doors for programs where there is a desk."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from rag.chat.page import make_app

    page = Guard(make_app(room), password)
    return page if desk is None else Fork(_doors(desk, password), page)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes a free one. Raises OptionError where it cannot."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host.strip("[]"), port))
        listening.listen()  # who comes before the page is ready waits, and is not turned away
    except OSError as error:
        listening.close()
        raise OptionError(
            f"--port {port} on --host {host} cannot be used: {error.strerror}; give another"
        ) from error
    return listening


def make_server(app: App) -> "uvicorn.Server":
    """What answers: `run(sockets=[...])` until it is interrupted or told that it `should_exit`."""
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=2,
            server_header=False,
        )
    )


def serve(app: App, listening: socket.socket) -> None:
    """Answers until it is interrupted."""
    make_server(app).run(sockets=[listening])


def _doors(desk: "Desk", token: str | None) -> App:
    """The doors for programs, which have a guard of their own; the password is their token."""
    from rag.server.app import create_app

    return create_app(desk, token)


class Fork:
    """Sends the paths of the doors to the doors and all others to the page."""

    def __init__(self, doors: App, page: App) -> None:
        self._doors = doors
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        path = scope.get("path", "")
        at_a_door = any(path == door or path.startswith(f"{door}/") for door in DOORS)
        app = self._doors if at_a_door else self._page
        await app(scope, receive, send)


class Guard:
    """Lets in who names this computer, or knows the password, and sends the policy with all."""

    def __init__(self, app: App, password: str | None = None) -> None:
        self._app = app
        self._password = password

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            else:  # a web socket, which nothing here uses
                await send({"type": "websocket.close", "code": 1008})
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        if refusal := self._refusal(headers):
            await _refuse(send, *refusal)
            return

        async def guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in _HEADERS}
                kept = [pair for pair in message["headers"] if pair[0].lower() not in names]
                message = {**message, "headers": [*kept, *_HEADERS]}
            await send(message)

        await self._app(scope, receive, guarded)

    def _refusal(self, headers: MutableMapping[bytes, bytes]) -> tuple[int, str] | None:
        """Why a request is not let in, or nothing."""
        host = headers.get(b"host", b"").decode("latin-1")
        if self._password is None:
            # A page of another site whose name leads here by its own choice (DNS rebinding).
            if not is_loopback(_without_port(host)):
                return 403, "this page answers under the name of this computer only"
        elif not _knows(headers.get(b"authorization", b""), self._password):
            return 401, "a password is needed"
        origin = headers.get(b"origin", b"").decode("latin-1")
        if origin and origin.partition("://")[2] != host:
            return 403, "another site's page may not ask here"
        return None


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _knows(authorization: bytes, password: str) -> bool:
    """Whether a header gives the password, as a browser does or as a program does."""
    kind, _, value = authorization.partition(b" ")
    if kind.lower() == b"basic":
        try:
            user, _, value = base64.b64decode(value, validate=True).partition(b":")
        except binascii.Error:
            return False
        if user != USER.encode():
            return False
    elif kind.lower() != b"bearer":
        return False
    return hmac.compare_digest(value, password.encode())


async def _refuse(send: Send, status: int, reason: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="rag", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{reason}\n".encode()})
