"""`rag chat`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from rag import config
from rag.cli import options
from rag.cli.terminal import tell
from rag.retrieve.recency import HALF_LIFE


def chat_command(
    store: options.Store_ = None,
    model: options.Model_ = config.DEFAULT_LLM,
    embedder: options.Embedder_ = config.DEFAULT_EMBEDDER,
    half_life: options.HalfLife = HALF_LIFE,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where the page listens.")
    ] = 7860,
    host: Annotated[
        str,
        typer.Option("--host", help="The address to listen on; beyond loopback with --password."),
    ] = "127.0.0.1",
    password: Annotated[
        Path | None,
        typer.Option(
            "--password",
            metavar="FILE",
            help="A file whose first line everybody must give; the user's name is rag. It goes "
            "over the wire as it is: put a proxy with TLS before it.",
        ),
    ] = None,
) -> None:
    """Open the page in which articles are asked, added and read, on this computer."""
    os.environ["HF_HUB_OFFLINE"] = "1"  # a page needs no hub, and is to reach for none
    from rag.chat.launch import build_app, check_host, listen, read_password, serve

    word = read_password(password) if password else None
    check_host(host, word)
    weight = options.half_life(half_life)
    from rag.chat.newsroom import Newsroom
    from rag.read.llm import LanguageModel
    from rag.read.load import load_llm
    from rag.server.desk import Desk

    def load(name: str) -> LanguageModel:
        return load_llm(name, config.models_dir())

    listening = listen(host, port)
    folder, loaded = options.store_folder(store), options.load_embedder(embedder)
    loaded.encode(["the first question is not to wait for this"])
    desk = Desk(folder, loaded, load(model), weight)
    room = Newsroom(desk, folder, loaded, config.data_dir(), load, config.models_dir())
    try:
        app = build_app(room, desk, word)
        tell(f"rag chat: http://{host}:{listening.getsockname()[1]}/ (Ctrl-C ends it)")
        serve(app, listening)
    finally:
        desk.close()
