"""Trains the encoder of rag/read/sentence_model.py and writes its 8-bit weights.

    python -m eval.train_sentence_model PAIRS.jsonl --work W --minutes 40
    python -m eval.train_sentence_model PAIRS.jsonl --work W --start GRAPH.onnx

The questions are those of eval/labelled.py: the quizzes of PAIRS.jsonl, those that
eval/make_questions.py left in W, and those of eval/written.py. Learnt from are for each question up
to two sentences that hold the answer among those that retrieval and the features of
rag.read.features find, and six that do not. Three losses: each sentence alone, the right among
those of its question, and where the answer's words stand. Every fourth question is left out, for
what is fitted afterwards. The time is what is given: the rate of learning falls to zero over it
(two cores: 18 steps of 8 questions a minute). `--start` goes on from the mean of graphs that were
trained before, what was lost by their eight bits apart.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from eval.graph_weights import mean_weights
from eval.labelled import HELD_OUT, Labelled, label, label_made, label_written
from rag import config
from rag.index.graph import quantise
from rag.models.resolve import resolve_embedder
from rag.read.sentence_model import FOLDER, LONGEST
from rag.read.weights import load_part

SEED = 1
_RATE, _HEAD_RATE, _WARM_UP = 6e-5, 1e-3, 20
_QUESTIONS = 8  # in a step
_BEST = 16  # sentences of a question that are chosen from
_RIGHT, _WRONG = 2, 6
_SPAN_SHARE = 0.3  # of the third loss
_TOGETHER = 16  # sentences in one forward pass


@dataclass(frozen=True, slots=True)
class Example:
    """One question with its sentences, the likelier first, and whether each holds the answer."""

    question: str
    answer: str
    texts: tuple[str, ...]
    right: tuple[bool, ...]


class SentenceModel(nn.Module):
    """A BERT encoder with one head for relevance and one for the answer's start and end."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        from transformers import AutoModel

        self.bert = AutoModel.from_pretrained(
            str(folder), use_safetensors=True, attn_implementation="eager"
        )
        self.relevance = nn.Linear(self.bert.config.hidden_size, 1)
        self.span = nn.Linear(self.bert.config.hidden_size, 2)
        frozen = [self.bert.embeddings, *self.bert.encoder.layer[:1]]
        for parameter in (p for part in frozen for p in part.parameters()):
            parameter.requires_grad = False

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Relevance (texts,) and spans (texts, tokens, 2) from (texts, tokens)."""
        seen = self.bert(input_ids=ids, attention_mask=mask, token_type_ids=types)
        hidden = seen.last_hidden_state
        return self.relevance(hidden[:, 0])[:, 0], self.span(hidden)


def main() -> None:
    """Prepares the examples, trains, and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--start", type=Path, nargs="+", metavar="GRAPH.onnx", default=())
    given = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(config.threads())
    folder = resolve_embedder(config.DEFAULT_EMBEDDER, config.models_dir()).path
    examples = prepare(given.pairs, given.work)
    model = SentenceModel(folder)
    if given.start:
        begin_from(model, given.start)
    steps = train(model, folder, examples, 60 * given.minutes)
    write(model, folder, {"minutes": given.minutes, "steps": steps, "questions": len(examples)})


def begin_from(model: SentenceModel, graphs: Sequence[Path]) -> None:
    """Puts the mean of the graphs' weights into the model."""
    weights = mean_weights(graphs)
    with torch.no_grad():
        parameters = dict(model.named_parameters())
        for name, weight in weights.items():
            parameters[name].copy_(torch.from_numpy(weight))


def prepare(pairs: Path, work: Path) -> list[Example]:
    """The examples of quizzes, made questions and written ones: these twice, for they are the
    fewest and the likest to what people ask."""
    written = label_written(pairs, work)
    sets = (label(pairs, work), label_made(pairs, work), written, written)
    return [one for labelled in sets for one in _examples(labelled)]


def _examples(labelled: Sequence[Labelled]) -> list[Example]:
    """Of each question the likeliest sentences, and all that hold the answer."""
    first = load_part("first")
    examples = []
    for number, one in enumerate(labelled):
        if number % HELD_OUT == 0 or not one.texts:
            continue
        order = [int(at) for at in np.argsort(-first.logits(one.rows), kind="stable")]
        kept = [at for place, at in enumerate(order) if place < 2 * _BEST or one.right[at]]
        texts = tuple(one.texts[at] for at in kept)
        right = tuple(bool(one.right[at]) for at in kept)
        examples.append(Example(one.question, one.answer, texts, right))
    return examples


def draw(example: Example, chance: random.Random) -> list[int]:
    """Which sentences of an example a step learns from, the right ones first: of those the
    likelier the oftener, for the others may hold the words by chance."""
    right = [at for at, is_right in enumerate(example.right) if is_right]
    wrong = [at for at, is_right in enumerate(example.right) if not is_right]
    drawn: list[int] = []
    while right and len(drawn) < _RIGHT:
        one = chance.choices(right, [0.6**place for place in range(len(right))])[0]
        right.remove(one)
        drawn.append(one)
    near, far = wrong[:_BEST], wrong[_BEST:]
    drawn += chance.sample(near, min(len(near), _WRONG - 1))
    return drawn + chance.sample(far, min(len(far), 1))


