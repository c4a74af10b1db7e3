"""The doors for programs as a FastAPI app, beside which a page can be mounted.

The only module that imports fastapi, which is here for the page's sake: the doors are ASGI.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from rag.server.desk import Desk
from rag.server.doors import make_doors
from rag.server.guard import Guard

if TYPE_CHECKING:
    from fastapi import FastAPI


def bare_app() -> "FastAPI":
    """An app without anything, not even pages about itself."""
    from fastapi import FastAPI

    return FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        # It can send traces, with words of what went wrong, to where the environment says.
        telemetry={
            "tracing": False,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
    )


def create_app(desk: Desk, token: str | None = None, hosts: Collection[str] = ()) -> "FastAPI":
    """The app, with the guard on every address of its own and on no other (see
    `rag.server.guard.Guard` for `token` and `hosts`; what listens beyond loopback calls
    `require_token` before). It offers no pages of its own; the desk is closed by who made it."""
    app = bare_app()
    for address, door in make_doors(desk, Guard(token, hosts)).items():
        app.add_route(address, door)  # type: ignore[arg-type]  # an ASGI application is taken, too
    return app
