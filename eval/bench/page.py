"""Answering through the page, in a real browser, against the command line's way in this process."""

import contextlib
import random
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from eval.bench.pairs import ratio_of, seconds
from eval.run import read_questions
from eval.served import SWITCHES, chromium, served
from rag import config
from rag.assistant import Assistant
from rag.cli.options import load_embedder
from rag.index.store import open_store
from rag.read.load import load_llm
from rag.records import Filters, Question

_QUESTIONS = Path(__file__).parents[1] / "seed_questions.jsonl"
_LONGEST = 120_000  # milliseconds for an answer
_SETTLED = 6_000  # milliseconds after which a browser has done with a page that it has opened


def run(count: int) -> None:
    """Prints the ratio of the times from sending to the whole answer, and how long the first card
    of evidence takes."""
    rows = [row for row in read_questions(_QUESTIONS, "develop") if "conversation" not in row]
    questions = [row["question"] for row in rows[:count]]
    with tempfile.TemporaryDirectory() as scratch, served(Path(scratch)) as address:
        llm = load_llm(config.DEFAULT_LLM, config.models_dir())
        with (
            contextlib.closing(open_store(Path(scratch, "store"))) as store,
            contextlib.closing(llm),
            sync_playwright() as playwright,
        ):
            assistant = Assistant(store, load_embedder(config.DEFAULT_EMBEDDER), llm)
            browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
            _compare(questions, assistant, browser, address)
            browser.close()


def _compare(questions: list[str], assistant: Assistant, browser: Browser, address: str) -> None:
    rng = random.Random(0)
    times, cards = [], []
    for number, question in enumerate(questions):
        page = browser.new_page()  # of its own context, so that no conversation is kept
        _open(page, address)
        taken = [0.0, 0.0]
        for side in rng.sample((0, 1), 2):
            if side:
                taken[1] = seconds(lambda: _directly(assistant, question))  # noqa: B023  # called at once
            else:
                taken[0] = seconds(lambda: cards.append(_ask(page, question)))  # noqa: B023
        page.context.close()
        if number:  # the first warms
            times.append((taken[0], taken[1]))
            print(f"{taken[0]:.2f} s and {taken[1]:.2f} s: {question}", flush=True)
    print(f"page / command line, {len(times)} questions: {ratio_of(times, rng)}")
    over = statistics.median(one - other for one, other in times)
    print(f"  {over:+.2f} s in the median; the first card after {statistics.median(cards):.2f} s")


def _directly(assistant: Assistant, question: str) -> None:
    asked = assistant.as_asked(Question(question, None, None))
    for _ in assistant.ask(asked, Filters()):
        pass


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_text("the newest of").wait_for()
    page.wait_for_timeout(_SETTLED)


def _ask(page: Page, question: str) -> float:
    """Sends a question and waits for its answer; the seconds until the first card."""
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").focus()

    def first() -> None:
        page.keyboard.press("Enter")
        _wait(page, "#evidence-now .card")

    taken = seconds(first)
    _wait(page, "#answer-1:not(.growing)")
    return taken


def _wait(page: Page, selector: str) -> None:
    """Until the page has it. Playwright's own waiting looks sixty times a second, which takes time
    from the model; here the page tells."""
    page.evaluate(
        """([selector, longest]) => new Promise((resolve, reject) => {
            const look = () => document.querySelector(selector) && resolve();
            new MutationObserver(look).observe(document.body, {
                childList: true, subtree: true, attributes: true,
            });
            setTimeout(() => reject(new Error(`no ${selector}`)), longest);
            look();
        })""",
        [selector, _LONGEST],
    )
