"""Passages are whole consecutive sentences, each in exactly one."""

import random

import pytest

from rag.articles.passages import TAIL_WORDS, TARGET_WORDS, cut_passages
from rag.articles.sentences import split_sentences


def sentence(words: int) -> str:
    return " ".join(["Word"] + ["word"] * (words - 1)) + "."


def sizes(text: str) -> list[int]:
    return [sum(len(text[s.start : s.end].split()) for s in p) for p in cut_passages(text)]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t"])
def test_empty_text_gives_no_passage(text: str) -> None:
    assert cut_passages(text) == ()


def test_every_sentence_is_in_exactly_one_passage() -> None:
    rng = random.Random(7)
    for _ in range(50):
        lengths = [
            rng.choice([1, 5, 20, 60, 129, 130, 131, 400]) for _ in range(rng.randint(1, 40))
        ]
        text = rng.choice([" ", "\n\n"]).join(map(sentence, lengths))
        passages = cut_passages(text)
        assert all(passages)
        assert tuple(span for passage in passages for span in passage) == split_sentences(text)


def test_sizes() -> None:
    rng = random.Random(8)
    for _ in range(50):
        text = " ".join(sentence(rng.randint(1, 60)) for _ in range(rng.randint(1, 60)))
        *full, last = sizes(text)
        assert last <= TARGET_WORDS + TAIL_WORDS
        assert last >= TAIL_WORDS or not full
        # None could have taken the next sentence, of at most 60 words.
        assert all(TARGET_WORDS - 60 < size <= TARGET_WORDS for size in full)


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([130], [130]),
        ([65, 65, 65], [130, 65]),
        ([65, 66, 64], [65, 130]),
        ([130, 39], [169]),
        ([130, 40], [130, 40]),
        ([10, 300, 50], [10, 300, 50]),
        ([39], [39]),
    ],
)
def test_where_passages_end(lengths: list[int], expected: list[int]) -> None:
    assert sizes(" ".join(map(sentence, lengths))) == expected


def test_a_sentence_of_5000_words_stays_whole() -> None:
    text = f"{sentence(100)} {sentence(5000)} {sentence(100)}"
    assert sizes(text) == [100, 5000, 100]
    assert all(len(passage) == 1 for passage in cut_passages(text))
