"""Comparing with peers: when a text refuses, and what grading makes of good and bad systems."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest

from eval.peers.grading import Judged, judge, our_reply, peer_reply
from eval.peers.refusal import is_refusal
from eval.peers.table import System, figures, markdown, to_json
from tests.eval.bad_systems import QUESTIONS as SETS
from tests.eval.peer_examples import DAYS, PASSAGES, QUESTIONS, TEXTS, ours

REFUSALS = """
The articles do not tell.
The articles do not tell. [1]
The provided context does not mention the German chancellor.
The passages don’t explicitly say how much the airstrikes cost [2].
Based on the given sources, it is not specified how many children were killed.
There is no information about the price of oil in the text.
The text provides no direct answer.
None of the sources are helpful.
The sources provided are not relevant to the query.
I don't have data on that.
I'm sorry, but I cannot answer this question.
The cost of the airstrikes is not mentioned.
The number of Russian soldiers was not mentioned in any of the articles.
It can't be determined who gave the order.
Not mentioned.
Empty Response
None.
Source 1 is about Idlib. However, the sources do not provide the cost of the airstrikes.
""".strip().splitlines()

ANSWERS = """
The Russian military said 320 militants were destroyed. [1]
The army did not say where the strikes took place.
Peskov did not answer the call.
There was no resistance when they moved in.
Sources said the front did not hold.
The airstrikes cost the Russian and Syrian military a total of 56 deaths.
The rescue service found none of the missing.
He was not named in the indictment.
No, HTS is not a part of al-Qaeda.
A war monitor, which has sources on the ground, said 370 people were killed.
The United Nations has not said that HTS is off the list.
""".strip().splitlines()


@pytest.mark.parametrize("text", ["", " \n", *REFUSALS])
def test_refusals_are_seen(text: str) -> None:
    assert is_refusal(text)


@pytest.mark.parametrize("text", ANSWERS)
def test_answers_are_no_refusals(text: str) -> None:
    assert not is_refusal(text)


def test_what_the_product_says_when_it_refuses_is_a_refusal() -> None:
    from rag.answer.schema import NOT_IN_ARTICLES

    assert is_refusal(NOT_IN_ARTICLES)


def line(key: str, text: str, **fields: Any) -> dict[str, Any]:
    about = {"id": key, "passages": PASSAGES, "whole": [], "seconds": 2.0}
    return {**about, "question": "", "text": text, **fields}


def system(change: Callable[[str, str], dict[str, Any]]) -> System:
    """Everything that a system answers, from the good texts."""
    lines = [change(one["id"], TEXTS[one["id"]]) for one in QUESTIONS]
    pairs = zip(QUESTIONS, lines, strict=True)
    return System("x", tuple(judge(q, peer_reply(one), DAYS) for q, one in pairs))


def values(of: System) -> dict[str, float | None]:
    return {name: found.value if found else None for name, found in figures(of).items()}


GOOD = system(line)
BEST = {
    "right, of the answerable": 1.0,
    "right, of the answers given": 1.0,
    "invented, of the unanswerable": 0.0,
    "sentences with a citation": 1.0,
    "citations that hold the answer": 1.0,
    "right, and shown by a citation": 1.0,
    "answers with a source's date": 2 / 3,
    "words of a cited passage": 6.0,
    "seconds an answer": 2.0,
}


def test_a_good_system_is_good_at_everything() -> None:
    assert values(GOOD) == BEST


NOTHING_TO_CITE = [{**one, "text": "Rain."} for one in PASSAGES]
BAD: list[tuple[Callable[[str, str], dict[str, Any]], dict[str, float | None]]] = [
    (  # never cites
        lambda key, text: line(key, text.replace("[", "(no. ").replace("]", ")")),
        {
            "sentences with a citation": 0.0,
            "citations that hold the answer": None,
            "right, and shown by a citation": 0.0,
            "answers with a source's date": 0.0,
            "words of a cited passage": None,
        },
    ),
    (  # cites what is not there
        lambda key, text: line(key, text, passages=[]),
        {
            "sentences with a citation": 0.0,
            "citations that hold the answer": 0.0,
            "right, and shown by a citation": 0.0,
            "answers with a source's date": 0.0,
            "words of a cited passage": None,
        },
    ),
    (  # cites what does not show it
        lambda key, text: line(key, text, passages=NOTHING_TO_CITE),
        {
            "citations that hold the answer": 0.0,
            "right, and shown by a citation": 0.0,
            "words of a cited passage": 1.0,
        },
    ),
    (  # always answers
        lambda key, text: line(key, TEXTS["a"] if key in "de" else text),
        {
            "right, of the answers given": 3 / 5,
            "invented, of the unanswerable": 1.0,
            "answers with a source's date": 4 / 5,
        },
    ),
    (  # always refuses
        lambda key, text: line(key, TEXTS["d"]),
        {
            **dict.fromkeys(BEST),
            "right, of the answerable": 0.0,
            "invented, of the unanswerable": 0.0,
            "right, and shown by a citation": 0.0,
            "seconds an answer": 2.0,
        },
    ),
    (  # gives no dates
        lambda key, text: line(key, text, passages=[{**one, "date": None} for one in PASSAGES]),
        {"answers with a source's date": 0.0},
    ),
    (  # is slow
        lambda key, text: line(key, text, seconds=9.0),
        {"seconds an answer": 9.0},
    ),
]


@pytest.mark.parametrize(("change", "moved"), BAD)
def test_a_bad_system_is_bad_at_just_that(
    change: Callable[[str, str], dict[str, Any]], moved: dict[str, float | None]
) -> None:
    assert values(system(change)) == {**BEST, **moved}


def graded(text: str, question: int = 0, **fields: Any) -> Judged:
    row = QUESTIONS[question]
    return judge(row, peer_reply(line(row["id"], text, **fields)), DAYS)


def test_what_is_right_is_no_refusal() -> None:
    one = graded("The sources do not say it of all, but 14 died. [1]").graded
    assert one.right and not one.refused
    refused = graded("The sources do not say. [1]")
    assert refused.graded.refused
    assert (refused.marked, refused.sentences, refused.dated, refused.words) == (0, 0, False, ())


def test_an_unanswerable_question_told_after_all_is_neither_refused_nor_invented() -> None:
    one = graded("Marbeck won. [1]", question=4).graded
    assert one.right and not one.invented and not one.refused
    assert graded("Lindow won. [1]", question=4).graded.invented


@pytest.mark.parametrize(
    ("text", "marked", "sentences"),
    [
        ("So it is. [1] And so on.", 1, 2),
        ("So it is [1]. And so on. [2]", 2, 2),
        ("He said “so it is.” [1] And so on.", 1, 2),
        ("So it is [1, 2].\n[7]", 1, 1),
        ("So it is (Source 2).", 1, 1),
        ("So it is [source 1 and source 2].", 1, 1),
        ("[1] So it is. And so on.", 1, 2),
        ("[1] So it is. [2] And so on.", 2, 2),
        ("Source 1: So it is.", 1, 1),
        ("So it is [9].", 0, 1),
        ("In 2015 [sic] 25 (of 30) fell.", 0, 1),
    ],
)
def test_marks_belong_to_sentences(text: str, marked: int, sentences: int) -> None:
    one = graded(text)
    assert (one.marked, one.sentences) == (marked, sentences)


def test_marks_are_no_words_of_an_answer() -> None:
    passages = [{"mark": 14, "text": "", "date": None}]
    assert not graded("Many. [14]", passages=passages).graded.right
    assert not graded("Many. [Source 14]", passages=passages).graded.right


def test_a_reference_for_the_whole_answer_is_one_for_each_sentence() -> None:
    one = graded("14 died. They were soldiers.", whole=[1])
    assert (one.marked, one.sentences, one.citations, one.holding) == (2, 2, 1, 1)


@pytest.mark.parametrize("words", ["2031-05-02", "On May 2, 2031", "on 2 May 2031"])
def test_a_date_in_words_is_a_date(words: str) -> None:
    undated = [{**one, "date": None} for one in PASSAGES]
    assert graded(f"{words}, 14 died. [1]", passages=undated).dated
    assert not graded("14 died on May 3, 2031. [1]", passages=undated).dated
    assert graded("14 died. [1]", passages=[{**undated[0], "text": words}]).dated


def test_our_answers_are_judged_by_the_same_rules() -> None:
    one = judge(QUESTIONS[0], our_reply(ours()), DAYS)
    assert one.graded.right and one.graded.seconds == 3.0
    assert (one.marked, one.sentences, one.holding, one.citations) == (1, 1, 1, 1)
    assert one.dated and one.words == (4,)
    assert judge(QUESTIONS[0], our_reply(ours(status="not_in_articles")), DAYS).graded.refused
    # Ours tells by its status whether it refuses, whatever the article's words.
    assert not judge(QUESTIONS[3], our_reply(ours()), DAYS).graded.refused


def test_right_is_what_the_eval_calls_right() -> None:
    from eval.metrics import grade
    from tests.eval.bad_systems import ARTICLES, good

    for question, answer in zip(SETS, good(), strict=True):
        mine = judge(question, our_reply({**answer, "id": question["id"]}), []).graded
        theirs = grade(question, answer, ARTICLES)
        assert (mine.right, mine.refused, mine.invented) == (
            theirs.right,
            theirs.refused,
            theirs.invented,
        )


def test_the_table_and_the_json() -> None:
    never = System("never", system(lambda key, text: line(key, TEXTS["d"])).judged)
    table = markdown([dataclasses.replace(GOOD, name="good"), never]).splitlines()
    assert table[:2] == ["| | good | never |", "| --- | --- | --- |"]
    assert table[2] == "| right, of the answerable | 1.00 (1.00 to 1.00) | .00 (.00 to .00) |"
    assert "| words of a cited passage | 6 | - |" in table
    assert "| seconds an answer | 2.0 (2.0 to 2.0) | 2.0 (2.0 to 2.0) |" in table
    told = to_json([GOOD, never], ["z"])
    assert (told["questions"], told["answerable"], told["left_out"]) == (5, 3, ["z"])
    assert told["systems"]["never"]["outcomes"] == dict.fromkeys("abc", "missed") | {
        "d": "refused",
        "e": "refused",
    }
    assert told["systems"]["x"]["figures"]["right, of the answerable"]["value"] == 1.0
    json.dumps(told)
