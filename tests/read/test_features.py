"""What is told of a sentence before it is read: each number once high and once low."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.cli.options import load_embedder
from rag.config import DEFAULT_EMBEDDER
from rag.index.embedder import Embedder
from rag.index.store import Store, open_store
from rag.read.candidates import Candidate
from rag.read.features import FEATURES, describe
from rag.read.kinds import read_kind
from rag.records import Question
from tests.fakes import candidate_of, passage_of

TAKEN = "Rebels led by Hayat Tahrir al-Sham took Aleppo on Saturday."
RAIN = "Farmers hope for rain before the harvest."


@pytest.fixture(scope="module")
def store(seed_store: Path) -> Iterator[Store]:
    opened = open_store(seed_store)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(DEFAULT_EMBEDDER)


class Describing:
    """The features of candidates by name, on the seeds' store."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self.store, self.embedder = store, embedder

    def rows(
        self, question: str, candidates: Sequence[Candidate], day: str | None = "2024-12-03"
    ) -> NDArray[np.float64]:
        asked = Question(question, asked_on=day)
        return describe(asked, read_kind(question), candidates, self.store, self.embedder)

    def column(
        self,
        name: str,
        question: str,
        candidates: Sequence[Candidate],
        day: str | None = "2024-12-03",
    ) -> list[float]:
        found = self.rows(question, candidates, day)[:, FEATURES.index(name)]
        return [float(value) for value in found]


@pytest.fixture(scope="module")
def told(store: Store, embedder: Embedder) -> Describing:
    return Describing(store, embedder)


def alone(
    text: str,
    article_id: str = "a1",
    rank: int = 0,
    title: str = "A title",
    date: str | None = "2024-12-01",
) -> Candidate:
    passage = passage_of(text, [text], article_id=article_id, title=title, date=date)
    return candidate_of(passage, 0, rank)


def test_no_candidates_have_no_rows(told: Describing) -> None:
    assert told.rows("Who took Aleppo?", []).shape == (0, len(FEATURES))


def test_each_candidate_has_a_finite_row(told: Describing) -> None:
    found = told.rows("Who took Aleppo?", [alone(TAKEN), alone(RAIN), alone("?! ... --- ...")])
    assert found.shape == (3, len(FEATURES)) and found.dtype == np.float64
    assert np.isfinite(found).all()


def test_rank_is_that_of_the_passage(told: Describing) -> None:
    ranked = [alone(TAKEN, rank=rank) for rank in (0, 1, 3)]
    assert told.column("rank", "Who took Aleppo?", ranked) == [1.0, 0.5, 0.25]


def test_names_of_the_question_in_the_sentence(told: Describing) -> None:
    candidates = [
        alone("Assad lost Aleppo."),
        alone("Assad lost a city."),
        alone(RAIN, title="Assad lost Aleppo"),
    ]
    both, one, none = told.column("names", "When did Assad lose Aleppo?", candidates)
    assert (both, none) == (1.0, 0.0)
    assert 0 < one < 1
    assert told.column("names", "who took the city?", [alone(RAIN)]) == [1.0]  # it has none


def test_a_rare_name_weighs_more_than_a_common_one(told: Describing) -> None:
    candidates = [alone("Assad spoke."), alone("Peskov spoke.")]
    common, rare = told.column("names", "What did Assad tell Peskov?", candidates)
    assert common < 0.5 < rare


def test_terms_of_the_question_in_title_and_evidence(told: Describing) -> None:
    leaning = passage_of(
        "Rebels took Aleppo. They rested.", ["Rebels took Aleppo.", "They rested."]
    )
    candidates = [
        candidate_of(leaning, 1),
        alone(RAIN, title="Rebels took Aleppo"),
        alone("Rebels rested."),
        alone(RAIN),
    ]
    evidence, title, some, none = told.column("terms", "Which rebels took Aleppo?", candidates)
    assert evidence == title == pytest.approx(1.0)
    assert none == 0.0 < some < 1


def test_cosine_is_higher_for_what_is_asked_about(told: Describing) -> None:
    near, far = told.column("cosine", "Who took Aleppo?", [alone(TAKEN), alone(RAIN)])
    assert near > 0.5 > 0.2 > far


@pytest.mark.parametrize(
    ("date", "days"),
    [("2024-12-03", 0), ("2024-12-02", 1), ("2024-11-03", 30), ("2025-06-01", 0)],
)
def test_age_in_days_before_the_day_of_asking(told: Describing, date: str, days: int) -> None:
    found = told.column("age", "Who took Aleppo?", [alone(TAKEN, date=date)])
    assert found == [pytest.approx(math.log1p(days))]


