"""Fits the probability that a sentence answers, and the threshold; measures what they are worth.

    python -m eval.fit_support read QUESTIONS.jsonl --store S --out READ.jsonl
    python -m eval.fit_support read W/questions.jsonl --store W/pairs --out READ.jsonl
    python -m eval.fit_support read eval/reading_questions.jsonl --store W/pairs --out READ.jsonl
    python -m eval.fit_support fit READ.jsonl [OTHER.jsonl ...] --model NAME
    python -m eval.fit_support measure READ.jsonl [OTHER.jsonl ...] --model NAME

`read` takes a question a line: `question`, `date`, `answer`, `answerable`; of pairs, those without
positives are not answerable; of eval/seed_questions.jsonl, one `--part`; of made questions, those
held out, every second of them asked of what was known the day before its article; of those of
eval/written.py, those held out. It has the best
sentences of each read by the language model and keeps the numbers of rag.read.judge with whether
the evidence holds the answer. It goes on where it was interrupted. `fit` fits the weights on the
other files and on the first half of the first (lines 1, 2, 5, 6, 9, 10 and so on, as in news-2024
every other line is answerable), chooses on that half the threshold at which a share RISK of the
answers given is not right, prints what the second half makes of both and writes them to
rag/read/weights.json, with how sure the language model's judgements usually and at the surest are,
and the curve of the second half to eval/risk_coverage.json. It prints for each file how many
sentences need to be read, and what is lost by not reading the others; `measure` prints that for the
weights as they are, and writes their curve.
"""

import argparse
import datetime
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from eval.answers import has_gold, holds
from eval.fit_reading import WEIGHTS, Fitted, logistic
from eval.labelled import HELD_OUT, held_out_made
from eval.support import (
    Asked,
    choose_threshold,
    curve_of,
    describe,
    describe_reading,
    limits,
    load_read,
)
from eval.written import written_rows
from rag import assistant, config
from rag.cli.options import load_embedder
from rag.index.store import Store, open_store
from rag.read.judge import SUPPORT_FEATURES, Setting, support_row
from rag.read.kinds import read_kind
from rag.read.llm import LanguageModel
from rag.read.load import load_llm
from rag.read.rank import Ranked, rank_candidates
from rag.read.reader import Reading, ask_whether
from rag.read.weights import load_weights
from rag.records import Filters, Question
from rag.retrieve.search import retrieve

CURVE = Path(__file__).with_name("risk_coverage.json")


