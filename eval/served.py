"""The real page over seeds/, served on loopback as long as it is needed."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag import config
from rag.assistant import Offered, ingest
from rag.chat.launch import build_app, listen, make_server
from rag.chat.newsroom import Newsroom
from rag.cli.options import load_embedder
from rag.progress import Silent
from rag.read.load import load_llm
from rag.server.desk import Desk

SEEDS = Path(__file__).parents[1] / "seeds"
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


@contextmanager
def served(scratch: Path) -> Iterator[str]:
    """The page's address while it is served; its store is `scratch`/store."""
    store, embedder = scratch / "store", load_embedder(config.DEFAULT_EMBEDDER)
    ingest(Offered([SEEDS]), store, embedder, Silent())
    models = config.models_dir()
    desk = Desk(store, embedder, load_llm(config.DEFAULT_LLM, models))
    room = Newsroom(desk, store, embedder, scratch, lambda name: load_llm(name, models), models)
    listening = listen("127.0.0.1", 0)
    server = make_server(build_app(room, desk))
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join()
        desk.close()


def chromium() -> str | None:
    """The system's browser; None leaves it to Playwright's own."""
    return shutil.which("chromium") or shutil.which("google-chrome")
