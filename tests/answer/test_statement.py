"""A statement is its evidence, made to stand alone, and never says more."""

import pytest

from rag.answer.check import Failure
from rag.answer.statement import one_line, plain_words, uses_words_of, write_statement
from tests.fakes import finding_of, passage_of


def written(*sentences: str, words: str = "") -> tuple[str, str, tuple[Failure, ...]]:
    """What is made of the last of these sentences, which are one passage."""
    passage = passage_of(" ".join(sentences), sentences, 300)
    return write_statement(finding_of(passage, len(sentences) - 1, words))


@pytest.mark.parametrize(
    ("sentence", "statement"),
    [
        ("However, the dam held.", "The dam held."),
        ("But the dam held.", "The dam held."),
        ("And 40 houses stood.", "40 houses stood."),
        ("In addition, Tarn lost its mill.", "Tarn lost its mill."),
        ("On the other hand, wheat was cheap.", "Wheat was cheap."),
        ("Nevertheless the dam held.", "The dam held."),
    ],
)
def test_an_opening_that_links_goes(sentence: str, statement: str) -> None:
    assert written(sentence) == (statement, "written", ())


@pytest.mark.parametrize(
    "sentence",
    [
        "The dam held, however, until May.",
        "Butter was dear in Tarn.",
        "Sofia Lund stayed.",
        "Andes villages were cut off.",
        "Soon the dam broke.",
        "Then-mayor Odile Brandt resigned.",
        "Yetis were not seen.",
        "The dam broke, but nobody died.",
    ],
)
def test_words_that_only_look_like_one_stay(sentence: str) -> None:
    assert written(sentence) == (sentence, "written", ())


@pytest.mark.parametrize(
    "sentence",
    [
        "Besides the capital, two cities fell.",
        "In addition to 40 houses, a mill was flooded.",
        "So far 12 boats have come.",
        "But for the dam, Tarn would have been lost.",
        "However many boats came, they were too few.",
        "Still Water Farm was flooded.",
    ],
)
def test_an_opening_that_belongs_to_what_follows_stays(sentence: str) -> None:
    assert written(sentence) == (sentence, "written", ())


def test_white_space_is_made_even() -> None:
    sentence = "However,\n the  dam \u00a0held."
    assert written(sentence) == ("The dam held.", "written", ())
    assert one_line(" a\n\nb\tc ") == "a b c"


@pytest.mark.parametrize(
    ("sentences", "statement"),
    [
        (("The harbour board counted the ships, Ivo Lund said.", "He said 12 were late."),
         "Ivo Lund said 12 were late."),
        (("It rained, according to the Harbour Board.", "It also reported 12 late ships."),
         "The Harbour Board also reported 12 late ships."),
        (("The Harbour Board said it rained.", "It later denied that 12 ships were late."),
         "The Harbour Board later denied that 12 ships were late."),
    ],
)  # fmt: skip
def test_a_speaker_who_is_only_pointed_at_is_named(
    sentences: tuple[str, ...], statement: str
) -> None:
    assert written(*sentences) == (statement, "written", ())


def test_a_speaker_is_named_behind_an_opening_too() -> None:
    text, *_ = written("The Harbour Board said it rained.", "However, it said 12 ships were late.")
    assert text == "The Harbour Board said 12 ships were late."


@pytest.mark.parametrize(
    "sentences",
    [
        ("The ships of Tarn were counted.", "It said 12 were late."),  # names nobody who speaks
        ("It said 12 ships were late.",),  # nothing is before it
        ("The Harbour Board said it rained.", "It held 12 ships back."),  # does not say
        ("The Harbour Board said it rained.", "Its crews said 12 ships were late."),
    ],
)
def test_nobody_is_named_whom_the_evidence_does_not_name(sentences: tuple[str, ...]) -> None:
    assert written(*sentences) == (" ".join(sentences), "written", ())


def test_words_before_the_last_sentence_keep_the_whole_evidence() -> None:
    sentences = ("The Harbour Board said 40 ships came.", "It said 12 were late.")
    text, outcome, _ = written(*sentences, words="40")
    assert (text, outcome) == (" ".join(sentences), "written")


def test_what_fails_its_check_is_rebuilt_word_for_word() -> None:
    sentences = ("The Harbour Board said crews reportedly fled.", "It said crews fled.")
    text, outcome, failures = written(*sentences)
    assert (text, outcome) == (" ".join(sentences), "rebuilt")
    assert failures == (Failure("hedge", "reportedly"),)


@pytest.mark.parametrize(
    "sentence",
    [
        "But at least 12 ships were reportedly lost, the Harbour Board claimed.",
        "However, Ivo Lund denied that nearly 40 houses may have been flooded.",
        "Meanwhile, no more than 12 of the crew could be saved, according to Tarn Radio.",
    ],
)
def test_hedges_and_who_said_it_are_kept(sentence: str) -> None:
    text, outcome, _ = written(sentence)
    assert outcome == "written"
    assert text.lower() == sentence.split(" ", 1)[1].lower()


@pytest.mark.parametrize(
    "sentences",
    [
        ("However, the dam held.",),
        ("The Harbour Board said it rained.", "It said 12 ships were late."),
        ("The Harbour Board said crews reportedly fled.", "It said crews fled."),
    ],
)
def test_every_statement_uses_words_of_its_evidence(sentences: tuple[str, ...]) -> None:
    assert uses_words_of(written(*sentences)[0], " ".join(sentences))


@pytest.mark.parametrize(
    ("statement", "same"),
    [
        ("THE DAM: held!", True),
        ("Held, the dam.", True),
        ("", True),
        ("The dams held.", False),
        ("The dam held firm.", False),
    ],
)
def test_words_are_compared_without_case_and_marks(statement: str, same: bool) -> None:
    assert uses_words_of(statement, "However, the dam held.") is same


def test_words_in_order_without_case_and_marks() -> None:
    assert plain_words("“Al-Safira”, 25.5% — Çelik's") == ["al", "safira", "25", "5", "çelik", "s"]
