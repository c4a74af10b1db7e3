"""Which sentences are weighed, and what each brings along."""

import pytest

from rag.read.candidates import find_candidates
from rag.records import Hit
from tests.fakes import candidate_of, passage_of

MAYOR = "The mayor of Tarn opened a bridge."
NEXT = "A second one is planned."


def shown(*sentences: str) -> str:
    """The evidence of the last of these sentences, which are one passage."""
    return candidate_of(passage_of(" ".join(sentences), sentences), len(sentences) - 1).shown


@pytest.mark.parametrize(
    "leaning",
    [
        "He thanked the builders.",
        "They had worked for two years.",
        "On Monday, she drove across.",
        "This cost nine million euros.",
        "Its towers are made of steel.",
        "Both are closed to lorries.",
        "The latter rusted.",
        '"We are proud," he told a crowd.',
        "“We are proud” she said.",
        "Most of those planks came from Norway.",
    ],
)
def test_a_leaning_sentence_brings_the_one_before(leaning: str) -> None:
    assert shown(NEXT, MAYOR, leaning) == f"{MAYOR} {leaning}"


@pytest.mark.parametrize(
    "whole",
    [
        NEXT,
        "Hebrides ferries stopped.",
        "Italy sent engineers.",
        "Thieves took the lamps.",
        '"We are proud," the mayor said.',
        "After the opening, those who came were fed.",
    ],
)
def test_a_sentence_that_stands_alone_brings_nothing(whole: str) -> None:
    assert shown(MAYOR, whole) == whole


def test_it_reaches_two_sentences_back_at_most() -> None:
    leaning = ["He paid.", "He smiled.", "He went home again."]
    assert shown(MAYOR, *leaning[:2]) == f"{MAYOR} He paid. He smiled."
    assert shown(MAYOR, *leaning) == " ".join(leaning)


def test_it_never_reaches_before_the_passage() -> None:
    assert shown("He thanked the builders.") == "He thanked the builders."


def test_it_stops_where_the_one_before_stands_alone() -> None:
    assert shown("He paid.", MAYOR, "He smiled.") == f"{MAYOR} He smiled."


def test_a_break_between_paragraphs_does_not_part_what_leans() -> None:
    text = f"{MAYOR}\n\n \tHe thanked\nthe  builders."
    passage = passage_of(text, [MAYOR, "He thanked\nthe  builders."], 1000)
    (_, leaning) = find_candidates([Hit(passage, 1.0)])
    assert leaning.text == "He thanked the builders."
    assert leaning.shown == f"{MAYOR} He thanked the builders."
    assert passage.slice(leaning.evidence) == text
    assert (leaning.evidence.start, leaning.evidence.end) == (1000, 1000 + len(text))


def test_all_sentences_in_the_order_of_their_passages_without_short_ones() -> None:
    first = passage_of(f"By A. Aalto. {MAYOR} {NEXT}", ["By A. Aalto.", MAYOR, NEXT])
    second = passage_of(f"Tarn, May 3 {MAYOR}", ["Tarn, May 3", MAYOR], article_id="a2")
    found = find_candidates([Hit(first, 0.9), Hit(second, 0.8)])
    assert [(one.rank, one.text) for one in found] == [
        (0, "By A. Aalto."),  # twelve characters
        (0, MAYOR),
        (0, NEXT),
        (1, MAYOR),  # eleven before it
    ]
    assert [one.hit.score for one in found] == [0.9, 0.9, 0.9, 0.8]


def test_a_short_sentence_is_still_leant_on() -> None:
    sentences = ["Snow fell.", "It lay until April."]
    (found,) = find_candidates([Hit(passage_of(" ".join(sentences), sentences), 1.0)])
    assert found.shown == "Snow fell. It lay until April."


def test_nothing_found_is_no_candidates() -> None:
    assert find_candidates([]) == ()
