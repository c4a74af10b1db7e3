"""Reading one sentence: whether it answers, and with which of its words."""

import pytest

from rag.read.kinds import read_kind
from rag.read.reader import ask_whether, find_words, only_value
from rag.records import Span
from tests.fakes import FakeModel, candidate_of, passage_of

FIRST = "The harbour\nboard counted  12 ships on Monday."
SECOND = "It said at least 12 were late."
TEXT = f"{FIRST}\n\n{SECOND}"
QUESTION = "How many ships were late?"


def read(words: str, question: str = QUESTION, at: int = 0) -> Span | None:
    """Where `words` are found in the second sentence and the first, on which it leans."""
    model = FakeModel(reply=lambda values: words)
    return find_words(model, question, candidate_of(passage_of(TEXT, [FIRST, SECOND], at), 1))


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


@pytest.mark.parametrize("ask", [ask_whether, find_words])
def test_the_model_sees_the_evidence_on_one_line_with_its_article(ask) -> None:
    model = FakeModel()
    passage = passage_of(TEXT, [FIRST, SECOND], title="Ships", date="2031-05-06")
    ask(model, QUESTION, candidate_of(passage, 1))
    assert model.seen == [
        {
            "question": QUESTION,
            "title": "Ships",
            "date": "2031-05-06",
            "evidence": " ".join(TEXT.split()),
        }
    ]


@pytest.mark.parametrize("at", [0, 1000])
@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("at least 12", "at least 12"),
        ("The harbour board", "The harbour\nboard"),
        ("counted 12 ships", "counted  12 ships"),
        ("Monday. It said", "Monday.\n\nIt said"),
        ("late.", "late."),
        ("late", "late"),
        ("The", "The"),
    ],
)
def test_the_words_are_found_in_the_article(words: str, written: str, at: int) -> None:
    start = at + TEXT.index(written)
    assert read(words, at=at) == Span(start, start + len(written))


@pytest.mark.parametrize(
    "words", ["", "Cairo", "harbou", "arbour", "1", "2 ships", "the harbour", "12  ships", "12\n"]
)
def test_what_does_not_stand_there_in_whole_words_is_nothing(words: str) -> None:
    assert read(words) is None


def test_what_the_model_writes_may_only_go_on_with_the_evidence() -> None:
    class Typist(FakeModel):
        def choose(self, prompt, accept, longest):
            typed = ["c", "coun", "counted 1", "counted 12"]
            assert all(accept(text, False) for text in typed)
            assert [accept(text, True) for text in typed] == [False, False, False, True]
            assert not accept("ounted", False) and not accept("counted 13", False)
            return "counted 12"

    candidate = candidate_of(passage_of(TEXT, [FIRST, SECOND]), 1)
    start = TEXT.index("counted")
    assert find_words(Typist(), QUESTION, candidate) == Span(start, start + len("counted  12"))


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("How many ships did the harbour board count?", 0),
        ("How many were late, at least?", 1),
        ("Which number?", 0),
    ],
)
def test_of_equal_words_those_near_the_questions_words_are_meant(question: str, meant: int) -> None:
    filler = "Gulls cried over the quay all day long and far into the evening, as ever. " * 3
    sentences = [f"Ten ships of the harbour board sank. {filler}".strip(), "It said Ten were late."]
    text = " ".join(sentences)
    model = FakeModel(reply=lambda values: "Ten")
    start = 1000 + [text.index("Ten"), text.rindex("Ten")][meant]
    passage = passage_of(text, sentences, 1000)
    assert find_words(model, question, candidate_of(passage, 1)) == Span(start, start + 3)


@pytest.mark.parametrize(
    "sentence", ["The 112 boats sank and 12 men died.", "Port 12B has 12 men."]
)
def test_the_words_are_whole_words_where_they_are_found_too(sentence: str) -> None:
    model = FakeModel(reply=lambda values: "12")
    found = find_words(model, "How many?", candidate_of(passage_of(sentence, [sentence])))
    start = sentence.index(" 12 ") + 1
    assert found == Span(start, start + 2)


@pytest.mark.parametrize("words", ["25 percent", "200 shops", "4"])
def test_a_part_of_a_figure_is_no_word(words: str) -> None:
    sentence = "The rate was 4.25 percent and 1,200 shops closed."
    model = FakeModel(reply=lambda values: words)
    assert find_words(model, "How many?", candidate_of(passage_of(sentence, [sentence]))) is None


def test_words_are_not_sought_beyond_the_evidence() -> None:
    sentences = ["Gulls cried.", "Ten ships sank."]
    passage = passage_of(" ".join(sentences), sentences)
    model = FakeModel(reply=lambda values: "Gulls")
    assert find_words(model, "What cried?", candidate_of(passage, 1)) is None
    assert find_words(model, "What cried?", candidate_of(passage, 0)) == Span(0, 5)


@pytest.mark.parametrize("at", [0, 1000])
@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("How many ships sank?", "On May 3 at least 12 ships sank.", "12"),
        ("When did the ships sink?", "On May 3 at least 12 ships sank.", "May 3"),
        ("How many of the 40 ships sank?", "Of 40 ships 12 sank.", "12"),
        ("How many ships sank?", "Of 40 ships 12 sank.", None),
        ("How many ships sank?", "Some ships sank.", None),
        ("How many of the 12 ships sank?", "All 12 sank.", None),
        ("How much did the ships cost?", "It paid $4 million for 12 ships.", "$4 million"),
        ("What share of the ships sank?", "Of 12 ships 45 percent sank.", "45 percent"),
        ("Who counted the ships?", "Ivo Lund counted 12 ships.", None),
        ("Why did the ships sink?", "In 2031 they sank.", None),
    ],
)
def test_an_only_figure_needs_no_model(
    question: str, sentence: str, words: str | None, at: int
) -> None:
    """Of the sentence itself, not of what it leans on."""
    text = f"The 7 crews met on April 1. {sentence}"
    passage = passage_of(text, ["The 7 crews met on April 1.", sentence], at)
    found = only_value(question, read_kind(question), candidate_of(passage, 1))
    assert (found and passage.slice(found)) == words
    assert found is None or found.start == at + text.rindex(words or "")
