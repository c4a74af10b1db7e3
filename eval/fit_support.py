"""Fits the probability that a sentence answers, and the threshold; measures what they are worth.

    python -m eval.fit_support read QUESTIONS.jsonl --store S --out READ.jsonl
    python -m eval.fit_support read W/questions.jsonl --store W/pairs --out READ.jsonl
    python -m eval.fit_support read eval/reading_questions.jsonl --store W/pairs --out READ.jsonl
    python -m eval.fit_support fit READ.jsonl [OTHER.jsonl ...] --model NAME

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
sentences need to be read, and what is lost by not reading the others.
"""

import argparse
import datetime
import itertools
import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from eval.answers import has_gold, holds
from eval.certainty import curve
from eval.fit_reading import WEIGHTS, Fitted, logistic
from eval.labelled import HELD_OUT, held_out_made
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

RISK = 0.25  # of the answers given; the bar is 0.30
SHARE_OF_BEST = 0.5  # of rag.answer.compose, for questions with one answer
_AGREED = SUPPORT_FEATURES.index("agreed")
CURVE = Path(__file__).with_name("risk_coverage.json")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose best sentences were read: the numbers of each, and whether it holds the
    answer."""

    id: str
    answerable: bool
    rows: list[list[float]]
    right: list[bool]


def main() -> None:
    """Runs one of the steps."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("step", choices=["read", "fit"])
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
    else:
        fit([load_read(path) for path in given.files], given.model)


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


def load_read(path: Path) -> list[Asked]:
    """What `read` kept."""
    return [Asked(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def fit(files: Sequence[Sequence[Asked]], model: str) -> None:
    """Fits on all but the second half of the first file, and prints what that makes of it."""
    own, others = files[0], [asked for file in files[1:] for asked in file]
    first = [asked for at, asked in enumerate(own) if at // 2 % 2 == 0]
    second = [asked for at, asked in enumerate(own) if at // 2 % 2]
    fitted = fit_support([*first, *others])
    threshold = choose_threshold(first, fitted)
    for name, weight in zip(SUPPORT_FEATURES, fitted[0], strict=True):
        print(f"{name:10} {weight:7.3f}")
    print(f"threshold {threshold:.3f}")
    for name, part in (("first half", first), ("second half", second), ("all", own)):
        print(f"{name:12} {describe(part, fitted, threshold)}; everything {describe(part, fitted)}")
    kept = json.loads(WEIGHTS.read_text("utf-8"))
    weights = {n: round(float(w), 4) for n, w in zip(SUPPORT_FEATURES, fitted[0], strict=True)}
    usual, surest = limits([*own, *others])
    for at, part in enumerate(files):
        for limit in (1.0, surest):
            print(f"file {at + 1}, {limit:.3f}: {describe_reading(part, fitted, threshold, limit)}")
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
    curve = {"model": model, "questions": len(second), "points": curve_of(second, fitted)}
    CURVE.write_text(json.dumps(curve, indent=1) + "\n", encoding="utf-8")


def fit_support(asked: Sequence[Asked]) -> Fitted:
    """The weights over all sentences that were read; what holds the words of an answer whose
    articles were left out does so by chance."""
    known = [one for one in asked if one.rows]
    return logistic(
        [np.array(one.rows) for one in known],
        [np.array(one.right) & one.answerable for one in known],
    )


def limits(asked: Sequence[Asked]) -> tuple[float, float]:
    """How sure the language model's judgements are: the median, and what one in ten surpasses."""
    odds = [row[_AGREED] for one in asked for row in one.rows]
    usual, surest = np.percentile(odds, [50, 90])
    return _probability(usual), _probability(surest)


def needed(asked: Asked, fitted: Fitted, threshold: float, surest: float) -> list[int]:
    """The sentences that rag.assistant reads: not those that could not be said beside the best so
    far even if the language model were so sure."""
    read, best = [], 0.0
    ceiling = math.log(max(surest, 1e-9) / max(1 - surest, 1e-9))
    for at, row in enumerate(asked.rows):
        sure = [ceiling if place == _AGREED else value for place, value in enumerate(row)]
        if _support(sure, fitted) >= max(threshold, SHARE_OF_BEST * best):
            read.append(at)
            best = max(best, _support(row, fitted))
    return read


def describe_reading(
    asked: Sequence[Asked], fitted: Fitted, threshold: float, surest: float
) -> str:
    """How many sentences of a question are read, and what `describe` says of them."""
    read = [(one, needed(one, fitted, threshold, surest)) for one in asked]
    kept = [
        replace(one, rows=[one.rows[at] for at in some], right=[one.right[at] for at in some])
        for one, some in read
    ]
    count = sum(len(some) for _, some in read) / max(1, len(read))
    return f"read {count:.2f}; {describe(kept, fitted, threshold)}"


def supports(asked: Asked, fitted: Fitted) -> list[float]:
    """The probability of each sentence."""
    return [_support(row, fitted) for row in asked.rows]


def _support(row: Sequence[float], fitted: Fitted) -> float:
    return _probability(float(np.array(row) @ fitted[0] + fitted[1]))


def _probability(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def choose_threshold(asked: Sequence[Asked], fitted: Fitted) -> float:
    """The lowest at which of the answers given at most a share RISK is not right, halfway
    between the last question that is answered and the next."""
    bests = [max(supports(one, fitted), default=0.0) for one in asked]
    chosen = 1.0
    for threshold, below in itertools.pairwise(sorted({0.0, *bests}, reverse=True)):
        given = [one for one, best in zip(asked, bests, strict=True) if best >= threshold]
        if sum(not outcome(one, fitted) for one in given) <= RISK * len(given):
            chosen = (threshold + below) / 2
    return chosen


def outcome(asked: Asked, fitted: Fitted) -> bool:
    """Whether one of the two best sentences holds the answer."""
    order = np.argsort([-s for s in supports(asked, fitted)], kind="stable")[:2]
    return any(asked.right[int(at)] for at in order)


def describe(asked: Sequence[Asked], fitted: Fitted, threshold: float = 0.0) -> str:
    """Right, wrong, invented and the share of right answers at a threshold."""
    given = [one for one in asked if max(supports(one, fitted), default=0.0) >= threshold]
    right = sum(one.answerable and outcome(one, fitted) for one in given)
    wrong = sum(one.answerable and not outcome(one, fitted) for one in given)
    invented = sum(not one.answerable and not outcome(one, fitted) for one in given)
    answerable = max(1, sum(one.answerable for one in asked))
    rest = max(1, len(asked) - answerable)
    return (
        f"right {right / answerable:.2f} wrong {wrong / answerable:.2f} invented "
        f"{invented / rest:.2f} of answers right {right / max(1, right + wrong + invented):.2f}"
    )


def curve_of(asked: Sequence[Asked], fitted: Fitted) -> list[dict[str, float]]:
    """The curve of eval/certainty.py if every question were answered, to three places."""
    answers = [(max(supports(one, fitted), default=0.0), not outcome(one, fitted)) for one in asked]
    points = curve(answers, len(asked))
    return [{name: round(value, 3) for name, value in point.items()} for point in points]


if __name__ == "__main__":
    main()
