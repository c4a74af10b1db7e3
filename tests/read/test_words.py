"""Which words of a sentence answer, with the real sentence model."""

import pytest

from rag.read import words
from rag.read.kinds import read_kind
from rag.read.sentence_model import Token, point
from rag.read.words import find_words
from rag.records import Span
from tests.fakes import FakeModel, candidate_of, passage_of


class NoModel(FakeModel):
    """A language model that must not be asked."""

    def choose(self, prompt, accept, longest):
        raise AssertionError("the language model was asked")


def found(
    question: str, sentence: str, before: str = "", at: int = 0, model: FakeModel | None = None
) -> str | None:
    text = f"{before} {sentence}".strip()
    sentences = [before, sentence] if before else [sentence]
    passage = passage_of(text, sentences, at)
    candidate = candidate_of(passage, len(sentences) - 1)
    span = find_words(model or NoModel(), question, read_kind(question), candidate)
    return passage.slice(span) if span else None


@pytest.mark.parametrize("at", [0, 1000])
@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("How many ships sank?", "On May 3 at least 12 ships sank.", "12"),
        ("When did the ships sink?", "On May 3 at least 12 ships sank.", "May 3"),
        ("How many of the 40 ships sank?", "Of 40 ships 12 sank.", "12"),
        ("How much did the ships cost?", "It paid $4 million for 12 ships.", "$4 million"),
        ("What share of the ships sank?", "Of 12 ships 45 percent sank.", "45 percent"),
        ("Who counted the ships?", "Ivo Lund counted 12 ships.", "Ivo Lund"),
    ],
)
def test_an_only_value_of_the_kind_asked_for(
    question: str, sentence: str, answer: str, at: int
) -> None:
    """Of the sentence itself, not of what it leans on."""
    assert found(question, sentence, "The 7 crews met Per Falk on April 1.", at) == answer


ABOARD = "The ferry sank\n with 214 people on board and 31 of them died."


@pytest.mark.parametrize("at", [0, 1000])
@pytest.mark.parametrize(
    ("question", "sentence", "reply", "answer"),
    [
        ("How many people died?", ABOARD, "31", "31"),
        ("How many people died?", ABOARD, "214", "214"),
        ("How many people died?", ABOARD, "3", "214"),  # the first where none is written
        ("How many people died?", ABOARD, "", "214"),
        ("When was it shut?", "It was shut on May 3\n and again on June 9.", "June 9", "June 9"),
        ("When was it shut?", "It was shut on May 3\n and again on June 9.", "May 3", "May 3"),
    ],
)
def test_of_several_figures_the_language_model_chooses(
    question: str, sentence: str, reply: str, answer: str, at: int
) -> None:
    model = FakeModel(reply=lambda values: reply)
    assert found(question, sentence, at=at, model=model) == answer
    (seen,) = model.seen
    assert (seen["question"], seen["evidence"]) == (question, " ".join(sentence.split()))


def test_the_language_model_can_write_nothing_but_a_value() -> None:
    class Typist(FakeModel):
        def choose(self, prompt, accept, longest):
            assert accept("2", False) and accept("21", False) and accept("214", True)
            assert not accept("21", True) and not accept("1", False) and not accept("215", False)
            return "31"

    assert found("How many people died?", ABOARD, model=Typist()) == "31"


def test_of_several_names_the_sentence_model_chooses() -> None:
    sentence = "The balloonist from Tarn was found in a field near Kuressa."
    assert found("Where was the missing balloonist found?", sentence) == "Kuressa"


def test_words_that_are_no_value_are_whole_words_of_the_evidence() -> None:
    question = "What did the museum buy for 2 million euros?"
    sentence = "The museum\n bought  a rusted submarine, for 2 million euros."
    answer = found(question, sentence)
    assert answer is not None
    assert "submarine" in answer and answer in sentence
    padded = f" {sentence} "
    at = padded.index(answer)
    assert not padded[at - 1].isalnum() and not padded[at + len(answer)].isalnum()
    assert answer[0].isalnum() and answer[-1].isalnum()


@pytest.mark.parametrize(
    ("seen", "whole"), [("200", "1,200"), ("25", "4.25"), ("hous", "houses"), ("1", "1,200")]
)
def test_a_word_or_figure_is_never_cut(
    monkeypatch: pytest.MonkeyPatch, seen: str, whole: str
) -> None:
    sentence = "At 4.25 percent, 1,200 houses."
    at = sentence.index(seen)
    monkeypatch.setattr(words, "point", lambda *args: [Token(Span(at, at + len(seen)), 1.0, 1.0)])
    assert found("What is the name of the new tram line?", sentence) == whole


@pytest.mark.parametrize(("end", "answer"), [(1.1, "Gulls"), (1.0, None)])
def test_words_must_surpass_no_words(
    monkeypatch: pytest.MonkeyPatch, end: float, answer: str | None
) -> None:
    monkeypatch.setattr(words, "point", lambda *args: [Token(Span(0, 5), -1.0, end)])
    assert found("What is the name of the new tram line?", "Gulls cried all day.") == answer


def test_words_are_those_of_the_sentence_not_of_what_it_leans_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tokens = [Token(Span(0, 3), 9.0, 9.0), Token(Span(24, 27), 1.0, 1.0)]
    monkeypatch.setattr(words, "point", lambda *args: tokens)
    assert found("What is it called?", "It has a name of its own.", "The harbour was old.") == "has"


def test_the_places_of_tokens_are_the_articles_own() -> None:
    first, second = "The board  met\n in Tarn.", "It chose Ivo Lund, 61, as its head."
    text = f"{first}\n\n{second}"
    passage = passage_of(text, [first, second], 1000, title="A title \n of two lines")
    tokens = point("Who was chosen?", candidate_of(passage, 1))
    written = [passage.slice(token.span) for token in tokens]
    assert written[:5] == ["The", "board", "met", "in", "Tar"]
    assert "".join(written) == "".join(text.split())
    best = max(tokens, key=lambda token: token.start)
    assert passage.slice(best.span) in ("Ivo", "Lund")


def test_of_long_evidence_the_end_is_pointed_at() -> None:
    sentences = [f"The board met {'again and ' * 60}again.", "It chose Ivo Lund."]
    passage = passage_of(" ".join(sentences), sentences)
    tokens = point("Who was chosen?", candidate_of(passage, 1))
    assert passage.slice(Span(tokens[-3].span.start, tokens[-1].span.end)).endswith("Lund.")


def test_a_value_that_the_model_does_not_see_is_the_last_choice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(words, "point", lambda *args: [Token(Span(8, 12), -9.0, -9.0)])
    assert found("Who sank it?", "Ivo and Falk sank it.") == "Falk"
