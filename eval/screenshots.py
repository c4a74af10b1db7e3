"""Pictures of the page for the README, taken of the real page over seeds/.

    python -m eval.screenshots eval/screenshots

Needs the test group (Playwright) and a Chromium of the system. The pictures show what the default
model answers.
"""

import argparse
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, sync_playwright

from rag import config
from rag.assistant import Offered, ingest
from rag.chat.launch import build_app, listen, make_server
from rag.chat.newsroom import Newsroom
from rag.cli.options import load_embedder
from rag.progress import Silent
from rag.read.load import load_llm
from rag.server.desk import Desk

SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
_SEEDS = Path(__file__).parents[1] / "seeds"
_PICTURES: tuple[tuple[str, Literal["light", "dark"], int], ...] = (
    ("light", "light", 1280),
    ("narrow-dark", "dark", 400),
)
_QUESTION = "How many people have been killed?"
_LONGEST = 120_000  # milliseconds for an answer


def main() -> None:
    """Takes them."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.screenshots",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as scratch, _served(Path(scratch)) as address:
        _take(address, folder, chromium)


def _take(address: str, folder: Path, chromium: str | None) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        for name, scheme, width in _PICTURES:
            page = browser.new_page(
                viewport={"width": width, "height": 860}, color_scheme=scheme, device_scale_factor=1
            )
            _ask(page, address)
            page.screenshot(path=folder / f"{name}.png")
        browser.close()


def _ask(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_text("the newest of").wait_for()  # the page is ready
    page.wait_for_timeout(1_000)
    page.locator("#question textarea").fill(_QUESTION)
    page.keyboard.press("Enter")
    page.locator("#live", has_text="Answered:").wait_for(state="attached", timeout=_LONGEST)
    page.locator("button.mark").first.click()


@contextmanager
def _served(scratch: Path) -> Iterator[str]:
    """The page's address while it is served."""
    store, embedder = scratch / "store", load_embedder(config.DEFAULT_EMBEDDER)
    ingest(Offered([_SEEDS]), store, embedder, Silent())
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


if __name__ == "__main__":
    main()
