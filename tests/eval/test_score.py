"""What counts as right, wrong, refused and invented."""

import pytest

from eval.score import Outcome, is_invented, judge, summary

NEWS = {"id": "n1", "answer": "Ford", "answerable": True}
GONE = {"id": "n2", "answer": "Ford", "answerable": False}
SEED = {"id": "s1", "type": "figure", "must": [["25"], ["White Helmets", "rescue service"]]}
NONE = {"id": "s2", "type": "unanswerable"}


def answer(text: str, status: str = "answered") -> dict[str, object]:
    return {"status": status, "text": text, "timings_ms": {"total": 1500}}


@pytest.mark.parametrize(
    ("question", "text", "status", "right", "invented"),
    [
        (NEWS, "It was Ford. [1]", "answered", True, False),
        (NEWS, "It was Fordham. [1]", "answered", False, False),
        (NEWS, "Ford", "not_in_articles", False, False),
        (GONE, "It was Kia. [1]", "answered", False, True),
        (GONE, "It was Ford. [1]", "answered", True, False),
        (GONE, "", "not_in_articles", False, False),
        (SEED, "At least 25, the White Helmets said. [1]", "conflicting", True, False),
        (SEED, "At least 25, it is said. [1]", "answered", False, False),
        (NONE, "Anything. [1]", "answered", False, True),
        (NONE, "", "not_in_articles", False, False),
    ],
)
def test_one_answer(question, text: str, status: str, right: bool, invented: bool) -> None:
    outcome = judge(question, answer(text, status))
    assert (outcome.right, is_invented(outcome)) == (right, invented)
    assert outcome.seconds == 1.5


def test_a_system_that_refuses_always_and_one_that_never_does() -> None:
    always = [Outcome("a", "", True, True, False, 1.0), Outcome("b", "", False, True, False, 3.0)]
    never = [Outcome("a", "", True, False, False, 1.0), Outcome("b", "", False, False, False, 3.0)]
    assert "right 0.000, wrong 0.000" in summary(always)
    assert "refused 1.000, invented 0.000" in summary(always)
    assert "right 0.000, wrong 1.000" in summary(never)
    assert "refused 0.000, invented 1.000" in summary(never)
    assert "median 2.0" in summary(never)
