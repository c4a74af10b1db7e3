"""Running a graph: pairs are told apart, long texts are cut, company changes nothing."""

import numpy as np
import pytest

from rag.index.graph import Outputs, TextGraph
from rag.read.sentence_model import FOLDER

LONG = "A bridge reopened on Sunday. " * 60


def graph(longest: int) -> TextGraph:
    return TextGraph(FOLDER / "model.onnx", FOLDER / "tokenizer.json", longest)


@pytest.fixture(scope="module")
def short() -> TextGraph:
    """The sentence model's graph, which reads 32 tokens."""
    return graph(32)


def tokens(outputs: Outputs) -> int:
    """How many there were, which the second output has a row for."""
    return int(outputs[1].shape[1])


def same(one: Outputs, other: Outputs) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_nothing_to_run(short: TextGraph) -> None:
    assert short.run([]) == []


@pytest.mark.parametrize("text", ["Who?", ("Who?", "Nobody came.")])
def test_alone_is_as_in_company(short: TextGraph, text: str | tuple[str, str]) -> None:
    (alone,) = short.run([text])
    among = short.run([LONG, text, "Rain."])[1]
    assert same(alone, among)


def test_a_pair_is_not_one_text(short: TextGraph) -> None:
    pair, turned, joined = short.run([("Who?", "Ivo."), ("Ivo.", "Who?"), "Who? [SEP] Ivo."])
    assert tokens(pair) == tokens(turned) == tokens(joined)
    assert not same(pair, turned)
    assert not same(pair, joined)  # the same tokens of other types


@pytest.mark.parametrize("text", [LONG, ("Who?", LONG), (LONG, "Ivo."), (LONG, LONG)])
def test_long_texts_are_cut(short: TextGraph, text: str | tuple[str, str]) -> None:
    (outputs,) = short.run([text])
    assert tokens(outputs) == 32


def test_of_a_pair_the_longer_is_cut(short: TextGraph) -> None:
    cut, more, shorter = short.run(
        [("Who came?", LONG), ("Who came?", LONG + "Rain."), ("Who?", LONG)]
    )
    assert same(cut, more)
    assert not same(cut, shorter)


def test_texts_are_not_padded(short: TextGraph) -> None:
    few, many = short.run(["Rain.", "Rain fell on all of the town."])
    assert 0 < tokens(few) < tokens(many) < 32