def main() -> None:
    """Runs one of the steps."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("step", choices=["read", "fit", "measure"])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--store", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--every", type=int, default=1, help="Only each of so many questions.")
    parser.add_argument("--part", help="Only questions of this part.")
    parser.add_argument("--most", type=int, default=assistant.MOST_READ, help="Sentences read.")
    parser.add_argument("--model", default=config.DEFAULT_LLM)
    given = parser.parse_args()
    if given.step == "read":
        rows = [json.loads(line) for line in given.files[0].read_text("utf-8").splitlines()]
        if "passage" in rows[0]:
            rows = made_rows(rows, held_out_made(given.files[0].parent), open_store(given.store))
        elif "article" in rows[0]:
            rows = written_rows(open_store(given.store), given.files[0])[::HELD_OUT]
        rows = [row for row in rows if given.part in (None, row.get("part"))][:: given.every]
        rows = [row for row in rows if not row.get("conversation")]
        read(rows, given.store, given.out, load(given.model), given.most)
        return
    files = [load_read(path) for path in given.files]
    if given.step == "fit":
        fit(files, given.model)
    else:
        measure(files, given.model)


def load(model: str) -> LanguageModel:
    """The language model by name."""
    return load_llm(model, config.models_dir())


def made_rows(
    rows: Sequence[Mapping[str, Any]], held_out: Collection[str], store: Store
) -> list[dict[str, Any]]:
    """The held-out made questions, each with its day; every second is asked the day before its
    article appeared, of what there was by then, and is not answerable."""
    made = []
    for number, row in enumerate(row for row in rows if row["question"] in held_out):
        passage = store.passages([row["passage"]])[row["passage"]]
        day = datetime.date.fromisoformat(str(passage.article.date))
        known = number % 2 == 0
        asked_on = day if known else day - datetime.timedelta(days=1)
        made.append({**row, "id": f"m{number}", "date": asked_on.isoformat(), "answerable": known})
    return made


def read(
    rows: Sequence[Mapping[str, Any]], folder: Path, out: Path, llm: LanguageModel, most: int
) -> None:
    """Reads what is not in `out` yet, one line a question."""
    store, embedder = open_store(folder), load_embedder(config.DEFAULT_EMBEDDER)
    weights = load_weights(llm.name)
    done = {asked.id for asked in load_read(out)} if out.exists() else set()
    for row in rows:
        if row["id"] in done:
            continue
        question = Question(row["question"], row["id"], row.get("date"))
        asked = read_kind(question.text)
        known = Filters(until=row["date"]) if "passage" in row else Filters()
        found = retrieve(store, embedder, question, known, assistant.FOUND_PASSAGES)
        ranked = rank_candidates(question, asked, found.hits, (store, embedder), weights)
        best = ranked[:most]
        day = question.asked_on or assistant.newest_day(found.hits)
        setting = Setting(day, store.manifest.passages)
        kept = Asked(
            row["id"],
            is_answerable(row),
            [_numbers(llm, question.text, one, setting) for one in best],
            [is_right(one.candidate.shown, row) for one in best],
        )
        with out.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(kept)) + "\n")
        print(f"{kept.id} {kept.answerable:d} {kept.right} {question.text[:70]}", flush=True)


def is_answerable(row: Mapping[str, Any]) -> bool:
    """Whether the articles answer a question, whatever the format of its set."""
    if "type" in row:
        return bool(row["type"] != "unanswerable")
    return bool(row["answerable"] if "answerable" in row else row["positives"])


def is_right(text: str, row: Mapping[str, Any]) -> bool:
    """Whether a text holds the answer, or a part of one that has several."""
    if "type" in row:
        return any(has_gold(text, one["sentence"]) for one in row.get("evidence", ()))
    if "sentence" in row and row["sentence"] in text:
        return True
    return bool(row["answer"]) and holds(text, row["answer"])


def _numbers(llm: LanguageModel, question: str, one: Ranked, setting: Setting) -> list[float]:
    agreed = ask_whether(llm, question, one.candidate)
    return support_row(Reading(one.candidate, one.relevance, agreed), setting)


def fit(files: Sequence[Sequence[Asked]], model: str) -> None:
    """Fits on all but the second half of the first file, and prints what that makes of it."""
    own, others = files[0], [asked for file in files[1:] for asked in file]
    first = [asked for at, asked in enumerate(own) if at // 2 % 2 == 0]
    second = second_half(own)
    fitted = fit_support([*first, *others])
    usual, surest = limits([*own, *others])
    threshold = choose_threshold(first, fitted, surest)
    for name, weight in zip(SUPPORT_FEATURES, fitted[0], strict=True):
        print(f"{name:10} {weight:7.3f}")
    print(f"threshold {threshold:.3f}")
    for name, part in (("first half", first), ("second half", second), ("all", own)):
        print(f"{name:12} {describe(part, fitted, threshold)}; everything {describe(part, fitted)}")
    kept = json.loads(WEIGHTS.read_text("utf-8"))
    weights = {n: round(float(w), 4) for n, w in zip(SUPPORT_FEATURES, fitted[0], strict=True)}
    print_reading(files, fitted, threshold, surest)
    of_model = {
        "weights": weights,
        "bias": round(fitted[1], 4),
        "threshold": round(threshold, 4),
        "usual": round(usual, 4),
        "surest": round(surest, 4),
    }
    kept.setdefault("support", {})[model] = of_model
    kept.setdefault("default", config.DEFAULT_LLM)
    WEIGHTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    keep_curve(second, fitted, model)


def second_half(asked: Sequence[Asked]) -> list[Asked]:
    """What is not fitted on."""
    return [one for at, one in enumerate(asked) if at // 2 % 2]


def keep_curve(asked: Sequence[Asked], fitted: Fitted, model: str) -> None:
    """Writes the curve of risk and coverage of questions."""
    curve = {"model": model, "questions": len(asked), "points": curve_of(asked, fitted)}
    CURVE.write_text(json.dumps(curve, indent=1) + "\n", encoding="utf-8")


def measure(files: Sequence[Sequence[Asked]], model: str) -> None:
    """Prints what the weights that are kept make of the files, and writes their curve."""
    kept = load_weights(model)
    fitted = np.array(kept.support.weights), kept.support.bias
    print_reading(files, fitted, kept.threshold, kept.surest)
    keep_curve(second_half(files[0]), fitted, model)


def print_reading(
    files: Sequence[Sequence[Asked]], fitted: Fitted, threshold: float, surest: float
) -> None:
    """For each file, reading all and only what is needed."""
    for number, part in enumerate(files, 1):
        for limit in (1.0, surest):
            print(f"file {number}, {limit:.3f}: {describe_reading(part, fitted, threshold, limit)}")


def fit_support(asked: Sequence[Asked]) -> Fitted:
    """The weights over all sentences that were read; what holds the words of an answer whose
    articles were left out does so by chance."""
    known = [one for one in asked if one.rows]
    return logistic(
        [np.array(one.rows) for one in known],
        [np.array(one.right) & one.answerable for one in known],
    )


if __name__ == "__main__":
    main()
