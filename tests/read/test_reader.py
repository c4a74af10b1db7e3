"""Reading one sentence: whether it answers."""

import pytest

from rag.read.reader import ask_whether
from tests.fakes import FakeModel, candidate_of, passage_of

FIRST = "The harbour\nboard counted  12 ships on Monday."
SECOND = "It said at least 12 were late."
TEXT = f"{FIRST}\n\n{SECOND}"
QUESTION = "How many ships were late?"


class Mute(FakeModel):
    """A model that would say neither of the replies."""

    def weigh(self, prompt, replies):
        return [0.0 for _ in replies]


@pytest.mark.parametrize(("yes", "agreed"), [(0.0, 0.0), (0.25, 0.25), (1.0, 1.0)])
def test_how_likely_it_answers(yes: float, agreed: float) -> None:
    candidate = candidate_of(passage_of(TEXT, [FIRST, SECOND]), 1)
    assert ask_whether(FakeModel(yes=yes), QUESTION, candidate) == pytest.approx(agreed)


def test_yes_counts_beside_no_alone() -> None:
    class Unsure(FakeModel):
        def weigh(self, prompt, replies):
            return [{"Yes": 0.03, "No": 0.01}[reply] for reply in replies]

    candidate = candidate_of(passage_of(TEXT, [FIRST, SECOND]), 1)
    assert ask_whether(Unsure(), QUESTION, candidate) == pytest.approx(0.75)
    assert ask_whether(Mute(), QUESTION, candidate) == 0.0


def test_the_model_sees_the_evidence_on_one_line_with_its_article() -> None:
    model = FakeModel()
    passage = passage_of(TEXT, [FIRST, SECOND], title="Ships", date="2031-05-06")
    ask_whether(model, QUESTION, candidate_of(passage, 1))
    assert model.seen == [
        {
            "question": QUESTION,
            "title": "Ships",
            "date": "2031-05-06",
            "evidence": " ".join(TEXT.split()),
        }
    ]