def train(model: SentenceModel, folder: Path, examples: Sequence[Example], seconds: float) -> int:
    """Trains for the time given; the number of steps."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(str(folder))
    chance = random.Random(SEED)
    own = [p for n, p in model.named_parameters() if not n.startswith("bert")]
    body = [p for p in model.bert.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW([{"params": body}, {"params": own}], weight_decay=0.01)
    began, step, queue = time.monotonic(), 0, list[Example]()
    model.train()
    while (share := (time.monotonic() - began) / seconds) < 1:
        if len(queue) < _QUESTIONS:
            queue += chance.sample(list(examples), len(examples))
        batch, queue = queue[:_QUESTIONS], queue[_QUESTIONS:]
        for group, rate in zip(optimizer.param_groups, (_RATE, _HEAD_RATE), strict=True):
            group["lr"] = rate * min(1.0, step / _WARM_UP) * (1 - share)
        loss = loss_of(model, tokenizer, [(one, draw(one, chance)) for one in batch])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        if step % 20 == 0:
            print(f"step {step}, {share:.0%}, loss {float(loss.detach()):.3f}", flush=True)
    return step


def loss_of(
    model: SentenceModel, tokenizer: Any, batch: Sequence[tuple[Example, list[int]]]
) -> torch.Tensor:
    """The three losses of some questions with the sentences that were drawn."""
    flat = [(e, at, n) for n, (e, drawn) in enumerate(batch) for at in drawn]
    flat.sort(key=lambda one: len(one[0].question) + len(one[0].texts[one[1]]))
    scored, spans = [], []
    for start in range(0, len(flat), _TOGETHER):  # of like length, so that little is padding
        scores, span = _forward(model, tokenizer, flat[start : start + _TOGETHER])
        scored.append(scores)
        spans += span
    score = torch.cat(scored)
    right = torch.tensor([float(e.right[at]) for e, at, _ in flat])
    loss = nn.functional.binary_cross_entropy_with_logits(score, right)
    groups = torch.tensor([n for _, _, n in flat])
    ranked = []
    for n in range(len(batch)):
        ours, good = score[groups == n], right[groups == n] > 0
        if good.any() and not good.all():
            ranked.append(torch.logsumexp(ours, 0) - torch.logsumexp(ours[good], 0))
    for losses, share in ((ranked, 1.0), (spans, _SPAN_SHARE)):
        if losses:
            loss = loss + share * torch.stack(losses).mean()
    return loss


def _forward(
    model: SentenceModel, tokenizer: Any, some: Sequence[tuple[Example, int, int]]
) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """The scores of some sentences, and the span losses of the right ones among them."""
    encoded = tokenizer(
        [e.question for e, _, _ in some],
        [e.texts[at] for e, at, _ in some],
        truncation="longest_first", max_length=LONGEST, padding=True,
        return_offsets_mapping=True, return_tensors="pt",
    )  # fmt: skip
    mask = encoded["attention_mask"]
    scores, spans = model(encoded["input_ids"], mask, encoded["token_type_ids"])
    spans = spans.masked_fill((mask == 0)[:, :, None], -1e4)
    losses = []
    for row, (e, at, _) in enumerate(some):
        place = place_of(e.answer, e.texts[at], encoded, row) if e.right[at] else None
        if place is not None:
            wanted = torch.tensor(place)
            losses.append(nn.functional.cross_entropy(spans[row].T, wanted))
    return scores, losses


def place_of(answer: str, text: str, encoded: Any, row: int) -> tuple[int, int] | None:
    """The first and the last token of the answer's words in the sentence, behind the title."""
    wanted = answer.strip('\u201c\u201d"').lower()
    begin = text.lower().find(wanted, text.find(" . ") + 3)
    if begin < 0 or not wanted:
        return None
    first = last = None
    for token, (start, end) in enumerate(encoded["offset_mapping"][row].tolist()):
        if encoded["token_type_ids"][row][token] == 1 and end > start:
            if start <= begin < end:
                first = token
            if start < begin + len(wanted) <= end:
                last = token
    return None if first is None or last is None else (first, last)


def write(model: SentenceModel, folder: Path, about: dict[str, Any]) -> None:
    """The 8-bit graph with its tokenizer and a note of how it was made."""
    FOLDER.mkdir(exist_ok=True)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    example = tuple(torch.ones(1, 9, dtype=torch.long) for _ in names)
    with tempfile.TemporaryDirectory() as scratch, torch.no_grad():
        whole = Path(scratch, "fp32.onnx")
        torch.onnx.export(
            model.eval(), example, str(whole), input_names=names,
            output_names=["relevance", "spans"],
            dynamic_axes={n: {1: "tokens"} for n in [*names, "spans"]},
            opset_version=20, dynamo=False,
        )  # fmt: skip
        quantise(whole, FOLDER / "model.onnx")
    (FOLDER / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    note = {
        "from": "sentence-transformers/all-MiniLM-L6-v2, Apache-2.0",
        "made_by": "python -m eval.train_sentence_model PAIRS.jsonl",
        **about,
    }
    (FOLDER / "about.json").write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
