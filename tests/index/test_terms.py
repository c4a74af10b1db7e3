"""The term index gives every passage its BM25 score, before and after it lay on the disk."""

import math
import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.index.analysis import terms_of
from rag.index.terms import (
    UNDATED,
    PassageRow,
    Terms,
    build_terms,
    inverse_document_frequency,
    map_arrays,
    save_arrays,
)  # fmt: skip
from tests.index.conftest import WORDS

# Words that come often and words that come seldom.
FREQUENCIES = [1 / (rank + 1) for rank in range(len(WORDS))]


def some_rows(count: int) -> list[PassageRow]:
    rng = random.Random(count)
    rows = []
    for at in range(count):
        words = rng.choices(WORDS, FREQUENCIES, k=rng.choice([0, 1, 30, 130, 400]))
        title = " ".join(rng.choices(WORDS, k=5))
        day = rng.choice([UNDATED, 738_000 + at])
        story = rng.choice([-(2**63), 2**63 - 1, at])
        rows.append(PassageRow(3 * at + 2, at // 3 + 1, day, story, title, " ".join(words)))
    return rows


def bm25(rows: list[PassageRow], query: list[int]) -> list[float]:
    """Robertson and Zaragoza's formula, word for word, with a constant for the average length."""
    k1, b, average = 1.2, 0.75, 90.0
    bags = [Counter(terms_of(f"{row.title} {row.text}")) for row in rows]
    scores = [0.0] * len(rows)
    for term in query:
        containing = sum(term in bag for bag in bags)
        idf = math.log(1 + (len(rows) - containing + 0.5) / (containing + 0.5))
        for at, bag in enumerate(bags):
            length = sum(bag.values())
            norm = bag[term] + k1 * (1 - b + b * length / average)
            scores[at] += idf * bag[term] * (k1 + 1) / norm
    return scores


def scored(terms: Terms, query: list[int]) -> NDArray[np.float32]:
    return terms.scores(
        [(term, inverse_document_frequency(terms.count(term), len(terms))) for term in query]
    )


@pytest.fixture(params=["in memory", "on the disk"])
def through(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Makes an index of rows, either way."""

    def make(rows: list[PassageRow]) -> Terms:
        arrays = build_terms(iter(rows))
        if request.param == "on the disk":
            save_arrays(arrays, tmp_path / "terms.safetensors")
            return Terms(map_arrays(tmp_path / "terms.safetensors"))
        return Terms(arrays)

    return make


def test_scores_are_those_of_the_formula(through: Any) -> None:
    rows = some_rows(200)
    terms = through(rows)
    rng = random.Random(2)
    for length in (1, 1, 2, 5, 20):
        query = list(dict.fromkeys(terms_of(" ".join(rng.sample(WORDS, length)))))
        expected = bm25(rows, query)
        assert np.allclose(scored(terms, query), expected, rtol=1e-3, atol=1e-6)
        assert max(expected) > 0


def test_a_term_is_counted_once_for_a_passage(through: Any) -> None:
    rows = [
        PassageRow(1, 1, 5, 1, "Aid", "aid aid AID"),
        PassageRow(2, 1, 5, 1, "", "border"),
        PassageRow(3, 2, 6, 2, "Border aid", ""),
    ]
    terms = through(rows)
    (aid,), (border,) = terms_of("aid"), terms_of("border")
    assert (terms.count(aid), terms.count(border)) == (2, 2)
    scores = scored(terms, [aid])
    assert scores[0] > scores[2] > scores[1] == 0


def test_what_is_known_of_each_passage(through: Any) -> None:
    rows = some_rows(50)
    terms = through(rows)
    assert len(terms) == 50
    for name, kind in (("number", "i8"), ("article", "i8"), ("day", "i4"), ("story", "i8")):
        values = getattr(terms, name)
        assert values.dtype == np.dtype(kind)
        assert values.tolist() == [getattr(row, name) for row in rows]


def test_unknown_terms_score_nothing(through: Any) -> None:
    terms = through(some_rows(20))
    unknown = [0, 1, 2**63, 2**64 - 1, *terms_of("zanzibar")]
    assert [terms.count(term) for term in unknown] == [0] * 5
    assert not scored(terms, unknown).any()
    known = terms_of("aleppo")
    assert np.array_equal(scored(terms, [*unknown, *known]), scored(terms, known))


def test_an_index_of_nothing(through: Any) -> None:
    terms = through([])
    assert len(terms) == 0 and terms.count(terms_of("aleppo")[0]) == 0
    assert scored(terms, terms_of("aleppo")).tolist() == []
    silent = through([PassageRow(1, 1, UNDATED, 1, "Who?", "And what of it!")])
    assert len(silent) == 1 and scored(silent, terms_of("aleppo")).tolist() == [0.0]


def test_rarer_is_weightier() -> None:
    values = [inverse_document_frequency(n, 100) for n in range(101)]
    assert values == sorted(values, reverse=True) and min(values) > 0
    assert values[4] == pytest.approx(math.log(1 + 96.5 / 4.5))


@pytest.mark.parametrize("count", [0, 1, 2, 77])
def test_arrays_come_back_as_they_were(tmp_path: Path, count: int) -> None:
    arrays = build_terms(some_rows(count))
    save_arrays(arrays, tmp_path / "x")
    mapped = map_arrays(tmp_path / "x")
    assert mapped.keys() == arrays.keys()
    for name, values in arrays.items():
        assert mapped[name].dtype == values.dtype and np.array_equal(mapped[name], values)
        assert not mapped[name].flags.writeable or not len(values)


def test_the_file_depends_on_the_passages_alone(tmp_path: Path) -> None:
    for name in ("a", "b"):
        save_arrays(build_terms(some_rows(60)), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
