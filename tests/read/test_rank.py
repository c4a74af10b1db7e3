"""Which sentences are read first, on the seeds' store with weights made by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.cli.options import load_embedder
from rag.config import DEFAULT_EMBEDDER
from rag.index.embedder import Embedder
from rag.index.store import Store, open_store
from rag.read.features import FEATURES
from rag.read.kinds import read_kind
from rag.read.rank import RELEVANCE_FEATURES, SCORED, Ranked, rank_candidates
from rag.read.weights import Logistic, Weights
from rag.records import Hit, Passage, Question
from tests.fakes import passage_of

ASKED = Question("Who reopened the bridge of Tarn?", asked_on="2031-05-04")
ROAD = "The road to Tarn is closed."
BRIDGE = "Mayor Odile Brandt reopened the bridge of Tarn."
RAIN = "Farmers hope for rain before the harvest."
BY_RANK = {"rank": 1.0, "position": -0.1}


@pytest.fixture(scope="module")
def sources(seed_store: Path) -> Iterator[tuple[Store, Embedder]]:
    opened = open_store(seed_store)
    yield opened, load_embedder(DEFAULT_EMBEDDER)
    opened.close()


def weights(first: dict[str, float], relevance: dict[str, float]) -> Weights:
    """Weights that are 0 but for these."""

    def only(features: tuple[str, ...], some: dict[str, float]) -> Logistic:
        return Logistic(features, tuple(some.get(name, 0.0) for name in features), -1.0)

    none = Logistic((), (), 0.0)
    return Weights(only(FEATURES, first), only(RELEVANCE_FEATURES, relevance), none, 0.5, 0.2, 0.5)


def passage(*sentences: str, article_id: str = "a1") -> Passage:
    return passage_of(" ".join(sentences), sentences, article_id=article_id)


def rank(
    sources: tuple[Store, Embedder],
    *passages: Passage,
    first: dict[str, float] = BY_RANK,
    relevance: dict[str, float] | None = None,
    asked: Question = ASKED,
) -> list[Ranked]:
    hits = [Hit(one, 1.0) for one in passages]
    by = weights(first, {"first": 1.0} if relevance is None else relevance)
    return rank_candidates(asked, read_kind(asked.text), hits, sources, by)


def texts(ranked: list[Ranked]) -> list[str]:
    return [one.candidate.text for one in ranked]


def test_nothing_found_is_nothing_to_read(sources: tuple[Store, Embedder]) -> None:
    assert rank(sources) == []
    assert rank(sources, passage("Too short.")) == []


def test_the_likeliest_comes_first_with_its_log_odds(sources: tuple[Store, Embedder]) -> None:
    ranked = rank(sources, passage(RAIN, ROAD), passage(BRIDGE, article_id="a2"))
    assert texts(ranked) == [RAIN, ROAD, BRIDGE]
    # first: rank - position / 10 - 1, and the second model's bias
    assert [one.relevance for one in ranked] == pytest.approx([-1.0, -1.05, -1.5])
    turned = rank(sources, passage(RAIN, ROAD), first={"position": 1.0})
    assert texts(turned) == [ROAD, RAIN]


@pytest.mark.parametrize("feature", ["relevance", "span"])
def test_the_sentence_model_has_its_say(sources: tuple[Store, Embedder], feature: str) -> None:
    ranked = rank(sources, passage(RAIN, ROAD, BRIDGE), relevance={"first": 0.01, feature: 5.0})
    assert texts(ranked)[0] == BRIDGE
    assert [one.relevance for one in ranked] == sorted((r.relevance for r in ranked), reverse=True)


def test_ties_stay_in_the_order_of_the_passages(sources: tuple[Store, Embedder]) -> None:
    found = [passage(RAIN, ROAD), passage(BRIDGE, article_id="a2")]
    ranked = rank(sources, *found, first={}, relevance={})
    assert texts(ranked) == [RAIN, ROAD, BRIDGE]


def test_the_same_words_are_read_once(sources: tuple[Store, Embedder]) -> None:
    ranked = rank(sources, passage(RAIN, BRIDGE), passage(BRIDGE, ROAD, article_id="a2"))
    assert texts(ranked) == [RAIN, BRIDGE, ROAD]
    assert ranked[1].candidate.hit.passage.article.article_id == "a1"


def test_what_a_likelier_ones_evidence_shows_is_left_out(sources: tuple[Store, Embedder]) -> None:
    leaning = "She cut a ribbon."
    both = passage(BRIDGE, leaning)
    assert texts(rank(sources, both, first={"position": 1.0})) == [leaning]
    # The sentence alone does not show the one that leans on it.
    assert texts(rank(sources, both, first={"position": -1.0})) == [BRIDGE, leaning]


def test_the_same_place_in_another_article_is_no_duplicate(
    sources: tuple[Store, Embedder],
) -> None:
    ranked = rank(sources, passage(BRIDGE), passage(ROAD, article_id="a2"))
    assert texts(ranked) == [BRIDGE, ROAD]


def test_overlapping_passages_give_a_sentence_once(sources: tuple[Store, Embedder]) -> None:
    whole = passage(BRIDGE, "She cut a ribbon.")
    part = passage(BRIDGE)
    assert texts(rank(sources, whole, part)) == [BRIDGE, "She cut a ribbon."]


def test_only_the_likeliest_are_scored(sources: tuple[Store, Embedder]) -> None:
    many = [f"Village {number} has a bridge too." for number in range(SCORED + 5)]
    ranked = rank(sources, passage(*many), relevance={"first": -1.0})
    assert len(ranked) == SCORED
    assert set(texts(ranked)) == set(many[:SCORED])
    assert texts(ranked)[0] == many[SCORED - 1]


def test_an_account_is_made_of_what_names_it(sources: tuple[Store, Embedder]) -> None:
    asked = Question("What happened in Tarn?", asked_on="2031-05-04")
    likes_rain = {"first": 1.0, "relevance": -9.0}
    ranked = rank(sources, passage(RAIN, BRIDGE), first={}, relevance=likes_rain, asked=asked)
    assert texts(ranked) == [BRIDGE, RAIN]
    assert [one.relevance for one in ranked] == pytest.approx([2.0, -4.0])


@pytest.mark.parametrize("question", ["the harvest", "tell me about the harvest"])
def test_without_a_name_an_account_is_made_of_what_has_the_words(
    sources: tuple[Store, Embedder], question: str
) -> None:
    asked = Question(question, asked_on="2031-05-04")
    ranked = rank(sources, passage(BRIDGE, RAIN), first={}, relevance={}, asked=asked)
    assert texts(ranked) == [RAIN, BRIDGE]
    assert ranked[0].relevance > 0 > ranked[1].relevance


def test_who_said_it_is_told_where_somebody_speaks(sources: tuple[Store, Embedder]) -> None:
    asked = Question("Who said the bridge of Tarn is safe?", asked_on="2031-05-04")
    spoken = "The bridge of Tarn is safe, Ivo Lund said."
    ranked = rank(
        sources,
        passage(RAIN, "Oslo stayed dry, Odile Brandt said.", "The bridge of Tarn is safe.", spoken),
        first={},
        relevance={},
        asked=asked,
    )
    assert texts(ranked)[0] == spoken
    assert texts(ranked)[-1] == RAIN
    odds = {one.candidate.text: one.relevance for one in ranked}
    assert odds[spoken] - odds["The bridge of Tarn is safe."] == pytest.approx(1.0)
    assert odds["The bridge of Tarn is safe."] - odds[RAIN] == pytest.approx(3.0)
