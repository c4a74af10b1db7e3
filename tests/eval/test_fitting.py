"""Fitting: what counts as right, where the threshold falls, what the curve says, what is learnt
from; and one real step of training, written out and read back."""

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer

from eval import graph_weights
from eval import train_sentence_model as training
from eval.fit_reading import logistic
from eval.fit_support import fit_support, is_answerable, is_right
from eval.support import Asked, choose_threshold, curve_of, describe_reading, limits, needed
from rag.config import DEFAULT_EMBEDDER, models_dir
from rag.index.graph import TextGraph
from rag.models.resolve import resolve_embedder
from rag.read import sentence_model

# One number a sentence, which is its log odds.
PLAIN = (np.array([1.0]), 0.0)


def asked(answerable: bool, *sentences: tuple[float, bool]) -> Asked:
    return Asked("q", answerable, [[odds] for odds, _ in sentences], [r for _, r in sentences])


@pytest.mark.parametrize(
    ("row", "answerable", "right"),
    [
        ({"answer": "Ford", "answerable": True}, True, True),
        ({"answer": "Kia", "answerable": False}, False, False),
        ({"answer": "Ford", "positives": [{}]}, True, True),
        ({"answer": "Ford", "positives": []}, False, True),
        ({"type": "fact", "evidence": [{"sentence": "So it was Ford."}]}, True, False),
        ({"type": "fact", "evidence": [{"sentence": "It was  Ford. Or Kia."}]}, True, True),
        ({"type": "fact", "evidence": [{"sentence": "Kia."}, {"sentence": "Ford."}]}, True, True),
        ({"type": "unanswerable"}, False, False),
    ],
)
def test_labels_of_every_format(row, answerable: bool, right: bool) -> None:
    assert is_answerable(row) == answerable
    assert is_right("It was Ford.", row) == right


def test_the_threshold_lies_below_the_last_answer_that_keeps_the_risk() -> None:
    sure = [asked(True, (odds, True)) for odds in (3.0, 2.5, 2.0)]
    invented = [asked(False, (odds, False)) for odds in (1.5, 1.0)]
    threshold = choose_threshold([*sure, *invented], PLAIN)
    # Three of four answers right keep a risk of .25, three of five do not.
    assert 1 / (1 + np.exp(-1.0)) < threshold < 1 / (1 + np.exp(-1.5))
    assert choose_threshold(invented, PLAIN) == 1.0


def test_the_threshold_counts_on_what_is_read() -> None:
    # Read, the invented answer would be the surest; it is not, for it cannot be so sure.
    right = [read_of((1.0, 0.0)) for _ in range(3)]
    invented = [replace(read_of((-1.0, 4.0)), answerable=False, right=[False])] * 2
    assert choose_threshold([*right, *invented], BOTH) == 1.0
    assert choose_threshold([*right, *invented], BOTH, 0.5) < 1 / (1 + np.exp(-1.0))


def test_the_curve_goes_from_the_surest_on() -> None:
    questions = [asked(False, (0.0, False)), asked(True, (2.0, True)), asked(True, (1.0, False))]
    points = curve_of(questions, PLAIN)
    assert [point["coverage"] for point in points] == [0.333, 0.667, 1.0]
    assert [point["risk"] for point in points] == [0.0, 0.5, 0.667]


def test_equally_sure_questions_are_one_point_of_the_curve() -> None:
    points = curve_of([asked(True, (1.0, True)), asked(True, (1.0, False))], PLAIN)
    assert points == [{"probability": 0.731, "coverage": 1.0, "risk": 0.5}]


# Relevance and what the language model says count alike.
BOTH = (np.array([1.0, 1.0, 0.0, 0.0]), 0.0)


def read_of(*sentences: tuple[float, float]) -> Asked:
    rows = [[relevance, agreed, 0.0, 0.0] for relevance, agreed in sentences]
    return Asked("q", True, rows, [at == 0 for at in range(len(rows))])


def test_judgements_are_usually_and_at_the_surest_so_sure() -> None:
    odds = np.linspace(-5.0, 5.0, 101)
    asked = [read_of(*[(0.0, float(one)) for one in some]) for some in np.array_split(odds, 7)]
    usual, surest = limits(asked)
    assert usual == pytest.approx(0.5)
    assert surest == pytest.approx(1 / (1 + np.exp(-4.0)))


