"""A browser, and pages that it can look at: scripted ones in this process."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from rag.chat.launch import build_app, listen
from tests.chat.fakes import ScriptedRoom

SWITCHES = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = "no Chromium: install the system's (apt-get install chromium) or: playwright install chromium"


def find_chromium(playwright: Playwright) -> str:
    """The system's Chromium, else Playwright's, else Debian's package where it may be put in."""
    if found := next(filter(None, map(shutil.which, NAMES)), None):
        return found
    if Path(playwright.chromium.executable_path).exists():
        return playwright.chromium.executable_path
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["update"], ["install", "-y", "chromium"]):
            subprocess.run(["apt-get", "-qq", *command], check=False, timeout=600)
        if found := shutil.which("chromium"):
            return found
    pytest.fail(HOW)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Not for the whole session: as long as it is open, asyncio.run works in no other test.
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=find_chromium(playwright), args=SWITCHES
        )
        yield opened
        opened.close()


@dataclass
class Seen:
    """What a page did: where it reached out to, and what went wrong in it."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def alien(self) -> list[str]:
        return [
            url
            for url in self.requests
            if not url.startswith(("http://127.0.0.1:", "blob:", "data:"))
        ]


@dataclass
class Tab:
    """A page that is open, and what it did."""

    page: Page
    seen: Seen

    def ask(self, question: str) -> None:
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")

    def answered(self, turn: int, timeout: float = 30_000) -> str:
        """The text of an answer, when it is whole."""
        whole = self.page.locator(f"#answer-{turn}:not(.growing)")
        whole.wait_for(timeout=timeout)
        return str(whole.inner_text())


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[Callable[..., Tab]]:
    contexts = []

    def opened(url: str, **options: Any) -> Tab:
        context = browser.new_context(**options)
        contexts.append(context)
        return tab_of(context.new_page(), url)

    yield opened
    for context in contexts:
        context.close()


def tab_of(page: Page, url: str) -> Tab:
    seen = Seen()
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.goto(url)
    page.wait_for_selector("#question textarea", timeout=30_000)
    page.wait_for_selector(".masthead", timeout=30_000)
    return Tab(page, seen)


@pytest.fixture(scope="module")
def serve_room() -> Iterator[Callable[[ScriptedRoom], str]]:
    servers = []

    def serve(room: ScriptedRoom) -> str:
        listening = listen("127.0.0.1", 0)
        config = uvicorn.Config(
            build_app(room, None), log_level="error", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True).start()
        servers.append((server, room))
        for _ in range(200):
            if server.started:
                break
            time.sleep(0.05)
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield serve
    for server, room in servers:
        server.should_exit = True
        room.line.close()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> ScriptedRoom:
    return ScriptedRoom(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="module")
def scripted(room: ScriptedRoom, serve_room: Callable[[ScriptedRoom], str]) -> str:
    """The address of a page that answers by the script."""
    return serve_room(room)
