"""The whole order, on a real store with a model that does what it is told."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rag import assistant
from rag.answer.compose import Draft, compose, render_text
from rag.answer.schema import notes_of
from rag.assistant import (
    LONGEST_QUESTION,
    MOST_READ,
    MOST_READ_OF_MANY,
    SHOWN_PASSAGES,
    Assistant,
    Event,
    Found,
    Read,
    Said,
    check_question,
)
from rag.cli.options import load_embedder
from rag.config import DEFAULT_EMBEDDER
from rag.errors import InputError, StoreMismatch
from rag.index.embedder import Embedder
from rag.index.store import Store, open_store
from rag.read.compound import split_question
from rag.read.features import FEATURES
from rag.read.judge import SUPPORT_FEATURES
from rag.read.kinds import Asked
from rag.read.rank import RELEVANCE_FEATURES
from rag.read.weights import Logistic, Weights
from rag.records import Answer, Filters, Finding, Question
from tests.fakes import FakeModel

KILLED = Question("How many did the White Helmets report killed?")
WHO = Question("Who took control of Aleppo?")
WHY = Question("Why did Assad's troops retreat from Aleppo?")
WEIGHTS = Weights(
    Logistic(FEATURES, tuple(float(name in ("names", "terms", "kind")) for name in FEATURES), 0.0),
    Logistic(RELEVANCE_FEATURES, (2.0, 0.5, 0.1), 0.0),
    Logistic(SUPPORT_FEATURES, (0.0, 1.0, 0.0, 0.0), 0.0),  # what the model says
    threshold=0.5,
    usual=0.2,
    surest=0.53,
)


@pytest.fixture(autouse=True)
def _weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assistant, "load_weights", lambda name: WEIGHTS)


@pytest.fixture(scope="module")
def store(seed_store: Path) -> Iterator[Store]:
    opened = open_store(seed_store)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(DEFAULT_EMBEDDER)


def points_at(*words: str, yes: float = 0.9, no: float = 0.05) -> FakeModel:
    """A model that finds `words` where they stand, and an answer nowhere else."""

    def found(values: dict[str, str]) -> str:
        return next((one for one in words if one in values["evidence"]), "")

    return FakeModel(found, yes=lambda values: yes if found(values) else no)


def events(
    store: Store,
    embedder: Embedder,
    model: FakeModel,
    question: Question = KILLED,
    **filters: str,
) -> list[Event]:
    return list(Assistant(store, embedder, model).ask(question, Filters(**filters)))


def last(seen: list[Event]) -> Answer:
    assert isinstance(seen[-1], Answer)
    return seen[-1]


def test_the_order_of_events(store: Store, embedder: Embedder) -> None:
    seen = events(store, embedder, points_at("at least 25"))
    kinds = [type(event) for event in seen]
    read = [event for event in seen if isinstance(event, Read)]
    said = [event.statement for event in seen if isinstance(event, Said)]
    assert kinds == [Found, *[Read] * len(read), *[Said] * len(said), Answer]
    assert isinstance(seen[0], Found) and len(seen[0].hits) <= SHOWN_PASSAGES
    assert list(last(seen).statements) == said


def test_an_answer_is_cited_from_what_was_read(store: Store, embedder: Embedder) -> None:
    model = points_at("at least 25")
    seen = events(store, embedder, model)
    answer = last(seen)
    assert (answer.status, answer.nearest) == ("answered", ())
    ((statement,), (citation,)) = answer.statements, answer.citations
    assert "killing at least 25" in statement.text
    assert (statement.value, statement.speaker) == ("at least 25", "White Helmets")
    assert citation.article.date == "2024-12-02"
    read = [event for event in seen if isinstance(event, Read)]
    assert [event.finding.quote for event in read if event.tells] == [citation.quote]
    assert {event.tells for event in read} == {True, False}  # as the threshold says
    assert answer.probability == pytest.approx(0.9)
    assert (answer.llm, answer.embedder) == ("fake", DEFAULT_EMBEDDER)
    assert answer.timings.retrieve <= answer.timings.first_token <= answer.timings.total


@pytest.mark.parametrize(
    ("question", "most"), [(KILLED, MOST_READ_OF_MANY), (WHO, MOST_READ), (WHY, MOST_READ)]
)
def test_no_more_is_read_than_needed(
    store: Store, embedder: Embedder, question: Question, most: int
) -> None:
    model = points_at("nothing of this kind")
    read = [e for e in events(store, embedder, model, question) if isinstance(e, Read)]
    assert len(read) == len(model.seen) == most
    assert len({event.candidate.text for event in read}) == most


def test_what_could_not_be_said_is_not_read(
    store: Store, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A sure judgement, and nothing but it, makes just that support.
    for threshold, most in ((WEIGHTS.surest - 0.01, MOST_READ), (WEIGHTS.surest + 0.01, 0)):
        monkeypatch.setattr(
            assistant, "load_weights", lambda name, t=threshold: replace(WEIGHTS, threshold=t)
        )
        model = points_at("x")
        seen = events(store, embedder, model, WHO)
        assert len([event for event in seen if isinstance(event, Read)]) == len(model.seen) == most
    # Nothing is known of it but what is usual.
    assert last(seen).probability == pytest.approx(WEIGHTS.usual)
    assert last(seen).status == "not_in_articles"


def test_figures_that_differ_are_a_conflict(store: Store, embedder: Embedder) -> None:
    question = replace(KILLED, text="How many were killed, and what is the death toll?")
    answer = last(events(store, embedder, points_at("56", "over 370"), question))
    assert answer.status == "conflicting"
    (conflict,) = answer.conflicts
    assert [position.value for position in conflict.positions] == ["56", "over 370"]
    assert [position.citations for position in conflict.positions] == [(1,), (2,)]


@pytest.mark.parametrize("yes", [0.49, 0.0])
def test_doubt_is_a_refusal(store: Store, embedder: Embedder, yes: float) -> None:
    seen = events(store, embedder, points_at("at least 25", yes=yes))
    answer = last(seen)
    assert (answer.status, answer.statements, answer.citations) == ("not_in_articles", (), ())
    assert isinstance(seen[0], Found) and answer.nearest == seen[0].hits
    assert answer.probability < 0.5


@pytest.mark.parametrize(("other", "told"), [(0.22, 1), (0.23, 2)])
def test_what_is_much_less_sure_than_the_best_is_not_said(
    store: Store, embedder: Embedder, other: float, told: int
) -> None:
    model = points_at("at least 25", "56")

    def sure(values: dict[str, str]) -> float:
        if "at least 25" in values["evidence"]:
            return 0.9
        return other if "56" in values["evidence"] else 0.01

    model.yes = sure
    assert len(last(events(store, embedder, model)).statements) == told
    # Nor are its words chosen, "56" of two figures; those of the best are its only figure.
    assert len(model.seen) == MOST_READ_OF_MANY + told - 1


def sure_of_the_first() -> FakeModel:
    """A model that says yes to the first sentence that it is shown, and finds no words."""
    model = FakeModel()
    model.yes = lambda values: 0.9 if len(model.seen) == 1 else 0.01
    return model


def test_without_words_the_sentence_answers(
    store: Store, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant, "find_words", lambda *args: None)
    model = sure_of_the_first()
    answer = last(events(store, embedder, model, WHO))
    (statement,), (citation,) = answer.statements, answer.citations
    assert len(statement.value) > 20
    assert statement.value in citation.quote
    assert len(model.seen) == MOST_READ


def test_a_reason_is_a_sentence_and_no_words_are_asked_for(
    store: Store, embedder: Embedder
) -> None:
    model = sure_of_the_first()
    (statement,) = last(events(store, embedder, model, WHY)).statements
    assert len(model.seen) == MOST_READ
    assert statement.value in statement.text


def test_what_the_store_has_not_is_never_shown(
    store: Store, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forged(findings: Sequence[Finding], asked: Asked) -> Draft:
        draft = compose(findings, asked)
        cited = (replace(c, quote=c.quote.replace("25", "26")) for c in draft.citations)
        return replace(draft, citations=tuple(cited))

    monkeypatch.setattr(assistant, "compose", forged)
    seen = events(store, embedder, points_at("at least 25"))
    answer = last(seen)
    assert (answer.status, answer.citations) == ("not_in_articles", ())
    assert [check.outcome for check in answer.checks] == ["written", "dropped"]
    assert not any(isinstance(event, Said) for event in seen)


DENIED = Question("Why did HTS lose Aleppo?")


def test_what_a_question_takes_for_granted_is_denied(store: Store, embedder: Embedder) -> None:
    answer = last(events(store, embedder, points_at("nothing of this kind"), DENIED))
    assert answer.status == "answered"
    assert all(statement.contradicts for statement in answer.statements)
    assert render_text(answer.statements).startswith("The articles say otherwise: ")
    assert "control" in answer.statements[0].text
    numbered = {citation.number: citation for citation in answer.citations}
    for statement in answer.statements:
        assert statement.text in " ".join(numbered[statement.citations[0]].quote.split())


def test_what_is_not_denied_is_answered_as_ever(store: Store, embedder: Embedder) -> None:
    answer = last(events(store, embedder, sure_of_the_first(), WHY))
    assert [statement.contradicts for statement in answer.statements] == [None]


@pytest.mark.parametrize(
    ("reply", "asked", "untranslated"),
    [("Who took Aleppo?", "Who took Aleppo?", False), ("", "Wer hat denn Aleppo erobert?", True)],
)
def test_a_question_that_stays_foreign_says_so(
    store: Store, embedder: Embedder, reply: str, asked: str, untranslated: bool
) -> None:
    typed = Question("Wer hat denn Aleppo erobert?")
    question = Assistant(store, embedder, FakeModel(lambda values: reply)).as_asked(typed)
    assert (question.text, question.untranslated) == (asked, untranslated)
    assert question.as_typed == (None if untranslated else typed.text)


TWO = Question("Who leads HTS, and who is the military commander in Idlib?", asked_on="2024-12-03")


def test_of_two_questions_both_are_answered(store: Store, embedder: Embedder) -> None:
    answer = last(events(store, embedder, points_at("al-Jolani", "Hassan Abdulghani"), TWO))
    first, second = answer.statements
    assert "Jolani" in first.text and "Abdulghani" in second.text
    assert [c.number for c in answer.citations] == [1, 2]
    assert answer.question == TWO
    assert answer.untold == () and not notes_of(answer)


def test_the_evidence_of_two_questions_is_shown_in_turn(store: Store, embedder: Embedder) -> None:
    def shown(text: str) -> list[int]:
        asked = replace(TWO, text=text)
        found = events(store, embedder, points_at("nothing of this kind"), asked)[0]
        assert isinstance(found, Found)
        return [hit.passage.number for hit in found.hits]

    first, second = map(shown, split_question(TWO.text))
    both = dict.fromkeys(one for pair in zip(first, second, strict=True) for one in pair)
    assert shown(TWO.text) == list(both)[:SHOWN_PASSAGES]


def test_what_is_not_told_of_two_questions_is_said(store: Store, embedder: Embedder) -> None:
    answer = last(events(store, embedder, points_at("Hassan Abdulghani"), TWO))
    assert answer.status == "answered"
    assert answer.untold == ("Who leads HTS?",)
    assert notes_of(answer) == ["The articles do not tell: Who leads HTS?"]
    refused = last(events(store, embedder, points_at("nothing of this kind"), TWO))
    assert refused.status == "not_in_articles" and refused.untold == ()
    assert refused.probability < answer.probability


def test_filters_that_leave_nothing(store: Store, embedder: Embedder) -> None:
    seen = events(store, embedder, points_at("killing"), since="2030-01-01")
    answer = last(seen)
    assert (answer.status, answer.nearest, len(seen)) == ("not_in_articles", (), 2)
    assert answer.probability == 0.0


def test_another_embedder_is_refused(store: Store, embedder: Embedder) -> None:
    class Other:
        name, sha256, encode = embedder.name, "0" * 64, embedder.encode

    with pytest.raises(StoreMismatch):
        Assistant(store, Other(), points_at(""))


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\x1b[31m", "\ud800", "x" * 50_000])
def test_no_question(text: str) -> None:
    with pytest.raises(InputError):
        check_question(text)


def test_questions_are_cleaned_and_never_cut(store: Store, embedder: Embedder) -> None:
    assert check_question(" Who\ud800 took \x1b[31mAleppo? ") == "Who took Aleppo?"
    longest = "x" * LONGEST_QUESTION
    assert check_question(longest) == longest
    model = points_at("nothing of this kind")
    events(store, embedder, model, Question("Who? \ud83d\x00"))
    assert {values["question"] for values in model.seen} == {"Who?"}