def test_what_could_not_be_said_needs_no_reading() -> None:
    # With a judgement of .5 at the most the support is that of the relevance.
    asked = read_of((2.0, 1.0), (1.0, 0.0), (-2.0, 3.0), (0.5, 0.0))
    assert needed(asked, BOTH, 0.5, 0.5) == [0, 1, 3]
    assert needed(asked, BOTH, 0.1, 0.5) == [0, 1, 3]  # -2 is less than half of the best
    assert needed(asked, BOTH, 0.7, 0.5) == [0, 1]
    assert needed(asked, BOTH, 0.99, 0.5) == []
    assert needed(asked, BOTH, 0.5, 1.0) == [0, 1, 2, 3]
    assert describe_reading([asked], BOTH, 0.5, 0.5).startswith("read 3.00; right 1.00 wrong 0.00")
    assert describe_reading([asked], BOTH, 0.99, 0.5).startswith("read 0.00; right 0.00 wrong 0.00")


def test_words_that_stand_there_by_chance_are_not_learnt_as_right() -> None:
    known = [asked(True, (2.0, True), (-2.0, False))] * 5
    chance = [asked(False, (-2.0, True))] * 5
    weights, _ = fit_support([*known, *chance])
    taken, _ = fit_support([*known, *[asked(True, (-2.0, True))] * 5])
    assert weights[0] > taken[0]


def test_weights_are_in_the_units_of_the_rows() -> None:
    rows = np.array([[-2.0], [-1.0], [1.0], [2.0]] * 20)
    right = rows[:, 0] > 0
    (one,), (tenth,) = (logistic([rows * k], [right])[0] for k in (1.0, 10.0))
    assert one == pytest.approx(10 * tenth)


def test_a_step_learns_from_the_likelier_sentences() -> None:
    right = tuple(at in (3, 20, 40) for at in range(41))
    example = training.Example("Who?", "X", tuple(map(str, range(41))), right)
    drawn = [training.draw(example, random.Random(seed)) for seed in range(200)]
    assert all(sum(right[at] for at in one) == 2 and len(set(one)) == len(one) for one in drawn)
    assert sum(3 in one for one in drawn) > 1.3 * sum(40 in one for one in drawn)


def test_a_training_writes_what_reading_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "FOLDER", tmp_path / "model")
    folder = resolve_embedder(DEFAULT_EMBEDDER, models_dir()).path
    model = training.SentenceModel(folder)
    texts = ("Fall . Rebels took Velm on Friday.", "Rain . It rained in Tarn.")
    example = training.Example("Who took Velm?", "Rebels", texts, (True, False))
    assert training.train(model, folder, [example] * 8, 3.0) >= 1
    training.write(model, folder, {"steps": 1})
    made = TextGraph(tmp_path / "model" / "model.onnx", tmp_path / "model" / "tokenizer.json", 112)
    ((relevance, spans),) = made.run([("Who took Velm?", texts[0])])
    assert relevance.shape == (1,)
    assert spans.shape[0] == 1 and spans.shape[2] == 2
    assert json.loads((tmp_path / "model" / "about.json").read_text("utf-8"))["steps"] == 1


def test_training_goes_on_from_the_graphs_that_ship() -> None:
    folder = resolve_embedder(DEFAULT_EMBEDDER, models_dir()).path
    graph = sentence_model.FOLDER / "model.onnx"
    model = training.SentenceModel(folder).eval()
    training.begin_from(model, [graph, graph])
    questions = (
        "Who took Velm?",
        "Why did homes in Oslo lose power?",
        "When did Ann Reyes resign?",
    )
    texts = (
        "Fall . Rebels took Velm on Friday.",
        "Storm . In Oslo 1,200 homes lost power because the river rose.",
        "Reyes steps down . Ann Reyes resigned on 3 May after the vote.",
        "Rain . It rained in Tarn.",
    )
    pairs = [(question, text) for question in questions for text in texts]
    shipped = TextGraph(graph, sentence_model.FOLDER / "tokenizer.json", 112).run(pairs)
    tokenizer = AutoTokenizer.from_pretrained(str(folder))
    scores = []
    for pair in pairs:
        encoded = tokenizer(*pair, return_tensors="pt")
        with torch.no_grad():
            ids, mask = encoded["input_ids"], encoded["attention_mask"]
            scores.append(float(model(ids, mask, encoded["token_type_ids"])[0][0]))
    # What runs through the graph has eight bits, too; that is all that differs.
    assert np.corrcoef(scores, [float(relevance[0]) for relevance, _ in shipped])[0, 1] > 0.97


def test_the_mean_of_two_graphs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = {"a": np.array([1.0, 3.0]), "b": np.array([0.0])}
    other = {"a": np.array([2.0, 5.0]), "b": np.array([1.0])}
    read = {Path("one"): shipped, Path("two"): other}
    monkeypatch.setattr(graph_weights, "read_weights", read.__getitem__)
    mean = graph_weights.mean_weights(list(read))
    assert {name: value.tolist() for name, value in mean.items()} == {"a": [1.5, 4.0], "b": [0.5]}
