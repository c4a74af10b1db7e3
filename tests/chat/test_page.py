"""The page in a real browser, with answers by a script: what a reader does with it."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.chat.feedback import FILE
from tests.chat.conftest import Tab
from tests.chat.fakes import TEXT, ScriptedRoom

Open = Callable[..., Tab]


def test_evidence_comes_first_and_the_answer_beside_it(scripted: str, open_tab: Open) -> None:
    tab = open_tab(scripted)
    tab.ask("slow: how many were hurt?")
    tab.page.wait_for_selector("#evidence-1 .card.tells", timeout=5000)
    cards = tab.page.locator("#evidence-1 .card").all_inner_texts()
    assert [card.splitlines()[0] for card in cards] == ["The Herald 2 December 2024"] * 2
    assert tab.page.locator("#evidence-1 .card.waiting").count() == 1
    assert "Reading 2 passages" in tab.page.locator("#answer-1").inner_text()
    began = time.monotonic()
    tab.page.click("#stop")
    tab.page.wait_for_selector("#answer-1 .stopped", timeout=2000)
    assert time.monotonic() - began < 2
    tab.page.wait_for_selector("#send", timeout=2000)
    assert not tab.seen.errors and not tab.seen.alien()


def test_a_stopped_question_frees_the_line(
    scripted: str, room: ScriptedRoom, open_tab: Open
) -> None:
    tab = open_tab(scripted)
    closed = room.closed
    tab.ask("slow: how many?")
    tab.page.wait_for_selector("#evidence-1 .card", timeout=5000)
    tab.page.click("#stop")
    tab.page.wait_for_selector("#answer-1 .stopped", timeout=2000)
    tab.ask("How many were hurt?")
    tab.answered(1, 3000)
    assert room.closed == closed + 2


def test_who_leaves_is_no_longer_worked_for(
    scripted: str, room: ScriptedRoom, open_tab: Open
) -> None:
    tab = open_tab(scripted)
    closed = room.closed
    tab.ask("slow: how many?")
    tab.page.wait_for_selector("#evidence-1 .card", timeout=5000)
    tab.page.close()
    for _ in range(80):
        if room.closed > closed:
            return
        time.sleep(0.05)
    pytest.fail("the work went on")


def test_a_mark_opens_the_sentence_and_the_keyboard_goes_back(
    scripted: str, open_tab: Open
) -> None:
    tab = open_tab(scripted)
    page = tab.page
    tab.ask("How many were hurt?")
    tab.answered(1)
    mark = page.locator('#answer-1 .claims [data-card="card-1-2"]')
    mark.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('details').id") == "card-1-2"
    card = page.locator("#card-1-2")
    assert card.locator(".article mark").inner_text() == card.locator(".quote").inner_text()
    assert card.locator(".article .text").inner_text() == TEXT
    assert "1 December 2024 (given with the article)" in card.inner_text()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.card") == "card-1-2"
    page.keyboard.press("Enter")
    page.click("#card-1-2 .back")
    assert page.evaluate("document.activeElement.dataset.card") == "card-1-2"


def test_what_differs_is_a_table_and_time_a_line(scripted: str, open_tab: Open) -> None:
    tab = open_tab(scripted)
    tab.ask("How many were hurt?")
    tab.answered(1)
    rows = tab.page.locator("#answer-1 table.conflict tbody tr").all_inner_texts()
    assert [re.split(r"\s*\t\s*", row)[:2] for row in rows] == [
        ["2 December 2024", "twelve"],
        ["1 December 2024", "ten"],
    ]
    days = tab.page.locator("#answer-1 .timeline .day").all_inner_texts()
    assert days == ["names 1 December, reported 1 December 2024", "reported 2 December 2024"]
    assert tab.page.locator("#answer-1 .speaker").all_inner_texts() == ["the mayor"]


def test_a_refusal_shows_what_is_near_as_such(scripted: str, open_tab: Open) -> None:
    tab = open_tab(scripted)
    tab.ask("refuse this")
    assert "The articles do not answer this." in tab.answered(1)
    panel = tab.page.locator("#evidence-1")
    assert "Nearest passages, none answers" in panel.inner_text()
    assert panel.locator(".card.cited").count() == 0
    tab.page.click("#answer-1 .plain")
    assert tab.page.locator("#card-1-near-1[open]").count() == 1


def test_a_follow_up_is_shown_and_can_be_edited(scripted: str, open_tab: Open) -> None:
    tab = open_tab(scripted)
    page = tab.page
    tab.ask("How many were hurt?")
    tab.answered(1)
    assert not page.locator("#asked textarea").is_visible()
    tab.ask("follow: and there?")
    assert "Asked as: How many were hurt in the fire?" in tab.answered(2)
    assert page.input_value("#asked textarea") == "How many were hurt in the fire?"
    page.fill("#asked textarea", "follow: how many in the other fire?")
    page.click("#ask-asked")
    # In full: the script makes no other question of it, though there are turns before it.
    assert "Asked as" not in tab.answered(3)
    page.click('#answer-1 .claims [data-card="card-1-1"]')
    assert page.locator("#card-1-1").is_visible() and not page.locator("#evidence-3").is_visible()


def test_a_conversation_outlives_a_reload_and_can_be_saved(scripted: str, open_tab: Open) -> None:
    tab = open_tab(scripted)
    page = tab.page
    tab.ask("How many were hurt?")
    tab.answered(1)
    tab.ask("refuse that")
    tab.answered(2)
    page.wait_for_timeout(500)
    page.reload()
    assert "twelve" in tab.answered(1) and "do not answer" in tab.answered(2)
    page.wait_for_selector("#evidence-2")
    page.click('#answer-1 .claims [data-card="card-1-1"]')
    assert page.locator("#card-1-1 .article mark").inner_text() == TEXT[45:]
    page.click("#keeping button")
    with page.expect_download() as saved:
        page.click("#save-json")
    kept = json.loads(Path(saved.value.path()).read_text("utf-8"))
    assert [turn["status"] for turn in kept["turns"]] == ["conflicting", "not_in_articles"]
    assert kept["turns"][0]["citations"][1]["quote"] == TEXT[:44]
    with page.expect_download() as saved:
        page.click("#save-markdown")
    assert saved.value.suggested_filename == "conversation.md"
    text = Path(saved.value.path()).read_text("utf-8")
    assert "## How many were hurt?" in text and "> Ten were hurt" in text
    page.click("#anew")
    page.wait_for_selector("#answer-1", state="detached")
    page.wait_for_timeout(300)
    page.reload()
    page.wait_for_selector(".example")
    assert page.locator("#answer-1").count() == 0


def test_a_judgement_is_kept_with_its_answer(
    scripted: str, room: ScriptedRoom, open_tab: Open
) -> None:
    tab = open_tab(scripted)
    page = tab.page
    tab.ask("How many were hurt?")
    tab.answered(1)
    page.wait_for_timeout(300)
    page.click("#chat button[aria-label*='like' i] >> nth=-1")
    page.click("#keeping button")
    page.wait_for_selector("#thanks:has-text('Kept')")
    page.fill("#comment textarea", "Which <fire>?")
    page.click("#send-comment")
    page.wait_for_function("document.querySelector('#comment textarea').value === ''")
    lines = [json.loads(line) for line in (room.feedback_folder / FILE).read_text().splitlines()]
    assert [line["verdict"] for line in lines] in (["up", None], ["down", None])
    assert lines[1]["comment"] == "Which <fire>?"
    assert lines[0]["answer"]["statements"][1]["speaker"] == "the mayor"


def test_dropped_files_are_added_and_told(
    scripted: str, room: ScriptedRoom, open_tab: Open, tmp_path: Path
) -> None:
    file = tmp_path / "one.txt"
    file.write_text("An article.")
    tab = open_tab(scripted)
    tab.page.click("#adding button")
    tab.page.set_input_files("#files input[type=file]", str(file))
    tab.page.wait_for_selector("#report:has-text('1 new')")
    assert "bad.txt: it is empty" in tab.page.locator("#report").inner_text()
    assert room.added == ["one.txt"]
    tab.page.wait_for_selector(".masthead:has-text('6 articles.')")


def test_fields_that_cannot_be_used_are_told(scripted: str, open_tab: Open) -> None:
    tab = open_tab(scripted)
    tab.page.click("#controls button")
    tab.page.fill("#since input, #since textarea", "yesterday")
    tab.ask("How many?")
    tab.page.wait_for_selector("#answer-1 .problem")
    assert 'Articles from: "yesterday" is no day' in tab.page.locator("#answer-1").inner_text()


def test_an_example_is_asked_by_a_click(scripted: str, open_tab: Open) -> None:
    tab = open_tab(scripted)
    examples = tab.page.locator(".example:visible")
    examples.first.wait_for()
    assert examples.all_inner_texts() == ["What happened in Aleppo?", "Who <b>said</b> it?"]
    examples.nth(1).click()
    tab.answered(1)
    assert "Who <b>said</b> it?" in tab.page.locator("#chat").inner_text()
