"""Texts that attack the page: every payload in every field that can hold it, in a real browser."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page

from rag.assistant import Found, Said
from rag.chat.room import Wish
from rag.read.follow_up import Turn
from rag.records import Answer, ArticleInfo, Citation, Conflict, Position, Question, Span, Statement
from rag.server.desk import Asked
from tests.chat.conftest import Tab
from tests.chat.fakes import ScriptedRoom, answer_of, hit_of, info_of, read_of
from tests.chat.payloads import HOSTILE, PLACES

Open = Callable[..., Tab]
LOTS = 16  # payloads to an answer


def lot_of(number: int) -> tuple[str, ...]:
    return HOSTILE[number * LOTS : (number + 1) * LOTS]


def article_of(n: int, payload: str) -> ArticleInfo:
    return info_of(
        title=f"{payload} title", article_id=f"h{n}", source=f"{payload} source",
        location=PLACES[n % len(PLACES)] if n % 2 else f"/articles/{payload}.txt",
        flags=(payload,),
    )  # fmt: skip


def text_of(payload: str) -> str:
    return f"Before {payload} it.\n\nIt said {payload} there.\n\nAfter {payload} it."


def hostile_answer(number: int) -> Answer:
    """An answer in which a lot of payloads stands in every field."""
    said, cited, sides = [], [], []
    for at, payload in enumerate(lot_of(number), 1):
        text, words = text_of(payload), f"It said {payload} there."
        start = text.index(words)
        info = article_of(number * LOTS + at - 1, payload)
        cited.append(Citation(at, info, words, Span(start, start + len(words))))
        said.append(
            Statement(
                f"It was {payload}.",
                (at,),
                payload,
                0.9,
                payload,
                "2024-12-01",
                contradicts=payload,
            )
        )
        sides.append(Position(payload, (at,)))
    question = " ".join(lot_of(number))
    return answer_of(question, said, cited, [Conflict(question, tuple(sides))], as_typed=question)


def attack(wish: Wish, turns: Sequence[Turn]) -> Iterator[object]:
    """Questions "0" to "3" get hostile answers; another is refused with hostile passages."""
    number = int(wish.text[0])
    answer = hostile_answer(number % 4)
    yield Asked(Question(answer.question.text, None, None, wish.text))
    infos = [citation.article for citation in answer.citations]
    hits = tuple(
        hit_of(text_of(payload), info, n)
        for n, (payload, info) in enumerate(zip(lot_of(number % 4), infos, strict=True))
    )
    yield Found(hits, None)
    yield from (read_of(hit, 0.9) for hit in hits)
    yield from (Said(statement) for statement in answer.statements)
    yield answer if number < 4 else answer_of(answer.question.text, nearest=hits)


@pytest.fixture(scope="module")
def attacked(
    tmp_path_factory: pytest.TempPathFactory, serve_room: Callable[[ScriptedRoom], str]
) -> str:
    texts = {f"h{n}": text_of(payload) for n, payload in enumerate(HOSTILE)}
    return serve_room(ScriptedRoom(tmp_path_factory.mktemp("hostile"), attack, texts))


def assert_unharmed(tab: Tab) -> None:
    assert tab.page.evaluate("window.ran") is None
    assert not tab.seen.errors
    assert not tab.seen.alien()
    drawn = "#chat .answer, #chat .typed, section.evidence"
    tags = tab.page.evaluate(
        f"[...document.querySelectorAll('{drawn}')].flatMap(part => "
        "[...part.querySelectorAll('*')].map(one => one.localName))"
    )
    ours = (
        "p q li ol ul button span time strong table caption thead tbody tr th td section h2 h3 "
        "details summary blockquote dl dt dd div mark a"
    ).split()
    assert set(tags) <= set(ours)
    links = tab.page.evaluate(
        f"[...document.querySelectorAll('{drawn}')].flatMap(part => "
        "[...part.querySelectorAll('a')].map(one => [one.protocol, one.rel, one.onmouseover]))"
    )
    assert all(link == ["https:", "noopener noreferrer", None] for link in links)


def test_there_are_enough_payloads() -> None:
    assert len(set(HOSTILE)) == 4 * LOTS


@pytest.mark.parametrize("number", range(4))
def test_nothing_runs_and_all_is_shown_as_it_is(attacked: str, open_tab: Open, number: int) -> None:
    tab = open_tab(attacked)
    tab.ask(f"{number} {lot_of(number)[0]}")
    shown = tab.answered(1)
    for payload in lot_of(number):
        assert f"It was {payload}." in " ".join(shown.split()) or "\n" in payload
    open_all(tab.page)
    assert tab.page.locator("#evidence-1 .article").count() == LOTS
    for at, payload in enumerate(lot_of(number), 1):
        text = tab.page.locator(f"#card-1-{at} .article .text").evaluate("it => it.textContent")
        assert text == text_of(payload)
    assert_unharmed(tab)
    if number:
        return
    tab.page.wait_for_timeout(300)
    tab.page.reload()
    tab.answered(1)
    assert_unharmed(tab)


def test_a_refusal_is_as_safe(attacked: str, open_tab: Open) -> None:
    tab = open_tab(attacked)
    tab.ask("4")
    tab.answered(1)
    open_all(tab.page)
    assert_unharmed(tab)


def test_what_a_browser_kept_is_no_more_trusted(attacked: str, open_tab: Open) -> None:
    tab = open_tab(attacked)
    tab.page.evaluate("localStorage.setItem('rag-conversation', 'nonsense<img src=x>')")
    tab.page.reload()
    tab.page.wait_for_selector(".example:visible")
    tab.ask("0")
    tab.answered(1)
    assert_unharmed(tab)


def test_hostile_names_of_files_are_told_as_they_are(
    attacked: str, open_tab: Open, tmp_path: Path
) -> None:
    name = "<img src=x onerror=window.ran=1>.txt"
    (tmp_path / name).write_text("An article.")
    tab = open_tab(attacked)
    tab.page.click("#adding button")
    tab.page.set_input_files("#files input[type=file]", str(tmp_path / name))
    tab.page.wait_for_selector("#report:has-text('1 new')")
    assert_unharmed(tab)


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details.card').forEach(one => one.open = true)")
    page.wait_for_timeout(300)
