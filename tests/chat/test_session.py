"""What a browser keeps, what is taken back from it, and exports."""

import copy
import json
import random
from typing import Any

import pytest

from rag.chat import session
from rag.chat.session import MOST_TURNS, Shown, shown_of
from tests.chat.fakes import TEXT, answer_of, hit_of, info_of, two_sided
from tests.chat.payloads import HOSTILE


def history() -> list[Shown]:
    refused = answer_of("Who?", nearest=[hit_of(TEXT, info_of())])
    return [shown_of(two_sided("How many were hurt?", "and there?")), shown_of(refused)]


def kept() -> list[dict[str, Any]]:
    return json.loads(json.dumps(session.to_browser(history())))


def test_a_conversation_comes_back_whole() -> None:
    back = session.from_browser(kept())
    assert [dict(one.answer) for one in back] == [dict(one.answer) for one in history()]
    assert back[1].nearest[0]["text"] == TEXT
    assert [one.typed for one in back] == ["and there?", "Who?"]


def test_a_follow_up_leans_on_the_full_questions() -> None:
    turns = session.turns_of(history())
    assert turns[0].question == "How many were hurt?" and "[1]" in turns[0].answer
    assert turns[1].answer == "The articles do not answer this."


def test_the_newest_turns_are_kept() -> None:
    many = [shown_of(two_sided(str(n))) for n in range(MOST_TURNS + 5)]
    assert session.to_browser(many)[0]["answer"]["question"] == "5"
    again = session.from_browser([row for one in many for row in session.to_browser([one])])
    assert len(again) == MOST_TURNS and again[-1].typed == str(MOST_TURNS + 4)


@pytest.mark.parametrize("value", [None, 1, "x", {}, [1], [None], [{}], [{"answer": {}}]])
def test_what_is_no_conversation_is_none(value: object) -> None:
    assert session.from_browser(value) == ()


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where every part of JSON stands."""
    found = [path] if path else []
    if isinstance(value, dict):
        return found + [p for key in value for p in places(value[key], (*path, key))]
    if isinstance(value, list):
        return found + [p for n, one in enumerate(value) for p in places(one, (*path, n))]
    return found


def test_a_part_of_another_kind_costs_the_turn() -> None:
    from rag.chat import render

    whole = kept()
    for path in places(whole):
        for other in (None, 7, 0.5, True, "x\ud800", "--", "²²²²-²²-²²", [None], {"a": 1}):
            spoilt = copy.deepcopy(whole)
            at: Any = spoilt
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = other
            for turn, shown in enumerate(session.from_browser(spoilt), 1):
                drawn = render.render_answer(turn, shown)
                drawn += render.render_evidence(turn, shown, lambda _: TEXT)
                drawn += session.export_markdown([shown]) + session.export_json([shown])
                drawn.encode()


def test_a_part_that_is_missing_costs_the_turn() -> None:
    for key in ("question", "statements", "citations", "window", "as_typed", "text"):
        spoilt = kept()
        del spoilt[0]["answer"][key]
        assert [one.typed for one in session.from_browser(spoilt)] == ["Who?"]


def test_marks_without_a_citation_are_no_error() -> None:
    from rag.chat import render

    spoilt = kept()
    spoilt[0]["answer"]["citations"] = []
    (shown, _) = session.from_browser(spoilt)
    assert "card-1-1" in render.render_answer(1, shown)


def test_numbers_are_not_truths() -> None:
    assert session.fits(1, int) and not session.fits(True, int)
    assert session.fits(1, float) and session.fits(0.5, float) and not session.fits("1", float)


def test_an_export_holds_answers_as_the_command_line_prints_them() -> None:
    turns = json.loads(session.export_json(history()))["turns"]
    assert turns[0] == {**history()[0].answer, "nearest": []}
    assert turns[1]["nearest"][0]["text"] == TEXT


def test_an_export_keeps_letters_as_they_are() -> None:
    assert "Dönerpreise 中文" in session.export_json([shown_of(two_sided("Dönerpreise 中文"))])


def test_an_export_as_markdown_tells_all() -> None:
    text = session.export_markdown(history())
    for part in (
        "## and there?",
        "Asked as: How many were hurt?",
        "- Later she said that it was twelve\\. \\[1\\]",
        "- Ten were hurt, the mayor said\\. (the mayor) \\[2\\]",
        "The articles differ (people), newest first:",
        "- twelve \\[1\\]",
        "\\[2\\] The Herald, 1 December 2024, given with the article: Ten hurt",
        "> Ten were hurt, the mayor said on 1 December\\.",
        "The articles do not answer this\\.",
        "Near, no answer: The Herald, 2 December 2024: A title",
    ):
        assert part in text, part


@pytest.mark.parametrize("payload", HOSTILE)
def test_nothing_in_an_export_is_markup(payload: str) -> None:
    text = session.export_markdown([shown_of(two_sided(payload))])
    line = next(line for line in text.splitlines() if line.startswith("## "))
    for n, char in enumerate(line[3:]):
        if char in "<[]`*_|$&!~":
            before = line[3 : n + 3]
            assert (len(before) - len(before.rstrip("\\"))) % 2 == 1, (payload, n)


def test_a_megabyte_takes_no_time() -> None:
    text = "".join(random.Random(1).choices("[]()<>\\*_` \n", k=1_000_000))
    assert len(session.export_markdown([shown_of(two_sided(text))])) > 1_000_000
