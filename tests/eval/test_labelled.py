"""What reading is learnt from: made questions, what they may ask, and which sentences answer."""

import random
from typing import Any

import pytest

from eval import labelled
from eval.labelled import is_asking
from eval.make_questions import askable, held_to
from tests.fakes import candidate_of, passage_of

MAYOR = "Mayor Ann Reyes said 1,200 homes in Oslo lost power on Friday because the river rose."


def test_everything_that_a_sentence_tells_can_be_asked_for() -> None:
    kinds = askable(MAYOR, random.Random(1))
    assert kinds["number"] == [("1,200", "How many")]
    assert kinds["date"] == [("Friday", "When")]
    assert kinds["place"] == [("Oslo", "Where")]
    assert kinds["speaker"] == [("Mayor Ann Reyes", "Who says")]
    assert kinds["reason"] == [(None, "Why")]
    assert {"manner", "yes_no", "what"} <= set(kinds)
    assert "reason" not in askable("It rained in Oslo.", random.Random(1))


@pytest.mark.parametrize(
    ("text", "ended", "accepted"),
    [
        ("W", False, True),
        ("Where did", False, True),
        ("Who", False, False),
        ("Where did homes lose power?", True, True),
        ("Where did homes lose power", True, False),
        ("Where did homes lose power? In", False, False),
        ("Where in Oslo did homes lose power?", True, False),
        ("Where in Osloborg did homes lose power?", True, True),
        ("Where does the excerpt say this was?", True, False),
    ],
)
def test_a_question_is_held_to_its_form(text: str, ended: bool, accepted: bool) -> None:
    assert held_to("Where", "Oslo")(text, ended) == accepted


@pytest.mark.parametrize(
    ("question", "kind", "asks"),
    [
        ("How did the homes lose power?", "manner", True),
        ("How many homes lost power?", "manner", False),
        ("How many homes lost power?", "number", True),
        ("What is the text about?", "what", False),
        ("", "what", False),
    ],
)
def test_what_asks_another_thing_is_left_out(question: str, kind: str, asks: bool) -> None:
    assert is_asking({"question": question, "kind": kind}) == asks


def other_answers(text: str, answer: str | None) -> bool:
    source, other = (candidate_of(passage_of(one, [one])) for one in (MAYOR, text))
    return labelled.may_answer(other, source, answer)


def test_other_sentences_that_may_answer_are_known() -> None:
    assert other_answers("Oslo is in Norway.", "Oslo")
    assert not other_answers("Bergen is in Norway.", "Oslo")
    assert other_answers("Reyes, the mayor, said 1,200 homes lost power as the river rose.", None)
    assert not other_answers("The mayor is in Bergen.", None)


class Store:
    """The one passage that made questions are about."""

    def passages(self, numbers: list[int]) -> dict[int, Any]:
        return {n: passage_of(MAYOR, [MAYOR], date="2023-03-01") for n in numbers}


def test_every_second_held_out_question_is_asked_too_early() -> None:
    from eval.fit_support import is_answerable, is_right, made_rows

    asked = [{"question": f"Q{n}?", "passage": n, "sentence": MAYOR, "answer": None,
              "kind": "what"} for n in range(4)]  # fmt: skip
    rows = made_rows(asked, {"Q0?", "Q2?", "Q3?"}, Store())  # type: ignore[arg-type]
    assert [row["question"] for row in rows] == ["Q0?", "Q2?", "Q3?"]
    assert [row["date"] for row in rows] == ["2023-03-01", "2023-02-28", "2023-03-01"]
    assert [is_answerable(row) for row in rows] == [True, False, True]
    assert is_right(f"Before. {MAYOR}", rows[0]) and not is_right("Oslo.", rows[0])
