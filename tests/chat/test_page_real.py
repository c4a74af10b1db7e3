"""The page over the seeds with the real models: what it answers, and that it is the command's."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from rag.cli import run
from rag.config import DEFAULT_LLM
from tests.chat.conftest import Tab, tab_of
from tests.conftest import TINY

DAY = "2024-12-03"
CODE = "import typer; from rag.cli.chat import chat_command; typer.run(chat_command)"
NEW = (
    "date 2024-12-02 Bridge at Ostervale\n"
    "The bridge at Ostervale reopened on Monday, the town council said.\n"
)
Serve = Callable[[str], str]


@pytest.fixture(scope="module")
def serve(seed_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts the real command with a model, on a store of its own; its address."""
    started = []

    def begin(model: str) -> str:
        import shutil

        home = tmp_path_factory.mktemp("home")
        store = shutil.copytree(seed_store, home / "store")
        errors = (home / "stderr").open("w+")
        given = ["--store", str(store), "--model", model, "--port", "0"]
        process = subprocess.Popen(
            [sys.executable, "-c", CODE, *given],
            stderr=errors, env={**os.environ, "XDG_DATA_HOME": str(home)},
        )  # fmt: skip
        started.append(process)
        # The models lie where they lie, though the data folder is another.
        for _ in range(600):
            found = re.search(r"http://127\.0\.0\.1:\d+", (home / "stderr").read_text())
            if found:
                return found.group()
            assert process.poll() is None, (home / "stderr").read_text()
            time.sleep(0.1)
        pytest.fail("it did not start")

    os.environ["RAG_MODELS"] = os.environ.get("RAG_MODELS") or str(models())
    yield begin
    for process in started:
        process.terminate()
        process.wait(20)


def models() -> Path:
    from rag.config import models_dir

    return models_dir()


@pytest.fixture(scope="module")
def tab(serve: Serve, browser: Browser) -> Iterator[Tab]:
    """One page, in which the tests of this file go on with each other's conversation."""
    context = browser.new_context()
    opened = tab_of(context.new_page(), serve(DEFAULT_LLM))
    opened.page.click("#controls button >> nth=0")
    opened.page.fill("#as-of input, #as-of textarea", DAY)
    yield opened
    context.close()


def exported(tab: Tab) -> list[dict[str, Any]]:
    if not tab.page.locator("#save-json").is_visible():
        tab.page.click("#keeping button >> nth=0")
    with tab.page.expect_download() as saved:
        tab.page.click("#save-json")
    turns: list[dict[str, Any]] = json.loads(Path(saved.value.path()).read_text("utf-8"))["turns"]
    return turns


def test_first_question_opens_the_quoted_sentence(tab: Tab) -> None:
    began = time.monotonic()
    tab.ask("Who says 320 militants were killed?")
    tab.page.wait_for_selector("#evidence-1 .card", timeout=10_000)
    first = time.monotonic() - began
    shown = tab.answered(1, 60_000)
    assert "Russian military" in shown and "1 December 2024" in shown
    assert first < 5  # the bar is one second, measured where nothing else runs: see the report
    tab.page.click('#answer-1 .claims [data-card="card-1-1"]')
    quote = exported(tab)[0]["citations"][0]["quote"]
    card = tab.page.locator("#card-1-1")
    assert card.locator(".article mark").evaluate("it => it.textContent") == quote
    assert card.locator(".quote").evaluate("it => it.textContent") == quote


def test_a_follow_up_is_made_a_full_question(tab: Tab) -> None:
    tab.ask("When did they say that?")
    shown = tab.answered(2, 60_000)
    assert "Asked as:" in shown
    assert tab.page.input_value("#asked textarea") == exported(tab)[1]["question"]


def test_what_the_articles_do_not_tell_is_refused(tab: Tab) -> None:
    tab.ask("Who won the Nobel prize in chemistry?")
    assert "do not answer" in tab.answered(3, 60_000)
    assert "none answers" in tab.page.locator("#evidence-3").inner_text()


def test_stop_stops_and_a_dropped_file_is_asked_about(tab: Tab, tmp_path: Path) -> None:
    tab.ask("What happened in Idlib?")
    tab.page.wait_for_selector("#evidence-4 .card", timeout=10_000)
    began = time.monotonic()
    tab.page.click("#stop")
    tab.page.wait_for_selector("#answer-4 .stopped", timeout=5000)
    assert time.monotonic() - began < 2
    file = tmp_path / "bridge.txt"
    file.write_text(NEW)
    tab.page.click("#adding button >> nth=0")
    tab.page.set_input_files("#files input[type=file]", str(file))
    tab.page.wait_for_selector("#report:has-text('1 new')", timeout=30_000)
    tab.page.wait_for_selector(".masthead:has-text('6 articles')")
    tab.ask("When did the bridge at Ostervale reopen?")
    assert "Monday" in tab.answered(4, 60_000)


def test_the_conversation_outlives_a_reload(tab: Tab) -> None:
    before = exported(tab)
    tab.page.reload()
    assert "Monday" in tab.answered(4)
    assert exported(tab) == before
    assert not tab.seen.errors and not tab.seen.alien()


def test_figures_that_differ_and_all_else_are_those_of_the_command(
    serve: Serve, browser: Browser, seed_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = "How many people have been killed?"
    context = browser.new_context()
    tab = tab_of(context.new_page(), serve(TINY))
    tab.page.click("#controls button >> nth=0")
    tab.page.fill("#as-of input, #as-of textarea", DAY)
    tab.page.fill("#until input, #until textarea", DAY)
    tab.ask(question)
    tab.answered(1, 60_000)
    dates = tab.page.locator("#answer-1 table.conflict time").evaluate_all(
        "them => them.map(it => it.dateTime)"
    )
    assert len(dates) > 1 and dates == sorted(dates, reverse=True)
    (page,) = exported(tab)
    context.close()
    capsys.readouterr()
    given = ["--store", str(seed_store), "--model", TINY, "--as-of", DAY, "--until", DAY, "--json"]
    assert run(["ask", question, *given]) == 0
    command = json.loads(capsys.readouterr().out)
    page.pop("nearest")
    for answer in (page, command):
        answer.pop("timings_ms")
    assert page == command
