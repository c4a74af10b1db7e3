"""How sure a finding is, and what it is made of."""

from dataclasses import replace

import pytest

from rag.read.judge import SUPPORT_FEATURES, Setting, judge, support_row
from rag.read.reader import Reading
from rag.read.weights import Logistic, Weights
from rag.records import Finding, Passage
from tests.fakes import candidate_of, passage_of

NONE = Logistic((), (), 0.0)
WEIGHTS = Weights(
    NONE, NONE, Logistic(SUPPORT_FEATURES, (0.5, 0.7, 0.9, -0.1), -2.0), 0.5, 0.2, 0.5
)
SENTENCES = (
    "The dam near Velm burst on May 3, engineers said.",
    "It flooded 140 houses.",
    "Rescuers in boats reached the last families after dark.",
)


def passage(date: str | None = "2031-05-04") -> Passage:
    return passage_of(" ".join(SENTENCES), SENTENCES, title="Dam bursts", date=date)


def row(
    number: int = 1,
    relevance: float = 0.0,
    agreed: float = 0.5,
    date: str | None = "2031-05-04",
    day: str | None = "2031-05-04",
    passages: int = 1,
) -> dict[str, float]:
    reading = Reading(candidate_of(passage(date), number), relevance, agreed)
    found = support_row(reading, Setting(day, passages))
    return dict(zip(SUPPORT_FEATURES, found, strict=True))


def judged(
    number: int = 1,
    relevance: float = 0.0,
    agreed: float = 0.5,
    day: str | None = "2031-05-04",
    passages: int = 1,
) -> Finding:
    reading = Reading(candidate_of(passage(), number), relevance, agreed)
    return judge(reading, Setting(day, passages), WEIGHTS)


def test_support_grows_with_the_models_agreement() -> None:
    supports = [judged(agreed=agreed).support for agreed in (0.1, 0.4, 0.5, 0.8, 0.99)]
    assert supports == sorted(supports) and len(set(supports)) == 5
    assert all(0 < support < 1 for support in supports)


def test_support_grows_with_the_relevance_before_reading() -> None:
    supports = [judged(relevance=relevance).support for relevance in (-4.0, -1.0, 0.0, 2.0)]
    assert supports == sorted(supports) and len(set(supports)) == 4


@pytest.mark.parametrize(
    ("agreed", "odds"), [(0.5, 0.0), (0.9, 2.197), (0.0, -6.907), (1e-9, -6.907), (1.0, 6.907)]
)
def test_agreement_counts_in_log_odds_within_bounds(agreed: float, odds: float) -> None:
    assert row(agreed=agreed)["agreed"] == pytest.approx(odds, abs=0.001)


@pytest.mark.parametrize(("passages", "log"), [(0, 0.0), (1, 0.0), (19, 2.944), (24_810, 10.119)])
def test_passages_count_by_their_log(passages: int, log: float) -> None:
    assert row(passages=passages)["passages"] == pytest.approx(log, abs=0.001)


def test_among_more_passages_one_is_less_sure() -> None:
    assert judged(passages=20).support > judged(passages=20_000).support


def test_relevance_is_taken_as_it_is() -> None:
    assert row(relevance=-3.25)["relevance"] == -3.25


@pytest.mark.parametrize(
    ("date", "day", "fresh"),
    [
        ("2031-05-04", "2031-05-04", 1.0),
        ("2031-05-04", "2031-05-18", 0.5),
        ("2031-05-04", "2031-06-01", 0.25),
        ("2031-05-04", "2031-05-01", 1.0),  # dated later than the day of asking
        (None, "2031-05-04", 0.5),
        ("2031-05-04", None, 0.5),
        (None, None, 0.5),
    ],
)
def test_freshness_halves_in_two_weeks(date: str | None, day: str | None, fresh: float) -> None:
    assert row(date=date, day=day)["fresh"] == pytest.approx(fresh)


def test_each_number_has_a_part_in_support() -> None:
    values = list(row(relevance=-1.0, agreed=0.7).values())
    expected = WEIGHTS.support.probability(values)
    found = judged(relevance=-1.0, agreed=0.7)
    assert found.support == pytest.approx(expected)
    assert judged(day="2031-08-04").support < judged().support


def test_the_words_are_the_sentence_and_the_evidence_what_it_leans_on() -> None:
    found = judged()
    assert found.words == found.sentence == found.passage.sentences[1]
    assert found.quote == f"{SENTENCES[0]} {SENTENCES[1]}"


@pytest.mark.parametrize(
    ("sentences", "speaker"),
    [
        (["It rained, Mayor Odile Brandt said."], "Mayor Odile Brandt"),
        (["Mayor Odile Brandt said a wall fell.", "It hit a car."], "Mayor Odile Brandt"),
        (["Mayor Odile Brandt said a wall fell.", "It hit a car, Ivo Lund said."], "Ivo Lund"),
        (["Mayor Odile Brandt said a wall fell.", "Cars were hit."], None),
    ],
)
def test_the_speaker_is_the_sentences_own_else_the_evidences(
    sentences: list[str], speaker: str | None
) -> None:
    candidate = candidate_of(passage_of(" ".join(sentences), sentences), len(sentences) - 1)
    found = judge(Reading(candidate, 0.0, 0.5), Setting(None, 1), WEIGHTS)
    assert found.speaker == speaker


@pytest.mark.parametrize(
    ("sentences", "day", "basis"),
    [
        (["The dam burst on May 3, 2031, not on May 2."], "2031-05-03", "stated"),
        (["The dam burst on May 3."], "2024-05-03", "inferred"),
        (["The dam burst on Wednesday."], "2024-11-27", "inferred"),
        (["The dam was built in 2015."], "2015", "stated"),
        (["The dam burst on May 3.", "It was built in 2015."], "2015", "stated"),
        (["The dam burst on May 3.", "It flooded 140 houses."], "2024-05-03", "inferred"),
        (["The dam burst on May 3.", "Boats came."], None, None),
    ],
)
def test_it_speaks_of_the_first_date_of_sentence_or_evidence(
    sentences: list[str], day: str | None, basis: str | None
) -> None:
    candidate = candidate_of(passage_of(" ".join(sentences), sentences), len(sentences) - 1)
    assert candidate.hit.passage.article.date == "2024-12-01"  # a Sunday
    found = judge(Reading(candidate, 0.0, 0.5), Setting(None, 1), WEIGHTS)
    assert (found.speaks_of, found.speaks_of_basis) == (day, basis)


def test_without_the_day_of_writing_a_date_goes_as_far_as_it_is_written() -> None:
    sentences = ["The dam burst on May 3."]
    candidate = candidate_of(passage_of(sentences[0], sentences), 0)
    hit = candidate.hit
    undated = replace(hit.passage, article=replace(hit.passage.article, date=None))
    candidate = replace(candidate, hit=replace(hit, passage=undated))
    found = judge(Reading(candidate, 0.0, 0.5), Setting(None, 1), WEIGHTS)
    assert (found.speaks_of, found.speaks_of_basis) == ("--05-03", "stated")