def test_age_without_a_date_is_the_mean_of_the_others(told: Describing) -> None:
    dated = [alone(TAKEN, date=date) for date in ("2024-12-02", "2024-11-03")]
    undated = alone(TAKEN, date=None)
    first, second, third = told.column("age", "Who took Aleppo?", [*dated, undated])
    assert third == pytest.approx((first + second) / 2)
    assert told.column("age", "Who took Aleppo?", [undated]) == [0.0]


def test_age_without_a_day_of_asking_counts_to_today(told: Describing) -> None:
    old, future = told.column(
        "age", "Who?", [alone(TAKEN, date="2024-12-01"), alone(TAKEN, date="9999-01-01")], None
    )
    assert old > math.log1p(365) and future == 0.0


@pytest.mark.parametrize(
    ("question", "sentence", "kind"),
    [
        ("How many died?", "At least 12 died in Homs.", 1.0),
        ("How many died?", "Many died in Homs.", 0.0),
        ("How many of the 12 died?", "All 12 died in Homs.", 0.0),  # said in the question
        ("How much money was lost?", "They lost $4 million.", 1.0),
        ("How much money was lost?", "They lost 4 lorries.", 0.0),
        ("When did it rain?", "It rained on November 27.", 1.0),
        ("When did it rain?", "It rained in Homs.", 0.0),
        ("Who took the city?", "The city fell to Jolani.", 1.0),
        ("Who took Aleppo?", "Rebels took Aleppo.", 0.0),
        ("Which crop failed?", "The wheat failed near Homs.", 1.0),
        ("Which crop failed?", "The wheat failed.", 0.5),
        ("Why did it fail?", "The wheat failed.", 1.0),
    ],
)
def test_kind_of_what_is_new(told: Describing, question: str, sentence: str, kind: float) -> None:
    assert told.column("kind", question, [alone(sentence)]) == [kind]


@pytest.mark.parametrize(("question", "kind"), [("Who said so?", 1.0), ("Who fell?", 0.0)])
def test_who_says_it_may_stand_in_the_sentence_before(
    told: Describing, question: str, kind: float
) -> None:
    sentences = ["On Sunday Mayor Odile Brandt spoke.", "She said a wall fell."]
    leaning = candidate_of(passage_of(" ".join(sentences), sentences), 1)
    assert told.column("kind", question, [leaning]) == [kind]


def test_position_in_the_passage(told: Describing) -> None:
    sentences = ["Rebels took Aleppo.", "Farmers wait.", "It is cold.", "Snow fell in Homs."]
    passage = passage_of(" ".join(sentences), sentences, 500)
    candidates = [candidate_of(passage, number) for number in (0, 1, 3)]
    assert told.column("position", "Who took Aleppo?", candidates) == [0.0, 0.25, 0.75]


def test_whether_it_asks_something_itself(told: Describing) -> None:
    candidates = [alone("But who took Aleppo?"), alone(TAKEN)]
    assert told.column("question", "Who took Aleppo?", candidates) == [1.0, 0.0]


def test_agreement_of_other_articles_by_how_well_they_fit(told: Describing) -> None:
    question = "How many died in Homs?"
    candidates = [
        alone("In Homs 31 died.", "a1"),
        alone("Officials say 31 died.", "a2"),
        alone("Of 48 lorries none came.", "a1"),
        alone("A train had 48 seats.", "a1"),
    ]
    first, second, third, fourth = told.column("agreement", question, candidates)
    assert second > first > 0.0  # the other fits better than this one
    assert third == fourth == 0.0  # the same article twice


def test_agreement_is_that_on_the_value_with_most(told: Describing) -> None:
    question = "How many died in Homs?"
    own, one, other = (
        alone("In Homs 31 died and 48 fled.", "a1"),
        alone("Officials say 31 died.", "a2"),
        alone("In Homs 48 people fled.", "a3"),
    )
    both, on_one, on_other = (
        told.column("agreement", question, [own, *others])[0]
        for others in ([one, other], [one], [other])
    )
    assert both == max(on_one, on_other)
    assert min(on_one, on_other) > 0


def test_articles_that_have_its_best_known_value(told: Describing) -> None:
    candidates = [
        alone("In Homs 31 died.", "a1"),
        alone("In Homs 31 died, and 5 in Hama.", "a2"),
        alone("In Homs 31 died again.", "a2"),
        alone("In Homs 27 died.", "a3"),
        alone(RAIN, "a4"),
    ]
    assert told.column("articles", "How many died in Homs?", candidates) == [2, 2, 2, 1, 0]


@pytest.mark.parametrize(
    ("sentence", "new"),
    [("In Homs 31 died, 5 in Hama and 31 in Idlib.", 2), ("In Homs 31 died.", 1), (RAIN, 0)],
)
def test_how_many_new_values_of_the_kind(told: Describing, sentence: str, new: int) -> None:
    assert told.column("new", "How many died in Homs?", [alone(sentence)]) == [new]
